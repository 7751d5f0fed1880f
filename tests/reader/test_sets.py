"""Folders, set files, and what is built when nothing is named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from solgen.errors import InputError
from solgen.model.problem import Notation
from solgen.reader.folders import find, require_distinct
from solgen.reader.keys import PART, PROBLEM, SET, json_schema
from solgen.reader.questions import VERBS
from solgen.reader.set_file import read

FILE = """title: {title}
model: |
  x: R[n]
  W: R[C, n]
  L = norm2sq(W @ x)
parts:
  - prompt: a
    points: 2
  - prompt: b
    points: 3
"""


def write(folder: Path, name: str, text: str = "") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text or FILE.format(title=file.stem), encoding="utf-8")
    return file


def messages(error: InputError) -> list[str]:
    return [d.message for d in error.diagnostics]


def test_a_folder_is_a_set_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("10-c.yaml", "02-b.yml", "01-a.yaml", "notes.txt", ".hidden.yaml"):
        write(tmp_path / "hw", name)
    text = (
        "title: 'Homework $3$'\ncourse: DL\nnotation: {gradient: nabla, hadamard: circ}\n"
        "latex: {W: V, Q: q}\nsizes: [{C: 7}, q < r]\n"
    )
    write(tmp_path / "hw", "set.yaml", text)
    found = read(tmp_path / "hw")
    assert (found.name, found.title, found.course) == ("hw", "Homework $3$", "DL")
    assert [p.title for p in found.problems] == ["01-a", "02-b", "10-c"]
    first = found.problems[0]
    assert first.notation == Notation("nabla", "circ") and dict(first.latex) == {"W": "V"}
    assert dict(first.model.fixed) == {"C": 7} and first.model.order == ()
    assert read(tmp_path / "hw" / "set.yaml") == found


def test_sets_share_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "bank", "one.yaml")
    write(tmp_path / "bank", "two.yaml")
    listed = "title: S\nproblems:\n  - ../bank/two.yaml\n  - {file: ../bank/one.yaml, parts: [b], number: 7a}\n"
    write(tmp_path / "hw", "set.yaml", listed)
    two, one = read(tmp_path / "hw").problems
    assert (two.title, two.points) == ("two", 5)
    assert (one.number, [p.id for p in one.parts], one.points) == ("7a", ["b"], Fraction(3))


def test_sets_share_problems_where_the_folder_of_all_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `make pdf INTO=…` makes it for a checkout that cannot be written."""
    write(tmp_path / "checkout/problems/bank", "one.yaml")
    write(tmp_path / "checkout/problems/hw", "set.yaml", "title: S\nproblems: [../bank/one.yaml]\n")
    write(tmp_path / "checkout/problems/bad", "set.yaml", "title: S\nproblems: [../../../elsewhere.yaml]\n")
    write(tmp_path, "elsewhere.yaml")
    (tmp_path / "work").mkdir()
    (tmp_path / "work/problems").symlink_to(tmp_path / "checkout/problems")
    monkeypatch.chdir(tmp_path / "work")
    assert [p.title for p in read(Path("problems/hw")).problems] == ["one"]
    with pytest.raises(InputError, match="not a problem file within"):
        read(Path("problems/bad"))


def test_a_wrong_list_is_explained(tmp_path: Path) -> None:
    write(tmp_path / "hw", "one.yaml")
    listed = (
        "titel: S\nproblems:\n  - on.yaml\n  - {file: one.yaml, parts: [z]}\n"
        "  - {file: one.yaml, points: 9}\n  - {fil: one.yaml}\n"
    )
    write(tmp_path / "hw", "set.yaml", listed)
    with pytest.raises(InputError) as caught:
        read(tmp_path / "hw")
    text = str(caught.value)
    assert all(d.hint for d in caught.value.diagnostics)
    for words in ("unknown key `titel`", "did you mean `title`?", "unknown key `fil`", "did you mean `file`?"):
        assert words in text
    write(tmp_path / "hw", "set.yaml", listed.replace("titel", "title").replace("  - {fil: one.yaml}\n", ""))
    with pytest.raises(InputError) as caught:
        read(tmp_path / "hw")
    text = str(caught.value)
    for words in (
        "`on.yaml` is not a file",
        "did you mean `one.yaml`?",
        "has no part `z`",
        "the parts have 5 points",
        "the same id `one`",
    ):
        assert words in text


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", FILE.format(title="a").replace("norm2sq", "norm3"))
    write(tmp_path, "b.yaml", FILE.format(title="b").replace("prompt", "promt"))
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    assert {Path(d.span.file).name for d in caught.value.diagnostics if d.span} == {"a.yaml", "b.yaml"}


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no problem file"):
        read(tmp_path)


