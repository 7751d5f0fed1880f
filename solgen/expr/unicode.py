r"""Formulas in a terminal: the printer's LaTeX read as Unicode, `W^{(1)\top}\,\bar{z}_{1}` as `W⁽¹⁾ᵀ z̄₁`.

The LaTeX is the printer's own, a small and regular dialect, so one page of mathematics has one set of rules
whether it is typeset or shown in a terminal.  An author's prose is read by the same rules, as far as they go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.present.letters import GREEK

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_$~]|\s+|.", re.DOTALL)
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
    "item": "\n• ",
}  # fmt: skip
SIGNS: Mapping[str, str] = MappingProxyType(
    _SIGNS | _LOWER | {name.capitalize(): greek.upper() for name, greek in _LOWER.items() if name.capitalize() in GREEK}
)
ACCENTS: Mapping[str, str] = MappingProxyType({
    "hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "overline": "\u0305", "dot": "\u0307", "ddot": "\u0308",
    "vec": "\u20d7", "widehat": "\u0302", "widetilde": "\u0303", "check": "\u030c", "breve": "\u0306",
})  # fmt: skip
_PLAIN_RAISED = "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWᵀ′*⋆†′×βγδφχ"
_AS_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′*⋆†′ˣᵝᵞᵟᵠᵡ"
RAISED: Mapping[str, str] = MappingProxyType(dict(zip(_PLAIN_RAISED, _AS_RAISED, strict=True)))
LOWERED: Mapping[str, str] = MappingProxyType(
    dict(zip("0123456789+-−=()aehijklmnoprstuvx,βγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ,ᵦᵧᵨᵩᵪ", strict=True))
)
DOUBLE: Mapping[str, str] = MappingProxyType(dict(zip("RNZQCEP1", "ℝℕℤℚℂ𝔼ℙ𝟏", strict=True)))
CURLY: Mapping[str, str] = MappingProxyType(
    {c: chr(0x1D49C + ord(c) - ord("A")) for c in "ACDGJKNOPQSTUVWXYZ"} | dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))
)
FRACTIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "8"): "⅛"}
)
_BINARY = frozenset("odot circ oslash cdot times otimes to in ne neq le leq ge geq approx sim".split())
_KEPT = frozenset("bm mathbf mathbfit mathit mathrm operatorname boldsymbol ensuremath boxed ans underline".split())
_TEXT = frozenset("text textit textbf texttt textrm emph mbox lead formula".split())
_SILENT = frozenset(
    "left right limits nolimits brk brkin brkp brkeq displaystyle tfrac apart centering noindent allowbreak".split()
)
FRACTION = "\ue000", "\ue001"  # private marks around a fraction, until what stands beside it is known
OPEN, CLOSED = "=+−(,[|‖∈<>≤≥≠{;", "=+−),]|‖∈<>≤≥≠};."


def from_latex(tex: str) -> str:
    """The printer's LaTeX as Unicode text; a command it does not know keeps its name."""
    return _tidy(_Reader(_TOKEN.findall(tex)).sequence())


def from_prose(tex: str) -> str:
    """Prose with mathematics between dollars as Unicode text; newlines stay."""
    reader = _Reader(_TOKEN.findall(tex), text=True)
    return _tidy(reader.sequence().replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”"))


def _tidy(text: str) -> str:
    text = re.sub(r" +", " ", _bare_fractions(text)).replace("( ", "(").replace(" )", ")").replace(" ,", ",")
    return unicodedata.normalize("NFC", text).strip()


class _Reader:
    """Reads a list of tokens from the left; in a text, spaces and hyphens are what they are."""

    def __init__(self, tokens: list[str], text: bool = False) -> None:
        self.tokens, self.at, self.text = tokens, 0, text

    def sequence(self) -> str:
        """Everything up to the closing brace of this group."""
        parts: list[str] = []
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            parts.append(self._item())
        return "".join(parts)

    def _item(self) -> str:
        token = self._next()
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
        if name in ACCENTS:
            return _accented(self._argument(), ACCENTS[name])
        if name in ("frac", "tfrac", "dfrac"):
            return _fraction(self._argument(), self._argument())
        if name == "sqrt":
            inside = _wrapped(self._argument())
            return f"√{inside}" if inside.endswith(")") or _one_letter(inside) else f"√({inside})"
        if name in ("sh", "underset"):  # a factor with its shape; an underset names it first
            first, second = self._argument(), self._argument()
            return first if name == "sh" else second
        if name in ("mathbb", "mathcal", "mathscr", "mathbf"):
            letters = {"mathbb": DOUBLE, "mathbf": {"1": DOUBLE["1"]}}.get(name, CURLY)
            return "".join(letters.get(c, c) for c in self._argument())
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


def _accented(text: str, accent: str) -> str:
    """The accent above the letter; a bar above all letters of a longer name, other marks above the first."""
    if accent == ACCENTS["overline"] or (accent == ACCENTS["bar"] and len(text) > 1):
        return "".join(c + ACCENTS["overline"] for c in text)
    return text[:1] + accent + text[1:]


def _fraction(top: str, bottom: str) -> str:
    """½, ∂L/∂W, and anything else between marks: in parentheses, where something multiplies the whole."""
    if top.startswith("∂") and bottom.startswith("∂"):
        return f"{top}/{bottom}".replace(" ", "")
    known = FRACTIONS.get((top, bottom))
    return known or f"{FRACTION[0]}{_wrapped(top)}/{_wrapped(bottom)}{FRACTION[1]}"


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
    marks = set(RAISED.values()) | set(LOWERED.values()) | set(ACCENTS.values())
    return text.isdigit() or all(c in marks for c in text[1:])


def _wrapped(text: str) -> str:
    """Parentheses around anything with an operator or a space outside parentheses."""
    text = _bare_fractions(text)
    return f"({text})" if re.search(r"[ +−·⊙/]", re.sub(r"\([^()]*\)", "", text)) else text
