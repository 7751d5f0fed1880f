"""The certificate: three grey lines that say what was compared, how, and what that does and does not mean."""

from __future__ import annotations

from solgen.document.escape import Tex, escape, escape_title
from solgen.document.grammar import figures, listed
from solgen.expr.present.declared import symbol
from solgen.model import Checks
from solgen.render.latex import latex

METHODS = {  # how a number of equalities was compared, and how that is said
    "exact": "exactly, over the rationals",
    "ball": "in ball arithmetic",
    "oracle": "with finite differences of the forward pass alone",
    "sympy": "symbolically",
    "float64": "in double precision",
}
MEASURED = ("ball", "oracle")  # methods that agree to a number of digits
MEANING = "Agreement at random points is strong evidence, not a proof."


def certificate(checks: Checks, rerun: str, typed: int = 0) -> tuple[Tex, ...]:
    """Sentences of the certificate, none where nothing was compared.

    rerun: the command that repeats it; typed: how many formulas the author's prose types by hand.
    """
    found = [*_equalities(checks), *_mutants(checks), *_unmet(checks)]
    if not found:
        return ()
    return (*found, escape(MEANING), *_typed(typed), Tex(rf"Rerun: \texttt{{{escape(rerun)}}}."))


def _equalities(checks: Checks) -> list[Tex]:
    """`9 equalities at 3 random points with n = 7, m = 5: 6 exactly, over the rationals; 3 in double precision.`"""
    methods = [m for m in METHODS if any(c.method == m for c in checks.checks)]
    if not methods:
        return []
    sizes = ", ".join(f"{latex(symbol(s).node())} = {n}" for s, n in checks.sizes.items() if not s.isdigit())
    where = f"at {figures(checks.points, 'random point')}" + (f" with ${sizes}$" if sizes else "")
    short = ", ".join(f"{s} to {n}" for s, n in checks.sizes.items() if s.isdigit())
    where += f" (long axes cut short: {short})" if short else ""
    all_ = figures(len(checks.checks), "equality", "equalities")
    return [Tex(f"{all_} {where}: {'; '.join(_compared(checks, m, len(methods) == 1) for m in methods)}.")]


def _compared(checks: Checks, method: str, alone: bool) -> str:
    """`69 in ball arithmetic, to 74 digits`: the least number of digits to which values agreed."""
    found = [c for c in checks.checks if c.method == method]
    count = "compared" if alone else str(len(found))
    digits = [c.digits for c in found if c.digits] if method in MEASURED else []
    return f"{count} {METHODS[method]}" + (f", to {min(digits)} digits" if digits else "")


def _mutants(checks: Checks) -> list[Tex]:
    m = checks.mutants
    tried = m.killed + len(m.survived)
    if not tried and not m.equivalent:
        return []
    text = f"{m.killed} of {figures(tried, 'deliberate mistake')} {'was' if m.killed == 1 else 'were'} told apart"
    if m.equivalent:
        text += f"; {len(m.equivalent)} more turned out equal to the answer"
    return [Tex(f"{text}.")]


def _unmet(checks: Checks) -> list[Tex]:
    return [Tex(f"Met by no point: {listed([escape_title(u) for u in checks.unmet])}.")] if checks.unmet else []


def _typed(formulas: int) -> list[Tex]:
    """What the author types is printed as it is."""
    what = figures(formulas, "formula", "formulas")
    return [Tex(f"Not checked: {what} typed by hand in the prose.")] if formulas else []
