"""One document of a set: its pages assembled from problems and derivations, filled into the templates.

A set is told once, in full, from its derivations, and each product with solutions shows a part of that.  A product
without any is made of the problems alone, so that no solution can reach it: its functions are never given a derivation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import jinja2

from solgen.document.appendix import rule_pages
from solgen.document.author.prose import Citable, prose
from solgen.document.blocks import Aside, Block, Pages, PartPage, Picture, ProblemPage, RulePage
from solgen.document.certificate import certificate
from solgen.document.conventions import conventions
from solgen.document.counters import Ledger
from solgen.document.definitions import DefinitionPlace, definitions
from solgen.document.english import amount, part_letters, points
from solgen.document.exposition import Exposition
from solgen.document.key import answers, explain_names
from solgen.document.node_letters import node_letters
from solgen.document.numbering import line_numbers, nearby, rule_numbers
from solgen.document.products import Product
from solgen.document.templates import fill_template
from solgen.document.voice import Voice, presenter_for, questioned_equations, taken_in, voice_for
from solgen.document.witness import Printed, Witness
from solgen.errors import Span
from solgen.expr.present.presenter import Presenter
from solgen.model.derivation import Derivation, PartDerivation, Said
from solgen.model.figure import Figure
from solgen.model.problem import Notation, Part, Problem, ProblemSet
from solgen.model.step import StepId
from solgen.model.verdict import Checks
from solgen.render.dollars import plain_beginning, without_marks
from solgen.render.glyphs import compose_letters
from solgen.render.words import NOTHING, Typed, Words, typed_words, words
from solgen.written.prose import is_set

OUTLINED = 60  # so many characters of a question stand in the outline
UNTITLED = "Problems"  # the title of a set without one, in a folder whose name no page can set
ELSEWHERE = Aside(words("See the solutions."))  # in the key, of a figure or an argument


@dataclass(frozen=True, slots=True)
class Document:
    """One product of a set: its pages as a LaTeX source, the files beside it, and the problems that it is made of.

    `own_templates`: where a course's own templates lie, which have a say in what it shows;
    `origins`: what the references of the prose show, by their places.
    """

    pages: Pages
    tex: str
    assets: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    own_templates: tuple[Path, ...] = ()
    origins: tuple[tuple[Span, Words], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ToldSet:
    """A set told in full, every question with its solution: from this each product takes what it shows.

    `numbers` says, for each problem, under which number a line stands, and `printed` which formulas; those of the
    appendix, which all problems share, come last; `letters` are those of its graph's nodes.  `figures` are by
    `figure_key`.
    """

    problem_set: ProblemSet
    problems: tuple[ProblemPage, ...]
    conventions: tuple[Words, ...]
    rules: tuple[RulePage, ...]
    numbers: tuple[Mapping[StepId, str], ...]
    figures: Mapping[str, Figure]
    printed: tuple[Printed, ...] = ()
    letters: tuple[Mapping[str, str], ...] = ()
    origins: tuple[tuple[Span, Words], ...] = ()

    def pages(self, product: Product) -> Pages:
        """What a product shows of the set."""
        problems = _posed_problems(self.problem_set) if product.solution == "none" else self.problems
        shown = tuple(_restrict_page(page, product) for page in problems)
        rules = self.rules if "rules" in product.shows else ()
        general = self.conventions if "conventions" in product.shows else ()
        defined = definitions(self._places(shown, rules, general))
        return replace(_pages(self.problem_set, product, shown), conventions=(*general, *defined), rules=rules)

    def _places(
        self, shown: tuple[ProblemPage, ...], rules: tuple[RulePage, ...], general: tuple[Words, ...]
    ) -> Iterator[DefinitionPlace]:
        """Where signs stand: in each problem, and in what problems share."""
        for page, problem in zip(shown, self.problem_set.problems, strict=True):
            yield DefinitionPlace(page.number, page, taken_in(problem, problem.notation))
        yield DefinitionPlace("", (rules, general), taken_in_set(self.problem_set.problems))

    def document(self, product: Product) -> Document:
        """The same as a LaTeX source with its figures; raises InputError where a course's own template is wrong."""
        return self.fill_pages(self.pages(product))

    def fill_pages(self, pages: Pages, kept: jinja2.BytecodeCache | None = None) -> Document:
        """Pages as a LaTeX source with their figures; raises InputError where a course's own template is wrong.

        kept: templates that were compiled before.
        """
        pictures = {b.name for q in pages.problems for p in q.parts for b in p.blocks if isinstance(b, Picture)}
        assets = {f"{f.name}.pdf": f.pdf for f in self.figures.values() if f.name in pictures}
        own = tuple(map(Path, self.problem_set.templates))
        tex = fill_template(pages, own, kept)
        return Document(pages, tex, assets, self.problem_set.problems, own, self.origins)


