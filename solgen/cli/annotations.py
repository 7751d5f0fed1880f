"""Diagnostics as annotations: the lines by which a workflow on GitHub marks the place in the files of a change.

`::error file=…,line=…,endLine=…,col=…,endColumn=…,title=…::message`, with the separators of that syntax escaped.
Source: GitHub Docs, "Workflow commands for GitHub Actions"; columns count from 1, the last one included.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from solgen.errors import Diagnostic

LEVELS = {"error": "error", "note": "notice"}


def reads_annotations(environment: Mapping[str, str]) -> bool:
    """Whether we run inside a workflow that reads annotations."""
    return environment.get("GITHUB_ACTIONS") == "true"


def write_annotations(diagnostics: Iterable[Diagnostic], cwd: Path, workspace: str = "") -> str:
    """One line for each diagnostic; a file that lies in `workspace`, the repository, is named from its root."""
    return "".join(f"{_annotation(diagnostic, cwd, workspace)}\n" for diagnostic in diagnostics)


def _annotation(diagnostic: Diagnostic, cwd: Path, workspace: str) -> str:
    span = diagnostic.span
    where: dict[str, object] = {}
    if span:
        where = {"file": _from_root(span.file, cwd, workspace), "line": span.line, "endLine": span.line}
        where |= {"col": span.column, "endColumn": max(span.column, span.end - 1)}
    where["title"] = f"solgen {diagnostic.code}"
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items())
    hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    return f"::{LEVELS[diagnostic.level]} {properties}::{_data(diagnostic.message + hint)}"


def _from_root(file: str, cwd: Path, workspace: str) -> str:
    absolute = os.path.abspath(cwd / file)
    if workspace and os.path.commonpath((absolute, os.path.abspath(workspace))) == os.path.abspath(workspace):
        return Path(os.path.relpath(absolute, workspace)).as_posix()
    return file


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
