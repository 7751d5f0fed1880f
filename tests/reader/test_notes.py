"""What is noted of a model and of expected answers: products entry by entry, rows where columns are due."""

from __future__ import annotations

import pytest

from solgen.errors import Diagnostic
from solgen.expr.nodes import shape
from tests.reader.conftest import Reads, Refuses

DECLARED = """
    x: R[d]
    W: R[n, d]
    s: R[n]
    t: R[n]
"""
LAST = "L = norm2sq(W @ x - t) / 2"


def noted(reads: Reads, line: str, parts: str = "  - prompt: Nothing.\n") -> list[Diagnostic]:
    return list(reads(f"{DECLARED}    {line}\n    {LAST}", parts=parts).notes)


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("A = W * x", "`W * x`: entry by entry, `x` along d; the product is `@`", "`W @ x`"),
        ("A = x * W", "`x * W`: entry by entry, `x` along d; the product is `@`", "`W @ x`"),
        ("A = W * s", "`W * s`: entry by entry, `s` along n; the product is `@`", "`W.T @ s`"),
        ("A = (W + 1) * (2 * s)", "entry by entry, `2 * s` along n", "`(W + 1).T @ (2 * s)`"),
        ("A = W * x + 1", "entry by entry, `x` along d", "`row(x)` in place of `x`"),
        ("A = W * s / 2", "entry by entry, `s` along n", "`col(s)` in place of `s`"),
        ("z = W @ x.T", "`x.T` is a row where a column is due", "write `x`"),
        ("q = t.T @ W @ x.T", "`x.T` is a row where a column is due", "write `x`"),
        ("z = (W @ x).T", "`(W @ x).T` is a row where a column is due: `z` is a vector", "write `W @ x`"),
        ("u = s.T @ W", "`s.T @ W` is a row where a column is due: `u` is a vector", "write `W.T @ s`"),
        ("u = 2 * tanh(-s.T)", "is a row where a column is due", "write `(2 * tanh(-s.T)).T`"),
        ("u = s.T + t", "`s.T` is a row and `t` a column; entry by entry they make (n,)", "both the same way"),
        ("A = col(s) - row(t)", "`col(s)` is a column and `row(t)` a row; entry by entry they make (n, n)", "outer"),
        ("A = s - row(t)", "`s` is a column and `row(t)` a row; entry by entry they make (1, n)", "the same way"),
    ],
)
def test_what_is_noted(reads: Reads, line: str, message: str, hint: str) -> None:
    (note,) = noted(reads, line)
    assert (note.level, message in note.message, hint in note.hint) == ("note", True, True), note.text()
    assert note.span is not None and note.source[note.span.column - 1 : note.span.end - 1] in line
    assert f": note[{note.code}]: " in note.text()


@pytest.mark.parametrize(
    "line",
    [
        "z = W @ x",
        "A = W * row(x)",
        "A = col(s) * W",
        "A = W * W",
        "z = s * t",
        "q = s.T @ t",
        "q = s.T @ W @ x",
        "u = (s.T @ W).T",
        "u = s @ W",
        "u = (s.T + t.T).T",
        "A = W + x",
        "A = 2 * W",
        "z = t / norm(s)",
        "A = outer(s, x)",
        "r = W[0, :] * x",
        "A = W.T",
        "A = softmax(W, axis=1) / 2",
    ],
)
def test_what_is_not(reads: Reads, line: str) -> None:
    assert noted(reads, line) == []


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        ("(W @ x - t).T @ W", 1),
        ("W.T @ (W @ x - t)", 0),
        ("{latex: '(W x - t)^\\top W'}", 1),
        ("{latex: 'W^\\top (W x - t)'}", 0),
    ],
)
def test_an_expected_answer_that_is_a_row(reads: Reads, answer: str, count: int) -> None:
    """It is taken as the column that is due, and said to be a row."""
    asks = f"  - prompt: Derive.\n    solve: {{gradients: x}}\n    expect:\n      dL/dx: {answer}\n"
    problem = reads(f"{DECLARED}    {LAST}", parts=asks)
    assert [note.code for note in problem.notes] == ["row-vector"] * count
    (expected,) = problem.parts[0].expect
    assert shape(expected.answer) == problem.model.variables["x"].shape_


def test_a_matrix_that_lies_is_no_row(refuses: Refuses) -> None:
    """What is due there is another matrix."""
    asks = "  - prompt: Derive.\n    solve: {gradients: W}\n    expect:\n      dL/dW: {latex: 'x (W x - t)^\\top'}\n"
    assert [wrong.code for wrong in refuses(f"{DECLARED}    {LAST}", parts=asks)] == ["shape"]


def test_notes_stand_beside_errors_in_the_order_of_the_file(refuses: Refuses) -> None:
    found = refuses(f"{DECLARED}    A = W * x\n    z = A @ y\n    {LAST}")
    assert [(one.level, one.code) for one in found] == [("note", "entry-by-entry"), ("error", "unknown-name")]


def test_each_is_noted_once_though_parts_read_the_model_again(reads: Reads) -> None:
    parts = "  - prompt: Nothing.\n    model: |\n      M = 2 * L\n" * 2
    assert len(noted(reads, "A = W * x", parts)) == 1
