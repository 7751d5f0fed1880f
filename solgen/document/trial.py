"""The trial document: one page with every block, face and sign that our pages use.

A TeX out of which it comes without a defect can make our pages; what TeX reads for it is what a private tree must keep.
"""

from __future__ import annotations

from solgen.document.blocks import (
    Answer,
    Aside,
    Block,
    Formulas,
    Pages,
    Paragraph,
    PartPage,
    ProblemPage,
    ResultBlock,
    RulePage,
    Steps,
    Summary,
    TableRow,
)  # fmt: skip
from solgen.document.templates import fill_template
from solgen.expr.present.tree import Authored
from solgen.render.chains import Beside, Chain, Side
from solgen.render.words import Typed, words

TEXT = words(
    Typed(
        r"Text, \emph{slanted \textbf{and bold}}, \textbf{bold}, \textsc{Small Capitals}, \texttt{typed}, "
        r"naïve façade, größer, Łódź, „quoted“ -- “so” --- \textcopyright\ \textperiodcentered\ \texteuro{} 100\%; "
        r"{\small small {\footnotesize smaller}}, \mbox{\Large large}. "
    )
)
FORMULA = Authored(
    r"\sh{\bm{W}}{m \times n} \sum_{i=1}^{n} \tfrac{\partial L}{\partial \bm{\theta}_{ij}} "
    r"= \bigl(\mathbb{R}^{n} \times \mathcal{L}\bigr)"
)
SIGNS = tuple(
    map(
        Authored,
        (
            r"\mathbb{1}[x \ge 0] \bm{\mathit{Loss}} \mathfrak{g} \mathsf{s} \mathtt{t} \mathrm{r} \mathbf{b}",
            r"\Bigl\lVert \boldsymbol{\nabla}\!f \Bigr\rVert \odot \oslash \otimes \star \circ \top \varnothing",
            r"\operatorname{tr} \int \prod \bigoplus \sqrt{\frac{a}{b}} \biggl\{\xrightarrow{a}\biggr\} \gtrsim",
            r"\overline{x} \widehat{y} \tilde{z} \dot{u} \vec v \hbar \ell \underbrace{x}_{y} \mathit{word}",
            r"\begin{pmatrix} 1 & \cdots \\ \vdots & \ddots \end{pmatrix} \begin{cases} a & b \end{cases}",
            r"\alpha \beta \Gamma \varepsilon \vartheta \varphi",
        ),
    )
)


def trial_document() -> str:
    """The LaTeX source of the trial document."""
    return fill_template(trial_pages())


def trial_pages() -> Pages:
    """The page that it shows."""
    left, right = Authored(r"\bm{h}"), (Side(FORMULA),)
    line = TableRow(left, right, reason=words("chain rule"), number="1", label=words("(a)"), shape=Authored("n"))
    answer, result = TableRow(left, right), Chain(left, right)
    blocks: tuple[Block, ...] = (
        Paragraph(TEXT, lead="Lead"), Formulas((FORMULA, *SIGNS)), Steps((line,)),
        ResultBlock(result, Authored(r"m \times n"), "2"), Summary((answer,)), Summary((answer,) * 9),
        Aside(TEXT, lead="Assumed"),
    )  # fmt: skip
    part = PartPage(
        "a", "part.a", "(a) Part …", TEXT, "1", hint=TEXT, space="1cm", blocks=blocks, rubric=(("1", TEXT),),
        answers=(Answer(result, Authored("n"), "1"),),
    )  # fmt: skip
    problem = ProblemPage("1", "problem.1", TEXT, "Outline: π ≤ W", "1", TEXT, (part,), (TEXT,))
    rule = RulePage("1", "Rule", Beside((FORMULA,)), Steps((answer,)), note=TEXT, source=words("MC 1"))
    return Pages(
        "trial", "Trial", "problems.tex.j2", words("Trial"), "Trial", words("Head"), (TEXT,), "Nobody", (TEXT,),
        (problem,), rules=(rule,), points="2", scores=(("1", "2"),), graded=True,
    )  # fmt: skip
