r"""LaTeX that a person typed, set in a terminal and in Markdown as far as it goes: `\emph{…}`, `$x^{2}$`, lists.

Nothing that solgen prints is read here: a formula of ours is written from its presentation tree, and one character
stands for it in the author's text.  Until typed mathematics is read, this is the one file that takes it apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.present.letters import GREEK
from solgen.render.filling import forbid_breaks
from solgen.render.glyphs import ACCENTS, DOUBLE, LOWERED, RAISED, VULGAR, add_accent, compose_letters

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_$~]|\s+|.", re.DOTALL)
_MATH = re.compile(r"(\$\$.*?\$\$|\\\[.*?\\\]|\$[^$]*\$)", re.DOTALL)
Given = Mapping[str, str]  # formulas of ours, written, by the characters that stand for them
NONE: Given = MappingProxyType({})
TOGETHER = 40  # characters of a formula within prose that stay in one line
_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu "
    "nu xi pi rho sigma tau upsilon phi chi psi omega"
).split()
_LOWER = dict(zip(_NAMES, "αβγδεζηθικλμνξπρστυφχψω", strict=True)) | {"varepsilon": "ε", "varphi": "φ"}
_SIGNS = {
    "odot": "⊙", "circ": "∘", "oslash": "⊘", "cdot": "·", "times": "×", "partial": "∂", "nabla": "∇", "sum": "Σ",
    "top": "ᵀ", "prime": "′", "ell": "ℓ", "to": "→", "in": "∈", "langle": "⟨", "rangle": "⟩", "lVert": "‖",
    "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "ne": "≠", "neq": "≠", "le": "≤", "leq": "≤", "ge": "≥",
    "geq": "≥", "dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "infty": "∞", "star": "⋆",
    "ast": "*", "dagger": "†", "approx": "≈", "sim": "∼", "propto": "∝", "equiv": "≡", "mapsto": "↦", "rightarrow": "→",
    "Rightarrow": "⇒", "implies": "⇒", "prod": "Π", "int": "∫", "pm": "±", "otimes": "⊗", "oplus": "⊕", "mid": "|",
    "forall": "∀", "exists": "∃", "subset": "⊂", "cup": "∪", "cap": "∩", "notin": "∉", "hbar": "ℏ", "ll": "≪",
    "gg": "≫", "quad": "  ", "qquad": "   ", "textquotedbl": '"', "textasciitilde": "~", "textless": "<",
    "textgreater": ">", "textbackslash": "\\", "textbar": "|", "textasciicircum": "^", "textasciigrave": "`",
    "item": "\n• ", "enspace": " ",
}  # fmt: skip
SIGNS: Mapping[str, str] = MappingProxyType(
    _SIGNS | _LOWER | {name.capitalize(): greek.upper() for name, greek in _LOWER.items() if name.capitalize() in GREEK}
)
CURLY: Mapping[str, str] = MappingProxyType(
    {c: chr(0x1D49C + ord(c) - ord("A")) for c in "ACDGJKNOPQSTUVWXYZ"} | dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))
)
_BINARY = frozenset("odot circ oslash cdot times otimes to in ne neq le leq ge geq approx sim".split())
_KEPT = frozenset("bm mathbf mathbfit mathit mathrm operatorname boldsymbol ensuremath boxed underline".split())
_TEXT = frozenset("text textit textbf texttt textrm emph mbox".split())
_SILENT = frozenset(
    """left right limits nolimits displaystyle tfrac noindent allowbreak tiny scriptsize footnotesize small normalsize
    large Large LARGE huge Huge bfseries mdseries itshape scshape upshape rmfamily sffamily ttfamily normalfont em
    centering raggedright raggedleft""".split()
)
_ASIDE = frozenset("color textcolor href hspace vspace".split())  # whose first argument is for the page alone
_DISPLAYED = re.compile(r"(\$\$[^$]*(?:\$[^$]+\$[^$]*)*\$\$|\$[^$]*\$)")
_WORDS_IN_MATH = re.compile(r"\\text\{((?:[^{}$]|\$[^$]*\$)*\$[^$]*\$(?:[^{}$]|\$[^$]*\$)*)\}")
_WORDS = (
    (re.compile(r"\\textbf\{([^{}]*)\}"), r"**\1**"), (re.compile(r"\\(?:emph|textit)\{([^{}]*)\}"), r"*\1*"),
    (re.compile(r"\\ensuremath\{((?:[^{}]|\{[^{}]*\})*)\}"), r"$\1$"),
    (re.compile(r"\\text(?:quotedbl|less|greater|bar|asciitilde)\{\}"), lambda found: SIGNS[found[0][1:-2]]),
    (re.compile(r"\\texttt\{([^{}]*)\}"), r"`\1`"), (re.compile(r"\\([%&#_])"), r"\1"), (re.compile("~"), " "),
)  # fmt: skip
FRACTION = "\ue000", "\ue001"  # private marks around a fraction, until what stands beside it is known
OPEN, CLOSED = "=+−(,[|‖∈<>≤≥≠{;", "=+−),]|‖∈<>≤≥≠};."


def author_formula(tex: str, given: Given = NONE) -> str:
    """Typed mathematics as Unicode text; a command that is not known keeps its name."""
    return _tidy(_Reader(_TOKEN.findall(tex), given).sequence())


def author_prose(tex: str, given: Given = NONE) -> str:
    """Typed prose with mathematics between dollars as Unicode text; newlines stay, short formulas stay in one line."""
    pieces = _MATH.split(tex)
    pieces[::2] = [_plain(f"|{piece}|", given)[1:-1] for piece in pieces[::2]]
    pieces[1::2] = [
        together(author_formula(piece.strip("$").removeprefix(r"\[").removesuffix(r"\]"), given))
        for piece in pieces[1::2]
    ]
    return "".join(pieces)


def together(formula: str) -> str:
    """A formula within a sentence: if it is short, its spaces are no places to break a line."""
    return forbid_breaks(formula) if len(formula) <= TOGETHER else formula


def as_factor(fraction: str) -> str:
    """A fraction of ours that an author's formula may multiply: then it stands in brackets."""
    return f"{FRACTION[0]}{fraction}{FRACTION[1]}"


