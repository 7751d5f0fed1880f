"""`solgen watch`: build again whenever a file is saved."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial

from solgen.build.formats import Choice
from solgen.cli.options import Engine, InNotation, Paths, Shown, Written
from solgen.cli.reporting import complain, reporting, write_out

EXAMPLES = (
    "solgen watch",
    "solgen watch problems/first.yaml",
)


def watch(
    paths: Paths = None, product: Shown = None, formats: Written = None, notation: InNotation = None, tex: Engine = None
) -> None:
    """Build; then, whenever a file is saved, build again what it changes. Ctrl-C ends it."""
    with reporting():
        from solgen.build.config import find_config
        from solgen.build.watch import rounds
        from solgen.cli.console import progress

        settings, choice = find_config(tex), Choice(tuple(product or ()), tuple(formats or ()))
        try:
            for found in rounds(paths or [], settings, partial(progress, silent=True), notation, choice):
                write_out(found.text(f"{datetime.now():%H:%M:%S}", settings.output))
                sys.stdout.flush()
                complain(found.diagnostics, None)
        except KeyboardInterrupt:
            write_out("Stopped.\n")
