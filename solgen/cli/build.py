"""`solgen build`: derive, verify and typeset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from solgen.build.formats import Choice
from solgen.cli.options import Engine, InNotation, Paths, Shown, Written
from solgen.cli.reporting import finish, reporting, write_out

if TYPE_CHECKING:
    from solgen.build.config import Config
    from solgen.build.outcome import Outcome

EXAMPLES = (
    "solgen build",
    "solgen build problems/homework-3",
    "solgen build --notation nabla",
    "solgen build --product handout,key --format pdf",
)


def build(
    paths: Paths = None, product: Shown = None, formats: Written = None, notation: InNotation = None, tex: Engine = None
) -> None:
    """Derive, verify and typeset, in output/: each product in each format, or those that are named.

    The files of others stay as they are.
    """
    with reporting():
        from solgen.build.config import find_config
        from solgen.cli.console import built

        settings, choice = find_config(tex), Choice(tuple(product or ()), tuple(formats or ()))
        outcomes = make_sets(paths or [], settings, notation, choice)
        write_out("".join(built(outcome, settings.output, choice) for outcome in outcomes))
        finish(outcomes)


def make_sets(paths: list[Path], settings: Config, notation: str | None, choice: Choice) -> tuple[Outcome, ...]:
    """What came of each set, delivered: from the cache alone where nothing changed, and then nothing slow is loaded."""
    from solgen.build.outputs import deliver_all
    from solgen.build.page_cache import recalled_builds

    known = recalled_builds(paths, settings, notation, choice)
    if known is not None:
        return deliver_all(known, settings, choice)
    from solgen.build.sets import build as build_sets
    from solgen.cli.console import progress

    with progress() as tell:
        return build_sets(paths, settings, tell, notation, choice)
