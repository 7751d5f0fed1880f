"""`jacobian` and `hessian`: one derivative in the forms that were asked, each following from the one before.

matrix: the forward sweep, read as matrices.  index, cases, kronecker: the definition of an entry, the quotient rule
with g and h named where there is a quotient, i = j and i ≠ j apart, both merged by δ_ij.  entries: a matrix with
dots.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from solgen.calculus.engine.adjoints import Detail, expand_names, gradients, names_before
from solgen.calculus.engine.bound_indices import part_names, taken_names
from solgen.calculus.engine.entrywise import Letters, decide_deltas, differentiate, push_entry, quotient_rule
from solgen.calculus.engine.forward_sweep import Local, differential, jacobians
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.question import Question
from solgen.calculus.textbook.factor import right_factored
from solgen.calculus.textbook.facts import Facts
from solgen.calculus.textbook.monomial import pull_factors
from solgen.calculus.textbook.simplify import simplify, tidy
from solgen.calculus.verbs import Verb
from solgen.errors import Refused
from solgen.expr.arith import ZERO, add, div, entry, is_quotient, is_sum, mul
from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Index, Sum, Var, rank
from solgen.expr.walk import nodes, reindex, substitute, variables
from solgen.model.derivation import Grid, Line, NamedPart, Passage, Where, Worked
from solgen.model.problem import derivative_symbol
from solgen.model.step import StepId

Indices = tuple[Idx, ...]


@dataclass(slots=True)
class _Work:
    """One derivative on its way: the symbol, its indices, and the passages so far."""

    prepared: Prepared
    symbol: Adj
    label: StepId
    letters: Letters
    o: Indices
    i: Indices
    passages: list[Passage] = field(default_factory=list)
    lines: int = 0

    def line(self, *chain: Expr, reason: str = "") -> Line:
        self.lines += 1
        return Line(replace(self.label, number=self.lines), tuple(dict.fromkeys(chain)), reason=reason)

    def add(self, kind: str, *lines: Line, where: tuple[Where, ...] = (), names: tuple[NamedPart, ...] = ()) -> None:
        self.passages.append(Passage(kind, lines, where, names))


def work_jacobian(
    prepared: Prepared,
    of: Var,
    wrt: Var,
    forms: tuple[str, ...],
    indices: Mapping[str, str],
    style: Detail,
    where: StepId,
) -> Worked:
    """∂of/∂wrt; J[i, j] = ∂of_i/∂wrt_j.  Raises Refused for a form that the derivative does not have."""
    found = jacobians(prepared.equations, of, wrt)
    symbol = Adj(of, wrt)
    forms = forms or (("matrix",) if rank(of) + rank(wrt) <= 2 else ("index",))
    work = _start(prepared, symbol, indices, where.step("step", derivative_symbol(symbol)))
    results = _results(work, found, forms, style)
    return Worked("jacobian", symbol, prepared.shown, tuple(work.passages), tuple(results), work.o + work.i)


def hessian(
    prepared: Prepared,
    of: Var,
    wrt: Var,
    forms: tuple[str, ...],
    indices: Mapping[str, str],
    style: Detail,
    where: StepId,
) -> Worked:
    """∂²of/∂wrt²: the Jacobian of the gradient, H[i, j] = ∂²of/∂wrt_i∂wrt_j."""
    if rank(wrt) == 2:
        raise Refused(f"the Hessian with respect to `{wrt.name}` has 4 indices", "ask for a vector")
    first = gradients(
        prepared, of, (wrt.name,), Detail(10_000, True, ()), replace(where, within="gradient for the Hessian:")
    )
    block = first.blocks[-1] if first.blocks else None
    gradient = next((b.closed for b in first.blocks if b.symbol.wrt == wrt), None)
    if block is None or gradient is None or any(isinstance(n, Adj) for n in nodes(gradient)):
        raise Refused("the gradient is too long to be differentiated again as one expression")
    symbol = Adj(of, wrt, twice=True)
    work = _start(prepared, symbol, indices, where.step("step", derivative_symbol(symbol)), second=True)
    work.add("gradient", work.line(Adj(of, wrt), gradient))
    known = _known_jacobians(prepared, gradient, wrt)
    local = differential(gradient, wrt, {k.symbol.of.name: k for k in known})
    local = Local(symbol, local.o, local.i, local.terms, local.matrix, local.reason)
    results = _results(work, (*known, local), forms or ("matrix",), style)
    return Worked("hessian", symbol, prepared.shown, tuple(work.passages), tuple(results), work.o + work.i, first.rules)


def _known_jacobians(prepared: Prepared, e: Expr, wrt: Var) -> tuple[Local, ...]:
    """Jacobians of the forward values that e mentions."""
    found: dict[str, Local] = {}
    for var in variables(e):
        if var.name != wrt.name:
            on_the_way = jacobians(prepared.shown, var, wrt)
            found |= {k.symbol.of.name: k for k in on_the_way if on_the_way[-1].terms}  # none: it does not depend
    return tuple(found.values())


def _start(prepared: Prepared, symbol: Adj, indices: Mapping[str, str], label: StepId, second: bool = False) -> _Work:
    letters = Letters(taken_names(prepared))
    of, wrt = symbol.of, symbol.wrt
    outer = wrt if second else of
    o = _name_indices(outer, indices.get(of.name, ""), letters)
    return _Work(prepared, symbol, label, letters, o, _name_indices(wrt, indices.get(wrt.name, ""), letters))


def _name_indices(var: Var, wish: str, letters: Letters) -> Indices:
    return tuple(Idx(letters.take(wish[k : k + 1]), n) for k, n in enumerate(var.shape_))


def _results(work: _Work, found: tuple[Local, ...], forms: tuple[str, ...], style: Detail) -> list[Line]:
    """The forms that are asked for; a derivative that is 0 is one statement in whatever form."""
    if not found[-1].terms:
        return [_nothing(work, found[-1])]
    results = [_FORMS[form](work, found) for form in forms]
    return results + _substitute_names(work, results[-1], style)


def _nothing(work: _Work, last: Local) -> Line:
    """That nothing leads from the variable to the value, or to the gradient: every derivative is 0."""
    left = work.symbol if last.matrix is not None else entry(work.symbol, work.o + work.i)
    zero = ZERO if last.matrix is None else last.matrix
    work.add("independent", work.line(left, zero))
    return work.line(left, zero)


# ---------------------------------------------------------------- forms


def _matrix(work: _Work, found: tuple[Local, ...]) -> Line:
    """Each Jacobian on the way as a matrix, then the last with all of them written out."""
    if found[-1].matrix is None:
        raise Refused(f"the Jacobian has no matrix form: {found[-1].reason}", "ask for form: index")
    kind = "matrix" if len(found) == 1 else "chain"
    shown = [p.lines[-1] for p in work.passages if p.kind == kind]
    if shown:
        return work.line(work.symbol, shown[-1].chain[-1])
    closed: dict[Expr, Expr] = {}
    passed: dict[Expr, Expr] = {}
    facts = Facts(work.prepared.shown)
    for local in found:
        if local.matrix is None:
            continue
        named = _names(work.prepared, work.symbol.of)
        simple = right_factored(substitute(facts.simplify(substitute(local.matrix, passed)), named))
        whole = right_factored(substitute(facts.simplify(substitute(simple, closed)), named))
        if local.symbol.of in work.prepared.introduced:  # a step of ours: what follows is told of the file's names
            passed[local.symbol] = simple
        if not any(isinstance(n, Adj) for n in nodes(whole)):
            closed[local.symbol] = whole
        first = substitute(tidy(local.matrix), named)
        work.add(kind, work.line(local.symbol, first, simple, whole))
    return work.line(work.symbol, closed.get(found[-1].symbol, simplify(found[-1].matrix)))


def _index(work: _Work, found: tuple[Local, ...]) -> Line:
    """The definition of an entry, and its derivative with the δ's that sums absorb gone."""
    left = entry(work.symbol, work.o + work.i)
    body = _direct(work, found)
    if body is None:
        return _index_of_matrix(work, found, left)
    defined = push_entry(body, work.o, work.letters)
    work.add("definition", work.line(entry(work.symbol.of, work.o), defined))
    slope = differentiate(defined, work.symbol.wrt, work.i)
    short = _through_value(work, slope, defined)
    work.add("index", work.line(left, slope, short))
    return work.line(left, short)


