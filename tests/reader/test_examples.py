"""What a worked example needs is asked for with place and hint, before anything is derived."""

from __future__ import annotations

import pytest

from tests.reader.conftest import Reads, Refuses

NET = "x: R[n]\nW: R[m, n]\nz = W @ x\nL = norm2sq(z)\n"
ASK = "  - prompt: P\n    solve: {}\n"


def test_numbers_of_the_file_and_of_the_item_are_joined(reads: Reads) -> None:
    parts = ASK.format("[evaluate, {evaluate: {x: [0, 1]}}, {evaluate: [z, dL/dW]}]")
    (part,) = reads(NET, "numbers: {x: [1, 2], W: [[1, 0], [0, 1/2]]}\n", parts).parts
    bare, given, names = part.asks
    assert bare.extra["values"] == names.extra["values"] and given.extra["values"] == {
        **bare.extra["values"], "x": (0, 1),  # type: ignore[dict-item]
    }  # fmt: skip
    assert [(of.name, wrt.name) for of, wrt in names.extra["derivatives"]] == [("L", "W")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("model", "more", "solve", "message", "hint"),
    [
        (NET, "", "evaluate", "no number is given for `x`, `W`", "add `numbers: {x: …, W: …}`"),
        (NET, "numbers: {x: [1, 2]}\n", "{evaluate: z}", "no number is given for `W`", "add `numbers: {W: …}`"),
        (NET, "numbers: {x: [1, 2], W: [[1, 2]]}\n", "{evaluate: {x: [1]}}",
         "`x` is (n,), and n is 2 by `W`; 1 numbers are given", "give 2"),
        (NET, "numbers: {x: [1, 2], W: [[1, 2]]}\n", "{evaluate: {z: [1]}}", "`z` is computed by an equation",
         "its value follows from the declared ones; delete it"),
        (NET, "numbers: {x: [1, 2], W: [[1, 2]]}\n", "{evaluate: 'z[k]'}", "`z[k]` has no value of its own",
         "ask for `z`, or for an entry such as `z[0]`"),
        (NET, "numbers: {x: [1, 2], W: [[1, 2]]}\n", "{evaluate: dz/dx}", "`z` is not one number",
         "ask for the gradient of a scalar, such as the loss"),
        ("x: R\nphi: Elementwise\ny = phi(x)", "numbers: {x: 1}\n", "evaluate",
         "`phi` stands for any function, so it has no values",
         "define it, `phi = lambda k: tanh(k)`, or name a function of the language"),
        ("x: R\nell: Loss\ny = ell(x)", "numbers: {x: 1}\n", "evaluate",
         "`ell` stands for any function, so it has no values",
         "define it, `ell = lambda k: tanh(k)`, or name a function of the language"),
        ("x: R[a + b]\nv: R[a]\nw: R[b]\ny = sum(x) / b", "numbers: {x: [1, 2], v: [1, 2], w: [1]}\n", "evaluate",
         "an axis of `x` is a + b, which is 3 here; 2 numbers are given", "give 3"),
        ("x: R[a * b]\nM: R[a, b]\ny = sum(x) / b", "numbers: {x: [1, 2]}\n", "{evaluate: y}",
         "nothing given fixes the size a", "add `sizes: {a: 3}`"),
        ("x: R[m]\ny: R[n]\nz = sum(x)", "sizes: [m < n]\nnumbers: {x: [1, 2], y: [1]}\n", "evaluate",
         "m < n is stated, but the lengths are 2 and 1", "mend the values or `sizes`"),
        ("x: R[n]\ny = sum(x)", "sizes: {n: 3}\nnumbers: {x: [1, 2]}\n", "evaluate",
         "`x` is (n,), and n is 3 by `sizes`; 2 numbers are given", "give 3"),
    ],
)  # fmt: skip
def test_what_is_missing_or_contradicts(
    refuses: Refuses, model: str, more: str, solve: str, message: str, hint: str
) -> None:
    (defect,) = refuses(model, more, ASK.format(solve))
    assert (defect.message, defect.hint) == (message, hint) and defect.span is not None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("Positive", "[1, 1/9]", "[1, 0]"), ("Unit", "[0, 1]", "[0, 2]"), ("Binary", "[0, 1]", "[0, 1/2]"),
        ("Signs", "[1, -1]", "[0, 1]"), ("OneHot", "[0, 1]", "[0, 0]"), ("Simplex", "[1/3, 2/3]", "[1/3, 1/3]"),
        ("OneHot2", "[[0, 1], [1, 0]]", "[[1, 1], [0, 0]]"), ("Simplex2", "[[0, 1], [1/2, 1/2]]", "[[0, 1], [1, 1]]"),
        ("Sym", "[[1, 2], [2, 1]]", "[[1, 2], [3, 1]]"), ("PosDef", "[[2, 1], [1, 2]]", "[[1, 2], [2, 1]]"),
        ("PosDef", "[[2, 0], [0, 2]]", "[[0, 0], [0, 2]]"), ("Invertible", "[[0, 1], [1, 0]]", "[[1, 2], [2, 4]]"),
    ],
)  # fmt: skip
def test_values_of_every_kind(reads: Reads, refuses: Refuses, kind: str, good: str, bad: str) -> None:
    square = kind in ("Sym", "PosDef", "Invertible")
    declared = f"{kind}[n]" if square or not kind.endswith("2") else f"{kind[:-1]}[m, n]"
    model = f"v: {declared}\ny = sum(v)"
    assert reads(model, f"numbers: {{v: {good}}}\n").numbers["v"]
    (defect,) = refuses(model, f"numbers: {{v: {bad}}}\n")
    assert defect.message == f"`v` is declared {kind.rstrip('2')}, which excludes these values"


