"""The sympy export, run: its entries against the numpy module's values, and against sympy's own derivatives."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy as sp

import solgen
from solgen.build.export import export
from solgen.expr.nodes import Kind
from solgen.model.problem import Problem
from solgen.numeric.code.requested import asked_gradients, asked_jacobians, views
from solgen.numeric.code.rerun import keyword_arguments
from solgen.numeric.code.stated_sizes import points_at, stated_sizes
from solgen.numeric.values.run_forward import Point
from solgen.numeric.values.symbolic import write_nested
from solgen.reader.inline import ask_derivatives

ROOT = Path(__file__).parents[4]
MODELS = {
    "layer": "x: R[d]\nW: R[C, d]\ny: OneHot[C]\nz = W @ x\np = softmax(z)\nL = cross_entropy(p, y)\n",
    "phi": "x: R[d]\nW: R[m, d]\nphi: Elementwise\nh = phi(W @ x)\nL = norm2sq(phi(h)) / 2\n",
    "loss": "x: R[d]\nW: R[m, d]\nell: Loss\ny = tanh(W @ x)\nL = ell(y)\n",
    "label": "x: R[d]\nW: R[C, d]\nk: Label[C]\nz = W @ x\nL = logsumexp(z) - z[k]\n",
    "kinks": "x: R[d]\nA: R[m, d]\nu = A @ x\nL = sum(relu(u)) + norm1(x) + max(u) + sum(maximum(u, A @ x**2))\n",
    "inverse": "A: PosDef[n]\nb: R[n]\nv: Positive[n]\nL = b @ inv(A) @ b + logdet(A) + sum(log(v) * sqrt(v))\n",
    "family": "i: Index[n]\nx[i]: R[d]\nt[i]: R\nw: R[d]\ne[i] = w @ x[i] - t[i]\nL = mean(e[i] ** 2, i) / 3\n",
    "functions": "x: R[n]\nf = lambda k: k / (1 + exp(-k))\nL = sum(f(x) * gelu(x) + arctan(x) ** 3 / 7)\n",
    "names": "sp: R[n]\nentries: R\ninputs: R[n]\nE: R\nL = sp @ inputs * exp(E) / entries\n",
}
CASES = [path for path in sorted((ROOT / "tests/cases/problems").glob("*.yaml")) if path.stem != "five-mistakes"]
SIZES = {"d": 2, "C": 3, "m": 3, "n": 2}


def load(source: str, folder: Path) -> ModuleType:
    """The module that an export is, imported as a user would."""
    (folder / "exported.py").write_text(source)
    spec = importlib.util.spec_from_file_location("exported", folder / "exported.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Run:
    """A module at a point: numbers for the symbols of its inputs, functions for what the file leaves open."""

    module: ModuleType
    point: Point
    given: Mapping[str, Any]

    def __call__(self, value: Any) -> np.ndarray:
        """The numbers that a result's entries have here."""
        symbols, numbers = [], []
        for name, entries in self.module.inputs.items():
            symbols += flat(entries)
            numbers += list(self.point.values[name].flat)
        whole = {s: int(x) for s, x in zip(symbols, numbers, strict=True) if s.is_integer}
        entries = [e.subs(whole) for e in flat(value)] if whole else flat(value)
        run = sp.lambdify(symbols, entries, [self.functions(), "numpy"], cse=True)
        return np.array(run(*map(float, numbers)), dtype=float).reshape(getattr(value, "shape", ()))

    def functions(self) -> dict[str, Any]:
        spread = {name: lambda *xs, f=f: f(np.array(xs)) for name, f in self.given.items() if name == "ell"}
        slopes = {n: lambda k, *xs, f=f: f(np.array(xs))[int(k)] for n, f in self.given.items() if n == "ell_grad"}
        return {**{n: f for n, f in self.given.items() if callable(f)}, **spread, **slopes}


def flat(value: Any) -> list[Any]:
    """The entries of a result, in a row."""
    return list(sp.flatten(value.tolist())) if isinstance(value, sp.NDimArray) else [value]


def derived(run: Run, of: Any, wrt: Any, twice: bool = False) -> np.ndarray:
    """sympy's own derivative of a value's entries by an input's, the axes of the value first, at the point."""
    slopes = [
        sp.diff(entry, x, *([z] if twice else []))
        for entry in flat(of)
        for x in flat(wrt)
        for z in (flat(wrt) if twice else [0])
    ]
    lengths = (*getattr(of, "shape", ()), *getattr(wrt, "shape", ()) * (2 if twice else 1))
    return run(sp.Array(slopes, lengths) if lengths else slopes[0])


def check(problem: Problem, sizes: Mapping[str, int], folder: Path) -> int:
    """Every result against the numpy module's, and each derivative by an input against sympy's: how many of these."""
    result = solgen.derive(problem)
    module = load(result.sympy(**sizes), folder)
    names, compared = result.numpy(), 0
    for view, at in zip(found := views(result.derivation), stated_sizes(found, sizes), strict=True):
        point = points_at(view, at)[0].point
        run = Run(module, point, keyword_arguments(point, view.derivation.problem.model))
        for function in names:
            for key, expected in getattr(names, function)(**run.given).items():
                assert np.allclose(run(getattr(module, function)[key]), expected, rtol=1e-9, atol=1e-12), (
                    function,
                    key,
                )
    kinds = {"gradients": asked_gradients(result.derivation)}
    kinds |= {
        f"{v}s": {k: j.symbol for k, j in asked_jacobians(result.derivation, v).items()}
        for v in ("jacobian", "hessian")
    }
    for kind, key, symbol in ((kind, key, symbol) for kind, asked in kinds.items() for key, symbol in asked.items()):
        if symbol.wrt.name in module.inputs and not (symbol.of.at and symbol.wrt.at):
            ours = run(getattr(module, kind)[key])
            theirs = derived(run, module.forward[symbol.of.name], module.inputs[symbol.wrt.name], kind == "hessians")
            assert np.allclose(ours, theirs, rtol=1e-8, atol=1e-10), (kind, key)
            compared += 1
    return compared


