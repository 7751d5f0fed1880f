"""Problem → Derivation: every verb of every part carried out, the rules they cite collected and proved.

Parts that do not change the model share one naming of the forward pass, so that a name means one thing on a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from solgen.calculus.assumptions import assumptions
from solgen.calculus.batch import batched, per_sample
from solgen.calculus.example import cited_example, example
from solgen.calculus.expected import with_expected
from solgen.calculus.gradients import Style, gradients
from solgen.calculus.indexed import indexed
from solgen.calculus.jacobian import hessian, jacobian
from solgen.calculus.mistakes import mistakes
from solgen.calculus.paths import paths
from solgen.calculus.prepare import Prepared, prepare
from solgen.calculus.rewrite import rewrite
from solgen.calculus.scalar import scalar_derivative
from solgen.calculus.shapes import count, deduce
from solgen.calculus.sweep import on_path
from solgen.errors import Refused, blaming
from solgen.expr.nodes import Kind, Var, rank
from solgen.expr.ops import Callee
from solgen.model import (
    AdjointBlock,
    Ask,
    Content,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Model,
    NameRef,
    Part,
    PartDerivation,
    Paths,
    Problem,
    Prose,
    Reference,
    Rule,
    Said,
    Worked,
)
from solgen.notation import GRADIENTS

SAMPLE_FORMS = ("sample", "sum", "batch")
Carry = Callable[[Problem, Part, Ask], Content | tuple[Content, ...]]


def derive(problem: Problem) -> Derivation:
    """Everything that the problem's solution states; raises Refused where a part cannot be derived."""
    parts = tuple(_part(problem, part) for part in problem.parts)
    model = problem.model
    prepared = prepare(model, _kept(problem, problem.parts))
    adjoints = _adjoints(prepared, model, _wanted(problem), "")
    shared = tuple(p for p in parts if p.part.model is None)
    cited = cited_example(problem, model, (problem.statement,), shared, "example")
    return Derivation(problem, prepared.shown, parts, _rules(parts), adjoints, example=cited)


def _rules(parts: Iterable[PartDerivation]) -> tuple[Rule, ...]:
    """Each rule that a line cites, once, in the order of citation."""
    contents = [c for part in parts for c in part.contents if isinstance(c, Gradients | Paths | Worked)]
    contents += [g for part in parts for c in part.contents if isinstance(c, Example) for g in c.gradients]
    return tuple({rule.key: rule for content in contents for rule in content.rules}.values())


def _part(problem: Problem, part: Part) -> PartDerivation:
    contents: list[Content] = []
    asks: list[Ask] = []
    for ask in part.asks:
        try:
            with blaming(part.id, f"part ({part.id}), {ask.verb}", ask.span):
                found = _verb(ask.verb)(problem, part, ask)
            contents.extend(found if isinstance(found, tuple) else (found,))
            asks += [ask] * (len(contents) - len(asks))
        except Refused as refusal:
            raise Refused(f"part ({part.id}), {ask.verb}: {refusal.reason}", refusal.hint) from refusal
    contents = list(with_expected(contents, part))
    assumed = tuple(assumptions(content) for content in contents)
    if part.model is None:
        return PartDerivation(part, tuple(contents), asks=tuple(asks), assumptions=assumed)
    prepared = prepare(part.model, _kept(problem, (part,)))
    adjoints = _adjoints(prepared, part.model, _part_wanted(part, part.model), f"({part.id}) ")
    own = PartDerivation(part, tuple(contents), prepared.shown, adjoints, tuple(asks), assumptions=assumed)
    return replace(own, example=cited_example(problem, part.model, (), (own,), f"({part.id}) cited"))


def _verb(verb: str) -> Carry:
    if verb not in VERBS:
        raise Refused(f"`{verb}` cannot be derived yet", f"what can be derived: {', '.join(VERBS)}")
    return VERBS[verb]


# ---------------------------------------------------------------- verbs


def _gradients(problem: Problem, part: Part, ask: Ask) -> tuple[Content, ...]:
    """Whole names in matrix form share one sweep; entries, rows and other forms are worked one by one."""
    model, style, where = part.model or problem.model, _style(problem, part, ask), f"({part.id}) "
    names = tuple(n.name for n in ask.names)
    prepared, of = prepare(model, frozenset(names)), _of(ask, model)
    if ask.options.form in ((), ("matrix",)) and not any(n.indices for n in ask.names):
        return (gradients(prepared, of, names, style, where),)
    over_samples = tuple(f for f in ask.options.form if f in SAMPLE_FORMS)
    forms = tuple(f for f in ask.options.form if f not in over_samples)
    found: list[Content] = [_over_samples(f, problem, part, ask) for f in over_samples]
    if forms or not over_samples:
        found += [indexed(prepared, of, name, forms, ask.options.indices, style, where) for name in ask.names]
    return tuple(found)


