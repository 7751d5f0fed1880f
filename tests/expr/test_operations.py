"""What an operation is, its row says: nowhere else does a table name operations to state a property of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from tests.counts import NAMES, NO_TEXT_OF_OURS, NOT_OURS, PRINTING, dissections, literals, may_name, sources

OTHER_MEANINGS: Mapping[str, str] = {
    "document/definitions.py": "words that stand beneath a name",
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
# The files that may name operations: rewrites and what they recognise, constructors, what readers type, and forms of
# one operation alone.  What is true of several operations is a trait or a field of their rows.
NAMING: Mapping[str, str] = {
    "cli/reference.py": "samples in rows, for the shapes of examples",
    "calculus/": "rewrites, and the steps of textbook derivations",
    "expr/": "constructors, and forms whose sign is another operation's",
    "reader/": "the syntax of models, and what numpy's users type",
    "figures/graph/operations.py": "a weighted logarithm is drawn as one node",
    "figures/graph/rectangles.py": "factors of products",
    "document/definitions.py": "signs that a page explains",
    "document/literal.py": "a sum of numbers, written out",
    "numeric/code/formulas.py": "names that Python keeps for itself; a gradient of an open loss",
    "numeric/checks/coverage.py": "softmax fused with a loss",
    "numeric/values/evaluator.py": "functions that the file names",
    "numeric/code/label_places.py": "the unit vector of a label",
    "numeric/code/module.py": "functions that the file names",
    "numeric/checks/mutants.py": "what is changed in an answer",
    "numeric/points/sample.py": "positions of a unit vector",
    "numeric/points/test_sizes.py": "ranges of a slice",
    "document/cited_facts.py": "a word: each row",
    "written/": "the second reader of mathematics, which shares nothing with the printers, and so says all by itself",
    "model/problem.py": "words: forms of a derivation with samples",
    "numeric/checks/refute.py": "words: how a wrong answer fails",
    "numeric/checks/statements.py": "a word: which check",
}
MOST = 500  # literals of operations' names outside the table
OURS = {
    "document/english.py": 2,
    "document/verbs/mistakes.py": 1,
    "expr/text.py": 1,
    "expr/writer.py": 3,
    "figures/graph/alt_text.py": 2,
    "figures/layout/label_sizes.py": 1,
    "model/quantity.py": 4,
}


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
    """The second reader of mathematics apart: it shares nothing with the printers, and says by itself what it knows."""
    return [
        f"{file}: {table}"
        for file, text in texts
        if not file.startswith(("expr/ops/", "written/")) and file not in OTHER_MEANINGS
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


def test_names_of_operations_stand_in_listed_files() -> None:
    naming = {
        file
        for file, text in sources()
        if not file.startswith("expr/ops/") and may_name(tree := ast.parse(text)) and any(literals(tree))
    }
    assert {file for file in naming if not file.startswith(tuple(NAMING))} == set()
    assert {listed for listed in NAMING if not any(file.startswith(listed) for file in naming)} == set()


def test_names_of_operations_are_few() -> None:
    """The second reader apart: it is to know mathematics by itself."""
    texts = [text for file, text in sources() if not file.startswith(("expr/ops/", "written/"))]
    assert sum(len([*literals(ast.parse(text))]) for text in texts) <= MOST


def test_text_that_we_wrote_is_not_taken_apart() -> None:
    """Elsewhere than in these lines: what remains to be made of data."""
    found = {
        file: len(places)
        for file, text in sources()
        if file.startswith(PRINTING) and not file.startswith(NO_TEXT_OF_OURS) and file not in NOT_OURS
        if (places := [*dissections(file, ast.parse(text))])
    }
    assert found == OURS


@pytest.mark.parametrize(
    "code", ['text.split(",")', 're.search("x", text)', 'text.startswith("-")', '" = " in text', 'x.replace("a", "b")']
)
def test_taking_apart_is_noticed(code: str) -> None:
    assert [*dissections("render/new.py", ast.parse(code))] != []


@pytest.mark.parametrize(
    "code",
    ["from solgen.expr.build import apply", "from solgen.expr.nodes import Apply", "from solgen.expr import applied"],
)
def test_a_file_that_can_name_an_operation_is_noticed(code: str) -> None:
    assert may_name(ast.parse(code))
    assert not may_name(ast.parse("from solgen.expr.nodes import Var"))
