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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from solgen import __version__
from solgen.formats import Choice
from solgen.options import (
    AsGraph,
    AsJson,
    AsLatex,
    AsMarkdown,
    Engine,
    Everything,
    File,
    InNotation,
    Junit,
    Name,
    OnePart,
    Paths,
    Resolution,
    Shown,
    Sizes,
    To,
    Written,
)
from solgen.targets import DEFAULT_TARGET

if TYPE_CHECKING:
    from solgen.config import Config
    from solgen.errors import Diagnostic, SolgenError
    from solgen.outcome import Outcome

INTERRUPTED, BROKEN_PIPE = 130, 141  # what a shell reports for these two signals

EXAMPLES = {
    "build": (
        "solgen build", "solgen build problems/homework-3", "solgen build --notation nabla",
        "solgen build --product handout,key --format pdf",
    ),
    "watch": ("solgen watch", "solgen watch problems/first.yaml"),
    "check": ("solgen check", "solgen check --all --junit report.xml"),
    "show": (
        "solgen show problems/first.yaml", "solgen show problems/first.yaml --part b --markdown",
        "solgen show problems/first.yaml --graph graph.svg",
    ),
    "export": (
        "solgen export problems/first.yaml > net.py", "solgen export problems/first.yaml --to json",
        "solgen export problems/first.yaml --to sympy --sizes d=2,C=3",
    ),
    "new": ("solgen new homework-3",),
    "schema": ("solgen schema > problem.schema.json",),
    "functions": ("solgen functions", "solgen functions softmax"),
    "doctor": ("solgen doctor", "solgen doctor --fix"),
}  # fmt: skip


def examples(command: str) -> str:
    """The end of a page of help: how the command is used, a line each."""
    return "  \n".join(f"`{line}`" for line in EXAMPLES[command])


app = typer.Typer(
    name="solgen", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
    rich_markup_mode="markdown",
    help="Worked, verified solutions of backpropagation homework, from the forward pass alone.",
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


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


@app.command("build", epilog=examples("build"))
def build_(
    paths: Paths = None, product: Shown = None, formats: Written = None, notation: InNotation = None, tex: Engine = None
) -> None:
    """Derive, verify and typeset, in output/: each product in each format, or those that are named.

    The files of others stay as they are.
    """
    with reporting():
        from solgen.config import configured
        from solgen.terminal import built, progress
        from solgen.workshop import build

        settings, choice = configured(tex), Choice(tuple(product or ()), tuple(formats or ()))
        with progress() as tell:
            outcomes = build(paths or [], settings, tell, notation, choice)
        write("".join(built(outcome, settings.output, choice) for outcome in outcomes))
        finish(outcomes)


@app.command("check", epilog=examples("check"))
def check_(
    paths: Paths = None, everything: Everything = False, as_json: AsJson = False, junit_file: Junit = None
) -> None:
    """Derive and verify what changed, without typesetting; for continuous integration."""
    with reporting(sys.stderr.write if as_json else write):
        from solgen.config import configured
        from solgen.outcome import outcomes_json
        from solgen.table import table

        outcomes = checked(paths or [], configured(), everything)
        write(outcomes_json(outcomes) if as_json else table(outcomes))
        if junit_file:
            from solgen.cache import write_whole
            from solgen.junit import junit

            write_whole(junit_file, junit(outcomes))
        finish(outcomes, sys.stderr.write if as_json else write)


@app.command(epilog=examples("show"))
def show(
    file: File, part: OnePart = "", as_latex: AsLatex = False, as_markdown: AsMarkdown = False, graph: AsGraph = None,
    dpi: Resolution = None, notation: InNotation = None,
) -> None:  # fmt: skip
    """Print a derivation, verified, in the terminal; or as LaTeX, as Markdown, or its graph as a picture."""
    only_one({"--latex": as_latex, "--markdown": as_markdown, "--graph": graph is not None})
    suffix = picture_format(graph, dpi)
    with reporting():
        from solgen.config import configured
        from solgen.show import portrayed, told
        from solgen.terminal import progress
        from solgen.workshop import solved

        settings = configured()
        with progress() as tell:
            found = solved(file, settings, tell, notation)
        if graph and suffix:
            for path in portrayed(graph, suffix, found, part, dpi, settings):
                write(f"{path}\n")
        else:
            write(told(found, part, "latex" if as_latex else "markdown" if as_markdown else "terminal"))


@app.command("export", epilog=examples("export"))
def export_(file: File, to: To = DEFAULT_TARGET, sizes: Sizes = None) -> None:
    """Print the results as a self-contained numpy module, as sympy expressions, or as JSON."""
    with reporting():
        from solgen.export import export

        write(export(file, to, sizes or {}))


@app.command(epilog=examples("watch"))
def watch(
    paths: Paths = None, product: Shown = None, formats: Written = None, notation: InNotation = None, tex: Engine = None
) -> None:
    """Build; then, whenever a file is saved, build again what it changes. Ctrl-C ends it."""
    with reporting():
        from solgen.config import configured
        from solgen.terminal import progress
        from solgen.watch import rounds

        settings, choice = configured(tex), Choice(tuple(product or ()), tuple(formats or ()))
        try:
            for found in rounds(paths or [], settings, partial(progress, silent=True), notation, choice):
                write(found.text(f"{datetime.now():%H:%M:%S}", settings.output))
                sys.stdout.flush()
                complain(found.diagnostics, None)
        except KeyboardInterrupt:
            write("Stopped.\n")


@app.command(epilog=examples("new"))
def new(name: Name) -> None:
    """Begin a set: a commented problem file, with its schema beside it, in problems/NAME/."""
    with reporting():
        from solgen.starter import begin

        for path in begin(name, Path.cwd()):
            write(f"{path}\n")


@app.command(epilog=examples("schema"))
def schema() -> None:
    """Print the JSON Schema of a problem file, for editors."""
    with reporting():
        from solgen.reader import json_schema

        write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")


@app.command(epilog=examples("functions"))
def functions(
    name: Annotated[str | None, typer.Argument(help="One function, in full.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole reference, as a page.")] = False,
) -> None:
    """List what a model may use: signature, shapes, derivative and convention of each operation."""
    with reporting():
        from solgen.language import described, listed, page

        write(described(name) if name else page() if markdown else listed())


@app.command(epilog=examples("doctor"))
def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Make the private TeX tree where no TeX is usable, a damaged one anew.")
    ] = False,
    as_json: AsJson = False,
    tex: Engine = None,
) -> None:
    """Try each TeX, show which is used and why, and this machine in one block; exit 0 exactly when one is usable."""
    with reporting():
        from solgen.config import configured
        from solgen.doctor import diagnosis, findings_json
        from solgen.document.tex import Trial, ensure_engine, report
        from solgen.document.trial import trial_document
        from solgen.terminal import progress

        settings, trial = configured(tex), Trial(trial_document)
        if fix:
            with progress() as tell:
                ensure_engine(settings.engine, settings.cache, trial, tell)
        found = report(settings.engine, settings.cache, trial)
        write(findings_json(found) if as_json else diagnosis(found, settings))
        usable = found[0].engine if settings.engine else next((f.engine for f in found if f.engine), None)
        raise typer.Exit(0 if usable else 3)


