"""A forward pass as a computational graph: leaves, operations, the values on the edges, the gradients that come back.

Every operation of an equation is a node, except signs and constant factors, which belong to their operation (a − b,
½‖·‖²).  The value of an equation travels on the edge that leaves its last operation; each use of a name is an edge of
its own, so that a shared variable fans out.  Labels are printed by the printer that sets the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from solgen.expr.latex import Plain, Printer
from solgen.expr.nodes import Adj, Apply, Expr, Num, Sum, Var, shape
from solgen.expr.ops import TABLE, Called, Callee
from solgen.expr.walk import leaves, nodes, variables
from solgen.model import (
    AdjointBlock,
    Equation,
    Gradients,
    Graph,
    GraphAsked,
    GraphEdge,
    GraphNode,
    Model,
    NodeKind,
)

SIGNS = {
    "add": "+", "neg": "-", "matmul": r"\times", "matvec": r"\times", "vecmat": r"\times", "mul": r"\odot", "scale": r"\times",
    "dot": r"\langle\cdot,\cdot\rangle", "outer": r"\otimes", "transpose": r"\top", "as_row": r"\top", "div": r"\div",
    "sum": r"\Sigma", "sum_rows": r"\Sigma_{\mathrm{rows}}", "sum_cols": r"\Sigma_{\mathrm{cols}}", "col": r"\mathrm{col}",
    "row": r"\top", "softmax_cross_entropy": r"\mathrm{CE}", "log_softmax": r"\log\,\mathrm{softmax}",
}  # fmt: skip
INVISIBLE = frozenset({"item", "unitem", "unrow", "uncol", "fill", "rows", "cols"})
WIDEST = 5  # symbols of a gradient that is written on an edge; longer ones are named


def graph_of(asked: GraphAsked, model: Model, printer: Printer) -> Graph:
    """The graph of a forward pass, with the backward signals where they were asked for.

    `printer` writes mathtext in the notation of the document.
    """
    builder = _Builder(printer, _Signals(asked.backward, printer), _uses(asked.forward))
    for d in model.declarations:
        if builder.counts[d.var.name]:
            builder.leaf(d.var, d.role)
    for equation in asked.forward:
        builder.equation(equation)
    last = asked.forward[-1].var
    builder.output(last)
    return Graph(tuple(builder.vertices), tuple(builder.edges), _alt(asked, builder))


def _uses(equations: tuple[Equation, ...]) -> Counter[str]:
    """How many edges leave each name."""
    return Counter(v.name for q in equations for v in _occurrences(q.body))


def _occurrences(e: Expr) -> Iterator[Var]:
    """The names in e in reading order, each as often as an edge is drawn to it."""
    match e:
        case Var():
            yield e
        case Apply(args=args):
            for arg in args:
                yield from _occurrences(arg)
        case Sum(body=body):
            yield from _occurrences(body)


@dataclass(slots=True)
class _Signals:
    """What is written in red: the gradient that comes back along each use of a name."""

    backward: Gradients | None
    printer: Printer
    blocks: dict[str, AdjointBlock] = field(init=False)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.blocks = {b.symbol.wrt.name: b for b in self.backward.blocks} if self.backward else {}

    def on_use(self, var: Var, consumer: Var, uses: int) -> str:
        """The next use of `var` in the equation of `consumer`, of `uses` in the whole graph."""
        block = self.blocks.get(var.name)
        if block is None or not block.contributions:
            return ""
        if uses == 1:
            return self.text(block.value, block.symbol)
        own = [c for c in block.contributions if c.via.name == consumer.name]
        n = self.taken[var.name, consumer.name]
        self.taken[var.name, consumer.name] += 1
        return self.text(own[n].line.chain[-1], None) if n < len(own) else ""

    def on_output(self, var: Var) -> str:
        return "1" if self.backward and var == self.backward.of else ""

    def text(self, value: Expr, symbol: Adj | None) -> str:
        """A gradient short enough for an edge, else its symbol; in bar and delta notation always the symbol."""
        if symbol is not None and (self.named or leaves(value) > WIDEST or _has_symbol(value)):
            return self.symbol(symbol)
        if leaves(value) > WIDEST:
            return ""
        return self.inline(value)

    @property
    def named(self) -> bool:
        return self.printer.notation.gradient in ("bar", "delta")

    def inline(self, value: Expr) -> str:
        if _has_symbol(value) and self.printer.notation.gradient == "partial":
            return replace(self.printer, notation=_nabla(self.printer)).expr(value)
        return self.printer.expr(value)

    def symbol(self, symbol: Adj) -> str:
        """∂L/∂z on one line: fractions are too tall for an edge."""
        if self.printer.notation.gradient == "partial":
            return rf"\partial {self.printer.expr(symbol.of)}/\partial {self.printer.expr(symbol.wrt)}"
        return self.printer.expr(symbol)


def _nabla(printer: Printer) -> Plain:
    return Plain("nabla", printer.notation.hadamard, printer.notation.vectors)


def _has_symbol(e: Expr) -> bool:
    return any(isinstance(n, Adj) for n in nodes(e))


@dataclass(slots=True)
class _Builder:
    """The growing graph; `at` says which vertex a name's value leaves from."""

    printer: Printer
    signals: _Signals
    counts: Counter[str]
    vertices: list[GraphNode] = field(default_factory=list)
    edges: list[GraphEdge] = field(default_factory=list)
    at: dict[str, str] = field(default_factory=dict)
    boxed: set[str] = field(default_factory=set)

    def leaf(self, var: Var, role: NodeKind) -> None:
        self.vertices.append(GraphNode(f"leaf {var.name}", role, self.printer.expr(var)))
        self.at[var.name] = f"leaf {var.name}"
        self.boxed.add(var.name)

    def equation(self, q: Equation) -> None:
        """The operations of one equation; a bare copy is a node of its own."""
        source = self.operation(q.body, q.var, None)
        if isinstance(q.body, Var):
            source = self.vertex("=")
            self.edge(q.body, source, q.var)
        self.at[q.var.name] = source

    def output(self, var: Var) -> None:
        self.vertices.append(GraphNode(f"value {var.name}", "value", self.printer.expr(var)))
        source, target = self.at[var.name], f"value {var.name}"
        self.edges.append(GraphEdge(source, target, "", "", self.signals.on_output(var)))

    def vertex(self, label: str) -> str:
        name = f"op {len(self.vertices)}"
        self.vertices.append(GraphNode(name, "operation", label))
        return name

    def operation(self, e: Expr, consumer: Var, factor: str | None) -> str:
        """The vertex of a compound expression, with everything that leads to it; "" for a name or a constant."""
        if (pair := weighted_log(e)) is not None:  # −Σ y log p is one step to every reader
            return self.joined(pair, self.printer.expr(e), consumer)
        label, e = _outer_factor(e, self.printer, factor)
        match e:
            case Apply(op=op, args=(inner,)) if op in INVISIBLE and not isinstance(inner, Var):
                return self.operation(inner, consumer, label)
            case Apply():
                operands = tuple(_bare(a, e) for a in _operands(e) if variables(a))
                return self.joined(operands, (label or "") + _sign(e, self.printer), consumer)
            case Sum(body=body):
                return self.joined((body,), rf"{label or ''}\Sigma_{{{e.index.name}}}", consumer)
            case _:
                return ""

    def joined(self, operands: tuple[Expr, ...], label: str, consumer: Var) -> str:
        """A vertex with its operands' vertices before it."""
        sources = [(a, self.source(a, consumer)) for a in operands]
        vertex = self.vertex(label)
        for operand, source in sources:
            self.connect(operand, source, vertex, consumer)
        return vertex

    def size(self, e: Expr) -> str:
        """The shape as a figure shows it: n for a vector, nothing for what is a single number."""
        sizes = [n for n in shape(e) if not (len(shape(e)) == 1 and n.is_one)]
        return r" \times ".join(self.printer.size(n) for n in sizes)

    def source(self, e: Expr, consumer: Var) -> str:
        return "" if _named(e) else self.operation(e, consumer, None)

    def connect(self, operand: Expr, source: str, vertex: str, consumer: Var) -> None:
        inner = _named(operand)
        if inner is not None:
            self.edge(inner, vertex, consumer)
        else:
            label = "" if _plain(operand) is None else self.printer.expr(operand)
            self.edges.append(GraphEdge(source, vertex, label, self.size(operand)))

    def edge(self, var: Var, vertex: str, consumer: Var) -> None:
        """A use of a name; its symbol stands in the leaf's box, or on the edge of a computed value."""
        first = not any(e.source == self.at[var.name] for e in self.edges)
        label = "" if var.name in self.boxed else self.printer.expr(var)
        size = self.size(var) if label or first else ""
        signal = self.signals.on_use(var, consumer, self.counts[var.name])
        self.edges.append(GraphEdge(self.at[var.name], vertex, label, size, signal))


