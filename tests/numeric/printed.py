r"""What a document states, read off the document: its source with a number in the place of each formula.

The presenter is replaced by one that makes `\tk{7}` of the seventh formula it is given.  What is left of the source is
words, signs and numbers, and every `=` in it stands between formulas that are at hand as trees.  A sign of equality
that is read as none of the known kinds is an error, so that nothing passes by being overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from solgen.document import literal
from solgen.document.author import prose as author
from solgen.document.english import rule_name, sentence
from solgen.document.verbs import evaluate, mistakes
from solgen.expr.nodes import Expr
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.tree import Authored, Node
from solgen.model.derivation import Derivation
from solgen.model.problem import Part, Problem, ProblemSet, Prose
from solgen.model.quantity import Quantity
from solgen.model.verdict import Checks
from solgen.render.latex_words import latex_words
from solgen.render.words import typed_words
from tests.document_of import solution_document

TOKEN = r"\\tk\{(\d+)\}"
TYPED = r"\typedsign "  # an author's own sign of equality, which the certificate lists as unchecked
GOES_ON = r"\goeson"  # the left side of a line that has none
OF_THE_FILE = (r"\\hypersetup\{.*", r"\\renewcommand\{\\head(?:left|right)\}.*")  # title, author
CERTIFICATE = r"[^\n]*\{Checked\.\}.*"


@dataclass(frozen=True, slots=True)
class Claim:
    """left = right as it is printed; `kind` is equal, case, slope (g′ of a rule) or grid.

    where: of a case, whether each of its conditions is i = j or i ≠ j.
    """

    kind: str
    left: Expr
    right: Expr
    where: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """A document's claims, and every formula it prints."""

    claims: tuple[Claim, ...]
    formulas: tuple[Expr, ...]
    values: tuple[Quantity, ...] = ()  # of worked examples


def printed(derivation: Derivation, product: str, patch: pytest.MonkeyPatch, checks: Checks) -> Printed:
    """The document of one problem, read; a value of a worked example is `\\qt{3}` in it."""
    formulas: list[Expr] = []
    values: list[Quantity] = []

    def value(q: Quantity, as_row: bool = False) -> Node:
        values.append(q)
        return Authored(rf"\qt{{{len(values) - 1}}}")

    spelt_out = Presenter.formula

    def one(self: Presenter, e: Expr) -> Node:
        if isinstance(self, literal.Literal):  # its numbers are values
            return spelt_out(self, e)
        formulas.append(e)
        return Authored(rf"\tk{{{len(formulas) - 1}}}")

    with patch.context() as inner:
        inner.setattr(Presenter, "formula", one)
        inner.setattr(Presenter, "inline", one)
        for room in (evaluate, literal, mistakes):
            inner.setattr(room, "quantity_node", value)
        inner.setattr(author, "in_line_node", value)
        inner.setattr(Presenter, "chain", lambda self, chain: tuple(one(self, e) for e in chain))
        problem = derivation.problem
        tex = solution_document(
            ProblemSet("s", (problem,)), [derivation], [replace(checks, trials=())], {}, product
        ).tex
    _, _, body = tex.partition(r"\begin{document}")
    for text in (a.text for p in derivation.parts for found in p.assumptions for a in found if a.kind == "convention"):
        body = body.replace(_typed(rule_name(text)), "")  # a derivative at a kink, from the table of operations
    for rule in derivation.rules:  # remarks on rules belong to the table of operations, and are tested with it
        body = body.replace(rf"\aside{{{_typed(sentence(rule_name(rule.note)))}}}", "")
    return Printed(tuple(_claims(body, formulas)), tuple(formulas), tuple(values))


def _typed(text: str) -> str:
    return latex_words(typed_words(text))


# ---------------------------------------------------------------- what authors type


def quiet(problem: Problem) -> Problem:
    """The problem with its authors' signs of equality marked."""
    return replace(problem, statement=_quiet(problem.statement), parts=tuple(map(_quiet_part, problem.parts)))


def _quiet_part(part: Part) -> Part:
    asks = tuple(replace(ask, say=_quiet(ask.say)) for ask in part.asks)
    prose = {name: _quiet(getattr(part, name)) for name in ("prompt", "hint", "say", "answer")}
    rubric = tuple(replace(line, what=_quiet(line.what)) for line in part.rubric)
    return replace(part, asks=asks, rubric=rubric, **prose)


def _quiet(prose: Prose) -> Prose:
    return tuple(p.replace("=", TYPED) if isinstance(p, str) else p for p in prose)


# ---------------------------------------------------------------- the source, read


