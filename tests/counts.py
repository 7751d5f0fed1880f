"""`make counts`: how far the house keeps to one table of operations, and takes no text apart that it wrote itself.

Five numbers, each with its places: tables outside expr/ops that are keyed by names of operations; the literals of such
names; where text is taken apart in the rooms that print; names that say little, functions whose whole name is a
participle and public names of functions and classes that two rooms have; and the lines of code.  Syntax alone is looked
at, so a name such as `sum` that means no operation counts too, and text that an author typed counts beside text that we
printed: what is listed is for a reader to judge, what is counted is comparable from version to version.

Two of the numbers are given narrower as well.  A file that imports nothing through which a name becomes an operation
(`Apply`, the table, the constructors) cannot name one, whatever its words are.  And the files of `NOT_OURS` take apart
what somebody else wrote, each for the reason given there.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from solgen.expr.ops import TABLE

ROOT = Path(__file__).parents[1]
NAMES = frozenset(TABLE)
PRINTING = ("expr", "document", "figures", "model/quantity.py", "render")
NO_TEXT_OF_OURS = ("expr/ops",)  # the table itself
NOT_OURS: Mapping[str, str] = {
    "document/origin.py": "lines of a course's own templates, found again in what TeX stopped at",
    "document/author/blame.py": "what TeX stopped at, found again in what the author typed",
    "document/author/prose.py": "LaTeX that an author typed around our formulas",
    "document/templates.py": "names of template files",
    "document/author/typed.py": "LaTeX that an author typed",
    "expr/present/declared.py": "LaTeX that an author gave a name",
    "expr/present/greek.py": "what Unicode calls a letter",
    "expr/present/symbols.py": "names of a model",
    "figures/drawing/fonts.py": "LaTeX that an author gave a name, for mathtext, and matplotlib's messages",
    "render/author.py": "LaTeX that an author typed",
    "render/dollars.py": "titles and remarks that an author typed",
    "render/filling.py": "any text, broken into lines at spaces and not read",
}
THROUGH = frozenset(
    {"solgen.expr.build", "solgen.expr.applied", "solgen.expr.arith", "solgen.calculus.textbook.patterns"}
)
METHODS = frozenset({
    "find", "rfind", "split", "rsplit", "splitlines", "partition", "rpartition", "startswith", "endswith", "replace",
    "removeprefix", "removesuffix",
})  # fmt: skip
PARTICIPLE = re.compile(r"_?(?=[a-z]{4})[a-z]*(ed|en|wn|ught|old|ept|ut|aid|ade)_?")
NO_PARTICIPLES = frozenset("children input layout markdown open output shorten solgen unfold".split())
PROPERTY = re.compile(r"property|setter")
PATTERNS = frozenset("compile search match fullmatch split findall finditer sub subn".split())
NO_CODE = frozenset({
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, and what was counted there."""

    file: str
    line: int
    what: str