def _over_samples(form: str, problem: Problem, part: Part, ask: Ask) -> Gradients:
    """The gradients of one sample's loss, of the sum over samples, or in batch matrices."""
    model, style, where = part.model or problem.model, _style(problem, part, ask), f"({part.id}) {form}: "
    names, of = tuple(n.name for n in ask.names), _of(ask, model)
    if form == "sample":
        split, one = per_sample(model)
        return replace(gradients(prepare(split, frozenset(names)), one, names, style, where), form="sample")
    if form == "sum":
        return replace(gradients(prepare(model, frozenset(names)), of, names, style, where), form="sum")
    stack = batched(model, problem.stack)
    matrices = stack.names(names)
    found = gradients(prepare(stack.model, frozenset(matrices), frozenset(model.variables)), of, matrices, style, where)
    return replace(found, form="batch", stacked=stack.stacked)


def _paths(problem: Problem, part: Part, ask: Ask) -> Paths:
    _plain_names(ask)
    model = part.model or problem.model
    prepared = prepare(model, _kept(problem, (part,)))
    return paths(prepared, _of(ask, model), ask.names[0].name, _style(problem, part, ask), f"({part.id}) ")


def _shapes(problem: Problem, part: Part, ask: Ask) -> Content:
    given = ask.extra.get("given", ())
    assert isinstance(given, tuple)
    return deduce(part.model or problem.model, (n.name for n in ask.names), (n.name for n in given))


def _count(problem: Problem, part: Part, ask: Ask) -> Content:
    model = part.model or problem.model
    return count(model, (d.var.name for d in model.declarations if d.role == "parameter"))


def _graph(problem: Problem, part: Part, ask: Ask) -> Content:
    """The graph; with backward signals unless they are switched off or there is no scalar to differentiate."""
    model = part.model or problem.model
    prepared = prepare(model, _kept(problem, (part,)))
    out = model.output
    if ask.extra.get("backward") is False or out is None or rank(out):
        return GraphAsked(prepared.shown, None)
    reaching = on_path(prepared.equations, out.name, set(prepared.variables))  # not a softmax that was fused
    known = prepared.variables.values()
    names = tuple(v.name for v in known if v.name in reaching and v.name != out.name and v.kind is not Kind.LABEL)
    return GraphAsked(
        prepared.shown, gradients(prepared, out, names, _style(problem, part, ask), f"({part.id}) graph ")
    )


def _jacobian(problem: Problem, part: Part, ask: Ask) -> Content:
    return _second(jacobian, problem, part, ask)


def _hessian(problem: Problem, part: Part, ask: Ask) -> Content:
    return _second(hessian, problem, part, ask)


def _second(work: Callable[..., Worked], problem: Problem, part: Part, ask: Ask) -> Worked:
    """A derivative of one name with respect to one other, in the forms that are asked for."""
    _plain_names(ask)
    model = part.model or problem.model
    prepared = prepare(model, _kept(problem, (part,)))
    options, wrt = ask.options, model.variables[ask.names[0].name]
    where = f"({part.id}) "
    return work(prepared, _of(ask, model), wrt, options.form, options.indices, _style(problem, part, ask), where)


def _derivative(problem: Problem, part: Part, ask: Ask) -> Content:
    """Of a function by name, or of a value of the model whose right side is one function of one name."""
    model = part.model or problem.model
    prepared = prepare(model, _kept(problem, (part,)))
    assert ask.of is not None
    callee = ask.extra.get("callee")
    if callee is None and ask.of.name in model.variables:
        raise Refused(f"`{ask.of.name}` is a value, not a function", "ask for `gradients` or `jacobian`")
    function = callee if isinstance(callee, Callee) else Callee(ask.of.name)
    at, value = (_named(ask.extra.get(key), model) for key in ("at", "value"))
    return scalar_derivative(prepared, function, at, value, f"({part.id}) ")


def _named(name: object, model: Model) -> Var | None:
    return model.variables[name.name] if isinstance(name, NameRef) else None


def _rewrite(problem: Problem, part: Part, ask: Ask) -> Content:
    model = part.model or problem.model
    prepared = prepare(model, _kept(problem, (part,)))
    kept = ask.extra.get("in", ())
    assert isinstance(kept, tuple)
    names = frozenset(n.name for n in kept)
    return rewrite(prepared, _of(ask, model), names, f"({part.id}) ", ask.options.form)


