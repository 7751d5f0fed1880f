"""Likely wrong answers refuted: each is evaluated beside the right one and differences of the forward pass.

At a point of small numbers the right answer must agree with the differences, and a wrong one must not: at its plainest
entry both values are kept, to be printed.  An answer that agrees, or that cannot be decided, is left out, and so is one
that only repeats a likelier one.  A formula of the wrong shape needs no run: the shapes of its parts' values are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, groupby, islice
from typing import Any, Literal

import numpy as np
from flint import arb

from solgen.expr.arith import add
from solgen.expr.nodes import Adj, Expr, Var, shape
from solgen.expr.walk import nodes
from solgen.model.derivation import Content, Mistakes, WrongAnswer
from solgen.model.problem import Model
from solgen.model.quantity import Entries, Number, Quantity
from solgen.model.verdict import Check, Refutation, Trial
from solgen.numeric.checks.judge import check_statement
from solgen.numeric.checks.statements import Statement
from solgen.numeric.checks.worked_lines import BITS, by_differences
from solgen.numeric.points.readable import Demands, small_points, stand_ins, stated_point
from solgen.numeric.points.slopes import slopes
from solgen.numeric.points.test_sizes import Conditions, other_sizes, small_sizes, smaller_sizes
from solgen.numeric.values.fields import Array
from solgen.numeric.values.point import EvaluationPoint, PassSetting, sample_axes
from solgen.numeric.values.run_forward import Point, family_value

TRIES = 30  # points looked at
ENOUGH = 14  # of them, points at which everything is defined
SHOWN = 4  # wrong answers to one question
SHAPES = 2  # of them, wrong by their shape alone
PLAIN = 0.1  # two values are plainly different when they differ by such a part of the larger
CLEAR = 2  # what whole numbers are worth, where others are worth one less
READABLE = (0.01, 300.0)  # and both are of such a size
DIGITS = 4  # of a rounded value
LARGEST = 16  # denominator of a fraction that is printed as it is
SURE = Fraction(1, 10**30)
TINY = 1e-12
ZERO_RIGHT = 0.05  # how plain it is to be told from 0: hardly


@dataclass(frozen=True, slots=True)
class Tried:
    """What one point showed: the wrong answers that it refutes, and how well: the likelier and plainer, the better."""

    bench: EvaluationPoint
    refuted: tuple[Refutation, ...]
    worth: tuple[int, int]


def trials(
    contents: Iterable[Content], model: Model, conditions: Conditions, seed: str, numbers: Mapping[str, Number]
) -> tuple[tuple[Trial, ...], list[Check]]:
    """A trial for each question about mistakes, and the checks of the right answers.

    Those of one part are tried at one point: at the file's own `numbers`, where they tell anything.
    """
    made: list[Trial] = []
    checks: list[Check] = []
    questions = (c for c in contents if isinstance(c, Mistakes))
    for _, group in groupby(questions, key=lambda asked: asked.id.part):
        together = tuple(group)
        found = _try_stated(together, model, numbers) or _best(together, model, conditions, seed)
        if not found:
            made += [Trial(asked.id, (), {}, ()) for asked in together]
        for asked, tried in zip(together, found, strict=False):
            values = tried.bench.point.values
            given = tuple(_quantity(d.var, values[d.var.name]) for d in model.declarations)
            made.append(Trial(asked.id, given, stand_ins(model)[1], tried.refuted))
            checks += _check_right_answers(asked, tried.bench)
    return tuple(made), checks


def _check_right_answers(asked: Mistakes, bench: EvaluationPoint) -> Iterator[Check]:
    """The right answer against differences at the point that refutes the wrong ones, and what a lost path adds."""
    statements = [Statement(asked.id.name_check("right, small numbers"), asked.symbol, asked.right)]
    for wrong in asked.wrong:
        lost = dict(wrong.names).get("dropped")
        if lost is not None:
            statements.append(Statement(wrong.id.name_check("dropped"), asked.symbol, add(wrong.answer, lost)))
    for statement in statements:
        check = check_statement(statement, [bench])
        yield replace(check, method="oracle") if check.digits else check


def _try_stated(together: Sequence[Mistakes], model: Model, numbers: Mapping[str, Number]) -> tuple[Tried, ...]:
    """The questions at the file's own numbers; nothing where those are incomplete, or tell no wrong answer apart."""
    stated = stated_point(model, _demands(together), numbers)
    if stated is None:
        return ()
    sizes, point = stated
    found = tuple(_try_at(asked, EvaluationPoint(_setting(asked, model, sizes), point)) for asked in together)
    return found if _total(found)[0] else ()


