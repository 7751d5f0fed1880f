"""A falsified line in any kind of content, a content without any, and a kind that nobody taught: each is a failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import pytest

from solgen.build import pipeline
from solgen.build.job import Job
from solgen.build.pipeline import make
from solgen.calculus.derive import derive
from solgen.expr.arith import neg
from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.size import Size
from solgen.model.derivation import (
    Content,
    Count,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Line,
    Mistakes,
    Passage,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.noun_walk import found, rebuilt
from solgen.model.step import StepId
from solgen.numeric.verify import verify
from tests.numeric.texts import derived

TEXT = """\
title: Every kind
model: |
  x: R[n]
  W: R[m, n]
  z = W @ x
  h = tanh(z)
  L = norm2sq(h) / 2 + sum(x)
parameters: [W]
parts:
  - prompt: Solve.
    solve:
      - shapes: [z, h]
      - parameter_count
      - graph
      - {paths: x, of: L}
      - {gradients: 'W, x', of: L}
      - {jacobian: h, wrt: x}
      - {mistakes: W}
      - {evaluate: {x: [1, 2], W: [[1, 0], [2, -1], [0, 1]]}}
      - say: That is all.
"""
Change = Callable[[Any], Content]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Derivation:
    return derived(TEXT, tmp_path_factory.mktemp("sound"))


def changed(derivation: Derivation, kind: type[Content], change: Change) -> Derivation:
    """The derivation with its content of that kind changed."""
    (part,) = derivation.parts
    contents = tuple(change(c) if isinstance(c, kind) else c for c in part.contents)
    assert contents != part.contents
    return replace(derivation, parts=(replace(part, contents=contents),))


def failed(derivation: Derivation) -> list[str]:
    return [check.message or check.id for check in verify(derivation, mutants=False).failures]


def with_line(thing: Any, old: Line, new: Line) -> Any:
    return (
        new
        if thing is old
        else thing
        if isinstance(thing, Expr | Size)
        else rebuilt(thing, lambda t: with_line(t, old, new))
    )


def test_every_kind_is_here(sound: Derivation) -> None:
    kinds = {type(content) for content in sound.parts[0].contents}
    assert kinds == set(get_args(Content)) and failed(sound) == []


# ---------------------------------------------------------------- falsified

LINES = (Gradients, Paths, GraphAsked, Worked, Example)


def turned(content: Shapes) -> Content:
    """Every shape claimed to be that of a matrix the other way round."""
    vars_ = [replace(line.var, shape_=(*line.var.shape_[::-1], Size.of(2))) for line in content.lines]
    return replace(content, lines=tuple(replace(n, var=v) for n, v in zip(content.lines, vars_, strict=True)))


CLAIMS: dict[type[Content], Change] = {
    Shapes: turned,
    Count: lambda c: replace(c, rows=((c.rows[0][0], c.rows[0][1] + Size.of(1)),), total=c.total + Size.of(1)),
    Mistakes: lambda c: replace(c, right=neg(c.right)),
    Example: lambda c: replace(c, steps=(*c.steps[:-1], replace(c.steps[-1], formula=neg(c.steps[-1].formula)))),
}


@pytest.mark.parametrize("kind", LINES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("which", [0, -1])
def test_a_falsified_line_fails_by_its_name(sound: Derivation, kind: type[Content], which: int) -> None:
    (content,) = (c for c in sound.parts[0].contents if isinstance(c, kind))
    line = [line for line in found(content, Line) if len(line.chain) > 1][which]
    false = replace(line, chain=(*line.chain[:-1], neg(line.chain[-1])))
    messages = failed(changed(sound, kind, lambda c: with_line(c, line, false)))
    assert any(message.startswith(str(line.id)) for message in messages)


@pytest.mark.parametrize("kind", CLAIMS, ids=lambda kind: kind.__name__)
def test_a_falsified_claim_fails(sound: Derivation, kind: type[Content]) -> None:
    assert failed(changed(sound, kind, CLAIMS[kind]))


def test_a_gradient_without_a_path_is_0_or_fails(sound: Derivation) -> None:
    """What is printed of it is that no path leads there, whatever its value."""

    def cut(content: Gradients) -> Content:
        return replace(content, blocks=tuple(replace(b, contributions=()) for b in content.blocks))

    assert any("without a path" in message for message in failed(changed(sound, Gradients, cut)))


# ---------------------------------------------------------------- nothing stated

EMPTIED: dict[type[Content], Change] = {
    Gradients: lambda c: replace(c, blocks=()),
    Shapes: lambda c: replace(c, lines=()),
    Count: lambda c: replace(c, rows=()),
    Paths: lambda c: replace(c, terms=()),
    GraphAsked: lambda c: replace(c, backward=replace(c.backward, blocks=())),
    Worked: lambda c: replace(c, passages=(), results=()),
    Example: lambda c: replace(c, steps=()),
}


@pytest.mark.parametrize("kind", EMPTIED, ids=lambda kind: kind.__name__)
def test_a_content_with_no_lines_fails(sound: Derivation, kind: type[Content]) -> None:
    assert failed(changed(sound, kind, EMPTIED[kind]))


def test_a_line_of_one_side_rests_on_another(sound: Derivation) -> None:
    """It states no equality, but prints a formula that something must stand behind."""

    def alone(content: Worked) -> Content:
        made = Passage("matrix", (Line(StepId("a", "answer", path="alone"), (neg(content.results[0].chain[-1]),)),))
        return replace(content, passages=(*content.passages, made))

    (message,) = failed(changed(sound, Worked, alone))
    assert message.startswith("(a) alone: ") and message.endswith("is stated and not checked")


# ---------------------------------------------------------------- what nobody taught


@dataclass(frozen=True, slots=True)
class Novel:
    """A kind of content that no room knows."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Annotated(Passage):
    """A stage with a line of its own in a field that no room knows."""

    aside: Line | None = None


