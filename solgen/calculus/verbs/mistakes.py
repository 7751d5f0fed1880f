"""`mistakes`: for a gradient, the answers that people get wrong, each by one slip at one step and right elsewhere.

A slip is made where the chain rule leaves an equation (`slips`), or where the paths of a name are summed; it is then
carried to the name asked for by the right derivatives of the equations before it, as the one who made it would.  The
likeliest come first.  Whether each is wrong is for a run to tell: what turns out equal is never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from solgen.calculus.engine.adjoints import Detail, Values, expand_names, symbols
from solgen.calculus.engine.bound_indices import kept_apart
from solgen.calculus.engine.family import align_gradient
from solgen.calculus.engine.mistake_rules import Names, Step, WrongStep, not_there, slips
from solgen.calculus.engine.prepare import Prepared, prepare
from solgen.calculus.engine.sweep import Adjoint, Use, sweep
from solgen.calculus.engine.vjp import vjp
from solgen.calculus.question import Question
from solgen.calculus.textbook.simplify import simplify
from solgen.calculus.verbs import Verb
from solgen.calculus.wanted import kept_names
from solgen.errors import Refused
from solgen.expr.arith import ONE, ZERO, add, fill, is_negation, is_sum, neg
from solgen.expr.build import transpose
from solgen.expr.nodes import Adj, Apply, Expr, Shape, Sum, Var, rank, shape
from solgen.expr.ops import TABLE, Called, Elementwise, Trait, having
from solgen.expr.walk import children, leaves, nodes, substitute, variables
from solgen.model.derivation import Content, Mistakes, WrongAnswer
from solgen.model.problem import Equation, derivative_symbol
from solgen.model.step import StepId

DEEPEST = 4  # equations between the name asked for and the slip
NEARER = 9  # how much less likely a slip is with each of them
HEAVIER = 30  # how much less likely it is to forget the longer of two terms
LONGER = 2  # how much less worth showing an answer is for each symbol more than the right one has
LONGEST = 18  # symbols of an answer that is written out
MOST = 14  # candidates that are tried
AGAIN = 18  # how much less likely a further one of its kind is shown
UNCITED = having(Trait.UNCITED)  # steps that change neither shape nor layout


def mistakes(prepared: Prepared, of: Var, name: str, style: Detail, where: StepId) -> Mistakes:
    """The likely wrong answers to ∂of/∂name; raises Refused where the gradient itself has no matrix form, or is 0."""
    found = {a.symbol.wrt.name: a for a in sweep(prepared.equations, of, (name,), prepared.declared)}
    if name not in found or not found[name].uses:
        raise Refused(f"no path leads from `{name}` to `{of.name}`, so there is nothing to get wrong")
    search = _Search(prepared, of, found, style, name)
    symbol = found[name].symbol
    right = search.write_answer(search.value(name))
    ranked = _rank(search.candidates(name), leaves(right))
    called = derivative_symbol(symbol)
    wrong = tuple(
        WrongAnswer(where.step("mistake", called, number=n), c.kind, c.answer, c.via, c.names, c.clash, c.joined)
        for n, c in enumerate(_vary(ranked, right), 1)
    )
    used = {v for e in (right, *(w.answer for w in wrong)) for v in variables(e)}
    introduced = tuple(v for v in prepared.introduced if v in used)
    return Mistakes(where.step("mistakes", called), symbol, right, wrong, prepared.shown, introduced)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wrong answer and how likely it is."""

    kind: str
    weight: int
    answer: Expr
    via: Var
    names: Names
    clash: tuple[Expr, Expr] | None = None
    joined: Literal["product", "sum"] = "product"


def _rank(candidates: Iterable[Candidate], usual: int) -> list[Candidate]:
    """The likeliest first; a second slip of a kind teaches less, but for a second path, and so does a long formula."""
    found: list[Candidate] = []
    kinds: dict[str, int] = {}
    for c in sorted(candidates, key=lambda c: -c.weight):
        before = kinds.get(c.kind, 0)
        kinds[c.kind] = before + 1
        again = 0 if c.kind in ("path", "occurrence") else AGAIN * before
        longer = max(0, leaves(c.answer) - usual - 2)
        found.append(replace(c, weight=c.weight - again - LONGER * longer))
    return sorted(found, key=lambda c: -c.weight)


