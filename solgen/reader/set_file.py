"""A set read: a folder with its `set.yaml`, or a file alone, a set of one under the defaults of the set it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from os.path import isdir, isfile, relpath
from pathlib import Path

from solgen.errors import Diagnostic, InputError, Internal, Span, blaming
from solgen.model.problem import Problem, ProblemSet
from solgen.reader.folders import SET_FILE, SETTINGS, SUFFIXES, near, problem_files, template_folders
from solgen.reader.keys import LISTED
from solgen.reader.language.asked_names import split_names
from solgen.reader.problems import Defaults, read_problem, scalar_text
from solgen.reader.rubric_points import read_points, total_points
from solgen.reader.settings import Settings, first_text, merge_defaults, mistakes, read_courses, read_set_settings
from solgen.reader.source import Defects, nearest_or_all
from solgen.reader.yaml.loader import load_text, parse_yaml
from solgen.reader.yaml.yaml_nodes import Map, Node, Scalar, Seq, TextPiece

COURSE_TEXTS = ("course", "term", "author")


@dataclass(frozen=True, slots=True)
class SetEntry:
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
    found = _folder(path) if isdir(path) else _alone(path)
    return (
        found
        if gradient is None
        else replace(found, problems=tuple(_change_notation(p, gradient) for p in found.problems))
    )


def _change_notation(problem: Problem, gradient: str) -> Problem:
    """The problem with its gradients in another notation, those of its parts too."""
    parts = tuple(
        replace(p, notation=replace(p.notation, gradient=gradient)) if p.notation else p for p in problem.parts
    )
    return replace(problem, notation=replace(problem.notation, gradient=gradient), parts=parts)


def _folder(folder: Path) -> ProblemSet:
    """All problems of a folder; the mistakes of all its files are raised together."""
    found: list[Diagnostic] = []
    own, courses = read_set_settings(folder), read_courses(folder)
    report = own.report if own else None
    settings = (*((own,) if own else ()), *courses)
    defaults = merge_defaults(settings, folder)
    entries = _entries(folder, own.keys.get("problems"), own.report) if own else _files_of(folder)
    plain = {name: first_text(settings, name) for name in COURSE_TEXTS}
    plain |= {name: own.text(name) for name in ("title", "due")} if own else {}
    problems: list[tuple[SetEntry, Problem]] = []
    for entry in entries:
        try:
            problem = _problem(entry, defaults)
            problems.append((entry, _select_parts(entry, problem, report) if report else problem))
        except (InputError, Internal) as error:
            found += error.diagnostics
    found = [*mistakes(settings), *found]
    _same_id(problems, found)
    if not entries and not found:
        found.append(
            Diagnostic("no-file", f"{folder.as_posix()} holds no problem file", hint="a problem file ends in .yaml")
        )
    if found:
        raise InputError(found)
    read_problems = tuple(problem for _, problem in problems)
    own_templates = templates_of(folder)
    return ProblemSet(folder.resolve().name, read_problems, folder=folder.as_posix(), templates=own_templates, **plain)


def _problem(entry: SetEntry, defaults: Defaults) -> Problem:
    if entry.file.name in SETTINGS:
        message = f"{entry.file.as_posix()} is no problem: it says what the sets below it have in common"
        raise InputError([Diagnostic("no-file", message, entry.span, hint="name a problem file, or a folder of them")])
    with blaming(span=Span(entry.file.as_posix(), 1, 1, 1)):
        return _read_problem(entry, defaults)


def _read_problem(entry: SetEntry, defaults: Defaults) -> Problem:
    report = Defects(load_text(entry.file), defaults.commands)
    root = parse_yaml(report)
    if root is None:
        if not report.found:
            report.error(
                "empty", "the file is empty", report.source.span(0, 1), "`solgen new` writes a file to begin with"
            )
        raise InputError(report.diagnostics)
    return read_problem(root, report, defaults)


def _alone(file: Path) -> ProblemSet:
    """A set of one: under its courses, with the defaults of the `set.yaml` beside it.

    Mistakes in that are the set's, not the file's.
    """
    courses = read_courses(file.parent)
    defaults = merge_defaults((*_sound_settings(file.parent), *courses), file.parent)
    about = {name: first_text(courses, name) for name in COURSE_TEXTS}
    if wrong := mistakes(courses):
        raise InputError(wrong)
    problem = _problem(SetEntry(file), defaults)
    return ProblemSet(file.stem, (problem,), templates=templates_of(file.parent), **about)


def templates_of(folder: Path) -> tuple[str, ...]:
    """The folders of templates that a course has for the problems of a folder."""
    return tuple(found.as_posix() for found in template_folders(folder))


def _sound_settings(folder: Path) -> tuple[Settings, ...]:
    """The `set.yaml` of a folder, if nothing is wrong with it."""
    try:
        own = read_set_settings(folder)
    except InputError:
        return ()
    if own is not None:
        merge_defaults([own], folder)
    return (own,) if own is not None and not own.report.found else ()


def _files_of(folder: Path) -> list[SetEntry]:
    return [SetEntry(file) for file in problem_files(folder)]


def _entries(folder: Path, node: Node | None, report: Defects) -> list[SetEntry]:
    """The problems of a set: its own list, or the folder's files."""
    if not isinstance(node, Seq):
        return _files_of(folder)
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
        entries.append(
            SetEntry(short, read_points(keys.get("points")), ids, scalar_text(keys.get("number")), file.span)
        )
    return entries


def _may_be_borrowed(path: Path, folder: Path) -> bool:
    """Whether a set may name this file as a problem: one of the working directory, or of its own folder; where the
    user has linked the folder of all sets into the working directory, one of that."""
    real, way = path.resolve(), Path(relpath(folder)).parts
    places = (Path.cwd(), folder, *((Path(way[0]),) if way and way[0] != ".." else ()))
    return path.suffix in SUFFIXES and any(real.is_relative_to(place.resolve()) for place in places)


def _select_parts(entry: SetEntry, problem: Problem, report: Defects) -> Problem:
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
        worth = total_points(entry.points, entry.span, [(p.points, p.span) for p in problem.parts], report)
        problem = replace(problem, points=worth)
    return problem


def _same_id(problems: Sequence[tuple[SetEntry, Problem]], found: list[Diagnostic]) -> None:
    first: dict[str, Problem] = {}
    for entry, problem in problems:
        other = first.setdefault(problem.id, problem)
        if other is not problem:
            message = f"{other.file} and {problem.file} have the same id `{problem.id}`"
            found.append(Diagnostic("clash", message, entry.span, "give one of them another `id:`"))
