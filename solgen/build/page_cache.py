"""Documents that were made before, found by the content of their files, of TeX and of the templates.

The rest of `solgen.build.set_cache`: with nothing changed, `solgen build` is over before anything slow is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from solgen.build.cache import digest, folder_digest, known_program
from solgen.build.config import Config
from solgen.build.formats import Choice
from solgen.build.outcome import Outcome
from solgen.build.set_cache import Recipe, fingerprint, recall_outcome
from solgen.places import template_dir
from solgen.reader.folders import find, require_distinct
from solgen.tex import Engine, remembered_engine


def build_recipe(source: Path, program: str, engine: Engine | None, choice: Choice, notation: str | None) -> Recipe:
    """The recipe of a set's documents: which of them, in which notation, by which engine, from which templates."""
    asked = (*choice.documents, "", notation or "")
    if engine is None:
        return Recipe(source, program, asked)
    shipped = folder_digest(template_dir())
    return Recipe(source, program, (*asked, engine.origin, engine.version, *engine.command, shipped))


def trial_key(program: str) -> str:
    """Under what a success of the trial document is remembered: the program and its templates."""
    return digest(program, folder_digest(template_dir()))


def recalled_builds(
    paths: Sequence[Path], config: Config, notation: str | None, choice: Choice
) -> tuple[Outcome, ...] | None:
    """What was made of all these sets before; None where one of them, the program, or TeX has changed.

    Raises InputError where there is nothing to build, or where two sets would be written to one place.
    """
    sources = find(paths, config.cwd)
    require_distinct(sources, config.cwd)
    program = known_program(config.store)
    engine = remembered_engine(config.engine, config.cache, trial_key(program)) if program else None
    if program is None or engine is None:
        return None
    outcomes = []
    for source in sources:
        own = fingerprint(build_recipe(source, program, engine, choice, notation))
        outcome = recall_outcome(own, config.store)
        if outcome is None:
            return None
        outcomes.append(outcome)
    return tuple(outcomes)
