"""From a syntax tree to a formula, within a whitelist; shapes are checked by `expr.build` on the way.

A subformula in which something was wrong is None: what contains it is None too and reports nothing more, so that
all mistakes of a line are found and none is reported twice.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from solgen.expr import arith, build
from solgen.expr.nodes import Expr, Index, Kind, Num, Pi, SizeNum, Var, rank
from solgen.expr.size import Size
from solgen.reader.language import brackets, calls
from solgen.reader.language.model_slips import ATTRIBUTES, FOREIGN
from solgen.reader.language.operators import OPERATORS, Operand, combine_operands
from solgen.reader.language.scope import Scope
from solgen.reader.language.standing import Standings
from solgen.reader.language.syntax import MAX_DEPTH, Parsed
from solgen.reader.source import Defects

DECIMAL = re.compile(r"\d{0,40}\.?\d{0,40}(?:[eE][-+]?\d{1,2})?\Z")


@dataclass(slots=True)
class FormulaReader:
    """Reads the expressions of one statement.

    `bound` are the parameters of an own function that is written out, which sees the functions defined `before` it;
    `adjoint_of` is the output whose gradients `bar(z)` stands for in an `expect:` answer, `adjoint_at` the entry of it.
    """

    scope: Scope
    parsed: Parsed
    report: Defects
    bound: Mapping[str, Expr | None] = field(default_factory=dict)
    before: int | None = None
    adjoint_of: Var | None = None
    adjoint_at: tuple[Index, ...] = ()
    depth: int = 0
    standings: Standings = field(init=False)

    def __post_init__(self) -> None:
        self.standings = Standings(self.parsed, self.report)

    def read(self, node: ast.expr) -> Expr | None:
        """The formula of a syntax node, or None where something in it was reported."""
        self.depth += 1
        try:
            if self.depth > 2 * MAX_DEPTH:
                self.error("too-deep", "functions call each other too deeply", node, "name the inner values")
                return None
            value = self._node(node)
        finally:
            self.depth -= 1
        if value is not None:
            self.standings.learn(node, value, self._factors(node))
        return value

    def error(self, code: str, message: str, node: ast.AST, hint: str = "") -> None:
        """Reports a defect at a syntax node."""
        self.report.error(code, message, self.parsed.where(node), hint)

    def _node(self, node: ast.expr) -> Expr | None:
        match node:
            case ast.Constant():
                return self._literal(node)
            case ast.Name(id=name):
                return self._name(name, node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=inner):
                return _apply_sign(self.read(inner), isinstance(op, ast.USub))
            case ast.BinOp(op=ast.MatMult()):
                return self._chain(node)
            case ast.BinOp(left=left, right=right, op=op) if type(op) in OPERATORS:
                return combine_operands(
                    type(op), self._operand(left), self._operand(right), self.parsed, self.report
                ).value
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return calls.read_call(self, node)
            case ast.Subscript():
                return brackets.read_subscript(self, node)
            case _:
                self._foreign(node)
                return None

    def _operand(self, node: ast.expr) -> Operand:
        start, end = self.parsed.bounds(node)
        return Operand(self.read(node), start, end, isinstance(node, ast.BinOp | ast.UnaryOp))

    def _attribute(self, node: ast.Attribute) -> Expr | None:
        if node.attr == "T":
            value = self.read(node.value)
            return None if value is None else build.transpose(value)
        hint = ATTRIBUTES.get(node.attr, "only `.T` follows a value; functions are called by name, such as exp(x)")
        text = self.parsed.text(node.value)
        self.error("attribute", f"`.{node.attr}` is not in the language", node, hint.replace("{0}", text))
        return None

    def _foreign(self, node: ast.expr) -> None:
        """Reports what Python has and the language does not."""
        operator: ast.AST = getattr(node, "op", node)
        message, hint = FOREIGN.get(
            type(operator), FOREIGN.get(type(node), ("this is not in the language", "write a formula"))
        )
        if not isinstance(node, ast.BinOp):
            self.error("syntax", message, node, hint)
            return
        if isinstance(node.op, ast.BitXor) and re.match(r"\{?[Tt]\b", self.parsed.text(node.right)):
            message, hint = "`^T` does not transpose here", f"write `{self.parsed.text(node.left)}.T`"
        left, right = self.parsed.bounds(node.left)[1], self.parsed.bounds(node.right)[0]
        place = self.parsed.operator_span(left, right, message.split("`")[1][:1])
        self.report.error("syntax", message, place, hint)
        self.read(node.left)
        return None

    def _literal(self, node: ast.Constant) -> Expr | None:
        """A number as the exact rational that is written."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float | complex):
            what = "a text" if isinstance(value, str | bytes) else f"`{self.parsed.text(node)}`"
            self.error("syntax", f"{what} is not a value here", node, "write a number, a name or a formula")
            return None
        if isinstance(value, complex):
            self.error("number", "imaginary numbers are not in the language", node, "a product needs its sign: 2*j")
            return None
        start, end = self.parsed.bounds(node)
        text = self.parsed.piece.text[start:end].replace("_", "")
        if not DECIMAL.match(text):
            self.error("number", "this number is too long, or not decimal", node, "write at most 40 digits")
            return None
        return Num(Fraction(text))

    def _name(self, name: str, node: ast.expr) -> Expr | None:
        if name in self.bound:
            return self.bound[name]
        scope = self.scope
        if name in scope.variables:
            return self._variable(scope.variables[name], node)
        if name in scope.sizes:
            return SizeNum(Size.of(name))
        if name == "pi" and name not in scope.broken:
            return Pi()
        span = self.parsed.where(node)
        if scope.what(name):
            scope.not_a_value(name, span, self.report)
            return None
        scope.report_unknown(name, span, self.report)
        return None

    def _variable(self, var: Var, node: ast.expr) -> Expr | None:
        if var.at:
            letters = ", ".join(i.name for i in var.samples)
            self.error("family", f"`{var.name}` is a family over samples", node, f"write `{var.name}[{letters}]`")
            return None
        if var.kind is Kind.LABEL:
            hint = f"use it as an index: `p[{var.name}]`"
            self.error("not-a-value", f"`{var.name}` is a class label, not a number", node, hint)
            return None
        return var

    def _chain(self, node: ast.BinOp) -> Expr | None:
        """A chain A @ B @ x that ends in a vector is read from the right, as a lecturer computes it.

        (A @ B) @ x = A @ (B @ x), so the value is the same; parentheses of the file are kept.
        """
        factors = [self._operand(f) for f in self._factors(node)]
        values = [f.value for f in factors if f.value is not None]
        if len(values) < len(factors):
            return None
        inner_matrices = all(rank(v) == 2 for v in values[1:-1]) and rank(values[0]) > 0
        if len(values) > 2 and inner_matrices and _is_column(values[-1]):
            result = factors[-1]
            for factor in reversed(factors[:-1]):
                result = combine_operands(ast.MatMult, factor, result, self.parsed, self.report)
            return result.value
        result = factors[0]
        for factor in factors[1:]:
            result = combine_operands(ast.MatMult, result, factor, self.parsed, self.report)
        return result.value

    def _factors(self, node: ast.expr) -> list[ast.expr]:
        """The factors of a chain of @ that is written without parentheses."""
        factors: list[ast.expr] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            factors.append(node.right)
            bare = self.parsed.bounds(node)[0] == self.parsed.bounds(node.left)[0]
            node = node.left
            if not bare:
                break
        return [node, *reversed(factors)]


def _apply_sign(value: Expr | None, negative: bool) -> Expr | None:
    if value is None or not negative:
        return value
    return Num(-value.value) if isinstance(value, Num) else arith.neg(value)


def _is_column(e: Expr) -> bool:
    """Whether e is a vector that is not written as a row."""
    return rank(e) == 1 and build.strip_row(e) is e
