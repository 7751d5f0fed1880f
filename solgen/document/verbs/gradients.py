"""The verb `gradients`: node by node from the loss, the sum over paths where a name has several uses, the answers
framed.

What is asked for is framed where it is found, neighbouring lines in one frame.  Several answers are gathered in one
frame at the end, with their shapes and the numbers of the lines that derive them, only where that says more than these
lines: a form that no line has, or what an earlier part derived, which is cited.  `steps: short` shows one line a node,
`steps: none` the answers alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from solgen.document.blocks import Block, Paragraph, ResultBlock, Steps, Summary, TableRow
from solgen.document.cited_facts import summing_to_one
from solgen.document.earlier import Recall, recall_blocks
from solgen.document.english import count_noun, count_times, ordinal
from solgen.document.factors import constant_factor
from solgen.document.samples import sample_blocks
from solgen.document.voice import PLAIN, Voice, equation_number
from solgen.expr.arith import is_negation
from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.present.inline import slash_derivative
from solgen.expr.present.tree import Framed, Node
from solgen.expr.walk import leaves, nodes, variables
from solgen.model.derivation import AdjointBlock, Contribution, Gradients
from solgen.model.problem import Equation, Options
from solgen.render.chains import Chain, Side, Sides, equate
from solgen.render.words import NOTHING, Formula, Words, capitalise, filled_words, listed_words, typed_words, words

FRAMED_ALONE = 2  # so many answers are framed one by one, each with a sentence; more in their lines
IN_LINE = 12  # so many symbols are framed within a line
SHORT = 6  # so many symbols of a known gradient are repeated
SPELT_OUT = 3  # so many equations fit a subordinate clause


def gradient_blocks(voice: Voice, g: Gradients, options: Options = PLAIN, within: Hashable = None) -> tuple[Block, ...]:
    """The solution of one `gradients` item; `within` is the model that its gradients belong to."""
    if options.steps == "none":
        asked = [b for b in g.blocks if b.asked]
        return tuple(result(voice, b, voice.ledger.number(voice.place(b.symbol))) for b in asked)
    found = recall_blocks(voice, g, within, options.again)
    if not found.fresh:
        return _cite_answers(voice, g)
    fresh = tuple(map(_in_short, found.fresh)) if options.steps == "short" else found.fresh
    return (*sample_blocks(voice, g), *_backward(voice, replace(g, blocks=fresh), found))


def _in_short(block: AdjointBlock) -> AdjointBlock:
    """A block with the last side of its line alone, and its paths in one."""
    total = replace(block.total, chain=block.total.chain[-1:])
    n = len(block.contributions)
    if n < 2:
        return replace(block, total=total)
    merged = replace(block.contributions[0].line, reason=f"sum over {count_noun(n, 'path')}", rules=())
    return replace(block, total=total, contributions=(replace(block.contributions[0], line=merged),))


def _cite_answers(voice: Voice, g: Gradients) -> tuple[Block, ...]:
    """Nothing is new but, perhaps, names written out: the answers with the numbers of the lines that derived them."""
    asked = [b for b in g.blocks if b.asked]
    further = [b for b in asked if _opens(voice, b)]
    rest = [b for b in asked if b not in further]
    what = "This was" if len(rest) == 1 else "These were"
    blocks: list[Block] = [Paragraph(words(f"{what} derived above:")), summary(voice, rest)] if rest else []
    for b in further:
        blocks += _write_names_out(voice, b, g.forward)
    return tuple(blocks)


def _opens(voice: Voice, block: AdjointBlock) -> bool:
    """Whether an answer has further forms that the document has not shown."""
    return bool(block.final) and voice.ledger.first(voice.place("final", block.symbol, block.final))


def _write_names_out(voice: Voice, block: AdjointBlock, forward: Sequence[Equation]) -> list[Block]:
    """A known answer with its names written out."""
    known = voice.ledger.number_of(voice.place(block.symbol))
    number = voice.ledger.number(voice.place(block.symbol, "final"))
    text = words("This was derived in ", equation_number(known), *_written_out(voice, block, forward, "; "), ":")
    return [Paragraph(text), result(voice, block, number)]


def _backward(voice: Voice, g: Gradients, found: Recall) -> list[Block]:
    """Node by node, from the loss or from where an earlier part left off."""
    asked = [b for b in (*found.known, *g.blocks) if b.asked]
    few = len(asked) <= FRAMED_ALONE and not any(b.asked for b in found.known)
    gathered = not few and _says_more(g, asked)
    rows: list[TableRow] = []
    blocks: list[Block] = []
    for block in g.blocks:
        alone = block.asked and (few or not (gathered or _fits_line(block)))
        in_line = block.asked and not gathered
        if len(block.contributions) == 1 and not alone:
            row = _single_row(voice, block, g.forward)
            rows.append(_mark_answer(voice, block, row) if in_line else row)
            continue
        blocks += _steps(rows)
        rows = []
        blocks += _frame_answer(voice, block, g.forward) if alone else _tell_unframed(voice, block, g.forward, in_line)
    blocks += _steps(rows)
    further = [b for b in found.known if b.asked and _opens(voice, b)]
    if gathered:
        blocks.append(summary(voice, [b for b in asked if b not in further]))
    for b in further:
        blocks += _write_names_out(voice, b, g.forward)
    return _begun(voice, g, found, _shorten_repeats(blocks))


def _begun(voice: Voice, g: Gradients, found: Recall, blocks: Sequence[Block]) -> list[Block]:
    """The blocks behind `Backward pass.` and a word on where it starts, in one paragraph with their first sentence."""
    first = blocks[0]
    if isinstance(first, Paragraph):
        told = _start(voice, found)
        known = words(listed_words(told), f" {'is' if len(told) == 1 else 'are'} known. ") if told else NOTHING
        return [Paragraph(words(known, first.text), "Backward pass."), *blocks[1:]]
    asked = [b for b in g.blocks if b.asked]
    return [Paragraph(_opening(voice, g, found, asked), "Backward pass."), *blocks]


def _shorten_repeats(blocks: Sequence[Block]) -> list[Block]:
    """The blocks; a paragraph that says what the one before it said is put in short."""
    told: list[Block] = []
    before = NOTHING
    for block in blocks:
        same = isinstance(block, Paragraph) and block.text == before
        told.append(Paragraph(words("In the same way:")) if same else block)
        before = block.text if isinstance(block, Paragraph) else before
    return told


def _says_more(g: Gradients, asked: Sequence[AdjointBlock]) -> bool:
    """Whether a list of the answers has a form that no line of the derivation has, or an answer from before."""
    return any(b not in g.blocks or b.expected or (b.final and not _symbols(b.value)) for b in asked)


def _fits_line(block: AdjointBlock) -> bool:
    """Whether an answer is short enough for a frame that cannot break."""
    return leaves(block.total.chain[-1]) <= IN_LINE


def _mark_answer(voice: Voice, block: AdjointBlock, row: TableRow) -> TableRow:
    """A line with its last side framed."""
    *sides, last = row.right
    key = Chain(voice.inline(block.symbol), voice.answer((block.value,)))
    return replace(row, right=(*sides, Side(Framed(last.body))), key=key)


def _steps(rows: Sequence[TableRow]) -> list[Block]:
    return [Steps(tuple(rows))] if rows else []


def summary(voice: Voice, asked: Sequence[AdjointBlock]) -> Summary:
    """The answers in one frame, each with its shape and the number of the line that derives it."""
    return Summary(tuple(_summary_row(voice, b) for b in asked))


def result(voice: Voice, block: AdjointBlock, number: str, shown: Sequence[Expr] = ()) -> ResultBlock:
    """The framed answer: symbol = value = further forms."""
    forms = shown or (block.value, *block.final)
    formula = Chain(voice.inline(block.symbol), voice.answer(forms))
    return ResultBlock(formula, voice.shape_of(block.symbol), number)


# ---------------------------------------------------------------- one node


def _single_row(voice: Voice, block: AdjointBlock, forward: Sequence[Equation]) -> TableRow:
    """A node with one use: ∂L/∂h = rule applied = evaluated."""
    contribution = block.contributions[0]
    number = voice.ledger.number(voice.place(block.symbol))
    return TableRow(
        voice.inline(block.symbol),
        voice.chain(block.total.chain),
        reason(voice, contribution, block.symbol.wrt, forward),
        number,
        shape=voice.shape_of(block.symbol),
    )


def _frame_answer(voice: Voice, block: AdjointBlock, forward: Sequence[Equation]) -> list[Block]:
    """An answer that is framed where it is found."""
    if not block.contributions:
        number = voice.ledger.number(voice.place(block.symbol))
        return [_without_uses(voice, block), result(voice, block, number)]
    if len(block.contributions) > 1:
        blocks = _paths(voice, block, forward)
        blocks.append(Paragraph(words("Their sum is the gradient", *_written_out(voice, block, forward, "; "), ":")))
        shown = _find_settled(block.total.chain)
    else:
        blocks = _approach(voice, block, forward)
        shown = block.total.chain[-1:]
    number = voice.ledger.number(voice.place(block.symbol))
    voice.ledger.first(voice.place("final", block.symbol, block.final))
    blocks.append(result(voice, block, number, (*shown, *block.final)))
    return blocks


def _approach(voice: Voice, block: AdjointBlock, forward: Sequence[Equation]) -> list[Block]:
    """What comes before the frame of a node with one use: the chain rule's line, or its reason alone."""
    why = reason(voice, block.contributions[0], block.symbol.wrt, forward)
    blocks: list[Block] = []
    if len(block.total.chain) > 1:
        number = voice.ledger.number(voice.place(block.symbol, "rule"))
        left, right = voice.inline(block.symbol), voice.chain(block.total.chain[:-1])
        blocks.append(Steps((TableRow(left, right, why, number, shape=voice.shape_of(block.symbol)),)))
        if out := _written_out(voice, block, forward, ", "):
            blocks.append(Paragraph(words("Hence", *out, ":")))
    else:
        blocks.append(Paragraph(words(capitalise(why), *_written_out(voice, block, forward, "; "), ":")))
    return blocks


