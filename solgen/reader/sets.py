"""Where problems lie: a folder is a set, a file alone a set of one; finding sets under `problems/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from os.path import exists, isdir, isfile, relpath
from pathlib import Path

from solgen.errors import Diagnostic, InputError, Span
from solgen.model import Notation, Problem, ProblemSet
from solgen.reader.container import Defaults, read_notation, read_problem, text_of
from solgen.reader.keys import LISTED, SET
from solgen.reader.loader import load, parse
from solgen.reader.names import split_names
from solgen.reader.nodes import Map, Node, Piece, Scalar, Seq
from solgen.reader.order import read_sizes
from solgen.reader.points import read_points, total
from solgen.reader.prose import read_plain
from solgen.reader.source import Report, nearest_or_all

SET_FILE = "set.yaml"
SUFFIXES = (".yaml", ".yml")
DEFAULT = "problems"


@dataclass(frozen=True, slots=True)
class Entry:
    """A problem of a set: its file, and what the set says of it."""

    file: Path
    points: Fraction | None = None
    parts: tuple[Piece, ...] = ()
    number: str = ""
    span: Span | None = None


def read(path: Path) -> ProblemSet:
    """The set that a folder is, or the set of one that a file is.

    Raises InputError with every mistake in its files.
    """
    if path.name == SET_FILE:
        path = path.parent
    if not isdir(path):
        return ProblemSet(path.stem, (_problem(Entry(path), Defaults()),))
    return _folder(path)


def find(paths: Sequence[Path], cwd: Path) -> tuple[Path, ...]:
    """What `read` is to be called with: each path, a folder of folders opened; by default all under `problems/`.

    Raises InputError where there is nothing, or where two sets would be written to one place.
    """
    found: list[Path] = []
    for path in paths or [Path(DEFAULT)]:
        place = cwd / path
        if not exists(place):
            hint = "`solgen new my-first` makes one" if not paths else _near(place)
            raise InputError([Diagnostic("no-file", f"{path.as_posix()} does not exist", hint=hint)])
        everything = place.resolve() == (cwd / DEFAULT).resolve()
        sets = [path] if isfile(place) or (_is_set(place) and not everything) else _below(path, cwd, everything)
        if not sets:
            raise InputError(
                [
                    Diagnostic(
                        "no-file", f"{path.as_posix()} holds no problem file", hint="`solgen new my-first` makes one"
                    )
                ]
            )
        found += [s for s in sets if s not in found]
    _distinct(found, cwd)
    return tuple(found)


def _problem_files(folder: Path) -> list[Path]:
    visible = (p for p in folder.iterdir() if not p.name.startswith("."))
    return sorted(p for p in visible if p.suffix in SUFFIXES and p.name != SET_FILE and p.is_file())


def _is_set(folder: Path) -> bool:
    return bool(_problem_files(folder)) or (folder / SET_FILE).is_file()


def _below(path: Path, cwd: Path, everything: bool) -> list[Path]:
    """The sets in a folder of sets; in `problems/` itself loose files are sets of one."""
    loose = [path / p.name for p in _problem_files(cwd / path)] if everything else []
    inner = sorted(p for p in (cwd / path).rglob("*") if p.is_dir() and not p.is_symlink() and _is_set(p))
    hidden = [p for p in inner if any(part.startswith(".") for part in p.relative_to(cwd / path).parts)]
    folders = [path / p.relative_to(cwd / path) for p in inner if p not in hidden]
    return sorted(loose + folders)


def _distinct(found: Sequence[Path], cwd: Path) -> None:
    names: dict[str, Path] = {}
    for path in found:
        place = cwd / path
        name = (
            place.resolve().name
            if place.is_dir()
            else (place.parent.resolve().name if place.name == SET_FILE else place.stem)
        )
        other = names.setdefault(name, path)
        if other != path:
            message = f"{other.as_posix()} and {path.as_posix()} would both be written to output/{name}"
            raise InputError([Diagnostic("clash", message, hint="rename one of them")])


def _near(place: Path) -> str:
    """The file that may have been meant."""
    if not place.parent.is_dir():
        return "name a problem file, or a folder of them"
    close = get_close_matches(place.name, [p.name for p in place.parent.iterdir()], n=1)
    return f"did you mean `{close[0]}`?" if close else "name a problem file, or a folder of them"


def _folder(folder: Path) -> ProblemSet:
    """All problems of a folder; the mistakes of all its files are raised together."""
    found: list[Diagnostic] = []
    report, keys = _set_keys(folder)
    defaults = _defaults(keys, report)
    entries = _entries(folder, keys.get("problems"), report) if report else [Entry(p) for p in _problem_files(folder)]
    plain = (
        {name: read_plain(keys.get(name), report) for name in ("title", "course", "term", "due", "author")}
        if report
        else {}
    )
    problems: list[tuple[Entry, Problem]] = []
    for entry in entries:
        try:
            problem = _problem(entry, defaults)
            problems.append((entry, _selected(entry, problem, report) if report else problem))
        except InputError as error:
            found += error.diagnostics
    found = [*(report.diagnostics if report else ()), *found]
    _same_id(problems, found)
    if not entries and not found:
        found.append(
            Diagnostic("no-file", f"{folder.as_posix()} holds no problem file", hint="a problem file ends in .yaml")
        )
    if found:
        raise InputError(found)
    return ProblemSet(folder.resolve().name, tuple(p for _, p in problems), folder=folder.as_posix(), **plain)


def _problem(entry: Entry, defaults: Defaults) -> Problem:
    report = Report(load(entry.file))
    root = parse(report)
    if root is None:
        if not report.found:
            report.error(
                "empty", "the file is empty", report.source.span(0, 1), "`solgen new` writes a file to begin with"
            )
        raise InputError(report.diagnostics)
    return read_problem(root, report, defaults)


def _set_keys(folder: Path) -> tuple[Report | None, dict[str, Node]]:
    if not (folder / SET_FILE).is_file():
        return None, {}
    report = Report(load(folder / SET_FILE))
    root = parse(report)
    return report, SET.open(root, report) if root is not None else {}


def _defaults(keys: dict[str, Node], report: Report | None) -> Defaults:
    if report is None:
        return Defaults()
    latex = keys.get("latex")
    pairs = latex.pairs if isinstance(latex, Map) else ()
    return Defaults(
        read_notation(keys.get("notation"), Notation()),
        {name.text: text_of(value) for name, value in pairs},
        read_sizes(keys.get("sizes"), report),
    )


def _entries(folder: Path, node: Node | None, report: Report) -> list[Entry]:
    """The problems of a set: its own list, or the folder's files."""
    if not isinstance(node, Seq):
        return [Entry(p) for p in _problem_files(folder)]
    entries = []
    for item in node.items:
        keys = LISTED.open(item, report) if isinstance(item, Map) else {"file": item}
        file = keys.get("file")
        if not isinstance(file, Scalar):
            continue
        path = folder / file.text.strip()
        if not isfile(path):
            report.error("no-file", f"`{file.text}` is not a file", file.span, _near(path))
            continue
        ids = split_names(keys["parts"]) if "parts" in keys else ()
        short = Path(relpath(path)) if not path.is_absolute() else path
        entries.append(Entry(short, read_points(keys.get("points")), ids, text_of(keys.get("number")), file.span))
    return entries


def _selected(entry: Entry, problem: Problem, report: Report) -> Problem:
    """The problem with the parts, points and number that the set asks for."""
    if entry.number:
        problem = replace(problem, number=entry.number)
    if entry.parts:
        known = {part.id: part for part in problem.parts}
        for piece in entry.parts:
            if piece.text not in known:
                hint = nearest_or_all(piece.text, known, "its parts")
                report.error("unknown-name", f"{problem.file} has no part `{piece.text}`", piece.span, hint)
        chosen = {piece.text for piece in entry.parts}
        problem = replace(problem, parts=tuple(p for p in problem.parts if p.id in chosen), points=None)
    if entry.points is not None or entry.parts:
        worth = total(entry.points, entry.span, [(p.points, p.span) for p in problem.parts], report)
        problem = replace(problem, points=worth)
    return problem


def _same_id(problems: Sequence[tuple[Entry, Problem]], found: list[Diagnostic]) -> None:
    first: dict[str, Problem] = {}
    for entry, problem in problems:
        other = first.setdefault(problem.id, problem)
        if other is not problem:
            message = f"{other.file} and {problem.file} have the same id `{problem.id}`"
            found.append(Diagnostic("clash", message, entry.span, "give one of them another `id:`"))
