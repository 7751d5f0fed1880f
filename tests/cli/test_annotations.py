"""Annotations for a workflow: one line each, escaped, named from the root of the repository."""

from __future__ import annotations

from pathlib import Path

from solgen.cli.annotations import write_annotations
from solgen.errors import Diagnostic, Span


def test_a_line_with_its_place() -> None:
    wrong = Diagnostic("unknown-name", "`q` is unknown", Span("p.yaml", 3, 5, 6), "did you mean `p`?")
    assert write_annotations([wrong], Path("/repo")) == (
        "::error file=p.yaml,line=3,endLine=3,col=5,endColumn=5,title=solgen unknown-name"
        "::`q` is unknown%0Ahint: did you mean `p`?\n"
    )


def test_separators_are_escaped() -> None:
    wrong = Diagnostic("bad", "50% of\r\na: b, c", Span("a,b:c%.yaml", 1, 1, 9))
    (line,) = write_annotations([wrong], Path("/repo")).splitlines()
    assert "file=a%2Cb%3Ac%25.yaml," in line and line.endswith("::50%25 of%0D%0Aa: b, c")


def test_files_are_named_from_the_root_of_the_repository() -> None:
    wrong = [
        Diagnostic("bad", "m", Span("problems/p.yaml", 1, 1, 2)),
        Diagnostic("bad", "m", Span("/else/p.yaml", 1, 1, 2)),
    ]
    inside, outside = write_annotations(wrong, Path("/repo/course"), "/repo").splitlines()
    assert "file=course/problems/p.yaml," in inside and "file=/else/p.yaml," in outside


def test_without_a_place_there_is_a_message() -> None:
    assert (
        write_annotations([Diagnostic("no-file", "nothing there")], Path("/repo"))
        == "::error title=solgen no-file::nothing there\n"
    )
