"""`evaluate`: the forward pass and the gradients of a worked example as lines that numbers can be put into.

Nothing is computed here: a line is a symbol, its formula, and the parts of the formula that a reader replaces by
numbers.  Gradients are derived as everywhere, each over the gradients of later nodes, so that one line follows from
those above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from solgen.calculus.engine.adjoints import Detail, gradients
from solgen.calculus.engine.prepare import Prepared, prepare
from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.errors import Refused
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Kind, Num, Pi, SizeNum, Stack, Sum, Var, rank, shape
from solgen.expr.ops import Trait, having
from solgen.expr.size import Size, solve_sizes
from solgen.expr.walk import children, nodes, variables
from solgen.model.derivation import Content, Example, ExampleStep, Gradients, GraphAsked, PartDerivation
from solgen.model.problem import Ask, Equation, Model, NameRef, Part, Problem, Prose, Reference, derivative_symbol
from solgen.model.quantity import Number
from solgen.model.step import StepId

STYLE = Detail(0, False)  # gradients of later nodes stay symbols
SPELT_OUT = having(Trait.SPELT_OUT)
READ_OFF = having(Trait.PART | Trait.FORM | Trait.TRANSPOSES)
LONGEST = 4  # so many terms of a sum over an index are written out


def example(model: Model, ask: Ask, where: StepId, latex: Mapping[str, str]) -> Example:
    """What an `evaluate` item asks for.

    Raises Refused where a gradient has no matrix form, and for a value that is given.
    """
    values, pairs = ask.extra.get("values", {}), ask.extra.get("derivatives", ())
    assert isinstance(values, Mapping) and isinstance(pairs, tuple)
    wanted = [(of.name, wrt.name) for of, wrt in pairs]
    names = [n.name for n in ask.names]
    entries = tuple(n for n in ask.names if n.indices)
    for name in (n for n in names if n in values):
        raise Refused(f"`{name}` is given", "ask for a value that an equation computes, or for a gradient")
    if not names and not wanted:
        wanted = [*_all_gradients(model, ask.of)]
        names = list(dict.fromkeys(of for of, _ in wanted)) or [q.var.name for q in model.equations[-1:]]
        return work_example(model, values, names, wanted, where, latex, everything=True)
    return work_example(model, values, names, wanted, where, latex, entries)


def cited_example(
    problem: Problem, model: Model, texts: Iterable[Prose], parts: Iterable[PartDerivation], where: StepId
) -> Example | None:
    """The run of `numbers:` that prose and figures cite: the values they name, or all that a graph shows.

    A graph whose names are not all given has no numbers on it.
    """
    parts, values = tuple(parts), {d.var.name: problem.numbers.get(d.var.name) for d in model.declarations}
    given = {name: number for name, number in values.items() if number is not None}
    if not given:
        return None
    cited = [r for text in (*texts, *(t for p in parts for t in _texts(p.part))) for r in text]
    references = [r for r in cited if isinstance(r, Reference) and r.kind == "value" and r.wrt is not None]
    names = [r.wrt.name for r in references if r.of is None and r.wrt is not None and r.wrt.name not in given]
    wanted = [(r.of.name, r.wrt.name) for r in references if r.of is not None and r.wrt is not None]
    if len(given) == len(values) and not model.functions and _conform(given, model):
        for drawn in (c for p in parts for c in p.contents if isinstance(c, GraphAsked)):
            names += [q.var.name for q in model.equations]
            found = drawn.backward
            wanted += [(b.symbol.of.name, b.symbol.wrt.name) for b in found.blocks] if found else []
    if not names and not wanted:
        return None
    run = work_example(model, given, names, dict.fromkeys(wanted), where, problem.latex)
    shares = _shares(c for p in parts for c in p.contents)
    steps = tuple(replace(s, operands=(*s.operands, *shares.get(s.symbol, ()))) for s in run.steps)
    return replace(run, steps=steps, gradients=tuple(replace(g, rules=()) for g in run.gradients))  # values are told


def _shares(contents: Iterable[Content]) -> Mapping[Expr, tuple[Expr, ...]]:
    """What each use adds to a gradient that a graph shows, where there are several: its edges bear these."""
    drawn = [c.backward for c in contents if isinstance(c, GraphAsked) and c.backward]
    several = [(b.symbol, b.contributions) for g in drawn for b in g.blocks if len(b.contributions) > 1]
    return {symbol: tuple(c.line.chain[-1] for c in terms) for symbol, terms in several}


def _conform(given: Mapping[str, Number], model: Model) -> bool:
    """Whether the values fit the model, which a part may have changed, and fix every size in it."""
    names = model.variables
    if any(_depth(number) != len(names[name].axes) for name, number in given.items()):
        return False
    known = solve_sizes(_lengths(given, model), model.fixed)
    if any(size.symbols <= known.keys() and size.value(known) != n for size, n in _lengths(given, model)):
        return False
    shapes = (shape(n) for q in model.equations for n in (q.var, *nodes(q.body)))
    return all(size.symbols <= known.keys() for found in shapes for size in found)


def _depth(number: Number) -> int:
    return 1 + _depth(number[0]) if isinstance(number, tuple) else 0


def _texts(part: Part) -> Iterator[Prose]:
    """Every text of a part."""
    yield from (part.prompt, part.hint, part.say, part.answer)
    yield from (a.say for a in part.asks)
    yield from (line.what for line in part.rubric)


def work_example(
    model: Model,
    values: Mapping[str, Number],
    names: Iterable[str],
    wanted: Iterable[tuple[str, str]],
    where: StepId,
    latex: Mapping[str, str],
    entries: tuple[NameRef, ...] = (),
    everything: bool = False,
) -> Example:
    """The lines that lead to the values of `names` and to the gradients `wanted`, pairs of names (of, wrt).

    `everything` keeps every equation of the model; else only what is needed stays.
    """
    names, wanted = list(names), list(wanted)
    prepared = prepare(model, frozenset(wrt for _, wrt in wanted), latex)
    found = _gradients(prepared, wanted, where)
    ends = {*names, *(of for of, _ in wanted), *(q.var.name for q in model.equations if everything)}
    forward = _needed_equations(prepared.shown, ends)
    part = _part(model, forward, ends)
    whole = frozenset(names) - {n.name for n in entries}
    numbers = {d.var.name: values[d.var.name] for d in part.declarations if d.var.name in values}
    sizes = solve_sizes(_lengths(numbers, model), model.fixed)
    steps = [*_forward(forward, whole, sizes), *_entries(entries, prepared, sizes), *_backward(found, sizes)]
    introduced = tuple(v for v in prepared.introduced if v in {q.var for q in forward})
    return Example(where, part, numbers, sizes, forward, introduced, tuple(steps), found)


def _all_gradients(model: Model, of: NameRef | None) -> Iterator[tuple[str, str]]:
    """The gradient of the last equation, where it is a number, at each parameter; without parameters, at each input."""
    output = model.variables[of.name] if of else model.output
    if output is None or rank(output) or output.at:
        return
    values = [d for d in model.declarations if d.var.kind is not Kind.LABEL]
    chosen = [d for d in values if d.role == "parameter"] or [d for d in values if d.role == "input"]
    yield from ((output.name, d.var.name) for d in chosen)


def _gradients(prepared: Prepared, wanted: Iterable[tuple[str, str]], where: StepId) -> tuple[Gradients, ...]:
    """One sweep for each function that is differentiated."""
    grouped: dict[str, list[str]] = {}
    for of, wrt in wanted:
        grouped.setdefault(of, []).append(wrt)
    names, lines = prepared.variables, StepId(where.part, within=f"{where.path}:")
    return tuple(gradients(prepared, names[of], dict.fromkeys(asked), STYLE, lines) for of, asked in grouped.items())


def _needed_equations(shown: tuple[Equation, ...], ends: set[str]) -> tuple[Equation, ...]:
    """The equations that the ends depend on."""
    kept, needed = list[Equation](), set(ends)
    for q in reversed(shown):
        if q.var.name in needed:
            needed |= {v.name for v in variables(q.body)}
            kept.append(q)
    return tuple(reversed(kept))


def _part(model: Model, forward: tuple[Equation, ...], ends: set[str]) -> Model:
    """The model as far as the forward pass goes."""
    used = ends | {v.name for q in forward for v in variables(q.body)} | {q.var.name for q in forward}
    declared = tuple(d for d in model.declarations if d.var.name in used)
    return replace(model, declarations=declared, equations=tuple(q for q in model.equations if q.var.name in used))


def _lengths(numbers: Mapping[str, Number], model: Model) -> Iterator[tuple[Size, int]]:
    """Each axis of each value, samples first, with its length."""
    for name, number in numbers.items():
        for size in model.variables[name].axes:
            assert isinstance(number, tuple)
            yield size, len(number)
            number = number[0]


# ---------------------------------------------------------------- lines


def _forward(forward: Iterable[Equation], asked: frozenset[str], sizes: Mapping[str, int]) -> Iterator[ExampleStep]:
    for q in forward:
        yield ExampleStep(q.var.name, q.var, q.body, _operands(q.body, sizes, _read_forward), q.var.name in asked)


def _entries(asked: Iterable[NameRef], prepared: Prepared, sizes: Mapping[str, int]) -> Iterator[ExampleStep]:
    """Single entries that are asked for, read off their arrays."""
    known = prepared.variables
    for n in asked:
        var = known[n.name]
        sides = zip(n.indices, var.axes, strict=True)
        counted = ((i, side.value(sizes)) for i, side in sides if isinstance(i, int))
        at = tuple(Size.of(i % length) for i, length in counted)  # -1 is the last
        cut = len(var.at)
        one = replace(var, at=at[:cut]) if cut else var
        symbol = Entry(one, at[cut:]) if at[cut:] else one
        yield ExampleStep(str(n), symbol, symbol, (), True)


def _backward(found: Iterable[Gradients], sizes: Mapping[str, int]) -> Iterator[ExampleStep]:
    for g in found:
        for b in g.blocks:
            operands = _operands(b.value, sizes, _read_backward)
            yield ExampleStep(str(derivative_symbol(b.symbol)), b.symbol, b.value, operands, b.asked)


def _operands(e: Expr, sizes: Mapping[str, int], spelt_out: Callable[[Expr], bool]) -> tuple[Expr, ...]:
    """The parts of a formula that numbers replace, in reading order: names, and what is read as one number.

    What stands at the root of a formula is spelt out always; a sum over an index, where it is short.
    """
    found: dict[Expr, None] = {}
    stack = [(e, False)]
    while stack:
        node, inner = stack.pop()
        if isinstance(node, Num | SizeNum | Pi):
            continue
        short = not isinstance(node, Sum) or node.index.size.value(sizes) <= LONGEST
        if _leaf(node) or (inner and not (short and spelt_out(node))):
            found[node] = None
        else:
            stack += [(child, True) for child in reversed(children(node))]
    return tuple(found)


def _leaf(e: Expr) -> bool:
    """A name, a gradient symbol, an entry or a slice of one, or its transpose."""
    while isinstance(e, Apply) and e.op in READ_OFF:
        e = e.args[0]
    return isinstance(e, Var | Adj | Entry | Stack)


def _read_forward(e: Expr) -> bool:
    return True


def _read_backward(e: Expr) -> bool:
    """In a gradient, products and sums; a mask, or the slope of an activation, is read as one vector."""
    return isinstance(e, Sum) or (isinstance(e, Apply) and (e.op in SPELT_OUT or not shape(e)))


# ---------------------------------------------------------------- the verb


def derive_example(q: Question) -> Example:
    """The first of a part is its `example`, the next `example 2`."""
    asks = q.part.asks
    earlier = [a for a in asks[: asks.index(q.ask)] if a.verb == q.ask.verb]
    called = f"example {len(earlier) + 1}" if earlier else "example"
    return example(q.model, q.ask, q.where.step("example", path=called), q.problem.latex)


ROW = Verb(derive_example)
