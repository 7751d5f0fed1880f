"""sympy differentiates the model entry by entry, and an answer that is the same is proved.

Each claim has an equal share of the time; what is left by those that need less goes to those that need more.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from sympy.core.cache import clear_cache

from solgen.model.verdict import Proof
from solgen.numeric.checks.test_points import conditions
from solgen.numeric.points.test_sizes import constants, least_sizes
from solgen.numeric.proving.claims import Claim
from solgen.numeric.proving.engines import Engine
from solgen.numeric.proving.prove import prove
from solgen.numeric.proving.reach import Disproved, OutOfReach

LEAST = 0.25  # seconds; with less left nothing is tried

Tell = Callable[[Proof], None]
Sizes = Callable[[Claim], dict[str, int]]


class OutOfTime(BaseException):
    """The share of one claim is used up; whatever was at work is given up, whoever would catch an error of it."""


def prove_all(claims: Collection[Claim], seconds: float, tell: Tell) -> None:
    """Each claim once, with an equal share of half of the time; then those that were too slow, at the least sizes."""
    start = time.process_time()
    try:
        slow = _round(tuple(claims), start + seconds / 2, tell, telling_sizes)
        for claim in _round(slow, start + seconds, tell, plain_sizes):
            tell(Proof(claim.step, "out of reach", plain_sizes(claim), why=f"{seconds:g} s were not enough"))
    finally:
        clear_cache()


def _round(claims: tuple[Claim, ...], end: float, tell: Tell, sizes: Sizes) -> tuple[Claim, ...]:
    """The claims for which the time was too short."""
    slow: list[Claim] = []
    for k, claim in enumerate(claims):
        share = (end - time.process_time()) / (len(claims) - k)
        try:
            tell(_proof(claim, share, sizes(claim)))
        except OutOfTime:
            slow.append(claim)
    return tuple(slow)


def _proof(claim: Claim, seconds: float, sizes: Mapping[str, int]) -> Proof:
    """What came of one claim; raises OutOfTime.

    What does not hold where lengths that the file fixes are small is tried at those lengths.
    """
    if seconds < LEAST:
        raise OutOfTime
    with limit_time(seconds):
        found = _at(claim, sizes)
        true = least_sizes(conditions(claim.scope))
        return found if found.verdict == "proved" or found.sizes == true else _at(claim, true)


def _at(claim: Claim, sizes: Mapping[str, int]) -> Proof:
    """What came of a claim at these sizes."""
    proof = Proof(claim.step, "out of reach", sizes)
    try:
        return replace(proof, verdict="proved", regions=prove(claim, sizes))
    except Disproved as reason:
        return replace(proof, verdict="disproved", why=str(reason))
    except OutOfReach as reason:
        return replace(proof, why=str(reason))
    except RecursionError:
        return replace(proof, why="its expressions are nested too deep")
    except MemoryError:
        return replace(proof, why="there was not enough memory")


def telling_sizes(claim: Claim) -> dict[str, int]:
    """Small sizes that are no number of the model or of an answer, so that 2/n does not pass for 1.

    A length that the file fixes is small too.
    """
    limits = conditions(claim.scope, longest=0)
    answers = (e for s in claim.statements for e in (s.left, s.right))
    return least_sizes(limits, limits.constants | constants(answers))


def plain_sizes(claim: Claim) -> dict[str, int]:
    """The least sizes that the shapes allow, from 2 on."""
    return least_sizes(conditions(claim.scope, longest=0))


AGAIN = 1.0  # seconds after which it is raised once more: an exception within a destructor is lost


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Raise OutOfTime when so many seconds of a processor are used up; where the system has such a clock."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


ROW = Engine(prove_all)
