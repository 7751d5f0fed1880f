"""The verbs `shapes` and `parameter_count`: deductions line by line, and a count as a polynomial in the sizes."""

from __future__ import annotations

from solgen.document.blocks import PAGE_WIDTH, Block, Paragraph, Picture, ResultBlock, Steps, TableRow
from solgen.document.forward_pass import IN
from solgen.document.voice import Voice
from solgen.expr.nodes import Shape, SizeNum, Var
from solgen.expr.present.data import CountOf
from solgen.expr.present.letters import join_row, row
from solgen.expr.present.piece import DOT, PLUS
from solgen.expr.present.sizes import side_node, size_node
from solgen.expr.present.spaces import space_node
from solgen.expr.present.tree import Framed, Node, Operator, Row, Text, showing
from solgen.expr.size import Size
from solgen.model.derivation import Count, ShapeLine, Shapes
from solgen.model.figure import Figure
from solgen.render.chains import Chain, Side, equate
from solgen.render.words import NOTHING, Formula, Words, listed_words, typed_words, words

COUNT = Operator("#", "none")


def shape_blocks(voice: Voice, s: Shapes, figure: Figure | None = None) -> tuple[Block, ...]:
    """What is given in one line; then a line a name: where it lives, framed where asked, and the equation.

    `figure` shows the shapes of the products.
    """
    lines = s.told
    given = [line for line in lines if line.equation is None and not line.asked]
    found = Steps(tuple(_row(voice, line) for line in lines if line not in given))
    pictures = (_picture(voice, figure),) if figure else ()
    if not given:
        return (found, *pictures)
    items = [Formula(row(voice.inline(g.var), IN, space_node(g.var.shape_))) for g in given]
    reasons = {str(g.reason) for g in given}
    lead = "Given." if reasons == {"given"} else "From the declarations."
    return (Paragraph(words(listed_words(items), "."), lead), found, *pictures)


def _picture(voice: Voice, figure: Figure) -> Picture:
    caption = words("The shapes of the products: inner sizes agree, outer sizes remain.")
    return Picture(figure.name, min(figure.width_pt, PAGE_WIDTH), voice.ledger.figure(), caption, figure.alt)


def _row(voice: Voice, line: ShapeLine) -> TableRow:
    space = space_node(line.var.shape_)
    return TableRow(voice.inline(line.var), (Side(Framed(space) if line.asked else space, "∈"),), _why(voice, line))


def _why(voice: Voice, line: ShapeLine) -> Words:
    """The reason, with its equation where the reason does not show it."""
    reason = typed_words(line.reason)
    if line.equation is None:
        return reason
    equation = Formula(voice.plain_equation(line.equation))
    return words(equation, ": ", reason) if reason else words(equation)


def count_blocks(voice: Voice, c: Count) -> tuple[Block, ...]:
    """Each parameter's number of entries, and the total in a frame."""
    if not c.rows:
        return (Paragraph(words("The model has no parameters.")),)
    rows = tuple(_count_row(voice, var, size) for var, size in c.rows)
    if len(rows) == 1:
        var, size = c.rows[0]
        number = voice.ledger.number(voice.place("parameter_count"))
        return (ResultBlock(Chain(_count_entries(voice, var), (_product(var.shape_, size),)), None, number),)
    number = voice.ledger.number(voice.place("parameter_count"))
    terms = showing(join_row(tuple(size_node(size) for _, size in c.rows), PLUS), SizeNum(c.total))
    same = sum(len(size.terms) for _, size in c.rows) == len(c.total.terms)  # nothing to collect
    sides = (Side(terms),) if same else (Side(terms), Side(size_node(c.total)))
    return (Steps(rows), ResultBlock(Chain(Row((COUNT, Text("parameters")), shows=CountOf()), sides), None, number))


def _count_row(voice: Voice, var: Var, size: Size) -> TableRow:
    reason = words("one parameter per entry") if voice.ledger.first(voice.place("count")) else NOTHING
    return TableRow(_count_entries(voice, var), (_product(var.shape_, size),), reason)


def _product(s: Shape, size: Size) -> Side:
    """`= d · d = d²`; the product is left out where it says nothing."""
    total = size_node(size)
    factors = showing(join_row(tuple(map(side_node, s)), DOT), SizeNum(size)) if len(s) > 1 else total
    return Side(equate(factors, total) if len(s) > 1 else total)


def _count_entries(voice: Voice, var: Var) -> Node:
    """#W, the number of its entries."""
    return Row((COUNT, voice.inline(var)), shows=CountOf(var))
