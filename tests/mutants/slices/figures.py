"""The figures: where each box, edge and label of a forward pass stands, with a measure that needs no fonts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from solgen.figures.layout.picture import Extent
from solgen.figures.pictures import best_layout, graphs_of
from tests.figures.forward_passes import Case, case
from tests.mutants.room import Maker, Room

PASSES = ("autoencoder", "residual")


def _measure(text: str, size: float) -> Extent:
    """Every letter is as wide as it is high."""
    return Extent(size * len(text), 0.7 * size, 0.2 * size)


def _layout(found: Case) -> object:
    return best_layout(graphs_of(found.asked, found.model, found.printer), _measure)


def _makers() -> Mapping[str, Maker]:
    return {name: partial(_layout, case(name)) for name in PASSES}


QUICK = (
    "test_nodes_hold_their_labels",
    "test_a_shared_variable_fans_out",
    "test_the_forward_pass_runs_level",
    "test_labels_grow_the_gap_they_stand_in",
    "test_values_above_and_gradients_below_their_edge",
)

SLICE = Room("figures", tuple(f"test_layout.py::{name}" for name in QUICK), _makers).slice(floor=0.5)