def _claims(body: str, formulas: Sequence[Expr]) -> Iterator[Claim]:
    text = body
    for words in (*OF_THE_FILE, CERTIFICATE):
        text = re.sub(words, "", text)
    text = re.sub(r"\\begin\{(steps|answers)\}(.*?)\\end\{\1\}", lambda found: _rows(found[2]), text, flags=re.DOTALL)
    text = _results(text)
    text = re.sub(r"=\s*(?:\\gridfit\{)?\\qt\{\d+\}", "", text)
    text = re.sub(rf"\\ans\{{({TOKEN})\}}", r"\1", text)
    text = re.sub(r"\\brkeq|\\brk|\{\}", " ", text)
    text = _read_cases(text)
    yield from _grids(text, formulas)
    text = re.sub(r"=\s*\\gridfit", " ", text)
    yield from _equalities(text, formulas)


def _results(text: str) -> str:
    """Both sides of a framed answer, one after the other."""
    before, *framed = text.split(r"\result{")
    told = [before]
    for one in framed:
        left, right, *_ = _arguments("{" + one)
        told.append("{" + f"{left} {right}" + one[len(left) + len(right) + 2 :])
    return r"\result".join(told)


def _rows(steps: str) -> str:
    """The two sides of every line, one after the other; then what is said beside them."""
    lines, said = [], []
    for row in steps.split(r"\step{")[1:]:
        label, left, right, reason, *_ = _arguments("{" + row)
        sides = [side for side in right.split(r"\brkeq") if r"\qt{" not in side]  # numbers are compared by themselves
        lines.append(" ".join([left or GOES_ON, *sides]))
        said += [label, reason]
    return "\n".join([*lines, *said])


def _arguments(text: str) -> list[str]:
    """What stands in the outermost braces."""
    found, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        if sign == "{" and (depth := depth + 1) == 1:
            start = at + 1
        elif sign == "}" and (depth := depth - 1) == 0:
            found.append(text[start:at])
    return found


def _read_cases(text: str) -> str:
    r"""A case distinction as its branches, and what follows it as a side of the same equality."""

    def marked(found: re.Match[str]) -> str:
        branches = re.findall(rf"{TOKEN} & \\text\{{if \}} ([^&]*?)(?:\\\\|$)", found[2])
        assert found[2].count("&") == len(branches)
        signs = [(b, "".join("01"[s == "="] for s in re.findall(r"=|\\ne\b", where))) for b, where in branches]
        return " ".join([rf"\branch{{{found[1]}}}{{{b}}}{{{sign}}}" for b, sign in signs]) + rf" \tk{{{found[1]}}}"

    return re.sub(rf"{TOKEN}\s*=\s*\\begin\{{cases\}}(.*?)\\end\{{cases\}}", marked, text)


def _equalities(text: str, formulas: Sequence[Expr]) -> Iterator[Claim]:
    """Every equality between formulas; raises where a sign of equality is of no known kind."""
    last: Expr | None = None  # the formula before, which a line without a left side goes on from
    token = re.compile(rf"{TOKEN}|\\branch\{{(\d+)\}}\{{(\d+)\}}\{{(\d+)\}}|(?P<sign>=)")
    for found in token.finditer(text):
        if found["sign"]:
            around = text[found.start() - 60 : found.start() + 60]
            assert _is_known(text, found.start()), f"an unknown sign of equality: {around!r}"
        elif found[1]:
            this, before = formulas[int(found[1])], _before(text, found.start())
            if before == "equal":
                assert last is not None
                yield Claim("equal", last, this)
            elif before == "slope":
                yield Claim("slope", this, this)
            last = this
        else:
            yield Claim("case", formulas[int(found[2])], formulas[int(found[3])], tuple(c == "1" for c in found[4]))


def _before(text: str, at: int) -> str:
    """What kind of sign stands before a formula, if any."""
    head = text[max(0, at - 60) : at].rstrip()
    if not head.endswith("="):
        return ""
    head = head[:-1].rstrip()
    if re.search(rf"(?:{TOKEN}|\{GOES_ON})$", head):
        return "equal"
    named = re.search(r"\$[a-z](?:_\{\d\})?(\^\{(?:\\prime)+\})?$", head)  # $g = …$ is a definition, $g′ = …$ a claim
    return ("slope" if named[1] else "name") if named else ""


def _is_known(text: str, at: int) -> bool:
    """A sign before a formula, of a condition, or of a count."""
    after = text[at + 1 :].lstrip()
    if re.match(TOKEN, after):
        return bool(_before(text, at + 1 + (len(text[at + 1 :]) - len(after))))
    head = text[max(0, at - 400) : at]
    condition = re.search(r"(?:For|for|and|,) \$?\w+(?:_\{?\w+\}?)? $", head) and re.match(r"[\w{}_]+", after)
    count = re.search(rf"\\#(?:{TOKEN}|\\text\{{parameters\}})[^\n]*$", head)
    return bool(condition or count)


def _grids(text: str, formulas: Sequence[Expr]) -> Iterator[Claim]:
    """A matrix with dots: the symbol and each entry that is written out."""
    for found in re.finditer(rf"{TOKEN}\s*=\s*\\gridfit(.*?)\\right\)", text, re.DOTALL):
        for cell in re.findall(TOKEN, found[2]):
            yield Claim("grid", formulas[int(found[1])], formulas[int(cell)])
