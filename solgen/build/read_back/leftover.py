r"""What is left of a page when its formulas are taken out: words, which must hold no mathematics of ours.

A relation, an operator, a Greek letter or a digit may stand there only as part of a reference, of points, of a count,
of a convention at a kink, or of what the author typed, which has a reader of its own (`solgen.written.prose`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from solgen.build.read_back.counts import Amounts, false_uses, without_counts
from solgen.document.pages import Document
from solgen.expr.ops import ROWS
from solgen.expr.ops.convention import Kink
from solgen.expr.present.tree import Shows
from solgen.model.noun_walk import parts
from solgen.model.problem import Problem
from solgen.render.escape import escape
from solgen.render.latex_words import latex_words
from solgen.render.words import Code, Phrase, Typed, Words
from solgen.written.passages import FormulaPassage, passages

SHORTEST = 4  # of a text of the pages that is looked for in a file

SIGNS = "=+*^_|<>≤≥≈≠∈⊂→↦×·⊙∘⊗⋆⊤ᵀ′∂∇∑Σ∏√∞‖−±¬𝟏𝟙ℝ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₘ"
MATHEMATICS = re.compile(rf"[0-9½⅓⅔¼¾Α-Ωα-ωϕϵ{re.escape(SIGNS)}]|(?<![\w/])/|/(?![\w])")
IN_FILES = re.compile(rf"{MATHEMATICS.pattern}|\\ensuremath|\\(?:frac|sum|top|odot|cdot|bm|sh)(?![a-z])")
NUMERALS = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twice|thrice)\b")
COUNTING = re.compile(rf"{MATHEMATICS.pattern}|{NUMERALS.pattern}|\b(?:no|one|both)\b")  # what need be looked at
_NUMBER = "(?:[0-9]+|[0-9]*[½⅓⅔¼¾])"
_LABEL = r"[0-9]+(?:\.[0-9]+)*[a-z]?(?!\w)"  # of a problem, as its author numbers it
ALLOWED = re.compile("|".join((
    rf"{_NUMBER} points?\b",  # what a question is worth
    r"\bMC [0-9]+(?:, [0-9]+)*",  # equations of the book that the appendix cites
    rf"\b(?:[Pp]roblem|part|figure|step|line|rule)s? {_LABEL}(?:, {_LABEL})*(?: and {_LABEL})?",
    r"\bR[0-9]+\b", r"\b(?:19|20)[0-9]{2}\b",  # and dates
    r"\b[0-9]+th use\b",  # counted apart
    r"\(long axes cut short: ",
    r"\bis 1 where\b", r"\belse 0\b", r"\bits 1 in place\b", r"\bsums? to 1\b", r"−1, 0 or 1\b", r"\b[Aa]t 0\b",
    r"\bslope 1\b", r"\bis taken as [01]\b", r"\b[12]-norm\b",
)))  # fmt: skip


def _group_pattern(inside: str) -> str:
    """The pattern of a group in braces, in which such groups may stand."""
    return r"\{(?:[^{}\\]|\\." + (f"|{inside}" if inside else "") + r")*\}"


STRUCTURE = re.compile("|".join((  # what is no text in a document of ours: numbers behind lines, anchors, room
    rf"\\(?:hypersetup|need|renewcommand)(?:{_group_pattern(_group_pattern(_group_pattern('')))})+",
    r"\{(?:part|problem)\.[0-9.]+\}",
    r"\\(?:begin|end)\{[a-z]+\*?\}", r"\\(?:eqlink|rulelink|eqn)\{[0-9]+\}", r"\{[0-9]+\}", r"\\includegraphics[^\n]*",
    r"(?:[0-9.½⅓⅔¼¾ ]*&[0-9.½⅓⅔¼¾ ]*)+(?:Total )?\\\\[^\n]*",  # the table of points
    r"(?<!\\)%[^\n]*", r"(?<![A-Za-z])[0-9.]+(?:\\[a-z]+|pt|em|ex|mm|cm)", r"\\[a-z]+=[-0-9.]+",
)))  # fmt: skip
GONE = "\n"  # stands where a formula stood


def stray_words(pages: object, problem: Problem | None, known: Amounts) -> Iterator[str]:
    """What sentences of ours say with signs, digits and number words that are no formula, each in words.

    problem: whose author may have typed some of it; known: how many there are of what is counted.
    """
    found: dict[str, None] = {}
    for phrases in _sentences(pages):
        for k, phrase in enumerate(phrases):
            if isinstance(phrase, str) and COUNTING.search(phrase):
                rest, wrong = without_counts(phrases, k, known)
                sign = _stray_in(rest)
                if (sign or wrong) and not _is_typed(phrase.strip(), problem):
                    stray = f"says `{phrase.strip()}`, where `{sign}` stands in no formula that could be read"
                    found.update(dict.fromkeys((*wrong, *([stray] if sign else []))))
    yield from found
    yield from false_uses(pages, known)


def _is_typed(phrase: str, problem: Problem | None) -> bool:
    return problem is not None and any(phrase in text for text in texts(problem) if isinstance(text, str))


def sentences(page: object) -> Iterator[str]:
    """The plain text of every sentence of a page."""
    yield from (phrase for phrases in _sentences(page) for phrase in phrases if isinstance(phrase, str))


def _sentences(page: object) -> Iterator[tuple[Phrase, ...]]:
    """Every sentence of a page."""
    match page:
        case Words(phrases):
            yield phrases
        case _ if not isinstance(page, Shows):
            for part in parts(page):
                yield from _sentences(part)


def _stray_in(phrase: str) -> str:
    """The first sign of mathematics that may not stand in a sentence; empty where there is none."""
    rest = ALLOWED.sub(" ", _without_kinks(phrase))
    stray = MATHEMATICS.search(rest) or (None if phrase.strip().rstrip(".") in _OF_ROWS else NUMERALS.search(rest))
    return stray[0] if stray else ""


_OF_ROWS = frozenset(f"is {row.means or row.doc[:1].lower() + row.doc[1:]}".rstrip(".") for row in ROWS)


def _without_kinks(phrase: str) -> str:
    """A sentence without the conventions ReLU′(0) = 0 that a row states so."""
    return _KINK.sub(lambda kink: "" if _plain(kink[0]) in _STATED else kink[0], phrase)


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if not c.isspace() and c != "_")


_KINK = re.compile(r"[\w ]*\w′*(?:\([0-9]+\))? = −?[0-9]+")
_STATED = frozenset(
    _plain(str(kink).replace(name, other))
    for row in ROWS
    for kink in row.conventions
    if isinstance(kink, Kink) and kink.is_formula
    for name in (kink.function,)
    for other in (name, row.english or name)
)


# ---------------------------------------------------------------- the file


def stray_in_file(document: Document, tex: str, formulas: Sequence[FormulaPassage]) -> Iterator[str]:
    """What stands in a file beside its formulas, and is no word, no number of a line and no sentence of its pages."""
    rest = without_formulas(tex, formulas)
    for piece in sorted(set(_noticeable_pieces(document.pages)), key=len, reverse=True):
        rest = rest.replace(piece, " ")
    rest = ALLOWED.sub(" ", STRUCTURE.sub(" ", rest))
    for line in rest.splitlines():
        if stray := IN_FILES.search(line):
            yield f"the file prints `{' '.join(line.split())}`, where `{stray[0]}` stands in no formula"


def without_formulas(tex: str, formulas: Iterable[FormulaPassage]) -> str:
    """LaTeX with a line's end in the place of each formula."""
    left, place = list[str](), 0
    for passage in sorted(formulas, key=lambda p: p.start):
        if passage.end > place:
            left += (tex[place : max(place, passage.start)], GONE)
            place = passage.end
    return "".join((*left, tex[place:]))


def _noticeable_pieces(page: object) -> Iterator[str]:
    """The pieces of a page's sentences, titles and labels that hold what would be noticed, as LaTeX."""
    for text in texts(page):
        for piece in (text,) if isinstance(text, str) else without_formulas(text.tex, passages(text.tex)).split(GONE):
            if len(piece) >= SHORTEST and IN_FILES.search(piece):
                yield escape(piece) if isinstance(text, str) else piece


def texts(page: object) -> Iterator[str | Typed]:
    """Every text of a page outside of its formulas."""
    match page:
        case str() | Typed():
            yield page
        case Code():
            yield Typed(latex_words(Words((page,))))
        case Words(phrases) if any(isinstance(phrase, Typed) for phrase in phrases):
            yield Typed(latex_words(page))  # mathematics may begin in one phrase and end in another
        case _ if not isinstance(page, Shows):
            for part in parts(page):
                yield from texts(part)