def _tell_unframed(voice: Voice, block: AdjointBlock, forward: Sequence[Equation], in_line: bool) -> list[Block]:
    """A node on the way, or one of many answers, with several uses or none; `in_line`, with its answer framed there."""
    blocks = _paths(voice, block, forward) if block.contributions else [_without_uses(voice, block)]
    reason = words("sum over the paths") if block.contributions else NOTHING
    number = voice.ledger.number(voice.place(block.symbol))
    left, right = voice.inline(block.symbol), voice.chain(block.total.chain)
    row = TableRow(left, right, reason, number, shape=voice.shape_of(block.symbol))
    return [*blocks, Steps((_mark_answer(voice, block, row) if in_line else row,))]


def _without_uses(voice: Voice, block: AdjointBlock) -> Paragraph:
    """Why nothing contributes to a gradient: the sweep starts there, where it is 1, or never comes there."""
    wrt, of = voice.math(block.symbol.wrt), voice.math(block.symbol.of)
    if block.symbol.of == block.symbol.wrt:
        return Paragraph(words("The backward pass starts at ", of, " itself:"))
    nowhere = words("No path leads from ", wrt, " to ", of, ": ", of, " does not depend on it, ")
    return Paragraph(words(nowhere, "and the gradient is zero."))


def _paths(voice: Voice, block: AdjointBlock, forward: Sequence[Equation]) -> list[Block]:
    """The sentence that counts the uses, and one labelled term for each."""
    rows = [_term(voice, block, n, forward) for n in range(len(block.contributions))]
    return [Paragraph(_count_paths(voice, block)), Steps(tuple(rows))]


