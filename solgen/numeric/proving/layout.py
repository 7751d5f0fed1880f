"""Which values a claim is written out over: all declared ones; or those next to what is differentiated by.

A value that does not depend on what is differentiated by may be anything: a claim that holds for every such value
holds for those that the model gives it.  So the layers before it need not be written out at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from solgen.expr.nodes import Var
from solgen.expr.walk import variables
from solgen.model.problem import Equation
from solgen.numeric.proving.claims import Claim


@dataclass(frozen=True, slots=True)
class Layout:
    """The values that are free, an entry a symbol, and the equations that give the others, in order.

    `before` is a forward pass whose names the others may define anew.
    """

    free: tuple[Var, ...]
    before: tuple[Equation, ...]
    equations: tuple[Equation, ...]


def whole(claim: Claim) -> Layout:
    """Everything from what is declared: by the file's own equations, and by what the page shows only what it adds."""
    equations = (*claim.before, *_equations(claim))
    needed = _find_needed(claim, equations, frozenset())
    declared = [d.var for d in claim.scope.model.declarations] + ([claim.parameter] if claim.parameter else [])
    return Layout(
        tuple(v for v in declared if v.name in needed),
        tuple(q for q in claim.before if q.var.name in needed),
        tuple(q for q in _equations(claim) if q.var.name in needed),
    )


def cut(claim: Claim) -> Layout | None:
    """Only what depends on the variable that the claim differentiates by; None where there are several, or none."""
    names = {symbol.wrt.name for symbol in claim.asked}
    if len(names) != 1:
        return None
    moved = set(names)
    equations = _equations(claim)
    known = {v.name: v for v in (*(d.var for d in claim.scope.model.declarations), *(q.var for q in equations))}
    known |= {claim.parameter.name: claim.parameter} if claim.parameter else {}
    for q in equations:
        if q.var.name not in names and any(v.name in moved for v in variables(q.body)):
            moved.add(q.var.name)
    fixed = frozenset(known) - (moved - names)
    needed = _find_needed(claim, equations, fixed)
    if not needed <= known.keys():
        return None
    free = tuple(known[name] for name in known if name in needed and name in fixed)
    return Layout(free, (), tuple(q for q in equations if q.var.name in needed and q.var.name not in fixed))


def _equations(claim: Claim) -> tuple[Equation, ...]:
    own = {q.var.name for q in claim.given}
    return (*claim.given, *(q for q in claim.shown if q.var.name not in own))


def _find_needed(claim: Claim, equations: Iterable[Equation], ends: frozenset[str]) -> frozenset[str]:
    """The names that the claim speaks of and all that their values need, as far as the names at which that ends."""
    formulas = [e for s in claim.statements for e in (s.left, s.right)]
    found = {v.name for e in formulas for v in variables(e)}
    found |= {v.name for symbol in claim.symbols for v in (symbol.of, symbol.wrt)}
    reads: dict[str, set[str]] = {}
    for q in equations:
        reads.setdefault(q.var.name, set()).update(v.name for v in variables(q.body))
    pending = list(found)
    while pending:
        name = pending.pop()
        for other in () if name in ends else reads.get(name, ()):
            if other not in found:
                found.add(other)
                pending.append(other)
    return frozenset(found)
