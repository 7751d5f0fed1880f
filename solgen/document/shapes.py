"""The verbs `shapes` and `parameter_count`: deductions line by line, and a count as a polynomial in the sizes."""

from __future__ import annotations

from solgen.document.blocks import NOTHING, PAGE_WIDTH, Block, Paragraph, Picture, Result, Row, Steps
from solgen.document.escape import Tex, escape_title
from solgen.document.grammar import listed
from solgen.document.voice import EQUALS, Voice
from solgen.expr.nodes import Shape, Var
from solgen.expr.present.letters import joined
from solgen.expr.present.piece import DOT
from solgen.expr.present.sizes import side_node, size_node
from solgen.expr.size import Size
from solgen.model import Count, Figure, ShapeLine, Shapes
from solgen.render.latex import latex


def shape_blocks(voice: Voice, s: Shapes, figure: Figure | None = None) -> tuple[Block, ...]:
    """What is given in one line; then a line a name: where it lives, framed where asked, and the equation.

    `figure` shows the products to scale.
    """
    lines = s.told
    given = [line for line in lines if line.equation is None and not line.asked]
    found = Steps(tuple(_row(voice, line) for line in lines if line not in given))
    pictures = (_picture(voice, figure),) if figure else ()
    if not given:
        return (found, *pictures)
    items = [rf"${voice.expr(g.var)} \in {voice.printer.space(g.var.shape_)}$" for g in given]
    reasons = {str(g.reason) for g in given}
    lead = "Given." if reasons == {"given"} else "From the declarations."
    return (Paragraph(Tex(f"{listed(items)}."), lead), found, *pictures)


def _picture(voice: Voice, figure: Figure) -> Picture:
    caption = Tex("The products to scale: inner sizes agree, outer sizes remain.")
    return Picture(figure.name, min(figure.width_pt, PAGE_WIDTH), voice.ledger.figure(), caption, figure.alt)


def _row(voice: Voice, line: ShapeLine) -> Row:
    space = voice.printer.space(line.var.shape_)
    right = rf"{{}}\in \ans{{{space}}}" if line.asked else rf"{{}}\in {space}"
    return Row(voice.expr(line.var), Tex(right), _why(voice, line))


def _why(voice: Voice, line: ShapeLine) -> Tex:
    """The reason, with its equation where the reason does not show it."""
    reason = escape_title(line.reason)
    if line.equation is None:
        return reason
    equation = f"${voice.plain_equation(line.equation)}$"
    return Tex(f"{equation}: {reason}" if reason else equation)


def count_blocks(voice: Voice, c: Count) -> tuple[Block, ...]:
    """Each parameter's number of entries, and the total in a frame."""
    if not c.rows:
        return (Paragraph(Tex("The model has no parameters.")),)
    rows = tuple(_count_row(voice, var, size) for var, size in c.rows)
    if len(rows) == 1:
        var, size = c.rows[0]
        number = voice.ledger.number(voice.place("parameter_count"))
        return (Result(Tex(rf"\#{voice.expr(var)} {_product(var.shape_, size)}"), NOTHING, number),)
    number = voice.ledger.number(voice.place("parameter_count"))
    terms = r" \brk + ".join(latex(size_node(size)) for _, size in c.rows)
    same = sum(len(size.terms) for _, size in c.rows) == len(c.total.terms)  # nothing to collect
    total = rf"\#\text{{parameters}} {EQUALS}{terms}" + (
        "" if same else rf" \brkeq {EQUALS}{latex(size_node(c.total))}"
    )
    return (Steps(rows), Result(Tex(total), NOTHING, number))


def _count_row(voice: Voice, var: Var, size: Size) -> Row:
    reason = Tex("one number an entry") if voice.ledger.first(voice.place("count")) else NOTHING
    return Row(Tex(rf"\#{voice.expr(var)}"), Tex(_product(var.shape_, size)), reason)


def _product(s: Shape, size: Size) -> str:
    """`= d · d = d²`; the product is left out where it says nothing."""
    total = latex(size_node(size))
    if len(s) < 2:
        return f"{EQUALS}{total}"
    return f"{EQUALS}{latex(joined(tuple(map(side_node, s)), DOT))} = {total}"
