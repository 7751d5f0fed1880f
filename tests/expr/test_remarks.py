"""The remarks that the table makes on a rule are typed by hand, so each equality in them is tried here with numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solgen.expr.ops import TABLE

RNG = np.random.default_rng(7)
X, DX, A, B = (RNG.normal(size=shape) for shape in ((4, 4), (4, 4), (2, 3), (4, 5)))
G, W = RNG.normal(size=6), RNG.normal(size=3)
H = 1e-6

Sides = list[tuple[Any, Any]]


def slope(f: Callable[[Any], Any], x: Any, dx: Any) -> Any:
    """df for a step dx, by central differences."""
    return (f(x + H * dx) - f(x - H * dx)) / (2 * H)


def inverse() -> Sides:
    inv, d_inv = np.linalg.inv(X), slope(np.linalg.inv, X, DX)
    return [(DX @ inv + X @ d_inv, 0), (d_inv, -inv @ DX @ inv)]


def determinant() -> Sides:
    cofactors = np.array([
        [(-1) ** (p + q) * np.linalg.det(np.delete(np.delete(X, p, 0), q, 1)) for q in range(4)] for p in range(4)
    ])  # fmt: skip
    rows = [(np.linalg.det(X), X[p] @ cofactors[p]) for p in range(4)]
    return [*rows, (cofactors, np.linalg.det(X) * np.linalg.inv(X).T)]


def log_determinant() -> Sides:
    d_log = slope(lambda x: np.log(abs(np.linalg.det(x))), X, DX)
    d_det = slope(np.linalg.det, X, DX)
    return [(d_log, d_det / np.linalg.det(X)), (d_log, np.trace(np.linalg.inv(X) @ DX))]


def entry() -> Sides:
    return [(slope(lambda v: v, G, np.eye(6)[p])[k], float(k == p)) for k in range(6) for p in range(6)]


def kronecker() -> Sides:
    both = np.kron(A, B)
    places = np.ndindex(2, 4, 3, 5)
    return [(both[i * 4 + k, j * 5 + m], A[i, j] * B[k, m]) for i, k, j, m in places]


def correlation() -> Sides:
    def y(x: Any, w: Any) -> Any:
        return np.correlate(x, w, "valid")

    by_x = [(slope(lambda x: y(x, W), G, np.eye(6)[j])[i], _at(W, j - i)) for i in range(4) for j in range(6)]
    return by_x + [(slope(lambda w: y(G, w), W, np.eye(3)[k])[i], G[i + k]) for i in range(4) for k in range(3)]


def convolution() -> Sides:
    by_g = [(slope(lambda g: np.convolve(g, W), G, np.eye(6)[i])[j], _at(W, j - i)) for i in range(6) for j in range(8)]
    by_w = [(slope(lambda w: np.convolve(G, w), W, np.eye(3)[k])[j], _at(G, j - k)) for j in range(8) for k in range(3)]
    return by_g + by_w


def _at(v: Any, k: int) -> float:
    return float(v[k]) if 0 <= k < len(v) else 0.0


REMARKS: dict[str, Callable[[], Sides]] = {
    "inv": inverse, "det": determinant, "logdet": log_determinant, "pick": entry, "kron": kronecker,
    "conv1d": correlation, "convfull": convolution,
}  # fmt: skip


def test_every_remark_with_an_equality_is_tried() -> None:
    assert {name for name, row in TABLE.items() if "=" in getattr(row, "proof", "")} == set(REMARKS)


@pytest.mark.parametrize("name", REMARKS)
def test_remark(name: str) -> None:
    sides = REMARKS[name]()
    assert sides
    for left, right in sides:
        np.testing.assert_allclose(left, np.broadcast_to(right, np.shape(left)), rtol=1e-5, atol=1e-7)
