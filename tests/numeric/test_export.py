"""Exported modules: run, compared with automatic differentiation of a forward pass written again by hand."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, jacobian

from solgen.calculus.derive import derive
from solgen.errors import Refused
from solgen.expr.arith import mul, num
from solgen.expr.build import apply, matmul
from solgen.expr.nodes import Entry, Kind, SizeNum, Var
from solgen.model.problem import Problem
from solgen.numeric.code.module import json_rows, numpy_module
from solgen.numeric.code.requested import asked_gradients
from solgen.numeric.verify import verify
from solgen.render.printer import Printer
from tests.numeric.models import (
    C,
    D,
    H,
    M,
    N,
    autoencoder,
    classifier,
    model,
    own_function,
    problem,
    rectified,
    residual,
    samples,
    tempered,
    variable,
)  # fmt: skip
from tests.numeric.texts import FAMILY, WORKED, derived

RNG = np.random.default_rng(7)


def module(source: str, folder: Path) -> Any:
    file = folder / "exported.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("exported", file)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def rows_of_one(n: int, c: int) -> np.ndarray:
    return np.eye(c)[RNG.integers(0, c, n)]


def log_softmax(z: Any) -> Any:
    return z - anp.log(anp.sum(anp.exp(z), axis=-1, keepdims=True))


def residual_loss(x, t, W1, W2):
    return 0.5 * anp.sum((W2 @ (anp.tanh(W1 @ x) + x) - t) ** 2)


CASES: dict[str, tuple[Callable[[], Problem], dict[str, Any], Callable[..., Any]]] = {
    "autoencoder": (
        autoencoder, {"W": RNG.normal(size=(2, 5)), "x": RNG.normal(size=5)},
        lambda W, x: 0.5 * anp.sum((W.T @ (W @ x) - x) ** 2),
    ),
    "residual": (
        residual, {"x": RNG.normal(size=4), "t": 0.7, "W1": RNG.normal(size=(4, 4)), "W2": RNG.normal(size=(1, 4))},
        residual_loss,
    ),
    "classifier": (
        classifier,
        {"X": RNG.normal(size=(6, 3)), "Y": rows_of_one(6, 4), "W": RNG.normal(size=(3, 4)), "b": RNG.normal(size=4)},
        lambda X, Y, W, b: -anp.sum(Y * log_softmax(X @ W + b)) / 6,
    ),
    "rectified": (
        rectified,
        {"x": RNG.normal(size=3), "t": RNG.normal(size=2), "A": RNG.normal(size=(5, 3)), "B": RNG.normal(size=(2, 5))},
        lambda x, t, A, B: anp.sum((B @ anp.maximum(A @ x, 0.0) - t) ** 2),
    ),
    "samples": (
        samples,
        {"x": RNG.normal(size=(6, 3)), "y": RNG.normal(size=(6, 2)), "W": RNG.normal(size=(2, 3)), "b": np.ones(2)},
        lambda x, y, W, b: anp.sum((anp.tanh(x @ W.T + b) - y) ** 2) / 6,
    ),
    "own function": (
        own_function, {"x": RNG.normal(size=3), "W": RNG.normal(size=(4, 3))},
        lambda x, W: anp.sum(anp.arange(1, 5) * ((W @ x) / (1 + anp.exp(-(W @ x)))) ** 2),
    ),
    "tempered": (
        tempered, {"w": RNG.normal(size=3), "X": RNG.normal(size=(5, 3)), "y": np.array([1.0, -1, 1, 1, -1])},
        lambda w, X, y: anp.sum(anp.log(1 + anp.exp(-y * (X @ w)))) / 5 + anp.sum(anp.abs(w)) / 3,
    ),
}  # fmt: skip
CALLABLES = {
    "phi": np.tanh, "phi_prime": lambda z: 1 - np.tanh(z) ** 2,
    "ell": lambda h: np.sum(np.arange(1, 5) * h**2), "ell_grad": lambda h: 2 * np.arange(1, 5) * h,
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_gradients_agree_with_automatic_differentiation(name: str, tmp_path: Path) -> None:
    make, inputs, loss = CASES[name]
    exported = module(numpy_module(derive(make())), tmp_path)
    found = exported.gradients(**inputs, **CALLABLES)
    value = exported.forward(**inputs, **CALLABLES)["L"]
    assert type(value) is float and np.isclose(value, loss(**inputs), rtol=1e-12)
    leaves = [k for k in inputs if k in found]
    assert leaves
    for key in leaves:
        expected = grad(lambda p, key=key: loss(**{**inputs, key: p}))(inputs[key])
        assert found[key].dtype == np.float64 and found[key].shape == np.shape(inputs[key])
        np.testing.assert_allclose(found[key], expected, rtol=1e-10, atol=1e-12)


def test_intermediate_gradients_and_shapes(tmp_path: Path) -> None:
    _, inputs, _ = CASES["residual"]
    exported = module(numpy_module(derive(residual())), tmp_path)
    values, found = exported.forward(**inputs, **CALLABLES), exported.gradients(**inputs, **CALLABLES)
    assert set(found) == set("y z2 W2 h z1 W1 x".split())
    assert found["y"].shape == values["y"].shape == (1,)
    np.testing.assert_allclose(found["y"], values["y"] - inputs["t"])
    np.testing.assert_allclose(found["z2"], inputs["W2"][0] * (values["y"] - inputs["t"]), rtol=1e-12)
    np.testing.assert_allclose(found["z1"], found["h"] * (1 - np.tanh(values["z1"]) ** 2), rtol=1e-12)


def test_the_module_stands_alone(tmp_path: Path) -> None:
    """It imports numpy and the standard library, warns of nothing, and helpers appear only where they are used."""
    (tmp_path / "exported.py").write_text(numpy_module(derive(classifier())))
    code = (
        "import exported, numpy as np; "
        "g = exported.gradients(X=np.ones((3, 2)), Y=np.eye(4)[:3], W=np.ones((2, 4)), b=np.zeros(4)); print(g['b'])"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-I", "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
                          cwd=tmp_path, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    source = (tmp_path / "exported.py").read_text()
    assert "_softmax(" in source and "_normcdf" not in source and "solgen" not in source


def test_a_scalar_variable_and_a_size_in_a_sum(tmp_path: Path) -> None:
    """Every gradient of a scalar is a float; h + d is taken apart."""
    x, W, a, L = variable("x", D), variable("W", H, H + D), variable("a"), Var("L")
    u = variable("u", H + D)
    body = mul(a, apply("norm2sq", matmul(W, u)))
    steps = [(L, mul(body, SizeNum(D)))]
    exported = module(numpy_module(derive(problem(model([x, W, u, a], steps), "a W"))), tmp_path)
    inputs = {"x": np.ones(2), "W": RNG.normal(size=(3, 5)), "u": RNG.normal(size=5), "a": 0.5}
    found = exported.gradients(**inputs)
    assert type(found["a"]) is float
    assert np.isclose(found["a"], 2 * np.sum((inputs["W"] @ inputs["u"]) ** 2))
    del inputs["x"]
    only = module(numpy_module(derive(problem(model([W, u, a], steps), "a"))), tmp_path)
    assert np.isclose(only.gradients(**inputs)["a"], found["a"])


def test_a_size_that_nothing_shows_is_refused() -> None:
    v, L = variable("v", N), Var("L")
    steps = [(L, mul(SizeNum(M), apply("sum", v)))]
    with pytest.raises(Refused, match="`m` cannot be read off"):
        numpy_module(derive(problem(model([v], steps), "v")))
    fixed = replace(model([v], steps), fixed={"m": 7})
    assert "m = 7" in numpy_module(derive(problem(fixed, "v")))


def test_names_of_the_module_s_own(tmp_path: Path) -> None:
    """Variables called np, inputs and float."""
    v, A, s = variable("np", N), variable("inputs", N, N), variable("float")
    loss = mul(s, apply("dot", v, matmul(A, v)))
    exported = module(numpy_module(derive(problem(model([v, A, s], [(Var("L"), loss)]), "np inputs float"))), tmp_path)
    values = {"np": RNG.normal(size=3), "inputs": RNG.normal(size=(3, 3)), "float": 2.0}
    found = exported.gradients(**values)
    np.testing.assert_allclose(found["np"], 2 * (values["inputs"] + values["inputs"].T) @ values["np"])
    np.testing.assert_allclose(found["inputs"], 2 * np.outer(values["np"], values["np"]))


def test_one_variable_with_two_outputs() -> None:
    x, y, L = variable("x", N), Var("y"), Var("L")
    found = problem(model([x], [(y, apply("norm2sq", x)), (L, mul(y, y))]), "x")
    ask = found.parts[0].asks[0]
    both = replace(found, parts=(replace(found.parts[0], asks=(ask, replace(ask, of=replace(ask.of, name="y")))),))
    derivation = derive(both)
    assert set(asked_gradients(derivation)) == {"dL/dx", "dy/dx"}
    assert '"dy/dx":' in numpy_module(derivation)


def test_json_rows() -> None:
    derivation = derive(autoencoder())
    checks = verify(derivation, mutants=False)
    latex = Printer().expr
    rows = {row["name"]: row for row in json_rows(derivation, latex, checks)}
    assert rows["W"]["shape"] == ["m", "n"] and rows["W"]["of"] == "L" and r"\bm{W}" in rows["W"]["latex"]
    assert rows["W"]["checked"] is True and "np.outer" in rows["W"]["numpy"]
    broken = tuple(replace(c, verdict="different") if c.id == "dL/dW differences" else c for c in checks.checks)
    rows = {row["name"]: row for row in json_rows(derivation, latex, replace(checks, checks=broken))}
    assert rows["W"]["checked"] is False and rows["x"]["checked"] is True


def test_a_constant_gradient_is_float64(tmp_path: Path) -> None:
    v, L = variable("v", N), Var("L")
    exported = module(numpy_module(derive(problem(model([v], [(L, apply("sum", mul(num(3), v)))]), "v"))), tmp_path)
    found = exported.gradients(v=np.array([1, 2, 3]))["v"]
    assert found.dtype == np.float64 and found.tolist() == [3.0, 3.0, 3.0]
    found[0] = 1.0  # an array of its own, writable


def test_a_label_is_an_integer() -> None:
    k, p, L = variable("k", kind=Kind.LABEL), variable("p", C, kind=Kind.POSITIVE), Var("L")
    source = numpy_module(derive(problem(model([k, p], [(L, apply("log", Entry(p, (k,))))]), "")))
    assert 'k = int(inputs["k"])' in source and "p[k]" in source


# ---------------------------------------------------------------- Jacobians, Hessians, samples, entries


def exported(text: str, folder: Path) -> Any:
    return module(numpy_module(derived(text, folder)), folder)


def softmax(z: Any) -> Any:
    return anp.exp(z - anp.max(z)) / anp.sum(anp.exp(z - anp.max(z)))


def test_jacobians_and_hessians(tmp_path: Path) -> None:
    """Matrix form where there is one, else entry by entry: a vector by a matrix has three axes."""
    inputs = {"z": RNG.normal(size=4), "y": np.eye(4)[1], "W": RNG.normal(size=(3, 4)), "k": 2}
    found = exported(WORKED, tmp_path)
    jacobians, hessians = found.jacobians(**inputs), found.hessians(**inputs)
    assert set(jacobians) == {"z", "W"} and set(hessians) == {"z"}
    np.testing.assert_allclose(jacobians["z"], jacobian(softmax)(inputs["z"]), rtol=1e-10, atol=1e-12)
    expected = jacobian(lambda W: W @ inputs["z"])(inputs["W"])
    assert jacobians["W"].shape == (3, 3, 4) and jacobians["W"].dtype == np.float64
    np.testing.assert_allclose(jacobians["W"], expected)
    curvature = jacobian(lambda z: softmax(z) - inputs["y"])(inputs["z"])
    np.testing.assert_allclose(hessians["z"], curvature, rtol=1e-10, atol=1e-12)


def test_entries_and_rows_are_exported_whole(tmp_path: Path) -> None:
    inputs = {"z": RNG.normal(size=4), "y": np.eye(4)[1], "W": RNG.normal(size=(3, 4)), "k": 2}
    gradients = exported(WORKED, tmp_path).gradients(**inputs)
    assert set(gradients) == {"z", "W"}
    np.testing.assert_allclose(gradients["z"], softmax(inputs["z"]) - inputs["y"], rtol=1e-12)
    expected = grad(lambda W: anp.sum((W @ inputs["z"]) ** 2) / 2 + (W @ inputs["z"])[2])(inputs["W"])
    np.testing.assert_allclose(gradients["W"], expected, rtol=1e-10)


@pytest.mark.parametrize("samples", ["rows", "columns"])
def test_a_family_is_one_array_with_the_samples_first(samples: str, tmp_path: Path) -> None:
    """Each gradient once, of the loss that was asked for, whatever forms the page shows."""
    x, W, b = RNG.normal(size=(6, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=4)
    inputs = {"x": x, "y": rows_of_one(6, 4), "W": W, "b": b}
    found = exported(FAMILY.format(samples=samples), tmp_path)

    def loss(W: Any, b: Any) -> Any:
        return -anp.sum(inputs["y"] * log_softmax(x @ W.T + b)) / 6

    values, gradients = found.forward(**inputs), found.gradients(**inputs)
    assert set(gradients) == {"z", "W", "b"} and gradients["z"].shape == values["z"].shape == (6, 4)
    np.testing.assert_allclose(gradients["W"], grad(loss)(W, b), rtol=1e-10)
    np.testing.assert_allclose(gradients["b"], grad(loss, 1)(W, b), rtol=1e-10)
    np.testing.assert_allclose(gradients["z"], (values["p"] - inputs["y"]) / 6, rtol=1e-10)


ALSO = """\
title: Two outputs, a family's Jacobian, a second derivative of any activation
model: |
  i: Index[n]
  x[i]: R[d]
  w: R[d]
  u: R[m]
  phi: Elementwise
  p[i] = softmax(x[i])
  a = sin(w)
  c = w * w
  L = sum(phi(u))
