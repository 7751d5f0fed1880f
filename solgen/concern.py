"""Which part of a problem a check concerns, by its name: where its failure is told.

A line's name begins with its part, `(b) dL/dW`.  What all parts share, such as a gradient's value or a rule, concerns
the first part that asks for it, or else the first that uses it; what only prose cites concerns no part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from solgen.errors import Span
from solgen.model import Content, Count, Derivation, Gradients, GraphAsked, Part, Paths, Problem, Shapes, Worked
from solgen.numeric.expectations import named_expectations


def concerned(step: str, derivation: Derivation) -> Part | None:
    """The part that a check's name points to, if any."""
    for p in derivation.parts:
        if step.startswith(f"({p.part.id}) "):
            return p.part
    bare = re.sub(r"^\w+: ", "", step)  # which forward pass it speaks of
    for speaks in (_asked, _used):
        for p in derivation.parts:
            if any(re.match(rf"{re.escape(name)}(?![\w\[])", bare) for c in p.contents for name in speaks(c)):
                return p.part
    return None


def place(step: str, part: Part | None, problem: Problem) -> Span:
    """Where a failure is told: at the answer that was expected, else at its part, else at the top of the file."""
    if part is None:
        return Span(problem.file, 1, 1, 1)
    model = part.model or problem.model
    expected = (e.span for name, e in named_expectations(part, model) if step == name)
    return next(expected, part.span)


def _asked(content: Content) -> Iterator[str]:
    """The names of checks on what an item was asked for."""
    match content:
        case Gradients(blocks=blocks):
            yield from (f"d{b.symbol.of.name}/d{b.symbol.wrt.name}" for b in blocks if b.asked)
        case Paths(of=of, wrt=wrt):
            yield f"d{of.name}/d{wrt.name}"
        case Shapes(lines=lines):
            yield from (f"shape {line.var.name}" for line in lines)
        case Count(rows=rows):
            yield from ("parameter_count", *(f"parameters {var.name}" for var, _ in rows))
        case _:
            return


def _used(content: Content) -> Iterator[str]:
    """The names of checks on what an item shows or cites on its way."""
    match content:
        case Gradients(blocks=blocks, forward=forward, rules=rules):
            yield from (f"d{b.symbol.of.name}/d{b.symbol.wrt.name}" for b in blocks)
            yield from (*(f"forward {q.var.name}" for q in forward), *(f"rule {rule.key}" for rule in rules))
        case Paths(forward=forward, rules=rules):
            yield from (*(f"forward {q.var.name}" for q in forward), *(f"rule {rule.key}" for rule in rules))
        case GraphAsked(forward=forward, backward=backward):
            yield from (f"forward {q.var.name}" for q in forward)
            yield from _used(backward) if backward else ()
        case Worked(rules=rules):
            yield from (f"rule {rule.key}" for rule in rules)
        case _:
            return
