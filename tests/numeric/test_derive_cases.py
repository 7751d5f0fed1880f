"""Derivations that were refused, crashed or were wrong: each ends at the right value, and is verified whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.errors import Refused
from solgen.expr.text import text
from solgen.model.derivation import Derivation, Gradients, Worked
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.document_of import solution_document

CASES = Path(__file__).parents[1] / "cases" / "derive"


def verified(source: str, tmp_path: Path) -> Derivation:
    """The derivation of a file's only problem, all of whose checks hold."""
    file = tmp_path / "p.yaml"
    file.write_text(source, encoding="utf-8")
    (problem,) = read(file).problems
    derivation = derive(problem)
    assert verify(derivation, mutants=False).failures == ()
    return derivation


def answers(derivation: Derivation) -> list[str]:
    """The last form of every answer, in order."""
    found: list[str] = []
    for content in (c for part in derivation.parts for c in part.contents):
        match content:
            case Gradients(blocks=blocks):
                found += [text((b.value, *b.final)[-1]) for b in blocks if b.asked]
            case Worked(results=results):
                found.append(text(results[-1].chain[-1]))
    return found


def problem(model: str, *asks: str, head: str = "") -> str:
    lines = "\n".join(f"  {line}" for line in model.strip().splitlines())
    parts = "\n".join(f"  - prompt: p\n    solve: {{{ask}}}" for ask in asks)
    return f"title: T\n{head}model: |\n{lines}\nparts:\n{parts}\n"


@pytest.mark.parametrize(
    ("case", "right"),
    [
        ("shared-scalar", ["dot(u + v, x)"]),
        ("seed-gradient", ["1", "z", "outer(dL/dz, x)"]),
        ("hessian-zero", ["0"]),
        ("jac-zero", ["0"]),
        ("jacobian-through-a-mean", ["2 / q * sum(outer(g * (1 - h[i] ** 2), u[i]), i)"]),
    ],
)
def test_a_case_ends_at_the_right_value(case: str, right: list[str], tmp_path: Path) -> None:
    assert answers(verified((CASES / f"{case}.yaml").read_text(), tmp_path)) == right


SHARED = {
    "at two time steps": (
        "s: R\nh0: R[n]\nu: R[n]\nh1 = tanh(s * h0)\nh2 = tanh(s * h1)\nL = s * (u @ h1) + s * (u @ h2)",
        "gradients: s",
    ),
    "in a family": (
        "i: Index[q]\ns: R\nu: R[n]\nv: R[n]\nx[i]: R[n]\nl[i] = s * (u @ x[i]) + s * (v @ x[i])\nL = sum(l[i], i)",
        "gradients: s",
    ),
    "with a mean": (
        "i: Index[q]\ns: R\nu: R[n]\nv: R[n]\nx[i]: R[n]\nL = mean(s * (u @ x[i]) + s * (v @ x[i]), i)",
        "gradients: s",
    ),
    "with weights": (
        "s: R\na: R\nu: R[n]\nv: R[n]\nx: R[n]\nL = 3 * s * (u @ x) - 2 * a * s * (v @ x)",
        "gradients: s",
    ),
    "on the right": ("s: R\nu: R[n]\nv: R[n]\nx: R[n]\nL = s * (x @ u) - s * (x @ v)", "gradients: s"),
    "as a quadratic form": (
        "s: R\nA: R[n, n]\nB: R[n, n]\nx: R[n]\nL = s * (x @ A @ x) + s * (x @ B @ x)",
        "gradients: s",
    ),
    "as a Jacobian": ("s: R\nu: R[n]\nv: R[n]\nx: R[n]\nL = s * (u @ x) + s * (v @ x)", "jacobian: L, wrt: s"),
}


@pytest.mark.parametrize("model", SHARED)
def test_a_scalar_that_two_products_share(model: str, tmp_path: Path) -> None:
    assert len(answers(verified(problem(*SHARED[model]), tmp_path))) == 1


@pytest.mark.parametrize("notation", ["bar", "delta", "nabla", "partial"])
def test_the_seed_of_the_sweep_is_one_in_every_notation(notation: str, tmp_path: Path) -> None:
    source = (CASES / "seed-gradient.yaml").read_text().replace("notation: bar", f"notation: {{gradient: {notation}}}")
    derivation = verified(source, tmp_path)
    assert answers(derivation)[0] == "1"
    tex = solution_document(
        read(tmp_path / "p.yaml"), [derivation], [verify(derivation, mutants=False)], {}, "solutions"
    ).tex
    assert "The backward pass starts at $L$ itself" in tex


def test_the_seed_has_the_value_one(tmp_path: Path) -> None:
    head = "numbers: {x: [1, 2]}\n"
    derivation = verified(problem("x: R[n]\nL = norm2sq(x)", "evaluate: [dL/dL, dL/dx]", head=head), tmp_path)
    (computed,) = verify(derivation, mutants=False).examples
    assert {q.name: q.values for q in computed.quantities}["dL/dL"] == (1,)


IDENTITY = {
    "a vector": ("x: R[n]\nz = 2 * x\nL = sum(z)", "jacobian: z, wrt: z", "eye(n)"),
    "an input": ("x: R[n]\nL = sum(x)", "jacobian: x, wrt: x", "eye(n)"),
    "a scalar": ("x: R[n]\nL = sum(x)", "jacobian: L, wrt: L", "1"),
    "of a family": ("i: Index[q]\nx[i]: R[n]\nh[i] = tanh(x[i])", "jacobian: h, wrt: h", "eye(n)"),
    "a matrix": ("W: R[m, n]\nL = sum(W)", "jacobian: W, wrt: W", "delta(i, k) * delta(j, l)"),
    "entry by entry": ("x: R[n]\nL = sum(x)", "jacobian: x, wrt: x, form: index", "delta(i, j)"),
}


