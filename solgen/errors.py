"""What can go wrong, and where: a span of a file, a diagnostic, and the exceptions that carry them.

Who raises: every stage.  Who catches: `solgen.cli` alone, which prints diagnostics and turns the
class of the exception into an exit code (FORMAT.md, section 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line of a file; lines and columns count from 1, `end` is exclusive."""

    file: str
    line: int
    column: int
    end: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One defect of an input: what is wrong, where, and what mends it.

    `code` is a stable kebab-case name (`unknown-name`); `message` one sentence without a final
    stop; `hint` says what to do; `source` is the offending line, for the caret.
    """

    code: str
    message: str
    span: Span | None = None
    hint: str = ""
    source: str = ""

    def text(self) -> str:
        """The diagnostic as it is printed: place, message, the line with a caret, the hint."""
        place = f"{self.span}: " if self.span else ""
        lines = [f"{place}error[{self.code}]: {self.message}"]
        if self.span and self.source:
            gutter = f"{self.span.line} | "
            width = max(1, min(self.span.end, len(self.source) + 1) - self.span.column)
            lead = "".join("\t" if c == "\t" else " " for c in self.source[: self.span.column - 1])
            lines += [f"{gutter}{self.source}", " " * (len(gutter) - 2) + "| " + lead + "^" * width]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)


class SolgenError(Exception):
    """Base of everything solgen raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 2


class InputError(SolgenError):
    """A problem file or a command line is wrong: all its diagnostics at once."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(d.text() for d in self.diagnostics))


class Refused(SolgenError):
    """A derivation that cannot be done: the operation, and the reason.

    The pipeline adds the place: `reason` names the operation and says what was attempted.
    """

    def __init__(self, reason: str, hint: str = "") -> None:
        self.reason, self.hint = reason, hint
        super().__init__(reason)


class VerificationError(SolgenError):
    """An equality that failed or stayed undecided: it must never reach a page."""

    exit_code = 1


class EngineError(SolgenError):
    """TeX could not be found, made or run, or its log reports a defect of the page."""

    exit_code = 3
