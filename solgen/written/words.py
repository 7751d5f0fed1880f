"""Words that were typed letter by letter: `softmax(z)` without a command is softmax of z, not seven factors."""

from __future__ import annotations

from dataclasses import replace

from solgen.written.reads import Reads
from solgen.written.spelling import plain_letter
from solgen.written.syntax import Fence, Items, Letter, Node, Scripted, Sign, Word
from solgen.written.vocabulary import is_word

SHORTEST, LONGEST = 2, 12  # letters of such a word


def named_words(r: Reads, items: Items) -> Items:
    """The nodes with letters that spell a name of the file as one word, where not each of them is a name itself."""
    if len(items) < SHORTEST:
        return items
    found: list[Node] = []
    k = 0
    while k < len(items) and not _is_sum(items[k]):  # what stands behind a Σ is a term of its own
        count = _spelt_length(r, items, k)
        found.append(_one_word(items[k : k + count]) if count else items[k])
        k += count or 1
    return (*found, *items[k:]) if len(found) != k else items


def _is_sum(node: Node) -> bool:
    match node:
        case Sign("∑") | Scripted(Sign("∑")):
            return True
        case _:
            return False


def _spelt_length(r: Reads, items: Items, k: int) -> int:
    """How many letters from here on spell a name; 0 where they spell none."""
    first = items[k]
    if not isinstance(first, Letter):
        return 0
    for word in r.names.words_from(first.text):
        letters = [_base(node) for node in items[k : k + len(word)]]
        plain = all(isinstance(node, Letter) for node in items[k : k + len(word) - 1])
        spelt = "".join(letter.text for letter in letters if letter and letter.style == first.style)
        if plain and spelt == word and not all(_is_known(r, letter) for letter in word):
            return len(word)
    return 0


def _one_word(nodes: Items) -> Node:
    """Letters side by side as one word, with what stands behind the last."""
    letters = [letter for node in nodes if (letter := _base(node))]
    word = Word("".join(letter.text for letter in letters), letters[0].style, letters[0].at)
    return replace(last, base=word) if isinstance(last := nodes[-1], Scripted) else word


def _base(node: Node) -> Letter | None:
    inner = node.base if isinstance(node, Scripted) else node
    return inner if isinstance(inner, Letter) else None


def _is_known(r: Reads, letter: str) -> bool:
    return any(not look.sub and not look.sup for look in r.names.at(plain_letter(letter), ()))


def spelled_words(items: Items) -> Items:
    """The nodes with letters that spell an operation before its brackets as one word."""
    found: list[Node] = []
    for item in items:
        if _is_bracket(item) and (count := _count_spelled(found)):
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


def _count_spelled(before: list[Node]) -> int:
    """How many letters before a bracket spell the name of an operation, the most of them."""
    count = 0
    while count < min(len(before), LONGEST) and _letter(before[-count - 1]):
        count += 1
    text = "".join(map(_letter, before[len(before) - count :]))
    return next((n for n in range(count, SHORTEST - 1, -1) if is_word(text[-n:])), 0)


def _letter(node: Node) -> str:
    return node.text if isinstance(node, Letter) and not node.style and node.text.isascii() else ""
