"""A format in use is not lost when another process drops it from the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.tex import Engine, preamble, typeset

SOURCE = "\\documentclass{article}\n%% preamble %d\n\\begin{document}\nText\n\\end{document}\n"


def test_a_borrowed_format_outlives_the_kept_one(tmp_path: Path) -> None:
    stored = tmp_path / "kept.fmt"
    stored.write_bytes(b"memory")
    borrowed = preamble.borrow(stored, tmp_path / "own.fmt")
    stored.unlink()
    assert borrowed and borrowed.read_bytes() == b"memory"


def test_what_is_gone_cannot_be_borrowed(tmp_path: Path) -> None:
    assert preamble.borrow(tmp_path / "gone.fmt", tmp_path / "own.fmt") is None


def test_a_format_dropped_before_its_use_costs_only_time(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = typeset(engine, SOURCE % 1, {}, cache=tmp_path).pdf
    borrow = preamble.borrow

    def too_late(stored: Path, at: Path) -> Path | None:
        stored.unlink()
        return borrow(stored, at)

    monkeypatch.setattr(preamble, "borrow", too_late)
    assert typeset(engine, SOURCE % 1, {}, cache=tmp_path).pdf == first
