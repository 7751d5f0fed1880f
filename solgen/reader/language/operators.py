"""The operators `+ - * / ** @` on values with places: what each builds, and what is said when shapes do not conform."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from solgen.expr import arith, build
from solgen.expr.arith import is_negation
from solgen.expr.nodes import Apply, Expr, Num, rank, shape, shape_text
from solgen.expr.ops import ShapeError
from solgen.reader.language.syntax import Parsed
from solgen.reader.source import Defects

Binary = Callable[[Expr, Expr], Expr]

MAX_EXPONENT = 1000
MAX_BITS = 4096


def minus(left: Expr, right: Expr) -> Expr:
    """left − right, as a sum with a negated term."""
    return build.plus(left, arith.neg(right))


def over(left: Expr, right: Expr) -> Expr:
    """left / right; a quotient of two literals is one rational number."""
    if isinstance(left, Num) and isinstance(right, Num) and right.value:
        return Num(left.value / right.value)
    return build.entrywise("div", left, right)


def entrywise_power(left: Expr, right: Expr) -> Expr:
    """Entrywise power, with any scalar exponent."""
    return build.entrywise("pow", left, right)


OPERATORS: Mapping[type[ast.operator], tuple[str, Binary]] = MappingProxyType(
    {
        ast.Add: ("+", build.plus),
        ast.Sub: ("-", minus),
        ast.Mult: ("*", build.times),
        ast.Div: ("/", over),
        ast.Pow: ("**", entrywise_power),
        ast.MatMult: ("@", build.matmul),
    }
)


@dataclass(frozen=True, slots=True)
class Operand:
    """A value and the stretch of the statement that it was read from; `compound` when it needs parentheses."""

    value: Expr | None
    start: int
    end: int
    compound: bool


def combine_operands(
    kind: type[ast.operator], left: Operand, right: Operand, parsed: Parsed, report: Defects
) -> Operand:
    """left ∘ right; its value is None where either is, or where they do not conform, which is reported."""
    symbol, build_it = OPERATORS[kind]
    result: Expr | None = None
    if left.value is not None and right.value is not None:
        place = parsed.operator_span(left.end, right.start, symbol)
        why, mend = _explain_refusal(kind, left.value, right.value)
        if why:
            report.error("number", why, place, mend)
        else:
            try:
                result = build_it(left.value, right.value)
            except ShapeError as clash:
                message, hint = _clash(symbol, left, right, parsed, str(clash))
                report.error("shape", message, place, hint)
    return Operand(result, left.start, right.end, True)


def _explain_refusal(kind: type[ast.operator], left: Expr, right: Expr) -> tuple[str, str]:
    """Why an operation on literals is refused, and the mend: division by zero, powers too large to be written down."""
    number, base = constant_value(right), constant_value(left)
    if kind is ast.Div and number == 0:
        return "division by zero", "divide by something else"
    if kind is not ast.Pow or number is None:
        return "", ""
    if abs(number.numerator) > MAX_EXPONENT or number.denominator > MAX_EXPONENT:
        return f"this exponent is larger than {MAX_EXPONENT}", "use a smaller exponent, or a variable"
    if base is not None and _bits(base) * abs(number) > MAX_BITS:
        return "this power is too large a number", "use a smaller exponent, or a variable"
    return ("zero has no negative power", "use a positive exponent") if base == 0 and number < 0 else ("", "")


def constant_value(e: Expr) -> Fraction | None:
    """The value of a formula of literals alone, None for any other; powers inside are already bounded."""
    match e:
        case Num(value=v):
            return v
        case Apply(args=(a,)) if is_negation(e):
            inner = constant_value(a)
            return None if inner is None else -inner
        case Apply(op="add" | "mul" | "div" | "pow" as op, args=(a, b)):
            left, right = constant_value(a), constant_value(b)
            return None if left is None or right is None else _calculate(op, left, right)
        case _:
            return None


def _calculate(op: str, left: Fraction, right: Fraction) -> Fraction | None:
    match op:
        case "add":
            return left + right
        case "mul":
            return left * right
        case "div":
            return left / right if right else None
        case _:
            return left ** int(right) if right.denominator == 1 and (left or right >= 0) else None


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _clash(symbol: str, left: Operand, right: Operand, parsed: Parsed, why: str) -> tuple[str, str]:
    """What is wrong with two operands' shapes, with both, and what mends it."""
    assert left.value is not None and right.value is not None
    a, b = parsed.operand(left.start, left.end), parsed.operand(right.start, right.end)
    shapes = f"{a} is {shape_text(shape(left.value))}, {b} is {shape_text(shape(right.value))}"
    texts = _wrap(a, left), _wrap(b, right)
    return f"`{a} {symbol} {b}`: {why} ({shapes})", _mend(symbol, texts, left.value, right.value)


def _wrap(text: str, operand: Operand) -> str:
    return f"({text})" if operand.compound and not text.startswith("(") else text


def _flip_transpose(text: str) -> str:
    """The source of a transpose; two cancel."""
    return text.removesuffix(".T") if text.endswith(".T") else f"{text}.T"


def _mend(symbol: str, texts: tuple[str, str], a: Expr, b: Expr) -> str:
    """An operation on the same operands that conforms, as a question."""
    left, right = texts
    if symbol == "@" and rank(a) == rank(b) == 1:
        return f"did you mean `outer({left.removesuffix('.T')}, {right.removesuffix('.T')})`?"
    if symbol == "@" and (row := re.fullmatch(r"\(?row\((\w+)\)\)?", right)) and rank(a) == 1:
        return f"did you mean `outer({left}, {row[1]})`?"
    if symbol == "@" and not (rank(a) and rank(b)):
        return f"a scalar multiplies with *: `{left} * {right}`"
    operator = next(op for sign, op in OPERATORS.values() if sign == symbol)
    tries: list[tuple[str, Binary, Expr, Expr]] = []
    if rank(a) == 2:
        tries.append((f"{_flip_transpose(left)} {symbol} {right}", operator, build.transpose(a), b))
    if rank(b) == 2:
        tries.append((f"{left} {symbol} {_flip_transpose(right)}", operator, a, build.transpose(b)))
    if symbol == "@":
        tries.append((f"{right} @ {left}", build.matmul, b, a))
    if symbol == "*":
        tries.append((f"{left} @ {right}", build.matmul, a, b))
    fitting = next((text for text, op, x, y in tries if _conforms(op, x, y)), "")
    return f"did you mean `{fitting}`?" if fitting else "check the declared sizes"


def _conforms(operator: Binary, left: Expr, right: Expr) -> bool:
    try:
        operator(left, right)
    except ShapeError:
        return False
    return True
