"""The log is read as data: each kind of defect from the words TeX uses for it."""

from __future__ import annotations

import pytest

from solgen.tex.log import read_log

OVERFULL = r"""(./solgen.tex [1{/usr/map/pdftex.map}] [2]
Overfull \hbox (12.34567pt too wide) in paragraph at lines 17--19
[]\T1/qpl/m/n/10.95 A word [77] that sticks out
 []

Overfull \hbox (0.4pt too wide) in paragraph at lines 25--25
\T1/qpl/m/n/10.95 hardly
 []

Overfull \vbox (3.0pt too high) has occurred while \output is active []

 [3] )
"""


def test_overfull_boxes_with_amount_line_page_and_text() -> None:
    wide, high = read_log(OVERFULL).defects()
    assert (wide.kind, wide.line, wide.page, wide.amount) == ("overfull", 17, 3, 12.34567)
    assert wide.context == "A word [77] that sticks out"
    assert (high.line, high.page, high.amount) == (None, 3, 3.0)
    assert "foot of the page" in high.message


def test_the_tolerance_is_half_a_point() -> None:
    assert len(read_log(OVERFULL).defects()) == 2
    assert len(read_log(OVERFULL).defects(tolerance=0.1)) == 3


@pytest.mark.parametrize(
    ("text", "kind", "line", "named"),
    [
        ("Warning: Reference `x' on page 1 undefined on input line 12.", "undefined-reference", 12, "x"),
        ("Warning: Hyper reference `a' on page 2 undefined on input line 3.", "undefined-reference", 3, "a"),
        ("Warning: Citation `mcb' on page 1 undefined on input line 4.", "undefined-citation", 4, "mcb"),
        ("LaTeX Warning: Label `eq:1' multiply defined.", "duplicate-label", None, "eq:1"),
        (
            "pdfTeX warning (ext4): destination with the same identifier (name{equation.1}) has been used",
            "duplicate-destination", None, "equation.1",
        ),
        (
            "pdfTeX warning (dest): name{eq.9} has been referenced but does not exist, replaced",
            "undefined-destination", None, "eq.9",
        ),
        (
            "LaTeX Font Warning: Font shape `T1/qpl/x/n' undefined\n"
            "(Font)              using `T1/qpl/m/n' instead on input line 8.",
            "font-substitution", 8, "T1/qpl/x/n",
        ),
        ("Missing character: There is no α in font ec-qplr!", "missing-character", None, "α"),
        ("runsystem(rm -rf .)...disabled.", "forbidden", None, "rm -rf ."),
    ],
)  # fmt: skip
def test_each_warning(text: str, kind: str, line: int | None, named: str) -> None:
    (defect,) = read_log(f"intro\n{text}\nrest\n").defects()
    assert (defect.kind, defect.line) == (kind, line)
    assert named in defect.message


def test_an_error_with_its_line_and_source() -> None:
    text = (
        "./solgen.tex:9: Undefined control sequence.\n<recently read> \\foo \n\nl.9 some \\foo\n"
        "./solgen.tex:9:  ==> Fatal error occurred, no output PDF file produced!\n"
    )
    (error,) = read_log(text).defects()
    assert (error.kind, error.line, error.context) == ("error", 9, "some \\foo")
    assert error.message == "Undefined control sequence."


@pytest.mark.parametrize("why", ["openin_any = p", "openin_any = p; no  extended check"])  # until 2022, since 2024
def test_a_refusal_comes_before_the_error_it_causes(why: str) -> None:
    log = read_log("! LaTeX Error: File `x' not found.\n", f"pdftex: Not reading from /etc/passwd ({why}).\n")
    first = log.first_error()
    assert first is not None
    assert first.message == "the document tried to read /etc/passwd"


def test_a_clean_log_has_no_defects() -> None:
    assert read_log("This is pdfTeX\nUnderfull \\hbox (badness 10000) in paragraph\n [1]\n").defects() == ()
