r"""The templates: found, filled, and incapable of printing what was not escaped.

Blocks are `<% … %>`, values `<< … >>`, comments `<# … #>`, none of which TeX uses.  A value prints as it is when it is
`Tex`, escaped when it is plain text; anything else, an undefined name included, is an error.  A folder `templates/`
beside the problems wins, file by file.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2

from solgen.document.blocks import Pages
from solgen.document.escape import Tex, escape
from solgen.errors import Diagnostic, InputError, Span
from solgen.resources import template_dir

Load = Callable[[str], str | None]


def fill(pages: Pages, own: Path | None = None) -> str:
    """The LaTeX source of a document; `own` is the course's templates folder.

    Raises InputError where a course's own template is wrong.
    """
    load = _loader(template_dir(), own)
    environment = jinja2.Environment(
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, undefined=jinja2.StrictUndefined, finalize=printed,
        loader=jinja2.FunctionLoader(load), autoescape=False, cache_size=0,
    )  # fmt: skip
    try:
        return environment.get_template("document.tex.j2").render(doc=pages)
    except jinja2.TemplateSyntaxError as wrong:
        raise _diagnosis(own, wrong.name or "", wrong.lineno, wrong.message or "syntax error") from wrong
    except jinja2.TemplateError as wrong:
        raise _diagnosis(own, "document.tex.j2", 1, wrong.message or "error") from wrong


def printed(value: object) -> str:
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


def _loader(shipped: Traversable, own: Path | None) -> Load:
    def load(name: str) -> str | None:
        parts = name.split("/")
        if ".." in parts or name.startswith("/"):
            return None
        mine = own.joinpath(*parts) if own else None
        if mine is not None and mine.is_file():
            return mine.read_text(encoding="utf-8")
        found = shipped.joinpath(*parts)
        return found.read_text(encoding="utf-8") if found.is_file() else None

    return load


def _diagnosis(own: Path | None, name: str, line: int, message: str) -> InputError:
    file = str(own / name) if own and (own / name).is_file() else name
    hint = "compare it with the template of the same name that solgen ships"
    return InputError([Diagnostic("template", message, Span(file, line, 1, 2), hint)])