def _index_of_matrix(work: _Work, found: tuple[Local, ...], left: Expr) -> Line:
    """Entries of the matrix form, or of the contracted terms where there is none."""
    last = found[-1]
    if last.matrix is not None:
        whole = _matrix(work, found).chain[-1]
        spelled = decide_deltas(simplify(push_entry(whole, work.o + work.i, work.letters)), {})
    else:
        swap: dict[Index, Index] = dict(zip(last.o + last.i, work.o + work.i, strict=True))
        spelled = _letter_sums(reindex(last.entries, swap), work.letters)
    work.add("index", work.line(left, spelled))
    return work.line(left, spelled)


def _cases(work: _Work, found: tuple[Local, ...]) -> Line:
    """The quotient rule with g and h named, then i = j and i ≠ j apart."""
    left = entry(work.symbol, work.o + work.i)
    body = _as_written(work, found)
    if body is None or len(work.o) != 1 or not work.i:
        raise Refused("a derivation by cases needs a value that is defined by one equation of the variable")
    defined = push_entry(body, work.o, work.letters)
    work.add("definition", work.line(entry(work.symbol.of, work.o), defined))
    slope = _quotient(work, defined) or differentiate(defined, work.symbol.wrt, work.i)
    pair = _pair(slope)
    if pair is None:
        raise Refused("no δ stands in the derivative, so there are no cases to tell apart")
    branches = []
    for equal in (True, False):
        taken = decide_deltas(slope, {frozenset(pair): equal})
        if equal:
            taken = reindex(taken, {pair[1]: pair[0]})
        short = _through_value(work, taken, defined if not equal else reindex(defined, {pair[1]: pair[0]}))
        symbol = reindex(left, {pair[1]: pair[0]}) if equal else left
        work.add("case", work.line(symbol, taken, short), where=(Where(*pair, equal),))
        branches.append(short)
    return work.line(left, _through_value(work, slope, defined), reason="cases")


