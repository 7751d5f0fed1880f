"""Worked examples: every number that is printed, exact where it is rational, else rounded to digits that are proved;
and each of them found a second time in another way.

The second way shares nothing with the first but the numbers given: forward values come from the file's own equations,
gradients from differences of that forward pass (at a kink, where there is no derivative, from the rules as they stand
before anything was simplified), and forward values once more from the exported module in double precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from solgen.errors import Diagnostic, InputError, Refused, Span
from solgen.expr.arith import add
from solgen.expr.nodes import Adj, Apply, Expr, Idx, Var
from solgen.expr.ops import TABLE, Elementwise, Special
from solgen.expr.text import text
from solgen.expr.walk import nodes, variables
from solgen.model.derivation import AdjointBlock, Derivation, Example, ExampleStep
from solgen.model.problem import Equation, derivative_symbol
from solgen.model.quantity import Computed, Quantity, state_quantity
from solgen.model.step import StepId, Symbol
from solgen.model.verdict import Check
from solgen.numeric.checks.float64_check import TOLERANCE
from solgen.numeric.checks.oracle import Flow, difference_derivative
from solgen.numeric.code.interpret import interpret_module
from solgen.numeric.code.module import module
from solgen.numeric.code.requested import VERBS, View
from solgen.numeric.code.rerun import keyword_arguments
from solgen.numeric.values.compare import decimal_digits, format_value
from solgen.numeric.values.evaluator import Evaluator, Value, key_of
from solgen.numeric.values.fields import Array, Balls, Field, NotExact, OnKink, Undefined
from solgen.numeric.values.point import sample_axes
from solgen.numeric.values.rounded import DECIMALS, Closed, Unprintable, quantity
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations, family_value

BITS = (256, 512, 1024)  # tried in turn, until every digit that is printed is certain
SECOND = 800  # of the second way: differences keep about half of them
SLACK = Fraction(1, 10**12)  # of a unit: a value in the middle between two roundings
LARGEST = 400  # entries of one value
FURTHER = (0, 3, 6, 9, 12)  # digits more than usual, tried until a formula with its rounded numbers holds as it stands
ROOM = 5  # units of the last digit of a result that rounded numbers may miss it by


def examples(derivation: Derivation) -> tuple[list[Check], tuple[Computed, ...]]:
    """The values of every worked example of a problem, and what was found when they were computed again.

    Raises InputError where an operation is undefined at the numbers given.
    """
    checks: list[Check] = []
    computed: list[Computed] = []
    for example in derivation.runs:
        values = compute(example)
        computed.append(values)
        checks += recompute(example, values, derivation)
    return checks, tuple(computed)


# ---------------------------------------------------------------- the values


def compute(example: Example) -> Computed:
    """Every value that an example prints; raises InputError where an operation is undefined."""
    exact = _run(example, Closed())
    balls = [_run(example, Balls(BITS[0]), exact)]

    def value(name: str, e: Expr, further: int = 0) -> Quantity:
        try:
            return found(name, e, further)
        except Unprintable:
            span = next((q.span for q in example.forward if q.var.name == name), None)
            raise InputError([_too_large(name, "is too large to be printed", span)]) from None

    def found(name: str, e: Expr, further: int) -> Quantity:
        try:
            return _name_quantity(name, exact.value(e))
        except NotExact:
            pass
        for bits in BITS:
            if len(balls) <= BITS.index(bits):
                balls.append(_run(example, Balls(bits), exact))
            run = balls[BITS.index(bits)]
            with run.field.working():
                rounded = quantity(name, run.value(e).array, further)
            if rounded is not None:
                return replace(rounded, over=tuple(i.name for i in run.value(e).free))
        raise InputError([_report_undecided(name)])

    def numbers_for(s: ExampleStep, printed: Quantity) -> tuple[Quantity, ...]:
        """The numbers in the place of a step's operands, to as many digits as the line takes to hold."""
        tried = (tuple(_find_stated(e, example) or value(s.id, e, further) for e in s.operands) for further in FURTHER)
        first = next(tried)
        if all(q.exact for q in first) or _holds(s, first, printed, balls[0]):
            return first
        return next((numbers for numbers in tried if _holds(s, numbers, printed, balls[0])), first)

    quantities = tuple(value(s.id, s.symbol) for s in example.steps)
    operands = {
        s.id: numbers_for(s, printed) for s, printed in zip(example.steps, quantities, strict=True) if s.operands
    }
    return Computed(example.id, quantities, operands, tuple(_conventions(_met(exact, balls[0]), example)))


