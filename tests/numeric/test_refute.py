"""Wrong answers tried by running them: each number that is printed, found again in double precision."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solgen.calculus.derive import derive
from solgen.expr.arith import fn, mul, neg
from solgen.expr.build import apply
from solgen.expr.nodes import Expr
from solgen.model.derivation import Derivation, Mistakes
from solgen.model.problem import Model
from solgen.model.quantity import Quantity
from solgen.model.verdict import Checks, Trial
from solgen.numeric.points.readable import stand_ins
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Floats
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations
from solgen.numeric.verify import verify
from solgen.reader.set_file import read

HEAD = "title: T\nmodel: |\n{model}\n{extra}parts:\n  - prompt: x\n    solve: {{mistakes: [{asked}]}}\n"
RESIDUAL = """
x: R[d]
t: R
W1: R[d, d]
W2: R[1, d]
phi: Elementwise
z1 = W1 @ x
h = phi(z1)
z2 = h + x
y = W2 @ z2
L = norm2sq(y - t) / 2
"""
NET = """
x: R[d]
y: OneHot[C]
W: R[h, d]
b: R[h]
V: R[C, h]
z = W @ x + b
a = tanh(z)
f = V @ a
L = cross_entropy(softmax(f), y)
"""
MASKED = "x: R[d]\nW: R[h, d]\nc: R[h]\nz = W @ x\na = relu(z)\nL = dot(c, a ** 2)"
FAMILY = """
i: Index[n]
x[i]: R[d]
y[i]: R
w: R[d]
r[i] = dot(w, x[i]) - y[i]
L = mean(r[i] ** 2, i)
"""
RIDGE = "X: R[n, d]\ny: R[n]\nw: R[d]\nr = X @ w - y\nL = norm2sq(r) / 2 + norm2sq(w)"
MODELS = {
    "residual": (RESIDUAL, "W1, x"), "net": (NET, "W, V, b"), "masked": (MASKED, "W"), "family": (FAMILY, "w"),
    "ridge": (RIDGE, "w"),
}  # fmt: skip
STEP = 1e-6


def derived(folder: Path, model: str, asked: str, extra: str = "") -> Derivation:
    lines = "\n".join(f"  {line}" for line in model.strip().splitlines())
    path = folder / "p.yaml"
    path.write_text(HEAD.format(model=lines, asked=asked, extra=extra), encoding="utf-8")
    return derive(read(path).problems[0])


def questions(d: Derivation) -> list[Mistakes]:
    return [c for p in d.parts for c in p.contents if isinstance(c, Mistakes)]


@pytest.fixture(params=MODELS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Derivation, Checks]:
    d = derived(tmp_path, *MODELS[request.param])
    return d, verify(d, mutants=False)


# ---------------------------------------------------------------- every number again, in double precision


def array(q: Quantity) -> Any:
    def numbers(entries: Any) -> Any:
        return Fraction(entries) if isinstance(entries, str) else [numbers(e) for e in entries]

    return np.array(numbers(q.entries), dtype=object)


def run(model: Model, trial: Trial, moved: dict[str, Any] | None = None) -> Evaluator:
    """The file's own equations in double precision, at the point of a trial."""
    values = {q.name: array(q) for q in trial.given} | (moved or {})
    sizes: dict[str, int] = dict(model.fixed)
    for d in model.declarations:
        axes = (*(i.size for i in d.var.at), *d.var.shape_)  # type: ignore[union-attr]
        sizes |= {str(s): n for s, n in zip(axes, values[d.var.name].shape, strict=True) if s.symbols}
    found = begin_run(Point(values, stand_ins(model)[0]), Floats(), sizes)
    evaluate_equations(found, model.equations)
    return found


