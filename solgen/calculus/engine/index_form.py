"""Gradients in index form: the definition of an entry, the case rule of its derivative, the chain rule, the sum.

For each use of a name W in an equation z = f(W, …): z_t = …, then ∂z_t/∂W_ij with its δ's, then ∂L/∂W_ij = Σ_t
∂L/∂z_t ∂z_t/∂W_ij with the δ's absorbed.  Several uses are summed.  An entry, a row or a column (`W[k, :]`) is the
same with its indices fixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from solgen.calculus.engine.adjoints import Detail, gradients
from solgen.calculus.engine.bound_indices import taken_names
from solgen.calculus.engine.entrywise import (
    Letters,
    absorb_deltas,
    add_nonzero,
    decide_deltas,
    differentiate,
    named_entries,
    push_entry,
    split_sums,
)
from solgen.calculus.engine.network import Factor, Term, contract, expand
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.engine.readback import readback
from solgen.calculus.engine.sweep import on_path
from solgen.calculus.textbook.factor import factor_sum
from solgen.calculus.textbook.patterns import is_op
from solgen.calculus.textbook.simplify import simplify
from solgen.errors import Refused
from solgen.expr import applied
from solgen.expr.arith import ZERO, entry, mul, total
from solgen.expr.nodes import Adj, Delta, Entry, Expr, Idx, Index, Var, rank
from solgen.expr.size import Size
from solgen.expr.walk import nodes, position, reindex, substitute, variables
from solgen.model.derivation import AdjointBlock, Gradients, Grid, Line, Passage, Where, Worked
from solgen.model.problem import Equation, NameRef
from solgen.model.step import StepId, Symbol


@dataclass(slots=True)
class _Work:
    """One gradient on its way in index form."""

    prepared: Prepared
    of: Var
    wrt: Var
    at: tuple[Index, ...]
    letters: Letters
    label: StepId
    short: Mapping[Expr, Expr]
    wished: Mapping[str, str]
    passages: list[Passage] = field(default_factory=list)
    lines: int = 0

    def line(self, *chain: Expr) -> Line:
        self.lines += 1
        return Line(replace(self.label, number=self.lines), tuple(dict.fromkeys(chain)))

    @property
    def left(self) -> Expr:
        return entry(Adj(self.of, self.wrt), self.at)


def derive_index_forms(
    prepared: Prepared,
    of: Var,
    ref: NameRef,
    forms: tuple[str, ...],
    indices: Mapping[str, str],
    style: Detail,
    where: StepId,
) -> Worked:
    """∂of/∂name in the index forms asked for, and in matrix form where that is among them.

    Raises Refused for a form that the gradient does not have.
    """
    wrt = prepared.variables[ref.name]
    letters = Letters(taken_names(prepared))
    at, free = _indices(ref, wrt, indices, letters, prepared)
    swept = gradients(prepared, of, (wrt.name,), style, replace(where, within=str(ref)))
    label = where.step("step", Symbol(ref.name, of.name, ref.at))
    work = _Work(prepared, of, wrt, at, letters, label, _short(swept), indices)
    answer = _sum_over_uses(work)
    results = [_form(form, work, answer, swept, ref, free) for form in forms or ("index",)]
    if ref.indices and free:
        results.append(_row(work, answer, ref, free))
    own = tuple(i for i in at if isinstance(i, Idx))
    return Worked("gradients", work.left, prepared.shown, tuple(work.passages), tuple(results), own, swept.rules)


def _indices(
    ref: NameRef, wrt: Var, wished: Mapping[str, str], letters: Letters, prepared: Prepared
) -> tuple[tuple[Index, ...], tuple[Idx, ...]]:
    """The position of the entry: letters of the reference, numbers, labels; `:` and a missing index are free."""
    given = ref.indices or (None,) * rank(wrt)
    if len(given) != rank(wrt) or any(isinstance(g, tuple) for g in given):
        raise Refused(f"`{ref}` is not an entry, a row or a column of `{wrt.name}`")
    at: list[Index] = []
    free: list[Idx] = []
    for axis, (g, size) in enumerate(zip(given, wrt.shape_, strict=True)):
        match g:
            case None:
                index = Idx(letters.take(wished.get(wrt.name, "")[axis : axis + 1]), size)
                free.append(index)
                at.append(index)
            case int():
                at.append(Size.of(g) if g >= 0 else size - Size.of(-g))
            case str() if g in prepared.variables:
                at.append(prepared.variables[g])
            case _:
                at.append(Idx(letters.take(str(g)), size))
    return tuple(at), tuple(free)


def _short(swept: Gradients) -> dict[Expr, Expr]:
    """Gradients that are short enough to be written out in an index form."""
    plain = (b for b in swept.blocks if not any(_symbolic(n) for n in nodes(b.value)))
    return {b.symbol: b.value for b in plain if sum(1 for n in nodes(b.value) if isinstance(n, Var)) <= 3}


def _symbolic(n: Expr) -> bool:
    return isinstance(n, Adj) or is_op(n, "loss_grad")


# ---------------------------------------------------------------- the chain rule in index form


def _sum_over_uses(work: _Work) -> Expr:
    active = on_path(work.prepared.equations, work.of.name, {work.wrt.name})
    uses = [
        q for q in reversed(work.prepared.equations)
        if q.var.name in active and any(v.name == work.wrt.name for v in variables(q.body))
    ]  # fmt: skip
    if not uses:
        raise Refused(f"no path leads from `{work.wrt.name}` to `{work.of.name}`: the gradient is 0")
    lead = (work.left,) if len(uses) == 1 else ()  # what one of several uses adds is not yet the gradient
    terms = [_use(work, q, lead, _meets_itself(q, work.wrt, active)) for q in uses]
    if len(terms) == 1:
        return terms[0]
    result = add_nonzero(*terms)
    work.passages.append(Passage("sum", (work.line(work.left, result),)))
    return result


def _meets_itself(q: Equation, wrt: Var, active: Iterable[str]) -> bool:
    """Whether other values of the equation depend on the name too: then ∂q/∂name is more than this use of it."""
    return any(v.name != wrt.name and v.name in active for v in variables(q.body))


def _use(work: _Work, q: Equation, lead: tuple[Expr, ...], meets: bool) -> Expr:
    """What one equation adds; `lead` begins the chain of equal expressions.

    Where other values of the equation depend on the name too (`meets`), the slope of this use stands for ∂q/∂name.
    """
    wish = work.wished.get(q.var.name, "")
    t = tuple(Idx(work.letters.take(wish[k : k + 1]), n) for k, n in enumerate(q.var.shape_))
    defined = push_entry(q.body, t, work.letters)
    work.passages.append(Passage("definition", (work.line(entry(q.var, t), defined),)))
    slope = differentiate(defined, work.wrt, work.at)
    plain = decide_deltas(simplify(slope), {})
    split = split_sums(plain)
    slope = named_entries(work.prepared, split, t + work.at)
    symbol = entry(Adj(q.var, work.wrt), t + work.at)
    if q.var == work.of:
        work.passages.append(Passage("index", (work.line(*lead, plain, split, slope),)))
        return slope
    if not meets:
        work.passages.append(Passage("index", (work.line(symbol, plain, split, slope),)))
    upstream = Adj(work.of, q.var)
    chain, short = mul(entry(upstream, t), plain if meets else symbol), mul(entry(upstream, t), slope)
    for index in (*reversed(t), *(i for i in q.var.at if isinstance(i, Idx) and i not in work.wrt.at)):
        chain, short = total(index, chain), absorb_deltas(index, short)
    short, value = simplify(short), work.short.get(upstream)
    wide = short if value is None else simplify(_insert_entries(short, upstream, value, work.letters))
    work.passages.append(Passage("chain", (work.line(*lead, chain, short, wide),)))
    return wide


def _insert_entries(e: Expr, symbol: Adj, value: Expr, letters: Letters) -> Expr:
    """e with entries of a gradient symbol replaced by those of its value; sums in them have letters of their own."""
    kept: dict[Expr, Expr] = {  # an entry of a softmax is longer than the softmax
        Var(f" softmax {n}", p.shape_): p for n, p in enumerate(nodes(value)) if is_op(p, "softmax") and rank(p) == 1
    }
    folded = substitute(value, {p: v for v, p in kept.items()})
    found: dict[Expr, Expr] = {
        n: substitute(push_entry(folded, n.indices, letters), kept)
        for n in nodes(e)
        if isinstance(n, Entry) and n.array == symbol
    }
    plain: dict[Expr, Expr] = {symbol: value} if rank(symbol) == 0 else {}
    return substitute(e, {**found, **plain})


# ---------------------------------------------------------------- forms


def _form(form: str, work: _Work, answer: Expr, swept: Gradients, ref: NameRef, free: tuple[Idx, ...]) -> Line:
    match form:
        case "index" | "kronecker":
            return work.line(work.left, answer)
        case "cases":
            return _cases(work, answer)
        case "entries":
            return _entries(work, answer)
        case "matrix" | "both":
            block = _block(swept, work.wrt)
            forms = (block.value, *block.final)
            work.passages.append(Passage("matrix", (work.line(block.symbol, *forms),)))
            return work.line(block.symbol, *forms)
        case _:
            raise Refused(f"`form: {form}` needs a family of samples", "declare `i: Index[n]` and values `x[i]`")


def _block(swept: Gradients, wrt: Var) -> AdjointBlock:
    return next(b for b in swept.blocks if b.symbol.wrt.name == wrt.name)


def _cases(work: _Work, answer: Expr) -> Line:
    """The case rule of the last partial derivative: its value where the indices meet, 0 elsewhere."""
    for place, passage in reversed(tuple(enumerate(work.passages, start=1))):
        if passage.kind != "index":
            continue
        symbol, slope = passage.lines[-1].chain[0], passage.lines[-1].chain[-1]
        pair = next(((n.left, n.right) for n in nodes(slope) if isinstance(n, Delta)), None)
        if pair is None:
            continue
        work.passages[place:place] = [_case(work, symbol, slope, pair, equal) for equal in (True, False)]
        return work.line(work.left, answer)
    raise Refused("no δ stands in a derivative on the way, so there are no cases to tell apart")


def _case(work: _Work, symbol: Expr, slope: Expr, pair: tuple[Index, Index], equal: bool) -> Passage:
    """A derivative where two of its indices are equal, or where they are not."""
    value = decide_deltas(slope, {frozenset(pair): equal})
    if equal:
        symbol, value = (reindex(e, {pair[1]: pair[0]}) for e in (symbol, value))
    return Passage("case", (work.line(symbol, value),), (Where(*pair, equal),))


def _entries(work: _Work, answer: Expr) -> Line:
    """The gradient displayed entry by entry, with dots."""
    own = [i for i in work.at if isinstance(i, Idx)]
    if len(own) != 2:
        raise Refused(f"only a matrix is displayed entry by entry, and `{work.wrt.name}` is none")
    grid = Grid(Adj(work.of, work.wrt), own[0], own[1], answer)
    work.passages.append(Passage("entries", (work.line(work.left, answer),), grid=grid))
    return work.line(work.left, answer)


def _row(work: _Work, answer: Expr, ref: NameRef, free: tuple[Idx, ...]) -> Line:
    """A row or a column as a vector: ∂L/∂W_k = (y_k − t_k) x."""
    fixed = [n for n, g in enumerate(ref.indices) if g is not None]
    if len(free) != 1 or len(fixed) != 1:
        return work.line(work.left, answer)
    symbol = applied.pick_along(Adj(work.of, work.wrt), position(work.at[fixed[0]]), fixed[0])
    try:
        terms = [readback(_pin_entries(contract(t), free), free) for t in expand(answer)]
    except Refused:  # a function of the entries: the row is said entry by entry
        return work.line(work.left, answer)
    vector = simplify(terms[0] if len(terms) == 1 else add_nonzero(*terms)) if terms else ZERO
    vector = next(iter(factor_sum(vector)), vector)
    work.passages.append(Passage("matrix", (work.line(symbol, vector),)))
    return work.line(symbol, vector)


def _pin_entries(term: Term, free: tuple[Idx, ...]) -> Term:
    """Entries at fixed positions are numbers in front; a matrix with one index fixed is a row or a column."""
    moving = set(free) | set(term.bound)
    fixed = tuple(f for f in term.factors if not moving & set(f.indices))
    kept = tuple(_line_of(f, moving) for f in term.factors if f not in fixed)
    still = tuple(d for d in term.deltas if not moving & set(d))
    front = (*(entry(f.array, f.indices) for f in fixed), *(Delta(i, j) for i, j in still))
    deltas = tuple(d for d in term.deltas if d not in still)
    return Term(kept, term.scalars + front, deltas, term.bound, term.negative)


def _line_of(factor: Factor, moving: set[Idx]) -> Factor:
    """U_kj with k fixed as entry j of row k of U, U_jk as that of column k."""
    if len(factor.indices) != 2 or moving.issuperset(factor.indices):
        return factor
    first, second = factor.indices
    if first in moving:
        return Factor(applied.pick_col(factor.array, position(second)), (first,))
    return Factor(applied.pick_row(factor.array, position(first)), (second,))
