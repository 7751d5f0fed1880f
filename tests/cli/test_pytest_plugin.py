"""The plugin of pytest: off unless asked for, one item a part, messages instead of tracebacks."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CASES = Path(__file__).parents[1] / "cases/problems"
TANH_NET = (
    (CASES / "tanh-net.yaml").read_text()
    + """\
  - prompt: Why is the output not bounded?
    answer: Only the hidden layer is.
  - prompt: How many parameters are there?
    solve: parameter_count
"""
)
WRONG = TANH_NET.replace(", of: L}", ", of: L}\n    expect: {b2: '2 * bar(y)'}")
PLUGIN = ("-p", "solgen.cli.pytest_plugin", "-p", "no:cacheprovider")


@pytest.fixture
def course(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A course with one sound problem, one wrong, one that cannot be read, and files that are no problems."""
    monkeypatch.setenv("SOLGEN_CACHE", str(pytester.path / ".cache"))
    files = {
        "problems/hw/01-sound.yaml": TANH_NET,
        "problems/hw/02-wrong.yaml": WRONG,
        "problems/hw/set.yaml": "title: HW\n",
        "problems/broken.yaml": (CASES / "five-mistakes.yaml").read_text(),
        "problems/notes.yaml": "remember: this\n",  # which `solgen check` refuses
        "elsewhere/loose.yaml": TANH_NET,
        "test_own.py": "def test_own():\n    pass\n",
    }
    for name, text in files.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pytester


def test_it_is_off_unless_asked_for(course: pytest.Pytester) -> None:
    course.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=1)


def test_asked_for_each_part_is_a_test(course: pytest.Pytester) -> None:
    result = course.runpytest_inprocess(*PLUGIN, "--solgen", "-v")
    result.assert_outcomes(passed=1 + 3 + 2, failed=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "problems/broken.yaml::file FAILED*",
            "problems/hw/01-sound.yaml::c PASSED*",
            "problems/hw/02-wrong.yaml::a FAILED*",
            "problems/notes.yaml::file FAILED*",
        ]
    )
    text = result.stdout.str()
    assert "error[not-equal]" in text and "02-wrong.yaml:" in text and text.count("  hint: ") >= 6
    assert "Traceback" not in text and "pytest_items.py" not in text and "loose.yaml" not in text


def test_the_configuration_may_ask(course: pytest.Pytester) -> None:
    course.makeini("[pytest]\nsolgen = true\n")
    course.runpytest_inprocess(*PLUGIN, "problems/hw/01-sound.yaml").assert_outcomes(passed=3)


def test_a_file_that_is_named_may_lie_anywhere(course: pytest.Pytester) -> None:
    result = course.runpytest_inprocess(*PLUGIN, "--solgen", "elsewhere/loose.yaml::a")
    result.assert_outcomes(passed=1)


def test_a_fault_of_the_program_keeps_its_traceback(course: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solgen.build.certificates.verify", None)
    result = course.runpytest_inprocess(*PLUGIN, "--solgen", "problems/hw/01-sound.yaml::a")
    result.assert_outcomes(failed=1)
    assert "TypeError" in result.stdout.str()
