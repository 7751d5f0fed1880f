r"""Formulas in the notations of public courses and books, written by us: nearly all are read, none in two ways.

They stand in `data/after_courses.yaml`, each with what a person reads.  What is compared is the last side of each.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from solgen.written import Ambiguous, NotRead, SameTree, SameValue, Unreadable, Verdict, compare_side, read_latex
from tests.written.support import Scope, scope

GROUPS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data/after_courses.yaml").read_text(encoding="utf-8")
)
LEAST = 0.9  # of all of them are read


def known_in(group: dict[str, Any]) -> Scope:
    """The names of a group, and an equation for each of its formulas."""
    spelled = ", ".join(f"{name}: '{tex}'" for name, tex in group.get("latex", {}).items())
    equations = "\n".join(
        f"found_{k}{'[' + one['each'] + ']' if 'each' in one else ''} = {one['as']}"
        for k, one in enumerate(group["formulas"])
    )
    return scope(f"{group['model']}\n{equations}\nend = 1 * 2\n", extra=f"latex: {{{spelled}}}\n" if spelled else "")


@cache
def verdicts() -> tuple[tuple[str, Verdict], ...]:
    """Each formula with what reading it came to."""
    found: list[tuple[str, Verdict]] = []
    for group in GROUPS:
        known = known_in(group)
        for k, one in enumerate(group["formulas"]):
            meant = known.formula(f"found_{k}")
            try:
                reading = read_latex(one["reads"], known.names)
            except Unreadable as why:
                found.append((one["reads"], NotRead(why)))
            else:
                found.append((one["reads"], compare_side(reading.chains[-1][-1], meant, forks=reading.forks)))
    return tuple(found)


def test_nearly_all_are_read_as_they_are_meant() -> None:
    read = [tex for tex, verdict in verdicts() if isinstance(verdict, SameTree | SameValue)]
    others = [(tex, verdict) for tex, verdict in verdicts() if tex not in read]
    assert len(verdicts()) > 100 and len(read) >= LEAST * len(verdicts()), others


def test_none_is_called_ambiguous_or_read_as_another() -> None:
    wrong = [(tex, verdict) for tex, verdict in verdicts() if not isinstance(verdict, SameTree | SameValue | NotRead)]
    assert wrong == [], [tex for tex, verdict in wrong if isinstance(verdict, Ambiguous)]


@pytest.mark.parametrize(
    ("tex", "introduced"),
    [
        (r"J(x, W) = a", "J(…)"),
        (r"\frac{\partial J}{\partial x} = v", "∂J"),
        (r"dW = a", "dW"),
        (r"\nabla J = v", "∇J"),
    ],
)
def test_what_a_line_introduces_is_said_to_be_new(tex: str, introduced: str) -> None:
    known = scope("a: R\nx: R[n]\nv: R[n]\nW: R[n, n]\nL = a * (x @ (W @ v))\n")
    data: Any = read_latex(tex, known.names).chains[0][0].data
    assert data.name == introduced


@pytest.mark.parametrize(
    "tex", [r"\sum_{j \ne k, l} z_j", r"\sum_{i \in S} z_i", r"f(x) + a", r"\frac{\partial J}{\partial x}"]
)
def test_what_is_not_known_is_not_read(tex: str) -> None:
    known = scope("a: R\nx: R[n]\nz: R[n]\nk: Label[n]\nL = a * (x @ z) + z[k]\n")
    with pytest.raises(Unreadable):
        read_latex(tex, known.names)
