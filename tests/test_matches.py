"""Every match over a closed set names all its cases: a default that is not `assert_never` stands only where listed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent / "solgen"
OPEN = {
    # patterns of formulas that are rewritten, where every other formula stays
    "rewrite": """
        calculus/engine/adjoints calculus/engine/entrywise calculus/engine/fuse calculus/engine/network
        calculus/engine/prepare calculus/engine/readback calculus/expected calculus/textbook/block_rules
        calculus/textbook/factor calculus/textbook/matrix_rules calculus/textbook/monomial
        calculus/textbook/simplify calculus/textbook/sum_rules calculus/textbook/sums
        calculus/verbs/derivative calculus/verbs/mistakes calculus/verbs/rewrite calculus/verbs/shapes
        document/cited_facts document/factors expr/build expr/corners expr/walk figures/graph/operations
        figures/graph/rectangles figures/graph/signs numeric/checks/founded numeric/checks/mutants
        numeric/code/label_places numeric/code/module numeric/points/sample numeric/points/test_sizes
    """,
    # presentations that look one way in a few places, and as their parts do elsewhere
    "appearance": """
        build/undefined document/definitions document/entry_grids document/narration expr/present/array_forms
        expr/present/breaks expr/present/entry expr/present/function_forms expr/present/grouping
        expr/present/inline expr/present/letters expr/present/ones expr/present/piece expr/present/presenter
        expr/present/product_forms expr/present/subscripts expr/present/sum_forms figures/graph/equations
        render/boxes render/chains render/latex render/snippets render/terminal render/tex_spelling
        render/words
    """,
    # operations that have no such form: the default refuses, by name
    "refusal": """
        calculus/engine/batch calculus/engine/block_jacobians calculus/engine/forward_sweep
        calculus/engine/index_form calculus/engine/user_functions figures/graph/alt_text
    """,
    # Python's or YAML's syntax, words that people type, values of any type
    "syntax": """
        document/author/prose document/templates expr/writer numeric/code/interpret
        reader/expect reader/inline reader/paper_answers reader/language/brackets reader/language/builtins
        reader/language/declare reader/language/formula reader/language/model_lines reader/language/model_text
        reader/language/operators reader/language/size_text reader/language/standing reader/references
        reader/size_order reader/yaml/loader written/model/definitions written/model/formulas written/model/interpreter
        written/model/statements written/prose/modes
    """,
    # what people write, one form after another: a reading that no case has is refused at its place
    "reading": """
        build/read_back/counts build/read_back/data build/read_back/finished build/read_back/forms
        build/read_back/in_numbers
        build/read_back/relations build/read_back/section build/read_figures/graph build/read_prose/place
        build/read_prose/relate written/calls
        written/compare written/data written/derivatives written/factors written/indicators
        written/introduced written/labels written/chained written/remarks
        written/names written/normal written/numerals written/parser written/positions written/powers
        written/ranges written/reader written/reading written/series written/sizes written/spelling
        written/sums written/symbols written/terms written/tokens written/typed written/values written/words
    """,
    # a subclass or a row that hands on what it does not change itself
    "inherited": """
        build/outcome document/literal numeric/points/readable numeric/points/shorten numeric/values/evaluator
    """,
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