def _vary(ranked: Iterable[Candidate], right: Expr) -> Iterator[Candidate]:
    """The likeliest, each formula once."""
    seen = {right}
    for c in ranked:
        if len(seen) > MOST:
            return
        if c.answer not in seen:
            seen.add(c.answer)
            yield c


Way = tuple[Apply | Sum, int]  # a step from an equation's right side towards a name


class _Search:
    """The gradients of one question, and the slips on the way to them."""

    def __init__(self, prepared: Prepared, of: Var, found: Mapping[str, Adjoint], style: Detail, name: str) -> None:
        self.prepared, self.of, self.found = prepared, of, found
        self.equations = {q.var.name: q for q in prepared.equations}
        self.values = Values(prepared, style, of)
        self.activation = dict(_activations(prepared.shown))
        self._value: dict[str, Expr] = {}
        for adjoint in found.values():
            if adjoint.uses:
                value = simplify(substitute(self.value(adjoint.symbol.wrt.name), self.values.short))
                self.values.record(adjoint.symbol, value)
        whole = simplify(substitute(self.value(name), self.values.closed))
        self.closed = style.closed and not symbols(whole) and leaves(whole) <= LONGEST  # gradients written out

    def value(self, name: str) -> Expr:
        """The gradient at a name over the gradients at what uses it."""
        if name not in self._value:
            self._value[name] = _sum_terms([u.value for u in self.found[name].uses], self.found[name].symbol)
        return self._value[name]

    def candidates(self, name: str) -> Iterator[Candidate]:
        """Slips at the name's own uses first, then further up, each carried to the name."""
        for depth, at in self._levels(name):
            for c in self._at(at, last=depth == 0):
                carried = self._carry_over(c, at, name)
                if carried is not None:
                    yield replace(carried, weight=c.weight - NEARER * depth)

    def _levels(self, name: str) -> Iterator[tuple[int, str]]:
        """The name, what uses it, what uses that …"""
        level: tuple[str, ...] = (name,)
        seen = {name}
        for depth in range(DEEPEST + 1):
            yield from ((depth, at) for at in level)
            above = dict.fromkeys(u.via.name for at in level for u in self.found[at].uses)
            level = tuple(n for n in above if n not in seen and n != self.of.name and n in self.found)
            seen.update(level)

    # ------------------------------------------------------------ slips at one name

    def _at(self, name: str, last: bool) -> Iterator[Candidate]:
        """The wrong gradients at one name, over the gradients at what uses it."""
        adjoint = self.found[name]
        yield from self._drop_path(adjoint, last)
        if last and rank(adjoint.symbol) == 2:
            yield self._transpose_answer(adjoint)
        n = 0
        for use in dict.fromkeys(u.via.name for u in adjoint.uses):
            for at, way in _ways(self.equations[use], name):
                rest = [u.value for k, u in enumerate(adjoint.uses) if k != n]
                for slip in self._slips(self.equations[use], at, way, adjoint.symbol.wrt, last):
                    yield self._candidate(slip, rest, adjoint.symbol, self.equations[use].var)
                n += 1

    def _drop_path(self, adjoint: Adjoint, last: bool) -> Iterator[Candidate]:
        """A path forgotten; of many that are alike, all but the first."""
        uses, symbol = adjoint.uses, adjoint.symbol
        if len(uses) < 2:
            return
        own: Names = (("own", symbol.wrt),)
        sizes = [leaves(simplify(use.value)) for use in uses]
        for k, use in enumerate(uses):
            rest = [u.value for n, u in enumerate(uses) if n != k]
            left = _sum_terms(rest, symbol)
            twice = any(u.via == use.via for n, u in enumerate(uses) if n != k)
            kind = ("occurrence" if twice else "path") + ("" if last else " above")
            hard = _hard_to_forget(k, uses, sizes, leaves(left))
            weight = 100 - (2 if len(uses) == 2 else AGAIN) * k - (HEAVIER if hard else 0)
            lost: Names = (("dropped", self.write_answer(simplify(use.value))),) if last else ()
            yield Candidate(kind, weight, left, use.via, (*own, *lost))
        if len({u.via for u in uses}) == len(uses) > 2 and last and len(set(sizes)) == 1:
            missed: Names = tuple(("missed", via) for via in dict.fromkeys(u.via for u in uses[1:]))
            yield Candidate("alone", 101, simplify(uses[0].value), uses[0].via, (*own, *missed))

    def _transpose_answer(self, adjoint: Adjoint) -> Candidate:
        symbol = adjoint.symbol
        square = shape(symbol)[0] == shape(symbol)[1]
        answer = simplify(transpose(self.value(symbol.wrt.name)))
        return Candidate("transposed", 83 if square else 52, answer, adjoint.uses[0].via, (("own", symbol.wrt),))

    def _slips(self, q: Equation, at: Var, way: tuple[Way, ...], own: Var, last: bool) -> Iterator[WrongStep]:
        """The slips along one use of a name, each pushed on to the name."""
        up: Expr = ONE if q.var.name == self.of.name else Adj(self.of, q.var)
        for n, (node, k) in enumerate(way):
            if isinstance(node, Sum):
                continue
            out: Expr = q.var if node is q.body else node
            right = _right(node, k, up, out)
            for slip in slips(Step(node, k, up, right, out, self.activation)):
                ending = all(isinstance(w, Apply) and w.op in UNCITED for w, _ in way[n + 1 :])
                if shape(slip.value) == shape(right):
                    pushed = _propagate(slip.value, way[n + 1 :])
                    yield replace(slip, value=align_gradient(at, pushed, self.of, own))
                elif last and ending:
                    yield slip
            up = right

    def _candidate(self, slip: WrongStep, rest: list[Expr], symbol: Adj, via: Var) -> Candidate:
        """The wrong use beside the right ones; of another shape, it cannot be added to them."""
        if shape(slip.value) == shape(symbol):
            answer = _sum_terms([slip.value, *rest], symbol)
            return Candidate(slip.kind, slip.weight, answer, via, slip.names, slip.clash)
        if not rest:
            return Candidate(slip.kind, slip.weight - 20, simplify(slip.value), via, slip.names)
        others = _sum_terms(rest, symbol)
        answer = add(not_there(shape(symbol)), others)
        return Candidate(slip.kind, slip.weight - 20, answer, via, slip.names, (simplify(slip.value), others), "sum")

    # ------------------------------------------------------------ from there to the name asked for

    def _carry_over(self, c: Candidate, at: str, name: str) -> Candidate | None:
        """The answer at `name` when the gradient at `at` is the candidate's; None where it has no part in it."""
        wrong: dict[Expr, Expr] = {self.found[at].symbol: c.answer}
        if at != name:
            for between, adjoint in self.found.items():
                if adjoint.symbol in wrong or not adjoint.uses:
                    continue
                moved = substitute(self.value(between), wrong)
                if moved != self.value(between):
                    wrong[adjoint.symbol] = simplify(moved)
        answer = wrong.get(self.found[name].symbol)
        if answer is None or (at != name and shape(answer) != shape(self.found[name].symbol)):
            return None
        written = self.write_answer(answer)
        if leaves(written) > 2 * LONGEST:
            return None
        names = tuple((key, self.show_part(e)) for key, e in c.names)
        if c.clash is None:
            return replace(c, answer=written, names=names)
        return self._clashing(c, written, names)

    def _clashing(self, c: Candidate, written: Expr, names: Names) -> Candidate | None:
        """The product that does not exist written into its place."""
        assert c.clash is not None
        left, right = (self.show_part(e) for e in c.clash)
        stands = next((n for n in nodes(written) if isinstance(n, Var) and n.name == not_there(()).name), None)
        if stands is None:
            return None
        product = left if c.joined == "sum" else _impossible(left, right, shape(stands))
        return replace(c, answer=substitute(written, {stands: product}), names=names, clash=(left, right))

    def write_answer(self, e: Expr) -> Expr:
        """e as an answer is printed: gradients on the way as in the right answer, values by their names."""
        chosen = simplify(substitute(e, self.values.short))
        if self.closed:
            closed = simplify(substitute(e, self.values.closed))
            chosen = closed if not symbols(closed) and leaves(closed) <= LONGEST else chosen
        chosen = self.values.use_names(chosen)
        wide = expand_names(chosen, self.values.bodies, self.values.introduced)
        return kept_apart(wide if leaves(wide) <= LONGEST else chosen, self.values.taken, ONE)

    def show_part(self, e: Expr) -> Expr:
        """A part of the sentence: as it is, but short gradients written out, and names that the file lacks."""
        found = self.values.use_names(simplify(substitute(e, self.values.short)))
        wide = expand_names(found, self.values.bodies, self.values.introduced)
        return wide if leaves(wide) <= LONGEST else found


