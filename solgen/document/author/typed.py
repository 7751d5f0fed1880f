r"""The mathematics that an author types by hand into prose, with the words around it: printed as it is typed.

A formula counts when anything of it was typed: `$[[W]]$` is all cited, `$[[W]] = 0$` is not.  References show
as `[[…]]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from solgen.model.problem import Part, Problem, Prose, Reference

CITED = "\ue000"  # stands for a reference while the text is searched; no author types it
_FORMULA = re.compile(
    r"""\\[\\$] | (?<!\\)%[^\n]*
      | (?P<math>\$\$.+?\$\$ | \$.+?\$ | \\\(.+?\\\) | \\\[.+?\\\]
      | \\begin\{(?P<name>equation|align|gather|multline|displaymath|math|eqnarray)(?P<star>\*?)\}.+?
        \\end\{(?P=name)(?P=star)\})""",
    re.VERBOSE | re.DOTALL,
)
_SILENT = re.compile(r"\\(?:begin|end)\{\w+\*?\}|\\[,;:!\[\]() ]|\\(?:quad|qquad)\b|[\s$.,;:()" + CITED + "]")


@dataclass(frozen=True, slots=True)
class TypedFormula:
    """A formula of the prose with something typed in it.

    pieces: its LaTeX with its delimiters, and the references in it; before, after: the words of its text on both
    sides, other formulas as `$`, and the full stop that closes it; part: where it stands, None in the statement.
    """

    pieces: Prose
    before: str
    after: str
    part: Part | None = None

    @property
    def shown(self) -> str:
        """It on one line, references as `[[…]]`."""
        return " ".join("".join(p if isinstance(p, str) else "[[…]]" for p in self.pieces).split())


def typed_formulas(problem: Problem) -> tuple[str, ...]:
    """Every formula of a problem's prose with something typed in it, in reading order, each once."""
    return tuple(dict.fromkeys(formula.shown for formula in find_typed(problem)))


def find_typed(problem: Problem) -> Iterator[TypedFormula]:
    """Every formula of a problem's prose with something typed in it, in reading order, with the words around it."""
    yield from _find_formulas(problem.statement, None)
    for part in problem.parts:
        for prose in part.prose:
            yield from _find_formulas(prose, part)


def _find_formulas(prose: Prose, part: Part | None) -> Iterator[TypedFormula]:
    text = "".join(piece if isinstance(piece, str) else CITED for piece in prose)
    cited = [piece for piece in prose if isinstance(piece, Reference)]
    for match in _FORMULA.finditer(text):
        formula = match["math"]
        if formula and _SILENT.sub("", formula):
            first = text.count(CITED, 0, match.start())
            pieces = tuple(_pieces(formula, cited[first:]))
            end = _sign(match).removeprefix("$")
            yield TypedFormula(pieces, _words(text[: match.start()]), end + _words(text[match.end() :]), part)


def _pieces(formula: str, cited: list[Reference]) -> Iterator[str | Reference]:
    """The formula with its references in their places."""
    for k, piece in enumerate(formula.split(CITED)):
        yield from ((cited[k - 1],) if k else ())
        yield from ((piece,) if piece else ())


def _words(text: str) -> str:
    """The words of a text, each formula as one `$`, which keeps the full stop that closes it."""
    return _FORMULA.sub(_sign, text).replace(CITED, "$")


def _sign(match: re.Match[str]) -> str:
    if not match["math"]:
        return match[0]
    inner = re.sub(r"\\\]$|\\\)$|\$+$|\\end\{\w+\*?\}$", "", match["math"]).rstrip()
    return "$." if inner.endswith(".") else "$"