@pytest.mark.parametrize("what", IDENTITY)
def test_the_jacobian_of_a_value_by_itself_is_the_identity(what: str, tmp_path: Path) -> None:
    model, ask, right = IDENTITY[what]
    assert answers(verified(problem(model, ask), tmp_path)) == [right]


ZERO = {
    "a Jacobian": (
        "x: R[n]\ny: R[m]\nu = sin(x)\nL = sum(u)",
        "jacobian: u, wrt: y",
        "$\\bm{u}$ does not depend on $\\bm{y}$",
    ),
    "of a scalar": ("x: R[n]\ny: R[m]\nL = sum(x)", "jacobian: L, wrt: y", "$L$ does not depend on $\\bm{y}$"),
    "by a matrix": ("x: R[n]\nW: R[m, n]\nu = sin(x)\nL = sum(u)", "jacobian: u, wrt: W", "does not depend on"),
    "entry by entry": (
        "x: R[n]\ny: R[m]\nu = sin(x)\nL = sum(u)",
        "jacobian: u, wrt: y, form: index",
        "does not depend",
    ),
    "an affine Hessian": (
        "x: R[n]\nb: R[n]\nL = dot(b, x) + 3",
        "hessian: L, wrt: x",
        "The gradient does not depend on",
    ),
    "a Hessian of a sum": ("x: R[n]\nL = 2 * sum(x)", "hessian: L, wrt: x", "The gradient does not depend on"),
    "a Hessian by what is not used": ("x: R[n]\ny: R[n]\nL = norm2sq(x)", "hessian: L, wrt: y", "does not depend on"),
    "a Hessian of a number": ("x: R\na: R\nL = a * x", "hessian: L, wrt: x", "The gradient does not depend on"),
    "a matrix gradient": ("x: R[n]\nW: R[m, n]\nL = sum(x)", "gradients: W", "No path leads from $\\bm{W}$"),
    "a Hessian of a named constant": (
        "x: R[n]\nA: R[m, n]\nb: R[m]\nc = A.T @ b\nL = c @ x",
        "hessian: L, wrt: x",
        "does not",
    ),
}


@pytest.mark.parametrize("what", ZERO)
def test_a_derivative_that_is_zero_is_said_to_be(what: str, tmp_path: Path) -> None:
    model, ask, words = ZERO[what]
    derivation = verified(problem(model, ask), tmp_path)
    assert answers(derivation) == ["0"]
    tex = solution_document(
        read(tmp_path / "p.yaml"), [derivation], [verify(derivation, mutants=False)], {}, "solutions"
    ).tex
    assert words in tex


FAMILY = """i: Index[q]
W: R[m, k]
u[i]: R[k]
v: R[m]
h[i] = tanh(W @ u[i])
g = mean(h[i], i)
r = sum(W @ u[i], i)
s[i] = v @ h[i]
S = sum(s[i]**2, i) / 2
L = norm2sq(g) + v @ r
M = mean(s[i], i) * sum(s[i], i)"""

THROUGH = {
    "jacobian: L, wrt: W": "sum(outer(v, u[i]), i)",
    "jacobian: S, wrt: v": "sum(s[i] * h[i], i)",
    "jacobian: S, wrt: W": "outer",
    "jacobian: g, wrt: u": "1 / q * (diag(1 - h[i] ** 2) @ W)",
    "jacobian: S, wrt: u": "s[i] *",
    "jacobian: M, wrt: v": "sum(h[i], i)",
    "jacobian: M, wrt: W": "sum(outer(v * (1 - h[i] ** 2), u[i]), i)",
    "jacobian: r, wrt: W, form: index": "sum(",
    "hessian: S, wrt: v": "sum(outer(h[i], h[i]), i)",
}


@pytest.mark.parametrize("ask", THROUGH)
def test_a_sum_over_samples_is_not_lost(ask: str, tmp_path: Path) -> None:
    (answer,) = answers(verified(problem(FAMILY, ask), tmp_path))
    assert THROUGH[ask] in answer


def test_samples_that_depend_on_each_other_are_refused(tmp_path: Path) -> None:
    model = "i: Index[q]\nx[i]: R[n]\nc = mean(x[i], i)\nh[i] = tanh(x[i] - mean(x[i], i))\nL = sum(norm2sq(h[i]), i)"
    with pytest.raises(Refused, match="of one sample depends on `x` of others"):
        verified(problem(model, "jacobian: L, wrt: x"), tmp_path)
    assert answers(verified(problem(model, "jacobian: c, wrt: x"), tmp_path)) == ["1 / q * eye(n)"]


NOUGHT = {
    "probabilities": ("p: Simplex[n]\ny: Simplex[n]\nz: R[n]\nS = sum(p - y) * sum(z)", "gradients: z, of: S"),
    "a value that is 0 too": ("y: OneHot[n]\ns: R\nS = (1 - sum(y)) * exp(s)", "gradients: s, of: S"),
}


@pytest.mark.parametrize("what", NOUGHT)
def test_a_gradient_that_is_exactly_zero_is_decided(what: str, tmp_path: Path) -> None:
    assert answers(verified(problem(*NOUGHT[what]), tmp_path))


def test_an_entry_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"an entry, `p\[0\]`") as refusal:
        verified(problem("z: R[n]\np = softmax(z)", "'gradients': z, of: 'p[0]'"), tmp_path)
    assert "a name of its own" in refusal.value.hint
