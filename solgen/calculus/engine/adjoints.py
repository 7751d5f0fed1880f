"""`gradients`: adjoints as the blocks of a solution, each statement a chain of equal expressions.

A block's lines run from the rule applied to upstream symbols, over the simplified product, to the form in which short
upstream gradients are written out; the answer is then given with every gradient symbol, and where asked every
name, written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from solgen.calculus.engine.bound_indices import kept_apart, taken_names
from solgen.calculus.engine.cited_rules import rule_for, rule_key
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.engine.sweep import Adjoint, Use, sweep
from solgen.calculus.textbook.factor import factor_sum
from solgen.calculus.textbook.facts import Facts
from solgen.calculus.textbook.patterns import is_op
from solgen.calculus.textbook.simplify import simplify, tidy
from solgen.expr import applied
from solgen.expr.arith import ONE, ZERO, add, fill, fn, is_negation, mul, neg
from solgen.expr.nodes import Adj, Apply, Expr, Num, SizeNum, Var
from solgen.expr.ops import Trait, having
from solgen.expr.walk import leaves, nodes, substitute, transform, variables
from solgen.model.derivation import AdjointBlock, Contribution, Gradients, Line, Rule
from solgen.model.problem import derivative_symbol
from solgen.model.step import StepId

SAME_TOTAL = having(Trait.TRANSPOSES | Trait.TOTALS)  # the entries of the result add up to those of the argument

LONGEST = 16  # an answer of at most so many symbols is given in closed form


@dataclass(frozen=True, slots=True)
class Detail:
    """How far results are written out.

    `short`: upstream gradients of at most so many symbols are written out at once; `closed`: answers are also given
    without gradient symbols; `expand`: names to write out in the answers; `local_first`: an entrywise product has the
    local derivative before the gradient that comes from above.
    """

    short: int = 3
    closed: bool = True
    expand: tuple[str, ...] = ()
    local_first: bool = False


def gradients(prepared: Prepared, of: Var, asked: Iterable[str], style: Detail, where: StepId) -> Gradients:
    """Backpropagation from `of` to the asked names; `where` says where its lines stand.

    Raises Refused where a derivative has no matrix form.
    """
    asked = tuple(asked)
    found = sweep(prepared.equations, of, asked, prepared.declared)
    if style.local_first:
        found = tuple(replace(a, uses=tuple(replace(u, value=_turn_products(u.value)) for u in a.uses)) for a in found)
    values = Values(prepared, style, of)
    seed = [Adjoint(Adj(of, of), ())] if of.name in asked else []
    reached = [a for a in found if a.uses]
    wanted = (
        seed + reached + [Adjoint(Adj(of, v), ()) for v in _find_unreached(prepared, found, asked) if v.name != of.name]
    )
    blocks = tuple(_block(a, values, a.symbol.wrt.name in asked, where) for a in wanted)
    return Gradients(of, prepared.shown, prepared.introduced, blocks, tuple(values.rules.values()))


def _turn_products(e: Expr) -> Expr:
    """e with each entrywise product turned round that begins with a gradient: ḡ ⊙ φ′(z) = φ′(z) ⊙ ḡ."""
    return transform(e, _local_first)


def _local_first(e: Expr) -> Expr:
    match e:
        case Apply(op="mul", args=(left, right)) if e.shape_ and symbols(left) and not symbols(right):
            return mul(right, left)
        case _:
            return e


def _find_unreached(prepared: Prepared, found: Iterable[Adjoint], asked: Iterable[str]) -> list[Var]:
    reached = {a.symbol.wrt.name for a in found if a.uses}
    known = prepared.variables
    return [known[name] for name in asked if name not in reached]


class Values:
    """The values of gradients found so far: short ones to write out at once, all of them for closed forms."""

    def __init__(self, prepared: Prepared, style: Detail, of: Var) -> None:
        self.style = style
        self.taken = taken_names(prepared)
        self.facts = Facts(prepared.shown)
        met = names_before(prepared, of)
        self.names: dict[Expr, Expr] = {
            simplify(q.body): q.var
            for q in prepared.shown
            if q.var.name in met
            and isinstance(q.body, Apply)
            and not is_negation(q.body)
            and not is_op(q.body, "transpose")
        }
        self.names |= dict(_opposites(prepared))
        self.names |= {applied.dot(*e.args[::-1]): v for e, v in self.names.items() if is_op(e, "dot")}
        self.bodies: dict[Expr, Expr] = {q.var: q.body for q in prepared.shown}
        self.introduced = frozenset(v.name for v in prepared.introduced)
        self.names |= dict(_masks(prepared, self.introduced))
        self.extents: dict[Expr, int] = {}
        for q in prepared.shown:
            if q.var.name in self.introduced:
                self.extents[q.var] = self.extent(q.body)
        self.short: dict[Expr, Expr] = {}
        self.closed: dict[Expr, Expr] = {}
        self.lengths: dict[Expr, int] = {}
        self.rules: dict[str, Rule] = {}

    def extent(self, e: Expr) -> int:
        """How many symbols e has when introduced names are written out."""
        return leaves(e) + sum(self.extents.get(n, 1) - 1 for n in nodes(e) if isinstance(n, Var))

    def cite(self, rules: Iterable[tuple[Apply, int]]) -> tuple[str, ...]:
        """The keys of the rules, each proved when it is first cited."""
        keys = {rule_key(app, k): (app, k) for app, k in rules}
        self.rules.update({key: rule_for(app, k) for key, (app, k) in keys.items() if key not in self.rules})
        return tuple(keys)

    def apart(self, line: Line, symbol: Adj) -> Line:
        """The line as it is printed: no bound index shadows a free one."""
        return replace(line, chain=_distinct(kept_apart(e, self.taken, symbol) for e in line.chain))

    def use_names(self, e: Expr) -> Expr:
        """e with forward values called by their names, and what meets then together."""
        found = substitute(e, self.names)
        return self.facts.simplify(found) if found != e else e

    def record(self, symbol: Adj, value: Expr) -> Expr:
        """Keep the value of a gradient symbol; its closed form, or the value itself where that is long."""
        length = leaves(value) + sum(self.lengths.get(n, 1) - 1 for n in nodes(value) if isinstance(n, Adj))
        self.lengths[symbol] = length
        ends = {n.shape_ for n in nodes(value) if is_op(n, "loss_grad")}
        if any(ends):  # an unspecified loss of arrays: it stays ∂L/∂y
            return value
        if symbols(value) == 0 and _length(value) <= self.style.short and not ends:  # ∂L/∂y stays in the lines too
            self.short[symbol] = value
        if length > 2 * LONGEST:
            return value
        self.closed[symbol] = self.facts.simplify(substitute(value, self.closed))
        return self.closed[symbol]


def _opposites(prepared: Prepared) -> Iterator[tuple[Expr, Expr]]:
    """pᵀ log p = −H for H = −pᵀ log p."""
    for q in prepared.shown:
        if is_negation(q.body):
            plain = simplify(q.body)
            if is_negation(plain) and isinstance(plain.args[0], Apply):
                yield plain.args[0], neg(q.var)


def _masks(prepared: Prepared, introduced: frozenset[str]) -> Iterator[tuple[Expr, Expr]]:
    """1[r > 0] = 1[h > 0] for h = ReLU(r), where the file names h but not r."""
    for q in prepared.shown:
        match q.body:
            case Apply(op="relu", args=(Var() as inner,)) if inner.name in introduced and q.var.name not in introduced:
                yield fn("step", inner), fn("step", q.var)


def _block(adjoint: Adjoint, values: Values, asked: bool, where: StepId) -> AdjointBlock:
    symbol = adjoint.symbol
    called = derivative_symbol(symbol)
    contributions = tuple(
        _contribution(u, values, where.step("contribution", called, u.via.name, n))
        for n, u in enumerate(adjoint.uses, 1)
    )
    total = _total(contributions, symbol, values, where.step("gradient", called))
    value = total.chain[-1]
    closed = values.record(symbol, value)
    final = _final(value, closed, values) if asked else ()
    shown = tuple(Contribution(c.via, values.apart(c.line, symbol)) for c in contributions)
    value, closed = (kept_apart(e, values.taken, symbol) for e in (value, closed))
    final = tuple(kept_apart(e, values.taken, symbol) for e in final)
    return AdjointBlock(symbol, shown, values.apart(total, symbol), value, closed, asked, final)


def _contribution(use: Use, values: Values, label: StepId) -> Contribution:
    chain = _chain(use.value, values)
    return Contribution(use.via, Line(label, chain, values.cite(use.rules)))


def _chain(raw: Expr, values: Values) -> tuple[Expr, ...]:
    """Rule applied, simplified, short upstream gradients written out; equal neighbours once.

    A gradient that is 1, such as that of a term of the loss, is no factor worth showing.
    """
    raw = substitute(raw, {symbol: ONE for symbol, value in values.short.items() if value == ONE})
    simple = values.use_names(values.facts.simplify(raw))
    short = values.use_names(values.facts.simplify(substitute(simple, values.short)))
    first = substitute(tidy(collect_inner_products(raw)), values.names)
    stages = (first, simple, short) if leaves(first) <= leaves(simple) + 3 else (simple, short)
    return _distinct((*stages, *(e for e in factor_sum(short) if leaves(e) < leaves(short))))


def collect_inner_products(e: Expr) -> Expr:
    """e with every sum of a product of two arrays as their inner product, Σ aᵢ bᵢ = aᵀ b."""

    def step(n: Expr) -> Expr:
        match n:
            case Apply(op="sum", args=(Apply(op=op, args=(a,)),)) if op in SAME_TOTAL:
                return step(applied.sum(a))
            case Apply(op="sum", args=(Apply(op="mul", args=(a, b)),)):
                return applied.dot(a, b)
            case _:
                return n

    return transform(e, step)


def _total(contributions: tuple[Contribution, ...], symbol: Adj, values: Values, label: StepId) -> Line:
    """The sum over paths; one path needs no sum, none gives 0; of the output itself it is 1, where the sweep starts."""
    if symbol.of.name == symbol.wrt.name:
        return Line(label, (ONE,))
    if not contributions:
        return Line(label, (fill(ZERO, symbol.wrt.shape_),))
    if len(contributions) == 1:
        return Line(label, contributions[0].line.chain)
    lines = [c.line.chain for c in contributions]
    terms = sorted((_settle_chain(chain) for chain in lines), key=lambda e: isinstance(e, Adj))  # a bare skip term last
    symbolic = values.facts.simplify(add(*terms))
    short = values.use_names(values.facts.simplify(substitute(symbolic, values.short)))
    if symbols(short) and leaves(short) > leaves(symbolic):  # all terms alike: none is written out beside a symbol
        short = symbolic
    return Line(label, _distinct((symbolic, short, *factor_sum(short))))


def _settle_chain(chain: tuple[Expr, ...]) -> Expr:
    """The member of a contribution's chain that still names upstream gradients, in its simplest form."""
    named = [e for e in chain if symbols(e)]
    return named[-1] if named else chain[-1]


