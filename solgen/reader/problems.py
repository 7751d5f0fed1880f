"""From the nodes of a problem file to a Problem: each key read with what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import PurePath
from unicodedata import normalize

from solgen.errors import Span
from solgen.model.problem import Model, Notation, Part, Problem, Role, RubricLine
from solgen.reader.asks import Context, outputs, read_asks
from solgen.reader.example_needs import check_values
from solgen.reader.expect import read_expectations
from solgen.reader.keys import NOTATIONS, PART, PROBLEM, RUBRIC
from solgen.reader.language.asked_names import split_names
from solgen.reader.language.model_lines import ModelLine, merge_lines, read_model_lines, unreadable
from solgen.reader.language.model_text import Settings, read_program
from solgen.reader.language.scope import Scope
from solgen.reader.numbers import declared_only, read_numbers
from solgen.reader.references import read_plain, read_prose, read_symbol_latex
from solgen.reader.rubric_points import read_points, rubric_total, total_points
from solgen.reader.size_order import Sizes, check_used, read_sizes
from solgen.reader.source import Defects, nearest_or_all
from solgen.reader.yaml.yaml_nodes import Map, Node, Scalar, Seq, TextPiece

ROLES: tuple[tuple[str, Role], ...] = (("parameters", "parameter"), ("targets", "target"), ("constants", "constant"))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a set says for its problems."""

    notation: Notation = field(default_factory=Notation)
    latex: Mapping[str, str] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=Sizes)
    commands: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenModel:
    """A problem's model while its parts are read: lines that parts may redefine, and what stands beside them."""

    report: Defects
    lines: tuple[ModelLine, ...]
    settings: Settings
    context: Context
    notation: Notation


def read_problem(root: Node, report: Defects, defaults: Defaults) -> Problem:
    """The problem that a file is.

    Raises InputError with everything that is wrong in it.
    """
    keys = PROBLEM.open(root, report)
    parts_node = root.get("parts") if isinstance(root, Map) else None
    reading = _model(keys, parts_node, report, defaults)
    context = reading.context
    numbers = context.numbers
    declared_only(keys.get("numbers"), context.model.declarations, context.scope, report)
    parts = _parts(parts_node, reading)
    points_node = keys.get("points")
    worth = total_points(
        read_points(points_node), points_node.span if points_node else None, [(p.points, p.span) for p in parts], report
    )
    problem = Problem(
        scalar_text(keys.get("id")) or PurePath(report.source.name).stem,
        read_plain(keys.get("title"), report),
        report.source.name,
        report.source.text,
        context.model,
        parts,
        number=scalar_text(keys.get("number")),
        points=worth,
        statement=read_prose(keys.get("statement"), context.model, context.scope, report, handout=True),
        notation=reading.notation,
        latex=reading.settings.latex,
        nodes="letters" if scalar_text(keys.get("nodes")) == "letters" else "names",
        numbers=numbers,
        stack=_words(keys.get("stack")),
        vary=_vary(keys.get("vary")),
        tags=_tags(keys.get("tags")),
        source=read_plain(keys.get("source"), report),
    )
    _no_parts(parts_node, report)
    check_values(problem, context.scope, report)
    report.raise_if_any()
    return replace(problem, notes=report.notes)


def read_notation(node: Node | None, default: Notation) -> Notation:
    """A notation by its gradient's style, or key by key; what is not said stays as it was."""
    given = {"gradient": node.text} if isinstance(node, Scalar) else _words(node)
    valid = {key: word for key, word in given.items() if word in NOTATIONS.get(key, ())}
    return replace(default, **valid)  # type: ignore[arg-type]


def scalar_text(node: Node | None) -> str:
    """The text of a checked scalar."""
    return node.text.strip() if isinstance(node, Scalar) else ""


