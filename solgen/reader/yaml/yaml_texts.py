"""What YAML silently does to a text: escapes, comments, joined lines, commas; reported where it was not meant."""

from __future__ import annotations

import re

from solgen.reader.source import Defects
from solgen.reader.yaml.yaml_nodes import Node, Scalar, kind


def has_control_escape(node: Scalar, report: Defects) -> bool:
    r"""Whether an escape in double quotes made a control character: "\bar x" is a backspace and "ar x"."""
    if node.style != "double":
        return False
    raw = node.source.text[node.start : node.end]
    for escape in re.finditer(r"\\(.)", raw):
        if escape.group(1) in "0abtnvfreNLP_ xuU" and not _printable(raw[escape.start() :]):
            start = node.start + escape.start()
            span = node.source.span(start, start + 2)
            report.error(
                "control-character", f"`{escape.group()}` makes a control character", span, "use | or single quotes"
            )
            return True
    return False


def _printable(escape: str) -> bool:
    digits = re.match(r"\\(?:x(..)|u(.{4})|U(.{8}))", escape)
    code = int(next(g for g in digits.groups() if g), 16) if digits else 0
    return 32 <= code < 0x110000 and chr(code).isprintable()


def cut(node: Scalar, report: Defects) -> bool:
    """Whether YAML took the rest of an unquoted text for a comment: `See exercise #3`."""
    rest = node.source.text[
        node.end : node.source.text.find("\n", node.end) if "\n" in node.source.text[node.end :] else None
    ]
    comment = re.match(r"\s+#", rest)
    if not node.plain or not comment:
        return False
    start = node.end + comment.end() - 1
    span = node.source.span(start, node.end + len(rest))
    message = "unquoted text is cut here: ` #` begins a comment in YAML"
    report.error("trailing-comment", message, span, "quote the text, or move the comment to a line of its own")
    return True


def is_folded(node: Scalar, report: Defects) -> bool:
    """Whether YAML made one line of several, as it does but under |."""
    written = node.source.text[node.start : node.end].strip().split("\n")
    body = [line for line in (written[1:] if node.style == "folded" else written) if line.strip()]
    kept = [line for line in node.text.split("\n") if line.strip()]
    if node.style in ("literal", "double") or len(body) <= len(kept):
        return False
    report.error("bad-value", "these lines are joined to one by YAML", node.span, "begin them on the line after a |")
    return True


def in_two(value: Node, after: Node) -> bool:
    """Whether a comma within brackets ended a value: `{dy/dx: outer(y, y)}` has the entries `outer(y` and `y)`."""
    if not isinstance(value, Scalar) or not value.plain or kind(after) != "nothing":
        return False
    opened = sum(value.text.count(c) for c in "([") - sum(value.text.count(c) for c in ")]")
    return opened > 0 and value.source.text[value.end :].lstrip().startswith(",")
