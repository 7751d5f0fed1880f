"""A derivation as one self-contained numpy module, and as rows of JSON (FORMAT.md, section 5).

The module's formulas are the trees that were checked: the forward pass as the file has it, and each gradient
in its short form over gradients computed before it, from the loss back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from solgen.errors import Refused
from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Kind, SizeNum, Sum, Var, rank
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model import AdjointBlock, Checks, Derivation, Equation, Gradients, Model, Paths
from solgen.numeric.bench import sample_axes
from solgen.numeric.code import HELPERS, Names, NumpyWriter, gradient_name


def numpy_module(derivation: Derivation) -> str:
    """The module's source: `forward(**inputs)` and `gradients(**inputs)`, each returning a dict by name.

    Raises Refused where a dimension cannot be read off the inputs, or a formula has no numpy form.
    """
    return _Module(derivation).source()


def asked_gradients(derivation: Derivation) -> dict[str, Adj]:
    """What each key of `gradients` stands for: the name, or `dy/dx` where a name is asked for with several outputs."""
    asked: dict[Adj, None] = {}
    for content in (c for part in derivation.parts if not part.forward for c in part.contents):
        match content:
            case Gradients(blocks=blocks):
                asked.update((b.symbol, None) for b in blocks if b.asked)
            case Paths(of=of, wrt=wrt):
                asked[Adj(of, wrt)] = None
            case _:
                pass
    outputs: dict[str, set[str]] = {}
    for symbol in asked:
        outputs.setdefault(symbol.wrt.name, set()).add(symbol.of.name)
    return {_key(symbol, len(outputs[symbol.wrt.name]) > 1): symbol for symbol in asked}


def json_rows(derivation: Derivation, latex: Mapping[str, str], checks: Checks) -> list[dict[str, object]]:
    """One row a gradient asked for; `latex` gives each answer in TeX by its key.

    A row is checked when every check that speaks of its gradient came out equal.
    """
    writer = NumpyWriter(_names(derivation))
    blocks = _blocks(derivation)
    rows: list[dict[str, object]] = []
    for key, symbol in asked_gradients(derivation).items():
        name = f"d{symbol.of.name}/d{symbol.wrt.name}"
        mine = [c for c in checks.checks if c.id.startswith(name) or f"{name} " in c.id or c.id.endswith(name)]
        rows.append({
            "name": key, "of": symbol.of.name, "shape": [str(s) for s in (*symbol.of.shape_, *symbol.wrt.shape_)],
            "latex": latex[key], "numpy": writer.write(blocks[symbol].closed),
            "checked": bool(mine) and all(c.verdict == "equal" for c in mine),
        })  # fmt: skip
    return rows


def _key(symbol: Adj, several: bool) -> str:
    return f"d{symbol.of.name}/d{symbol.wrt.name}" if several else symbol.wrt.name


def _blocks(derivation: Derivation) -> dict[Adj, AdjointBlock]:
    """One block a gradient symbol, each after those that it needs; parts with a model of their own left out."""
    contents = [c for p in derivation.parts if not p.forward for c in p.contents]
    shown = [b for c in contents if isinstance(c, Gradients) for b in c.blocks]
    found: dict[Adj, AdjointBlock] = {}
    for block in (*shown, *derivation.adjoints):
        found.setdefault(block.symbol, block)
    return found


def _names(derivation: Derivation) -> Names:
    """The file's names first, so that they keep their spelling; then what was introduced."""
    model = derivation.problem.model
    functions = [name for f in model.functions for name in _callables(f.name, f.kind)]
    own = [*model.variables, *functions, *(q.var.name for q in derivation.forward)]
    return Names(own)


def _callables(name: str, kind: str) -> tuple[str, str]:
    return (name, f"{name}_grad") if kind == "Loss" else (name, f"{name}_prime")