def _model(keys: Mapping[str, Node], parts: Node | None, report: Defects, defaults: Defaults) -> OpenModel:
    """The problem's own model, with roles, sizes and typesetting of names."""
    own = read_sizes(keys.get("sizes"), report)
    model = keys.get("model")
    piece = TextPiece.of(model) if isinstance(model, Scalar) else None
    lines = read_model_lines(piece, report) if piece else ()
    roles = _roles(keys, report)
    typed = keys.get("latex")
    latex = {
        normalize("NFKC", name.text): read_symbol_latex(value, report)
        for name, value in (typed.pairs if isinstance(typed, Map) else ())
        if isinstance(value, Scalar)
    }
    settings = Settings(
        {name: role for name, (role, _) in roles.items()},
        scalar_text(keys.get("samples")),
        (*defaults.sizes.order, *own.order),
        {**defaults.sizes.fixed, **own.fixed},
        {**defaults.latex, **latex},
        outputs(parts),
        frozenset(unreadable(piece, lines)) if piece else frozenset(),
    )
    read, scope = read_program(lines, (piece.text,) if piece else (), settings, report)
    scope.blind = not lines and bool(report.found)
    settings = _restrict_settings(settings, scope)
    read = replace(read, order=settings.order, fixed=settings.fixed)
    if not scope.blind:
        check_used(own, set(scope.sizes), report)
        _check_roles(roles, read, scope, report)
        _check_latex(keys.get("latex"), latex, scope, parts, report)
    notation = read_notation(keys.get("notation"), defaults.notation)
    numbers = read_numbers(keys.get("numbers"), read, scope, report)
    return OpenModel(report, lines, settings, Context(read, scope, report, numbers, settings.latex), notation)


def _restrict_settings(settings: Settings, scope: Scope) -> Settings:
    """The settings without a set's defaults that this model has no use for."""
    used = scope.sizes.keys()
    order = tuple((a, b) for a, b in settings.order if a.symbols | b.symbols <= used)
    fixed = {name: number for name, number in settings.fixed.items() if name in used}
    known = set(scope.names())
    latex = {name: tex for name, tex in settings.latex.items() if name in known}
    return replace(settings, order=order, fixed=fixed, latex=latex)


def _roles(keys: Mapping[str, Node], report: Defects) -> dict[str, tuple[Role, Span]]:
    roles: dict[str, tuple[Role, Span]] = {}
    for key, role in ROLES:
        for piece in split_names(keys[key]) if key in keys else ():
            name = normalize("NFKC", piece.text)
            if name in roles:
                where = f"twice in `{key}`" if roles[name][0] == role else f"a {roles[name][0]} already"
                hint = f"leave it in one list; it is {where}"
                report.error("repeated-name", f"`{name}` is listed twice", piece.span, hint)
            roles.setdefault(name, (role, piece.span))
    return roles


def _check_roles(roles: Mapping[str, tuple[Role, Span]], model: Model, scope: Scope, report: Defects) -> None:
    """Reports a parameter, target or constant that is no declared name."""
    declared = [d.var.name for d in model.declarations]
    for name, (role, span) in roles.items():
        if name in declared or name in scope.broken:
            continue
        if name in scope.variables:
            report.error(
                "not-declared",
                f"`{name}` is computed by an equation, so it is no {role}",
                span,
                f"declared names: {', '.join(declared)}",
            )
        elif scope.what(name):
            report.error(
                "not-declared", f"`{name}` is {scope.what(name)}, so it is no {role}", span, "name declared variables"
            )
        else:
            hint = nearest_or_all(name, declared, "declared names") or "the model declares nothing"
            if len(words := name.split()) > 1:
                hint = f"separate names with commas: [{', '.join(words)}]"
            report.error("unknown-name", f"`{name}` is not declared", span, hint)


def _check_latex(
    node: Node | None, latex: Mapping[str, str], scope: Scope, parts: Node | None, report: Defects
) -> None:
    """Reports typesetting of names that do not exist."""
    added = _part_names(parts)
    known = list(scope.names())
    for name, _ in node.pairs if isinstance(node, Map) else ():
        word = normalize("NFKC", name.text)
        if word not in known and word not in added:
            report.error(
                "unknown-name",
                f"`{name.text}` is not in the model",
                name.span,
                nearest_or_all(word, known, "the model has"),
            )


