"""The verb `paths`: every route from a name to the loss, what each contributes, and their sum."""

from __future__ import annotations

from solgen.document.blocks import NOTHING, Block, Paragraph, Result, Row, Steps
from solgen.document.escape import Tex
from solgen.document.forward import forward_blocks
from solgen.document.gradients import sides
from solgen.document.grammar import counted
from solgen.document.voice import PLAIN, Voice
from solgen.expr.nodes import Adj, Var
from solgen.model import Model, Options, Paths, PathTerm


def path_blocks(voice: Voice, p: Paths, model: Model, options: Options = PLAIN) -> tuple[Block, ...]:
    """The solution of one `paths` item; without steps, the sum alone."""
    known = {q.var.name for q in model.equations}
    introduced = tuple(q.var for q in p.forward if q.var.name not in known)
    wrt, of = voice.math(p.wrt), voice.math(p.of)
    if not p.terms:
        return (Paragraph(Tex(f"No route leads from {wrt} to {of}, so the gradient is zero.")),)
    if options.steps == "none":
        return (_total(voice, p),)
    routes = counted(len(p.terms), "route")
    verb = "is" if len(p.terms) == 1 else "are"
    opening = Tex(
        f"There {verb} {routes} from {wrt} to {of}{'' if len(p.terms) == 1 else ', with these contributions'}:"
    )
    rows = tuple(_row(voice, p, term) for term in p.terms)
    closing = Paragraph(Tex(f"The gradient is {'this term' if len(rows) == 1 else 'their sum'}:"))
    return (*forward_blocks(voice, p.forward, introduced), Paragraph(opening), Steps(rows), closing, _total(voice, p))


def route(voice: Voice, names: tuple[Var, ...]) -> Tex:
    r"""`W \to h \to L`."""
    return Tex("$" + r" \to ".join(voice.printer.expr(v) for v in names) + "$")


def _row(voice: Voice, p: Paths, term: PathTerm) -> Row:
    via = term.route[1].name if len(term.route) > 1 else ""
    number = voice.ledger.number(voice.place(Adj(p.of, p.wrt), "route", via))
    left, right = sides(voice, term.line.chain)
    shape = voice.shape_of(Adj(p.of, p.wrt))
    return Row(left, right, voice.reason(term.line), number, Tex(f"{route(voice, term.route)}:"), shape=shape)


def _total(voice: Voice, p: Paths) -> Result:
    symbol = Adj(p.of, p.wrt)
    chain = tuple(e for e in p.total.chain if e != symbol)
    number = voice.ledger.number(voice.place(symbol))
    formula = Tex(f"{voice.printer.expr(symbol)} {voice.answer(chain)}")
    return Result(formula, voice.shape_of(symbol) if p.wrt.shape_ else NOTHING, number)
