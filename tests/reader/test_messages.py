"""Golden messages: every file of tests/cases/messages against the text that a person would see.

A new case is a new file; `python tests/reader/test_messages.py --regen` writes what is said now, for review.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from solgen.errors import InputError
from solgen.reader.language.builtins import RESERVED
from solgen.reader.language.model_slips import ABSENT, ELSEWHERE
from solgen.reader.set_file import read
from tests.calls import calls_of

CASES = Path(__file__).parent.parent / "cases" / "messages"
FILES = sorted(CASES.glob("*.yaml"))


MOST_CALLS = 2_000_000  # of functions: about a second


def said(path: Path) -> str:
    """All diagnostics of a file, with the file named without its folder."""
    try:
        read(path)
    except InputError as error:
        return "\n".join(d.text() for d in error.diagnostics).replace(f"{path.parent.as_posix()}/", "") + "\n"
    return "nothing\n"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_messages(path: Path) -> None:
    assert said(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_messages_come_after_little_work(path: Path) -> None:
    assert calls_of(lambda: said(path)) < MOST_CALLS


def test_every_message_has_a_place_and_a_hint() -> None:
    for path in FILES:
        with pytest.raises(InputError) as caught:
            read(path)
        for defect in caught.value.diagnostics:
            assert defect.span is not None and defect.hint and defect.source, defect


@pytest.mark.parametrize("name", [*ABSENT, *ELSEWHERE])
def test_a_hint_names_only_functions_that_there_are(name: str) -> None:
    """And what is hinted at is none itself: a row of that name takes its place."""
    hint = {**ELSEWHERE, **ABSENT}[name]
    called = re.findall(r"\b([A-Za-z]\w*)\(", hint)
    assert name not in RESERVED
    assert [word for word in called if word not in RESERVED] == [], hint


if __name__ == "__main__" and "--regen" in sys.argv:
    for case in FILES:
        case.with_suffix(".txt").write_text(said(case), encoding="utf-8")
