"""The statements of a model's text: declarations, equations and own functions, as Python's parser reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction


class Unclear(ValueError):
    """Something that the second reading does not understand, or whose value it cannot tell."""


@dataclass(frozen=True, slots=True)
class ModelStatement:
    """One line: the name that it defines, the index letters of a family, and what stands at its right.

    `value` is a kind (of a declaration), a formula, or a lambda; in it each literal is the exact rational as written.
    """

    name: str
    at: tuple[str, ...]
    declares: bool
    value: ast.expr
    text: str


def read_statements(texts: Sequence[str]) -> tuple[ModelStatement, ...]:
    """The statements of a problem's model, changed by those of a part's where there is a second text.

    What a part defines again stands where the problem had it; what the part defines anew stands before the next of
    those, else at the end.  Raises Unclear for a text that is no model.
    """
    own, *changes = ([*_statements(text)] for text in texts)
    for changed in changes:
        before = {statement.name for statement in own}
        new: list[ModelStatement] = []
        for statement in changed:
            new.append(statement)
            if statement.name in before:
                place = next(k for k, old in enumerate(own) if old.name == statement.name)
                own[place : place + 1] = new
                before.remove(statement.name)
                new = []
        own += new
    return tuple(own)


def _statements(text: str) -> Iterator[ModelStatement]:
    """A statement ends with its line, unless a bracket is open."""
    held = ""
    for line in text.split("\n"):
        held = f"{held}\n{line.partition('#')[0]}".strip()
        if held and sum(map(held.count, "([{")) <= sum(map(held.count, ")]}")):
            yield _statement(held)
            held = ""
    if held:
        raise Unclear("a bracket is left open")


def _statement(text: str) -> ModelStatement:
    try:
        (tree,) = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unclear(f"`{text}` cannot be parsed") from error
    match tree:
        case ast.AnnAssign(target=target, annotation=value, value=None):
            declares = True
        case ast.Assign(targets=[target], value=value):
            declares = False
        case _:
            raise Unclear(f"`{text}` defines nothing")
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value = _as_written(text, node)  # type: ignore[assignment]
    match target:
        case ast.Name(id=name):
            return ModelStatement(name, (), declares, value, text)
        case ast.Subscript(value=ast.Name(id=name), slice=letters):
            found = letters.elts if isinstance(letters, ast.Tuple) else [letters]
            return ModelStatement(name, tuple(e.id for e in found if isinstance(e, ast.Name)), declares, value, text)
        case _:
            raise Unclear(f"`{ast.unparse(target)}` is no name")


def _as_written(text: str, node: ast.Constant) -> Fraction:
    written = ast.get_source_segment(text, node)
    if written is None:
        raise Unclear("a number stands nowhere")
    return Fraction(written.replace("_", ""))
