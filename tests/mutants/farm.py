"""Many mutants, each in a child of this process: what it breaks is gone with it."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from selectors import EVENT_READ, DefaultSelector
from typing import TypeVar

T = TypeVar("T")
MEMORY = 4 << 30


class Late(BaseException):
    """Work did not come to an end."""


def farmed(tasks: Sequence[Callable[[], T]], workers: int) -> Iterator[tuple[int, T]]:
    """What each task returns, with its number, in the order in which they end."""
    waiting = list(enumerate(tasks))[::-1]
    with DefaultSelector() as running:
        while waiting or running.get_map():
            while waiting and len(running.get_map()) < workers:
                number, task = waiting.pop()
                read, process = _started(task)
                running.register(read, EVENT_READ, (number, process, bytearray()))
            for key, _ in running.select():
                number, process, gathered = key.data
                piece = os.read(key.fd, 1 << 16)
                gathered += piece
                if not piece:
                    running.unregister(key.fd)
                    os.close(key.fd)
                    _, state = os.waitpid(process, 0)
                    if not gathered:
                        raise RuntimeError(f"task {number} gave no answer (state {state})")
                    yield number, pickle.loads(bytes(gathered))


def _started(task: Callable[[], T]) -> tuple[int, int]:
    """A pipe and the child that writes what the task returns to it."""
    read, write = os.pipe()
    process = os.fork()
    if process:
        os.close(write)
        return read, process
    os.close(read)
    try:
        with os.fdopen(write, "wb") as out:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            out.write(pickle.dumps(task()))
    except BaseException:  # noqa: BLE001 - whatever it is, the child must not run on as a second parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def quiet(task: Callable[[], T]) -> T:
    """What a task returns; what it and its own children print goes nowhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = (os.dup(1), os.dup(2))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in (1, 2):
            os.dup2(nowhere, number)
        return task()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, old in zip((1, 2), kept, strict=True):
            os.dup2(old, number)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises Late where what is done inside takes more seconds of the processor's time."""
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def limited_by_clock(seconds: float) -> Iterator[None]:
    """Raises Late where what is done inside takes more seconds, waiting included; again and again until it ends."""
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 5.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(number: int, frame: object) -> None:
    raise Late


def lines_run(work: Callable[[], object], folder: str) -> frozenset[tuple[str, int]]:
    """The lines of the files in a folder that run while `work` is done."""
    seen: set[tuple[str, int]] = set()

    def local(frame: object, event: str, _: object) -> object:
        seen.add((frame.f_code.co_filename, frame.f_lineno))  # type: ignore[attr-defined]
        return local

    def called(frame: object, event: str, _: object) -> object:
        return local if frame.f_code.co_filename.startswith(folder) else None  # type: ignore[attr-defined]

    sys.settrace(called)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(None)
    return frozenset(seen)
