"""The rules that a solution cites, each proved in index form by the computation that applies it.

For C = f(A, B) on placeholders: the definition of an entry, its partial derivative, the chain rule summed over the
entries of C with the δ's absorbed, and the same read as matrices.  These lines are `vjp.contraction` with its stages
kept.
"""

from __future__ import annotations

from functools import lru_cache

from solgen.calculus.network import contract, expand, index_sum
from solgen.calculus.partials import Out, definition
from solgen.calculus.simplify import simplify, tidy
from solgen.calculus.vjp import contraction, vjp
from solgen.errors import Span
from solgen.expr.arith import entry, mul, total
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Apply, Expr, Idx, Kind, Num, Shape, Var, rank, shape
from solgen.expr.ops import TABLE, Called, Callee, Elementwise, Multilinear, Paired, Special
from solgen.expr.size import Size
from solgen.model import Equation, Line, Rule
from solgen.step import StepId, Symbol

NOWHERE = Span("", 0, 0, 0)
SQUARE = frozenset({"inv", "det", "logdet", "matpow"})
DOMAINS = {"positive": Kind.POSITIVE, "power": Kind.POSITIVE, "unit": Kind.UNIT, "invertible": Kind.INVERTIBLE}
SIZES = {"i": Size.of("m"), "j": Size.of("n"), "k": Size.of("p"), "1": Size.of(1)}


def rule_key(app: Apply, k: int) -> str:
    """What identifies the rule: operation, argument, ranks (of a constant its value), the static parameter of a
    function that has one, such as an axis."""
    ranks = "".join(f"({a.value})" if isinstance(a, Num) else str(rank(a)) for a in app.args)
    static = isinstance(TABLE[app.op], Special) or app.op == "concat"
    axis = f".axis{app.params[0]}" if static and app.params else ""
    axis = f".to{rank(app)}" if isinstance(TABLE[app.op], Multilinear) and app.params else axis
    function = f".{_function(app).name}" if isinstance(TABLE[app.op], Called) else ""
    return f"{app.op}{function}{axis}.{ranks}.{k}"


def rule_for(app: Apply, k: int) -> Rule:
    """The rule for argument k of this kind of application, with its proof; raises Refused like `vjp`."""
    return _rule(rule_key(app, k), _on_placeholders(app), k)


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
        _name(app, k),
        Line(_step(key, "statement"), (target, *_distinct(tidy(product), simplify(product)))),
        () if isinstance(row, Paired) else _proof(key, app, out, upstream, target, k),
        Equation(out, app, NOWHERE),
        tuple(a for a in app.args if isinstance(a, Var)),
        source=getattr(row, "source", ""),
        note=getattr(row, "proof", "") or getattr(row, "convention", ""),
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
        Line(_step(key, "partial derivative"), (jacobian, *_distinct(found.partial, _contracted(found.partial))))
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


def _contracted(partial: Expr) -> Expr:
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


def _on_placeholders(app: Apply) -> Apply:
    """The same kind of application on variables of generic sizes; a constant stays what it is."""
    match TABLE[app.op]:
        case Multilinear() as row:
            left, sides = row.letters(tuple(map(rank, app.args)), app.params)
            params: tuple[object, ...] = tuple(
                SIZES[c] for c in dict.fromkeys(left) if c != "1" and not any(c in s for s in sides)
            )
            shapes = [tuple(SIZES[c] for c in side) for side in sides]
        case Paired() if app.op == "pick":
            params, shapes = app.params, [(SIZES["j"],), ()]
        case Paired():  # their sizes depend on each other
            params, shapes = app.params, list(map(shape, app.args))
        case Special() if app.op in SQUARE:
            params, shapes = app.params, [(SIZES["j"], SIZES["j"])]
        case _:
            generic: dict[int, Shape] = {0: (), 1: (SIZES["j"],), 2: (SIZES["i"], SIZES["j"])}
            params, shapes = app.params, [generic[rank(a)] for a in app.args]
    found = zip(_arg_names(app), shapes, app.args, strict=True)
    args = tuple(a if isinstance(a, Num) else Var(name, s, _kind(app, a)) for name, s, a in found)
    result = apply(app.op, *args, params=params)
    assert isinstance(result, Apply)
    return result


def _kind(app: Apply, argument: Expr) -> Kind:
    """Where the operation is defined, so that its rule can be tried at points."""
    if isinstance(argument, Var) and argument.kind is Kind.LABEL:
        return Kind.LABEL
    row = TABLE[app.op]
    domain = row.domain if isinstance(row, Elementwise) else "invertible" if app.op in SQUARE else "all"
    return DOMAINS.get(domain, Kind.REAL)


def _arg_names(app: Apply) -> tuple[str, ...]:
    row = TABLE[app.op]
    if isinstance(row, Multilinear):
        sets = ("st", "ab", "AB")
        names, seen = [], set[str]()
        for arg in app.args:
            name = next(c for c in sets[rank(arg)] if c not in seen)
            seen.add(name)
            names.append(name)
        return tuple(names)
    if app.op == "cross_entropy":
        return ("p", "t") if rank(app.args[0]) == 1 else ("P", "T")
    if app.op == "softmax_cross_entropy":
        return ("z", "t") if rank(app.args[0]) == 1 else ("Z", "T")
    letters = ("x", "a", "b", "c", "d")
    return tuple(c.upper() if rank(a) == 2 else c for c, a in zip(letters, app.args, strict=False))


def _out_name(app: Apply) -> str:
    if app.op == "softmax":
        return "P" if rank(app) == 2 else "p"
    if isinstance(TABLE[app.op], Multilinear):
        return ("u", "c", "C")[rank(app)]
    return ("y", "y", "Y")[rank(app)]


def _name(app: Apply, k: int) -> str:
    row = TABLE[app.op]
    if isinstance(row, Elementwise) and row.arity == 1:
        return row.name if row.public else row.rule
    if app.op == "mul" and not app.shape_:
        return "product"
    if isinstance(row, Multilinear) and len(app.args) == 2 and app.op not in ("scale",):
        return f"{row.rule}, {('left', 'right')[k]} factor"
    return row.rule


def _function(app: Apply) -> Callee:
    callee = app.params[0]
    assert isinstance(callee, Callee)
    return callee
