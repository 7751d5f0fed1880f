r"""Where in the files of a course a line of a document's LaTeX comes from: a template's line, a reference, a part.

TeX counts the lines of a source of ours; who mends the fault has templates and problem files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from solgen.errors import Span
from solgen.render.latex_words import latex_words

if TYPE_CHECKING:
    from solgen.document.pages import Document

FILLED = re.compile(r"<<.*?>>|<%.*?%>|<#.*?#>")  # what a template prints of a page, in one line
ANCHOR = re.compile(r"\{(part|problem)\.(\d+)(?:\.(\d+))?\}|\\appendixhead\b")
MISSING = re.compile(r"File `([^'.]+)[^']*' not found")
BEGIN = r"\begin{document}"
SHORTEST = 8  # letters of a template's line, or of a formula, that tell where it stands
BLOCK = 40  # lines of a paragraph at most
ESCAPED = re.compile(r"\\.|(?<!\\)%.*")


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a file of the course, with its line, and what stands there in words."""

    span: Span
    source: str
    where: str


def template_origin(document: Document, line: int | None) -> Origin | None:
    """The line of a course's own template that this line of LaTeX was written from; of several, the most alike."""
    lines = document.tex.splitlines()
    if line is None or not 1 <= line <= len(lines):
        return None
    found = [(alike, origin) for alike, origin in _written_from(lines[line - 1].strip(), document.own_templates)]
    return max(found, key=lambda one: one[0])[1] if found else None


def named_origin(document: Document, message: str) -> Origin | None:
    """The line of a course's own template with the file that TeX says it cannot find."""
    missing = MISSING.search(message)
    for file in _nearest(document.own_templates) if missing else ():
        for number, text in enumerate(_lines(file), 1):
            if missing and (at := text.find(missing[1])) >= 0:
                span = Span(file.as_posix(), number, at + 1, at + 1 + len(missing[1]))
                return Origin(span, text, "a file that is asked for")
    return None


def unclosed_brace(document: Document) -> Origin | None:
    """A brace of a course's own template that is never closed, so that TeX read on to the end."""
    for file in _nearest(document.own_templates):
        opened: list[tuple[int, int]] = []
        lines = _lines(file)
        for number, text in enumerate(lines, 1):
            for brace in re.finditer(r"[{}]", ESCAPED.sub(lambda found: " " * len(found[0]), text)):
                if brace[0] == "{":
                    opened.append((number, brace.start() + 1))
                elif opened:
                    opened.pop()
        if opened:
            number, column = opened[0]
            return Origin(Span(file.as_posix(), number, column, column + 1), lines[number - 1], "an open brace")
    return None


def problem_origin(document: Document, line: int | None, until: int | None = None) -> Origin | None:
    """The reference that these lines of LaTeX show, else the part in whose text or solution they stand."""
    lines = document.tex.splitlines()
    begin = next((n for n, text in enumerate(lines) if text.startswith(BEGIN)), 0)
    if line is None or not begin < line <= len(lines):
        return None
    anchors = [anchor for text in lines[begin : until or line] for anchor in ANCHOR.finditer(text)]
    if anchors and not anchors[-1][1]:
        return None
    if not anchors and len(document.problems) > 1:
        return None
    place = int(anchors[-1][2]) - 1 if anchors else 0
    problem, page = document.problems[place], document.pages.problems[place]
    where, span = f"problem {page.number}", Span(problem.file, 1, 1, 1)
    if anchors and anchors[-1][3]:
        part = int(anchors[-1][3])
        where, span = f"{where} ({page.parts[part].letter})", problem.parts[part].span
    if (cited := _find_reference(document, problem.file, _block(lines, line, until or line))) is not None:
        text = problem.text.splitlines()[cited.line - 1]
        start, end = text.rfind("[[", 0, cited.column), text.find("]]", cited.end - 1)
        return Origin(cited, text, f"{where}, `{text[max(start, 0) : end + 2]}`")
    return Origin(span, problem.text.splitlines()[span.line - 1], where)


def _block(lines: Sequence[str], line: int, until: int) -> str:
    """The lines, and what stands behind them in the same paragraph, without spaces."""
    block = lines[line - 1 : until]
    for text in lines[until : until + BLOCK]:
        if not text.strip():
            break
        block = [*block, text]
    return _squeeze("".join(block))


def _find_reference(document: Document, file: str, block: str) -> Span | None:
    """The reference of a file with the longest formula among those that stand in a paragraph."""
    found = [
        (len(tex), span)
        for span, words in document.origins
        if span.file == file and len(tex := _squeeze(latex_words(words))) >= SHORTEST and tex in block
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _squeeze(tex: str) -> str:
    return "".join(tex.split())


def _written_from(text: str, folders: Sequence[Path]) -> Iterator[tuple[int, Origin]]:
    """The lines of own templates from which a line of LaTeX may have been written, and how many letters they share."""
    for file in _nearest(folders):
        for number, typed in enumerate(_lines(file), 1):
            kept = FILLED.split(typed.strip())
            shared = sum(map(len, kept))
            whole = len(kept) == 1 and kept[0] == text
            if not text or not (whole or shared >= SHORTEST):
                continue
            if whole or re.fullmatch(".*".join(map(re.escape, kept)), text):
                start = len(typed) - len(typed.lstrip()) + 1
                yield shared, Origin(Span(file.as_posix(), number, start, len(typed.rstrip()) + 1), typed, "a template")


def _nearest(folders: Sequence[Path]) -> Iterator[Path]:
    """The templates of a course's own, of each name the nearest."""
    seen: set[str] = set()
    for folder in folders:
        for file in sorted(folder.rglob("*.j2")):
            name = file.relative_to(folder).as_posix()
            if name not in seen and file.is_file():
                yield file
            seen.add(name)


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines()
