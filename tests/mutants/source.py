"""Mutants of source: one expression of it changed, compiled, and put in place of the function's code.

Every expression of every function is broken in every way listed in `_variants`, with two exceptions that only save
time: a formula that is returned is negated on even lines and doubled on odd ones (both on every row of the table, in
`rows`), and a comparison that decides a branch is taken as always true and as always false, not also as its opposite,
which errs wherever either of these does.  What else can be broken where formulas are not all there is, is in `shell`.

The code object is exchanged inside the live function, so that every list of rules, import and closure that holds the
function is broken at once.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import solgen
import solgen.calculus
from solgen.calculus.engine.network import Term
from solgen.calculus.textbook.monomial import Monomial
from solgen.expr.arith import mul, neg, num
from solgen.expr.nodes import Expr
from tests.mutants.mutant import Mutant

HOUSE = Path(solgen.__file__).parent
FOLDER = Path(solgen.calculus.__file__).parent
APART = (
    "__init__",
    "mistakes",
    "mistake_rules",
    "evaluate",
)  # wrong answers made on purpose; numbers shown as they are
FORMULAS = ("Expr", "Monomial", "Term")  # what the answers of a function are annotated with
# Operations that are easily taken for each other.
TWINS = {
    "sum_rows": "sum_cols", "sum_cols": "sum_rows", "rows": "cols", "cols": "rows", "row": "col", "col": "row",
    "unrow": "uncol", "uncol": "unrow", "diag": "diagpart", "pick_row": "pick_col", "pick_col": "pick_row",
    "softmax": "log_softmax", "log_softmax": "softmax", "norm2sq": "norm", "sinh": "cosh", "tanh": "tan",
    "step": "sign", "outer": "dot", "matvec": "vecmat", "dot": "outer", "exp": "sigmoid", "log": "exp",
    "sigmoid": "exp",
}  # fmt: skip
COMPARED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip
PRODUCTS = frozenset({"mul", "matmul", "times", "multiply_terms", "multiply_monomials", "multiply_nonzero", "product"})
Place = tuple[ast.AST, str, int | None]  # the parent, its field, the position in it
Ways = Callable[[ast.AST], Iterator[tuple[str, ast.AST]]]  # what a node is changed into, and what that is called


def mutants() -> Iterator[Mutant]:
    """All of the calculus, file after file."""
    for file in sorted(FOLDER.rglob("*.py")):
        if file.stem not in APART:
            yield from of_file(file)


def of_file(file: Path, more: Ways = lambda node: iter(())) -> Iterator[Mutant]:
    """Every expression of every function of a file broken, in `more` ways where there are such."""
    tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
    for function in (n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)):
        for inner in _functions(function):
            for place, old, label, new in _changes(inner, more):
                group = f"{file.stem}.{inner.name}"
                install = partial(_install, file, tree, place, new)
                yield Mutant(group, f"line {old.lineno}: {label}", install, where=(str(file), _lines(inner, old)))


def _functions(node: ast.FunctionDef | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """A function, or the methods of a class; nested functions belong to the outer one."""
    if isinstance(node, ast.FunctionDef):
        yield node
        return
    for member in node.body:
        if isinstance(member, ast.FunctionDef):
            yield member


def _lines(function: ast.FunctionDef, old: ast.AST) -> frozenset[int]:
    """The lines of the smallest statement or condition around a node, one of which runs when the node does."""
    start, end = _span(old)
    holders = [] if isinstance(old, ast.Continue) else _simple(function)
    around = [span for span in holders if span[0] <= start and end <= span[1]]
    start, end = around[-1] if around else (start, end)
    return frozenset(range(start, end + 1))


SIMPLE = (ast.Return, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Raise, ast.Assert, ast.Continue)


@cache
def _simple(function: ast.FunctionDef) -> list[tuple[int, int]]:
    """The first and last lines of the statements that hold no others."""
    return [_span(n) for n in ast.walk(function) if isinstance(n, SIMPLE)]


def _span(node: ast.AST) -> tuple[int, int]:
    start = node.lineno  # type: ignore[attr-defined]
    return start, getattr(node, "end_lineno", None) or start


# ---------------------------------------------------------------- what can be changed


def _changes(function: ast.FunctionDef, more: Ways) -> Iterator[tuple[Place, Any, str, ast.AST]]:
    """(place, old node, what is done, new node); the function's own signature is left alone."""
    formula = any(name in ast.unparse(function.returns) for name in FORMULAS) if function.returns else False
    for statement in function.body:
        for place, node in _places(statement, function):
            decided = tuple(_conditions(place, node))
            plain = () if decided and isinstance(node, ast.Compare | ast.UnaryOp) else _variants(node, formula)
            for label, new in (*decided, *plain, *more(node)):
                yield place, node, label, ast.copy_location(new, node)


