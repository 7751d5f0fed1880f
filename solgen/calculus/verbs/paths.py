"""`paths`: every route from a name to the loss, one term each, and their sum."""

from __future__ import annotations

from collections.abc import Iterator

from solgen.calculus.engine.adjoints import Detail, Values, expand_names
from solgen.calculus.engine.family import align_gradient
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.engine.sweep import Use, on_path, uses
from solgen.calculus.question import Question
from solgen.calculus.textbook.simplify import simplify
from solgen.calculus.verbs import Verb
from solgen.errors import Refused
from solgen.expr.arith import ONE, ZERO, add, fill
from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.walk import free_indices
from solgen.model.derivation import Line, Paths, PathTerm
from solgen.model.problem import derivative_symbol
from solgen.model.step import StepId, Symbol

MOST = 64  # routes that a reader could still follow
LONGEST = 64  # stops of one of them


def paths(prepared: Prepared, of: Var, name: str, style: Detail, where: StepId) -> Paths:
    """The routes from `name` to `of`, from the one whose last step is nearest the loss.

    A route's line begins with the gradient symbol of its first stop where only one route leads on from there, and
    ends in forward names.  Raises Refused for more routes than a page can show.
    """
    if name == of.name:
        raise Refused(f"no route leads from `{name}` to itself", "name a value before it")
    wrt = prepared.variables[name]
    values = Values(prepared, style, of)
    active = on_path(prepared.equations, of.name, {name})
    terms = []
    for n, route in enumerate(_routes(prepared, of, name, active)):
        if n == MOST:
            raise Refused(f"more than {MOST} routes lead from `{name}` to `{of.name}`", "ask for `gradients` instead")
        terms.append(_term(route, wrt, of, values, where.step("route", Symbol(name, of.name), number=n + 1)))
    return Paths(
        of,
        wrt,
        prepared.shown,
        tuple(terms),
        _total(terms, wrt, of, values, where),
        tuple(values.rules.values()),
    )


Route = tuple[tuple[Var, Use, int], ...]  # from the loss back: the name reached, the use of it, which one it is


def _routes(prepared: Prepared, of: Var, name: str, active: frozenset[str]) -> Iterator[Route]:
    """Depth first from the loss; the gradient of a route alone is pushed back along it."""
    by_name, own = {q.var.name: q for q in prepared.equations}, prepared.variables
    stack: list[tuple[str, Expr, Route]] = [(of.name, ONE, ())]
    while stack:
        at, upstream, route = stack.pop()
        if at == name and route:
            yield route
            continue
        if len(route) > LONGEST:
            raise Refused(f"a route from `{name}` has more than {LONGEST} stops", "ask for `gradients` instead")
        if at in by_name:
            found = uses(by_name[at], upstream, active, free_indices(of))
            met = [[v.name for v, _ in found[:k]].count(v.name) for k, (v, _) in enumerate(found)]
            steps = [
                (v.name, _align_use(v, u, of, own[v.name]), (*route, (v, u, k)))
                for (v, u), k in zip(found, met, strict=True)
            ]
            stack.extend(reversed(steps))


def _align_use(var: Var, use: Use, of: Var, own: Var) -> Expr:
    return simplify(align_gradient(var, use.value, of, own))


def _term(route: Route, wrt: Var, of: Var, values: Values, label: StepId) -> PathTerm:
    var, last, _ = route[-1]
    stops = (wrt, *(v for v, _, _ in reversed(route[:-1])), of)
    value = values.use_names(_align_use(var, last, of, wrt))
    wide = expand_names(value, values.bodies, frozenset(values.style.expand))
    keys = values.cite(rule for _, use, _ in reversed(route) for rule in use.rules)
    line = Line(label, tuple(dict.fromkeys((value, wide))), keys)
    return PathTerm(stops, line, tuple(k for _, _, k in reversed(route)))


def _total(terms: list[PathTerm], wrt: Var, of: Var, values: Values, where: StepId) -> Line:
    """∂of/∂wrt = the sum of the terms."""
    whole = Adj(of, wrt)
    if not terms:
        return Line(where.step("routes", derivative_symbol(whole)), (whole, fill(ZERO, wrt.shape_)))
    parts = [t.line.chain[0] for t in terms]
    short = parts[0] if len(parts) == 1 else simplify(add(*parts))
    wide = expand_names(short, values.bodies, frozenset(values.style.expand))
    return Line(where.step("routes", derivative_symbol(whole)), tuple(dict.fromkeys((whole, short, wide))))


# ---------------------------------------------------------------- the verb


def derive_paths(q: Question) -> Paths:
    """Each route's term, and their sum."""
    (name,) = q.names
    return paths(q.prepared, q.of, name, q.style, q.where)


ROW = Verb(derive_paths)
