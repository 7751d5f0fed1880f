r"""Mathematics as people write it, read with the names of a document: text → formula, and what it says beside another.

Nothing here is shared with what prints formulas: the words are those of the rows' `written`, the rules of naming are a
second implementation, and the import contract holds it so.  Three steps:

    names = names_of(formulas, problem.latex, gradients=("partial", "nabla"), loss="L")    # a document's names
    reading = read_latex(r"W^\top (W x - t)", names)                                       # raises Unreadable
    match compare_latex(r"W^\top (W x - t)", formula, names):
        case SameTree() | SameValue(): ...                      # what is read is what was meant
        case Different(read, reason): ...                       # it says something else
        case Ambiguous(read, forks): ...                        # people read it in several ways
        case NotRead(why): ...                                  # why.place, why.read, why.expected

`tokens` and `parser` (lark, LALR, linear) make flat lists of nodes (`syntax`); the second pass (`reader`: sums, terms,
factors, symbols) decides with names and shapes what belongs together, and keeps every reading that shapes leave.
`normal` and `values` compare.  The conventions that need no bracket, and the forks, are listed in docs/reading.md.
"""

from __future__ import annotations

from solgen.written.compare import (
    Ambiguous,
    Different,
    NotRead,
    SameTree,
    SameValue,
    Verdict,
    compare_latex,
    compare_reading,
    compare_side,
    compare_terminal,
    equal_values,
    meanings,
)
from solgen.written.names import Function, Names, names_of
from solgen.written.reader import read_latex, read_terminal
from solgen.written.reading import Fork, Reading, RelationSide
from solgen.written.unreadable import Unreadable

__all__ = [
    "Ambiguous",
    "Different",
    "Fork",
    "Function",
    "Names",
    "NotRead",
    "Reading",
    "RelationSide",
    "SameTree",
    "SameValue",
    "Unreadable",
    "Verdict",
    "compare_latex",
    "compare_reading",
    "compare_side",
    "compare_terminal",
    "equal_values",
    "meanings",
    "names_of",
    "read_latex",
    "read_terminal",
]
