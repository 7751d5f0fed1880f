"""The reverse sweep: from the loss back through the named equations, one vector-Jacobian product a use.

For each equation, in reverse order, the upstream gradient ∂L/∂(left side) is pushed through the right side down to its
names.  A name collects one contribution for each of its uses; their sum is its gradient (the sum over paths).
Cost is linear in the graph: the symbol of a gradient, not its value, is what is pushed.

Source: Griewank & Walther, Evaluating Derivatives (2nd ed., 2008), section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from solgen.calculus.engine.family import align_gradient
from solgen.calculus.engine.vjp import vjp
from solgen.errors import Refused
from solgen.expr.arith import ONE, is_negation, mul, neg
from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Num, Pi, Position, SizeNum, Stack, Sum, Var
from solgen.expr.ops import Trait, having
from solgen.expr.walk import children, free_indices, nodes, variables
from solgen.model.problem import Equation

TERMS = having(Trait.JOINS_TERMS)
MULTIPLES = having(Trait.TIMES | Trait.DIVIDES)

UNCITED = having(Trait.UNCITED)


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a name: the equation, the gradient that comes back through it, and the rules it took.

    `rules` are (operation, argument position) from the equation's root to the name; `local` is the application at the
    root of the path, for wording.
    """

    via: Var
    value: Expr
    rules: tuple[tuple[Apply, int], ...]


def uses(
    equation: Equation, upstream: Expr, wanted: frozenset[str], kept: frozenset[Idx] = frozenset()
) -> list[tuple[Var, Use]]:
    """What each use of a wanted name in the equation adds to its gradient, in reading order.

    `kept` are the free indices of the loss, over which nothing is summed.
    Raises Refused, naming the equation, where an operation's derivative has no matrix form.
    """
    found: list[tuple[Var, Use]] = []
    over = tuple(i for i in equation.var.at if isinstance(i, Idx) and i not in kept)
    stack: list[tuple[Expr, Expr, tuple[tuple[Apply, int], ...], tuple[Idx, ...]]] = [
        (equation.body, upstream, (), over)
    ]
    reached = _reach(equation.body, wanted)
    while stack:
        node, up, rules, over = stack.pop()
        match node:
            case Var():
                found.append((node, Use(equation.var, _as_often(up, over, node), rules)))
            case Sum(index=index, body=body):
                stack.append((body, up, rules, (*over, index)))
            case Apply():
                out = equation.var if node is equation.body else node
                below = [
                    (arg, _step(node, k, up, out, equation), _cite_rule(rules, node, k), over)
                    for k, arg in enumerate(node.args)
                    if reached[arg]
                ]
                stack.extend(reversed(below))
            case Num() | Pi() | SizeNum() | Position() | Adj() | Entry() | Delta() | Stack():
                raise Refused(f"in the equation of `{equation.var.name}`: {type(node).__name__} has no derivative here")
            case _:
                assert_never(node)  # type: ignore[arg-type]
    return found


def _as_often(up: Expr, over: tuple[Idx, ...], use: Var) -> Expr:
    """The gradient of a term that a sum repeats without change, n times: ∂/∂s Σ_i (a_i + s) = n."""
    bears = free_indices(up) | {i for i in use.at if isinstance(i, Idx)}
    for index in over:
        if index not in bears:
            up = mul(SizeNum(index.size), up)
    return up


def _step(node: Apply, k: int, up: Expr, out: Expr, equation: Equation) -> Expr:
    if node.op in TERMS:  # transparent: ∂(a + b)/∂a is the identity
        return neg(up) if is_negation(node) else up
    try:
        return vjp(node, k, up, out)
    except Refused as refusal:
        raise Refused(
            f"`{node.op}` in the equation of `{equation.var.name}`: {refusal.reason}", refusal.hint
        ) from refusal


def _cite_rule(rules: tuple[tuple[Apply, int], ...], node: Apply, k: int) -> tuple[tuple[Apply, int], ...]:
    return rules if node.op in UNCITED or _constant(node, k) else (*rules, (node, k))


def _constant(node: Apply, k: int) -> bool:
    """A constant factor or divisor."""
    return node.op in MULTIPLES and all(not variables(a) for n, a in enumerate(node.args) if n != k)


def _reach(e: Expr, wanted: frozenset[str]) -> dict[Expr, bool]:
    """Whether a wanted name stands in each node below e."""
    memo: dict[Expr, bool] = {}
    for node in nodes(e):
        memo[node] = (isinstance(node, Var) and node.name in wanted) or any(memo[c] for c in children(node))
    return memo


@dataclass(frozen=True, slots=True)
class Adjoint:
    """The gradient at one name: its symbol, and one contribution a use."""

    symbol: Adj
    uses: tuple[Use, ...]


def sweep(
    equations: Iterable[Equation], of: Var, wrt: Iterable[str], declared: Iterable[Var] = ()
) -> tuple[Adjoint, ...]:
    """Adjoints of all names on a path from a name in `wrt` to `of`, from the loss back.

    Names off every path have no uses; the seed ∂of/∂of = 1 is not among them.  `declared` are the variables that no
    equation defines: a family's gradient is written at its own index.
    """
    equations = tuple(equations)
    active = on_path(equations, of.name, set(wrt))
    first = {v.name: q.var.name for q in reversed(equations) if q.var.name in active for v in variables(q.body)}
    defined = {q.var.name for q in equations}
    collected: dict[str, list[Use]] = {}
    own = {v.name: v for v in declared} | {q.var.name: q.var for q in equations}
    found: dict[str, Var] = {}
    order: list[str] = []
    for q in reversed(equations):
        if q.var.name not in active:
            continue
        order.append(q.var.name)
        found.setdefault(q.var.name, q.var)
        upstream: Expr = ONE if q.var.name == of.name else Adj(of, q.var)
        for var, use in uses(q, upstream, active, free_indices(of)):
            at = own.get(var.name, var)
            found.setdefault(var.name, at)
            collected.setdefault(var.name, []).append(Use(use.via, align_gradient(var, use.value, of, at), use.rules))
        complete = (v.name for v in variables(q.body) if v.name in active and v.name not in defined)
        order.extend(name for name in dict.fromkeys(complete) if first[name] == q.var.name)
    return tuple(Adjoint(Adj(of, found[n]), tuple(collected.get(n, ()))) for n in order if n != of.name)


def on_path(equations: tuple[Equation, ...], of: str, wrt: set[str]) -> frozenset[str]:
    """The names that lie on a path from a name in `wrt` to `of`, both included."""
    needed, reach = {of}, set(wrt)
    for q in reversed(equations):
        if q.var.name in needed:
            needed |= {v.name for v in variables(q.body)}
    for q in equations:
        if any(v.name in reach for v in variables(q.body)):
            reach.add(q.var.name)
    return frozenset(needed & reach)
