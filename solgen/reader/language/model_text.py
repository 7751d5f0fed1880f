"""A whole model: declarations, then functions and equations in order, with every clash of names.

Reading goes on after an error: a name whose line failed is known but has no value, so that what uses it is not
reported again.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from solgen.expr import build
from solgen.expr.nodes import Var, shape, shape_text
from solgen.expr.ops import TABLE, Callee, Elementwise
from solgen.expr.present.declared import symbol
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, leaves, transform
from solgen.model.problem import Declaration, Equation, Model, Role
from solgen.reader.language.builtins import RESERVED
from solgen.reader.language.declare import declare, is_index, kind_meant, read_family
from solgen.reader.language.formula import FormulaReader
from solgen.reader.language.model_lines import ModelLine
from solgen.reader.language.scope import Own, Scope
from solgen.reader.source import Defects
from solgen.render.latex import latex as latex_of
from solgen.written.prose import name_faults

MAX_COST = 5_000
MAX_LEAVES = 5_000
ONE_FORM = re.compile(r"\\var(phi|epsilon|theta|sigma|rho|pi)\b")  # a terminal writes them as their other form


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands beside the model in the file; `outputs` are names that some part
    differentiates as scalars, "" for the last equation."""

    roles: Mapping[str, Role] = field(default_factory=dict)
    samples: str = ""
    order: tuple[tuple[Size, Size], ...] = ()
    fixed: Mapping[str, int] = field(default_factory=dict)
    latex: Mapping[str, str] = field(default_factory=dict)
    outputs: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()


def read_program(
    lines: tuple[ModelLine, ...], texts: tuple[str, ...], settings: Settings, report: Defects
) -> tuple[Model, Scope]:
    """The model that the lines of these texts make, and what its names mean; what is wrong is reported."""
    scope = Scope(settings.samples, broken=set(settings.broken))
    lines = _once(lines, scope, report)
    declarations = [line for line in lines if line.kind == "declaration"]
    for line in filter(is_index, declarations):
        declare(line, settings.roles, scope, report)
    others = [declare(line, settings.roles, scope, report) for line in declarations if not is_index(line)]
    lines = _clashes(lines, scope, report)
    equations = tuple(_equations(lines, settings, scope, report))
    _alike(scope, settings.latex, report)
    model = Model(
        tuple(d for d in others if isinstance(d, Declaration)),
        tuple(scope.declared.values()),
        tuple(scope.indices.values()),
        equations,
        settings.order,
        settings.fixed,
        settings.samples,  # type: ignore[arg-type]
        tuple(own.callee for own in scope.own.values() if own.callee),
        texts,
    )
    _report_glyphs(settings.latex, scope, report)
    return model, scope


def _report_glyphs(latex: Mapping[str, str], scope: Scope, report: Defects) -> None:
    """Reports names with letters that the page cannot set, unless the file says how they are typeset."""
    for name, place in list(scope.places.items()):
        for fault in name_faults(name) if name not in latex else ():
            report.error("latex", fault.message, place, fault.hint)


def _once(lines: tuple[ModelLine, ...], scope: Scope, report: Defects) -> tuple[ModelLine, ...]:
    """The lines without those that define a name again."""
    kept: list[ModelLine] = []
    first: dict[str, ModelLine] = {}
    for line in lines:
        old = first.setdefault(line.name, line)
        if old is line:
            kept.append(line)
            scope.places[line.name] = line.place
            continue
        hint = f"each name is defined once; the first is on line {old.place.line}"
        if (old.kind, line.kind) == ("declaration", "equation"):
            hint = f"delete the declaration on line {old.place.line}: shapes of equations are deduced"
        report.error("repeated-name", f"`{line.name}` is defined twice", line.place, hint)
    return tuple(kept)