def sources(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Every file of the package, by its name inside it, with its text."""
    for path in sorted((root / "solgen").rglob("*.py")):
        yield path.relative_to(root / "solgen").as_posix(), path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- names of operations


def tables(file: str, tree: ast.Module) -> Iterator[Place]:
    """Values of a module that name two operations or more."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            named = set(literals(statement.value))
            if len(named) > 1:
                target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
                yield Place(file, statement.lineno, f"{ast.unparse(target)}: {' '.join(sorted(named))}")


def literals(tree: ast.AST) -> Iterator[str]:
    """The names of operations that stand as strings, or as words of a string that is split."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Constant(str(words)), attr="split")):
                yield from (word for word in words.split() if word in NAMES and word != words)
            case ast.Constant(str(word)) if word in NAMES:
                yield word


def may_name(tree: ast.Module) -> bool:
    """Whether a file imports something through which a name becomes an operation."""
    imported = {
        (node.module, name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }
    return any(
        module in THROUGH
        or f"{module}.{name}" in THROUGH
        or module.startswith("solgen.expr.ops")
        or (module, name) == ("solgen.expr.nodes", "Apply")
        for module, name in imported
    )


# ---------------------------------------------------------------- text that is taken apart


def dissections(file: str, tree: ast.Module) -> Iterator[Place]:
    """Where text is searched, split or matched: methods of strings, regular expressions, `"\\x" in text`."""
    for node in ast.walk(tree):
        if _takes_apart(node):
            yield Place(file, node.lineno, ast.unparse(node))  # type: ignore[attr-defined]


def _takes_apart(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name("re"), attr=name)):
            return name in PATTERNS
        case ast.Call(func=ast.Attribute(value=of, attr=name)):
            return name in METHODS and not isinstance(of, ast.Constant) and ast.unparse(of) != "os"
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn(), *_]):
            return _sign(left)
        case _:
            return False


def _sign(node: ast.expr) -> bool:
    """Whether this is a string that is no word: what one looks for in a text, not in a set of names."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.isidentifier()


# ---------------------------------------------------------------- lines of code


def code_lines(text: str, tree: ast.Module) -> int:
    """Lines that hold code: not blank, not a comment, not a docstring."""
    told = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    return len(found - told)


# ---------------------------------------------------------------- names


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Every function of a file but the special ones, inner ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            yield node


def participles(file: str, tree: ast.Module) -> Iterator[Place]:
    """Functions that are called `told` or `_kept`; a property is a thing, and may be."""
    for node in functions(tree):
        decorators = (ast.unparse(one) for one in node.decorator_list)
        named_so = PARTICIPLE.fullmatch(node.name) and node.name.strip("_") not in NO_PARTICIPLES
        if named_so and not any(PROPERTY.search(one) for one in decorators):
            yield Place(file, node.lineno, node.name)


def public_names(tree: ast.Module) -> Iterator[str]:
    """The functions and classes that a module offers."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


# ---------------------------------------------------------------- the report


def main() -> int:
    keyed: list[Place] = []
    named: Counter[str] = Counter()
    able: set[str] = set()
    apart: list[Place] = []
    bare: list[Place] = []
    rooms: dict[str, set[str]] = {}
    count = lines = 0
    for file, text in sources():
        tree = ast.parse(text)
        lines += code_lines(text, tree)
        count += sum(1 for _ in functions(tree))
        bare += participles(file, tree)
        for name in public_names(tree):
            rooms.setdefault(name, set()).add(file.split("/")[0])
        if not file.startswith("expr/ops"):
            keyed += tables(file, tree)
            named[file] += sum(1 for _ in literals(tree))
            able |= {file} if may_name(tree) else set()
        if file.startswith(PRINTING) and not file.startswith(NO_TEXT_OF_OURS):
            apart += dissections(file, tree)
    print("\n".join(section("tables keyed by names of operations", keyed)))
    print(f"{sum(place.file in able for place in keyed)} of them in files that can name an operation")
    print(f"\n{named.total()} literals of operations' names in {len(+named)} files outside expr/ops")
    narrower = {file: count for file, count in (+named).items() if file in able}
    print(f"{sum(narrower.values())} of them in the {len(narrower)} files that can name an operation")
    print("\n".join(f"  {count:4} {file}" for file, count in (+named).most_common()))
    print("\n" + "\n".join(section("places where text is taken apart", apart)))
    ours = [place for place in apart if place.file not in NOT_OURS]
    print("\n" + "\n".join(section("of them where it is our own text", ours)))
    print(f"\n{count} functions")
    print("\n".join(section("functions with a participle for a name", bare)))
    twice = {name: found for name, found in sorted(rooms.items()) if len(found) > 1}
    print(f"\n{len(twice)} public names that stand in two rooms")
    print("\n".join(f"  {name}: {' '.join(sorted(found))}" for name, found in twice.items()))
    print(f"\n{lines} lines of code")
    return 0


def section(title: str, places: Iterable[Place]) -> list[str]:
    """A number, and each place with what stands there."""
    found = sorted(places, key=lambda place: (place.file, place.line))
    files = len({place.file for place in found})
    shown = (f"  {place.file}:{place.line}  {place.what:.110}".rstrip() for place in found)
    return [f"{len(found)} {title} in {files} files", *shown]


if __name__ == "__main__":
    sys.exit(main())