# ---------------------------------------------------------------- reading an expression as nodes


def weighted_log(e: Expr) -> tuple[Expr, Expr] | None:
    """(y, p) of −Σ y log p."""
    match e:
        case (
            Apply(op="neg", args=(Apply(op="sum", args=(Apply(op="mul", args=(a, b)),)),))
            | Apply(op="neg", args=(Apply(op="dot", args=(a, b)),))
        ):
            for y, log in ((a, b), (b, a)):
                if isinstance(log, Apply) and log.op == "log" and _named(log.args[0]) is not None:
                    return y, log.args[0]
    return None


def _named(e: Expr) -> Var | None:
    """The name behind signs and changes of form that are not drawn."""
    while isinstance(e, Apply) and (e.op in INVISIBLE or e.op == "neg") and len(e.args) == 1:
        e = e.args[0]
    return e if isinstance(e, Var) else None


def _bare(e: Expr, parent: Apply) -> Expr:
    """An operand without the sign that its sum draws (a − b)."""
    return e.args[0] if parent.op == "add" and isinstance(e, Apply) and e.op == "neg" else e


def _operands(e: Apply) -> tuple[Expr, ...]:
    """The operands of a chain of one operation: a + b + c and a ⊙ b ⊙ c are one node each."""
    if e.op not in ("add", "mul"):
        return e.args
    flat: list[Expr] = []
    for arg in e.args:
        flat.extend(_operands(arg) if isinstance(arg, Apply) and arg.op == e.op else (arg,))
    return tuple(flat)


