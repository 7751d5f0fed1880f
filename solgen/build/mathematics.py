"""What a problem is about, apart from how it is worded: what certificates and readings are kept by."""

from __future__ import annotations

from dataclasses import replace

from solgen.errors import Span
from solgen.expr.nodes import Expr
from solgen.expr.text import write_formula
from solgen.model.noun_walk import rebuilt
from solgen.model.problem import Ask, Problem, Prose, Reference


def mathematics_of(problem: Problem) -> str:
    """The models, the questions, the answers that are expected, what prose cites, and how all of it is written.

    No word of the prose and no place in the file: a page that is only worded anew is neither verified nor read anew.
    """
    models = [
        (m.texts or problem.text, m.fixed, m.order, m.samples, [(d.var.name, d.role) for d in m.declarations])
        for m in problem.models
    ]
    asked = [(p.id, p.asks, p.expect, p.notation, [_references_in(text) for text in p.prose]) for p in problem.parts]
    around = (problem.notation, problem.numbers, problem.latex, problem.nodes, problem.stack, problem.vary)
    return repr(_without_places((models, asked, around, _references_in(problem.statement))))


def _references_in(prose: Prose) -> tuple[Reference, ...]:
    return tuple(piece for piece in prose if isinstance(piece, Reference))


def _without_places(thing: object) -> object:
    """The same without the places of its words in the file, and without the prose of a question."""
    match thing:
        case Span():
            return None
        case Ask():
            return rebuilt(replace(thing, say=()), _without_places)
        case Expr():
            return write_formula(thing)
        case list():
            return [_without_places(each) for each in thing]
    return rebuilt(thing, _without_places)
