"""Writing certificates: what is proved gets one, what is not gets none, and the bytes are the same everywhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import derivations
from checker.trees import Refused
from theory import rules
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.certificate_file import Writer, as_text, certificates, file_name
from theory.chain import Chain, Link
from theory.expr import call, num

ROOT = Path(__file__).resolve().parents[2]


def _chain(start: object, name: str = "a chain") -> Chain:
    model = Assumptions.default().model()
    return Chain(name, start, model, "a-result")  # type: ignore[arg-type]


def test_an_identity_and_an_inequality() -> None:
    chain = _chain((S.h + S.nu) ** 2).eq(S.h**2 + 2 * S.h * S.nu + S.nu**2, rules.ALGEBRA).ge(S.h**2)
    first, second = (Writer().certificate(chain, n) for n in (1, 2))
    assert first["evidence"][-1] in ("closed", "opened")
    assert {"free", "numerator", "denominator"} == set(second["evidence"][-1])


@pytest.mark.parametrize(
    ("start", "relation", "end"),
    [
        (S.h + S.nu, "=", S.h - S.nu),
        (S.h**2, ">=", S.h),
        (S.nu, ">=", S.h),
        (S.h / S.nu, "=", S.h / S.nu + 0),  # nu may be 0
        (call("sqrt", S.h**2), "=", -S.h),
        (num(1), "=", num(0)),
    ],
)
def test_what_is_not_so_has_none(start: object, relation: str, end: object) -> None:
    chain = _chain(start)
    form = "normal form" if relation == "=" else "certificate"
    chain.links.append(Link(relation, end, rules.ALGEBRA, form))  # type: ignore[arg-type]
    with pytest.raises(Refused):
        Writer().certificate(chain, 1)
    assert certificates([chain]) == {}


def test_a_lemma_is_named_and_not_repeated() -> None:
    """The claim of a step that uses a lemma holds where to find it, and not what it grants."""
    derivation = derivations.load("frozen-latent-error").derive(Assumptions.default())
    claim = Writer().certificate(derivation.chains[0], 1)["claim"]
    (lemma,) = claim["lemmas"]
    assert lemma["result"] == "target-score" and claim["under"]["replacements"] == []


def test_files_are_named_by_chain_and_step() -> None:
    made = {"claim": {"chain": "tr M^-1, of (U)!", "step": 3}}
    assert file_name(2, made) == "certificates/02-tr-m-1-of-u.3.json"
    assert json.loads(as_text({"a": "\u00e9"})) == {"a": "\u00e9"} and as_text({"a": "\u00e9"}).isascii()


def test_same_bytes_under_any_hash_seed() -> None:
    script = (
        "import derivations; from theory.assumptions import Assumptions; from theory.certificate_file import *;"
        "made = certificates(derivations.load('two-sided-bound').derive(Assumptions.default()).chains);"
        "print(len(made), digest(list(made.values())))"
    )
    script = script.replace("import *", "import certificates, digest")
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1 and seen.pop().startswith("14 ")


@pytest.mark.parametrize("process", ["vp-ou", "sub-vp", "edm"])
@pytest.mark.parametrize("name", ["reuse-horizon", "exact-w2"])
def test_lines_in_a_process_own_time_have_certificates(name: str, process: str) -> None:
    """Where what must be positive is so as `h` is, which the process gives as `1 - exp(-t)` and the like."""
    derivation = derivations.load(name).derive(Assumptions.default().choose({}, process=process))
    chains = [chain for chain in derivation.chains if "own time" in chain.name]
    assert chains
    for chain in chains:
        for number in range(1, len(chain.links) + 1):
            assert Writer().certificate(chain, number)["seal"]
