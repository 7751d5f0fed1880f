"""No equality reaches a page unverified: documents are read back, and each `=` in them must stand in the certificate.

So must what figures write on their edges, shapes and counts, and all that prose can cite of a gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given, reject, settings

from solgen.calculus.derive import derive
from solgen.document import entry_grids
from solgen.document.voice import Voice
from solgen.errors import InputError, Refused
from solgen.expr.arith import fn, neg
from solgen.expr.build import apply, plus
from solgen.expr.defined import definition_of, placeholders
from solgen.expr.nodes import Expr, Index, Kind, Var
from solgen.expr.ops import ROWS, Called, Row
from solgen.expr.size import Size
from solgen.expr.text import text
from solgen.expr.walk import free_indices, reindex, variables
from solgen.figures.graph.signals import signals
from solgen.model.derivation import AdjointBlock, Content, Count, Derivation, Example, GraphAsked, Shapes
from solgen.model.problem import Ask, NameRef
from solgen.model.quantity import Entries
from solgen.model.quantity import state_quantity as stated
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.calculus.strategies import expressions
from tests.numeric.known import Certificate, Known, known_of
from tests.numeric.models import HERE, N, model, problem
from tests.numeric.printed import printed, quiet
from tests.numeric.texts import FAMILY, WORKED, derived

PAGES: tuple[str, ...] = ("solutions", "key")
PROBLEMS = Path(__file__).parents[2] / "problems"
FILES = sorted(f for f in PROBLEMS.rglob("*.yaml") if f.name != "set.yaml")
SHARED = """\
title: A name that is used twice
model: |
  x: R[n]
  W: R[m, n]
  z = W @ x
  L = norm2sq(W.T @ z - x) / 2
parameters: [W]
parts:
  - prompt: Everything.
    solve: [{shapes: z}, parameter_count, graph, {paths: W, of: L}, {gradients: 'W, x', substitute: z}]
    expect: {x: 'W.T @ (W @ (W.T @ z - x)) - (W.T @ z - x)'}
"""
NUMBERS = """\
title: Numbers
model: |
  i: Index[n]
  x[i]: R[d]
  w: R[d]
  p[i] = sigmoid(w @ x[i])
  L = mean(log(p[i]), i) + max(w)
parameters: [w]
numbers: {x: [[1, 2], [0, 1], [1/3, -1]], w: [1/2, -1]}
parts:
  - prompt: At [[numbers]].
    solve: [evaluate, {evaluate: {w: [0, 100]}}]
    answer: Hence [[value L]] and [[value dL/dw]].
