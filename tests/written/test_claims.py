"""Lines of worked homework as people typed them: how many are read with the names, shapes and letters of theirs.

`claims.json` has them with what a person judged: `ocr-damaged` lines are no mathematics any more, and those with a
`shape-error` have factors that do not conform, which no reading may hide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from solgen.expr.nodes import Adj, Idx, Kind, Position, Var, shape
from solgen.expr.size import Size
from solgen.written import Names, Unreadable, names_of, read_latex
from solgen.written.data import DataTable, ValueSpace
from solgen.written.names import SAID, Function

CLAIMS = json.loads(Path(__file__).with_name("claims.json").read_text(encoding="utf-8"))
TIED = {
    "x": "n", "W": "m n", "e": "n", "j": "m n", "i": "m n", "h": "n m", "g": "m", "f": "n", "c": "n", "d": "n",
    "b": "n", "a": "", "L": "",
}  # fmt: skip
SWISH = {
    "x": "D", "y": "C", "W1": "H D", "b1": "H", "W2": "C H", "b2": "C", "z1": "H", "h1": "H", "z2": "C", "p": "C",
    "L": "",
}  # fmt: skip
RELU = {
    "X": "D n", "Y": "K n", "W1": "H1 D", "b1": "H1", "W2": "H2 H1", "b2": "H2", "W3": "K H2", "b3": "K", "z1": "H1 n",
    "h1": "H1 n", "z2": "H2 n", "h2": "H2 n", "F": "K n", "P": "K n", "L": "",
}  # fmt: skip
CODER = {
    "X": "D n",
    "W1": "H D",
    "b1": "H",
    "W2": "D H",
    "b2": "D",
    "z1": "H n",
    "h": "H n",
    "z2": "D n",
    "Xh": "D n",
    "L": "",
}
ENTROPY = {"x": "D", "t": "N", "W": "N D", "z": "N", "y": "N", "L": ""}
LABEL, INDEX = "a class", "an index"
# The names of each document; where it uses letters of its own in one place, with those.
DOCUMENTS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "tied_ae": ({**TIED, "g1": "m", "g2": "n", "bhat": "n"},),
    "swish_net": (
        {**SWISH, "a": "C", "b": "C", "c": "C", "d": "H", "f": "H", "h": "H", "H": "", "k": LABEL},
        {**SWISH, "k": ""},
        {**SWISH, "k": "", "sigma": ""},
        {**SWISH, "sigma": "C", "k": LABEL, "H": ""},
        {**SWISH, "a": "n C", "b": "n C", "i": INDEX, "j": INDEX, "l": INDEX},
        {**SWISH, "a": "C C"},
    ),
    "relu3": (RELU,),
    "relu_ae": (CODER,),
    "affine": ({"x": "N", "W": "T N", "b": "T", "q": "T", "y": "T", "L": ""},),
    "softmax_beta": ({"x": "K", "q": "K", "y": "K", "L": ""},),
    "residual": ({"x": "d", "t": "", "W1": "d d", "W2": "1 d", "z1": "d", "h": "d", "z2": "d", "y": "", "L": ""},),
    "softmax_ce": (
        {**ENTROPY, "k": LABEL, "kprime": LABEL, "g": "", "h": "", "gprime": "", "hprime": "", "Sigma": ""},
        {**ENTROPY, "k": INDEX, "w": "D of each k"},
    ),
}  # fmt: skip
LATEX = {"residual": {"W1": "W^{(1)}", "W2": "W^{(2)}"}}
SHARE = 0.9


def names(model: str, document: Mapping[str, str]) -> Names:
    """What a person may name: values, gradients of what is a number, class labels, indices, an activation."""
    along = Size.of("N" if "z" in document else "n")
    values, indices = [], []
    for name, sizes in document.items():
        if sizes == INDEX:
            indices.append(Idx(name, along))
        elif sizes == LABEL:
            values.append(Var(name, kind=Kind.LABEL))
        else:
            own, _, family = sizes.partition(" of each ")
            axes = tuple(Size.of(int(word) if word.isdigit() else word) for word in own.split())
            values.append(Var(name, axes, at=(Idx(family, along),) if family else ()))
    known = [v for v in values if v.kind is not Kind.LABEL]
    gradients = [Adj(of, v) for of in known if not shape(of) for v in known]
    functions = [Function("phi")] if model == "residual" else []
    read = names_of(
        [*values, *map(Position, indices), *gradients], LATEX.get(model, {}), SAID | {"bar"}, "L", functions=functions
    )
    return replace(read, typed=True)


def is_read(claim: Mapping[str, str]) -> bool:
    return any(_reads(claim["latex"], names(claim["model"], document)) for document in DOCUMENTS[claim["model"]])


def _reads(latex: str, known: Names) -> bool:
    try:
        reading = read_latex(latex, known)
    except Unreadable:
        return False
    return all(side.readings or side.data is not None for chain in reading.chains for side in chain)


def conforming() -> Iterator[Mapping[str, str]]:
    yield from (claim for claim in CLAIMS if claim["verdict"] not in ("ocr-damaged", "shape-error"))


def test_nine_lines_of_ten_are_read() -> None:
    unread = [claim["latex"] for claim in conforming() if not is_read(claim)]
    count = len(list(conforming()))
    assert count > 90 and len(unread) <= (1 - SHARE) * count, "\n".join(unread)


TYPED = names("residual", DOCUMENTS["residual"][0])


@pytest.mark.parametrize(
    ("latex", "shape_"),
    [("z1: (d,1)", ("d",)), ("W_1: (d, d)", ("d", "d")), ("W2: (1,d)", ("1", "d")), ("y: (1,1)", ())],
)
def test_a_shape_as_programs_say_it(latex: str, shape_: tuple[str, ...]) -> None:
    ((left, right),) = read_latex(latex, TYPED).chains
    assert isinstance(right.data, ValueSpace) and tuple(map(str, right.data.shape)) == shape_
    assert left.formula is not None and tuple(map(str, shape(left.formula))) == shape_


@pytest.mark.parametrize(
    ("latex", "condition"),
    [
        (r"h = x\ \text{if } t > 0", "if"),
        (r"h = 0\ \text{otherwise}", "otherwise"),
        (r"y = t\ (z_1 = x)", "(z_1"),
        (r"y = t:\ h = x", "y = t"),
        (r"h = x", ""),
        (r"h = x\,(y - t)", ""),
    ],
)
def test_a_condition_beside_a_formula_is_kept_apart(latex: str, condition: str) -> None:
    reading = read_latex(latex, TYPED)
    assert condition in reading.condition and bool(condition) == bool(reading.condition)
    assert len(reading.chains[0]) == 2


@pytest.mark.parametrize(
    ("latex", "of"),
    [
        (r"\bar z_1 \frac{\partial z_1}{\partial x}", "x"),
        (r"\frac{\partial z_1}{\partial x} \bar z_1", "x"),
        (r"\bar z_1 \frac{\partial z_1}{\partial W^{(1)}}", "W1"),
        (r"\bar y \frac{\partial y}{\partial z_2}", "z2"),
    ],
)
def test_the_chain_rule_as_it_is_written_down(latex: str, of: str) -> None:
    """The factors are summed over the name between them, in the shape of what is differentiated by."""
    (value,) = [v for v in TYPED.values if v.name == of]
    reading = read_latex(latex, TYPED)
    assert reading.formula is not None and shape(reading.formula) == shape(value)
    with pytest.raises(Unreadable):
        read_latex(r"\bar z_2 \frac{\partial z_1}{\partial x}", TYPED)


def test_what_solgen_prints_is_read_without_such_leave() -> None:
    """A reader of our own pages takes nothing for granted: neither a transpose left out, nor a condition."""
    strict = replace(TYPED, typed=False)
    for latex in (r"\bar z_1 \frac{\partial z_1}{\partial x}", r"h = x\ \text{if } t > 0", "z1: (d,1)"):
        with pytest.raises(Unreadable):
            read_latex(latex, strict)


def test_a_list_with_dots_is_a_table() -> None:
    ((_, right),) = read_latex(r"h = [0,\dots,-1/t,\dots,0]^T", TYPED).chains
    assert isinstance(right.data, DataTable) and right.data.turned and len(right.data.cells[0]) == 5
