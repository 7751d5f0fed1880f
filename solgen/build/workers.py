"""Worker processes: started from a clean process that has loaded the house once, never from a fork of one with threads.

`warm` may be called before anything slow is imported, so that the house is loaded by the workers' parent and by this
process at the same time.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import active_children, forkserver, get_all_start_methods, get_context
from pathlib import Path
from threading import current_thread, main_thread

METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
LOADED = ["solgen.build.pipeline"]


@cache
def shares_memory() -> bool:
    """Whether processes here can share a lock, as workers must: some containers have no /dev/shm to write to."""
    try:
        get_context(METHOD).Lock()
    except (ImportError, OSError):
        return False
    return True


def warm() -> None:
    """Start the process that workers come from; it is deaf to an interrupt, which ends the workers through us."""
    if METHOD == "forkserver":
        get_context(METHOD).set_forkserver_preload(LOADED)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by what is started
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def defer_interrupts() -> Iterator[None]:
    """An interrupt waits until this is over: a worker that is half started would be ended by nobody.

    A signal mask would not do: the threads of a linear algebra library take the signal in our stead.
    """
    deaf = current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if deaf:  # only the main thread is interrupted, and in a background job not even that
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


@contextmanager
def crew(size: int, cwd: Path) -> Iterator[ProcessPoolExecutor]:
    """Workers in the folder `cwd`; whatever interrupts us ends them too."""
    warm()
    with ProcessPoolExecutor(size, get_context(METHOD), begin, (cwd,)) as pool:
        try:
            yield pool
        except BaseException:
            for process in active_children():  # first, or one that is starting would miss what it was to share
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def begin(cwd: Path) -> None:
    """A worker is where its maker is, and ends without a word when the terminal is interrupted."""
    os.chdir(cwd)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if METHOD == "forkserver":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
