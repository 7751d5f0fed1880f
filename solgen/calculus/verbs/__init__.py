"""What can be asked: a file for each verb of `solve`, named as the verb, that says how its answer is derived.

A verb has a row in the reader (`solgen.reader.questions`: what may stand after it), a file here, and, where its answer
is told in a way of its own, an exposition in `solgen.document.verbs`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from solgen.calculus.question import Question
from solgen.model.derivation import Content
from solgen.places import FileTable


@dataclass(frozen=True, slots=True)
class Verb:
    """A row: `derive` answers a question; it raises Refused where it cannot."""

    derive: Callable[[Question], Content | tuple[Content, ...]]


TABLE = FileTable(__name__, Path(__file__).parent, Verb)
