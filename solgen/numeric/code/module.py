"""A derivation as one self-contained numpy module, and as rows of JSON (docs/format.md, section 5).

The module's formulas are the trees that were checked: the forward pass as the file has it, each gradient in its short
form over gradients computed before it, from the loss back, and each Jacobian and Hessian in closed form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from solgen.errors import Refused
from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Index, SizeNum, Stack, Sum, Var, rank, shape
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model.derivation import Derivation
from solgen.model.problem import Equation, Model, derivative_symbol
from solgen.model.verdict import Checks
from solgen.numeric.code.formulas import HELPERS, NumpyWriter, PythonNames, gradient_name
from solgen.numeric.code.requested import VERBS, View, known_blocks, needed_blocks, needed_equations, views
from solgen.numeric.code.rerun import HIGHEST, confirm, suffixes
from solgen.numeric.values.point import sample_axes

DOCS: Mapping[str, str] = {
    "forward": "Every value of the forward pass, by name.",
    "gradients": "Every gradient that the problem asks for, in its variable's shape.",
    "jacobians": "Every Jacobian that the problem asks for: the axes of the output, then those of the variable.",
    "hessians": "Every Hessian that the problem asks for: the axes of the variable, twice.",
}


def numpy_module(derivation: Derivation, writer: type[NumpyWriter] = NumpyWriter) -> str:
    """The module's source: `forward(**inputs)` and `gradients(**inputs)`, each returning a dict by name.

    `writer` writes its formulas: for numpy, or for another library that means the same by the same names.  The text is
    run, on numpy, before it is returned.  Raises Refused where a dimension cannot be read off the inputs, or a formula
    has no numpy form; VerificationError where the text disagrees with the trees.
    """
    found = views(derivation)
    source = module(derivation.problem.title, found, writer)
    confirm(source, found, writer.library)
    return source


def module(title: str, found: tuple[View, ...], writer: type[NumpyWriter] = NumpyWriter) -> str:
    """The functions of one model under their names; those of several numbered, and joined."""
    modules = (_Module(view, writer, suffix) for view, suffix in zip(found, suffixes(found), strict=True))
    functions = [text for module in modules for text in module.functions()]
    functions += _join_functions(functions) if len(found) > 1 else []
    body = "\n\n\n".join(functions)
    used = [source for name, source in HELPERS.items() if re.search(rf"\b{name}\(", body)]
    imports = ["import math", ""] if any("math." in source for source in used) else []
    title = " ".join(title.split()).replace("\\", "\\\\").replace('"', "'")
    head = [
        f'"""{title}: the forward pass and its gradients."""',
        "",
        *imports,
        f"import {writer.library} as np",
        "",
        "",
    ]
    return "\n".join([*head, *(f"{source}\n" for source in used), body, ""])


def _join_functions(functions: list[str]) -> list[str]:
    """`gradients` of all models as one, and the others likewise; no key occurs twice."""
    defined = [re.match(r"def (_(\w+?)_\d+)\(", text) for text in functions]
    groups: dict[str, list[str]] = {}
    for found in defined:
        if found is not None:
            groups.setdefault(found[2], []).append(found[1])
    return [
        f"def {name}(**inputs):\n"
        f'    """{DOCS[name]}"""\n'
        f"    return {{{', '.join(f'**{each}(**inputs)' for each in parts)}}}"
        for name, parts in groups.items()
    ]


def json_rows(derivation: Derivation, latex: Callable[[Expr], str], checks: Checks) -> list[dict[str, object]]:
    """One row a gradient, Jacobian or Hessian asked for; `latex` typesets a formula.

    A row is checked when every check that speaks of its derivative came out equal.
    """
    found = views(derivation)
    rows = [row for view in found for row in _gradient_rows(view, latex, checks)]
    return rows + [row for verb in VERBS for view in found for row in _jacobian_rows(view, verb, latex, checks)]


def _gradient_rows(view: View, latex: Callable[[Expr], str], checks: Checks) -> Iterator[dict[str, object]]:
    writer = NumpyWriter(_names(view.derivation))
    blocks = known_blocks(view.derivation)
    for key, symbol in view.gradients.items():
        block = blocks[symbol]
        shown = block.final[-1] if block.final else block.closed
        yield _row(key, symbol, latex(shown), writer.array(block.closed, sample_axes(block.symbol)), checks)


def _jacobian_rows(view: View, verb: str, latex: Callable[[Expr], str], checks: Checks) -> Iterator[dict[str, object]]:
    writer = NumpyWriter(_names(view.derivation))
    for key, found in view.jacobians[verb].items():
        yield _row(key, found.symbol, latex(found.value), writer.array(found.value, found.over), checks)


def _row(key: str, symbol: Adj, latex: str, source: str, checks: Checks) -> dict[str, object]:
    called = derivative_symbol(symbol)
    mine = [c for c in checks.checks if replace(c.step.symbol, at="") == called]
    return {
        "name": key, "of": symbol.of.name, "shape": [str(s) for s in (*_sample_sizes(symbol), *shape(symbol))],
        "latex": latex, "numpy": source, "checked": bool(mine) and all(c.verdict == "equal" for c in mine),
    }  # fmt: skip


def _sample_sizes(symbol: Adj) -> tuple[Size, ...]:
    """The lengths of the sample axes, which come first."""
    return tuple(i.size for i in sample_axes(symbol) if isinstance(i, Idx))


def _names(derivation: Derivation) -> PythonNames:
    """The file's names first, so that they keep their spelling; then what was introduced."""
    model = derivation.problem.model
    functions = [name for f in model.functions for name in _callables(f.name, f.kind)]
    own = [*model.variables, *functions, *(q.var.name for q in derivation.forward)]
    return PythonNames(own)


