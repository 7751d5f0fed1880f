r"""What a page is made of: the blocks of an exposition, each filled into the template of its name.

Every string here is finished LaTeX (`Tex`) or plain text, which the template escapes.  Blocks hold no
expressions: what is printed was printed from the trees that were checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from solgen.document.escape import Tex

NOTHING = Tex("")
PAGE_WIDTH = 400.0  # pt: the widest figure


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two; `lead` is set in bold before it."""

    text: Tex
    lead: str = ""
    template: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formulas side by side, where they fit in one line; `end` closes the last, `numbers` stand behind them."""

    items: tuple[Tex, ...]
    end: str = "."
    numbers: tuple[str, ...] = ()
    template: str = field(default="formulas", init=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a derivation: `left = …`, the reason in grey, the number; `label` stands before it.

    `key` is the line as the answer key has it, where it holds an answer; `shape` is that of its value, for where no
    shape stands under a factor.
    """

    left: Tex
    right: Tex
    reason: Tex = NOTHING
    number: str = ""
    label: Tex = NOTHING
    key: Tex = NOTHING
    shape: Tex = NOTHING


@dataclass(frozen=True, slots=True)
class Steps:
    """Aligned lines of a derivation."""

    rows: tuple[Row, ...]
    template: str = field(default="steps", init=False)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer, framed: a chain of equal forms, with its shape beside it."""

    formula: Tex
    shape: Tex = NOTHING
    number: str = ""
    template: str = field(default="result", init=False)


@dataclass(frozen=True, slots=True)
class Summary:
    """Several answers in one frame; a row's reason is the shape, its number refers to the derivation."""

    rows: tuple[Row, ...]
    title: str = ""
    template: str = field(default="summary", init=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One result of the key, the shape of its value, and the number under which the solutions derive it."""

    formula: Tex
    shape: Tex = NOTHING
    number: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its caption; `alt` says in words what it shows, `width` is in pt."""

    name: str
    width: float
    number: str
    caption: Tex
    alt: str
    template: str = field(default="picture", init=False)


@dataclass(frozen=True, slots=True)
class Aside:
    """A grey line: an assumption, the certificate."""

    text: Tex
    lead: str = ""
    template: str = field(default="aside", init=False)


Block = Paragraph | Formulas | Steps | Result | Summary | Picture | Aside


# ---------------------------------------------------------------- the pages around them


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part as it is set: its question, and its solution, or its answers alone, where the product has them."""

    letter: str
    anchor: str
    prompt: Tex
    points: str = ""
    hint: Tex = NOTHING
    space: str = ""
    blocks: tuple[Block, ...] = ()
    rubric: tuple[tuple[str, Tex], ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """A problem as it is set; `headed` is false where the document's title says it all."""

    number: str
    anchor: str
    title: Tex
    outline: str
    points: str
    statement: Tex
    parts: tuple[PartPage, ...]
    certificate: tuple[Tex, ...] = ()
    headed: bool = True


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule of the appendix: its statement, its proof, a remark on it, and the book that has it too."""

    number: str
    name: str
    statement: Tex
    proof: Steps
    note: Tex | str = ""
    source: Tex | str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """A whole document; `head` is the running head, `subtitle` what stands beneath the title.

    `product` and `product_title` are those of its row in `solgen.products`, `body` is the template of title and
    problems.  `points` are those of all problems; `scores` the columns of a table for marks: what is scored, out of how
    much; `graded` says whether it ends with how points are given.
    """

    product: str
    product_title: str
    body: str
    title: Tex
    plain_title: str
    head: Tex
    subtitle: tuple[Tex, ...]
    author: str
    conventions: tuple[Tex, ...]
    problems: tuple[ProblemPage, ...]
    rules: tuple[RulePage, ...] = ()
    points: str = ""
    scores: tuple[tuple[str, str], ...] = ()
    graded: bool = False
