"""Random edits of printed text, each of which changes its ink: those that change what it says must be noticed.

One edit is one piece dropped, doubled, exchanged with another, or changed: a ⊤, a sign, a digit, an index, a letter,
a bracket.  The read-back alone judges.  An edit that it accepts is looked at by another way (`is_harmless`): what was
read is printed anew, and must look as the edited text does; else the reader passed over what was changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from solgen.build.read_back.data import misread_datum
from solgen.build.read_back.forms import IN_LATEX, IN_TERMINAL, Stated, Together, WrittenForm
from solgen.build.read_back.misreadings import misread
from solgen.build.read_back.section import Section, sections_of_problem, sections_of_set, sizes_in
from solgen.calculus.derive import derive
from solgen.document.pages import tell_in_full
from solgen.document.products import PRODUCTS
from solgen.document.telling import telling
from solgen.expr.nodes import Expr
from solgen.expr.present.notation import GRADIENTS
from solgen.expr.present.presenter import Presenter
from solgen.model.derivation import Derivation
from solgen.model.verdict import Checks, Mutants
from solgen.numeric.worked_examples import examples
from solgen.reader.set_file import read
from solgen.written import Names, Unreadable, read_latex, read_terminal
from solgen.written.ink import Ink
from tests.breaks.corpus import NO_PROBLEM, ROOT

PIECE = re.compile(r"\\brk[a-z]*|\\begin\{[a-z]+\}|\\end\{[a-z]+\}|\\[A-Za-z]+\s*|\\.|\s+|.", re.DOTALL)
SIGNS = ("+", "-", "−", r"\odot ", "⊙", r"\cdot ", "·", "=", "<", ">")
DIGITS = {**dict.fromkeys("0123456789", "0123456789"), **dict.fromkeys("₀₁₂₃₄₅₆₇₈₉", "₀₁₂₃₄₅₆₇₈₉")}
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOW = "ᵢⱼₖₙₘₚₛ"
BRACKETS = ("(", ")", "[", "]", r"\{", r"\}")
TRANSPOSES = (r"\top", "ᵀ", r"\top ")
EDITS = ("drop", "double", "swap neighbours", "swap", "digit", "sign", "letter", "index", "transpose", "bracket")
TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Printed:
    """What one scope of a product prints in one format, and its names."""

    section: Section
    written: WrittenForm
    groups: tuple[Together, ...]
    data: tuple[Stated, ...]
    names: tuple[Names, ...]

    def __len__(self) -> int:
        return sum(len(group.formulas) for group in self.groups) + len(self.data)

    def text(self, k: int) -> str:
        """The text of the formula, or datum, of this number."""
        return self._pairs()[k][0]

    def _pairs(self) -> list[tuple[str, Any]]:
        return [*(pair for group in self.groups for pair in group.formulas), *self.data]

    def is_noticed(self, k: int, text: str) -> bool:
        """Whether reading back says something, where another text stands in the place of that number."""
        for group in self.groups:
            if k < len(group.formulas):
                pairs = list(group.formulas)
                pairs[k] = (text, pairs[k][1])
                return any(misread(replace(group, formulas=tuple(pairs)), self.names, self.written.compare))
            k -= len(group.formulas)
        return all(misread_datum(text, self.data[k][1], names, self.written) for names in self.names)

    def formula(self, k: int) -> Expr | None:
        """The formula that should stand there; None for a datum."""
        said = self._pairs()[k][1]
        return said if isinstance(said, Expr) else None


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of a printed text, and what came of it."""

    kind: str
    was: str
    now: str
    noticed: bool
    harmless: bool = False


def sources() -> list[Path]:
    """The problems of the library, and those of the homework."""
    return sorted(p for p in (ROOT / "problems").rglob("*.yaml") if p.name not in NO_PROBLEM)


def printed(source: Path, product: str, notation: str) -> Iterator[Printed]:
    """What a product prints of a problem in a notation; the terminal is a product of its own."""
    problem_set = read(source, notation)
    derivations = [derive(problem) for problem in problem_set.problems]
    checks = [with_numbers(d) for d in derivations]
    if product == TERMINAL:
        sections = [
            section
            for d, checked in zip(derivations, checks, strict=True)
            for section in sections_of_problem(d.problem, telling(d, checks=checked))
        ]
    else:
        told = tell_in_full(problem_set, derivations, checks, {})
        sections = [*sections_of_set(told, [told.pages(PRODUCTS[product])])]
    written = IN_TERMINAL if product == TERMINAL else IN_LATEX
    for section in sections:
        groups, data = section.together(written), section.data(written)
        known = [*(e for g in groups for _, e in g.formulas), *(e for _, datum in data for e in sizes_in(datum))]
        yield Printed(section, written, groups, data, section.names(known, written.indicator))


def with_numbers(d: Derivation) -> Checks:
    """What a page takes from a certificate, its worked examples; that it holds is another's to check."""
    return Checks((), Mutants(0), {}, 0, "", 0, examples=examples(d)[1])


