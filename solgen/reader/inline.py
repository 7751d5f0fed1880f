"""A model that is given as text, and a question that is asked of a model: what a program has in place of a file.

Both are read as in a file, and a mistake is shown in what was given: `<model>:3:5` is its third line, `<derive>:1:13`
a place in the question as it is
written out, `wrt: W, b, of: L`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import normalize

from solgen.errors import Span
from solgen.expr.nodes import Var
from solgen.model.problem import Part, Problem
from solgen.reader.asks import Context, read_asks
from solgen.reader.language.asked_names import look_up_value
from solgen.reader.language.model_lines import read_model_lines, unreadable
from solgen.reader.language.model_text import Settings, read_program
from solgen.reader.language.scope import Scope
from solgen.reader.source import Defects, Source
from solgen.reader.yaml.yaml_nodes import LiteralBlock, Map, Node, Scalar, Seq, TextPiece

MODEL, QUESTION = "<model>", "<derive>"
BETWEEN = re.compile(r",\s*(?![^\[]*\])")  # a comma that stands in no brackets


def parse_model(text: str) -> Problem:
    """The problem that a model alone is: a forward pass in the model language, of which nothing is asked yet.

    Its last equation is a scalar where it has a single entry.  Raises InputError with every mistake in it.
    """
    source = Source.of(MODEL, normalize("NFC", text.replace("\r\n", "\n")))
    report = Defects(source)
    whole = Scalar(source, 0, len(source.text), source.text, "literal", LiteralBlock(source, 0, source.starts, 0))
    piece = TextPiece.of(whole)
    lines = read_model_lines(piece, report)
    settings = Settings(outputs=frozenset({""}), broken=frozenset(unreadable(piece, lines)))
    model, _ = read_program(lines, (source.text,), settings, report)
    if not lines and not report.found:
        report.error("no-model", "the model is empty", source.span(0, 1), "declare names, `x: R[n]`, then equations")
    report.raise_if_any()
    return Problem("model", "A model", MODEL, source.text, model, ())


def ask_derivatives(problem: Problem, wrt: str | Sequence[str], of: str | None) -> Problem:
    """The problem with one part in place of its own, which asks for derivatives by these names.

    Of a scalar they are gradients, of anything else Jacobians; `of` is the last equation where it is None.
    Raises InputError with every name that the model does not have.
    """
    names, output = _question(BETWEEN.split(wrt) if isinstance(wrt, str) else wrt, of)
    report = Defects(names.source)
    context = Context(problem.model, _scope(problem), report, problem.numbers)
    if output is None and context.output is not None:
        output = _word(names.source, context.output.name)
    if output is None or _is_scalar(output, context):
        items = [_item("gradients", names, "of", output)]
    else:
        items = [_item("jacobian", output, "wrt", name) for name in names.items]
    asks = read_asks(Seq(names.source, 0, names.end, tuple(items)), context)
    report.raise_if_any()
    return replace(problem, parts=(Part("a", (), names.span, asks=asks),), points=None)


def _question(wrt: Sequence[str], of: str | None) -> tuple[Seq, Scalar | None]:
    """The names of a question and its output, each at its place in the line that it is written out as."""
    line = "wrt: "
    starts: list[int] = []
    for name in wrt:
        line += ", " if starts else ""
        starts.append(len(line))
        line += name
    end = len(line)
    source = Source.of(QUESTION, line if of is None else f"{line}, of: {of}")
    names = (Scalar(source, at, at + len(name), name, "plain") for at, name in zip(starts, wrt, strict=True))
    output = None if of is None else Scalar(source, end + 6, end + 6 + len(of), of, "plain")
    return Seq(source, 0, end, tuple(names)), output


def _item(verb: str, subject: Node, option: str, given: Node | None) -> Map:
    """An item of `solve`: `{verb: subject, option: given}`."""
    keys = ((verb, subject), (option, given))
    return Map(subject.source, 0, subject.end, tuple((_word(subject.source, k), v) for k, v in keys if v is not None))


def _word(source: Source, text: str) -> Scalar:
    return Scalar(source, 0, 3, text, "plain")


def _is_scalar(output: Scalar, context: Context) -> bool:
    """Whether an output is a scalar; one that the model does not have is reported and may be anything."""
    match look_up_value(TextPiece.of(output), context.scope, context.report):
        case (_, Var() as var):
            return all(size.is_one for size in var.shape_)
        case _:
            return True


def _scope(problem: Problem) -> Scope:
    """What the names of a model mean, once it was read."""
    model, nowhere = problem.model, Span(problem.file, 1, 1, 1)
    axes = (size for var in model.variables.values() for size in var.axes)
    return Scope(
        model.samples,
        dict(model.variables),
        {name: nowhere for size in axes for name in sorted(size.symbols)},
        {index.name: index for index in model.indices},
        {d.var.name: d.classes for d in model.declarations if d.classes is not None},
        {function.name: function for function in model.functions},
    )
