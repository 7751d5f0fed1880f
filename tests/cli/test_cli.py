"""The command line: what it prints, its exit codes, and that nothing a user does ends in a traceback."""

from __future__ import annotations

import errno
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from multiprocessing import synchronize
from pathlib import Path
from xml.etree import ElementTree

import pytest

from solgen.build.workers import shares_memory
from solgen.cli.app import VERBS, app
from solgen.errors import Refused

EXAMPLES = {run.__name__: examples for run, examples in VERBS}
ROOT = Path(__file__).parents[2]

CASES = ROOT / "tests/cases/problems"
TANH_NET = (CASES / "tanh-net.yaml").read_text()
WRONG = TANH_NET.replace(", of: L}", ", of: L}\n    expect: {b2: '2 * bar(y)'}")
FIVE_MISTAKES = (CASES / "five-mistakes.yaml").read_text()


def put(text: str, name: str = "p.yaml") -> str:
    Path(name).write_text(text)
    return name


def process(*words: str, cwd: Path, **more: str) -> subprocess.Popen[str]:
    environment = os.environ | {"SOLGEN_CACHE": str(cwd / ".cache"), "PYTHONPATH": str(ROOT)} | more
    command = (sys.executable, "-m", "solgen", *words)
    return subprocess.Popen(
        command, cwd=cwd, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL, preexec_fn=heard,
    )  # fmt: skip