def _outer_factor(e: Expr, printer: Printer, factor: str | None) -> tuple[str | None, Expr]:
    """A sign or a constant factor in front of an operation, as text, and the operation."""
    while isinstance(e, Apply):
        match e:
            case Apply(op="scale" | "mul", args=(c, inner)) if not variables(c) and _compound(inner):
                factor, e = (factor or "") + printer.expr(c) + r"\,", inner
            case Apply(op="div", args=(inner, c)) if not variables(c) and _compound(inner):
                factor, e = (factor or "") + rf"\frac{{1}}{{{printer.expr(c)}}}", inner
            case Apply(op="neg", args=(inner,)) if _compound(inner):
                factor, e = "-" + (factor or ""), inner
            case _:
                break
    return factor, e


def _compound(e: Expr) -> bool:
    return _named(e) is None


def _plain(e: Expr) -> Expr | None:
    """An unnamed value short enough to be written on its edge: Wᵀ."""
    return e if isinstance(e, Apply) and e.op == "transpose" and isinstance(e.args[0], Var) else None


def _sign(e: Apply, printer: Printer) -> str:
    """What stands in an operation's node, with its constant operands."""
    if e.op == "add":
        return _sum_sign(e, printer)
    if e.op == "pow" and isinstance(e.args[1], Num):
        return rf"(\cdot)^{{{printer.expr(e.args[1])}}}"
    if e.op == "square":
        return r"(\cdot)^{2}"
    if e.op == "div" and not variables(e.args[0]):
        return rf"{printer.expr(e.args[0])}/\cdot"
    if e.op in SIGNS:
        return SIGNS[e.op]
    return _function(e, printer)


def _sum_sign(e: Apply, printer: Printer) -> str:
    """+ , − for a difference, and the constants that are added (1 − ·)."""
    terms = _operands(e)
    constants = [t for t in terms if not variables(t)]
    moving = [t for t in terms if variables(t)]
    signs = [isinstance(t, Apply) and t.op == "neg" for t in moving]
    if constants:
        return printer.expr(constants[0]) + (r"-\cdot" if all(signs) else r"+\cdot")
    return "-" if any(signs) else "+"


def _function(e: Apply, printer: Printer) -> str:
    """The name of a function without its argument."""
    row = TABLE[e.op]
    if isinstance(row, Called):
        callee = e.params[0]
        assert isinstance(callee, Callee)
        return printer.name(callee.name).text() + "'" * callee.order
    template = row.tex.template
    if "{1}" in template:
        return rf"\mathrm{{{e.op}}}".replace("_", r"\ ")
    text = template.format(r"\cdot").removesuffix(r"\left(\cdot\right)")
    return (
        text.replace(r"\left\|", r"\Vert")
        .replace(r"\right\|", r"\Vert")
        .replace(r"\left|", "|")
        .replace(r"\right|", "|")
    )


def _alt(asked: GraphAsked, builder: _Builder) -> str:
    """The picture in words."""
    steps = ", ".join(q.var.name for q in asked.forward)
    shared = [name for name, n in builder.counts.items() if n > 1]
    text = f"Computational graph: the values {steps} are computed in this order."
    if shared:
        text += f" Used more than once: {', '.join(shared)}."
    return text