def tell_in_full(
    problem_set: ProblemSet,
    derivations: Sequence[Derivation],
    checks: Sequence[Checks | None],
    figures: Mapping[str, Figure],
) -> ToldSet:
    """The solutions of a set in full.

    derivations and checks: one for each problem, in order (checks may be None); figures: by `figure_key`.  Raises
    InputError where prose cites what is not there.
    """
    ledger = Ledger()
    letters = node_letters(derivations)
    tellers = [
        replace(_teller(d, ledger, figures, n, named), checks=c)
        for n, (d, named, c) in enumerate(zip(derivations, letters, checks, strict=True))
    ]
    rerun = _rerun(problem_set)
    problems = tuple(_solution_page(t, c, n, rerun) for n, (t, c) in enumerate(zip(tellers, checks, strict=True), 1))
    shown = derivations[0].problem.notation if derivations else Notation()
    appendix = Witness()
    rules = _rules(tellers, ledger, shown, appendix)
    numbers = tuple({**ledger.lines(t.voice.prefix), **dict(rule_numbers(t.voice))} for t in tellers)
    printed = (*(t.voice.witness.printed for t in tellers), appendix.printed)
    general = conventions(derivations, shown)
    return ToldSet(problem_set, problems, general, rules, numbers, figures, printed, letters, ledger.origins)


# ---------------------------------------------------------------- problems with solutions


def _teller(
    d: Derivation,
    ledger: Ledger,
    figures: Mapping[str, Figure],
    n: int,
    letters: Mapping[str, str],
) -> Exposition:
    return Exposition(voice_for(d, d.problem.notation, ledger, f"{n}", letters=letters), d, figures)


def _solution_page(t: Exposition, checks: Checks | None, n: int, rerun: str) -> ProblemPage:
    """A problem with its solutions."""
    problem = t.derivation.problem
    _reserve(problem, t.voice)
    statement = prose(problem.statement, t.source())
    told = [(p, _tell_part(t, p)) for p in t.derivation.parts]  # first, so that prose may refer to every number
    _record_places(t, told)
    parts = []
    for k, (p, computed) in enumerate(told):
        source = t.source(p)
        page = _question(p.part, source, problem, n, k)
        rubric = tuple((points(r.points), prose(r.what, source)) for r in p.part.rubric)
        parts.append(replace(page, blocks=t.solution(p, computed), rubric=rubric))
    sealed = certificate(checks, rerun) if checks else ()
    return replace(_heading(problem, n), statement=statement, parts=tuple(parts), certificate=sealed)


def _tell_part(t: Exposition, p: PartDerivation) -> tuple[tuple[Block, ...] | Said, ...]:
    """What a part's solution computes; the numbers of its lines go into the ledger."""
    blocks = t.tell_contents(p)
    for line, number in line_numbers(p, t.voice):
        t.voice.ledger.record_line(t.voice.prefix, line, number)
    return blocks