FALSE = Line(
    StepId("a", "answer", path="novel"), (Adj(Var("L"), Var("x", (Size.of("n"),))), neg(Var("x", (Size.of("n"),))))
)


def novel(derivation: Derivation) -> Derivation:
    (part,) = derivation.parts
    contents = (*part.contents, Novel((FALSE,)))
    return replace(derivation, parts=(replace(part, contents=contents, asks=(*part.asks, part.asks[-1])),))


def test_a_new_kind_fails(sound: Derivation) -> None:
    assert failed(novel(sound)) == ["(a) Novel: is of a kind that is not verified"]


def test_a_new_field_with_a_line_fails(sound: Derivation) -> None:
    def annotated(content: Worked) -> Content:
        first = content.passages[0]
        made = Annotated(first.kind, first.lines, first.where, first.names, first.grid, FALSE)
        return replace(content, passages=(made, *content.passages[1:]))

    (message,) = failed(changed(sound, Worked, annotated))
    assert message == "(a) novel: `dL/dx = -x` is stated and not checked"


def test_a_line_under_the_name_of_another_fails(sound: Derivation) -> None:
    def twice(content: Worked) -> Content:
        first = content.passages[0]
        false = replace(FALSE, id=first.lines[0].id)
        made = Annotated(first.kind, first.lines, first.where, first.names, first.grid, false)
        return replace(content, passages=(made, *content.passages[1:]))

    assert any(
        message.endswith("`dL/dx = -x` is stated and not checked") for message in failed(changed(sound, Worked, twice))
    )


def test_a_new_kind_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(TEXT)
    monkeypatch.setattr(pipeline, "derive", lambda problem: novel(derive(problem)))
    outcome = make(Job(Path("p.yaml"), tmp_path / "cache", "program"))
    (told,) = outcome.diagnostics
    assert outcome.exit_code == 1 and "(a) Novel" in told.message
    assert told.span is not None and told.span.line == 10


def test_prose_states_nothing(sound: Derivation) -> None:
    (said,) = (c for c in sound.parts[0].contents if isinstance(c, Said))
    assert list(found(said, Line)) == []
