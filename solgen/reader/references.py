r"""Prose: LaTeX of the author's with references `[[…]]` (docs/format.md, section 4), each looked up.

Brackets nest, `[[W[k, :]]]`; `[{}[` is how LaTeX writes a literal `[[`.  What would show a result where the handout
prints it is refused here, so that no later stage can let it through.
"""

from __future__ import annotations

import re

from solgen.expr.walk import variables
from solgen.model.problem import Model, NameRef, Prose, Reference
from solgen.reader.language.asked_names import look_up_value, name_ref, split_derivative
from solgen.reader.language.scope import Scope
from solgen.reader.source import Defects, nearest, nearest_or_all
from solgen.reader.yaml.yaml_nodes import Node, Scalar, TextPiece
from solgen.written.prose import (
    Mode,
    ProseFault,
    as_commands,
    plain_faults,
    prose_faults,
    symbol_faults,
    without_numbers,
)

WORDS = ("symbol", "eq", "ref", "term", "shape", "value")
ALONE = ("model", "model equations", "numbers")
LITERAL = "a literal `[[` is written `[{}[`"


def read_prose(
    node: Node | None, model: Model, scope: Scope, report: Defects, handout: bool, macro: bool = False
) -> Prose:
    """The text and its references; `handout`: results are refused in it, `macro`: it becomes a command's argument."""
    if not isinstance(node, Scalar):
        return ()
    whole = TextPiece.of(node)
    parts: list[str | Reference] = []
    done, mode = 0, Mode()
    found = _references(whole, report)
    for start, end in found:
        typed, mode = as_commands(mode, whole.text[done:start])
        parts.append(without_numbers(typed))
        reference = _reference(whole.part(start + 2, end - 2), model, scope, report)
        if reference is not None:
            if handout and is_result(reference, model):
                hint = "the handout would show it; put it under `say` or `answer`"
                report.error("result-in-handout", "a result in text that the handout prints", reference.span, hint)
            parts.append(reference)
        done = end
    parts.append(without_numbers(as_commands(mode, whole.text[done:])[0]))
    _report_faults(whole, prose_faults(_mask_references(whole.text, found), report.commands, macro), report)
    return tuple(p for p in parts if p != "")


def read_plain(node: Node | None, report: Defects) -> str:
    """Plain text such as a title, on one line: it takes no references."""
    if not isinstance(node, Scalar):
        return ""
    whole = TextPiece.of(node)
    found = _references(whole, report)
    for start, end in found:
        inner = whole.part(start + 2, end - 2)
        result = split_derivative(inner) or inner.text.split(" ")[0] in ("eq", "term", "value")
        code, what = ("result-in-handout", "a result") if result else ("bad-reference", "a reference")
        report.error(code, f"{what} in plain text", whole.at(start, end), "a title takes no references; type `$…$`")
    _dollars(whole, report)
    _report_faults(whole, plain_faults(_mask_references(whole.text, found), report.commands), report)
    return " ".join(as_commands(Mode(), whole.text)[0].split())


def read_symbol_latex(node: Node, report: Defects) -> str:
    """The LaTeX of one symbol, as inside `$…$`."""
    if not isinstance(node, Scalar):
        return ""
    whole = TextPiece.of(node)
    _report_faults(whole, symbol_faults(whole.text, report.commands), report)
    return as_commands(Mode().inside("$", math=True), whole.text)[0]


def _mask_references(text: str, references: list[tuple[int, int]]) -> str:
    """The text with a digit in the place of each reference, and every other character where it was."""
    for start, end in references:
        text = f"{text[:start]}0{' ' * (end - start - 1)}{text[end:]}"
    return text


def _report_faults(whole: TextPiece, faults: tuple[ProseFault, ...], report: Defects) -> None:
    for fault in faults:
        report.error("latex", fault.message, whole.at(fault.start, fault.end), fault.hint)


def is_result(reference: Reference, model: Model) -> bool:
    """Whether a reference shows something that the solution computes."""
    match reference.kind:
        case "result" | "term":
            return True
        case "eq" | "ref":
            return reference.of is not None
        case "value":
            return True
        case "shape":
            return reference.wrt is not None and reference.wrt.name in {q.var.name for q in model.equations}
        case _:
            return False


def _references(whole: TextPiece, report: Defects) -> list[tuple[int, int]]:
    """The stretches `[[…]]`, brackets counted; one that is never closed is reported."""
    found: list[tuple[int, int]] = []
    start = whole.text.find("[[")
    while start >= 0:
        end = _closing(whole.text, start + 2)
        if end is None:
            report.error(
                "bad-reference",
                "this reference is never closed",
                whole.at(start, start + 2),
                f"close it with ]]; {LITERAL}",
            )
            return found
        found.append((start, end))
        start = whole.text.find("[[", end)
    return found


def _closing(text: str, start: int) -> int | None:
    """Where the reference that begins before `start` ends; it never spans a paragraph."""
    depth = 0
    for k in range(start, min(len(text), start + 300)):
        if text.startswith("]]", k) and depth == 0:
            return k + 2
        depth += (text[k] == "[") - (text[k] == "]")
        if text.startswith("\n\n", k) or depth < 0:
            return None
    return None


