"""The language reference: complete, read off the table, and the page in docs/ is the generated one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solgen.cli.reference import KINDS, describe_function, functions, list_functions, page
from solgen.errors import InputError
from solgen.expr.nodes import Kind
from solgen.expr.ops import ROWS
from solgen.reader.language.builtins import CONSTRUCTIONS, FILLED

ROOT = Path(__file__).parents[2]
PUBLIC = {row.name for row in ROWS if row.public} | {*CONSTRUCTIONS, *FILLED}


def test_every_public_operation_and_every_kind_is_described() -> None:
    assert {f.name for f in functions()} == PUBLIC
    assert set(KINDS) == {kind for kind in Kind if kind.value.isidentifier()}  # what a file can write
    assert all(f.doc for f in functions())


def test_the_page_in_docs_is_the_generated_one() -> None:
    """Run `solgen functions --markdown > docs/language.md` after a change of the table."""
    assert (ROOT / "docs/language.md").read_text(encoding="utf-8") == page()


def test_each_function_has_its_own_entry_and_line() -> None:
    assert set(re.findall(r"^### (\w+)$", page(), re.MULTILINE)) == PUBLIC
    assert {line.split()[0] for line in list_functions().splitlines()} == PUBLIC


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("sigmoid", "    dL/dx = dL/dy * y * (1 - y)"),
        ("relu", "convention: relu′(0) = 0"),
        ("logsumexp", "    dL/dx = dL/dy * softmax(x)"),
        ("outer", "C = outer(a, b)    a: R[m], b: R[n] → R[m, n]"),
        ("outer", "    dL/db = dL/dC.T @ a"),
        ("diag", "    dL/da = diagpart(dL/dC)"),
        ("mean", "The sum divided by the number of summands."),
        ("mean", "y = mean(X, axis=0) = 1 / m * sum(X, axis=0)    X: R[m, n] → R[n]"),
        ("ones", "Y = ones(m, n)    R[m, n]"),
        ("eye", "y = eye(n)    R[n, n]"),
    ],
)
def test_entries_say_what_the_rules_say(name: str, line: str) -> None:
    assert line in describe_function(name).splitlines()


def test_an_unknown_name_is_an_input_error() -> None:
    with pytest.raises(InputError, match="did you mean `softmax`"):
        describe_function("sofmax")
