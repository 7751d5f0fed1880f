"""Words that were typed letter by letter: `softmax(z)` without a command is softmax of z, not seven factors."""

from __future__ import annotations

from solgen.written.syntax import Fence, Items, Letter, Node, Scripted, Word
from solgen.written.vocabulary import is_word

SHORTEST, LONGEST = 2, 12  # letters of such a word


def spelled_words(items: Items) -> Items:
    """The nodes with letters that spell an operation before its brackets as one word."""
    found: list[Node] = []
    for item in items:
        if _is_bracket(item) and (count := _spelled(found)):
            letters = found[-count:]
            found[-count:] = [Word("".join(map(_letter, letters)), at=letters[0].at)]
        found.append(item)
    return tuple(found) if len(found) != len(items) else items


def _is_bracket(node: Node) -> bool:
    match node:
        case Fence("round") | Scripted(Fence("round")):
            return True
        case _:
            return False


def _spelled(before: list[Node]) -> int:
    """How many letters before a bracket spell the name of an operation, the most of them."""
    count = 0
    while count < min(len(before), LONGEST) and _letter(before[-count - 1]):
        count += 1
    text = "".join(map(_letter, before[len(before) - count :]))
    return next((n for n in range(count, SHORTEST - 1, -1) if is_word(text[-n:])), 0)


def _letter(node: Node) -> str:
    return node.text if isinstance(node, Letter) and not node.style and node.text.isascii() else ""
