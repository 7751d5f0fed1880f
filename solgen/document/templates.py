r"""The templates: found, filled, and incapable of printing what was not escaped.

Blocks are `<% … %>`, values `<< … >>`, comments `<# … #>`, none of which TeX uses.  What a template asks of a page or a
block it gets as LaTeX: sentences, formulas and chains are written when they are read, plain text is escaped when it is
printed; anything else, an undefined name included, is an error.  A folder `templates/` beside the problems wins, or
above them up to the working directory, file by file.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from importlib.resources.abc import Traversable
from pathlib import Path
from stat import S_ISREG
from typing import Any

import jinja2

from solgen.document.blocks import Pages
from solgen.errors import Diagnostic, InputError, Span
from solgen.expr.present.tree import Shows
from solgen.places import template_dir
from solgen.render.chains import Beside, Chain, Equality, Side, latex_beside, latex_chain, latex_sides
from solgen.render.escape import Tex, escape
from solgen.render.latex import latex
from solgen.render.latex_words import latex_words
from solgen.render.words import Words

Stamp = tuple[int, int, int]
Load = Callable[[str], "tuple[str, str, Callable[[], bool]] | None"]


def fill_template(pages: Pages, own: tuple[Path, ...] = (), kept: jinja2.BytecodeCache | None = None) -> str:
    """The LaTeX source of a document; `own` are the course's folders of templates, `kept` what was compiled before.

    Raises InputError where a course's own template is wrong.
    """
    try:
        return _environment(own, kept).get_template("document.tex.j2").render(doc=pages)
    except jinja2.TemplateSyntaxError as wrong:
        raise _diagnosis(wrong.filename or wrong.name or "", wrong.lineno, wrong.message or "syntax error") from wrong
    except jinja2.TemplateNotFound as wrong:
        raise _diagnosis(*_place(wrong), f"there is no template `{wrong.name}`") from wrong
    except (jinja2.TemplateError, TypeError) as wrong:
        raise _diagnosis(*_place(wrong), str(wrong) or "error") from wrong


@lru_cache(maxsize=16)
def _environment(own: tuple[Path, ...], kept: jinja2.BytecodeCache | None) -> jinja2.Environment:
    """What compiles templates: each once a process, and again where a file of a course's own has changed."""
    return _Environment(
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, undefined=jinja2.StrictUndefined, finalize=print_value,
        loader=jinja2.FunctionLoader(_loader(template_dir(), own)), autoescape=False, auto_reload=True,
        bytecode_cache=kept,
    )  # fmt: skip


class _Environment(jinja2.Environment):
    """Reads fields of pages and blocks as LaTeX."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return write_value(super().getattr(obj, attribute))


def write_value(value: Any) -> Any:
    """A sentence, a formula, a chain or its sides as LaTeX, a tuple of them as a tuple; anything else as it is."""
    match value:
        case None:
            return Tex("")
        case Words():
            return latex_words(value)
        case Chain() | Equality():
            return latex_chain(value)
        case Beside():
            return latex_beside(value)
        case Shows():
            node: Any = value
            return Tex(latex(node))
        case (Side(), *_):
            return latex_sides(value)
        case tuple():
            return tuple(map(write_value, value))
        case _:
            return value


def print_value(value: object) -> str:
    """What a template prints of a value; raises TypeError for what is neither text nor a number."""
    match value:
        case Tex() | jinja2.StrictUndefined():
            return str(value)
        case str():
            return str(escape(value))
        case int() | float():
            return f"{value:g}"
        case _:
            raise TypeError(f"a template prints {type(value).__name__}, which is neither text nor a number")


def _loader(shipped: Traversable, own: tuple[Path, ...]) -> Load:
    """Finds a template's text, the name that messages call it, and whether it is still that: what ships stays."""

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        parts = name.split("/")
        if ".." in parts or name.startswith("/"):
            return None
        mine = [folder.joinpath(*parts) for folder in own]
        stamps = [*map(_stamp, mine)]
        unchanged = partial(_are_as, mine, stamps)
        nearest = next((file for file, stamp in zip(mine, stamps, strict=True) if stamp is not None), None)
        if nearest is not None:
            return _text(nearest), nearest.as_posix(), unchanged
        found = shipped.joinpath(*parts)
        return (found.read_text(encoding="utf-8"), name, unchanged) if found.is_file() else None

    return load


def _are_as(files: Sequence[Path], stamps: Sequence[Stamp | None]) -> bool:
    """Whether each file has the stamp that it had, and is not there where it was not."""
    return [*map(_stamp, files)] == [*stamps]


def _stamp(file: Path) -> Stamp | None:
    """When a file was changed, its size, its place on the disk; None where there is no file."""
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if S_ISREG(found.st_mode) else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as wrong:
        line = wrong.object[: wrong.start].count(b"\n") + 1
        raise jinja2.TemplateSyntaxError("the file is not UTF-8", line, filename=file.as_posix()) from wrong


def _place(wrong: Exception) -> tuple[str, int]:
    """The template and line that were being filled in: the innermost of the traceback."""
    steps = traceback.extract_tb(wrong.__traceback__)
    inside = [(step.filename, step.lineno or 1) for step in steps if step.filename.endswith(".j2")]
    return inside[-1] if inside else ("document.tex.j2", 1)


def _diagnosis(file: str, line: int, message: str) -> InputError:
    hint = "compare it with the template of the same name that solgen ships"
    return InputError([Diagnostic("template", message, Span(file, line, 1, 2), hint)])
