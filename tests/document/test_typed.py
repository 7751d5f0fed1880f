"""What an author types by hand is found, whatever delimits it; what is cited is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solgen.document.author.typed import typed_formulas
from solgen.errors import Span
from solgen.model.problem import Model, Part, Problem, Prose, Reference

NOWHERE = Span("p.yaml", 1, 1, 1)
CITED = Reference("symbol", None, None, "", NOWHERE)
EMPTY = Problem("p", "P", "p.yaml", "", Model(), ())


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        (("no mathematics, 5 \\$ and 6 \\$",), ()),
        (("so $m < n$ here, and $m < n$ there",), ("$m < n$",)),
        (("as \\(a\\) and \\[b = c\\]",), ("\\(a\\)", "\\[b = c\\]")),
        (("\\begin{align*} a &= b \\end{align*}",), ("\\begin{align*} a &= b \\end{align*}",)),
        (("the matrix ", CITED, " alone",), ()),
        (("the matrix $", CITED, "$, or $$", CITED, ".$$",), ()),
        (("hence $", CITED, " = 0$",), ("$[[…]] = 0$",)),
        (("% $a$ in a comment\n$b$",), ("$b$",)),
    ],
)  # fmt: skip
def test_typed_mathematics_is_found(prose: Prose, found: tuple[str, ...]) -> None:
    assert typed_formulas(replace(EMPTY, statement=prose)) == found


def test_every_text_of_a_part_is_searched() -> None:
    part = Part("a", ("$a$",), NOWHERE, hint=("$b$",), say=("$c$",), answer=("$d$",))
    assert typed_formulas(replace(EMPTY, parts=(part,))) == ("$a$", "$b$", "$c$", "$d$")
