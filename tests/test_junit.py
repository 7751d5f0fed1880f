"""JUnit reports: well-formed whatever the files are called, every failure once and in its place."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from solgen.errors import Diagnostic, Span
from solgen.junit import junit
from solgen.outcome import Outcome, PartReport, Report

FAILED = Diagnostic("not-equal", "dL/dW does not hold", Span("hw/01.yaml", 9, 1, 2))
ODD = Diagnostic("system", "a\x00\x1b[31m\udc80 <&>\ufffe", Span("hw/\x07.yaml", 1, 1, 2))
REPORT = Report("Least <squares>", "hw/01.yaml", None, (), (PartReport("a", 5), PartReport("b", 9, (FAILED,))))


def suites(*outcomes: Outcome) -> list[ElementTree.Element]:
    return ElementTree.fromstring(junit(outcomes)).findall("testsuite")


def test_a_suite_a_set_and_a_case_a_part() -> None:
    (suite,) = suites(Outcome(Path("hw"), "hw", "HW", (REPORT,), (FAILED,), 1))
    a, b = suite.findall("testcase")
    assert suite.attrib == {"name": "hw", "tests": "2", "failures": "1", "errors": "0", "skipped": "0"}
    assert (a.get("classname"), a.get("name"), a.get("line")) == ("hw.01", "(a) Least <squares>", "5")
    assert a.find("failure") is None and b.find("failure") is not None


def test_what_belongs_to_no_part_is_a_case_of_its_own() -> None:
    (suite,) = suites(Outcome(Path("hw"), "hw", diagnostics=(ODD, ODD, Diagnostic("tex", "stopped")), exit_code=2))
    odd, tex = suite.findall("testcase")
    assert odd.get("file") == "hw/\\u0007.yaml" and tex.get("classname") == "hw"
    assert "\\u0000\\u001b[31m\\udc80 <&>\\ufffe" in (odd.findtext("failure") or "")


def test_nothing_checked_is_an_empty_report() -> None:
    assert suites() == []
