"""`solgen watch`: what is looked at, when it is settled, and a session with a mistake that is made and mended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from solgen.build.outcome import Outcome, Report
from solgen.build.watch import Lookout, Round, Stamps, Watched, find_watched, stamps, wait_for_change

ROOT = Path(__file__).parents[2]
PROBLEM = (ROOT / "tests/cases/problems/tanh-net.yaml").read_text()
MADE = Outcome(Path("a"), "a", files={"key.pdf": b""})
LONGEST = 120.0  # seconds that anything may take on a busy machine


def written(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


# ---------------------------------------------------------------- what is looked at


def test_a_sets_files_its_bank_and_its_templates_are_looked_at(tmp_path: Path) -> None:
    one = written(tmp_path / "problems/one/01.yaml")
    settings = written(tmp_path / "problems/one/set.yaml", "problems: [../../bank/a.yaml, {file: ../../bank/b.yaml}]")
    template = written(tmp_path / "problems/one/templates/blocks/result.tex.j2")
    bank, known = written(tmp_path / "bank/a.yaml"), written(tmp_path / "elsewhere/c.yaml")
    written(tmp_path / "problems/one/notes.txt"), written(tmp_path / "bank/unused.yaml")
    outcome = Outcome(one.parent, "one", reports=(Report("C", "elsewhere/c.yaml", None),))
    found = {path.resolve() for path in stamps([], tmp_path, [outcome])}
    assert found == {one, settings, template, bank, known}
    written(tmp_path / "bank/b.yaml")  # named, and now there
    assert len(stamps([], tmp_path, [outcome])) == 6


def test_of_a_file_its_settings_and_templates_are_looked_at(tmp_path: Path) -> None:
    one, settings = written(tmp_path / "a/one.yaml"), written(tmp_path / "a/set.yaml", "title: A")
    template, _ = written(tmp_path / "a/templates/x.j2"), written(tmp_path / "a/two.yaml")
    above, course = written(tmp_path / "templates/y.j2"), written(tmp_path / "course.yaml", "term: Fall")
    assert set(stamps([Path("a/one.yaml")], tmp_path, [])) == {one, settings, template, above, course}


def test_a_change_is_told_when_the_files_have_settled() -> None:
    a, b = Path("a"), Path("b")
    looks: Iterator[Stamps] = iter([
        {a: (1, 1, 1)}, {a: (1, 1, 1)}, {a: (2, 0, 1)}, {a: (3, 5, 1)}, {a: (3, 5, 1), b: (1, 1, 2)},
        {a: (3, 5, 1), b: (1, 1, 2)},
    ])  # fmt: skip
    slept: list[float] = []
    assert wait_for_change({a: (1, 1, 1)}, lambda: next(looks), slept.append) == (a, b)
    assert len(slept) == 5 and next(looks, None) is None


def test_a_file_that_goes_is_a_change() -> None:
    assert wait_for_change({Path("a"): (1, 1, 1)}, dict, lambda seconds: None) == (Path("a"),)


def test_a_save_is_noticed_within_twenty_milliseconds() -> None:
    """By the clock of the pauses alone: from the change to when it is told, settled."""
    clock, saved = [0.0], 1.2345

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    def look() -> Stamps:
        return {Path("a"): (int(clock[0] >= saved), 1, 1)}

    assert wait_for_change(look(), look, sleep) == (Path("a"),)
    assert clock[0] - saved <= 0.02


def test_a_file_that_an_editor_has_emptied_is_waited_for() -> None:
    a = Path("a")
    looks: Iterator[Stamps] = iter([{a: (1, 9, 1)}, {a: (2, 0, 1)}, {a: (3, 9, 1)}, {a: (3, 9, 1)}])
    slept: list[float] = []
    assert wait_for_change({a: (1, 9, 1)}, lambda: next(looks), slept.append) == (a,)
    assert slept[1] >= 0.05 > slept[0] and slept[2] <= 0.02


def test_which_files_there_are_is_found_anew_only_where_something_has_changed(tmp_path: Path) -> None:
    written(tmp_path / "problems/one/01.yaml"), written(tmp_path / "problems/one/templates/x/a.j2")
    walks: list[int] = []

    def find() -> Watched:
        walks.append(1)
        return find_watched([], tmp_path, [])

    look = Lookout(find)
    assert {path.name for path in look()} == {"01.yaml", "a.j2"} and look() is look() and len(walks) == 1
    for name in ("one/02.yaml", "one/templates/x/b.j2", "two/01.yaml", "two/templates/header.tex.j2"):
        before = look()
        file = written(tmp_path / "problems" / name)
        assert file in look() and file not in before, name
    known = len(walks)
    written(tmp_path / "problems/one/01.yaml", "longer")
    assert look() != before and len(walks) == known + 1
    (tmp_path / "problems/one/02.yaml").unlink()
    assert tmp_path / "problems/one/02.yaml" not in look()


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Round((MADE,), (), (), (), 0, 0.5), "a: key.pdf in out/a/; all well (0.5 s)"),
        (Round((), (), (Path("x/p.yaml"),), (), 0, 0.5), "p.yaml changed nothing that is printed; all well"),
        (Round((), (), (Path("x/p.yaml"),), (), 1, 0.5), "p.yaml changed nothing that is printed\n"),
        (Round((), (), (Path("p.yaml"),), ("p",), 0, 0.5), "p: gone; its pages stay in out/p/; all well"),
    ],
)  # fmt: skip
def test_what_a_round_says(found: Round, text: str) -> None:
    assert found.text("12:00:00", Path("out")).startswith(f"12:00:00  {text}")


# ---------------------------------------------------------------- a session


@pytest.fixture
def watching(tmp_path: Path, with_tex: Path) -> Iterator[Callable[..., str]]:
    """`solgen watch` at work in a folder; a call waits until it has said something so many times."""
    written(tmp_path / "problems/one/01-net.yaml", PROBLEM)
    log = tmp_path / "log.txt"
    environment = os.environ | {"SOLGEN_CACHE": str(with_tex), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def heard() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with log.open("w") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "solgen", "watch"], cwd=tmp_path, env=environment, stdout=out,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, preexec_fn=heard,
        )  # fmt: skip

    def said(what: str, times: int = 1) -> str:
        until = time.monotonic() + LONGEST
        while log.read_text().count(what) < times:
            assert running.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        return log.read_text()

    yield said
    running.send_signal(signal.SIGINT)
    assert running.wait(LONGEST) == 0 and log.read_text().endswith("Stopped.\n")


def test_a_mistake_is_shown_and_its_mending_builds_the_pages(tmp_path: Path, watching: Callable[..., str]) -> None:
    problem, pdf = tmp_path / "problems/one/01-net.yaml", tmp_path / "output/one/solutions.pdf"
    watching("all well")
    before = pdf.read_bytes()
    written(problem, PROBLEM.replace("tanh(", "tahn("))
    text = watching("hint: did you mean `tanh`?")
    assert "one: 1 mistake; its pages are as they were\n" in text and "01-net.yaml:9:" in text and "^" in text
    assert pdf.read_bytes() == before and "Traceback" not in text
    written(problem, PROBLEM.replace("Compute the", "Find the"))
    watching("all well", 2)
    assert pdf.read_bytes() != before
    written(tmp_path / "problems/two.yaml", PROBLEM)
    watching("two: solutions.pdf, handout.pdf, key.pdf in output/two/; all well")
    (tmp_path / "problems/two.yaml").unlink()
    watching("two: gone")


def test_nothing_to_watch_is_an_error_at_once(solgen) -> None:
    ran = solgen("watch")
    assert ran.code == 2 and "solgen new" in ran.err