def heard() -> None:
    """Let a process be interrupted even where the tests run in the background, deaf to it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


# ---------------------------------------------------------------- what is asked is printed


def test_version(solgen) -> None:
    assert solgen("--version").out.startswith("solgen 0.")


def test_without_a_command_the_commands_are_listed(solgen) -> None:
    listed = solgen().out + solgen("--help").out
    for name in "build watch check show export new schema functions doctor".split():
        assert listed.count(name) >= 2


@pytest.mark.parametrize("command", EXAMPLES)
def test_the_help_of_a_command_ends_with_examples_that_it_understands(solgen, command: str) -> None:
    page = solgen(command, "--help").out
    for example in EXAMPLES[command]:
        words = example.partition(" >")[0].split()
        assert example in page and words[:2] == ["solgen", command]
        assert all(re.search(rf"^│ {word} ", page, re.MULTILINE) for word in words if word.startswith("--"))


def test_every_command_has_examples(solgen) -> None:
    assert set(EXAMPLES) == {str(command.name or command.callback.__name__) for command in app.registered_commands}


def test_help_loads_nothing_slow(tmp_path: Path) -> None:
    command = (
        "import sys\nfrom solgen.cli.app import main\ntry:\n    main()\nexcept SystemExit:\n    print(*sys.modules)"
    )
    words, environment = [sys.executable, "-c", command, "--help"], os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert (
        not {"numpy", "flint", "ruamel.yaml", "matplotlib", "sympy", "solgen.expr.nodes", "solgen.model.problem"}
        & loaded
    )


def test_check_says_what_was_verified(solgen) -> None:
    ran = solgen("check", put(TANH_NET))
    assert ran.code == 0
    assert (
        "verified: p.yaml" in ran.out and "equalities hold" in ran.out and "deliberate mistakes told apart" in ran.out
    )
    assert ran.out.startswith(" " * 20)  # the heads of a table


def test_check_as_json(solgen) -> None:
    (row,) = json.loads(solgen("check", put(TANH_NET), "--json").out)
    (problem,) = row["problems"]
    assert row["set"] == "p" and row["exit_code"] == 0 and row["diagnostics"] == []
    assert {check["verdict"] for check in problem["checks"]["checks"]} == {"equal"}
    assert len(set(problem["checks"]["sizes"].values())) == len(problem["checks"]["sizes"]) == 3


def test_check_is_quick_the_second_time_and_says_the_same(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    first = solgen("check", put(TANH_NET))
    monkeypatch.setattr("solgen.build.pipeline.derive", None)  # neither derived …
    monkeypatch.setattr("solgen.build.pipeline.read", None)  # … nor read
    again = solgen("check", "p.yaml")
    assert "unchanged: p.yaml" in again.out and again.code == first.code == 0
    assert figures(again.out) == figures(first.out)


def test_all_verifies_anew(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    solgen("check", put(TANH_NET))
    assert "verified: p.yaml" in solgen("check", "--all", "p.yaml").out
    monkeypatch.setattr("solgen.build.certificates.verify", None)
    broken = solgen("check", "--all", "p.yaml")
    assert broken.code == 2 and "this is a mistake in solgen: TypeError" in broken.err


def test_what_failed_fails_again_from_the_cache(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")  # no progress
    put(WRONG)
    first, again = solgen("check", "p.yaml"), solgen("check", "p.yaml")
    assert (first.code, again.code) == (1, 1) and first.err == again.err and "error[not-equal]" in again.err
    assert "FAILED: p.yaml" in again.out


def test_with_nothing_changed_nothing_slow_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TANH_NET)
    command = (
        "import sys\nfrom solgen.cli.app import main\ntry:\n    main()\nexcept SystemExit:\n    print(*sys.modules)"
    )
    words = [sys.executable, "-c", command, "check", "p.yaml"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SOLGEN_CACHE": str(tmp_path / ".cache")}
    for slow in (True, False):
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        loaded = set(done.stdout.splitlines()[-1].split())
        assert ({"numpy", "flint", "ruamel.yaml", "rich.console"} <= loaded) == slow
    assert (
        not {"numpy", "flint", "ruamel.yaml", "rich", "solgen.expr.nodes", "solgen.build.pipeline", "multiprocessing"}
        & loaded
    )


def figures(table: str) -> list[str]:
    """The numbers of a table: `12 of 12`, sizes."""
    return re.findall(r"\d+ of \d+(?! problem)|\w+ = \d+", table)


# ---------------------------------------------------------------- show


def test_show_prints_what_was_verified_and_nothing_else(solgen) -> None:
    ran = solgen("show", put(WRONG))
    assert (ran.code, ran.out) == (1, "") and "error[not-equal]" in ran.err
    ran = solgen("show", put(TANH_NET))
    assert ran.code == 0 and ran.out.startswith("Two layers") and "\x1b" not in ran.out


def test_show_a_part_by_its_letter(solgen) -> None:
    put(TANH_NET + "  - prompt: Count.\n    solve: parameter_count\n")
    whole, part = solgen("show", "p.yaml").out, solgen("show", "p.yaml", "--part", "b").out
    assert "(b)" in part and "(a)" not in part and set(part.splitlines()) < set(whole.splitlines())
    ran = solgen("show", "p.yaml", "--part", "z")
    assert ran.code == 2 and "there is no part 'z'" in ran.err and "the parts are a, b" in ran.err


def test_show_a_folder_shows_all_its_problems(solgen) -> None:
    Path("two").mkdir()
    put(TANH_NET, "two/a.yaml"), put(TANH_NET.replace("Two layers", "Another"), "two/b.yaml")
    for words, marks in (((), ("Two layers", "Another")), (("--markdown",), ("# Two layers", "# Another"))):
        ran = solgen("show", "." if words else "two", *words)
        assert ran.code == 0 and all(mark in ran.out for mark in marks)
    assert solgen("show", "two", "--latex").out.startswith("% needs \\usepackage{amsmath,amssymb,bm}")


def test_show_draws_a_graph_for_each_part_that_asks(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no TeX: the typeface does not hang on it
    ran = solgen("show", put(TANH_NET), "--graph", "pictures/net.svg")
    assert ran.code == 0 and ran.out == "pictures/net.svg\n" and "STIX" not in ran.err
    assert b"<title>" in Path("pictures/net.svg").read_bytes()
    assert solgen("show", put(TANH_NET), "--graph", "net.pdf").code == 0
    assert b"Pagella" in Path("net.pdf").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--latex", "--markdown"), "give one of them"),
        (("--latex", "--graph", "g.svg"), "give one of them"),
        (("--graph", "g.jpg"), ".svg, .png or .pdf"),
        (("--graph", "g"), ".svg, .png or .pdf"),
        (("--graph", "g.svg", "--dpi", "300"), "--graph FILE.png"),
        (("--dpi", "300"), "--graph FILE.png"),
    ],
)
def test_show_options_that_conflict(solgen, words: tuple[str, ...], said: str) -> None:
    ran = solgen("show", put(TANH_NET), *words)
    assert ran.code == 2 and ran.out == "" and said in " ".join(re.sub("[│\n]", " ", ran.err).split())


# ---------------------------------------------------------------- for continuous integration


def test_a_junit_report_has_a_case_a_part(solgen) -> None:
    put(WRONG, "wrong.yaml")
    ran = solgen("check", put(TANH_NET, "good.yaml"), "wrong.yaml", "--junit", "reports/junit.xml")
    root = ElementTree.parse("reports/junit.xml").getroot()
    good, wrong = root.findall("testsuite")
    assert ran.code == 1 and (good.get("name"), good.get("failures")) == ("good", "0")
    assert len(good.findall("testcase")) == int(good.get("tests", "")) == TANH_NET.count("- prompt:")
    (failure,) = wrong.iter("failure")
    assert wrong.get("failures") == root.get("failures") == "1" and "dL/db2" in failure.get("message", "")
    assert "hint" in (failure.text or "") and "wrong.yaml" in (failure.text or "")


def test_a_file_that_cannot_be_read_is_a_case_too(solgen) -> None:
    ran = solgen("check", put(FIVE_MISTAKES), "--junit", "junit.xml")
    (failure,) = ElementTree.parse("junit.xml").getroot().iter("failure")
    assert ran.code == 2 and (failure.text or "").count("error[") == 5


def test_annotations_inside_a_workflow_alone(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "::error" not in solgen("check", put(FIVE_MISTAKES)).out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    lines = [line for line in solgen("check", "p.yaml").out.splitlines() if line.startswith("::error ")]
    assert len(lines) == 5 and all(line.startswith("::error file=p.yaml,line=") for line in lines)
    ran = solgen("check", "p.yaml", "--json")
    json.loads(ran.out)
    assert ran.err.count("::error ") == 5
    assert "::error title=solgen no-file::" in solgen("check", "nowhere").out


def test_check_lists_formulas_typed_by_hand(solgen) -> None:
    put(TANH_NET.replace("of all parameters.", "of all parameters, with $d > 1$."))
    assert "typed by hand, line " in solgen("check", "p.yaml").out
    assert ": $d > 1$ (no check reads the relation >)" in solgen("check", "p.yaml").out


def test_what_is_noted_fails_nothing(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told in text, as JSON and as an annotation, from the cache too, and the exit code is 0."""
    put(TANH_NET.replace("y = W2", "A = W2 * b1\n  y = W2"))
    note = "p.yaml:10:7: note[entry-by-entry]: `W2 * b1`: entry by entry, `b1` along h; the product is `@`"
    for _ in range(2):
        ran = solgen("check", "p.yaml")
        assert ran.code == 0 and note in ran.err
    (outcome,) = json.loads(solgen("check", "p.yaml", "--json").out)
    assert outcome["diagnostics"] == []
    assert [(one["code"], one["level"]) for one in outcome["problems"][0]["notes"]] == [("entry-by-entry", "note")]
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "::notice file=p.yaml,line=10," in solgen("check", "p.yaml").out