def _reference(piece: TextPiece, model: Model, scope: Scope, report: Defects) -> Reference | None:
    words = " ".join(piece.text.split())
    if words in ALONE and words not in scope.variables:
        return Reference(words, None, None, "", piece.span)
    first = re.match(r"([a-z]+)\s+(?=\S)", piece.text)
    if not first:
        return _target("", piece, "", scope, report)
    kind, rest = first.group(1), piece.part(first.end(), len(piece.text))
    if kind not in WORDS:
        hint = nearest_or_all(kind, (*WORDS, "model"), "a reference begins with")
        report.error("bad-reference", f"`[[{words[:40]}]]`: unknown word `{kind}`", piece.span, f"{hint} ({LITERAL})")
        return None
    if kind == "term":
        return _term(rest, model, scope, report)
    found = _target(kind, rest, "", scope, report)
    if found and kind in ("eq", "ref") and not found.of and found.wrt and _is_declared(found.wrt.name, model):
        hint = f"write [[{found.wrt}]] for its symbol, [[shape {found.wrt.name}]] for its shape"
        report.error("bad-reference", f"`{found.wrt}` is declared, so it has no equation", rest.span, hint)
        return None
    return found


def _is_declared(name: str, model: Model) -> bool:
    return any(d.var.name == name for d in model.declarations)


def _target(kind: str, piece: TextPiece, via: str, scope: Scope, report: Defects) -> Reference | None:
    """A name, or a derivative, that exists."""
    quotient = split_derivative(piece)
    if quotient is None:
        if kind in ("", "symbol"):
            return _symbol(kind or "symbol", piece, scope, report)
        found = look_up_value(piece, scope, report)
        return Reference(kind, found[0], None, via, piece.span) if found else None
    of, wrt = (look_up_value(p, scope, report) for p in quotient)
    if kind in ("shape", "value") and of and wrt:
        kind = kind if kind == "value" else "shape"
    return Reference(kind or "result", wrt[0], of[0], via, piece.span) if of and wrt else None


def _symbol(kind: str, piece: TextPiece, scope: Scope, report: Defects) -> Reference | None:
    """A name of any sort: a dimension, an index or a function has a symbol too."""
    if piece.text in scope.sizes or piece.text in scope.indices or piece.text in scope.functions:
        return Reference(kind, NameRef(piece.text, (), piece.span), None, "", piece.span)
    before = len(report.found)
    if name_ref(piece, report) is None:
        _explain(piece, report, before)
        return None
    found = look_up_value(piece, scope, report)
    return Reference(kind, found[0], None, "", piece.span) if found else None


def _explain(piece: TextPiece, report: Defects, before: int) -> None:
    """Replaces `is not a name` by what a reference may be."""
    for key in list(report.found)[before:]:
        del report.found[key]
    hint = f"write [[W]], [[dL/dW]], [[eq z]], [[shape W]], [[model]]; {LITERAL}"
    report.error("bad-reference", f"`[[{' '.join(piece.text.split())[:40]}]]` is not a reference", piece.span, hint)


def _term(piece: TextPiece, model: Model, scope: Scope, report: Defects) -> Reference | None:
    """`term dL/dW via h`: h must lie on a path from W to L."""
    found = re.match(r"(.*\S)\s+via\s+(\S+)\Z", piece.text, re.DOTALL)
    quotient = split_derivative(piece.part(*found.span(1))) if found else None
    if found is None or quotient is None:
        report.error(
            "bad-reference", f"`term {piece.text[:40]}` names no path", piece.span, "write [[term dL/dW via h]]"
        )
        return None
    of, wrt = (look_up_value(p, scope, report) for p in quotient)
    via = look_up_value(piece.part(*found.span(2)), scope, report)
    if not (of and wrt and via):
        return None
    names = (wrt[0].name, via[0].name, of[0].name)
    if None not in (of[1], wrt[1], via[1]) and not _on_path(names, model):
        through = ", ".join(q.var.name for q in model.equations if _on_path((names[0], q.var.name, names[2]), model))
        hint = f"paths run through {through}" if through else nearest(names[0], scope.values)
        report.error("no-path", f"no path from {names[0]} to {names[2]} runs through {names[1]}", piece.span, hint)
        return None
    return Reference("term", wrt[0], of[0], via[0].name, piece.span)


def _on_path(names: tuple[str, str, str], model: Model) -> bool:
    start, via, end = names
    return (
        via != start and via in _find_dependents(start, model) and (via == end or end in _find_dependents(via, model))
    )


def _find_dependents(name: str, model: Model) -> set[str]:
    """The names that depend on a name."""
    reached = {name}
    for equation in model.equations:
        if any(v.name in reached for v in variables(equation.body)):
            reached.add(equation.var.name)
    return reached - {name}


def _dollars(whole: TextPiece, report: Defects) -> None:
    marks = [m for m in re.finditer(r"\\.|\$", whole.text, re.DOTALL) if m.group() == "$"]
    if len(marks) % 2:
        place = whole.at(marks[-1].start(), marks[-1].end())
        report.error(
            "latex", "a $ without its partner", place, r"close the mathematics with $, or write \$ for the sign"
        )
