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
    "rewrite": "rewritten",
})  # fmt: skip


def worked_blocks(voice: Voice, w: Worked) -> tuple[Block, ...]:
    """The stages of a derivation, then its results in a frame."""
    blocks: list[Block] = forward_blocks(voice, w.forward)
    for passage in w.passages:
        blocks += _passage(voice, passage)
    number = voice.ledger.number(voice.place(w.symbol)) if w.results else ""
    blocks += [_result(voice, w, number)] if w.results else []
    return tuple(blocks)


def _passage(voice: Voice, p: Passage) -> list[Block]:
    blocks: list[Block] = [Paragraph(_sentence(voice, p))]
    rows = tuple(_row(voice, line) for line in p.lines)
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
    left, right = (voice.printer.indices((i,)) for i in (w.left, w.right))
    sign = "=" if w.equal else r"\ne"
    return f"${left} {sign} {right}$"


def _row(voice: Voice, line: Line) -> Row:
    """A line of a stage; only what is shown with shapes is a product of arrays."""
    left = Tex(voice.printer.expr(line.chain[0]))
    rest = line.chain[1:]
    right = voice.chain(rest, shapes_last=bool(shape(rest[-1]))) if rest else NOTHING
    return Row(left, right, voice.reason(line), voice.ledger.number(voice.place(line.id)))


def _result(voice: Voice, w: Worked, number: str) -> Result:
    symbol = w.results[0].chain[0]
    forms = dict.fromkeys(e for line in w.results for e in line.chain if e != symbol)
    formula = Tex(f"{voice.printer.expr(symbol)} {voice.chain(tuple(forms), shapes_last=False)}")
    return Result(formula, voice.shape_of(symbol), number)


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
        case Apply(op="neg", args=(a,)) if a == ZERO:
            return ZERO
        case Apply(op="add", args=args) if ZERO in args:
            kept = tuple(a for a in args if a != ZERO)
            return ZERO if not kept else kept[0] if len(kept) == 1 else Apply("add", kept, e.params, e.shape_)
        case _:
            return e
