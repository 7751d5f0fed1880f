"""What every test may count on: the same random draws, a plain terminal, the place of the checkout."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pytest
from hypothesis import settings
from typer.testing import CliRunner

from solgen.cli.app import app
from solgen.document.trial import trial_document
from solgen.tex import TrialPage, ensure_engine

settings.register_profile("solgen", deadline=None, derandomize=True, database=None)
settings.load_profile("solgen")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, a fixed width, no continuous integration: a test reads the same wherever it runs."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("CI", "GITHUB_ACTIONS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def user_cache() -> Path:
    """Where this user's private TeX tree is, or is to be made."""
    return Path(os.environ.get("SOLGEN_CACHE") or platformdirs.user_cache_dir("solgen")).absolute()


@pytest.fixture(scope="session")
def with_tex(user_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which nothing was made yet but TeX, which is this machine's."""
    ensure_engine(None, user_cache, TrialPage(trial_document), lambda stage, fraction: None)
    cache = tmp_path_factory.mktemp("cache")
    (cache / "preambles").mkdir()
    if (user_cache / "tex").is_dir():
        (cache / "tex").symlink_to(user_cache / "tex")
    return cache


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Solgen = Callable[..., Ran]


@pytest.fixture
def solgen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Solgen:
    """The command line, run in this process, in an empty folder, with an empty cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOLGEN_CACHE", str(tmp_path / ".cache"))

    def run(*words: str) -> Ran:
        result = CliRunner().invoke(app, list(words), prog_name="solgen")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run
