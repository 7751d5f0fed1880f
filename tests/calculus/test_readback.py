"""Reading small networks of entries back as matrices: the formula found has the value of the network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solgen.calculus.engine.network import Factor, Term, contract, expand, index_form, multiply_terms
from solgen.calculus.engine.readback import readback
from solgen.errors import Refused
from solgen.expr.arith import add, delta, div, entry, fn, mul, neg, num, total
from solgen.expr.nodes import Expr, Idx, Var, shape
from solgen.expr.size import Size
from tests.calculus.support import SIZES, agree, draw, evaluator, same_value

# One index of each size, and a second one of size n, so that diagonals and squares occur.
INDICES = {c: Idx(c, Size.of(n)) for c, n in (("i", "n"), ("j", "m"), ("k", "k"), ("l", "n"), ("o", "d"))}


def array(letters: str, tag: str = "") -> Factor:
    """A_ij as a factor: the name says its sizes, so that equal names are equal arrays."""
    indices = tuple(INDICES[c] for c in letters)
    return Factor(Var(f"A{tag}{''.join(str(i.size) for i in indices)}", tuple(i.size for i in indices)), indices)


def network(sides: list[str], out: str) -> tuple[Term, tuple[Idx, ...]]:
    factors = tuple(array(side, "xyzuvw"[n]) for n, side in enumerate(sides))
    bound = tuple(INDICES[c] for c in dict.fromkeys("".join(sides)) if c not in out)
    return Term(factors=factors, bound=bound), tuple(INDICES[c] for c in out)


def check(term: Term, out: tuple[Idx, ...]) -> Expr:
    """The matrix formula, entry by entry equal to the network."""
    found = readback(contract(term), out)
    assert shape(found) == tuple(i.size for i in out)
    run = evaluator(draw([f.array for f in term.factors if isinstance(f.array, Var)], "readback"))
    assert same_value(entry(found, out), index_form(term), run)
    return found


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[str], str]:
    """Up to four factors of up to two indices each, an index in at most two factors and the result."""
    sides, free = [], dict.fromkeys("ijko", 2)
    for _ in range(draw(st.integers(1, 4))):
        open_ = [c for c, left in free.items() if left]
        if not open_:
            break
        side = draw(st.lists(st.sampled_from(open_), min_size=1, max_size=2, unique=True))
        sides.append("".join(side))
        for c in side:
            free[c] -= 1
    met = sorted({c for s in sides for c in s})
    out = draw(st.lists(st.sampled_from(met), max_size=2, unique=True))
    return sides, "".join(out)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(trees())
def test_random_networks_equal_einsum(case: tuple[list[str], str]) -> None:
    """Against the index form, and against numpy's einsum of the same letters."""
    sides, out = case
    term, indices = network(sides, out)
    try:
        found = check(term, indices)
    except Refused:
        assert cyclic(sides, out), "a network without a cycle of matrices has a matrix form"
        return
    values = draw([f.array for f in term.factors if isinstance(f.array, Var)], "einsum")
    run = evaluator(values)
    arrays = [values[f.array.name] for f in term.factors if isinstance(f.array, Var)]
    expected = np.einsum(f"{','.join(sides)}->{out}", *arrays)
    assert agree(run.value(found).array, np.asarray(expected, dtype=object))


def cyclic(sides: list[str], out: str) -> bool:
    """Whether some summed index stands in three places: in two matrices and as a scaling, or in the result too."""
    count = {c: sum(c in s for s in sides) + (c in out) for c in "ijko"}
    return any(n > 2 for n in count.values())


