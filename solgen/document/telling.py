"""A problem told outside of a document: its title, its statement, and each part with its question and its blocks.

What a snippet for another document, a course page and a terminal print is the same exposition as the solutions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solgen.document.author.prose import prose
from solgen.document.blocks import Block
from solgen.document.counters import Ledger
from solgen.document.definitions import DefinitionPlace, definitions
from solgen.document.english import part_letters
from solgen.document.exposition import Exposition
from solgen.document.node_letters import node_letters
from solgen.document.voice import taken_in, voice_for
from solgen.document.witness import Printed
from solgen.errors import Diagnostic, InputError
from solgen.model.derivation import Derivation, GraphAsked, PartDerivation
from solgen.model.verdict import Checks
from solgen.render.words import NOTHING, Words, typed_words


@dataclass(frozen=True, slots=True)
class ToldPart:
    """A part: its letter, its id in the file, its question and its solution; `drawn`: a figure belongs to it."""

    letter: str
    id: str
    prompt: Words
    blocks: tuple[Block, ...]
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """A problem as it is told; `printed` are the formulas in it, `where` says what its signs mean, `letters` are those
    of its graph's nodes."""

    title: Words
    statement: Words
    parts: tuple[ToldPart, ...]
    printed: Printed = ()
    where: tuple[Words, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)


def telling(d: Derivation, part: str = "", checks: Checks | None = None) -> Telling:
    """The exposition of a derivation, or of the one part of that letter or id: then without the statement.

    All parts are told, so that numbers and citations are those of the whole.  Figures are left out, and without the
    certificate `checks` what only a run can say.
    """
    problem, ledger = d.problem, Ledger()
    (letters,) = node_letters([d])
    told = Exposition(voice_for(d, problem.notation, ledger, "1", letters=letters), d, {}, checks)
    source = told.source()
    statement = prose(problem.statement, source)
    computed = [(p, told.tell_contents(p)) for p in d.parts]
    names = part_letters(len(d.parts))
    parts = tuple(
        ToldPart(name, p.part.id, prose(p.part.prompt, told.source(p)), told.solution(p, contents), _draws_graph(p))
        for name, (p, contents) in zip(names, computed, strict=True)
    )
    printed = told.voice.witness.printed
    if part:
        parts, statement = tuple(p for p in parts if part in (p.letter, p.id)), NOTHING
    where = definitions([DefinitionPlace("", (statement, parts), taken_in(problem, problem.notation))])
    return Telling(typed_words(problem.title), statement, parts, printed, where, letters)


def _draws_graph(p: PartDerivation) -> bool:
    return any(isinstance(content, GraphAsked) for content in p.contents)


def no_part(part: str, derivations: Sequence[Derivation]) -> InputError:
    """That no problem has this part, and which there are."""
    ids = dict.fromkeys(name for d in derivations for name in part_letters(len(d.parts)))
    return InputError([Diagnostic("no-part", f"there is no part {part!r}", hint=f"the parts are {', '.join(ids)}")])
