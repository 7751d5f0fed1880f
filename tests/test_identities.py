"""Identities of the literature, the public way: a problem's text in, an exported module out, its numbers compared.

`tests/data/identities.jsonl` holds 65 derivatives of the Matrix Cookbook and of other collections.  Each becomes a
problem file; what its exported module computes is compared with the identity, which an evaluator written here for the
purpose reads, and which shares nothing with the program.
"""

from __future__ import annotations

import ast
import json
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solgen.build.export import export
from solgen.calculus.derive import derive
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.identity_texts import VERBS, assumed, kind, problem_text

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "data/identities.jsonl").read_text().splitlines()
]
IDS = [row["id"] for row in ROWS]
FUNCTIONS = {"gradients": "gradients", "jacobian": "jacobians", "hessian": "hessians"}
LENGTHS = (3, 4, 5, 6, 7, 8)
# Treating the entries of a symmetric matrix as free, as every gradient here does, the answer is the plain one.
FREE_ENTRIES = {"MC-143": "inv(X).T"}


# ---------------------------------------------------------------- an evaluator of its own


def softmax(x: Any, axis: int | None = None) -> Any:
    e = np.exp(x - np.max(x))
    return e / e.sum(axis=axis, keepdims=axis is not None)


CALLS: dict[str, Callable[..., Any]] = {
    "tr": np.trace, "inv": np.linalg.inv, "det": np.linalg.det, "logdet": lambda X: np.linalg.slogdet(X)[1],
    "matpow": np.linalg.matrix_power, "outer": np.outer, "diag": np.diag, "eye": lambda n: np.eye(int(n)),
    "ones": lambda n: np.ones(n if isinstance(n, tuple) else int(n)), "sum": np.sum, "exp": np.exp, "log": np.log,
    "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sqrt": np.sqrt, "sign": np.sign,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "softmax": softmax, "softmax_rows": lambda z: softmax(z, 1),
    "norm2": np.linalg.norm, "norm2sq": lambda x: np.sum(x**2), "norm1": lambda x: np.sum(np.abs(x)),
}  # fmt: skip
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b, ast.MatMult: lambda a, b: a @ b, ast.Pow: lambda a, b: a**b,
}  # fmt: skip


def evaluated(node: ast.AST, values: dict[str, Any]) -> Any:
    match node:
        case ast.Expression(body=body):
            return evaluated(body, values)
        case ast.Constant(value=number):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](evaluated(left, values), evaluated(right, values))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluated(operand, values)
        case ast.Attribute(value=array, attr="T"):
            return np.transpose(evaluated(array, values))
        case ast.Attribute(value=array, attr="shape"):
            return evaluated(array, values).shape
        case ast.Call(func=ast.Name(id=name), args=args):
            return CALLS[name](*(evaluated(a, values) for a in args))
    raise AssertionError(ast.dump(node))


def drawn(row: dict[str, Any], seed: int) -> tuple[dict[str, Any], dict[str, int]]:
    """Values of the variables as they are assumed, and the sizes; a tall matrix has more rows than columns."""
    rng = np.random.default_rng(seed)
    lengths: Iterator[int] = iter(LENGTHS)
    sizes = {size: next(lengths) for size in dict.fromkeys(s for shape in row["vars"].values() for s in shape)}
    for name, shape in row["vars"].items():
        if "tall" in assumed(row, name) and sizes[shape[0]] < sizes[shape[1]]:
            sizes[shape[0]], sizes[shape[1]] = sizes[shape[1]], sizes[shape[0]]
    values = {}
    for name, shape in row["vars"].items():
        x = rng.normal(size=[sizes[s] for s in shape])
        match kind(row, name):
            case "PosDef":
                x = x @ x.T + np.eye(len(x))
            case "Sym":
                x = x + x.T
            case "Positive":
                x = np.abs(x) + 0.5
        values[name] = x if shape else float(x)
    return values, sizes


def test_there_are_65() -> None:
    assert len(set(IDS)) == len(ROWS) == 65


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_the_exported_module_computes_the_identity(row: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "identity.yaml"
    file.write_text(problem_text(row))
    (tmp_path / "exported.py").write_text(export(file))
    module = runpy.run_path(str(tmp_path / "exported.py"))
    for seed in (1, 2):
        values, sizes = drawn(row, seed)
        formula = FREE_ENTRIES.get(row["id"], row["grad"])
        expected = np.asarray(evaluated(ast.parse(formula, mode="eval"), {**sizes, **values}))
        found = module[FUNCTIONS[VERBS[row["kind"]]]](**values)
        assert set(found) == {row["wrt"]}
        result = np.asarray(found[row["wrt"]])
        assert result.shape == expected.shape
        np.testing.assert_allclose(result, expected, rtol=1e-8, atol=1e-10 * np.max(np.abs(expected)))
        value = evaluated(ast.parse(row["f"], mode="eval"), {**sizes, **values})
        np.testing.assert_allclose(module["forward"](**values)["out"], value, rtol=1e-8)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_every_step_of_it_is_verified(row: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "identity.yaml"
    file.write_text(problem_text(row))
    checks = verify(derive(read(file).problems[0]))
    assert checks.failures == () and checks.mutants.survived == ()
    assert checks.mutants.killed >= 3