def _best(together: Sequence[Mistakes], model: Model, conditions: Conditions, seed: str) -> tuple[Tried, ...]:
    """The questions at the point that is worth most to them; nothing where the problem is defined at no small point."""
    first = small_sizes(conditions)
    for sizes in chain((first,), other_sizes(conditions, first), smaller_sizes(conditions, first)):
        points = tuple(islice(small_points(model, _demands(together), sizes, seed, TRIES), ENOUGH))
        if points:
            return _best_of(points, together, model, sizes)
    return ()


def _demands(together: Sequence[Mistakes]) -> Demands:
    """What the questions of one part need a value of."""
    forward = together[0].forward
    return Demands(forward, slopes(forward, (asked.symbol for asked in together)))


def _best_of(
    points: Sequence[Point], together: Sequence[Mistakes], model: Model, sizes: Mapping[str, int]
) -> tuple[Tried, ...]:
    settings = [_setting(asked, model, sizes) for asked in together]
    best: tuple[Tried, ...] = ()
    for point in points:
        found = tuple(
            _try_at(a, EvaluationPoint(setting, point)) for a, setting in zip(together, settings, strict=True)
        )
        if not best or _total(found) > _total(best):
            best = found
    return best


def _total(found: Sequence[Tried]) -> tuple[int, int]:
    return sum(tried.worth[0] for tried in found), sum(tried.worth[1] for tried in found)


def _setting(asked: Mistakes, model: Model, sizes: Mapping[str, int]) -> PassSetting:
    """The forward pass, and every gradient symbol that the answers hold by differences of it."""
    formulas = (asked.symbol, asked.right, *(e for w in asked.wrong for e in (w.answer, *(w.clash or ()))))
    symbols = tuple(dict.fromkeys(n for e in formulas for n in nodes(e) if isinstance(n, Adj)))
    return PassSetting(sizes, asked.forward, by_differences(symbols, model.equations, asked.forward), BITS)


def _choose(refuted: Sequence[Refutation]) -> tuple[Refutation, ...]:
    """The likeliest, of those that are wrong by their shape only a few."""
    shapes = [r for r in refuted if r.how != "value"][:SHAPES]
    return tuple(r for r in refuted if r.how == "value" or r in shapes)[:SHOWN]


# ---------------------------------------------------------------- one point


def _try_at(asked: Mistakes, bench: EvaluationPoint) -> Tried:
    refuted: list[Refutation] = []
    kept: list[Expr] = []
    for wrong in asked.wrong:
        misshapen = wrong.clash or shape(wrong.answer) != shape(asked.symbol)
        found = _refute_shape(asked, wrong, bench) if misshapen else _refute(asked, wrong, bench, kept)
        refuted += [found] if found is not None else []
    chosen = _choose(refuted)
    return Tried(bench, chosen, _worth(asked, chosen))


def _worth(asked: Mistakes, chosen: Sequence[Refutation]) -> tuple[int, int]:
    """The likelier the answers that are plainly refuted, and by whole numbers, the better; then, the fewer digits."""
    place = {wrong.id: n for n, wrong in enumerate(reversed(asked.wrong), 1)}
    shown = [r for r in chosen if r.how == "value"]
    plain = sum(place[r.id] ** 2 * _clear(r) for r in shown if _plainly(r))
    return plain, -sum(len(r.right + r.wrong) for r in shown)


def _clear(found: Refutation) -> int:
    """How well two values read: whole numbers best."""
    return CLEAR if not set("./e") & set(found.right + found.wrong) else CLEAR - 1


