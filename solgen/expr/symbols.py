r"""How a name is typeset: letter, subscript and superscript kept apart, so that accents go over the letter.

FORMAT.md, section 3: Greek names, `lam`, a trailing number or `_part` as subscript, the suffixes `hat`, `bar`, `tilde`
and `prime`; the `latex:` key of a problem overrides.  Two letters side by side would read as a product, so what follows
the letter in `Wf`, `bf`, `Wxh` and `h1a` is a subscript too; words (`loss`, `logits`) stay words.

A bar over `W^{(1)}` is `\bar{W}^{(1)}`, its transpose `W^{(1)\top}`: both need the parts, not a string.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from solgen.notation import Accent

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
ACCENTS = ("hat", "bar", "tilde")
BOLD = re.compile(r"\\(bm|mathbf|mathbfit|boldsymbol|mathbb)\b")
_HEAD = re.compile(r"(?P<accent>\\(?:hat|bar|tilde|widehat|widetilde|overline|vec|dot|ddot)\s*)\{(?P<inner>[^{}]+)\}")
_PLAIN = re.compile(r"[A-Za-z]|\\[A-Za-z]+(?:\{[^{}]*\})?")
_SPELT = {"lam": "lambda", "eps": "varepsilon"}
_LOWERED = re.compile(r"([A-Za-z])([A-Za-z]|\d+[A-Za-z])|([WU])([a-z]{2})")
_WORDS = frozenset({"CE", "KL", "NN", "LN", "BN", "ce", "kl", "lr"})  # of two letters, and no letter with a subscript


@dataclass(frozen=True, slots=True)
class Symbol:
    """A typeset name: `accent{letter}_{sub}^{sup}`; `letter` is plain until it is set in bold."""

    letter: str
    accents: tuple[str, ...] = ()
    sub: str = ""
    sup: str = ""

    def bold(self, command: str) -> Symbol:
        """The letter in bold italics; a letter that is bold already stays."""
        return self if BOLD.search(self.letter) else replace(self, letter=f"{command}{{{self.letter}}}")

    def accented(self, accent: Accent) -> Symbol:
        return replace(self, accents=(*self.accents, accent.wide if _wide(self.letter) else accent.command))

    def raised(self, more: str) -> Symbol:
        return replace(self, sup=self.sup + more)

    def lowered(self, more: str) -> Symbol:
        return replace(self, sub=f"{self.sub},{more}" if self.sub else more)

    def text(self) -> str:
        """The symbol in TeX; superscript before subscript never matters to TeX."""
        letter = self.letter
        for accent in self.accents:
            letter = f"{accent}{{{letter}}}"
        sub = f"_{{{self.sub}}}" if self.sub else ""
        sup = f"^{{{self.sup}}}" if self.sup else ""
        return letter + sub + sup


def symbol(name: str, override: str = "") -> Symbol:
    r"""The symbol of a plain name, or of its LaTeX override.

    `xhat1` is `\hat{x}_{1}`, `sigma_w` is `\sigma_{w}`, `W^{(1)}` has letter W and superscript (1).  A name that is
    LaTeX itself (a file may call the batch of a family `H^{(1)}`) is read as such.
    """
    return from_latex(override or name) if override or re.search(r"[\\^{]", name) else _from_name(name)


def from_latex(tex: str) -> Symbol:
    """An author's LaTeX taken apart into letter and scripts; what does not come apart stays whole."""
    tex = tex.strip()
    head = _HEAD.match(tex)
    if head:
        base, rest = Symbol(head["inner"].strip(), (head["accent"].strip(),)), tex[head.end() :]
    elif plain := _PLAIN.match(tex):
        base, rest = Symbol(plain[0]), tex[plain.end() :]
    else:
        return Symbol(tex)
    scripts = _scripts(rest)
    return Symbol(tex) if scripts is None else replace(base, sub=scripts[0], sup=scripts[1])


