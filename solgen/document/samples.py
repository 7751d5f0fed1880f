"""How the three forms of a batch problem begin: one sample, the sum over the samples, matrices of all samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from solgen.document.blocks import Block, Paragraph
from solgen.document.forward_pass import formulas, forward_blocks
from solgen.document.voice import Voice
from solgen.expr.nodes import Stack, Var
from solgen.model.derivation import Gradients
from solgen.model.problem import Equation
from solgen.render.words import NOTHING, Formula, Words, listed_words, words

LEADS = {"sample": "For one sample.", "sum": "Summed over the samples.", "batch": "In matrices."}
ALL_WRITTEN = 2  # so many stacks are written out; of more, the first is the pattern


def sample_blocks(voice: Voice, g: Gradients) -> list[Block]:
    """The paragraph that says which form follows, and what of its forward pass is new."""
    match g.form:
        case "sample":
            return _one(voice, g)
        case "sum":
            return _tell_sum(voice, g)
        case "batch":
            return _matrices(voice, g)
        case "":
            return forward_blocks(voice, g.forward, g.introduced)
        case _:
            assert_never(g.form)


def _one(voice: Voice, g: Gradients) -> list[Block]:
    """The loss of one sample as a sentence, the rest of the forward pass without what sums over samples."""
    own = [q for q in g.forward if q.var == g.of]
    told = [words("The loss of one sample is ", Formula(voice.plain_equation(q)), ".") for q in own]
    for q in own:
        voice.ledger.first(voice.place("equation", q.var, q.body))
    text = words(*told)
    rest = [q for q in g.forward if q.var.at and q.var != g.of]
    return [Paragraph(text, LEADS["sample"]), *forward_blocks(voice, rest, g.introduced)]


def _tell_sum(voice: Voice, g: Gradients) -> list[Block]:
    """A shared parameter gets one term of each sample."""
    shared = [b.symbol.wrt for b in g.blocks if b.asked and not b.symbol.wrt.at]
    theirs = "its gradient sums" if len(shared) == 1 else "their gradients sum"
    uses = words("Every sample uses ", listed_words(_names(voice, shared)), f", so {theirs} over the samples.")
    return [Paragraph(uses if shared else NOTHING, LEADS["sum"]), *forward_blocks(voice, g.forward, g.introduced, "")]


def _matrices(voice: Voice, g: Gradients) -> list[Block]:
    """`With the samples as columns, X = [x_1 … x_n], and all samples at once:`"""
    blocks: list[Block] = [Paragraph(_tell_stack(voice, g.stacked), LEADS["batch"])]
    fresh = [q for q in g.forward if voice.ledger.first(voice.place("equation", q.var, q.body))]
    own = [q.var for q in g.forward]  # in matrices every name is one that the file does not have
    return [*blocks, formulas(voice, g.forward, own)] if fresh else blocks


def _tell_stack(voice: Voice, stacked: Sequence[Equation]) -> Words:
    matrices = [q for q in stacked if len(q.var.shape_) == 2]
    columns = any(isinstance(q.body, Stack) and q.body.columns for q in matrices)
    way = f"With the samples as {'columns' if columns else 'rows'}" if matrices else "With the samples in vectors"
    written = matrices if len(matrices) <= ALL_WRITTEN else matrices[:1]
    shown = listed_words([Formula(voice.plain_equation(q)) for q in (written or stacked[:1])])
    rest = [q.var for q in stacked if q not in written and (q in matrices or not matrices)]
    others = words(" and likewise ", listed_words(_names(voice, rest))) if written and rest else NOTHING
    return words(f"{way}, ", shown, others, ", all samples at once:")


def _names(voice: Voice, values: Sequence[Var]) -> list[Formula]:
    return [voice.math(v) for v in values]