def _holds(s: ExampleStep, numbers: tuple[Quantity, ...], printed: Quantity, run: Evaluator) -> bool:
    """Whether a step's formula, with these numbers in the place of its operands, comes to what is printed."""
    trial = Evaluator(run.field, run.sizes, run.names, run.functions, run.adjoints)
    with run.field.working():
        for e, number in zip(s.operands, numbers, strict=True):
            known = run.value(e)
            flat = [arb(fmpq(x.numerator, x.denominator)) for x in number.values]
            trial.give(e, Value(known.free, run.field.array(np.array(flat, dtype=object).reshape(known.array.shape))))
        try:
            found = trial.value(s.formula)
        except Undefined:
            return False
        unit = Fraction(1, 10**DECIMALS) if printed.exact else printed.unit
        room = arb(fmpq(unit.numerator, unit.denominator)) * ROOM
        claimed = (arb(fmpq(x.numerator, x.denominator)) for x in printed.values)
        return all(bool(abs(x - y) <= room) for x, y in zip(found.array.flat, claimed, strict=True))


def _find_stated(e: Expr, example: Example) -> Quantity | None:
    """A value that the file gives, as it gives it."""
    if not isinstance(e, Var) or e.name not in example.numbers or not all(isinstance(i, Idx) for i in e.at):
        return None
    return state_quantity(e.name, example.numbers[e.name], tuple(i.name for i in e.samples))


def _name_quantity(name: str, value: Value) -> Quantity:
    found = quantity(name, value.array)
    if found is None:
        raise NotExact(name)
    return replace(found, over=tuple(i.name for i in value.free))


def _point(example: Example) -> Point:
    return Point({name: np.array(number, dtype=object) for name, number in example.numbers.items()}, {})


def _run(example: Example, field: Field, exact: Evaluator | None = None) -> Evaluator:
    """The forward pass as it is shown, and every gradient by its formula; what is exact is taken over."""
    run = begin_run(_point(example), field, example.sizes)
    field.signs = []
    for q in example.forward:
        try:
            _advance(run, q, exact)
        except Undefined as error:
            raise InputError([_report_undefined(q, error)]) from error
        value = run.names[q.var.name]
        if value is not None and value.array.size > LARGEST:
            raise InputError([_too_large(q.var.name, f"has more than {LARGEST} entries", q.span)])
    for block in _blocks(example):
        try:
            _fill(run, block, block.value)
        except Undefined as error:
            raise InputError([_no_gradient(block, example, error)]) from error
    return run


def _advance(run: Evaluator, q: Equation, exact: Evaluator | None) -> None:
    """One equation; a value known exactly stays exact, so that 0 is 0 and a kink is recognised."""
    known = exact.names.get(q.var.name) if exact else None
    if known is None:
        evaluate_equations(run, (q,))
        return
    with run.field.working():
        flat = [arb(x) for x in known.array.flat]
        array = np.empty(len(flat), dtype=object)
        array[:] = flat
        run.names[q.var.name] = Value(known.free, array.reshape(known.array.shape))


def _met(*runs: Evaluator) -> frozenset[Expr]:
    """The functions that were evaluated where they have no derivative."""
    return frozenset(n for run in runs for n, signs in run.kinks.items() if 0 in signs)


def _fill(run: Evaluator, block: AdjointBlock, formula: Expr) -> None:
    """A gradient symbol given the value of a formula; None where it is not exact."""
    symbol = block.symbol
    run.adjoints.setdefault((symbol.of.name, symbol.of.name), run.constant(1))
    try:
        value: Value | None = family_value(run, run.value(formula), sample_axes(symbol))
    except NotExact:
        value = None
    run.adjoints[key_of(symbol)] = value


def _blocks(example: Example) -> tuple[AdjointBlock, ...]:
    return tuple(b for g in example.gradients for b in g.blocks)


# ---------------------------------------------------------------- the second way


@dataclass(frozen=True, slots=True)
class Again:
    """The values found again: `run` knows them all; `stated` are the gradients for which a kink's convention counts."""

    run: Evaluator
    stated: frozenset[tuple[str, ...]]


