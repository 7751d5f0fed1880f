"""Numbers of a worked example on a graph: how they are written, where they stand, and when they do not."""

import tempfile
import textwrap
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.figures.drawing.fonts import measurer
from solgen.figures.graph.numerals import NO_VALUES, Values, example_values, write_quantity
from solgen.figures.pictures import best_layout, graphs_of
from solgen.model.derivation import Derivation, GraphAsked
from solgen.model.figure import Graph
from solgen.model.quantity import Computed, Quantity
from solgen.model.verdict import Checks, Mutants
from solgen.reader.set_file import read
from solgen.render.printer import Printer
from tests.figures.test_layout import Defects

CIRCUIT = "x: R\ny: R\nz: R\nq = x + y\nf = q * z"
FAN = "x: R\ny: R\nq = x + y\nL = q * y - q"
NUMBERS = {
    CIRCUIT: "{x: -2, y: 5, z: -4}",
    FAN: "{x: 1, y: 3}",
}


def derived(model: str, numbers: str = "") -> Derivation:
    source = f"title: circuit\nmodel: |\n{textwrap.indent(model, '  ')}\n"
    source += f"numbers: {numbers}\n" if numbers else ""
    source += "parts:\n  - prompt: Draw it.\n    solve: {graph: true, backward: true}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.yaml")
        path.write_text(source, encoding="utf-8")
        (problem,) = read(path).problems
    return derive(problem)


def certificate(d: Derivation, entries: dict[str, str]) -> Checks:
    """A certificate that says of each step of the example what `entries` does; 7 of anything else."""
    assert d.example is not None
    found = tuple(
        Quantity(s.id, entries.get(s.id, "7"), exact="." not in entries.get(s.id, "7")) for s in d.example.steps
    )
    return Checks((), Mutants(0), {}, 0, "", 0, examples=(Computed(d.example.id, found),))


def drawn(d: Derivation, values: Values) -> Graph:
    (content,) = d.parts[0].contents
    assert isinstance(content, GraphAsked)
    return graphs_of(content, d.problem.model, Printer(dialect="mathtext"), values)[0]


def numbers_of(d: Derivation, checks: Checks | None) -> Values:
    (content,) = d.parts[0].contents
    assert isinstance(content, GraphAsked)
    return example_values(content, d.example, checks)


def circuit(**entries: str) -> Graph:
    d = derived(CIRCUIT, NUMBERS[CIRCUIT])
    given = {"q": "3", "f": "-12", "df/dx": "-4", "df/dy": "-4", "df/dz": "3", "df/dq": "-4"} | entries
    return drawn(d, numbers_of(d, certificate(d, given)))


def test_values_stand_above_and_gradients_beneath_the_edges() -> None:
    texts = {(e.source, e.target.split()[0]): (e.label, e.shape, e.gradient) for e in circuit().edges}
    assert texts["leaf x", "op"] == ("-2", "", "-4")
    assert texts["leaf z", "op"] == ("-4", "", "3")
    assert ("q = 3", "", "-4") in texts.values() and ("-12", "", "1") in texts.values()


def test_a_rounded_value_is_not_said_to_be_equal() -> None:
    assert any(e.label == r"q \approx 0.2689" for e in circuit(q="0.2689").edges)


def test_the_numbers_are_told_in_words() -> None:
    told = circuit().alt.partition(" Values: ")[2]
    assert told.startswith("x is -2, y is 5, z is -4, q is 3, f is -12, ") and told.endswith(".")
    assert "the gradient of f by z is 3" in told


def test_a_branch_shows_the_number_that_its_own_contribution_has() -> None:
    d = derived(FAN, NUMBERS[FAN])
    graph = drawn(d, numbers_of(d, certificate(d, {"q": "4", "dL/dq": "2", "L": "8"})))
    assert {e.gradient for e in graph.edges if e.source == "leaf y"} == {"2", "4"}  # the gradient at q, and q itself


def test_no_numbers_without_a_verified_run_of_every_name() -> None:
    d = derived(CIRCUIT, NUMBERS[CIRCUIT])
    assert numbers_of(d, None) is NO_VALUES
    partly = derived(CIRCUIT, "{x: -2}")
    assert partly.example is None and numbers_of(partly, certificate(d, {})) is NO_VALUES
    assert not any(e.label.startswith("q =") for e in drawn(d, NO_VALUES).edges)


@pytest.mark.parametrize(
    ("entries", "power", "text"),
    [
        ("-3/7", 0, "-3/7"),
        ("2.5", -6, r"2.5\cdot 10^{-6}"),
        (("1", "-2"), 0, r"(1,\,-2)^{\top}"),
        ((("1", "2"), ("3", "4")), 0, r"(1,\,2;\;3,\,4)"),
        (("1", "2", "3", "4", "5"), 0, ""),
        (("0.12345678", "0.12345678", "0.1234567"), 0, ""),
    ],
)
def test_numbers_are_written_short_or_not_at_all(entries: object, power: int, text: str) -> None:
    assert write_quantity(Quantity("v", entries, power=power)) == text  # type: ignore[arg-type]


def test_the_sign_of_a_number_is_turned() -> None:
    assert [write_quantity(Quantity("v", e), turned=True) for e in ("3", "-3/7", "0", "0.0")] == [
        "-3",
        "3/7",
        "0",
        "0.0",
    ]


def test_numbers_leave_the_layout_free_of_defects(defects: Defects) -> None:
    found = best_layout([circuit(q="12345.6789")], measurer())
    assert defects(found) == [] and not found.turned
