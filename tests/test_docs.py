"""docs/format.md says what the program does: every example is tried, every table is the program's own."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from solgen.build.formats import FORMATS
from solgen.build.job import Job
from solgen.build.outcome import Outcome
from solgen.build.pipeline import make
from solgen.document.products import PRODUCTS
from solgen.expr.nodes import Kind
from solgen.expr.present.notation import GRADIENTS
from solgen.numeric.code.targets import TARGETS
from solgen.reader.keys import LISTED, NOTATIONS, PART, PROBLEM, RUBRIC, SET
from solgen.reader.language.builtins import RESERVED
from solgen.reader.questions import GRADIENT_FORMS, VERBS
from solgen.reader.references import ALONE, WORDS
from tests.format_examples import PAGE, ROOT, Block, blocks, load, section, table, write

EXAMPLES = [b for b in blocks() if b.language in ("yaml", "python") and b.kind != "answers"]
COMMANDS = [b for b in blocks() if b.language == "sh"]
OF_NO_VALUES = ("Elementwise", "Loss", "Index")  # kinds of names that are no values

UNKNOWN = {  # what is said of something that is not built: of a key, a verb, a function, a number of axes …
    "attribute", "bad-call", "bad-name", "bad-reference", "bad-value", "index", "kind", "order", "refused", "size",
    "syntax", "unknown-function", "unknown-key", "unknown-name", "unknown-verb",
}  # fmt: skip


def checked(source: Path, cache: Path) -> Outcome:
    """What `solgen check` finds."""
    return make(Job(source, cache, "docs"))


@pytest.mark.parametrize("block", [b for b in EXAMPLES if not b.mark], ids=lambda b: b.name)
def test_an_example_is_right(block: Block, tmp_path: Path) -> None:
    outcome = checked(write(tmp_path, block), tmp_path)
    assert outcome.exit_code == 0, "\n".join(d.text() for d in outcome.diagnostics)


@pytest.mark.parametrize("block", [b for b in EXAMPLES if b.mark == "not-built-yet"], ids=lambda b: b.name)
def test_what_is_not_built_yet_is_refused(block: Block, tmp_path: Path) -> None:
    """Where this fails, what the example shows has been built: take the mark from it, and from the text above it."""
    outcome = checked(write(tmp_path, block), tmp_path)
    assert outcome.exit_code == 2 and {d.code for d in outcome.diagnostics} <= UNKNOWN
    assert "**not built yet**" in block.before


def test_what_is_not_refused_yet_is_taken(tmp_path: Path) -> None:
    """Where this fails, the mistake in the example is found now: take the mark away, and let the page say so."""
    for block in (b for b in EXAMPLES if b.mark == "not-refused-yet"):
        assert checked(write(tmp_path, block), tmp_path).exit_code == 0, block.name
        assert "**not refused yet**" in block.before


@pytest.mark.parametrize("block", COMMANDS, ids=lambda b: b.name)
def test_a_command_is_known_or_marked(
    solgen, block: Block, with_tex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    (tmp_path / "problem.yaml").write_text(next(b.text for b in EXAMPLES))
    for name in ("answers.yaml", "work.tex"):
        (tmp_path / name).touch()
    for line in block.text.splitlines():
        words = shlex.split(line)
        assert words[0] == "solgen"
        assert solgen(*words[1:]).code == (2 if block.mark else 0)


def test_a_course_file_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "01.yaml").write_text(next(b.text for b in EXAMPLES))
    (tmp_path / "course.yaml").write_text("course: Deep learning\n")
    assert checked(tmp_path, tmp_path / "cache").exit_code == 0
    (tmp_path / "course.yaml").write_text("title: Deep learning\n")
    assert checked(tmp_path, tmp_path / "cache").exit_code == 2


def test_templates_are_looked_for_above_the_problem_too(
    solgen, with_tex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each template the nearest wins; a build takes nothing from the cache that other templates made."""
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    near, far = tmp_path / "problems/set/templates", tmp_path / "templates"
    for folder in (near, far):
        folder.mkdir(parents=True)
    (near.parent / "01.yaml").write_text(next(b.text for b in EXAMPLES))
    (near / "header.tex.j2").write_text("% near\n")
    (far / "header.tex.j2").write_text("% hidden\n")
    for title in ("% far", "% farther"):
        (far / "title.tex.j2").write_text(f"{title}\n")
        assert solgen("build", "--format", "tex", "--product", "key").code == 0
        made = (tmp_path / "output/set/key.tex").read_text().splitlines()
        assert "% near" in made and title in made and "% hidden" not in made


