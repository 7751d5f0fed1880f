"""`solgen doctor`: the machine, and which TeX is used."""

from __future__ import annotations

from typing import Annotated

import typer

from solgen.cli.options import AsJson, Engine
from solgen.cli.reporting import reporting, write_out

EXAMPLES = (
    "solgen doctor",
    "solgen doctor --fix",
)


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Make the private TeX tree where no TeX is usable, a damaged one anew.")
    ] = False,
    as_json: AsJson = False,
    tex: Engine = None,
) -> None:
    """Try each TeX, show which is used and why, and this machine in one block; exit 0 exactly when one is usable."""
    with reporting():
        from solgen.build.config import find_config
        from solgen.cli.console import progress
        from solgen.cli.diagnosis import diagnosis, findings_json
        from solgen.document.trial import trial_document
        from solgen.tex import TrialPage, ensure_engine, report

        settings, trial = find_config(tex), TrialPage(trial_document)
        if fix:
            with progress() as tell:
                ensure_engine(settings.engine, settings.cache, trial, tell)
        found = report(settings.engine, settings.cache, trial)
        write_out(findings_json(found) if as_json else diagnosis(found, settings))
        usable = found[0].engine if settings.engine else next((f.engine for f in found if f.engine), None)
        raise typer.Exit(0 if usable else 3)
