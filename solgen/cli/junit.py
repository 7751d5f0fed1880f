"""Outcomes as a JUnit report: one testsuite a set, one testcase a part, a failure with its message.

What a set's files get wrong before there is a part is a testcase of its own, named after the file.
Source: the schema of the Jenkins xUnit plugin, `junit-10.xsd`, which other readers follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from solgen.build.outcome import Outcome, Report
from solgen.errors import Diagnostic

NOT_VERIFIED = "not verified, since the problem was not derived to its end"
# What XML 1.0 can hold, escaped or not; a file's name may be anything.
UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcomes: Sequence[Outcome]) -> bytes:
    """The report, as the bytes of a file."""
    suites = [_suite(outcome) for outcome in outcomes]
    counts = _counts([case for suite in suites for case in suite])
    del counts["skipped"]  # which the schema has for a suite alone
    root = Element("testsuites", {"name": "solgen", **counts})
    root.extend(suites)
    indent(root)
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suite(outcome: Outcome) -> Element:
    cases = [case for report in outcome.reports for case in _problem(report)]
    cases += list(_rest(outcome))
    suite = Element("testsuite", {"name": _speakable(outcome.name), **_counts(cases)})
    suite.extend(cases)
    return suite


def _counts(cases: Sequence[Element]) -> dict[str, str]:
    failed, skipped = (sum(case.find(kind) is not None for case in cases) for kind in ("failure", "skipped"))
    seconds = sum(float(case.get("time", 0)) for case in cases)
    return {
        "tests": str(len(cases)), "failures": str(failed), "errors": "0", "skipped": str(skipped),
        "time": f"{seconds:.3f}",
    }  # fmt: skip


def _problem(report: Report) -> Iterator[Element]:
    """A case a part, and one for what is wrong with none of them; the first bears the time of the whole problem.

    All parts are derived and verified at once.  What was not verified because of a fault elsewhere is skipped.
    """
    seconds = report.seconds
    if report.wrong:
        yield _case(report.file, f"problem {report.title}", report.wrong, seconds)
        seconds = 0.0
    for part in report.parts:
        case = _case(report.file, f"({part.id}) {report.title}", part.wrong, seconds)
        if part.open:
            SubElement(case, "skipped", {"message": NOT_VERIFIED})
        yield case
        seconds = 0.0


def _rest(outcome: Outcome) -> Iterator[Element]:
    """What is wrong with no problem in particular, by file; a set that could not be read would vanish otherwise."""
    reports = outcome.reports
    told = {d for report in reports for wrong in (report.wrong, *(p.wrong for p in report.parts)) for d in wrong}
    left = [diagnostic for diagnostic in dict.fromkeys(outcome.diagnostics) if diagnostic not in told]
    for file in dict.fromkeys(d.span.file if d.span else outcome.source.as_posix() for d in left):
        wrong = tuple(d for d in left if (d.span.file if d.span else outcome.source.as_posix()) == file)
        yield _case(file, outcome.name, wrong, 0.0)


def _case(file: str, name: str, wrong: Sequence[Diagnostic], seconds: float) -> Element:
    """One testcase, of the class that its file is; lines and columns stand in the text of a failure."""
    stem = file.removesuffix(".yaml").removesuffix(".yml")
    named = {"classname": _speakable(stem.replace("/", ".")), "name": _speakable(name), "time": f"{seconds:.3f}"}
    case = Element("testcase", named)
    if wrong:
        failure = SubElement(case, "failure", {"type": wrong[0].code, "message": _speakable(wrong[0].message)})
        failure.text = _speakable("\n".join(diagnostic.text() for diagnostic in wrong))
    return case


def _speakable(text: str) -> str:
    """The text, with what XML cannot hold written as its number."""
    return UNSPEAKABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
