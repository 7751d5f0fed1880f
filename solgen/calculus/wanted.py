"""Which gradients are asked for or cited in prose: they have a symbol of their own, and nothing is fused over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solgen.expr.nodes import rank
from solgen.model.problem import Model, NameRef, Part, Problem, Prose, Reference

OF_NAMES = ("gradients", "paths", "mistakes")  # verbs that ask for the gradient of each of their names


def kept_names(problem: Problem, parts: Iterable[Part]) -> frozenset[str]:
    """Names whose own gradient somebody asks for: softmax is not fused over them."""
    return frozenset(n for part in parts for _, n in wanted_by_part(part, part.model or problem.model))


def wanted_by_problem(problem: Problem) -> Iterator[tuple[str, str]]:
    """(of, name) of every gradient that the statement, or a part on the problem's own model, asks for or cites."""
    yield from _references(problem.statement)
    for part in problem.parts:
        if part.model is None:
            yield from wanted_by_part(part, problem.model)


def wanted_by_part(part: Part, model: Model) -> Iterator[tuple[str, str]]:
    """(of, name) of every gradient that a part asks for, expects or cites."""
    last = model.output.name if model.output else ""
    for ask in part.asks:
        if ask.verb in OF_NAMES:
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