def _record_places(t: Exposition, told: Sequence[tuple[PartDerivation, tuple[tuple[Block, ...] | Said, ...]]]) -> None:
    """Lines without a number of their own: the number, figure or part to which they belong goes into the ledger."""
    letters = part_letters(len(told))
    for letter, (p, blocks) in zip(letters, told, strict=True):
        for line, place in nearby(p, blocks, t.voice, letter):
            t.voice.ledger.record_line(t.voice.prefix, line, place)


def _rules(tellers: Sequence[Exposition], ledger: Ledger, notation: Notation, witness: Witness) -> tuple[RulePage, ...]:
    """The appendix's pages: every rule that was cited, whichever problem cited it first."""
    known = {key: rule for t in reversed(tellers) for key, rule in t.voice.rules.items()}
    taken = taken_in_set([t.derivation.problem for t in tellers])
    presenter = Presenter({}, notation, loss="L", taken=taken)
    voice = Voice(presenter, ledger, known, "rules", witness=witness).heard("")
    return rule_pages(voice, [known[key] for key in ledger.cited])


def taken_in_set(problems: Sequence[Problem]) -> frozenset[str]:
    """The letters to which signs give way in the appendix: those of all problems, whose functions it shows too."""
    return frozenset(letter for problem in problems for letter in taken_in(problem, problem.notation))


# ---------------------------------------------------------------- what a product shows of them


def _restrict_page(page: ProblemPage, product: Product) -> ProblemPage:
    """A problem without what the product leaves out."""
    shows = product.shows
    return replace(
        page,
        statement=page.statement if "questions" in shows else NOTHING,
        parts=tuple(_shown_part(part, product, page) for part in page.parts),
        certificate=page.certificate if "certificate" in shows else (),
    )


def _shown_part(page: PartPage, product: Product, whole: ProblemPage) -> PartPage:
    """A part likewise."""
    shows = product.shows
    page = replace(
        page,
        prompt=page.prompt if "questions" in shows else NOTHING,
        hint=page.hint if "hints" in shows else NOTHING,
        space=page.space if "room" in shows else "",
        rubric=page.rubric if "grading" in shows else (),
    )
    return _answers_only(page, whole) if product.solution == "answers" else page


def _answers_only(page: PartPage, whole: ProblemPage) -> PartPage:
    """A part of the key: its results, or where to look for what is drawn or argued."""
    found = answers(page.blocks)
    before = whole.parts[: next(k for k, part in enumerate(whole.parts) if part.letter == page.letter) + 1]
    where = explain_names(found, [block for part in before for block in part.blocks])
    return replace(page, blocks=(ELSEWHERE,) * (bool(page.blocks) and not found), answers=found, where=where)


# ---------------------------------------------------------------- the handout: no derivation comes near it


def _posed_problems(problem_set: ProblemSet) -> tuple[ProblemPage, ...]:
    ledger = Ledger()
    return tuple(_pose_problem(p, ledger, n) for n, p in enumerate(problem_set.problems, 1))


def _pose_problem(problem: Problem, ledger: Ledger, n: int) -> ProblemPage:
    presenter = presenter_for(problem, problem.notation)
    voice = Voice(presenter, ledger, {}, f"{n}", questioned_equations(problem))
    source = Citable(voice, problem.model, problem.model.equations, {}, problem.numbers)
    _reserve(problem, voice)
    parts = tuple(
        _question(p, replace(source, voice=voice.within(p), model=p.model or problem.model), problem, n, k)
        for k, p in enumerate(problem.parts)
    )
    return replace(_heading(problem, n), statement=prose(problem.statement, source), parts=parts)


# ---------------------------------------------------------------- shared


def _reserve(problem: Problem, voice: Voice) -> None:
    """Numbers for the equations that the statement displays and prose cites, before anything refers to them."""
    shown = any(not isinstance(piece, str) and piece.shows_model for piece in problem.statement)
    names = [q.var.name for q in problem.model.equations if shown and q.var.name in voice.cited]
    asked = questioned_equations(problem)  # first, so that the handout numbers them alike
    for name in sorted(names, key=lambda name: name not in asked):
        voice.ledger.number(voice.place(name))


