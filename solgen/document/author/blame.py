r"""Where in a problem file stands what TeX stopped at: `\fraction` in a prompt, not line 233 of a source of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from solgen.errors import Diagnostic, Span
from solgen.tex import Defect

if TYPE_CHECKING:
    from solgen.model.problem import Problem

SHORTEST = 3  # characters of a text that is worth looking for
UNKNOWN = "Undefined control sequence"
OWN = "check its spelling; a course's own commands are defined in templates/header.tex.j2 beside its problems"
MEND = "TeX could not go on from here: mend the LaTeX of this text"


def culprit(defect: Defect, problems: Sequence[Problem]) -> Diagnostic | None:
    """What stopped TeX, at its place in a problem file; None where no file has it, as when a template is wrong."""
    for text in _endings(defect.context):
        for problem in problems:
            for number, line in enumerate(problem.text.splitlines(), 1):
                if text in line:
                    end = line.index(text) + len(text)
                    last = re.search(r"\\?[^\s\\${}]+\W*$", text)
                    start = end - len(last[0] if last else text)
                    return _report_defect(defect, Span(problem.file, number, start + 1, end + 1), line)
    return None


def _endings(context: str) -> Iterator[str]:
    """The text up to where TeX stopped, then ever shorter ends of it that begin with a word."""
    shown = context.removeprefix("...").strip()
    for found in re.finditer(r"(?<!\S)\S|\\(?=[A-Za-z])", shown):
        if len(shown) - found.start() >= SHORTEST:
            yield shown[found.start() :]


def _report_defect(defect: Defect, span: Span, line: str) -> Diagnostic:
    word = line[span.column - 1 : span.end - 1]
    if defect.message.startswith(UNKNOWN):
        return Diagnostic("tex", f"TeX does not know the command `{word.strip()}`", span, OWN, line)
    return Diagnostic("tex", f"TeX: {defect.message.rstrip('.')}", span, MEND, line)
