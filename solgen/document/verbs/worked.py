"""Derivations told stage by stage: Jacobians, Hessians, scalar derivatives, rewritings, index forms.

Each stage is a sentence that says what is done, then its lines; a condition such as i = j stands in the
sentence of its case.  The forms asked for are framed where they are reached, the first as an equation, the others as
further sides of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from solgen.document.blocks import Block, Paragraph, ResultBlock, Steps, TableRow
from solgen.document.entry_grids import grid
from solgen.document.forward_pass import forward_blocks
from solgen.document.voice import PLAIN, Voice, equation_number
from solgen.expr.nodes import Adj, Entry, Expr, shape
from solgen.expr.present.gradient_symbols import PARTIAL
from solgen.expr.present.letters import APPLIED_BARE, PRIME
from solgen.expr.present.signs import KRONECKER
from solgen.expr.present.tree import Cases, Fraction, Framed, Node, Operator, Text
from solgen.expr.present.tree import Row as Beside
from solgen.expr.walk import leaves, nodes, variables
from solgen.model.derivation import Line, NamedPart, Passage, Where, Worked
from solgen.model.problem import Equation, Options
from solgen.render.chains import Chain, Equality, Side, Sides, equate
from solgen.render.words import NOTHING, Formula, Words, capitalise, join_words, listed_words, typed_words, words

SENTENCES: Mapping[str, str] = MappingProxyType({
    "definition": "by definition", "quotient": "the quotient rule", "product": "the product rule",
    "chain": "the chain rule", "merge": "both cases in one, with Kronecker's $\\delta$", "index": "entry by entry",
    "entries": "all entries together", "matrix": "in matrix form", "value": "in terms of the function itself",
    "facts": "with what was declared of the variables", "substitute": "with the names written out",
    "sample": "for one sample", "sum": "the terms add up", "batch": "with the samples stacked in matrices",
    "rewrite": "rewritten", "gradient": "we start from the gradient",
    "place": "at the value to which the model applies it",
    "jacobian": "as a matrix",
})  # fmt: skip


MERGED = "both cases in one, with an indicator"  # where δ is a name

FRAMED = 24  # so many symbols fit a frame that cannot break
IN_LINE = 12  # so many symbols are framed within a line of several sides
RULES = ("quotient", "product", "chain")  # their passages name parts with primes


def worked_blocks(voice: Voice, w: Worked, options: Options = PLAIN) -> tuple[Block, ...]:
    """The stages of a derivation with its results framed where they are reached; without steps, the results alone."""
    if w.verb == "rewrite":
        return _tell_rewriting(voice, w, options)
    framed = _answers_by_stage(w)
    if options.steps == "none":
        return tuple(_result(voice, w, left) for found in framed.values() for left in found)
    if not _first(voice, w, "results", *w.results) and not options.again:
        known = voice.ledger.number_of(voice.place(w.results[0].chain[0]))
        cited = Paragraph(words("This was derived in ", equation_number(known), ":"))
        return (cited, *(_result(voice, w, left) for found in framed.values() for left in found))
    blocks: list[Block] = [] if w.verb == "derivative" else forward_blocks(voice, _leading(w))
    told = _choose_passages(voice, w, options)
    before: tuple[str, ...] = ()
    for n, passage in enumerate(w.passages):
        again = () if n not in told or n in framed or options.again else _find_numbers(voice, w, passage)
        if again and n + 1 in told:
            before = again
            continue
        goes_on = n > 0 and n - 1 in told and n - 1 not in framed and _continues(w.passages[n - 1], passage)
        told_in_full = _passage(voice, w, passage, n in framed, goes_on and not before, before) if n in told else []
        before = ()
        closed = _close_stage(voice, w, passage, framed.get(n, ()), told_in_full)
        blocks += closed or (*told_in_full, *(_result(voice, w, left) for left in framed.get(n, ())))
    return (*blocks, *(_result(voice, w, left) for left in framed.get(len(w.passages), ())))


def _leading(w: Worked) -> tuple[Equation, ...]:
    """The part of the forward pass that leads to what is differentiated."""
    if not isinstance(w.symbol, Adj):
        return w.forward
    needed = {w.symbol.of.name}
    for q in reversed(w.forward):
        needed |= {v.name for v in variables(q.body)} if q.var.name in needed else set()
    return tuple(q for q in w.forward if q.var.name in needed)


def _first(voice: Voice, w: Worked, what: str, *lines: Line) -> bool:
    """Whether these lines are told for the first time in this problem, with this forward pass and notation."""
    forward = tuple((q.var, q.body) for q in w.forward)
    return voice.ledger.first(voice.place(what, voice.presenter.notation, forward, tuple(line.chain for line in lines)))


def _choose_passages(voice: Voice, w: Worked, options: Options) -> frozenset[int]:
    """The passages that are told: a definition once; in short, only the last step before each answer."""
    seen: set[Expr] = set()
    kept: set[int] = set()
    for n, p in enumerate(w.passages):
        if p.kind == "definition" and p.lines:
            known = p.lines[0].chain[0] in seen
            seen.add(p.lines[0].chain[0])
            if known or (not _first(voice, w, "definition", *p.lines) and not options.again):
                continue
        kept.add(n)
    short = ("definition", "merge", "matrix", "entries", "place", "value")
    return frozenset(n for n in kept if options.steps == "full" or w.passages[n].kind in short)


# ---------------------------------------------------------------- one stage


def _continues(before: Passage, p: Passage) -> bool:
    """Whether a passage does what the one before it does, so that no sentence is needed."""
    plain = not (p.where or p.names or p.grid or before.where or before.grid)
    return plain and bool(p.lines) and before.kind == p.kind and _done(before) == _done(p)


def _find_numbers(voice: Voice, w: Worked, p: Passage) -> tuple[str, ...]:
    """The numbers under which this problem already has every line of an index form; none if it lacks one."""
    if p.kind != "index" or p.grid is not None:
        return ()
    numbers = [voice.ledger.number_of(statement(voice, w, line)) for line in p.lines]
    return tuple(dict.fromkeys(numbers)) if all(numbers) else ()


def statement(voice: Voice, w: Worked, line: Line) -> tuple[object, ...]:
    """The place of an equality, whatever line states it: its two ends, with the forward pass and the notation."""
    forward = tuple((q.var, q.body) for q in w.forward)
    return voice.place("stated", voice.presenter.notation, forward, line.chain[0], line.chain[-1])


def _passage(
    voice: Voice, w: Worked, p: Passage, framed: bool, goes_on: bool, cited: tuple[str, ...] = ()
) -> list[Block]:
    """The sentence and the lines; a line that the frame beneath repeats is left to the frame, a matrix says it all.

    cited: the numbers of what was stated before and is used here.
    """
    shown = {e for line in w.results for e in line.chain[1:]}
    lines = p.lines if p.grid is None else ()
    if framed and len(lines) == 1 and all(e in shown for e in lines[0].chain[1:]):
        lines = ()
    rows = tuple(_row(voice, w, line) for line in lines)
    blocks: list[Block] = [] if goes_on else [Paragraph(_sentence(voice, w, p, cited))]
    blocks += [Steps(rows)] if rows else []
    if p.grid:
        number = voice.ledger.number(voice.place(p.grid.symbol, "grid"))
        blocks.append(Steps((TableRow(voice.inline(p.grid.symbol), (Side(grid(voice, p.grid)),), NOTHING, number),)))
    return blocks


def _sentence(voice: Voice, w: Worked, p: Passage, cited: tuple[str, ...] = ()) -> Words:
    """`For i ≠ j, the quotient rule with g = … and h = …, where a prime means ∂/∂x_j:`"""
    if p.kind == "independent":
        return _independent(voice, w.symbol)
    case = listed_words([Formula(_sign(voice, w)) for w in p.where])
    names = listed_words([_part(voice, part) for part in p.names])
    prime = _prime(voice, w) if p.kind in RULES and names else NOTHING
    told = [words("for ", case)] if case else []
    if p.kind in SENTENCES:
        done = typed_words(_merge_cases(voice) if p.kind == "merge" else _done(p))
        told.append(words(done, *((" with ", names) if names else ()), prime))
    told += [words("with ", listed_words([equation_number(n) for n in cited]))] if cited else []
    return words(capitalise(join_words(told, ", ") or words("then")), ":" if p.lines or p.grid else ".")


def _independent(voice: Voice, symbol: Expr) -> Words:
    """`u does not depend on y, so that its derivative is zero:`"""
    found = next(n for n in nodes(symbol) if isinstance(n, Adj))
    what = words("the gradient") if found.twice else words(voice.math(found.of))
    zero = "the second derivative is zero" if found.twice else "the derivative is zero"
    return words(capitalise(what), " does not depend on ", voice.math(found.wrt), f", so {zero}:")


def _part(voice: Voice, part: NamedPart) -> Formula:
    """A part of a rule: g = …, and g′ = … for its derivative."""
    name = voice.presenter.name(part.letter).with_superscript(*(PRIME,) * part.primes).node()
    return Formula(equate(name, voice.inline(part.value)))


def _merge_cases(voice: Voice) -> str:
    """How both cases become one: with δ, or, where that is a name, with the indicator that stands for it."""
    return MERGED if KRONECKER.letter.letters in voice.presenter.taken else SENTENCES["merge"]


def _done(p: Passage) -> str:
    """What a passage does; a Jacobian that is no product of others is no chain rule."""
    chained = any(isinstance(n, Adj) for line in p.lines for e in line.chain[1:] for n in nodes(e))
    whole = all(isinstance(line.chain[0], Adj) and len(shape(line.chain[0])) == 2 for line in p.lines)
    return SENTENCES.get("jacobian" if p.kind == "chain" and p.lines and whole and not chained else p.kind, "")


def _prime(voice: Voice, w: Worked) -> Words:
    """What a prime means, where it is a partial derivative."""
    if not isinstance(w.symbol, Adj) or not w.indices:
        return NOTHING
    free = w.indices[len(shape(w.symbol.of)) :]
    if w.symbol.twice or len(free) != len(shape(w.symbol.wrt)):
        return NOTHING
    below = Beside((PARTIAL, APPLIED_BARE, voice.inline(Entry(w.symbol.wrt, free))))
    return words(", where a prime means ", Formula(Fraction(PARTIAL, below, "slash")))


def _sign(voice: Voice, w: Where) -> Node:
    left, right = (voice.presenter.indices((i,)) for i in (w.left, w.right))
    return Beside((left, Operator("=" if w.equal else "≠", "relation"), right))


def _row(voice: Voice, w: Worked, line: Line) -> TableRow:
    """A line of a stage; only what is shown with shapes is a product of arrays."""
    left, rest = voice.inline(line.chain[0]), line.chain[1:]
    right = voice.chain(rest, shapes_last=bool(shape(rest[-1]))) if rest else ()
    number = voice.ledger.number(voice.place(line.id), statement(voice, w, line))
    return TableRow(left, right, voice.reason(line), number, shape=voice.shape_of(line.chain[0]))


# ---------------------------------------------------------------- answers


def _answers_by_stage(w: Worked) -> dict[int, tuple[Expr, ...]]:
    """For each stage, the left sides whose answer it reaches: ∂y/∂x, and its entries."""
    found: dict[int, tuple[Expr, ...]] = {}
    for left in dict.fromkeys(line.chain[0] for line in w.results):
        stage = _stage(w, left)
        found[stage] = (*found.get(stage, ()), left)
    return found


def _stage(w: Worked, left: Expr) -> int:
    """The last stage with a line for this left side, cases included; a matrix of entries comes after their frame."""
    ends = {line.chain[-1] for line in w.results if line.chain[0] == left}
    cases = any(line.reason == "cases" for line in w.results if line.chain[0] == left)
    stages = [
        n
        for n, p in enumerate(w.passages)
        if p.grid is None
        and (any(line.chain[0] == left and line.chain[-1] in ends for line in p.lines) or (cases and p.kind == "case"))
    ]
    return stages[-1] if stages else len(w.passages)


def _close_stage(voice: Voice, w: Worked, p: Passage, lefts: Sequence[Expr], blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a stage with the answer framed in its last line, where that line ends in all that was asked."""
    asked = [line for line in w.results if line.chain[0] in lefts]
    steps = blocks[-1] if blocks else None
    told_twice = bool(voice.named) or any(line.reason == "cases" for line in asked)
    if len(lefts) != 1 or told_twice or not isinstance(steps, Steps) or not p.lines:
        return []
    last = p.lines[-1].chain
    if last[0] != lefts[0] or {line.chain[1:] for line in asked} != {last[-1:]} or leaves(last[-1]) > IN_LINE:
        return []
    row = steps.rows[-1]
    *sides, end = row.right
    voice.ledger.same(row.number, voice.place(lefts[0]))
    key = Chain(voice.inline(last[0]), voice.answer(last[-1:]))
    closed = replace(row, right=(*sides, Side(Framed(end.body))), key=key)
    return [*blocks[:-1], Steps((*steps.rows[:-1], closed))]


