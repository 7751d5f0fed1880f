"""Every question is answered, for the names and in the forms that it asks for: what is missing fails no equality.

The answers are counted against the questions alone, not against how they were derived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from solgen.expr.nodes import Adj, Apply, Entry, Expr, Idx, Index, Kind, Var, rank
from solgen.expr.ops import TABLE, Callee
from solgen.expr.walk import nodes, variables
from solgen.model.derivation import (
    Content,
    Count,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    PartDerivation,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.problem import Ask, Model
from solgen.model.step import StepId
from solgen.model.verdict import Check

SAMPLES = frozenset({"sample", "sum", "batch"})  # forms that are contents of their own
MOST = 64  # routes that are told at all
PLAIN: tuple[tuple[str, ...], ...] = ((), ("matrix",))


def missing_answers(parts: Iterable[PartDerivation], model: Model) -> list[Check]:
    """A failed check for each question of a part whose answer is not all that it asks for; else nothing.

    `model` is that of the problem, for parts without one of their own.
    """
    found = []
    for part in parts:
        for ask in part.part.asks:
            answers = [c for a, c in zip(part.asks, part.contents, strict=True) if a is ask]
            for said in dict.fromkeys(_missing(ask, answers, part.part.model or model)):
                name = StepId(part.part.id, "answer", path=ask.verb)
                found.append(Check(name, "answers", ask.verb, "different", "exact", 0, 0, f"{name}: {said}"))
    return found


def _missing(ask: Ask, answers: Sequence[Content], model: Model) -> Iterator[str]:
    """What the answers lack, in words."""
    if ask.verb == "gradients":
        yield from _gradients(ask, answers)
    elif not answers:
        yield "no answer is derived"
    for content in answers:
        match content:
            case Worked():
                yield from _names_of_worked(ask, content, model)
            case Shapes(lines=lines) if lost := _lost(ask, (line.var.name for line in lines if line.asked)):
                yield f"no shape is derived of {lost}"
            case Shapes(lines=lines) if len({line.var for line in lines}) < len(lines):
                yield "a shape is stated twice"
            case Paths() if (stated := {_names_of_route(content, t.route) for t in content.terms}) != (
                there := _routes(content)
            ):
                yield f"{len(there)} routes lead there, {len(stated & there)} of them are told"
            case Count(rows=rows):
                declared = sorted(d.var.name for d in model.declarations if d.role == "parameter")
                if sorted(v.name for v, _ in rows) != declared:
                    yield "other names are counted than those declared as parameters"
            case Shapes() | Paths() | Gradients() | GraphAsked() | Mistakes() | Example() | Said():
                pass
            case _:
                assert_never(content)


def _names_of_worked(ask: Ask, content: Worked, model: Model) -> Iterator[str]:
    symbol, asked = content.symbol, _name(content.symbol)
    if len(content.results) < (lines := count_wanted(ask, asked)):
        yield f"{lines} forms are asked for, {len(content.results)} are derived"
    if not ask.options.form and content.verb == "jacobian" and 0 < _rank(symbol) <= 2 and _entries(content):
        yield "without a form a matrix is asked for, and entries are derived"
    if content.verb == "derivative":
        yield from _scalar(content, model)
    if lost := _labels(ask, asked, model) - {i.name for i in _places(symbol) if isinstance(i, Var)}:
        yield f"the place {', '.join(sorted(lost))} is asked for, and not derived"
    if len({i.name for i in content.indices}) < len(content.indices):
        yield "one letter stands for two indices"
    if isinstance(symbol, Entry) and tuple(i for i in symbol.indices if isinstance(i, Idx)) != content.indices:
        yield "the indices of the answer are not those of its symbol"
    if asked:
        of = ask.of.name if ask.of else model.output.name if model.output else ""
        about = {_derivative(e) for e in (symbol, *(line.chain[0] for line in content.results))}
        if len(about) > 1 or not about <= {(of, name.name) for name in ask.names}:
            yield "another derivative is answered than is asked for"


def _scalar(content: Worked, model: Model) -> Iterator[str]:
    """A scalar derivative states slopes alone, in a letter that means nothing else."""
    if not all(any(c.order == 1 for c in _callees(line.chain[0])) for line in content.results):
        yield "something else than a derivative is stated"
    built_in = all(c.name in TABLE for c in _callees(content.symbol))
    if built_in and {v.name for v in variables(content.symbol)} & set(model.variables):
        yield "its variable bears a name of the model"


def _callees(e: Expr) -> list[Callee]:
    return [p for n in nodes(e) if isinstance(n, Apply) for p in n.params if isinstance(p, Callee)]


def _rank(symbol: Expr) -> int:
    """How many axes a derivative has as a whole."""
    return next((rank(n.of) + rank(n.wrt) for n in nodes(symbol) if isinstance(n, Adj)), 0)


def _entries(content: Worked) -> bool:
    return any(isinstance(line.chain[0], Entry) for line in content.results)


def _places(symbol: Expr) -> tuple[Index, ...]:
    return symbol.indices if isinstance(symbol, Entry) else ()


def _labels(ask: Ask, name: str, model: Model) -> set[str]:
    """The labels among the indices at which a gradient is asked for by name."""
    labels = {n for n, v in model.variables.items() if v.kind is Kind.LABEL}
    return {i for ref in ask.names if ref.name == name and ask.verb == "gradients" for i in ref.indices if i in labels}


def _routes(content: Paths) -> set[tuple[str, ...]]:
    """The routes through the forward pass by the names on them, by depth-first search."""
    users: dict[str, list[Var]] = {}
    for q in content.forward:
        for name in dict.fromkeys(v.name for v in variables(q.body)):
            users.setdefault(name, []).append(q.var)
    found: set[tuple[str, ...]] = set()
    stack: list[tuple[Var, ...]] = [(content.wrt,)]
    while stack and len(found) <= MOST:
        route = stack.pop()
        if route[-1].name == content.of.name:
            found.add(_names_of_route(content, route))
        else:
            stack.extend((*route, user) for user in users.get(route[-1].name, ()))
    return found


def _names_of_route(content: Paths, route: Iterable[Var]) -> tuple[str, ...]:
    """The names of a route; a softmax counts with the loss that takes it, since both may be one step."""
    fused = {q.var.name for q in content.forward if isinstance(q.body, Apply) and q.body.op == "softmax"}
    ends = {content.wrt.name, content.of.name}
    return tuple(v.name for v in route if v.name in ends or v.name not in fused)


def _gradients(ask: Ask, answers: Sequence[Content]) -> Iterator[str]:
    """One sweep for whole names in matrix form and for each form over samples; else one answer a name."""
    expected = [f for f in ask.options.form if f in SAMPLES]
    if ask.options.form in PLAIN and not any(n.indices for n in ask.names):
        expected = ["matrix"]
    elif not expected or len(expected) < len(ask.options.form):
        expected += [f"entries of {n.name}" for n in ask.names]
    asked, derived = Counter(expected), Counter(map(_form, answers))
    for form in asked - derived:
        yield f"the form `{form}` is asked for, and not derived"
    for form in derived - asked:
        yield f"the form `{form}` is derived, and not asked for"
    for content in answers:
        match content:
            case Gradients(form="batch", blocks=blocks):
                if sum(b.asked for b in blocks) < len(ask.names):  # of the matrices, which have names of their own
                    yield "a gradient is missing"
            case Gradients(blocks=blocks) if lost := _lost(ask, (b.symbol.wrt.name for b in blocks if b.asked)):
                yield f"no gradient is derived for {lost}"
            case Gradients() | Worked():
                pass
            case Shapes() | Count() | Paths() | GraphAsked() | Mistakes() | Example() | Said():
                yield "something else than gradients is derived"
            case _:
                assert_never(content)


def _form(content: Content) -> str:
    match content:
        case Gradients(form=form):
            return form or "matrix"
        case Worked(symbol=symbol):
            return f"entries of {_name(symbol)}"
        case Shapes() | Count() | Paths() | GraphAsked() | Mistakes() | Example() | Said():
            return type(content).__name__
        case _:
            assert_never(content)


def _lost(ask: Ask, known: Iterable[str]) -> str:
    found = set(known)
    return ", ".join(dict.fromkeys(f"`{n.name}`" for n in ask.names if n.name not in found))


def _derivative(e: Expr) -> tuple[str, str]:
    """(of, wrt) of the gradient symbol in e; nothing where there is none."""
    return next(((n.of.name, n.wrt.name) for n in nodes(e) if isinstance(n, Adj)), ("", ""))


def _name(symbol: Expr) -> str:
    return _derivative(symbol)[1]


def count_wanted(ask: Ask, name: str = "") -> int:
    """How many lines answer the question, as far as it is about `name`.

    A scalar derivative is also stated at the name that it asks for, and a row or a column also as a vector.
    """
    if ask.verb == "derivative":
        return 1 + ("at" in ask.extra)
    vectors = [bool(n.indices) and None in n.indices for n in ask.names if n.name == name]
    forms = max(1, sum(form not in SAMPLES for form in ask.options.form))
    return forms + (ask.verb == "gradients" and bool(vectors) and all(vectors))
