"""The forward pass as a solution shows it: names announced, a shape beneath every factor, each equation once a problem.

Equations that prose cites by number carry one, where they are first displayed.
"""

from __future__ import annotations

from collections.abc import Sequence

from solgen.document.blocks import Block, Formulas, Paragraph
from solgen.document.escape import Tex
from solgen.document.grammar import listed
from solgen.document.voice import Voice
from solgen.expr.nodes import Expr, Kind, Shape, Var
from solgen.expr.present.sizes import size_node
from solgen.model import Declaration, Equation, Model
from solgen.render.latex import latex

SPACES = {
    Kind.POSITIVE: r"\mathbb{R}_{>0}", Kind.UNIT: "[0, 1]", Kind.BINARY: r"\{0, 1\}", Kind.ONEHOT: r"\{0, 1\}",
    Kind.SIGNS: r"\{-1, 1\}", Kind.SIMPLEX: "[0, 1]", Kind.ONEHOT_COLUMNS: r"\{0, 1\}", Kind.SIMPLEX_COLUMNS: "[0, 1]",
}  # fmt: skip
REMARKS = {
    Kind.ONEHOT: "one-hot", Kind.SIMPLEX: "summing to 1", Kind.SYM: "symmetric", Kind.POSDEF: "positive definite",
    Kind.INVERTIBLE: "invertible", Kind.ONEHOT_COLUMNS: "with one-hot columns",
    Kind.SIMPLEX_COLUMNS: "with columns summing to 1",
}  # fmt: skip

AGAIN = {True: "As before, and then", False: "As before, but with"}  # whether the equations shown go on from there


def forward_blocks(
    voice: Voice, forward: Sequence[Equation], introduced: Sequence[Var] = (), lead: str = "Forward pass."
) -> list[Block]:
    """The equations with shapes; of a forward pass that was mostly shown before, only what is new in it."""
    fresh = [q for q in forward if voice.ledger.first(voice.place("equation", q.var, q.body))]
    if not fresh:
        return []
    new = [voice.ledger.first(voice.place("named", q.var)) for q in fresh]
    goes_on = all(new) and len(fresh) < len(forward)
    shown = fresh if goes_on or 2 * len(fresh) < len(forward) else forward
    text = announced(voice, introduced, again=shown is not forward)
    if not text and lead:
        text = whereto(voice, shown[-1].var) if shown is forward else Tex(AGAIN[all(new)])
    return [*([Paragraph(text, lead)] if text or lead else []), formulas(voice, shown)]


def announced(voice: Voice, introduced: Sequence[Var], again: bool = False) -> Tex:
    """`With s for a value that had no name:`; `again`, where only the rest of the forward pass follows."""
    names = listed([voice.math(v) for v in introduced])
    if not names:
        return Tex("")
    values = "a value" if len(introduced) == 1 else "values"
    return Tex(f"{'As before, with' if again else 'With'} {names} for {values} that had no name:")


def whereto(voice: Voice, last: Expr) -> Tex:
    """`From the inputs to L:`"""
    return Tex(f"From the inputs to {voice.math(last)}:")


def formulas(voice: Voice, equations: Sequence[Equation]) -> Formulas:
    """Equations side by side, with the numbers of those that are cited."""
    numbers = tuple(voice.cited_number(q.var.name) for q in equations)
    return Formulas(tuple(voice.equation(q) for q in equations), numbers=numbers if any(numbers) else ())


def introduced_names(forward: Sequence[Equation], model: Model) -> tuple[Var, ...]:
    """The left sides that the model itself does not have."""
    known = {q.var.name for q in model.equations}
    return tuple(q.var for q in forward if q.var.name not in known)


def declarations(voice: Voice, model: Model) -> tuple[Tex, ...]:
    r"""The declared values and where they live, `\bm{x} \in \mathbb{R}^{n}`; then functions and the order of sizes."""
    values = [_declared(voice, d) for d in model.declarations]
    functions = [Tex(rf"{voice.printer.write_name(f.name)} \text{{ differentiable}}") for f in model.functions]
    order = [Tex(f"{latex(size_node(a))} < {latex(size_node(b))}") for a, b in model.order]
    return (*values, *functions, *order)


def _declared(voice: Voice, d: Declaration) -> Tex:
    v = d.var
    symbol = voice.expr(v)
    if d.classes is not None:
        return Tex(rf"{symbol} \in \{{1, \dots, {latex(size_node(d.classes))}\}}")
    remark = rf"\text{{ {REMARKS[v.kind]}}}" if v.kind in REMARKS else ""
    return Tex(rf"{symbol} \in {_space(voice, v.kind, v.shape_)}{remark}")


def _space(voice: Voice, kind: Kind, s: Shape) -> str:
    real = voice.printer.space(s)
    return real.replace(r"\mathbb{R}", SPACES[kind], 1) if kind in SPACES else real