def _term(voice: Voice, block: AdjointBlock, n: int, forward: Sequence[Equation]) -> TableRow:
    contribution = block.contributions[n]
    same = [c for c in block.contributions if c.via == contribution.via]
    use = f", {ordinal(same.index(contribution))} use" if len(same) > 1 else ""
    told = contribution.line.label
    direct = contribution.via == block.symbol.of
    way = words("directly" if direct else "through ", *(() if direct else (voice.math(contribution.via),)), f"{use}:")
    label = typed_words(told) if told else way
    number = voice.ledger.number(voice.place(contribution.line.id))
    left, right = sides(voice, contribution.line.chain)
    why = reason(voice, contribution, block.symbol.wrt, forward)
    return TableRow(left, right, why, number, label, shape=voice.shape_of(block.symbol))


def sides(voice: Voice, chain: Sequence[Expr]) -> tuple[Node | None, Sides]:
    """A chain with its first member as the left side; alone, it stands at the right."""
    if len(chain) == 1:
        return None, tuple(replace(side, sign="") for side in voice.chain(chain))
    return voice.inline(chain[0]), voice.chain(chain[1:])


# ---------------------------------------------------------------- sentences


def _opening(voice: Voice, g: Gradients, found: Recall, asked: Sequence[AdjointBlock]) -> Words:
    """Where the backward pass starts and where it goes: from the loss, or from what is known."""
    of = listed_words(_start(voice, found)) or words(voice.math(g.of))
    if len(asked) <= SPELT_OUT:
        return words("From ", of, " back to ", listed_words([voice.math(b.symbol.wrt) for b in asked]), ":")
    return words("From ", of, " back, one node at a time:")


