r"""Every statement and proof as one LaTeX document, with what a reader needs first and with the lists at the end."""

from __future__ import annotations

from collections.abc import Sequence

from theory.latex import sentence
from theory.symbols import LETTERS, SYMBOLS, Declared
from theory.theorems import THEOREMS

MODEL = (
    "The target is `x_0 = mu + V z + sigma eps` in `R^D`, with an orthonormal frame `V` (`D x d`) and"
    " `z ~ N(0, Lambda)`; the forward process gives `x_t = alpha x_0 + sqrt(h) n`. A frozen encoder `U` (`D x k`)"
    " stands at principal angles `theta_i` to `V`; the scores that it allows are `s_U(x) = U g(U^T x) - P x/h` with"
    " `P = I - U U^T`. `E` is the mean squared distance of the best of them from the target's score. A sum over `i`"
    " runs over the `d` target directions; one without partner has `s_i = 1`. Symbols are listed at the end."
)
READING = (
    "A calculation is read from top to bottom: each line follows from the one before, by the reason at its right. An"
    " \\emph{algebra} step is decided by an exact normal form. \\emph{Certificate} means that the difference of the two"
    " sides is a sum of fractions, or of such terms over the planes, whose numerators and denominators have no negative"
    " coefficient once every variable is written by nonnegative ones; a separate program checks that, and the"
    " numerators are printed below the calculation. \\emph{While} introduces what a line needs to be positive. Where a"
    " line would be too long, a repeated part has a short name in sans-serif letters, given below it and used in that"
    " calculation alone.",
    "In a principal plane matrices are written in the basis of the encoder's direction and the one at right angles to"
    " it; `U` is `(1, 0)^T` and the target's direction `(cos theta_i, sin theta_i)^T`. A class of directions without"
    " encoder or target has matrices without rows or columns, `[ ]`.",
    "A verdict is PROVED, or ADMITTED where something is taken from the literature; after it stand the numbers of steps"
    " decided exactly and by certificate, and the standard theorems used, which are stated at the end.",
)

PREAMBLE = r"""\documentclass[a4paper,10pt,fleqn]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern,amsmath,amssymb,amsthm,mathtools,longtable}
\usepackage[margin=22mm]{geometry}
\usepackage{graphicx}
\usepackage[hidelinks]{hyperref}
\newcommand{\fitted}[1]{\resizebox{\ifdim\width>0.88\linewidth 0.88\linewidth\else\width\fi}{!}{$\displaystyle #1$}}
\newcommand{\carried}[1]{{\footnotesize #1\par}}
\newtheorem{theorem}{Theorem}
\renewcommand{\theoremautorefname}{Theorem}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\emergencystretch}{2em}
\title{Reusing a latent space in diffusion models:\\ every result, with its proof}
\author{derived, proved and emitted by latentreuse}
\date{}
\begin{document}
\maketitle
"""


def document(parts: Sequence[tuple[str, str, str]]) -> str:
    """One LaTeX document from (title, statement, proof), with the lists of theorems and symbols."""
    body = [PREAMBLE, sentence(MODEL), "", r"\medskip", *_paragraphs(READING), r"\tableofcontents", r"\bigskip"]
    for title, statement, proof in parts:
        number = r"\protect\numberline{\number\numexpr\value{theorem}+1\relax}"
        body += [r"\phantomsection", rf"\addcontentsline{{toc}}{{subsection}}{{{number}{title}}}", statement, proof]
    body += [*_heading("Standard theorems"), r"\begin{description}"]
    body += [rf"\item[{name}] {sentence(said)}." for name, said in sorted(THEOREMS.items())]
    body += [r"\end{description}", *_heading("Symbols"), r"\subsection*{Numbers}", *_symbols(SYMBOLS)]
    body += [r"\subsection*{Vectors and matrices}", *_symbols(LETTERS)]
    return "\n".join([*body, r"\end{document}", ""])


def _paragraphs(texts: Sequence[str]) -> list[str]:
    return [line for said in texts for line in (sentence(said), "", r"\medskip")]


def _heading(title: str) -> list[str]:
    return [rf"\section*{{{title}}}", rf"\addcontentsline{{toc}}{{section}}{{{title}}}"]


def _symbols(table: dict[str, Declared]) -> list[str]:
    rows = [rf"${one.latex}$ & {sentence(one.meaning)} \\" for one in table.values()]
    return [r"\begin{longtable}{@{}lp{0.82\linewidth}@{}}", *rows, r"\end{longtable}"]