def _result(voice: Voice, w: Worked, left: Expr) -> ResultBlock:
    """The answer for one left side in a frame: all forms that were asked for."""
    lines = [line for line in w.results if line.chain[0] == left]
    rights = [_cases(voice, w) if line.reason == "cases" else voice.answer(line.chain[1:]) for line in lines]
    number = voice.ledger.number(voice.place(left), *(statement(voice, w, line) for line in lines))
    sides = tuple(side for right in dict.fromkeys(rights) for side in right)
    return ResultBlock(Chain(voice.inline(left), sides), voice.shape_of(left), number)


def _cases(voice: Voice, w: Worked) -> Sides:
    """`= { a if i = j; b if i ≠ j }`, from the passages of the cases."""
    found = [p for p in w.passages if p.kind == "case" and p.where and p.lines]
    lines = tuple((voice.inline(p.lines[-1].chain[-1]), _condition(voice, p.where)) for p in found)
    return (Side(Cases(lines)),)


def _condition(voice: Voice, where: Sequence[Where]) -> Node:
    """`if i = j`, within a formula."""
    first, *rest = (_sign(voice, w) for w in where)
    return Beside((Text("if "), first, *(part for sign in rest for part in (Text(" and "), sign))))


# ---------------------------------------------------------------- rewriting


