"""Numbers in our own sentences: each counts something that a derivation, or its certificate, has so many of.

What is counted the words around the number say (`along three paths`); of what, the formula before it or behind it.  A
number that no pattern here takes, or of which there is another count, is told; so no number stands in a sentence
unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from solgen.document.blocks import Steps
from solgen.expr.nodes import Adj, Var
from solgen.expr.present.tree import Shows
from solgen.expr.walk import variables
from solgen.model.derivation import AdjointBlock, Derivation, GraphAsked, Paths
from solgen.model.noun_walk import found, parts
from solgen.model.verdict import Checks
from solgen.render.words import Formula, Phrase, Words

SPELT: Mapping[str, int] = MappingProxyType(
    {word: n for n, word in enumerate("no one two three four five six seven eight nine ten eleven twelve".split())}
    | {word: n for n, word in enumerate("first second third fourth fifth sixth".split(), 1)}
    | {"once": 1, "twice": 2, "both": 2}
)
NUMBER = r"(?P<n>[0-9]+(?:th)?|[a-z]+)"
TIMES = r"(?P<n>twice|once|[a-z0-9]+(?= times))(?: times)?"
METHODS: Mapping[str, str] = MappingProxyType({
    "exactly": "exact", "in ball arithmetic": "ball", "with finite differences": "oracle", "symbolically": "sympy",
    "in double precision": "float64", "by a second reading": "reading",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """A pattern with a number: what it counts, and how many formulas away stands that of which it does; 0: of none."""

    pattern: re.Pattern[str]
    what: str
    of: int = 0


FIRST = -9  # of the first formula of a sentence
PATTERNS = (
    Counted(re.compile(rf"\boccurs {TIMES}, in "), "uses", -1),
    Counted(re.compile(rf"\balong {NUMBER} paths?, "), "uses", -2),
    Counted(re.compile(rf", so its gradient has {NUMBER} terms?:"), "uses", FIRST),
    Counted(re.compile(r"\benters (?P<n>both) $"), "uses", -1),
    Counted(re.compile(rf"\bsum over {NUMBER} paths?\b"), "any uses"),
    Counted(re.compile(rf"\benters {TIMES}, in "), "users", -1),
    Counted(re.compile(rf"\bThere (?:is|are) {NUMBER} paths? from "), "paths", 1),
    Counted(re.compile(rf"\b{NUMBER} equalit(?:y|ies) at "), "equalities"),
    Counted(re.compile(rf"(?<= at ){NUMBER} random points?\b"), "points"),
    Counted(re.compile(rf"\b{NUMBER} of (?=[0-9]+ deliberate)"), "noticed mistakes"),
    Counted(re.compile(rf"(?<= of ){NUMBER} deliberate mistakes?\b"), "mistakes"),
    Counted(re.compile(rf"\b{NUMBER} more turned out equal\b"), "equal mistakes"),
    Counted(re.compile(rf"\b{NUMBER} formulas? typed by hand\b"), "formulas"),
    Counted(re.compile(rf"(?<=: ){NUMBER} answers?(?=\.$)"), "proofs"),
    *(Counted(re.compile(rf"(?<![\w]){NUMBER} {words}"), method) for words, method in METHODS.items()),
    Counted(re.compile(rf"(?<=in ball arithmetic), to {NUMBER} digits\b"), "ball digits"),
    Counted(re.compile(rf"(?<=of the forward pass alone), to {NUMBER} digits\b"), "oracle digits"),
)
USE = re.compile(r"(?:^|[ (,])(?P<n>[a-z]+|[0-9]+th) use(?= of |:)")
AXIS = re.compile(r"\b(?P<axis>[0-9]+) to (?P<n>[0-9]+)\b")


@dataclass(slots=True)
class Amounts:
    """How many there are of what: of a name's uses, of routes, of checks; and which uses of names a route takes."""

    known: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    axes: set[tuple[int, int]] = field(default_factory=set)
    uses: set[tuple[tuple[int, str], ...]] = field(default_factory=set)

    def learn(self, derivation: Derivation, checks: Checks) -> None:
        """What a derivation and its certificate have."""
        for one in found(derivation, (AdjointBlock, Paths, GraphAsked)):
            match one:
                case AdjointBlock(symbol=symbol, contributions=contributions):
                    self._add("uses", len(contributions), symbol.wrt.name)
                    self._add("any uses", len(contributions))
                case Paths(wrt=wrt, terms=terms):
                    self._add("paths", len(terms), wrt.name)
                    self.uses.add(tuple(use for n in range(len(terms)) for use in _uses_told(one, n)))
                case GraphAsked(forward=forward):
                    for v in {v for q in forward for v in variables(q.body)}:
                        self._add("users", sum(v in variables(q.body) for q in forward), v.name)
        self._learn_checks(checks)

    def _learn_checks(self, checks: Checks) -> None:
        told = checks.mutants.killed + len(checks.mutants.survived)
        for what, count in (
            ("equalities", len(checks.checks)), ("points", checks.points), ("mistakes", told),
            ("noticed mistakes", checks.mutants.killed), ("equal mistakes", len(checks.mutants.equivalent)),
            ("formulas", len(checks.listed)),
        ):  # fmt: skip
            self._add(what, count)
        proved = Counter(tuple(p.sizes.items()) for p in checks.proofs if p.verdict == "proved")
        for count in proved.values():
            self._add("proofs", count)
        for method in METHODS.values():
            of_it = [c for c in checks.checks if c.method == method]
            self._add(method, len(of_it))
            self._add(f"{method} digits", min((c.digits for c in of_it if c.digits), default=0))
        self.axes.update((int(axis), n) for axis, n in checks.sizes.items() if axis.isdigit())

    def _add(self, what: str, count: int, of: str = "") -> None:
        self.known.setdefault((what, of), set()).add(count)

    def has(self, what: str, of: str, count: int) -> bool:
        return count in self.known.get((what, of), ())


