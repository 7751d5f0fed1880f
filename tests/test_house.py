"""The house itself: what it imports, what it ships, what its files may not contain."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SLOW = ("sympy", "matplotlib", "numpy", "pydantic", "jinja2", "flint")
MAX_LINES = 400

# Written in pieces, or this file would be its own first offender.
HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "deb." + "debian.org",
    "archive." + "ubuntu.com",
    "npm" + "js.org",
)
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:wo" r"rk|ro" r"ot|ho" r"me/\w+|Us" r"ers/\w+)/[\w.]")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The standard output of a command that must succeed."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def kept_files() -> list[Path]:
    """What git tracks or would track; a checkout owned by somebody else is read all the same."""
    git = (
        "git",
        "-c",
        f"safe.directory={ROOT}",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    )
    names = run(*git, cwd=ROOT).split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The text of a file, or nothing when it is a picture."""
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode(errors="replace")


def modules() -> list[Path]:
    return sorted((ROOT / "solgen").rglob("*.py"))


def inner_imports(tree: ast.AST) -> Iterator[str]:
    """The modules imported inside functions."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    yield node.module or ""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel; the backend is a test dependency, so no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("solgen-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content, as an installer would unpack it."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_help_imports_nothing_slow() -> None:
    code = (
        "import json, sys\n"
        "sys.argv = ['solgen', '--help']\n"
        "from solgen.cli import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code, done.code\n"
        f"print(json.dumps([name for name in {SLOW!r} if name in sys.modules]))\n"
    )
    out = run(sys.executable, "-c", code, cwd=ROOT)
    assert "build" in out
    assert json.loads(out.splitlines()[-1]) == []


def test_importing_the_package_imports_none_of_its_rooms() -> None:
    code = "import sys, solgen; print([m for m in sys.modules if m.startswith('solgen.')])"
    assert run(sys.executable, "-c", code, cwd=ROOT).strip() == "[]"


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in kept_files()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if any(host in line for host in HOSTS) or MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("line", ["see /wo" + "rk/main/x", "'/ro" + "ot/.cache'", "at /ho" + "me/ann/solgen"])
def test_a_machine_path_is_recognised(line: str) -> None:
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize("line", ["a frame/wo" + "rk/x", "~/ro" + "ot/x", "build/ho" + "me/x", "gradients / wo" + "rk"])
def test_ordinary_text_is_no_machine_path(line: str) -> None:
    assert not MACHINE_PATH.search(line)


def test_long_modules_say_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {len(text.splitlines())} lines; its docstring must say 'Long because …'"
        for path in modules()
        if len((text := path.read_text()).splitlines()) > MAX_LINES
        and "long because" not in (ast.get_docstring(ast.parse(text)) or "").lower()
    ]
    assert silent == []


def test_every_module_says_what_it_is() -> None:
    assert [
        str(path.relative_to(ROOT)) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))
    ] == []


def test_only_slow_imports_hide_in_functions() -> None:
    """The command line may also put off the whole program, so that `--help` answers at once; and a node is printed by
    means of the table, which is made of nodes.
    """
    hidden = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules()
        for name in inner_imports(ast.parse(path.read_text()))
        if name.split(".")[0] not in SLOW and not (path.name == "cli.py" and name.startswith("solgen."))
        if (path.relative_to(ROOT).as_posix(), name) != ("solgen/expr/nodes.py", "solgen.expr.text")
    ]
    assert hidden == []


def test_every_folder_of_modules_is_a_package() -> None:
    assert [path.parent for path in modules() if not (path.parent / "__init__.py").exists()] == []


def test_tests_mirror_the_house() -> None:
    house, tests = ROOT / "solgen", ROOT / "tests"
    folders = {path.parent.relative_to(tests) for path in tests.glob("*/**/test_*.py")}
    rooms = {path.parent.name for path in house.glob("*/__init__.py")}
    assert [str(folder) for folder in folders if not (house / folder).is_dir()] == []
    assert {folder.parts[0] for folder in folders} == rooms


def test_the_wheel_carries_templates_and_an_example(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    templates = {p.relative_to(ROOT / "templates").as_posix() for p in (ROOT / "templates").rglob("*") if p.is_file()}
    example = {p.name for p in (ROOT / "problems/residual-block").iterdir()}
    assert templates and example
    assert {f"solgen/_data/templates/{name}" for name in templates} <= names
    assert {f"solgen/_data/example/{name}" for name in example} <= names
    assert "solgen/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "output/"))]


def test_the_installed_package_reads_its_own_data(installed: Path, tmp_path: Path) -> None:
    code = (
        "from solgen.resources import example_dir, template_dir\n"
        "print(template_dir(), example_dir(), sep='\\n')\n"
        "assert list(template_dir().iterdir()) and list(example_dir().iterdir())\n"
    )
    places = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(installed)).splitlines()
    assert places == [str(installed / "solgen/_data/templates"), str(installed / "solgen/_data/example")]


def test_a_checkout_reads_the_top_level() -> None:
    code = "from solgen.resources import *; print(template_dir(), example_dir(), sep='\\n')"
    places = run(sys.executable, "-c", code, cwd=ROOT).splitlines()
    assert places == [str(ROOT / "templates"), str(ROOT / "problems/residual-block")]


def test_the_installed_package_makes_a_pdf_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    for words in (("new", "my-first"), ("build",)):
        run(sys.executable, "-m", "solgen", *words, cwd=tmp_path, PYTHONPATH=str(installed))
    (pdf,) = tmp_path.glob("output/*/solutions.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