@pytest.mark.parametrize("name", MODELS)
def test_entries_are_those_of_numpy_and_derivatives_those_of_sympy(name: str, tmp_path: Path) -> None:
    problem = solgen.parse(MODELS[name])
    declared = [d.var.name for d in problem.model.declarations if d.var.kind not in (Kind.LABEL, Kind.ONEHOT)]
    asked = ask_derivatives(problem, declared, "L")
    sizes = {
        size: n
        for size, n in SIZES.items()
        if any(size in s.symbols for v in problem.model.variables.values() for s in v.axes)
    }
    assert check(asked, sizes, tmp_path) == len(declared)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_answer_of_a_problem(path: Path, tmp_path: Path) -> None:
    assert check(solgen.read(path), {}, tmp_path)


def test_a_part_with_a_model_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "title: T\nmodel: |\n  x: R[n]\n  w: R[n]\n  L = (w @ x) ** 2\nparts:\n"
        "  - {prompt: A., solve: {gradients: w}}\n"
        "  - {prompt: B., model: 'M = norm1(w) + exp(w @ x)', solve: [{gradients: x}, {hessian: M, wrt: x}]}\n"
    )
    assert check(solgen.read(tmp_path / "p.yaml"), {"n": 3}, tmp_path) == 3


def test_the_gradient_is_proved(tmp_path: Path) -> None:
    """Entry by entry, sympy's derivative less ours simplifies to 0, for any φ."""
    model = solgen.parse(MODELS["phi"])
    module = load(solgen.derive(model, wrt="W").sympy(d=2, m=2), tmp_path)
    ours, loss = module.gradients["W"], module.forward["L"]
    assert all(
        sp.simplify(sp.diff(loss, w) - g) == 0 for w, g in zip(flat(module.inputs["W"]), flat(ours), strict=True)
    )
    assert ours[0, 0].has(module.phi_prime) and sp.diff(loss, module.inputs["x"][0]).has(module.phi_prime)


def test_a_text_that_says_something_else_is_not_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    result = solgen.derive(solgen.parse(MODELS["layer"]), wrt="W")
    target = importlib.import_module("solgen.numeric.code.targets.sympy")
    monkeypatch.setattr(target, "write_nested", lambda entries: write_nested(entries).replace("x[0]*(", "x[1]*("))
    with pytest.raises(solgen.VerificationError, match=r"disagrees with the derivation: gradients\(\)\['W'\]"):
        result.sympy()


def test_a_layer_as_it_is_printed() -> None:
    source = solgen.derive(solgen.parse(MODELS["layer"]), wrt="x").sympy(d=1, C=2)
    assert source.startswith(
        '"""A model: its values and derivatives, entry by entry, at C = 2, d = 1."""\n\nimport itertools'
    )
    assert source.partition("for place in places], shape)\n\n\n")[2] == (
        'x = entries("x", 1)\n'
        'W = entries("W", 2, 1)\n'
        'y = entries("y", 2)  # OneHot\n'
        "z = sp.Array([W[0, 0]*x[0], W[1, 0]*x[0]])\n"
        "p = sp.Array([sp.exp(z[0])/(sp.exp(z[0]) + sp.exp(z[1])), sp.exp(z[1])/(sp.exp(z[0]) + sp.exp(z[1]))])\n"
        "L = -y[0]*sp.log(p[0]) - y[1]*sp.log(p[1])\n"
        "dL_dx = sp.Array([W[0, 0]*(p[0] - y[0]) + W[1, 0]*(p[1] - y[1])])\n"
        'inputs = {"x": x, "W": W, "y": y}\n'
        'forward = {"z": z, "p": p, "L": L}\n'
        'gradients = {"x": dL_dx}\n'
    )


@pytest.mark.parametrize(("model", "sizes", "expected"), [
    (MODELS["layer"], {"e": 2}, r"unknown-size\]: there is no size `e`\n  hint: the sizes are C, d"),
    (MODELS["layer"], {"d": 400, "C": 9}, r"too-large\]: `W` would have 3600 entries"),
    ("x: R[n]\nu = x[1:n]\nL = norm2sq(u)", {"n": 1}, "impossible-sizes"),
    ("x: R[n]\nu = x[1:n]\nL = norm2sq(u)", {"n": 0}, "impossible-sizes"),
])  # fmt: skip
def test_sizes_that_cannot_be(model: str, sizes: dict[str, int], expected: str) -> None:
    result = solgen.derive(solgen.parse(model), wrt="x")
    with pytest.raises(solgen.InputError, match=expected):
        result.sympy(**sizes)


def test_the_command_line_takes_sizes(solgen: Any) -> None:
    Path("p.yaml").write_text(CASES[0].read_text())
    made = solgen("export", "p.yaml", "--to", "sympy", "--sizes", "d=2, h=3")
    assert made.code == 0 and not made.err and made.out == export(Path("p.yaml"), "sympy", {"d": 2, "h": 3})
    wrong = solgen("export", "p.yaml", "--to", "sympy", "--sizes", "n")
    assert wrong.code == 2 and "'n' should say sizes, such as n=2,m=3." in wrong.err
    other = solgen("export", "p.yaml", "--sizes", "d=2")
    assert other.code == 2 and "no-sizes" in other.err and "leave --sizes out, or export to sympy" in other.err
