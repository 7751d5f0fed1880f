"""Outcomes as a JUnit report: one testsuite a set, one testcase a part, a failure with its message.

What a set's files get wrong before there is a part is a testcase of its own, named after the file.
Source: the schema of the Jenkins xUnit plugin, `junit-10.xsd`, which other readers follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from solgen.errors import Diagnostic
from solgen.outcome import Outcome, Report

# What XML 1.0 can hold, escaped or not; a file's name may be anything.
UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcomes: Sequence[Outcome]) -> bytes:
    """The report, as the bytes of a file."""
    suites = [_suite(outcome) for outcome in outcomes]
    root = Element("testsuites", _counts("solgen", suites))
    root.extend(suites)
    indent(root)
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suite(outcome: Outcome) -> Element:
    cases = [case for report in outcome.reports for case in _parts(report)]
    cases += list(_rest(outcome))
    suite = Element("testsuite", {"name": _speakable(outcome.name), **_counted(cases)})
    suite.extend(cases)
    return suite


def _counted(cases: Sequence[Element]) -> dict[str, str]:
    failed = sum(case.find("failure") is not None for case in cases)
    return {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "skipped": "0"}


def _counts(name: str, suites: Sequence[Element]) -> dict[str, str]:
    cases = [case for suite in suites for case in suite]
    return {"name": name, **_counted(cases)}


def _parts(report: Report) -> Iterator[Element]:
    for part in report.parts:
        yield _case(report.file, f"({part.id}) {report.title}", part.line, part.wrong)


def _rest(outcome: Outcome) -> Iterator[Element]:
    """What is wrong with no part in particular, by file; a set without a part or a word would vanish otherwise."""
    told = {diagnostic for report in outcome.reports for part in report.parts for diagnostic in part.wrong}
    left = [diagnostic for diagnostic in dict.fromkeys(outcome.diagnostics) if diagnostic not in told]
    for file in dict.fromkeys(d.span.file if d.span else outcome.source.as_posix() for d in left):
        wrong = tuple(d for d in left if (d.span.file if d.span else outcome.source.as_posix()) == file)
        yield _case(file, outcome.name, wrong[0].span.line if wrong[0].span else 1, wrong)


def _case(file: str, name: str, line: int, wrong: Sequence[Diagnostic]) -> Element:
    stem = file.removesuffix(".yaml").removesuffix(".yml")
    case = Element("testcase", {"classname": _speakable(stem.replace("/", ".")), "name": _speakable(name)})
    case.set("file", _speakable(file))
    case.set("line", str(line))
    if wrong:
        failure = SubElement(case, "failure", {"type": wrong[0].code, "message": _speakable(wrong[0].message)})
        failure.text = _speakable("\n".join(diagnostic.text() for diagnostic in wrong))
    return case


def _speakable(text: str) -> str:
    """The text, with what XML cannot hold written as its number."""
    return UNSPEAKABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
