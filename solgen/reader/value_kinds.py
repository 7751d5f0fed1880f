"""What a value of a problem file may be: each kind checks a node and states its JSON Schema.

One object does both, so that `solgen schema` cannot promise anything else than what the reader takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Protocol

from solgen.reader.source import Defects, nearest, nearest_or_all
from solgen.reader.yaml.yaml_nodes import FLAG, NUMBER, WHOLE, Map, Node, Scalar, Seq, kind
from solgen.reader.yaml.yaml_texts import cut, has_control_escape, in_two, is_folded

Schema = dict[str, Any]
LENGTH = r"(\d+(?:\.\d+)?)\s*(cm|mm|in|pt|em|ex)"
LONGEST: Mapping[str, int] = MappingProxyType({"cm": 24, "mm": 240, "in": 9, "pt": 680, "em": 62, "ex": 140})
QUOTE = "put the text in single quotes, or under |"


class ValueKind(Protocol):
    """A kind of value."""

    def check(self, node: Node, report: Defects) -> bool:
        """Whether the node is such a value; what is wrong is reported."""
        ...

    def schema(self) -> Schema:
        """The JSON Schema of such a value."""
        ...


@dataclass(frozen=True, slots=True)
class TextKind:
    """A text: `what` names it; control characters and trailing comments are refused."""

    what: str = "a text"

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Scalar) or node.empty:
            return _report_unexpected(node, report, self.what, QUOTE)
        return not (has_control_escape(node, report) or cut(node, report))

    def schema(self) -> Schema:
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class CodeKind:
    """A text in the model language or a list of names, where `#` may begin a comment."""

    what: str

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Scalar) or node.empty:
            return _report_unexpected(node, report, self.what, "put it under |, one equation a line")
        return not has_control_escape(node, report)

    def schema(self) -> Schema:
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class Lines:
    """A text in the model language of one statement a line, which YAML must not join."""

    what: str

    def check(self, node: Node, report: Defects) -> bool:
        whole = CodeKind(self.what)
        return whole.check(node, report) and not (isinstance(node, Scalar) and is_folded(node, report))

    def schema(self) -> Schema:
        return CodeKind(self.what).schema()


@dataclass(frozen=True, slots=True)
class WordKind:
    """A text of letters, digits, dashes and underscores."""

    what: str = "an identifier"

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Scalar) or node.empty:
            return _report_unexpected(node, report, self.what, "a word such as 2a or skip")
        if not re.fullmatch(r"[\w.-]+", node.text):
            report.error("bad-value", f"`{node.text}` is not {self.what}", node.span, "use letters, digits, - and _")
            return False
        return True

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "pattern": r"^[\w.-]+$"}


@dataclass(frozen=True, slots=True)
class PaperLength:
    """A length on paper, less than a page."""

    what: str

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Scalar) or node.empty:
            return _report_unexpected(node, report, self.what, "write a number and cm, mm, in, pt, em or ex")
        found = re.fullmatch(LENGTH, node.text.strip())
        if not found or float(found[1]) > LONGEST[found[2]]:
            hint = "write a number and cm, mm, in, pt, em or ex, such as 4cm; a page has 24cm"
            report.error("bad-value", f"`{node.text}` is not {self.what}", node.span, hint)
            return False
        return True

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{LENGTH}$"}


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A number that is a multiple of 1/`parts`, at least `least`."""

    what: str
    parts: int = 1
    least: int = 0

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Scalar) or not node.plain or not NUMBER.match(node.text) or len(node.text) > 12:
            return _report_unexpected(node, report, self.what, self._instead(node))
        value = Fraction(node.text) if "e" not in node.text.lower() else None
        if value is None or value < self.least or (value * self.parts).denominator != 1:
            hint = f"at least {self.least}, in steps of {Fraction(1, self.parts)}"
            report.error("bad-value", f"`{node.text}` is not {self.what}", node.span, hint)
            return False
        return True

    def _instead(self, node: Node) -> str:
        """What to write; half a point is often given as `1/2`."""
        text = node.text.strip() if isinstance(node, Scalar) else ""
        fraction = Fraction(text) if re.fullmatch(r"\d{1,4}/[1-9]\d{0,3}", text) else None
        if fraction is not None and (fraction * self.parts).denominator == 1:
            return f"write {float(fraction):g}"
        return "write a number, without quotes"

    def schema(self) -> Schema:
        return {"type": "number", "minimum": self.least, "multipleOf": float(Fraction(1, self.parts))}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def check(self, node: Node, report: Defects) -> bool:
        if isinstance(node, Scalar) and node.plain and FLAG.match(node.text):
            return True
        return _report_unexpected(node, report, "true or false", "write true or false, without quotes")

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class ChoiceKind:
    """One of a few words."""

    options: tuple[str, ...]

    def check(self, node: Node, report: Defects) -> bool:
        if isinstance(node, Scalar) and node.text in self.options:
            return True
        listed = f"one of {', '.join(self.options)}"
        if not isinstance(node, Scalar) or node.empty:
            return _report_unexpected(node, report, listed, f"write {self.options[0]}")
        hint = nearest(node.text, self.options) or f"write {self.options[0]}"
        report.error("bad-value", f"`{node.text[:40]}` is not {listed}", node.span, hint)
        return False

    def schema(self) -> Schema:
        return {"enum": [*self.options, *(int(o) for o in self.options if o.isdigit())]}


