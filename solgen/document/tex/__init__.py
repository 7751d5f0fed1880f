"""Running TeX: find or make an engine, run it sealed, read its log.

    engine = ensure_engine(configured, cache, progress)
    run = typeset(engine, source, {"graph.pdf": data}, source_date_epoch=0, timeout=60, cache=cache)
    run.pdf; run.log.defects()

Map: `recipe` what the private tree holds, `apt` fetches it, `tree` makes it, `fonts` the faces for
figures, `engine` chooses, `seal` limits a process, `preamble` dumps formats, `run` typesets, `log` reads.
"""

from solgen.document.tex.engine import Engine, Finding, ensure_engine, find_engine, report
from solgen.document.tex.fonts import pagella_fonts
from solgen.document.tex.log import Defect, TexLog, read_log
from solgen.document.tex.run import TexFailure, TexRun, typeset

__all__ = [
    "Defect", "Engine", "Finding", "TexFailure", "TexLog", "TexRun",
    "ensure_engine", "find_engine", "pagella_fonts", "read_log", "report", "typeset",
]  # fmt: skip
