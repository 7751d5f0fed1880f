"""What an earlier part derived is cited by its number, not derived again, unless the file says `again: true`.

A gradient counts as the same where the model, the symbol, its value and the notation are the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from solgen.document.voice import Voice
from solgen.expr.nodes import Adj, Expr
from solgen.expr.walk import nodes
from solgen.model.derivation import AdjointBlock, Gradients
from solgen.model.problem import Model


@dataclass(frozen=True, slots=True)
class Recall:
    """A backward pass in two: `fresh` blocks are derived here, `known` ones were derived before."""

    fresh: tuple[AdjointBlock, ...]
    known: tuple[AdjointBlock, ...]

    @property
    def start(self) -> tuple[AdjointBlock, ...]:
        """The known gradients that the fresh ones build on."""
        used = {n for b in self.fresh for line in _lines(b) for e in line for n in nodes(e) if isinstance(n, Adj)}
        return tuple(b for b in self.known if b.symbol in used)


def _lines(b: AdjointBlock) -> Iterable[Sequence[Expr]]:
    yield b.total.chain
    yield from (c.line.chain for c in b.contributions)


def scope(model: Model, g: Gradients) -> Hashable:
    """What a gradient belongs to: the equations of its model, and of batch matrices the form."""
    return (tuple((q.var, q.body) for q in model.equations), g.form == "batch")


def recall_blocks(voice: Voice, g: Gradients, within: Hashable, again: bool) -> Recall:
    """The blocks of g, those told apart that this document has derived before; all count as derived from now on."""
    fresh: list[AdjointBlock] = []
    known: list[AdjointBlock] = []
    for block in g.blocks:
        first = voice.ledger.first(voice.place("derived", within, voice.presenter.notation, block.symbol, block.value))
        numbered = voice.ledger.number_of(voice.place(block.symbol))
        (fresh if first or again or not numbered else known).append(block)
    return Recall(tuple(fresh), tuple(known))