def _from_name(name: str) -> Symbol:
    stem, _, part = name.strip("_").partition("_")
    accents: list[str] = []
    primes = 0
    while part in (*ACCENTS, "prime"):  # x_hat is x̂
        primes, accents = (primes + 1, accents) if part == "prime" else (primes, [*accents, "\\" + part])
        part = ""
    stem, number = _trailing_number(stem)
    stem, more, ticks = _suffixes(stem)
    if not number:
        stem, number = _trailing_number(stem)
    stem, lowered = _lowered(stem)
    sub = ",".join(s for s in (lowered, number, _part(part)) if s)
    return Symbol(_letter(stem), (*more, *accents), sub, r"\prime" * (primes + ticks))


def _suffixes(stem: str) -> tuple[str, tuple[str, ...], int]:
    """The stem without its accents' names; a name that is nothing but a suffix keeps it."""
    accents: tuple[str, ...] = ()
    ticks = 0
    while stem not in GREEK:
        suffix = next((s for s in (*ACCENTS, "prime") if stem.endswith(s) and len(stem) > len(s)), "")
        if not suffix:
            break
        stem = stem[: -len(suffix)]
        if suffix == "prime":
            ticks += 1
        else:
            accents = ("\\" + suffix, *accents)
    return stem, accents, ticks


def _trailing_number(stem: str) -> tuple[str, str]:
    letters = stem.rstrip("0123456789")
    return (letters, stem[len(letters) :]) if letters else (stem, "")


def _lowered(stem: str) -> tuple[str, str]:
    """`Wf` as W with subscript f; a word and a Greek name as they are."""
    found = _LOWERED.fullmatch(stem)
    if not found or stem in GREEK or stem in _WORDS:
        return stem, ""
    letter, rest = found[1] or found[3], found[2] or found[4]
    return letter, rest


def _letter(stem: str) -> str:
    stem = _SPELT.get(stem, stem)
    if not stem.isascii():
        return _foreign(stem)
    if stem in GREEK or stem in _SPELT.values():
        return "\\" + stem
    if stem == "ell":
        return r"\ell"
    return stem if len(stem) == 1 else rf"\mathit{{{stem}}}"


def _foreign(stem: str) -> str:
    """A Greek letter typed as itself is its command; other letters are set as text."""
    words = unicodedata.name(stem, "").split() if len(stem) == 1 else []
    if words[:1] == ["GREEK"] and words[-1].lower().replace("lamda", "lambda") in GREEK:
        command = words[-1].lower().replace("lamda", "lambda")
        return "\\" + (command.capitalize() if "CAPITAL" in words else command)
    return rf"\text{{\textit{{{stem}}}}}"


def _part(part: str) -> str:
    """A subscript: a number or a letter in italics, a Greek letter by name, a word upright."""
    pieces = [p for p in part.split("_") if p]
    return ",".join(_letter(p) if len(p) == 1 or p in GREEK or p in _SPELT else _word(p) for p in pieces)


def _word(part: str) -> str:
    return part if part.isdigit() else rf"\mathrm{{{part}}}"


def _scripts(rest: str) -> tuple[str, str] | None:
    """Subscript and superscript of what follows a letter; None where something else follows."""
    found = {"_": "", "^": ""}
    rest = rest.strip().replace("'", r"^{\prime}")
    while rest:
        mark = rest[0]
        if mark not in found or len(rest) < 2:
            return None
        body, rest = _argument(rest[1:].lstrip())
        if not body:
            return None
        found[mark] += body
        rest = rest.strip()
    return found["_"], found["^"]


def _argument(text: str) -> tuple[str, str]:
    """The first TeX argument of a text, and what follows it."""
    if not text.startswith("{"):
        token = re.match(r"\\[A-Za-z]+|.", text)
        return (token[0], text[token.end() :]) if token else ("", "")
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return text[1:position], text[position + 1 :]
    return "", text


def _wide(letter: str) -> bool:
    return r"\mathit{" in letter or r"\mathrm{" in letter
