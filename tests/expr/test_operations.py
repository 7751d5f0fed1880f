"""What an operation is, its row says: nowhere else does a table name operations to state a property of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from tests.counts import NAMES, literals, sources

OTHER_MEANINGS: Mapping[str, str] = {
    "document/verbs/mistakes.py": "kinds of wrong answers",
    "expr/present/declared.py": "accents",
    "expr/present/tree.py": "accents and fences",
    "render/latex.py": "fences",
    "render/mathtext.py": "fences",
    "render/tex_spelling.py": "commands of LaTeX",
    "render/author.py": "commands of LaTeX",
    "render/boxes.py": "fences",
    "render/glyphs.py": "accents",
    "render/terminal.py": "fences",
    "numeric/code/formulas.py": "names of Python",
    "numeric/code/interpret.py": "names of Python",
    "reader/language/model_slips.py": "spellings of numpy and of mathematics",
}
ROOMS = ("calculus", "reader", "expr", "numeric", "figures", "document", "render")
FEW = 6  # names in a file outside the rooms that match operations: a command, a key


def stating(tree: ast.Module) -> Iterator[str]:
    """The values of a module that name two operations or more, and map them to no function."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            named = {name for node in _containers(statement.value) for name in _named(node)}
            if len(named) > 1:
                yield ast.unparse(statement)[:70]


def _containers(tree: ast.expr) -> Iterator[ast.expr]:
    yield from (n for n in ast.walk(tree) if isinstance(n, ast.Dict | ast.Set | ast.List | ast.Tuple | ast.Call))


def _named(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Dict(keys=keys, values=values):
            stated = (k for k, v in zip(keys, values, strict=True) if not _is_function(v))
            yield from (k.value for k in stated if isinstance(k, ast.Constant) and k.value in NAMES)
        case ast.Set(elts=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            yield from (p.value for p in parts if isinstance(p, ast.Constant) and p.value in NAMES)
        case ast.Call(func=ast.Attribute(value=ast.Constant(str(words)), attr="split")):
            yield from NAMES.intersection(words.split())
        case _:
            return


def _is_function(value: ast.expr) -> bool:
    """A rewrite, or several; a form of a printer; a function of a field."""
    return isinstance(value, ast.Lambda | ast.Name | ast.Attribute | ast.Call) or (
        isinstance(value, ast.Tuple) and all(map(_is_function, value.elts))
    )


def found(texts: Iterator[tuple[str, str]]) -> list[str]:
    return [
        f"{file}: {table}"
        for file, text in texts
        if not file.startswith("expr/ops/") and file not in OTHER_MEANINGS
        for table in stating(ast.parse(text))
    ]


def test_no_table_outside_the_table_states_a_property_of_operations() -> None:
    assert found(sources()) == []


@pytest.mark.parametrize(
    "table",
    [
        'SILENT = frozenset({"add", "neg"})',
        'WORDS = {"matmul": "times", "add": "plus"}',
        'LISTED = frozenset("relu sigmoid tanh".split())',
        'ARITY: Mapping[str, int] = MappingProxyType({"sin": 1, "pow": 2})',
    ],
)
def test_such_a_table_is_noticed(table: str) -> None:
    assert found(iter([("figures/new.py", table)])) != []


def test_names_of_operations_stand_where_formulas_are_matched_and_read() -> None:
    """In rewrite patterns, printers' forms and the reader's syntax; elsewhere at most as words of other things."""
    many = {file: n for file, text in sources() if (n := len([*literals(ast.parse(text))])) > FEW}
    assert {file for file in many if not file.startswith(tuple(f"{room}/" for room in ROOMS))} == set()
