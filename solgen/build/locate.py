"""Which part of a problem a check concerns: where its failure is told.

A step knows its part.  What all parts share, such as a gradient's value or a rule, concerns the first part that asks
for it, or else the first that uses it; what only prose cites concerns no part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from solgen.errors import Span
from solgen.model.derivation import (
    Content,
    Count,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.problem import Part, Problem
from solgen.model.step import READ_TWICE, StepId, gradient, name_statement
from solgen.numeric.checks.expectations import named_expectations


def find_part(step: StepId, derivation: Derivation) -> Part | None:
    """The part that a step points to, if any."""
    if step.part:
        return next((p.part for p in derivation.parts if p.part.id == step.part), None)
    for speaks in (_list_asked, _list_used):
        for p in derivation.parts:
            if any(step.subject == subject for c in p.contents for subject in speaks(c)):
                return p.part
    return None


def place(step: StepId, part: Part | None, problem: Problem) -> Span:
    """Where a failure is told: at the line that is read in two ways, at the answer that was expected, else at its part,
    else at the top of the file."""
    if step.check == READ_TWICE:
        return _line(step, part if step.part else None, problem)
    if part is None:
        return Span(problem.file, 1, 1, 1)
    model = problem.model_of(part)
    expected = (e.span for name, e in named_expectations(part, model) if step == name)
    return next(expected, part.span)


def _line(step: StepId, part: Part | None, problem: Problem) -> Span:
    """Where a name of a model is defined."""
    model = problem.model_of(part)
    spans = [(q.var.name, q.span) for q in model.equations] + [(d.var.name, d.span) for d in model.declarations]
    return next((span for name, span in spans if name == step.symbol.name), Span(problem.file, 1, 1, 1))


def _list_asked(content: Content) -> Iterator[StepId]:
    """What an item was asked for."""
    match content:
        case Gradients(blocks=blocks):
            yield from (gradient(b.symbol.of.name, b.symbol.wrt.name) for b in blocks if b.asked)
        case Paths(of=of, wrt=wrt):
            yield gradient(of.name, wrt.name)
        case Shapes(lines=lines):
            yield from (name_statement("shape", line.var.name) for line in lines)
        case Count(rows=rows):
            yield from (StepId(kind="count"), *(name_statement("parameters", var.name) for var, _ in rows))
        case Worked() | GraphAsked() | Mistakes() | Example() | Said():
            return
        case _:
            assert_never(content)


def _list_used(content: Content) -> Iterator[StepId]:
    """What an item shows or cites on its way."""
    match content:
        case Gradients(blocks=blocks, forward=forward, rules=rules):
            yield from (gradient(b.symbol.of.name, b.symbol.wrt.name) for b in blocks)
            yield from (
                *(name_statement("forward", q.var.name) for q in forward),
                *(name_statement("rule", rule.key) for rule in rules),
            )
        case Paths(forward=forward, rules=rules):
            yield from (
                *(name_statement("forward", q.var.name) for q in forward),
                *(name_statement("rule", rule.key) for rule in rules),
            )
        case GraphAsked(forward=forward, backward=backward):
            yield from (name_statement("forward", q.var.name) for q in forward)
            yield from _list_used(backward) if backward else ()
        case Worked(rules=rules):
            yield from (name_statement("rule", rule.key) for rule in rules)
        case Shapes() | Count() | Mistakes() | Example() | Said():
            return
        case _:
            assert_never(content)