class _Module:
    """The pieces of the module, written for one derivation."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.model = derivation.problem.model
        self.writer = NumpyWriter(_names(derivation))

    def source(self) -> str:
        forward, backward = self._forward(), self._gradients()
        used = [source for name, source in HELPERS.items() if re.search(rf"\b{name}\(", forward + backward)]
        imports = ["import math", ""] if any("math." in source for source in used) else []
        title = " ".join(self.derivation.problem.title.split()).replace("\\", "\\\\").replace('"', "'")
        head = [f'"""{title}: the forward pass and its gradients."""', "", *imports, "import numpy as np", "", ""]
        return "\n".join([*head, *(f"{source}\n" for source in used), forward, "", "", backward, ""])

    def _forward(self) -> str:
        steps = self._steps(self.model.equations)
        results = [(q.var.name, self._returned(q.var, self.writer.names.of(q.var.name))) for q in self.model.equations]
        return self._function("forward", "Every value of the forward pass, by name.", steps, results)

    def _gradients(self) -> str:
        asked = asked_gradients(self.derivation)
        needed = tuple(self._needed(asked.values()))
        steps = self._steps(self._equations(needed))
        for block in needed:
            steps.append(self._assigned(gradient_name(block.symbol), block.value, sample_axes(block.symbol)))
        results = [(key, self._returned_gradient(symbol)) for key, symbol in asked.items()]
        return self._function(
            "gradients", "Every gradient that the problem asks for, in its variable's shape.", steps, results
        )

    def _needed(self, asked: Iterable[Adj]) -> Iterator[AdjointBlock]:
        """The gradients asked for and those that they are made of, each after what it needs."""
        blocks = _blocks(self.derivation)
        wanted = set(asked)
        for symbol in reversed(list(blocks)):
            if symbol in wanted:
                wanted |= {n for n in nodes(blocks[symbol].value) if isinstance(n, Adj)}
        missing = [s for s in wanted if s not in blocks and s.of != s.wrt]
        if missing:
            raise Refused(f"the gradient of {missing[0].of.name} with respect to {missing[0].wrt.name} was not derived")
        return (b for s, b in blocks.items() if s in wanted)

    def _equations(self, needed: tuple[AdjointBlock, ...]) -> tuple[Equation, ...]:
        """The equations that the gradients need: the file's own, and of the introduced ones what is used."""
        own = {q.var.name: q for q in self.model.equations}
        ordered = [own.get(q.var.name, q) for q in self.derivation.forward]
        ordered += [q for q in self.model.equations if q not in ordered]
        used = {n.name for b in needed for n in nodes(b.value) if isinstance(n, Var)}
        for q in reversed(ordered):
            if q.var.name in used:
                used |= {n.name for n in nodes(q.body) if isinstance(n, Var)}
        return tuple(q for q in ordered if q.var.name in used)

    # ------------------------------------------------------------ statements

    def _steps(self, equations: Iterable[Equation]) -> list[str]:
        return [self._assigned(q.var.name, q.body, tuple(i for i in q.var.at if isinstance(i, Idx))) for q in equations]

    def _assigned(self, name: str, body: Expr, over: tuple[object, ...]) -> str:
        own = [self._own(callee) for callee in _callees(body)]
        indices = tuple(i for i in over if isinstance(i, Idx))
        return "\n".join([*own, f"{self.writer.names.of(name)} = {self.writer.array(body, indices)}"])

    def _own(self, callee: Callee) -> str:
        """A function of the file, as a local function."""
        assert callee.body is not None and isinstance(callee.parameter, Var)
        name = self.writer.called(callee, "call")
        inner = [self._own(c) for c in _callees(callee.body)]
        parameter = self.writer.names.of(callee.parameter.name)
        return "\n".join([*inner, f"def {name}({parameter}):", f"    return {self.writer.write(callee.body)}"])

    def _returned(self, var: Var, source: str) -> str:
        return f"np.array({source}, dtype=float)" if var.at or var.shape_ else f"float({source})"

    def _returned_gradient(self, symbol: Adj) -> str:
        source = self.writer.names.of(gradient_name(symbol))
        array = sample_axes(symbol) or rank(symbol)
        return f"np.array({source}, dtype=float)" if array else f"float({source})"

    def _function(self, name: str, doc: str, steps: list[str], results: list[tuple[str, str]]) -> str:
        """One function: the inputs it uses, the sizes it needs, its steps, the dict of its results."""
        body = _unrepeated("\n".join(steps).split("\n"))
        returned = ["return {", *(f"    {_quoted(key)}: {source}," for key, source in results), "}"]
        text = "\n".join([*body, *returned])
        sizes = self._sizes(text)
        inputs = self._inputs("\n".join([text, *sizes]))
        lines = [f'"""{doc}"""', *inputs, *sizes, *body, *returned]
        return "\n".join([f"def {name}(**inputs):", *(f"    {line}" if line else "" for line in lines)])

    def _inputs(self, text: str) -> list[str]:
        lines = []
        for declared in self.model.declarations:
            name = self.writer.names.of(declared.var.name)
            if _mentions(text, name):
                lines.append(f"{name} = {_converted(declared.var)}")
        for function in self.model.functions:
            for key in _callables(function.name, function.kind):
                name = self.writer.names.of(key)
                if _mentions(text, name):
                    lines.append(f"{name} = inputs[{_quoted(key)}]")
        return lines

    def _sizes(self, text: str) -> list[str]:
        """The sizes that the text mentions, read off the shapes of the inputs; each after those it needs."""
        found: dict[str, str] = {}
        pending = [s for s in self._symbols() if _mentions(text, self.writer.names.of(s))]
        while pending:
            symbol = pending.pop()
            if symbol in found:
                continue
            source, needs = _read_off(symbol, self.model, self.writer)
            found = {symbol: source} | found
            pending += [n for n in needs if n not in found]
        return [f"{self.writer.names.of(symbol)} = {source}" for symbol, source in found.items()]

    def _symbols(self) -> list[str]:
        """Every size symbol that a formula or a declaration may mention."""
        bodies = [q.body for q in (*self.model.equations, *self.derivation.forward)]
        bodies += [block.value for block in _blocks(self.derivation).values()]
        parts: list[object] = [node for body in bodies for node in nodes(body)]
        parts += [d.var for d in self.model.declarations] + [i.size for i in self.model.indices]
        return list(dict.fromkeys(name for part in parts for size in _sizes(part) for name in sorted(size.symbols)))


