r"""How one problem is written: its printers, its forward pass, and the small phrases every verb uses.

A `Voice` is what the verbs' expositions share: expressions to LaTeX with and without shapes, chains of equalities with
their break points, reasons that cite rules by number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from solgen.document.escape import Tex, escape_title
from solgen.document.grammar import listed, rule_name
from solgen.document.ledger import Ledger
from solgen.document.witness import Witness
from solgen.expr.nodes import Expr, Var, shape
from solgen.expr.walk import variables
from solgen.model import Derivation, Equation, Line, Notation, Options, Part, Problem, Prose, Rule
from solgen.render.printer import Printer

EQUALS = "{}= "
PLAIN = Options()  # of an item of `solve` that sets none
NAMED = 2  # so many rules are cited by name, each with its number behind it
WIDE = 44  # characters of the names of several rules
_DERIVATIVE = re.compile(r"\\frac\{(\\partial .*?)\}\{(\\partial .*)\}")


@dataclass(frozen=True, slots=True)
class Voice:
    """One problem's way of writing; `prefix` makes its places unique.

    witness: what it has printed so far; part: the id of the part for which it writes;
    cited: names of the equations that prose refers to by number; letters: what the nodes of the graph are called;
    named: the printer by the model's own names, where `printer` writes letters.
    """

    printer: Printer
    ledger: Ledger
    rules: Mapping[str, Rule]
    prefix: str
    cited: frozenset[str] = frozenset()
    letters: Mapping[str, str] = field(default_factory=dict)
    named: Printer | None = None
    witness: Witness = field(default_factory=Witness)
    part: str = ""

    # ---------------------------------------------------------------- where formulas become text

    def expr(self, e: Expr) -> Tex:
        """The expression."""
        return self._by(self.printer, e)

    def side(self, e: Expr) -> Tex:
        """The expression as a side of a long line: without shapes, its break points marked."""
        return self._by(self.broken, e)

    def cell(self, e: Expr) -> Tex:
        """The expression as an entry of a displayed matrix, with commas between all indices."""
        return self._by(replace(self.printer, commas=True), e)

    def _by(self, printer: Printer, e: Expr) -> Tex:
        self.witness.saw(self.part, (e,))
        return Tex(printer.expr(e))

    def _together(self, printer: Printer, chain: Sequence[Expr]) -> tuple[str, ...]:
        """The sides of one equality, all as rows if one is written as a row."""
        self.witness.saw(self.part, chain)
        return printer.sides(tuple(chain))

    def math(self, e: Expr) -> Tex:
        """The expression inline, between dollars; a derivative as ∂L/∂W."""
        return Tex(f"${slashed(self.expr(e))}$")

    def within(self, part: Part) -> Voice:
        """The voice of a part, in the part's own notation where it has one."""
        notation = part.notation or self.printer.notation
        return replace(self, part=part.id, printer=replace(self.printer, notation=notation))

    @property
    def lettered(self) -> Voice:
        """The voice that calls nodes by their letters, as the graph does; itself where they have none."""
        if not self.letters or self.named:
            return self
        names = {**self.printer.names, **self.letters}
        return replace(self, printer=replace(self.printer, names=names), named=self.printer)

    @property
    def broken(self) -> Printer:
        """The printer of long lines: no shapes, break points marked."""
        return replace(self.printer, breaks=True)

    def chain(self, chain: Sequence[Expr], shapes_last: bool = True) -> Tex:
        r"""`= a = b = …`, the last with shapes; a line may break before each sign."""
        plain, shaped = self.broken, replace(self.broken, shapes=True)
        sides = [self._by(plain, e) for e in chain[:-1]]
        sides.append(self._by(shaped if shapes_last else plain, chain[-1]))
        return Tex(r" \brkeq ".join(EQUALS + side for side in sides))

    def answer(self, forms: Sequence[Expr]) -> Tex:
        """The forms of an answer without shapes; where nodes have letters, the last also by the model's names."""
        shown = self.chain(forms, shapes_last=False)
        if self.named is None:
            return shown
        spelled = replace(self, printer=self.named, named=None).chain(forms[-1:], shapes_last=False)
        return shown if shown.endswith(spelled) else Tex(rf"{shown} \brkeq {spelled}")

    def equation(self, q: Equation) -> Tex:
        """A step of the forward pass with shapes, written as a row where the file writes one: `a = h = W x`."""
        left, right = self._together(replace(self.broken, shapes=True), (q.var, q.body))
        if self.named and self.named.expr(q.var) != self.printer.expr(q.var):
            left = rf"{self.expr(q.var)} = {replace(self.named, breaks=True, shapes=True).expr(q.var)}"
        return Tex(rf"{left} \brkeq {EQUALS}{right}")

    def cited_number(self, name: str) -> str:
        """The number of an equation of the forward pass that prose refers to, at its first display; else empty."""
        if name not in self.cited or not self.ledger.first(self.place("numbered", name)):
            return ""
        return self.ledger.numbered(self.place(name)) or self.ledger.number(self.place(name))

    def plain_equation(self, q: Equation) -> Tex:
        return Tex(" = ".join(self._together(self.printer, (q.var, q.body))))

    def shape_of(self, e: Expr) -> Tex:
        return Tex(self.printer.shape(shape(e)))

    def place(self, *what: object) -> tuple[object, ...]:
        return (self.prefix, *what)

    def reason(self, line: Line, brief: bool = False) -> Tex:
        """The line's own reason, or the rules that it cites by name, each with its number.

        One rule is named in full; of more, the operations, unless they are many or it is to be brief: then
        the numbers alone.
        """
        cited = [self.rules[key] for key in line.rules if key in self.rules]
        links = [rf"\rulelink{{{self.ledger.cite(rule.key)}}}" for rule in cited]
        if line.reason:
            return Tex(escape_title(line.reason) + (f" ({', '.join(links)})" if links else ""))
        if len(cited) > NAMED:
            return Tex(f"by {listed(links)}") if brief else self._gathered(cited, links)
        names = [rule.name if len(cited) == 1 else rule.name.partition(",")[0] for rule in cited]
        return Tex(", ".join(f"{escape_title(rule_name(n))} ({link})" for n, link in zip(names, links, strict=True)))

    @staticmethod
    def _gathered(cited: Sequence[Rule], links: Sequence[str]) -> Tex:
        """`transpose, matrix product, squared norm (R1, R2, R3)`, or `by R1, R2, R3 and R4`."""
        names = ", ".join(dict.fromkeys(rule_name(rule.name.partition(",")[0]) for rule in cited))
        if len(names) > WIDE:
            return Tex(f"by {listed(links)}")
        return Tex(f"{escape_title(names)} ({', '.join(links)})")


