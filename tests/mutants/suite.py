"""The tests of a room inside this process: collected once, then a few of them run again and again in children."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import pytest

T = TypeVar("T")
# The house is imported before pytest rewrites the assertions in its plugin, which has none.
PLAIN = (
    "-o", "addopts=", "--import-mode=importlib", "--capture=no", "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip
WITHOUT = ("terminal", "cacheprovider", "xdist")


class _Instead(Generic[T]):
    """A plugin of pytest that does some work where the collected tests would run."""

    def __init__(self, work: Callable[[pytest.Session], T]) -> None:
        self.work = work
        self.found: list[T] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        assert not session.testsfailed, "the tests cannot be collected"
        self.found.append(self.work(session))
        return True


def with_tests(paths: Sequence[Path], work: Callable[[pytest.Session], T]) -> T:
    """What `work` makes of the tests in these files and folders, which are collected and not run."""
    instead = _Instead(work)
    without = (word for name in WITHOUT for word in ("-p", f"no:{name}"))
    code = pytest.main([*PLAIN, *without, *map(str, paths)], plugins=[instead])
    assert instead.found, f"pytest ended with code {code}"
    return instead.found[0]


class _Failures:
    """A plugin of pytest that notes which test failed or was skipped."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.skipped:
            self.skipped.append(report.nodeid)


def run_each(session: pytest.Session, items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, str]]:
    """Each test with what became of it, `passed`, `failed` or `skipped`, as soon as it ran."""
    notes = _Failures()
    session.config.pluginmanager.register(notes)
    try:
        for item, following in zip(items, (*items[1:], None), strict=True):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            missed = "failed" if item.nodeid in notes.failed else "passed"
            yield item, "skipped" if item.nodeid in notes.skipped else missed
    finally:
        session.config.pluginmanager.unregister(notes)


def first_failure(session: pytest.Session, items: Sequence[pytest.Item]) -> str:
    """The name of the first test that fails; nothing where all pass."""
    return next((item.nodeid for item, outcome in run_each(session, items) if outcome == "failed"), "")
