"""What TeX's log says about the page: boxes that stick out, references that lead nowhere, letters lost.

TeX reports these as warnings in prose, for a reader.  A document of ours must have none, so they
are read back as data.  The log must have been written with unwrapped lines (`max_print_line`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

OVERFULL_TOLERANCE = 0.5  # pt: what nobody sees

Kind = Literal[
    "error", "forbidden", "overfull", "undefined-reference", "undefined-citation", "undefined-destination",
    "duplicate-label", "duplicate-destination", "missing-character", "font-substitution", "unstable",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect of a page: `message` says all; `line` is in the TeX source, `page` about where.

    `amount` is how far a box sticks out, in pt.  `context` is the text or source at the place; `until` the last line
    of a paragraph.
    """

    kind: Kind
    message: str
    line: int | None = None
    page: int | None = None
    amount: float = 0.0
    context: str = ""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class TexLog:
    """The log of the last pass, as text and as findings in the order of the log."""

    text: str
    findings: tuple[Defect, ...]

    def defects(self, tolerance: float = OVERFULL_TOLERANCE) -> tuple[Defect, ...]:
        """The findings that make a page unacceptable: all but boxes too large by `tolerance` pt or less."""
        return tuple(f for f in self.findings if f.kind != "overfull" or f.amount > tolerance)

    def first_error(self) -> Defect | None:
        """What stopped TeX, if something did; what was forbidden comes first."""
        stops = [f for f in self.findings if f.kind in ("forbidden", "error")]
        return min(stops, key=lambda f: f.kind != "forbidden", default=None)


def read_log(text: str, terminal: str = "") -> TexLog:
    """Read a log, and what TeX wrote to the terminal (refusals of files appear only there)."""
    findings = [*_refusals(terminal), *_findings(_join_lines(text.splitlines()))]
    return TexLog(text, tuple(dict.fromkeys(findings)))


_OVERFULL = re.compile(r"Overfull \\[hv]box \((?P<amount>[\d.]+)pt too (?P<way>wide|high)\)(?P<place>.*)")
_LINES = re.compile(r"(?:at lines?|on input line) (\d+)(?:--(\d+))?")
_PAGE = re.compile(r"\[(\d+)(?=[\]{<\s\[]|$)")
_ERROR = re.compile(r"(?P<file>\S*?[^\s:]+\.\w+):(?P<line>\d+): +(?P<text>.+)")
_MISSING = re.compile(r"Missing character: There is no (?P<letter>.+) in font (?P<font>\S+)!")
_RUNSYSTEM = re.compile(r"runsystem\((?P<command>.*)\)\.\.\.disabled")
_REFUSAL = re.compile(r"Not (?P<verb>reading from|writing to) (?P<file>.+) \(open\w+_any = p(?:;[^()]*)?\)")
_DENIAL = re.compile(r"pdf(?:la)?tex: (?P<file>/.+): Permission denied")

# Warnings: what the joined line says, what we call it, and how we say it (`{0}` is the first group).
_WARNINGS: tuple[tuple[str, Kind, str], ...] = (
    (
        r"Warning: (?:Hyper r|R)eference [`'](.+?)' on page",
        "undefined-reference",
        "undefined reference `{0}`",
    ),
    (r"Warning: Citation [`'](.+?)' (?:on page|undefined)", "undefined-citation", "undefined citation `{0}`"),
    (r"Warning: Label [`'](.+?)' multiply defined", "duplicate-label", "label `{0}` is defined twice"),
    (
        r"destination with the same identifier \(name\{(.+?)\}\)",
        "duplicate-destination",
        "link target `{0}` is defined twice",
    ),
    (
        r"name\{(.+?)\} has been referenced but does not exist",
        "undefined-destination",
        "a link leads to `{0}`, which does not exist",
    ),
    (
        r"Font Warning: Font shape [`'](.+?)' (?:undefined|in size .* not available)",
        "font-substitution",
        "font {0} does not exist and another was used",
    ),
)


def _join_lines(lines: list[str]) -> list[str]:
    """Warnings of several lines as one: `(Font)   using …` continues the line before."""
    joined: list[str] = []
    for line in lines:
        if joined and "Warning: " in joined[-1] and re.match(r"\(\w[\w-]*\) {2,}\S", line):
            joined[-1] += " " + line.split(")", 1)[1].strip()
        else:
            joined.append(line)
    return joined


def _findings(lines: list[str]) -> Iterator[Defect]:
    page = 0
    for index, line in enumerate(lines):
        if index and _OVERFULL.match(lines[index - 1]):
            continue  # the text of the box: what looks like a page number in it is none
        if overfull := _OVERFULL.match(line):
            yield _overfull(overfull, lines[index + 1 : index + 2], page + 1)
        elif finding := _warning(line, page + 1) or _error(line, lines[index + 1 : index + 12], page + 1):
            yield finding
        elif pages := _PAGE.findall(line):
            page = int(pages[-1])


def _overfull(match: re.Match[str], following: list[str], page: int) -> Defect:
    amount, text = float(match["amount"]), _plain(following[0]) if following else ""
    line = _line(match["place"])
    beyond = "the margin" if match["way"] == "wide" else "the foot of the page"
    where = f"line {line}" if line else f"page {page}"
    return Defect(
        "overfull",
        f"a box sticks out {amount:g} pt beyond {beyond} ({where})",
        line,
        page,
        amount,
        text,
        _line(match["place"], 2),
    )


def _warning(line: str, page: int) -> Defect | None:
    if missing := _MISSING.search(line):
        message = f"the font {missing['font']} has no character {missing['letter']}"
        return Defect("missing-character", message, None, page)
    if command := _RUNSYSTEM.search(line):
        return Defect("forbidden", f"the document tried to run a command: {command['command']}", None, page)
    for pattern, kind, message in _WARNINGS:
        if match := re.search(pattern, line):
            return Defect(kind, message.format(match[1]), _line(line), page)
    return None


def _error(line: str, following: list[str], page: int) -> Defect | None:
    located = _ERROR.match(line)
    if not located and not line.startswith("!"):
        return None
    text = (located["text"] if located else line.lstrip("! ")).strip()
    if text.startswith("==> Fatal error") or text == "Emergency stop.":
        return None
    shown = next((m for m in (re.match(r"l\.(\d+) ?(.*)", part) for part in following) if m), None)
    number = int(shown[1]) if shown else int(located["line"]) if located else None
    return Defect("error", text, number, page, context=shown[2].strip() if shown else "")


def _refusals(terminal: str) -> Iterator[Defect]:
    for match in _REFUSAL.finditer(terminal):
        verb = "read" if match["verb"].startswith("reading") else "write"
        yield Defect("forbidden", f"the document tried to {verb} {match['file']}")
    for match in _DENIAL.finditer(terminal):
        yield Defect("forbidden", f"the document tried to read {match['file']}")


def _line(place: str, end: int = 1) -> int | None:
    """The first line of a place, or the last one, where it has several."""
    match = _LINES.search(place)
    return int(match[end]) if match and match[end] else None


def _plain(snippet: str) -> str:
    """The text of a box as TeX shows it, without font names and the marks of nested boxes."""
    words = re.sub(r"\\\S+/\S+ |\[\]|\\\S+ ?", " ", snippet)
    return " ".join(words.split())[:80]
