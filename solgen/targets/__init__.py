"""What a derivation can be exported to: the table of targets, one file each.

A file of this folder is a target under the name that `solgen export --to` takes, and its `ROW` says how a verified
derivation is written.  A target is added by adding a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from solgen.file_table import FileTable

if TYPE_CHECKING:
    from solgen.model import Checks, Derivation


@dataclass(frozen=True, slots=True)
class Target:
    """A row: `write` makes the text of a derivation with its certificate, at the sizes stated where it has `sizes`.

    It raises Refused where something has no form there, VerificationError where the text is not what was derived.
    """

    write: Callable[[Derivation, Checks, Mapping[str, int]], str]
    sizes: bool = False


TABLE = FileTable(__name__, Path(__file__).parent, Target)
TARGETS = TABLE.names
DEFAULT_TARGET = "numpy"
