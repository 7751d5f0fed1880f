"""What is printed is read back: each formula of a page, as its format writes it, by a reader that knows no printer.

A presentation tree says what it shows.  Its text is read with the names of the problem alone, and what is read must be
that formula, in one way: as a tree, or by value with every symbol free (`solgen.written`); a datum is compared as such
(`data`), and what stands on both sides of a sign must have been verified (`relations`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from solgen.build.cache import Store, digest
from solgen.build.read_back.data import misread_datum
from solgen.build.read_back.defined import false_definitions
from solgen.build.read_back.forms import Compare, Stated, Together, WrittenForm, remembering
from solgen.build.read_back.leftover import stray_words
from solgen.build.read_back.points import misstated_points
from solgen.build.read_back.relations import Certified, false_links
from solgen.build.read_back.section import Section, sizes_in
from solgen.expr.nodes import Expr, rank
from solgen.expr.text import text
from solgen.written import Ambiguous, Different, Names, NotRead, SameTree, SameValue, Verdict


@dataclass(frozen=True, slots=True)
class Misreading:
    """Something printed that says something else, or several things, or what was not verified."""

    section: Section
    what: str

    @property
    def message(self) -> str:
        """Where it stands, and what is wrong with it."""
        problem, part = self.section.problem, self.section.part
        general = "the list of conventions" if self.section.defines else "the appendix"
        where = f"part ({part.id})" if part else "the statement" if problem else general
        return f"{where} {self.what}"


def read_back(sections: Iterable[Section], written: WrittenForm, known: Certified) -> Iterator[Misreading]:
    """Everything that is not read as what it shows, or states what is not known."""
    written = remembering(written)
    for section in sections:
        yield from _misread_in(section, section.together(written), section.data(written), written)
        yield from _stated_in(section, known)


def read_once(
    sections: Iterable[Section], written: WrittenForm, known: Certified, store: Store, program: str
) -> Iterator[Misreading]:
    """The same; what was read before with the same names, by the same `program`, is not read again."""
    written = remembering(written)
    for section in sections:
        yield from _stated_in(section, known)
        groups, data = section.together(written), section.data(written)
        formulas = (pair for group in groups for pair in group.formulas)
        shown = [piece for tex, e in formulas for piece in (tex, text(e))]
        shown += [piece for tex, datum in data for piece in (tex, repr(datum))]
        key = digest("read back", program, written.name, *section.named, *shown)
        if store.get(key) is not None:
            continue
        wrong = tuple(_misread_in(section, groups, data, written))
        if not wrong:
            store.put(key, b"")
        yield from wrong


def _stated_in(section: Section, known: Certified) -> Iterator[Misreading]:
    told = false_definitions(section.pages) if section.defines else false_links(section.pages, known)
    stray = stray_words(section.pages, section.problem, known.amounts)
    yield from (Misreading(section, what) for what in (*told, *stray, *misstated_points(section)))


def _misread_in(
    section: Section, groups: Sequence[Together], data: Sequence[Stated], written: WrittenForm
) -> Iterator[Misreading]:
    sizes = (e for _, datum in data for e in sizes_in(datum))
    names = section.names([*(e for group in groups for _, e in group.formulas), *sizes], written.indicator)
    for group in groups:
        for tex, e, verdict in misread(group, names, written.compare):
            yield Misreading(section, f"prints `{tex}` for `{text(e)}`, and it {_says(verdict)}")
    for tex, datum in data:
        wrong = [misread_datum(tex, datum, one, written) for one in names]
        if all(wrong):
            yield Misreading(section, f"prints `{tex}`, which {wrong[0]}")


def _says(verdict: Ambiguous | Different | NotRead) -> str:
    match verdict:
        case Different(read=read, reason=reason):
            return f"reads as `{text(read[0])}`: {reason}" if read else f"reads otherwise: {reason}"
        case Ambiguous(read=read):
            return "can be read as " + " or as ".join(f"`{text(e)}`" for e in dict.fromkeys(read))
        case NotRead(why=why):
            return f"cannot be read: {why}"


def misread(
    group: Together, names: Sequence[Names], compare: Compare
) -> Iterator[tuple[str, Expr, Ambiguous | Different | NotRead]]:
    """The formulas that are not read as what they show; `names`: ways of naming, of which one must do."""
    columns = [_best(written, e, names, compare, as_row=False) for written, e in group.formulas]
    if all(map(_holds, columns)):
        return
    rows = [_best(written, e, names, compare, as_row=rank(e) == 1) for written, e in group.formulas]
    if group.rows and all(map(_holds, rows)):
        return
    for (written, e), verdict in zip(group.formulas, columns, strict=True):
        if not isinstance(verdict, SameTree | SameValue):
            yield written, e, verdict


def _best(written: str, e: Expr, names: Sequence[Names], compare: Compare, as_row: bool) -> Verdict:
    """The verdict under the first way of naming that reads the formula as it is meant, else under the first."""
    verdicts = [compare(written, e, names[0], as_row)]
    for others in names[1:]:
        if _holds(verdicts[-1]):
            return verdicts[-1]
        verdicts.append(compare(written, e, others, as_row))
    return verdicts[-1] if _holds(verdicts[-1]) else verdicts[0]


def _holds(verdict: Verdict) -> bool:
    return isinstance(verdict, SameTree | SameValue)
