"""The command line: arguments in, text and exit codes out; the only place that prints.

Each command is a page of its help and a few lines that call the house; every `solgen.*` import is put off into them, so
that `solgen --help` answers at once.  Results go to standard output, messages and progress to standard error.
What a user can cause is printed without a traceback (`reporting`); the exit codes are those of `solgen.errors`, and 2
beats 3 beats 1 over several sets.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from platformdirs import user_cache_dir
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from solgen import __version__

if TYPE_CHECKING:
    from solgen.errors import SolgenError
    from solgen.outcome import Outcome
    from solgen.pipeline import Tell
    from solgen.workshop import Config

INTERRUPTED, BROKEN_PIPE = 130, 141  # what a shell reports for these two signals

app = typer.Typer(
    name="solgen", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
    rich_markup_mode="markdown",
    help="Worked, verified solutions of backpropagation homework, from the forward pass alone.",
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


class Target(StrEnum):
    """What a derivation can be exported to."""

    numpy = "numpy"
    json = "json"


Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Problem files or folders of them; without, all under problems/.", show_default=False),
]
File = Annotated[Path, typer.Argument(help="A problem file, or a folder of them.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
Engine = Annotated[
    Path | None,
    typer.Option("--tex", envvar="SOLGEN_TEX", help="The pdflatex to use, instead of looking for one."),
]
To = Annotated[Target, typer.Option("--to", help="A Python module, or rows of results.")]
Name = Annotated[str, typer.Argument(help="The name of the new set, such as homework-3.", show_default=False)]


def main() -> None:
    """Run the command that `sys.argv` names, and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a sign shows its number
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="solgen")


# ---------------------------------------------------------------- the commands


def _version(wanted: bool) -> None:
    if wanted:
        write(f"solgen {__version__}\n")
        raise typer.Exit()


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def solgen(version: Version = False) -> None:
    """Worked, verified solutions of backpropagation homework, from the forward pass alone."""


@app.command("build")
def build_(paths: Paths = None, tex: Engine = None) -> None:
    """Derive, verify and typeset: solutions, handout and key as PDF, in output/."""
    with reporting():
        from solgen.terminal import built
        from solgen.workshop import build

        settings = config(tex)
        with progress() as tell:
            outcomes = build(paths or [], settings, tell)
        finish(outcomes, [built(outcome, settings.output) for outcome in outcomes])


@app.command("check")
def check_(paths: Paths = None, as_json: AsJson = False) -> None:
    """Derive and verify, without typesetting; for continuous integration."""
    with reporting():
        from solgen.terminal import checked, outcomes_json
        from solgen.workshop import check

        with progress() as tell:
            outcomes = check(paths or [], config(), tell)
        finish(outcomes, [outcomes_json(outcomes)] if as_json else [checked(outcome) for outcome in outcomes])


@app.command()
def show(file: File) -> None:
    """Print a derivation in the terminal."""
    with reporting():
        from solgen.narration import told_in_full
        from solgen.workshop import derivations

        with progress() as tell:
            found = derivations(file, config(), tell)
        write("\n".join(told_in_full(derivation) for derivation in found))


@app.command()
def export(file: File, to: To = Target.numpy) -> None:
    """Print the results as a self-contained numpy module, or as JSON."""
    with reporting():
        from solgen.export import json_source, numpy_source

        write(numpy_source(file) if to is Target.numpy else json_source(file))


@app.command()
def new(name: Name) -> None:
    """Begin a set: a commented problem file, with its schema beside it, in problems/NAME/."""
    with reporting():
        from solgen.starter import begin

        for path in begin(name, Path.cwd()):
            write(f"{path}\n")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a problem file, for editors."""
    with reporting():
        from solgen.reader import json_schema

        write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")


@app.command()
def functions(
    name: Annotated[str | None, typer.Argument(help="One function, in full.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole reference, as a page.")] = False,
) -> None:
    """List what a model may use: signature, shapes, derivative and convention of each operation."""
    with reporting():
        from solgen.language import described, listed, page

        write(described(name) if name else page() if markdown else listed())


@app.command()
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Make the private TeX tree where no TeX is usable.")] = False,
    as_json: AsJson = False,
    tex: Engine = None,
) -> None:
    """Show which TeX is used and why; exit 0 exactly when one is usable."""
    with reporting():
        from solgen.document.tex import ensure_engine, report
        from solgen.terminal import findings, findings_json

        settings = config(tex)
        if fix:
            with progress() as tell:
                ensure_engine(settings.engine, settings.cache, tell)
        found = report(settings.engine, settings.cache)
        write(findings_json(found) if as_json else findings(found))
        usable = found[0].engine if settings.engine else next((f.engine for f in found if f.engine), None)
        raise typer.Exit(0 if usable else 3)


# ---------------------------------------------------------------- around each command


@contextmanager
def reporting() -> Iterator[None]:
    """What goes wrong, as messages and exit codes; no traceback for anything that a user can cause."""
    from solgen.errors import SolgenError

    try:
        yield
        sys.stdout.flush()
    except SolgenError as wrong:
        complain(wrong)
        raise typer.Exit(wrong.exit_code) from wrong
    except KeyboardInterrupt as stop:
        err().print("Interrupted.")
        raise typer.Exit(INTERRUPTED) from stop
    except BrokenPipeError as closed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at exit would complain
        raise typer.Exit(BROKEN_PIPE) from closed
    except OSError as trouble:
        place = f"{trouble.filename}: " if trouble.filename else ""
        text = f"error[system]: {place}{trouble.strerror or trouble}"
        err().print(text, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from trouble


def complain(wrong: SolgenError) -> None:
    """The diagnostics of an error, or its message."""
    from solgen.errors import InputError
    from solgen.terminal import told

    if isinstance(wrong, InputError):
        for diagnostic in wrong.diagnostics:
            err().print(told(diagnostic), soft_wrap=True)
    else:
        err().print(str(wrong), markup=False, highlight=False, soft_wrap=True)


def finish(outcomes: tuple[Outcome, ...], texts: list[str]) -> None:
    """Print what came out, what was wrong with it, and exit with the code of the whole."""
    from solgen.outcome import gravest
    from solgen.terminal import told

    for text in texts:
        write(text)
    for diagnostic in dict.fromkeys(diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics):
        err().print(told(diagnostic), soft_wrap=True)
    raise typer.Exit(gravest(outcome.exit_code for outcome in outcomes))


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar on a terminal; elsewhere one line for each long stage that begins, and nothing at all in CI."""
    console = err()
    if not console.is_terminal or os.environ.get("CI"):
        yield quiet_progress(console)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("solgen", total=1.0)
        yield lambda stage, fraction: bar.update(task, description=stage, completed=fraction)


def quiet_progress(console: Console) -> Callable[[str, float], None]:
    """Progress as lines, each stage once."""
    seen: set[str] = set()

    def tell(stage: str, fraction: float) -> None:
        if stage not in seen and not os.environ.get("CI"):
            seen.add(stage)
            console.print(f"{stage} …", markup=False, highlight=False)

    return tell


def config(tex: Path | None = None) -> Config:
    """What the environment and the options say."""
    from solgen.workshop import Config

    cache = Path(os.environ.get("SOLGEN_CACHE") or user_cache_dir("solgen"))
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Config(Path.cwd(), Path("output"), cache.absolute(), tex.absolute() if tex else None, workers)


def write(text: str) -> None:
    """Text for a program or a page, unadorned, to standard output."""
    sys.stdout.write(text)


def err() -> Console:
    """Standard error; colours only on a terminal."""
    return Console(stderr=True)