def _hard_to_forget(k: int, uses: tuple[Use, ...], sizes: list[int], rest: int) -> bool:
    """People forget the way through a statistic (a mean, a penalty), and else the smaller of two terms."""
    ranks = [rank(use.via) for use in uses]
    return ranks[k] > min(ranks) if len(set(ranks)) > 1 else sizes[k] > rest


def _impossible(left: Expr, right: Expr, to: Shape) -> Expr:
    """The product of factors that do not conform, to be printed and never evaluated."""
    op = {(2, 2): "matmul", (2, 1): "matvec", (1, 2): "vecmat", (1, 1): "dot"}[rank(left), rank(right)]
    return Apply(op, (left, right), (), to)


def _sum_terms(terms: list[Expr], symbol: Adj) -> Expr:
    if not terms:
        return fill(ZERO, shape(symbol))
    return simplify(add(*terms) if len(terms) > 1 else terms[0])


def _right(node: Apply, k: int, up: Expr, out: Expr) -> Expr:
    if is_sum(node):
        return up
    return neg(up) if is_negation(node) else vjp(node, k, up, out)


def _propagate(up: Expr, way: tuple[Way, ...]) -> Expr:
    for node, k in way:
        up = up if isinstance(node, Sum) else _right(node, k, up, node)
    return up


