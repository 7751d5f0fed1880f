"""The engine that the tests run: what this machine has, else the private tree, made in the user's cache."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from solgen.document.trial import trial_document
from solgen.tex import Engine, TrialPage, ensure_engine
from solgen.tex.private_tree import make_tree


def silent(stage: str, fraction: float) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="session")
def user_cache() -> Path:
    return Path(os.environ.get("SOLGEN_CACHE") or platformdirs.user_cache_dir("solgen"))


@pytest.fixture(scope="session")
def engine(user_cache: Path) -> Engine:
    return ensure_engine(None, user_cache, TrialPage(trial_document), silent)


@pytest.fixture(scope="session")
def private(user_cache: Path) -> Path:
    """The folder of the private tree."""
    return make_tree(user_cache, trial_document, silent)
