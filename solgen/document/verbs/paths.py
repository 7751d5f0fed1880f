"""The verb `paths`: every route from a name to the loss, what each contributes, and their sum.

A figure shows the routes; its numbers stand beside the terms.
"""

from __future__ import annotations

from solgen.document.blocks import PAGE_WIDTH, Block, Paragraph, Picture, ResultBlock, Steps, TableRow
from solgen.document.english import count_noun, ordinal
from solgen.document.forward_pass import forward_blocks
from solgen.document.verbs.gradients import sides
from solgen.document.voice import PLAIN, Voice
from solgen.expr.nodes import Adj, Var
from solgen.expr.present.letters import join_row
from solgen.expr.present.tree import Operator, RouteMark
from solgen.model.derivation import Paths
from solgen.model.figure import Figure
from solgen.model.problem import Model, Options
from solgen.render.chains import Chain
from solgen.render.words import NOTHING, Formula, Gap, Words, listed_words, words

TO = Operator("→", "binary")
COLOURS = 4  # routes that have a line of their own in the figure


def path_blocks(
    voice: Voice, p: Paths, model: Model, options: Options = PLAIN, figure: Figure | None = None
) -> tuple[Block, ...]:
    """The solution of one `paths` item, with the figure of its routes; without steps, the sum alone."""
    known = {q.var.name for q in model.equations}
    introduced = tuple(q.var for q in p.forward if q.var.name not in known)
    wrt, of = voice.math(p.wrt), voice.math(p.of)
    if not p.terms:
        return (Paragraph(words("No path leads from ", wrt, " to ", of, ", so the gradient is zero.")),)
    if options.steps == "none":
        return (_total(voice, p),)
    single = len(p.terms) == 1
    there = f"There {'is' if single else 'are'} {count_noun(len(p.terms), 'path')} from "
    opening = words(there, wrt, " to ", of, f". {'It contributes' if single else 'They contribute'}:")
    shown = figure is not None and len(p.terms) > 1
    rows = tuple(_row(voice, p, n, shown) for n in range(len(p.terms)))
    pictures = (_picture(voice, p, figure),) if figure else ()
    closing = Paragraph(words(f"The gradient is {'this term' if len(rows) == 1 else 'their sum'}:"))
    shown_all = (*pictures, Paragraph(opening), Steps(rows), closing, _total(voice, p))
    return (*forward_blocks(voice, p.forward, introduced), *shown_all)


def route(voice: Voice, names: tuple[Var, ...]) -> Formula:
    """W → h → L."""
    return Formula(join_row(tuple(voice.inline(v) for v in names), TO))


def use(voice: Voice, p: Paths, n: int) -> Words:
    """Which use of a name route n takes, where another route has the same stops: ` (first use of W)`."""
    own = p.terms[n]
    alike = [t for t in p.terms if t.route == own.route and t.uses]
    steps = [k for k in range(len(own.uses)) if len({t.uses[k] for t in alike}) > 1]
    told = [words(f"{ordinal(own.uses[k])} use of ", voice.math(own.route[k])) for k in steps]
    return words(" (", listed_words(told), ")") if told else NOTHING


def _picture(voice: Voice, p: Paths, figure: Figure) -> Picture:
    """The figure of the routes, and how to read it."""
    ends = words(" from ", voice.math(p.wrt), " to ", voice.math(p.of))
    numbers = ". The numbers in discs are those of the terms below."
    caption = words("The path", ends, ".") if len(p.terms) == 1 else words("The paths", ends, numbers)
    return Picture(figure.name, min(figure.width_pt, PAGE_WIDTH), voice.ledger.figure(), caption, figure.alt)


def _mark(p: Paths, n: int) -> Words:
    """The disc of the figure with the route's number, in the colour of its line there."""
    return words(RouteMark(n + 1, n + 1 if len(p.terms) <= COLOURS else 0), Gap())


def _row(voice: Voice, p: Paths, n: int, marked: bool) -> TableRow:
    term = p.terms[n]
    via = term.route[1].name if len(term.route) > 1 else ""
    number = voice.ledger.number(voice.place(Adj(p.of, p.wrt), "route", via))
    left, right = sides(voice, term.line.chain)
    shape = voice.shape_of(Adj(p.of, p.wrt))
    label = words(_mark(p, n) if marked else NOTHING, route(voice, term.route), use(voice, p, n), ":")
    return TableRow(left, right, voice.reason(term.line, brief=True), number, label, shape=shape)


def _total(voice: Voice, p: Paths) -> ResultBlock:
    symbol = Adj(p.of, p.wrt)
    chain = tuple(e for e in p.total.chain if e != symbol)
    number = voice.ledger.number(voice.place(symbol))
    formula = Chain(voice.inline(symbol), voice.answer(chain))
    return ResultBlock(formula, voice.shape_of(symbol) if p.wrt.shape_ else None, number)