def _mistakes(problem: Problem, part: Part, ask: Ask) -> tuple[Content, ...]:
    """The likely wrong answers to each gradient that is named, over the forward pass that the parts share."""
    _plain_names(ask)
    model = part.model or problem.model
    prepared = prepare(model, _kept(problem, problem.parts if part.model is None else (part,)))
    of, style = _of(ask, model), _style(problem, part, ask)
    return tuple(mistakes(prepared, of, name.name, style, f"({part.id}) ") for name in ask.names)


def _evaluate(problem: Problem, part: Part, ask: Ask) -> Content:
    earlier = [a for a in part.asks[: part.asks.index(ask)] if a.verb == "evaluate"]
    where = f"({part.id}) example{f' {len(earlier) + 1}' if earlier else ''}"
    return example(part.model or problem.model, ask, where)


def _say(problem: Problem, part: Part, ask: Ask) -> Content:
    return Said(ask.say)


VERBS: Mapping[str, Carry] = MappingProxyType(
    {
        "shapes": _shapes,
        "parameter_count": _count,
        "graph": _graph,
        "paths": _paths,
        "gradients": _gradients,
        "jacobian": _jacobian,
        "hessian": _hessian,
        "derivative": _derivative,
        "rewrite": _rewrite,
        "evaluate": _evaluate,
        "mistakes": _mistakes,
        "say": _say,
    }
)


def _of(ask: Ask, model: Model) -> Var:
    of = model.variables[ask.of.name] if ask.of else model.output
    if of is None:
        raise Refused("the model has no equation to differentiate")
    return of


def _plain_names(ask: Ask) -> None:
    for name in ask.names:
        if name.indices:
            raise Refused(f"the gradient at `{name}` alone cannot be derived yet", f"ask for `{name.name}` as a whole")


def _style(problem: Problem, part: Part, ask: Ask) -> Style:
    """An error signal that has a name of its own in the notation (z̄, δ_z) stays; ∂L/∂z and ∇_z L are written out."""
    notation = part.notation or problem.notation
    named = not GRADIENTS[notation.gradient].shows_output
    return Style(0 if named else 3, not named, ask.options.substitute, notation.order == "local-first")


# ---------------------------------------------------------------- what prose and graphs refer to


def _kept(problem: Problem, parts: Iterable[Part]) -> frozenset[str]:
    """Names whose own gradient somebody asks for: softmax is not fused over them."""
    return frozenset(n for part in parts for _, n in _part_wanted(part, part.model or problem.model))


def _wanted(problem: Problem) -> Iterator[tuple[str, str]]:
    """(of, name) of every gradient that the statement, or a part on the problem's own model, asks for or cites."""
    yield from _references(problem.statement)
    for part in problem.parts:
        if part.model is None:
            yield from _part_wanted(part, problem.model)


def _part_wanted(part: Part, model: Model) -> Iterator[tuple[str, str]]:
    last = model.output.name if model.output else ""
    for ask in part.asks:
        if ask.verb in ("gradients", "paths", "mistakes"):
            yield from ((ask.of.name if ask.of else last, n.name) for n in ask.names)
        yield from _references(ask.say)
    for expectation in part.expect:
        of = expectation.of.name if expectation.of else last
        if expectation.what == "gradient" and expectation.wrt and of and not rank(model.variables[of]):
            yield of, expectation.wrt.name
    for prose in (part.prompt, part.hint, part.say, part.answer, *(r.what for r in part.rubric)):
        yield from _references(prose)


def _references(prose: Prose) -> Iterator[tuple[str, str]]:
    for piece in prose:
        if (
            isinstance(piece, Reference)
            and isinstance(piece.of, NameRef)
            and piece.wrt
            and piece.kind not in ("symbol", "value")
        ):
            yield piece.of.name, piece.wrt.name


def _adjoints(
    prepared: Prepared, model: Model, wanted: Iterable[tuple[str, str]], where: str
) -> tuple[AdjointBlock, ...]:
    """Blocks for all gradients that are asked for or cited, each output swept once."""
    grouped: dict[str, dict[str, None]] = {}
    for of, name in wanted:
        grouped.setdefault(of, {})[name] = None
    names = model.variables
    return tuple(
        block
        for of, asked in grouped.items()
        for block in gradients(prepared, names[of], (n for n in asked if n != of), Style(), f"{where}cited ").blocks
    )
