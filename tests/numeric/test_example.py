"""Worked examples: exact where the numbers allow it, else digits that are proved; what is tampered with is noticed."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from flint import arb, fmpq

from solgen.build.outcome import dump_checks, load_checks
from solgen.calculus.derive import derive
from solgen.document.quantities import quantity_node
from solgen.errors import InputError
from solgen.model.derivation import Derivation, Example
from solgen.model.quantity import Computed, Quantity
from solgen.model.verdict import Check
from solgen.numeric.values.rounded import Unprintable, quantity
from solgen.numeric.verify import verify
from solgen.numeric.worked_examples import compute, recompute
from solgen.reader.set_file import read
from solgen.render.latex import latex

NET = """
x: R[n]
t: R[m]
W1: R[h, n]
b1: R[h]
W2: R[m, h]
z = W1 @ x + b1
a = relu(z)
y = W2 @ a
L = norm2sq(y - t) / 2
"""
NUMBERS = "{x: [1, 2], t: [5, 1], W1: [[1, 1], [2, -2], [0, 1/2]], b1: [0, 1, 1], W2: [[1, 0, 2], [-1, 3, 1]]}"


@pytest.fixture
def solved(tmp_path: Path):
    """The derivation of a model with numbers, and the one example that it asks for."""

    def make(model: str, numbers: str, solve: str = "evaluate", more: str = "") -> tuple[Derivation, Example]:
        body = "".join(f"  {line}\n" for line in model.strip().splitlines())
        text = f"title: T\nmodel: |\n{body}numbers: {numbers}\n{more}parts:\n  - prompt: P\n    solve: {solve}\n"
        (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
        derivation = derive(read(tmp_path / "p.yaml").problems[0])
        (example,) = (c for c in derivation.parts[0].contents if isinstance(c, Example))
        return derivation, example

    return make


def values(computed: Computed) -> dict[str, str]:
    return {q.name: q.plain() for q in computed.quantities}


def test_a_net_in_fractions(solved) -> None:
    derivation, example = solved(NET, NUMBERS, more="parameters: [W1, b1, W2]\n")
    found = compute(example)
    assert values(found) == {
        "z": "[3, -1, 2]", "a": "[3, 0, 2]", "y": "[7, -1]", "L": "4", "dL/dy": "[2, -2]",
        "dL/dW2": "[[6, 0, 4], [-6, 0, -4]]", "dL/da": "[4, -6, 2]", "dL/dz": "[4, 0, 2]",
        "dL/dW1": "[[4, 8], [0, 0], [2, 4]]", "dL/db1": "[4, 0, 2]",
    }  # fmt: skip
    assert all(q.exact for q in found.quantities) and not found.kinks
    assert {s.id for s in example.steps if s.asked} == {"L", "dL/dW2", "dL/dW1", "dL/db1"}
    assert all(c.verdict == "equal" for c in recompute(example, found, derivation))


def test_digits_are_rounded_to_the_nearest(solved) -> None:
    _, example = solved(
        "z: R[C]\nk: Label[C]\np = softmax(z)\nL = -log(p[k])", "{z: [1, 2, 3], k: 0}", "{evaluate: [p, dL/dz]}"
    )
    found = compute(example).by_name
    total = sum(exp(v) for v in (1, 2, 3))
    assert [float(v) for v in found["p"].entries] == [round(exp(v) / total, 4) for v in (1, 2, 3)]
    assert float(found["L"].entries) == round(-log(exp(1) / total), 4) and not found["L"].exact


@pytest.mark.parametrize(
    ("formula", "numbers", "expected"),
    [
        ("norm(x)", "[3, 4]", "5"), ("sum(exp(x))", "[0, 0]", "2"), ("sum(sigmoid(x))", "[0, 0]", "1"),
        ("sum(log(x))", "[1, 1]", "0"), ("sum(x ** 1.5)", "[4, 9/4]", "91/8"), ("mean(tanh(x))", "[0, 0]", "0"),
        ("sum(x) / 3", "[1, 1/3]", "4/9"), ("sum(exp(x))", "[0, 1]", "3.7183"),
        ("sum(exp(30 * x))", "[0, 1]", "1.0686 * 10**13"),
        ("1 / sum(x)", "[1000, 24000]", "1/25000"), ("exp(-sum(x))", "[1, 9]", "4.5400 * 10**-5"),
        ("softmax(x)", "[8, 0]", "[0.99966, 0.00034]"), ("sum(x) ** 9", "[1/7, 1/11]", "2.0847 * 10**-6"),
    ],
)  # fmt: skip
def test_values_as_a_reader_writes_them(solved, formula: str, numbers: str, expected: str) -> None:
    _, example = solved(f"x: R[n]\ny = {formula}", f"{{x: {numbers}}}", "{evaluate: y}")
    assert values(compute(example))["y"] == expected


def test_a_kink_follows_the_convention_and_says_so(solved) -> None:
    derivation, example = solved("x: R[n]\nh = relu(x)\nL = sum(square(h)) + sum(abs(x))", "{x: [0, 1/3]}")
    found = compute(example)
    assert values(found)["dL/dx"] == "[0, 5/3]"
    assert set(found.kinks) == {"relu′(0) = 0", "abs′(0) = 0"}
    checks = {c.id: c for c in recompute(example, found, derivation)}
    assert all(c.verdict == "equal" for c in checks.values())
    assert checks["(a) example dL/dx"].method == "ball", "where there is no derivative, there are no differences"
    assert checks["(a) example dL/dh"].method == "oracle"


def test_exact_zeros_decide_a_kink_that_balls_could_not(solved) -> None:
    _, example = solved("x: R\nz = 3 * x - 1\nL = relu(z) + exp(x)", "{x: 1/3}", "{evaluate: dL/dx}")
    assert compute(example).kinks == ("relu′(0) = 0",)


@pytest.mark.parametrize(
    ("model", "numbers", "operation"),
    [
        ("x: R[n]\ny = sum(log(x))", "{x: [1, 0]}", "`log` in `y = sum(log(x))`"),
        ("x: R[n]\ny = norm(x)", "{x: [0, 0]}", "`/` in `dy/dx = 1 / y * x`"),
        ("A: R[n, n]\ny = sum(inv(A))", "{A: [[1, 2], [2, 4]]}", "`inv` in"),
        ("x: R\ny: R\nz = x / y", "{x: 1, y: 0}", "`/` in `z = x / y`"),
        ("x: R\ny = exp(exp(x))", "{x: 20}", "`y` is too large to be printed"),
    ],
)
def test_what_is_undefined_is_refused_with_its_operation(solved, model: str, numbers: str, operation: str) -> None:
    derivation, _ = solved(model, numbers)
    with pytest.raises(InputError) as caught:
        verify(derivation, mutants=False)
    assert operation in str(caught.value)
    assert "too large" not in operation or caught.value.diagnostics[0].span is not None


def test_families_have_a_value_for_each_sample(solved) -> None:
    model = "i: Index[n]\nx[i]: R[d]\nw: R[d]\ny[i] = w @ x[i]\nL = mean(square(y[i]), i)"
    derivation, example = solved(model, "{x: [[1, 2], [0, 1], [3, -1]], w: [1/2, -1]}", "{evaluate: [y, dL/dw]}")
    found = compute(example).by_name
    assert found["y"].plain() == "[-3/2, -1, 5/2]" and found["y"].over == ("i",)
    assert found["y"].sample({"i": 2}).plain() == "5/2"
    assert found["dL/dw"].plain() == "[4, -13/3]" and found["dL/dy"].sample({"i": 1}).plain() == "-2/3"
    assert all(c.verdict == "equal" for c in recompute(example, compute(example), derivation))


def test_a_batch_in_rows(solved) -> None:
    model = "X: R[n, d]\nT: OneHot[n, C]\nW: R[d, C]\nP = softmax(X @ W)\nL = mean(cross_entropy(P, T))"
    numbers = "{X: [[1, 0], [0, 2], [1, 1]], T: [[1, 0], [0, 1], [0, 1]], W: [[0, 0], [0, 0]]}"
    derivation, example = solved(model, numbers, "{evaluate: [P, L, dL/dW]}", "samples: rows\n")
    found = compute(example).by_name
    assert found["P"].plain() == "[[1/2, 1/2], [1/2, 1/2], [1/2, 1/2]]" and found["L"].plain() == "0.6931"
    assert found["dL/dW"].plain() == "[[0, 0], [1/2, -1/2]]"
    assert all(c.verdict == "equal" for c in recompute(example, compute(example), derivation))


# ---------------------------------------------------------------- the second way


def failures(example: Example, computed: Computed, derivation: Derivation) -> list[Check]:
    return [c for c in recompute(example, computed, derivation) if c.verdict != "equal"]


def tampered(computed: Computed, name: str, entries: object) -> Computed:
    changed = tuple(replace(q, entries=entries) if q.name == name else q for q in computed.quantities)
    return replace(computed, quantities=changed)


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("z", ("3", "-1", "3")),
        ("L", "5"),
        ("dL/dW1", (("4", "8"), ("0", "1/100000"), ("2", "4"))),
        ("dL/db1", ("4", "0")),
    ],
)
def test_a_tampered_number_is_noticed(solved, name: str, entries: object) -> None:
    derivation, example = solved(NET, NUMBERS, more="parameters: [W1, b1, W2]\n")
    found = failures(example, tampered(compute(example), name, entries), derivation)
    assert [c.id for c in found][:1] == [f"(a) example {name}"] and found[0].message


def test_a_rounded_number_is_right_to_half_a_unit(solved) -> None:
    derivation, example = solved("x: R\ny = exp(x)", "{x: 1}", "{evaluate: y}")  # 2.71828…
    right = compute(example)
    assert right.by_name["y"].plain() == "2.7183" and not failures(example, right, derivation)
    for wrong in ("2.7182", "2.7184"):
        assert [c.verdict for c in failures(example, tampered(right, "y", wrong), derivation)] == ["different"]


def test_a_tampered_part_of_a_formula_is_noticed(solved) -> None:
    derivation, example = solved(NET, NUMBERS, more="parameters: [W1]\n")
    right = compute(example)
    mask = replace(right.operands["dL/dz"][1], entries=("1", "1", "1"))
    wrong = replace(right, operands={**right.operands, "dL/dz": (right.operands["dL/dz"][0], mask)})
    assert [c.id for c in failures(example, wrong, derivation)] == ["(a) example dL/dz operand 2"]
    given_ = replace(right.operands["z"][1], entries=("1", "3"))
    wrong = replace(right, operands={**right.operands, "z": (right.operands["z"][0], given_, right.operands["z"][2])})
    assert [c.id for c in failures(example, wrong, derivation)] == ["(a) example z operand 2"]


def test_a_wrong_derivative_is_noticed_by_differences(solved) -> None:
    """A formula that an engine might get wrong: twice the gradient, carried through everything below it."""
    derivation, example = solved(NET, NUMBERS, more="parameters: [W1]\n")
    (gradients,) = example.gradients
    first = gradients.blocks[0]
    doubled = replace(first, value=replace(first.value, args=(first.value.args[0], first.value.args[0])))
    wrong = replace(example, gradients=(replace(gradients, blocks=(doubled, *gradients.blocks[1:])),))
    assert {c.id.split()[-1] for c in failures(wrong, compute(wrong), derivation)} >= {"dL/dy", "dL/dW1"}


def test_values_travel_with_the_certificate(solved) -> None:
    derivation, _ = solved(NET, NUMBERS)
    checks = verify(derivation, mutants=False)
    again = load_checks(dump_checks(checks))
    assert again.examples == checks.examples and json.loads(dump_checks(checks))["examples"]
    assert latex(quantity_node(checks.examples[0].by_name["dL/dx"])) == r"\begin{pmatrix}4 \\ 5\end{pmatrix}"


# ---------------------------------------------------------------- digits


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([fmpq(1, 3), fmpq(-2)], "[1/3, -2]"), ([fmpq(1, 3 ** 30)], "[4.8569] * 10**-15"),
        ([arb(2).sqrt(), arb(0)], "[1.4142, 0]"), ([arb("12345.678"), arb("0.5")], "[12345.68, 0.50]"),
        ([arb("-0.99996")], "[-1.0000]"),
    ],
)  # fmt: skip
def test_entries_as_text(entries: list[object], expected: str) -> None:
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    found = quantity("v", array)
    assert found is not None and found.plain() == expected


def test_a_digit_that_is_not_certain_is_not_printed() -> None:
    assert quantity("v", np.array([arb("0.31", "0.001")], dtype=object)) is None
    with pytest.raises(Unprintable):
        quantity("v", np.array([arb(10) ** 400], dtype=object))


def test_a_quantity_says_its_numbers() -> None:
    q = Quantity("v", (("1/2", "0.25"), ("3", "4")), False, 2)
    assert q.values == (Fraction(50), Fraction(25), Fraction(300), Fraction(400)) and q.unit == 1
    assert latex(quantity_node(q)) == r"10^{2} \begin{pmatrix}\tfrac{1}{2} & 0.25 \\[2pt] 3 & 4\end{pmatrix}"
    assert latex(quantity_node(Quantity("v", ("1", "2")), as_row=True)) == r"\begin{pmatrix}1 & 2\end{pmatrix}"
    long = latex(quantity_node(Quantity("v", tuple(map(str, range(12))))))
    assert r"4 & \cdots & 11" in long and long.endswith(r"^{\top}")


@pytest.mark.parametrize(
    ("model", "numbers", "name"),
    [
        ("z: R\ny = sigmoid(z)\nL = y", "{z: 17}", "dL/dz"),
        ("z: R\ny = tanh(z)\nL = 1 - y**2", "{z: 9}", "L"),
        ("u: R\nv: R\na = exp(u)\nb = exp(v)\nL = a - b", "{u: 1, v: 100001/100000}", "L"),
    ],
)
def test_a_formula_with_rounded_numbers_has_digits_enough_to_hold_as_it_stands(solved, model, numbers, name) -> None:
    _, example = solved(model, numbers)
    operands = compute(example).operands
    digits = {id: max(len(str(q.entries).partition(".")[2]) for q in found) for id, found in operands.items()}
    assert digits[name] > 4 and all(n <= 16 for n in digits.values())
