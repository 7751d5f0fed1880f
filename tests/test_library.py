"""The library of problems: every file derives and verifies; its exported gradients agree with two outside judges.

Central differences of the exported forward pass judge every file; automatic differentiation of a forward pass written
by hand judges those of `tests/data/library_forwards.py`.
"""

from __future__ import annotations

import runpy
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from autograd import grad

from solgen.calculus.derive import derive
from solgen.expr.nodes import Kind, Var
from solgen.model.derivation import Derivation
from solgen.model.verdict import Checks
from solgen.numeric.code.module import numpy_module
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.data.library_forwards import FORWARDS

LIBRARY = Path(__file__).parent.parent / "problems/library"
FILES = {f"{f.parent.name}/{f.stem}": f for f in sorted(LIBRARY.glob("*/[0-9]*.yaml"))}
LEAST = 30  # problems

STEP = 1e-3  # of the differences, relative to entries of about 1
Module = dict[str, Callable[..., dict[str, Any]]]


@cache
def derived(name: str) -> Derivation:
    """The derivation of a problem as its set gives it, with the set's notation."""
    problems = read(FILES[name].parent).problems
    return derive(next(p for p in problems if Path(p.file).name == FILES[name].name))


@cache
def checked(name: str) -> Checks:
    return verify(derived(name))


@cache
def module(name: str) -> Module:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "exported.py"
        file.write_text(numpy_module(derived(name)))
        return runpy.run_path(str(file))


# ---------------------------------------------------------------- a point for the judges


def one_hot(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    found = np.zeros(shape)
    rows = found.reshape(-1, shape[-1])
    rows[np.arange(len(rows)), rng.integers(0, shape[-1], len(rows))] = 1
    return found


def drawn(var: Var, sizes: dict[str, int], rng: np.random.Generator) -> Any:
    """A value of a declared name, of its kind; a class label is an integer."""
    shape = tuple(size.value(sizes) for size in var.shape_)
    normal = rng.normal(size=shape)
    match var.kind:
        case Kind.LABEL:
            return 1
        case Kind.POSITIVE:
            return rng.uniform(0.5, 2, shape)
        case Kind.UNIT:
            return rng.uniform(0.2, 0.8, shape)
        case Kind.BINARY:
            return rng.integers(0, 2, shape).astype(float)
        case Kind.SIGNS:
            return 2.0 * rng.integers(0, 2, shape) - 1
        case Kind.ONEHOT:
            return one_hot(rng, shape)
        case Kind.SYM:
            return normal + normal.T
        case Kind.POSDEF:
            return normal @ normal.T + np.eye(shape[0])
        case Kind.REAL | Kind.INVERTIBLE:
            return normal
        case other:
            raise AssertionError(f"no values of {other} are drawn here")


def point(name: str) -> dict[str, Any]:
    """Values of every declared name, at the sizes of the certificate."""
    rng = np.random.default_rng(11)
    sizes = dict(checked(name).sizes)
    return {d.var.name: drawn(d.var, sizes, rng) for d in derived(name).problem.model.declarations}


Pairs = dict[str, tuple[str, str]]  # key in the export: (output, variable)


def asked(name: str, *verbs: str) -> Pairs:
    """What the parts ask for, under the keys of FORMAT: the variable, or `dy/dx` where it has several outputs."""
    model = derived(name).problem.model
    last = model.output.name if model.output else ""
    asks = [ask for part in derived(name).problem.parts for ask in part.asks if ask.verb in verbs]
    pairs = {(ask.of.name if ask.of else last, wrt.name) for ask in asks for wrt in ask.names}
    outputs = Counter(wrt for _, wrt in pairs)
    return {wrt if outputs[wrt] == 1 else f"d{of}/d{wrt}": (of, wrt) for of, wrt in sorted(pairs)}


def leaf_gradients(name: str) -> Pairs:
    """The gradients asked for with respect to declared names; the others are the certificate's business."""
    declared = {d.var.name for d in derived(name).problem.model.declarations}
    return {key: pair for key, pair in asked(name, "gradients", "paths").items() if pair[1] in declared}


def differences(f: Callable[[Any], Any], x: np.ndarray) -> np.ndarray:
    """∂f/∂x, the axes of f first, by central differences at two steps, extrapolated: the error falls as step⁴."""
    found = np.zeros((*np.shape(f(x)), *np.shape(x)))
    for at in np.ndindex(np.shape(x)):
        move = np.zeros(np.shape(x))
        move[at] = STEP
        wide, near = ((f(x + k * move) - f(x - k * move)) / (2 * k * STEP) for k in (1, 0.5))
        found[(..., *at)] = (4 * near - wide) / 3
    return found


def output(name: str, of: str, wrt: str, inputs: dict[str, Any]) -> Callable[[Any], Any]:
    """The exported forward pass as a function of one declared name."""
    return lambda x: np.asarray(module(name)["forward"](**{**inputs, wrt: x})[of])


# ---------------------------------------------------------------- what every file keeps


def test_there_are_problems_enough() -> None:
    assert len(FILES) >= LEAST


@pytest.mark.parametrize("name", FILES)
def test_every_problem_is_presented(name: str) -> None:
    """A statement, several parts, something computed, points for each part."""
    problem = derived(name).problem
    assert problem.statement and len(problem.parts) >= 2
    assert any(part.asks for part in problem.parts)
    assert all(part.points for part in problem.parts)


@pytest.mark.parametrize("name", FILES)
def test_every_equality_holds_and_every_mistake_is_told_apart(name: str) -> None:
    checks = checked(name)
    assert checks.checks
    assert [f"{c.id}: {c.message}" for c in checks.failures] == []
    assert list(checks.mutants.survived) == []


@pytest.mark.parametrize("name", FILES)
def test_gradients_agree_with_differences(name: str) -> None:
    inputs, pairs = point(name), leaf_gradients(name)
    gradients = module(name)["gradients"](**inputs)
    assert pairs
    for key, (of, wrt) in pairs.items():
        expected = differences(output(name, of, wrt, inputs), inputs[wrt])
        np.testing.assert_allclose(gradients[key], expected, rtol=1e-7, atol=1e-8, err_msg=key)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if "jacobian:" in file.read_text()])
