r"""What a page is made of: the blocks of an exposition, each filled into the template of its name.

Blocks hold sentences (`Words`), presentation trees and chains of them, in no format, and plain text: each format writes
them, and escapes what is plain.  LaTeX stands in them only where a person typed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from solgen.expr.present.tree import Node
from solgen.render.chains import Beside, Chain, Equality, Sides
from solgen.render.words import NOTHING, Words

PAGE_WIDTH = 400.0  # pt: the widest figure


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two; `lead` is set in bold before it."""

    text: Words
    lead: str = ""
    template: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formulas side by side, where they fit in one line; `end` closes the last, `numbers` stand behind them."""

    items: tuple[Equality | Node, ...]
    end: str = "."
    numbers: tuple[str, ...] = ()
    template: str = field(default="formulas", init=False)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a derivation: `left = …`, the reason in grey, the number; `label` stands before it.

    `key` is the line as the answer key has it, where it holds an answer; `shape` is that of its value, for where no
    shape stands under a factor.
    """

    left: Node | None
    right: Sides
    reason: Words = NOTHING
    number: str = ""
    label: Words = NOTHING
    key: Chain | Equality | None = None
    shape: Node | None = None

    @property
    def framed(self) -> bool:
        """Whether the line holds an answer."""
        return any(side.answer for side in self.right)


@dataclass(frozen=True, slots=True)
class Steps:
    """Aligned lines of a derivation."""

    rows: tuple[TableRow, ...]
    template: str = field(default="steps", init=False)


@dataclass(frozen=True, slots=True)
class ResultBlock:
    """The answer, framed: a chain of equal forms, with its shape beside it."""

    formula: Chain
    shape: Node | None = None
    number: str = ""
    template: str = field(default="result", init=False)

    @property
    def left(self) -> Node:
        return self.formula.left

    @property
    def right(self) -> Sides:
        return self.formula.sides


@dataclass(frozen=True, slots=True)
class Summary:
    """Several answers in one frame; a row's reason is the shape, its number refers to the derivation."""

    rows: tuple[TableRow, ...]
    template: str = field(default="summary", init=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One result of the key, the shape of its value, and the number under which the solutions derive it."""

    formula: Chain | Equality
    shape: Node | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its caption; `alt` says in words what it shows, `width` is in pt."""

    name: str
    width: float
    number: str
    caption: Words
    alt: str
    template: str = field(default="picture", init=False)


@dataclass(frozen=True, slots=True)
class Aside:
    """A grey line: an assumption, the certificate."""

    text: Words
    lead: str = ""
    template: str = field(default="aside", init=False)


Block = Paragraph | Formulas | Steps | ResultBlock | Summary | Picture | Aside


# ---------------------------------------------------------------- the pages around them


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part as it is set: its question, and its solution, or its answers alone, where the product has them; `where`
    says what names stand for that the answers use and the file does not have.  `outline` is its entry in the outline
    of the PDF, `alone` says that its problem has no other part."""

    letter: str
    anchor: str
    outline: str
    prompt: Words
    points: str = ""
    hint: Words = NOTHING
    space: str = ""
    blocks: tuple[Block, ...] = ()
    rubric: tuple[tuple[str, Words], ...] = ()
    answers: tuple[Answer, ...] = ()
    where: Words = NOTHING
    alone: bool = False


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """A problem as it is set; `headed` is false where the document's title says it all."""

    number: str
    anchor: str
    title: Words
    outline: str
    points: str
    statement: Words
    parts: tuple[PartPage, ...]
    certificate: tuple[Words, ...] = ()
    headed: bool = True


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule of the appendix: its statement, its proof, a remark on it, and the book that has it too."""

    number: str
    name: str
    statement: Beside
    proof: Steps
    note: Words = NOTHING
    source: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Pages:
    """A whole document; `head` is the running head, `subtitle` what stands beneath the title.

    `product` and `product_title` are those of its row in `solgen.document.products`, `body` is the template of title
    and problems.  `points` are those of all problems; `scores` the columns of a table for marks: what is scored, out of
    how much; `graded` says whether it ends with how points are given.
    """

    product: str
    product_title: str
    body: str
    title: Words
    plain_title: str
    head: Words
    subtitle: tuple[Words, ...]
    author: str
    conventions: tuple[Words, ...]
    problems: tuple[ProblemPage, ...]
    rules: tuple[RulePage, ...] = ()
    points: str = ""
    scores: tuple[tuple[str, str], ...] = ()
    graded: bool = False
