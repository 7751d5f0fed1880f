"""The forward pass as a solution shows it: names announced, a shape beneath every factor, each equation once a problem.

Equations that prose cites by number carry one, where they are first displayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from solgen.document.blocks import Block, Formulas, Paragraph
from solgen.document.voice import Voice
from solgen.expr.nodes import Expr, Var
from solgen.expr.present.sizes import size_node
from solgen.expr.present.spaces import classes_node, declared_space
from solgen.expr.present.tree import Node, Operator, Row, Text
from solgen.model.problem import Declaration, Equation, Model
from solgen.render.words import NOTHING, Words, listed_words, words

IN = Operator("∈", "relation")
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
    text = announce_names(voice, introduced, again=shown is not forward)
    if not text and lead:
        text = whereto(voice, shown[-1].var) if shown is forward else words(AGAIN[all(new)])
    return [*([Paragraph(text, lead)] if text or lead else []), formulas(voice, shown, introduced)]


def announce_names(voice: Voice, introduced: Sequence[Var], again: bool = False) -> Words:
    """`Write s for an intermediate value:`; `again`, where only the rest of the forward pass follows."""
    names = listed_words([voice.math(v) for v in introduced])
    if not names:
        return NOTHING
    values = "an intermediate value" if len(introduced) == 1 else "intermediate values"
    return words("The forward pass is as before. Write " if again else "Write ", names, f" for {values}:")


def whereto(voice: Voice, last: Expr) -> Words:
    """`From the inputs to L:`"""
    return words("From the inputs to ", voice.math(last), ":")


def formulas(voice: Voice, equations: Sequence[Equation], introduced: Sequence[Var] = ()) -> Formulas:
    """Equations side by side, with the numbers of those that are cited."""
    numbers = tuple(voice.cited_number(q.var.name) for q in equations)
    items = tuple(replace(voice.equation(q), introduces=q.var in introduced) for q in equations)
    return Formulas(items, numbers=numbers if any(numbers) else ())


def introduced_names(forward: Sequence[Equation], model: Model) -> tuple[Var, ...]:
    """The left sides that the model itself does not have."""
    known = {q.var.name for q in model.equations}
    return tuple(q.var for q in forward if q.var.name not in known)


def declarations(voice: Voice, model: Model) -> tuple[Node, ...]:
    """The declared values and where they live, x ∈ ℝⁿ; then functions and the order of sizes."""
    values = [_declare(voice, d) for d in model.declarations]
    functions = [Row((voice.presenter.name(f.name).node(), Text(" differentiable"))) for f in model.functions]
    order = [Row((size_node(a), Operator("<", "relation"), size_node(b))) for a, b in model.order]
    return (*values, *functions, *order)


def _declare(voice: Voice, d: Declaration) -> Node:
    v = d.var
    symbol = voice.inline(v)
    space = declared_space(v.shape_, v.kind) if d.classes is None else classes_node(d.classes)
    return Row((symbol, IN, space))
