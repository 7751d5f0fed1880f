"""The answer key: of a solution the results alone, each with its shape and number, run on in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from solgen.document.blocks import Answer, Aside, Block, Formulas, Paragraph, Picture, ResultBlock, Steps, Summary
from solgen.expr.present.tree import Node
from solgen.expr.present.tree import Row as Beside
from solgen.render.chains import Chain
from solgen.render.words import Formula, Words

NAMELESS = Beside(())  # the left side of a line that has none


def answers(blocks: Sequence[Block]) -> tuple[Answer, ...]:
    """The answers of a solution; none where all is drawn or argued."""
    return tuple(answer for block in blocks for answer in _answers(block))


def _answers(block: Block) -> Iterator[Answer]:
    """What a block frames; a frame within a line is left out, for everything here is an answer."""
    match block:
        case ResultBlock(formula=formula, shape=shape, number=number):
            yield Answer(formula, shape, number)
        case Summary(rows=rows):
            for row in rows:
                yield Answer(Chain(row.left or NAMELESS, row.right), _shape(row.reason), row.number)
        case Steps(rows=rows):
            for row in rows:
                if any(side.answer for side in row.right):
                    yield Answer(row.key or Chain(row.left or NAMELESS, row.right), number=row.number)
        case Paragraph() | Formulas() | Picture() | Aside():
            return
        case _:
            assert_never(block)


def _shape(reason: Words) -> Node | None:
    """The shape that a summary gives beside an answer."""
    return next((phrase.node for phrase in reason.phrases if isinstance(phrase, Formula)), None)
