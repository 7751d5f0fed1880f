"""`solgen check`: derive and verify, for continuous integration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from solgen.cli.options import AsJson, Everything, Junit, Paths, Prove, Seconds
from solgen.cli.reporting import finish, reporting, write_out

if TYPE_CHECKING:
    from solgen.build.config import Config
    from solgen.build.outcome import Outcome

EXAMPLES = (
    "solgen check",
    "solgen check --all --junit report.xml",
    "solgen check --prove",
)
SECONDS = 10.0  # of a processor, to prove the answers of one problem


def check(
    paths: Paths = None, everything: Everything = False, as_json: AsJson = False, junit_file: Junit = None,
    prove: Prove = False, seconds: Seconds = None,
) -> None:  # fmt: skip
    """Derive and verify what changed, without typesetting; for continuous integration."""
    if seconds is not None and not prove:
        raise typer.BadParameter("--seconds says how long --prove may take, which is not given.")
    proving = (seconds or SECONDS) if prove else None
    with reporting(sys.stderr.write if as_json else write_out):
        from solgen.build.config import find_config
        from solgen.build.outcome import outcomes_json
        from solgen.cli.check_table import table

        outcomes = check_sets(paths or [], find_config(), everything, proving)
        write_out(outcomes_json(outcomes) if as_json else table(outcomes))
        if junit_file:
            from solgen.cli.junit import junit
            from solgen.scratch import write_whole

            write_whole(junit_file, junit(outcomes))
        finish(outcomes, sys.stderr.write if as_json else write_out)


def check_sets(
    paths: list[Path], settings: Config, everything: bool, proving: float | None = None
) -> tuple[Outcome, ...]:
    """What came of each set: from the cache alone where nothing changed, and then nothing slow is loaded.

    proving: for how many seconds the answers of a problem are proved besides; None where they are not.
    """
    from solgen.build.set_cache import recalled_sets
    from solgen.reader.folders import find

    anew = everything or proving is not None
    known = dict.fromkeys(find(paths, settings.cwd)) if anew else recalled_sets(paths, settings)
    outcomes = [outcome for outcome in known.values() if outcome is not None]
    if len(outcomes) == len(known):
        return tuple(outcomes)
    from solgen.build.workers import shares_memory, warm

    if len(known) - len(outcomes) > 1 and settings.workers > 1 and shares_memory():
        warm()
    from solgen.build.sets import check as check_sets
    from solgen.cli.console import progress

    with progress() as tell:
        return check_sets(paths, settings, tell, everything, proving)