def _sizes(part: object) -> Iterator[Size]:
    """The sizes in one node's shape, indices and static parameters."""
    match part:
        case Size():
            yield part
        case Idx(size=size) | SizeNum(size=size):
            yield size
        case tuple():
            for inner in part:
                yield from _sizes(inner)
        case Var(shape_=to, at=at):
            yield from (*to, *_sizes(at))
        case Apply(shape_=to, params=params):
            yield from (*to, *_sizes(params))
        case Entry(indices=indices):
            yield from _sizes(indices)
        case Delta(left=left, right=right):
            yield from _sizes((left, right))
        case Sum(index=index):
            yield index.size
        case _:
            return


def _quoted(key: str) -> str:
    return f'"{key}"'


def _converted(var: Var) -> str:
    """One input as float64, or as an integer where it is a label."""
    key = f"inputs[{_quoted(var.name)}]"
    scalar = not (var.at or var.shape_)
    kind = "int" if var.kind is Kind.LABEL else "float"
    return f"{kind}({key})" if scalar else f"np.asarray({key}, dtype={kind})"


def _read_off(symbol: str, model: Model, writer: NumpyWriter) -> tuple[str, frozenset[str]]:
    """A size from the shape of an input that bears it, alone or in a sum; and the other sizes that this needs."""
    candidates: list[tuple[str, frozenset[str]]] = []
    for declared in model.declarations:
        var = declared.var
        axes = (*(i.size for i in var.at if isinstance(i, Idx)), *var.shape_)
        for k, size in enumerate(axes):
            rest = size - Size.of(symbol)
            source = f"{writer.names.of(var.name)}.shape[{k}]"
            if rest == Size.of(0):
                return source, frozenset()
            if symbol not in rest.symbols:
                candidates.append((f"{source} - ({writer.size(rest)})", rest.symbols))
    if symbol in model.fixed:
        return str(model.fixed[symbol]), frozenset()
    if candidates:
        return min(candidates, key=lambda c: len(c[1]))
    raise Refused(
        f"the size `{symbol}` cannot be read off the shape of any input", f"declare a variable of shape R[{symbol}]"
    )


def _callees(e: Expr) -> list[Callee]:
    """The functions with a body that e calls."""
    calls = [n.params[0] for n in nodes(e) if isinstance(n, Apply) and n.params]
    return list(dict.fromkeys(c for c in calls if isinstance(c, Callee) and c.body is not None))


def _unrepeated(lines: list[str]) -> list[str]:
    """Each local function defined once."""
    kept: list[str] = []
    skip = False
    for line in lines:
        if line.startswith("def "):
            skip = line in kept
        elif not line.startswith("    "):
            skip = False
        if not skip:
            kept.append(line)
    return kept


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.'\"]){re.escape(name)}(?![\w'\"])", text) is not None