def _refute(asked: Mistakes, wrong: WrongAnswer, bench: EvaluationPoint, kept: list[Expr]) -> Refutation | None:
    """The entry at which the answer is off most; None where it is not certainly wrong, or equals a kept one."""
    if bench.compare(asked.symbol, wrong.answer)[0].verdict != "different" or not bench.is_defined(wrong.answer):
        return None
    if any(bench.compare(other, wrong.answer)[0].verdict != "different" for other in kept):
        return None
    kept.append(wrong.answer)
    right, given = _array(bench, asked.symbol, asked.symbol), _array(bench, wrong.answer, asked.symbol)
    right, given = np.broadcast_arrays(right, given)
    at = max(np.ndindex(*right.shape), key=lambda k: _apart(float(right[k]), float(given[k])))
    shown = _numbers(right[at], given[at])
    if shown[0] == shown[1]:
        return None
    return Refutation(wrong.id, "value", shown[0], shown[1], tuple(k + 1 for k in at))


def _apart(right: float, wrong: float) -> float:
    """How plainly two values differ: by which part of the larger, but only where both read well."""
    sizes = [abs(x) for x in (right, wrong) if abs(x) > TINY]
    well = bool(sizes) and all(READABLE[0] <= size <= READABLE[1] for size in sizes)
    return abs(right - wrong) / max(sizes) * (1 if abs(right) > TINY else ZERO_RIGHT) if well else 0.0


def _plainly(found: Refutation) -> bool:
    right, wrong = (float(Fraction(x)) for x in (found.right, found.wrong))
    return _apart(right, wrong) >= PLAIN


def _refute_shape(asked: Mistakes, wrong: WrongAnswer, bench: EvaluationPoint) -> Refutation | None:
    """The shapes that do not fit, read off the values of the parts; None where one has no value, or they do fit."""
    pair = wrong.clash or (asked.symbol, wrong.answer)
    if not all(map(bench.is_defined, pair)):
        return None
    left, right = (_shape(bench, e) for e in pair)
    fits = left[-1:] == right[:1] if wrong.clash and wrong.joined == "product" else left == right
    how: Literal["shape", "product", "sum"] = wrong.joined if wrong.clash else "shape"
    return None if fits else Refutation(wrong.id, how, str(left), str(right))


def _shape(bench: EvaluationPoint, e: Expr) -> tuple[int, ...]:
    """The shape of a value, of one sample."""
    value = bench.balls(bench.setting.bits[0]).value(e)
    return tuple(value.array.shape[len(value.free) :])


def _array(bench: EvaluationPoint, e: Expr, symbol: Adj) -> Array:
    """The value of a formula for `symbol`, samples first."""
    run = bench.balls(bench.setting.bits[0])
    return family_value(run, run.value(e), sample_axes(symbol)).array


# ---------------------------------------------------------------- numbers as they are printed


def _numbers(right: Any, wrong: Any) -> tuple[str, str]:
    """Two values written alike: both as short fractions, where both are such, or both rounded."""
    exact = [_fraction(x) for x in (right, wrong)]
    if None not in exact:
        return str(exact[0]), str(exact[1])
    return f"{float(right):.{DIGITS}g}", f"{float(wrong):.{DIGITS}g}"


def _fraction(x: Any) -> Fraction | None:
    """The short fraction that the ball holds so tightly that it can be no other."""
    middle = Fraction(int(arb(x).mid().man_exp()[0])) * Fraction(2) ** int(arb(x).mid().man_exp()[1])
    near = middle.limit_denominator(LARGEST)
    return near if abs(middle - near) < SURE and arb(x).rad() < arb(10) ** -30 else None


def _quantity(v: Var, x: Array) -> Quantity:
    """A value of the point, as a file would give it."""
    return Quantity(v.name, _entries(x.tolist()), over=tuple(i.name for i in v.samples))


def _entries(x: Any) -> Entries:
    return tuple(map(_entries, x)) if isinstance(x, list) else str(Fraction(x))