# ---------------------------------------------------------------- what `show` may be asked

PICTURES: tuple[Literal["svg", "png", "pdf"], ...] = ("svg", "png", "pdf")


def only_one(options: dict[str, bool]) -> None:
    """Raises UsageError where two of these options are given."""
    given = [name for name, wanted in options.items() if wanted]
    if len(given) > 1:
        raise typer.BadParameter(f"{' and '.join(given)} ask for different things: give one of them.")


def picture_format(graph: Path | None, dpi: int | None) -> Literal["svg", "png", "pdf"] | None:
    """What a picture is to be, by its name; raises BadParameter where that is nothing we draw."""
    suffix = graph.suffix.lower().removeprefix(".") if graph else ""
    found = next((known for known in PICTURES if known == suffix), None)
    if graph and not found:
        raise typer.BadParameter(f"{graph} should end in .svg, .png or .pdf.", param_hint="--graph")
    if dpi and found != "png":
        raise typer.BadParameter("only a PNG has a resolution: --graph FILE.png", param_hint="--dpi")
    return found


# ---------------------------------------------------------------- around each command


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


def checked(paths: list[Path], settings: Config, everything: bool) -> tuple[Outcome, ...]:
    """What came of each set: from the cache alone where nothing changed, and then nothing slow is loaded."""
    from solgen.recall import unchanged

    known = None if everything else unchanged(paths, settings)
    if known is not None:
        return known
    from solgen.workers import shares_memory, warm

    if settings.workers > 1 and shares_memory() and not (len(paths) == 1 and paths[0].is_file()):
        warm()
    from solgen.terminal import progress
    from solgen.workshop import check

    with progress() as tell:
        return check(paths, settings, tell, everything)


def told_of(wrong: SolgenError) -> Iterable[Diagnostic | str]:
    """The diagnostics of an error, or its message."""
    from solgen.errors import InputError, Internal

    return wrong.diagnostics if isinstance(wrong, InputError | Internal) else [str(wrong)]


def complain(found: Iterable[Diagnostic | str], annotate: Say | None) -> None:
    """What is wrong, on standard error; inside a workflow that reads annotations, those too."""
    found = list(dict.fromkeys(found))
    if not found:
        return
    from solgen.annotations import annotated, wanted
    from solgen.terminal import grumble

    for one in found:
        grumble(one)
    if annotate and wanted(os.environ):
        placed = [one for one in found if not isinstance(one, str)]
        annotate(annotated(placed, Path.cwd(), os.environ.get("GITHUB_WORKSPACE", "")))


def finish(outcomes: tuple[Outcome, ...], annotate: Say | None = None) -> None:
    """Say what was wrong, and exit with the code of the whole."""
    from solgen.outcome import gravest

    complain([diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics], annotate)
    raise typer.Exit(gravest(outcome.exit_code for outcome in outcomes))


def write(text: str) -> None:
    """Text for a program or a page, unadorned, to standard output."""
    sys.stdout.write(text)
