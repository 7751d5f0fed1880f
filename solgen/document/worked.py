"""Derivations told stage by stage: Jacobians, Hessians, scalar derivatives, rewritings, index forms.

Each stage is a sentence that says what is done, then its lines; a condition such as i = j stands in the
sentence of its case.  The forms asked for are framed at the end, the first as an equation, the others as
further sides of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from solgen.document.blocks import NOTHING, Block, Paragraph, Result, Row, Steps
from solgen.document.escape import Tex
from solgen.document.forward import forward_blocks
from solgen.document.grammar import listed, sentence
from solgen.document.voice import EQUALS, Voice
from solgen.expr.arith import ONE, ZERO
from solgen.expr.nodes import Apply, Delta, Expr, Idx, Index, shape
from solgen.expr.size import Size
from solgen.expr.walk import reindex, transform
from solgen.model import Grid, Line, Passage, Where, Worked

SENTENCES: Mapping[str, str] = MappingProxyType({
    "definition": "by definition", "quotient": "the quotient rule", "product": "the product rule",
    "chain": "the chain rule", "merge": "both cases in one, with Kronecker's $\\delta$", "index": "entry by entry",
    "entries": "all entries together", "matrix": "read as matrices", "value": "through the function's own value",
    "facts": "with what was declared of the variables", "substitute": "with the names written out",
    "sample": "for one sample", "sum": "summed over the samples", "batch": "with the samples stacked in matrices",
    "rewrite": "rewritten", "gradient": "the gradient first", "place": "in the place where the model uses it",
})  # fmt: skip


NOT_EQUAL = r"\ne"


def worked_blocks(voice: Voice, w: Worked) -> tuple[Block, ...]:
    """The stages of a derivation, then its results in a frame."""
    if w.verb == "rewrite":
        return (_rewritten(voice, w), *_results(voice, w))
    blocks: list[Block] = [] if w.verb == "derivative" else forward_blocks(voice, w.forward)
    for passage in w.passages:
        blocks += _passage(voice, passage)
    return (*blocks, *_results(voice, w))


def _rewritten(voice: Voice, w: Worked) -> Steps:
    """One chain, a stage a line: the value, and what was done to get there; a stage that reads the same is left out."""
    rows: list[Row] = []
    for passage in w.passages:
        for line in passage.lines:
            right = voice.chain(line.chain[1:], shapes_last=False)
            left = NOTHING if rows else Tex(voice.printer.expr(line.chain[0]))
            if not rows or right != rows[-1].right:
                rows.append(Row(left, right, _why(voice, w, passage, line)))
    return Steps(tuple(rows))


def _why(voice: Voice, w: Worked, p: Passage, line: Line) -> Tex:
    """A stage's reason; a name that was written out is printed as its symbol."""
    named = next((q.var for q in w.forward if q.var.name == line.reason), None)
    if p.kind == "substitute" and named is not None:
        return Tex(f"{voice.math(named)} written out")
    return voice.reason(line)


def _passage(voice: Voice, p: Passage) -> list[Block]:
    blocks: list[Block] = [Paragraph(_sentence(voice, p))]
    rows = tuple(_row(voice, line) for line in p.lines) if p.grid is None else ()  # the matrix says it all
    blocks += [Steps(rows)] if rows else []
    blocks += [Steps((_displayed(voice, p.grid),))] if p.grid else []
    return blocks


def _sentence(voice: Voice, p: Passage) -> Tex:
    """`For i ≠ j, the quotient rule with g = … and h = …:`"""
    case = listed([_condition(voice, w) for w in p.where])
    names = listed([f"${name} = {voice.printer.expr(value)}$" for name, value in p.names])
    told = [f"for {case}"] if case else []
    told += [SENTENCES[p.kind] + (f" with {names}" if names else "")] if p.kind in SENTENCES else []
    return Tex(f"{sentence(', '.join(told) or 'then')}:")


def _condition(voice: Voice, w: Where) -> str:
    return f"${_sign(voice, w)}$"


def _sign(voice: Voice, w: Where) -> str:
    left, right = (voice.printer.indices((i,)) for i in (w.left, w.right))
    return rf"{left} {'=' if w.equal else NOT_EQUAL} {right}"


