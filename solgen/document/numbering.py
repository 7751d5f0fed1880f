"""Under which number the page prints an equality: the names of lines, and of gradients, to equation and rule numbers.

Read off the ledger when a part has been told, so that a line has the number that this part gave it.  A line that the
page leaves out, or prints without a number, belongs to the number nearest to it, to a figure, or to a part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from solgen.document.blocks import Block, Picture
from solgen.document.verbs.evaluate import step_place
from solgen.document.verbs.worked import statement
from solgen.document.voice import Voice
from solgen.expr.nodes import Adj
from solgen.model.derivation import (
    AdjointBlock,
    Content,
    Count,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    PartDerivation,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.step import StepId, gradient, name_statement

Place = tuple[StepId, str]  # the name of a line, and a number


def line_numbers(p: PartDerivation, voice: Voice) -> Iterator[Place]:
    """The name of each line of a part that has a number, with the number; and each gradient's, `dL/dW`."""
    for content in p.contents:
        yield from ((name, number) for name, number in _content(content, voice) if number)


def nearby(p: PartDerivation, blocks: Sequence[Iterable[Block] | Said], voice: Voice, part: str) -> Iterator[Place]:
    """For each line of a part, and each name it derives, where it belongs if it has no number of its own.

    blocks: the part's contents as they are told; part: what the part is called on the page.
    """
    yield StepId(p.part.id, "part"), f"part ({part})"
    for content, told in zip(p.contents, blocks, strict=True):
        pictures = [] if isinstance(told, Said) else [b for b in told if isinstance(b, Picture)]
        place = f"figure {pictures[0].number}" if pictures else f"part ({part})"
        lines = list(_content(content, voice))
        numbers = [number for _, number in lines]
        for k, (name, number) in enumerate(lines):
            following = (n for n in (*numbers[k:], *reversed(numbers[:k])) if n)
            yield name, number or next(following, place)
        yield from ((name, place) for name in _names(content))


def _names(content: Content) -> Iterator[StepId]:
    """What an item derives or states beside its lines, as all parts share it."""
    match content:
        case GraphAsked(forward=forward, backward=Gradients(blocks=blocks)) | Gradients(forward=forward, blocks=blocks):
            yield from (_gradient(block.symbol) for block in blocks)
            yield from (line.id for block in blocks for line in (*(c.line for c in block.contributions), block.total))
            yield from (name_statement("forward", q.var.name) for q in forward)
        case GraphAsked(forward=forward):
            yield from (name_statement("forward", q.var.name) for q in forward)
        case Paths(of=of, wrt=wrt, forward=forward):
            yield _gradient(Adj(of, wrt))
            yield from (name_statement("forward", q.var.name) for q in forward)
        case Shapes(lines=lines):
            yield from (name_statement("shape", line.var.name) for line in lines)
        case Count(rows=rows):
            yield from (name_statement("parameters", var.name) for var, _ in rows)
        case Worked() | Mistakes() | Example() | Said():
            return
        case _:
            assert_never(content)


def rule_numbers(voice: Voice) -> Iterator[Place]:
    """Each cited rule."""
    yield from ((name_statement("rule", key), f"rule {n}") for n, key in enumerate(voice.ledger.cited, 1))


def _content(content: Content, voice: Voice) -> Iterator[Place]:
    match content:
        case Gradients(blocks=blocks):
            for block in blocks:
                yield from _block(block, voice)
        case Paths(of=of, wrt=wrt, terms=terms, total=total):
            whole = _at(voice, Adj(of, wrt))
            for term in terms:
                via = term.route[1].name if len(term.route) > 1 else ""
                yield term.line.id, _at(voice, Adj(of, wrt), "route", via) or whole
            yield total.id, whole
        case Worked(passages=passages, results=results, symbol=symbol):
            for passage in passages:
                grid = _at(voice, passage.grid.symbol, "grid") if passage.grid else ""
                for line in passage.lines:  # one that a frame repeats stands under the frame's number
                    stated = voice.ledger.number_of(statement(voice, content, line))
                    yield line.id, _at(voice, line.id) or stated or grid
                yield from ((line.id.name_check("entries"), grid) for line in results if grid)
            yield from ((line.id, _at(voice, line.chain[0]) or _at(voice, symbol)) for line in results)
        case Count():
            yield StepId(kind="count"), _at(voice, "parameter_count")
        case Example(steps=steps):
            yield from ((content.value_id(step), _at(voice, *step_place(content, step))) for step in steps)
            yield from _lines_of_example(content, voice)
        case Shapes() | GraphAsked() | Mistakes() | Said():
            return
        case _:
            assert_never(content)


def _lines_of_example(e: Example, voice: Voice) -> Iterator[Place]:
    """The derivation of a gradient belongs to the line that puts numbers into it."""
    places = {step.symbol: _at(voice, *step_place(e, step)) for step in e.steps}
    for block in (b for g in e.gradients for b in g.blocks):
        number = places.get(block.symbol, "")
        yield from ((line.id, number) for line in (*(c.line for c in block.contributions), block.total))
        yield _gradient(block.symbol), number


def _block(block: AdjointBlock, voice: Voice) -> Iterator[Place]:
    """A gradient's contributions, their sum, and its name, under which its forms and differences are checked."""
    symbol = block.symbol
    answer = _at(voice, symbol)
    for contribution in block.contributions:
        own = _at(voice, contribution.line.id) or _at(voice, symbol, "rule")
        yield contribution.line.id, own or answer
    yield block.total.id, answer
    yield _gradient(symbol), answer


def _gradient(symbol: Adj) -> StepId:
    return gradient(symbol.of.name, symbol.wrt.name)


def _at(voice: Voice, *what: object) -> str:
    return voice.ledger.number_of(voice.place(*what))
