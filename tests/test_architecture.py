"""docs/architecture.md and docs/contributing.md are about this house: its files, nouns, excerpts and patches."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from solgen import __version__
from solgen.calculus.derive import derive
from solgen.document.blocks import ResultBlock
from solgen.document.telling import telling
from solgen.expr.nodes import Apply
from solgen.model.derivation import Derivation, Gradients
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.render.latex import latex
from solgen.render.terminal import one_line

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "solgen"
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
PATCHES = {
    path.relative_to(ROOT / "tests/patches").with_suffix("").as_posix(): path
    for path in (ROOT / "tests/patches").rglob("*.patch")
}
MADE = {"output/", "solgen/"}  # what solgen makes, and the package itself
FEATURED = ("operations/mish", "verb", "notation", "product", "format", "target")


def excerpts() -> list[str]:
    return re.findall(r"^```text\n(.*?)\n```", PAGE, re.MULTILINE | re.DOTALL)


def words_of(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- the map and the glossary


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`([\w/]+\.py|[\w/]+/)`", PAGE + CONTRIBUTING.split("```diff")[0]))
    real = [
        f"/{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}" for path in (*ROOT.iterdir(), *HOUSE.rglob("*"))
    ]
    real += [f"/{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}" for path in (ROOT / "tests").rglob("*")]
    assert len(named) > 60
    assert [name for name in sorted(named - MADE) if not any(path.endswith(f"/{name}") for path in real)] == []


def test_the_map_has_every_room_and_every_inner_room() -> None:
    rows = dict(
        re.findall(r"^\| `([\w.]+)` \| (.*)$", PAGE.split("| room |")[1].split("## One problem")[0], re.MULTILINE)
    )
    rooms = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    files = {path.name for path in HOUSE.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert set(rows) == rooms | files
    for path in HOUSE.glob("*/*/__init__.py"):
        assert f"`{path.parent.name}/`" in rows[path.parts[-3]]


def test_the_order_of_the_rooms_is_that_of_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (house,) = (contract for contract in contracts if contract["name"] == "The house")
    layers = [layer.split(" | ") for layer in house["layers"] if layer != "__main__" and not layer.startswith("(")]
    told = [re.findall(r"`(\w+)(?:\.py)?`", row) for row in re.findall(r"^\| \d \| (.*) \|$", PAGE, re.MULTILINE)]
    assert [sorted(names) for names in told] == [sorted(layer) for layer in layers]


def defined(path: Path) -> set[str]:
    """The names that a module defines at its top."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found.add(name)
                found |= {
                    f"{name}.{inner.name}" for inner in getattr(node, "body", ()) if isinstance(inner, ast.FunctionDef)
                }
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def test_what_is_said_to_stand_in_a_file_stands_there() -> None:
    """Of the glossary, of the table of places, and of the walk through the stages."""
    named = re.findall(r"`([\w.]+)` in `([\w/]+\.py)`", PAGE)
    assert len(named) > 60
    assert [(name, file) for name, file in named if name not in defined(HOUSE / file)] == []


# ---------------------------------------------------------------- the problem that is followed


@cache
def followed() -> tuple[Derivation, Checks]:
    """The README's problem, derived and verified."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    text = re.findall(r"^```yaml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)[0]
    with TemporaryDirectory() as folder:
        place = Path(folder) / "first.yaml"
        place.write_text(text, encoding="utf-8")
        derivation = derive(read(place).problems[0])
    return derivation, verify(derivation)


def test_the_formula_that_is_read() -> None:
    derivation, _ = followed()
    body = derivation.problem.model.equations[0].body
    assert isinstance(body, Apply)
    names = ", ".join(str(a) for a in body.args)
    assert f"Apply(op='{body.op}', args=({names}))   of shape (C,)" in excerpts()
    assert "  z = W @ x" in excerpts()


def test_the_chains_that_are_derived() -> None:
    derivation, _ = followed()
    (content,) = (c for p in derivation.parts for c in p.contents if isinstance(c, Gradients))
    lines = [f"{block.symbol} = {' = '.join(map(str, block.total.chain))}" for block in content.blocks]
    assert any(words_of("\n".join(lines)) == words_of(text) for text in excerpts())
    proof = [f"{' = '.join(map(str, line.chain))}" for rule in derivation.rules for line in rule.proof]
    assert any(text in proof for text in excerpts())


def test_the_checks_that_are_listed() -> None:
    _, checks = followed()
    lines = [f"{check.id} {check.left} {check.right} {check.verdict} {check.method}" for check in checks.checks]
    (excerpt,) = (text for text in excerpts() if "oracle" in text)
    assert [line for line in excerpt.splitlines() if words_of(line) not in lines] == []


def test_the_tree_and_what_is_written_of_it() -> None:
    derivation, checks = followed()
    told = telling(derivation, "b", checks)
    (result,) = (block for part in told.parts for block in part.blocks if isinstance(block, ResultBlock))
    (side,) = result.formula.sides
    assert any(text in repr(side.body) for text in excerpts())
    assert latex(side.body) in PAGE and latex(result.formula.left) in PAGE
    assert f"{one_line(result.formula.left)} = {one_line(side.body)}" in PAGE


# ---------------------------------------------------------------- how things are added


@pytest.mark.parametrize("name", FEATURED)
def test_a_patch_of_the_page_is_the_one_that_is_applied(name: str) -> None:
    assert f"`tests/patches/{name}.patch`:\n\n```diff\n{PATCHES[name].read_text(encoding='utf-8')}```" in CONTRIBUTING


def test_every_patch_is_shown_or_named() -> None:
    assert {*FEATURED} | {f"operations/{name}" for name in ("bilinear", "logmeanexp", "solve")} == PATCHES.keys()
    assert all(f"`{Path(name).name}`" in CONTRIBUTING for name in PATCHES if name not in FEATURED)


def test_every_target_of_make_is_told() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert {name for name in phony.split() if f"`make {name}`" not in CONTRIBUTING} == {"help"}


def test_the_change_log_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == __version__ and "0.1.0" in versions
