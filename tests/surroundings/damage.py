"""`python -m tests.surroundings.damage`: what a build rests on is damaged, full, read-only, or the build is killed.

After each, the build is run again: it must make what a build with nothing wrong makes, and leave nothing temporary.
`--only entries|tree|refusing|kills`, `--every N` takes each N-th entry, `--kills N` so many moments.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from solgen.build.config import cache_folder
from solgen.scratch import is_temporary
from tests.surroundings.fuzz import SOUND

GRAPH = SOUND + b"  - prompt: Draw.\n    points: 1\n    solve: graph\n"
CHANGED = GRAPH.replace(b"title: A line", b"title: Another line").replace(b"Compute.", b"Work out.")
FULL = 2 << 20  # bytes that a file may have on a disk that is full: our pages have fewer, a preamble has more
WAYS = ("truncated", "flipped", "emptied", "replaced")


@dataclass(frozen=True, slots=True)
class Course:
    """A folder with one problem, its output, and a cache of its own, in which there is nothing but TeX."""

    folder: Path
    limits: Callable[[], None] | None = field(default=None)

    @property
    def cache(self) -> Path:
        return self.folder / ".cache"

    def write(self, text: bytes) -> None:
        (self.folder / "p.yaml").write_bytes(text)

    def start(self, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "solgen", "build", "p.yaml"], cwd=self.folder, text=True, start_new_session=True,
            env={**os.environ, "SOLGEN_CACHE": str(self.cache), "TMPDIR": str(self.folder / "tmp"), **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=self.limits,
        )  # fmt: skip

    def build(self) -> tuple[int, str]:
        process = self.start()
        told, _ = process.communicate(timeout=300)
        return process.returncode, told

    def made(self) -> dict[str, bytes]:
        """What lies in the output, without the manifest."""
        found = (self.folder / "output" / "p").glob("*")
        return {path.name: path.read_bytes() for path in found if path.name != ".solgen.json"}

    def left(self) -> list[str]:
        """Temporary files and folders, wherever they may be."""
        return [str(path) for path in self.folder.rglob("*") if is_temporary(path.name)]


def course(folder: Path, text: bytes = GRAPH) -> Course:
    """A new one, with this user's TeX."""
    made = Course(folder)
    for name in (".cache", "tmp"):
        (folder / name).mkdir(parents=True)
    if (cache_folder() / "tex").is_dir():
        (made.cache / "tex").symlink_to(cache_folder() / "tex")
    made.write(text)
    return made


def verdict(there: Course, right: dict[str, bytes], what: str) -> str:
    """How a build ends that should make what is right: `right`, `refused`, or as none may."""
    code, told = there.build()
    if "Traceback" in told or "error[internal]" in told:
        return f"TRACEBACK {what}: {told[-600:]}"
    if not code and there.made() != right:
        return f"WRONG at exit 0 {what}"
    if there.left():
        return f"LEFT BEHIND {what}: {there.left()}"
    return "refused" if code else "right"


# ---------------------------------------------------------------- what is damaged


def entries(folder: Path, every: int) -> Iterator[str]:
    """Each file of the cache but TeX, damaged four ways; then the set is built anew from it."""
    there = course(folder)
    there.build()
    right = there.made()
    whole = folder.with_name("whole")
    shutil.copytree(there.cache, whole, symlinks=True)
    files = sorted(p for p in whole.rglob("*") if p.is_file() and "tex" not in p.relative_to(whole).parts)
    chance = random.Random(1)
    for file in files[::every]:
        for way in WAYS:
            _restore(whole, there.cache)
            place = there.cache / file.relative_to(whole)
            place.write_bytes(_damaged(way, file, chance.choice(files), chance))
            shutil.rmtree(folder / "output", ignore_errors=True)
            yield verdict(there, right, f"{way} {file.relative_to(whole)}")


def _damaged(way: str, file: Path, other: Path, chance: random.Random) -> bytes:
    data = file.read_bytes()
    at = chance.randrange(max(1, len(data)))
    match way:
        case "truncated":
            return data[:at]
        case "flipped":
            return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :] if data else b"\1"
        case "emptied":
            return b""
        case _:
            return other.read_bytes()


