"""The library as its users see it: a model or a file, results that show themselves, errors with places."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import solgen
from solgen import api

ROOT = Path(__file__).parent.parent
PROBLEM = ROOT / "tests/cases/problems/tanh-net.yaml"
SOFTMAX = """\
x: R[d]
y: OneHot[C]
W: R[C, d]
b: R[C]
z = W @ x + b
p = softmax(z)
L = cross_entropy(p, y)
"""


@pytest.fixture(scope="module")
def result() -> solgen.Result:
    return solgen.derive(solgen.parse(SOFTMAX), wrt="W, b")


def printed(code: str) -> str:
    """What a script prints."""
    command = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---------------------------------------------------------------- the package


def test_importing_solgen_loads_nothing_slow() -> None:
    slow = ("numpy", "sympy", "matplotlib", "flint", "jinja2", "rich", "ruamel.yaml")
    assert printed(f"import sys, solgen; print([name for name in {slow!r} if name in sys.modules])") == "[]\n"


def test_every_public_name_is_there_and_said() -> None:
    assert set(solgen.__all__) < set(dir(solgen))
    assert all(getattr(solgen, name).__doc__ for name in solgen.__all__)
    with pytest.raises(AttributeError, match="module 'solgen' has no attribute 'drive'"):
        _ = solgen.drive  # type: ignore[attr-defined]


def test_the_example_of_the_face_is_true() -> None:
    assert doctest.testmod(api) == (0, 3)


def test_a_room_with_the_name_of_a_public_function_is_that_function() -> None:
    """A room that is imported becomes an attribute of the package, and takes the place of the lazy name."""
    rooms = {path.stem for path in (ROOT / "solgen").iterdir()}
    assert rooms & set(solgen.__all__) == {"build"}
    import_module("solgen.build")
    with pytest.raises(solgen.InputError, match="there is no product 'book'"):
        solgen.build(products=["book"])


def test_what_is_public_is_typed(tmp_path: Path) -> None:
    """For a type checker the lazy names are what they are."""
    (tmp_path / "user.py").write_text(
        "import solgen\n"
        "problem = solgen.parse('x: R[d]')\n"
        "result: solgen.Result = solgen.derive(problem, of='L', wrt=['x'])\n"
        "text: str = result.latex + result.text + str(result.gradients['x']) + result.numpy().source\n"
        "wrong: int = solgen.read('p.yaml')\n"
    )
    command = [sys.executable, "-m", "mypy", str(tmp_path / "user.py")]  # as `make lint`, so that its cache serves
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (told,) = (line for line in done.stdout.splitlines() if "user.py:" in line)
    assert 'user.py:5: error: Incompatible types in assignment (expression has type "Problem"' in told


# ---------------------------------------------------------------- a result


def test_a_result_prints_its_answers(result: solgen.Result) -> None:
    assert str(result) == repr(result) == result.text == "∂L/∂W = (p − y) xᵀ\n∂L/∂b = p − y"


def test_a_result_as_latex(result: solgen.Result) -> None:
    assert result.latex == (
        "\\begin{aligned}\n"
        r"\frac{\partial L}{\partial \bm{W}} &= (\bm{p} - \bm{y})\,\bm{x}^{\top} \\" + "\n"
        r"\frac{\partial L}{\partial \bm{b}} &= \bm{p} - \bm{y}" + "\n"
        "\\end{aligned}"
    )
    one = solgen.derive(solgen.parse(SOFTMAX), wrt="b")
    assert one.latex == r"\frac{\partial L}{\partial \bm{b}} = \bm{p} - \bm{y}"


def test_a_notebook_shows_it_in_what_mathjax_knows(result: solgen.Result) -> None:
    shown = result._repr_latex_()
    assert shown == f"$$\n{result.latex.replace('bm', 'boldsymbol')}\n$$"


def test_a_formula_prints_as_one_would_write_it(result: solgen.Result) -> None:
    assert {name: str(formula) for name, formula in result.gradients.items()} == {"W": "outer(p - y, x)", "b": "p - y"}


def test_every_answer_in_the_model_language_is_what_it_says(result: solgen.Result) -> None:
    """What is printed of a gradient can be typed as the next model's equation, and has its value."""
    for name, formula in result.gradients.items():
        again = solgen.derive(solgen.parse(f"{SOFTMAX}g = {formula}\nS = norm2sq(g)\n"), of="S", wrt="x").numpy()
        given = values()
        assert np.allclose(again.forward(**given)["g"], result.numpy().gradients(**given)[name])


