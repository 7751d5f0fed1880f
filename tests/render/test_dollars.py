"""Plain text that a person typed: what of it stands where only words can."""

from __future__ import annotations

import pytest

from solgen.render.dollars import plain_beginning


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("Draw the graph.", "Draw the graph."),
        ("Compute\n  all of it", "Compute all of it"),
        ("Compute $x$ and $y$", "Compute …"),
        ("Is a_b an index?", "Is …"),
        ("$x$", ""),
        ("", ""),
        ("one two three four", "one two three …"),
    ],
)
def test_a_text_begins_with_whole_words(text: str, begun: str) -> None:
    assert plain_beginning(text, 17) == begun


def test_what_follows_the_text_is_told() -> None:
    assert plain_beginning("Compute ", 17, goes_on=True) == "Compute …"
