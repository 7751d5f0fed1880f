"""The printer: golden text for expressions of the model language, and properties over the whole table.

A new case is a line `expression` in tests/cases/latex/expressions.txt; `python tests/expr/test_latex.py --regen` writes
what is printed now beneath it, for review.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import pytest

from solgen.expr.arith import add, div, fill, fn, mul, num, power, sub, total
from solgen.expr.build import apply, matmul, transpose
from solgen.expr.nodes import Adj, Delta, Entry, Expr, Idx, Var
from solgen.expr.present.declared import split_symbol, symbol
from solgen.expr.present.style import Plain
from solgen.expr.size import Size
from solgen.reader.set_file import read
from solgen.render.latex import latex
from solgen.render.printer import Printer
from solgen.render.terminal import one_line

CASES = Path(__file__).parent.parent / "cases" / "latex" / "expressions.txt"
MODEL = """\
title: Cases
parts: [{prompt: x}]
model: |
  x: R[n]
  u: R[n]
  h: R[m]
  z1: R[m]
  W: R[m, n]
  V: R[m, n]
  W1: R[m, m]
  X: R[N, n]
  S: Sym[n, n]
  p: Simplex[C]
  y: OneHot[C]
  k: Label[C]
  alpha: R
  lam: R
  c: R
  phi: Elementwise
  ell: Loss
"""


def cases() -> dict[str, str]:
    """Expression → LaTeX, from pairs of lines."""
    lines = [line for line in CASES.read_text().splitlines() if line and not line.startswith("#")]
    pairs: dict[str, str] = {}
    source = ""
    for line in lines:
        if line.startswith("  "):
            pairs[source] = line.strip()
        else:
            source = line
            pairs[source] = ""
    return pairs


def parsed(sources: list[str]) -> list[Expr]:
    """The expressions, read as one model's equations."""
    model = MODEL + "".join(f"  q{n + 100} = {source}\n" for n, source in enumerate(sources))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.yaml"
        file.write_text(model)
        problem = read(file).problems[0]
    return [q.body for q in problem.model.equations]


PRINTED = dict(zip(cases(), (Printer().expr(e) for e in parsed(list(cases()))), strict=True))


@pytest.mark.parametrize("source", list(cases()))
def test_golden(source: str) -> None:
    assert PRINTED[source] == cases()[source]


n, m = Size.of("n"), Size.of("m")
x, h, W = Var("x", (n,)), Var("h", (m,)), Var("W", (m, n))
L, i, k = Var("L"), Idx("i", n), Idx("k", m)


@pytest.mark.parametrize(
    ("gradient", "expected"),
    [
        ("partial", r"\frac{\partial L}{\partial \bm{h}}\,\bm{x}^{\top}"),
        ("nabla", r"(\nabla_{\!\bm{h}} L)\,\bm{x}^{\top}"),
        ("bar", r"\bar{\bm{h}}\,\bm{x}^{\top}"),
        ("delta", r"\bm{\delta}_{\bm{h}}\,\bm{x}^{\top}"),
    ],
)
def test_gradients_in_every_notation(gradient: str, expected: str) -> None:
    printer = Printer(notation=Plain(gradient=gradient))  # type: ignore[arg-type]
    assert printer.expr(apply("outer", Adj(L, h), x)) == expected


def test_positions_are_counted_from_one() -> None:
    zero, two = Size.of(0), Size.of(2)
    assert Printer().expr(apply("slice", h, params=((zero, two),))) == r"\bm{h}_{1:2}"
    assert Printer().expr(apply("slice", W, params=((two, m), (zero, n)))) == r"\bm{W}_{3:m,:}"
    assert Printer().expr(apply("concat", x, h)) == r"[\bm{x};\, \bm{h}]"


def test_bars_belong_to_the_loss() -> None:
    printer = Printer(notation=Plain(gradient="bar"), loss="L")
    assert printer.expr(Adj(L, x)) == r"\bar{\bm{x}}"
    assert printer.expr(Adj(Var("c"), x)) == r"\frac{\partial c}{\partial \bm{x}}"


