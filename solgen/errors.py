"""What can go wrong, and where: a span of a file, a diagnostic, and the exceptions that carry them.

Who raises: every stage.  Who catches: `solgen.cli.reporting`, which prints diagnostics and turns the class of the
exception into an exit code (docs/format.md, section 5); and `solgen.build.pipeline`, where what goes wrong with one
problem, or with one set, must not cost the others.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


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
    stop; `hint` says what to do; `source` is the offending line, for the caret.  A note says what may have been meant
    otherwise: nothing fails by it.
    """

    code: str
    message: str
    span: Span | None = None
    hint: str = ""
    source: str = ""
    level: Literal["error", "note"] = "error"

    def text(self) -> str:
        """The diagnostic as it is printed: place, message, the line with a caret, the hint."""
        place = f"{self.span}: " if self.span else ""
        lines = [f"{place}{self.level}[{self.code}]: {self.message}"]
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
    """A derivation that cannot be done: `reason` names the operation and says what was attempted.

    `part` and `verb` say whose question it was, once that is known: the id of a part, and the verb of its item.
    """

    def __init__(self, reason: str, hint: str = "", part: str = "", verb: str = "") -> None:
        self.reason, self.hint, self.part, self.verb = reason, hint, part, verb
        super().__init__(f"part ({part}), {verb}: {reason}" if part else reason)


class VerificationError(SolgenError):
    """An equality that failed or stayed undecided: it must never reach a page."""

    exit_code = 1


class EngineError(SolgenError):
    """TeX could not be found, made or run, or its log reports a defect of the page."""

    exit_code = 3


# ---------------------------------------------------------------- mistakes in solgen itself

HOUSE = Path(__file__).parent


class Internal(SolgenError):
    """A mistake in solgen: an exception that nobody foresaw, and what was being done for whom.

    `part` is the id of the part that it was done for and `where` says so in words; `operation` is the row of the table
    that was at work, `span` the place of the item in the file.
    """

    def __init__(
        self, cause: Exception, operation: str = "", part: str = "", where: str = "", span: Span | None = None
    ) -> None:
        self.cause, self.operation, self.part, self.where, self.span = cause, operation, part, where, span
        super().__init__(self.diagnostic.text())

    def within(self, part: str = "", where: str = "", span: Span | None = None) -> Internal:
        """The same mistake with what is known further out; what was known already stays."""
        return Internal(self.cause, self.operation, self.part or part, self.where or where, self.span or span)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The one thing that is wrong, as an InputError would tell it."""
        return (self.diagnostic,)

    @property
    def diagnostic(self) -> Diagnostic:
        """What is told of it: for whom, by which operation, the exception, and the line of solgen that raised it."""
        steps = [s for s in traceback.extract_tb(self.cause.__traceback__) if HOUSE in Path(s.filename).parents]
        line = f" with `{Path(steps[-1].filename).relative_to(HOUSE).as_posix()}:{steps[-1].lineno}`" if steps else ""
        told = [self.where, f"`{self.operation}`" if self.operation else "", type(self.cause).__name__]
        words = str(self.cause).strip().partition("\n")[0].rstrip(".")
        message = ": ".join(["this is a mistake in solgen", *filter(None, told), *([words] if words else [])])
        return Diagnostic("internal", message, self.span, f"please report it{line}; everything else is made without it")


@contextmanager
def blaming(part: str = "", where: str = "", span: Span | None = None) -> Iterator[None]:
    """Whatever is raised in here and nobody foresaw becomes a mistake in solgen, made for this part and item."""
    try:
        yield
    except Internal as known:
        raise known.within(part, where, span) from known.cause
    except (SolgenError, OSError):
        raise
    except Exception as unforeseen:
        raise Internal(unforeseen, "", part, where, span) from unforeseen


@dataclass(slots=True)
class AtWork:
    """A row of the table at work: whatever it raises that nobody foresaw is a mistake in solgen, told with its name.

    `foreseen` are exceptions that mean something to whoever asked the row.  A plain class, since formulas are
    evaluated node by node: a generator, or freezing, would cost as much as many a row.
    """

    operation: str
    foreseen: tuple[type[Exception], ...] = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, (SolgenError, *self.foreseen)):
            raise Internal(error, self.operation) from error
