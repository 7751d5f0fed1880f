"""What the terminal shows: progress, diagnostics, and what was built."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from solgen.build.formats import EVERYTHING, Choice
from solgen.build.outcome import Outcome
from solgen.cli.check_table import summarise_certificates
from solgen.errors import Diagnostic

if TYPE_CHECKING:
    from solgen.build.job import Tell

COLOURS = {"error": "red", "note": "blue"}


def err() -> Console:
    """Standard error; colours only on a terminal."""
    return Console(stderr=True)


def grumble(wrong: Diagnostic | str) -> None:
    """What is wrong, on standard error."""
    err().print(
        wrong if isinstance(wrong, str) else format_diagnostic(wrong), markup=False, highlight=False, soft_wrap=True
    )


def format_diagnostic(diagnostic: Diagnostic) -> Text:
    """A diagnostic, its head and caret in red, of a note in blue, where the terminal has colours."""
    text, colour = Text(diagnostic.text()), COLOURS[diagnostic.level]
    text.highlight_regex(rf"{diagnostic.level}\[[a-z0-9-]+\]", f"bold {colour}")
    text.highlight_regex(r"(?m)(?<=^)[ ]*\| [ \t]*\^+$", colour)
    text.highlight_regex(r"(?m)^  hint: .*$", "cyan")
    return text


def terminal_width() -> int:
    """The columns of standard output; what is piped has 80, or as many as COLUMNS says."""
    return Console().width


def lines(texts: Iterable[Text]) -> str:
    """Lines for standard output, with bold and dim letters on a terminal, plain elsewhere; none is wrapped."""
    console = Console()
    with console.capture() as captured:
        for text in texts:
            console.print(text, soft_wrap=True, highlight=False, markup=False)
    return captured.get()


@contextmanager
def progress(silent: bool = False) -> Iterator[Tell]:
    """A bar on a terminal; elsewhere one line for each long stage that begins, and nothing at all in CI or `silent`."""
    console = err()
    if not console.is_terminal or os.environ.get("CI"):
        yield _stay_silent if silent else _quiet(console)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("solgen", total=1.0)
        yield lambda stage, fraction: bar.update(task, description=stage, completed=fraction)


def _stay_silent(stage: str, fraction: float) -> None:
    """Progress that is not told."""


def _quiet(console: Console) -> Callable[[str, float], None]:
    """Progress as lines, each stage once."""
    seen: set[str] = set()

    def tell(stage: str, fraction: float) -> None:
        if stage not in seen and not os.environ.get("CI"):
            seen.add(stage)
            console.print(f"{stage} …", markup=False, highlight=False)

    return tell


def built(outcome: Outcome, folder: Path, choice: Choice = EVERYTHING) -> str:
    """One line for each document of a set that was asked for and made, or nothing."""
    how = "unchanged" if outcome.reused else summarise_certificates(outcome.reports)
    return "".join(f"{folder}/{outcome.name}/{name}  ({how})\n" for name in choice.list_finished(outcome.files))
