"""The certificate: three grey lines that say what was compared, how, and what that does and does not mean."""

from __future__ import annotations

from collections.abc import Sequence

from solgen.document.english import in_digits
from solgen.expr.present.letters import LISTED, join_row
from solgen.expr.present.sizes import size_node, whole_number
from solgen.expr.size import Size
from solgen.model.verdict import Checks
from solgen.render.chains import equate
from solgen.render.words import NOTHING, Code, Formula, Words, listed_words, typed_words, words

METHODS = {  # how a number of equalities was compared, and how that is said
    "exact": "exactly, over the rationals",
    "ball": "in ball arithmetic",
    "oracle": "with finite differences of the forward pass alone",
    "sympy": "symbolically",
    "float64": "in double precision",
    "reading": "by a second reading of the model",
}
MEASURED = ("ball", "oracle")  # methods that agree to a number of digits
MEANING = "Agreement at random points is strong evidence, not a proof."


def certificate(checks: Checks, rerun: str) -> tuple[Words, ...]:
    """Sentences of the certificate, none where nothing was compared.

    rerun: the command that repeats it.
    """
    found = [*_equalities(checks), *_mutants(checks), *_unmet(checks)]
    if not found:
        return ()
    found += [words(MEANING), *_tell_proofs(checks), *_list_typed(len(checks.listed))]
    return (*found, words("Rerun: ", Code(rerun), "."))


def _equalities(checks: Checks) -> list[Words]:
    """`9 equalities at 3 random points with n = 7, m = 5: 6 exactly, over the rationals; 3 in double precision.`"""
    methods = [m for m in METHODS if any(c.method == m for c in checks.checks)]
    if not methods:
        return []
    sizes = tuple(equate(size_node(Size.of(s)), whole_number(n)) for s, n in checks.sizes.items() if not s.isdigit())
    at = words(" with ", Formula(join_row(sizes, LISTED))) if sizes else NOTHING
    short = ", ".join(f"{s} to {n}" for s, n in checks.sizes.items() if s.isdigit())
    cut = f" (long axes cut short: {short})" if short else ""
    all_ = f"{in_digits(len(checks.checks), 'equality', 'equalities')} at {in_digits(checks.points, 'random point')}"
    compared = "; ".join(_describe_comparisons(checks, m, len(methods) == 1) for m in methods)
    return [words(all_, at, f"{cut}: {compared}.")]


def _describe_comparisons(checks: Checks, method: str, alone: bool) -> str:
    """`69 in ball arithmetic, to 74 digits`: the least number of digits to which values agreed."""
    found = [c for c in checks.checks if c.method == method]
    count = "compared" if alone else str(len(found))
    digits = [c.digits for c in found if c.digits] if method in MEASURED else []
    return f"{count} {METHODS[method]}" + (f", to {min(digits)} digits" if digits else "")


def _mutants(checks: Checks) -> list[Words]:
    m = checks.mutants
    tried = m.killed + len(m.survived)
    if not tried and not m.equivalent:
        return []
    text = f"{m.killed} of {in_digits(tried, 'deliberate mistake')} {'was' if m.killed == 1 else 'were'} told apart"
    if m.equivalent:
        text += f"; {len(m.equivalent)} more turned out equal to the answer"
    return [words(f"{text}.")]


def _unmet(checks: Checks) -> list[Words]:
    unmet = [typed_words(u) for u in checks.unmet]
    return [words("Met by no point: ", listed_words(unmet), ".")] if unmet else []


def _tell_proofs(checks: Checks) -> list[Words]:
    """`Proved by symbolic differentiation for n = 2, d = 2: 9 answers.`"""
    told = "Proved by symbolic differentiation"
    return [words(told, _for(sizes), f": {in_digits(n, 'answer')}.") for sizes, n in checks.proved_at.items()]


def _for(sizes: Sequence[tuple[str, int]]) -> Words:
    """` for n = 2, d = 2`; nothing where there are no sizes."""
    formulas = tuple(equate(size_node(Size.of(s)), whole_number(n)) for s, n in sizes)
    return words(" for ", Formula(join_row(formulas, LISTED))) if formulas else NOTHING


def _list_typed(formulas: int) -> list[Words]:
    """What the author types and no check can judge is printed as it is."""
    what = in_digits(formulas, "formula", "formulas")
    return [words(f"Not checked: {what} typed by hand in the prose.")] if formulas else []
