r"""What LaTeX calls letters and signs: `\sigma` is σ, `\odot` is ⊙, and what leaves no ink."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.written.syntax import Brackets, Style

GREEK: Mapping[str, str] = MappingProxyType({
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "omicron": "ο", "pi": "π", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ",
    "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
})  # fmt: skip
LETTERS: Mapping[str, str] = MappingProxyType({**GREEK, "ell": "ℓ", "imath": "i", "jmath": "j"})

SIGNS: Mapping[str, str] = MappingProxyType({
    "cdot": "·", "bullet": "·", "times": "×", "ast": "∗", "star": "⋆", "odot": "⊙", "circ": "∘", "oslash": "⊘",
    "otimes": "⊗", "oplus": "⊕", "pm": "±", "mp": "∓", "div": "÷", "setminus": "∖",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<", "gt": ">", "ne": "≠",
    "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼", "propto": "∝", "in": "∈", "to": "→", "rightarrow": "→",
    "mapsto": "↦", "Rightarrow": "⇒", "implies": "⇒", "Leftrightarrow": "⇔", "iff": "⇔", "coloneqq": "≔",
    "triangleq": "≔", "succ": "≻", "succeq": "⪰", "mid": "∣", "ll": "≪", "gg": "≫", "leftarrow": "←", "gets": "←",
    "top": "⊤", "intercal": "⊤", "prime": "′", "dagger": "†", "partial": "∂", "nabla": "∇", "infty": "∞",
    "sum": "∑", "prod": "∏", "colon": ":", "lbrace": "{", "dots": "…", "ldots": "…", "dotsc": "…", "dotsb": "…",
    "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "forall": "∀", "exists": "∃", "quad": "", "int": "∫", "neg": "¬",
    "cup": "∪", "cap": "∩", "subset": "⊂", "perp": "⊥", "angle": "∠",
})  # fmt: skip
CHARACTERS: Mapping[str, str] = MappingProxyType({"-": "−", "*": "∗", "⋅": "·", "•": "·", "∶": ":"})
FUNCTIONS = frozenset(
    "log ln lg exp sin cos tan sec csc cot arcsin arccos arctan sinh cosh tanh max min det arg sup inf lim Pr tr"
    " argmax argmin diag rank trace".split()
)  # words that LaTeX, or everybody's preamble, has as commands
RELATIONS = frozenset("=≈≤≥<>≠≡∼∝∈→←↦⇒⇔≔≻⪰≪≫")
DOTS = frozenset("…⋯⋮⋱")

STYLES: Mapping[str, Style] = MappingProxyType({
    "mathbf": "bold upright", "bm": "bold", "boldsymbol": "bold", "pmb": "bold", "mathbb": "double-struck",
    "mathds": "double-struck", "mathrm": "upright", "mathsf": "upright", "mathtt": "upright", "rm": "upright",
    "mathit": "", "mathcal": "", "mathscr": "", "mathfrak": "", "mathnormal": "", "symbf": "bold", "symbfit": "bold",
    "mathbfit": "bold",
})  # fmt: skip
ACCENTS: Mapping[str, str] = MappingProxyType({
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "vec": "vec", "overrightarrow": "vec", "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve",
    "underline": "underline", "acute": "acute", "grave": "grave", "mathring": "ring",
})  # fmt: skip

INKLESS = frozenset(
    ", ; ! : > quad qquad enspace thinspace medspace thickspace negthinspace hfill brk brkin brkp brkeq apart"
    " displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag allowbreak nobreak"
    " mathstrut strut hline relax noindent break linebreak null bf it cal".split()
) | {" ", "\n", "\t"}
DROPPED = frozenset("tag label color hspace vspace phantom vphantom hphantom eqn cline mspace kern hskip".split())
KEPT = frozenset(
    "boxed ans fbox gridfit mathop mathbin mathrel mathord mathopen mathclose mathinner smash formula ensuremath"
    " underline cancel".split()
)  # a frame around an argument, which is read
WORDED = frozenset("text textrm textit textbf textsf texttt textnormal mbox hbox".split())

OPENING: Mapping[str, Brackets] = MappingProxyType({
    "(": "round", "[": "square", "\\{": "curly", "\\lbrace": "curly", "\\langle": "angle", "\\lvert": "bars",
    "\\lVert": "norm", "\\lbrack": "square", "⟨": "angle",
})  # fmt: skip
CLOSING: Mapping[str, Brackets] = MappingProxyType({
    ")": "round", "]": "square", "\\}": "curly", "\\rbrace": "curly", "\\rangle": "angle", "\\rvert": "bars",
    "\\rVert": "norm", "\\rbrack": "square", "⟩": "angle",
})  # fmt: skip
BARS: Mapping[str, Brackets] = MappingProxyType(
    {"|": "bars", "\\vert": "bars", "\\|": "norm", "\\Vert": "norm", "‖": "norm", "∥": "norm", "\\mid": "bars"}
)
ENVIRONMENTS: Mapping[str, Brackets] = MappingProxyType({
    "matrix": "open", "array": "open", "pmatrix": "round", "bmatrix": "square", "Bmatrix": "curly", "vmatrix": "bars",
    "Vmatrix": "norm", "smallmatrix": "open",
})  # fmt: skip
DISPLAYS = frozenset("aligned align gathered gather equation split alignat alignedat multline eqnarray".split())
# Unicode's marks above a letter, by the names of TeX's.
OVER: Mapping[str, str] = MappingProxyType({
    "\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u20d7": "vec", "\u0307": "dot",
    "\u0308": "ddot", "\u030c": "check", "\u0306": "breve",
})  # fmt: skip
