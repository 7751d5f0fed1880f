"""JUnit reports: well-formed whatever the files are called, every failure once and in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from solgen.build.outcome import Outcome, PartReport, Report
from solgen.cli.junit import junit
from solgen.errors import Diagnostic, Span

FAILED = Diagnostic("not-equal", "dL/dW does not hold", Span("hw/01.yaml", 9, 1, 2))
ODD = Diagnostic("system", "a\x00\x1b[31m\udc80 <&>\ufffe", Span("hw/\x07.yaml", 1, 1, 2))
REFUSED = Diagnostic("refused", "no matrix form", Span("hw/02.yaml", 5, 1, 2))
SHARED = Diagnostic("undecided", "rule matvec: not told apart", Span("hw/01.yaml", 1, 1, 2))
REPORT = Report(
    "Least <squares>", "hw/01.yaml", None, (), (PartReport("a", 5), PartReport("b", 9, (FAILED,))), seconds=0.25
)
ATTRIBUTES = {  # all that the schema allows
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "skipped": {"type", "message"},
}


def suites(*outcomes: Outcome) -> list[ElementTree.Element]:
    """The suites of a report that has no more than the schema allows."""
    root = ElementTree.fromstring(junit(outcomes))
    for element in root.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
    return root.findall("testsuite")


def test_a_suite_a_set_and_a_case_a_part() -> None:
    (suite,) = suites(Outcome(Path("hw"), "hw", "HW", (REPORT,), (FAILED,), 1))
    a, b = suite.findall("testcase")
    counts = {"tests": "2", "failures": "1", "errors": "0", "skipped": "0", "time": "0.250"}
    assert suite.attrib == {"name": "hw", **counts}
    assert (a.get("classname"), a.get("name"), a.get("time")) == ("hw.01", "(a) Least <squares>", "0.250")
    assert a.find("failure") is None and b.get("time") == "0.000"
    assert "hw/01.yaml:9:1" in b.findtext("failure", "")


def test_what_is_wrong_with_no_part_is_the_problems() -> None:
    (suite,) = suites(Outcome(Path("hw"), "hw", "HW", (replace(REPORT, wrong=(SHARED,)),), (FAILED, SHARED), 1))
    cases = [(case.get("name"), case.find("failure") is not None) for case in suite]
    assert cases == [("problem Least <squares>", True), ("(a) Least <squares>", False), ("(b) Least <squares>", True)]


def test_parts_that_were_not_verified_are_skipped() -> None:
    parts = (PartReport("a", 5, (REFUSED,)), PartReport("b", 9, open=True), PartReport("c", 12))
    (suite,) = suites(Outcome(Path("hw"), "hw", "HW", (Report("T", "hw/02.yaml", None, (), parts),), (REFUSED,), 2))
    assert [[child.tag for child in case] for case in suite] == [["failure"], ["skipped"], []]
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "1")


def test_what_belongs_to_no_part_is_a_case_of_its_own() -> None:
    (suite,) = suites(Outcome(Path("hw"), "hw", diagnostics=(ODD, ODD, Diagnostic("tex", "stopped")), exit_code=2))
    odd, tex = suite.findall("testcase")
    assert odd.get("classname") == "hw.\\u0007" and tex.get("classname") == "hw"
    assert "\\u0000\\u001b[31m\\udc80 <&>\\ufffe" in (odd.findtext("failure") or "")


def test_nothing_checked_is_an_empty_report() -> None:
    assert suites() == []