def test_check_refuses_a_false_formula_in_prose_at_its_place(solgen) -> None:
    put(TANH_NET.replace("of all parameters.", "of all parameters, where $L = L + 1$."))
    ran = solgen("check", "p.yaml")
    assert ran.code == 1 and "error[false-equality]: `$L = L + 1$` does not hold: " in ran.err
    for words in (("show",), ("show", "--latex"), ("export",), ("export", "--to", "json")):
        other = solgen(*words, "p.yaml")
        assert other.code == 1 and "error[false-equality]: `$L = L + 1$`" in other.err and not other.out
    put(TANH_NET.replace("of all parameters.", "of all parameters, unless $L = L + 1$."))
    ran = solgen("check", "p.yaml")
    assert ran.code == 0 and "(false, but it stands under a condition, by the word `unless`" in ran.out


def test_export_prints_a_module_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TANH_NET)
    out, err = process("export", "p.yaml", cwd=tmp_path, CI="true").communicate(timeout=120)
    assert err == ""
    scope: dict = {}
    exec(compile(out, "exported", "exec"), scope)  # noqa: S102 (it is what is tested)
    assert {"forward", "gradients"} <= scope.keys()


def test_export_as_json(solgen) -> None:
    rows = json.loads(solgen("export", put(TANH_NET), "--to", "json").out)
    assert {row["name"] for row in rows} == {"W1", "b1", "W2", "b2"}
    assert all(row["checked"] and row["of"] == "L" and row["latex"] and row["numpy"] for row in rows)


