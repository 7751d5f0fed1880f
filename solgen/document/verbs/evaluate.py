r"""The verb `evaluate`: the numbers given, then line by line the formula, the formula with its numbers, the value.

    z = W x + b = (matrix)(column) + (column) = (column)

A line too wide for the page leaves the middle out.  Where a value was rounded, the sign before it is ≈.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from solgen.document.blocks import Aside, Block, Formulas, Paragraph, Steps, TableRow
from solgen.document.english import rule_name
from solgen.document.forward_pass import announce_names, whereto
from solgen.document.literal import Literal, Unspelt
from solgen.document.quantities import quantity_node
from solgen.document.voice import Voice, equation_number
from solgen.document.widths import outer_pieces, width
from solgen.expr.nodes import Adj, Expr, Idx, Index, Kind, Num, Var
from solgen.expr.present.tree import Fitted, Framed, Node
from solgen.expr.size import Size
from solgen.expr.walk import reindex
from solgen.model.derivation import AdjointBlock, Example, ExampleStep
from solgen.model.problem import Model
from solgen.model.quantity import Computed, Number, Quantity, state_quantity
from solgen.render.chains import Chain, Equality, Relation, Side
from solgen.render.words import NOTHING, Words, listed_words, typed_words, words

ROOM = 300.0  # pt: the widest side of a line that is spelt out
SPELT_OUT = 4  # so many samples are spelt out
TOLD = 12  # of so many samples the values are told


def example_blocks(voice: Voice, e: Example, computed: Computed, stated: bool = False) -> tuple[Block, ...]:
    """A worked example; `stated` says that the page gave its numbers already."""
    known = {s.id: voice.ledger.number_of(voice.place(*step_place(e, s))) for s in e.steps}
    blocks: list[Block] = [] if stated or any(known.values()) else list(_numbers(voice, e))
    fresh = [s for s in e.steps if s.asked or not known[s.id]]
    forward = [s for s in fresh if not isinstance(s.symbol, Adj)]
    backward = [s for s in fresh if isinstance(s.symbol, Adj)]
    before = [known[s.id] for s in e.steps if known[s.id] and not s.asked]
    lead = words("With the values of ", _cite_lines(before), ":") if before else NOTHING
    for steps, name in ((forward, "Forward pass."), (backward, "Backward pass.")):
        if steps:
            blocks.append(Paragraph(lead or _direction(voice, e, steps), name))
            blocks.append(Steps(tuple(row for s in steps for row in _rows(voice, e, s, computed))))
            lead = NOTHING
    if computed.kinks:
        kinks = listed_words([typed_words(rule_name(k, voice.presenter.taken)) for k in computed.kinks])
        blocks.append(Aside(words(kinks, "."), "At a kink:"))
    return tuple(blocks)


def _direction(voice: Voice, e: Example, steps: Sequence[ExampleStep]) -> Words:
    """What a run of lines goes through, where it does not go on from lines that stand elsewhere."""
    symbol = steps[-1].symbol
    if isinstance(symbol, Adj):
        return words("From ", voice.math(symbol.of), " back, with these values:")
    return announce_names(voice, e.introduced) or whereto(voice, symbol)


def step_place(e: Example, s: ExampleStep) -> tuple[object, ...]:
    """The place of a line in the ledger: two runs with the same numbers share it."""
    return ("computed", tuple(e.numbers.items()), s.symbol, s.formula)


def _cite_lines(numbers: list[str]) -> Words:
    """The lines of an earlier run with the same numbers: from the first to the last."""
    first, *rest = (equation_number(n) for n in sorted(set(numbers), key=int))
    return words(first, " to ", rest[-1]) if rest else words(first)


def _numbers(voice: Voice, e: Example) -> Iterator[Block]:
    items = given_values(voice, e.model, e.numbers)
    if items:
        yield Paragraph(NOTHING, "Given.")
        yield Formulas(items)


def given_values(voice: Voice, model: Model, numbers: Mapping[str, Number]) -> tuple[Equality, ...]:
    """`x = (1, 2)ᵀ` for each value that the file states, as declared; a family sample by sample."""
    items: list[Equality] = []
    for var in (d.var for d in model.declarations if d.var.name in numbers):
        whole = stated_value(var, numbers[var.name])
        for at in _samples(whole, var.samples):
            symbol = reindex(var, _positions(at))
            value = whole.sample({i.name: k for i, k in at.items()})
            items.append(Equality(voice.inline(symbol), _fit_width(quantity_node(value))))
    return tuple(items)


def stated_value(var: Var, number: Number) -> Quantity:
    """A value that the file gives, as the page counts: classes from 1, as the positions of entries."""
    over = tuple(i.name for i in var.samples)
    return state_quantity(var.name, _from_one(number) if var.kind is Kind.LABEL else number, over)


def _from_one(number: Number) -> Number:
    return number + 1 if isinstance(number, Fraction) else tuple(map(_from_one, number))


# ---------------------------------------------------------------- lines


def _rows(voice: Voice, e: Example, s: ExampleStep, computed: Computed) -> Iterator[TableRow]:
    """A step; one line for each sample of a family, of many samples only the first ones spelt out."""
    whole = computed.by_name[s.id]
    over = {i.name: i for i in _free(s.symbol)}
    free = tuple(over[name] for name in whole.over)
    several = list(_samples(whole, free))
    for n, at in enumerate(several):
        if TOLD <= n < len(several) - 1:
            continue
        number = voice.ledger.number(voice.place(*step_place(e, s)))
        yield replace(_row(voice, e, s, computed, at, spelt_out=n < SPELT_OUT), number=number)


def _row(
    voice: Voice, e: Example, s: ExampleStep, computed: Computed, at: Mapping[Idx, int], spelt_out: bool
) -> TableRow:
    """`symbol = formula = the formula with numbers = value`."""
    names = {i.name: k for i, k in at.items()}
    symbol, formula = (reindex(x, _positions(at)) for x in (s.symbol, s.formula))
    value = computed.by_name[s.id].sample(names)
    operands = dict(zip(s.operands, computed.operands.get(s.id, ()), strict=True))
    written = _fit_width(quantity_node(value))
    stated = formula == symbol or isinstance(formula, Num)  # what is a number already is its own value
    sides = [] if stated else [Side(voice.presenter.formula(formula))]
    literal = _literal(voice, e, s, operands, names) if spelt_out and operands else None
    if literal and literal != written and _fits(literal):
        sides.append(Side(literal, _sign(operands.values())))
    left, sign = voice.inline(symbol), _sign((value,))
    key = Chain(left, (Side(written, sign),)) if s.asked else None
    sides.append(Side(Framed(written) if s.asked else written, sign))
    return TableRow(left, tuple(sides), _why(voice, e, s), key=key)


def _literal(
    voice: Voice, e: Example, s: ExampleStep, operands: Mapping[Expr, Quantity], at: Mapping[str, int]
) -> Node | None:
    """The formula of a step with its numbers, without shapes, which would crowd them; None where it cannot be."""
    p = voice.presenter
    try:
        return Literal(p.names, p.notation, loss=p.loss, values=operands, sizes=e.sizes, at=at).side(s.formula)
    except Unspelt:
        return None


def _sign(values: Iterable[Quantity]) -> Relation:
    """= between exact values, ≈ where one was rounded."""
    return "=" if all(q.exact for q in values) else "≈"


def _fits(literal: Node) -> bool:
    """Whether a spelt-out side has room, broken once perhaps before one of its signs."""
    pieces = [sum(map(width, piece)) for piece in outer_pieces(literal)]
    return max(pieces) <= ROOM and sum(pieces) <= 2 * ROOM


def _fit_width(written: Node) -> Node:
    return Fitted(written) if width(written) > ROOM else written


def _why(voice: Voice, e: Example, s: ExampleStep) -> Words:
    """Where a gradient's formula is derived: the line of an earlier part, or the rules."""
    block = next((b for b in _blocks(e) if b.symbol == s.symbol), None)
    if block is None or not block.contributions:
        return NOTHING
    known = voice.ledger.number_of(voice.place(block.symbol))
    if known:
        return words("by ", equation_number(known))
    rules = dict.fromkeys(key for c in block.contributions for key in c.line.rules if key in voice.rules)
    return words(voice.citation([voice.rules[key] for key in rules], "by")) if rules else NOTHING


def _blocks(e: Example) -> tuple[AdjointBlock, ...]:
    return tuple(b for g in e.gradients for b in g.blocks)


# ---------------------------------------------------------------- samples


def _free(symbol: Expr) -> tuple[Idx, ...]:
    """The sample indices of a symbol."""
    at = symbol.of.at + symbol.wrt.at if isinstance(symbol, Adj) else symbol.at if isinstance(symbol, Var) else ()
    return tuple(i for i in dict.fromkeys(at) if isinstance(i, Idx))


def _samples(q: Quantity, over: tuple[Idx, ...]) -> Iterator[dict[Idx, int]]:
    """Every sample of a value: one for a value that is no family."""
    lengths: list[int] = []
    entries = q.entries
    for _ in over:
        assert not isinstance(entries, str)
        lengths.append(len(entries))
        entries = entries[0]
    for at in product(*map(range, lengths)):
        yield dict(zip(over, at, strict=True))


def _positions(at: Mapping[Idx, int]) -> dict[Index, Index]:
    return {i: Size.of(k) for i, k in at.items()}
