"""Nothing is stated without a check: whatever line stands anywhere in a derivation has one, or the build stops.

The lines are found by their structure, not kind by kind, so that a verb, a kind of content or a field that nobody
taught to verification is noticed with its first line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from solgen.expr.text import text
from solgen.expr.walk import variables
from solgen.model.derivation import (
    Content,
    Count,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Line,
    Mistakes,
    PartDerivation,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.noun_walk import found
from solgen.model.step import StepId
from solgen.model.verdict import Check, Checks
from solgen.numeric.checks.founded import find_founded, is_symbol
from solgen.numeric.checks.statements import line_statements


def unknown_kinds(parts: Iterable[PartDerivation]) -> list[Check]:
    """A failed check for each content of a kind that verification was not taught."""
    strangers = [(p, c) for p in parts for c in p.contents if not isinstance(c, Content)]
    return [
        _fail(StepId(p.part.id, "answer", path=type(c).__name__), "is of a kind that is not verified")
        for p, c in strangers
    ]


def find_uncovered(derivation: Derivation, checks: Checks) -> list[Check]:
    """A failed check for each line that no check covers, and for each content that states nothing."""
    lines = tuple(found(derivation, Line))
    bare = [_fail(StepId(p.part.id, "answer", path=a), "states nothing") for p, a in _empty(derivation.parts)]
    unsaid = list(_find_unchecked(lines, checks.checks))
    if bare or unsaid or checks.failures:  # what rests on a failed check is not said to be without one
        return bare + unsaid
    return list(_find_unfounded(derivation, lines, checks))


def _fail(name: StepId, what: str) -> Check:
    return Check(name, "stated", "checked", "undecided", "exact", 0, 0, f"{name}: {what}")


def _find_unchecked(lines: Sequence[Line], checks: Iterable[Check]) -> Iterator[Check]:
    """Equalities of lines that stand in no check; under a name that several lines bear, by what they say."""
    checks = tuple(checks)
    names, pairs = {c.step for c in checks}, {(c.left, c.right) for c in checks}
    bearers = Counter(name for name, _ in {(line.id, line.chain) for line in lines})
    for line in lines:
        for s in line_statements(line):
            named = s.id in names and bearers[line.id] == 1
            if s.left != s.right and not named and (text(s.left), text(s.right)) not in pairs:
                yield _fail(s.id, f"`{text(s.left)} = {text(s.right)}` is stated and not checked")


def _find_unfounded(derivation: Derivation, lines: Iterable[Line], checks: Checks) -> Iterator[Check]:
    """Lines of one side, and lines of worked examples, whose formula is no side of anything that was checked."""
    known = find_founded(derivation, checks)
    stated = [(line.id, line.chain[0]) for line in lines if len(line.chain) == 1]
    for part in derivation.parts:
        stated += [(c.value_id(s), s.formula) for c in part.contents if isinstance(c, Example) for s in c.steps]
    for name, formula in stated:
        if formula not in known and not is_symbol(formula):
            yield _fail(name, f"`{text(formula)}` is stated and not checked")


def _empty(parts: Iterable[PartDerivation]) -> Iterator[tuple[PartDerivation, str]]:
    """The contents that print formulas and state none."""
    for part in parts:
        for position, content in enumerate(part.contents):
            if not _states(content):
                yield part, part.asks[position].verb if part.asks else type(content).__name__


def _states(content: Content) -> bool:
    """Whether a content has what its kind is made of; prose has nothing to state, and a model may lack parameters."""
    match content:
        case Gradients(blocks=stated) | Shapes(lines=stated) | Example(steps=stated) | Worked(results=stated):
            return bool(stated)
        case Paths(total=Line(chain=chain)):
            return bool(chain)
        case GraphAsked(forward=forward, backward=backward):
            drawn = any(variables(q.body) for q in forward)
            return bool(forward) and (backward is None or bool(backward.blocks) or not drawn)
        case Mistakes() | Count() | Said():
            return True
        case _:
            assert_never(content)