def _callables(name: str, kind: str) -> tuple[str, str]:
    return (name, f"{name}_grad") if kind == "Loss" else (name, f"{name}_prime")


class _Module:
    """The functions of one model; `suffix` is added to their names, which then begin with an underscore."""

    def __init__(self, view: View, writer: type[NumpyWriter], suffix: str) -> None:
        self.view, self.suffix = view, suffix
        self.derivation = view.derivation
        self.model = view.derivation.problem.model
        self.writer = writer(_names(view.derivation))

    def functions(self) -> list[str]:
        found = [self._forward(), self._gradients()]
        return found + [self._jacobians(verb) for verb in VERBS if self.view.jacobians[verb]]

    def _forward(self) -> str:
        steps = self._steps(self.model.equations)
        values = self.view.values
        results = [(q.var.name, self._convert_result(q.var, self.writer.names.of(q.var.name))) for q in values]
        return self._function("forward", steps, results)

    def _gradients(self) -> str:
        needed = tuple(needed_blocks(self.view))
        steps = self._steps(needed_equations(self.view, (b.value for b in needed)))
        for block in needed:
            steps.append(self._assign(gradient_name(block.symbol), block.value, sample_axes(block.symbol)))
        results = [(key, self._returned_gradient(symbol)) for key, symbol in self.view.gradients.items()]
        return self._function("gradients", steps, results)

    def _jacobians(self, verb: str) -> str:
        asked = self.view.jacobians[verb]
        steps = self._steps(needed_equations(self.view, (found.value for found in asked.values())))
        for found in asked.values():
            steps.append(self._assign(gradient_name(found.symbol), found.value, found.over))
        results = [(key, self._returned_gradient(found.symbol)) for key, found in asked.items()]
        return self._function(f"{verb}s", steps, results)

    # ------------------------------------------------------------ statements

    def _steps(self, equations: Iterable[Equation]) -> list[str]:
        return [self._assign(q.var.name, q.body, q.var.at) for q in equations]

    def _assign(self, name: str, body: Expr, over: tuple[Index, ...]) -> str:
        own = [self._own(callee) for callee in _callees(body)]
        return "\n".join([*own, f"{self.writer.names.of(name)} = {self.writer.array(body, over)}"])

    def _own(self, callee: Callee) -> str:
        """A function of the file, as a local function."""
        assert callee.body is not None and isinstance(callee.parameter, Var)
        name = self.writer.name_call(callee, "call")
        inner = [self._own(c) for c in _callees(callee.body)]
        parameter = self.writer.names.of(callee.parameter.name)
        return "\n".join([*inner, f"def {name}({parameter}):", f"    return {self.writer.write(callee.body)}"])

    def _convert_result(self, var: Var, source: str) -> str:
        return self.writer.convert_result(source, bool(var.at or var.shape_))

    def _returned_gradient(self, symbol: Adj) -> str:
        source = self.writer.names.of(gradient_name(symbol))
        return self.writer.convert_result(source, bool(sample_axes(symbol) or rank(symbol)))

    def _function(self, name: str, steps: list[str], results: list[tuple[str, str]]) -> str:
        """One function: the inputs it uses, the sizes it needs, its steps, the dict of its results."""
        body = _drop_repeats("\n".join(steps).split("\n"))
        returned = ["return {", *(f"    {_quote(key)}: {source}," for key, source in results), "}"]
        text = "\n".join([*body, *returned])
        sizes = self._sizes(text)
        inputs = self._inputs("\n".join([text, *sizes]))
        lines = [f'"""{DOCS[name]}"""', *inputs, *sizes, *body, *returned]
        name = f"_{name}{self.suffix}" if self.suffix else name
        return "\n".join([f"def {name}(**inputs):", *(f"    {line}" if line else "" for line in lines)])

    def _inputs(self, text: str) -> list[str]:
        lines = []
        for declared in self.model.declarations:
            name = self.writer.names.of(declared.var.name)
            if _mentions(text, name):
                source = f"inputs[{_quote(declared.var.name)}]"
                lines.append(f"{name} = {self.writer.convert_input(source, declared.var)}")
        for function in self.model.functions:
            orders = () if function.kind == "Loss" else (function.name + "_prime" * k for k in range(2, HIGHEST))
            for key in (*_callables(function.name, function.kind), *orders):
                name = self.writer.names.of(key)
                if _mentions(text, name):
                    lines.append(f"{name} = inputs[{_quote(key)}]")
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
        bodies += [block.value for block in known_blocks(self.derivation).values()]
        bodies += [found.value for asked in self.view.jacobians.values() for found in asked.values()]
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
        case Sum(index=index) | Stack(index=index):
            yield index.size
        case _:
            return


def _quote(key: str) -> str:
    return f'"{key}"'


def _read_off(symbol: str, model: Model, writer: NumpyWriter) -> tuple[str, frozenset[str]]:
    """A size from the shape of an input that bears it, alone or in a sum; and the other sizes that this needs."""
    candidates: list[tuple[str, frozenset[str]]] = []
    for declared in model.declarations:
        var = declared.var
        for k, size in enumerate(var.axes):
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


def _drop_repeats(lines: list[str]) -> list[str]:
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
