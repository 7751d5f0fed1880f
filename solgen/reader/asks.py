"""What a part asks (`solve`): items of verbs with options, each name looked up and each contract checked.

Only the contract of docs/format.md, section 2, is checked here; whether a derivation exists is for the calculus to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never, cast

from solgen.expr.nodes import Kind, Var, rank, shape_text
from solgen.expr.ops import TABLE, Callee, Elementwise
from solgen.model.problem import Ask, Model, NameRef, Options, Prose
from solgen.model.quantity import Number
from solgen.reader.example_needs import check_example
from solgen.reader.language.asked_names import look_up_value, split_derivative, split_names
from solgen.reader.language.scope import Scope
from solgen.reader.numbers import declared_only, read_numbers
from solgen.reader.questions import BARE, VERBS, Verb
from solgen.reader.references import read_prose
from solgen.reader.source import Defects, nearest_or_all
from solgen.reader.yaml.yaml_nodes import Map, Node, Scalar, Seq, TextPiece

BOTH = ("index", "matrix")


@dataclass(frozen=True, slots=True)
class Context:
    """The model that a part's asks are about, the values of `numbers:`, and how the file writes its names."""

    model: Model
    scope: Scope
    report: Defects
    numbers: Mapping[str, Number] = field(default_factory=dict)
    latex: Mapping[str, str] = field(default_factory=dict)

    @property
    def output(self) -> Var | None:
        return self.model.output


def read_asks(node: Node | None, context: Context) -> tuple[Ask, ...]:
    """The items of `solve` in order; what is wrong is reported."""
    if node is None:
        return ()
    items = node.items if isinstance(node, Seq) else (node,)
    asks = (_item(item, context) for item in items)
    return tuple(ask for ask in asks if ask is not None)


def outputs(parts: Node | None) -> frozenset[str]:
    """Names that some part differentiates as a scalar, "" for the last equation: read before the model is."""
    found: set[str] = set()
    for item in _mappings(parts):
        given = {name.text: value for name, value in item.pairs}
        verb = next((name for name, row in VERBS.items() if row.scalar and name in given), "")
        if verb:
            output = given.get(verb if VERBS[verb].takes == "output" else "of")
            found.add(output.text.strip() if isinstance(output, Scalar) else "")
    return frozenset(found)


def _mappings(node: Node | None) -> Iterator[Map]:
    match node:
        case Map():
            yield node
            for _, value in node.pairs:
                yield from _mappings(value)
        case Seq():
            for item in node.items:
                yield from _mappings(item)
        case Scalar() | None:
            return
        case _:
            assert_never(node)  # type: ignore[arg-type]


def _item(node: Node, context: Context) -> Ask | None:
    if isinstance(node, Scalar):
        return _bare(node, context)
    if not isinstance(node, Map):
        hint = "write `gradients: W, of: L`, or the name of a verb"
        context.report.error("bad-value", "an item of `solve` is a verb, not a list", node.span, hint)
        return None
    verbs = [name for name, _ in node.pairs if name.text in VERBS]
    if len(verbs) != 1:
        _verb_count(node, verbs, context.report)
        return None
    name = verbs[0].text
    good = VERBS[name].record(name).open(node, context.report)
    return _ask(name, good, verbs[0], context) if name in good else None


def _bare(node: Scalar, context: Context) -> Ask | None:
    name = node.text.strip()
    if name in BARE:
        extra: dict[str, object] = {"values": context.numbers} if VERBS[name].takes == "values" else {}
        return _check_ask(Ask(name, (), node.span, extra=extra), context)
    if name in VERBS:
        hint = f"write `{name}: …`: {VERBS[name].doc}"
        context.report.error("bad-value", f"`{name}` needs to know of what", node.span, hint)
        return None
    context.report.error("unknown-verb", f"unknown verb `{name[:40]}`", node.span, nearest_or_all(name, VERBS, "verbs"))
    return None


