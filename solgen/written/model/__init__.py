"""The second reading of a model: the meaning of its text, implemented once more from docs/format.md, section 3.

The reader makes formulas of a model, and everything rests on them.  Here the same text is read by Python's own parser
and interpreted on numpy arrays of numbers, statement by statement; nothing of it is compiled.  Nothing is shared with
the reader, the table of operations or the evaluator, and the import contract holds it so.

    statements = read_statements(("x: R[n]", "y = sigmoid(x)"))     # of a problem, and of a part that changes it
    worth = values_of(statements, Given(values, functions, sizes))  # what each name is worth, or why it has no value

Numbers are balls (`flint.arb`) at the precision that the caller has set, so that two readings differ, agree, or need
more digits, and no tolerance is guessed.
"""

from __future__ import annotations

from solgen.written.model.array_functions import FUNCTIONS_OF_ARRAYS
from solgen.written.model.definitions import Given
from solgen.written.model.formulas import OF_SIZES
from solgen.written.model.interpreter import Worth, values_of
from solgen.written.model.scalar_functions import FUNCTIONS_OF_NUMBERS
from solgen.written.model.statements import ModelStatement, Unclear, read_statements
from solgen.written.model.values import BallArray

__all__ = [
    "FUNCTIONS_OF_ARRAYS",
    "FUNCTIONS_OF_NUMBERS",
    "OF_SIZES",
    "BallArray",
    "Given",
    "ModelStatement",
    "Unclear",
    "Worth",
    "read_statements",
    "values_of",
]