def _places(statement: ast.stmt, function: ast.FunctionDef) -> Iterator[tuple[Place, Any]]:
    """Every node below a statement, with where it stands; patterns and annotations left out."""
    yield ((function, "body", function.body.index(statement)), statement)
    stack: list[ast.AST] = [statement]
    while stack:
        parent = stack.pop()
        for name, value in ast.iter_fields(parent):
            if name in ("annotation", "returns", "pattern", "args") and not isinstance(parent, ast.Call):
                continue
            children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for position, child in children:
                if isinstance(child, ast.AST) and not isinstance(child, ast.pattern | ast.Raise):  # not what is said
                    yield (parent, name, position), child
                    stack.append(child)


def _variants(node: ast.AST, formula: bool) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Return(value=ast.expr() as value) if formula and not _is_none(value):
            label = tuple(FAULTS)[node.lineno % 2]
            yield f"{said(value)} {label}", ast.Return(_call(label, value))
        case ast.Call():
            yield from _calls(node)
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            changed = ast.Compare(node.left, [COMPARED[type(op)]()], node.comparators)
            yield f"not ({said(node)})", changed
        case ast.BoolOp(op=op, values=values):
            word = "and" if isinstance(op, ast.And) else "or"
            for n, dropped in enumerate(values):
                rest = values[:n] + values[n + 1 :]
                new = rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
                yield f"without `{word} {said(dropped)}`", new
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield f"{said(operand)} for {said(node)}", operand
        case ast.IfExp(body=body, orelse=orelse):
            yield f"always {said(body)}", body
            yield f"always {said(orelse)}", orelse
        case ast.BinOp(op=ast.Add() | ast.Sub() as op):
            yield (
                f"sign in {said(node)}",
                ast.BinOp(node.left, ast.Sub() if isinstance(op, ast.Add) else ast.Add(), node.right),
            )
        case ast.Continue():
            yield "continue left out", ast.Pass()
        case ast.Constant(value=str() as value) if value in TWINS:
            yield f"{TWINS[value]} for {value}", ast.Constant(TWINS[value])
        case ast.Constant(value=0 | 1 as value) if not isinstance(value, bool):
            yield f"{1 - value} for {value}", ast.Constant(1 - value)
        case ast.Constant(value=bool() as value):
            yield f"{not value} for {value}", ast.Constant(not value)
        case _:
            return