def _row(voice: Voice, line: Line) -> Row:
    """A line of a stage; only what is shown with shapes is a product of arrays."""
    left = Tex(voice.printer.expr(line.chain[0]))
    rest = line.chain[1:]
    right = voice.chain(rest, shapes_last=bool(shape(rest[-1]))) if rest else NOTHING
    return Row(left, right, voice.reason(line), voice.ledger.number(voice.place(line.id)))


def _results(voice: Voice, w: Worked) -> list[Block]:
    """One frame a left side: the forms of ∂y/∂x together, those of its entries together."""
    forms: dict[Expr, list[Tex]] = {}
    for line in w.results:
        shown = forms.setdefault(line.chain[0], [])
        right = _cases(voice, w) if line.reason == "cases" else voice.chain(line.chain[1:], shapes_last=False)
        shown += [right] if right not in shown else []
    blocks: list[Block] = []
    for left, rights in forms.items():
        number = voice.ledger.number(voice.place(left))
        joined = r" \brkeq ".join(rights)
        formula = Tex(f"{voice.printer.expr(left)} {joined}")
        blocks.append(Result(formula, voice.shape_of(left), number))
    return blocks


def _cases(voice: Voice, w: Worked) -> Tex:
    """`= { a if i = j; b if i ≠ j }`, from the passages of the cases."""
    found = [p for p in w.passages if p.kind == "case" and p.where and p.lines]
    lines = [
        rf"{voice.printer.expr(p.lines[-1].chain[-1])} & \text{{if }} {listed([_sign(voice, c) for c in p.where])}"
        for p in found
    ]
    body = r" \\ ".join(lines)
    return Tex(rf"{EQUALS}\begin{{cases}}{body}\end{{cases}}")


# ---------------------------------------------------------------- matrices with dots


def _displayed(voice: Voice, g: Grid) -> Row:
    """`symbol = (matrix of its entries)`, first, second and last row and column shown."""
    rows = [[_at(voice, g, r, c) for c in _shown(g.column)] for r in _shown(g.row)]
    lines = [_dotted(cells, r"\cdots") for cells in rows]
    if len(rows) == 3:
        lines.insert(2, _dotted([r"\vdots"] * len(rows[0]), r"\ddots"))
    body = r" \\ ".join(lines)
    right = Tex(rf"{EQUALS}\begin{{pmatrix}}{body}\end{{pmatrix}}")
    return Row(Tex(voice.printer.expr(g.symbol)), right, NOTHING, voice.ledger.number(voice.place(g.symbol, "grid")))


def _dotted(cells: Sequence[str], dots: str) -> str:
    return " & ".join((*cells[:2], dots, *cells[2:]) if len(cells) == 3 else cells)


def _shown(index: Idx) -> tuple[Size, ...]:
    """The positions that are written out: all of few, else the first two and the last."""
    n = index.size.constant
    if n is not None and n <= 3:
        return tuple(Size.of(k) for k in range(n))
    return (Size.of(0), Size.of(1), index.size - 1)


def _at(voice: Voice, g: Grid, row: Size, column: Size) -> str:
    positions: dict[Index, Index] = {g.row: row, g.column: column}
    return voice.printer.expr(transform(reindex(g.entry, positions), _settled))


def _settled(e: Expr) -> Expr:
    """δ of two positions decided, and what 0 and 1 do to products and sums."""
    match e:
        case Delta(left=Size() as i, right=Size() as j):
            return ONE if i == j else ZERO
        case Apply(op="mul" | "scale", args=(a, b)) if ZERO in (a, b):
            return ZERO
        case Apply(op="mul" | "scale", args=(a, b)) if ONE in (a, b):
            return b if a == ONE else a
        case Apply(op="mul" | "scale", args=(a, Apply(op="neg", args=(b,)))):
            return Apply("neg", (Apply(e.op, (a, b), e.params, e.shape_),), (), e.shape_)
        case Apply(op="neg", args=(a,)) if a == ZERO:
            return ZERO
        case Apply(op="add", args=args) if ZERO in args:
            kept = tuple(a for a in args if a != ZERO)
            return ZERO if not kept else kept[0] if len(kept) == 1 else Apply("add", kept, e.params, e.shape_)
        case _:
            return e
