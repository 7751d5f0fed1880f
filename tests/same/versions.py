"""The outputs of one version of solgen: of a checkout, or of a commit; kept by everything they were made from."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path

import platformdirs

ROOT = Path(__file__).parents[2]
DRIVER = "tests/same/driver.py"
MADE_FROM = ("solgen", "templates")  # the folders of a version that its outputs depend on
KEPT = 24  # sets of outputs, a few MB each; those not used for the longest time go


class Unusable(Exception):
    """Nothing can be compared: the commit is unknown, or the driver could not be run."""


def outputs_of_tree(sets: Sequence[str], workers: int) -> dict[str, str]:
    """What the working tree makes of the sets."""
    return _outputs(ROOT, ROOT / DRIVER, sets, workers)


def outputs_of_commit(commit: str, sets: Sequence[str], workers: int) -> dict[str, str]:
    """What a commit makes of the same sets, those of the working tree; with its own driver where it has one."""
    own = subprocess.run(_git("cat-file", "-e", f"{commit}:{DRIVER}"), capture_output=True, check=False).returncode == 0
    files = _asked("archive", commit, *MADE_FROM, *([DRIVER] if own else []))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(("tar", "-x", "-C", folder), input=files, check=True)
        return _outputs(Path(folder), (Path(folder) if own else ROOT) / DRIVER, sets, workers)


def base_commit(named: str) -> str:
    """The commit to compare with: the one that was named, else where this branch left `main`."""
    found = _asked("rev-parse", "--verify", f"{named}^{{commit}}") if named else _asked("merge-base", "main", "HEAD")
    return found.decode().strip()


def _asked(*words: str) -> bytes:
    """What git answers; raises Unusable with its complaint."""
    done = subprocess.run(_git(*words), capture_output=True, check=False)
    if done.returncode:
        raise Unusable(done.stderr.decode().strip())
    return done.stdout


def _git(*words: str) -> tuple[str, ...]:
    return ("git", "-C", str(ROOT), "-c", f"safe.directory={ROOT}", *words)


# ---------------------------------------------------------------- made, or kept from before


def _outputs(version: Path, driver: Path, sets: Sequence[str], workers: int) -> dict[str, str]:
    kept = _store() / f"{_key(version, driver, sets)}.zip"
    with _alone(kept.with_suffix(".lock")):
        if not kept.exists():
            with tempfile.TemporaryDirectory() as folder:
                _keep(made(version, Path(folder), sets, workers, driver), kept)
            _prune(kept.parent)
    os.utime(kept)
    with zipfile.ZipFile(kept) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Nobody else makes the same at the same time: who comes second waits, and finds it made."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def made(
    version: Path, folder: Path, sets: Sequence[str], workers: int, driver: Path = ROOT / DRIVER
) -> dict[str, str]:
    """What the solgen of a version makes of sets of the working tree, written into a folder on the way.

    Raises Unusable where the driver does not fit the version.
    """
    command = (sys.executable, "-P", str(driver), str(folder), str(workers), *sets)
    environment = os.environ | {"PYTHONPATH": str(version)}
    with tempfile.TemporaryDirectory() as name:  # where the templates of the working tree are not those of a course
        for top in sorted({Path(each).parts[0] for each in sets}):
            (Path(name) / top).symlink_to(ROOT / top)
        done = subprocess.run(command, cwd=name, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Unusable(f"{driver} ended with exit code {done.returncode}")
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in _files(folder)}


def _key(version: Path, driver: Path, sets: Sequence[str]) -> str:
    """The SHA-256 of all that decides about the outputs: program, driver, sets, Python and its packages."""
    whole = hashlib.sha256()
    installed = sorted(f"{d.name} {d.version}" for d in distributions())
    for text in (sys.version, *installed, *sets):
        whole.update(text.encode() + b"\0")
    whole.update(driver.read_bytes())
    for folder in (*(version / name for name in MADE_FROM), *(ROOT / name for name in sets)):
        for path in _files(folder):
            whole.update(f"{path.relative_to(folder)}".encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _files(place: Path) -> Iterator[Path]:
    """All files of a folder but compiled ones, in one order; a file is its own only one."""
    found = sorted(place.rglob("*")) if place.is_dir() else [place]
    return (path for path in found if path.is_file() and "__pycache__" not in path.parts)


def _store() -> Path:
    return Path(os.environ.get("SOLGEN_CACHE") or platformdirs.user_cache_dir("solgen")) / "same"


def _keep(outputs: dict[str, str], place: Path) -> None:
    """All outputs as an archive, whole or not at all."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in outputs.items():
            archive.writestr(name, text)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as sink:
        sink.write(whole.getvalue())
    os.replace(sink.name, place)


def _prune(folder: Path) -> None:
    kept = sorted(folder.glob("*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEPT:]:
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)
