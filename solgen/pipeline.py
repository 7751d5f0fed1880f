"""The stages in reading order, for one set: read → derive → verify → draw → typeset.

Everything is gathered and checked before anything is written.  What did not change comes from the cache: a
certificate, a figure or a page by what it was made from; a whole set, by the content of its files, before this is
even loaded (`solgen.recall`).  Many sets, and the problems of one, are made side by side by `solgen.workshop`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from solgen import calculus, numeric, reader
from solgen.cache import Store, digest
from solgen.document import Document, figure_key, node_letters, solution_document
from solgen.document.tex import Defect, Engine, TexFailure, pagella_fonts, typeset
from solgen.document.typed import typed_formulas
from solgen.errors import Diagnostic, EngineError, InputError, Refused, Span, VerificationError
from solgen.expr.latex import Printer
from solgen.figures.draw import draw
from solgen.figures.fonts import measurer
from solgen.figures.graph import graph_of
from solgen.figures.layout import layout
from solgen.model import Checks, Derivation, Figure, Graph, GraphAsked, Problem, ProblemSet
from solgen.outcome import (
    PRODUCTS,
    Outcome,
    PartReport,
    Product,
    Report,
    checks_json,
    dump_checks,
    gravest,
    load_checks,
)
from solgen.places import set_name

Tell = Callable[[str, float], None]  # a stage, and how far it has come: 0 to 1

TEX_SECONDS = 120.0  # for all passes of one document
MANY = 5  # defects of a page that are told
SEE_SOURCE = "the source and its line numbers are in the output folder"
NOT_EQUAL = "this is a mistake in solgen, or in an answer given under `expect`; nothing of the problem was typeset"


@dataclass(frozen=True, slots=True)
class Job:
    """One set to be made: only checked, or typeset by `engine` (or, without one, refused because of `trouble`).

    `program` is the digest of solgen itself; results are kept in `cache`, and with `anew` no certificate is taken
    from there.
    """

    source: Path
    cache: Path
    program: str
    typesets: bool = False
    engine: Engine | None = None
    trouble: str = ""
    anew: bool = False

    @property
    def store(self) -> Store:
        return Store(self.cache / "made")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one part of a problem, or, where it names none, with all that is computed."""

    part: str
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Work:
    """One problem, derived and verified as far as it went; `faults` say why it went no further.

    `anew` says that it was verified now, not found in the cache.
    """

    problem: Problem
    derivation: Derivation | None = None
    checks: Checks | None = None
    faults: tuple[Fault, ...] = ()
    exit_code: int = 0
    anew: bool = True

    @property
    def wrong(self) -> tuple[Diagnostic, ...]:
        return tuple(dict.fromkeys(fault.diagnostic for fault in self.faults))

    @property
    def report(self) -> Report:
        problem = self.problem
        parts = tuple(PartReport(p.id, p.span.line, self._wrong_with(p)) for p in problem.parts)
        return Report(problem.title, problem.file, self.checks, typed_formulas(problem), parts, self.anew)

    def _wrong_with(self, part: Part) -> tuple[Diagnostic, ...]:
        """A part of pure prose rests on nothing that is computed, unless the whole problem is prose."""
        computes = bool(part.asks or part.expect) or not any(p.asks or p.expect for p in self.problem.parts)
        return tuple(f.diagnostic for f in self.faults if f.part == part.id or (computes and not f.part))


def make(job: Job, tell: Tell) -> Outcome:
    """One set, from its files to its pages; what goes wrong is in the outcome, never raised."""
    tell(f"reading {job.source.name}", 0.0)
    try:
        problem_set = reader.read(job.source)
        works = [work(problem, job, tell) for problem in problem_set.problems]
        outcome = gathered(job.source, problem_set, [w.report for w in works], [(w.wrong, w.exit_code) for w in works])
        if outcome.exit_code or not job.typesets:
            return outcome
        return pages(outcome, problem_set, works, job, tell)
    except InputError as wrong:
        return replace(unmade(job.source, *wrong.diagnostics), exit_code=wrong.exit_code)
    except EngineError as failure:
        return replace(outcome, diagnostics=(Diagnostic("tex", str(failure)),), exit_code=failure.exit_code)
    except OSError as trouble:
        return unmade(job.source, troubled(trouble))


def refused(refusal: Refused, problem: Problem) -> Diagnostic:
    """A refusal with its place: the first question of its verb in the part that it names."""
    for part in problem.parts:
        for ask in part.asks:
            if refusal.reason.startswith(f"part ({part.id}), {ask.verb}:"):
                return _placed("refused", refusal.reason, problem, ask.span, refusal.hint)
    return _placed("refused", refusal.reason, problem, Span(problem.file, 1, 1, 1), refusal.hint)


def _failures(derivation: Derivation, checks: Checks) -> Iterator[Diagnostic]:
    """A diagnostic for each equality that failed or stayed undecided, and for each mistake that went unnoticed."""
    problem = derivation.problem
    for check in checks.failures:
        code = "undecided" if check.verdict == "undecided" else "not-equal"
        message = check.message or f"{check.id} does not hold"
        yield _placed(code, message, problem, _part_span(check.id, problem), NOT_EQUAL)
    for mistake in checks.mutants.survived:
        message = f"the points chosen do not tell this mistake from the answer: {mistake}"
        yield _placed("undecided", message, problem, _part_span(mistake, problem))


