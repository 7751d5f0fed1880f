"""Problem files as tests of pytest: one item a part, which passes when every equality that it rests on holds.

Collected are the problem files below a folder `problems`, in a folder with a `set.yaml`, or named on the command line.
What does not hold is told as `solgen check` tells it, without a traceback; what was verified before comes from the
same cache.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from solgen.build.config import find_config
from solgen.build.job import Job, silent
from solgen.build.outcome import PartReport, Report
from solgen.build.pipeline import derive_and_verify
from solgen.build.program import program_digest
from solgen.cli.junit import NOT_VERIFIED
from solgen.errors import Diagnostic, InputError
from solgen.model.problem import Problem
from solgen.reader.folders import DEFAULT, SET_FILE, SETTINGS, SUFFIXES
from solgen.reader.set_file import read

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr


class Unverified(Exception):
    """A part rests on something that is wrong."""

    def __init__(self, wrong: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(diagnostic.text() for diagnostic in wrong))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for a problem file; nothing for any other."""
    if file_path.suffix not in SUFFIXES or file_path.name in SETTINGS or file_path.name.startswith("."):
        return None
    expected = _below_problems(file_path, parent.config.rootpath) or (file_path.parent / SET_FILE).is_file()
    if not (expected or parent.session.isinitpath(file_path)):
        return None
    return ProblemFile.from_parent(parent, path=file_path)


def _below_problems(file: Path, root: Path) -> bool:
    return file.is_relative_to(root) and DEFAULT in file.relative_to(root).parts


class ProblemFile(pytest.File):
    """A problem file; derived and verified when the first of its parts is run."""

    _reports: tuple[PartReport, ...] | None = None
    _problem: Problem | None = None

    def collect(self) -> Iterator[PartItem]:
        """One item a part; one alone, which fails, where the file cannot be read."""
        source = Path(os.path.relpath(self.path))
        try:
            (self._problem,) = read(source).problems
        except InputError as wrong:
            self._reports = (PartReport("file", 1, wrong.diagnostics),)
            yield PartItem.from_parent(self, name="file", index=0, line=1)
            return
        for index, part in enumerate(self._problem.parts):
            yield PartItem.from_parent(self, name=part.id, index=index, line=part.span.line)

    def report(self, index: int) -> PartReport:
        """What is wrong with a part."""
        if self._reports is None:
            assert self._problem is not None
            config = find_config()
            job = Job(self.path, config.cache, program_digest(config.store))
            self._reports = _shared_out(derive_and_verify(self._problem, job, silent).report)
        return self._reports[index]


def _shared_out(report: Report) -> tuple[PartReport, ...]:
    """The parts of a problem; what is wrong with none of them is told at the first that is not wrong by itself."""
    if not report.wrong:
        return report.parts
    at = next((k for k, part in enumerate(report.parts) if part.open), 0)
    first = report.parts[at]
    told = replace(first, wrong=(*report.wrong, *first.wrong))
    return (*report.parts[:at], told, *report.parts[at + 1 :])


class PartItem(pytest.Item):
    """One part of a problem."""

    def __init__(self, *, index: int, line: int, **named: Any) -> None:
        super().__init__(**named)
        self.index, self.line = index, line

    def runtest(self) -> None:
        """Raises Unverified with everything that is wrong with the part; skipped if it could not be verified."""
        assert isinstance(self.parent, ProblemFile)
        found = self.parent.report(self.index)
        if found.wrong:
            raise Unverified(found.wrong)
        if found.open:
            pytest.skip(NOT_VERIFIED)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str | TerminalRepr:
        """The diagnostics; a traceback only for what is no fault of the file."""
        return str(excinfo.value) if isinstance(excinfo.value, Unverified) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the part is asked, for the head of a failure."""
        return self.path, self.line - 1, f"({self.name}) {self.path.name}"
