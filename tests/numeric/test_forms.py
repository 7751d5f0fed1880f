"""A form that is asked for and not derived is a failed check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from solgen.model import Derivation, Worked
from solgen.numeric import verify
from tests.numeric.texts import WORKED, derived


def shortened(found: Derivation, position: int) -> Derivation:
    """The derivation with the last form of one part's first answer gone."""
    part = found.parts[position]
    content = part.contents[0]
    assert isinstance(content, Worked)
    contents = (replace(content, results=content.results[:-1]), *part.contents[1:])
    parts = (*found.parts[:position], replace(part, contents=contents), *found.parts[position + 1 :])
    return replace(found, parts=parts)


def test_a_form_that_is_missing(tmp_path: Path) -> None:
    whole = derived(WORKED, tmp_path)
    assert verify(whole, mutants=False).failures == ()
    failures = verify(shortened(whole, 0), mutants=False).failures
    assert [c.message for c in failures] == ["(a) jacobian: 4 forms are asked for, 3 are derived"]


def test_a_slope_that_is_not_stated_where_it_is_asked_for(tmp_path: Path) -> None:
    failures = verify(shortened(derived(WORKED, tmp_path), 5), mutants=False).failures
    assert [c.message for c in failures] == ["(f) derivative: 2 forms are asked for, 1 are derived"]