def recompute(example: Example, values: Computed, derivation: Derivation) -> list[Check]:
    """Each number that is printed against its value found in another way."""
    again = _again(example)
    checks: list[Check] = []
    for step, printed in zip(example.steps, values.quantities, strict=True):
        name = example.value_id(step)
        checks.append(_compare_value(name, step.symbol, printed, again))
        for k, (e, q) in enumerate(zip(step.operands, values.operands.get(step.id, ()), strict=True), 1):
            if not _known_value(e, q, values, example):
                checks.append(_compare_value(name.name_check(f"operand {k}"), e, q, again))
    return checks + list(_in_double(example, values, derivation))


def _again(example: Example) -> Again:
    """Forward values by the file's equations, what was introduced by its own; gradients by differences."""
    known = {q.var.name for q in example.model.equations}
    introduced = tuple(q for q in example.forward if q.var.name not in known)
    exact, run = (begin_run(_point(example), field, example.sizes) for field in (Closed(), Balls(SECOND)))
    for each in (exact, run):
        each.field.signs = []
        for q in (*example.model.equations, *introduced):
            _advance(each, q, None if each is exact else exact)
    met = _met(exact, run)
    own, whole = Flow(example.model.equations), Flow(example.forward)
    stated: set[tuple[str, ...]] = set()
    for block in _blocks(example):
        of, wrt = block.symbol.of, block.symbol.wrt
        flow = whole if wrt in {q.var for q in introduced} else own
        if any(_kinks(flow, block, met)):
            stated.add(key_of(block.symbol))
            _fill(run, block, _sum_unsimplified(block))
        else:
            run.adjoints[of.name, of.name] = run.constant(1)
            run.adjoints[key_of(block.symbol)] = difference_derivative(run, flow, of, wrt.name, SECOND)
    return Again(run, frozenset(stated))


def _kinks(flow: Flow, block: AdjointBlock, met: frozenset[Expr]) -> Iterator[Expr]:
    """The functions between a name and what is differentiated that were met where they have no derivative."""
    between = flow.equations_between(block.symbol.wrt.name, block.symbol.of.name)
    moved = {block.symbol.wrt.name, *(q.var.name for q in between)}
    for q in between:
        yield from (n for n in nodes(q.body) if n in met and any(v.name in moved for v in variables(n)))


def _sum_unsimplified(block: AdjointBlock) -> Expr:
    """The sum of what the rules give at each use of a name."""
    terms = [c.line.chain[0] for c in block.contributions]
    return add(*terms) if len(terms) > 1 else terms[0] if terms else block.value


def _known_value(e: Expr, printed: Quantity, values: Computed, example: Example) -> bool:
    """Whether a part of a formula is printed as it was given, or as the value that has a check of its own."""
    name = e.name if isinstance(e, Var) else str(derivative_symbol(e)) if isinstance(e, Adj) else ""
    known = values.by_name.get(name)
    if known is None and name in example.numbers:
        known = state_quantity(name, example.numbers[name])
    return known is not None and (known.entries, known.power) == (printed.entries, printed.power)


def _compare_value(name: StepId, e: Expr, printed: Quantity, again: Again) -> Check:
    """One value as it is printed against the value found again, entry by entry."""
    run = again.run
    derivatives = [n for n in nodes(e) if isinstance(n, Adj)]
    method = "oracle" if any(key_of(n) not in again.stated for n in derivatives) else "ball"
    with run.field.working():
        found = run.value(e).array
        verdict, digits, message = _agrees(name, found, printed)
    return Check(name, text(e), printed.plain(), verdict, method, digits, 1, message)  # type: ignore[arg-type]


