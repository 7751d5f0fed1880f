r"""Whether a file that was made says what its pages say: each formula once for each time that a page has it, no other.

The trees of a page were read one by one; what is compared here is how templates and writers put them together: sides
and the signs between them, numbers behind lines, shapes beside results.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from solgen.build.read_back.leftover import stray_in_file
from solgen.build.read_back.points import misstated_total
from solgen.document.blocks import Answer, ResultBlock, Steps, TableRow
from solgen.document.pages import Document, ToldSet
from solgen.expr.nodes import Expr
from solgen.expr.present.tree import Node, Shows
from solgen.expr.text import text
from solgen.model.noun_walk import parts
from solgen.render.chains import Chain, Equality, Side
from solgen.render.latex import latex
from solgen.render.latex_words import latex_words
from solgen.render.words import Words
from solgen.written import equal_values
from solgen.written.passages import FormulaPassage, passages

SIGNS: Mapping[str, str] = MappingProxyType({"=": "=", "≈": r"\approx", "∈": r"\in", "≠": r"\ne", "": ""})
MARKS = (r"\brkin", r"\brkeq", r"\brkp", r"\brk", "{}")  # where a line may break, and room before a sign
BEGIN = r"\begin{document}"

Line = tuple[str, str]  # a formula without spaces and marks, and the number behind it


def misprinted_file(document: Document) -> Iterator[str]:
    """What is wrong with the LaTeX of a document, each in words.

    Sentences may be left out, as a title is that stands elsewhere; lines may not, but by a course's own templates,
    which may also print mathematics of their own beside them.
    """
    lines, sentences = Counter(_lines(document.pages)), Counter(_in_sentences(document.pages))
    body = document.tex.partition(BEGIN)[2]
    formulas = tuple(passages(body))
    found = Counter(map(_line, formulas))
    for tex, number in found - lines - sentences:
        yield f"the file prints `{tex}`{_behind(number)}, which stands so on no page"
    yield from misstated_total(document)
    if not document.own_templates:
        for tex, number in lines - found:
            yield f"the file lacks `{tex}`{_behind(number)}"
        yield from stray_in_file(document, body, formulas)


def _behind(number: str) -> str:
    return f" with the number {number}" if number else ""


def _line(passage: FormulaPassage) -> Line:
    return _squeeze(passage.tex), passage.number


def _squeeze(tex: str) -> str:
    """LaTeX without what leaves no ink between formulas."""
    for mark in MARKS:
        tex = tex.replace(mark, "")
    return "".join(tex.split())


# ---------------------------------------------------------------- what the pages have


def _in_sentences(page: object) -> Iterator[Line]:
    """The formulas of a page's sentences."""
    match page:
        case Words():
            yield from map(_line, passages(latex_words(page)))
        case _ if not isinstance(page, Shows):
            for part in parts(page):
                yield from _in_sentences(part)


def _lines(page: object) -> Iterator[Line]:
    """Every line of formulas of a page as its file should have it."""
    match page:
        case Words():
            return
        case TableRow(left, right, number=number):
            yield _join_chain(left, right), number
        case ResultBlock(formula, shape, number) | Answer(formula, shape, number):
            yield _join_chain(formula.left, formula.sides), number
            if shape is not None:
                yield _squeeze(latex(shape)), ""
        case Chain() | Equality():
            yield _join_chain(page.left, page.sides), ""
        case Shows():
            node: Any = page
            yield _squeeze(latex(node)), ""
        case _:
            for part in parts(page):
                yield from _lines(part)


def _join_chain(left: Node | None, sides: Sequence[Side]) -> str:
    """`left = a = b`, put together a second time."""
    written = [_squeeze(SIGNS[side.sign] + latex(side.body)) for side in sides]
    return "".join([_squeeze(latex(left)) if left is not None else "", *written])


# ---------------------------------------------------------------- the numbers in the certificate


def find_misnumbered(certificate: bytes, told: ToldSet, formulas: Sequence[Mapping[str, Expr]]) -> Iterator[str]:
    """The numbers of a certificate under which no line says what it says there, each in words.

    certificate: the bytes of `checks.json`; formulas: for each problem those that were checked, by their text.
    """
    rules = {f"rule {rule.number}": frozenset(_formulas((rule.statement, rule.proof))) for rule in told.rules}
    for problem, page, checked in zip(json.loads(certificate), told.problems, formulas, strict=True):
        lines = dict(rules)
        for part in page.parts:
            for number, shown in _formulas_by_number(part.blocks):
                lines[number] = lines.get(number, frozenset()) | shown
        said: dict[str, set[str]] = {}
        for check in problem["checks"]["checks"]:
            said.setdefault(check.get("equation", ""), set()).update((check["left"], check["right"]))
        for number, sides in said.items():
            if number in lines and not _has_one(lines[number], sides, checked):
                yield f"checks.json gives {number} to no line that has it"


def _has_one(shown: frozenset[Expr], sides: set[str], checked: Mapping[str, Expr]) -> bool:
    """Whether a line shows one of these sides, as it stands or in another form of the same value."""
    if not sides.isdisjoint(map(text, shown)):
        return True
    return any(equal_values(checked[side], e) for side in sorted(sides & checked.keys()) for e in shown)


def _formulas_by_number(blocks: object) -> Iterator[tuple[str, frozenset[Expr]]]:
    """The formulas under each number of a part: a line without one belongs to the next, or else to the last."""
    before: set[Expr] = set()
    last = ""
    for line in _rows(blocks):
        before |= set(_formulas(line))
        if line.number:
            last = line.number
            yield last, frozenset(before)
            before = set()
    if last and before:
        yield last, frozenset(before)


def _rows(page: object) -> Iterator[TableRow | ResultBlock]:
    """The lines of a part's derivations, in order."""
    match page:
        case ResultBlock():
            yield page
        case Steps(rows):
            yield from rows
        case tuple():
            for block in page:
                yield from _rows(block)
        case _:
            return


def _formulas(page: object) -> Iterator[Expr]:
    if isinstance(page, Shows) and isinstance(page.shows, Expr):
        yield page.shows
    for part in parts(page):
        yield from _formulas(part)
