"""The examples of docs/format.md: each block as the problem that it is, or that it is a piece of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any, Literal

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/format.md").read_text(encoding="utf-8")
Mark = Literal["", "not-built-yet", "not-refused-yet"]
FENCE = re.compile(r"^```(\w+)(?: (\w+))??(?: (not-built-yet|not-refused-yet))?\n(.*?)^```", re.MULTILINE | re.DOTALL)


DRAWN = "parts: [{prompt: Draw it., solve: graph}]\n"


def load(text: str) -> Any:
    """YAML as plain data."""
    return YAML(typ="safe", pure=True).load(text)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: a `problem`, `keys` of one, a `part`, a `set`, `answers`, a `model`, or commands."""

    line: int
    language: str
    kind: str
    mark: Mark
    text: str
    before: str

    @property
    def name(self) -> str:
        return f"{self.kind or self.language}-{self.line}"


def blocks() -> list[Block]:
    """Every block of the page, with the paragraphs of its section that stand before it."""
    found = []
    for match in FENCE.finditer(PAGE):
        language, kind, mark, text = match.groups()
        heading = PAGE.rfind("\n#", 0, match.start())
        line = PAGE.count("\n", 0, match.start()) + 1
        found.append(Block(line, language, kind or "", mark or "", text, PAGE[heading : match.start()]))
    return found


def write(folder: Path, block: Block) -> Path:
    """The block as a file, or as a folder that is a set."""
    if block.kind == "set":
        return _write_set(folder, block)
    place = folder / f"{block.name}.yaml"
    place.write_text(_problem_text(block), encoding="utf-8")
    return place


def small() -> dict[str, str]:
    """The problem that the short examples are pieces of, the first of the page: the text of each key, by the key."""
    text = next(b.text for b in blocks() if b.kind == "problem")
    return {lines.partition(":")[0]: lines for lines in re.findall(r"^\w.*\n(?: .*\n)*", text, re.MULTILINE)}


def _problem_text(block: Block) -> str:
    """The problem that a block is, or a piece of."""
    whole = small()
    match block.kind:
        case "problem":
            return block.text
        case "keys":
            return _with_keys(whole, block.text)
        case "part":
            return _joined(whole, "parts") + f"parts:\n  -\n{indent(block.text, ' ' * 4)}"
        case _:
            return f"title: A model\nmodel: |\n{indent(block.text, '  ')}{DRAWN}"


def _with_keys(whole: dict[str, str], text: str) -> str:
    """The problem with some keys replaced; where the model is another, its names are others too."""
    given = load(text)
    if "model" not in given:
        return _joined(whole, *given) + text
    return _joined(whole, *given, "parameters", "targets", "parts") + text + ("" if "parts" in given else DRAWN)


def _joined(whole: dict[str, str], *without: str) -> str:
    return "".join(text for key, text in whole.items() if key not in without)


def _write_set(folder: Path, block: Block) -> Path:
    """The set with the files that it lists; each has the parts that the set asks of it."""
    place = folder / block.name
    place.mkdir()
    (place / "set.yaml").write_text(block.text, encoding="utf-8")
    for entry in load(block.text).get("problems", ["01.yaml"]):
        file, ids = (entry, ["a"]) if isinstance(entry, str) else (entry["file"], entry["parts"])
        parts = "".join(f"  - {{id: {one}, prompt: Draw it., points: 3, solve: graph}}\n" for one in ids)
        (place / file).parent.mkdir(exist_ok=True)
        (place / file).write_text(f"{_joined(small(), 'parts')}parts:\n{parts}", encoding="utf-8")
    return place


def section(title: str) -> str:
    """The text under a heading, up to the next of its rank or higher."""
    (found,) = re.findall(rf"^(#+) {re.escape(title)}$", PAGE, re.MULTILINE)
    body = PAGE.split(f"\n{found} {title}\n", 1)[1]
    return re.split(rf"^#{{1,{len(found)}}} ", body, maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str, heading: str) -> list[str]:
    """The first cells, which are code, of the table whose first column has this heading."""
    (rows,) = re.findall(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [name for row in rows.splitlines() for name in re.findall(r"^\| `([^`]+)`", row)]
