r"""Prose that people type: what is refused, with its place; what passes; what mathematics is; signs and numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.written.prose import (
    Mode,
    advance_mode,
    as_commands,
    commands_of_header,
    name_faults,
    plain_faults,
    prose_faults,
    symbol_faults,
    without_numbers,
)
from solgen.written.prose.allowed import COMMANDS, ENVIRONMENTS

HERE = Path(__file__).parent


def _lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").rstrip("\n").split("\n")


HOSTILE, ORDINARY = _lines("hostile.txt"), _lines("ordinary.txt")


def test_the_corpus_of_hostile_texts_is_large() -> None:
    assert len(set(HOSTILE)) >= 300


def test_a_hostile_text_is_refused_at_its_place() -> None:
    for text in HOSTILE:
        for before in ("", "A word, $x$ and "):
            faults = prose_faults(before + text)
            assert faults and all(f.start >= len(before) for f in faults), text
            assert all(f.start < f.end and f.message for f in faults), text


def test_ordinary_prose_passes() -> None:
    assert [fault for text in ORDINARY for fault in prose_faults(text)] == []


def test_nothing_hostile_passes_as_the_symbol_of_a_name_or_in_a_title() -> None:
    harmless = {r"\frac{1}{2}", r"\alpha", r"\>"}
    for text in HOSTILE:
        if "\\" in text and "$" not in text and text not in harmless:
            assert symbol_faults(text) and plain_faults(f"A ${text}$"), text


@pytest.mark.parametrize(
    ("text", "at", "message", "hint"),
    [
        ("10% of it", 2, "TeX drops what follows `%`", r"write \%"),
        (r"see \fraction{1}{2}", 4, r"`\fraction` is no command", r"did you mean `\frac`?"),
        (r"by \ref{eq:a}", 3, r"`\ref` refers to no label", "[[ref z]]"),
        (r"\[ a = b" "\n\n" r"\]", 8, r"a blank line within `\[`", "delete the blank line"),
        (r"\textbf{a" "\n\n" "b}", 9, r"a paragraph ends within `\textbf`", r"close `\textbf`"),
        (r"\begin{aling} x \end{aling}", 0, "`aling` is no environment", "did you mean `align`?"),
        ("a_b", 1, "`_` stands outside mathematics", r"\_ for the sign"),
        (r"an \alpha", 3, r"`\alpha` stands in mathematics only", r"write $\alpha$"),
        (r"$\frac{1}$", 1, r"`\frac` lacks an argument", r"\frac{…}"),
        (r"\hspace{-5cm}", 8, r"`\hspace` takes a length from -1em to 20cm", ""),
        (r"\[ x \tag{3} \]", 5, "takes no number", r"\tag{$*$}"),
        ("the х", 4, "CYRILLIC SMALL LETTER HA", "type the Latin x"),
        ("an α", 3, "GREEK SMALL LETTER ALPHA", "set it in mathematics: $α$"),
        ("数", 0, "cannot set `数`", "Latin letters"),
        ("a\u200bb", 1, "ZERO WIDTH SPACE", "delete"),
        ("$xᵀ$", 2, "MODIFIER LETTER CAPITAL T", r"^\top"),
        ("a { b", 2, "`{` is never closed", "balance"), ("a } b", 2, "`}` closes nothing", "balance"),
        ("$a", 0, "`$` is never closed", "balance"), (r"\[ a $b$ \]", 5, "`$` inside", "balance"),
        ("$$a$", 3, "closed by a single", "balance"), (r"{$a}$", 3, "`}` stands inside", "balance"),
    ],
)  # fmt: skip
def test_a_fault_has_its_place_and_a_hint(text: str, at: int, message: str, hint: str) -> None:
    fault = prose_faults(text)[0]
    assert fault.start == at and message in fault.message and hint in fault.hint


@pytest.mark.parametrize(
    ("text", "math"),
    [
        ("a ", False), ("a $x ", True), ("a $x$ ", False), (r"\( x", True), (r"\[ x \] y", False),
        (r"costs \$5 ", False),
        (r"\begin{align} a &= ", True), (r"\begin{align} a \end{align} b", False), (r"$a \text{ if ", False),
        (r"$a \text{ if $b$ } ", True), ("$$ a $$ b", False), (r"\verb|$| a", False),
        (r"\begin{enumerate} \item ", False), (r"$x$$y", True), (r"$\{x", True),
    ],
)  # fmt: skip
def test_mathematics_is_recognised(text: str, math: bool) -> None:
    assert advance_mode(Mode(), text).math is math


def test_greek_letters_and_signs_become_commands_within_mathematics_alone() -> None:
    assert as_commands(Mode(), "Für $α + β ≤ x^⊤$ gilt ×")[0] == r"Für ${\alpha} + {\beta} \le  x^{\top}$ gilt ×"


def test_typed_equations_have_no_number() -> None:
    text = r"\begin{equation} a \end{equation} \begin{align*} b \end{align*}"
    assert without_numbers(text) == r"\begin{equation*} a \end{equation*} \begin{align*} b \end{align*}"


def test_a_course_may_define_commands_of_its_own(tmp_path: Path) -> None:
    header = "\\newcommand{\\R}{\\mathbb{R}}\n\\DeclareMathOperator*{\\argmax}{argmax}\n% prose: \\SI \\cancel\n"
    (tmp_path / "header.tex.j2").write_text(header)
    known = commands_of_header((tmp_path,))
    assert known == {"R", "argmax", "SI", "cancel"} and commands_of_header((tmp_path / "none",)) == frozenset()
    assert prose_faults(r"$\R^n$ and $\argmax_x f$", known) == ()
    assert prose_faults(r"$\R^n$")[0].start == 1


def test_names_have_letters_that_the_page_can_set() -> None:
    assert name_faults("Größe_α1") == () and name_faults("х")[0].hint == "this is the Cyrillic letter; type the Latin x"


def test_no_command_is_listed_twice() -> None:
    for groups in (COMMANDS, ENVIRONMENTS):
        names = [name for group in groups for name in group.names]
        assert len(names) == len(set(names))


def test_deep_and_long_texts_are_read_or_refused() -> None:
    assert "within each other" in prose_faults("{" * 5000)[0].message
    assert prose_faults("word " * 20_000) == ()
    assert len(prose_faults("%" * 20_000)) == 20


def test_the_documentation_lists_what_is_allowed_with_the_reason() -> None:
    page = (HERE.parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
    for group in COMMANDS:
        names = " ".join(f"`\\{name}`" for name in group.names)
        assert f"| {group.what}: {names} | {group.where} | {group.why} |" in page
    for kind in ENVIRONMENTS:
        names = " ".join(f"`{name}`" for name in kind.names)
        assert f"| {kind.what}: {names} | {kind.where} | {kind.why} |" in page


@pytest.mark.parametrize(
    ("text", "sign", "at"),
    [
        ("$x^2^3$", "^", 4), ("$x_i_j$", "_", 4), ("$x ^ 2 ^ 3$", "^", 7), ("$x'_1^2$", "^", 5), ("$x^2'$", "'", 4),
        (r"$\hat{x}^2_i^3$", "^", 12), (r"$\frac{a}{b}^2^3$", "^", 14), (r"$\left(a^2\right)^2^3$", "^", 19),
        (r"\[ x^\top_i^2 \]", "^", 11), (r"$\text{a $b_1_2$}^2$", "_", 13), ("${x^2^3}$", "^", 5),
    ],
)  # fmt: skip
def test_a_second_script_on_one_symbol_is_a_fault_at_its_place(text: str, sign: str, at: int) -> None:
    (fault,) = prose_faults(text)
    assert text[fault.start : fault.end] == sign and fault.start == at and fault.hint


@pytest.mark.parametrize(
    "text",
    [
        "$x^2_i$ $x_i^2$", "$x^{2^3} {x^2}^3 x^2{}^3$", "$x''^2 f'(x)^2$", r"$\sum_i^n x_i^2 \frac{a}{b}^2$",
        r"\[ \begin{pmatrix} a^2 & b^2 \\ c^2 & d^2 \end{pmatrix}^2 \]", "$x^2$$y^2$", "$x^2$ $^3$",
        r"$\sqrt[3]{x^2}^2 \left(a^2\right)^2_3$", r"$\text{a $b^2$}^2$", "$a^2b^2$",
    ],
)  # fmt: skip
def test_scripts_that_tex_sets_are_no_fault(text: str) -> None:
    assert prose_faults(text) == ()


@pytest.mark.parametrize("text", ["C" + "(" * 100, r"\hat{" * 70 + "x" + "}" * 70 + "(" * 61, "a" * 500])
def test_a_symbol_that_nobody_could_read_is_too_long(text: str) -> None:
    assert symbol_faults(text) and symbol_faults(text)[0].start < len(text)
