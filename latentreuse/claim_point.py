"""Points of claims in TOML: the one at which a claim fails, printed so that it can be read back, and reading it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from latentreuse.claim_file import ClaimFile
from latentreuse.faults import BadInput
from latentreuse.literals import NotANumber, number
from latentreuse.schema import nearest
from latentreuse.tomlmap import Document

if TYPE_CHECKING:
    from numerics.claim_point import Point

SIZES: Final = ("D", "k", "d")
LISTS: Final = ("lambda", "s", "lambda_s")
MOST_PLANES: Final = 100


def as_table(point: "Point") -> dict[str, Any]:
    """A point as the keys of a [point] section: sizes are integers, everything else exact text."""
    table: dict[str, Any] = {name: getattr(point, name) for name in SIZES}
    table |= {name: str(x) for name, x in sorted(point.numbers.items()) if name != "sigma_s2" or x}
    if point.planes:
        table["lambda"] = [str(plane.lam) for plane in point.planes]
        table["s"] = [str(plane.s) for plane in point.planes]
        if any(plane.lam_s for plane in point.planes):
            table["lambda_s"] = [str(plane.lam_s) for plane in point.planes]
    return table


def as_toml(name: str, table: Mapping[str, Any]) -> str:
    """A section in TOML."""
    lines = [f"[{name}]"]
    for key, value in table.items():
        shown = str(value) if isinstance(value, int) else _quoted(value)
        lines.append(f"{key if key.replace('_', '').isalnum() else _quoted(key)} = {shown}")
    return "\n".join(lines)


def _quoted(value: Any) -> str:
    return f"[{', '.join(_quoted(entry) for entry in value)}]" if isinstance(value, list) else f'"{value}"'


def moved(one: "Point", two: "Point") -> dict[str, Any]:
    """The keys of the second point that differ from the first."""
    first, second = as_table(one), as_table(two)
    return {key: value for key, value in second.items() if first.get(key) != value}


class _PointReader:
    """Reads [point] and [then] of a document for one claim; `lines` collects the faults."""

    def __init__(self, document: Document, claim: ClaimFile) -> None:
        self.document, self.claim, self.lines = document, claim.claim, list[str]()

    def fault(self, wrong: str, *path: str | int) -> None:
        self.lines.append(self.document.fault(path, wrong))

    def read(self) -> "tuple[Point, Point | None]":
        for name in self.document.values:
            if name not in ("point", "then", "claim", "symbols", "assumptions", "process"):
                self.fault("unknown section; allowed: point and then", name)
        table = self._table("point")
        if "point" not in self.document.values:
            self.fault("is missing; write a table [point] with D, k, d, ...", "point")
        first = self._point(table, "point")
        second = None
        if "then" in self.document.values:
            second = self._point({**table, **self._table("then")}, "then")
        if self.claim.kind in ("increases", "decreases") and "then" not in self.document.values:
            self.fault("is missing; write a table [then] with what moves", "then")
        if self.lines or first is None:
            raise BadInput(list(dict.fromkeys(self.lines)))
        return first, second

    def _table(self, name: str) -> dict[str, Any]:
        found = self.document.values.get(name, {})
        if isinstance(found, dict):
            return found
        self.fault("must be a table", name)
        return {}

    def _point(self, table: Mapping[str, Any], section: str) -> "Point | None":
        from numerics.claim_point import Plane, Point

        allowed = self._allowed()
        for key in table:
            if key not in allowed:
                self.fault(f"unknown key{nearest(key, allowed)}; allowed: {', '.join(allowed)}", section, key)
        sizes = [self._size(table, name, section) for name in SIZES]
        numbers = {n: self._number(raw, section, n) for n, raw in table.items() if n in allowed[6:]}
        lists = {name: self._list(table, name, section) for name in LISTS}
        if self.lines:
            return None
        D, k, d = (size for size in sizes if size is not None)
        columns = [self._padded(lists[name], d, default) for name, default in zip(LISTS, (1, 0, 0), strict=True)]
        planes = tuple(Plane(lam, s, lam_s) for lam, s, lam_s in zip(*columns, strict=True))
        point = Point(D, k, d, {n: x for n, x in numbers.items() if x is not None}, planes)
        point = replace(point, path=self._path())
        for wrong, key in self._judged(point):
            self.fault(wrong, section, key)
        return point

    def _allowed(self) -> list[str]:
        from numerics.written_out import DOMAINS
        from theory.claims import rational_path

        _, fresh, _ = rational_path(self.claim.path)
        plain = [n for n in DOMAINS if not n.endswith("_i") and n not in self.claim.path]
        times = [] if fresh else [n for n in self.claim.domains if n not in self.claim.own and n not in plain]
        return [*SIZES, *LISTS, *plain, *self.claim.own, *fresh, *times]

    def _path(self) -> Any:
        from theory.claims import rational_path

        path, _, times = rational_path(self.claim.path)
        return {**path, **times}

    def _size(self, table: Mapping[str, Any], name: str, section: str) -> int | None:
        value = table.get(name)
        if type(value) is not int or not 1 <= value <= 10**9:
            self.fault("is missing or no size; allowed: an integer from 1", section, name)
            return None
        return value

    def _number(self, raw: object, section: str, *path: str | int) -> Fraction | None:
        try:
            return number(raw).q
        except NotANumber as error:
            self.fault(f'{error}; allowed: a number in quotes such as "1/3"', section, *path)
            return None

    def _list(self, table: Mapping[str, Any], name: str, section: str) -> list[Fraction]:
        raw = table.get(name, [])
        if not isinstance(raw, list) or len(raw) > MOST_PLANES:
            self.fault(f"must be a list of at most {MOST_PLANES} numbers", section, name)
            return []
        return [x for x in (self._number(entry, section, name, i) for i, entry in enumerate(raw)) if x is not None]

    def _padded(self, values: list[Fraction], d: int, default: int) -> list[Fraction]:
        return [*values, *[Fraction(default)] * (min(d, MOST_PLANES) - len(values))][: min(d, MOST_PLANES)]

    def _judged(self, point: "Point") -> Iterator[tuple[str, str]]:
        """What makes a point none of the model, and of which key."""
        from numerics.written_out import DOMAINS, Sizes
        from theory.claims import rational_path

        if point.d > MOST_PLANES:
            yield f"is {point.d}; allowed here: at most {MOST_PLANES}", "d"
        if max(point.k, point.d) > point.D:
            yield "is less than k or d; allowed: k <= D and d <= D", "D"
            return
        positive = sum(plane.s > 0 for plane in point.planes[: point.k])
        most = Sizes(point.D, point.k, point.d).positive
        if positive > most:
            yield f"has {positive} positive angles; allowed: at most D - max(k, d) = {most}", "s"
        if any(plane.s != 1 for plane in point.planes[point.k :]):
            yield "must be 1 for a direction without partner", "s"
        if any(not 0 <= plane.s <= 1 for plane in point.planes):
            yield "must lie in [0, 1]", "s"
        if any(plane.lam < 0 or plane.lam_s < 0 for plane in point.planes):
            yield "must be at least 0", "lambda"
        _, fresh, _ = rational_path(self.claim.path)
        known = {**DOMAINS, **fresh, **self.claim.domains}
        for name, x in point.numbers.items():
            if name in known and not known[name].holds(x):
                yield f"is {x}; allowed: in {known[name]}", name
        given = dict(point.numbers) | dict.fromkeys(point.path, Fraction(0))
        for name in sorted((self.claim.named & set(known)) | {"alpha", "h"}):
            if name not in given and not name.endswith("_i") and name not in ("t",):
                yield "is missing", name


def read_point(document: Document, claim: ClaimFile) -> "tuple[Point, Point | None]":
    """The point of a document, and the second one of a claim about what moves. Raises ``BadInput``."""
    return _PointReader(document, claim).read()
