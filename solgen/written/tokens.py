r"""LaTeX as a list of tokens of the grammar, linear in the text; what leaves no ink is dropped here.

TeX's own rule for arguments without braces holds: `\frac12` and `x_12` take one digit each.  Bars that do not say on
which side they stand open where nothing stands before them that they could close.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from solgen.written.signs import (
    ACCENTS,
    BARS,
    CHARACTERS,
    CLOSING,
    DISPLAYS,
    DROPPED,
    ENVIRONMENTS,
    FUNCTIONS,
    INKLESS,
    KEPT,
    LETTERS,
    OPENING,
    SIGNS,
    STYLES,
    WORDED,
)
from solgen.written.token import Token
from solgen.written.unreadable import Unreadable

LONGEST = 20_000  # characters of one text
MOST_DIGITS = 50
DEEPEST = 200  # groups, brackets and environments within each other
_PIECE = re.compile(r"\\[A-Za-z]+\*?|\\.|\|\||[0-9]+(?:\.[0-9]+)?|[ \t\r\n~]+|%[^\n]*\n?|.", re.DOTALL)
_SIZES = re.compile(r"\\(left|right|middle|(?:[bB]igg?)([lrm]?))$")
_ARGUMENTS = {"FRAC": 2, "SHAPED": 2, "UNDERSET": 2, "OVERSET": 2, "ROOTOF": 2}
_TAKES = frozenset("SUB SUP ROOT ACCENT STYLE BRACED".split())
_ATOMS = frozenset("∑ ∏ ∫ ∂ ∇ ∞".split())
_OPERATORS = frozenset("SIGN OPEN BEGIN AMP NEWLINE LBRACE SUB SUP FRAC ROOT ROOTOF ACCENT STYLE SHAPED BRACED".split())
_COMMANDS = {
    "frac": "FRAC", "tfrac": "FRAC", "dfrac": "FRAC", "cfrac": "FRAC", "nicefrac": "FRAC", "sfrac": "FRAC",
    "sh": "SHAPED", "underset": "UNDERSET", "overset": "OVERSET", "stackrel": "OVERSET", "underbrace": "BRACED",
    "overbrace": "BRACED", "sqrt": "ROOT",
}  # fmt: skip
_WORDS = re.compile(r"\s*\{([^{}]*)\}")
_NESTED = re.compile(r"\s*\{\s*\\text[a-z]*\s*\{([^{}]*)\}\s*\}")  # \text{\textit{Größe}}


def tokenize(text: str) -> list[Token]:
    """The tokens of a LaTeX text for mathematics; raises Unreadable."""
    return Tokenizer(text).tokens()


class Tokenizer:
    """One text on its way to tokens: `place` is where the next piece begins."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise Unreadable(f"a formula of more than {LONGEST} characters is not read", LONGEST)
        self.text, self.place, self.made = text, 0, list[Token]()
        self.open: list[tuple[str, str, int]] = []  # what is open: token, its value, arguments still wanted around it
        self.wanted = 0  # arguments without braces that the last command still takes
        self.environments: list[str] = []

    def tokens(self) -> list[Token]:
        while self.place < len(self.text):
            self._step()
        if self.open:
            raise Unreadable(f"`{self.open[-1][1]}` is never closed", len(self.text), expected="its end")
        return self.made

    # ---------------------------------------------------------------- one piece

    def _step(self) -> None:
        found = _PIECE.match(self.text, self.place)
        assert found is not None
        piece, start = found[0], self.place
        self.place = found.end()
        if piece[0] == "\\":
            self._command(piece, start)
        elif piece[0] in "0123456789":
            self._digits(piece, start)
        elif piece[0] not in " \t\r\n~%":
            self._character(piece, start)

    def _digits(self, piece: str, start: int) -> None:
        if self.wanted:
            piece, self.place = piece[0], start + 1
        if len(piece) > MOST_DIGITS:
            raise Unreadable(f"a number of more than {MOST_DIGITS} digits is not read", start)
        if len(piece) > 1 and piece[0] == "0" and piece[1] != ".":
            raise Unreadable("a number that begins with 0 is not read", start)
        self._add("DIGITS", piece, start)

    def _character(self, piece: str, start: int) -> None:
        match piece:
            case "||":
                self._double_bar(start)
            case "{":
                self._open("LBRACE", piece, start)
            case "}":
                self._close("LBRACE", "RBRACE", piece, start)
            case "_" | "^":
                self._add("SUB" if piece == "_" else "SUP", piece, start)
            case "'" | "′":
                self._add("PRIME", piece, start)
            case "&":
                self._add("AMP", piece, start)
            case _ if piece in OPENING or piece in CLOSING or piece in BARS:
                self._bracket(piece, start)
            case _ if piece.isalpha():
                self._add("LETTER", piece, start)
            case _:
                self._sign(CHARACTERS.get(piece, piece), start)

    def _command(self, piece: str, start: int) -> None:
        name = piece[1:].rstrip("*") or piece[1:]
        if piece in OPENING or piece in CLOSING or piece in BARS:
            self._bracket(piece, start)
        elif name in LETTERS:
            self._add("LETTER", LETTERS[name], start)
        elif name == "prime":
            self._add("SIGN", "′", start)
        elif name in INKLESS or (name in KEPT and name not in ACCENTS):
            return
        elif name in SIGNS:
            self._sign(SIGNS[name], start)
        elif name in _COMMANDS:
            self._structure(name, start)
        elif name in ACCENTS:
            self._add("ACCENT", ACCENTS[name], start)
        elif name in STYLES or name == "operatorname" or name in WORDED:
            self._read_style(name, start)
        elif name in FUNCTIONS:
            self._add("WORD", name, start)
        else:
            self._other(piece, name, start)

    def _other(self, piece: str, name: str, start: int) -> None:
        if name in DROPPED or name == "textcolor":
            self._argument(start)
        elif name in ("begin", "end"):
            self._environment(name, start)
        elif name == "not":
            self._add("SIGN", "≠", start)
            self.place = self.text.find("=", self.place) + 1 or len(self.text)
        elif piece == "\\\\":
            self._newline(start)
        elif piece in (r"\#", r"\%"):
            self._add("SIGN", piece[1], start)
        elif _SIZES.match(piece):
            self._read_size(piece, start)
        elif len(name) > 1 and name.isalpha():
            self._add("WORD", name, start)
        else:
            raise Unreadable(f"`{piece}` is no sign of mathematics that is read", start)

    # ---------------------------------------------------------------- kinds of pieces

    def _sign(self, sign: str, start: int) -> None:
        if sign in OPENING or sign in CLOSING:
            self._bracket(sign, start)
        elif sign:
            self._add("BIG" if sign in _ATOMS else "SIGN", sign, start)

    def _structure(self, name: str, start: int) -> None:
        kind = _COMMANDS[name]
        if name == "sqrt" and self.text.startswith("[", self.place):
            kind = "ROOTOF"
            end = self.text.find("]", self.place)
            if end < 0:
                raise Unreadable("`[` is never closed", start, expected="`]`")
            inner = Tokenizer(self.text[self.place + 1 : end]).tokens()
            self._add(kind, name, start)
            self.made += [Token("LBRACE", "{", start), *inner, Token("RBRACE", "}", start)]
            self.place, self.wanted = end + 1, 1
            return
        self._add(kind, name, start)

    def _read_style(self, name: str, start: int) -> None:
        """A word, a phrase, or a style over what follows."""
        found = _WORDS.match(self.text, self.place)
        if found is None and name in WORDED:
            found = _NESTED.match(self.text, self.place)
        words = found[1].strip() if found else ""
        plain = words.replace("\\,", " ").replace("-", " ").replace("\\ ", " ")
        plain = plain if name == "mathbfit" else plain.replace("\\", "")  # of letters, not of a command
        if name in WORDED:
            if found is None:
                raise Unreadable("words without braces", start, expected="`{`")
            self.place = found.end()
            self._add("WORD" if words.isalnum() else "PHRASE", words, start)
        elif (found and name == "operatorname") or (found and len(plain) > 1 and _are_words(plain) and _is_word(name)):
            self.place = found.end()
            self._add("WORD", plain, start)
        elif name in ("rm",):
            return
        else:
            self._add("STYLE", STYLES.get(name, "upright"), start)

    def _bracket(self, piece: str, start: int) -> None:
        """A bracket or bar that shows its side, or a bar whose side follows from what stands before."""
        if piece in OPENING:
            self._open("OPEN", OPENING[piece], start)
        elif piece in CLOSING:
            self._close("OPEN", "CLOSE", CLOSING[piece], start)
        elif self._may_close(BARS[piece]):
            self._close("OPEN", "CLOSE", BARS[piece], start)
        else:
            self._open("OPEN", BARS[piece], start)

    def _double_bar(self, start: int) -> None:
        """Two bars side by side: a norm, as far as the next ones are double too; else an end and a beginning."""
        after = self.text.find("|", self.place)
        if self._may_close("norm"):
            self._close("OPEN", "CLOSE", "norm", start)
        elif not self._may_close("bars") and after > 0 and self.text.startswith("||", after):
            self._open("OPEN", "norm", start)
        else:
            self._bracket("|", start)
            self._bracket("|", start + 1)

    def _may_close(self, kind: str) -> bool:
        inside = bool(self.open) and self.open[-1][:2] == ("OPEN", kind)
        return inside and self.made[-1].type not in _OPERATORS

    def _read_size(self, piece: str, start: int) -> None:
        r"""`\left`, `\bigr` and their kin: the next bracket stands on this side."""
        found = _PIECE.match(self.text, len(self.text) - len(self.text[self.place :].lstrip()))
        if found is None:
            raise Unreadable("the text ends before a bracket", start, expected="a bracket")
        bracket = found[0]
        side = "l" if piece == r"\left" or piece.endswith("l") else "r" if piece[-1] in "rt" else ""
        if not side and bracket in BARS:
            return
        self.place = found.end()
        kind = OPENING.get(bracket) or CLOSING.get(bracket) or BARS.get(bracket) or ("open" if bracket == "." else "")
        if not kind:
            raise Unreadable(f"`{bracket}` is no bracket", found.start(), expected="a bracket")
        opens = side == "l" or (not side and bracket in OPENING)
        if opens:
            self._open("OPEN", kind, start)
        else:
            self._close("OPEN", "CLOSE", kind, start)

    def _environment(self, name: str, start: int) -> None:
        kind = self._argument(start).strip().rstrip("*")
        if name == "end":
            self._close("BEGIN", "END", kind, start)
            return
        if kind not in ENVIRONMENTS and kind not in DISPLAYS and kind != "cases":
            raise Unreadable(f"the environment `{kind}` is not read", start)
        self._open("BEGIN", kind, start)
        if kind in ("array", "alignat", "alignedat"):
            self._argument(self.place)

    def _newline(self, start: int) -> None:
        found = re.compile(r"\*?\s*(?:\[-?[\d.]+\s*[a-z]{2}\])?").match(self.text, self.place)
        assert found is not None
        self.place = found.end()
        self._add("NEWLINE", "\\\\", start)

    # ---------------------------------------------------------------- the list and what is open

    def _add(self, kind: str, value: str, start: int) -> None:
        self.made.append(Token(kind, value, start))
        if kind in _ARGUMENTS:
            self.wanted = _ARGUMENTS[kind]
        elif kind in _TAKES:
            self.wanted = max(1, self.wanted)
        elif self.wanted:
            self.wanted -= 1

    def _open(self, kind: str, value: str, start: int) -> None:
        if len(self.open) >= DEEPEST:
            raise Unreadable(f"more than {DEEPEST} brackets within each other are not read", start)
        self.open.append((kind, value, max(0, self.wanted - 1)))
        self.wanted = 0
        self.made.append(Token(kind, value, start))

    def _close(self, kind: str, closing: str, value: str, start: int) -> None:
        if not self.open or self.open[-1][0] != kind or (kind == "BEGIN" and self.open[-1][1] != value):
            expected = f"the end of `{self.open[-1][1]}`" if self.open else "no closing bracket"
            raise Unreadable(f"`{value}` closes nothing", start, expected=expected)
        opened, self.wanted = self.open[-1][1], self.open.pop()[2]
        if kind == "OPEN" and value != opened and "open" not in (value, opened):
            raise Unreadable(f"a {opened} bracket is closed by a {value} one", start)
        self.made.append(Token(closing, value, start))

    def _argument(self, start: int) -> str:
        """The braced argument that comes next, which is not read as mathematics."""
        place = self.place + len(self.text[self.place :]) - len(self.text[self.place :].lstrip())
        if not self.text.startswith("{", place):
            raise Unreadable("an argument is missing", start, expected="`{`")
        depth = 0
        for end, character in _braces(self.text, place):
            depth += 1 if character == "{" else -1
            if depth == 0:
                self.place = end + 1
                return self.text[place + 1 : end]
        raise Unreadable("`{` is never closed", start, expected="`}`")


def _braces(text: str, start: int) -> Iterator[tuple[int, str]]:
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        if len(found[0]) == 1:
            yield found.start(), found[0]


def _are_words(text: str) -> bool:
    """Whether it is letters, with spaces between words of several."""
    return text.isalpha() or all(part.isalpha() and len(part) > 1 for part in text.split())


def _is_word(style: str) -> bool:
    """Whether several letters in this style are one word."""
    return style in ("mathrm", "mathit", "mathbfit", "mathsf", "mathtt", "mathcal")
