"""A course's repository, set up as the README says: its pre-commit hook and its workflow, on a clone with a tag.

The hook and the steps run as printed. Only what a network gives comes from this machine: the repository under its
tag, and what solgen needs, from the environment of the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from solgen import __version__
from tests.test_house import kept_files

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROBLEM, _, WORKFLOW, HOOKS = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


(SOLGEN,) = load(HOOKS)["repos"]
STEPS = [step for step in load(WORKFLOW)["jobs"]["solutions"]["steps"] if "run" in step]


def run(command: list[str], cwd: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=dict(environment), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )


def did(command: list[str], cwd: Path, environment: Mapping[str, str]) -> str:
    """The output of a command that must succeed."""
    done = run(command, cwd, environment)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without a network: at the README's address git finds the clone, and pip takes what is here."""
    place = tmp_path_factory.mktemp("machine")
    libraries = place / "libraries"
    libraries.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not re.match(r"pip\b|\W*solgen|.*\.pth$|__", path.name):  # each environment has its own
            (libraries / path.name).symlink_to(path)
    (place / ".gitconfig").write_text(
        "[user]\nname = A. Teacher\nemail = teacher@example.org\n[init]\ndefaultBranch = main\n"
        f'[safe]\ndirectory = *\n[url "{(place / "solgen").as_uri()}"]\ninsteadOf = {SOLGEN["repo"]}\n'
    )
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PIP_", "PYTEST", "XDG_"))
    }
    environment = kept | {
        "HOME": str(place),
        "PRE_COMMIT_HOME": str(place / "hooks"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_COMPILE": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads the value as that of build isolation
        "PYTHONPATH": str(libraries),
        "SOLGEN_REPOSITORY": (place / "solgen").as_uri(),
    }
    _tag_a_clone(place / "solgen", environment)
    return environment


def _tag_a_clone(clone: Path, environment: Mapping[str, str]) -> None:
    """The files of this checkout as they are, committed, under the tag that the README names."""
    for path in kept_files():
        target = clone / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    tag = ["git", "tag", SOLGEN["rev"]]
    for command in (["git", "init", "-q"], ["git", "add", "-A"], ["git", "commit", "-q", "-m", "A version"], tag):
        did(command, clone, environment)


@pytest.fixture
def course(machine: dict[str, str], tmp_path: Path) -> Path:
    """A repository with the README's problem and its configuration of hooks."""
    (tmp_path / "problems").mkdir()
    (tmp_path / "problems/first.yaml").write_text(PROBLEM)
    (tmp_path / ".pre-commit-config.yaml").write_text(HOOKS)
    did(["git", "init", "-q"], tmp_path, machine)
    did(["git", "add", "-A"], tmp_path, machine)
    return tmp_path


def test_the_tag_is_this_version() -> None:
    assert SOLGEN["rev"] == f"v{__version__}"


def test_the_hook_lets_what_is_right_pass_and_stops_what_is_wrong(machine: dict[str, str], course: Path) -> None:
    hooks = [sys.executable, "-m", "pre_commit", "run"]
    environment = machine | {"SOLGEN_CACHE": str(course / ".git/cache")}
    assert re.search(r"^solgen check\.+Passed$", did(hooks, course, environment), re.MULTILINE)
    place = course / "problems/first.yaml"
    place.write_text(PROBLEM + "    expect: {dL/dW: 'outer(y - p, x)'}\n")
    did(["git", "add", "-A"], course, environment)
    stopped = run(hooks, course, environment)
    assert stopped.returncode == 1
    assert "problems/first.yaml:19:" in stopped.stdout and "error[not-equal]" in stopped.stdout


def test_the_workflow_makes_what_it_uploads(machine: dict[str, str], course: Path, with_tex: Path) -> None:
    runner = course / ".git/python"
    did([sys.executable, "-m", "virtualenv", "-q", "--no-periodic-update", str(runner)], course, machine)
    path = f"{runner / 'bin'}{os.pathsep}{machine['PATH']}"
    for step in STEPS:
        given = {name: _filled(value, machine) for name, value in step.get("env", {}).items()}
        did(["bash", "-e", "-c", step["run"]], course, machine | {"PATH": path, "SOLGEN_CACHE": str(with_tex)} | given)
    assert f"solgen {__version__}" in did([str(runner / "bin/solgen"), "--version"], course, machine)
    (upload,) = (
        step["with"] for step in load(WORKFLOW)["jobs"]["solutions"]["steps"] if "upload" in step.get("uses", "")
    )
    assert {p.name for p in (course / upload["path"]).glob("first/*.pdf")} == {
        "solutions.pdf",
        "handout.pdf",
        "key.pdf",
    }


def _filled(value: str, machine: Mapping[str, str]) -> str:
    """A value as the runner fills it in: `${{ vars.NAME }}` is a variable of the repository."""
    return re.sub(r"\$\{\{ vars\.(\w+) \}\}", lambda name: machine[name[1]], value)
