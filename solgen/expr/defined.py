"""What an operation is, as a formula on placeholders: σ(u) = 1/(1 + e⁻ᵘ), softmax(v)_i = e^{v_i}/Σ_s e^{v_s}.

The formula is made from what the row computes with: the value of an elementwise function, evaluated on expressions
instead of numbers, or the index definition of another.  So what is printed is what is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from solgen.expr.arith import add, div, entry, fn, mul, neg, num, power
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, Idx, Kind, Pi, Var, shape
from solgen.expr.ops.row import Elementwise, Row, Special

SCALARS, VECTORS, MATRICES = "uvwxyzabst", "vwxyuzabst", "ABCDWXYZUV"
INDICES = "ijklpqrst"
GREEK = (("xi", "ξ"), ("eta", "η"), ("zeta", "ζ"), ("tau", "τ"), ("chi", "χ"), ("omega", "ω"))


def placeholders(row: Row, taken: frozenset[str] = frozenset()) -> Apply:
    """The operation on arguments that are called by letters which no name has: numbers for an elementwise function."""
    example = row.examples[-1] if isinstance(row, Elementwise) else row.examples[0]
    ranks = (0,) * (row.arity or 2) if isinstance(row, Elementwise) else tuple(map(len, example.shapes))
    used, args = set(taken), []
    for k, r in enumerate(ranks):
        letter = next(free_letters((SCALARS, VECTORS, MATRICES)[min(r, 2)], used))
        used.add(letter)
        args.append(Var(letter, example.shapes[k] if r else (), example.kinds[k] if example.kinds and r else Kind.REAL))
    made = apply(row.name, *args, params=example.params)
    assert isinstance(made, Apply)
    return made


def free_letters(preferred: str, used: Collection[str]) -> Iterator[str]:
    """Letters that no name has: of those preferred, then Greek ones, at last a letter with a number beneath it."""
    yield from (c for c in preferred if c not in used)
    yield from (name for name, letter in GREEK if not {name, letter} & set(used))
    yield from (f"{preferred[0]}{k}" for k in count(1) if f"{preferred[0]}{k}" not in used)


def definition_of(row: Row, app: Apply, taken: frozenset[str] = frozenset()) -> tuple[Expr, Expr] | None:
    """Both sides of the equation that defines the operation; None where its row has no formula."""
    if isinstance(row, Elementwise):
        value = row.value(_FORMULAS, *(_Term(a) for a in app.args))
        return app, value.e
    if isinstance(row, Special) and row.definition is not None:
        used = taken | {a.name for a in app.args if isinstance(a, Var)}
        o = tuple(Idx(letter, n) for letter, n in zip(free_letters(INDICES, used), shape(app), strict=False))
        return entry(app, o), row.definition(app.args, o, app.params)
    return None


# ---------------------------------------------------------------- expressions as numbers


@dataclass(frozen=True, slots=True)
class _Term:
    """An expression that is added, multiplied and divided as a number is."""

    e: Expr

    def __add__(self, other: _Term | int) -> _Term:
        return _Term(add(self.e, _expr(other)))

    def __radd__(self, other: int) -> _Term:
        return _Term(add(_expr(other), self.e))

    def __sub__(self, other: _Term | int) -> _Term:
        return _Term(add(self.e, neg(_expr(other))))

    def __rsub__(self, other: int) -> _Term:
        return _Term(add(_expr(other), neg(self.e)))

    def __mul__(self, other: _Term | int) -> _Term:
        right = _expr(other)
        return _Term(power(right, 2) if right == self.e else mul(self.e, right))

    def __rmul__(self, other: int) -> _Term:
        return _Term(mul(_expr(other), self.e))

    def __truediv__(self, other: _Term | int) -> _Term:
        return _Term(div(self.e, _expr(other)))

    def __rtruediv__(self, other: int) -> _Term:
        return _Term(div(_expr(other), self.e))

    def __neg__(self) -> _Term:
        return _Term(neg(self.e))


def _expr(x: _Term | int) -> Expr:
    return x.e if isinstance(x, _Term) else num(Fraction(x))


class _Formulas:
    """Stands where a field of numbers does: its functions are the table's own, by name."""

    pi = _Term(Pi())

    def __getattr__(self, name: str) -> Callable[..., _Term]:
        return lambda *xs: _Term(fn(name, *map(_expr, xs)))


_FORMULAS = _Formulas()
