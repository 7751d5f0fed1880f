"""Confining a thread, and the processes it starts, to named folders: Linux's Landlock.

pdfTeX's own `openin_any = p` guards `\\input` and images but not `\\pdfobj file` or glyph files, so the
kernel is asked as well.  The restriction belongs to the calling *thread* and is inherited by what
it starts; a throwaway thread therefore confines a child without code between fork and exec.  Where
the kernel has no Landlock nothing happens here, and `run` still audits what was read.

Source: Linux, Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

# The same numbers on every architecture that has Landlock.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_RULE_PATH_BENEATH = 1
_VERSION_FLAG = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FIRST_ABI = (1 << 13) - 1  # every access right of the first version
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE  # those a rule on a single file may name


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def is_supported() -> bool:
    """Does this kernel confine threads?"""
    return _version() >= 1


def confine_thread(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """From now on this thread and its children reach only the named files and folders.

    Paths that do not exist are passed over.  Returns False, with nothing restricted, where the
    kernel cannot; it cannot be undone, so call it in a thread made for the purpose.
    """
    version = _version()
    if version < 1:
        return False
    handled = _rights_of(version)
    ruleset = _call(_CREATE_RULESET, ctypes.byref(ctypes.c_uint64(handled)), ctypes.c_size_t(8), ctypes.c_uint(0))
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, _READING)
        for path in writable:
            _allow(ruleset, path, handled)
        no_new_privileges = _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        return no_new_privileges and _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0)) == 0
    finally:
        os.close(ruleset)


def _rights_of(version: int) -> int:
    return _FIRST_ABI | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = access if path.is_dir() else access & _FILE_RIGHTS
        rule = _PathBeneath(rights, handle)
        _call(
            _ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_int(_RULE_PATH_BENEATH),
            ctypes.byref(rule),
            ctypes.c_uint(0),
        )
    finally:
        os.close(handle)


def _version() -> int:
    if sys.platform != "linux":
        return 0
    return _call(_CREATE_RULESET, ctypes.c_void_p(None), ctypes.c_size_t(0), ctypes.c_uint(_VERSION_FLAG))


def _call(number: int, *arguments: object) -> int:
    return int(_libc().syscall(ctypes.c_long(number), *arguments))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
