"""Files as they come when something went wrong while they were written: bytes, words and the structure changed."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
ODD: tuple[Any, ...] = (
    None, True, "", "x", 0, -1, 3.5, 1e308, 10**400, [], {}, [[]], {"a": {"b": []}}, "a" * 300, "$x", "[[", "]]",
    "\\frac{", "x: R[n]", "1/0", "((((((((((", "W @", "é", "\u202e", "0x10", "1e999", "nan", "all", "L, L, L", "dL/d",
    "W[", "x[0]",
)  # fmt: skip
PIECES = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\t", b"\\", b"{", b"}", b"[[", b"]]", b"$", b"%", b"#", b"&a ", b"*a ",
    b"!!python/x ",
    b"---\n", b"...\n", b"|\n", b">\n", b": ", b"- ", b"\"", b"'", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"@" * 50,
    b"(" * 300, b"9" * 400, b"**9", b"\\csname x\\endcsname", b"\\input{x}", b"<% for %>", b"<< x >>", b"^", b"_", b"~",
)  # fmt: skip


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """One to three changes of a file, of one way or another; `others` give the pieces that are put in."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(WAYS)(data, others, chance)
    return data


def change_bytes(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A byte flipped, a stretch cut out, doubled or moved, the end cut off, or something odd put in."""
    at, to = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    match chance.randrange(6):
        case 0 if data:
            at = min(at, len(data) - 1)
            return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        case 1:
            return data[:at] + data[min(to, at + 40) :]
        case 2:
            return data[:to] + data[at:to] * chance.choice((1, 2)) + data[to:]
        case 3:
            return data[:at]
        case 4:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            return data[:at] + other[start : start + chance.randrange(1, 60)] + data[at:]
        case _:
            return data[:at] + chance.choice(PIECES) + data[at:]


def change_tokens(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A word or sign replaced by another of this file or of another one, left out, doubled, or two exchanged."""
    tokens = TOKEN.findall(data.decode("utf-8", "replace"))
    if not tokens:
        return data
    at, to = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    match chance.randrange(5):
        case 0:
            tokens[at] = tokens[to]
        case 1:
            tokens[at] = chance.choice(TOKEN.findall(chance.choice(others).decode("utf-8", "replace")) or [""])
        case 2:
            del tokens[at]
        case 3:
            tokens.insert(at, tokens[at])
        case _:
            tokens[at], tokens[to] = tokens[to], tokens[at]
    return "".join(tokens).encode()


def change_lines(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A line left out, doubled, moved, indented otherwise, or taken from another file."""
    lines = data.splitlines(keepends=True) or [b""]
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines[at] = chance.choice((b" ", b"  ", b"\t")) + lines[at] if chance.random() < 0.5 else lines[at].lstrip()
        case _:
            lines.insert(at, chance.choice(chance.choice(others).splitlines(keepends=True) or [b""]))
    return b"".join(lines)


def change_structure(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A value of the YAML replaced, left out, exchanged or nested, a key renamed; what is no YAML is left."""
    tree, other = _loaded(data), _loaded(chance.choice(others))
    places = [*_places(tree)]
    if not places:
        return data
    holder, key = chance.choice(places)
    match chance.randrange(6):
        case 0:
            holder[key] = chance.choice(ODD)
        case 1:
            del holder[key]
        case 2:
            there, where = chance.choice(places)
            holder[key], there[where] = there[where], holder[key]
        case 3 if isinstance(holder, dict):
            holder[chance.choice(places)[1]] = holder.pop(key)
        case 4:
            theirs = [*_places(other)]
            if theirs:
                there, where = chance.choice(theirs)
                holder[key] = there[where]
        case _:
            holder[key] = chance.choice(
                ([holder[key]], {"say": holder[key]}, {str(key): holder[key]}, [holder[key]] * 3)
            )
    return _dumped(tree, data)


WAYS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    change_bytes, change_tokens, change_tokens, change_lines, change_structure, change_structure,
)  # fmt: skip


def _loaded(data: bytes) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(data.decode("utf-8", "replace"))
    except (YAMLError, ValueError, RecursionError, AttributeError, LookupError, TypeError, AssertionError):
        return None


def _dumped(tree: Any, data: bytes) -> bytes:
    sink = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.sort_base_mapping_type_on_output = False, False
    yaml.allow_unicode = True
    try:
        yaml.dump(tree, sink)
    except (YAMLError, ValueError, RecursionError, TypeError, AttributeError):
        return data
    return sink.getvalue().encode("utf-8", "replace")


def _places(tree: Any, depth: int = 0) -> list[tuple[Any, Any]]:
    """Every place of a tree, as what holds it and its key there."""
    if depth > 20 or not isinstance(tree, dict | list):
        return []
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    return [(tree, key) for key in keys] + [place for key in keys for place in _places(tree[key], depth + 1)]
