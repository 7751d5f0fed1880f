"""Sizes as a file writes them: polynomials `h + d`, `n - k + 1`, `3*d`, bounded so that none can explode."""

from __future__ import annotations

import ast

from solgen.expr.size import Size

MAX_SIZE = 1_000_000
MAX_TERMS = 40
MAX_POWER = 4


class BadSize(ValueError):
    """Not a size: the offending syntax node, what is wrong, and what mends it."""

    def __init__(self, node: ast.AST, message: str, hint: str = "") -> None:
        self.node, self.message, self.hint = node, message, hint
        super().__init__(message)


def polynomial(node: ast.AST) -> Size:
    """The polynomial that an expression of sizes is; raises BadSize."""
    match node:
        case ast.Name(id=name):
            return Size.of(name)
        case ast.Constant(value=int() as value) if not isinstance(value, bool) and value <= MAX_SIZE:
            return Size.of(value)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return polynomial(inner) * -1
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _require_bounded(node, polynomial(left) + polynomial(right))
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _require_bounded(node, polynomial(left) - polynomial(right))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _times(node, polynomial(left), polynomial(right))
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as k)) if 1 <= k <= MAX_POWER:
            base = result = polynomial(left)
            for _ in range(k - 1):
                result = _times(node, result, base)
            return result
        case ast.Constant(value=int()):
            raise BadSize(node, f"a size is at most {MAX_SIZE}", "use a symbol such as n")
        case _:
            raise BadSize(
                node, "a size is a name, a whole number, or a polynomial in them", "such as n, 3, h + d, n - k + 1"
            )


def positive(node: ast.AST, size: Size) -> Size:
    """The size, when it can be at least 1; raises BadSize."""
    if size.constant is not None and size.constant < 1:
        raise BadSize(node, f"a size is at least 1, not {size}", "use a symbol such as n, or a positive number")
    return size


def _times(node: ast.AST, left: Size, right: Size) -> Size:
    if len(left.terms) * len(right.terms) > MAX_TERMS**2:
        raise BadSize(node, "this size has too many terms", "name it with a symbol of its own")
    return _require_bounded(node, left * right)


def _require_bounded(node: ast.AST, size: Size) -> Size:
    degree = max((sum(k for _, k in monomial) for monomial, _ in size.terms), default=0)
    largest = max((abs(c) for _, c in size.terms), default=0)
    if len(size.terms) > MAX_TERMS or degree > 2 * MAX_POWER or largest > MAX_SIZE**2:
        raise BadSize(node, "this size has too many terms, or too large ones", "name it with a symbol of its own")
    return size