def _ways(q: Equation, name: str) -> Iterator[tuple[Var, tuple[Way, ...]]]:
    """Every use of a name in an equation, in reading order, with the steps that lead to it."""
    stack: list[tuple[Expr, tuple[Way, ...]]] = [(q.body, ())]
    while stack:
        node, way = stack.pop()
        if isinstance(node, Var):
            if node.name == name:
                yield node, way
        elif isinstance(node, Apply | Sum):
            below = [(c, (*way, (node, k))) for k, c in enumerate(children(node)) if _reaches(c, name)]
            stack.extend(reversed(below))


def _reaches(e: Expr, name: str) -> bool:
    return any(v.name == name for v in variables(e))


def _activations(forward: Iterable[Equation]) -> Iterator[tuple[Expr, Expr]]:
    """h and z of each h = φ(z)."""
    for q in forward:
        match q.body:
            case Apply(op=op, args=(inner,)) if isinstance(TABLE[op], Elementwise | Called) and op not in UNCITED:
                yield q.var, inner
            case _:
                pass


# ---------------------------------------------------------------- the verb


def derive_mistakes(q: Question) -> tuple[Content, ...]:
    """Over the forward pass that the parts share."""
    parts = q.problem.parts if q.part.model is None else (q.part,)
    prepared = prepare(q.model, kept_names(q.problem, parts), q.problem.latex)
    return tuple(mistakes(prepared, q.of, name, q.style, q.where) for name in q.names)


ROW = Verb(derive_mistakes)
