"""A process that can do nothing but its work: its folder, its time, its memory, its output.

Limits of the kernel are set by a shell that then becomes the program (`exec`), so that no Python
runs between fork and exec; folders are limited by `landlock`, from a throwaway thread.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solgen.tex import landlock

MEMORY = 1 << 30  # bytes of address space; a run of ours needs about 200 MB
BUSY = 10  # seconds of a processor; a pass of ours needs about one, however many others run beside it
FILE_SIZE = 1 << 27  # bytes of any one file that is written
OUTPUT_SHOWN = 1 << 22  # bytes of terminal output that are read back

# What every dynamically linked program needs; the shell sets the limits.
_SYSTEM = tuple(
    Path(p) for p in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/bin/sh", "/usr/bin/dash")
)
_LIMITS = (  # the soft limit of time first: it tells the program why, the hard one kills
    'ulimit -c 0; ulimit -v "$1" 2>/dev/null; ulimit -f "$2"; '
    'ulimit -S -t "$3"; ulimit -H -t $(($3 + 1)); shift 3; exec "$@"'
)


@dataclass(frozen=True, slots=True)
class SealedRun:
    """How a process ended: its code (negative: the signal), and what it printed."""

    returncode: int
    timed_out: bool
    output: str


def run_sealed(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    readable: Sequence[Path],
    timeout: float,
) -> SealedRun:
    """Run `command` in `folder`, reading besides only `readable`, for at most `timeout` seconds.

    Standard output and error go to a file without a name; the whole process group
    is killed at the limit.  Raises OSError when the program cannot be started.
    """
    answers: list[SealedRun | OSError] = []
    with open(os.devnull, "rb") as nothing, tempfile.TemporaryFile() as sink:

        def work() -> None:
            landlock.confine_thread((*_SYSTEM, *readable), (folder, Path(os.devnull)))
            try:
                process = subprocess.Popen(
                    _limit(command, timeout), cwd=folder, env=environment, stdin=nothing, stdout=sink,
                    stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
            except OSError as trouble:
                answers.append(trouble)
                return
            answers.append(_await(process, timeout))

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        sink.seek(0)
        output = sink.read(OUTPUT_SHOWN).decode(errors="replace")
    (answer,) = answers
    if isinstance(answer, OSError):
        raise answer
    return SealedRun(answer.returncode, answer.timed_out, output)


def _limit(command: Sequence[str], timeout: float) -> list[str]:
    if os.name != "posix":
        return list(command)
    seconds = min(math.ceil(timeout) + 1, BUSY)
    return [
        "/bin/sh",
        "-c",
        _LIMITS,
        "sh",
        str(MEMORY // 1024),
        str(FILE_SIZE // 512),
        str(seconds),
        *command,
    ]


def _await(process: subprocess.Popen[bytes], timeout: float) -> SealedRun:
    try:
        return SealedRun(process.wait(timeout), False, "")
    except subprocess.TimeoutExpired:
        return SealedRun(_kill_group(process), True, "")


def _kill_group(process: subprocess.Popen[bytes]) -> int:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)  # it leads its own session, so this is its group
    else:
        process.kill()
    return process.wait()
