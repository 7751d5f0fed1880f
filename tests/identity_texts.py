"""Identities of the literature (`tests/data/identities.jsonl`) as problem files."""

from __future__ import annotations

import ast
from typing import Any

VERBS = {"gradient": "gradients", "gradient-structured": "gradients", "jacobian": "jacobian", "hessian": "hessian"}


def assumed(row: dict[str, Any], name: str) -> list[str]:
    return row.get("assume", {}).get(name, "").split(",")


def kind(row: dict[str, Any], name: str) -> str:
    """The kind that declares what the identity assumes of a variable."""
    words = {"positive-definite": "PosDef", "symmetric": "Sym", "invertible": "Invertible", "positive": "Positive"}
    return next((declared for word, declared in words.items() if word in assumed(row, name)), "R")


def problem_text(row: dict[str, Any]) -> str:
    """The row as a problem file; `norm2` and `softmax_rows` as the model language has them."""
    formula = ast.unparse(_Respelled().visit(ast.parse(row["f"], mode="eval")))
    declared = [f"  {v}: {kind(row, v)}{'[' + ', '.join(s) + ']' if s else ''}" for v, s in row["vars"].items()]
    verb = VERBS[row["kind"]]
    asked = f"{{gradients: [{row['wrt']}], of: out}}" if verb == "gradients" else f"{{{verb}: out, wrt: {row['wrt']}}}"
    lines = [f"title: {row['id']}", "model: |", *declared, f"  out = {formula}", "parts:", "  - prompt: Differentiate."]
    return "\n".join([*lines, f"    solve: {asked}", ""])


class _Respelled(ast.NodeTransformer):
    """`norm2` and `softmax_rows` as the model language has them."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        match node.func:
            case ast.Name(id="norm2"):
                node.func.id = "norm"
            case ast.Name(id="softmax_rows"):
                node.func.id = "softmax"
                node.keywords.append(ast.keyword("axis", ast.Constant(1)))
        return node
