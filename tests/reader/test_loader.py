"""Bytes that no editor would show, YAML that would explode, and where things are."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from solgen.errors import Diagnostic, InputError
from solgen.reader.set_file import read
from solgen.reader.source import Defects, Source
from solgen.reader.yaml.loader import decode, parse_yaml
from solgen.reader.yaml.yaml_nodes import Map, Scalar
from solgen.reader.yaml.yaml_slips import SLIPS, YamlSlip
from tests.calls import calls_of

GOOD = (
    b"title: T\nmodel: |\n  x: R[n]\n  L = norm2sq(x)\nparts:\n  - prompt: Compute.\n    solve: {gradients: x, of: L}\n"
)
ROOT = Path(__file__).parent.parent
MOST_CALLS = 12_000_000  # of functions: a few seconds, of a file with a hundred thousand nodes


def refused(data: bytes, tmp_path: Path) -> tuple[Diagnostic, ...]:
    """The diagnostics of a file, which come after little work and each with a hint."""
    file = tmp_path / "file.yaml"
    file.write_bytes(data)
    found: list[InputError] = []

    def reads() -> None:
        with pytest.raises(InputError) as caught:
            read(file)
        found.append(caught.value)

    assert calls_of(reads) < MOST_CALLS
    assert all(d.hint and d.text() for d in found[0].diagnostics)
    return found[0].diagnostics


def scalar(text: str, key: str = "a") -> Scalar:
    node = parse_yaml(Defects(Source.of("f.yaml", text)))
    assert isinstance(node, Map)
    value = node.get(key)
    assert isinstance(value, Scalar)
    return value


BYTES = {
    "empty": (b"", "empty"),
    "comment": (b"# nothing\n", "empty"),
    "latin-1": (GOOD + b"source: caf\xe9\n", "not-utf8"),
    "utf-16": (GOOD.decode().encode("utf-16"), "not-utf8"),
    "nul": (GOOD.replace(b"Compute", b"Com\x00pute"), "control-character"),
    "escape": (GOOD.replace(b"Compute", b"\x1b[31mred"), "control-character"),
    "line separator": (GOOD.replace(b"Compute", "a\u2028b".encode()), "control-character"),
    "bidi": (GOOD.replace(b"Compute", "a\u202eb".encode()), "control-character"),
    "tab": (b"title: T\nparts:\n\t- prompt: x\n", "yaml"),
    "deep flow": (b"title: " + b"[" * 5000 + b"]" * 5000 + b"\n", "too-deep"),
    "deep block": (b"".join(b" " * k + b"a:\n" for k in range(200)), "too-deep"),
    "bomb": (b"a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n", "anchor"),
    "merge": (b"title: T\nparts:\n- &p {prompt: x}\n- {<<: *p}\n", "anchor"),
    "huge": (b"title: T\nsource: " + b"x" * 2_000_000, "too-large"),
    "many": (b"title: T\ntags: [" + b"x," * 200_000 + b"]\n", "too-deep"),
    "directive": (b"%YAML 1.1\n---\n" + GOOD, "directive"),
    "unicode escape": (b'title: "\\UFFFFFFFF"\nparts: []\n', "yaml"),
    "list at the top": (b"- a\n- b\n", "bad-value"),
    "text at the top": (b"just a text\n", "bad-value"),
    "complex key": (b"? [a, b]\n: c\n" + GOOD, "bad-key"),
    "empty parts": (b"title: T\nparts: []\n", "bad-value"),
    "binary": (bytes(range(256)), "not-utf8"),
    "picture": (b"%PDF-1.7\n%\xb5\xed\xae\xfb\n1 0 obj", "not-utf8"),
}


@pytest.mark.parametrize("name", BYTES)
def test_refused_bytes(name: str, tmp_path: Path) -> None:
    data, code = BYTES[name]
    assert code in {d.code for d in refused(data, tmp_path)}


@pytest.mark.parametrize(
    "data", [GOOD, b"\xef\xbb\xbf" + GOOD, GOOD.replace(b"\n", b"\r\n"), b"---\n" + GOOD + b"...\n"]
)
def test_marks_and_line_breaks_change_nothing(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_bytes(data)
    (problem,) = read(file).problems
    assert [a.verb for p in problem.parts for a in p.asks] == ["gradients"]


def test_carriage_returns_do_not_move_places(tmp_path: Path) -> None:
    bad = GOOD.replace(b"norm2sq(x)", b"norm2sq(y)")
    places = {
        (d.span.line, d.span.column)
        for data in (bad, bad.replace(b"\n", b"\r\n"))
        for d in refused(data, tmp_path)
        if d.span
    }
    assert places == {(4, 15)}


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path / "a" / "b.yaml", tmp_path / ("x" * 5000)):
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.diagnostics[0].code == "no-file"


def test_yaml_booleans_and_dates_are_texts(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text("title: 2024-01-01\nid: on\nsource: 12:30:45\nnumber: 012\nparts:\n  - prompt: no\n")
    (problem,) = read(file).problems
    assert (problem.title, problem.id, problem.source, problem.number) == ("2024-01-01", "on", "12:30:45", "012")
    assert problem.parts[0].prompt == ("no",)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: s.example)
def test_each_slip_has_its_hint(slip: YamlSlip) -> None:
    report = Defects(Source.of("f.yaml", slip.example))
    parse_yaml(report)
    assert [(d.message, d.hint) for d in report.diagnostics] == [(slip.message, slip.hint)]
    assert all(d.span and d.source for d in report.diagnostics)


STYLES = {
    "plain": "a: one MARK two\n",
    "plain over lines": "a: one\n  two MARK\n  three\n",
    "single": "a: 'it''s a MARK here'\n",
    "double": 'a: "a \\\\b \\u00e9 MARK"\n',
    "literal": "b: x\na: |\n    first\n\n      MARK indented\n    last\n",
    "literal, kept": "a: |2+\n    two more MARK\n\n",
    "folded": "a: >-\n  one\n  two MARK\n\n  three\n",
    "flow": "b: {c: d}\na: é MARK\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_places_inside_scalars(style: str) -> None:
    text = STYLES[style]
    value = scalar(text)
    start = value.text.index("MARK")
    span = value.at(start, start + 4)
    line = text.splitlines()[span.line - 1]
    assert line[span.column - 1 : span.end - 1] == "MARK"


def test_random_damage_is_always_explained(tmp_path: Path) -> None:
    """A thousand damaged files: each is read or refused with places and hints, never anything else."""
    files = sorted((ROOT / "cases" / "messages").glob("*.yaml"))
    draw = random.Random(7)
    tokens = [
        "[[",
        "]]",
        "{",
        ": ",
        "\n",
        "- ",
        '"',
        "'",
        "\\",
        "@",
        "**",
        "(",
        ")",
        "lambda k:",
        "|",
        "&a ",
        "*a",
        "#",
        "\t",
        "=",
        "[",
        "dL/dW",
    ]
    file = tmp_path / "file.yaml"
    for _ in range(1000):
        text = draw.choice(files).read_text(encoding="utf-8")
        for _ in range(draw.randint(1, 5)):
            at = draw.randrange(len(text) + 1)
            cut = draw.choice((0, 0, 1, 8))
            text = text[:at] + draw.choice(tokens) + text[at + cut :]
        file.write_text(text, encoding="utf-8")
        try:
            read(file)
        except InputError as error:
            assert all(d.hint and d.span and d.span.column >= 1 and d.text() for d in error.diagnostics)


def test_an_accent_typed_as_a_mark_of_its_own_is_the_letter() -> None:
    assert decode("p.yaml", "title: Cauchy’s e\u0301tude\n".encode()) == "title: Cauchy’s \u00e9tude\n"