def test_the_rows_of_json_have_the_keys_of_the_page(solgen, tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(next(b.text for b in EXAMPLES))
    (row,) = json.loads(solgen("export", "problem.yaml", "--to", "json").out)
    (told,) = re.findall(r"`--to json` prints `\[\{(.*?)\}\]`", PAGE)
    assert list(row) == re.findall(r'"(\w+)"', told)
    assert ("kind" in row) != ("the key `kind` is **not built yet**" in PAGE)


# ---------------------------------------------------------------- the tables of the page are those of the program


def test_the_keys_are_those_that_the_reader_takes() -> None:
    assert table(section("Keys of a problem"), "key") == list(PROBLEM.keys)
    assert table(section("Keys of a part"), "key") == list(PART.keys)
    assert table(section("A set"), "key") == list(SET.keys)
    assert all(f"`{key}`" in section("A set") for key in LISTED.keys)
    assert all(f"`{key}`" in section("Keys of a part") for key in RUBRIC.keys)


def test_the_verbs_forms_and_references_are_those_that_the_reader_takes() -> None:
    assert table(section("2. What `solve` can ask").split("###")[0], "verb") == list(VERBS)
    forms = section("Options, verb by verb")
    assert table(forms, "form") == list(GRADIENT_FORMS)
    words = {
        re.sub(r"\W.*", "", name[2:]) if " " in name else ""
        for name in table(section("4. References in prose"), "reference")
    }
    assert words - {"", "model"} == set(WORDS)
    assert all(f"`[[{name}]]`" in PAGE for name in ALONE)


def test_the_notations_are_those_of_the_program() -> None:
    text = section("Notation")
    assert table(text, "notation") == list(GRADIENTS)
    assert table(text, "key of the mapping") == list(NOTATIONS)
    assert all(f"`{option}`" in text for options in NOTATIONS.values() for option in options)


def test_the_products_formats_and_targets_are_those_of_the_program() -> None:
    text = section("5. Exports, outputs, exit codes")
    assert table(text, "product") == list(PRODUCTS)
    assert sorted(table(text, "format")) == sorted(FORMATS)
    assert sorted(table(text, "target")) == sorted(TARGETS)


def test_the_kinds_are_those_of_the_program() -> None:
    words = [kind.value for kind in Kind if " " not in kind.value]
    assert table(section("Declarations"), "kind") == [*words, *OF_NO_VALUES]


def test_the_functions_are_those_of_the_program() -> None:
    """What stands in the list and what is known; below it, what is not built yet is not known."""
    listed, later = section("Functions").split("#### More functions")
    names = {
        name for line in re.findall(r"^- .*(?:\n  .*)*", listed, re.MULTILINE) for name in re.findall(r"`(\w+)`", line)
    }
    assert names - {"samples"} == set(RESERVED)
    new = set(re.findall(r"`(\w+)` \(", later)) - {"conv1d", "matpow"}
    assert len(new) > 8 and not new & set(RESERVED)
    assert "`solgen functions --markdown`" in PAGE and (ROOT / "docs/language.md").exists()


# ---------------------------------------------------------------- every key and option is shown by an example


def mappings(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in some data."""
    if isinstance(data, dict):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from mappings(value)


def shown(*kinds: str) -> list[dict[str, Any]]:
    """The data of the examples of these kinds that are right."""
    return [load(b.text) for b in EXAMPLES if b.kind in kinds and not b.mark]


def test_every_key_is_shown() -> None:
    problems = shown("problem", "keys")
    parts = [*shown("part"), *(part for problem in problems for part in problem.get("parts", ()))]
    sets = shown("set")
    for record, examples in ((PROBLEM, problems), (PART, parts), (SET, sets)):
        assert [key for key in record.keys if not any(key in example for example in examples)] == []
    for record, examples in ((LISTED, sets), (RUBRIC, parts)):
        inner = [found for example in examples for found in mappings(example)]
        assert any(record.keys.keys() == found.keys() for found in inner)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_of_a_verb_is_shown(verb: str) -> None:
    items = [
        m for data in shown("problem", "keys", "part") for m in mappings(data) if verb in m or m.get("solve") == verb
    ]
    used = {option for item in items for option in item}
    assert items and VERBS[verb].options.keys() <= used
