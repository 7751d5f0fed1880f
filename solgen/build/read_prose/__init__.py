"""What people type into prose, read with the names of the problem: equalities are checked, values recognised.

`context` says what the words around a formula make of it, `place` where it stands, `relate` what it says, `check` what
came of it.  The policy is in docs/format.md, section 4.
"""

from __future__ import annotations

from solgen.build.read_prose.check import check_typed, with_typed

__all__ = ["check_typed", "with_typed"]
