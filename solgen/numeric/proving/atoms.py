"""sympy's expressions as rational functions of entries and of transcendental atoms: exp u, log |f|, √u, sin u, φ(u).

An atom is a generator of its own.  What is 0 with the atoms as independent generators is 0 for good, wherever it is
defined; and so is what is 0 once r² = u, sin² = 1 − cos² are put in.  The arguments of exponentials are kept linearly
independent over the rationals, so that e^(u−v) is e^u/e^v and tanh u is (e^2u − 1)/(e^2u + 1); log f is taken of the
factors of f, so that log ab is log |a| + log |b|, and x^a is e^(a log x).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from solgen.numeric.proving.rational import Ratio, RationalFunctions, primitive
from solgen.numeric.proving.reach import OutOfReach

FACTORED = 200  # terms of a polynomial that is taken apart inside a logarithm
SPANNED = 40  # exponentials among which linear dependence is looked for
ODD = (sp.asin, sp.atan, sp.atanh, sp.erf)


@dataclass(frozen=True, slots=True)
class Atom:
    """A generator: what it is of which arguments; `power` of it is `equals`, where that is not 0; a mask is 0 or 1."""

    kind: Any
    arguments: tuple[Ratio, ...] = ()
    power: int = 0
    equals: Ratio | None = None
    positive: bool = False
    mask: bool = False


def count_atoms(expressions: Iterable[Any], meaning: Mapping[Any, Any]) -> int:
    """How many generators the expressions need, or a few more: two for each function, root or symbol in them."""
    found = sum(
        not (node.is_Number or node.is_Add or node.is_Mul or _is_whole_power(node))
        for node in _walk(expressions, meaning)
    )
    return 2 * found + 8


def _is_whole_power(node: Any) -> bool:
    return bool(node.is_Pow and node.exp.is_Integer)


def _walk(expressions: Iterable[Any], meaning: Mapping[Any, Any]) -> Iterator[Any]:
    """Every node of the expressions once, and of what symbols in them mean."""
    stack, seen = list(expressions), set[Any]()
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack.extend((meaning[node],) if node in meaning else node.args)


class Atoms:
    """The conversion of expressions into one field of rational functions.

    `meaning` says what a symbol stands for; `positive` and `masks` are symbols that are so, and that are 0 or 1.
    """

    def __init__(
        self,
        count: int,
        meaning: Mapping[Any, Any] = MappingProxyType({}),
        positive: Collection[Any] = (),
        masks: Collection[Any] = (),
    ) -> None:
        self.field = RationalFunctions(count)
        self.capacity, self.meaning, self.positive, self.masks = count, meaning, positive, masks
        self.atoms: list[Atom] = []
        self._places: dict[object, int] = {}
        self._memo: dict[Any, Ratio] = {}
        self._exponents: list[Ratio] = []  # whose exponential is a generator, which `_bases` holds
        self._bases: list[int] = []

    def of(self, e: Any) -> Ratio:
        """The expression as a rational function; raises OutOfReach for what has no such form."""
        stack = [(e, False)]
        while stack:
            node, ready = stack.pop()
            if node in self._memo:
                continue
            if ready:
                self._memo[node] = self._node(node)
            else:
                stack.append((node, True))
                stack.extend((child, False) for child in self._children(node))
        return self._memo[e]

    def _children(self, node: Any) -> tuple[Any, ...]:
        return (self.meaning[node],) if node in self.meaning else node.args

    def _node(self, node: Any) -> Ratio:
        K, known = self.field, self._memo
        if node in self.meaning:
            return known[self.meaning[node]]
        if node.is_Rational:
            return K.number(Fraction(int(node.p), int(node.q)))
        if node.is_Symbol or node.is_NumberSymbol:
            return self._symbol_ratio(node)
        arguments = [known[a] for a in node.args]
        if node.is_Add:
            return K.total(arguments)
        if node.is_Mul:
            return self._product(arguments)
        if node.is_Pow:
            return self._power(node, *arguments)
        return self._function(node, arguments)

    def _symbol_ratio(self, node: Any) -> Ratio:
        """A symbol, or a constant: e is the exponential of 1."""
        if node is sp.E:
            return self.exp(self.field.one)
        return self.atom(node, Atom(node, positive=node in self.positive, mask=node in self.masks))

    def _product(self, factors: Iterable[Ratio]) -> Ratio:
        result = self.field.one
        for factor in factors:
            result = self.field.multiply(result, factor)
        return result

    def _power(self, node: Any, base: Ratio, exponent: Ratio) -> Ratio:
        e = node.exp
        if e.is_Integer:
            return self.field.power(base, int(e))
        if e.is_Rational:
            return self.root(base, int(e.q), int(e.p))
        return self.exp(exponent if node.base is sp.E else self.field.multiply(exponent, self.log(base)))

    def _function(self, node: Any, arguments: list[Ratio]) -> Ratio:
        K = self.field
        called, first = getattr(node, "stands_for", node.func), arguments[0] if arguments else K.zero
        if called is sp.exp:
            return self.exp(first)
        if called is sp.log:
            return self.log(first)
        if called in (sp.sinh, sp.cosh, sp.tanh):
            return self._hyperbolic(called, first)
        if called in (sp.sin, sp.cos, sp.tan):
            return self._circular(called, first)
        if called in ODD:
            return self._odd(called, first)
        if called is sp.acos:
            return K.add(
                K.scale(self._symbol_ratio(sp.pi), Fraction(1, 2)), K.scale(self._odd(sp.asin, first), Fraction(-1))
            )
        if getattr(called, "unspecified", False):
            return self.atom((node.func, *(a.key for a in arguments)), Atom(node.func, tuple(arguments)))
        raise OutOfReach(f"no proof knows sympy's {called.__name__}")

    # ------------------------------------------------------------ generators

    def atom(self, key: object, made: Atom) -> Ratio:
        """The generator of that key, which is made where there is none yet."""
        if key not in self._places:
            if len(self.atoms) == self.capacity:
                raise OutOfReach(f"there are more than {self.capacity} different functions in it")
            self._places[key] = len(self.atoms)
            self.atoms.append(made)
        return self.field.generator(self._places[key])

    def root(self, base: Ratio, degree: int, power: int) -> Ratio:
        """base^(power/degree): whole powers of the base beside one of its root."""
        whole, rest = divmod(power, degree)
        made = Atom(sp.root, (base,), degree, base, degree % 2 == 0)
        r = self.atom((sp.root, degree, base.key), made)
        return self.field.multiply(self.field.power(base, whole), self.field.power(r, rest))

    def exp(self, u: Ratio) -> Ratio:
        """e^u: powers of what logarithms in u are of, and of exponentials whose exponents are independent."""
        taken, rest = self._without_logarithms(u)
        if rest.is_zero:
            return taken
        c, part = primitive(rest)
        place = self._places.get((sp.exp, part.key))
        if place is None:
            combined = self._combination(rest)
            if combined is not None:
                return self.field.multiply(taken, combined)
            base = self.field.scale(part, Fraction(1, c.denominator))
            self._exponents.append(base)
            self._bases.append(len(self.atoms))
            self.atom((sp.exp, part.key), Atom(sp.exp, (base,), positive=True))
            return self.exp(u)
        (base,) = self.atoms[place].arguments
        times = c / primitive(base)[0]
        generator = self.field.generator(place)
        return self.field.multiply(taken, self._rational_power(generator, times))

    def _rational_power(self, base: Ratio, exponent: Fraction) -> Ratio:
        if exponent.denominator == 1:
            return self.field.power(base, exponent.numerator)
        return self.root(base, exponent.denominator, exponent.numerator)

    def _without_logarithms(self, u: Ratio) -> tuple[Ratio, Ratio]:
        """e^(k log f + rest) as f^k and the rest."""
        K = self.field
        if not u.den.is_constant():
            return K.one, u
        scale, taken = int(u.den.leading_coefficient()), K.one
        rest: dict[tuple[int, ...], Any] = {}
        for powers, coefficient in u.num.terms():
            places = [k for k, p in enumerate(powers) if p]
            k = places[0] if len(places) == 1 and powers[places[0]] == 1 else None
            if k is not None and self.atoms[k].kind is sp.log and int(coefficient) % scale == 0:
                taken = K.multiply(taken, K.power(self.atoms[k].arguments[0], int(coefficient) // scale))
            else:
                rest[powers] = coefficient
        return taken, K.quotient(K.ring.from_dict(rest), u.den)

    def _combination(self, u: Ratio) -> Ratio | None:
        """e^u by the exponentials known, where u is a combination of their exponents; else None."""
        if not 0 < len(self._exponents) <= SPANNED:
            return None
        common = u.den
        for known in self._exponents:
            common = common * (known.den / common.gcd(known.den))
        rows = [dict((known.num * (common / known.den)).terms()) for known in (*self._exponents, u)]
        weights = _weights(rows)
        if weights is None:
            return None
        parts = (
            self._rational_power(self.field.generator(k), w) for k, w in zip(self._bases, weights, strict=True) if w
        )
        return self._product(parts)

    def log(self, u: Ratio) -> Ratio:
        """log u, which is log |u| wherever it is defined: of each factor by itself."""
        if u.is_zero:
            raise ZeroDivisionError
        K = self.field
        terms = [K.scale(self._log_factor(f), Fraction(k)) for f, k in self._factors(u)]
        return K.total(terms) if terms else K.zero

    def _factors(self, u: Ratio) -> Iterator[tuple[Any, int]]:
        for polynomial, sign in ((u.num, 1), (u.den, -1)):
            if len(polynomial) > FACTORED:
                c, rest = polynomial.primitive()
                found = [(rest, 1)]
            else:
                c, found = polynomial.factor()
            for prime, times in sp.factorint(abs(int(c))).items():
                yield self.field.ring.constant(int(prime)), sign * int(times)
            for factor, times in found:
                if not factor.is_constant():
                    yield (factor if factor.leading_coefficient() > 0 else -factor), sign * int(times)

    def _log_factor(self, f: Any) -> Ratio:
        """log |f| of a factor; of a generator e^u it is u, of a root a part of its base's."""
        K = self.field
        alone = [k for k in range(len(self.atoms)) if f == K.ring.gen(k)]
        if alone and self.atoms[alone[0]].kind is sp.exp:
            return self.atoms[alone[0]].arguments[0]
        if alone and self.atoms[alone[0]].kind is sp.root:
            made = self.atoms[alone[0]]
            return K.scale(self.log(made.arguments[0]), Fraction(1, made.power))
        return self.atom((sp.log, str(f)), Atom(sp.log, (Ratio(f, K.unit),)))

    def _odd(self, called: Any, u: Ratio) -> Ratio:
        """f(−u) = −f(u)."""
        sign, part = _split_sign(u)
        return self.field.scale(self.atom((called, part.key), Atom(called, (part,))), Fraction(sign))

    def _hyperbolic(self, called: Any, u: Ratio) -> Ratio:
        """(e^u − e^−u) / 2 and its kin."""
        K = self.field
        e = self.exp(u)
        inverse = K.inverse(e)
        half, minus = K.number(Fraction(1, 2)), K.scale(inverse, Fraction(-1))
        odd, even = K.multiply(half, K.add(e, minus)), K.multiply(half, K.add(e, inverse))
        if called is sp.tanh:
            return K.multiply(odd, K.inverse(even))
        return odd if called is sp.sinh else even

    def _circular(self, called: Any, u: Ratio) -> Ratio:
        """sin and cos of one angle, with sin² = 1 − cos²."""
        K = self.field
        sign, part = _split_sign(u)
        cosine = self.atom((sp.cos, part.key), Atom(sp.cos, (part,)))
        rest = K.add(K.one, K.scale(K.power(cosine, 2), Fraction(-1)))
        sine = K.scale(self.atom((sp.sin, part.key), Atom(sp.sin, (part,), 2, rest)), Fraction(sign))
        if called is sp.tan:
            return K.multiply(sine, K.inverse(cosine))
        return sine if called is sp.sin else cosine

    # ------------------------------------------------------------ zero

    def vanishes(self, a: Ratio) -> bool:
        """Whether a rational function is 0, with what is known of the atoms' powers."""
        num = a.num
        for place in reversed(range(len(self.atoms))):
            if num != 0 and self.atoms[place].power:
                num = self._lower_powers(num, place)
        return bool(num == 0 or self.without_squares(num) == 0)

    def without_squares(self, num: Any) -> Any:
        """The same polynomial where every mask is 0 or 1: m² = m."""
        if not any(made.mask for made in self.atoms):
            return num
        masks = [made.mask for made in self.atoms] + [False] * (self.capacity - len(self.atoms))
        terms: dict[tuple[int, ...], Any] = {}
        for powers, coefficient in num.terms():
            once = tuple(min(p, 1) if m else p for p, m in zip(powers, masks, strict=True))
            terms[once] = terms.get(once, 0) + coefficient
        return self.field.ring.from_dict(terms)

    def without_masks(self, num: Any) -> tuple[Any, tuple[Any, ...]]:
        """A polynomial without the masks that are its factors, and these."""
        shared = [min(powers) for powers in zip(*num.monoms(), strict=True)]
        taken = [k for k, made in enumerate(self.atoms) if made.mask and shared[k]]
        for k in taken:
            num = num / self.field.ring.gen(k) ** int(shared[k])
        return num, tuple(self.atoms[k].kind for k in taken)

    def _lower_powers(self, num: Any, place: int) -> Any:
        """The numerator with each r^q of one generator replaced by what it equals; times a power of its denominator."""
        made = self.atoms[place]
        assert made.equals is not None
        parts: dict[int, dict[tuple[int, ...], Any]] = {}
        for powers, coefficient in num.terms():
            times, rest = divmod(int(powers[place]), made.power)
            parts.setdefault(times, {})[(*powers[:place], rest, *powers[place + 1 :])] = coefficient
        most = max(parts)
        result = self.field.ring.constant(0)
        for times, terms in parts.items():
            result += self.field.ring.from_dict(terms) * made.equals.num**times * made.equals.den ** (most - times)
        return result


def _split_sign(u: Ratio) -> tuple[int, Ratio]:
    """A sign, and u with that sign: its leading coefficient is positive."""
    if not u.is_zero and u.num.leading_coefficient() < 0:
        return -1, Ratio(-u.num, u.den)
    return 1, u


def _weights(rows: list[dict[tuple[int, ...], Any]]) -> list[Fraction] | None:
    """The rational numbers by which the rows before it add up to the last one; None where there are none."""
    columns = sorted({monomial for row in rows for monomial in row})
    if len(columns) < 1:
        return None
    table = fmpq_mat([[fmpq(row.get(monomial, 0)) for row in rows] for monomial in columns])
    reduced, rank = table.rref()
    last = len(rows) - 1
    weights = [Fraction(0)] * last
    for r in range(rank):
        pivot = next(c for c in range(len(rows)) if reduced[r, c] != 0)
        if pivot == last:
            return None
        value = reduced[r, last]
        weights[pivot] = Fraction(int(value.p), int(value.q))
    return weights
