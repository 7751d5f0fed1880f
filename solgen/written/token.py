"""One token of the grammar: what kind it is, what stood there, and where."""

from __future__ import annotations


class Token:
    """What lark asks of a token, and no more: its kind, its text, its place."""

    __slots__ = ("start_pos", "type", "value")

    line = column = end_line = end_column = end_pos = None  # lark copies these for its token of the end

    def __init__(self, type: str, value: str, start_pos: int) -> None:
        self.type, self.value, self.start_pos = type, value, start_pos

    def __str__(self) -> str:
        return self.value
