r"""A derivation for somebody else's document: LaTeX that needs amsmath and bm alone, or Markdown with TeX mathematics.

The blocks are those of the solutions; our own macros are written out: a shape is an \underset, an answer \boxed, break
points go.  Figures and proofs of rules are left to the solutions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import assert_never

from solgen.document.blocks import Aside, Block, Formulas, Paragraph, Picture, Result, Row, Steps, Summary
from solgen.document.escape import Tex, escape_title
from solgen.document.grammar import listed, rule_name
from solgen.document.telling import Telling
from solgen.expr.unicode import SIGNS

RULES = re.compile(
    r" \((?:\\rulelink\{\d+\}(?:, )?)+\)|by (?:\\rulelink\{\d+\}(?:, | and )?)+"
)  # proved in the solutions
BREAKS = re.compile(r"\\brk(?:eq|in|p)?(?![A-Za-z]) ?")
MACROS: Mapping[str, tuple[int, Callable[..., str]]] = MappingProxyType({
    "sh": (2, lambda body, dims: rf"\underset{{{dims}}}{{{body}}}"), "ans": (1, lambda body: rf"\boxed{{{body}}}"),
    "gridfit": (1, lambda body: body), "eqlink": (1, lambda n: f"({n})"), "rulelink": (1, lambda n: f"rule {n}"),
    "formula": (1, lambda body: f"${body}$"), "formulas": (1, lambda body: f"\n{body}\n"),
    "eqn": (1, lambda n: f"({n})"), "routemark": (2, lambda number, colour: ""),
})  # fmt: skip
PREFACE = "% needs \\usepackage{amsmath,amssymb,bm}, and whatever the problem file's own prose uses\n"
_MACRO = re.compile(r"\\(" + "|".join(sorted(MACROS, key=len, reverse=True)) + r")(?![A-Za-z])\s*(?=\{)")
_WORDS_IN_MATH = re.compile(r"\\text\{((?:[^{}$]|\$[^$]*\$)*\$[^$]*\$(?:[^{}$]|\$[^$]*\$)*)\}")
_WORDS = (
    (re.compile(r"\\(?:textbf|lead)\{([^{}]*)\}"), r"**\1**"), (re.compile(r"\\(?:emph|textit)\{([^{}]*)\}"), r"*\1*"),
    (re.compile(r"\\ensuremath\{((?:[^{}]|\{[^{}]*\})*)\}"), r"$\1$"),
    (re.compile(r"\\text(?:quotedbl|less|greater|bar|asciitilde)\{\}"), lambda found: SIGNS[found[0][1:-2]]),
    (re.compile(r"\\texttt\{([^{}]*)\}"), r"`\1`"), (re.compile(r"\\([%&#_])"), r"\1"), (re.compile("~"), " "),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a target writes what TeX and Markdown write differently."""

    heading: Callable[[str, int], str]
    bold: Callable[[str], str]
    display: Callable[[str], str]
    words: Callable[[str], str]


def latex(told: Telling) -> str:
    """A problem and the solution of its parts as LaTeX for a document with amsmath, amssymb and bm."""
    dialect = Dialect(
        lambda text, level: rf"\{'sub' * (level - 1)}section*{{{text}}}",
        lambda text: rf"\textbf{{{text}}}",
        lambda body: rf"\[{body}\]",
        lambda text: text,
    )
    return _document(told, dialect)


def markdown(told: Telling) -> str:
    """A problem and the solution of its parts as Markdown, with mathematics between dollars."""
    dialect = Dialect(
        lambda text, level: f"{'#' * level} {_markdown(text)}",
        lambda text: f"**{text}**",
        lambda body: _markdown(f"$$\n{body}\n$$"),
        _markdown,
    )
    return _document(told, dialect)


# ---------------------------------------------------------------- from blocks to text


def _document(told: Telling, dialect: Dialect) -> str:
    """Title, statement, and each part with its question and its solution."""
    paragraphs = [dialect.heading(told.title, 1), _text(told.statement, dialect)]
    for part in told.parts:
        paragraphs += [dialect.heading(f"({part.letter})", 2), _text(part.prompt, dialect)]
        paragraphs += [text for block in part.blocks for text in _block(named(block, told.rules), dialect)]
    return "\n\n".join(text for text in paragraphs if text) + "\n"


