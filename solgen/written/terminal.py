"""The logical line of a terminal as tokens of the same grammar: `W⁽¹⁾ᵀ z̄₁`, `Σᵢ₌₁ⁿ xᵢ²`, `(1/n) ‖X − Y‖²`.

What a page raises or lowers stands in Unicode's raised and lowered characters, else behind `^` and `_`; a subscript
with a comma or a colon may stand in square brackets close behind its letter.  Letters side by side without a space are
a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from solgen.written.parser import parse_tokens
from solgen.written.signs import BARS, CHARACTERS, CLOSING, OPENING, OVER
from solgen.written.syntax import Lines
from solgen.written.token import Token
from solgen.written.tokens import DEEPEST, LONGEST, MOST_DIGITS
from solgen.written.unreadable import Unreadable

HIGH: Mapping[str, str] = MappingProxyType(dict(zip(
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵠᵡ′†",
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPR⊤UVWβγδφχ′†", strict=True,
)))  # fmt: skip
LOW: Mapping[str, str] = MappingProxyType(dict(zip(
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", "0123456789+−=()aehijklmnoprstuvxβγρφχ", strict=True,
)))  # fmt: skip
FRACTIONS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "½": ("1", "2"), "⅓": ("1", "3"), "⅔": ("2", "3"), "¼": ("1", "4"), "¾": ("3", "4"), "⅛": ("1", "8"),
})  # fmt: skip
STRUCK: Mapping[str, str] = MappingProxyType({"𝟏": "1", "𝟙": "1", "ℝ": "R", "𝔼": "E", "ℙ": "P", "𝟎": "0"})
ATOMS = frozenset("∂∇∑∏∞")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CELL = rf"(?:−?(?:[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?|[{''.join(FRACTIONS)}])|[⋯⋮⋱])"
GRID = re.compile(rf"\({_CELL}(?: +; +{_CELL}| +{_CELL})+\)")  # (1 −2 ; 3 ½): a sign stands close before its number
NO_OPERAND = frozenset("SIGN OPEN LBRACE FRAC ROOT ACCENT STYLE SUB SUP".split())


def parse_terminal(text: str) -> Lines:
    """The nodes of a terminal's line; raises Unreadable."""
    pieces = [_spell(c) for c in text]
    places = [k for k, piece in enumerate(pieces) for _ in piece] + [len(text)]  # in the text, of what is spelled
    try:
        found = TerminalTokens("".join(pieces)).tokens()
    except Unreadable as wrong:
        raise Unreadable(wrong.reason, places[min(wrong.place, len(places) - 1)], text, wrong.expected) from None
    try:
        return parse_tokens([Token(t.type, t.value, places[t.start_pos]) for t in found], len(text))
    except Unreadable as wrong:
        raise wrong.within(text) from None


def _spell(c: str) -> str:
    """A letter apart from its marks where they are ours, else with them; a script letter as the letter: ℒ is L."""
    if c in HIGH or c in LOW or c in STRUCK or not c.isalpha():
        return c
    plain = unicodedata.normalize("NFKC", c) if c not in "ϕϵℓ" else c
    apart = unicodedata.normalize("NFD", plain)
    return apart if all(mark in OVER for mark in apart[1:]) else plain


def _joins_a_word(c: str) -> bool:
    """Whether a letter may stand in a word: those of the Latin script, é and ß too; a Greek one stands by itself."""
    return c.isascii() or unicodedata.name(c, "").startswith("LATIN")


