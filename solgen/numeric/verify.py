"""Every equality evaluated at random points, every gradient against differences, and the check itself checked.

Failures are collected, not raised: the pipeline stops the build, with the messages that stand in the
certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solgen.expr.nodes import Adj, Expr
from solgen.model import (
    AdjointBlock,
    Check,
    Checks,
    Content,
    Derivation,
    Equation,
    Gradients,
    GraphAsked,
    Model,
    Mutants,
    PartDerivation,
    Paths,
)
from solgen.numeric.bench import Bench, Setting, derived_gradients
from solgen.numeric.claims import claim_checks
from solgen.numeric.differing import difference_checks
from solgen.numeric.double import float_checks
from solgen.numeric.evaluate import symbol_name
from solgen.numeric.expectations import expectation_checks
from solgen.numeric.judge import check_statement
from solgen.numeric.mutants import answer_of, mutate
from solgen.numeric.rulecheck import rule_checks
from solgen.numeric.sample import Sample, Scene, sample
from solgen.numeric.sizes import Conditions, choose_sizes, constants, dimensions
from solgen.numeric.statements import (
    Statement,
    block_forms,
    block_lines,
    content_forms,
    content_lines,
    distinct,
    forward_statements,
)
from solgen.numeric.working import answers, worked_checks


@dataclass(frozen=True, slots=True)
class Scope:
    """What shares one forward pass: the problem, or a part with a model of its own."""

    name: str
    model: Model
    forward: tuple[Equation, ...]
    adjoints: tuple[AdjointBlock, ...]
    parts: tuple[PartDerivation, ...]

    @property
    def contents(self) -> Iterator[Content]:
        return (content for part in self.parts for content in part.contents)


def verify(derivation: Derivation, mutants: bool = True) -> Checks:
    """The certificate of a derivation.

    Raises InputError where no sizes or no points exist at which the problem is defined.
    """
    seed = hashlib.sha256(derivation.problem.text.encode()).hexdigest()
    results = [_verify_scope(scope, seed, mutants) for scope in scopes(derivation)]
    checks = [c for found, *_ in results for c in found]
    checks += rule_checks(derivation.rules, derivation.problem.model.functions, seed)
    digits = [c.digits for c in checks if c.digits > 0 and c.verdict == "equal"]
    main = results[0]
    return Checks(
        checks=tuple(checks),
        mutants=_joined([m for _, m, _, _ in results]),
        sizes=main[3],
        points=max((len(s.points) for _, _, s, _ in results), default=0),
        seed=seed,
        digits=min(digits, default=0),
        unmet=tuple(dict.fromkeys(u for _, _, s, _ in results for u in s.unmet)),
    )


def scopes(derivation: Derivation) -> tuple[Scope, ...]:
    """The problem itself, and each part that changes the model."""
    own = tuple(p for p in derivation.parts if p.forward)
    rest = tuple(p for p in derivation.parts if not p.forward)
    model = derivation.problem.model
    main = Scope("", model, derivation.forward, derivation.adjoints, rest)
    return (main, *(Scope(p.part.id, p.part.model or model, p.forward, p.adjoints, (p,)) for p in own))


def _verify_scope(scope: Scope, seed: str, mutants: bool) -> tuple[list[Check], Mutants, Sample, dict[str, int]]:
    """Statements, differences, claims and expectations of one scope, then its mutants."""
    sizes = problem_sizes(scope)
    scene = Scene(
        tuple(d.var for d in scope.model.declarations),
        scope.model.functions,
        scope.forward,
        sizes,
        scope.model.samples,
    )
    found = sample(scene, f"{seed} {scope.name}")
    setting = Setting(sizes, scope.forward, derived_gradients(_symbols(scope)))
    benches = [Bench(setting, point) for point in found.points]
    checks = [check_statement(s, benches) for s in _statements(scope)]
    checks += difference_checks(_gradients(scope), scope.model.equations, scope.forward, benches, seed)
    checks += float_checks(_asked(scope), benches)
    checks += claim_checks(scope.contents, benches[0])
    checks += worked_checks(scope.contents, scope.model.equations, sizes, found.points)
    checks += expectation_checks(scope.parts, scope.model, scope.forward, benches, seed)
    wanted = [(symbol_name(b.symbol), answer_of(b)) for b in _asked(scope) if b.contributions]
    wanted += answers(scope.contents)
    survey = mutate(wanted, scene, setting, benches, seed) if mutants else Mutants(0)
    return checks, survey, found, sizes


def problem_sizes(scope: Scope) -> dict[str, int]:
    """A number for each size symbol of the model."""
    bodies = [q.body for q in (*scope.model.equations, *scope.forward)]
    variables = [d.var for d in scope.model.declarations] + [q.var for q in scope.forward]
    conditions = Conditions(dimensions(variables, bodies), scope.model.order, scope.model.fixed, constants(bodies))
    return choose_sizes(conditions)


def _statements(scope: Scope) -> tuple[Statement, ...]:
    """The printed lines; then what ties them together, and the gradients that prose cites."""
    lines = [s for content in scope.contents for s in content_lines(content)]
    ties = list(forward_statements(scope.model.equations, scope.forward))
    ties += [s for content in scope.contents for s in content_forms(content)]
    ties += [s for block in scope.adjoints for s in (*block_lines(block), *block_forms(block))]
    return distinct(lines, ties)


def _symbols(scope: Scope) -> tuple[AdjointBlock, ...]:
    """One block a gradient symbol, each after those that it needs."""
    found: dict[Adj, AdjointBlock] = {}
    for block in (*(b for content in scope.contents for b in _blocks(content)), *scope.adjoints):
        found.setdefault(block.symbol, block)
    return tuple(found.values())


def _blocks(content: Content) -> tuple[AdjointBlock, ...]:
    match content:
        case Gradients(blocks=blocks) | GraphAsked(backward=Gradients(blocks=blocks)):
            return blocks
        case _:
            return ()


def _gradients(scope: Scope) -> tuple[tuple[Adj, Expr], ...]:
    """Every value that the scope gives a gradient, and the sums over paths by their last form."""
    pairs: list[tuple[Adj, Expr]] = [(b.symbol, b.value) for b in scope.adjoints]
    for content in scope.contents:
        pairs += [(b.symbol, b.value) for b in _blocks(content)]
        if isinstance(content, Paths):
            pairs.append((Adj(content.of, content.wrt), content.total.chain[-1]))
    return tuple(dict.fromkeys(pairs))


def _asked(scope: Scope) -> tuple[AdjointBlock, ...]:
    """The blocks of the gradients asked for, each symbol once."""
    blocks = [b for c in scope.contents if isinstance(c, Gradients) for b in c.blocks if b.asked]
    return tuple({b.symbol: b for b in blocks}.values())


def _joined(parts: Iterable[Mutants]) -> Mutants:
    parts = tuple(parts)
    return Mutants(
        sum(m.killed for m in parts),
        tuple(name for m in parts for name in m.equivalent),
        tuple(name for m in parts for name in m.survived),
    )
