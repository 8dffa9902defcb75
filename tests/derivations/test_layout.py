"""What is printed short says the same, and widths are near what TeX makes of them."""

import mutations
import pytest

import derivations
from theory import symbols as S
from theory.chain import Chain
from theory.document import document
from theory.expr import Expr, num, walk
from theory.latex import inline, latex, on_screen, sentence
from theory.layout import ROOM, Shorthand, display_lines, fits, replaced, width
from theory.notes import displayed, dotted
from theory.reasons import reason
from theory.theorems import THEOREMS


def lines(chain: Chain) -> list[Expr]:
    return [chain.start, *(link.expr for link in chain.links)]


# What pdfTeX says of latin modern at ten points, in points.
MEASURED = {
    r"\frac{\left(D - k\right) \left(c - h\right)^{2}}{c h^{2}}": 72,
    r"\sum_{i=1}^{d} a_i s_i": 34,
    r"\sqrt{\left(c + a_i\right) \left(c + a_i \left(1 - s_i\right)\right)}": 134,
}


@pytest.mark.parametrize("code", MEASURED)
def test_widths_are_near_the_measured_ones(code: str) -> None:
    assert 0.85 < width(code) / 100 / MEASURED[code] < 1.15


def test_every_line_says_the_same_with_its_short_names_written_out() -> None:
    shortened = 0
    for result in ("shared-latent-error", "continuous-sampler", "exact-w2", "mixture-spectrum"):
        for chain in mutations.default(result).chains:
            shorthand = Shorthand()
            for line in lines(chain):
                shown, names = shorthand.shorten(line)
                assert shorthand.spelled_out(shown) == line
                shortened += bool(names)
                assert not (names and fits(line))
    assert shortened >= 10


def test_lines_that_do_not_fit_are_few_and_shrunk_little() -> None:
    for result in derivations.ids():
        for chain in mutations.default(result).chains:
            shorthand = Shorthand()
            for line in lines(chain):
                shown, names = shorthand.shorten(line)
                for tree in (shown, *(value for _, value in names)):
                    assert all(width(row) <= 1.2 * ROOM for row in display_lines(tree)), (result, chain.name)


def test_a_short_name_has_the_index_of_what_it_stands_for() -> None:
    long = S.a * (1 - S.s) * (S.h + S.a * (1 - S.s))
    shown, names = Shorthand().shorten(long + long, room=6000)
    assert names and all(latex(name).endswith("_i") for name, _ in names)
    assert any(node.head == "short" for node in walk(shown))
    whole = (S.D - S.k) * (S.c - S.h) ** 2 / (S.c * S.h**2)
    _, names = Shorthand().shorten(whole + whole, room=6000)
    assert names and not any(latex(name).endswith("_i") for name, _ in names)


def test_replacing_leaves_other_trees_alone() -> None:
    assert replaced(S.h + S.c, S.alpha, S.r) == S.h + S.c
    assert replaced(S.h + S.c, S.c, S.r) == S.h + S.r


def test_reasons_say_each_thing_once() -> None:
    chain = mutations.default("schedule-invariance").chains[0]
    said = reason(chain, chain.links[-1], cross=True)
    assert said.count("while") == 1 and said.count(r"\alpha > 0") == 1
    for result in derivations.ids():
        for chain in mutations.default(result).chains:
            for link in chain.links:
                said = reason(chain, link, cross=True)
                assert said and not said.startswith(("while", ",", ";")) and "`" not in said.replace("``", "")


def test_formulas_in_sentences() -> None:
    assert inline("D x k") == r"D \times k"
    assert inline("E[x_0 | x_t]") == r"\mathbb{E}[x_0 \mid x_t]"
    assert inline("E <= 2") == r"E \le  2"
    assert inline("N(0, Q)") == r"\mathcal{N}(0, Q)"
    assert inline("R^D") == r"\mathbb{R}^{D}" and inline("R^2") == "R^{2}"
    assert inline("K2/r^2") == "K_2/r^{2}"
    assert inline("tau*sigma2") == r"\tau\,{\sigma^{2}}"
    assert inline("x - ln(1+x)") == r"x - \ln(1+x)"
    assert sentence("see `misaligned-covariance`") == r"see \texttt{misaligned-covariance}"
    assert on_screen("see `misaligned-covariance` and `h`") == "see `misaligned-covariance` and $h$"


def test_notes_end_with_one_full_stop() -> None:
    assert displayed(S.h, Shorthand()) == "$h$."
    assert displayed(S.h / S.c, Shorthand()).endswith(r".\]")
    assert dotted("m_t") == r"\dot{m}_t"
    assert displayed(num(0), Shorthand()) == "$0$."


def test_pages_hold_no_macro_of_the_document() -> None:
    for result in derivations.ids():
        page = derivations.artefacts(result).joinpath("page.md").read_text(encoding="utf-8")
        assert not [macro for macro in (r"\fitted", r"\carried", r"\autoref", r"\texttt", r"\tag*") if macro in page]


def test_the_document_explains_what_it_uses() -> None:
    whole = document([("A title", "STATEMENT", "PROOF")])
    assert whole.index(r"\tableofcontents") < whole.index("A title") < whole.index("STATEMENT") < whole.index("PROOF")
    assert all(f"item[{name}]" in whole for name in THEOREMS)
    assert all(f"${one.latex}$ &" in whole for one in (*S.SYMBOLS.values(), *S.LETTERS.values()))
    assert whole.count("{") == whole.count("}") and "`" not in whole.replace("``", "")
