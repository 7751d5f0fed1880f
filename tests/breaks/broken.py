"""What a break is: one thing of the product changed from outside, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solgen.build.read_back.forms import IN_LATEX
from solgen.render.latex import latex
from tests.breaks.corpus import Text
from tests.mutants.mutant import replace_everywhere, set_field


@dataclass(frozen=True, slots=True)
class Break:
    """One way to break the product: `install` does it, in this process, for good.

    operation, kind: what a problem must show for the break to matter, an operation or a kind of node; `tries`: over how
    many such problems it is tried.
    """

    name: str
    install: Callable[[], None]
    operation: str = ""
    kind: str = ""
    tries: int = 2

    def concerns(self, text: Text) -> bool:
        """Whether a problem shows what is broken."""
        return (not self.operation or self.operation in text.operations) and (not self.kind or self.kind in text.kinds)


def write_otherwise(kind: type, change: Callable[[Any], Any]) -> None:
    """Nodes of a kind are written in LaTeX as what the change makes of them, wherever LaTeX is written."""
    old = latex

    def broken(node: Any, *rest: Any) -> str:
        return old(change(node) if isinstance(node, kind) else node, *rest)

    replace_everywhere(old, broken)
    set_field(IN_LATEX, "write", broken)
