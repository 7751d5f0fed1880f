"""The public face of solgen: read a problem or a model, derive, verify, build; results that show themselves.

    >>> import solgen
    >>> model = solgen.parse("x: R[d]\\nW: R[m, d]\\ny = W @ x\\nL = norm2sq(y) / 2")
    >>> print(solgen.derive(model, wrt="W"))
    ∂L/∂W = y xᵀ

What is derived is verified before it is shown, as `solgen export` does.  Everything that can go wrong is raised as a
`solgen.SolgenError` with the place and a hint; `import solgen` loads none of this before it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from solgen.build.config import find_config
from solgen.build.export import derive_verified, export_to, raise_failures, read_one, with_prose
from solgen.build.faults import tell_checked
from solgen.build.formats import FORMATS, Choice
from solgen.build.job import silent
from solgen.build.outcome import gravest
from solgen.build.read_back.forms import FOR_OTHERS, IN_MARKDOWN, IN_TERMINAL
from solgen.build.sets import build as build_sets
from solgen.document.key import answers
from solgen.document.narration import narrate
from solgen.document.portable import markdown
from solgen.document.products import PRODUCTS
from solgen.document.telling import Telling
from solgen.errors import Diagnostic as Diagnostic
from solgen.errors import EngineError, InputError, VerificationError
from solgen.errors import SolgenError as SolgenError
from solgen.expr.nodes import Expr
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem
from solgen.model.verdict import Checks
from solgen.numeric.code.interpret import interpret_module
from solgen.numeric.code.requested import asked_jacobians, closed_gradients
from solgen.numeric.verify import verify as verify_all
from solgen.reader.inline import ask_derivatives, parse_model
from solgen.render.boxes import box_of, line_box, side_by_side
from solgen.render.chains import Chain, Side, latex_sides
from solgen.render.latex import Macros, latex
from solgen.render.marks import GAP
from solgen.render.snippets import LATEX, MARKDOWN
from solgen.render.terminal_chains import join_chain, set_sides

COLUMNS = 88  # of a solution as text


def read(path: str | PathLike[str]) -> Problem:
    """The problem in a file.

    Raises InputError with every mistake in it, or where the path is a folder of several problems.
    """
    return read_one(Path(path))


def parse(text: str) -> Problem:
    """The problem that a model alone is, `x: R[n]` and `z = W @ x` a line; ask of it with `derive(…, wrt=…)`.

    Raises InputError with every mistake in it.
    """
    return parse_model(text)


def derive(model: Problem, of: str | None = None, wrt: str | Sequence[str] = ()) -> Result:
    """The derivatives of `of` by the names `wrt`, or, where no name is given, everything that the problem asks for.

    of: the last equation if not given.  Of a scalar they are gradients, each in the shape of its name; of anything else
    Jacobians.  Names may be entries, rows or slices: `z[k]`, `W[k, :]`.

    Raises InputError for a name that the model does not have and for what cannot be derived, VerificationError where
    an equality fails.
    """
    problem = _pose_question(model, of, wrt)
    derivation, checks = derive_verified(problem)
    return Result(derivation, checks, tell_checked(derivation, "", checks, (FOR_OTHERS, IN_MARKDOWN, IN_TERMINAL)))


def _pose_question(model: Problem, of: str | None, wrt: str | Sequence[str]) -> Problem:
    if wrt:
        return ask_derivatives(model, wrt, of)
    if of is not None or not model.parts:
        hint = "name variables of the model: `solgen.derive(model, wrt=['W', 'b'])`"
        raise InputError([Diagnostic("nothing-asked", "derivatives are asked for by no name", hint=hint)])
    return model


def verify(model: Problem | Result) -> Checks:
    """The whole certificate, as `solgen check` makes it: every equality, and that mistakes are told from the answer.

    Raises InputError for what cannot be derived, VerificationError where an equality fails, one that the prose types
    too, or a mistake goes unnoticed.
    """
    derivation = model.derivation if isinstance(model, Result) else derive_verified(model)[0]
    checks = verify_all(derivation)
    raise_failures(checks)
    if checks.mutants.survived:
        raise VerificationError("\n".join(f"{mistake} goes unnoticed" for mistake in checks.mutants.survived))
    return with_prose(derivation, checks)


def build(
    *paths: str | PathLike[str],
    output: str | PathLike[str] = "output",
    products: Sequence[str] = tuple(PRODUCTS),
    formats: Sequence[str] = FORMATS,
    notation: str | None = None,
) -> tuple[Path, ...]:
    """The documents of each set, made in `output`/<set>/ as by `solgen build`: what was made, or was there unchanged.

    All in this process, one after the other; without paths everything in problems/.

    Raises InputError for what is wrong in the files, VerificationError where an equality fails, EngineError where TeX
    fails; the documents of the other sets are made all the same.
    """
    choice = Choice(_rows("product", products, tuple(PRODUCTS)), _rows("format", formats, FORMATS))
    config = replace(find_config(), output=Path(output), workers=1)
    outcomes = build_sets([Path(path) for path in paths], config, silent, notation, choice)
    wrong = [diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics]
    match gravest(outcome.exit_code for outcome in outcomes):
        case InputError.exit_code:
            raise InputError(wrong)
        case EngineError.exit_code:
            raise EngineError("\n".join(diagnostic.text() for diagnostic in wrong))
        case VerificationError.exit_code:
            raise VerificationError("\n".join(diagnostic.text() for diagnostic in wrong))
    return tuple(Path(output) / made.name / name for made in outcomes for name in choice.list_finished(made.files))


def _rows(what: str, given: Sequence[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """The names of rows of a table; raises InputError for one that is not there."""
    for name in given:
        if name not in known:
            raise InputError([Diagnostic(f"unknown-{what}", f"there is no {what} {name!r}", hint=", ".join(known))])
    return tuple(given)


# ---------------------------------------------------------------- what was derived


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """What was derived, with its certificate: prints its answers, and shows them in a notebook."""

    derivation: Derivation
    checks: Checks
    told: Telling

    @property
    def gradients(self) -> Mapping[str, Expr]:
        """Each gradient by the name of its variable, or as `dy/dx` where one has several outputs."""
        return closed_gradients(self.derivation)

    @property
    def jacobians(self) -> Mapping[str, Expr]:
        """Each Jacobian by the name of its variable, or as `dy/dx`."""
        return {key: found.value for key, found in asked_jacobians(self.derivation, "jacobian").items()}

    @property
    def hessians(self) -> Mapping[str, Expr]:
        """Each Hessian by the name of its variable, or as `dy/dx`."""
        return {key: found.value for key, found in asked_jacobians(self.derivation, "hessian").items()}

    @property
    def latex(self) -> str:
        """The answers as LaTeX for a display, which needs amsmath and bm."""
        return _align_chains(self._answers(), LATEX.macros)

    @property
    def text(self) -> str:
        """The answers in Unicode, one under the other."""
        return "\n".join(line for chain in self._answers() for line in _lines(chain))

    @property
    def solution(self) -> str:
        """The worked solution in Unicode, as `solgen show` prints it."""
        return "\n".join(line.plain.rstrip() for line in narrate(self.told, COLUMNS)).strip("\n") + "\n"

    @property
    def markdown(self) -> str:
        """The worked solution in Markdown with TeX mathematics."""
        return markdown(self.told)

    def numpy(self) -> Module:
        """The results as a numpy module; raises InputError where one has no such form."""
        return Module(export_to("numpy", self.derivation, self.checks, {}))

    def sympy(self, **sizes: int) -> str:
        """The source of a sympy module with an expression an entry, at sizes such as `n=2`; small ones if not given.

        Raises InputError for a size that the model does not have.
        """
        return export_to("sympy", self.derivation, self.checks, sizes)

    def _answers(self) -> tuple[Chain, ...]:
        """What the answer key has of it, part by part."""
        formulas = (answer.formula for part in self.told.parts for answer in answers(part.blocks))
        return tuple(f if isinstance(f, Chain) else Chain(f.left, (Side(f.right),)) for f in formulas)

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        """What a notebook shows: the answers, in what MathJax and KaTeX know."""
        return f"$$\n{_align_chains(self._answers(), MARKDOWN.macros)}\n$$"


def _align_chains(chains: Sequence[Chain], macros: Macros) -> str:
    """One formula, or several under each other with their signs aligned."""
    lines = [f"{latex(chain.left, macros)} &{latex_sides(chain.sides, macros)}" for chain in chains]
    if len(lines) == 1:
        return lines[0].replace(" &", " ", 1)
    body = " \\\\\n".join(lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _lines(chain: Chain) -> Iterator[str]:
    """A formula in Unicode, of several lines where a matrix stands in it."""
    box = side_by_side((box_of(chain.left), line_box((GAP,)), join_chain(set_sides(chain.sides))))
    return (line.rstrip() for line in box.lines)


class Module:
    """An exported numpy module: its `source`, and its functions by their names.

    `module.gradients(x=…, W=…)` gives a dict of arrays, and so do `forward`, `jacobians` and `hessians`, as far as the
    module has them.  The functions are run by solgen's own interpreter, slowly; for speed, write the source to a file.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._functions = interpret_module(source)

    def __getattr__(self, name: str) -> Callable[..., dict[str, np.ndarray]]:
        if name.startswith("_") or name not in self._functions:
            raise AttributeError(f"the module has no function {name!r}: {', '.join(self)}")
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._functions if not name.startswith("_"))

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"<a numpy module: {', '.join(self)}>"
