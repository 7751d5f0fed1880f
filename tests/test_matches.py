"""Every match over a closed set names all its cases: a default that is not `assert_never` stands only where listed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent / "solgen"
OPEN = {
    # patterns of formulas that are rewritten, where every other formula stays
    "rewrite": """
        calculus/block_rules calculus/entries calculus/factor calculus/fuse
        calculus/gradients calculus/matrix_rules calculus/mistakes calculus/monomial calculus/network
        calculus/prepare calculus/readback calculus/rewrite calculus/scalar calculus/shapes calculus/simplify
        calculus/sum_rules calculus/sums calculus/expected
        document/factors document/facts expr/build expr/corners expr/walk
        figures/graph figures/products figures/signs numeric/founded numeric/mutants numeric/sample numeric/sizes
        numeric/export numeric/labels
    """,
    # presentations that look one way in a few places, and as their parts do elsewhere
    "appearance": """
        expr/present/arrays expr/present/breaks expr/present/entries expr/present/functions expr/present/grouping
        expr/present/inline expr/present/letters expr/present/ones expr/present/piece expr/present/presenter
        expr/present/products expr/present/subscripts expr/present/sums figures/collapse render/latex render/tex
        document/grids narration render/boxes render/chains render/snippets render/terminal render/words
    """,
    # operations that have no such form: the default refuses, by name
    "refusal": "calculus/batch calculus/blocks calculus/forward calculus/indexed calculus/own figures/words",
    # Python's or YAML's syntax, words that people type, values of any type
    "syntax": """
        expr/writer numeric/interpret reader/declare reader/entries reader/expect reader/formula reader/functions
        reader/inline reader/lines reader/loader reader/operators reader/order reader/program reader/prose reader/sizes
        document/mathmode document/templates document/prose
    """,
    # a subclass or a row that hands on what it does not change itself
    "inherited": "document/literal numeric/evaluate numeric/shorten numeric/small outcome",
}


def defaults(source: str) -> Iterator[ast.match_case]:
    """The cases `_` of a module that take whatever comes."""
    for node in ast.walk(ast.parse(source)):
        for case in node.cases if isinstance(node, ast.Match) else ():
            anything = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
            if anything and not any(_is_never(statement) for statement in case.body):
                yield case


def _is_never(statement: ast.stmt) -> bool:
    called = statement.value.func if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "assert_never"


def test_defaults_stand_only_where_a_set_is_open() -> None:
    found = {
        path.relative_to(HOUSE).with_suffix("").as_posix(): [case.pattern.lineno for case in defaults(path.read_text())]
        for path in HOUSE.rglob("*.py")
    }
    listed = {name: reason for reason, names in OPEN.items() for name in names.split()}
    assert {name: lines for name, lines in found.items() if lines and name not in listed} == {}
    assert [name for name in listed if not found.get(name)] == []


def test_a_default_is_seen() -> None:
    silent = "match x:\n    case int():\n        pass\n    case _:\n        return\n"
    named = "match x:\n    case int():\n        pass\n    case other:\n        return other\n"
    never = "match x:\n    case int():\n        pass\n    case _:\n        assert_never(x)\n"
    assert [len(list(defaults(text))) for text in (silent, named, never)] == [1, 1, 0]
