r"""An author's prose with its references filled in: `[[W1]]`, `[[dL/dW1]]`, `[[eq z1]]`, inside and outside `$…$`.

Outside mathematics a reference brings its own dollars; inside it does not.  Everything a reference prints comes
from the derivation's trees, so prose cannot disagree with the solution.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn, assert_never

from solgen.document.escape import Tex
from solgen.document.examples import given_values, in_line, stated_value
from solgen.document.forward import declarations
from solgen.document.mathmode import Fault, Mode, advance, balanced, forbidden
from solgen.document.voice import Voice, slashed
from solgen.errors import Diagnostic, InputError, Span
from solgen.expr import applied
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Index, Var, shape
from solgen.expr.size import Size
from solgen.expr.walk import position, variables
from solgen.model import AdjointBlock, Contribution, Equation, Model, NameRef, Problem, ProblemSet, Prose, Reference
from solgen.quantity import Computed, Number

DISPLAYS = ("model", "model equations", "numbers")  # references that stand on lines of their own
Place = str | int | tuple[int | str | None, int | str | None] | None  # an index as the file writes it


@dataclass(frozen=True, slots=True)
class Source:
    """What references may cite: a voice, the model, the forward pass with introduced names, the gradients.

    `numbers` are those that the file gives, `values` what was computed from them.
    """

    voice: Voice
    model: Model
    forward: tuple[Equation, ...]
    adjoints: Mapping[Adj, AdjointBlock]
    numbers: Mapping[str, Number] = field(default_factory=dict)
    values: Computed | None = None

    @property
    def variables(self) -> dict[str, Var]:
        return {q.var.name: q.var for q in self.forward} | self.model.variables


def prose(pieces: Prose, source: Source) -> Tex:
    """The text with every reference filled in; raises InputError, with the place, where one leads nowhere."""
    mode = Mode()
    out: list[str] = []
    displayed = False
    for piece in pieces:
        if isinstance(piece, str):
            out += _after_display(out.pop(), piece) if displayed else [piece]
            displayed = False
            mode = advance(mode, piece)
        else:
            out.append(_filled(piece, source, mode.math, "".join(out)))
            displayed = piece.kind in DISPLAYS and not mode.math
    return Tex("".join(out).strip())


def _after_display(display: str, text: str) -> list[str]:
    """A display, and the text after it; a mark that ends the sentence stands in the display, not on a line alone."""
    mark = re.match(r"[.,;:]", text)
    return [f"{display[:-1]}{mark[0]}}}", text[1:]] if mark else [display, text]


def prose_faults(problem: Problem) -> tuple[Diagnostic, ...]:
    """Texts of a problem that would break the page around them, each with its line."""
    texts = [problem.statement, *(t for p in problem.parts for t in (p.prompt, p.hint, p.say, p.answer))]
    texts += [a.say for p in problem.parts for a in p.asks] + [r.what for p in problem.parts for r in p.rubric]
    found = [(_skeleton(t), balanced(_skeleton(t))) for t in texts]
    found += [(t, forbidden(t)) for t in (problem.title, problem.source, *problem.latex.values())]
    return tuple(_diagnostic(problem, t, fault) for t, fault in found if fault)


def set_faults(problem_set: ProblemSet) -> tuple[Diagnostic, ...]:
    """Commands in the mathematics of a set's own texts that no text may use."""
    s = problem_set
    span = Span(f"{s.folder}/set.yaml", 1, 1, 2)
    found = (forbidden(text) for text in (s.title, s.course, s.term, s.due, s.author))
    return tuple(Diagnostic("unbalanced-latex", fault.message, span, fault.hint) for fault in found if fault)


def _skeleton(pieces: Prose) -> str:
    """The author's own text, with a letter for each reference."""
    return "".join(p if isinstance(p, str) else "x" for p in pieces)


def _diagnostic(problem: Problem, text: str, fault: Fault) -> Diagnostic:
    """A fault at its line of the file: the line whose text the culprit stands in."""
    row = text[: fault.offset].count("\n")
    culprit = text.splitlines()[row].strip() if text.strip() else ""
    hint = fault.hint or "balance braces, dollars and environments; a literal dollar is \\$"
    for number, line in enumerate(problem.text.splitlines(), 1):
        if culprit and _alike(culprit, line):
            column = len(line) - len(line.lstrip()) + 1
            span = Span(problem.file, number, column, len(line) + 1)
            return Diagnostic("unbalanced-latex", fault.message, span, hint, line)
    return Diagnostic("unbalanced-latex", fault.message, Span(problem.file, 1, 1, 2), hint)


