"""Nothing is skipped in silence: every equality that a page can show stands in the certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from solgen import reader
from solgen.calculus import derive
from solgen.model import Derivation, Gradients, GraphAsked, Grid, Line, Passage, Worked
from solgen.numeric import text, verify
from tests.numeric.texts import FAMILY, WORKED, derived

PROBLEMS = Path(__file__).parents[2] / "problems"
FILES = sorted(f for f in PROBLEMS.glob("*/*.yaml") if f.name != "set.yaml")
TEXTS = {"family": FAMILY.format(samples="rows"), "worked": WORKED}


def parts(found: object, kind: type) -> Iterator[object]:
    """Every instance of `kind` within nested dataclasses, tuples and mappings."""
    if isinstance(found, kind):
        yield found
    if is_dataclass(found) and not isinstance(found, type):
        for field in fields(found):
            if field.name == "rules" and not isinstance(found, Line):  # those that pages prove are the derivation's
                continue
            yield from parts(getattr(found, field.name), kind)
    elif isinstance(found, tuple):
        for each in found:
            yield from parts(each, kind)


def equalities(line: Line) -> Iterator[tuple[str, str, str]]:
    """The id, the left and the right side of each equality of a line that says something."""
    several = len(line.chain) > 2
    for k, (left, right) in enumerate(pairwise(line.chain), start=1):
        if left != right:
            yield f"{line.id} ({k})" if several else line.id, text(left), text(right)


def assert_complete(derivation: Derivation) -> None:
    """Each line of each part and of each rule under its own id; what prose may cite under any."""
    checks = verify(derivation, mutants=False)
    ids = {c.id for c in checks.checks}
    said = {(c.id, c.left, c.right) for c in checks.checks}
    sides = {(c.left, c.right) for c in checks.checks}
    for line in parts((tuple(p.contents for p in derivation.parts), derivation.rules), Line):
        assert isinstance(line, Line)
        if "'" in line.id:  # on a parameter that may have been renamed
            assert {found for found, _, _ in equalities(line)} <= ids
        else:
            assert set(equalities(line)) <= said
    for line in parts((derivation.adjoints, tuple(p.adjoints for p in derivation.parts)), Line):
        assert isinstance(line, Line)
        assert {found[1:] for found in equalities(line)} <= sides
    for content in (c for part in derivation.parts for c in part.contents):
        found = content.backward if isinstance(content, GraphAsked) else content
        if isinstance(found, Gradients):
            prefix = f"{found.form}: " if found.form in ("sample", "batch") else ""
            names = {f"{prefix}d{b.symbol.of.name}/d{b.symbol.wrt.name}" for b in found.blocks}
            assert {f"{name} differences" for name in names} <= ids
        if isinstance(content, Worked):
            grids = list(parts(content, Grid))
            assert not grids or f"{content.results[0].id} entries" in ids
            passages = [p for p in parts(content, Passage) if isinstance(p, Passage)]
            named = [name for p in passages for name, _ in p.names if name.endswith("'")]
            assert len([i for i in ids if i.startswith(content.results[0].id) and "' (" in i]) >= len(named)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_problem_files(file: Path) -> None:
    for problem in reader.read(file).problems:
        assert_complete(derive(problem))


@pytest.mark.parametrize("name", TEXTS)
def test_every_verb_and_form(name: str, tmp_path: Path) -> None:
    assert_complete(derived(TEXTS[name], tmp_path))