def _tell_rewriting(voice: Voice, w: Worked, options: Options) -> tuple[Block, ...]:
    """One chain, a stage a line: the value, and what was done to get there; the last, where it is short, framed."""
    rows: list[TableRow] = []
    for passage in w.passages if options.steps == "full" else ():
        for line in passage.lines:
            sides = voice.chain(line.chain[1:], shapes_last=False)
            right = tuple(dict.fromkeys(sides))  # the sum of a batch reads as the sum over its samples
            left = None if rows else voice.inline(line.chain[0])
            if not rows or right != rows[-1].right:
                rows.append(TableRow(left, right, _why(voice, w, passage, line)))
    symbol, answer = w.results[-1].chain[0], w.results[-1].chain[-1]
    if len(rows) < 2 or leaves(answer) > FRAMED:
        steps = (Steps(tuple(rows)),) if len(rows) > 1 else ()
        return (*steps, _result(voice, w, symbol))
    number = voice.ledger.number(voice.place(symbol))
    shown = voice.inline(answer)
    key = Equality(voice.inline(symbol), shown)
    last = TableRow(None, (Side(Framed(shown)),), rows[-1].reason, number, NOTHING, key)
    return (Steps((*rows[:-1], last)),)


def _why(voice: Voice, w: Worked, p: Passage, line: Line) -> Words:
    """A stage's reason; a name that was written out is printed as its symbol."""
    named = next((q.var for q in w.forward if q.var.name == line.reason), None)
    if p.kind == "substitute" and named is not None:
        return words(voice.math(named), " written out")
    return voice.reason(line)