def _alike(culprit: str, line: str) -> bool:
    """Whether a line of the file holds a line of the text, in which references were replaced by x."""
    pieces = (re.escape(p) for p in culprit.split("x"))
    return re.search(r"(?:x|\[\[.*?\]\]+)".join(pieces), line) is not None


# ---------------------------------------------------------------- one reference


def _filled(r: Reference, s: Source, math: bool, before: str) -> str:
    if r.kind == "ref":
        return _number(r, s)
    if r.kind in ("model", "model equations"):
        return _model(r, s, math)
    if r.kind == "numbers":
        return _numbers(s, math)
    if r.kind == "value":
        return _number_of(r, s, math, before)
    tex = _formula(r, s)
    if math:
        return tex
    left, sign, right = tex.partition(" = ") if r.kind in ("symbol", "eq") else (tex, "", "")
    return f"${slashed(left) if sign or r.kind == 'symbol' else left}{sign}{right}$"


def _formula(r: Reference, s: Source) -> str:
    match r.kind:
        case "symbol":
            return s.voice.expr(_part_of(_symbol(r, s), _wrt(r).indices)) if r.of else _name(r, s)
        case "result":
            return s.voice.expr(_answer(_block(r, s)))
        case "eq":
            return _equation(r, s)
        case "term":
            return _term(r, s)
        case "shape":
            found = shape(_value(_wrt(r), s))
            return s.voice.printer.shape(found) or r"1 \times 1"
        case _:
            _nowhere(r, f"`{r.kind}` is not something this document computes")


def _equation(r: Reference, s: Source) -> str:
    """Both sides: of a step of the forward pass, or of a result."""
    if r.of:
        block = _block(r, s)
        return " = ".join(map(s.voice.expr, (block.symbol, _answer(block))))
    equation = next((q for q in s.model.equations if q.var.name == _wrt(r).name), None)
    equation = equation or next((q for q in s.forward if q.var.name == _wrt(r).name), None)
    if equation is None:
        _nowhere(r, f"`{_wrt(r).name}` is declared, so it has no equation")
    return s.voice.plain_equation(equation)


def _term(r: Reference, s: Source) -> str:
    """What the paths through a name contribute, in the shortest form."""
    block = _block(r, s)
    found = _through(r.via, block, s)
    if not found:
        ways = ", ".join(f"`{q.var.name}`" for q in s.model.equations if _through(q.var.name, block, s))
        message = f"the paths from `{_wrt(r).name}` through `{r.via}` have no term of their own"
        _nowhere(r, message, f"there is a term via {ways}" if ways else "")
    return " + ".join(s.voice.expr(c.line.chain[-1]) for c in found)


def _through(via: str, block: AdjointBlock, s: Source) -> list[Contribution]:
    """The contributions of the uses in `via`; else of the uses from which every path runs through `via`."""
    direct = [c for c in block.contributions if c.via.name == via]
    of, past = block.symbol.of.name, _leading_to(block.symbol.of.name, s.forward, without=via)
    if direct or via == of:
        return direct
    before = _leading_to(via, s.forward)
    leading = [c for c in block.contributions if c.via.name in before]
    return [] if any(c.via.name in past for c in leading) else leading


def _leading_to(name: str, forward: tuple[Equation, ...], without: str = "") -> set[str]:
    """The names from which a path leads to this one, itself among them; not past `without`."""
    found = {name}
    for equation in reversed(forward):
        if equation.var.name in found:
            found |= {v.name for v in variables(equation.body)} - {without}
    return found


def _number(r: Reference, s: Source) -> str:
    place = s.voice.place(_symbol(r, s)) if r.of else s.voice.place(_wrt(r).name)
    number = s.voice.ledger.numbered(place)
    if not number and r.of:
        _nowhere(r, "no numbered line of the document derives this", "ask for it in a `gradients` item")
    if not number:
        shown = "show the forward pass with `[[model equations]]`, or derive a gradient of it"
        _nowhere(r, "the document does not display this equation", shown)
    return rf"\eqlink{{{number}}}"


def _model(r: Reference, s: Source, math: bool) -> str:
    """The forward pass as a display; with what is declared, if asked."""
    if math:
        equations = [str(s.voice.plain_equation(q)) for q in s.model.equations]
        return r"\begin{gathered}" + r" \\ ".join(equations) + r"\end{gathered}"
    lines = [_items(declarations(s.voice, s.model))] if r.kind == "model" else []
    numbers = tuple(s.voice.cited_number(q.var.name) for q in s.model.equations)
    return "".join((*lines, _items(tuple(s.voice.plain_equation(q) for q in s.model.equations), numbers)))


