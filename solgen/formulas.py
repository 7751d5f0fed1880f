r"""A formula as lines of a terminal: matrices and cases over several lines, long sides broken at outer level.

A chain of equalities is set in one line where it fits, else a side a line; a side that is still too long is broken
before a sum's sign, then a product's, the outermost first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest

from rich.cells import cell_len

from solgen.document.portable import portable
from solgen.expr.unicode import from_latex

BREAK = r"\brkeq"
ANSWER = re.compile(r"\\(?:ans|boxed)\{")
BOXED = re.compile(r"^((?:=|\s|\{\}|\\in|\\approx)*)\\boxed\{(.*)\}\s*$", re.DOTALL)
MATRIX = re.compile(
    r"(?P<open>\\left\(|\\left\[|)\\begin\{(?P<name>array|cases|pmatrix|bmatrix)\}(?P<spec>\{(?:[^{}]|\{\})*\})?"
    r"(?P<body>.*?)\\end\{(?P=name)\}(?:\\right[)\]]|)",
    re.DOTALL,
)
ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?")
BRACKETS = {
    "(": ("()", "⎛⎜⎝", "⎞⎟⎠"), "[": ("[]", "⎡⎢⎣", "⎤⎥⎦"), "{": ("{ ", "⎧⎪⎩", "   "),
}  # fmt: skip
INDENT, DEEPER = 4, 2  # columns before what continues a side, and more for each bracket that is open
EARLY = 0.15  # no line is broken in its first part
RANKS = (" +−", " ⊙⊘∘·×", " ")  # signs before which a line is broken, the weakest first


@dataclass(frozen=True, slots=True)
class Box:
    """Lines of equal width; `base` is the one that a formula beside them stands in."""

    lines: tuple[str, ...]
    base: int = 0

    @property
    def width(self) -> int:
        return max(map(cell_len, self.lines))

    def beside(self, other: Box) -> Box:
        """Both, with their base lines in one."""
        up, down = max(self.base, other.base), max(len(b.lines) - b.base for b in (self, other))
        left, right = (b.padded(up - b.base, up + down) for b in (self, other))
        return Box(tuple(a + b for a, b in zip(left, right, strict=True)), up)

    def padded(self, above: int, height: int) -> list[str]:
        """The lines with empty ones above and below, as wide as the widest."""
        lines = [""] * above + list(self.lines) + [""] * (height - above - len(self.lines))
        return [line + " " * (self.width - cell_len(line)) for line in lines]


SPACE = Box((" ",))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a chain, its sign before it: `= a`; `answer` where the page frames it."""

    box: Box
    answer: bool = False


def sides(tex: str) -> tuple[Side, ...]:
    r"""A chain in LaTeX, `{}= a \brkeq {}= b`, side by side."""
    return tuple(_side(part) for part in tex.split(BREAK) if part.strip(" {}"))


def linear(tex: str) -> str:
    """A formula in one line."""
    return from_latex(portable(tex))


def joined(chain: Sequence[Side]) -> Box:
    """The chain in one line."""
    boxes = [box for side in chain for box in (SPACE, side.box)][1:]
    return reduce(Box.beside, boxes) if boxes else Box(("",))


def stacked(chain: Sequence[Side], width: int) -> tuple[Side, ...]:
    """A side a line, each broken to fit."""
    return tuple(piece for side in chain for piece in _broken(side, width))


# ---------------------------------------------------------------- from LaTeX


def _side(tex: str) -> Side:
    answer = ANSWER.search(tex) is not None
    plain = BOXED.sub(r"\1\2", portable(tex.strip()))
    return Side(_set(plain), answer)


def _set(tex: str) -> Box:
    """A formula with its matrices over several lines, where they stand in no other argument."""
    found = MATRIX.search(tex)
    if not found or _depth(tex[: found.start()]) or r"\begin" in found["body"]:
        return Box((from_latex(tex),))
    before, after = from_latex(tex[: found.start()]), _set(tex[found.end() :])
    matrix = _matrix(found["name"], found["open"], found["spec"] or "", found["body"])
    pieces = [Box((before + " ",)) if before else Box(("",)), matrix]
    return reduce(Box.beside, [*pieces, SPACE, after] if after.width else pieces)


