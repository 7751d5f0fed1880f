"""What a certificate says of a derivation: which formulas are equal, in which forward pass, in which case.

Pages may leave out members of a chain, so what is known is kept in classes of equal formulas.  An equality of a case
holds in it alone.  The equations of a forward pass define their left sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from solgen.expr.nodes import Expr, Index
from solgen.expr.text import text
from solgen.expr.walk import reindex
from solgen.model.derivation import Derivation, NamedPart, Rule, Where, Worked
from solgen.model.problem import Equation
from solgen.model.verdict import Check
from solgen.numeric.checks.forward_passes import ShownPass, stages
from solgen.numeric.checks.statements import Statement, distinct_statements, line_statements, worked_statements
from solgen.numeric.checks.test_points import scopes
from tests.numeric.printed import Claim

WRITTEN = re.compile(r" entries \(\d+\)$")  # an entry of a displayed matrix at one place


@dataclass(slots=True)
class Equals:
    """Formulas known to be equal, in classes."""

    above: dict[Expr, Expr] = field(default_factory=dict)

    def root(self, e: Expr) -> Expr:
        while e in self.above:
            e = self.above[e]
        return e

    def join(self, left: Expr, right: Expr) -> None:
        left, right = self.root(left), self.root(right)
        if left != right:
            self.above[left] = right

    def hold(self, left: Expr, right: Expr) -> bool:
        return self.root(left) == self.root(right)

    @staticmethod
    def of(pairs: Iterable[tuple[Expr, Expr]]) -> Equals:
        made = Equals()
        for left, right in pairs:
            made.join(left, right)
        return made


@dataclass(frozen=True, slots=True)
class Case:
    """What holds under conditions on indices; where i = j, it is written with i alone."""

    where: tuple[Where, ...]
    known: Equals

    def covers(self, claim: Claim) -> bool:
        same: dict[Index, Index] = {w.right: w.left for w in self.where if w.equal}
        left, right = reindex(claim.left, same), reindex(claim.right, same)
        return claim.where == tuple(w.equal for w in self.where) and self.known.hold(left, right)


@dataclass(frozen=True, slots=True)
class Known:
    """What was verified of a problem: classes by forward pass, by case; entries of matrices; the slopes g′ of rules."""

    passes: tuple[Equals, ...]
    cases: tuple[Case, ...]
    corners: frozenset[tuple[Expr, Expr]]
    slopes: frozenset[Expr]

    def covers(self, claim: Claim) -> bool:
        match claim.kind:
            case "slope":
                return claim.right in self.slopes
            case "grid":
                return (claim.left, claim.right) in self.corners
            case "case":
                return any(case.covers(claim) for case in self.cases)
            case _:
                return any(
                    known.hold(claim.left, claim.right) for known in (*self.passes, *(c.known for c in self.cases))
                )


# ---------------------------------------------------------------- what stands in the certificate


class Certificate:
    """The equalities that a certificate lists as holding."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self.said = {(c.id, c.left, c.right) for c in checks if c.verdict == "equal"}
        self.missing: list[str] = []

    def lists(self, name: str, left: str, right: str) -> bool:
        """Whether an equality is there; what is not is kept in mind."""
        found = (name, left, right) in self.said
        if not found:
            self.missing.append(f"not listed: {name}: {left} = {right}")
        return found

    def has(self, name: str) -> bool:
        """Whether an equality of that name is there, whose parameter may have been renamed."""
        if name not in (found := {name for name, _, _ in self.said}):
            self.missing.append(f"not listed: {name}")
        return name in found

    def slope(self, worked: Worked, part: NamedPart) -> bool:
        """Whether the derivative of a part that a rule names, g′, was compared with differences of g."""
        primes = "'" * part.primes
        called = f"{worked.results[0].id} {part.letter}{primes} ("
        return any(known.startswith(called) for known, _, _ in self.said)

    def pairs(self, statements: Iterable[Statement]) -> Iterator[tuple[Expr, Expr]]:
        """The two sides of each statement, which must be listed under its name."""
        for s in statements:
            if self.lists(str(s.id), text(s.left), text(s.right)):
                yield s.left, s.right

    def gradients(self, stage: ShownPass) -> Iterator[tuple[Expr, Expr]]:
        """Each gradient symbol and its value, which must have been compared with differences."""
        prefix = f"{stage.form}: " if stage.form else ""
        for symbol, value in stage.gradients():
            name = f"d{symbol.of.name}/d{symbol.wrt.name}"
            if self.lists(f"{prefix}{name} differences", name, text(value)):
                yield symbol, value


def known_of(derivation: Derivation, listed: Certificate) -> Known:
    """Every statement of the derivation, each looked up in the certificate first."""
    passes, cases = [Equals.of(_rule(rule, listed)) for rule in derivation.rules], []
    corners, slopes = set[tuple[Expr, Expr]](), set[Expr]()
    for scope in scopes(derivation):
        for stage in stages(scope):
            given = _definitions(stage.model.equations, stage.equations)
            passes.append(Equals.of([*listed.pairs(stage.statements()), *listed.gradients(stage), *given]))
        for content in scope.contents:
            if isinstance(content, Worked):
                statements = [s for s in worked_statements(content) if s.left != s.right and listed.has(str(s.id))]
                free = ((s.left, s.right) for s in statements if not s.where)
                passes.append(Equals.of([*free, *_definitions(scope.model.equations, scope.forward, content.forward)]))
                said = {(s.left, s.right) for s in statements}
                written = [s.right for s in statements if WRITTEN.search(str(s.id))]
                for p in content.passages:
                    pairs = [pair for line in p.lines for pair in pairwise(line.chain) if pair in said]
                    cases += [Case(p.where, Equals.of(pairs))] if p.where else []
                    slopes |= {part.value for part in p.names if part.primes and listed.slope(content, part)}
                    corners |= {(p.grid.symbol, e) for e in written} if p.grid else set()
    return Known(tuple(passes), tuple(cases), frozenset(corners), frozenset(slopes))


def _definitions(*passes: tuple[Equation, ...]) -> Iterator[tuple[Expr, Expr]]:
    return ((q.var, q.body) for equations in passes for q in equations)


def _rule(rule: Rule, listed: Certificate) -> Iterator[tuple[Expr, Expr]]:
    lines = (rule.statement, *rule.proof)
    yield from listed.pairs(distinct_statements(s for line in lines for s in line_statements(line)))
    yield rule.equation.var, rule.equation.body