def _start(voice: Voice, found: Recall) -> list[Words]:
    """`∂L/∂z = p − y (12)`: the known gradients from which it goes on; long ones by symbol and number alone."""
    told = []
    for b in found.start:
        brief = leaves(b.value) <= SHORT and not _symbols(b.value)
        value = (voice.inline(b.value),) if brief else ()
        number = voice.ledger.number_of(voice.place(b.symbol))
        told.append(
            words(Formula(equate(slash_derivative(voice.inline(b.symbol)), *value)), " ", equation_number(number))
        )
    return told


def _count_paths(voice: Voice, block: AdjointBlock) -> Words:
    """How many paths meet at a name, said in full once and in short afterwards."""
    name, of = voice.math(block.symbol.wrt), voice.math(block.symbol.of)
    vias = list(dict.fromkeys(voice.math(c.via) for c in block.contributions))
    n = len(block.contributions)
    terms = f", so its gradient has {count_noun(n, 'term')}:"
    if len(vias) < n:
        return words(name, f" occurs {count_times(n)}, in ", listed_words(vias), terms)
    if voice.ledger.first(("sentence", "paths")):
        routes = listed_words([words("directly") if via == of else words("through ", via) for via in vias])
        return words(name, " reaches ", of, f" along {count_noun(n, 'path')}, ", routes, terms)
    return words(name, " enters ", "both " if n == 2 else "", listed_words(vias), terms)


def _written_out(voice: Voice, block: AdjointBlock, forward: Sequence[Equation], mark: str) -> tuple[Words, ...]:
    """`; with h = Wx and r = … written out`: what the further forms of an answer put in place of names."""
    if not block.final or (_symbols(block.final[-1]) and not _symbols(block.value)):  # an expected form may name them
        return ()
    before, after = set(variables(block.value)), set(variables(block.final[-1]))
    gone = [q for q in forward if q.var in before - after]
    inserted = _symbols(block.value) and not _symbols(block.final[-1])
    if inserted:
        return (words(f"{mark}with the {'values above' if gone else 'gradients found above'} inserted"),)
    many = len(gone) > SPELT_OUT
    clauses = [voice.math(q.var) if many else Formula(voice.plain_equation(q)) for q in gone]
    return (words(f"{mark}with ", listed_words(clauses), " written out"),) if clauses else ()


def reason(voice: Voice, c: Contribution, wrt: Var, forward: Sequence[Equation]) -> Words:
    """Why a contribution is what it is: the rules it cites and the fact it rests on, or that a name is a summand."""
    found = voice.reason(c.line)
    if found:
        fact = summing_to_one(c.line.chain)
        return words(found, "; ", filled_words(fact[1], {"": words(voice.math(fact[0]))})) if fact else found
    name, via = voice.math(wrt), voice.math(c.via)
    equation = next((q for q in forward if q.var == c.via), None)
    if equation is not None and equation.body == wrt:
        return words(via, " is a copy of ", name)
    first = c.line.chain[0]
    if is_negation(first):
        return words(name, " is subtracted in ", via)
    factor = constant_factor(equation.body, wrt) if equation is not None else None
    if factor is not None:
        return words(name, " enters ", via, " with the factor ", voice.math(factor))
    return words(name, " is a summand of ", via)


def _find_settled(chain: Sequence[Expr]) -> tuple[Expr, ...]:
    """The end of a chain from where no gradient symbol is left; the last member where some are."""
    free = tuple(e for e in chain if not _symbols(e))
    return free if free and free[-1] == chain[-1] else tuple(chain[-1:])


def _symbols(e: Expr) -> bool:
    return any(isinstance(n, Adj) for n in nodes(e))


def _summary_row(voice: Voice, block: AdjointBlock) -> TableRow:
    shape = voice.shape_of(block.symbol)
    forms = (block.value, *(block.expected if _symbols(block.value) else block.final))
    return TableRow(
        voice.inline(block.symbol),
        voice.answer(forms),
        words(Formula(shape)) if shape and block.symbol.wrt.shape_ else NOTHING,
        voice.ledger.number_of(voice.place(block.symbol)),
    )
