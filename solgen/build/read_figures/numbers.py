"""The numbers that may stand on a graph, by what they are of: those the file gives, and those of the certificate."""

from __future__ import annotations

from collections.abc import Mapping

from solgen.expr.nodes import Expr
from solgen.model.derivation import Content, Example, GraphAsked
from solgen.model.quantity import Quantity, state_quantity
from solgen.model.verdict import Checks


def numbers_on(content: Content, example: Example | None, checks: Checks | None) -> Mapping[Expr, Quantity]:
    """The values of names, gradients and their parts; nothing unless the example gives every name of the graph one."""
    runs = {c.id: c for c in checks.examples} if checks else {}
    if not isinstance(content, GraphAsked) or example is None or example.id not in runs:
        return {}
    if not example.runs(content.forward):
        return {}
    run = runs[example.id]
    found: dict[Expr, Quantity] = {}
    for step in example.steps:
        found |= dict(zip(step.operands, run.operands.get(step.id, ()), strict=False))
    for d in example.model.declarations:
        if d.var.name in example.numbers:
            found[d.var] = state_quantity(d.var.name, example.numbers[d.var.name])
    for step in example.steps:
        if step.id in run.by_name:
            found[step.symbol] = run.by_name[step.id]
    return found
