"""Whether a worked example has all that it needs: numbers for every name, a number for every size, known functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from solgen.errors import Span
from solgen.expr.nodes import Apply, Expr, Idx, Kind, SizeNum, rank, shape
from solgen.expr.ops import Callee
from solgen.expr.size import Size, solve_sizes
from solgen.expr.walk import free_indices, nodes, variables
from solgen.model.problem import Ask, Model, NameRef, Problem, Prose, Reference
from solgen.model.quantity import Number
from solgen.reader.language.scope import Scope
from solgen.reader.numbers import extent, lengths
from solgen.reader.source import Defects


def check_example(ask: Ask, model: Model, scope: Scope, report: Defects) -> None:
    """Reports what keeps an `evaluate` from being computed: names, indices, derivatives, functions and sizes."""
    values, pairs = ask.extra.get("values", {}), ask.extra.get("derivatives", ())
    assert isinstance(values, Mapping) and isinstance(pairs, tuple)
    if scope.broken or scope.blind or report.found:
        return
    for of, wrt in pairs:
        _derivative(of, wrt, scope, report)
    for ref in ask.names:
        _position(ref, model, report)
    if ask.of is not None:
        _scalar(ask.of, scope, report)
    wanted = {n.name for n in ask.names} | {of.name for of, _ in pairs}
    if not wanted:
        wanted = {q.var.name for q in model.equations} or set(values)
    _complete(wanted, values, model, ask.span, report)


def check_values(problem: Problem, scope: Scope, report: Defects) -> None:
    """Reports a `[[value h]]` or `[[numbers]]` that `numbers:` does not settle."""
    if scope.broken or scope.blind or report.found:
        return
    for prose, model in _texts(problem):
        for r in prose:
            if isinstance(r, str) or r.kind not in ("value", "numbers"):
                continue
            if not problem.numbers:
                report.error("missing-numbers", "no numbers are given", r.span, "add `numbers: {x: [1, 2], …}`")
            elif r.kind == "value" and r.wrt is not None:
                _value(r, r.wrt, model, problem, scope, report)


def _value(r: Reference, wrt: NameRef, model: Model, problem: Problem, scope: Scope, report: Defects) -> None:
    _position(wrt, model, report)
    if r.of is not None:
        _derivative(r.of, wrt, scope, report)
    _complete({r.of.name if r.of else wrt.name}, problem.numbers, model, r.span, report)


def _texts(problem: Problem) -> Iterator[tuple[Prose, Model]]:
    """Every text of a problem with the model that it speaks of."""
    yield problem.statement, problem.model
    for part in problem.parts:
        yield from ((text, problem.model_of(part)) for text in part.prose)


# ---------------------------------------------------------------- what is asked for


def _position(ref: NameRef, model: Model, report: Defects) -> None:
    """Reports an entry at a letter: only numbers have a value."""
    if any(not isinstance(i, int) for i in ref.indices):
        hint = f"ask for `{ref.name}`, or for an entry such as `{ref.name}[{', '.join('0' for _ in ref.indices)}]`"
        report.error("bad-name", f"`{ref}` has no value of its own", ref.span, hint)
    elif ref.indices and len(ref.indices) != len(model.variables[ref.name].axes):
        report.error("bad-name", f"`{ref}` is not one entry", ref.span, f"ask for `{ref.name}`")


def _derivative(of: NameRef, wrt: NameRef, scope: Scope, report: Defects) -> None:
    """Reports a derivative that is no gradient of a scalar by a name."""
    if of.indices or wrt.indices:
        whole = f"d{of.name}/d{wrt.name}"
        report.error("bad-name", f"`d{of}/d{wrt}` is a part of a gradient", wrt.span, f"ask for `{whole}`")
        return
    _scalar(of, scope, report)
    if scope.variables[wrt.name].kind is Kind.LABEL:
        message = f"`{wrt.name}` is a class label: nothing is differentiated with respect to it"
        report.error("not-a-value", message, wrt.span, "leave it out")


def _scalar(of: NameRef, scope: Scope, report: Defects) -> None:
    var = scope.variables[of.name]
    if rank(var) or var.at:
        hint = "ask for the gradient of a scalar, such as the loss"
        report.error("not-scalar", f"`{of.name}` is not one number", of.span, hint)


# ---------------------------------------------------------------- what it needs


def _complete(wanted: Iterable[str], values: Mapping[str, Number], model: Model, span: Span, report: Defects) -> None:
    """Reports, of what the wanted names depend on: values not given, functions without a formula, sizes unknown."""
    bodies = {q.var.name: q.body for q in model.equations}
    needed = _ancestors(wanted, bodies)
    missing = [d.var.name for d in model.declarations if d.var.name in needed and d.var.name not in values]
    if missing:
        which = ", ".join(f"`{name}`" for name in missing)
        hint = f"add `numbers: {{{', '.join(f'{name}: …' for name in missing)}}}`"
        report.error("missing-numbers", f"no number is given for {which}", span, hint)
        return
    formulas = [bodies[name] for name in bodies if name in needed]
    unknown = sorted({f.name for f in model.functions if f.name in set(_functions(formulas))})
    if unknown:
        hint = f"define it, `{unknown[0]} = lambda k: tanh(k)`, or name a function of the language"
        message = f"`{unknown[0]}` stands for any function, so it has no values"
        report.error("missing-numbers", message, span, hint)
        return
    _check_settled(needed, values, model, formulas, span, report)


def _check_settled(
    needed: set[str], values: Mapping[str, Number], model: Model, formulas: list[Expr], span: Span, report: Defects
) -> None:
    """Reports values whose shape a part has changed, and sizes that nothing fixes."""
    names = model.variables
    known = solve_sizes(lengths({n: v for n, v in values.items() if n in names}, names), model.fixed)
    for name in sorted(needed & values.keys()):
        found = list(lengths({name: values[name]}, names))
        deep = len(extent(values[name]) or ())
        if deep != len(names[name].axes) or any(_differs(size, length, known) for size, length in found):
            hint = f"give `{name}` anew: `evaluate: {{{name}: …}}`"
            report.error("bad-numbers", f"the numbers given for `{name}` do not fit this model", span, hint)
            return
    symbols = {s for e in formulas for size in _sizes(e) for s in size.symbols} - known.keys()
    if symbols:
        name = min(symbols)
        report.error("missing-numbers", f"nothing given fixes the size {name}", span, f"add `sizes: {{{name}: 3}}`")


def _differs(size: Size, length: int, known: Mapping[str, int]) -> bool:
    return size.symbols <= known.keys() and size.value(known) != length


def _ancestors(wanted: Iterable[str], bodies: Mapping[str, Expr]) -> set[str]:
    """The names with all that they are computed from."""
    found: set[str] = set()
    stack = list(wanted)
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += [v.name for v in variables(bodies[name])] if name in bodies else []
    return found


def _functions(formulas: Iterable[Expr]) -> Iterator[str]:
    """Names of the functions called in formulas."""
    for e in formulas:
        for n in nodes(e):
            if isinstance(n, Apply):
                yield from (p.name for p in n.params if isinstance(p, Callee))


def _sizes(e: Expr) -> Iterator[Size]:
    """Every size that the value of a formula depends on."""
    for n in nodes(e):
        yield from shape(n)
        match n:
            case SizeNum(size=size):
                yield size
            case Apply(params=params):
                yield from (p for p in params if isinstance(p, Size))
        yield from (i.size for i in free_indices(n) if isinstance(i, Idx))
