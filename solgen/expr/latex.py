r"""Expressions as LaTeX, in the house's notation: the one printer of documents, figures and snippets.

A printer walks an expression once and asks three sources, in this order: the node kinds that have a notation of
their own (symbols, entries, sums), the textbook forms of `solgen.expr.textbook` (products, signs, fractions),
and else the operation's row in the table, whose `Tex` says template and precedence.  With `shapes`, every
factor of a product and every summand carries its shape beneath it, as `\sh{\bm{W}}{m \times n}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, assert_never

from solgen.expr.arrays import ARRAY_FORMS
from solgen.expr.nodes import (
    Adj,
    Apply,
    Delta,
    Entry,
    Expr,
    Idx,
    Index,
    Num,
    Pi,
    Position,
    Shape,
    SizeNum,
    Stack,
    Sum,
    Var,
    rank,
    shape,
)  # fmt: skip
from solgen.expr.ones import ONES_FORMS, entrywise
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import ATOM, FUNC, NEG, POST, SUM, Tex
from solgen.expr.piece import FRAC, TAIL, Piece, at_least, atom, fence, finish, powered, raised
from solgen.expr.size import Size
from solgen.expr.symbols import Symbol, symbol
from solgen.expr.textbook import FORMS, ROW_FORMS, is_leaf, is_row, reads_whole, row_line
from solgen.expr.walk import reindex
from solgen.notation import DEFAULT, GRADIENTS, Accent, GradientNotation, Letter, Operator, Quotient


class Style(Protocol):
    """What a printer reads of a notation (`solgen.model.Notation` is one)."""

    @property
    def gradient(self) -> str: ...  # the name of a row of `solgen.notation`
    @property
    def hadamard(self) -> Literal["odot", "circ"]: ...
    @property
    def vectors(self) -> Literal["bold", "plain"]: ...


@dataclass(frozen=True, slots=True)
class Plain:
    """The notation of a printer that is given none."""

    gradient: str = DEFAULT
    hadamard: Literal["odot", "circ"] = "odot"
    vectors: Literal["bold", "plain"] = "bold"


@dataclass(frozen=True, slots=True)
class Printer:
    r"""Expressions to LaTeX.

    names: LaTeX of names that are not typeset by the rules of FORMAT.md; shapes: a shape beneath every factor;
    dialect: `mathtext` avoids what matplotlib cannot read; breaks: mark where a long line may break (`\brk`);
    loss: the name whose gradients have symbols of their own in bar and delta notation (None: every scalar).
    """

    names: Mapping[str, str] = field(default_factory=dict)
    notation: Style = Plain()
    shapes: bool = False
    dialect: Literal["latex", "mathtext"] = "latex"
    breaks: bool = False
    loss: str | None = None
    bound: frozenset[str] = frozenset()  # indices of the sums around what is printed
    commas: bool = False  # between all indices, as where numbers and letters stand in one display

    # ---------------------------------------------------------------- what others call

    def expr(self, e: Expr) -> str:
        """The expression; a vector as a column."""
        return self._finish(self.piece(e).text)

    def chain(self, chain: tuple[Expr, ...]) -> tuple[str, ...]:
        """The sides of `a = b = …`, all as rows if one of them is written as a row (yᵀ = xᵀW)."""
        as_rows = any(is_row(e) for e in chain)
        pieces = (row_line(self, e) if as_rows and rank(e) == 1 else self.piece(e) for e in chain)
        return tuple(self._finish(piece.text) for piece in pieces)

    def equation(self, left: Expr, right: Expr) -> str:
        return " = ".join(self.chain((left, right)))

    def shape(self, s: Shape, as_row: bool = False) -> str:
        r"""A shape as a reader writes it: `m \times n`, a column `n \times 1`, empty for a scalar."""
        sides = [self.size(n) for n in s]
        if len(sides) == 1:
            sides = ["1", *sides] if as_row else [*sides, "1"]
        return r" \times ".join(sides)

    def size(self, n: Size) -> str:
        return f"({n.latex()})" if len(n.terms) > 1 else n.latex()

    def space(self, s: Shape) -> str:
        r"""The space a value lives in: `\mathbb{R}^{m \times n}`."""
        inner = r" \times ".join(self.size(n) for n in s) if len(s) != 1 else s[0].latex()
        return rf"\mathbb{{R}}^{{{inner}}}" if s else r"\mathbb{R}"

    # ---------------------------------------------------------------- used by the textbook forms

    @property
    def plain(self) -> Printer:
        """The same printer without shapes, for fractions, scripts and arguments."""
        return replace(self, shapes=False) if self.shapes else self

    @property
    def gradient(self) -> GradientNotation:
        """How it writes gradients."""
        return GRADIENTS[self.notation.gradient]

    @property
    def hadamard(self) -> str:
        return rf" \{self.notation.hadamard} "

    def piece(self, e: Expr) -> Piece:
        """The expression with its precedence; under it its shape, where it is a leaf."""
        if self.shapes and is_leaf(e):
            return self._sized(self.plain.piece(e), self.shape(shape(e)))
        match e:
            case Num():
                return self._number(e)
            case Pi():
                return Piece(r"\pi")
            case Position(index=i):
                return Piece(self._index(i))
            case SizeNum(size=n):
                return Piece(n.latex(), SUM if len(n.terms) > 1 else ATOM)
            case Var():
                return atom(self.var(e))
            case Adj():
                return self._adjoint(e, ())
            case Entry():
                return self._entry(e)
            case Delta(left=i, right=j):
                return Piece(rf"\delta_{{{self.indices((i, j))}}}")
            case Stack():
                return self._stack(e)
            case Sum():
                return self._sum(e)
            case Apply():
                return self._apply(e)
            case _:
                assert_never(e)  # type: ignore[arg-type]

    def row(self, e: Expr) -> Piece:
        """A vector written as a row."""
        if self.shapes and is_leaf(e):
            return self._sized(self.plain.row(e), self.shape(shape(e), as_row=True))
        form = ROW_FORMS.get(e.op) if isinstance(e, Apply) else None
        if form and isinstance(e, Apply):
            return form(self, e)
        return raised(self.piece(e), r"\top")

    def var(self, v: Var) -> Symbol:
        """The symbol of a value: bold for an array, with its sample indices."""
        found = self.name(v.name)
        if v.shape_ and self.notation.vectors == "bold":
            found = found.bold(r"\mathbfit" if self.dialect == "mathtext" else r"\bm")
        return found.lowered(self.indices(v.at)) if v.at else found

    def name(self, name: str) -> Symbol:
        return symbol(name, self.names.get(name, ""))

    def fraction(self, top: str, bottom: str, small: bool = False) -> Piece:
        command = r"\tfrac" if small and self.dialect == "latex" else r"\frac"
        return Piece(f"{command}{{{top}}}{{{bottom}}}", FRAC, 1 if small else 2)

    def indices(self, indices: tuple[Index, ...]) -> str:
        """Indices side by side; with commas unless each is a single letter."""
        parts = [self._index(i) for i in indices]
        close = not self.commas and all(len(p) == 1 and p.isalpha() for p in parts)
        return ("" if close else ",").join(parts)

    # ---------------------------------------------------------------- nodes

    def _finish(self, text: str) -> str:
        if self.dialect == "mathtext":
            for size in ("bigg", "Big", "big"):
                text = text.replace(rf"\{size}l", "").replace(rf"\{size}r", "")
            text = text.replace(r"\lVert", r"\Vert").replace(r"\rVert", r"\Vert")
            text = text.replace(r"\lvert", "|").replace(r"\rvert", "|")
        return finish(text, self.breaks and self.dialect == "latex").strip()

    def _sized(self, piece: Piece, dims: str) -> Piece:
        level = TAIL if piece.level == TAIL else max(piece.level, FUNC)  # (∇_y L) xᵀ keeps its parentheses
        return Piece(rf"\sh{{{piece.text}}}{{{dims}}}", level, piece.height)

    def _number(self, e: Num) -> Piece:
        value = abs(e.value)
        body = (
            Piece(str(value))
            if value.denominator == 1
            else self.fraction(str(value.numerator), str(value.denominator), True)
        )
        return Piece(f"-{body.text}", NEG, body.height) if e.value < 0 else body

    def _index(self, i: Index) -> str:
        match i:
            case Idx(name=name):
                return symbol(name).text()
            case Var():
                return self.var(i).text()
            case Size():
                return (i + 1).latex()
            case _:
                assert_never(i)

    def _adjoint(self, e: Adj, at: tuple[Index, ...]) -> Piece:
        """∂of/∂wrt, or its entry `at`, in the notation of the document; a Jacobian is always a fraction."""
        if e.twice:
            return self._second(e, at)
        own = self.loss is None or e.of.name == self.loss or self.gradient.shows_output
        if e.of.shape_ or not own:
            return self._quotient(e, at)
        wrt = self.var(e.wrt)
        match self.gradient.symbol:
            case Quotient():
                return self._quotient(e, at)
            case Operator(sign=sign):
                piece = Piece(rf"{sign}_{{\!{wrt.text()}}} {self.var(e.of).text()}", TAIL)
            case Accent() as accent:
                plain = self.name(e.wrt.name)
                if at and not plain.sub and not e.wrt.at:
                    return atom(plain.accented(accent).lowered(self.indices(at)))
                piece = atom(wrt.accented(accent))
            case Letter(letter=letter):
                piece = atom(Symbol(self._bold(letter) if e.wrt.shape_ else letter, sub=wrt.text()))
            case unknown:
                assert_never(unknown)
        return self._indexed(piece, at) if at else piece

    def _quotient(self, e: Adj, at: tuple[Index, ...]) -> Piece:
        """∂of/∂wrt as a fraction, of an entry of the output by one of the variable where `at` says which."""
        cut = len(e.of.shape_)
        return self._partial(e.of, e.wrt, at[:cut], at[cut:])

    def _second(self, e: Adj, at: tuple[Index, ...]) -> Piece:
        r"""The Hessian ∂²L/∂x∂xᵀ, or ∂²L/∂x_i∂x_j."""
        operator = self.gradient.symbol
        if isinstance(operator, Operator) and not at:
            return Piece(rf"{operator.sign}^{{2}}_{{\!{self.var(e.wrt).text()}}} {self.var(e.of).text()}", TAIL)
        cut = len(e.wrt.shape_)
        if at:
            below = rf"\partial {self._entry_of(e.wrt, at[:cut]).text}\,\partial {self._entry_of(e.wrt, at[cut:]).text}"
        elif e.wrt.shape_:
            row = raised(atom(self.var(e.wrt)), r"\top").text
            below = rf"\partial {self.var(e.wrt).text()}\,\partial {row}"
        else:
            below = rf"\partial {powered(atom(self.var(e.wrt)), '2').text}"
        return self.fraction(rf"\partial^{{2}} {self.var(e.of).text()}", below)

    def _bold(self, letter: str) -> str:
        return Symbol(letter).bold(r"\mathbfit" if self.dialect == "mathtext" else r"\bm").letter

    def _partial(self, of: Var, wrt: Var, i: tuple[Index, ...], j: tuple[Index, ...]) -> Piece:
        top = self._entry_of(of, i).text if i else self.var(of).text()
        bottom = self._entry_of(wrt, j).text if j else self.var(wrt).text()
        return self.fraction(rf"\partial {top}", rf"\partial {bottom}")

    def _entry(self, e: Entry) -> Piece:
        match e.array:
            case Var() as v:
                return self._entry_of(v, e.indices)
            case Adj() as a:
                return self._adjoint(a, e.indices)
            case Apply(op="transpose" | "as_row", args=(inner,)) if len(e.indices) == 2:
                return self._entry(Entry(inner, (e.indices[1], e.indices[0])))
            case other:
                inside = entrywise(other, e.indices)
                return self._indexed(self.plain.piece(other), e.indices) if inside is None else self.piece(inside)

    def _entry_of(self, v: Var, at: tuple[Index, ...]) -> Piece:
        """`W_{ij}` in plain italics; `(W_1)_{ij}` where the name has a subscript of its own."""
        plain = symbol(v.name, self.names.get(v.name, ""))
        if plain.sub or v.at:
            return self._indexed(atom(self.var(v)), at)
        return atom(plain.lowered(self.indices(at)))

    def _indexed(self, piece: Piece, at: tuple[Index, ...]) -> Piece:
        body = fence(piece.text, piece.height, "[", "]") if piece.level < POST else fence(piece.text, piece.height)
        return Piece(f"{body}_{{{self.indices(at)}}}", ATOM, piece.height)

    def _stack(self, e: Stack) -> Piece:
        r"""The samples as columns, `[x_1 \cdots x_n]`, as rows the transpose of that."""
        ends = (Size.of(0), e.index.size - 1)
        first, last = (self.plain.piece(reindex(e.body, {e.index: k})).text for k in ends)
        columns = Piece(rf"\bigl[{first} \;\cdots\; {last}\bigr]", ATOM)
        return columns if e.columns or not shape(e.body) else raised(columns, r"\top")

    def _sum(self, e: Sum) -> Piece:
        """Σ over one index with its range; nested sums share one Σ, without ranges."""
        indices, body = [e.index], e.body
        while isinstance(body, Sum):
            indices.append(body.index)
            body = body.body
        within = replace(self, bound=self.bound | {i.name for i in indices})
        inner = at_least(within.piece(body), TAIL)
        below = ",".join(self._index(i) for i in indices)
        above = f"^{{{e.index.size.latex()}}}" if len(indices) == 1 else ""
        return Piece(rf"\sum_{{{below + '=1' if above else below}}}{above} {inner.text}", TAIL, max(inner.height, 1))

    def _apply(self, e: Apply) -> Piece:
        if self.shapes and reads_whole(e):
            return self.plain.piece(e)
        form = FORMS.get(e.op) or ONES_FORMS.get(e.op) or ARRAY_FORMS.get(e.op)
        return form(self, e) if form else self.from_row(e, TABLE[e.op].tex)  # type: ignore[union-attr]

    def from_row(self, e: Apply, tex: Tex) -> Piece:
        """The row's template; each argument parenthesised where it binds more loosely than the row asks."""
        pieces = [self.piece(a) for a in e.args]
        tight = (*tex.tight, *(0,) * (len(pieces) - len(tex.tight)))
        pieces = [at_least(p, level) for p, level in zip(pieces, tight, strict=True)]
        height = max((p.height for p in pieces), default=0)
        body = _sized_fences(tex.template, height).format(*(p.text for p in pieces))
        return Piece(body, tex.level, min(height + 1, 3) if r"\left" in tex.template else height)


def _sized_fences(template: str, height: int) -> str:
    r"""A row's \left … \right as delimiters of the size that the arguments need."""
    if r"\left" not in template:
        return template
    size = ("", "big", "Big", "bigg")[min(height, 3)]
    left, right = (rf"\{size}l", rf"\{size}r") if size else ("", "")
    for old, new in ((r"\left\|", rf"{left}\lVert "), (r"\right\|", rf"{right}\rVert "),
                     (r"\left|", rf"{left}\lvert "), (r"\right|", rf"{right}\rvert ")):  # fmt: skip
        template = template.replace(old, new)
    return template.replace(r"\left", left).replace(r"\right", right)
