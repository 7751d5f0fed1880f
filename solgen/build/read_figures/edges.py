"""What stands beside the edges of a graph: shapes, numbers, the gradients that flow back, the numbers of routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from solgen.build.read_figures.graph import DrawnGraph
from solgen.build.read_figures.places import lift_place, name_places, part_at
from solgen.build.read_figures.subject import Misdrawn, Subject, read_text
from solgen.expr.arith import is_negation
from solgen.expr.nodes import Expr, Num, Shape, Var, shape
from solgen.expr.text import text
from solgen.model.derivation import AdjointBlock, Contribution, Paths
from solgen.model.quantity import Quantity
from solgen.written.numerals import Numeral, read_numeral
from solgen.written.sizes import read_axes

Use = tuple[str, int]  # the equation that uses a name, and which of its occurrences there
ONE = Num(Fraction(1))
LONGEST = 16  # characters of a number that always has room on an edge


# ---------------------------------------------------------------- shapes


def check_shapes(g: DrawnGraph) -> None:
    """Each shape is that of the value, and each value's shape is told, where neither numbers nor routes are."""
    for node in range(len(g.drawing.nodes)):
        wanted = _shapes_of(g, node)
        edges = g.outgoing(node)
        told = [k for k in edges if g.texts(k, "shape")]
        for k in told:
            shown = g.texts(k, "shape")
            axes = read_axes(g.subject.names[0], read_text(shown))
            if not axes or axes not in wanted:
                right = " or ".join(sorted(_by(s) for s in wanted))
                raise Misdrawn(f"{g.tell_edge(k)} shows the shape `{shown}`, and the value has {right}")
        if edges and not told and () not in wanted and not g.subject.numbers and not g.is_partial:
            raise Misdrawn(f"the value that leaves `{g.label(node)}` shows no shape")


def _shapes_of(g: DrawnGraph, node: int) -> frozenset[Shape]:
    """The shapes that the value of a node may be shown with: of what has no name, in every form that is not drawn."""
    if node in g.names:
        return frozenset({_drop_unit_axis(shape(g.names[node]))})
    if node not in g.places:
        return frozenset({()})
    body = g.equation_of(node).body
    return frozenset(_drop_unit_axis(shape(part_at(body, up))) for at in g.places[node] for up in lift_place(body, at))


def _drop_unit_axis(axes: Shape) -> Shape:
    """A vector of one entry is a number to a reader."""
    return () if len(axes) == 1 and axes[0].is_one else axes


def _by(axes: Shape) -> str:
    return f"`{' × '.join(map(str, axes))}`" if axes else "none"


# ---------------------------------------------------------------- numbers


def check_numbers(g: DrawnGraph) -> None:
    """Each number is that of the value; in a figure with numbers, what has a short one shows it."""
    for node, name in g.names.items():
        known = g.subject.numbers.get(name)
        told = [k for k in g.outgoing(node) if g.edge_texts[k].number is not None]
        for k in told:
            shown = g.edge_texts[k]
            assert shown.number is not None
            exact = {"=": True, "≈": False}.get(shown.sign)
            if known is None or not is_number(shown.number, known) or exact not in (None, known.exact):
                right = known.plain() if known else "not known"
                raise Misdrawn(f"{g.tell_edge(k)} shows `{g.texts(k, 'label')}`, and {text(name)} is {right}")
        if known is not None and is_short(known) and g.outgoing(node) and not told:
            raise Misdrawn(f"the value of {text(name)} is {known.plain()}, and no edge shows it")
    for k, edge in enumerate(g.drawing.edges):
        if edge.source not in g.names and g.edge_texts[k].number is not None:
            raise Misdrawn(f"{g.tell_edge(k)} shows `{g.texts(k, 'label')}` for a value without a name")


def is_short(known: Quantity) -> bool:
    """Whether it is one number that has room on an edge."""
    return isinstance(known.entries, str) and not known.power and len(known.entries) <= LONGEST