def test_jacobians_agree_with_differences(name: str) -> None:
    values = module(name)["forward"](**point(name))
    for key, (of, wrt) in asked(name, "jacobian").items():
        inputs = point(name)
        found = module(name)["jacobians"](**inputs)[key]
        assert np.shape(found) == (*np.shape(values[of]), *np.shape((inputs | values)[wrt]))
        if wrt in inputs:  # differences with respect to an intermediate value are the certificate's business
            expected = differences(output(name, of, wrt, inputs), inputs[wrt])
            np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if "hessian:" in file.read_text()])
def test_hessians_agree_with_differences_of_differences(name: str) -> None:
    inputs = point(name)
    for key, (of, wrt) in asked(name, "hessian").items():
        f = output(name, of, wrt, inputs)
        expected = differences(lambda x, f=f: differences(f, x), inputs[wrt])
        np.testing.assert_allclose(module(name)["hessians"](**inputs)[key], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", FORWARDS)
def test_gradients_agree_with_automatic_differentiation(name: str) -> None:
    inputs, loss = point(name), FORWARDS[name]
    gradients, values = module(name)["gradients"](**inputs), module(name)["forward"](**inputs)
    pairs = leaf_gradients(name)
    assert pairs
    for key, (of, wrt) in pairs.items():
        np.testing.assert_allclose(values[of], loss(**inputs), rtol=1e-12)
        expected = grad(lambda x, wrt=wrt: loss(**{**inputs, wrt: x}))(inputs[wrt])
        np.testing.assert_allclose(gradients[key], expected, rtol=1e-10, atol=1e-12, err_msg=key)