parts:
  - prompt: Differentiate.
    solve:
      - {jacobian: a, wrt: w}
      - {jacobian: c, wrt: w}
      - {hessian: L, wrt: u}
"""


def test_two_outputs_of_one_variable_and_an_activation_s_second_derivative(tmp_path: Path) -> None:
    found = exported(ALSO, tmp_path)
    w, u = RNG.normal(size=3), RNG.normal(size=2)
    inputs = {"w": w, "u": u, "x": RNG.normal(size=(4, 3)), "phi": np.sin, "phi_prime": np.cos}
    inputs["phi_prime_prime"] = lambda z: -np.sin(z)
    jacobians = found.jacobians(**inputs)
    assert set(jacobians) == {"da/dw", "dc/dw"}
    np.testing.assert_allclose(jacobians["da/dw"], np.diag(np.cos(w)), rtol=1e-12)
    np.testing.assert_allclose(jacobians["dc/dw"], np.diag(2 * w), rtol=1e-12)
    np.testing.assert_allclose(found.hessians(**inputs)["u"], np.diag(-np.sin(u)), rtol=1e-12)


def test_json_rows_of_jacobians(tmp_path: Path) -> None:
    derivation = derived(WORKED, tmp_path)
    checks = verify(derivation, mutants=False)
    rows = json_rows(derivation, Printer().expr, checks)
    assert [(r["name"], r["of"], r["shape"]) for r in rows] == [
        ("z", "L", ["n"]), ("W", "M", ["m", "n"]), ("z", "p", ["n", "n"]), ("W", "q", ["m", "m", "n"]),
        ("z", "L", ["n", "n"]),
    ]  # fmt: skip
    assert all(r["checked"] for r in rows)
    broken = tuple(replace(c, verdict="different") if "d2L/dz2" in c.id else c for c in checks.checks)
    again = json_rows(derivation, Printer().expr, replace(checks, checks=broken))
    assert [r["checked"] for r in again] == [True, True, True, True, False]
