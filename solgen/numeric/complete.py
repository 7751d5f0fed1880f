"""Every form that a question asks for is answered: what is missing would be missed by no equality."""

from __future__ import annotations

from collections.abc import Iterable

from solgen.model import Ask, Check, PartDerivation, Worked

SAMPLES = frozenset({"sample", "sum", "batch"})  # forms that are contents of their own


def missing_answers(parts: Iterable[PartDerivation]) -> list[Check]:
    """A failed check for each question whose worked answer has fewer forms than it asks for; else nothing."""
    found = []
    for part in parts:
        for ask, content in zip(part.asks, part.contents, strict=False):
            if isinstance(content, Worked) and len(content.results) < wanted(ask):
                name = f"({part.part.id}) {ask.verb}"
                message = f"{name}: {wanted(ask)} forms are asked for, {len(content.results)} are derived"
                found.append(Check(name, ask.verb, "forms", "different", "exact", 0, 0, message))
    return found


def wanted(ask: Ask) -> int:
    """How many lines answer the question; a scalar derivative is also stated at the name that it asks for."""
    if ask.verb == "derivative":
        return 1 + ("at" in ask.extra)
    return max(1, sum(form not in SAMPLES for form in ask.options.form))