def _clashes(lines: tuple[ModelLine, ...], scope: Scope, report: Defects) -> tuple[ModelLine, ...]:
    """The lines without those whose name is a dimension."""
    kept = []
    for line in lines:
        if line.name not in scope.sizes:
            kept.append(line)
        elif line.kind == "declaration":
            message = f"`{line.name}` is both a dimension and a declared name"
            report.error("clash", message, line.place, "dimensions and variables share their names: rename one of them")
        else:
            where = scope.sizes[line.name].line
            hint = f"a dimension gets no value; rename it here, or in the declaration on line {where}"
            report.error("clash", f"`{line.name}` is a dimension and cannot be assigned", line.place, hint)
    return tuple(kept)


def _equations(lines: tuple[ModelLine, ...], settings: Settings, scope: Scope, report: Defects) -> Iterator[Equation]:
    todo = [line for line in lines if line.kind != "declaration"]
    equations = [line for line in todo if line.kind == "equation"]
    later = {line.name for line in todo}
    for line in todo:
        later.discard(line.name)
        _too_early(line, later, scope, report)
        if line.kind == "function":
            _define(line, scope, report)
            continue
        scalar = line.name in settings.outputs or ("" in settings.outputs and line is equations[-1])
        equation = _equation(line, scalar, scope, report)
        if equation is None:
            scope.broken.add(line.name)
        else:
            scope.variables[line.name] = equation.var
            yield equation


def _too_early(line: ModelLine, later: set[str], scope: Scope, report: Defects) -> None:
    """Reports names that are used before their own line, or in it."""
    bound = {a.arg for a in line.value.args.args} if isinstance(line.value, ast.Lambda) else set()
    bound |= {n.id for n in ast.walk(line.value) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in ast.walk(line.value):
        if isinstance(node, ast.Name) and node.id not in bound and (node.id in later or node.id == line.name):
            own = node.id == line.name
            message = (
                f"`{node.id}` is used in its own definition" if own else f"`{node.id}` is used before its definition"
            )
            hint = "give the new value a new name" if own else "move its line up"
            report.error("order", message, line.parsed.where(node), hint)
            scope.broken.add(node.id)


def _equation(line: ModelLine, output: bool, scope: Scope, report: Defects) -> Equation | None:
    """One equation; the output of a model is a scalar where it has a single entry."""
    formula = FormulaReader(scope, line.parsed, report)
    if kind_meant(line, scope):
        text = line.parsed.text(line.value)
        hint = f"a colon declares: `{line.name}: {text}`"
        formula.error("kind", f"`{text}` is a kind, not a value", line.value, hint)
        return None
    at = read_family(line, scope, report)
    if _cost(line.value, scope) > MAX_COST:
        formula.error(
            "too-large",
            "this line grows too large when its functions are written out",
            line.value,
            "name the inner values",
        )
        return None
    body = formula.read(line.value)
    if body is None or at is None:
        return None
    free = sorted(i.name for i in free_indices(body) - set(at))
    if free:
        hint = f"sum over it, `sum(…, {free[0]})`, or define a family, `{line.name}[{free[0]}] = …`"
        formula.error("family", f"the index `{free[0]}` is left over", line.value, hint)
        return None
    if any(s.constant is not None and s.constant < 1 for s in shape(body)):
        formula.error(
            "size", f"`{line.name}` would have shape {shape_text(shape(body))}", line.value, "check the sizes"
        )
        return None
    if leaves(body) > MAX_LEAVES:
        formula.error("too-large", "this formula is too long to be printed", line.value, "name the inner values")
        return None
    formula.standings.note_result(line.value, line.name)
    body = transform(build.scalar(body) if output else body, lambda e: scope.pool.setdefault(e, e))
    return Equation(Var(line.name, shape(body), at=at), body, line.place)


def _define(line: ModelLine, scope: Scope, report: Defects) -> None:
    """Enters an own function."""
    value = line.value
    assert isinstance(value, ast.Lambda)
    formula = FormulaReader(scope, line.parsed, report)
    arguments = value.args
    names = tuple(a.arg for a in arguments.args)
    if (
        arguments.vararg
        or arguments.kwarg
        or arguments.kwonlyargs
        or arguments.defaults
        or arguments.posonlyargs
        or not names
    ):
        hint = f"write `{line.name} = lambda a, b: …`"
        formula.error("syntax", "a function has plain parameters, at least one", value, hint)
        return
    if any(isinstance(n, ast.Name) and n.id in scope.broken and n.id not in names for n in ast.walk(value.body)):
        scope.broken.add(line.name)
        return None
    cost = _cost(value.body, scope)
    if cost > MAX_COST:
        scope.broken.add(line.name)
        formula.error(
            "too-large", f"`{line.name}` grows too large when it is written out", value, "call fewer functions in it"
        )
        return
    callee = _scalar_function(line.name, value, names, formula) if len(names) == 1 else None
    if callee is None:
        _known_names(value, names, formula)
    scope.own[line.name] = Own(line.name, names, value.body, line.parsed, len(scope.own), cost, callee)


def _scalar_function(name: str, value: ast.Lambda, names: tuple[str, ...], formula: FormulaReader) -> Callee | None:
    """The function of one scalar, when its body is elementwise and depends on nothing else."""
    if not all(_elementwise(node, names[0], formula.scope) for node in ast.walk(value.body)):
        return None
    parameter = Var(names[0])
    body = FormulaReader(formula.scope, formula.parsed, formula.report, {names[0]: parameter}).read(value.body)
    return Callee(name, 0, parameter, body) if body is not None and not shape(body) else None


def _elementwise(node: ast.AST, parameter: str, scope: Scope) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            own = scope.own.get(name)
            return isinstance(TABLE.get(name), Elementwise) or name in scope.declared or bool(own and own.callee)
        case ast.Name(id=name):
            return (
                name == parameter or name in scope.sizes or name == "pi" or name in RESERVED or name in scope.functions
            )
        case ast.BinOp(op=op):
            return isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow)
        case _:
            return isinstance(node, ast.Constant | ast.UnaryOp | ast.operator | ast.unaryop | ast.expr_context)


