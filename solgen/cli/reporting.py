"""Around each verb: what goes wrong as messages and exit codes, what was made as text on standard output.

Results go to standard output, messages and progress to standard error.  What a user can cause is printed without a
traceback; the exit codes are those of `solgen.errors`, and 2 beats 3 beats 1 over several sets.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from solgen.build.outcome import Outcome
    from solgen.errors import Diagnostic, SolgenError

INTERRUPTED, BROKEN_PIPE = 130, 141  # what a shell reports for these two signals

Say = Callable[[str], object]


@contextmanager
def reporting(annotate: Say | None = None) -> Iterator[None]:
    """What goes wrong, as messages and exit codes; no traceback for anything that a user can cause."""
    from solgen.errors import SolgenError

    try:
        yield
        sys.stdout.flush()
    except SolgenError as wrong:
        complain(told_of(wrong), annotate)
        raise typer.Exit(wrong.exit_code) from wrong
    except KeyboardInterrupt as stop:
        sys.stderr.write("Interrupted.\n")
        raise typer.Exit(INTERRUPTED) from stop
    except BrokenPipeError as closed:
        give_up_output()
        raise typer.Exit(BROKEN_PIPE) from closed
    except OSError as trouble:
        complain([failure_of_the_system(trouble)], None)
        try:
            sys.stdout.flush()
        except OSError:  # it was the output that failed
            give_up_output()
        raise typer.Exit(2) from trouble


def failure_of_the_system(trouble: OSError) -> Diagnostic:
    """What the system refused: the file, or where no file is known, the function that was at work."""
    from solgen.errors import Diagnostic

    reason = trouble.strerror or str(trouble)
    if trouble.filename:
        return Diagnostic("system", f"{trouble.filename}: {reason}")
    frames = extract_tb(trouble.__traceback__)
    where = f", in {frames[-1].name} ({Path(frames[-1].filename).name})" if frames else ""
    return Diagnostic("system", f"{reason}{where}", hint="`solgen doctor` shows what this machine offers")


def give_up_output() -> None:
    """What could not be written to standard output goes nowhere, or the flush at exit would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def told_of(wrong: SolgenError) -> Iterable[Diagnostic | str]:
    """The diagnostics of an error, or its message."""
    from solgen.errors import InputError, Internal

    return wrong.diagnostics if isinstance(wrong, InputError | Internal) else [str(wrong)]


def complain(found: Iterable[Diagnostic | str], annotate: Say | None) -> None:
    """What is wrong, on standard error; inside a workflow that reads annotations, those too."""
    found = list(dict.fromkeys(found))
    if not found:
        return
    from solgen.cli.annotations import reads_annotations, write_annotations
    from solgen.cli.console import grumble

    for one in found:
        grumble(one)
    if annotate and reads_annotations(os.environ):
        placed = [one for one in found if not isinstance(one, str)]
        annotate(write_annotations(placed, Path.cwd(), os.environ.get("GITHUB_WORKSPACE", "")))


def finish(outcomes: tuple[Outcome, ...], annotate: Say | None = None) -> None:
    """Say what was wrong, and exit with the code of the whole."""
    from solgen.build.outcome import gravest

    noted = [note for outcome in outcomes for report in outcome.reports for note in report.notes]
    complain([*(diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics), *noted], annotate)
    raise typer.Exit(gravest(outcome.exit_code for outcome in outcomes))


def write_out(text: str) -> None:
    """Text for a program or a page, unadorned, to standard output."""
    sys.stdout.write(text)
