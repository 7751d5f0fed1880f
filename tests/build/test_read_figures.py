"""Figures are read back: what a product broken on purpose would draw is noticed by the build, and nothing else is."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from solgen.build import drawings
from solgen.build.drawings import draw_figures, misdrawn_figures
from solgen.build.faults import NOT_EQUAL
from solgen.build.formats import Choice
from solgen.build.job import Job
from solgen.build.pipeline import make
from solgen.build.read_figures import Misdrawn, Subject, check_drawing
from solgen.calculus.derive import derive
from solgen.expr.ops.presentation import Textbook
from solgen.expr.present import forms
from solgen.figures.drawing import draw
from solgen.figures.graph import numerals, operations, rectangles, signals
from solgen.figures.layout.picture import PlacedText
from solgen.model.derivation import Derivation
from solgen.model.figure import Drawing
from solgen.model.verdict import Checks, Mutants
from solgen.numeric.worked_examples import examples
from solgen.reader.set_file import read
from solgen.render import mathtext
from tests.build.figure_edits import drawing_of, edited, graphs, shown, subjects, texts, with_text
from tests.figures.forward_passes import MODELS
from tests.figures.nets import NETS

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parents[1] / "cases/figures"
AUTOENCODER = """\
title: Weights used twice
model: |
  x: R[n]
  W: R[m, n]
  z1 = W @ x
  h = tanh(z1)
  r = W.T @ h - x
  L = norm2sq(r) / 2
parts:
  - prompt: Draw it.
    solve: {graph: true, backward: true}
  - prompt: Deduce the shapes.
    solve: {shapes: [z1, h]}
"""
EDITS, LEAST = 100, 0.99


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache, since faces of letters are made once; each test is a program of its own."""
    return tmp_path_factory.mktemp("cache")


def outcome(text: str, folder: Path, cache: Path) -> tuple[tuple[str, ...], tuple[Drawing, ...]]:
    """What is wrong with the figures of a problem, and what they show; nothing is verified but numbers."""
    (folder / "p.yaml").write_text(text, encoding="utf-8")
    found = [derive(problem) for problem in read(folder / "p.yaml").problems]
    checks = [certificate(d) for d in found]
    job = Job(folder / "p.yaml", cache, folder.name, typesets=True)
    drawn = draw_figures(found, checks, job)
    assert drawn
    faults = misdrawn_figures(found, checks, drawn, job)
    return tuple(fault.diagnostic.message for fault in faults), tuple(f.drawing for f in drawn.values())


def certificate(d: Derivation) -> Checks:
    return Checks((), Mutants(0), {}, 0, "", 0, examples=examples(d)[1])


def case(name: str) -> str:
    return (CASES / f"{name}.yaml").read_text(encoding="utf-8")


# ---------------------------------------------------------------- the product, broken on purpose


def _reversed(sized: Callable[..., str]) -> Callable[..., str]:
    return lambda *args: r" \times ".join(reversed(sized(*args).split(r" \times ")))


def _elsewhere(found: Callable[..., dict[Any, Any]]) -> Callable[..., dict[Any, Any]]:
    """Each signal on the edge of the next use."""

    def rotated(*args: Any) -> dict[Any, Any]:
        result = found(*args)
        values = list(result.values())
        return dict(zip(result, values[1:] + values[:1], strict=True))

    return rotated


def _swapped(one: str, other: str) -> Callable[[Any, PlacedText, Any, Any], None]:
    """A hand that draws one label in place of another."""
    plain, other_of = draw._draw_text, {one: other, other: one}

    def drawn(figure: Any, text: PlacedText, points: Any, fonts: Any) -> None:
        content = other_of.get(text.content, text.content) if text.role == "node" else text.content
        plain(figure, replace(text, content=content), points, fonts)

    return drawn