def _block(block: Block, dialect: Dialect) -> Iterator[str]:
    match block:
        case Paragraph(text=text, lead=lead) | Aside(text=text, lead=lead):
            yield " ".join(part for part in (dialect.bold(lead) if lead else "", _text(text, dialect)) if part)
        case Formulas(items=items, end=end):
            yield dialect.display(_aligned([f"&{portable(item)}" for item in items]) + (end if len(items) == 1 else ""))
        case Steps(rows=rows):
            yield dialect.display(_aligned([_row(row) for row in rows]))
        case Summary(rows=rows):
            yield dialect.display(rf"\boxed{{{_aligned([_row(row) for row in rows])}}}")
        case Result(formula=formula, number=number):
            yield dialect.display(rf"\boxed{{{portable(formula)}}}" + (rf" \tag{{{number}}}" if number else ""))
        case Picture(caption=caption):
            yield _text(caption, dialect)
        case _:
            assert_never(block)


def _row(row: Row) -> str:
    r"""`label left &= right && \text{reason} (3)`."""
    label = rf"\text{{{portable(row.label)}}}\quad " if row.label else ""
    number = f"({row.number})" if row.number else ""
    note = " ".join(part for part in (portable(row.reason), number) if part)
    return rf"{label}{portable(row.left)} &{portable(row.right).removeprefix('{}')}" + (
        rf" && \text{{{note}}}" if note else ""
    )


def _aligned(rows: list[str]) -> str:
    body = " \\\\\n".join(rows)
    return (
        body.replace("&", "")
        if len(rows) == 1 and "&&" not in body
        else f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
    )


def _text(tex: str, dialect: Dialect) -> str:
    return dialect.words(portable(tex)).strip()


def _markdown(text: str) -> str:
    """Prose with the commonest text commands as Markdown's marks; mathematics stays as it is."""
    pieces = re.split(r"(\$\$[^$]*(?:\$[^$]+\$[^$]*)*\$\$|\$[^$]*\$)", text)
    for pattern, mark in _WORDS:
        pieces[::2] = [pattern.sub(mark, piece) for piece in pieces[::2]]
    text = "".join(pieces).replace(r"\bm{", r"\boldsymbol{").replace("@{}", "")  # which KaTeX does not know
    return _WORDS_IN_MATH.sub(lambda words: _opened(words[1]), text)


def _opened(words: str) -> str:
    r"""`\text{through $x$:}` as `\text{through }x\text{:}`: Markdown pairs dollars wherever they stand."""
    pieces = words.split("$")
    return "".join(piece if k % 2 else rf"\text{{{piece}}}" for k, piece in enumerate(pieces) if piece)


# ---------------------------------------------------------------- our macros written out


def named(block: Block, rules: Sequence[str]) -> Block:
    """A block whose reasons name the rules that the page cites by number alone, since no appendix proves them here."""
    if not isinstance(block, Steps):
        return block
    return replace(block, rows=tuple(replace(row, reason=Tex(_named(row.reason, rules))) for row in block.rows))


def _named(reason: str, rules: Sequence[str]) -> str:
    def names(found: re.Match[str]) -> str:
        cited = [rules[int(n) - 1] for n in re.findall(r"\d+", found[0])]
        return listed([str(escape_title(rule_name(name.partition(",")[0]))) for name in dict.fromkeys(cited)])

    return re.sub(r"by (?:\\rulelink\{\d+\}(?:, | and )?)+", names, reason)


def portable(tex: str) -> str:
    """LaTeX without the macros of our templates."""
    text = RULES.sub("", BREAKS.sub("", tex)).replace(r"\apart ", " ").replace(r"\enspace", " ").replace("{}=", "=")
    while found := _MACRO.search(text):
        count, written = MACROS[found[1]]
        given, end = arguments(text, found.end(), count)
        text = text[: found.start()] + written(*given) + text[end:]
    return text.replace(r"\mathbb{1}", r"\mathbf{1}")


def arguments(text: str, start: int, count: int) -> tuple[list[str], int]:
    """The braced arguments from a place on, and where they end."""
    found: list[str] = []
    for _ in range(count):
        depth, end = 0, start
        while True:
            escaped = end > 0 and text[end - 1] == "\\"
            depth += 0 if escaped else {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
            if depth == 0:
                break
        found.append(text[start + 1 : end - 1])
        start = end
    return found, start