class TerminalTokens:
    """One line on its way to tokens; `place` is where the next piece begins."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise Unreadable(f"a formula of more than {LONGEST} characters is not read", LONGEST)
        self.text, self.place, self.made = text, 0, list[Token]()
        self.open: list[tuple[str, int]] = []
        self.limits = False  # whether what is raised next is the end of a sum

    def tokens(self) -> list[Token]:
        """All of them."""
        while self.place < len(self.text):
            self._step()
        if self.open:
            raise Unreadable("a bracket is never closed", len(self.text), expected="its end")
        return self.made

    @property
    def here(self) -> str:
        return self.text[self.place : self.place + 1]

    def _add(self, kind: str, value: str, start: int | None = None) -> None:
        self.made.append(Token(kind, value, self.place if start is None else start))

    # ---------------------------------------------------------------- one piece

    def _step(self) -> None:
        c = self.here
        if c.isspace():
            self.place += 1
        elif c in HIGH and c != "′":
            self._script(HIGH, "SUP")
        elif c in LOW:
            self._script(LOW, "SUB")
        elif c in "_^":
            self._typed_script("SUB" if c == "_" else "SUP")
        elif c in "0123456789":
            self._digits()
        elif c in FRACTIONS:
            self._small_fraction(FRACTIONS[c])
        elif c in STRUCK:
            self._struck(c)
        elif c.isalpha():
            self._letters()
        elif c == "√":
            self._root()
        elif c == "(" and (grid := GRID.match(self.text, self.place)):
            self._grid(grid[0])
        elif c in OPENING or c in CLOSING or c in BARS or c in "{}":
            self._bracket(c)
        else:
            self._sign(c)

    def _sign(self, c: str) -> None:
        if c == "′":
            self._add("PRIME", c)
        else:
            sign = "⊤" if c == "ᵀ" else CHARACTERS.get(c, c)
            self._add("BIG" if sign in ATOMS else "SIGN", sign)
        self.place += 1

    def _digits(self) -> None:
        start = self.place
        found = NUMBER.match(self.text, start)
        assert found is not None
        self.place = found.end()
        if self.place - start > MOST_DIGITS:
            raise Unreadable(f"a number of more than {MOST_DIGITS} digits is not read", start)
        if found[0][:1] == "0" and found[0][1:2].isdigit():
            raise Unreadable("a number that begins with 0 is not read", start)
        self._add("DIGITS", found[0], start)

    def _small_fraction(self, sides: tuple[str, str]) -> None:
        self._add("FRAC", "frac")
        for side in sides:
            self._add("DIGITS", side)
        self.place += 1

    def _struck(self, c: str) -> None:
        self._add("STYLE", "double-struck" if c in "ℝ𝔼ℙ𝟙" else "bold upright")
        self._add("LETTER", STRUCK[c])
        self.place += 1

    def _letters(self) -> None:
        """A letter or a word, with the marks above it; a mark within a word belongs to its letter."""
        start, letters, shared = self.place, "", list[str]()
        while self.here.isalpha() and self.here not in HIGH and self.here not in LOW and self.here not in STRUCK:
            letter, first = self.here, not letters
            self.place += 1
            while self.here in OVER and self.here:
                if first:  # a word's mark stands over all its letters, or over the first
                    shared.append(OVER[self.here])
                else:
                    marked = unicodedata.normalize("NFC", letter + self.here)
                    letter = marked if len(marked) == 1 else letter
                self.place += 1
            letters += letter
            if not (_joins_a_word(self.here) and _joins_a_word(letter)):
                break
        if letters == "Σ" and self.here in LOW:
            self._add("BIG", "∑", start)
            self.limits = True
            return
        if not letters:
            raise Unreadable(f"`{self.here}` stands where it cannot", start, expected="a letter or a number")
        for mark in reversed(shared):
            self._add("ACCENT", mark, start)
            self._add("LBRACE", "{", start)
        self._add("LETTER" if len(letters) == 1 else "WORD", letters, start)
        for _ in shared:
            self._add("RBRACE", "}", start)

    # ---------------------------------------------------------------- scripts

    def _script(self, known: Mapping[str, str], kind: str) -> None:
        """A run of raised or lowered characters; a comma between two lowered ones is lowered too."""
        start, run = self.place, ""
        while self.here and (self.here in known or self._joins(known, run)):
            run += known.get(self.here, self.here)
            self.place += 1
        self._add(kind, run, start)
        self._add("LBRACE", "{", start)
        self._inner(run, start)
        self._add("RBRACE", "}", start)
        self.limits = self.limits and kind == "SUB"

    def _joins(self, known: Mapping[str, str], run: str) -> bool:
        """Whether a comma stands between two lowered characters."""
        after = self.text[self.place + 1 : self.place + 2] or " "
        return known is LOW and bool(run) and self.here == "," and after in known

    def _inner(self, run: str, start: int) -> None:
        """The characters of a script: letters by themselves, digits together."""
        k = 0
        while k < len(run):
            c, stop = run[k], k + 1
            if c.isdigit():
                while stop < len(run) and run[stop].isdigit():
                    stop += 1
                self._add("DIGITS", run[k:stop], start)
            elif c in "()":
                self._add("OPEN" if c == "(" else "CLOSE", "round", start)
            elif c.isalpha() or (c == "⊤" and self.limits):
                self._add("LETTER", "T" if c == "⊤" else c, start)
            else:
                self._add("SIGN", c, start)
            k = stop

    def _typed_script(self, kind: str) -> None:
        """`_rows`, `^(a + b)`, `^⊙2`, `_z₁`: one thing with its own scripts, or what is in parentheses."""
        start = self.place
        self.place += 1
        self._add(kind, self.text[start], start)
        self._add("LBRACE", "{", start)
        if self.here == "(":
            self._enclose("(", ")")
        else:
            self._one_thing(kind)
        self._add("RBRACE", "}", start)

    def _enclose(self, opening: str, closing: str) -> None:
        """What is in brackets that only the line needs."""
        depth, end = 0, self.place
        for end in range(self.place, len(self.text)):
            depth += {opening: 1, closing: -1}.get(self.text[end], 0)
            if depth == 0:
                break
        else:
            raise Unreadable(f"`{opening}` is never closed", self.place, expected=f"`{closing}`")
        inner = TerminalTokens(self.text[self.place + 1 : end])
        inner.open = [*self.open, ("script", self.place)]
        if len(inner.open) > DEEPEST:
            raise Unreadable(f"more than {DEEPEST} brackets within each other are not read", self.place)
        inner.open, before = [], self.place + 1
        for token in inner.tokens():
            self.made.append(Token(token.type, token.value, token.start_pos + before))
        self.place = end + 1

    def _one_thing(self, kind: str) -> None:
        """A sign perhaps, then letters or a number, with what is lowered behind them."""
        if self.here in "⊙∘−>≥" and self.here:
            self._sign(self.here)
        if self.here in "0123456789" and self.here:
            self._digits()
        elif (self.here.isalpha() and self.here not in HIGH and self.here not in LOW) or self.here in STRUCK:
            start = len(self.made)
            self._struck(self.here) if self.here in STRUCK else self._letters()
            self._spread_letters(start, kind)
            if self.here in LOW:
                self._script(LOW, "SUB")
            if kind == "SUB" and self.here == "⁽":  # the ⁽¹⁾ of a name
                self._script(HIGH, "SUP")
            if kind == "SUB" and self.here == "_":  # δ_z_g is δ with z_g beneath
                self._typed_script("SUB")
        elif self.here:
            self._sign(self.here)

    def _spread_letters(self, start: int, kind: str) -> None:
        """`X_pq` has two indices: a short run of letters in a script is letters side by side."""
        token = self.made[-1]
        if len(self.made) == start + 1 and token.type == "WORD" and len(token.value) < 3:
            self.made[start:] = [Token("LETTER", c, token.start_pos) for c in token.value]

    # ---------------------------------------------------------------- brackets and roots

    def _grid(self, text: str) -> None:
        """Numbers in rows and columns."""
        start = self.place
        self._add("BEGIN", "pmatrix")
        for k, line in enumerate(text[1:-1].split(";")):
            if k:
                self._add("NEWLINE", ";")
            for n, cell in enumerate(line.split()):
                if n:
                    self._add("AMP", " ")
                self._cell(cell)
        self._add("END", "pmatrix")
        self.place = start + len(text)

    def _cell(self, cell: str) -> None:
        """−3/7, ½, 0.25, ⋯"""
        if cell.startswith("−"):
            self._add("SIGN", "−")
        top, _, bottom = cell.removeprefix("−").partition("/")
        sides = FRACTIONS.get(top) or ((top, bottom) if bottom else ())
        if sides:
            self._add("FRAC", "frac")
            for side in sides:
                self._add("DIGITS", side)
        else:
            self._add("SIGN" if top in "⋯⋮⋱" else "DIGITS", top)

    def _root(self) -> None:
        self._add("ROOT", "√")
        self.place += 1
        if self.here != "(":
            self._add("LBRACE", "{")
            if self.here in "0123456789" and self.here:
                self._digits()
            else:
                self._letters()
            if self.here in LOW:
                self._script(LOW, "SUB")
            self._add("RBRACE", "}")

    def _bracket(self, c: str) -> None:
        close = self.place > 0 and not self.text[self.place - 1].isspace()
        if c == "[" and close and self.made[-1].type not in NO_OPERAND and self._is_place():
            self._add("SUB", "_")
            self._add("LBRACE", "{")
            self._enclose("[", "]")
            self._add("RBRACE", "}")
            return
        if c in OPENING or c == "{" or (c in BARS and not self._closes(BARS[c])):
            kind = OPENING.get(c) or BARS.get(c) or "curly"
            if len(self.open) >= DEEPEST:
                raise Unreadable(f"more than {DEEPEST} brackets within each other are not read", self.place)
            self.open.append((kind, self.place))
            self._add("OPEN", kind)
        else:
            kind = CLOSING.get(c) or BARS.get(c) or "curly"
            if not self.open or self.open[-1][0] != kind:
                raise Unreadable(f"`{c}` closes nothing", self.place)
            self.open.pop()
            self._add("CLOSE", kind)
        self.place += 1

    def _is_place(self) -> bool:
        """Whether square brackets close behind a name hold positions: `W[k, :]`."""
        end = self.text.find("]", self.place)
        inside = self.text[self.place + 1 : end]
        return end > 0 and ("," in inside or ":" in inside) and not any(c in inside for c in "=<>≥≤")

    def _closes(self, kind: str) -> bool:
        inside = bool(self.open) and self.open[-1][0] == kind
        return inside and self.made[-1].type not in NO_OPERAND