def _depth(tex: str) -> int:
    bare = tex.replace(r"\{", "").replace(r"\}", "")
    return bare.count("{") - bare.count("}")


def _matrix(name: str, opened: str, spec: str, body: str) -> Box:
    rows = [[from_latex(cell) for cell in row.split("&")] for row in ROW_END.split(body) if row.strip()]
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max(map(cell_len, column)) for column in columns]
    bars = _bars(spec)
    lines = [_cells(row, widths, bars, name != "cases") for row in rows]
    kind = "{" if name == "cases" else "[" if "[" in opened or name == "bmatrix" else "("
    return _bracketed(lines, kind)


def _bars(spec: str) -> set[int]:
    """After which columns a line is drawn."""
    inside = spec[1:-1].replace("@{}", "")
    return {len(re.sub(r"[^lcr]", "", inside[:k])) for k, c in enumerate(inside) if c == "|"}


def _cells(row: Sequence[str], widths: Sequence[int], bars: set[int], centred: bool) -> str:
    out = ""
    for k, (cell, width) in enumerate(zip_longest(row, widths, fillvalue="")):
        room = int(width or 0) - cell_len(str(cell))
        left = room // 2 if centred else 0
        out += (" │ " if k in bars else "  " if k else "") + " " * left + str(cell) + " " * (room - left)
    return out


def _bracketed(lines: Sequence[str], kind: str) -> Box:
    single, left, right = BRACKETS[kind]
    if len(lines) == 1:
        return Box((f"{single[0]}{lines[0]}{single[1]}",))
    last = len(lines) - 1
    ends = [0 if k == 0 else 2 if k == last else 1 for k in range(len(lines))]
    framed = [f"{left[e]} {line} {right[e]}" for e, line in zip(ends, lines, strict=True)]
    middle = last // 2
    if kind == "{" and len(lines) > 2:
        framed[middle] = "⎨" + framed[middle][1:]
    return Box(tuple(framed), middle)


# ---------------------------------------------------------------- long lines


def _broken(side: Side, width: int) -> tuple[Side, ...]:
    if len(side.box.lines) > 1 or side.box.width <= width:
        return (side,)
    return tuple(Side(Box((line,)), side.answer) for line in broken(side.box.lines[0], width))


def broken(text: str, width: int) -> list[str]:
    """A formula in lines of at most `width` columns where it can be broken at all; a deeper break is indented more."""
    lines, rest, depth = [], text, 0
    while cell_len(rest) > width:
        place = _break(rest, width)
        if place is None:
            break
        deeper, _, at = place
        lines.append(rest[:at].rstrip())
        depth += deeper
        rest = " " * (INDENT + DEEPER * max(depth, 0)) + rest[at:].lstrip()
    return [*lines, rest]


def _break(text: str, width: int) -> tuple[int, int, int] | None:
    """Where to break: at the outermost level, before the weakest sign, as late as it fits."""
    places = list(_places(text))
    found = [place for place in places if cell_len(text[: place[2]]) <= width] or places[:1]
    late = [place for place in found if cell_len(text[: place[2]]) >= EARLY * width] or found
    if not late:
        return None
    depth, rank, _ = min(late)
    return max(place for place in late if place[:2] == (depth, rank))


def _places(text: str) -> Iterable[tuple[int, int, int]]:
    """Every place before a sign: how deep, how weak a sign, and where."""
    depth = 0
    for at, c in enumerate(text):
        depth += (c in "([{⟨⎛") - (c in ")]}⟩⎞")
        after = text[at + 1 : at + 2]
        if c == " " and after and text[:at].strip() and text[at - 1 : at] not in "=+−⊙⊘∘·×∈,":
            rank = next(n for n, signs in enumerate(RANKS) if after in signs.strip() or signs == " ")
            yield depth, rank, at + 1