@pytest.mark.parametrize(
    ("sides", "out", "expected"),
    [
        (["ij", "kj"], "ik", "A B^T"),
        (["ij", "jk"], "ki", "transposed product"),
        (["i", "j"], "ij", "outer"),
        (["ij"], "", "sum of all entries"),
        (["ij", "i"], "j", "transpose times vector"),
        (["i", "ij"], "ij", "rows scaled"),
        (["il", "il"], "", "inner product"),
        (["il", "li"], "", "trace of a product"),
        (["ij", "j", "i"], "", "bilinear form"),
        (["ij", "i", "jk", "k"], "", "longer chain"),
        (["ij", "j"], "ij", "columns scaled"),
        (["i", "i", "ij"], "j", "entrywise product inside"),
    ],
)
def test_known_networks(sides: list[str], out: str, expected: str) -> None:
    check(*network(sides, out))


def test_an_index_of_the_result_that_nothing_bears_is_repeated() -> None:
    term, _ = network(["i"], "i")
    found = readback(term, (INDICES["i"], INDICES["j"]))
    assert evaluator(draw([term.factors[0].array], "x")).value(found).array.shape == (2, 3)


def test_a_delta_between_indices_of_the_result_is_a_diagonal() -> None:
    i, other = INDICES["i"], INDICES["l"]
    term = Term(factors=(array("i"),), deltas=((i, other),))
    assert readback(term, (i, other)).op == "diag"  # type: ignore[attr-defined]
    bare = readback(Term(scalars=(num(3),), deltas=((i, other),)), (i, other))
    assert agree(evaluator({}).value(bare).array, [[3, 0], [0, 3]])


def test_three_matrices_over_one_index_have_no_matrix_form() -> None:
    """Each of four indices in three matrices: refused, never read as something else."""
    term, out = network(["ij", "ik", "io", "jk", "jo", "ko"], "")
    with pytest.raises(Refused):
        readback(contract(term), out)


def test_the_diagonal_of_a_matrix() -> None:
    """Σ_i A_ii is a trace; A_ii over i a diagonal."""
    i = INDICES["i"]
    square = Var("A", (i.size, i.size))
    term = Term(factors=(Factor(square, (i, i)),), bound=(i,))
    run = evaluator(draw([square], "x"))
    assert same_value(readback(term, ()), index_form(term), run)
    free = Term(factors=(Factor(square, (i, i)),))
    assert same_value(entry(readback(free, (i,)), (i,)), index_form(free), run)


# ---------------------------------------------------------------- terms


def test_contraction_absorbs_every_bound_delta() -> None:
    """Σ_i δ_ip B_i = B_p."""
    i, p = INDICES["i"], INDICES["l"]
    term = Term(factors=(array("i"),), deltas=((i, p),), bound=(i,))
    assert contract(term) == Term(factors=(array("l"),))
    assert contract(Term(deltas=((p, p),))) == Term()


def test_expansion_distributes_entries_and_keeps_scalars_whole() -> None:
    """(a_i + b_i) s is two terms; the scalar p (1 − p) stays one factor."""
    i = INDICES["i"]
    a, b, p = Var("a", (i.size,)), Var("b", (i.size,)), Var("p")
    scalar = mul(p, add(num(1), neg(p)))
    e = total(i, mul(scalar, add(entry(a, (i,)), neg(entry(b, (i,))))))
    terms = expand(e)
    assert [t.negative for t in terms] == [False, True]
    assert all(t.scalars == (scalar,) and t.bound == (i,) for t in terms)
    run = evaluator(draw([a, b, p], "x"))
    assert same_value(add(*map(index_form, terms)), e, run)


def test_expansion_refuses_an_index_under_a_function() -> None:
    i = INDICES["i"]
    with pytest.raises(Refused):
        expand(fn("exp", entry(Var("a", (i.size,)), (i,))))
    assert expand(div(delta(i, INDICES["l"]), num(2)))[0].deltas == ((i, INDICES["l"]),)


def test_products_of_terms_keep_signs() -> None:
    minus, plus = Term(negative=True), Term()
    assert multiply_terms(minus, minus) == plus and multiply_terms(minus, plus).negative


def test_sizes_are_distinct() -> None:
    """Else a transposed result could pass."""
    sizes = [SIZES[str(INDICES[c].size)] for c in "ijko"]
    assert len(set(sizes)) == len(sizes)