def _verb_count(node: Map, verbs: list[Scalar], report: Defects) -> None:
    if verbs:
        hint = "begin each verb's item with `- `"
        report.error(
            "bad-value", f"two verbs in one item: `{verbs[0].text}` and `{verbs[1].text}`", verbs[1].span, hint
        )
        return
    first = node.pairs[0][0] if node.pairs else None
    word = first.text if first else ""
    span = first.span if first else node.span
    report.error("unknown-verb", f"unknown verb `{word}`", span, nearest_or_all(word, VERBS, "verbs"))
    return


def _ask(name: str, given: dict[str, Node], place: Scalar, context: Context) -> Ask | None:
    """The ask of a verb with its options."""
    verb = VERBS[name]
    subject = given[name]
    extra: dict[str, object] = {}
    if "backward" in verb.options:
        extra["backward"] = _flag(given.get("backward"))
    if verb.takes == "prose":
        said: Prose = read_prose(subject, context.model, context.scope, context.report, handout=False)
        return Ask(name, (), place.span, say=said)
    names, of = _subject(verb, name, subject, extra, context)
    wrt = _one(given.get("wrt"), context)
    if "of" in given:
        of = _one(given["of"], context)
    if wrt is not None:
        names = (wrt,)
    for option, key in (("given", "given"), ("in", "in")):
        if option in given:
            extra[key] = _several(given[option], context)
    for option in ("at", "value"):
        if option in given:
            extra[option] = _one(given[option], context)
    if "stack" in given:
        extra["stack"] = _words(given["stack"])
    return _check_ask(Ask(name, names, place.span, of, _options(given, context), (), extra), context)


def _subject(
    verb: Verb, name: str, node: Node, extra: dict[str, object], context: Context
) -> tuple[tuple[NameRef, ...], NameRef | None]:
    """What stands after the verb: names asked for, and the function differentiated where it is that."""
    match verb.takes:
        case "nothing":
            if isinstance(node, Scalar) and node.text.lower() == "false":
                context.report.error("bad-value", f"`{name}: false` asks for nothing", node.span, "delete the item")
            return (), None
        case "function":
            return (), _function(node, extra, context)
        case "values":
            return _values(node, extra, context), None
        case "output":
            return (), _one(node, context)
        case "name":
            ref = _one(node, context)
            return ((ref,) if ref else ()), None
        case "names" | "prose":
            return _several(node, context), None
        case _:
            assert_never(verb.takes)


def _values(node: Node, extra: dict[str, object], context: Context) -> tuple[NameRef, ...]:
    """`evaluate:` takes names, derivatives among them, or values by name."""
    if isinstance(node, Map):
        extra["values"] = read_numbers(node, context.model, context.scope, context.report, context.numbers)
        declared_only(node, context.model.declarations, context.scope, context.report)
        return ()
    extra["values"] = context.numbers
    plain, pairs = [], []
    for piece in split_names(node):
        quotient = split_derivative(piece)
        if quotient is None:
            found = look_up_value(piece, context.scope, context.report)
            plain += [found[0]] if found else []
        else:
            of, wrt = (look_up_value(p, context.scope, context.report) for p in quotient)
            pairs += [(of[0], wrt[0])] if of and wrt else []
    extra["derivatives"] = tuple(pairs)
    return tuple(plain)


def _function(node: Node, extra: dict[str, object], context: Context) -> NameRef | None:
    """`derivative: F`: a value of the model, a function of the file, or an elementwise one of the language."""
    (piece, *rest) = split_names(node) or (TextPiece.of(cast(Scalar, node)),)
    scope = context.scope
    own = scope.own.get(piece.text)
    if rest:
        context.report.error("bad-value", "one function at a time", rest[0].span, "write an item for each")
    if own is not None and own.callee is not None:
        extra["callee"] = own.callee
    elif piece.text in scope.declared and scope.declared[piece.text].kind == "Elementwise":
        extra["callee"] = Callee(piece.text)
    elif own is not None or not isinstance(TABLE.get(piece.text), Elementwise):
        return _one(node, context)
    return NameRef(piece.text, (), piece.span)


