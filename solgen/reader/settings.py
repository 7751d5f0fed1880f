"""What stands around the problems of a set: its `set.yaml`, and the `course.yaml` of its folder and of those above.

`set.yaml` comes before the nearest `course.yaml`, that before farther ones; mappings are merged key by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from solgen.errors import Diagnostic
from solgen.reader.folders import SET_FILE, course_files, template_folders
from solgen.reader.keys import COURSE, SET
from solgen.reader.problems import Defaults, read_notation
from solgen.reader.references import read_plain, read_symbol_latex
from solgen.reader.size_order import Sizes, read_sizes
from solgen.reader.source import Defects
from solgen.reader.value_kinds import Record
from solgen.reader.yaml.loader import load_text, parse_yaml
from solgen.reader.yaml.yaml_nodes import Map, Node
from solgen.written.prose import commands_of_header


@dataclass(frozen=True, slots=True)
class Settings:
    """One such file: the keys in it that are as they should be, and what is wrong with it."""

    keys: Mapping[str, Node]
    report: Defects

    def text(self, name: str) -> str:
        """A value in plain text; empty where the file does not have it."""
        return read_plain(self.keys.get(name), self.report)


def read_set_settings(folder: Path) -> Settings | None:
    """The `set.yaml` of a folder, if there is one."""
    return _open_settings(folder / SET_FILE, SET, folder) if (folder / SET_FILE).is_file() else None


def read_courses(folder: Path) -> tuple[Settings, ...]:
    """Every `course.yaml` that a set in this folder is under, the nearest first."""
    return tuple(_open_settings(file, COURSE, folder) for file in course_files(folder))


def merge_defaults(settings: Sequence[Settings], folder: Path) -> Defaults:
    """What the problems of a folder take from these files, of which the first come before the others."""
    found = Defaults(commands=read_commands(folder))
    for one in reversed(settings):
        found = _over(found, one)
    return found


def first_text(settings: Sequence[Settings], name: str) -> str:
    """A value in plain text, of the first file that has it."""
    return next((text for one in settings if (text := one.text(name))), "")


def mistakes(settings: Sequence[Settings]) -> list[Diagnostic]:
    """Everything that is wrong with these files."""
    return [diagnostic for one in settings for diagnostic in one.report.diagnostics]


def read_commands(folder: Path) -> frozenset[str]:
    """The commands that the header of the problems of a folder defines, the nearest one that there is."""
    return commands_of_header(template_folders(folder))


def _open_settings(file: Path, record: Record, folder: Path) -> Settings:
    report = Defects(load_text(file), read_commands(folder))
    root = parse_yaml(report)
    return Settings(record.open(root, report) if root is not None else {}, report)


def _over(base: Defaults, given: Settings) -> Defaults:
    keys, report = given.keys, given.report
    latex = keys.get("latex")
    pairs = latex.pairs if isinstance(latex, Map) else ()
    sizes = read_sizes(keys.get("sizes"), report)
    return Defaults(
        read_notation(keys.get("notation"), base.notation),
        {**base.latex, **{name.text: read_symbol_latex(value, report).strip() for name, value in pairs}},
        Sizes([*base.sizes.order, *sizes.order], base.sizes.fixed | sizes.fixed, base.sizes.places | sizes.places),
        base.commands,
    )
