"""`solgen build`: derive, verify and typeset."""

from __future__ import annotations

from solgen.build.formats import Choice
from solgen.cli.options import Engine, InNotation, Paths, Shown, Written
from solgen.cli.reporting import finish, reporting, write

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
        from solgen.build.config import configured
        from solgen.build.sets import build as build_sets
        from solgen.cli.console import built, progress

        settings, choice = configured(tex), Choice(tuple(product or ()), tuple(formats or ()))
        with progress() as tell:
            outcomes = build_sets(paths or [], settings, tell, notation, choice)
        write("".join(built(outcome, settings.output, choice) for outcome in outcomes))
        finish(outcomes)
