"""`nodes: letters`: the values of the graph are called a, b, c …, each letter once in a document.

A letter is a second way to typeset a name, nothing more: the trees keep the model's names, statements and prose too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from solgen.model.derivation import Derivation

NODE_LETTERS = "abcfghuvwrmnpqst"  # the first of them free are the nodes' letters


def node_letters(derivations: Sequence[Derivation]) -> tuple[dict[str, str], ...]:
    """For each problem with `nodes: letters`, a letter for every value of its forward pass, none twice in a document.

    Letters that any problem uses for a name or a size are left out, and those that mathematics needs: d, e, i, j, k, l.
    """
    taken = {name for d in derivations for name in _find_letters(d)}
    free = (c for c in _candidates() if c not in taken)
    return tuple({name: next(free) for name in _nodes(d)} if d.problem.nodes == "letters" else {} for d in derivations)


def _candidates() -> Iterator[str]:
    """a, b, c, …, then a_1, b_1, …"""
    yield from NODE_LETTERS
    yield from (f"{letter}_{{{n}}}" for n in itertools.count(1) for letter in NODE_LETTERS)


def _nodes(d: Derivation) -> tuple[str, ...]:
    """The values of the forward passes, of the problem and of its parts, but not the loss."""
    model = d.problem.model
    equations = [q for forward in (d.forward, *(p.forward for p in d.parts)) for q in forward]
    last = model.output.name if model.output else ""
    return tuple(dict.fromkeys(q.var.name for q in equations if q.var.name != last and len(q.var.name) > 1))


def _find_letters(d: Derivation) -> Iterator[str]:
    """Names and sizes of a problem's models, and how its file typesets some of them."""
    for model in [d.problem.model, *(p.part.model for p in d.parts if p.part.model)]:
        for name, var in model.variables.items():
            yield from (name, name.rstrip("0123456789_"), *(s for n in var.shape_ for s in n.symbols))
        yield from (f.name for f in model.functions)
        yield from (f.name for f in model.own)
        yield from (i.name for i in model.indices)
    yield from d.problem.latex.values()
    yield from (q.var.name for forward in (d.forward, *(p.forward for p in d.parts)) for q in forward)
