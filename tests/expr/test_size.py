"""Sizes: normal form, arithmetic, printing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solgen.expr.present.sizes import size_node
from solgen.expr.size import ONE, Size
from solgen.render.latex import latex as written

n, m, d = (Size.of(c) for c in "nmd")
VALUES = {"n": 3, "m": 5, "d": 7}


@st.composite
def sizes(draw: st.DrawFn, depth: int = 3) -> Size:
    if depth == 0:
        return draw(st.sampled_from([n, m, d, Size.of(0), ONE, Size.of(2)]))
    left, right = draw(sizes(depth=depth - 1)), draw(sizes(depth=depth - 1))
    match draw(st.integers(0, 2)):
        case 0:
            return left + right
        case 1:
            return left - right
        case _:
            return left * right


@given(sizes(), sizes())
def test_arithmetic_is_that_of_the_values(a: Size, b: Size) -> None:
    assert (a + b).value(VALUES) == a.value(VALUES) + b.value(VALUES)
    assert (a - b).value(VALUES) == a.value(VALUES) - b.value(VALUES)
    assert (a * b).value(VALUES) == a.value(VALUES) * b.value(VALUES)


@given(sizes(), sizes(), sizes())
def test_equal_sizes_are_one_and_the_same(a: Size, b: Size, c: Size) -> None:
    """The laws of a ring hold as equality of normal forms, so that a dictionary of sizes works."""
    assert a + b == b + a and a * b == b * a
    assert a * (b + c) == a * b + a * c
    assert hash(a * (b + c)) == hash(a * b + a * c)
    assert a - a == Size.of(0) and (a - a).constant == 0


@given(sizes())
def test_no_zero_coefficient_and_no_unsorted_monomial(a: Size) -> None:
    assert all(c for _, c in a.terms)
    assert all(list(monomial) == sorted(monomial) for monomial, _ in a.terms)


@given(sizes())
def test_the_text_is_python_with_the_value(a: Size) -> None:
    """What a message prints can be typed into a problem file."""
    tree = compile(str(a), "size", "eval", flags=0, dont_inherit=True)
    assert set(tree.co_names) <= set(VALUES)
    assert _evaluated(str(a)) == a.value(VALUES)


def _evaluated(text: str) -> int:
    """A polynomial with + - * ** of names and whole numbers, read without evaluating Python."""
    total, sign = 0, 1
    for piece in text.replace("-", " - ").replace("+", " + ").split():
        if piece in "+-":
            sign = 1 if piece == "+" else -1
            continue
        product = 1
        for factor in piece.replace("**", "^").split("*"):
            base, _, power = factor.partition("^")
            product *= (VALUES[base] if base in VALUES else int(base)) ** int(power or 1)
        total, sign = total + sign * product, 1
    return total


@pytest.mark.parametrize(
    ("size", "text", "latex"),
    [
        (d * d + d, "d**2 + d", "d^{2} + d"),
        (n - Size.of("k") + 1, "n - k + 1", "n - k + 1"),
        (Size.of(0), "0", "0"),
        (ONE, "1", "1"),
        (Size.of("k") * -1, "-k", "-k"),
        (n * m * 2, "2*m*n", r"2\,m\,n"),
        (Size.of("d1") * d, "d*d1", r"d\,d_{1}"),
    ],
)
def test_printing(size: Size, text: str, latex: str) -> None:
    assert (str(size), written(size_node(size))) == (text, latex)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("n", "n"), ("alpha", r"\alpha"), ("lam", r"\lambda"), ("H1", "H_{1}"), ("d_in", r"d_{\mathrm{in}}"),
        ("theta2", r"\theta_{2}"), ("foo", r"\mathit{foo}"), ("d_k", "d_{k}"),
    ],
)  # fmt: skip
def test_names(name: str, latex: str) -> None:
    assert written(size_node(Size.of(name))) == latex


def test_constants_and_symbols() -> None:
    assert ONE.is_one and not n.is_one and not Size.of(2).is_one
    assert (n + 3 - n).constant == 3 and n.constant is None
    assert (n * m + d).symbols == {"n", "m", "d"}
    with pytest.raises(KeyError):
        n.value({"m": 3})
