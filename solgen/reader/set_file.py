"""A set read: a folder with its `set.yaml`, or a file alone, a set of one under the defaults of the set it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from os.path import isdir, isfile, relpath
from pathlib import Path

from solgen.errors import Diagnostic, InputError, Internal, Span, blaming
from solgen.model.problem import Notation, Problem, ProblemSet
from solgen.reader.folders import SET_FILE, SUFFIXES, near, problem_files
from solgen.reader.keys import LISTED, SET
from solgen.reader.language.asked_names import split_names
from solgen.reader.problems import Defaults, read_notation, read_problem, text_of
from solgen.reader.references import read_plain, read_symbol
from solgen.reader.rubric_points import read_points, total
from solgen.reader.size_order import read_sizes
from solgen.reader.source import Defects, nearest_or_all
from solgen.reader.yaml.loader import load, parse
from solgen.reader.yaml.yaml_nodes import Map, Node, Scalar, Seq, TextPiece
from solgen.written.prose import commands_of_header


@dataclass(frozen=True, slots=True)
class ProblemFile:
    """A problem of a set: its file, and what the set says of it."""

    file: Path
    points: Fraction | None = None
    parts: tuple[TextPiece, ...] = ()
    number: str = ""
    span: Span | None = None


def read(path: Path, gradient: str | None = None) -> ProblemSet:
    """The set that a folder is, or the set of one that a file is: with the defaults of the `set.yaml` beside it.

    gradient: how all of it writes gradients, whatever its files say.  Raises InputError with every mistake in them.
    """
    if path.name == SET_FILE:
        path = path.parent
    alone = not isdir(path)
    found = ProblemSet(path.stem, (_problem(ProblemFile(path), _defaults_beside(path)),)) if alone else _folder(path)
    return found if gradient is None else replace(found, problems=tuple(_written(p, gradient) for p in found.problems))


def _written(problem: Problem, gradient: str) -> Problem:
    """The problem with its gradients in another notation, those of its parts too."""
    parts = tuple(
        replace(p, notation=replace(p.notation, gradient=gradient)) if p.notation else p for p in problem.parts
    )
    return replace(problem, notation=replace(problem.notation, gradient=gradient), parts=parts)


def _folder(folder: Path) -> ProblemSet:
    """All problems of a folder; the mistakes of all its files are raised together."""
    found: list[Diagnostic] = []
    report, keys = _set_keys(folder)
    defaults = _defaults(keys, report, _commands(folder))
    entries = (
        _entries(folder, keys.get("problems"), report) if report else [ProblemFile(p) for p in problem_files(folder)]
    )
    plain = (
        {name: read_plain(keys.get(name), report) for name in ("title", "course", "term", "due", "author")}
        if report
        else {}
    )
    problems: list[tuple[ProblemFile, Problem]] = []
    for entry in entries:
        try:
            problem = _problem(entry, defaults)
            problems.append((entry, _selected(entry, problem, report) if report else problem))
        except (InputError, Internal) as error:
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


def _problem(entry: ProblemFile, defaults: Defaults) -> Problem:
    with blaming(span=Span(entry.file.as_posix(), 1, 1, 1)):
        return _read_problem(entry, defaults)


def _read_problem(entry: ProblemFile, defaults: Defaults) -> Problem:
    report = Defects(load(entry.file), defaults.commands)
    root = parse(report)
    if root is None:
        if not report.found:
            report.error(
                "empty", "the file is empty", report.source.span(0, 1), "`solgen new` writes a file to begin with"
            )
        raise InputError(report.diagnostics)
    return read_problem(root, report, defaults)


def _defaults_beside(path: Path) -> Defaults:
    """What the set in whose folder a file lies says of its problems; mistakes in it are the set's, not the file's."""
    commands = _commands(path.parent)
    try:
        report, keys = _set_keys(path.parent)
    except InputError:
        return Defaults(commands=commands)
    found = _defaults(keys, report, commands)
    return Defaults(commands=commands) if report and report.diagnostics else found


def _commands(folder: Path) -> frozenset[str]:
    """The commands that the header beside the problems of a folder defines."""
    return commands_of_header(folder / "templates")


def _set_keys(folder: Path) -> tuple[Defects | None, dict[str, Node]]:
    if not (folder / SET_FILE).is_file():
        return None, {}
    report = Defects(load(folder / SET_FILE), _commands(folder))
    root = parse(report)
    return report, SET.open(root, report) if root is not None else {}


def _defaults(keys: dict[str, Node], report: Defects | None, commands: frozenset[str]) -> Defaults:
    if report is None:
        return Defaults(commands=commands)
    latex = keys.get("latex")
    pairs = latex.pairs if isinstance(latex, Map) else ()
    return Defaults(
        read_notation(keys.get("notation"), Notation()),
        {name.text: read_symbol(value, report).strip() for name, value in pairs},
        read_sizes(keys.get("sizes"), report),
        commands,
    )


def _entries(folder: Path, node: Node | None, report: Defects) -> list[ProblemFile]:
    """The problems of a set: its own list, or the folder's files."""
    if not isinstance(node, Seq):
        return [ProblemFile(p) for p in problem_files(folder)]
    entries = []
    for item in node.items:
        keys = LISTED.open(item, report) if isinstance(item, Map) else {"file": item}
        file = keys.get("file")
        if not isinstance(file, Scalar):
            continue
        path = folder / file.text.strip()
        if not _may_be_borrowed(path, folder):
            message = f"`{file.text}` is not a problem file within the working directory"
            report.error("no-file", message, file.span, "name a .yaml file beside or below the folder of your work")
            continue
        if not isfile(path):
            report.error("no-file", f"`{file.text}` is not a file", file.span, near(path))
            continue
        ids = split_names(keys["parts"]) if "parts" in keys else ()
        short = Path(relpath(path)) if not path.is_absolute() else path
        entries.append(ProblemFile(short, read_points(keys.get("points")), ids, text_of(keys.get("number")), file.span))
    return entries


def _may_be_borrowed(path: Path, folder: Path) -> bool:
    """Whether a set may name this file as a problem: one of the working directory, or of its own folder; where the
    user has linked the folder of all sets into the working directory, one of that."""
    real, way = path.resolve(), Path(relpath(folder)).parts
    places = (Path.cwd(), folder, *((Path(way[0]),) if way and way[0] != ".." else ()))
    return path.suffix in SUFFIXES and any(real.is_relative_to(place.resolve()) for place in places)


def _selected(entry: ProblemFile, problem: Problem, report: Defects) -> Problem:
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


def _same_id(problems: Sequence[tuple[ProblemFile, Problem]], found: list[Diagnostic]) -> None:
    first: dict[str, Problem] = {}
    for entry, problem in problems:
        other = first.setdefault(problem.id, problem)
        if other is not problem:
            message = f"{other.file} and {problem.file} have the same id `{problem.id}`"
            found.append(Diagnostic("clash", message, entry.span, "give one of them another `id:`"))
