"""Naming: the forward pass as equations small enough that each is one step of a solution.

A subexpression gets a name when the chain rule would stop there: when an operation stands inside another (a product
inside a norm), or when it is used twice.  Sums, transposes and constant factors are transparent, and a run of
elementwise functions counts as one.  Names that the file uses are avoided; cost is linear in the nodes.

What a function of one argument is applied to is called as books call it: z₁ where h₁ = φ(W₁x + b₁), z_f where f = σ(…).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from solgen.calculus.engine.fuse import fuse
from solgen.calculus.textbook.matrix_rules import symmetric
from solgen.calculus.textbook.patterns import is_op
from solgen.expr import applied
from solgen.expr.arith import is_negation, is_quotient, neg, strip_sign
from solgen.expr.nodes import Apply, Expr, Kind, Var, rank, shape
from solgen.expr.ops import ENTRYWISE, Trait, having
from solgen.expr.present.declared import symbol
from solgen.expr.walk import children, free_indices, leaves, nodes, rebuild, transform, variables
from solgen.model.problem import Equation, Model

NOTHING: Mapping[str, str] = MappingProxyType({})
TIMES = having(Trait.TIMES)

UNNAMED = having(Trait.UNNAMED)
WRAPPING = UNNAMED | having(Trait.FORM | Trait.REPEATS)
TRANSPARENT = WRAPPING | having(Trait.JOINS_TERMS | Trait.TOTALS)
PRODUCTS = having(Trait.PRODUCT)
SHORT_PRODUCT = 3  # factors of a product that needs no name inside another
VECTOR_NAMES = ("r", "u", "v", "s", "q", "a", "g")
MATRIX_NAMES = ("R", "U", "V", "S", "Q", "A", "E", "G")
ACTIVATION_NAMES = ("z", "a", "u", "s")
SCALAR_NAMES = ("s", "u", "v", "c", "q", "a", "g")


@dataclass(frozen=True, slots=True)
class Prepared:
    """The named forward pass, as it is shown and as the chain rule runs through it (with fused losses).

    `introduced` are the names that the file did not give.
    """

    shown: tuple[Equation, ...]
    equations: tuple[Equation, ...]
    introduced: tuple[Var, ...]
    declared: tuple[Var, ...] = ()

    @property
    def variables(self) -> dict[str, Var]:
        """Every name: declared, defined by the file, introduced."""
        return {v.name: v for v in self.declared} | {q.var.name: q.var for q in self.shown}


def prepare(
    model: Model,
    keep: frozenset[str] = frozenset(),
    latex: Mapping[str, str] = NOTHING,
    avoid: frozenset[str] = frozenset(),
) -> Prepared:
    """The model with every step named; `keep` are names whose own gradients are asked for (they are not fused over).

    `avoid` are names that mean something else to the reader, and are not given to a step; nor is one that would be
    written as a name of the model is, in the file's `latex`.
    """
    equations = tuple(Equation(q.var, transform(q.body, recognise), q.span) for q in model.equations)
    used = Counter(n for q in equations for n in _uses(q.body))
    namer = _Namer(model, latex, avoid)
    named: list[Equation] = []
    for q in equations:
        body = _name_inside(q.body, used, namer, q, named)
        named.append(Equation(q.var, body, q.span))
    shown = tuple(named)
    return Prepared(shown, fuse(shown, keep), tuple(namer.given), tuple(d.var for d in model.declarations))


def recognise(e: Expr) -> Expr:
    """One node in the form in which its derivative is known: eˣ / Σ eˣ is softmax(x), and (−a)ᵀ b is −aᵀ b."""
    match e:
        case Apply(op="div", args=(Apply(op="exp", args=(x,)) as top, Apply(op="sum", args=(below,)))):
            return applied.softmax(x) if below == top and rank(x) == 1 else e
        case Apply(op="dot", args=(a, b)) if is_negation(a):
            return neg(applied.dot(strip_sign(a), b))
        case Apply(op="dot", args=(a, b)) if is_negation(b):
            return neg(applied.dot(a, strip_sign(b)))
        case _:
            return e


def _uses(e: Expr) -> Iterator[Expr]:
    """Each distinct compound node of e once for every parent that it has there."""
    for node in nodes(e):
        yield from (c for c in children(node) if _compound(c))


def _compound(e: Expr) -> bool:
    return bool(variables(e)) and not _wrapped_leaf(e)


def _wrapped_leaf(e: Expr) -> bool:
    """A variable or its entry at a label, or one under signs, transposes and constant factors."""
    while isinstance(e, Apply) and (e.op in WRAPPING or is_op(e, "pick")):
        e = e.args[0]
    return not children(e)


def _name_inside(e: Expr, used: Counter[Expr], namer: _Namer, q: Equation, named: list[Equation]) -> Expr:
    """e with names in place of what needs one, innermost first; their equations are appended to `named`."""
    memo: dict[Expr, Expr] = {}
    heavy: dict[Expr, frozenset[str]] = {}
    for node in nodes(e):
        parts = tuple(
            _name_child(c, node, memo, heavy, used, namer, q, named) if c in memo else c for c in children(node)
        )
        memo[node] = rebuild(node, parts)
        heavy[node] = _weight(memo[node], heavy)
        heavy[memo[node]] = heavy[node]
    return memo[e]


def _name_child(
    child: Expr, parent: Expr, memo: dict[Expr, Expr], heavy: dict[Expr, frozenset[str]],
    used: Counter[Expr], namer: _Namer, q: Equation, named: list[Equation],
) -> Expr:  # fmt: skip
    value = memo[child]
    if not _compound(child) or isinstance(value, Var):
        return value
    clash = _kind(parent) and heavy[value] - _joined_kinds(parent, value)
    if not clash and used[child] < 2:
        return value
    inner = _strip(value)
    known = inner in namer.values
    var = namer.name(inner, q.var if parent == q.body else None)
    if not known:  # an earlier equation may have named it
        named.append(Equation(var, inner, q.span))
    memo[child] = _replace_core(value, inner, var)
    heavy[memo[child]] = frozenset()
    return memo[child]


def _joined_kinds(parent: Expr, value: Expr) -> set[str]:
    """The kinds of steps that the chain rule takes together with the parent's.

    Elementwise functions of one another, also inside an inner product (yᵀ log p), and short products (xᵀ A x).
    """
    kind = _kind(parent)
    pure = isinstance(_strip(value), Apply) and _kind(_strip(value)) == "product"
    if kind == "elementwise" or (is_op(parent, "dot") and not pure):
        return {"elementwise"}
    return {"product"} if kind == "product" and pure and leaves(value) <= SHORT_PRODUCT else set()


def _strip(e: Expr) -> Expr:
    """What is worth a name under signs and transposes."""
    while isinstance(e, Apply) and e.op in UNNAMED:
        e = e.args[0]
    return e


def _replace_core(e: Expr, inner: Expr, var: Var) -> Expr:
    return var if e == inner else rebuild(e, tuple(_replace_core(c, inner, var) for c in children(e)))


def _kind(e: Expr) -> str:
    """'' for transparent nodes, 'elementwise' for scalar functions entry by entry, else the operation."""
    if not isinstance(e, Apply) or not e.args or e.op in TRANSPARENT or _constant_factor(e) or _wrapped_leaf(e):
        return ""
    if e.op in ENTRYWISE | TIMES:
        return "elementwise"
    return "product" if e.op in PRODUCTS else e.op


def _constant_factor(e: Apply) -> bool:
    """s A or A / s with a scalar s that is a constant or a name."""
    if e.op in TIMES:
        return any(_plain_scalar(a) for a in e.args)
    return is_quotient(e) and _plain_scalar(e.args[1])


def _plain_scalar(e: Expr) -> bool:
    return not variables(e) or (isinstance(e, Var) and not rank(e))


def _weight(e: Expr, heavy: dict[Expr, frozenset[str]]) -> frozenset[str]:
    """The kinds of operations that a chain rule through e meets before a name."""
    kind = _kind(e)
    inner = frozenset[str]().union(*(heavy.get(c, frozenset()) for c in children(e)))
    return inner | {kind} if kind else inner


def _activates(body: Expr) -> bool:
    """φ(…), softmax(…): a function of one argument that is not itself a name."""
    if not isinstance(body, Apply) or len(body.args) != 1 or not rank(body.args[0]) or not _compound(body.args[0]):
        return False
    return body.op in ENTRYWISE or is_op(body, "softmax")


class _Namer:
    """Fresh names by shape: r for a vector, R for a matrix, s for a scalar, then others, then numbered ones.

    `activated` are the left sides of equations such as h = φ(…); `letter` is what their arguments are called by.
    """

    def __init__(self, model: Model, latex: Mapping[str, str], avoid: frozenset[str]) -> None:
        self.taken = set(model.variables) | {f.name for f in model.functions} | avoid
        self.taken |= {i.name for i in model.indices} | set(model.fixed)
        for var in model.variables.values():
            self.taken |= {name for size in var.shape_ for name in size.symbols}
        self.looks = {symbol(name, latex.get(name, "")) for name in self.taken}
        self.given: list[Var] = []
        self.numbered: Counter[str] = Counter()
        self.values: dict[Expr, Var] = {}
        self.activated = frozenset(q.var for q in model.equations if _activates(q.body))
        stems = {re.split(r"[\d_]", name)[0].lower() for name in self.taken}
        self.letter = next((c for c in ACTIVATION_NAMES if c not in stems), "")

    def name(self, value: Expr, activated: Var | None = None) -> Var:
        if value not in self.values:
            free = tuple(sorted(free_indices(value), key=lambda i: i.name))
            kind = Kind.SYM if rank(value) == 2 and symmetric(value) else Kind.REAL
            name = self._before(value, activated) if activated in self.activated else ""
            var = Var(name or self._fresh(value), shape(value), kind, free)
            self.values[value] = var
            self.given.append(var)
        return self.values[value]

    def _before(self, value: Expr, activated: Var) -> str:
        """The name of what `activated` is a function of: `z`, or where there are several `z1`, `z_f`; maybe none."""
        found = re.fullmatch(r"[A-Za-z](\d*)", activated.name)
        if not self.letter or not found:
            return ""
        letter = self.letter.upper() if rank(value) == 2 else self.letter
        several = f"{letter}{found[1]}" if found[1] else f"{letter}_{activated.name}"
        name = several if len(self.activated) > 1 else letter
        if not self._is_free(name):
            return ""
        self.taken.add(name)
        return name

    def _is_free(self, name: str) -> bool:
        """Whether no other name is this one, or is written as it is."""
        return name not in self.taken and symbol(name) not in self.looks

    def _fresh(self, value: Expr) -> str:
        base: tuple[str, ...] = (SCALAR_NAMES, VECTOR_NAMES, MATRIX_NAMES)[min(rank(value), 2)]
        if is_op(value, "softmax"):
            base = ("p" if rank(value) == 1 else "P", *base)
        name = next((c for c in base if self._is_free(c)), "")
        while not name or not self._is_free(name):
            self.numbered[base[1]] += 1
            name = f"{base[1]}{self.numbered[base[1]]}"
        self.taken.add(name)
        return name
