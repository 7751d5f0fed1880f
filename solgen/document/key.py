"""The answer key: of a solution the results alone, each with its shape and number, run on in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from solgen.document.blocks import Answer, Aside, Block, Formulas, Paragraph, Picture, ResultBlock, Steps, Summary
from solgen.document.definitions import shown_in
from solgen.expr.nodes import Stack, Var
from solgen.expr.present.tree import Node, Shaped, map_children
from solgen.expr.present.tree import Row as Beside
from solgen.render.chains import Chain, Equality, equate
from solgen.render.words import NOTHING, Formula, Words, listed_words, words

NAMELESS = Beside(())  # the left side of a line that has none


def answers(blocks: Sequence[Block]) -> tuple[Answer, ...]:
    """The answers of a solution; none where all is drawn or argued."""
    return tuple(answer for block in blocks for answer in _answers(block))


def explain_names(found: Sequence[Answer], blocks: Sequence[Block]) -> Words:
    """`where u = s²`: the equations, displayed before, of the names in answers that the file does not have."""
    displayed = {name: one for block in blocks for name, one in _find_introduced(block)}
    waiting, shown = [*_names(found)], dict[str, Equality]()
    while waiting:
        name = waiting.pop(0)
        if name in displayed and name not in shown:
            shown[name] = displayed[name]
            waiting += _names(shown[name].right)
    stacked = _tell_stacking({*_names(found), *(name for one in shown.values() for name in _names(one.right))}, blocks)
    told = [Formula(without_shapes(equate(one.left, one.right))) for one in shown.values()]
    return words(stacked, " " if stacked and told else "", *(("where ", listed_words(told)) if told else ()))


def _tell_stacking(names: set[str], blocks: Sequence[Block]) -> Words:
    """The sentence that says of which samples the matrices in these names are made."""
    sentences = (block.text for block in blocks if isinstance(block, Paragraph))
    return next((text for text in sentences if says_stacks(text) and names & {*_names(text)}), NOTHING)


def says_stacks(text: Words) -> bool:
    """Whether a sentence makes matrices of samples."""
    return any(isinstance(e, Stack) for e in shown_in(text))


def _find_introduced(block: Block) -> Iterator[tuple[str, Equality]]:
    """The equations of names that a forward pass introduces, each by its name."""
    items = block.items if isinstance(block, Formulas) else ()
    for one in items:
        if isinstance(one, Equality) and one.introduces:
            yield from ((e.name, one) for e in shown_in(one.left) if isinstance(e, Var))


def _names(thing: object) -> list[str]:
    return [e.name for e in shown_in(thing) if isinstance(e, Var)]


def without_shapes(node: Node) -> Node:
    """A formula without the shapes beneath its factors."""
    return without_shapes(node.body) if isinstance(node, Shaped) else map_children(node, without_shapes)


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
                    yield Answer(row.key or Chain(row.left or NAMELESS, row.right), row.shape, row.number)
        case Paragraph() | Formulas() | Picture() | Aside():
            return
        case _:
            assert_never(block)


def _shape(reason: Words) -> Node | None:
    """The shape that a summary gives beside an answer."""
    return next((phrase.node for phrase in reason.phrases if isinstance(phrase, Formula)), None)