def test_new_begins_a_set_that_checks(solgen) -> None:
    made = solgen("new", "my-first").out.split()
    assert solgen("check").code == 0
    (problem,) = Path("problems/my-first").glob("01-*.yaml")
    assert problem.as_posix() in made
    assert problem.read_text().startswith("# yaml-language-server: $schema=problem.schema.json\n")
    assert json.loads(Path("problems/my-first/problem.schema.json").read_text()) == json.loads(solgen("schema").out)


def test_new_overwrites_nothing(solgen) -> None:
    solgen("new", "my-first")
    Path("problems/my-first/set.yaml").write_text("mine")
    ran = solgen("new", "my-first")
    assert ran.code == 2 and "exists" in ran.err
    assert Path("problems/my-first/set.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["../outside", "a/b", "", ".hidden", "x" * 200])
def test_new_refuses_what_is_no_name(solgen, name: str) -> None:
    ran = solgen("new", name)
    assert ran.code == 2 and "error[bad-name]" in ran.err and not Path("problems").exists()


def test_functions_lists_and_describes(solgen) -> None:
    assert "softmax" in solgen("functions").out
    described = solgen("functions", "sigmoid").out
    assert "dL/dx = dL/dy * y * (1 - y)" in described


def test_an_unknown_function_has_a_near_one(solgen) -> None:
    ran = solgen("functions", "sofmax")
    assert ran.code == 2 and "did you mean `softmax`?" in ran.err


def test_doctor_fails_exactly_where_no_tex_is_usable(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ran = solgen("doctor")
    assert ran.code == 3 and "not usable" in ran.out and "doctor --fix" in ran.out
    rows = json.loads(solgen("doctor", "--json").out)
    assert rows and not any(row["usable"] for row in rows)


def test_doctor_names_the_engine_that_is_used(solgen, with_tex: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    ran = solgen("doctor")
    assert ran.code == 0 and "-> " in ran.out


def test_doctor_begins_with_a_block_for_a_report(solgen, with_tex: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    block, _, _ = solgen("doctor").out.partition("\n\n")
    said = dict(line.split(maxsplit=1) for line in block.splitlines())
    assert list(said) == ["solgen", "system", "Python", "TeX", "fonts", "cores", "cache"]
    assert platform.machine() in said["system"] and platform.python_version() in said["Python"]
    assert "pdfTeX" in said["TeX"] and "Pagella" in said["fonts"] and said["cache"].endswith("can be written")


def test_without_shared_memory_one_process_does_it_all(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where /dev/shm cannot be written: the lock that workers share cannot be made."""

    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    assert synchronize.SEM_VALUE_MAX  # read off the lock when this is first imported, be it here
    monkeypatch.setattr("_multiprocessing.SemLock", denied)
    shares_memory.cache_clear()
    Path("problems").mkdir()
    for name in ("one", "two"):
        put(TANH_NET, f"problems/{name}.yaml")
    ran = solgen("check", "--all")
    shares_memory.cache_clear()
    assert ran.code == 0, ran.err
    assert "/dev/shm cannot be written" in solgen("doctor").out
    shares_memory.cache_clear()


def test_an_error_of_the_system_names_what_it_is_about(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("solgen.build.sets.check", denied)
    put("title: T\nparts: [{prompt: a}]\n")
    ran = solgen("check", "p.yaml")
    assert ran.code == 2
    assert "error[system]: Permission denied, in denied" in ran.err and "solgen doctor" in ran.err


# ---------------------------------------------------------------- what is wrong is said


def test_five_mistakes_are_five_diagnostics(solgen) -> None:
    ran = solgen("check", put(FIVE_MISTAKES))
    assert ran.code == 2 and ran.err.count("error[") == 5
    for line in (6, 7, 8, 10, 13):
        assert f"p.yaml:{line}:" in ran.err
    assert ran.err.count("^") >= 5 and ran.err.count("  hint: ") == 5
    for hint in ("softmax", "parameters", "gradients"):
        assert hint in ran.err


def test_a_refused_derivation_has_a_place(solgen) -> None:
    text = TANH_NET.replace("solve: {gradients: [W1, b1, W2, b2], of: L}", "solve: {mistakes: 'W1[0, :]'}")
    ran = solgen("check", put(text))
    assert ran.code == 2 and "p.yaml:16:" in ran.err and "^" in ran.err


def test_what_tex_does_not_know_is_shown_in_the_file_before_any_tex(solgen) -> None:
    text = TANH_NET.replace("of all parameters", r"of $\fraction{1}{2}$ of all")
    ran = solgen("check", put(text))
    assert ran.code == 2 and r"p.yaml:15:39: error[latex]: `\fraction` is no command that prose may use" in ran.err
    assert ran.err.count("error[") == 1 and "templates/header.tex.j2" in ran.err and "^^^^" in ran.err


def test_a_refusal_and_an_undefined_point_show_their_line_and_what_to_do(
    solgen, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = "title: T\nmodel: |\n  x: R[n]\n  y = sum(log(-x**2))\nparts:\n  - prompt: p\n    solve: {gradients: x}\n"
    ran = solgen("check", put(logs))
    assert ran.code == 2 and "4 |   y = sum(log(-x**2))" in ran.err and "hint: " in ran.err

    def refuse(problem: object) -> None:
        raise Refused("nobody knows", part="a", verb="gradients")

    monkeypatch.setattr("solgen.build.pipeline.derive", refuse)
    ran = solgen("check", put(logs.replace("title: T", "title: U")))
    assert ran.code == 2 and "p.yaml:7:13: error[refused]" in ran.err and "7 |     solve: {gradients: x}" in ran.err
    assert "hint: ask for something near it" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chek",), "Did you mean 'check'"),
        (("check", "--jsn"), "--json"),
        (("export", "p.yaml", "--to", "nmpy"), "numpy"),
        (("check", "nowhere"), "does not exist"),
        (("build",), "solgen new"),
        (("show", "nowhere.yaml"), "nowhere.yaml"),
        (("build", "p.yaml", "--tex", "nowhere/pdflatex"), "nowhere/pdflatex"),
    ],
)
def test_usage_errors(solgen, words: tuple[str, ...], said: str) -> None:
    put(TANH_NET)
    ran = solgen(*words)
    assert ran.code in (2, 3) and said in ran.err


def test_a_folder_of_several_problems_is_no_export(solgen) -> None:
    Path("two").mkdir()
    put(TANH_NET, "two/a.yaml"), put(TANH_NET, "two/b.yaml")
    ran = solgen("export", "two")
    assert ran.code == 2 and "two/a.yaml" in ran.err


def test_files_that_cannot_be_read(solgen) -> None:
    Path("broken.yaml").write_bytes(b"\xff\xfe\x00")
    Path("folder.yaml").mkdir()
    Path("loop.yaml").symlink_to("loop.yaml")
    for name in ("broken.yaml", "folder.yaml", "loop.yaml"):
        ran = solgen("check", name)
        assert ran.code == 2 and "error[" in ran.err, name


def test_over_several_sets_bad_input_is_the_gravest_and_the_rest_is_checked(solgen) -> None:
    put(TANH_NET, "good.yaml"), put(FIVE_MISTAKES, "bad.yaml")
    ran = solgen("check", "good.yaml", "bad.yaml")
    assert ran.code == 2 and "good.yaml" in ran.out and "equalities hold" in ran.out


# ---------------------------------------------------------------- processes


def test_a_terminal_without_unicode_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TANH_NET)
    out, err = process("show", "p.yaml", cwd=tmp_path, PYTHONIOENCODING="ascii", CI="true").communicate(timeout=60)
    assert "\\u2202L" in out and err == ""


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TANH_NET)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "solgen", "export", "p.yaml"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE,
            text=True, env=os.environ | {"PYTHONPATH": str(ROOT), "SOLGEN_CACHE": str(tmp_path)}, check=False,
        )  # fmt: skip
    assert done.returncode == 2 and "No space left" in done.stderr and "Traceback" not in done.stderr


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TANH_NET)
    running = process("export", "p.yaml", cwd=tmp_path, CI="true")
    assert running.stdout and running.stderr
    running.stdout.close()
    assert running.stderr.read() == ""
    running.stderr.close()
    assert running.wait(60) == 141


def test_an_interrupt_ends_without_a_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "problems"
    folder.mkdir()
    for k in range(40):
        (folder / f"p{k:02}.yaml").write_text(TANH_NET.replace("Two layers", f"Net {k}"))
    with process("check", cwd=tmp_path) as running:
        assert running.stderr and running.stderr.readline().startswith("40 sets")
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        assert (running.stderr.read(), running.wait(30)) == ("Interrupted.\n", 130)


def test_continuous_integration_sees_no_progress(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TANH_NET)
    _, err = process("check", "p.yaml", cwd=tmp_path, CI="true").communicate(timeout=60)
    assert err == ""