def is_number(shown: Numeral, known: Quantity, negative: bool = False) -> bool:
    """Whether a number shows a quantity, or its negative, up to half a unit of its last digit where it is rounded."""
    if shown.brackets and (shown.turned != (known.axes == 1 and len(known.values) > 1) or not _alike(shown, known)):
        return False
    right = [-v if negative else v for v in known.values]
    if len(shown.values) != len(right) or shown.brackets == isinstance(known.entries, str):
        return False
    allowed = [Fraction(0) if known.exact else unit / 2 for unit in shown.units]
    return all(abs(a - b) <= most for a, b, most in zip(shown.values, right, allowed, strict=True))


def _alike(shown: Numeral, known: Quantity) -> bool:
    """Whether the rows are those of the quantity."""
    lengths = [len(line) for line in shown.lines]
    extent = known.extent
    return lengths == ([extent[0]] if len(extent) == 1 else [extent[1]] * extent[0] if len(extent) == 2 else [])


# ---------------------------------------------------------------- gradients


def check_signals(g: DrawnGraph) -> None:
    """What flows back along each edge is what this use of the name adds to its gradient."""
    for k in range(len(g.drawing.edges)):
        if shown := g.texts(k, "gradient"):
            _check_signal(g, k, shown)
    back = g.subject.backward
    for k, edge in enumerate(g.drawing.edges):
        is_loss = back is not None and g.drawing.nodes[edge.target].kind == "value" and g.names[edge.source] == back.of
        if is_loss and not g.texts(k, "gradient"):
            raise Misdrawn(f"{g.tell_edge(k)} shows no gradient; that of the output is 1")


def _check_signal(g: DrawnGraph, k: int, shown: str) -> None:
    wanted = tuple(dict.fromkeys(_signals(g, k)))
    items = read_text(shown)
    number = read_numeral(items) if g.subject.numbers else None
    known = [(f, q, turned) for f in wanted for q, turned in _numbers_of(f, g.subject.numbers)]
    if number is not None:
        if any(is_number(number, q, turned) for _, q, turned in known) or any(g.subject.says(items, f) for f in wanted):
            return
    elif any(g.subject.says(items, f) for f in wanted):
        if not any(is_short(q) for _, q, _ in known):
            return
        _, right, turned = next(one for one in known if is_short(one[1]))
        raise Misdrawn(
            f"{g.tell_edge(k)} shows the formula `{shown}` between numbers; it is {'minus ' * turned}{right.plain()}"
        )
    right_forms = " = ".join(text(f) for f in wanted[:3]) or "nothing"
    raise Misdrawn(f"{g.tell_edge(k)} shows the gradient `{shown}`, and what flows back there is {right_forms}")


def _numbers_of(form: Expr, numbers: Mapping[Expr, Quantity]) -> Iterator[tuple[Quantity, bool]]:
    """The number of a form, or that of which it is the negative."""
    if form in numbers:
        yield numbers[form], False
    if is_negation(form) and form.args[0] in numbers:
        yield numbers[form.args[0]], True


def _signals(g: DrawnGraph, k: int) -> Iterator[Expr]:
    """The forms of what flows back along an edge; none where nothing may stand."""
    edge = g.drawing.edges[k]
    name = g.names.get(edge.source)
    if name is None or g.subject.backward is None:
        return
    if g.drawing.nodes[edge.target].kind == "value":
        if name == g.subject.backward.of:
            yield ONE
        return
    block = g.subject.blocks.get(name.name)
    if block is None:
        return
    every = uses_of(name, g.subject)
    mine = uses_on(g, k)
    if len(every) == 1 or (g.drawing.nodes[edge.target].kind == "block" and len(mine) == len(every)):
        yield from (block.symbol, block.value, block.closed, *block.final)
    if len(every) == 1:
        yield from (e for c in block.contributions for e in c.line.chain)
    elif g.drawing.nodes[edge.target].kind != "block" or len(mine) == 1:
        shares = _contributions(block, every)
        yield from (e for use in mine if use in shares for e in shares[use].line.chain)


def uses_of(name: Var, subject: Subject) -> list[Use]:
    """Every use of a name in the forward pass."""
    return [(q.var.name, k) for q in subject.forward for k in range(len(name_places(q.body, name.name)))]


