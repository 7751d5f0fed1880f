"""The breaks that once went to print with a clean certificate, each by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

from solgen.build import outcome
from solgen.document import quantities
from solgen.expr import build
from solgen.expr.nodes import Apply
from solgen.expr.ops import TABLE
from solgen.expr.ops.presentation import Textbook
from solgen.expr.present import forms, sizes
from solgen.expr.present.piece import times
from solgen.expr.present.tree import Identifier, Operator, Shaped
from solgen.reader.language import builtins, operators
from solgen.render import chains
from solgen.render.latex import latex
from tests.breaks.broken import Break, write_otherwise
from tests.mutants.mutant import replace_everywhere, set_field


def named() -> Iterator[Break]:
    """All of them: what reads a model, what writes a formula, what writes data."""
    yield from _reading()
    yield from _writing()
    yield from _data()


def _reading() -> Iterator[Break]:
    yield Break("reader: a - b is a + b", partial(replace_everywhere, operators.minus, build.plus), tries=9)
    yield Break("reader: relu is softplus", partial(_called, "relu", "softplus"), operation="relu")
    yield Break("reader: mean divides by n + 1", _longer_mean, tries=72)
    yield Break("row: sigmoid is tanh throughout", partial(_row_of, "sigmoid", "tanh"), operation="sigmoid")


def _called(name: str, other: str) -> None:
    old = builtins.call_builtin
    replace_everywhere(old, lambda called, *rest: old(other if called == name else called, *rest))


def _longer_mean() -> None:
    old = builtins._share
    replace_everywhere(old, lambda size, total: old(size + 1, total))


def _row_of(name: str, other: str) -> None:
    """Every field of a row but its name and its looks."""
    row, model = TABLE[name], TABLE[other]
    kept = ("name", "presentation", "written", "doc", "spoken", "public")
    for field in fields(row):
        if field.name not in kept and hasattr(model, field.name):
            set_field(row, field.name, getattr(model, field.name))


FORMS: Mapping[str, tuple[Textbook, Callable[[Any, Apply], Any]]] = {
    "a product in the other order": (
        Textbook.MATRIX_PRODUCT, lambda m, e: times(m.piece(e.args[1]), m.piece(e.args[0])),
    ),
    "a transpose lost": (Textbook.TRANSPOSE, lambda m, e: m.piece(e.args[0])),
    "minus as plus": (Textbook.NEGATION, lambda m, e: m.piece(e.args[0])),
    "a factor of an entrywise product lost": (Textbook.ENTRYWISE_PRODUCT, lambda m, e: m.piece(e.args[1])),
}  # fmt: skip


def _writing() -> Iterator[Break]:
    for name, (form, careless) in FORMS.items():
        broken = {**forms.TEXTBOOK, form: careless}
        yield Break(f"printer: {name}", partial(setattr, forms, "TEXTBOOK", broken), tries=9)
    yield Break("printer: tanh is sinh", partial(_written, Identifier, "letters", {"tanh": "sinh"}), operation="tanh")
    yield Break("printer: no sign of an entrywise product", partial(_written, Operator, "sign", {"⊙": " "}), tries=9)
    directions = {"rows": "cols", "cols": "rows"}
    yield Break("printer: rows and columns exchanged", partial(_written, Identifier, "letters", directions), tries=72)
    yield Break("printer: a side without its sign", _without_sign, tries=3)
    yield Break("printer: two sides exchanged", _exchanged_sides, tries=3)


def _written(kind: type, field: str, otherwise: Mapping[str, str]) -> None:
    def change(node: Any) -> Any:
        value = getattr(node, field)
        return replace(node, **{field: otherwise[value]}) if value in otherwise else node

    write_otherwise(kind, change)


def _without_sign() -> None:
    replace_everywhere(chains._latex_side, lambda side, m: latex(side.body, m))


def _exchanged_sides() -> None:
    old = chains.latex_sides
    replace_everywhere(old, lambda sides, *rest: old(tuple(reversed(sides)), *rest))


def _data() -> Iterator[Break]:
    yield Break("data: the shape under a factor reversed", _reversed_beneath, kind="Shaped", tries=3)
    yield Break("data: shapes and spaces reversed", _reversed_axes, tries=3)
    yield Break("data: a digit of a value changed", _other_digit, kind="Table", tries=9)
    yield Break("data: every number in checks.json one too large", _shifted, tries=1)


def _reversed_beneath() -> None:
    def change(node: Shaped) -> Shaped:
        shape: Any = node.shape
        return replace(node, shape=replace(shape, items=shape.items[::-1])) if hasattr(shape, "items") else node

    write_otherwise(Shaped, change)


def _reversed_axes() -> None:
    old = sizes.join_row
    sizes.join_row = lambda items, between: old(tuple(reversed(items)), between)  # type: ignore[assignment]


def _other_digit() -> None:
    old = quantities.number_node

    def broken(text: str) -> Any:
        return old(text[:-1] + ("4" if text[-1] != "4" else "5") if text[-1].isdigit() else text)

    replace_everywhere(old, broken)


def _shifted() -> None:
    old = outcome.checks_json

    def broken(*arguments: Any) -> bytes:
        rows = json.loads(old(*arguments))
        for check in (c for row in rows for c in row["checks"]["checks"]):
            number = check.get("equation", "")
            check["equation"] = str(int(number) + 1) if number.isdigit() else number
        return json.dumps(rows).encode()

    replace_everywhere(old, broken)
