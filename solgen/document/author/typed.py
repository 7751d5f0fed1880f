r"""The mathematics that an author types by hand into prose: printed as it is, and listed as unchecked.

A formula counts when anything of it was typed: `$[[W]]$` is all cited, `$[[W]] = 0$` is not.  References show
as `[[…]]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from solgen.model.problem import Problem, Prose

CITED = "\ue000"  # stands for a reference while the text is searched; no author types it
_FORMULA = re.compile(
    r"""\\[\\$] | (?<!\\)%[^\n]*
      | (?P<math>\$\$.+?\$\$ | \$.+?\$ | \\\(.+?\\\) | \\\[.+?\\\]
      | \\begin\{(?P<name>equation|align|gather|multline|displaymath|math|eqnarray)(?P<star>\*?)\}.+?
        \\end\{(?P=name)(?P=star)\})""",
    re.VERBOSE | re.DOTALL,
)
_SILENT = re.compile(r"\\(?:begin|end)\{\w+\*?\}|\\[,;:!\[\]() ]|\\(?:quad|qquad)\b|[\s$.,;:()" + CITED + "]")


def typed_formulas(problem: Problem) -> tuple[str, ...]:
    """Every formula of a problem's prose with something typed in it, in reading order, each once."""
    found = (formula for prose in _texts(problem) for formula in _typed(prose))
    return tuple(dict.fromkeys(found))


def _texts(problem: Problem) -> Iterator[Prose]:
    yield problem.statement
    for part in problem.parts:
        yield from (part.prompt, part.hint, part.say)
        yield from (ask.say for ask in part.asks)
        yield part.answer
        yield from (line.what for line in part.rubric)


def _typed(prose: Prose) -> Iterator[str]:
    text = "".join(piece if isinstance(piece, str) else CITED for piece in prose)
    for match in _FORMULA.finditer(text):
        formula = match["math"]
        if formula and _SILENT.sub("", formula):
            yield " ".join(formula.replace(CITED, "[[…]]").split())