def _heading(problem: Problem, n: int) -> ProblemPage:
    number = problem.number or str(n)
    title = typed_words(problem.title)
    return ProblemPage(number, f"problem.{n}", title, without_marks(problem.title), points(problem.points), NOTHING, ())


def _question(part: Part, source: Citable, problem: Problem, n: int, k: int) -> PartPage:
    letter = part_letters(len(problem.parts))[k]
    asked, hint = prose(part.prompt, source), prose(part.hint, source)
    alone = len(problem.parts) == 1
    entry = _outline_entry("" if alone else letter, asked)
    return PartPage(letter, f"part.{n}.{k}", entry, asked, points(part.points), hint, part.space, alone=alone)


def _outline_entry(letter: str, asked: Words) -> str:
    """`(d) Compute the error signals of`: a part in the outline, as far as its question begins with plain words."""
    first = asked.phrases[0] if asked.phrases else ""
    short = plain_beginning(first.tex, OUTLINED, len(asked.phrases) > 1) if isinstance(first, Typed) else ""
    return " ".join(filter(None, (f"({letter})" if letter else "", short))) or "(a)"


def _pages(s: ProblemSet, product: Product, problems: tuple[ProblemPage, ...]) -> Pages:
    """The pages with their title block; a single problem of the set's title has no heading of its own."""
    title = s.title or (s.problems[0].title if len(s.problems) == 1 else _settable(s.name, UNTITLED))
    if len(s.problems) == 1 and s.problems[0].title == title:
        problems = (replace(problems[0], headed=False),)
    given = [p.points for p in s.problems if p.points is not None]
    total = points(sum(given[1:], given[0]) if given else None)
    about = (s.course, s.term, s.author, f"due {s.due}" if s.due else "", total)
    shown = tuple(typed_words(line) for line in about if line)
    head = typed_words(f"{s.course}, {title}" if s.course else title)
    names = (product.title, product.body, typed_words(title), without_marks(title), head)
    pages = Pages(product.name, *names, shown, without_marks(s.author), (), problems, points=total)
    scores = _scores(s.problems) if "scores" in product.shows else ()
    return replace(pages, scores=scores, graded="grading" in product.shows and _has_grading(pages))


def _has_grading(pages: Pages) -> bool:
    """Whether there is something to tell of how points are given: of one problem only if it says what earns them."""
    told = len(pages.problems) > 1 or any(p.rubric for q in pages.problems for p in q.parts)
    return bool(pages.points) and told


def _scores(problems: Sequence[Problem]) -> tuple[tuple[str, str], ...]:
    """What there is to score, with its points: the problems, or the parts of one; nothing where any lacks points."""
    if len(problems) == 1:
        letters = part_letters(len(problems[0].parts))
        found = [(f"({letter})", p.points) for letter, p in zip(letters, problems[0].parts, strict=True)]
    else:
        found = [(p.number or str(n), p.points) for n, p in enumerate(problems, 1)]
    scored = [(name, worth) for name, worth in found if worth is not None]
    if len(scored) < len(found):
        return ()
    return (*((name, amount(worth)) for name, worth in scored), ("Total", amount(sum(worth for _, worth in scored))))


def _rerun(s: ProblemSet) -> str:
    """The command that repeats the checks, with the set's or the file's own name.

    What no page can set stands as `?`, which a shell takes for any character.
    """
    name = compose_letters(Path(s.problems[0].file).name if s.problems and not s.folder else s.name)
    return f"solgen check {''.join(c if is_set(c, math=False) else '?' for c in name)}"


def _settable(name: str, instead: str) -> str:
    """The name of a folder, where a page can set it."""
    name = compose_letters(name)
    return name if all(is_set(c, math=False) for c in name) else instead