def _numbers(s: Source, math: bool) -> str:
    """The values that the file gives, as a display."""
    items = given_values(s.voice, s.model, s.numbers)
    if math:
        return r"\begin{gathered}" + r" \\ ".join(items) + r"\end{gathered}"
    return _items(items)


def _number_of(r: Reference, s: Source, math: bool, before: str) -> str:
    """A value of the worked example; a rounded one is never said to be equal to anything."""
    name = _wrt(r)
    found = (s.values.by_name if s.values else {}).get(f"d{r.of}/d{name}" if r.of else name.name)
    if found is None and name.name in s.numbers and not r.of:
        found = stated_value(s.variables[name.name], s.numbers[name.name])
    if found is None:
        _nowhere(r, "this value was not computed")
    for i, length in zip(name.indices, found.extent, strict=False):
        found = found.entry(i % length) if isinstance(i, int) else found
    if math and not found.exact and before.rstrip().endswith("="):
        _nowhere(r, "this value is rounded, so nothing is equal to it", r"write \approx before it")
    tex = in_line(found)
    return tex if math else f"${tex}$" if found.exact else rf"$\approx {tex}$"


def _items(items: tuple[Tex, ...], numbers: tuple[str, ...] = ()) -> str:
    """Formulas side by side, each with its number where it has one."""
    ends = [rf"\enspace\eqn{{{n}}}" if n else "" for n in numbers] or [""] * len(items)
    shown = [rf"\formula{{{i}}}" for i in items]
    inner = "".join(rf"{f},{e}\apart " for f, e in zip(shown[:-1], ends[:-1], strict=True))
    body = inner + "".join(shown[-1:]) + "".join(ends[-1:])
    return rf"\formulas{{{body}}}"


# ---------------------------------------------------------------- what a reference names


def _wrt(r: Reference) -> NameRef:
    if r.wrt is None:
        _nowhere(r, "this reference names nothing")
    return r.wrt


def _name(r: Reference, s: Source) -> str:
    """The symbol of a value, an entry of it, a function, a size or an index."""
    name = _wrt(r)
    if name.name in s.variables:
        return s.voice.expr(_value(name, s))
    return s.voice.printer.write_name(name.name)


def _value(name: NameRef, s: Source) -> Expr:
    """A value, a part of it, or a family's value at one sample: `x[i]` is x_i, `x[i, k]` its entry k."""
    var = s.variables[name.name]
    samples = len(var.at) if len(name.indices) in (len(var.at), len(var.at) + len(var.shape_)) else 0
    if samples:
        sizes = [i.size if isinstance(i, Idx) else Size.of(1) for i in var.at]
        chosen = zip(name.indices[:samples], sizes, var.at, strict=True)
        var = replace(var, at=tuple(_index(g, size) or own for g, size, own in chosen))
    return _part_of(var, name.indices[samples:])


def _part_of(array: Expr, positions: tuple[Place, ...]) -> Expr:
    """An entry, a row or a column of a value or of a gradient; the whole where no position is fixed."""
    sizes = shape(array)
    if len(positions) != len(sizes):
        return array
    kept = tuple(_index(i, size) for i, size in zip(positions, sizes, strict=True))
    match kept:
        case (row, None) if row is not None:
            return applied.pick_row(array, position(row))
        case (None, column) if column is not None:
            return applied.pick_col(array, position(column))
        case _:
            fixed = tuple(i for i in kept if i is not None)
            return Entry(array, fixed) if fixed and len(fixed) == len(sizes) else array


def _index(i: Place, size: Size) -> Index | None:
    match i:
        case int():
            return Size.of(i)
        case str():
            return Idx(i, size)
        case tuple() | None:
            return None
        case _:
            assert_never(i)


def _symbol(r: Reference, s: Source) -> Adj:
    known = s.variables
    name, of = _wrt(r).name, r.of.name if r.of else ""
    if name not in known or of not in known:
        _nowhere(r, f"`{name if name not in known else of}` is not a name of the model")
    return Adj(known[of], known[name])


def _block(r: Reference, s: Source) -> AdjointBlock:
    symbol = _symbol(r, s)
    found = s.adjoints.get(symbol)
    if found is None:
        _nowhere(r, f"the gradient of `{symbol.of.name}` at `{symbol.wrt.name}` was not derived")
    return found


def _answer(block: AdjointBlock) -> Expr:
    """The form prose cites: names only, where that is short enough to have been printed."""
    return block.final[0] if block.final else block.value


def _nowhere(r: Reference, message: str, hint: str = "") -> NoReturn:
    raise InputError([Diagnostic("dangling-reference", message, r.span, hint)])
