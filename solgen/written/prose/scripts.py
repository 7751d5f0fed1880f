"""Which scripts a symbol has already: TeX refuses a second one above or below it, as in `x^2^3` and `x_i_j`."""

from __future__ import annotations

from solgen.written.prose.state import Pass

SECOND = {
    "^": ("a second superscript on one symbol", "use braces: {x^a}^b, or x^{a^b}"),
    "_": ("a second subscript on one symbol", "use braces: {x_a}_b, or x_{a_b}"),
    "'": ("a prime behind a superscript", "put the prime first, x'^a, or inside: x^{a\\prime}"),
}


def follow_scripts(check: Pass, token: str, start: int, deeper: int, argument: bool) -> None:
    """Take note of a token that was just read; a script that its symbol has already is a fault.

    `deeper` says by how much it changed the number of open groups, `argument` whether an argument was due before it,
    which leaves the symbol what it is.
    """
    if deeper < 0:
        del check.scripts[deeper:]
        check.scripts = check.scripts or [""]
        return
    if not argument:
        _note(check, token, start)
    check.scripts += [""] * deeper


def _note(check: Pass, token: str, start: int) -> None:
    known = check.scripts[-1]
    if not check.math or token not in SECOND:
        check.scripts[-1] = ""
        return
    if _collides(token, known):
        message, hint = SECOND[token]
        check.fault(message, start, start + len(token), hint)
    check.scripts[-1] = known + token


def _collides(token: str, known: str) -> bool:
    """Whether TeX refuses this script after those; primes stand together, and with a superscript right behind them."""
    if token == "_":
        return "_" in known
    if token == "'":
        return not known.endswith("'") and any(c in known for c in "^'")
    return "^" in known or ("'" in known and not known.endswith("'"))