def test_a_bar_goes_over_the_letter() -> None:
    printer = Printer({"W": "W^{(1)}"}, Plain(gradient="bar"))
    assert printer.expr(Adj(L, W)) == r"\bar{\bm{W}}^{(1)}"
    assert printer.expr(transpose(Adj(L, W))) == r"\bar{\bm{W}}^{(1)\top}"


def test_jacobian_entries_are_fractions_in_every_notation() -> None:
    printer = Printer(notation=Plain(gradient="bar"))
    entry = Entry(Adj(h, W), (k, k, i))
    assert printer.expr(entry) == r"\frac{\partial h_{k}}{\partial W_{ki}}"
    assert printer.expr(mul(Delta(i, k), Entry(Adj(L, h), (k,)))) == r"\delta_{ik}\,\bar{h}_{k}"


def test_shapes_stand_beneath_factors_and_their_transposes() -> None:
    shaped = Printer(shapes=True).expr(matmul(transpose(W), matmul(W, x)))
    assert shaped == (r"\sh{\bm{W}^{\top}}{n \times m}\,\sh{\bm{W}}{m \times n}\,\sh{\bm{x}}{n \times 1}")
    assert r"\sh" not in Printer(shapes=True).expr(div(apply("norm2sq", x), num(2)))


def test_numbers_in_sums_with_arrays_are_numbers() -> None:
    assert Printer().expr(sub(num(1), h)) == r"1 - \bm{h}"


def test_breaks_only_where_a_line_may_break() -> None:
    printer = Printer(breaks=True)
    wide = printer.expr(add(matmul(W, add(x, x)), h))
    assert wide == r"\bm{W}\brkp (\bm{x} \brkin + \bm{x}) \brk + \bm{h}"
    assert r"\brk" not in printer.expr(div(sub(num(1), Var("c")), Var("c")))


def test_rows_of_an_equation() -> None:
    assert Printer().equation(Var("y", (n,)), matmul(h, W)) == r"\bm{y}^{\top} = \bm{h}^{\top}\,\bm{W}"
    assert Printer().expr(matmul(h, W)) == r"\bm{W}^{\top}\,\bm{h}"


def test_sums_share_one_sign() -> None:
    body = mul(Entry(W, (k, i)), Entry(h, (k,)))
    assert Printer().expr(total(k, total(i, body))) == r"\sum_{k,i} W_{ki}\,h_{k}"
    assert Printer().expr(total(k, body)) == r"\sum_{k=1}^{m} W_{ki}\,h_{k}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("W1", "W_{1}"), ("xhat", r"\hat{x}"), ("x_hat", r"\hat{x}"), ("xhat1", r"\hat{x}_{1}"),
        ("sigma_w", r"\sigma_{w}"),
                ("lam", r"\lambda"), ("hprime", r"h^{\prime}"), ("logits", r"\mathit{logits}"),
        ("W_xh", r"W_{\mathrm{xh}}"),
        ("beta", r"\beta"), ("bar", r"\mathit{bar}"), ("theta_12", r"\theta_{12}"), ("Wf", "W_{f}"), ("bi", "b_{i}"),
        ("WQ1", "W_{Q,1}"), ("Wxh", "W_{xh}"), ("h1a", "h_{1a}"), ("Ufhat", r"\hat{U}_{f}"), ("eps", r"\varepsilon"),
        ("loss", r"\mathit{loss}"), ("KL", r"\mathit{KL}"), ("nu", r"\nu"), ("Net", r"\mathit{Net}"),
        ("zbar", r"\bar{z}"), ("σ", r"\sigma"),
    ],
)  # fmt: skip
def test_names(name: str, expected: str) -> None:
    assert latex(symbol(name).node()) == expected


