"""A problem from a model text, and what is wrong with it: what most tests of the reader begin with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from solgen.errors import Diagnostic, InputError
from solgen.model.problem import Problem
from solgen.reader.set_file import read

Reads = Callable[..., Problem]
Refuses = Callable[..., tuple[Diagnostic, ...]]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """The problem with this model, and whatever else the file says."""

    def make(model: str, more: str = "", parts: str = "  - prompt: Nothing.\n") -> Problem:
        file = tmp_path / "problem.yaml"
        body = indent(dedent(model).strip() + "\n", "  ")
        file.write_text(f"title: A problem\n{dedent(more)}model: |\n{body}parts:\n{parts}", encoding="utf-8")
        return read(file).problems[0]

    return make


@pytest.fixture
def refuses(reads: Reads) -> Refuses:
    """The diagnostics of a model that is refused."""

    def make(model: str, more: str = "", parts: str = "  - prompt: Nothing.\n") -> tuple[Diagnostic, ...]:
        with pytest.raises(InputError) as caught:
            reads(model, more, parts)
        return caught.value.diagnostics

    return make
