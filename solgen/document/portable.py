r"""A derivation for somebody else's document: LaTeX that needs amsmath and bm alone, or Markdown with TeX mathematics.

The blocks are those of the solutions, written with commands that every document has.  Figures and proofs of rules are
left to the solutions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from solgen.document.blocks import Aside, Block, Formulas, Paragraph, Picture, ResultBlock, Steps, Summary, TableRow
from solgen.document.telling import Telling
from solgen.render.chains import latex_chain, latex_sides
from solgen.render.latex import latex as written
from solgen.render.snippets import LATEX, MARKDOWN, Dialect, in_text
from solgen.render.words import join_words, words

PREFACE = "% needs \\usepackage{amsmath,amssymb,bm}, and whatever the problem file's own prose uses\n"


def portable_latex(told: Telling) -> str:
    """A problem and the solution of its parts as LaTeX for a document with amsmath, amssymb and bm."""
    return _document(told, LATEX)


def markdown(told: Telling) -> str:
    """A problem and the solution of its parts as Markdown, with mathematics between dollars."""
    return _document(told, MARKDOWN)


def _document(told: Telling, d: Dialect) -> str:
    """Title, statement, and each part with its question and its solution."""
    paragraphs = [
        d.heading(in_text(told.title, d), 1),
        in_text(told.statement, d),
        in_text(join_words(told.where, " "), d),
    ]
    for part in told.parts:
        paragraphs += [d.heading(f"({part.letter})", 2), in_text(part.prompt, d)]
        paragraphs += [text for block in part.blocks for text in _block(block, d)]
    return "\n\n".join(text for text in paragraphs if text) + "\n"


def _block(block: Block, d: Dialect) -> Iterator[str]:
    match block:
        case Paragraph(text=text, lead=lead) | Aside(text=text, lead=lead):
            yield " ".join(part for part in (d.bold(lead) if lead else "", in_text(text, d)) if part)
        case Formulas(items=(item,), end=end):
            yield d.display(latex_chain(item, d.macros) + end)
        case Formulas(items=items):
            yield d.display(_align([f"&{latex_chain(item, d.macros)}" for item in items]))
        case Steps(rows=rows):
            yield d.display(_rows(rows, d))
        case Summary(rows=rows):
            yield d.display(rf"\boxed{{{_rows(rows, d)}}}")
        case ResultBlock(formula=formula, number=number):
            yield d.display(rf"\boxed{{{latex_chain(formula, d.macros)}}}" + (rf" \tag{{{number}}}" if number else ""))
        case Picture(caption=caption):
            yield in_text(caption, d)
        case _:
            assert_never(block)


def _rows(rows: tuple[TableRow, ...], d: Dialect) -> str:
    """Lines of a derivation under each other; one without a remark needs no alignment."""
    if len(rows) == 1 and not rows[0].reason and not rows[0].number:
        return _line(rows[0], d, " ")
    return _align([_line(row, d, " &") for row in rows])


def _line(row: TableRow, d: Dialect, sign: str) -> str:
    r"""`label left &= right && \text{reason} (3)`."""
    label = rf"{d.remark(row.label)}\quad " if row.label else ""
    left = written(row.left, d.macros) if row.left else ""
    number = f"({row.number})" if row.number else ""
    note = words(row.reason, " " if row.reason and number else "", number)
    return f"{label}{left}{sign}{latex_sides(row.right, d.macros)}" + (rf" && {d.remark(note)}" if note else "")


def _align(lines: list[str]) -> str:
    body = " \\\\\n".join(lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
