"""The nodes of presentation trees: what they are made of, and the walk over them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from fractions import Fraction as Rational
from typing import get_args

import pytest

from solgen.expr.nodes import Var
from solgen.expr.present.tree import (
    MINUS,
    Accent,
    Authored,
    BigOperator,
    Cases,
    CrossReference,
    Dots,
    Fence,
    Fitted,
    Fraction,
    Framed,
    Identifier,
    Node,
    Number,
    Operator,
    Root,
    RouteMark,
    Row,
    Script,
    Shaped,
    Space,
    Table,
    Text,
    children,
    walk,
)

X, ONE = Identifier("x"), Number("1")
ONE_OF_EACH: tuple[Node, ...] = (
    X, ONE, Operator("+"), Text("if"), Space(), Dots("down"), Authored(r"\mathcal{L}"), CrossReference("rule", "2"),
    RouteMark(1, 3), Row((X, Operator("="), ONE)), Fraction(X, ONE), Root(X), Script(X, sub=ONE), Accent(X, "hat"),
    Fence(X), BigOperator("∑", under=X, over=ONE), Shaped(X, ONE), Framed(X), Fitted(X), Table(((X, ONE), (ONE, X))),
    Cases(((X, ONE),)),
)  # fmt: skip


def test_there_is_one_example_of_each_kind_and_the_walk_knows_them_all() -> None:
    assert {type(node) for node in ONE_OF_EACH} == set(get_args(Node))
    found = list(walk(Row(ONE_OF_EACH)))
    assert len(found) == 1 + sum(1 + len(children(node)) for node in ONE_OF_EACH)


@pytest.mark.parametrize("node", ONE_OF_EACH, ids=lambda node: type(node).__name__)
def test_a_node_is_frozen_and_holds_every_node_that_its_children_say(node: Node) -> None:
    with pytest.raises((FrozenInstanceError, TypeError)):
        node.shows = Var("x")  # type: ignore[misc]
    held = str([getattr(node, f.name) for f in fields(node) if f.name != "shows"])
    inside = sum(held.count(f"{kind.__name__}(") for kind in get_args(Node))
    assert inside == len(list(walk(node))) - 1


def test_the_walk_goes_in_reading_order() -> None:
    tree = Row((Operator(MINUS, "none"), Fraction(Script(X, sub=ONE), Fence(Number("2")))))
    assert [type(node).__name__ for node in walk(tree)] == [
        "Row", "Operator", "Fraction", "Script", "Identifier", "Number", "Fence", "Number",
    ]  # fmt: skip


def test_trees_that_look_the_same_are_equal_whatever_they_show() -> None:
    assert Identifier("x", shows=Var("x")) == Identifier("x", shows=Var("y")) == X
    assert Identifier("x", "bold italic") != X


def test_a_number_knows_its_value() -> None:
    assert Number("0.25").value == Rational(1, 4)


def test_every_kind_of_node_says_what_it_is() -> None:
    told = [(kind.__name__, kind.__doc__) for kind in get_args(Node)]
    assert not [name for name, doc in told if not doc or doc.startswith(f"{name}(")]  # as a dataclass would say
