r"""LaTeX as people type it into prose: which commands it may use, and every fault of a text before any TeX.

`allowed` is the list, with reasons; `commands` makes rows of it; `check` goes through a text once; `glyphs` are the
characters that the page can set.  The reader of problem files asks `prose_faults`, `plain_faults` and `symbol_faults`.
"""

from __future__ import annotations

from solgen.written.prose.check import name_faults, plain_faults, prose_faults, symbol_faults
from solgen.written.prose.faults import ProseFault
from solgen.written.prose.glyphs import as_commands, is_set
from solgen.written.prose.header import commands_of_header
from solgen.written.prose.modes import Mode, advance_mode
from solgen.written.prose.unnumbered import without_numbers

__all__ = [
    "Mode",
    "ProseFault",
    "advance_mode",
    "as_commands",
    "commands_of_header",
    "is_set",
    "name_faults",
    "plain_faults",
    "prose_faults",
    "symbol_faults",
    "without_numbers",
]
