"""What one version of solgen makes of problem sets, as files; run from the version that it belongs to.

    PYTHONPATH=VERSION python -P tests/same/driver.py OUTPUT WORKERS SET...

Each problem is derived and verified once, in the notation of its file; pages, texts and figures are then made in that
notation and in each other with the same certificate.  No TeX runs and nothing is drawn.  This is the one file of
`make same` that knows functions of solgen: who moves one of them mends it here, and the version before has its own.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from solgen.build.job import Job, silent
from solgen.build.outcome import checks_json
from solgen.build.pipeline import derive_and_verify
from solgen.build.work import Work
from solgen.calculus.derive import derive
from solgen.cli.reference import page
from solgen.cli.shown import write_solutions as shown
from solgen.document.exposition import figure_key
from solgen.document.node_letters import node_letters
from solgen.document.pages import tell_in_full
from solgen.document.products import PRODUCTS
from solgen.errors import SolgenError
from solgen.expr.present.notation import GRADIENTS
from solgen.figures.drawing.fonts import measurer
from solgen.figures.graph.numerals import example_values
from solgen.figures.pictures import sketch_of
from solgen.model.derivation import Derivation
from solgen.model.figure import Figure
from solgen.model.problem import Problem, ProblemSet
from solgen.model.verdict import Checks
from solgen.numeric.code.module import json_rows, numpy_module
from solgen.numeric.verify import verify
from solgen.reader.keys import json_schema
from solgen.reader.set_file import read
from solgen.render.printer import Printer

NOTATIONS = ("own", *GRADIENTS)
FORMS = {"terminal": "txt", "latex": "tex", "markdown": "md"}
Solved = tuple[Derivation, Checks]
Output = tuple[str, str]  # a file's name and its text
Made = TypeVar("Made")


def main(output: Path, workers: int, sets: Sequence[Path]) -> None:
    """All outputs of the sets, into a folder for each of them; `crash.txt` tells of what should never happen."""
    for name, make in {"reference.md": page, "schema.json": schema}.items():
        write(output / name, attempt(make))
    with ProcessPoolExecutor(workers) as pool:
        counted = {place: pool.submit(survived, output / place, number_of_problems, place) for place in sets}
        verified = {
            place: [pool.submit(survived, output / place, certificate, place, n) for n in range(count.result() or 0)]
            for place, count in counted.items()
        }
        made = []
        for place, problems in verified.items():
            certificates = [problem.result() for problem in problems]
            for notation in NOTATIONS if None not in certificates else ():
                folder = output / place / notation
                made.append(pool.submit(survived, folder, outputs, folder, place, notation, certificates))
        for task in made:
            task.result()  # raises where a whole process was lost


def survived(folder: Path, task: Callable[..., Made], *arguments: object) -> Made | None:
    """The result of a task; what it died of stands in the folder else, since not every exception can travel."""
    try:
        return task(*arguments)
    except Exception:  # noqa: BLE001 (whatever a version dies of is what we are here to tell)
        write(folder / "crash.txt", traceback.format_exc())
        return None


def schema() -> str:
    """What `solgen schema` prints."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False)


def number_of_problems(place: Path) -> int:
    """How many problems a set has."""
    return len(read(place).problems)


def certificate(place: Path, index: int) -> bytes:
    """The certificate of one problem, and what was wrong with it, fit to travel between processes."""
    problem = read(place).problems[index]
    with tempfile.TemporaryDirectory() as cache:
        done = derive_and_verify(problem, Job(place, Path(cache), "same"), silent)
    return pickle.dumps((done.checks or _checked(problem), done.faults, done.exit_code))


def _checked(problem: Problem) -> Checks | None:
    """The certificate of a problem whose pages cannot be made, if it can be derived."""
    try:
        return verify(derive(problem))
    except SolgenError:
        return None


