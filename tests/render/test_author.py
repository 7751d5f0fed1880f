"""LaTeX that a person typed, as a terminal shows it."""

from __future__ import annotations

import pytest

from solgen.render.author import author_prose


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"\tiny Small print.", "Small print."), (r"{\bfseries Bold} x", "Bold x"), (r"$\color{red} x^2$", "x²"),
        (r"Go. \color{white} Differentiate.", "Go. Differentiate."), (r"a \textcolor{red}{very} b", "a very b"),
        (r"see \href{https://example.org/c}{here}", "see here"), (r"a\hspace{1cm}b", "a b"),
    ],
)  # fmt: skip
def test_what_is_for_the_page_alone_leaves_no_word(typed: str, shown: str) -> None:
    assert author_prose(typed) == shown
