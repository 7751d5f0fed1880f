"""An instructor's own answers: printed as the last form of what was derived, and so verified as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from solgen.expr.nodes import Adj, Entry, Expr, Idx, Index, Position
from solgen.expr.walk import nodes, reindex
from solgen.model.derivation import (
    AdjointBlock,
    Content,
    Count,
    Example,
    Gradients,
    GraphAsked,
    Line,
    Mistakes,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.problem import Expectation, Part
from solgen.model.step import StepId, Symbol


def with_expected(contents: Iterable[Content], part: Part) -> tuple[Content, ...]:
    """The contents of a part with each expected derivative beside the derived one."""
    expected = tuple(e for e in part.expect if e.symbol is not None)
    contents = tuple(contents)
    answered = {b.symbol.wrt.name for c in contents if isinstance(c, Gradients) for b in c.blocks if b.asked}
    wholes = {ref.name for ask in part.asks if ask.verb == "gradients" for ref in ask.names if not ref.indices}
    wholes -= answered  # whose frame has the answer already
    return tuple(_content(content, expected, wholes, StepId(part.id)) for content in contents)


def _content(content: Content, expected: tuple[Expectation, ...], wholes: set[str], where: StepId) -> Content:
    match content:
        case Gradients(form="" | "sum", blocks=blocks):
            return replace(content, blocks=tuple(_block(block, expected) for block in blocks))
        case Worked(verb="jacobian" | "gradients", results=results):
            own = tuple(line for e in expected for line in _lines(content, e, wholes, where))
            return replace(content, results=(*results, *own)) if own else content
        case Gradients() | Worked() | Shapes() | Count() | Paths() | GraphAsked() | Mistakes() | Example() | Said():
            return content
        case _:
            assert_never(content)


def _block(block: AdjointBlock, expected: tuple[Expectation, ...]) -> AdjointBlock:
    """The gradient with the expected answers as its last forms, unless they are its value already."""
    answers = (e.answer for e in expected if e.symbol == block.symbol and isinstance(e.answer, Expr))
    own = tuple(dict.fromkeys(answer for answer in answers if answer not in (block.value, block.total.chain[-1])))
    if not own or not block.asked:
        return block
    return replace(block, final=(*(form for form in block.final if form not in own), *own), expected=own)


def _lines(worked: Worked, e: Expectation, wholes: set[str], where: StepId) -> Iterator[Line]:
    """The answer as one more result, in the letters of the derivation, if that is what was worked out."""
    assert e.symbol is not None and e.wrt is not None and isinstance(e.answer, Expr)
    whole = e.symbol if isinstance(e.symbol, Adj) else None
    lefts = [line.chain[0] for line in worked.results] + [worked.symbol]
    if whole is not None and whole.wrt.name in wholes and any(whole in nodes(left) for left in lefts):
        lefts.append(whole)
    for left in dict.fromkeys(lefts):
        letters = _letters(e.symbol, left)
        if letters is None:
            continue
        answer = reindex(e.answer, letters)
        if not any(answer in line.chain for line in worked.results):
            of = str(e.of or next(n.of.name for n in nodes(left) if isinstance(n, Adj)))
            yield Line(where.step("result", Symbol(e.wrt.name, of, e.wrt.at), "as expected"), (left, answer))
        return


def _letters(written: Expr, left: Expr) -> dict[Index, Index] | None:
    """The free indices of a symbol as it is written, by those of the derivation; None where they are two symbols."""
    first, second = _free(written), _free(left)
    if len(first) != len(second) or any(i.size != j.size for i, j in zip(first, second, strict=True)):
        return None
    letters: dict[Index, Index] = dict(zip(first, second, strict=True))
    return letters if reindex(written, letters) == left else None


def _free(symbol: Expr) -> list[Idx]:
    """The index symbols of an entry, row or column of a derivative, in order."""
    found: list[Idx] = []
    for n in nodes(symbol):
        match n:
            case Entry(indices=indices):
                found += [i for i in indices if isinstance(i, Idx)]
            case Position(index=index):
                found.append(index)
            case _:
                pass
    return found