def test_columns_and_families_have_their_kind_each(reads: Reads, refuses: Refuses) -> None:
    columns = "samples: columns\nnumbers: {Y: [[1, 1], [0, 0]]}\n"
    assert reads("Y: OneHot[C, n]\nL = sum(Y)", columns).numbers
    (defect,) = refuses("Y: OneHot[n, C]\nL = sum(Y)", columns.replace("columns", "rows"))
    assert "OneHot" in defect.message
    family = "i: Index[n]\ny[i]: OneHot[C]\nL = sum(sum(y[i]), i)"
    assert reads(family, "numbers: {y: [[0, 1], [1, 0]]}\n").numbers
    (defect,) = refuses(family, "numbers: {y: [[1, 1], [0, 0]]}\n")
    assert "OneHot" in defect.message
    (defect,) = refuses("p: R[3]\nk: Label[3]\nL = p[k]", "numbers: {k: 3}\n")
    assert defect.message == "`k` counts from 0 to 2"


def test_prose_needs_what_it_cites(reads: Reads, refuses: Refuses) -> None:
    numbers, prose = "numbers: {x: [1, 2]}\n", "  - prompt: '{}'\n    answer: '{}'\n"
    assert reads(NET, numbers, prose.format("At [[numbers]]", "[[value x]]"))
    (defect,) = refuses(NET, numbers, prose.format("P", "[[value z]]"))
    assert defect.message == "no number is given for `W`"
    (defect,) = refuses(NET, "", prose.format("[[numbers]]", "A"))
    assert defect.message == "no numbers are given"
    (defect,) = refuses(NET, numbers, prose.format("[[value x]]", "A"))
    assert defect.code == "result-in-handout"


def test_a_part_that_changes_a_shape_needs_its_own_numbers(refuses: Refuses) -> None:
    parts = "  - prompt: P\n    model: 'x: R'\n    solve: evaluate\n"
    (defect,) = refuses("x: R[n]\ny = 2 * x", "numbers: {x: [1, 2]}\n", parts)
    assert defect.message == "the numbers given for `x` do not fit this model"
