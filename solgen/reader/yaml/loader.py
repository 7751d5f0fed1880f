"""From the bytes of a file to nodes with places; what YAML allows and a problem file does not is refused here.

Read event by event, so that anchors, aliases, tags, repeated keys, several documents and deep nesting are met
before anything is built of them: an alias is never expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from os.path import isdir, isfile
from pathlib import Path
from typing import Any
from unicodedata import normalize

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from solgen.errors import Diagnostic, InputError
from solgen.reader.source import Defects, Source
from solgen.reader.yaml.yaml_nodes import LiteralBlock, Map, Node, Scalar, Seq, Style
from solgen.reader.yaml.yaml_slips import DIRECTIVE, report_slip

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 50_000

STYLES: dict[str | None, Style] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}


def load_text(path: Path) -> Source:
    """The text of a file; raises InputError when it is missing, huge, or not UTF-8."""
    name = path.as_posix()
    try:
        if not isfile(path):
            problem = "is a folder" if isdir(path) else "does not exist"
            raise InputError(
                [Diagnostic("no-file", f"{name} {problem}", hint="name a problem file, or a folder of them")]
            )
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise InputError(
            [Diagnostic("no-file", f"{name} cannot be read: {reason}", hint="mend its permissions")]
        ) from error
    return Source.of(name, decode(name, data))


def decode(name: str, data: bytes) -> str:
    """UTF-8 with or without a byte order mark; line breaks become `\\n`."""
    if len(data) > MAX_BYTES:
        message = f"{name} is larger than {MAX_BYTES // 1000} kB"
        raise InputError([Diagnostic("too-large", message, hint="one problem a file: split it")])
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        before = Source.of(name, data[: error.start].decode("utf-8", "replace"))
        span = before.span(len(before.text), len(before.text) + 1)
        hint = "save the file as UTF-8 in your editor"
        raise InputError([Diagnostic("not-utf8", "this byte is not UTF-8 text", span, hint)]) from error
    return normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))  # some keyboards type é as e and a mark


def parse_yaml(report: Defects) -> Node | None:
    """The root node of the file; what is wrong goes to the report, and None where nothing can be saved."""
    if _control_characters(report):
        return None
    builder = _Builder(report)
    try:
        return builder.root(iter(YAML(typ="safe", pure=True).parse(report.source.text)))
    except MarkedYAMLError as error:
        report_slip(error, report)
    except (YAMLError, ValueError, OverflowError) as error:
        span = report.source.span(0, 1)
        report.error(
            "yaml", f"this is not YAML: {str(error).splitlines()[0]}", span, "look for an odd escape or character"
        )
    return None


def _control_characters(report: Defects) -> bool:
    """Refuses what no editor shows: control characters, line separators, direction marks."""
    text = report.source.text
    bad = (
        [k for k, c in enumerate(text) if c != "\n" and c != "\t" and not _visible(c)] if not text.isprintable() else []
    )
    for k in bad[:5]:
        hint = "delete it; editors do not show it"
        report.error(
            "control-character", f"the control character U+{ord(text[k]):04X}", report.source.span(k, k + 1), hint
        )
    return bool(bad)


def _visible(c: str) -> bool:
    code = ord(c)
    return not (
        code < 32
        or 127 <= code < 160
        or code in range(0x2028, 0x202F)
        or code in range(0x2066, 0x206A)
        or code == 0xFEFF
    )


class _Builder:
    """Builds nodes of parser events, within bounds; one instance a file."""

    def __init__(self, report: Defects) -> None:
        self.report, self.source, self.count = report, report.source, 0

    def root(self, events: Iterator[Any]) -> Node | None:
        """The only document's node."""
        node: Node | None = None
        for event in events:
            match type(event).__name__:
                case "DocumentStartEvent" if event.version or event.tags:
                    self._error("directive", "a YAML directive", event, DIRECTIVE)
                case "DocumentStartEvent" if node is not None:
                    self._error(
                        "several-documents", "a second document in one file", event, "one problem a file; delete `---`"
                    )
                    return node
                case "StreamStartEvent" | "StreamEndEvent" | "DocumentStartEvent" | "DocumentEndEvent":
                    continue
                case _:
                    node = self.node(event, events, 0)
        return node

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        """One node and all inside it."""
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_NODES:
            what = f"nested deeper than {MAX_DEPTH} levels" if depth > MAX_DEPTH else f"more than {MAX_NODES} entries"
            self._error("too-deep", what, event, "a problem file is flat: see `solgen schema`")
            raise InputError(self.report.diagnostics)
        self._refuse_marks(event)
        start, end = event.start_mark.index, event.end_mark.index
        match type(event).__name__:
            case "ScalarEvent":
                style = STYLES[event.style]
                block = LiteralBlock.of(self.source, start, event.value) if style == "literal" else None
                return Scalar(self.source, start, end, event.value, style, block)
            case "SequenceStartEvent":
                items = tuple(self.node(e, events, depth + 1) for e in _until(events, "SequenceEndEvent"))
                return Seq(self.source, start, items[-1].end if items else end, items)
            case "MappingStartEvent":
                return self._mapping(events, depth, start, end)
            case _:
                return Scalar(self.source, start, end, f"*{event.anchor}", "single")

    def _mapping(self, events: Iterator[Any], depth: int, start: int, end: int) -> Map:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        for event in _until(events, "MappingEndEvent"):
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self.report.error("bad-key", "a key must be a word", key.span, "quote a text that begins with [ or {")
            elif key.text in pairs:
                first = pairs[key.text][0].span.line
                hint = f"keep one of them; the first is on line {first}"
                self.report.error("repeated-key", f"`{key.text}` is given twice", key.span, hint)
            else:
                pairs[key.text] = (key, value)
        found = tuple(pairs.values())
        return Map(self.source, start, found[-1][1].end if found else end, found)

    def _refuse_marks(self, event: Any) -> None:
        if type(event).__name__ == "AliasEvent":
            self._error(
                "alias",
                f"the alias `*{event.anchor}`",
                event,
                f"write the value out, or quote a text: '*{event.anchor} …'",
            )
        elif event.anchor:
            self._error(
                "anchor", f"the anchor `&{event.anchor}`", event, f"delete it, or quote a text: '&{event.anchor} …'"
            )
        tag = getattr(event, "tag", None)
        if tag and (type(event).__name__ != "ScalarEvent" or not any(event.implicit)):
            word = self.source.text[event.start_mark.index : event.end_mark.index].split()[0]
            self._error("tag", f"the tag `{word}`", event, "delete it, or quote a text that begins with !")

    def _error(self, code: str, what: str, event: Any, hint: str) -> None:
        start = event.start_mark.index
        end = max(event.end_mark.index, start + 1)
        self.report.error(code, f"{what} is refused in a problem file", self.source.span(start, end), hint)


def _until(events: Iterator[Any], stop: str) -> Iterator[Any]:
    for event in events:
        if type(event).__name__ == stop:
            return
        yield event
