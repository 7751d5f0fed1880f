"""What a broken house is: one thing changed from outside, in a process of its own, never in the product."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper, cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way to break the house; `install` does it, in this process, for good.

    `group` is what is broken (a row, a function), `op` the row. `defines` says that the value of an
    operation changes, not only how it is differentiated.  `where` is the file and the lines that are changed.  `told`
    is what notices it where no problem can: it says what is wrong.
    """

    group: str
    label: str
    install: Callable[[], None]
    op: str = ""
    defines: bool = False
    where: tuple[str, frozenset[int]] = field(default=("", frozenset()))
    told: Callable[[], list[str]] | None = None

    @property
    def name(self) -> str:
        return f"{self.group}: {self.label}"


def forget(package: str = "solgen") -> None:
    """Everything that the house, or a package of it, remembers of what it computed before."""
    for found in _memories():
        if (found.__module__ or "").startswith(f"{package}."):
            found.cache_clear()


def ready() -> None:
    """Called before the first child is started: what a child needs to find is found, and stays shared with it."""
    _memories()
    gc.collect()
    gc.freeze()  # from here on no list of living objects is complete


@cache
def _memories() -> tuple[_lru_cache_wrapper[Any], ...]:
    found = (o for o in gc.get_objects() if isinstance(o, _lru_cache_wrapper))
    return tuple(o for o in found if (o.__module__ or "").startswith("solgen."))


def set_field(row: object, name: str, value: object) -> None:
    """A field of a frozen row, wherever the row is held."""
    object.__setattr__(row, name, value)


def replace_everywhere(old: Callable[..., Any], new: Callable[..., Any]) -> None:
    """A function of the house, under every name by which a module has imported it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("solgen."):
            for key, value in list(vars(module).items()):
                if value is old:
                    setattr(module, key, new)