def uses_on(g: DrawnGraph, k: int) -> list[Use]:
    """The uses of its name that an edge may stand for; of a block, all that it stands for."""
    edge = g.drawing.edges[k]
    name, target = g.names[edge.source], edge.target
    if g.drawing.nodes[target].kind == "block":
        own = g.members(target)
        return [use for use in uses_of(name, g.subject) if use[0] in own]
    return [(g.equation_of(target).var.name, n) for n in sorted(g.used.get(k, ()))]


def _contributions(block: AdjointBlock, every: list[Use]) -> Mapping[Use, Contribution]:
    """What each use adds; where a fused loss took over a use, the contribution that is left belongs to it."""
    found: dict[Use, Contribution] = {}
    rest = list(block.contributions)
    for consumer in dict.fromkeys(use[0] for use in every):
        places = [use for use in every if use[0] == consumer]
        own = [c for c in block.contributions if c.via.name == consumer]
        if len(own) == len(places):
            found |= dict(zip(places, own, strict=True))
            rest = [c for c in rest if c.via.name != consumer]
    silent = [use for use in every if use not in found]
    return found | {silent[0]: rest[0]} if len(silent) == len(rest) == 1 else found


# ---------------------------------------------------------------- routes


def check_marks(g: DrawnGraph) -> None:
    """Where routes part, each branch bears the numbers of those that take it."""
    paths = g.subject.paths
    for node in range(len(g.drawing.nodes)):
        edges = g.outgoing(node)
        taken = {k: _routes_on(g, k, paths) if paths else frozenset[int]() for k in edges}
        for k in edges:
            shown = g.texts(k, "mark")
            if shown and _numbers(shown) != taken[k]:
                right = ", ".join(map(str, sorted(taken[k]))) or "no route"
                raise Misdrawn(f"{g.tell_edge(k)} bears the numbers `{shown}`, and is taken by {right}")
        if sum(map(bool, taken.values())) > 1 and not all(g.texts(k, "mark") for k in edges if taken[k]):
            raise Misdrawn(f"routes part behind `{g.label(node)}`, and not every branch bears a number")


def _routes_on(g: DrawnGraph, k: int, paths: Paths) -> frozenset[int]:
    """The routes, counted from 1, that take an edge out of a named value."""
    name = g.names.get(g.drawing.edges[k].source)
    if name is None or g.drawing.nodes[g.drawing.edges[k].target].kind == "value":
        return frozenset()
    mine = uses_on(g, k)
    return frozenset(n for n in range(1, len(paths.terms) + 1) if _takes(paths, n - 1, name, mine, g.subject))


def _takes(paths: Paths, number: int, name: Var, mine: list[Use], subject: Subject) -> bool:
    """Whether a route runs through one of these uses of a name."""
    term = paths.terms[number]
    counts = term.uses or (0,) * (len(term.route) - 1)
    for (before, after), count in zip(pairwise(term.route), counts, strict=True):
        direct = [use for use in uses_of(before, subject) if use[0] == after.name]
        if direct:
            if before.name == name.name and direct[min(count, len(direct) - 1)] in mine:
                return True
        elif _is_between(before.name, after.name, name.name, {use[0] for use in mine}, subject):
            return True
    return False


def _is_between(start: str, end: str, name: str, consumers: set[str], subject: Subject) -> bool:
    """Whether a use of a name lies on a way from one name to another, through names in between."""
    reach = _dependents_of(start, subject)
    return name in reach and any(end in _dependents_of(c, subject) for c in consumers)


def _dependents_of(start: str, subject: Subject) -> frozenset[str]:
    """The names that depend on a name, itself included; the equations stand in order."""
    found = {start}
    for q in subject.forward:
        if any(name_places(q.body, name) for name in found):
            found.add(q.var.name)
    return frozenset(found)


def _numbers(mark: str) -> frozenset[int]:
    r"""`\mathrm{1,3–5}` as 1, 3, 4, 5; nothing where it is something else."""
    inside = mark.removeprefix(r"\mathrm{").removesuffix("}")
    found: set[int] = set()
    for part in inside.split(","):
        first, dash, last = part.partition("–")
        if not (first.isdigit() and (last.isdigit() if dash else True)):
            return frozenset()
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)
