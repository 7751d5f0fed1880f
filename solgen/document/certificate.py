"""The certificate: three grey lines that say what was compared, how, and what that does and does not mean."""

from __future__ import annotations

from solgen.document.escape import Tex, escape, escape_title
from solgen.document.grammar import figures, listed
from solgen.expr.symbols import symbol
from solgen.model import Check, Checks

METHODS = {  # how a number of equalities was compared, and how that is said
    "exact": "exactly, over the rationals",
    "ball": "in ball arithmetic",
    "sympy": "symbolically",
    "float64": "in floating point",
}
MEANING = "Agreement at random points is strong evidence, not a proof."


def certificate(checks: Checks, rerun: str) -> tuple[Tex, ...]:
    """Sentences of the certificate, none where nothing was compared; `rerun` is the command that repeats it."""
    found = [*_equalities(checks), *_oracle(checks), *_mutants(checks), *_unmet(checks)]
    if not found:
        return ()
    return (*found, escape(MEANING), Tex(rf"Rerun: \texttt{{{escape(rerun)}}}."))


def _equalities(checks: Checks) -> list[Tex]:
    """`9 equalities, exactly, over the rationals, at 3 random points with n = 7, m = 5.`"""
    compared = [c for c in checks.checks if c.method != "oracle"]
    if not compared:
        return []
    methods = [m for m in METHODS if any(c.method == m for c in compared)]
    if len(methods) == 1:
        how = f", {METHODS[methods[0]]}{_digits(compared, methods[0])},"
    else:
        counts = [(sum(c.method == m for c in compared), m) for m in methods]
        how = f" ({listed([f'{n} {METHODS[m]}{_digits(compared, m)}' for n, m in counts])}),"
    sizes = ", ".join(f"{symbol(s).text()} = {n}" for s, n in checks.sizes.items())
    where = f"at {figures(checks.points, 'random point')}" + (f" with ${sizes}$" if sizes else "")
    return [Tex(f"{figures(len(compared), 'equality', 'equalities')}{how} {where}.")]


def _digits(compared: list[Check], method: str) -> str:
    """The least number of digits to which balls agreed."""
    if method != "ball":
        return ""
    return f" to {min(c.digits for c in compared if c.method == 'ball')} digits"


def _oracle(checks: Checks) -> list[Tex]:
    found = [c for c in checks.checks if c.method == "oracle"]
    if not found:
        return []
    digits = min(c.digits for c in found)
    return [Tex(f"Finite differences of the forward pass alone agree to {digits} digits.")]


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
    return [Tex(f"Never met: {listed([escape_title(u) for u in checks.unmet])}.")] if checks.unmet else []
