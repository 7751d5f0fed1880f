"""Proofs kept: what a second engine made of a problem's answers, by the problem's mathematics.

Nothing slow is imported here: what came of a set depends on what is proved of its problems, and is recalled before
anything is read (`solgen.build.set_cache`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from solgen.build.cache import Store, digest
from solgen.build.outcome import load_proof
from solgen.model.verdict import Proof


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a problem's answers, and how many seconds were spent at most on what is out of reach."""

    seconds: float
    proofs: tuple[Proof, ...]

    @property
    def settled(self) -> tuple[Proof, ...]:
        """What more time would not change: what is proved, or disproved."""
        return tuple(p for p in self.proofs if p.verdict != "out of reach")

    def suffices(self, seconds: float) -> bool:
        """Whether so many seconds would not settle more."""
        return self.seconds >= seconds or len(self.settled) == len(self.proofs)


def kept_proofs(key: str, store: Store) -> Kept | None:
    """What was found before, if anything."""
    data = store.get(key) if key else None
    if data is None:
        return None
    row = json.loads(data)
    return Kept(row["seconds"], tuple(map(load_proof, row["proofs"])))


def keep_proofs(key: str, found: Kept, store: Store) -> None:
    """Keep what was found for the next time."""
    store.put(key, json.dumps(asdict(found)).encode())


def settled_proofs(key: str, store: Store) -> tuple[Proof, ...]:
    """What is proved or disproved under a key; nothing where nothing was tried."""
    found = kept_proofs(key, store)
    return found.settled if found else ()


def settled_digest(key: str, store: Store) -> str:
    """What tells two states of knowledge apart."""
    return digest(*(json.dumps(asdict(proof), sort_keys=True) for proof in settled_proofs(key, store)))