"""
TEXTS = {"numbers": NUMBERS, "family": FAMILY.format(samples="rows"), "worked": WORKED, "shared": SHARED}
SOURCES = (
    "checks.statements.block_lines", "checks.statements.block_forms", "checks.forward_passes.content_lines",
    "checks.statements._grid_statements", "worked_examples.recompute", "checks.worked_lines.worked_statements",
    "checks.worked_lines._named_parts", "verify.claim_checks", "verify.difference_checks", "verify.rule_checks",
)  # fmt: skip


def unverified(derivation: Derivation, patch: pytest.MonkeyPatch) -> list[str]:
    """What the pages and figures of a problem claim beyond its certificate; empty for all that is sound."""
    checks = verify(derivation, mutants=False)
    if checks.failures:  # a line that no check covers is noticed before any page is read
        return [check.message for check in checks.failures]
    listed, ids = Certificate(checks.checks), {c.id for c in checks.checks}
    known = known_of(derivation, listed)
    pages = [printed(derivation, product, patch, checks) for product in PAGES]
    claims = [c for page in pages for c in page.claims]
    numbers = verified_numbers(derivation, checks)
    found = [f"value of {q.name}: {q.plain()}" for page in pages for q in page.values if q.entries not in numbers]
    told = instances(derivation, known)
    meant = {definition for row in ROWS for definition in defined(row)}  # which read-back evaluates
    unknown = [c for c in claims if not known.covers(c) and (c.left, c.right) not in told | meant]
    found += [f"{c.kind}: {text(c.left)} = {text(c.right)}" for c in unknown]
    contents = [content for part in derivation.parts for content in part.contents]
    found += [name for content in contents for name in _others(content, known, ids)]
    blocks = (*derivation.adjoints, *(b for part in derivation.parts for b in part.adjoints))
    return [*listed.missing, *found, *(f"cited: {text(b.symbol)}" for b in blocks if not _cited(b, known))]


def defined(row: Row) -> list[tuple[Expr, Expr]]:
    """What a document says of a sign, as an equation; nothing of a row that is said in words."""
    if row.means or isinstance(row, Called):
        return []
    found = definition_of(row, placeholders(row))
    return [found] if found else []


def instances(derivation: Derivation, known: Known) -> set[tuple[Expr, Expr]]:
    """What a worked example says of single samples: equalities that are known of all of them."""
    found = set[tuple[Expr, Expr]]()
    for run in (c for p in derivation.parts for c in p.contents if isinstance(c, Example)):
        for s in run.steps:
            if any(one.hold(s.symbol, s.formula) for one in known.passes):
                over = sorted(free_indices(s.symbol), key=lambda i: i.name)
                for at in product(*(range(i.size.value(run.sizes)) for i in over)):
                    to: dict[Index, Index] = {i: Size.of(k) for i, k in zip(over, at, strict=True)}
                    found.add((reindex(s.symbol, to), reindex(s.formula, to)))
    return found


def verified_numbers(derivation: Derivation, checks: Checks) -> set[Entries]:
    """Every value of a worked example that the certificate lists, and every one given: whole, and what is in it."""
    listed = {(c.id, c.right) for c in checks.checks if c.verdict == "equal"}
    problem, known = derivation.problem, set[Entries]()
    runs = [c for p in derivation.parts for c in p.contents if isinstance(c, Example)]
    given_ = [(name, n) for numbers in (problem.numbers, *(e.numbers for e in runs)) for name, n in numbers.items()]
    labels = {d.var.name for d in problem.model.declarations if d.var.kind is Kind.LABEL}
    known |= {e for name, n in given_ for e in _within(stated(name, n + 1 if name in labels else n).entries)}
    for run in checks.examples:
        whole = [(f"{run.id} {q.name}", q) for q in run.quantities]
        whole += [(f"{run.id} {at} operand {k}", q) for at, qs in run.operands.items() for k, q in enumerate(qs, 1)]
        known |= {e for name, q in whole if (name, q.plain()) in listed for e in _within(q.entries)}
    return known


def _within(entries: Entries) -> Iterator[Entries]:
    yield entries
    for inner in () if isinstance(entries, str) else entries:
        yield from _within(inner)


def _others(content: Content, known: Known, ids: set[str]) -> Iterator[str]:
    """Shapes and counts, and what is written on the edges of a graph."""
    match content:
        case Shapes(lines=lines):
            yield from (f"shape {line.var.name}" for line in lines if f"shape {line.var.name}" not in ids)
        case Count(rows=rows):
            names = [*(f"parameters {var.name}" for var, _ in rows), "parameter_count"]
            yield from (name for name in names if name not in ids)
        case GraphAsked():
            for use, signal in signals(content.forward, content.backward).items():
                forms = (*((signal.symbol,) if signal.symbol else ()), *signal.forms)
                if not any(all(one.hold(a, b) for a, b in pairwise(forms)) for one in known.passes):
                    yield f"signal at {use}"
        case _:
            pass


def _cited(block: AdjointBlock, known: Known) -> bool:
    """Whether all that prose may cite of a gradient is known: its forms, and the shortest form of each term."""
    forms = (block.symbol, block.value, *block.final)
    lines = (forms, *(c.line.chain for c in block.contributions))
    return any(all(one.hold(line[0], e) for line in lines for e in line) for one in known.passes)


# ---------------------------------------------------------------- problems of the repository, of tests, at random


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_problem_files(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for given_ in read(file).problems:
        assert unverified(derive(quiet(given_)), monkeypatch) == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_verb_and_form(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unverified(derived(TEXTS[name], tmp_path), monkeypatch) == []


@settings(max_examples=30)
@given(expressions((N,), depth=2))
def test_models_at_random(body: Expr) -> None:
    """A vector of some formula and a loss of it: its gradients, its graph, and what a variable contributes by paths."""
    with pytest.MonkeyPatch.context() as patch:
        try:
            found = unverified(_asked(body), patch)
        except (Refused, InputError):  # no such derivation, or defined nowhere
            reject()
        assert found == []


def _asked(body: Expr) -> Derivation:
    """The derivation of every question that a formula's model allows."""
    h, loss = Var("h", (N,)), Var("L")
    names = sorted({*variables(body)}, key=lambda v: v.name)
    equations: list[tuple[Var, Expr]] = [(h, body), (loss, plus(apply("norm2sq", h), apply("sum", fn("sin", h))))]
    asked = problem(model(names, equations, ("phi",)), " ".join(v.name for v in (h, *names)))
    (part,), of = asked.parts, NameRef("L", (), HERE)
    paths = (Ask("paths", (NameRef(v.name, (), HERE),), HERE, of=of) for v in names[:1])
    return derive(replace(asked, parts=(replace(part, asks=(*part.asks, *paths, Ask("graph", (), HERE))),)))


@pytest.mark.parametrize("silenced", SOURCES)
def test_what_is_not_listed_is_missed(silenced: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one kind of statement in the certificate, pages say more than it does."""
    room, _, name = silenced.rpartition(".")
    monkeypatch.setattr(import_module(f"solgen.numeric.{room}"), name, lambda *given_, **named: [])
    assert any(unverified(derived(found, tmp_path), monkeypatch) for found in TEXTS.values())


def test_a_page_that_says_otherwise_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Formulas that a document makes up, whatever stands in the certificate."""
    told, written = Voice.chain, entry_grids.corner
    with monkeypatch.context() as patch:
        patch.setattr(Voice, "chain", lambda self, chain, *given_, **named: told(self, (*chain[:-1], neg(chain[-1]))))
        assert any(found.startswith("equal: ") for found in unverified(derived(SHARED, tmp_path), patch))
    monkeypatch.setattr(entry_grids, "corner", lambda entry, at: neg(written(entry, at)))
    assert any(found.startswith("grid: ") for found in unverified(derived(WORKED, tmp_path), monkeypatch))
