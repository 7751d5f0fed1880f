"""Two folders of outputs side by side: what differs, each difference once, with the files that have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from tests.same.tokens import canonical

Outputs = Mapping[str, str]  # the text of each file by its name
CRASH = "crash.txt"


@dataclass(frozen=True, slots=True)
class Change:
    """Lines of the base in whose place there are others now; for a file that only one side has, all of its lines."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def compared(base: Outputs, tree: Outputs) -> dict[Change, list[str]]:
    """Every change, in the order of the files, with the files in which it occurs."""
    found: dict[Change, list[str]] = {}
    for name in sorted({*base, *tree}):
        for change in changes(name, base.get(name), tree.get(name)):
            found.setdefault(change, []).append(name)
    return found


def changes(name: str, before: str | None, after: str | None) -> Iterator[Change]:
    """What changed in one file; LaTeX is compared token for token, everything else as it is."""
    if before == after:
        return
    if before is None or after is None:
        missing, there = (f"(no {name})",), (f"(there is {name})",)
        yield Change(missing, there) if before is None else Change(there, missing)
        return
    read = canonical if name.endswith(".tex") else lambda text: text.splitlines(keepends=True)
    old, new = read(before), read(after)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Change(tuple(old[a:b]), tuple(new[c:d]))


def crashes(outputs: Outputs) -> list[str]:
    """What came to no end, and why; none of the sets should."""
    return [f"{name}:\n{text}" for name, text in outputs.items() if name.endswith(CRASH)]


def differing(found: Mapping[Change, list[str]]) -> set[str]:
    """The files with any change."""
    return {name for names in found.values() for name in names}


def report(found: Mapping[Change, list[str]], most: int) -> Iterator[str]:
    """The first `most` changes as short diffs, all of them for 0, each with the files that have it."""
    for number, (change, names) in enumerate(found.items()):
        if most and number == most:
            yield f"... and {len(found) - most} other changes: --most 0 shows all"
            return
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield f"@@ {names[0]}{others}"
        yield from (f"-{line.rstrip(chr(10))}" for line in change.before)
        yield from (f"+{line.rstrip(chr(10))}" for line in change.after)