def _final(value: Expr, closed: Expr, values: Values) -> tuple[Expr, ...]:
    """Further forms of an answer: gradient symbols written out, then names."""
    style, forms = values.style, list[Expr]()
    free = symbols(closed) == 0
    if style.closed and free and leaves(closed) <= LONGEST:
        forms.append(closed)
    names = frozenset(style.expand) | values.introduced
    base = closed if free and (style.closed or style.expand) else value
    if style.expand or values.extent(base) <= 4 * LONGEST:
        wide = values.facts.simplify(expand_names(base, values.bodies, names))
        wide = next(iter(factor_sum(wide)), wide)
        if wide != base and (style.expand or leaves(wide) <= LONGEST):
            forms.append(wide)
    return tuple(f for f in _distinct((value, *forms)) if f != value)


def names_before(prepared: Prepared, of: Var) -> frozenset[str]:
    """The names that lead to a value, and its own: an answer is told in these, not in those of another question."""
    return frozenset(v.name for v in _collect_needed(of, {q.var: q.body for q in prepared.shown}))


def expand_names(e: Expr, bodies: Mapping[Expr, Expr], names: frozenset[str]) -> Expr:
    """e with the given names replaced by their definitions, innermost ones too."""
    inner: dict[Expr, Expr] = {}
    for var in _collect_needed(e, bodies, names):
        inner[var] = substitute(bodies[var], inner)
    wide = substitute(e, inner)
    return simplify(wide) if wide != e else e


def _collect_needed(e: Expr, bodies: Mapping[Expr, Expr], names: frozenset[str] | None = None) -> Iterator[Var]:
    """The defined names in e and in their definitions, each after those that its own definition holds; of `names`
    alone, where they are given."""
    seen: set[Expr] = set()
    stack: list[tuple[Var, bool]] = [(v, False) for v in variables(e)]
    while stack:
        var, done = stack.pop()
        if done:
            yield var
        elif (names is None or var.name in names) and var in bodies and var not in seen:
            seen.add(var)
            stack.append((var, True))
            stack.extend((v, False) for v in variables(bodies[var]))


def symbols(e: Expr) -> int:
    """How many gradient symbols stand in e."""
    return sum(isinstance(n, Adj) for n in nodes(e))


def _length(e: Expr) -> int:
    """Symbols that a reader sees, numbers not counted."""
    return sum(1 for n in nodes(e) if not isinstance(n, Num | SizeNum | Apply))


def _distinct(chain: Iterable[Expr]) -> tuple[Expr, ...]:
    """The chain with what repeats dropped."""
    return tuple(dict.fromkeys(chain))