def values() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    shapes = {"x": (2,), "W": (3, 2), "b": (3,)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()} | {"y": np.eye(3)[1]}


def test_the_worked_solution(result: solgen.Result) -> None:
    assert "softmax with cross-entropy; the entries of y sum to 1" in result.solution
    assert "│ ∂L/∂W = (p − y) xᵀ   C × d   (3) │" in result.solution
    assert r"\boxed{\frac{\partial L}{\partial \boldsymbol{W}}" in result.markdown


def test_a_result_as_a_numpy_module(result: solgen.Result) -> None:
    module, given = result.numpy(), values()
    assert list(module) == ["forward", "gradients"] and repr(module) == "<a numpy module: forward, gradients>"
    found, step = module.gradients(**given)["W"], 1e-6
    moved = dict(given, W=given["W"] + step * np.eye(3, 2))
    slope = (module.forward(**moved)["L"] - module.forward(**given)["L"]) / step
    assert found.shape == (3, 2) and np.isclose(slope, np.trace(found[:2]), atol=1e-5)
    assert str(module) == module.source and "def gradients(**inputs):" in module.source
    with pytest.raises(AttributeError, match="the module has no function 'hessians': forward, gradients"):
        module.hessians()


def test_a_result_has_its_certificate(result: solgen.Result) -> None:
    assert {check.verdict for check in result.checks.checks} == {"equal"} and not result.checks.failures
    whole = solgen.verify(result)
    assert whole.mutants.killed and not whole.mutants.survived and not result.checks.mutants.killed


def test_jacobians_of_what_is_no_scalar() -> None:
    model = solgen.parse(SOFTMAX)
    found = solgen.derive(model, of="p", wrt=["z", "x"])
    assert {name: str(formula) for name, formula in found.jacobians.items()} == {
        "z": "diag(p) - outer(p, p)",
        "x": "(diag(p) - outer(p, p)) @ W",
    }
    assert not found.gradients and found.numpy().jacobians(**values())["x"].shape == (3, 2)
    with pytest.raises(solgen.InputError, match=r"<derive>:1:1.*cannot be derived"):
        solgen.derive(model, of="p", wrt="z[1]")


def test_a_file_asks_for_itself() -> None:
    problem = solgen.read(PROBLEM)
    result = solgen.derive(problem)
    assert result.text.splitlines()[0] == "∂L/∂W₂ = (y − t) aᵀ" and problem.title in result.solution
    assert str(solgen.derive(problem, wrt="x").gradients["x"]) == str(
        solgen.derive(problem, of="L", wrt="x").gradients["x"]
    )
    assert solgen.verify(problem).mutants.killed


def test_hessians_by_name(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "title: T\nmodel: |\n  x: R[n]\n  A: Sym[n]\n  L = x @ A @ x / 2\n"
        "parts: [{prompt: Find it., solve: {hessian: L, wrt: x}}]\n"
    )
    assert {n: str(h) for n, h in solgen.derive(solgen.read(tmp_path / "p.yaml")).hessians.items()} == {"x": "A"}


def test_documents_are_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_tex: Path) -> None:
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    made = solgen.build(PROBLEM, output=tmp_path, products=["key"], formats=["tex"], notation="bar")
    assert made == (tmp_path / "tanh-net/key.tex",)
    assert r"\bar{\bm{W}}_{2}" in made[0].read_text()


# ---------------------------------------------------------------- what goes wrong


def told(wrong: pytest.ExceptionInfo[solgen.SolgenError]) -> str:
    return str(wrong.value)


def test_a_missing_file_is_said() -> None:
    with pytest.raises(solgen.InputError) as wrong:
        solgen.read("nowhere.yaml")
    assert told(wrong) == (
        "error[no-file]: nowhere.yaml does not exist\n  hint: name a problem file, or a folder of them"
    )


def test_a_folder_of_several_is_said() -> None:
    with pytest.raises(solgen.InputError, match=r"several-problems.*\n  hint: name one of them: .*01-tied"):
        solgen.read(ROOT / "problems/homework-000")


