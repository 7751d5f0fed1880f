"""Who proves answers: the table of engines, one file each.

An engine is loaded by its name, in a process that can be ended: what it imports is slow, and a proof may take forever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from solgen.places import FileTable

if TYPE_CHECKING:
    from solgen.model.verdict import Proof
    from solgen.numeric.proving.claims import Claim


@dataclass(frozen=True, slots=True)
class Engine:
    """A row: `prove` tries claims for so many seconds of a processor, and tells what came of each as soon as it is
    known."""

    prove: Callable[[Collection[Claim], float, Callable[[Proof], None]], None]


TABLE = FileTable(__name__, Path(__file__).parent, Engine)
DEFAULT_ENGINE = "sympy"
