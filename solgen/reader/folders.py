"""Where sets of problems lie: a folder is a set, a file alone a set of one; finding them under `problems/`.

Only names of files are looked at, nothing is read; so that what did not change is found before a reader is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from os.path import exists, isfile, lexists, relpath
from pathlib import Path

from solgen.errors import Diagnostic, InputError
from solgen.places import template_dir

SET_FILE = "set.yaml"
COURSE_FILE = "course.yaml"
SETTINGS = (SET_FILE, COURSE_FILE)  # which are never read as problems
TEMPLATES = "templates"
SUFFIXES = (".yaml", ".yml")
DEFAULT = "problems"


def find(paths: Sequence[Path], cwd: Path) -> tuple[Path, ...]:
    """The sets to be read: each path, a folder of folders opened; by default all under `problems/`.

    Raises InputError where there is nothing.
    """
    found: list[Path] = []
    for path in paths or [Path(DEFAULT)]:
        place = cwd / path
        if not exists(place):
            hint = "`solgen new my-first` makes one" if not paths else near(place)
            raise InputError([Diagnostic("no-file", f"{path.as_posix()} does not exist", hint=hint)])
        everything = place.resolve() == (cwd / DEFAULT).resolve()
        sets = [path] if isfile(place) or (_is_set(place) and not everything) else _below(path, cwd, everything)
        if not sets:
            message = f"{path.as_posix()} holds no problem file"
            raise InputError([Diagnostic("no-file", message, hint="`solgen new my-first` makes one")])
        found += [s for s in sets if s not in found]
    return tuple(found)


def problem_files(folder: Path) -> list[Path]:
    """The problem files of a folder, in the order of their names; a link to nothing too, which reading will refuse."""
    visible = (p for p in folder.iterdir() if not p.name.startswith("."))
    named = (p for p in visible if p.suffix in SUFFIXES and p.name not in SETTINGS)
    return sorted(p for p in named if p.is_file() or (p.is_symlink() and not p.exists()))


def folders_above(folder: Path, cwd: Path | None = None) -> tuple[Path, ...]:
    """A folder and every folder above it up to the working directory, the nearest first; elsewhere itself alone."""
    cwd = cwd or Path.cwd()
    way = Path(relpath(cwd / folder, cwd))
    if way.parts[:1] == ("..",):
        return (folder,)
    return (folder, *(cwd / above if folder.is_absolute() else above for above in way.parents))


def course_files(folder: Path) -> tuple[Path, ...]:
    """The `course.yaml` of a folder and of those above it, the nearest first; a link to nothing too."""
    return tuple(file for place in folders_above(folder) if lexists(file := place / COURSE_FILE) and not file.is_dir())


def template_folders(folder: Path) -> tuple[Path, ...]:
    """The folders `templates/` that a course has for the problems of a folder, the nearest first."""
    shipped = template_dir()
    found = (place / TEMPLATES for place in folders_above(folder))
    return tuple(f for f in found if f.is_dir() and not (isinstance(shipped, Path) and f.samefile(shipped)))


def set_name(place: Path) -> str:
    """What a set is called in the output: its folder, or a file's stem."""
    if place.is_dir():
        return place.resolve().name
    return place.parent.resolve().name if place.name == SET_FILE else place.stem


def require_distinct(found: Sequence[Path], cwd: Path) -> None:
    """Raises InputError where two sets would be written to one place."""
    names: dict[str, Path] = {}
    for path in found:
        name = set_name(cwd / path)
        other = names.setdefault(name, path)
        if other != path:
            message = f"{other.as_posix()} and {path.as_posix()} would both be written to output/{name}"
            raise InputError([Diagnostic("clash", message, hint="rename one of them")])


def near(place: Path) -> str:
    """The file that may have been meant."""
    if not place.parent.is_dir():
        return "name a problem file, or a folder of them"
    close = get_close_matches(place.name, [p.name for p in place.parent.iterdir()], n=1)
    return f"did you mean `{close[0]}`?" if close else "name a problem file, or a folder of them"


def _is_set(folder: Path) -> bool:
    return bool(problem_files(folder)) or (folder / SET_FILE).is_file()


def _below(path: Path, cwd: Path, everything: bool) -> list[Path]:
    """The sets in a folder of sets; in `problems/` itself loose files are sets of one."""
    loose = [path / p.name for p in problem_files(cwd / path)] if everything else []
    inner = sorted(p for p in (cwd / path).rglob("*") if p.is_dir() and not p.is_symlink() and _is_set(p))
    hidden = [p for p in inner if any(part.startswith(".") for part in p.relative_to(cwd / path).parts)]
    folders = [path / p.relative_to(cwd / path) for p in inner if p not in hidden]
    return sorted(loose + folders)
