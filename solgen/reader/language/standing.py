"""Which way a vector stands as it is typed, and what is noted of that: a row where a column is due, entries of `*`.

In the model language a vector has no direction, and `*` spreads it over a matrix as numpy does: what is typed has a
value, and it may be another one than the author had in mind.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from solgen.expr.build import AS_ROW
from solgen.expr.nodes import Apply, Expr, rank, shape, shape_text
from solgen.expr.size import Size
from solgen.reader.language.syntax import Parsed
from solgen.reader.source import Defects

ROW_CODE, A_ROW, A_COLUMN = "row-vector", "a row", "a column"
SAME = "a vector has the same value either way"


@dataclass(slots=True)
class Standings:
    """The values of one statement's syntax nodes, and which of them are vectors that are written as rows."""

    parsed: Parsed
    report: Defects
    values: dict[int, Expr] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    def learn(self, node: ast.expr, value: Expr, factors: list[ast.expr]) -> None:
        """Enter the value of a node, whose operands are known; `factors` are those of a chain of `@`."""
        self.values[id(node)] = value
        if rank(value) == 1 and self._is_row(node, value, factors):
            self.rows.add(id(node))
        match node:
            case ast.BinOp(op=ast.MatMult()):
                self._note_rows(factors)
            case ast.BinOp(left=left, right=right):
                if not self._note_opposed(left, right, value) and isinstance(node.op, ast.Mult):
                    self._note_spread(node, left, right)
            case _:
                pass

    def note_result(self, node: ast.expr, name: str) -> None:
        """Note a row that is to be the value of a name, or the answer to what is asked."""
        if id(node) in self.rows:
            message = f"`{self._text(node)}` is a row where a column is due: `{name}` is a vector"
            self._note(ROW_CODE, message, node, f"{self._upright(node)}; {SAME}")

    def _is_row(self, node: ast.expr, value: Expr, factors: list[ast.expr]) -> bool:
        match node:
            case ast.Attribute(value=inner):
                return id(inner) not in self.rows
            case ast.BinOp(op=ast.MatMult()):
                return id(factors[0]) in self.rows
            case ast.BinOp(left=left, right=right):
                return {self._way(left), self._way(right)} - {None} == {A_ROW}
            case ast.UnaryOp(operand=inner):
                return id(inner) in self.rows
            case ast.Call(args=args):
                return any(id(a) in self.rows and shape(self.values[id(a)]) == shape(value) for a in args)
            case _:
                return isinstance(value, Apply) and value.op in AS_ROW

    def _note_rows(self, factors: list[ast.expr]) -> None:
        for factor in factors[1:]:
            if id(factor) in self.rows:
                message = f"`{self._text(factor)}` is a row where a column is due: a factor stands before it"
                self._note(ROW_CODE, message, factor, f"{self._upright(factor)}; {SAME}")

    def _note_opposed(self, left: ast.expr, right: ast.expr, value: Expr) -> bool:
        """Note two operands of which one stands as a row, the other as a column; whether they do."""
        ways = self._way(left), self._way(right)
        if None in ways or ways[0] == ways[1]:
            return False
        a, b = self._text(left), self._text(right)
        message = f"`{a}` is {ways[0]} and `{b}` {ways[1]}; entry by entry they make {shape_text(shape(value))}"
        hint = "write both the same way" + ("" if rank(value) == 1 else "; a column times a row is `outer(a, b)`")
        self._note(ROW_CODE, message, right if ways[1] == A_ROW else left, hint)
        return True

    def _way(self, node: ast.expr) -> str | None:
        """How a vector stands, or a matrix of one row or one column; None of anything else."""
        match shape(self.values[id(node)]):
            case (only,) if not only.is_one:
                return A_ROW if id(node) in self.rows else A_COLUMN
            case (first, second) if first.is_one != second.is_one:
                return A_ROW if first.is_one else A_COLUMN
            case _:
                return None

    def _note_spread(self, node: ast.BinOp, left: ast.expr, right: ast.expr) -> None:
        """Note a matrix and a vector that are multiplied entry by entry."""
        sides = sorted((left, right), key=lambda side: rank(self.values[id(side)]))
        small, large = (shape(self.values[id(side)]) for side in sides)
        if (len(small), len(large)) != (1, 2) or small[0].is_one:
            return
        vector, text = self._text(sides[0]), self._text(node)
        message = f"`{text}`: entry by entry, `{vector}` along {small[0]}; the product is `@`"
        product = self._product(sides[1], sides[0], large, small[0])
        across = f"row({vector})" if large[1] == small[0] else f"col({vector})"
        kept = f"`{across}` in place of `{vector}` says that entry by entry is meant"
        self._note("entry-by-entry", message, node, f"write `{product}` for the product; {kept}")

    def _product(self, matrix: ast.expr, vector: ast.expr, shape_: tuple[Size, ...], size: Size) -> str:
        """The matrix product of the two, which conforms along the vector's axis."""
        a, x = self._factor(matrix), self._factor(vector)
        return f"{a} @ {x}" if shape_[1] == size else f"{a}.T @ {x}"

    def _text(self, node: ast.expr) -> str:
        return self.parsed.text(node)

    def _factor(self, node: ast.expr) -> str:
        return f"({self._text(node)})" if isinstance(node, ast.BinOp | ast.UnaryOp) else self._text(node)

    def _upright(self, node: ast.expr) -> str:
        """How it is written as a column: x for x.T, A.T @ x for x.T @ A."""
        match node:
            case ast.Attribute(value=inner):
                return f"write `{self._text(inner)}`"
            case ast.BinOp(op=ast.MatMult(), left=ast.Attribute(value=inner), right=right) if id(inner) in self.values:
                return f"write `{self._transpose_factor(right)} @ {self._factor(inner)}`"
            case _:
                return f"write `{self._factor(node)}.T`"

    def _transpose_factor(self, matrix: ast.expr) -> str:
        return self._factor(matrix.value) if isinstance(matrix, ast.Attribute) else f"{self._factor(matrix)}.T"

    def _note(self, code: str, message: str, node: ast.expr, hint: str) -> None:
        self.report.note(code, message, self.parsed.where(node), hint)
