"""The engine that typesets the cases, and the cases themselves: problem files read and derived once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from solgen.calculus.derive import derive
from solgen.document.trial import trial_document
from solgen.model.derivation import Derivation
from solgen.model.problem import ProblemSet
from solgen.reader.set_file import read
from solgen.tex import Engine, TrialPage, ensure_engine

CASES = Path(__file__).parent.parent / "cases" / "document"
Load = Callable[..., tuple[ProblemSet, list[Derivation]]]


@pytest.fixture(scope="session")
def user_cache() -> Path:
    return Path(os.environ.get("SOLGEN_CACHE") or platformdirs.user_cache_dir("solgen"))


@pytest.fixture(scope="session")
def engine(user_cache: Path) -> Engine:
    return ensure_engine(None, user_cache, TrialPage(trial_document), lambda stage, fraction: None)


@pytest.fixture(scope="session")
def load() -> Load:
    """A case by name, as a set and its derivations; in another notation than its own, if one is named."""
    known: dict[tuple[str, str | None], tuple[ProblemSet, list[Derivation]]] = {}

    def loaded(name: str, notation: str | None = None) -> tuple[ProblemSet, list[Derivation]]:
        if (name, notation) not in known:
            problem_set = read(CASES / f"{name}.yaml", notation)
            known[name, notation] = (problem_set, [derive(p) for p in problem_set.problems])
        return known[name, notation]

    return loaded