@dataclass(frozen=True, slots=True)
class FormKind:
    """A form of the answer: one of those that the verb has; `others` are the forms that only other verbs have."""

    verb: str
    forms: tuple[str, ...]
    others: tuple[str, ...]

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Scalar) or node.text not in self.others:
            return ChoiceKind(self.forms).check(node, report)
        hint = f"its forms are {', '.join(self.forms)}" if len(self.forms) > 1 else f"its one form is {self.forms[0]}"
        report.error("no-form", f"`{self.verb}` has no form `{node.text}`", node.span, hint)
        return False

    def schema(self) -> Schema:
        return ChoiceKind(self.forms).schema()


@dataclass(frozen=True, slots=True)
class NamesKind:
    """A list of names, or one text of names separated by commas outside brackets."""

    def check(self, node: Node, report: Defects) -> bool:
        if isinstance(node, Seq):
            return _all(self._one(item, report) for item in node.items)
        return self._one(node, report)

    def _one(self, node: Node, report: Defects) -> bool:
        if isinstance(node, Scalar) and not node.empty:
            return not has_control_escape(node, report)
        return _report_unexpected(node, report, "a name, or a list of names", "write names such as W1, z[k]")

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one kind."""

    of: ValueKind
    what: str

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Seq):
            return _report_unexpected(node, report, self.what, "begin each item on its own line with `- `")
        return _all(self.of.check(item, report) for item in node.items)

    def schema(self) -> Schema:
        return {"type": "array", "items": self.of.schema()}


@dataclass(frozen=True, slots=True)
class TableKind:
    """A mapping from names to values of one kind."""

    of: ValueKind
    what: str

    def check(self, node: Node, report: Defects) -> bool:
        if not isinstance(node, Map):
            return _report_unexpected(node, report, self.what, "write {name: value, …}")
        for (_, value), (_, after) in pairwise(node.pairs):
            if in_two(value, after):
                hint = "put the value in quotes, or on a line of its own: in { } a comma ends it"
                report.error("cut", "a comma cuts this value in two", value.span, hint)
                return False
        return _all(self.of.check(value, report) for _, value in node.pairs)

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.of.schema()}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of the kind that fits its YAML form: the choice is made by scalar, list or mapping."""

    what: str
    scalar: ValueKind | None = None
    seq: ValueKind | None = None
    map: ValueKind | None = None

    def check(self, node: Node, report: Defects) -> bool:
        field = self.map if isinstance(node, Map) else self.seq if isinstance(node, Seq) else self.scalar
        if field is None:
            return _report_unexpected(node, report, self.what, "see `solgen schema`")
        return field.check(node, report)

    def schema(self) -> Schema:
        return {"anyOf": [f.schema() for f in (self.scalar, self.seq, self.map) if f]}


