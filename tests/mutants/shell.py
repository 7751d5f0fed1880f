"""What else is broken outside the calculus: what is done for its effect, what is yielded, extremes and scales.

Words are left alone, there as here: goldens hold them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutants.source import said

TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


def ways(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node is changed into, and what that is called."""
    match node:
        case ast.Expr(value=ast.Call() as call):
            yield f"{said(call)} left out", ast.Pass()
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() as given):
            yield f"{said(given)} left out", ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))
        case ast.Call(func=ast.Name(id=name)) if name in TWINS:
            yield (
                f"{TWINS[name]} in {said(node)}",
                ast.Call(ast.Name(TWINS[name], ast.Load()), node.args, node.keywords),
            )
        case ast.BinOp(op=ast.Mult()):
            yield f"{said(node.left)} for {said(node)}", node.left
        case ast.BinOp(op=ast.Div()):
            yield f"multiplied in {said(node)}", ast.BinOp(node.left, ast.Mult(), node.right)
        case ast.Dict(keys=[_, *_]) | ast.Tuple(elts=[_, _, *_], ctx=ast.Load()) | ast.List(elts=[_, *_]):
            yield f"the last of {said(node)} left out", _without_last(node)
        case _:
            return


def _without_last(node: ast.Dict | ast.Tuple | ast.List) -> ast.AST:
    if isinstance(node, ast.Dict):
        return ast.Dict(node.keys[:-1], node.values[:-1])
    return type(node)(node.elts[:-1], ast.Load())