def by_differences(model: Model, trial: Trial, of: str, wrt: str) -> Any:
    """∂of/∂wrt at the point; of an intermediate value by moving it and running what follows."""
    base = run(model, trial)
    at = base.names[wrt]
    assert at is not None
    after = [q.var.name for q in model.equations].index(wrt) + 1 if wrt not in dict.fromkeys(
        d.var.name for d in model.declarations
    ) else 0  # fmt: skip
    slope = np.zeros(at.array.shape)
    for k in np.ndindex(*at.array.shape):
        ends = []
        for h in (STEP, -STEP):
            moved = at.array.astype(float).copy()
            moved[k] += h
            again = Evaluator(base.field, base.sizes, {**base.names, wrt: Value(at.free, moved)}, base.functions)
            evaluate_equations(again, model.equations[after:])
            out = again.names[of]
            assert out is not None
            ends.append(float(out.array.item()))
        slope[k] = (ends[0] - ends[1]) / (2 * STEP)
    return slope


def value(model: Model, trial: Trial, asked: Mistakes, e: Expr) -> Any:
    """A formula at the point, gradients in it by differences."""
    found = run(model, trial)
    for q in asked.forward:
        if q.var.name not in found.names:
            evaluate_equations(found, (q,))
    of = asked.symbol.of.name
    for name in {*model.variables} - {of}:
        found.adjoints[of, name] = Value((), by_differences(model, trial, of, name))
    return found.value(e).array


def test_the_printed_numbers_are_those_of_the_formulas(case: tuple[Derivation, Checks]) -> None:
    d, checks = case
    model = d.problem.model
    assert not checks.failures and len(checks.trials) == len(questions(d))
    for asked, trial in zip(questions(d), checks.trials, strict=True):
        assert trial.id == asked.id and len(trial.refuted) >= 2
        truth = by_differences(model, trial, asked.symbol.of.name, asked.symbol.wrt.name)
        formulas = {w.id: w for w in asked.wrong}
        for found in trial.refuted:
            if found.how != "value":
                continue
            at = tuple(k - 1 for k in found.entry)
            wrong = np.broadcast_to(value(model, trial, asked, formulas[found.id].answer), truth.shape)
            for printed, computed in ((found.right, truth[at]), (found.wrong, wrong[at])):
                np.testing.assert_allclose(float(Fraction(printed)), computed, rtol=1e-3, atol=1e-5)
            assert found.right != found.wrong


def test_small_whole_numbers_where_that_is_possible(tmp_path: Path) -> None:
    checks = verify(derived(tmp_path, RESIDUAL, "x"), mutants=False)
    (trial,) = checks.trials
    assert all(abs(v) <= 4 for q in trial.given for v in q.values)
    assert all(set(r.right + r.wrong) <= set("-0123456789") for r in trial.refuted if r.how == "value")
    assert trial.functions == {"phi": "u^2 + u"}


# ---------------------------------------------------------------- what is left out


def test_answers_that_are_equal_are_left_out(tmp_path: Path) -> None:
    """ReLU′ at the value is ReLU′ at the argument; of a symmetric matrix, A for Aᵀ is no mistake."""
    d = derived(tmp_path, MASKED, "W")
    (asked,), (trial,) = questions(d), verify(d, mutants=False).trials
    node = next(w for w in asked.wrong if w.kind == "node")
    assert node.id not in {r.id for r in trial.refuted}
    d = derived(tmp_path, "A: Sym[n]\nb: R[n]\nc: R[n]\nx = A @ b\ns = dot(c, x)", "b")
    shown = {r.id for r in verify(d, mutants=False).trials[0].refuted}
    assert not [w for w in questions(d)[0].wrong if w.id in shown and w.kind == "untransposed"]


def test_a_right_answer_among_the_wrong_ones_is_not_refuted(tmp_path: Path) -> None:
    d = derived(tmp_path, RIDGE, "w")
    (asked,) = questions(d)
    slipped = replace(asked.wrong[0], answer=asked.right, names=())
    changed = _with(d, replace(asked, wrong=(slipped, *asked.wrong[1:])))
    checks = verify(changed, mutants=False)
    assert slipped.id not in {r.id for r in checks.trials[0].refuted} and checks.trials[0].refuted


def test_what_cannot_be_decided_is_left_out(tmp_path: Path) -> None:
    """A formula that is defined nowhere, however wrong, is not told from the right one by a run."""
    d = derived(tmp_path, RIDGE, "w")
    (asked,) = questions(d)
    nowhere = mul(fn("log", neg(apply("norm2sq", asked.symbol.wrt))), asked.right)
    undefined = replace(asked.wrong[0], answer=nowhere, names=())
    checks = verify(_with(d, replace(asked, wrong=(undefined, *asked.wrong[1:]))), mutants=False)
    assert undefined.id not in {r.id for r in checks.trials[0].refuted} and checks.trials[0].refuted


