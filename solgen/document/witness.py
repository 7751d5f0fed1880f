"""What was printed of one problem: every formula that its voice put on a page, with the part in which it stands.

Pages are finished only when each of these is known to be checked: `solgen.numeric.checks.founded` says which are.
"""

from __future__ import annotations

from collections.abc import Iterable

from solgen.expr.nodes import Expr

Printed = tuple[tuple[str, Expr], ...]  # the id of a part, empty for what belongs to none, and a formula


class Witness:
    """The formulas printed so far, each once in a part."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, Expr], None] = {}

    def saw(self, part: str, formulas: Iterable[Expr]) -> None:
        """These formulas were printed in a part."""
        self._seen.update(((part, e), None) for e in formulas)

    @property
    def printed(self) -> Printed:
        """All of them, in the order in which they were printed first."""
        return tuple(self._seen)