def _uses_told(p: Paths, n: int) -> Iterator[tuple[int, str]]:
    """Which uses of names route n takes, where another one has the same stops."""
    own = p.terms[n]
    alike = [term.uses for term in p.terms if term.route == own.route and term.uses]
    for k, use in enumerate(own.uses):
        if len({uses[k] for uses in alike}) > 1:
            yield use + 1, own.route[k].name


# ---------------------------------------------------------------- sentences


def number_of(word: str) -> int:
    """The number that a word or digits say; −1 where they say none."""
    digits = word.removesuffix("th")
    return int(digits) if digits.isdigit() else SPELT.get(word, -1)


def without_counts(phrases: Sequence[Phrase], k: int, known: Amounts) -> tuple[str, tuple[str, ...]]:
    """A plain phrase of a sentence without the numbers that are so, and what is said of those that are not."""
    text = phrases[k]
    assert isinstance(text, str)
    wrong: list[str] = []

    def checked(counted: Counted, match: re.Match[str]) -> str:
        word = match["n"]
        count = number_of(word)
        if count < 0:
            return match[0]  # `these paths`
        of = _name_at(phrases, k, counted.of) if counted.of else ""
        if not known.has(counted.what, of, count):
            wrong.append(f"says `{match[0].strip()}`, where `{word}` is not how many there are")
        return match[0].replace(word, "", 1)

    for counted in PATTERNS:
        text = counted.pattern.sub(partial(checked, counted), text)
    if "axes cut short" in text:
        wrong += [f"says `{m[0]}`, which is no axis" for m in AXIS.finditer(text) if not _is_axis(m, known)]
        text = AXIS.sub("", text)
    return text, tuple(wrong)


def _is_axis(match: re.Match[str], known: Amounts) -> bool:
    return (int(match["axis"]), int(match["n"])) in known.axes


def _name_at(phrases: Sequence[Phrase], k: int, of: int) -> str:
    """The name that a formula of a sentence shows: the first, second … before a phrase, or behind it."""
    ends = [n + 1 for n, phrase in enumerate(phrases[:k]) if isinstance(phrase, str) and "." in phrase]
    start = ends[-1] if of == FIRST and ends else 0
    formulas = [phrase for phrase in (phrases[start:k] if of < 0 else phrases[k:]) if isinstance(phrase, Formula)]
    place = 0 if of == FIRST else of if of < 0 else of - 1
    return _name(formulas[place]) if len(formulas) >= abs(of) or (of == FIRST and formulas) else ""


def _name(formula: Formula) -> str:
    match formula.node.shows:
        case Var(name=name) | Adj(wrt=Var(name=name)):
            return name
        case _:
            return ""


# ---------------------------------------------------------------- the uses of a name, one line after another


def false_uses(page: object, known: Amounts) -> Iterator[str]:
    """Lines that say which use of a name they belong to, where it is another: each in words."""
    if not isinstance(page, Steps):
        for part in () if isinstance(page, Shows | Words) else parts(page):
            yield from false_uses(part, known)
        return
    labels = [use for row in page.rows for use in _uses(row.label)]
    of_routes = tuple((n, name) for n, name, of_route in labels if of_route)
    of_paths = [(n, name) for n, name, of_route in labels if not of_route]
    if of_routes and of_routes not in known.uses:
        yield f"numbers the uses {_list_uses(of_routes)}, and no routes take these"
    if any(count != n for count, n in _in_turn(of_paths)):
        yield f"numbers the uses {_list_uses(of_paths)}, which are not counted from the first"


def _list_uses(uses: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{n} of {name}" for n, name in uses)


def _uses(label: Words) -> Iterator[tuple[int, str, bool]]:
    """Which uses a label names: `through h, second use:`; of a route, which is the last: `(first use of W)`."""
    for k, phrase in enumerate(label.phrases):
        if isinstance(phrase, str):
            for match in USE.finditer(phrase):
                behind = phrase[match.end() :].startswith(" of ")
                yield number_of(match["n"]), _name_at(label.phrases, k, 1 if behind else -1), behind


def _in_turn(told: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Each number beside that which it has where they are counted from one."""
    seen: dict[str, int] = {}
    for n, name in told:
        seen[name] = seen.get(name, 0) + 1
        yield seen[name], n