def _several(node: Node, context: Context) -> tuple[NameRef, ...]:
    found = (look_up_value(piece, context.scope, context.report) for piece in split_names(node))
    return tuple(ref for ref, _ in filter(None, found))


def _one(node: Node | None, context: Context) -> NameRef | None:
    """One name; a second is reported."""
    if node is None:
        return None
    pieces = split_names(node)
    if len(pieces) != 1:
        context.report.error("bad-value", "one name is due here", node.span, "write an item for each")
        return None
    found = look_up_value(pieces[0], context.scope, context.report)
    return found[0] if found else None


def _options(given: dict[str, Node], context: Context) -> Options:
    forms = tuple(f for word in _texts(given.get("form")) for f in (BOTH if word == "both" else (word,)))
    substitute = tuple(ref.name for ref in _several(given["substitute"], context)) if "substitute" in given else ()
    steps = "".join(_texts(given.get("steps"))) or "full"
    indices = _words(given.get("indices"))
    for name in indices:
        if name not in context.scope.variables and name not in context.scope.broken:
            place = next(k for k, _ in cast(Map, given["indices"]).pairs if k.text == name)
            context.scope.report_unknown(name, place.span, context.report)
    return Options(forms, substitute, steps, indices, bool(_flag(given.get("again"))))  # type: ignore[arg-type]


def _texts(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, Seq):
        return tuple(item.text for item in node.items if isinstance(item, Scalar))
    return (node.text,) if isinstance(node, Scalar) else ()


def _words(node: Node | None) -> dict[str, str]:
    pairs = node.pairs if isinstance(node, Map) else ()
    return {name.text: value.text for name, value in pairs if isinstance(value, Scalar)}


def _flag(node: Node | None) -> bool | None:
    return node.text.lower() == "true" if isinstance(node, Scalar) else None


def _check_ask(ask: Ask, context: Context) -> Ask | None:
    """The ask when the model can answer it: an output, scalar where it must be, variables that are numbers."""
    report, scope, verb = context.report, context.scope, VERBS[ask.verb]
    if scope.blind:
        return ask
    if not scope.variables and not scope.broken:
        hint = "add `model: |` with declarations and equations, or give the answer under `answer`"
        report.error("no-model", f"`{ask.verb}` needs a model", ask.span, hint)
        return None
    if verb.parameters and not any(d.role == "parameter" for d in context.model.declarations) and not scope.broken:
        report.error("no-parameters", "no name is said to be a parameter", ask.span, "add `parameters: [W, b]`")
        return None
    if verb.scalar:
        _scalar_output(ask, context)
    if verb.takes == "values":
        check_example(ask, context.model, scope, report)
        return ask
    for ref in ask.names:
        var = scope.variables.get(ref.name)
        if not verb.labels and var is not None and var.kind is Kind.LABEL:
            report.error(
                "not-a-value",
                f"`{ref.name}` is a class label: nothing is differentiated with respect to it",
                ref.span,
                "leave it out",
            )
    return ask


def _scalar_output(ask: Ask, context: Context) -> None:
    """Reports a gradient of something that is not a scalar."""
    var = context.scope.variables.get(ask.of.name) if ask.of else context.output
    if var is None:
        if not context.scope.broken and not ask.of:
            context.report.error(
                "no-output",
                f"`{ask.verb}` needs an equation to differentiate",
                ask.span,
                "add one to `model`, such as L = …",
            )
        return
    if ask.of.indices if ask.of else context.scope.broken:
        return  # an entry of a vector; or the last equation may be one that was reported
    if rank(var) and not all(s.is_one for s in var.shape_):
        span = ask.of.span if ask.of else ask.span
        hint = VERBS[ask.verb].otherwise.format(var.name)
        default = "" if ask.of else ", the last equation,"
        message = f"`{var.name}`{default} is not a scalar but {shape_text(var.shape_)}"
        context.report.error("not-scalar", message, span, hint)