def _part_names(parts: Node | None) -> set[str]:
    """Names that parts may add; they are read later."""
    texts = [item.get("model") for item in parts.items if isinstance(item, Map)] if isinstance(parts, Seq) else []
    return {
        word
        for text in texts
        if isinstance(text, Scalar)
        for word in text.text.replace("=", " ").replace(":", " ").split()
    }


def _parts(node: Node | None, reading: OpenModel) -> tuple[Part, ...]:
    parts: list[Part] = []
    taken: dict[str, Span] = {}
    for number, item in enumerate(node.items if isinstance(node, Seq) else ()):
        part = _part(item, number, reading)
        identity = item.get("id") if isinstance(item, Map) else None
        place = identity.span if identity else part.span
        first = taken.setdefault(part.id, place)
        if first is not place:
            hint = f"choose another; the first is on line {first.line}"
            reading.report.error("repeated-name", f"two parts have the id `{part.id}`", place, hint)
        parts.append(part)
    return tuple(parts)


def _part(node: Node, number: int, reading: OpenModel) -> Part:
    report = reading.report
    keys = PART.open(node, report)
    context = _part_model(keys.get("model"), reading)
    model, scope = context.model, context.scope
    said = [
        read_prose(keys.get(key), model, scope, report, handout=key in ("prompt", "hint"), macro=key == "hint")
        for key in ("prompt", "hint", "say", "answer")
    ]
    notation = keys.get("notation")
    rubric = _rubric(keys.get("rubric"), context)
    worth = rubric_total(read_points(keys.get("points")), [r.points for r in rubric], keys, report)
    return Part(
        scalar_text(keys.get("id")) or _letter(number),
        said[0],
        node.source.span(node.start, node.start + 1),
        points=worth,
        hint=said[1],
        space=scalar_text(keys.get("space")),
        say=said[2],
        asks=read_asks(keys.get("solve"), context),
        answer=said[3],
        expect=read_expectations(keys.get("expect"), context),
        rubric=rubric,
        model=model if "model" in keys else None,
        notation=read_notation(notation, reading.notation) if notation else None,
    )


def _part_model(node: Node | None, reading: OpenModel) -> Context:
    """The problem's model with a part's lines added, or redefined in their place."""
    if not isinstance(node, Scalar):
        return reading.context
    piece = TextPiece.of(node)
    added = read_model_lines(piece, reading.report)
    broken = reading.settings.broken | unreadable(piece, added)
    settings = replace(reading.settings, broken=frozenset(broken))
    texts = (*(reading.context.model.texts or ("",)), piece.text)
    model, scope = read_program(merge_lines(reading.lines, added), texts, settings, reading.report)
    numbers = {
        name: n for name, n in reading.context.numbers.items() if name in {d.var.name for d in model.declarations}
    }
    return Context(model, scope, reading.report, numbers, settings.latex)


def _rubric(node: Node | None, context: Context) -> tuple[RubricLine, ...]:
    lines = []
    for item in node.items if isinstance(node, Seq) else ():
        keys = RUBRIC.open(item, context.report)
        what = read_prose(keys.get("for"), context.model, context.scope, context.report, handout=False, macro=True)
        lines.append(RubricLine(read_points(keys.get("points")) or Fraction(0), what))
    return tuple(lines)


def _no_parts(node: Node | None, report: Defects) -> None:
    if isinstance(node, Seq) and not node.items:
        report.error("bad-value", "a problem has at least one part", node.span, "add `- prompt: …`")


def _letter(number: int) -> str:
    """a, b, …, z, aa, ab, …"""
    return (_letter(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)


def _words(node: Node | None) -> dict[str, str]:
    pairs = node.pairs if isinstance(node, Map) else ()
    return {name.text: value.text for name, value in pairs if isinstance(value, Scalar)}


def _vary(node: Node | None) -> dict[str, tuple[str, ...]]:
    return {name.text: _tags(value) for name, value in (node.pairs if isinstance(node, Map) else ())}


def _tags(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, Seq) else (node,)
    return tuple(item.text for item in items if isinstance(item, Scalar))
