"""Problems written as trees, so that the document's tests need no reader."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from solgen.errors import Span
from solgen.expr.arith import div, num, sub
from solgen.expr.build import apply, matmul, plus, transpose
from solgen.expr.nodes import Expr, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.model import (
    Ask,
    Declaration,
    Equation,
    FunctionDeclaration,
    Model,
    NameRef,
    Notation,
    Options,
    Part,
    Problem,
    Prose,
    Reference,
    Role,
)

PARTIAL, BAR = Notation(), Notation(gradient="bar")
HERE = Span("problem.yaml", 1, 1, 2)


def sizes(names: str) -> tuple[Size, ...]:
    return tuple(map(Size.of, names.split()))


def equation(name: str, body: Expr) -> Equation:
    shape_ = getattr(body, "shape_", ())
    return Equation(Var(name, shape_), body, HERE)


def declared(*given: tuple[Var, Role]) -> tuple[Declaration, ...]:
    return tuple(Declaration(v, role, HERE) for v, role in given)


def ask(verb: str, names: str = "", of: str = "", substitute: str = "") -> Ask:
    refs = tuple(NameRef(n, (), HERE) for n in names.split())
    options = Options(substitute=tuple(substitute.split()))
    return Ask(verb, refs, HERE, NameRef(of, (), HERE) if of else None, options)


def ref(kind: str, wrt: str, of: str = "", via: str = "") -> Reference:
    return Reference(kind, NameRef(wrt, (), HERE), NameRef(of, (), HERE) if of else None, via, HERE)


def part(id: str, prompt: Prose, *asks: Ask, answer: Prose = (), points: int = 2) -> Part:
    return Part(id, prompt, HERE, Fraction(points), asks=asks, answer=answer)


def autoencoder(notation: Notation = PARTIAL) -> Problem:
    """L = ½‖WᵀWx − x‖²."""
    n, m = sizes("n m")
    x, w = Var("x", (n,)), Var("W", (m, n))
    loss = div(apply("norm2sq", sub(matmul(transpose(w), matmul(w, x)), x)), num(2))
    model = Model(declared((w, "parameter"), (x, "input")), equations=(equation("L", loss),), order=((m, n),))
    parts = (
        part("b", ("Draw the computational graph.",), ask("graph")),
        part("c", ("From ", ref("symbol", "W"), " to $", ref("symbol", "L"), "$?"), ask("paths", "W", "L")),
        part("d", ("Compute ", ref("symbol", "W", "L"), ".",), ask("gradients", "W", "L", "h r xhat")),
    )  # fmt: skip
    statement = ("Consider ", ref("model", ""), "with tied weights.")
    return _problem("autoencoder", "A tied autoencoder", model, parts, statement, notation)


def residual(notation: Notation = BAR) -> Problem:
    """z₂ = φ(W₁x) + x, y = W₂z₂, L = ½(y − t)²."""
    (d,) = sizes("d")
    x, t, w1, w2 = Var("x", (d,)), Var("t"), Var("W1", (d, d)), Var("W2", (d,))
    z1 = equation("z1", matmul(w1, x))
    h = equation("h", apply("call", z1.var, params=(Callee("phi"),)))
    z2 = equation("z2", plus(h.var, x))
    y = equation("y", matmul(w2, z2.var))
    loss = equation("L", div(apply("square", sub(y.var, t)), num(2)))
    model = Model(
        declared((x, "input"), (t, "target"), (w1, "parameter"), (w2, "parameter")),
        (FunctionDeclaration("phi", "Elementwise", HERE),),
        equations=(z1, h, z2, y, loss),
    )
    parts = (
        part("a", ("How many parameters?",), ask("parameter_count")),
        part("b", ("Which shapes?",), ask("shapes", "W1 z1 h")),
        part(
            "c", ("Backpropagate.",), ask("gradients", "y W2 z2 h z1 W1 x", "L"),
            answer=("The skip adds ", ref("term", "x", "L", "z2"), " in ", ref("ref", "x", "L"), "."),
        ),
    )  # fmt: skip
    latex = {"W1": "W^{(1)}", "W2": "W^{(2)}"}
    return _problem("residual", "A residual block", model, parts, ("Let ", ref("model equations", "")), notation, latex)


def _problem(
    id: str,
    title: str,
    model: Model,
    parts: Sequence[Part],
    statement: Prose,
    notation: Notation,
    latex: dict[str, str] | None = None,
) -> Problem:
    total = sum((p.points or Fraction(0) for p in parts), Fraction(0))
    return Problem(
        id, title, f"{id}.yaml", title, model, tuple(parts), points=total, statement=statement,
        notation=notation, latex=latex or {},
    )  # fmt: skip