def _quotient(work: _Work, defined: Expr) -> Expr | None:
    """The passage that names g and h, and the quotient rule applied; None where no quotient is."""
    if not is_quotient(defined):
        return None
    g, h = defined.args
    dg = differentiate(g, work.symbol.wrt, work.i)
    dh = differentiate(h, work.symbol.wrt, work.i)
    if dh == ZERO:
        return None
    one, two = part_names(taken_names(work.prepared))
    names = (NamedPart(one, g), NamedPart(two, h), NamedPart(one, dg, 1), NamedPart(two, dh, 1))
    work.passages.append(Passage("quotient", (), (), names))
    return quotient_rule(g, h, dg, dh)


def _pair(e: Expr) -> tuple[Index, Index] | None:
    return next(((n.left, n.right) for n in nodes(e) if isinstance(n, Delta)), None)


def _kronecker(work: _Work, found: tuple[Local, ...]) -> Line:
    """Both cases in one formula, by δ_ij."""
    if not any(p.kind in ("case", "index") for p in work.passages):
        _index(work, found)
    last = work.passages[-1].lines[-1].chain[-1] if work.passages[-1].kind == "index" else None
    merged = last if last is not None else _merge_values(work, found)
    left = entry(work.symbol, work.o + work.i)
    work.add("merge", work.line(left, merged))
    return work.line(left, merged)


def _merge_values(work: _Work, found: tuple[Local, ...]) -> Expr:
    body = _as_written(work, found)
    assert body is not None
    defined = push_entry(body, work.o, work.letters)
    return _through_value(work, differentiate(defined, work.symbol.wrt, work.i), defined)


def _entries(work: _Work, found: tuple[Local, ...]) -> Line:
    """The matrix displayed entry by entry, with dots; a matrix variable flattened row after row."""
    if len(work.o) != 1 or len(work.i) not in (1, 2):
        raise Refused("only the Jacobian of a vector is displayed entry by entry", "ask for form: index")
    left = entry(work.symbol, work.o + work.i)
    known = {p.kind: p.lines[-1].chain[-1] for p in work.passages if p.kind in ("index", "merge", "case")}
    if "case" in known:  # each case holds for its own indices only
        known["case"] = _merge_values(work, found)
    formula = known.popitem()[1] if known else _index(work, found).chain[-1]
    grid = Grid(work.symbol, work.o[0], work.i[0], formula, *work.i[1:])
    work.passages.append(Passage("entries", (work.line(left, formula),), grid=grid))
    return work.line(left, formula)


