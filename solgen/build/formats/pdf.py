"""Pages, typeset from their LaTeX.

They are kept until the source, its figures or the engine change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from solgen.build.cache import digest
from solgen.build.formats import Format, Made, Press
from solgen.build.formats.tex import source
from solgen.document.author.blame import culprit
from solgen.document.origin import named_origin, problem_origin, template_origin, unclosed_brace
from solgen.errors import Diagnostic, EngineError
from solgen.tex import Defect, Engine, TexFailure, typeset

if TYPE_CHECKING:
    from solgen.document.pages import Document

TEX_SECONDS = 120.0  # for all passes of one document
OWN_TEMPLATE = "mend this line of the course's own template; docs/format.md says what solgen expects of it"
MANY = 5  # defects of a page that are told
SEE_SOURCE = "the source and its line numbers are in the output folder, in failed-{product}.tex"


def print_pages(document: Document, press: Press) -> Made:
    """The PDF; or what is wrong with its pages, or with the prose of one of its problems, beside the source.

    Raises EngineError where TeX cannot be started.
    """
    if press.engine is None:
        raise EngineError(press.trouble)
    result = _print_document(document, press.engine, press)
    if isinstance(result, tuple):
        return Made(source(document), result)
    return Made({f"{document.pages.product}.pdf": result})


def _print_document(document: Document, engine: Engine, press: Press) -> bytes | tuple[Diagnostic, ...]:
    """The PDF, from the cache where the same was typeset before; or what is wrong."""
    product = document.pages.product
    assets = (part for name in sorted(document.assets) for part in (name, document.assets[name]))
    key = digest("pdf", press.program, engine.version, *engine.command, document.tex, *assets)
    stored = press.store.get(key)
    if stored is not None:
        return stored
    place = digest("written", engine.version, product, *(problem.file for problem in document.problems))
    earlier = _load_written(press.store.get(place))
    try:
        run = typeset(
            engine, document.tex, document.assets, jobname=product, timeout=TEX_SECONDS, cache=press.cache,
            earlier=earlier,
        )  # fmt: skip
    except TexFailure as failure:
        return (_report_stop(document, failure),)
    if defects := run.log.defects():
        return tuple(_defective(document, defects))
    press.store.put(key, run.pdf)
    if run.written != earlier:
        press.store.put(place, _dump_written(run.written))
    return run.pdf


def _dump_written(written: Mapping[str, bytes]) -> bytes:
    return json.dumps({name: data.decode("latin-1") for name, data in written.items()}).encode()


def _load_written(data: bytes | None) -> dict[str, bytes]:
    """What the last pass over the document as it was wrote for a further one; empty where nothing is kept."""
    return {name: text.encode("latin-1") for name, text in json.loads(data or b"{}").items()}


def _report_stop(document: Document, failure: TexFailure) -> Diagnostic:
    """What stopped TeX, at its place: in a problem's prose, in a course's own template, else in a part."""
    defect, product = failure.defect, document.pages.product
    if placed := culprit(defect, document.problems):
        return placed
    own = template_origin(document, defect.line) or named_origin(document, defect.message)
    own = own or (unclosed_brace(document) if defect.line is None else None)
    if own is not None:
        shown = f": `{defect.context}`" if defect.context else ""
        return Diagnostic("tex", f"TeX: {defect.message.rstrip('.')}{shown}", own.span, OWN_TEMPLATE, own.source)
    return _add_place(document, defect, Diagnostic("tex", f"{product}: {failure}", hint=_see(product)))


def _defective(document: Document, defects: Sequence[Defect]) -> Iterator[Diagnostic]:
    """The defects of a document, each at its place; those that are too many are counted."""
    product = document.pages.product
    for k, d in enumerate(defects[:MANY]):
        more = f"; and {len(defects) - MANY} more" if k == MANY - 1 and len(defects) > MANY else ""
        told = f"{d.message}{f': {d.context}' if d.context else ''}{more}"
        own = template_origin(document, d.line)
        if own is not None:
            yield Diagnostic("page-defect", f"{product}: {told}", own.span, OWN_TEMPLATE, own.source)
        else:
            yield _add_place(document, d, Diagnostic("page-defect", f"{product}: {told}", hint=_see(product)))


def _add_place(document: Document, defect: Defect, told: Diagnostic) -> Diagnostic:
    """With the reference or the part that it stands in, where that is known."""
    found = problem_origin(document, defect.line, defect.until)
    if found is None:
        return told
    product = document.pages.product
    message = f"{product}, {found.where}: {told.message.removeprefix(f'{product}: ')}"
    return replace(told, message=message, span=found.span, source=found.source)


def _see(product: str) -> str:
    return SEE_SOURCE.format(product=product)


ROW = Format(print_pages)
