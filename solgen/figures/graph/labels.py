"""What an edge tells of its value, the same in graphs of operations and of blocks."""

from __future__ import annotations

from solgen.expr.nodes import Expr, shape
from solgen.model.figure import NodeKind
from solgen.render.printer import Printer

SILENT: frozenset[NodeKind] = frozenset({"target", "constant"})  # nobody trains these: nothing flows back to them


def box_size(e: Expr, printer: Printer) -> str:
    """The shape as a figure shows it: n for a vector, nothing for what is a single number."""
    sizes = [n for n in shape(e) if not (len(shape(e)) == 1 and n.is_one)]
    return r" \times ".join(printer.size(n) for n in sizes)
