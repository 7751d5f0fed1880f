"""Kinks and cases gone through: each once, and not more than can be."""

from __future__ import annotations

import pytest

from solgen.numeric.proving.reach import OutOfReach
from solgen.numeric.proving.regions import Choices, go_through


def test_every_choice_is_gone_through_once() -> None:
    met: list[tuple[int, ...]] = []

    def run(choices: Choices) -> None:
        first = choices.choose(3)
        met.append((first, choices.choose(2)) if first == 1 else (first,))

    go_through(run)
    assert met == [(0,), (1, 0), (1, 1), (2,)]


def test_too_many_are_out_of_reach() -> None:
    with pytest.raises(OutOfReach, match="more than 64"):
        go_through(lambda choices: [choices.choose(2) for _ in range(7)])
