"""What `solve` can ask (docs/format.md, section 2): each verb, what it takes, its options.

Data only: the check of a file and the JSON Schema are both made of this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from solgen.reader.value_kinds import (
    ChoiceKind,
    CodeKind,
    Flag,
    FormKind,
    Key,
    Many,
    NamesKind,
    NestedNumbers,
    OneOf,
    Record,
    Schema,
    TableKind,
    TextKind,
    ValueKind,
)

MATRIX_FORMS = ("matrix", "index", "cases", "kronecker", "entries", "both")
GRADIENT_FORMS = (*MATRIX_FORMS[:-1], "sample", "sum", "batch", "both")

Takes = Literal["names", "name", "output", "nothing", "function", "values", "prose"]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: what stands after it, and the options beside it.

    takes: the names asked for, one name, the output that is differentiated, nothing, a function, values, or prose.
    scalar: its output must be a scalar; `otherwise` is the hint where it is an array, with the array's name for {0}.
    labels: a class label may be among its names.  parameters: it needs some declared as such.
    """

    takes: Takes
    doc: str
    options: Mapping[str, Key]
    field: ValueKind
    required: tuple[str, ...] = ()
    scalar: bool = False
    otherwise: str = "ask for `jacobian: {0}, wrt: …`"
    labels: bool = False
    parameters: bool = False

    def record(self, name: str) -> Record:
        """The mapping that an item with this verb is."""
        options = {o: Key(k.field, k.doc, o in self.required) for o, k in self.options.items()}
        return Record(f"`{name}`", {name: Key(self.field, self.doc, True), **options})


_NAME = CodeKind("a name")
_OF = {"of": Key(_NAME, "the output; the last equation if not given")}
_WRT = {"wrt": Key(_NAME, "the variable")}
_LETTERS = TableKind(CodeKind("an index letter"), "index letters by name, such as {y: j, x: i}")

_STEPS = {
    "steps": Key(ChoiceKind(("full", "short", "none")), "how many steps are shown"),
    "again": Key(Flag(), "repeat a derivation that an earlier part gave"),
}
_SUBSTITUTE = {"substitute": Key(NamesKind(), "names to be written out")}
_INDICES = {"indices": Key(_LETTERS, "index letters")}
_STACK = {
    "stack": Key(TableKind(CodeKind("a name"), "batch names, such as {h1: H_1}"), "how the batch of a family is called")
}


def _forms(verb: str, *forms: str) -> Mapping[str, Key]:
    """The option `form` of a verb, which has these forms."""
    one = FormKind(verb, forms, tuple(f for f in GRADIENT_FORMS if f not in forms))
    return {"form": Key(OneOf("a form", one, Many(one, "a list of forms")), "the form, or forms, of the answer")}


def _second(verb: str) -> Mapping[str, Key]:
    """The options of a derivative of one name by one other."""
    return {**_WRT, **_forms(verb, *MATRIX_FORMS), **_SUBSTITUTE, **_STEPS, **_INDICES}


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "shapes": Verb(
            "names",
            "shapes, deduced with reasons",
            {"given": Key(NamesKind(), "what is given; default: the inputs")},
            NamesKind(),
            labels=True,
        ),
        "parameter_count": Verb("nothing", "the number of parameters, each and in total", {}, Flag(), parameters=True),
        "graph": Verb(
            "nothing", "the computational graph", {"backward": Key(Flag(), "with the gradients on it")} | _OF, Flag()
        ),
        "paths": Verb(
            "name",
            "every route from a name to the output, summed",
            {**_OF, **_forms("paths", "matrix"), **_SUBSTITUTE, **_STEPS},
            _NAME,
            scalar=True,
        ),
        "gradients": Verb(
            "names",
            "∂L/∂name for each name",
            {**_OF, **_forms("gradients", *GRADIENT_FORMS), **_SUBSTITUTE, **_STEPS, **_INDICES, **_STACK},
            NamesKind(),
            scalar=True,
        ),
        "jacobian": Verb("output", "J[i, j] = ∂y_i/∂x_j", _second("jacobian"), _NAME, ("wrt",)),
        "hessian": Verb(
            "output",
            "H[i, j] = ∂²L/∂x_i∂x_j",
            _second("hessian"),
            _NAME,
            ("wrt",),
            scalar=True,
            otherwise="the Hessian of an entry is `hessian: {0}[k]`",
        ),
        "derivative": Verb(
            "function",
            "the derivative of a scalar function, rule by rule",
            {"at": Key(_NAME, "where"), "value": Key(_NAME, "the name of its value there"), **_STEPS},
            _NAME,
        ),
        "rewrite": Verb(
            "output",
            "simplified in stages",
            {"in": Key(NamesKind(), "the names that remain"), **_forms("rewrite", "matrix", "index", "both"), **_STEPS},
            _NAME,
        ),
        "evaluate": Verb(
            "values",
            "a worked example with numbers",
            _OF,
            OneOf("names, or values by name", NamesKind(), NamesKind(), TableKind(NestedNumbers(), "values by name")),
        ),
        "mistakes": Verb("names", "the likeliest wrong answers, refuted", _OF, NamesKind(), scalar=True),
        "say": Verb("prose", "prose between computed items", {}, TextKind("prose")),
    }
)

BARE = tuple(name for name, verb in VERBS.items() if verb.takes in ("nothing", "values"))


def solve_schema() -> Schema:
    """The JSON Schema of `solve`: an item or a list of items."""
    items: list[Schema] = [{"enum": list(BARE)}]
    items += [verb.record(name).schema() for name, verb in VERBS.items()]
    item: Schema = {"anyOf": items}
    return {"anyOf": [item, {"type": "array", "items": item}]}