def _restore(whole: Path, cache: Path) -> None:
    shutil.rmtree(cache)
    shutil.copytree(whole, cache, symlinks=True)


def tree(folder: Path, every: int) -> Iterator[str]:
    """Files of the private TeX tree, damaged; `doctor` must not call it usable, and no build may come out of it."""
    there = course(folder)
    there.build()
    right = there.made()
    link = there.cache / "tex"
    if not link.exists():
        return
    private = link.resolve()
    link.unlink()
    shutil.copytree(private, link, symlinks=True)
    (root,) = (path for path in link.iterdir() if (path / "manifest.json").is_file())
    manifest = json.loads((root / "manifest.json").read_bytes())
    names = ("manifest.json", "texmf/web2c/pdftex/pdflatex.fmt", "bin/pdftex", "texmf/ls-R", "texmf/web2c/texmf.cnf")
    fonts = [str(p.relative_to(root)) for p in sorted(root.rglob("*.pfb")) if "qpl" in p.name]
    assert manifest["contents"] and fonts
    chance = random.Random(2)
    for name in (*names, *fonts[:3])[::every]:
        data, stat = (root / name).read_bytes(), (root / name).stat()
        for way in ("truncated", "flipped", "emptied"):
            (root / name).write_bytes(_damaged(way, root / name, root / name, chance))
            shutil.rmtree(folder / "output", ignore_errors=True)
            there.write(GRAPH + f"# {name} {way}\n".encode())
            yield verdict(there, right, f"{way} {name}")
            if not (root / name).is_file() or (root / name).read_bytes() != data:
                (root / name).write_bytes(data)
            os.utime(root / name, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def refusing(folder: Path) -> Iterator[str]:
    """A cache that cannot be written, and a disk on which no file may be large: a build costs time, no more."""
    there = course(folder / "right")
    there.build()
    right = there.made()
    blocked = course(folder / "blocked")
    for name in ("made", "preambles", "fonts", "tried"):
        (blocked.cache / name).write_text("a file where a folder should be")
    yield verdict(blocked, right, "cache that cannot be written")
    full = course(folder / "full")
    yield verdict(Course(full.folder, _limit_files), right, "disk that is full")
    yield verdict(full, right, "disk that was full")


def _limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, FULL))


def kills(folder: Path, moments: int) -> Iterator[str]:
    """A build of changed files, killed at one moment after another: one output or the other, then the new one."""
    there = course(folder)
    there.build()
    old = there.made()
    there.write(CHANGED)
    begun = time.monotonic()
    there.build()
    new, lasted = there.made(), time.monotonic() - begun
    for moment in range(moments):
        shutil.rmtree(folder)
        there = course(folder)
        (folder / "output" / "p").mkdir(parents=True)
        for name, data in old.items():
            (folder / "output" / "p" / name).write_bytes(data)
        there.write(CHANGED)
        process = there.start()
        time.sleep(lasted * moment / moments)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        made = {name: data for name, data in there.made().items() if not is_temporary(name)}
        if made not in (old, new):
            yield f"MIXED after a kill at moment {moment} of {moments}"
        yield verdict(there, new, f"after a kill at moment {moment}")


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="solgen-damage-") as text:
        folder = Path(text)
        measured = {
            "entries": lambda: entries(folder / "entries", options.every),
            "tree": lambda: tree(folder / "tree", options.every),
            "refusing": lambda: refusing(folder / "refusing"),
            "kills": lambda: kills(folder / "kills", options.kills),
        }
        wrong = 0
        for name, found in measured.items():
            if options.only in ("", name):
                counted: Counter[str] = Counter()
                for one in found():
                    counted[one.split()[0]] += 1
                    if one not in ("right", "refused"):
                        print(one, flush=True)
                        wrong += 1
                print(f"{name}: {', '.join(f'{n} {how}' for how, n in counted.items())}", flush=True)
    return 1 if wrong else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.surroundings.damage", description=__doc__)
    parser.add_argument("--only", default="", choices=("", "entries", "tree", "refusing", "kills"))
    parser.add_argument("--every", type=int, default=1, help="each N-th entry")
    parser.add_argument("--kills", type=int, default=60, help="how many moments")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
