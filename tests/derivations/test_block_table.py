"""Every entry of the block table of `theory.model` is load-bearing: `principal-planes` fails without it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from caches import forgotten

import derivations
from theory import kernel
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Derivation
from theory.expr import Expr, num
from theory.facts import BlockClass, Planes
from theory.model import Model
from theory.verdict import Verdict

TABLE = Model.planes
SETTINGS = {"any": {}, "k<d": {"dims": "k<d"}, "k=d": {"dims": "k=d"}}
Rows = tuple[tuple[Expr, ...], ...]


def _entries(rows: Rows) -> Iterator[tuple[str, Rows]]:
    """One entry at a time: another length, or the other trigonometric function."""
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            turned = {S.cos: S.sin, S.sin: S.cos}
            wrong = {"0": num(0), "twice": 2 * entry, "one more": entry + 1, "turned": turned.get(entry, entry)}
            for name, other in wrong.items():
                if other != entry:
                    row_now = (*row[:j], other, *row[j + 1 :])
                    yield f"entry {i + 1},{j + 1} {name}", (*rows[:i], row_now, *rows[i + 1 :])


def _classes(block: BlockClass) -> Iterator[tuple[str, BlockClass]]:
    for letter in ("U", "V"):
        for name, rows in _entries(getattr(block, letter)):
            if rows != getattr(block, letter) and not _is_zero_twice(name, getattr(block, letter)):
                yield f"{block.name}: {letter}, {name}", replace(block, **{letter: rows})
    if block.over is None:
        for name, count in (("one more", block.count + 1), ("none", num(0)), ("doubled", 2 * block.count)):
            yield f"{block.name}: count, {name}", replace(block, count=count)
        for size in ("D", "k", "d"):
            yield f"{block.name}: count, {size} more", replace(block, count=block.count + Expr("sym", (size,)))
    else:
        for over in {"target", "pairs", "lost"} - {block.over}:
            yield f"{block.name}: over {over}", replace(block, over=over)
        yield f"{block.name}: counted once", replace(block, over=None, count=num(1))


def _is_zero_twice(name: str, rows: Rows) -> bool:
    """Twice zero, and zero, are no change of a zero."""
    i, j = (int(x) - 1 for x in name.split()[1].split(","))
    return rows[i][j] == num(0) and name.split()[2] in ("0", "twice")


def broken(dims: str) -> Iterator[tuple[str, Planes]]:
    """The table with one entry wrong."""
    table = TABLE(Assumptions.default().choose(SETTINGS[dims]).model())
    for i, block in enumerate(table.classes):
        for name, wrong in _classes(block):
            yield name, replace(table, classes=(*table.classes[:i], wrong, *table.classes[i + 1 :]))
    yield "variance", replace(table, variance=2 * table.variance)
    yield "coupling", replace(table, coupling=num(1))


CASES = [(dims, name, planes) for dims in SETTINGS for name, planes in broken(dims)]


def _derived(dims: str) -> Derivation:
    made: Derivation = derivations.load("principal-planes").derive(Assumptions.default().choose(SETTINGS[dims]))
    return made


def _noticed(dims: str) -> bool:
    """Whether some chain is refused, looking first at the traces, which come last; then the verdict is not PROVED."""
    chains = reversed(_derived(dims).chains)
    return any(not report.accepted for chain in chains for report in kernel.check(chain))


@pytest.mark.parametrize("dims", list(SETTINGS))
def test_the_table_as_it_is_is_proved(dims: str) -> None:
    with forgotten():
        assert _derived(dims).check().verdict is Verdict.PROVED


@pytest.mark.parametrize("dims", list(SETTINGS))
def test_every_broken_entry_is_noticed(dims: str, monkeypatch: pytest.MonkeyPatch) -> None:
    unnoticed, tried = [], 0
    for where, name, planes in CASES:
        if where != dims:
            continue
        tried += 1
        monkeypatch.setattr(Model, "planes", lambda _, planes=planes: planes)
        with forgotten():
            if not _noticed(dims):
                unnoticed.append(name)
        monkeypatch.setattr(Model, "planes", TABLE)
    assert not unnoticed, f"{dims}: {', '.join(unnoticed)}"
    assert tried >= 20


@pytest.mark.parametrize("dims", list(SETTINGS))
def test_a_class_left_out_is_noticed(dims: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = TABLE(Assumptions.default().choose(SETTINGS[dims]).model())
    for i in range(1, len(table.classes)):  # the pair comes first, and its block is looked at by name
        fewer = replace(table, classes=table.classes[:i] + table.classes[i + 1 :])
        monkeypatch.setattr(Model, "planes", lambda _, fewer=fewer: fewer)
        with forgotten():
            assert _derived(dims).check().verdict is Verdict.UNDECIDED, table.classes[i].name


def test_what_rests_on_a_broken_table_is_not_proved_either(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, planes = next(case for case in CASES if case[1] == "rest: count, one more")
    monkeypatch.setattr(Model, "planes", lambda _: planes)
    with forgotten():
        for result in ("frozen-latent-error", "exact-kl", "two-sided-bound"):
            checked = derivations.load(result).derive(Assumptions.default()).check()
            assert checked.verdict is not Verdict.PROVED, result
