"""Calls: built-in functions, declared ones (φ, ℓ), a file's own, and `bar(z)` in an instructor's answer."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from solgen.expr import applied, build
from solgen.expr.nodes import Adj, Expr, Idx, Shape, Var, rank, shape, shape_text
from solgen.expr.ops import Callee, ShapeError
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, position
from solgen.reader.language import brackets, builtins
from solgen.reader.language.builtins import RESERVED, BadCall
from solgen.reader.language.size_text import BadSize, polynomial, positive
from solgen.reader.source import nearest, nearest_or_all

if TYPE_CHECKING:
    from solgen.reader.language.formula import FormulaReader
    from solgen.reader.language.scope import Own


def read_call(formula: FormulaReader, node: ast.Call) -> Expr | None:
    """The value of a call, or None where something in it was reported."""
    scope = formula.scope
    if not isinstance(node.func, ast.Name):
        _called_value(formula, node)
        return None
    name = node.func.id
    if name in formula.bound:
        hint = f"write `{name} * …`"
        formula.error("not-a-function", f"`{name}` is a parameter, not a function", node.func, hint)
        return None
    if name == "bar" and formula.adjoint_of is not None:
        return _adjoint(formula, node)
    if name in scope.declared:
        return _call_declared(formula, name, node)
    if formula.adjoint_of is not None and (primed := _name_of_primed(formula, name)):
        return _derivative(formula, primed, node)
    own = scope.own.get(name)
    if own and (formula.before is None or own.order < formula.before):
        return _own(formula, own, node)
    if name in RESERVED:
        return _built_in(formula, name, node)
    for argument in node.args:
        formula.read(argument)
    scope.unknown_function(name, formula.parsed.where(node.func), formula.report)
    return None


def _called_value(formula: FormulaReader, node: ast.Call) -> None:
    """Reports `np.exp(x)` and `(a + b)(c)`."""
    func = node.func
    if not isinstance(func, ast.Attribute):
        formula.error(
            "not-a-function", "a value is called like a function", node, "a product needs its sign: write * or @"
        )
        return
    if func.attr in RESERVED and isinstance(func.value, ast.Name) and not formula.scope.what(func.value.id):
        module = formula.parsed.text(func.value)
        formula.error("attribute", f"`{module}.` is not in the language", func, f"write `{func.attr}(…)`")
        return
    if formula.read(func) is not None:
        hint = "write * or @ between two factors" if node.args or node.keywords else "delete the parentheses"
        formula.error("not-a-function", f"`{formula.parsed.text(func)}` is a value, not a function", node, hint)


def _arguments(formula: FormulaReader, node: ast.Call, name: str, due: int | None) -> list[Expr] | None:
    """The positional arguments, `due` of them; None where something was reported."""
    if node.keywords:
        keyword = node.keywords[0]
        hint = f"write `{name}({', '.join(formula.parsed.text(a) for a in node.args) or 'x'})`"
        formula.error("bad-call", f"`{name}` takes no `{keyword.arg or '**'}`", keyword, hint)
        return None
    values = [formula.read(a) for a in node.args]
    if due is not None and len(values) != due:
        hint = f"write `{name}({', '.join('abcdef'[:due])})`"
        formula.error("bad-call", f"`{name}` takes {due} argument{'s' * (due != 1)}, not {len(values)}", node, hint)
        return None
    known = [v for v in values if v is not None]
    return known if len(known) == len(values) else None


def _adjoint(formula: FormulaReader, node: ast.Call) -> Expr | None:
    """`bar(z)`: the gradient of the output at z, of the entry of the output where the answer is about one."""
    assert formula.adjoint_of is not None
    var = _barred_value(formula, node)
    if var is None:
        return None
    whole, at = Adj(formula.adjoint_of, var), formula.adjoint_at
    if rank(whole) > 2:
        message = f"`bar({var.name})` has {rank(whole)} axes: {shape_text(shape(whole))}"
        formula.error("shape", message, node, "write it with the gradients at vectors, entry by entry where need be")
        return None
    rest = ((Size.of(0), size) for size in shape(whole)[len(at) :])
    return brackets.pick_part(whole, (*at, *rest)) if at else whole


def _barred_value(formula: FormulaReader, node: ast.Call) -> Var | None:
    """The value that `bar` is asked of: a name, or a member of a family."""
    inner = node.args[0] if len(node.args) == 1 and not node.keywords else node
    name = inner.value if isinstance(inner, ast.Subscript) else inner
    if not isinstance(name, ast.Name):
        formula.error("bad-call", "`bar` takes the name of one value", node, "write `bar(z1)`")
        return None
    var = formula.scope.variables.get(name.id)
    if var is None:
        what = formula.scope.what(name.id)
        if what:
            message = f"`{name.id}` is {what}, not a value of the model"
            formula.error("not-a-value", message, inner, "name a variable or an equation")
        else:
            hint = nearest_or_all(name.id, formula.scope.values, "the model has")
            message = f"`bar({name.id})`: `{name.id}` is not in the model"
            formula.report.error("unknown-name", message, formula.parsed.where(inner), hint)
        return None
    if isinstance(inner, ast.Name):
        return var
    member = formula.read(inner) if var.at else None
    if isinstance(member, Var):
        return member
    text = formula.parsed.text(inner)
    if not var.at:
        hint = f"write `bar({name.id})[{text[len(name.id) + 1 : -1]}]`"
        formula.error("bad-call", f"`bar({text})`: `bar` takes a whole value", node, hint)
    return None


def _call_declared(formula: FormulaReader, name: str, node: ast.Call) -> Expr | None:
    args = _arguments(formula, node, name, 1)
    if args is None:
        return None
    kind = formula.scope.declared[name].kind
    return build.apply("call" if kind == "Elementwise" else "loss", args[0], params=(Callee(name),))


def _name_of_primed(formula: FormulaReader, name: str) -> str:
    """The function whose derivative an answer calls, named as in the export: φ of `phi_prime`, ℓ of `ell_grad`."""
    function, _, ending = name.rpartition("_")
    declared = formula.scope.declared.get(function)
    return function if declared and ending == ("prime" if declared.kind == "Elementwise" else "grad") else ""


def _derivative(formula: FormulaReader, function: str, node: ast.Call) -> Expr | None:
    """`phi_prime(z)`, the derivative of a declared function entry by entry; `ell_grad(y)`, its gradient."""
    args = _arguments(formula, node, function, 1)
    if args is None:
        return None
    argument = build.strip_row(args[0])
    if formula.scope.declared[function].kind == "Elementwise":
        return applied.call(Callee(function, 1), argument)
    return applied.loss_grad(Callee(function), argument)


def _own(formula: FormulaReader, own: Own, node: ast.Call) -> Expr | None:
    """An own function: applied by name when it is a scalar function, else written out."""
    args = _arguments(formula, node, own.name, len(own.parameters))
    if args is None:
        return None
    if own.callee is not None:
        return applied.call(own.callee, build.strip_row(args[0]))
    inner = type(formula)(
        formula.scope,
        own.parsed,
        formula.report,
        dict(zip(own.parameters, args, strict=True)),
        own.order,
        depth=formula.depth,
    )
    return inner.read(own.body)


def _built_in(formula: FormulaReader, name: str, node: ast.Call) -> Expr | None:
    try:
        if builtins.takes_sizes(name):
            return builtins.of_sizes(name, _sizes(formula, name, node))
        if name == "basis":
            return _basis(formula, node)
        if name in ("sum", "mean") and len(node.args) == 2:
            return _over_index(formula, name, node)
        values = [formula.read(a) for a in node.args]
        known = tuple(v for v in values if v is not None)
        if len(known) < len(values):
            return None
        axis = _axis(formula, name, node, shape(known[0]) if known else ())
        return builtins.call_builtin(name, known, axis, formula.scope.samples)
    except BadCall as bad:
        formula.error("bad-call", bad.message, node, bad.hint)
        return None
    except BadSize as bad:
        formula.error("size", bad.message, bad.node, bad.hint)
        return None
    except ShapeError as clash:
        shown = ", ".join(
            f"{formula.parsed.text(a)} is {shape_text(shape(v))}" for a, v in zip(node.args, known, strict=True)
        )
        hint = _ones_hint(name, node, formula)
        formula.error("shape", f"`{formula.parsed.text(node)}`: {clash} ({shown})", node.func, hint)
        return None


def _ones_hint(name: str, node: ast.Call, formula: FormulaReader) -> str:
    if name == "outer":
        return "outer takes two vectors, `outer(a, b)`"
    return "check the declared sizes" if len(node.args) > 1 else f"see `solgen functions {name}`"


def _basis(formula: FormulaReader, node: ast.Call) -> Expr | None:
    """`basis(k, n)`: the k-th unit vector of n entries; k a position or a class label."""
    if len(node.args) != 2 or node.keywords:
        raise BadCall("`basis` takes a position and a size", "write `basis(k, n)`")
    (size,) = _sizes(formula, "basis", ast.copy_location(ast.Call(node.func, node.args[1:], []), node))
    place = brackets.read_position(formula, node.args[0], size)
    if isinstance(place, Idx) and formula.adjoint_of is None:
        hint = f"declare `{place.name}: Label[{size}]`"
        raise BadCall(f"`{place.name}` runs over samples; `basis` takes a position", hint)
    return None if place is None else build.apply("basis", position(place), params=(size,))


def _sizes(formula: FormulaReader, name: str, node: ast.Call) -> tuple[Size, ...]:
    if node.keywords:
        raise BadCall(f"`{name}` takes sizes only", f"write `{name}(n)`")
    found = []
    for argument in node.args:
        size = positive(argument, polynomial(argument))
        unknown = sorted(size.symbols - formula.scope.sizes.keys())
        if unknown:
            hint = (
                nearest(unknown[0], list(formula.scope.sizes))
                or "a dimension is declared by a declaration that uses it"
            )
            raise BadSize(argument, f"`{unknown[0]}` is not a dimension", hint)
        found.append(size)
    return tuple(found)


def _axis(formula: FormulaReader, name: str, node: ast.Call, of: Shape) -> int | None:
    """`axis=0`, `axis=1`, or the name of a dimension."""
    axis: int | None = None
    for keyword in node.keywords:
        if keyword.arg != "axis":
            near = nearest(keyword.arg or "", ["axis"]) or "the only option of a function is `axis=`"
            raise BadCall(f"`{name}` has no option `{keyword.arg or '**'}`", near)
        axis = _axis_number(formula, keyword.value, of)
    return axis


def _axis_number(formula: FormulaReader, node: ast.expr, of: Shape) -> int:
    match node:
        case ast.Constant(value=int() as number) if not isinstance(number, bool) and number in range(max(len(of), 1)):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)) if 1 <= number <= len(of):
            return len(of) - number
        case ast.Constant() | ast.UnaryOp():
            raise BadCall(
                f"an array of shape {shape_text(of)} has no axis {formula.parsed.text(node)}", "axis=0 or axis=1"
            )
    size = polynomial(node)
    fits = [k for k, s in enumerate(of) if s == size]
    if len(fits) == 1:
        return fits[0]
    which = "both axes" if fits else "no axis"
    raise BadCall(f"`axis={formula.parsed.text(node)}` names {which} of {shape_text(of)}", "say axis=0 or axis=1")


def _over_index(formula: FormulaReader, name: str, node: ast.Call) -> Expr | None:
    """`sum(z[i], i)` and `mean(…, i)`."""
    index_node = node.args[1]
    index = formula.scope.indices.get(index_node.id) if isinstance(index_node, ast.Name) else None
    if index is None or node.keywords:
        known = list(formula.scope.indices)
        hint = f"declared: {', '.join(known)}" if known else "declare `i: Index[n]`; for an axis write `axis=0`"
        raise BadCall(f"the second argument of `{name}` is an index", hint)
    body = formula.read(node.args[0])
    if body is None:
        return None
    if not _occurs(body, index):
        raise BadCall(
            f"`{index.name}` does not occur in what is summed", f"write a family there, such as z[{index.name}]"
        )
    return builtins.over_index(name, body, index)


def _occurs(body: Expr, index: Idx) -> bool:
    return index in free_indices(body)