Patch = Callable[[pytest.MonkeyPatch], None]
BROKEN: dict[str, tuple[Patch, str, str]] = {
    "a shape reversed": (
        lambda m: m.setattr(numerals, "box_size", _reversed(numerals.box_size)), AUTOENCODER,
        r"shows the shape `n \times m`, and the value has `m × n`",
    ),
    "a signal negated": (
        lambda m: m.setattr(signals.Signal, "text", lambda self, *rest: "-" + WRITTEN(self, *rest)), AUTOENCODER,
        "shows the gradient `-",
    ),
    "the signal of another edge": (
        lambda m: m.setattr(operations, "signals", _elsewhere(operations.signals)), AUTOENCODER, "shows the gradient `",
    ),
    "the label of another operation": (
        lambda m: m.setattr(operations, "sign_label", lambda e, printer: r"\odot"), AUTOENCODER,
        r"the node `\odot` with what flows into it is no step of `z1 = W @ x`",
    ),
    "a subscript lost": (
        lambda m: m.setattr(mathtext, "_scripts", lambda *rest: ""), AUTOENCODER, "",
    ),
    "a transpose lost": (
        lambda m: m.setattr(forms, "TEXTBOOK", {
            **forms.TEXTBOOK, Textbook.TRANSPOSE: lambda maker, e: maker.piece(e.args[0]),
        }), AUTOENCODER, r"shows `\mathbfit{W}`",
    ),
    "labels swapped between leaves": (
        lambda m: m.setattr(draw, "_draw_text", _swapped(r"\mathbfit{W}", r"\mathbfit{x}")), AUTOENCODER, "",
    ),
    "labels swapped between operations": (
        lambda m: m.setattr(draw, "_draw_text", _swapped(r"\times", r"\tanh")), AUTOENCODER, "is no step of",
    ),
    "rows and columns of a rectangle reversed": (
        lambda m: m.setattr(rectangles, "_sides", lambda e: SIDES(e)[::-1]), AUTOENCODER, "inner sizes do not agree",
    ),
    "a digit of a number": (
        lambda m: m.setattr(numerals, "_row", lambda e, turned: NUMBER(e, turned).replace("6", "8")),
        "figure-with-numbers", "shows `8`, and f is 6",
    ),
    "a formula between numbers": (
        lambda m: m.setattr(signals, "gradient_value", lambda *rest: ""),
        "figure-with-numbers", "between numbers",
    ),
    "accents as words": (
        lambda m: m.setattr(mathtext, "_identifier", lambda node: rf"\text{{\textit{{{node.letters}}}}}"),
        "accents-in-the-figure", "cannot be read",
    ),
}  # fmt: skip
WRITTEN, SIDES, NUMBER = signals.Signal.text, rectangles._sides, numerals._row


