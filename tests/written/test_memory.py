"""What was read once is read again only where a name that it asks for means something else."""

from __future__ import annotations

from solgen.written import Different, Names, NotRead, Reading, SameTree, read_latex
from solgen.written.memory import Memory
from tests.written.support import Scope, scope

PRODUCT = "W: R[m, n]\nx: R[n]\ny = W @ x\n"
WITH_MORE = PRODUCT + "s: R[n]\nz = tanh(y)\n"
SQUARE = "W: R[n, n]\nx: R[n]\ny = W @ x\n"


def counting() -> tuple[Memory, list[str]]:
    read: list[str] = []

    def counted(text: str, names: Names) -> Reading:
        read.append(text)
        return read_latex(text, names)

    return Memory(counted), read


def verdicts(memory: Memory, text: str, *scopes: Scope) -> list[type]:
    return [type(memory.compare(text, s.formula("y"), s.names)) for s in scopes]


def test_other_names_that_a_text_does_not_ask_for_change_nothing() -> None:
    memory, read = counting()
    assert verdicts(memory, r"\bm{W}\bm{x}", scope(PRODUCT), scope(WITH_MORE), scope(PRODUCT)) == [SameTree] * 3
    assert len(read) == 1


def test_a_name_of_another_shape_is_read_again() -> None:
    memory, read = counting()
    assert verdicts(memory, r"\bm{W}^\top\bm{x}", scope(SQUARE), scope(PRODUCT)) == [Different, NotRead]
    assert verdicts(memory, r"\bm{W}\bm{x}", scope(SQUARE), scope(PRODUCT)) == [SameTree, SameTree]
    assert len(read) == 4


def test_a_name_that_is_new_where_a_sign_of_ours_stood_is_read_again() -> None:
    memory, read = counting()
    plain, taken = scope("a: R\ny = exp(a)\n"), scope("a: R\ne: R\ny = exp(a)\n")
    assert verdicts(memory, r"e^a", plain, taken) == [SameTree, Different]
    assert len(read) == 2


def test_the_same_formula_is_not_compared_with_another_ones_verdict() -> None:
    memory, _ = counting()
    one, other = scope("a: R\nb: R\ny = a - b\n"), scope("a: R\nb: R\ny = b - a\n")
    assert verdicts(memory, "a - b", one, other) == [SameTree, Different]