@pytest.mark.parametrize(
    ("tex", "bold"),
    [
        ("W^{(1)}", r"\bm{W}^{(1)}"), (r"\hat{x}_i", r"\hat{\bm{x}}_{i}"), (r"\mathcal{L}", r"\bm{\mathcal{L}}"),
        (r"\mathbf{x}", r"\mathbf{x}"), (r"\theta'", r"\bm{\theta}^{\prime}"), ("W^{(1)}_{ab}", r"\bm{W}_{ab}^{(1)}"),
    ],
)  # fmt: skip
def test_overrides_keep_letter_and_scripts_apart(tex: str, bold: str) -> None:
    assert latex(split_symbol(tex).in_bold().node()) == bold


def test_braces_balance_and_mathtext_reads_everything() -> None:
    """What is printed for matplotlib must be something that matplotlib can read."""
    from matplotlib.mathtext import MathTextParser

    parser = MathTextParser("path")
    printer = Printer(dialect="mathtext")
    for e in parsed(list(cases())):
        text = printer.expr(e)
        assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
        parser.parse(f"${text}$")


def unicode(e: Expr) -> str:
    """As `solgen show` writes it."""
    return one_line(Printer().inline(e))


def test_unicode() -> None:
    assert unicode(sub(matmul(transpose(W), h), x)) == "Wᵀ h − x"
    assert unicode(Adj(L, W)) == "∂L/∂W"
    assert unicode(mul(div(num(1), num(2)), power(fn("tanh", h), 2))) == "½tanh²(h)"
    named = Printer({"W": "W^{(1)}"}, Plain(gradient="bar"), shapes=True)
    assert one_line(named.formula(matmul(transpose(Adj(L, W)), Var("xhat1", (m,))))) == "W̄⁽¹⁾ᵀ x̂₁"


def test_unicode_leaves_no_tex_behind() -> None:
    for e in parsed(list(cases())):
        assert not re.search(r"[\\{}]", unicode(e).replace("{0", "").replace("}", "")), unicode(e)


if __name__ == "__main__" and "--regen" in sys.argv:
    CASES.write_text("".join(f"{source}\n  {tex}\n" for source, tex in PRINTED.items()))


def test_minus_ones_need_no_number() -> None:
    assert Printer().expr(fill(num(-1), (n,))) == r"-\mathbf{1}_{n}"
    assert Printer().expr(fill(num(2), (n,))) == r"2\,\mathbf{1}_{n}"


def test_a_prefix_form_inside_a_product_is_kept_apart() -> None:
    """Wᵀ (∇_A L) Wᵀ: the parentheses are the gradient's own."""
    A, notation = Var("A", (m, m)), Plain(gradient="nabla")
    turned = apply("transpose", W)
    inner = apply("matmul", turned, Adj(L, A))
    expected = r"\bm{W}^{\top}(\nabla_{\!\bm{A}} L)\,\bm{W}"
    assert Printer(notation=notation).expr(apply("matmul", inner, W)) == expected


def test_a_number_before_a_gradient_stays_outside_its_parentheses() -> None:
    doubled = apply("scale", mul(num(2), Adj(L, Var("y"))), x)
    assert Printer(notation=Plain(gradient="nabla")).expr(doubled) == r"2(\nabla_{\!y} L)\,\bm{x}"


def test_a_gradient_with_its_shape_keeps_its_parentheses() -> None:
    printer = Printer(notation=Plain(gradient="nabla"), shapes=True)
    assert printer.expr(apply("outer", Adj(L, h), x)).startswith(r"(\sh{\nabla_{\!\bm{h}} L}{m \times 1})")


def test_the_first_power_is_the_base() -> None:
    assert Printer().expr(power(Var("y"), 1)) == Printer().expr(apply("pow", Var("y"), num(1))) == "y"


def test_indices_apart() -> None:
    assert Printer(commas=True).expr(Entry(W, (k, i))) == "W_{k,i}"
