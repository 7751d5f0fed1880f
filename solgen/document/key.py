"""The answer key: of a solution the results alone, each with its shape and number, run on in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from solgen.document.blocks import (
    NOTHING,
    Answer,
    Aside,
    Block,
    Formulas,
    Paragraph,
    Picture,
    Result,
    Steps,
    Summary,
)
from solgen.document.escape import Tex

FRAMED = r"\ans{"  # an answer framed within a line
DISPLAYED = "$"  # about a shape that stands in text


def answers(blocks: Sequence[Block]) -> tuple[Answer, ...]:
    """The answers of a solution; none where all is drawn or argued."""
    return tuple(answer for block in blocks for answer in _answers(block))


def _answers(block: Block) -> Iterator[Answer]:
    """What a block frames; a frame within a line is left out, for everything here is an answer."""
    match block:
        case Result(formula=formula, shape=shape, number=number):
            yield Answer(formula, shape, number)
        case Summary(rows=rows):
            for row in rows:
                shape = Tex(row.reason.strip(DISPLAYED)) if row.reason else NOTHING
                yield Answer(Tex(f"{row.left} {row.right}"), shape, row.number)
        case Steps(rows=rows):
            framed = (row for row in rows if FRAMED in row.right)
            yield from (Answer(row.key or Tex(f"{row.left} {row.right}"), number=row.number) for row in framed)
        case Paragraph() | Formulas() | Picture() | Aside():
            return
        case _:
            assert_never(block)
