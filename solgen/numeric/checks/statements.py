"""What a derivation asserts, listed: every equality of every part as a pair of formulas with an id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from solgen.expr.arith import ONE, ZERO, add, fill
from solgen.expr.corners import corner, corners
from solgen.expr.nodes import Entry, Expr, rank
from solgen.expr.walk import reindex
from solgen.model.derivation import (
    AdjointBlock,
    Content,
    Count,
    Example,
    Gradients,
    GraphAsked,
    Grid,
    Line,
    Mistakes,
    Paths,
    Said,
    Shapes,
    Where,
    Worked,
)
from solgen.model.problem import Equation, derivative_symbol
from solgen.model.step import StepId, name_statement


@dataclass(frozen=True, slots=True)
class Statement:
    """left = right, where the conditions on free indices hold; `id` names it in the certificate and in messages."""

    id: StepId
    left: Expr
    right: Expr
    where: tuple[Where, ...] = ()


def line_statements(line: Line, where: tuple[Where, ...] = ()) -> Iterator[Statement]:
    """Each member of the chain equals the next; numbered where there are several."""
    several = len(line.chain) > 2
    for k, (left, right) in enumerate(pairwise(line.chain), start=1):
        yield Statement(line.id.name_check(member=k) if several else line.id, left, right, where)


def worked_statements(worked: Worked) -> Iterator[Statement]:
    """The lines of each stage, the entries displayed, and the answers."""
    for passage in worked.passages:
        for line in passage.lines:
            yield from line_statements(line, passage.where)
        if passage.grid is not None:
            yield from _grid_statements(worked.results[0].id.name_check("entries"), passage.grid, passage.where)
    for result in worked.results:
        yield from line_statements(result)


def _grid_statements(name: StepId, grid: Grid, where: tuple[Where, ...]) -> Iterator[Statement]:
    """The entry at any row and column; then each entry as it is written out."""
    at = (grid.row, grid.column, *((grid.minor,) if grid.minor else ()))
    shown = Entry(grid.symbol, at) if rank(grid.symbol) == len(at) else grid.symbol
    yield Statement(name, shown, grid.entry, where)
    for k, positions in enumerate(corners(grid.row, grid.column, grid.minor), start=1):
        yield Statement(name.name_check(member=k), reindex(shown, positions), corner(grid.entry, positions), where)


def block_lines(block: AdjointBlock) -> Iterator[Statement]:
    """The printed lines of a block: its contributions and their sum."""
    for contribution in block.contributions:
        yield from line_statements(contribution.line)
    yield from line_statements(block.total)


def block_forms(block: AdjointBlock) -> Iterator[Statement]:
    """What ties the lines of a block to its answer, and the forms of the answer to each other."""
    name = StepId(symbol=derivative_symbol(block.symbol))
    if not block.contributions:
        seed = ONE if block.symbol.of.name == block.symbol.wrt.name else ZERO
        yield Statement(name.name_check("without a path"), block.value, fill(seed, block.symbol.wrt.shape_))
    else:
        yield Statement(
            name.name_check("sum over paths"), _sum(c.line.chain[0] for c in block.contributions), block.value
        )
    yield Statement(name.name_check("value"), block.total.chain[-1], block.value)
    yield Statement(name.name_check("closed form"), block.value, block.closed)
    for k, form in enumerate(block.final, start=1):
        yield Statement(name.name_check(f"form {k}"), block.value, form)


def content_lines(content: Content) -> Iterator[Statement]:
    """The printed lines of one item of a part."""
    match content:
        case Example(gradients=found):
            for each in found:
                yield from content_lines(each)
        case Gradients(blocks=blocks) | GraphAsked(backward=Gradients(blocks=blocks)):
            for block in blocks:
                yield from block_lines(block)
        case Paths(terms=terms, total=total):
            for term in terms:
                yield from line_statements(term.line)
            yield from line_statements(total)
        case Mistakes(id=name, symbol=symbol, right=right):
            yield Statement(name.name_check("right"), symbol, right)
        case Worked() | GraphAsked() | Shapes() | Count() | Said():  # worked lines stand on a forward pass of their own
            return
        case _:
            assert_never(content)


def content_forms(content: Content) -> Iterator[Statement]:
    """What ties the lines of one item together."""
    match content:
        case Example(gradients=found):
            for each in found:
                yield from content_forms(each)
        case Gradients(blocks=blocks) | GraphAsked(backward=Gradients(blocks=blocks)):
            for block in blocks:
                yield from block_forms(block)
        case Paths(terms=terms, total=total) if terms:
            yield Statement(total.id.name_check("sum"), _sum(t.line.chain[-1] for t in terms), total.chain[-1])
        case Paths() | Worked() | Mistakes() | GraphAsked() | Shapes() | Count() | Said():
            return
        case _:
            assert_never(content)


def _sum(terms: Iterable[Expr]) -> Expr:
    terms = tuple(terms)
    return add(*terms) if len(terms) > 1 else terms[0]


def forward_statements(asked: Iterable[Equation], shown: Iterable[Equation]) -> Iterator[Statement]:
    """The named forward pass gives what the file's own equations give."""
    bodies = {q.var.name: q.body for q in shown}
    for equation in asked:
        name = equation.var.name
        yield Statement(name_statement("forward", name), equation.body, bodies.get(name, equation.var))


def distinct_statements(lines: Iterable[Statement], ties: Iterable[Statement] = ()) -> tuple[Statement, ...]:
    """Every line under its own id, and of the ties between them those that no line says already.

    A formula is equal to itself without a check.
    """
    kept = dict.fromkeys(s for s in lines if s.left != s.right)
    said = {(s.left, s.right) for s in kept if not s.where}
    for s in ties:
        if s.left != s.right and (s.left, s.right) not in said:
            said.add((s.left, s.right))
            kept[s] = None
    return tuple(kept)
