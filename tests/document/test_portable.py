"""A derivation for other people's documents: LaTeX that compiles with amsmath and bm alone, and Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.document.portable import PREFACE, markdown, portable_latex
from solgen.document.telling import telling
from solgen.expr.present.letters import ONE
from solgen.expr.present.piece import THIN
from solgen.expr.present.tree import CrossReference, Fence, Framed, Identifier, Number, Operator, Row, Script, Shaped
from solgen.model.derivation import Derivation
from solgen.model.problem import ProblemSet
from solgen.reader.set_file import read
from solgen.render.chains import Side, latex_sides
from solgen.render.latex import latex as written
from solgen.render.snippets import AMSMATH, LATEX, in_text
from solgen.render.words import Cited, words
from solgen.tex import Engine, typeset

Load = Callable[[str], tuple[ProblemSet, list[Derivation]]]
OURS = re.compile(
    r"\\(?:sh|ans|brk|brkeq|brkin|brkp|eqlink|eqn|rulelink|formulas?|apart|gridfit|lead|step)(?![A-Za-z])"
)
ROOT = Path(__file__).parent.parent.parent
MARKDOWN = [*sorted(ROOT.glob("problems/homework-*")), *sorted((ROOT / "tests/cases/document").glob("*.yaml"))]
KATEX = frozenset(  # commands that KaTeX 0.16 knows (katex.org/docs/supported), of those that we could meet
    """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi
    psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell partial nabla infty prime top star ast
    varphi varepsilon hat bar tilde overline dot vec boldsymbol mathbf mathrm mathit mathbb mathcal operatorname text
    frac tfrac dfrac sqrt sum log exp max min det tanh sin cos tan sinh cosh arcsin arccos arctan
    odot oslash circ cdot times in ne le ge to langle rangle lvert rvert lVert rVert left right
    bigl bigr Bigl Bigr biggl biggr Biggl Biggr underset boxed begin end tag quad qquad dots cdots vdots ddots
    """.split()
)
MINIMAL = r"\documentclass{{article}}\usepackage{{amsmath,amssymb,bm}}\begin{{document}}{}\end{{document}}"


W1 = Script(Identifier("W", "bold italic"), ONE)
BY_N = Row((Identifier("n"), Operator("×"), ONE))


def test_chains_need_no_macro_of_ours() -> None:
    shaped = Shaped(W1, Row((Identifier("m"), Operator("×"), Identifier("n"))))
    product = Row((shaped, THIN, Identifier("x", "bold italic")))
    assert latex_sides((Side(product),), AMSMATH) == r"= \underset{m \times n}{\bm{W}_{1}}\,\bm{x}"
    framed = Framed(Shaped(Identifier("x"), BY_N))
    sides = (Side(framed, ""), Side(Identifier("y")))
    assert latex_sides(sides, AMSMATH) == r"\boxed{\underset{n \times 1}{x}} = y"


def test_rules_are_proved_elsewhere() -> None:
    assert in_text(words("squared norm", Cited(("1",), ("squared norm",))), LATEX) == "squared norm"
    cited = Cited(("1", "2", "3"), ("matrix product", "tanh", "matrix product"), "by")
    assert in_text(words(cited), LATEX) == "matrix product and tanh"
    assert in_text(words("as ", CrossReference("equation", "12"), " says"), LATEX) == "as (12) says"


def test_the_indicator_is_set_in_bold() -> None:
    condition = Row((Identifier("z"), Operator(">", "relation"), Number("0")))
    indicator = Row((Identifier("1", "double-struck"), Fence(condition, "square")))
    assert written(indicator, AMSMATH) == r"\mathbf{1}[z > 0]"


@pytest.mark.parametrize("name", ["residual", "softmax-net", "lstm"])
def test_nothing_of_ours_is_left(load: Load, name: str) -> None:
    _, (derivation,) = load(name)
    told = telling(derivation)
    for text in (portable_latex(told), markdown(told)):
        assert not OURS.search(text)
        assert text.count("{") == text.count("}")
    assert markdown(told).count("$$") % 2 == 0


def test_latex_compiles_in_a_plain_article(load: Load, engine: Engine, user_cache: Path) -> None:
    _, (derivation,) = load("residual")
    body = PREFACE + portable_latex(telling(derivation))
    assert r"\section*{A residual block}" in body and r"\boxed{" in body
    run = typeset(engine, MINIMAL.format(body), {}, source_date_epoch=0, timeout=60, cache=user_cache)
    assert not [d for d in run.log.defects() if d.kind != "overfull"]  # its page is not ours


def test_markdown_reads_as_markdown(load: Load) -> None:
    _, (derivation,) = load("residual")
    text = markdown(telling(derivation))
    assert text.startswith("# A residual block\n") and "\n## (a)\n" in text and "**Backward pass.**" in text
    assert r"\bm{" not in text and r"\boldsymbol{W}" in text
    assert r"\text{through }\boldsymbol{z}_{2}\text{:}" in text


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.stem)
def test_markdown_uses_what_katex_knows(path: Path) -> None:
    for problem in read(path).problems:
        text = markdown(telling(derive(problem)))
        pieces = re.split(r"(\$\$.*?\$\$|\$[^$]*\$)", text, flags=re.DOTALL)
        mathematics, words = "".join(pieces[1::2]), "".join(pieces[::2])
        assert set(re.findall(r"\\([A-Za-z]+)", mathematics)) <= KATEX
        assert set(re.findall(r"\\begin\{(\w+)\}", mathematics)) <= {"aligned", "array", "cases", "gathered"}
        assert not re.search(r"\\[A-Za-z]+\{|\$", words) and "@{" not in mathematics
        assert all("$" not in inside[2:-2] for inside in pieces[1::2] if inside.startswith("$$"))


def test_one_part_alone(load: Load) -> None:
    _, (derivation,) = load("residual")
    text = markdown(telling(derivation, "b"))
    assert "## (b)" in text and "## (a)" not in text and markdown(telling(derivation)).endswith("\n")
