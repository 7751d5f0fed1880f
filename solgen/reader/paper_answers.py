r"""An expected answer that is written as on paper, `{latex: '(p - y)\, x^\top'}`: read with the names of the model."""

from __future__ import annotations

from dataclasses import replace

from solgen.expr.arith import ONE, fill
from solgen.expr.nodes import Adj, Expr, Shape, shape, shape_text
from solgen.expr.size import Size
from solgen.expr.text import text
from solgen.reader.asks import Context
from solgen.reader.language.answer_parts import AnswerTarget
from solgen.reader.language.standing import ROW_CODE
from solgen.reader.yaml.yaml_nodes import Map, Scalar, TextPiece
from solgen.written import Names, Reading, RelationSide, Unreadable, meanings, names_of, read_latex
from solgen.written.typed import TypedValue, as_number, of_rank, vector

BRACKETS = "write brackets, so that it can be read in one way"


def latex_of(node: Map) -> TextPiece | None:
    """The LaTeX of an answer, with its place."""
    found = node.get("latex")
    return TextPiece.of(found).part(0, len(found.text)) if isinstance(found, Scalar) else None


def read_paper_answer(answer: TextPiece, target: AnswerTarget, context: Context) -> Expr | None:
    """The formula, in the shape of what is answered; None where something was reported."""
    try:
        reading = read_latex(answer.text, _names(target, context))
    except Unreadable as why:
        at = min(why.place, max(len(answer.text) - 1, 0))
        context.report.error(
            "unreadable", f"this answer is not read: {why}", answer.at(at, at + 1),
            f"expected {why.expected}" if why.expected else "write it with the names of the model",
        )  # fmt: skip
        return None
    side = None if reading.condition else _only(reading)
    if side is None or not side.readings:
        hint = "write the right side only"
        context.report.error("syntax", "an expected answer is one formula", answer.span, hint)
        return None
    return _fitting(side, reading, answer, target, context)


def _names(target: AnswerTarget, context: Context) -> Names:
    """What an answer may name: the values of the model, and the gradients of what is differentiated."""
    model = context.model
    values = model.variables.values()
    formulas = [*values, *(q.body for q in model.equations), *(Adj(target.output, v) for v in values), target.symbol]
    return replace(names_of(formulas, context.latex, loss=target.output.name), typed=True)


def _only(reading: Reading) -> RelationSide | None:
    match reading.chains:
        case ((side,),):
            return side
        case _:
            return None


def _fitting(
    side: RelationSide, reading: Reading, answer: TextPiece, target: AnswerTarget, context: Context
) -> Expr | None:
    """The reading that has the shape of what is answered; several that differ in value are reported."""
    due, report = target.due, context.report
    found = [e for t in side.readings if (e := _in_shape(t, due)) is not None]
    if not found and (found := _rows_as_columns(side, due)):
        message = f"`{answer.text}` is a row where a column is due: `{target.text}` has the shape of its variable"
        report.note(ROW_CODE, message, answer.span, "its transpose is taken: write it as a column")
    if not found:
        shapes = dict.fromkeys(shape_text(t.form or shape(t.e)) for t in side.readings)
        has = shape_text(due) if due else "a scalar"
        message = f"`{answer.text}` is {' or '.join(shapes)}, but `{target.text}` is {has}"
        report.error("shape", message, answer.span, "a gradient has the shape of its variable")
        return None
    kept = meanings(RelationSide("", tuple(map(TypedValue, found)), ()))
    if len(kept) > 1 or reading.forks:
        ways = " or ".join(f"`{text(e)}`" for e in (kept if len(kept) > 1 else found))
        why = "".join(f" ({fork.reason})" for fork in reading.forks)
        report.error("ambiguous", f"this answer can be read in several ways: {ways}{why}", answer.span, BRACKETS)
        return None
    return kept[0]


def _rows_as_columns(side: RelationSide, due: Shape) -> list[Expr]:
    """The readings that are rows, as the vectors that they are, where a vector is due."""
    rows = (vector(t) for t in side.readings if len(due) == 1 and t.form == (Size.of(1), due[0]))
    return [row.e for row in rows if row is not None]


def _in_shape(t: TypedValue, due: Shape) -> Expr | None:
    """A reading as an array of the shape that is due; a number stands in every entry, as in the model language."""
    if t.is_number and (single := as_number(t)) is not None:
        return fill(single.e, due)
    if t.form != TypedValue(fill(ONE, due)).form:
        return None
    found = of_rank(t, len(due))
    return found.e if found is not None and shape(found.e) == due else None