def _plain(tex: str, given: Given) -> str:
    text = _Reader(_TOKEN.findall(tex), given, text=True).sequence()
    return _tidy(text.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”"))


def _tidy(text: str) -> str:
    text = re.sub(r" +", " ", _bare_fractions(text)).replace("( ", "(").replace(" )", ")").replace(" ,", ",")
    return compose_letters(text).strip()


class _Reader:
    """Reads a list of tokens from the left; in a text, spaces and hyphens are what they are."""

    def __init__(self, tokens: list[str], given: Given, text: bool = False) -> None:
        self.tokens, self.given, self.at, self.text = tokens, given, 0, text

    def sequence(self) -> str:
        """Everything up to the closing brace of this group."""
        parts: list[str] = []
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            parts.append(self._item())
        return "".join(parts)

    def _item(self) -> str:
        token = self._next()
        if token in self.given:
            return self.given[token]
        if token == "{":
            return self._rest_of_group()
        if token == "$":
            self.text = not self.text
            return ""
        if token in "^_" and not self.text:
            return _script(self._argument(), token)
        if token.startswith("\\"):
            return self._command(token[1:].rstrip("*"))
        if token.isspace() or token == "~":
            return token if self.text and token != "~" else " "
        return token if self.text else {"-": "−", "'": "′", "&": " "}.get(token, token)

    def _command(self, name: str) -> str:
        mark = next((mark for mark in ACCENTS if mark == name), None)
        if mark is not None:
            return add_accent(self._argument(), mark)
        if name in ("frac", "tfrac", "dfrac"):
            return _fraction(self._argument(), self._argument())
        if name == "sqrt":
            inside = _wrap(self._argument())
            return f"√{inside}" if inside.endswith(")") or _one_letter(inside) else f"√({inside})"
        if name == "underset":  # which names first what is beneath
            self._argument()
            return self._argument()
        if name in ("mathbb", "mathcal", "mathscr", "mathbf"):
            letters = {"mathbb": DOUBLE, "mathbf": {"1": DOUBLE["1"]}}.get(name, CURLY)
            return "".join(letters.get(c, c) for c in self._argument())
        if name in _ASIDE:
            self._argument()
            return " " if name.endswith("space") else ""
        if name in _TEXT:
            return self._text()
        if name in _KEPT:
            return self._argument()
        if name in ("begin", "end"):
            return self._edge(name, self._argument())
        if name in SIGNS:
            spaced = self._skip_space()
            operator = spaced and self.at < len(self.tokens) and self.tokens[self.at] in "+-=<>"
            return f" {SIGNS[name]} " if name in _BINARY else SIGNS[name] + " " * operator
        return self._plain_command(name)

    def _plain_command(self, name: str) -> str:
        spaced = name.isalpha() and self._skip_space()
        if name in _SILENT or re.fullmatch(r"(?:big|Big|bigg|Bigg)[lrm]?", name) or name in ("!", "(", ")"):
            return ""
        if name == "|":
            return "‖"
        if name == "\\":  # a row of a matrix ends
            return "; "
        if name.isalpha():  # a function's name: log p
            return f"{name} " if spaced else name
        return name if name in "{}#%&_$" else " "

    def _text(self) -> str:
        """The argument of a command that sets words: hyphens, spaces, and mathematics between dollars."""
        outer, self.text = self.text, True
        inside = self._argument()
        self.text = outer
        return inside

    def _edge(self, name: str, environment: str) -> str:
        """A matrix within a line: `[a b; c d]`; what else begins and ends is passed over."""
        if environment in ("array", "tabular"):
            if name == "begin":
                self._argument()
            return ""
        marks = {"cases": ("{ ", " "), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|")}
        return marks.get(environment, ("", ""))[name == "end"]

    def _argument(self) -> str:
        self._skip_space()
        return self._item() if self.at < len(self.tokens) else ""

    def _skip_space(self) -> bool:
        """TeX reads no space after a command's name; whether there was one."""
        before = self.at
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.at > before

    def _rest_of_group(self) -> str:
        inside = self.sequence()
        self.at += 1
        return inside

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]


def _script(text: str, mark: str) -> str:
    """Raised or lowered characters where Unicode has them all; `^(…)`, `[k, :]` or `_word` otherwise."""
    known = RAISED if mark == "^" else LOWERED
    tight = _bare_fractions(text).replace(" ", "")
    word = mark == "_" and len(tight) > 2 and tight.isascii() and tight.isalpha()
    if not word and all(c in known for c in unicodedata.normalize("NFC", tight)):
        return "".join(known[c] for c in tight)
    if mark == "_" and re.search("[,:]", tight):
        return f"[{tight.replace(',', ', ')}]"
    short = len(tight) <= 2 or tight.isalpha()
    return f"{mark}{tight}" if short else f"{mark}({tight})"


def _fraction(top: str, bottom: str) -> str:
    """½, ∂L/∂W, and anything else between marks: in parentheses, where something multiplies the whole."""
    if top.startswith("∂") and bottom.startswith("∂"):
        return f"{top}/{bottom}".replace(" ", "")
    known = VULGAR.get((top, bottom))
    return known or f"{FRACTION[0]}{_wrap(top)}/{_wrap(bottom)}{FRACTION[1]}"


def _bare_fractions(text: str) -> str:
    """The marks of fractions as parentheses, or as nothing between signs of lower rank: `a + b/c`."""
    innermost = re.compile(f"{FRACTION[0]}([^{FRACTION[0]}{FRACTION[1]}]*){FRACTION[1]}")
    while found := innermost.search(text):
        before, after = text[: found.start()].rstrip(" "), text[found.end() :].lstrip(" ")
        bare = before[-1:] in OPEN and after[:1] in CLOSED
        text = text[: found.start()] + (found[1] if bare else f"({found[1]})") + text[found.end() :]
    return text


def _one_letter(text: str) -> bool:
    """A letter with its scripts and accents, or a number."""
    marks = set(RAISED.values()) | set(LOWERED.values()) | set("".join(ACCENTS.values()))
    return text.isdigit() or all(c in marks for c in text[1:])


def _wrap(text: str) -> str:
    """Parentheses around anything with an operator or a space outside parentheses."""
    text = _bare_fractions(text)
    return f"({text})" if re.search(r"[ +−·⊙/]", re.sub(r"\([^()]*\)", "", text)) else text


# ---------------------------------------------------------------- Markdown


def author_markdown(tex: str) -> str:
    """Typed prose with the commonest text commands as Markdown's marks; mathematics stays as it is."""
    pieces = _DISPLAYED.split(tex)
    for pattern, mark in _WORDS:
        pieces[::2] = [pattern.sub(mark, piece) for piece in pieces[::2]]
    text = "".join(pieces).replace(r"\bm{", r"\boldsymbol{").replace("@{}", "")  # which KaTeX does not know
    return _WORDS_IN_MATH.sub(lambda words: _open_text(words[1]), text)


def _open_text(words: str) -> str:
    r"""`\text{through $x$:}` as `\text{through }x\text{:}`: Markdown pairs dollars wherever they stand."""
    pieces = words.split("$")
    return "".join(piece if k % 2 else rf"\text{{{piece}}}" for k, piece in enumerate(pieces) if piece)
