"""Running TeX: find or make an engine, run it sealed, read its log.

    engine = ensure_engine(configured, cache, TrialPage(trial_document), progress)
    run = typeset(engine, source, {"graph.pdf": data}, source_date_epoch=0, timeout=60, cache=cache)
    run.pdf; run.log.defects()

Map: `recipe` what the private tree holds, `apt` fetches it, `tree` makes it, `engine` looks at what is there,
`choice` takes the first that can make our pages, `seal` limits a process, `preamble` dumps formats, `run` typesets,
`log` reads.
"""

from solgen.tex.choice import TrialPage, ensure_engine, find_engine, remembered_engine, report
from solgen.tex.engine import Engine, Finding
from solgen.tex.log import Defect, TexLog, read_log
from solgen.tex.run import TexFailure, TexRun, typeset

__all__ = [
    "Defect", "Engine", "Finding", "TexFailure", "TexLog", "TexRun", "TrialPage", "ensure_engine", "find_engine",
    "read_log", "remembered_engine", "report", "typeset",
]  # fmt: skip