def _part_span(step: str, problem: Problem) -> Span:
    """The part that a step's name, `(b) dL/dW`, begins with; else the top of the file."""
    found = (part.span for part in problem.parts if step.startswith(f"({part.id}) "))
    return next(found, Span(problem.file, 1, 1, 1))


def _placed(code: str, message: str, problem: Problem, span: Span, hint: str = "") -> Diagnostic:
    lines = problem.text.splitlines()
    source = lines[span.line - 1] if span.file == problem.file and span.line <= len(lines) else ""
    return Diagnostic(code, message, span, hint, source)


# ---------------------------------------------------------------- draw and typeset


def pages(outcome: Outcome, problem_set: ProblemSet, works: Sequence[Work], job: Job, tell: Tell) -> Outcome:
    """The outcome with its files: three documents with sources and figures, and the certificate.

    Raises EngineError where no TeX can be run, InputError where prose would break the page; a page with a defect is
    a diagnostic, and only its source a file.
    """
    engine = job.engine
    if engine is None:
        raise EngineError(job.trouble)
    derivations = [w.derivation for w in works if w.derivation]
    checks = [w.checks for w in works if w.checks]
    tell(f"drawing {problem_set.name}", 0.5)
    drawn = figures(derivations, job, engine)
    documents = {p: solution_document(problem_set, derivations, checks, drawn, p) for p in PRODUCTS}
    tell(f"typesetting {problem_set.name}", 0.7)
    with ThreadPoolExecutor(len(PRODUCTS)) as pool:  # TeX runs in processes of its own
        runs = pool.map(lambda p: printed(p, documents[p], job, engine), PRODUCTS)
        results = dict(zip(PRODUCTS, runs, strict=True))
    files: dict[str, bytes] = {"checks.json": checks_json(outcome.reports)}
    for product, document in documents.items():
        files |= {f"{product}.tex": document.tex.encode(), **document.assets}
    files |= {f"{product}.pdf": result for product, result in results.items() if isinstance(result, bytes)}
    wrong = tuple(result for result in results.values() if isinstance(result, Diagnostic))
    return replace(outcome, files=files, diagnostics=wrong, exit_code=EngineError.exit_code if wrong else 0)


def figures(derivations: Sequence[Derivation], job: Job, engine: Engine) -> dict[str, Figure]:
    """The figures of a set by the names under which a document looks for them; drawn only where they changed."""
    drawn: dict[str, Figure] = {}
    for derivation, letters in zip(derivations, node_letters(derivations), strict=True):
        problem = derivation.problem
        for p in derivation.parts:
            printer = Printer({**problem.latex, **letters}, p.part.notation or problem.notation, dialect="mathtext")
            for position, content in enumerate(p.contents):
                if isinstance(content, GraphAsked):
                    graph = graph_of(content, p.part.model or problem.model, printer)
                    name = f"figure-{len(drawn) + 1}"  # a file's name, plain whatever the problem is called
                    drawn[figure_key(problem.id, p.part.id, position)] = _figure(name, graph, job, engine)
    return drawn


def _figure(name: str, graph: Graph, job: Job, engine: Engine) -> Figure:
    """One drawing, from the cache where the same graph was drawn before; stored as its width, a newline, the PDF."""
    key = digest("figure", job.program, repr(graph), *engine.command)
    stored = job.store.get(key)
    if stored is None:
        faces = pagella_fonts(engine, job.cache)
        fonts = (faces[0], faces[2], faces[1], faces[3])  # regular, bold, italic, bold italic
        plan = layout(graph, measurer(fonts))
        stored = f"{plan.width}\n".encode() + draw(plan, format="pdf", fonts=fonts)
        job.store.put(key, stored)
    width, _, pdf = stored.partition(b"\n")
    return Figure(name, pdf, graph.alt, float(width))


def printed(product: Product, document: Document, job: Job, engine: Engine) -> bytes | Diagnostic:
    """A document as PDF, from the cache where the same was typeset before; or what is wrong with its pages.

    Raises EngineError where TeX cannot be started.
    """
    assets = (part for name in sorted(document.assets) for part in (name, document.assets[name]))
    key = digest("pdf", job.program, engine.version, *engine.command, document.tex, *assets)
    stored = job.store.get(key)
    if stored is not None:
        return stored
    try:
        run = typeset(engine, document.tex, document.assets, jobname=product, timeout=TEX_SECONDS, cache=job.cache)
    except TexFailure as failure:
        return Diagnostic("tex", f"{product}: {failure}", hint=SEE_SOURCE)
    if defects := run.log.defects():
        return _defective(product, defects)
    job.store.put(key, run.pdf)
    return run.pdf


def _defective(product: Product, defects: Sequence[Defect]) -> Diagnostic:
    """All defects of a document as one diagnostic."""
    told = "; ".join(f"{d.message}{f': {d.context}' if d.context else ''}" for d in defects[:MANY])
    more = f"; and {len(defects) - MANY} more" if len(defects) > MANY else ""
    return Diagnostic("page-defect", f"{product}: {told}{more}", hint=SEE_SOURCE)