def _agrees(name: StepId, found: Array, printed: Quantity) -> tuple[str, int, str]:
    """The verdict, to how many digits the second way is certain, and what is wrong."""
    values = printed.values
    if len(values) != found.size:
        return "different", 0, f"{name}: {len(values)} numbers are printed, there are {found.size}"
    scale = max((abs(x).upper() for x in found.flat), default=arb(1)) + 1
    digits = 10**6
    for k, (x, claimed) in enumerate(zip(found.flat, values, strict=True), 1):
        error: Any = x - arb(fmpq(claimed.numerator, claimed.denominator))
        digits = min(digits, decimal_digits(error.rad(), scale))
        room = Fraction(0) if printed.exact else printed.unit * (Fraction(1, 2) + SLACK)
        told = f"{name}: number {k} is printed as {claimed}, another way gives {format_value(x)}"
        if not error.contains(0) and not abs(error) <= arb(fmpq(room.numerator, room.denominator)):
            different = abs(error) > arb(fmpq(room.numerator, room.denominator))
            return ("different" if different else "undecided"), 0, told
        if error.rad() > scale * arb(10) ** -30:
            return "undecided", 0, told
    return "equal", max(0, min(digits, int(SECOND * 0.301))), ""


def _in_double(example: Example, values: Computed, derivation: Derivation) -> Iterator[Check]:
    """The forward values once more, by the numpy module that solgen would export of this model.

    What double precision cannot tell, since it overflows or cancels, is not claimed of it.
    """
    model = example.model
    own = replace(derivation, problem=replace(derivation.problem, model=model), forward=example.forward, parts=())
    view = View(own, model.equations, {}, {verb: {} for verb in VERBS})
    try:
        source = module(derivation.problem.title, (view,))
    except Refused:  # a size that no array shows
        return
    with np.errstate(all="ignore"):
        found = interpret_module(source)["forward"](**keyword_arguments(_point(example), model))
    for name, printed in values.by_name.items():
        if name in found and _distance(found[name], printed) <= TOLERANCE:
            step = example.id.step("value", Symbol(name), example.id.path).name_check("in double precision")
            yield Check(step, name, printed.plain(), "equal", "float64", 0, 1)


def _distance(found: Any, printed: Quantity) -> float:
    """How far numpy's values lie outside what is printed, relative to the largest."""
    claimed = np.array([float(v) for v in printed.values])
    flat = np.asarray(found, dtype=float).ravel()
    if flat.shape != claimed.shape or not np.isfinite(flat).all():
        return float("inf")
    room = 0.0 if printed.exact else float(printed.unit) * 0.5
    beyond = np.maximum(np.abs(flat - claimed) - room, 0.0)
    return float(np.max(beyond, initial=0.0) / max(1.0, float(np.max(np.abs(claimed), initial=0.0))))


# ---------------------------------------------------------------- what is said


def _conventions(met: frozenset[Expr], example: Example) -> Iterator[str]:
    """The conventions that the gradients of this example rest on: one a function that was met at its kink."""
    flow = Flow(example.forward)
    used = dict.fromkeys(n for b in _blocks(example) for n in _kinks(flow, b, met))
    rows = (TABLE[n.op] for n in used if isinstance(n, Apply))
    found = (row.convention for row in rows if isinstance(row, Elementwise | Special))
    yield from dict.fromkeys(convention for convention in found if convention)


def _report_undefined(q: Equation, error: Undefined) -> Diagnostic:
    formula = f"{q.var.name} = {text(q.body)}"
    if isinstance(error, OnKink):
        message = f"`{formula}`: at the given numbers it cannot be told on which side of its kink a function is"
        return Diagnostic("undefined-operation", message, q.span, "change a number")
    message = f"`{error.operation}` in `{formula}` is undefined at the given numbers"
    return Diagnostic("undefined-operation", message, q.span, "change the numbers under `numbers:` or `evaluate:`")


def _no_gradient(block: AdjointBlock, example: Example, error: Undefined) -> Diagnostic:
    """The gradient that does not exist, at the equation through which it would come back."""
    symbol = block.symbol
    formula = f"d{symbol.of.name}/d{symbol.wrt.name} = {text(block.value)}"
    via = block.contributions[0].via.name if block.contributions else symbol.of.name
    span = next((q.span for q in example.forward if q.var.name == via), None)
    message = f"`{error.operation}` in `{formula}` is undefined at the given numbers"
    return Diagnostic("undefined-operation", message, span, "change the numbers under `numbers:` or `evaluate:`")


def _too_large(name: str, what: str, span: Span | None = None) -> Diagnostic:
    return Diagnostic("bad-numbers", f"`{name}` {what} at the given numbers", span, "give smaller ones")


def _report_undecided(name: str) -> Diagnostic:
    return Diagnostic("undecided", f"no rounding of `{name}` could be proved at the given numbers")
