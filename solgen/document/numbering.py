"""Under which number the page prints an equality: the names of lines, and of gradients, to equation and rule numbers.

Read off the ledger when a part has been told, so that a line has the number that this part gave it.
"""

from __future__ import annotations

from collections.abc import Iterator

from solgen.document.voice import Voice
from solgen.expr.nodes import Adj
from solgen.model import AdjointBlock, Content, Count, Gradients, PartDerivation, Paths, Worked


def line_numbers(p: PartDerivation, voice: Voice) -> Iterator[tuple[str, str]]:
    """The name of each line of a part that has a number, with the number; and each gradient's, `dL/dW`."""
    for content in p.contents:
        yield from ((name, number) for name, number in _content(content, voice) if number)


def rule_numbers(voice: Voice) -> Iterator[tuple[str, str]]:
    """Each cited rule, by the beginning of its lines' names."""
    yield from ((f"rule {key}", f"rule {n}") for n, key in enumerate(voice.ledger.cited, 1))


def _content(content: Content, voice: Voice) -> Iterator[tuple[str, str]]:
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
                yield from ((line.id, _at(voice, line.id) or grid) for line in passage.lines)
            yield from ((line.id, _at(voice, line.chain[0]) or _at(voice, symbol)) for line in results)
        case Count():
            yield "parameter_count", _at(voice, "parameter_count")
        case _:
            return


def _block(block: AdjointBlock, voice: Voice) -> Iterator[tuple[str, str]]:
    """A gradient's contributions, their sum, and its name, under which its forms and differences are checked."""
    symbol = block.symbol
    answer = _at(voice, symbol)
    for contribution in block.contributions:
        own = _at(voice, symbol, contribution.via.name) or _at(voice, symbol, "rule")
        yield contribution.line.id, own or answer
    yield block.total.id, answer
    yield f"d{symbol.of.name}/d{symbol.wrt.name}", answer


def _at(voice: Voice, *what: object) -> str:
    return voice.ledger.numbered(voice.place(*what))
