"""Names that a file asks for: `z`, `z[k]`, `W[k, :]`, `v[a:b]`, and derivatives `dL/dW`; split, parsed, looked up."""

from __future__ import annotations

import re
from unicodedata import normalize

from solgen.expr.nodes import Kind, Var, shape_text
from solgen.model.problem import NameRef
from solgen.reader.language.scope import Scope
from solgen.reader.source import Defects, nearest_or_all
from solgen.reader.yaml.yaml_nodes import Node, Scalar, Seq, TextPiece

IDENTIFIER = r"[^\W\d]\w*"
NAME = re.compile(rf"({IDENTIFIER})\s*(?:\[(.*)\])?\Z", re.DOTALL)
DERIVATIVE = re.compile(rf"d({IDENTIFIER}(?:\[[^\]]*\])?)\s*/\s*d({IDENTIFIER}(?:\[[^\]]*\])?)\Z")
WHOLE = re.compile(r"[-+]?\d{1,9}\Z")

RefIndex = str | int | tuple[int | str | None, int | str | None] | None


def split_names(node: Node) -> tuple[TextPiece, ...]:
    """The names of a YAML list, or of one text split at commas outside brackets."""
    if isinstance(node, Seq):
        return tuple(piece for item in node.items for piece in split_names(item))
    assert isinstance(node, Scalar)
    return tuple(piece for piece in TextPiece.of(node).split(",") if piece.text)


def name_ref(piece: TextPiece, report: Defects) -> NameRef | None:
    """The name that a text is; None, reported, where it is none."""
    found = NAME.match(piece.text)
    if not found:
        report.error(
            "bad-name", f"`{piece.text[:40]}` is not a name", piece.span, "write names such as W1, z[k], W[k, :]"
        )
        return None
    inside = piece.part(*found.span(2)) if found.group(2) is not None else None
    indices = [_index(p, report) for p in inside.split(",")] if inside else []
    if any(isinstance(i, str) and not i for i in indices):
        return None
    return NameRef(normalize("NFKC", found.group(1)), tuple(indices), piece.span)


def split_derivative(piece: TextPiece) -> tuple[TextPiece, TextPiece] | None:
    """Numerator and denominator of `dL/dW`, or None for any other text."""
    found = DERIVATIVE.match(piece.text)
    return (piece.part(*found.span(1)), piece.part(*found.span(2))) if found else None


def look_up_value(piece: TextPiece, scope: Scope, report: Defects) -> tuple[NameRef, Var | None] | None:
    """A name that stands for a value of the model, looked up; its variable is None where its own line failed.

    None, reported, where there is no such value.
    """
    ref = name_ref(piece, report)
    if ref is None:
        return None
    var = scope.variables.get(ref.name)
    if var is not None:
        return (ref, var) if _fits(ref, var, scope, report) else None
    if ref.name in scope.broken or scope.blind:
        return ref, None
    what = scope.what(ref.name)
    if what:
        report.error(
            "not-a-value",
            f"`{ref.name}` is {what}, not a value of the model",
            ref.span,
            "name a variable or an equation",
        )
    else:
        hint = nearest_or_all(ref.name, scope.values, "the model has")
        report.error("unknown-name", f"`{ref.name}` is not in the model", ref.span, hint or "the problem has no model")
    return None


def _index(piece: TextPiece, report: Defects) -> RefIndex:
    """One index: a number, a letter, `:` (None) or a slice; an empty text, reported, for anything else."""
    text = piece.text
    if text == ":":
        return None
    ends = [part.strip() for part in text.split(":")]
    if len(ends) <= 2 and all(not e or WHOLE.match(e) or re.fullmatch(IDENTIFIER, e) for e in ends) and any(ends):
        found = [int(e) if WHOLE.match(e) else normalize("NFKC", e) or None for e in ends]
        single = found[0]
        return (found[0], found[1]) if len(found) == 2 else single
    report.error("bad-name", f"`{text[:20]}` is not an index", piece.span, "write a letter, a number, `:` or `a:b`")
    return ""


def _fits(ref: NameRef, var: Var, scope: Scope, report: Defects) -> bool:
    """Whether the indices suit the variable: not too many, inside, no other variable among them."""
    sizes = var.axes
    if len(ref.indices) > len(sizes):
        report.error(
            "bad-name",
            f"`{ref}`: `{var.name}` is {shape_text(var.shape_)}",
            ref.span,
            "leave indices out",
        )
        return False
    for index, size in zip(ref.indices, sizes, strict=False):
        limit = size.constant
        if isinstance(index, int) and limit is not None and not -limit <= index < limit:
            report.error(
                "bad-name",
                f"`{ref}`: {index} lies outside an axis of size {size}",
                ref.span,
                f"0 to {limit - 1}, as in Python",
            )
            return False
        if isinstance(index, str) and index in scope.variables and scope.variables[index].kind is not Kind.LABEL:
            report.error(
                "bad-name",
                f"`{ref}`: `{index}` is a variable, not an index",
                ref.span,
                "use a letter that is not declared",
            )
            return False
    return True
