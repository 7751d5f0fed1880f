"""What the words around a typed formula make of it: a claim, something on a condition, or something that is denied.

The words are those of the sentence; what says that something is wrong counts from a sentence before it that has no
formula of its own, and from one after it that points back
(docs/format.md, section 4).
"""

from __future__ import annotations

import re

CONDITION = re.compile(
    r"\b(if|suppos\w+|assum\w+|when\w*|unless|provided|given|in case|until|while|as long as|so long as|would|were|"
    r"could|might|may|imagine|hypothe\w+|whether|such that|should|require\w*|want\w*|need\w*|desired?|hope\w*)\b",
    re.IGNORECASE,
)
DENIAL = re.compile(
    r"\b(not|never|neither|nor|cannot|without|instead|rather than|unlike|contrary|against|forg[eo]t\w*|confus\w+|"
    r"tempt\w+|claims|claimed|naive\w*|fails?|only|except|no longer|lose\w*)\b|n't\b",
    re.IGNORECASE,
)
WRONG = re.compile(
    r"\b(wrong\w*|mistake\w*|incorrect\w*|false\w*|errors?|erroneous\w*|counter-?examples?|untrue|invalid|disprove\w*|"
    r"refut\w+|misconception\w*|pitfall\w*|fallac\w+|trap)\b",
    re.IGNORECASE,
)
ROUGH = re.compile(
    r"\b(about|roughly|approximat\w+|nearly|almost|up to|first order|on average|expect\w+|asymptotic\w*|in the limit|"
    r"tends? to|numerator layout|heuristic\w*|say)\b",
    re.IGNORECASE,
)
SOLVED = re.compile(
    r"\b(set|sets|setting|stationar\w+|optim\w+|minim\w+|maxim\w+|solv\w+|solution\w*|vanish\w*|root\w*|zero of|at|for|"
    r"where|condition\w*|satisf\w+|constrain\w*|subject)\b",
    re.IGNORECASE,
)  # around an equality with a constant, an equation to be solved
RESERVED = (
    (WRONG, "it is called wrong"),
    (DENIAL, "it is denied"),
    (CONDITION, "it stands under a condition"),
    (ROUGH, "it holds roughly"),
)
_POINTS = re.compile(r"\s*(this|that|it|these|those|both|such|which)\b", re.IGNORECASE)  # to the formula before
_END = re.compile(r"[.!?](?=[\s)\"'}]|$)|\n[ \t]*\n|\\item\b|\\par\b")


def reservation(before: str, after: str, constant: bool) -> str:
    """What keeps a formula between these words from being a claim, in a phrase; empty where nothing does.

    constant: whether one side of it is a number.
    """
    earlier, sentence = _last(before)
    rest, later = _first(after)
    if "?" in rest[-1:]:
        return "it stands in a question"
    around = f"{sentence} $ {rest}"
    for found, what in RESERVED:
        if word := found.search(around):
            return f"{what}, by the word `{word[0]}`"
    for text in ("" if "$" in earlier else earlier, later if _POINTS.match(later) else ""):
        if word := WRONG.search(text):
            return f"it is called wrong, by the word `{word[0]}` beside it"
    if constant and (word := SOLVED.search(around)):
        return f"it is an equation to be solved, by the word `{word[0]}`"
    return ""


def _last(text: str) -> tuple[str, str]:
    """The sentence before the last one, and the beginning of the one that is not ended yet."""
    parts = _END.split(text)
    return (parts[-2] if len(parts) > 1 else ""), parts[-1]


def _first(text: str) -> tuple[str, str]:
    """The rest of the sentence with the mark that ends it, and the sentence after it."""
    found = _END.search(text)
    if not found:
        return text, ""
    return text[: found.end()], _END.split(text[found.end() :])[0]
