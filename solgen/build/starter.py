"""`solgen new`: a set to begin with, copied from the example, with the schema that editors read beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from solgen.errors import Diagnostic, InputError
from solgen.places import example_dir
from solgen.reader.keys import json_schema
from solgen.scratch import write_whole

SCHEMA = "problem.schema.json"
NAME = re.compile(r"\w[\w.-]{0,99}")


def begin(name: str, cwd: Path) -> tuple[Path, ...]:
    """Write problems/NAME/ with set.yaml, one commented problem and the schema; returns the paths, relative to `cwd`.

    Raises InputError where the name is no folder's name, or where the folder is there already.
    """
    if not NAME.fullmatch(name):
        hint = "use letters, digits and - _ . only; the set is made in problems/NAME/"
        raise InputError([Diagnostic("bad-name", f"`{name}` cannot name a set", hint=hint)])
    folder = Path("problems") / name
    if (cwd / folder).exists():
        hint = "choose another name, or remove it first; nothing was written"
        raise InputError([Diagnostic("already-there", f"{folder} exists", hint=hint)])
    files = _files(name)
    for file, text in files.items():
        write_whole(cwd / folder / file, text.encode())
    return tuple(folder / file for file in files)


def _files(name: str) -> dict[str, str]:
    """The files of a new set, by name: the example's, under another title, and the schema."""
    example = {entry.name: entry.read_text(encoding="utf-8") for entry in example_dir().iterdir() if entry.is_file()}
    title = re.sub(r"[-_.]+", " ", name).strip().capitalize() or name
    files: dict[str, str] = {}
    for file, text in sorted(example.items()):
        if file == "set.yaml":
            files[file] = re.sub(r"(?m)^title: .*$", lambda _: f"title: {json.dumps(title)}", text, count=1)
        else:
            files[file] = f"# yaml-language-server: $schema={SCHEMA}\n{text}"
    return files | {SCHEMA: json.dumps(json_schema(), indent=1) + "\n"}