def test_of_two_equal_wrong_answers_the_likelier_is_kept(tmp_path: Path) -> None:
    d = derived(tmp_path, RIDGE, "w")
    (asked,) = questions(d)
    twin = replace(asked.wrong[0], id=replace(asked.wrong[0].id, number=99), names=())
    checks = verify(_with(d, replace(asked, wrong=(asked.wrong[0], twin, *asked.wrong[1:]))), mutants=False)
    ids = [r.id for r in checks.trials[0].refuted]
    assert asked.wrong[0].id in ids and twin.id not in ids


def test_a_wrong_answer_in_the_place_of_the_right_one_stops_the_build(tmp_path: Path) -> None:
    d = derived(tmp_path, RIDGE, "w")
    (asked,) = questions(d)
    checks = verify(_with(d, replace(asked, right=asked.wrong[0].answer)), mutants=False)
    failed = {c.id for c in checks.failures}
    assert failed == {f"{asked.id} right", f"{asked.id} right, small numbers"}


def test_what_a_lost_path_adds_is_checked(tmp_path: Path) -> None:
    d = derived(tmp_path, RIDGE, "w")
    (asked,) = questions(d)
    lost = next(w for w in asked.wrong if w.kind == "path")
    names = tuple((key, asked.right if key == "dropped" else e) for key, e in lost.names)
    wrong = tuple(replace(w, names=names) if w == lost else w for w in asked.wrong)
    checks = verify(_with(d, replace(asked, wrong=wrong)), mutants=False)
    assert [c.id for c in checks.failures] == [f"{lost.id} dropped"]


def _with(d: Derivation, asked: Mistakes) -> Derivation:
    (part,) = d.parts
    return replace(d, parts=(replace(part, contents=(asked,)),))


# ---------------------------------------------------------------- shapes, numbers of the file


def test_shapes_need_no_run(tmp_path: Path) -> None:
    d = derived(tmp_path, RIDGE, "w")
    (trial,) = verify(d, mutants=False).trials
    kinds = {w.id: w.kind for w in questions(d)[0].wrong}
    (found,) = (r for r in trial.refuted if r.how == "product")
    assert kinds[found.id] == "untransposed" and found.entry == ()
    rows, columns = array(trial.given[0]).shape
    assert (found.right, found.wrong) == (f"({rows}, {columns})", f"({rows},)")


def test_a_misshapen_answer_that_is_undefined_is_left_out(tmp_path: Path) -> None:
    model = "x: R[d]\nt: R\nv: R[d]\ng: R\ns = norm(v)\nw = g * v / s\ny = tanh(w @ x)\nL = (y - t) ** 2 / 2"
    checks = verify(derived(tmp_path, model, "g"), mutants=False)
    assert not checks.failures and checks.trials[0].refuted


def test_the_numbers_of_the_file_are_used(tmp_path: Path) -> None:
    numbers = "numbers: {X: [[1, 2], [3, 4], [5, 6]], y: [1, 0, 2], w: [1, -1]}\n"
    (trial,) = verify(derived(tmp_path, RIDGE, "w", numbers), mutants=False).trials
    assert trial.given[0].plain() == "[[1, 2], [3, 4], [5, 6]]"
    first = trial.refuted[0]
    assert (first.entry, first.right, first.wrong) == ((1,), "-18", "-20")


def test_numbers_on_a_kink_are_not_used(tmp_path: Path) -> None:
    numbers = "numbers: {x: [0, 0], W: [[1, 2], [3, 4], [5, 6]], c: [1, 1, 1]}\n"
    (trial,) = verify(derived(tmp_path, MASKED, "W", numbers), mutants=False).trials
    assert trial.refuted and trial.given[0].plain() != "[0, 0]"


def test_where_nothing_can_go_wrong_nothing_is_said(tmp_path: Path) -> None:
    (trial,) = verify(derived(tmp_path, "b: R[n]\ns = sum(b)", "b"), mutants=False).trials
    assert trial.refuted == ()
