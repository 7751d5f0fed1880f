"""The README's commands on fresh systems: `make elsewhere`, and `elsewhere-short` for continuous integration.

In each bare root both commands run as an ordinary user; then the LaTeX that they made is compared over all systems, for
it must not depend on the system's Python or TeX. What is tried is the last commit of this checkout.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.elsewhere import roots
from tests.elsewhere.roots import USER, System

OWN_TEX = ("texlive-latex-extra", "texlive-fonts-recommended", "texlive-pictures", "tex-gyre", "lmodern")
PDF = ("make pdf",)
SYSTEMS = (
    System("Debian 12", "bookworm"),
    System("Debian 13", "trixie"),
    System("Debian testing", "testing"),
    System("Debian testing, without /dev/shm", "testing", shared_memory=False, commands=PDF),
    System("Debian 13 with its own TeX", "trixie", packages=OWN_TEX, commands=PDF),
)
SHORT = (replace(SYSTEMS[1], commands=PDF), SYSTEMS[3])
LOGS = Path("build/elsewhere")
TAIL = 25  # lines of a failed command that are shown


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one system: whether all went well, and the digest of each LaTeX source."""

    system: System
    well: bool
    sources: tuple[tuple[str, str], ...]


def main(words: Sequence[str]) -> int:
    """0 where all went well, 1 where a command failed or the LaTeX differs, 2 where a root could not be made.

    `--short` tries `make pdf` alone, on the systems that most differ from ours; `--where-possible` makes the last 0.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    tried: list[Tried] = []
    try:
        roots.require_roots()
        for system in SHORT if "--short" in words else SYSTEMS:
            print(f"{system.name}: making it", flush=True)
            tried.append(try_out(system))
    except roots.NoRoot as reason:
        print(f"NOT TRIED ELSEWHERE: {reason}.", file=sys.stderr)
        if all(t.well for t in tried):
            return 0 if "--where-possible" in words else 2
    differing = sorted(_differing(tried))
    for name in differing:
        print(f"{name}: another LaTeX than on {tried[0].system.name}")
    return 0 if all(t.well for t in tried) and not differing else 1


def try_out(system: System) -> Tried:
    """Make the system, run its commands in it, remove it; what they printed is kept in build/elsewhere/."""
    with tempfile.TemporaryDirectory(prefix="solgen-elsewhere-") as making:
        folder = Path(making) / "root"
        roots.make_root(system, folder)
        well = True
        for command in system.commands:
            done = roots.run(system, folder, USER, command)
            print(f"{system.name}: `{command}` {_ending(done)}", flush=True)
            (LOGS / f"{_slug(system.name)}-{_slug(command)}.log").write_text(done.output)
            if done.code:
                well = False
                print("\n".join(done.output.splitlines()[-TAIL:]), file=sys.stderr)
        print(f"{system.name}: {_summary(system, folder)}", flush=True)
        return Tried(system, well, tuple(_sources(folder / "home" / USER / "solgen" / "output")))


def _ending(done: roots.Run) -> str:
    return f"{'went well' if not done.code else f'FAILED with exit code {done.code}'} in {done.seconds:.0f} s"


def _summary(system: System, folder: Path) -> str:
    """What the doctor says there in a line, and how large environment and TeX have become."""
    doctor = roots.run(system, folder, USER, ".venv/bin/python -m solgen doctor; du -sh .venv ~/.cache/solgen/tex")
    said = [line for line in doctor.output.splitlines() if line.startswith(("system", "Python", "TeX")) or "\t" in line]
    return "; ".join(" ".join(line.split()) for line in said)


def _sources(output: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(output.rglob("*.tex")):
        yield path.relative_to(output).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def _differing(tried: Sequence[Tried]) -> set[str]:
    """The LaTeX sources that are not the same, or not there, on every system."""
    first = set(tried[0].sources)
    return {name for one in tried[1:] for name, _ in first ^ set(one.sources)}


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