def _conditions(place: Place, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A condition that is always met, or never."""
    if (type(place[0]), place[1]) in CONDITIONS:
        for value in (True, False):
            yield f"{'always' if value else 'never'} {said(node)}", ast.Constant(value)


CONDITIONS = frozenset({(ast.If, "test"), (ast.match_case, "guard"), (ast.comprehension, "ifs")})


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """Operands exchanged or dropped, a sign or a transpose left out."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    args = [a for a in node.args if not isinstance(a, ast.Starred)]
    if len(args) != len(node.args):
        return
    inner = args[1:] if name in ("apply", "fn") else args
    head = args[:1] if name in ("apply", "fn") else []
    transposes = name in ("_t", "_transpose_factor") or (head and _text(head[0]) == "transpose")
    if (name == "neg" or transposes) and len(inner) == 1:
        yield f"{'sign' if name == 'neg' else 'transpose'} of {said(inner[0])} left out", inner[0]
    if name in BUILDERS and len(inner) == 2:
        yield f"operands of {said(node)} exchanged", ast.Call(node.func, [*head, *inner[::-1]], node.keywords)
    if name in PRODUCTS | {"div", "add", "sub"} and len(inner) == 2:
        yield f"{said(inner[0])} for {said(node)}", inner[0]
        if name in PRODUCTS | {"add"}:
            yield f"{said(inner[1])} for {said(node)}", inner[1]
    if name in ("reindex", "contract", "_rename", "_drop_units") and inner:
        yield f"{name} left out", inner[0]


BUILDERS = frozenset("apply fn div sub power delta Apply Factor Delta Adj Pair".split()) | PRODUCTS - {
    "matmul",
    "product",
}


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _text(node: ast.AST) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def said(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…`"


# ---------------------------------------------------------------- wrong formulas


def _negated(found: Any) -> Any:
    match found:
        case Expr():
            return neg(found)
        case Monomial():
            return replace(found, coefficient=-found.coefficient)
        case Term():
            return replace(found, negative=not found.negative)
        case tuple() | list() if found:
            return type(found)((*found[:-1], _negated(found[-1])))
        case _:
            return found


def _doubled(found: Any) -> Any:
    match found:
        case Expr():
            return mul(num(2), found)
        case Monomial():
            return replace(found, coefficient=2 * found.coefficient)
        case Term():
            return replace(found, scalars=(num(Fraction(2)), *found.scalars))
        case tuple() | list() if found:
            return type(found)((*found[:-1], _doubled(found[-1])))
        case _:
            return found


FAULTS: Mapping[str, Callable[[Any], Any]] = {"negated": _negated, "doubled": _doubled}


def _call(label: str, value: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(f"_mutant_{label}", ast.Load()), [value], [])


# ---------------------------------------------------------------- putting it in place


def _install(file: Path, tree: ast.Module, place: Place, new: ast.AST) -> None:
    """The tree changed, compiled, and its code given to the live functions; raises SyntaxError or ValueError."""
    before = _whole(file)
    parent, name, position = place
    if position is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[position] = new
    after = compile(ast.fix_missing_locations(tree), str(file), "exec")
    exchanged = dict(_paired(before, after))
    for function in living()[str(file)]:
        code = exchanged.get(function.__code__)
        if code is not None and code != function.__code__:
            function.__globals__.update({f"_mutant_{k}": v for k, v in FAULTS.items()})
            function.__code__ = code


def _paired(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The code objects of both compilations, by name and line; those without a name also by column."""
    olds, news = (_inner(code) for code in (before, after))
    for key, old in olds.items():
        if key in news:
            yield old, news[key]
            yield from _paired(old, news[key])


def _inner(code: CodeType) -> dict[tuple[str, int, int], CodeType]:
    found: dict[tuple[str, int, int], CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            start = next((p for p in constant.co_positions() if p[2]), (0, 0, 0, 0))
            place = (start[2] or 0) if constant.co_name.startswith("<") else 0  # several may stand on one line
            found[(constant.co_name, constant.co_firstlineno, place)] = constant
    return found


@cache
def living() -> dict[str, list[FunctionType]]:
    """The functions of the house that exist, by file."""
    found: dict[str, list[FunctionType]] = {}
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and function.__code__.co_filename.startswith(str(HOUSE)):
            found.setdefault(function.__code__.co_filename, []).append(function)
    return found


@cache
def _whole(file: Path) -> CodeType:
    return compile(file.read_text(encoding="utf-8"), str(file), "exec")
