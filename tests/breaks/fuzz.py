"""Printed formulas mutated at random, several times each: any text is read or refused, soon, without a crash."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import process_time
from types import FrameType

from solgen.expr.nodes import Expr
from solgen.expr.present.notation import GRADIENTS
from solgen.written import Names, NotRead
from tests.breaks.edits import EDITS, TERMINAL, edited, printed

LONGEST = 1.0  # seconds in which a text is read or refused
STOPPED = 20  # after which it is given up
PIECES = (
    r"\frac \sum \bm { } ( ) [ ] ^ _ & \\ \left( \right) | \| / , = - + \odot \partial \nabla 1 2 x W \log ' T".split()
    + r"\begin{pmatrix} \end{pmatrix} \text{ \operatorname{ \underbrace \hat \sqrt $ % # \top \sh{".split()
    + "ᵀ ₁ ⁽ ⁾ √ Σ ᵢ ‖ 𝟏 ½ ∂ ′ · ⊙ ^( _( \u0302 \u200b é 中".split()
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A text that the reader does not get through: what it did, or for how many seconds it was at work."""

    text: str
    told: str


def mutated(text: str, random: Random) -> str:
    """The text after one to six edits, or pieces of anything put in, or a stretch of it repeated."""
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        place = random.randrange(len(text) + 1)
        match random.randrange(4):
            case 0:
                text = edited(text, random.choice(EDITS), random) or text
            case 1:
                text = text[:place] + random.choice(PIECES) + text[place:]
            case 2:
                text = text[:place] + text[place + random.randrange(1, 6) :]
            case _:
                stretch = text[place : place + random.randrange(1, 12)]
                text = text[:place] + stretch * random.choice((2, 2, 5, 40)) + text[place:]
    return text


def fuzzed(count: int, random: Random, files: Sequence[Path], each: int = 50) -> Iterator[Trouble | None]:
    """So many texts read, half of them for the terminal; what went wrong with each."""
    made = 0
    while made < count:
        product = random.choice(("solutions", TERMINAL))
        found = [p for p in printed(random.choice(files), product, random.choice([*GRADIENTS])) if p.groups]
        for _ in range(min(each, count - made) if found else 0):
            scope = random.choice(found)
            text, e = random.choice(random.choice(scope.groups).formulas or (("x", None),))
            if e is not None:
                made += 1
                yield trouble_with(mutated(text, random), e, scope.names[0], scope.written.compare)


def trouble_with(text: str, e: Expr, names: Names, compare: Callable[..., object]) -> Trouble | None:
    """What goes wrong where this text is read beside a formula."""
    started = process_time()
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(STOPPED)
    try:
        verdict = compare(text, e, names, False)
    except Exception as wrong:  # noqa: BLE001 - whatever it is, it should not be
        return Trouble(text, f"{type(wrong).__name__}: {wrong}")
    finally:
        signal.alarm(0)
    seconds = process_time() - started
    if seconds > LONGEST:
        return Trouble(text, f"{seconds:.1f} s")
    if isinstance(verdict, NotRead) and not 0 <= verdict.why.place <= len(text):
        return Trouble(text, f"refused at place {verdict.why.place} of {len(text)}")
    return None


def _give_up(_: int, __: FrameType | None) -> None:
    raise TimeoutError(f"not read in {STOPPED} s")
