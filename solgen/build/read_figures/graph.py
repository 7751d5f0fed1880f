"""The graph of a figure, read back: from each node's label and what flows into it to the equation that it computes.

A leaf is a declared name; what leaves the last node of an equation bears its name.  A label says an operation; with the
operands that its edges bring it must be a part of the equation, and at the named edge the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product

from solgen.build.read_figures.places import (
    Place,
    apart,
    is_within,
    lift_place,
    name_places,
    part_at,
    places_in,
    replace_parts,
)
from solgen.build.read_figures.subject import Misdrawn, Subject, read_text, words_of
from solgen.expr.nodes import Expr, Kind, Var, shape
from solgen.expr.text import text
from solgen.expr.walk import substitute, variables
from solgen.model.figure import Drawing, TextRole
from solgen.model.problem import Equation
from solgen.written.labels import operand
from solgen.written.numerals import Numeral, read_numeral
from solgen.written.reads import split_at_signs
from solgen.written.signs import RELATIONS
from solgen.written.syntax import Items

MOST_MISSING = 2  # operands that a figure of routes leaves out of a node


@dataclass(frozen=True, slots=True)
class EdgeText:
    """The label of an edge: a formula, a number, or a formula with its number behind a sign."""

    formula: Items = ()
    sign: str = ""
    number: Numeral | None = None


@dataclass
class DrawnGraph:
    """A drawing on its way back to equations; `names` and `places` fill as nodes are read, sources first.

    names: the name whose value leaves a node; places: where in its equation a node without one stands; used: for each
    edge, which occurrences of its name in the equation that it enters it may be.
    """

    drawing: Drawing
    subject: Subject
    names: dict[int, Var] = field(default_factory=dict)
    places: dict[int, frozenset[Place]] = field(default_factory=dict)
    equations: dict[int, Equation] = field(default_factory=dict)
    used: dict[int, set[int]] = field(default_factory=dict)

    # ------------------------------------------------------------ the drawing

    def incoming(self, node: int) -> list[int]:
        return [k for k, e in enumerate(self.drawing.edges) if e.target == node]

    def outgoing(self, node: int) -> list[int]:
        return [k for k, e in enumerate(self.drawing.edges) if e.source == node]

    def label(self, node: int) -> str:
        """What stands in a node, its lines behind each other."""
        return " ".join(words_of(t) for t in self.drawing.nodes[node].texts)

    def texts(self, edge: int, role: TextRole) -> str:
        return " ".join(words_of(t) for t in self.drawing.edges[edge].texts if t.role == role)

    def tell_edge(self, edge: int) -> str:
        """An edge in words, for a message."""
        e = self.drawing.edges[edge]
        return f"the edge from `{self.label(e.source)}` to `{self.label(e.target)}`"

    @cached_property
    def is_partial(self) -> bool:
        """Whether a figure of routes may leave out what they do not touch."""
        return self.subject.paths is not None

    @cached_property
    def edge_texts(self) -> tuple[EdgeText, ...]:
        return tuple(_edge_text(self.texts(k, "label")) for k in range(len(self.drawing.edges)))

    # ------------------------------------------------------------ names

    def name_leaves(self) -> None:
        """The declared names of the nodes that nothing enters, each once and with its role."""
        for node, drawn in enumerate(self.drawing.nodes):
            if drawn.kind in ("operation", "value", "block"):
                continue
            declared = [d for d in self.subject.model.declarations if d.role == drawn.kind]
            found = [d.var for d in declared if self.subject.says(read_text(self.label(node)), d.var)]
            if not found or found[0] in self.names.values():
                raise Misdrawn(
                    f"a node of the kind `{drawn.kind}` shows `{self.label(node)}`, which names no value of it"
                )
            self.names[node] = found[0]

    def name_values(self) -> None:
        """The names of the equations, by what stands on the edges out of a node and in the boxes at the end."""
        by_node: dict[int, list[tuple[str, Items]]] = {}
        for k, edge in enumerate(self.drawing.edges):
            if edge.source not in self.names and self.edge_texts[k].formula:
                by_node.setdefault(edge.source, []).append((self.texts(k, "label"), self.edge_texts[k].formula))
            if self.drawing.nodes[edge.target].kind == "value":
                by_node.setdefault(edge.source, []).append(
                    (self.label(edge.target), read_text(self.label(edge.target)))
                )
        for node, written in by_node.items():
            found = {q.var: q for _, items in written for q in self.subject.forward if self.subject.says(items, q.var)}
            if len(found) > 1 or (found and not all(self.subject.says(i, v) for v in found for _, i in written)):
                shown = " and ".join(dict.fromkeys(f"`{w}`" for w, _ in written))
                raise Misdrawn(f"what leaves the node `{self.label(node)}` is called {shown}, which is not one name")
            for v, q in found.items():
                if v in self.names.values():
                    raise Misdrawn(f"`{written[0][0]}` is the name of what leaves two nodes")
                self.names[node], self.equations[node] = v, q

    # ------------------------------------------------------------ operations

    def read_operations(self) -> None:
        """Every node of an operation, those before it first."""
        for node in self._topological_order():
            if self.drawing.nodes[node].kind == "operation":
                self._read_operation(node)

    def _topological_order(self) -> Iterator[int]:
        done: set[int] = set()
        waiting = list(range(len(self.drawing.nodes)))
        while waiting:
            ready = [n for n in waiting if all(self.drawing.edges[k].source in done for k in self.incoming(n))]
            if not ready:
                raise Misdrawn("its edges run in a circle")
            yield from ready
            done.update(ready)
            waiting = [n for n in waiting if n not in done]

    def equation_of(self, node: int) -> Equation:
        """The equation that a node works for: that of the name at the end of its way."""
        for _ in self.drawing.nodes:
            if node in self.equations:
                return self.equations[node]
            following = {self.drawing.edges[k].target for k in self.outgoing(node)}
            if len(following) != 1:
                break
            (node,) = following
        raise Misdrawn(f"what leaves the node `{self.label(node)}` has no name of the forward pass")

    def _read_operation(self, node: int) -> None:
        q = self.equation_of(node)
        found: set[Place] = set()
        for at, chosen in self._ways(node, q):
            found.add(at)
            for edge, place in zip(self.incoming(node), chosen, strict=False):
                self._use(edge, q, place)
        whole = {at for at in found if () in lift_place(q.body, at)}
        if node in self.names:
            found = whole
        if not found:
            formula = f"{text(q.var)} = {text(q.body)}"
            raise Misdrawn(f"the node `{self.label(node)}` with what flows into it is no step of `{formula}`")
        self.places[node] = frozenset(found)
        self._check_unnamed(node, q, found)

    def _use(self, edge: int, q: Equation, place: Place) -> None:
        """Record which occurrence of a name an edge brings."""
        name = self.names.get(self.drawing.edges[edge].source)
        if name is not None:
            places = name_places(q.body, name.name)
            self.used.setdefault(edge, set()).update(k for k, at in enumerate(places) if is_within(at, place))

    def _check_unnamed(self, node: int, q: Equation, found: set[Place]) -> None:
        """A formula on the edge of a value without a name is that value."""
        if node in self.names:
            return
        for k in self.outgoing(node):
            items = self.edge_texts[k].formula
            if items and not any(self.subject.says(items, part_at(q.body, at)) for at in found):
                value = text(part_at(q.body, min(found)))
                raise Misdrawn(f"{self.tell_edge(k)} shows `{self.texts(k, 'label')}` for `{value}`")

    def _ways(self, node: int, q: Equation) -> Iterator[tuple[Place, tuple[Place, ...]]]:
        """The parts of an equation that a node may be, each with the places of its operands."""
        operands = [self._operand_places(self.drawing.edges[k].source, q) for k in self.incoming(node)]
        label = self.label(node)
        anywhere = tuple(at for at, part in places_in(q.body) if variables(part))
        for missing in range(MOST_MISSING + 1 if self.is_partial else 1):
            for at, e in places_in(q.body):
                for chosen in product(*operands):
                    for others in combinations(anywhere, missing):
                        if self._is(label, e, at, (*chosen, *others)):
                            yield at, chosen

    def _operand_places(self, source: int, q: Equation) -> tuple[Place, ...]:
        """Where in an equation the value of a node may stand."""
        name = self.names.get(source)
        start = name_places(q.body, name.name) if name is not None else self.places.get(source, frozenset())
        return tuple(dict.fromkeys(up for at in start for up in lift_place(q.body, at)))

    def _is(self, label: str, e: Expr, at: Place, chosen: tuple[Place, ...]) -> bool:
        """Whether a label says a part of an equation, of operands at these places, or writes it out."""
        if not all(is_within(place, at) for place in chosen) or not apart(chosen):
            return False
        inner = sorted(place[len(at) :] for place in chosen)
        labels = {part_at(e, place) for place in inner if _is_label(part_at(e, place))}
        inner = [place for place in inner if part_at(e, place) not in labels]
        operands = tuple(operand(k, shape(part_at(e, place))) for k, place in enumerate(inner))
        form = replace_parts(e, dict(zip(inner, operands, strict=True)))
        if any(v in self._moving and v not in labels for v in variables(form)):
            return False
        written_out = all(isinstance(part_at(e, place), Var) for place in inner)
        return self.subject.labels(label, form, operands) or (
            bool(inner) and written_out and self.subject.labels(label, e, ())
        )

    @cached_property
    def _moving(self) -> frozenset[Var]:
        return frozenset(v for q in self.subject.forward for v in variables(q.body))

    # ------------------------------------------------------------ blocks

    def read_blocks(self) -> None:
        """Every node that stands for an equation, or for several written into one."""
        for node, drawn in enumerate(self.drawing.nodes):
            if drawn.kind == "block":
                self._read_block(node)

    def _read_block(self, node: int) -> None:
        q = self.equation_of(node)
        label = self.label(node)
        body = self.written_out(q)
        if not (self.subject.labels(label, body, ()) or self.subject.labels(label, q.var, ())):
            raise Misdrawn(f"the block `{label}` stands for `{text(q.var)} = {text(body)}`")
        entering = [self.names.get(self.drawing.edges[k].source) for k in self.incoming(node)]
        drawn = set(self.names.values())
        wanted = {v for v in variables(body) if v in drawn}
        if len(entering) != len(set(entering)) or not set(entering) <= wanted or (
            not self.is_partial and set(entering) != wanted
        ):  # fmt: skip
            shown = ", ".join(text(v) for v in entering if v)
            raise Misdrawn(
                f"what flows into the block `{label}` is {shown or 'nothing'}, not {', '.join(map(text, wanted))}"
            )

    def members(self, node: int) -> frozenset[str]:
        """The names of the equations that a block stands for: its own, and those that are written into it."""
        drawn = {v.name for v in self.names.values()}
        inner = {q.var.name: q for q in self.subject.forward if q.var.name not in drawn}
        found, queue = {self.equation_of(node).var.name}, [self.equation_of(node)]
        for q in queue:  # grows
            new = [inner[v.name] for v in variables(q.body) if v.name in inner and v.name not in found]
            queue += new
            found |= {p.var.name for p in new}
        return frozenset(found)

    def written_out(self, q: Equation) -> Expr:
        """The right side of an equation with what has no node of its own written in."""
        drawn = {v.name for v in self.names.values()}
        inside: dict[Expr, Expr] = {p.var: p.body for p in self.subject.forward if p.var.name not in drawn}
        body = q.body
        for _ in inside:
            body = substitute(body, inside)
        return body

    # ------------------------------------------------------------ the whole

    def check_complete(self) -> None:
        """Every equation and every name is there, where a figure shows the whole forward pass."""
        named = set(self.names.values())
        blocks = any(n.kind == "block" for n in self.drawing.nodes)
        if self.is_partial or blocks:
            return
        wanted = {v for q in self.subject.forward for v in (q.var, *variables(q.body))}
        if missing := [text(v) for v in wanted if v.name not in {n.name for n in named}]:
            raise Misdrawn(f"{', '.join(sorted(missing))} stands nowhere in it")


def _is_label(e: Expr) -> bool:
    """Whether it is a position with a name, which a node's label says: the k of vₖ."""
    return isinstance(e, Var) and e.kind is Kind.LABEL


def _edge_text(label: str) -> EdgeText:
    """What the label of an edge says."""
    items = read_text(label)
    if not items:
        return EdgeText()
    match split_at_signs(items, RELATIONS):
        case [(_, alone)]:
            number = read_numeral(alone)
            return EdgeText(number=number) if number else EdgeText(alone)
        case [("", formula), (("=" | "≈") as sign, behind)] if formula and (number := read_numeral(behind)):
            return EdgeText(formula, sign, number)
        case _:
            raise Misdrawn(f"an edge shows `{label}`, which is no value and no number")
