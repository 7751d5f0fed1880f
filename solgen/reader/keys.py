"""The table of keys (docs/format.md, section 1): what may stand in a problem, a part and a set; nothing else may."""

from __future__ import annotations

from solgen.expr.present.notation import GRADIENTS
from solgen.reader.questions import solve_schema
from solgen.reader.value_kinds import (
    ChoiceKind,
    CodeKind,
    Deferred,
    Key,
    Lines,
    Many,
    NamesKind,
    NestedNumbers,
    NumberKind,
    OneOf,
    PaperLength,
    Record,
    Schema,
    TableKind,
    TextKind,
    WordKind,
)

POINTS = NumberKind("a number of points", 2)
TITLE = TextKind("plain text")
PROSE = TextKind("prose")
TAG = TextKind("a word")

NOTATIONS = {
    "gradient": tuple(GRADIENTS),
    "hadamard": ("odot", "circ"),
    "order": ("local-first", "upstream-first"),
    "vectors": ("bold", "plain"),
}

NOTATION = OneOf(
    "a notation",
    ChoiceKind(NOTATIONS["gradient"]),
    None,
    Record("`notation`", {name: Key(ChoiceKind(options), name) for name, options in NOTATIONS.items()}),
)

_ORDER = CodeKind("an inequality such as m < n")
_FIXED = TableKind(NumberKind("a size", 1, 1), "sizes by name, such as {C: 7}")
SIZES = OneOf("sizes", _ORDER, Many(OneOf("m < n, or {C: 7}", _ORDER, None, _FIXED), "a list"), _FIXED)
LATEX = TableKind(TextKind("LaTeX"), "LaTeX by name, such as {W1: 'W^{(1)}'}")

RUBRIC = Record(
    "a line of `rubric`", {"points": Key(POINTS, "points", True), "for": Key(PROSE, "what earns them", True)}
)

PART = Record(
    "a part",
    {
        "id": Key(WordKind(), "a short name; default: its letter"),
        "prompt": Key(PROSE, "the question, LaTeX with references", True),
        "points": Key(POINTS, "points, halves allowed"),
        "hint": Key(PROSE, "a hint, printed in the handout"),
        "space": Key(PaperLength("a length such as 4cm"), "room for the answer in the handout"),
        "solve": Key(Deferred(solve_schema), "what is to be computed"),
        "say": Key(PROSE, "prose before what is computed"),
        "answer": Key(PROSE, "prose after what is computed"),
        "expect": Key(
            TableKind(
                OneOf(
                    "an answer in the model language, or {latex: …}",
                    scalar=CodeKind("an answer in the model language"),
                    map=Record("an answer", {"latex": Key(TextKind("LaTeX"), "the answer as on paper")}),
                ),
                "answers by name, such as {dL/dW: r @ x.T}",
            ),
            "the instructor's own answers, to be checked",
        ),
        "rubric": Key(Many(RUBRIC, "a list of {points, for}"), "how points are given"),
        "model": Key(Lines("equations"), "equations added or redefined for this part only"),
        "notation": Key(NOTATION, "notation of this part"),
    },
)

PROBLEM = Record(
    "a problem",
    {
        "title": Key(TITLE, "plain text, with $…$ as mathematics", True),
        "solgen": Key(ChoiceKind(("1",)), "version of the format"),
        "id": Key(WordKind(), "a short name; default: the file's"),
        "number": Key(TAG, "the number that is printed"),
        "points": Key(POINTS, "points; default: the sum of the parts'"),
        "notation": Key(NOTATION, "how gradients and products are written"),
        "statement": Key(PROSE, "LaTeX with references"),
        "model": Key(Lines("the forward pass"), "declarations and equations"),
        "parameters": Key(NamesKind(), "which declared names are parameters"),
        "targets": Key(NamesKind(), "which declared names are targets"),
        "constants": Key(NamesKind(), "which declared names are constants"),
        "samples": Key(ChoiceKind(("rows", "columns")), "where a batch matrix has its samples"),
        "sizes": Key(SIZES, "order of sizes, or numbers for them"),
        "latex": Key(LATEX, "how names are typeset"),
        "nodes": Key(ChoiceKind(("names", "letters")), "how the nodes of the graph are called"),
        "numbers": Key(TableKind(NestedNumbers(), "values by name"), "values of a worked example"),
        "stack": Key(
            TableKind(CodeKind("a name"), "batch names, such as {h1: H_1}"), "how the batch of a family is called"
        ),
        "vary": Key(
            TableKind(OneOf("a value, or a list of values", TAG, Many(TAG, "a list"), None), "alternatives by name"),
            "what a variant of the problem may change",
        ),
        "parts": Key(Many(PART, "a list of parts, each with a `prompt`"), "the questions", True),
        "tags": Key(OneOf("a list of words", TAG, Many(TAG, "a list of words")), "for searching"),
        "source": Key(TITLE, "where the problem comes from"),
    },
)

LISTED = Record(
    "an entry of `problems`",
    {
        "file": Key(TextKind("a path"), "the problem file, relative to this folder", True),
        "points": Key(POINTS, "points in this set"),
        "parts": Key(NamesKind(), "ids of the parts that are asked in this set"),
        "number": Key(TAG, "the number that is printed in this set"),
    },
)

SET = Record(
    "a set",
    {
        "title": Key(TITLE, "title of the set"),
        "course": Key(TITLE, "the course"),
        "term": Key(TITLE, "the term"),
        "due": Key(TITLE, "when it is due"),
        "author": Key(TITLE, "who wrote it"),
        "notation": Key(NOTATION, "default of its problems"),
        "latex": Key(LATEX, "default of its problems"),
        "sizes": Key(SIZES, "default of its problems"),
        "problems": Key(
            Many(
                OneOf("a path, or {file, points, parts, number}", TextKind("a path"), None, LISTED), "a list of paths"
            ),
            "the problems, in order; default: the folder's files",
        ),
    },
)

COURSE = Record(
    "a course",
    {name: key for name, key in SET.keys.items() if name not in ("title", "due", "problems")},
)


def json_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a problem file, made of the table that the reader checks with."""
    head: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A solgen problem file"}
    return head | PROBLEM.schema()
