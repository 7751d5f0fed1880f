"""The exported text is run before it is handed out, by an interpreter that knows nothing but what exports contain."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from solgen.calculus.derive import derive
from solgen.errors import VerificationError
from solgen.expr.build import apply
from solgen.expr.nodes import Var
from solgen.numeric.code.interpret import UnknownConstruction, interpret_module
from solgen.numeric.code.module import numpy_module
from solgen.numeric.code.requested import views
from solgen.numeric.code.rerun import confirm
from tests.numeric.models import N, autoencoder, classifier, model, problem, variable
from tests.numeric.texts import FAMILY, WORKED, derived


@pytest.mark.parametrize(("right", "wrong"), [
    ("h = W @ x", "h = W @ -x"),
    ("W.T @ h - x", "W.T @ h + x"),
    ('"h": np.array(h, dtype=float)', '"h": np.array(h * 1.000001, dtype=float)'),
    ("dL_dh = W @ r", "dL_dh = W @ r ** 2.0 / 3.0"),
    ('"W": np.array(dL_dW, dtype=float)', '"W": np.array(dL_dW.T, dtype=float)'),
])  # fmt: skip
def test_text_that_disagrees_is_never_handed_out(right: str, wrong: str) -> None:
    derivation = derive(autoencoder())
    source = numpy_module(derivation)
    assert right in source
    with pytest.raises(VerificationError, match="disagrees"):
        confirm(source.replace(right, wrong), views(derivation))


def test_a_jacobian_that_disagrees(tmp_path: Path) -> None:
    derivation = derived(WORKED, tmp_path)
    source = numpy_module(derivation)
    with pytest.raises(VerificationError, match=r"jacobians\(\)\['z'\]"):
        confirm(source.replace("np.diag(p) - np.outer(p, p)", "np.diag(p) + np.outer(p, p)"), views(derivation))


def test_the_interpreter_computes_what_python_does(tmp_path: Path) -> None:
    """To the last bit."""
    source = numpy_module(derive(classifier()))
    (tmp_path / "exported.py").write_text(source)
    rng = np.random.default_rng(1)
    given = {"X": rng.normal(size=(5, 3)), "Y": np.eye(4)[[0, 1, 2, 3, 0]], "W": rng.normal(size=(3, 4))}
    given["b"] = np.ones(4)
    imported = runpy.run_path(str(tmp_path / "exported.py"))["gradients"](**given)
    read = interpret_module(source)["gradients"](**given)
    assert read.keys() == imported.keys()
    for key in read:
        np.testing.assert_array_equal(read[key], imported[key])


def test_a_reversed_order_is_read() -> None:
    """`flip` and the inverse of `vec` are written so."""
    v = variable("v", N)
    source = numpy_module(derive(problem(model([v], [(Var("L"), apply("dot", v, apply("flip", v)))]), "v")))
    found = interpret_module(source)["gradients"](v=np.array([1.0, 2.0, 5.0]))
    np.testing.assert_array_equal(found["v"], [10.0, 4.0, 2.0])


@pytest.mark.parametrize("source", [
    "import os",
    "from math import sin",
    "x = 1",
    "def f(**inputs):\n    while True:\n        pass",
    "def f(**inputs):\n    return np.__dict__",
    "def f(**inputs):\n    return np.linalg._umath_linalg",
    "def f(**inputs):\n    return inputs.keys()",
    "def f(**inputs):\n    return (lambda: 1)()",
    "def f(**inputs):\n    return open('x')",
    "def f(**inputs):\n    x = 1",
])  # fmt: skip
def test_what_no_export_contains_is_refused(source: str) -> None:
    with pytest.raises(UnknownConstruction):
        interpret_module(source)["f"]()


def test_samples_and_functions_are_run_too(tmp_path: Path) -> None:
    derivation = derived(FAMILY.format(samples="columns"), tmp_path)
    source = numpy_module(derivation)
    with pytest.raises(VerificationError, match=r"gradients\(\)\['z'\]"):
        confirm(source.replace("p[i] - y[i]", "p[i] + y[i]"), views(derivation))


OWN_MODEL = """\
title: A part with a model of its own
model: |
  x: R[n]
  W: R[m, n]
  y = W @ x
  L = norm2sq(y)
parts:
  - prompt: The gradient.
    solve: {gradients: [W, y], of: L}
  - prompt: With a penalty.
    model: |
      c: Positive
      J = L + c * norm2sq(W)
    solve: {gradients: W, of: J}
"""


def test_a_part_with_a_model_of_its_own_is_exported_and_run(tmp_path: Path) -> None:
    derivation = derived(OWN_MODEL, tmp_path)
    source = numpy_module(derivation)
    (tmp_path / "exported.py").write_text(source)
    module = runpy.run_path(str(tmp_path / "exported.py"))
    x, W = np.array([1.0, 2.0]), np.array([[1.0, -1.0], [0.5, 2.0], [3.0, 1.0]])
    given = {"x": x, "W": W, "c": 0.5}
    values, gradients = module["forward"](**given), module["gradients"](**given)
    assert set(values) == {"y", "L", "J"} and set(gradients) == {"dL/dW", "y", "dJ/dW"}
    np.testing.assert_allclose(values["J"], np.sum((W @ x) ** 2) + 0.5 * np.sum(W**2))
    np.testing.assert_allclose(gradients["dL/dW"], 2 * np.outer(W @ x, x))
    np.testing.assert_allclose(gradients["dJ/dW"], 2 * np.outer(W @ x, x) + W)
    with pytest.raises(VerificationError, match="dJ/dW"):
        confirm(source.replace("dJ_dW = ", "dJ_dW = 2.0 * "), views(derivation))