def test_find_takes_everything_under_problems(tmp_path: Path) -> None:
    for name in ("loose.yaml", "hw1/01.yaml", "hw1/02.yaml", "deep/hw2/a.yml", "hw3/set.yaml", ".git/x.yaml"):
        write(tmp_path / "problems", name)
    (tmp_path / "problems" / "figures").mkdir()
    everything = [Path("problems") / p for p in ("deep/hw2", "hw1", "hw3", "loose.yaml")]
    assert list(find([], tmp_path)) == everything
    assert list(find([Path("problems")], tmp_path)) == everything
    assert list(find([Path("problems/deep"), Path("problems/hw1/01.yaml")], tmp_path)) == [
        Path("problems/deep/hw2"),
        Path("problems/hw1/01.yaml"),
    ]
    assert list(find([Path("problems/hw1"), Path("problems/hw1")], tmp_path)) == [Path("problems/hw1")]


def test_find_explains_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        find([], tmp_path)
    assert "solgen new" in caught.value.diagnostics[0].hint
    write(tmp_path / "problems", "homework.yaml")
    with pytest.raises(InputError) as caught:
        find([Path("problems/homewrk.yaml")], tmp_path)
    assert caught.value.diagnostics[0].hint == "did you mean `homework.yaml`?"


def test_two_sets_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "problems", "hw/a.yaml")
    write(tmp_path / "problems", "hw.yaml")
    found = find([], tmp_path)  # to check them is no clash, to write them is
    with pytest.raises(InputError, match="output/hw"):
        require_distinct(found, tmp_path)


def test_a_file_alone_has_the_defaults_of_its_set(tmp_path: Path) -> None:
    file = write(tmp_path / "hw", "one.yaml")
    write(tmp_path / "hw", "set.yaml", "title: S\nnotation: nabla\nsizes: [{C: 7}]\n")
    alone, whole = read(file), read(tmp_path / "hw")
    assert alone.problems == whole.problems and dict(alone.problems[0].model.fixed) == {"C": 7}
    assert (alone.name, alone.title) == ("one", "")
    write(tmp_path / "hw", "set.yaml", "titel: S\nnotation: nabla\n")  # wrong: for those to mend who check the set
    assert read(file).problems[0].notation == Notation()


def test_the_schema_is_the_table_of_keys() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(PROBLEM.keys) and schema["required"] == ["title", "parts"]
    part = schema["properties"]["parts"]["items"]
    assert set(part["properties"]) == set(PART.keys) and part["required"] == ["prompt"]
    assert schema["additionalProperties"] is part["additionalProperties"] is False
    items = part["properties"]["solve"]["anyOf"][0]["anyOf"]
    assert [set(i["required"]) & set(VERBS) for i in items[1:]] == [{verb} for verb in VERBS]


def test_the_keys_of_the_contract_are_known() -> None:
    problem = (
        "title solgen id number points notation statement model parameters targets constants samples sizes latex nodes "
        "numbers vary parts tags source"
    )
    part = "id prompt points hint space solve say answer expect rubric model notation"
    whole = "title course term due author notation latex sizes problems"
    verbs = "shapes parameter_count graph paths gradients jacobian hessian derivative rewrite evaluate mistakes say"
    assert set(problem.split()) <= set(PROBLEM.keys)
    assert (
        set(part.split()) == set(PART.keys) and set(whole.split()) == set(SET.keys) and set(verbs.split()) == set(VERBS)
    )