@dataclass(frozen=True, slots=True)
class NestedNumbers:
    """A number, or nested lists of numbers: the value of a variable in a worked example."""

    def check(self, node: Node, report: Defects) -> bool:
        if isinstance(node, Seq):
            return _all(self.check(item, report) for item in node.items)
        if isinstance(node, Scalar) and _rational(node.text):
            return True
        return _report_unexpected(
            node, report, "a number or a list of numbers", "write 3, 0.5, 1/3, [1, 2] or [[1, 2], [3, 4]]"
        )

    def schema(self) -> Schema:
        return {"type": ["number", "string", "array"]}


@dataclass(frozen=True, slots=True)
class Deferred:
    """A value that a later stage checks item by item; its schema is built when asked for."""

    make: Callable[[], Schema]

    def check(self, node: Node, report: Defects) -> bool:
        return True

    def schema(self) -> Schema:
        return self.make()


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record."""

    field: ValueKind
    doc: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    what: str
    keys: Mapping[str, Key]

    def check(self, node: Node, report: Defects) -> bool:
        before = len(report.found)
        self.open(node, report)
        return len(report.found) == before

    def open(self, node: Node, report: Defects) -> dict[str, Node]:
        """The values that are as they should be; all others are reported."""
        if not isinstance(node, Map):
            _report_unexpected(node, report, self.what, f"write keys such as `{next(iter(self.keys))}: …`")
            return {}
        good: dict[str, Node] = {}
        for name, value in node.pairs:
            if name.text not in self.keys:
                hint = nearest_or_all(name.text, tuple(self.keys), "known keys", 40)
                report.error("unknown-key", f"unknown key `{name.text}` in {self.what}", name.span, hint)
            elif isinstance(value, Scalar) and value.empty:
                report.error("empty", f"`{name.text}` has no value", name.span, "give it one, or delete the key")
            elif self.keys[name.text].field.check(value, report):
                good[name.text] = value
        self._missing(node, report)
        return good

    def _missing(self, node: Map, report: Defects) -> None:
        """Reports required keys that are absent; one that is only misspelt was reported as unknown."""
        unknown = [name.text for name, _ in node.pairs if name.text not in self.keys]
        for due, key in self.keys.items():
            if key.required and node.get(due) is None and not any(nearest(u, [due]) for u in unknown):
                place = report.source.span(node.start, node.start + 1)
                report.error("missing-key", f"{self.what} needs `{due}`", place, f"add `{due}:`: {key.doc}")

    def schema(self) -> Schema:
        properties = {name: {"description": key.doc} | key.field.schema() for name, key in self.keys.items()}
        required = [name for name, key in self.keys.items() if key.required]
        closed: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return closed | ({"required": required} if required else {})


def _all(checks: Iterable[bool]) -> bool:
    """Whether all hold; each is made, since each reports."""
    return False not in list(checks)


def _report_unexpected(node: Node, report: Defects, what: str, hint: str) -> bool:
    """Reports that something else was due here."""
    if kind(node) == "nothing":
        report.error("empty", f"{what} is due here", node.span, f"{hint}; or delete the key")
    else:
        report.error("bad-value", f"{what} is due here, not {kind(node)}", node.span, hint)
    return False


def _rational(text: str) -> bool:
    return bool(
        re.fullmatch(
            r"[-+]?\d{1,30}(/[1-9]\d{0,29})?|[-+]?\d{0,30}\.\d{1,30}|[-+]?\d{1,30}\.|[-+]?\d{1,20}(\.\d{1,30})?[eE][-+]?\d{1,2}",
            text,
        )
    )


def read_whole(node: Node) -> int | None:
    """The integer that an unquoted scalar is."""
    fits = isinstance(node, Scalar) and node.plain and WHOLE.match(node.text) and len(node.text) <= 12
    return int(node.text) if fits and isinstance(node, Scalar) else None