@pytest.mark.parametrize("broken", sorted(BROKEN))
def test_a_broken_figure_is_noticed(broken: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patch, source, told = BROKEN[broken]
    problem = case(source) if "\n" not in source else source
    patch(monkeypatch)
    wrong, _ = outcome(problem, tmp_path, cache)
    assert wrong and told in " ".join(wrong)


@pytest.mark.parametrize("problem", [AUTOENCODER, "figure-with-numbers", "accents-in-the-figure"])
def test_a_whole_one_is_not(problem: str, tmp_path: Path, cache: Path) -> None:
    wrong, drawn = outcome(case(problem) if "\n" not in problem else problem, tmp_path, cache)
    assert not wrong and all(d.nodes or d.panes for d in drawn)


def test_nothing_is_built_of_a_broken_figure(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.yaml").write_text(AUTOENCODER)
    job = Job(tmp_path / "p.yaml", cache, tmp_path.name, typesets=True, choice=Choice((), ("tex",)))
    monkeypatch.setattr(draw, "_draw_text", _swapped(r"\mathbfit{W}", r"\mathbfit{x}"))
    made = make(job)
    (wrong,) = made.diagnostics
    assert made.exit_code == 1 and not made.files and wrong.span and wrong.span.line == 10
    assert wrong.message.startswith("part (a), its figure: ") and wrong.hint == NOT_EQUAL


def test_nor_shown(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("p.yaml").write_text(AUTOENCODER)
    monkeypatch.setattr(draw, "_draw_text", _swapped(r"\mathbfit{W}", r"\mathbfit{x}"))
    ran = solgen("show", "p.yaml", "--graph", "g.svg")
    assert ran.code == 1 and "p.yaml:10:5: error[misread]: part (a), its figure: " in ran.err
    assert not Path("g.svg").exists()


def test_what_was_read_once_is_not_read_again(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(AUTOENCODER, tmp_path, cache)[0] == ()
    monkeypatch.setattr(drawings, "check_drawing", lambda *rest: pytest.fail("read again"))
    assert outcome(AUTOENCODER, tmp_path, cache)[0] == ()


# ---------------------------------------------------------------- the cases of others


def test_numbers_and_no_formula_between_them(tmp_path: Path, cache: Path) -> None:
    _, (drawn, *_) = outcome(case("figure-with-numbers"), tmp_path, cache)
    assert all(set(t.content) <= set("$0123456789-/=abf ") for e in drawn.edges for t in e.texts)


def test_words_with_accents(tmp_path: Path, cache: Path) -> None:
    _, (drawn, *_) = outcome(case("accents-in-the-figure"), tmp_path, cache)
    inside = {t.content for n in drawn.nodes for t in n.texts}
    assert {r"$\mathit{coût}$", r"$\mathit{Größe}$", r"$\mathit{ñ}$", r"$\mathbfit{poids}$"} <= inside


# ---------------------------------------------------------------- no false alarm, and edits of every kind of text


def asked() -> list[tuple[str, Subject]]:
    """The figures that the problems of the repository ask for."""
    files = [f for f in sorted((ROOT / "problems").rglob("*.yaml")) if f.name != "set.yaml"]
    with_figures = [f for f in files if any(word in f.read_text() for word in ("graph", "paths"))]
    return [(file.stem, subject) for file in with_figures for subject in subjects(file)]


@pytest.fixture(scope="module")
def library() -> list[tuple[str, Subject]]:
    return asked()


def test_every_figure_of_the_library_is_read(library: list[tuple[str, Subject]]) -> None:
    read_back = [check_drawing(drawing_of(graph), s) for _, s in library for graph in graphs(s)]
    assert len(read_back) > 40


@pytest.mark.parametrize("notation", ["nabla", "bar", "delta"])
def test_every_notation_and_models_of_strangers(notation: str, tmp_path: Path) -> None:
    for k, model in enumerate({**MODELS, **NETS}.values()):
        if k % 3 != ("nabla", "bar", "delta").index(notation):
            continue
        head = f"title: net\nmodel: |\n{textwrap.indent(textwrap.dedent(model), '  ')}\n"
        (tmp_path / "p.yaml").write_text(head + "parts:\n  - prompt: p\n    solve: {graph: true, backward: true}\n")
        for subject in subjects(tmp_path / "p.yaml", notation):
            for graph in graphs(subject):
                check_drawing(drawing_of(graph), subject)


def _edits(library: list[tuple[str, Subject]]) -> Iterator[tuple[str, Subject, Drawing]]:
    """So many random edits that show in ink."""
    random = Random(12)
    drawn = [(name, s, drawing_of(graphs(s)[0])) for name, s in library]
    count = 0
    while count < EDITS:
        name, subject, drawing = random.choice(drawn)
        place, text = random.choice(list(texts(drawing)))
        was = text.content.strip("$")
        new = edited(was, random)
        if shown(new) and shown(new) != shown(was):
            count += 1
            yield f"{name}: `{was}` as `{new}`", subject, with_text(drawing, place, new)


def test_edits_of_texts_are_noticed(library: list[tuple[str, Subject]]) -> None:
    missed = [told for told, subject, drawing in _edits(library) if not is_noticed(drawing, subject)]
    assert len(missed) <= EDITS * (1 - LEAST), "\n".join(missed)


def test_swapped_texts_are_noticed(library: list[tuple[str, Subject]]) -> None:
    random = Random(5)
    for name, subject in library:
        drawing = drawing_of(graphs(subject)[0])
        (one, a), *rest = random.sample(list(texts(drawing)), k=sum(1 for _ in texts(drawing)))
        (other, b) = next(((p, t) for p, t in rest if t.role == a.role and t.content != a.content), (one, a))
        swapped = with_text(with_text(drawing, one, b.content.strip("$")), other, a.content.strip("$"))
        assert a is b or is_noticed(swapped, subject), f"{name}: {a.content} and {b.content}"


def is_noticed(drawing: Drawing, subject: Subject) -> bool:
    try:
        check_drawing(drawing, subject)
    except Misdrawn:
        return True
    return False