def outputs(folder: Path, place: Path, notation: str, certificates: Sequence[bytes]) -> None:
    """All files of one set in one notation, unless that is what its own files say."""
    problem_set = read(place, None if notation == "own" else notation)
    if notation != "own" and problem_set == read(place):
        return
    works = []
    for problem, known in zip(problem_set.problems, certificates, strict=True):
        checks, faults, code = pickle.loads(known)
        derivation = derive(problem) if checks else None
        if derivation and notation != "own":  # another notation has lines of its own
            checks = verify(derivation)
        works.append(Work(problem, derivation, checks, faults, code))
    wrong = [diagnostic.text() for done in works for diagnostic in done.wrong]
    if wrong:
        write(folder / "wrong.txt", "\n".join(wrong))
    for name, text in made_of(problem_set, works, exports=notation == "own"):
        write(folder / name, text)


def made_of(problem_set: ProblemSet, works: Sequence[Work], exports: bool) -> Iterator[Output]:
    """The outputs of a set that was read, derived and verified."""
    solved = [(done.derivation, done.checks) for done in works if done.derivation and done.checks]
    for form, suffix in FORMS.items():
        yield f"show.{suffix}", attempt(partial(shown, solved, "", form))  # type: ignore[arg-type]
    if len(solved) == len(works):
        yield from documents(problem_set, works, solved)
    for n, (derivation, checks) in enumerate(solved if exports else (), 1):
        yield f"export-{n}.py", attempt(partial(numpy_module, derivation))
        yield f"export-{n}.json", attempt(partial(rows, derivation, checks))


def rows(derivation: Derivation, checks: Checks) -> str:
    """What `solgen export --to json` prints."""
    printer = Printer(dict(derivation.problem.latex), derivation.problem.notation)
    return json.dumps(json_rows(derivation, printer.expr, checks), indent=1, ensure_ascii=False)


def documents(problem_set: ProblemSet, works: Sequence[Work], solved: Sequence[Solved]) -> Iterator[Output]:
    """Every product, the layout of each figure, and `checks.json`."""
    figures: dict[str, Figure] = {}
    for key, layout, figure in layouts(solved):
        figures[key] = figure
        yield f"{figure.name}.json", layout
    derivations, checks = [derivation for derivation, _ in solved], [found for _, found in solved]
    told = tell_in_full(problem_set, derivations, checks, figures)
    for name, product in PRODUCTS.items():
        yield f"{name}.tex", told.document(product).tex
    yield "checks.json", checks_json([done.report for done in works], told.numbers).decode()


def layouts(solved: Sequence[Solved]) -> Iterator[tuple[str, str, Figure]]:
    """Each figure of a set: where it belongs, its strings and boxes as data, and what a document needs of it."""
    measure, count = measurer(), 0
    for (derivation, checks), letters in zip(solved, node_letters([d for d, _ in solved]), strict=True):
        problem = derivation.problem
        for p in derivation.parts:
            printer = Printer({**problem.latex, **letters}, p.part.notation or problem.notation, dialect="mathtext")
            values = partial(example_values, example=p.example if p.part.model else derivation.example, checks=checks)
            for position, content in enumerate(p.contents):
                sketch = sketch_of(content, p.part.model or problem.model, printer, values)
                if sketch is not None:
                    count += 1
                    plan = sketch.plan(measure)
                    figure = Figure(f"figure-{count}", b"", sketch.alt, plan.width)
                    yield figure_key(problem.id, p.part.id, position), drawing(asdict(plan)), figure


def drawing(plan: dict[str, Any]) -> str:
    """A layout as text: a line for each node and each edge, with their strings and boxes, and one for the rest."""
    parts = [*plan.pop("nodes"), *plan.pop("edges"), plan]
    return "\n".join(json.dumps(part, ensure_ascii=False) for part in parts)


def attempt(make: Callable[[], str]) -> str:
    """What is made, or the message with which solgen refuses to make it: that is an output too."""
    try:
        return make()
    except SolgenError as refusal:
        return f"refused: {refusal}\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ |= {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"}
    out, crew, *places = sys.argv[1:]
    main(Path(out), int(crew), [Path(place) for place in places])
