"""Pages, typeset from their LaTeX.

They are kept until the source, its figures or the engine change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from solgen.build.cache import digest
from solgen.build.formats import Format, Made, Press
from solgen.build.formats.tex import source
from solgen.document.author.blame import culprit
from solgen.errors import Diagnostic, EngineError
from solgen.tex import Defect, Engine, TexFailure, typeset

if TYPE_CHECKING:
    from solgen.document.pages import Document

TEX_SECONDS = 120.0  # for all passes of one document
MANY = 5  # defects of a page that are told
SEE_SOURCE = "the source and its line numbers are in the output folder, in failed-{product}.tex"


def print_pages(document: Document, press: Press) -> Made:
    """The PDF; or what is wrong with its pages, or with the prose of one of its problems, beside the source.

    Raises EngineError where TeX cannot be started.
    """
    if press.engine is None:
        raise EngineError(press.trouble)
    result = _printed(document, press.engine, press)
    if isinstance(result, Diagnostic):
        return Made(source(document), (result,))
    return Made({f"{document.pages.product}.pdf": result})


def _printed(document: Document, engine: Engine, press: Press) -> bytes | Diagnostic:
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
        placed = culprit(failure.defect, document.problems)
        return placed or Diagnostic("tex", f"{product}: {failure}", hint=SEE_SOURCE.format(product=product))
    if defects := run.log.defects():
        return _defective(product, defects)
    press.store.put(key, run.pdf)
    if run.written != earlier:
        press.store.put(place, _dump_written(run.written))
    return run.pdf


def _dump_written(written: Mapping[str, bytes]) -> bytes:
    return json.dumps({name: data.decode("latin-1") for name, data in written.items()}).encode()


def _load_written(data: bytes | None) -> dict[str, bytes]:
    """What the last pass over the document as it was wrote for a further one; empty where nothing is kept."""
    return {name: text.encode("latin-1") for name, text in json.loads(data or b"{}").items()}


def _defective(product: str, defects: Sequence[Defect]) -> Diagnostic:
    """All defects of a document as one diagnostic."""
    told = "; ".join(f"{d.message}{f': {d.context}' if d.context else ''}" for d in defects[:MANY])
    more = f"; and {len(defects) - MANY} more" if len(defects) > MANY else ""
    return Diagnostic("page-defect", f"{product}: {told}{more}", hint=SEE_SOURCE.format(product=product))


ROW = Format(print_pages)
