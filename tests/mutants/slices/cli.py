"""The program: what its commands print, to which stream, and with which exit code."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import chdir
from functools import partial

from typer.testing import CliRunner

from solgen.cli.app import app
from tests.mutants.coverage import ROOT
from tests.mutants.room import Maker, Room

CASES = ROOT / "tests" / "cases"
RIGHT, WRONG = CASES / "problems" / "tanh-net.yaml", CASES / "problems" / "five-mistakes.yaml"
COMMANDS = (
    ("--version",), ("--help",), ("build", "--help"),
    ("check", str(RIGHT)), ("check", str(WRONG)), ("check", str(RIGHT), "--json"), ("check", "nowhere.yaml"),
    ("show", str(RIGHT)), ("show", str(RIGHT), "--format", "markdown"), ("show", str(WRONG)),
    ("export", str(RIGHT), "--to", "numpy"), ("functions",), ("schema",), ("new", "mine"),
)  # fmt: skip
SECONDS = re.compile(r"\d+(\.\d+)? ?m?s\b|\"seconds\": [\d.]+")


def _printed(words: tuple[str, ...]) -> object:
    """What a command prints in an empty folder with an empty cache; the time that it took left out."""
    os.environ |= {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "120"}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        os.environ["SOLGEN_CACHE"] = f"{folder}/.cache"
        done = CliRunner().invoke(app, list(words), prog_name="solgen")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, *(SECONDS.sub("", text).replace(folder, "") for text in (done.stdout, done.stderr))


def _makers() -> Mapping[str, Maker]:
    return {" ".join(words).replace(f"{CASES}/", ""): partial(_printed, words) for words in COMMANDS}


SLICE = Room("cli", ("test_annotations.py", "test_junit.py", "test_reference.py"), _makers).slice(floor=0.4)
