"""The rules that a solution cites, each proved in index form by the computation that applies it.

For C = f(A, B) on placeholders: the definition of an entry, its partial derivative, the chain rule summed over the
entries of C with the δ's absorbed, and the same read as matrices.  These lines are `vjp.contraction` with its stages
kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from solgen.calculus.engine.network import contract, expand, index_sum
from solgen.calculus.engine.partials import Out, definition
from solgen.calculus.engine.vjp import contraction, vjp
from solgen.calculus.textbook.simplify import simplify, tidy
from solgen.errors import Span
from solgen.expr.arith import entry, mul, total
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Apply, Expr, Idx, Num, Var, rank, shape
from solgen.expr.ops import TABLE, Called, Callee, Elementwise, Multilinear, Paired
from solgen.model.derivation import Line, Rule
from solgen.model.problem import Equation
from solgen.model.step import StepId, Symbol

NOWHERE = Span("", 0, 0, 0)
NAMES = "xabcdefgh"  # what arguments are called, where the row does not say
FACTOR_NAMES = ("stuvw", "abcde", "ABCDE")  # of a product: scalars, vectors, matrices
PLACES = ("first", "second", "third", "fourth", "fifth")


def rule_key(app: Apply, k: int) -> str:
    """What identifies the rule: operation, argument, ranks (of a constant its value), the static parameter of a
    function that has one, such as an axis."""
    ranks = "".join(f"({a.value})" if isinstance(a, Num) else str(rank(a)) for a in app.args)
    axis = f".axis{app.params[0]}" if app.params and isinstance(app.params[0], int) else ""
    axis = f".to{rank(app)}" if isinstance(TABLE[app.op], Multilinear) and app.params else axis
    function = f".{_function(app).name}" if isinstance(TABLE[app.op], Called) else ""
    return f"{app.op}{function}{axis}.{ranks}.{k}"


def rule_for(app: Apply, k: int) -> Rule:
    """The rule for argument k of this kind of application, with its proof; raises Refused like `vjp`."""
    return _rule(rule_key(app, k), on_placeholders(app), k)


@lru_cache(maxsize=1024)
def _rule(key: str, app: Apply, k: int) -> Rule:
    row = TABLE[app.op]
    argument = app.args[k]
    assert isinstance(argument, Var)
    out = Var(_out_name(app), app.shape_)
    loss = Var("L")
    upstream, target = Adj(loss, out), Adj(loss, argument)
    product = vjp(app, k, upstream, out)
    return Rule(
        key,
        _operation(app),
        _place(app, k),
        Line(_step(key, "statement"), (target, *_distinct(tidy(product), simplify(product)))),
        () if isinstance(row, Paired) else _proof(key, app, out, upstream, target, k),
        Equation(out, app, NOWHERE),
        tuple(a for a in app.args if isinstance(a, Var)),
        source=row.source,
        note=row.note,
    )


def _proof(key: str, app: Apply, out: Var, upstream: Adj, target: Adj, k: int) -> tuple[Line, ...]:
    """Definition, partial derivative, chain rule with the δ's absorbed."""
    argument = target.wrt
    found = contraction(app, k, upstream, out)
    lines = []
    defined = definition(app, found.o)
    if defined is not None:
        lines.append(Line(_step(key, "definition"), (entry(out, found.o), defined), reason="definition"))
    jacobian = entry(Adj(out, argument), found.o + found.i)
    lines.append(
        Line(_step(key, "partial derivative"), (jacobian, *_distinct(found.partial, _contract_deltas(found.partial))))
    )
    chain = _over(found.o, mul(entry(upstream, found.o), jacobian))
    raw, short = index_sum(found.raw), index_sum(found.terms)
    lines.append(
        Line(
            _step(key, "chain rule"),
            (entry(target, found.i), chain, *_distinct(raw, short)),
            reason="chain rule",
        )
    )
    return tuple(lines)


def _step(key: str, what: str) -> StepId:
    return StepId(kind="proof", symbol=Symbol(key), path=what)


def _contract_deltas(partial: Expr) -> Expr:
    """The partial derivative with the δ's that a sum absorbs gone."""
    return index_sum(tuple(contract(t) for t in expand(partial)))


def _over(o: Out, body: Expr) -> Expr:
    for index in reversed(o):
        if isinstance(index, Idx):
            body = total(index, body)
    return body


def _distinct(*chain: Expr) -> tuple[Expr, ...]:
    return tuple(e for n, e in enumerate(chain) if n == 0 or e != chain[n - 1])


# ---------------------------------------------------------------- placeholders


def on_placeholders(app: Apply) -> Apply:
    """The same kind of application on variables of generic sizes, as the row has them; a constant stays what it is."""
    example = TABLE[app.op].placeholders(tuple(map(shape, app.args)), app.params)
    found = zip(_arg_names(app), example.shapes, example.kinds_of(app.args), app.args, strict=True)
    args = tuple(a if isinstance(a, Num) else Var(name, s, kind) for name, s, kind, a in found)
    result = apply(app.op, *args, params=example.params)
    assert isinstance(result, Apply)
    return result


def _arg_names(app: Apply) -> tuple[str, ...]:
    """The row's own names, or letters that tell scalars, vectors and matrices of a product apart."""
    row = TABLE[app.op]
    if isinstance(row, Multilinear) and not row.arguments:
        return tuple(_factor_names(app.args))
    letters = row.arguments or (*NAMES, *(f"{NAMES[0]}_{n}" for n in range(len(NAMES), len(app.args))))
    return tuple(c.upper() if rank(a) >= 2 else c for c, a in zip(letters, app.args, strict=False))


def _factor_names(args: tuple[Expr, ...]) -> Iterator[str]:
    given = Counter[int]()
    for k in (min(rank(a), 2) for a in args):
        yield FACTOR_NAMES[k][given[k]]
        given[k] += 1


def _out_name(app: Apply) -> str:
    row = TABLE[app.op]
    letter = row.result or (("u" if not app.shape_ else "c") if isinstance(row, Multilinear) else "y")
    return letter.upper() if rank(app) >= 2 else letter


def _operation(app: Apply) -> str:
    """What the rule is about."""
    row = TABLE[app.op]
    if isinstance(row, Elementwise) and row.arity == 1:
        return row.name if row.public else row.rule
    return row.scalar_rule if row.scalar_rule and not app.shape_ else row.rule


def _place(app: Apply, k: int) -> str:
    """Of a product of arrays, which factor the rule is about."""
    row = TABLE[app.op]
    if not isinstance(row, Multilinear) or len(app.args) < 2 or "." in row.sides:
        return ""
    if row.scalar_rule and not app.shape_:  # of numbers, which commute
        return ""
    place = ("left", "right") if len(app.args) == 2 else PLACES
    return f"{place[k]} factor"


def _function(app: Apply) -> Callee:
    callee = app.params[0]
    assert isinstance(callee, Callee)
    return callee
