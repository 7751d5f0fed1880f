"""Fetching Debian packages as an ordinary user, with the package manager's own client.

`apt-get download` checks every file against the signed lists; `dpkg-deb` unpacks.  Neither needs
root when the folders apt writes to are ours: its package cache always is, its lists are when the
system's are missing or stale.  Nothing is installed and no system file is touched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from solgen.errors import EngineError

Progress = Callable[[str, float], None]

DEADLINE = 900.0  # seconds for one call of the client; a slow line needs minutes, a dead one must end


@dataclass(frozen=True, slots=True)
class Package:
    """One version of a package as the lists know it; `size` in bytes of the archive."""

    name: str
    version: str
    size: int


@dataclass(frozen=True, slots=True)
class Client:
    """apt with its caches in `folder`, and with its lists there too where `own_lists`."""

    folder: Path
    own_lists: bool

    def options(self) -> tuple[str, ...]:
        """Options for apt-get and apt-cache that keep every write inside `folder`."""
        settings = [
            f"Dir::Cache={self.folder / 'cache'}", "APT::Sandbox::User=root", "Debug::NoLocking=1",
            "Acquire::Languages=none", "Acquire::Retries=2", "Acquire::http::Timeout=30",
            "Acquire::https::Timeout=30",
        ]  # fmt: skip
        if self.own_lists:
            settings.append(f"Dir::State::lists={self.folder / 'lists'}")
        return tuple(part for setting in settings for part in ("-o", setting))


def available() -> bool:
    """Is this a system whose packages can be fetched and unpacked without root?"""
    return all(shutil.which(name) for name in ("apt-get", "apt-cache", "dpkg-deb"))


def fetch(choices: tuple[tuple[str, ...], ...], folder: Path, progress: Progress) -> tuple[Path, ...]:
    """Download one package of each choice into `folder`, and return the archives' paths.

    The system's lists serve if they know the packages and the files are still there; else fresh
    lists are fetched into `folder`.  Raises EngineError with the client's own words.
    """
    for sub in ("cache/archives/partial", "lists/partial", "debs"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    first = Client(folder, own_lists=False)
    found = _choose(first, choices)
    if all(found) and not _download(first, _drop_unknown(found), folder / "debs", progress):
        return _archives(folder)
    return _fetch_with_own_lists(choices, folder, progress)


def _fetch_with_own_lists(choices: tuple[tuple[str, ...], ...], folder: Path, progress: Progress) -> tuple[Path, ...]:
    client = Client(folder, own_lists=True)
    shutil.rmtree(folder / "debs")  # what a failed first attempt left
    (folder / "debs").mkdir()
    progress("package lists", 0.0)
    update = _run(("apt-get", *client.options(), "update"))
    progress("package lists", 1.0)
    found = _choose(client, choices)
    missing = [" or ".join(names) for names, package in zip(choices, found, strict=True) if package is None]
    if missing:
        named = ", ".join(missing) if len(missing) < len(choices) else "any of the TeX packages"
        raise EngineError(
            f"the package lists do not offer {named}{_words(update.stderr)}; "
            "is the network reachable, and are there package sources in /etc/apt?"
        )
    complaint = _download(client, _drop_unknown(found), folder / "debs", progress)
    if complaint:
        raise EngineError(f"the TeX packages could not be downloaded{complaint}; is the network reachable?")
    return _archives(folder)


def unpack(archive: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """The members of a package with their bytes, streamed: nothing is written here."""
    command = ("dpkg-deb", "--fsys-tarfile", str(archive))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as members:
                for member in members:
                    yield member, members.extractfile(member) if member.isreg() else None
        except tarfile.TarError as trouble:
            raise EngineError(f"dpkg-deb could not unpack {archive.name}: {trouble}") from trouble
        process.stdout.read()  # the padding at the end, or dpkg-deb dies of a broken pipe
    if process.returncode:
        raise EngineError(f"dpkg-deb could not unpack {archive.name}")


def _choose(client: Client, choices: tuple[tuple[str, ...], ...]) -> tuple[Package | None, ...]:
    names = [name for choice in choices for name in choice]
    shown = _run(("apt-cache", *client.options(), "show", "--no-all-versions", *names)).stdout
    known = {package.name: package for package in map(_package, shown.split("\n\n")) if package}
    return tuple(next((known[n] for n in choice if n in known), None) for choice in choices)


def _package(record: str) -> Package | None:
    fields = dict(re.findall(r"^(Package|Version|Size): (\S+)", record, re.MULTILINE))
    if fields.keys() != {"Package", "Version", "Size"}:
        return None
    return Package(fields["Package"], fields["Version"], int(fields["Size"]))


def _drop_unknown(found: tuple[Package | None, ...]) -> tuple[Package, ...]:
    return tuple(package for package in found if package is not None)


def _download(client: Client, packages: tuple[Package, ...], target: Path, progress: Progress) -> str:
    """Download into `target`; the empty string, or the client's complaint when it failed."""
    total = sum(package.size for package in packages)
    names = [f"{package.name}={package.version}" for package in packages]
    report = client.folder / "download.txt"
    with report.open("wb") as sink:
        process = subprocess.Popen(
            ("apt-get", *client.options(), "download", *names),
            cwd=target, env=_environment(), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
        )  # fmt: skip
        finished = _watch(process, target, total, progress)
    if finished and process.returncode == 0:
        return ""
    text = report.read_text(errors="replace")
    return _words(text) if finished else f" within {DEADLINE:.0f} s"


def _watch(process: subprocess.Popen[bytes], target: Path, total: int, progress: Progress) -> bool:
    start = time.monotonic()
    while process.poll() is None:
        if time.monotonic() - start > DEADLINE:
            process.kill()
            process.wait()
            return False
        progress("download", min(1.0, _size(target) / max(total, 1)))
        time.sleep(0.1)
    progress("download", 1.0)
    return True


def _size(folder: Path) -> int:
    try:
        return sum(entry.stat().st_size for entry in os.scandir(folder))
    except FileNotFoundError:  # a file renamed under our eyes: the next look will see it
        return 0


def _archives(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted((folder / "debs").glob("*.deb")))


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}


def _run(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", env=_environment(),
            stdin=subprocess.DEVNULL, timeout=DEADLINE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise EngineError(f"{command[0]} did not finish within {DEADLINE:.0f} s") from late


def _words(text: str) -> str:
    lines = [line[3:].strip() for line in text.splitlines() if line.startswith(("E: ", "W: "))]
    return f" ({lines[0]})" if lines else ""