def _both(work: _Work, found: tuple[Local, ...]) -> Line:
    _index(work, found)
    return _matrix(work, found)


_FORMS = {
    "matrix": _matrix, "index": _index, "cases": _cases, "kronecker": _kronecker, "entries": _entries, "both": _both,
}  # fmt: skip


# ---------------------------------------------------------------- shared


def _direct(work: _Work, found: tuple[Local, ...]) -> Expr | None:
    """The right side of `of` where it is a function of the variable with no name between."""
    if len(found) != 1 or work.symbol.twice or work.symbol.of == work.symbol.wrt:
        return None
    return next(q.body for q in work.prepared.shown if q.var == work.symbol.of)


def _as_written(work: _Work, found: tuple[Local, ...]) -> Expr | None:
    """The right side of `of` as the file writes it, where no name of the file stands between it and the variable."""
    introduced = {v.name for v in work.prepared.introduced}
    if (
        work.symbol.twice
        or work.symbol.of == work.symbol.wrt
        or any(k.symbol.of.name not in introduced for k in found[:-1])
    ):
        return None
    bodies: dict[Expr, Expr] = {q.var: q.body for q in work.prepared.shown}
    return expand_names(bodies[work.symbol.of], bodies, frozenset(introduced))


def _names(prepared: Prepared, of: Var) -> Mapping[Expr, Expr]:
    met = names_before(prepared, of)
    bodies = ((q.var, q.body) for q in prepared.shown if q.var.name in met and not q.var.at)
    return {simplify(body): var for var, body in bodies if isinstance(body, Apply)}


def _through_value(work: _Work, slope: Expr, defined: Expr) -> Expr:
    """The derivative through the function's own value: with y = g / h, every g is y h, and the h cancel."""
    simple = simplify(slope)
    if is_quotient(defined):
        g, h = defined.args
        swaps: dict[Expr, Expr] = {}
        for at in (work.o, work.i):
            moved = reindex(g, dict(zip(work.o, at, strict=True))) if len(at) == len(work.o) else g
            swaps[moved] = mul(entry(work.symbol.of, at), h)
        simple = simplify(_spread_fraction(substitute(simplify(slope), {simplify(a): b for a, b in swaps.items()})))
    else:
        simple = substitute(simple, {simplify(defined): entry(work.symbol.of, work.o)})
    return pull_factors(simple)


def _spread_fraction(e: Expr) -> Expr:
    """(a − b) / c = a/c − b/c, so that each term can cancel."""
    if is_quotient(e) and is_sum(e.args[0]):
        return add(*(div(t, e.args[1]) for t in e.args[0].args))
    return e


def _letter_sums(e: Expr, letters: Letters) -> Expr:
    """Bound indices of a sum with letters that a reader would choose."""
    if isinstance(e, Sum):
        fresh = Idx(letters.take(), e.index.size)
        return Sum(fresh, _letter_sums(reindex(e.body, {e.index: fresh}), letters))
    if isinstance(e, Apply):
        return Apply(e.op, tuple(_letter_sums(a, letters) if not rank(a) else a for a in e.args), e.params, e.shape_)
    return e


def _substitute_names(work: _Work, last: Line, style: Detail) -> list[Line]:
    """The answer with the names written out that the file asks for."""
    names = frozenset(style.expand) | {v.name for v in work.prepared.introduced}
    bodies: dict[Expr, Expr] = {q.var: q.body for q in work.prepared.shown}
    answer = last.chain[-1]
    wide = expand_names(answer, bodies, names)
    if wide == answer or isinstance(answer, Entry):
        return []
    work.add("substitute", work.line(last.chain[0], answer, wide))
    return [work.line(last.chain[0], wide)]


# ---------------------------------------------------------------- the verb


def derive_jacobian(q: Question) -> Worked:
    """Stage by stage, with the names written out that `substitute` lists."""
    (name,), options = q.names, q.ask.options
    return work_jacobian(q.prepared, q.of, q.model.variables[name], options.form, options.indices, q.style, q.where)


ROW = Verb(derive_jacobian)