def random_edits(product: str, count: int, random: Random, files: Sequence[Path], each: int = 20) -> Iterator[Edit]:
    """So many edits of what a product prints, `each` of a problem in a notation."""
    made = 0
    while made < count:
        scopes = [p for p in printed(random.choice(files), product, random.choice([*GRADIENTS])) if len(p)]
        for _ in range(min(each, count - made) if scopes else 0):
            (scope,) = random.choices(scopes, [len(p) for p in scopes])
            edit = one_edit(scope, random)
            if edit is not None:
                made += 1
                yield edit


def one_edit(scope: Printed, random: Random) -> Edit | None:
    """One edit of one text, with its verdict; None where it would change no ink."""
    k, kind = random.randrange(len(scope)), random.choice(EDITS)
    was = scope.text(k)
    now = edited(was, kind, random)
    if now is None or ink(now) == ink(was):
        return None
    noticed = scope.is_noticed(k, now)
    return Edit(kind, was, now, noticed, not noticed and is_harmless(scope, k, now))


def edited(text: str, kind: str, random: Random) -> str | None:
    """The text with one edit of this kind; None where it has no place for it."""
    pieces = PIECE.findall(text)
    places = _places(pieces, kind)
    if not places:
        return None
    k = random.choice(places)
    match kind:
        case "drop" | "transpose":
            del pieces[k]
        case "double":
            pieces.insert(k, pieces[k])
        case "swap neighbours" | "swap":
            other = next((p for p in places if p > k), k) if kind == "swap neighbours" else random.choice(places)
            pieces[k], pieces[other] = pieces[other], pieces[k]
        case "bracket":
            bracket = pieces.pop(k)
            pieces.insert(max(0, min(len(pieces), k + random.choice((-2, -1, 1, 2)))), bracket)
        case _:
            pieces[k] = random.choice(_others(pieces[k], kind, text))
    return "".join(pieces)


def _places(pieces: Sequence[str], kind: str) -> list[int]:
    """Where an edit of this kind may happen."""
    among = {"digit": tuple(DIGITS), "sign": SIGNS, "index": LOW, "transpose": TRANSPOSES, "bracket": BRACKETS}
    if kind == "letter":
        return [k for k, piece in enumerate(pieces) if piece in LETTERS]
    if kind in among:
        return [k for k, piece in enumerate(pieces) if piece in among[kind]]
    return [k for k, piece in enumerate(pieces) if not piece.isspace()]


def _others(piece: str, kind: str, text: str) -> list[str]:
    """What may stand in the place of a piece; letters are those of the same text, so that they mean something."""
    match kind:
        case "digit":
            near: Sequence[str] = DIGITS[piece]
        case "sign":
            near = [s for s in SIGNS if (s in "+-=<>") or (s.startswith("\\")) == ("\\" in text)]
        case "index":
            near = LOW
        case _:
            near = [c for c in text if c in LETTERS] + list("ijkxW")
    return [other for other in near if other != piece] or ["z"]


def ink(text: str) -> str:
    """A text without what leaves no ink or says nothing: spaces, marks where a line may break, braces, the size of
    brackets, the weight of letters."""
    text = re.sub(r"\\(?:brk(?:in|eq|p)?|left|right|[bB]ig[lr]?|[,;!:]|quad|bm|operatorname)(?![a-z])", "", text)
    text = re.sub(r"(\\mathbb\s*)+", r"\1", text)
    return re.sub(r"\\(?=[ ,;!:])|(?<!\\)[{}&]|\s", "", text)


def is_harmless(scope: Printed, k: int, text: str) -> bool:
    """Whether what is read, printed anew, looks as the edited text does: then it was read, and is equal."""
    e = scope.formula(k)
    if e is None:
        return False
    read_text = read_terminal if scope.written is IN_TERMINAL else read_latex
    for names in scope.names:
        try:
            readings = [t.e for chain in read_text(text, names).chains for side in chain for t in side.readings]
        except Unreadable:
            continue
        was = _look(scope, scope.text(k))
        for found in readings:
            node = Presenter(scope.section.problem.latex if scope.section.problem else {}).inline(found)
            looks = _look(scope, scope.written.write(node))
            if looks == _look(scope, text) or (looks != was and found != e):
                return True
    return False


def _look(scope: Printed, text: str) -> Ink:
    return tuple(c for c in scope.written.read_ink(text) if c not in ("⋅", "·"))


def share_noticed(edits: Sequence[Edit]) -> float:
    """How many were noticed of those that change what is said, as a share of 1."""
    changing = [e for e in edits if not e.harmless]
    return sum(e.noticed for e in changing) / max(1, len(changing))


def report(product: str, edits: Sequence[Edit]) -> str:
    """How many were noticed, and each that was not."""
    of_one_value = sum(e.harmless for e in edits)
    head = f"{product}: {len(edits)} edits, {of_one_value} equal; {share_noticed(edits):.1%} of the others noticed"
    missed = [f"  {e.kind}: `{e.was}` as `{e.now}`" for e in edits if not e.noticed and not e.harmless]
    return "\n".join((head, *missed))