def test_a_set_can_be_read_in_another_notation(tmp_path: Path) -> None:
    part = "  - {prompt: c, points: 1, notation: {gradient: delta, vectors: plain}}\n"
    write(tmp_path / "hw", "one.yaml", FILE.format(title="one") + part)
    write(tmp_path / "hw", "set.yaml", "title: S\nnotation: {gradient: nabla, hadamard: circ}\n")
    (problem,) = read(tmp_path / "hw", "bar").problems
    assert problem.notation == Notation("bar", "circ")
    assert [p.notation for p in problem.parts] == [None, None, Notation("bar", "circ", vectors="plain")]
    assert read(tmp_path / "hw" / "one.yaml", "partial").problems[0].notation == Notation("partial", "circ")


# ---------------------------------------------------------------- what a course says of its sets

COURSE = (
    "course: Learning\nterm: Fall\nauthor: A\nnotation: {gradient: nabla, vectors: plain}\nlatex: {x: '\\xi', n: N}\n"
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with a nearer `course.yaml` in `problems/`, and a set with one of its own."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "course.yaml", COURSE)
    write(tmp_path / "problems", "course.yaml", "term: Winter\nlatex: {x: '\\chi'}\nsizes: [{C: 7}]\n")
    write(tmp_path / "problems/hw", "set.yaml", "title: One\nauthor: B\nnotation: bar\nsizes: [{n: 5}]\n")
    write(tmp_path / "problems/hw", "a.yaml")
    return Path("problems/hw")


def test_a_course_gives_its_keys_to_every_set_below(course: Path) -> None:
    """The set comes before the nearest course, that before the farther one, mappings key by key."""
    read_set = read(course)
    assert (read_set.title, read_set.course, read_set.term, read_set.author) == ("One", "Learning", "Winter", "B")
    (problem,) = read_set.problems
    assert problem.notation == Notation("bar", vectors="plain")
    assert dict(problem.latex) == {"x": "\\chi", "n": "N"} and dict(problem.model.fixed) == {"C": 7, "n": 5}


def test_a_file_alone_is_under_its_course_too(course: Path) -> None:
    alone, whole = read(course / "a.yaml"), read(course)
    assert alone.problems == whole.problems
    assert (alone.title, alone.course, alone.term, alone.author) == ("", "Learning", "Winter", "A")


def test_a_course_is_never_read_as_a_problem(course: Path) -> None:
    assert find([], Path.cwd()) == (course,)
    write(course, "course.yaml", "term: Spring\n")
    assert read(course).term == "Spring" and len(read(course).problems) == 1
    for given in (Path("course.yaml"), Path("problems/course.yaml")):
        with pytest.raises(InputError, match="is no problem"):
            read(given)


def test_what_lies_above_the_working_directory_says_nothing(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("problems")
    assert (read(Path("hw")).course, read(Path("hw")).term) == ("", "Winter")
    monkeypatch.chdir("hw")
    assert read(Path("a.yaml")).term == "" and read(Path("../hw")).term == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: All\n", "unknown key `title` in a course"),
        ("problems: [a.yaml]\n", "unknown key `problems` in a course"),
        ("notation: dots\n", "dots"),
        ("latex: {x: '\\foo'}\n", "`\\foo` is no command"),
        ("term: 5%\nterm: b\n", "twice"),
    ],
)
def test_a_mistake_in_a_course_has_its_place_in_it(course: Path, text: str, message: str) -> None:
    write(Path(), "course.yaml", text)
    for given in (course, course / "a.yaml"):
        with pytest.raises(InputError) as refused:
            read(given)
        (wrong, *_) = refused.value.diagnostics
        assert wrong.span is not None and wrong.span.file == "course.yaml" and message in wrong.message
        assert wrong.hint and wrong.source


def test_templates_are_found_above_a_set(course: Path) -> None:
    """And the commands that the nearest header defines are those that prose may use."""
    write(Path("templates"), "header.tex.j2", "\\newcommand{\\far}{1}\n")
    prose = FILE.format(title="T") + "    answer: It is $\\far$.\n"
    write(course, "a.yaml", prose)
    assert read(course).templates == read(course / "a.yaml").templates == ("templates",)
    write(course / "templates", "header.tex.j2", "\\newcommand{\\near}{1}\n")
    with pytest.raises(InputError, match="no command that prose may use"):
        read(course)
    write(course, "a.yaml", prose.replace("far", "near"))
    assert read(course).templates == ("problems/hw/templates", "templates")
