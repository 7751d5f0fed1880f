"""Where sets of problems lie: a folder is a set, a file alone a set of one; finding them under `problems/`.

Only names of files are looked at, nothing is read; so that what did not change is found before a reader is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from os.path import exists, isfile
from pathlib import Path

from solgen.errors import Diagnostic, InputError

SET_FILE = "set.yaml"
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
    named = (p for p in visible if p.suffix in SUFFIXES and p.name != SET_FILE)
    return sorted(p for p in named if p.is_file() or (p.is_symlink() and not p.exists()))


def set_name(place: Path) -> str:
    """What a set is called in the output: its folder, or a file's stem."""
    if place.is_dir():
        return place.resolve().name
    return place.parent.resolve().name if place.name == SET_FILE else place.stem


def distinct(found: Sequence[Path], cwd: Path) -> None:
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
