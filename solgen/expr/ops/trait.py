"""What an operation is, as far as other rooms ask: a closed set of flags that rows bear."""

from __future__ import annotations

from enum import Flag, auto


class Trait(Flag):
    """A property of an operation that no other field of its row states."""

    NONE = 0
    LINES_UP = auto()  # a vector as a matrix of one row or column, or written as a row; and back
    BOXES = auto()  # a number as a vector of one entry, and back
    TRANSPOSES = auto()
    REPEATS = auto()  # spreads its argument over more entries
    TOTALS = auto()  # adds the entries of one array
    JOINS_TERMS = auto()  # a sum, or the sign of a term
    SCALES = auto()  # a multiple: it carries the layout of its array argument over
    PRODUCT = auto()  # adds products of entries of vectors and matrices, as a matrix product does
    CHAINED = auto()  # a product whose factors stand in a row and need no brackets: A B v
    FACTOR = auto()  # what a monomial is made of: signs, factors, quotients, powers
    COMMUTES = auto()  # a b = b a
    UNCITED = auto()  # so plain that a solution cites no rule for it
    SPELT_OUT = auto()  # in a worked example numbers are put into it, where it stands inside a gradient
    PART = auto()  # an entry, a row, a column or a range of an array
    ALONG_AXIS = auto()  # reduces or normalises along an axis, which is its parameter
    MASK = auto()  # a factor that an activation or a kink leaves behind: 1[z > 0], φ′(z)
    STRUCTURED = auto()  # a matrix whose product with a vector is as short as a vector
    TIMES = auto()  # a product entry by entry, or with a number
    DIVIDES = auto()
    EACH_ENTRY = auto()  # works on every entry alone, as an elementwise row does
    DIAGONAL = auto()  # a matrix that is 0 off its diagonal
    KEEPS_SYMMETRY = auto()  # of symmetric matrices it makes a symmetric one
    AS_ROW = auto()  # a vector that is written as a row
    ONE_SIGN = auto()  # typeset as one sign around its argument, or beneath it
    RAISED = auto()  # written with a raised sign, so that a factor before it would be read with its argument
    UNNAMED = auto()  # leaves the name to what it is applied to: a sign, a transpose, the number in a box
    FAMILIAR = auto()  # everybody reads its sign alike: no page says what it means
    SUMMED = auto()  # a number that is read as a sum
    FORM = LINES_UP | BOXES  # the same entries in another form
