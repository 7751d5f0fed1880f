"""`solgen show`: a derivation as lines of Unicode, aligned at the equals signs, with shapes and reasons.

The formulas are those of the document, from the same printer; its prose, figures and proofs are left to the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from rich.cells import cell_len

from solgen.expr.latex import Printer
from solgen.expr.nodes import Expr, Var, shape
from solgen.expr.unicode import from_latex
from solgen.model import (
    AdjointBlock,
    Content,
    Count,
    Derivation,
    Equation,
    Gradients,
    GraphAsked,
    Line,
    PartDerivation,
    Paths,
    Rule,
    Said,
    Shapes,
    Worked,
)

WIDEST = 60  # columns; a longer right side pushes its note out


@dataclass(frozen=True, slots=True)
class Row:
    """`left sign right`, a note at the end of the line; `answer` marks what was asked for."""

    left: str
    right: str
    note: str = ""
    answer: bool = False
    sign: str = "="


@dataclass(frozen=True, slots=True)
class Narrator:
    """How one problem's formulas are written in a terminal."""

    printer: Printer
    rules: dict[str, Rule]

    def text(self, e: Expr) -> str:
        return from_latex(self.printer.expr(e))

    def chain(self, sides: Sequence[Expr]) -> str:
        return " = ".join(map(self.text, sides))

    def shape(self, e: Expr) -> str:
        return from_latex(self.printer.shape(shape(e)))

    def reason(self, line: Line) -> str:
        """The line's own reason, else the names of the rules that it cites."""
        return line.reason or "; ".join(dict.fromkeys(self.rules[k].name for k in line.rules if k in self.rules))


def told_in_full(derivation: Derivation) -> str:
    """A derivation as text: each part with what was computed for it."""
    problem = derivation.problem
    rules = {rule.key: rule for rule in derivation.rules}
    paragraphs = [f"{problem.title}\n{'=' * cell_len(problem.title)}"]
    for p in derivation.parts:
        narrator = Narrator(Printer(dict(problem.latex), p.part.notation or problem.notation), rules)
        paragraphs += [f"({p.part.id})", *_part(p, narrator)]
    return "\n\n".join(paragraphs) + "\n"


def _part(p: PartDerivation, narrator: Narrator) -> Iterator[str]:
    told = [paragraph for content in p.contents for paragraph in _content(content, narrator)]
    yield from told or ["  (prose only; see the document)"]


def _content(content: Content, narrator: Narrator) -> Iterator[str]:
    match content:
        case Gradients():
            yield from _forward(content.forward, narrator)
            yield "  Backward pass"
            yield _aligned(row for block in content.blocks for row in _block(block, narrator))
        case Paths():
            yield from _forward(content.forward, narrator)
            yield "  Paths"
            yield _aligned(_path_rows(content, narrator))
        case Shapes(lines=lines):
            rows = (Row(narrator.text(s.var), _space(s.var, narrator), s.reason, s.asked, "∈") for s in lines)
            yield _aligned(rows)
        case Count(rows=rows, total=total):
            yield _aligned((*(_count_row(v, n.latex(), narrator) for v, n in rows), _total(total.latex())))
        case GraphAsked():
            yield "  (a figure; see the document)"
        case Worked():
            yield from _forward(content.forward, narrator)
            for passage in content.passages:
                yield _aligned(_line_row(line, narrator) for line in passage.lines)
            yield _aligned(_line_row(line, narrator, answer=True) for line in content.results)
        case Said():
            return
        case _:
            assert_never(content)


def _forward(equations: Sequence[Equation], narrator: Narrator) -> Iterator[str]:
    yield "  Forward pass"
    yield _aligned(Row(narrator.text(q.var), narrator.text(q.body), narrator.shape(q.var)) for q in equations)


def _block(block: AdjointBlock, narrator: Narrator) -> Iterator[Row]:
    """One node: a line for each use where there are several, then their sum or the one line there is."""
    symbol = narrator.text(block.symbol)
    several = len(block.contributions) > 1
    if several:
        for c in block.contributions:
            way = f"through {narrator.text(c.via)}"
            yield Row(way, narrator.chain(c.line.chain), narrator.reason(c.line), sign=":")
    forms = tuple(dict.fromkeys((*block.total.chain, *block.final)))
    single = narrator.reason(block.contributions[0].line) if block.contributions else "no path leads to the loss"
    note = "sum over the paths" if several else single
    note = "; ".join(part for part in (narrator.shape(block.symbol), note) if part)
    yield Row(symbol, narrator.chain(forms), note, block.asked)


def _line_row(line: Line, narrator: Narrator, answer: bool = False) -> Row:
    left, *forms = line.chain
    return Row(narrator.text(left), narrator.chain(forms), narrator.reason(line), answer)


def _path_rows(paths: Paths, narrator: Narrator) -> Iterator[Row]:
    for term in paths.terms:
        route = " → ".join(map(narrator.text, term.route))
        yield Row(route, narrator.text(term.line.chain[-1]), narrator.reason(term.line), sign=":")
    symbol, *forms = paths.total.chain
    yield Row(narrator.text(symbol), narrator.chain(forms), narrator.shape(symbol), True)


def _space(var: Var, narrator: Narrator) -> str:
    inner = from_latex(narrator.printer.shape(shape(var)))
    return f"ℝ^({inner})" if inner else "ℝ"


def _count_row(var: Var, size: str, narrator: Narrator) -> Row:
    return Row(f"#{narrator.text(var)}", from_latex(size))


def _total(size: str) -> Row:
    return Row("#parameters", from_latex(size), answer=True)


def _aligned(rows: Iterable[Row]) -> str:
    """Rows under each other: left sides to the right, signs in one column, notes in another; `▌` before an answer."""
    rows = tuple(rows)
    left = max((cell_len(row.left) for row in rows), default=0)
    right = min(max((cell_len(row.right) for row in rows), default=0), WIDEST)
    return "\n".join(_line(row, left, right).rstrip() for row in rows)


def _line(row: Row, left: int, right: int) -> str:
    mark = "▌" if row.answer else " "
    pad = " " * (left - cell_len(row.left))
    gap = " " * max(right - cell_len(row.right), 0)
    return f"  {mark} {pad}{row.left} {row.sign} {row.right}{gap}   {row.note}"