def slashed(tex: str) -> str:
    """A derivative that is one fraction as it is written in running text, ∂L/∂W; anything else unchanged."""
    found = _DERIVATIVE.fullmatch(tex)
    if not found or found[2].count(r"\partial") > 1:
        return tex
    return f"{found[1]}/{found[2]}" if _closed(found[1]) and _closed(found[2]) else tex


def _closed(tex: str) -> bool:
    """Whether every brace is opened before it is closed, and closed: a product of two fractions is not one."""
    depths = list(accumulate((c == "{") - (c == "}") for c in tex))
    return min(depths) >= 0 and depths[-1] == 0


def voice_for(
    derivation: Derivation,
    notation: Notation,
    ledger: Ledger,
    prefix: str,
    letters: Mapping[str, str] | None = None,
) -> Voice:
    """The voice of one problem in a notation; `letters` name its nodes."""
    problem = derivation.problem
    rules = {r.key: r for r in derivation.rules}
    printer = printer_for(problem, notation)
    return Voice(printer, ledger, rules, prefix, cited_equations(problem), letters or {})


def cited_equations(problem: Problem) -> frozenset[str]:
    """Names of the forward equations that the prose of a problem refers to by number."""
    texts = [text for p in problem.parts for text in (p.say, p.answer, *(a.say for a in p.asks))]
    texts += [line.what for part in problem.parts for line in part.rubric]
    return questioned_equations(problem) | _cited(texts)


def questioned_equations(problem: Problem) -> frozenset[str]:
    """Those to which its questions refer: of the others the handout knows nothing."""
    return _cited([problem.statement, *(text for part in problem.parts for text in (part.prompt, part.hint))])


def _cited(texts: Iterable[Prose]) -> frozenset[str]:
    cited = (p for text in texts for p in text if not isinstance(p, str) and p.kind == "ref" and p.of is None)
    return frozenset(p.wrt.name for p in cited if p.wrt)


def printer_for(problem: Problem, notation: Notation) -> Printer:
    """The printer of a problem's names; bars and deltas belong to the gradients of its last equation."""
    output = problem.model.output
    return Printer(dict(problem.latex), notation, loss=output.name if output else None)


def used_in(var: Var, forward: Sequence[Equation]) -> tuple[Var, ...]:
    """The left sides of the equations that use a name."""
    return tuple(q.var for q in forward if any(v.name == var.name for v in variables(q.body)))