def test_every_mistake_in_a_model_is_shown_at_its_place() -> None:
    with pytest.raises(solgen.InputError) as wrong:
        solgen.parse("x: R[d]\nW: R[C, d]\nz = W @ y\nL = sum(z) +\n")
    assert [(d.code, str(d.span)) for d in wrong.value.diagnostics] == [
        ("unknown-name", "<model>:3:9"),
        ("syntax", "<model>:4:12"),
    ]
    assert told(wrong).splitlines()[1:3] == ["3 | z = W @ y", "  |         ^"]


def test_an_unknown_name_is_shown_in_the_question() -> None:
    with pytest.raises(solgen.InputError) as wrong:
        solgen.derive(solgen.parse(SOFTMAX), of="M", wrt=["W", "bb"])
    assert told(wrong) == (
        "<derive>:1:9: error[unknown-name]: `bb` is not in the model\n"
        "1 | wrt: W, bb, of: M\n"
        "  |         ^^\n"
        "  hint: did you mean `b`?\n"
        "<derive>:1:17: error[unknown-name]: `M` is not in the model\n"
        "1 | wrt: W, bb, of: M\n"
        "  |                 ^\n"
        "  hint: the model has: x, y, W, b, z, p, L"
    )


@pytest.mark.parametrize(("model", "question", "expected"), [
    (SOFTMAX, {}, "nothing-asked"),
    (SOFTMAX, {"of": "L"}, "nothing-asked"),
    (SOFTMAX, {"wrt": "W[0, 0, 0]"}, r"<derive>:1:6: error\[bad-name\]"),
    (SOFTMAX, {"wrt": ["W", "W +"]}, r"<derive>:1:9: error\[bad-name\]"),
    (SOFTMAX, {"wrt": [""]}, r"<derive>:1:6: error\[empty\]"),
    ("x: R[n]", {"wrt": "x"}, r"error\[no-output\]"),
    ("k: Label[C]\np: R[C]\nL = p[k]", {"wrt": "k"}, r"<derive>:1:6: error\[not-a-value\]"),
    ("", {"wrt": "x"}, r"<model>:1:1: error\[no-model\]"),
])  # fmt: skip
def test_what_is_wrong_with_a_question(model: str, question: dict[str, str], expected: str) -> None:
    with pytest.raises(solgen.InputError, match=expected) as wrong:
        solgen.derive(solgen.parse(model), **question)
    assert all(diagnostic.hint for diagnostic in wrong.value.diagnostics)


def test_a_false_answer_is_a_failed_verification(tmp_path: Path) -> None:
    text = PROBLEM.read_text().replace("    solve:", "    expect: {dL/db2: t - y}\n    solve:", 1)
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(solgen.VerificationError, match="dL/db2"):
        solgen.derive(solgen.read(tmp_path / "p.yaml"))


def test_wrong_files_are_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_tex: Path) -> None:
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    (tmp_path / "p.yaml").write_text(PROBLEM.read_text().replace("tanh(", "tahn("))
    with pytest.raises(solgen.InputError, match=r"unknown-function\]: unknown function `tahn`"):
        solgen.build(tmp_path / "p.yaml", output=tmp_path / "out")
    with pytest.raises(solgen.InputError, match=r"unknown-format\]: there is no format 'odt'\n  hint: pdf, tex"):
        solgen.build(PROBLEM, formats=["odt"])
    assert not (tmp_path / "out").exists()


def test_a_false_formula_of_the_prose_is_raised_by_whatever_shows_it(tmp_path: Path) -> None:
    """But not by a question of one's own, which shows no prose of the parts; a true one is in the certificate."""
    text = PROBLEM.read_text()
    false, true = tmp_path / "false.yaml", tmp_path / "true.yaml"
    false.write_text(text.replace("of all parameters.", "of all parameters, with $\\partial L/\\partial b_2 = t - y$."))
    true.write_text(text.replace("of all parameters.", "of all parameters, with $\\partial L/\\partial b_2 = y - t$."))
    problem = solgen.read(false)
    for ask in (solgen.derive, solgen.verify):
        with pytest.raises(solgen.SolgenError, match=r"false.yaml:15:\d+: error\[false-equality\]"):
            ask(problem)
    assert str(solgen.derive(problem, wrt="b2")) == "∂L/∂b₂ = y − t"
    result = solgen.derive(solgen.read(true))
    for checks in (result.checks, solgen.verify(result)):
        assert [check.verdict for check in checks.checks if check.step.kind == "typed"] == ["equal"]
