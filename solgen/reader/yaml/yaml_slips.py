"""Typical slips in YAML: each row says what the parser stumbles over, and the one hint that mends it.

The rows are tried in order against the parser's message and the offending line; each is a test by its example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

from solgen.reader.source import Defects

DIRECTIVE = "delete the line that begins with %"


@dataclass(frozen=True, slots=True)
class YamlSlip:
    """`problem` and `line` are searched in the parser's words and in the line; `example` has this slip.

    `above` is searched in the line before, where a slip is noticed one line late.
    """

    problem: str
    line: str
    message: str
    hint: str
    example: str
    above: str = ""


SLIPS = (
    YamlSlip(
        "unknown escape|hexadecimal|escape sequence",
        "",
        "a backslash in double quotes begins an escape",
        "use | or single quotes for LaTeX",
        'title: "a \\lambda b"\n',
    ),
    YamlSlip(
        "unexpected end of stream|document separator",
        r"['\"]",
        "a quote is never closed",
        "close the quote, or put the text under | on its own lines",
        "title: 'open\n",
    ),
    YamlSlip(r"'\\t'|tab", "", "a tab cannot indent YAML", "indent with spaces", "parts:\n\t- prompt: x\n"),
    YamlSlip(
        "cannot start any token",
        r"[:\-]\s*[@`%]",
        "an unquoted text cannot begin with this character",
        "put the text in single quotes, or under |",
        "title: @home\n",
    ),
    YamlSlip(
        "mapping values",
        r":\s.*\S:(\s|$)",
        "a colon and a space inside an unquoted text",
        "put the text in single quotes, or under |",
        "title: Networks: an exercise\n",
    ),
    YamlSlip(
        "mapping values|expected ':'",
        r"^\s*[\w-]+:\S",
        "no space after the colon of a key",
        "write `key: value`, with a space",
        "model: x\ntitle:A\n",
    ),
    YamlSlip(
        "mapping values|expected ':'",
        "",
        "no space after the colon of the key above",
        "write `key: value`, with a space",
        "title:A\nmodel: x\n",
        r"^\s*[\w-]+:\S",
    ),
    YamlSlip(
        "mapping values",
        "",
        "a key where a value was begun, or a key indented unlike its neighbours",
        "give all keys of one mapping the same indentation; a text of several lines goes under |",
        "parts:\n- prompt: x\n   points: 3\n",
    ),
    YamlSlip(
        "expected ',' or '}'|expected ',' or '\\]'",
        r"[\\^_]\S*[{\[]|\\",
        "LaTeX inside { } or [ ] must be quoted",
        "put it in single quotes: {W1: 'W^{(1)}'}",
        "latex: {W1: W^{(1)}}\n",
    ),
    YamlSlip(
        "expected ',' or",
        r"\w\[",
        "an entry such as z[k] inside { } or [ ] must be quoted",
        "write the names as one text on its own line: `gradients: z[k], W[k, :]`",
        "tags: [z[k], W]\n",
    ),
    YamlSlip(
        "expected ',' or '}'",
        "",
        "a { is never closed, or a comma is missing",
        "close it with }, separate entries with `, `",
        "latex: {W: w\ntitle: x\n",
    ),
    YamlSlip(
        "expected ',' or '\\]'",
        "",
        "a [ is never closed, or a comma is missing",
        "close it with ], separate entries with `, `",
        "tags: [a, b\ntitle: x\n",
    ),
    YamlSlip(
        "expected <block end>, but found '<block mapping start>'",
        "",
        "this line is not indented like its neighbours",
        "give all keys of one mapping the same indentation; a text of several lines goes under |",
        "parts:\n  - prompt: x\n   solve: {gradients: [x]}\n",
    ),
    YamlSlip(
        "expected <block end>",
        r"[:\-]\s*\[",
        "an unquoted text cannot begin with [",
        "put the text in single quotes, or under |",
        "title: [[W1]] is a matrix\n",
    ),
    YamlSlip(
        "expected <block end>",
        r"[:\-]\s*['\"].*['\"]",
        "something follows the closing quote",
        "double a quote that belongs to the text ('it''s'), or put the text under |",
        "title: 'it's'\n",
    ),
    YamlSlip(
        "comment or a line break",
        "",
        "text on the line of | or >",
        "begin the text on the next line, indented",
        "statement: | Let x\n  be\n",
    ),
    YamlSlip(
        "sequence entries", "", "a dash where a value is due", "begin the list on the next line", "parts: - prompt: x\n"
    ),
    YamlSlip(
        "expected ':'",
        r"^\s+[^\W\d]\w*\s*=\s",
        "an equation where a `key: value` is due",
        "write `model: |`, and the lines of the model below it, indented",
        "title: x\nmodel:\n  x: R[d]\n  L = x @ x\n",
    ),
    YamlSlip(
        "expected ':'",
        "",
        "the lines above are equations, where a `key: value` is due",
        "write `model: |`, and the lines of the model below it, indented",
        "title: x\nmodel:\n  x: R[d]\n  L = x @ x\nparts: []\n",
        r"^\s+[^\W\d]\w*\s*=\s",
    ),
    YamlSlip(
        "expected ':'",
        "",
        "a line that is no `key: value`",
        "end the key with a colon, or indent the line under the text it belongs to",
        "title: x\nmodel\n",
    ),
    YamlSlip(
        "expected <block end>|<document start>",
        "",
        "this line is not indented like its neighbours",
        "give all keys of one mapping the same indentation; a text of several lines goes under |",
        "title: x\nparts:\n  - prompt: x\n   - prompt: y\n",
    ),
    YamlSlip(
        "expected the node content",
        "",
        "a value cannot begin with this character",
        "put the text in single quotes, or under |",
        "title: ]\n",
    ),
    YamlSlip(
        "alphabetic or numeric",
        "",
        "& and * begin an anchor or an alias in YAML",
        "put the text in single quotes, or under |",
        "title: & more\n",
    ),
)


def report_slip(error: MarkedYAMLError, report: Defects) -> None:
    """Reports a syntax error of YAML with the hint of the first row that fits."""
    mark = error.problem_mark or error.context_mark
    words = f"{error.context or ''} {error.problem or ''}"
    start = min(mark.index, max(len(report.source.text) - 1, 0)) if mark else 0
    span = report.source.span(start, start + 1)
    if error.context_mark and "quoted" in words:
        span = report.source.span(error.context_mark.index, error.context_mark.index + 1)
    line, above = report.source.line(span.line), report.source.line(span.line - 1)
    for slip in SLIPS:
        if re.search(slip.problem, words) and re.search(slip.line, line) and re.search(slip.above, above):
            report.error("yaml", slip.message, span, slip.hint)
            return
    message = (error.problem or error.context or "this is not YAML").strip()
    report.error(
        "yaml", f"this is not YAML: {message}", span, "put texts in single quotes or under |, indent with spaces"
    )