def _known_names(value: ast.Lambda, names: tuple[str, ...], formula: FormulaReader) -> None:
    """Reports unknown names in a body that is only read where it is called."""
    called = {id(node.func) for node in ast.walk(value.body) if isinstance(node, ast.Call)}
    scope = formula.scope
    for node in ast.walk(value.body):
        if isinstance(node, ast.Name) and node.id not in names and not scope.what(node.id) and node.id != "pi":
            place = formula.parsed.where(node)
            report = scope.unknown_function if id(node) in called else scope.report_unknown
            report(node.id, place, formula.report)


def _cost(node: ast.AST, scope: Scope) -> int:
    """How many nodes an expression has when own functions are written out in it."""
    cost = 0
    for inner in ast.walk(node):
        cost += 1
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in scope.own:
            cost += scope.own[inner.func.id].cost
    return cost


def _alike(scope: Scope, latex: Mapping[str, str], report: Defects) -> None:
    """Reports names that a reader could not tell apart, by their plain symbols or, of arrays, by their bold ones."""
    seen: dict[str, str] = {}
    hint = "rename one of them, or typeset it otherwise under `latex:`"
    for name in dict.fromkeys(n for n in scope.names() if n not in scope.broken):
        looks = _looks(name, scope, latex)
        other = next((seen[look] for look in looks if look in seen), name)
        if other != name:
            message = f"`{name}` and `{other}` are both typeset as {looks[0]}"
            report.error("alike", message, scope.places.get(name), hint)
        seen = dict.fromkeys(looks, name) | seen


def _looks(name: str, scope: Scope, latex: Mapping[str, str]) -> tuple[str, ...]:
    """How a name is typeset, and how where arrays stand in bold; of two forms of a Greek letter always the first."""
    written = symbol(name, latex.get(name, ""))
    is_array = name in scope.variables and bool(scope.variables[name].shape_)
    plain = (latex_of(one.node()) for one in (written, *((written.in_bold(),) if is_array else ())))
    return tuple(dict.fromkeys(ONE_FORM.sub(r"\\\1", look) for look in plain))
