"""A whole problem: what each key becomes, what `solve` asks, what prose refers to, what parts change."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from solgen.errors import Diagnostic, InputError
from solgen.expr.nodes import Adj, Apply, Entry, Idx, Var
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model.problem import Ask, Notation, Problem, Reference
from solgen.reader.set_file import read

Reads = Callable[..., Problem]
Refuses = Callable[..., tuple[Diagnostic, ...]]

NET = "x: R[n]\nW: R[m, n]\nz = W @ x\nh = tanh(z)\nL = norm2sq(h)\n"

EXAMPLE = r"""# yaml-language-server: $schema=solgen.schema.json
title: A residual block, $d$ wide
notation: bar
statement: |
  Consider the block
  [[model equations]]
  with $\phi$ applied entry by entry.
model: |
  x: R[d]
  t: R
  W1: R[d, d]  # square
  W2: R[1, d]
  phi: Elementwise
  z1 = W1 @ x
  h  = phi(z1)
  z2 = (h
        + x)
  y  = W2 @ z2
  L  = norm2sq(y - t) / 2
parameters: [W1, W2]
targets: [t]
latex: {W1: 'W^{(1)}', W2: 'W^{(2)}'}
parts:
  - prompt: What are the shapes of [[W1]], [[W2]], [[z1]] and [[z2]]?
    points: 3
    solve: {shapes: [W1, W2, z1, z2]}
  - prompt: How many parameters are there?
    points: 1
    solve: parameter_count
  - prompt: Draw the computational graph.
    points: 3
    solve: graph
  - prompt: Backpropagate to every node.
    points: 5
    solve: {gradients: [y, W2, z2, h, z1, W1, x], of: L}
  - prompt: Why does the skip connection help?
    points: 2.5
    answer: |
      It adds [[term dL/dx via z2]] to the gradient of $x$, whatever $\phi'$ is.
"""


def asked(problem: Problem, part: int = 0) -> list[Ask]:
    return list(problem.parts[part].asks)


def references(problem: Problem, part: int = 0) -> list[tuple[str, str, str, str]]:
    """Kind, numerator, denominator and path of the references in a part's answer."""
    found = [r for r in problem.parts[part].answer if isinstance(r, Reference)]
    return [(r.kind, str(r.of or ""), str(r.wrt or ""), r.via) for r in found]


def test_the_example_of_the_contract(tmp_path: Path) -> None:
    file = tmp_path / "residual.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    whole = read(file)
    (problem,) = whole.problems
    assert (whole.name, problem.id, problem.title) == ("residual", "residual", "A residual block, $d$ wide")
    assert problem.text == EXAMPLE and problem.notation == Notation(gradient="bar")
    assert problem.points == Fraction(29, 2) and [p.id for p in problem.parts] == list("abcde")
    assert dict(problem.latex) == {"W1": "W^{(1)}", "W2": "W^{(2)}"}
    assert [a.verb for p in problem.parts for a in p.asks] == ["shapes", "parameter_count", "graph", "gradients"]
    assert [str(n) for n in asked(problem, 3)[0].names] == ["y", "W2", "z2", "h", "z1", "W1", "x"]
    assert [str(v.shape_) for v in (problem.model.variables["L"],)] == ["()"]
    assert references(problem, 4) == [("term", "L", "x", "z2")]
    assert next(p for p in problem.statement if isinstance(p, Reference)).kind == "model equations"


def test_every_verb_takes_its_options(reads: Reads) -> None:
    problem = reads(
        NET,
        "parameters: W\nnumbers: {x: [1, 1/2], W: [[1, 2], [3, 4], [0.5, 0]]}\n",
        """  - prompt: p
    solve:
      - shapes: z, h
        given: [x, W]
      - parameter_count
      - graph:  true
        backward: true
      - {paths: W, of: L}
      - gradients: W[k, :], z[0], h
        of: L
        form: both
        substitute: [h, z]
        steps: short
        again: true
      - {jacobian: h, wrt: x, form: [index, cases], indices: {h: j, x: i}}
      - {hessian: L, wrt: x}
      - {derivative: tanh, at: z, value: h}
      - {rewrite: L, in: [h]}
      - evaluate: z, dL/dW
      - evaluate: {x: [1, 2]}
      - mistakes: W
      - say: And so on, see [[dL/dW]].
""",
    )
    asks = asked(problem)
    assert [(a.verb, [str(n) for n in a.names], str(a.of or "")) for a in asks] == [
        ("shapes", ["z", "h"], ""),
        ("parameter_count", [], ""),
        ("graph", [], ""),
        ("paths", ["W"], "L"),
        ("gradients", ["W[k, :]", "z[0]", "h"], "L"),
        ("jacobian", ["x"], "h"),
        ("hessian", ["x"], "L"),
        ("derivative", [], "tanh"),
        ("rewrite", [], "L"),
        ("evaluate", ["z"], ""),
        ("evaluate", [], ""),
        ("mistakes", ["W"], ""),
        ("say", [], ""),
    ]
    gradients = asks[4].options
    assert (gradients.form, gradients.substitute, gradients.steps, gradients.again) == (
        ("index", "matrix"),
        ("h", "z"),
        "short",
        True,
    )
    assert asks[5].options.form == ("index", "cases") and dict(asks[5].options.indices) == {"h": "j", "x": "i"}
    assert asks[2].extra["backward"] is True and asks[10].extra["values"] == problem.numbers | {"x": (1, 2)}
    assert problem.numbers["W"] == ((1, 2), (3, 4), (Fraction(1, 2), 0))
    assert problem.numbers["x"] == (1, Fraction(1, 2))
    assert isinstance(asks[12].say[1], Reference) and asks[12].say[1].kind == "result"


def test_references_of_every_kind(reads: Reads) -> None:
    answer = (
        "[[W]] [[W[k, :]]] [[dL/dW]] [[symbol dL/dW]] [[eq z]] [[eq dL/dW]] [[ref dL/dW]] [[term dL/dW via z]] "
        "[[shape W]] [[value h]] [[model]] [[model equations]] [[numbers]] [[n]] $a [{}[ 1, 2 ]] \\{$ [[ dL/dz[0] ]]"
    )
    numbers = "numbers: {x: [1, 2], W: [[1, 2], [3, 4], [5, 6]]}\n"
    problem = reads(NET, numbers, f"  - prompt: p\n    answer: '{answer}'\n")
    assert references(problem) == [
        ("symbol", "", "W", ""),
        ("symbol", "", "W[k, :]", ""),
        ("result", "L", "W", ""),
        ("symbol", "L", "W", ""),
        ("eq", "", "z", ""),
        ("eq", "L", "W", ""),
        ("ref", "L", "W", ""),
        ("term", "L", "W", "z"),
        ("shape", "", "W", ""),
        ("value", "", "h", ""),
        ("model", "", "", ""),
        ("model equations", "", "", ""),
        ("numbers", "", "", ""),
        ("symbol", "", "n", ""),
        ("result", "L", "z[0]", ""),
    ]
    assert " $a [{}[ 1, 2 ]] \\{$ " in problem.parts[0].answer


@pytest.mark.parametrize("result", ["dL/dW", "eq dL/dW", "ref dL/dW", "term dL/dW via z", "value h", "shape z"])
@pytest.mark.parametrize("key", ["title", "statement", "prompt", "hint"])
def test_results_never_reach_the_handout(result: str, key: str, refuses: Refuses) -> None:
    if key == "title":
        parts, more = "  - prompt: p\n", f"source: 'x [[{result}]]'\n"
    elif key == "statement":
        parts, more = "  - prompt: p\n", f"statement: 'x [[{result}]]'\n"
    else:
        keys = {"prompt": "p", key: f"x [[{result}]]"}
        parts, more = "  - " + "\n    ".join(f"{k}: '{v}'" for k, v in keys.items()) + "\n", ""
    defects = refuses(NET, more, parts)
    plain = key == "title" and result.split()[0] in ("ref", "shape")  # no word of a result: no reference at all
    expected = "bad-reference" if plain else "result-in-handout"
    assert [d.code for d in defects] == [expected]


@pytest.mark.parametrize("harmless", ["W", "symbol dL/dW", "eq z", "model", "shape W", "n"])
def test_what_the_handout_may_show(harmless: str, reads: Reads) -> None:
    assert reads(NET, f"statement: 'x [[{harmless}]]'\n").statement[0] == "x "


def test_a_part_redefines_and_adds(reads: Reads) -> None:
    parts = """  - prompt: a
    model: |
      b: R[m]
      z = W @ x + b
      q = norm2sq(z)
    solve: {gradients: b, of: L}
  - prompt: b
    solve: {gradients: W}
"""
    problem = reads(NET, "parameters: W\n", parts)
    own = problem.parts[0].model
    assert own is not None and [q.var.name for q in own.equations] == ["z", "h", "L", "q"]
    assert isinstance(own.equations[0].body, Apply) and own.equations[0].body.op == "add"
    assert own.output == Var("q") and problem.model.output == Var("L") and problem.parts[1].model is None
    assert [d.role for d in own.declarations] == ["input", "parameter", "input"]


def test_expected_answers_are_formulas(reads: Reads) -> None:
    parts = """  - prompt: a
    solve: {gradients: [W, x], of: L}
    expect:
      dL/dW: outer(bar(z), x)
      x: W.T @ bar(z)
      dz/dx: W
      parameter_count: m*n
      shape W: (m, n)
      shape L: scalar
      dL/dh: 2 * h
"""
    expected = reads(NET, "parameters: W\n", parts).parts[0].expect
    assert [(e.what, str(e.of or ""), str(e.wrt or "")) for e in expected] == [
        ("gradient", "L", "W"),
        ("gradient", "", "x"),
        ("gradient", "z", "x"),
        ("parameter_count", "", ""),
        ("shape", "", "W"),
        ("shape", "", "L"),
        ("gradient", "L", "h"),
    ]
    first = expected[0].answer
    assert isinstance(first, Apply) and first.args[0] == Adj(Var("L"), Var("z", (Size.of("m"),)))
    assert expected[3].answer == Size.of("m") * Size.of("n")
    assert expected[4].answer == (Size.of("m"), Size.of("n")) and expected[5].answer == ()


def test_pure_prose_needs_no_model(tmp_path: Path) -> None:
    file = tmp_path / "essay.yaml"
    file.write_text("title: Essay\nparts:\n  - prompt: Why?\n    answer: Because.\n    points: 0.5\n")
    (problem,) = read(file).problems
    assert problem.model.equations == () and problem.points == Fraction(1, 2)


def test_part_letters_go_past_z(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text("title: Long\nparts:\n" + "  - prompt: p\n" * 28)
    assert [p.id for p in read(file).problems[0].parts][-3:] == ["z", "aa", "ab"]


def test_numbers_must_fit(refuses: Refuses) -> None:
    wrong = {
        "{x: [1, 2], W: [[1, 2, 3]]}": "`W` is (m, n), and n is 2 by `x`; 3 numbers are given",
        "{x: 1}": "`x` is (n,)",
        "{W: [[1, 2], [3]]}": "the rows of `W` differ in length",
        "{z: [1]}": "`z` is computed by an equation",
        "{X: [1]}": "`X` is not in the model",
    }
    for numbers, message in wrong.items():
        assert [d.message for d in refuses(NET, f"numbers: {numbers}\n")] == [message]
    (defect,) = refuses("y: OneHot[C]\nL = sum(y)", "numbers: {y: [1, 1]}\n")
    assert "OneHot" in defect.message


def test_one_wrong_line_is_reported_once(refuses: Refuses) -> None:
    """What uses a name whose line failed is not reported again."""
    asks = (
        "  - prompt: 'see [[z]]'\n    solve: {gradients: [W, z], of: L}\n    answer: '[[dL/dz]] [[term dL/dx via h]]'\n"
    )
    for line in ("z = W @ y", "z = W @", "z = foo(x)", "z = x @ W", "z: R[m] = x", "z = (W @ x"):
        defects = refuses(NET.replace("z = W @ x", line), "parameters: W\nnumbers: {x: [1]}\n", asks)
        assert len(defects) == 1, [d.text() for d in defects]


def test_an_expected_entry_uses_its_own_letters(reads: Reads, refuses: Refuses) -> None:
    parts = "  - prompt: a\n    solve: {gradients: W, of: L}\n    expect:\n      W[k, j]: bar(z)[k] * x[j]\n"
    (expected,) = reads(NET, "parameters: W\n", parts).parts[0].expect
    assert str(expected.wrt) == "W[k, j]" and isinstance(expected.answer, Apply)
    entries = [n for n in nodes(expected.answer) if isinstance(n, Entry)]
    assert {i.name for n in entries for i in n.indices if isinstance(i, Idx)} == {"k", "j"}
    (defect,) = refuses(NET, "parameters: W\n", parts.replace("x[j]", "x[i]"))
    assert defect.code == "unknown-name"


def test_an_unreadable_model_is_reported_once(tmp_path: Path, refuses: Refuses) -> None:
    asks = "  - prompt: 'see [[z]]'\n    solve: {gradients: [W, z], of: L}\n    expect: {dL/dW: z @ x}\n"
    (defect,) = refuses("(" * 100, "parameters: W\nlatex: {W: w}\nsizes: [m < n]\n", asks)
    assert defect.code == "too-deep"


def test_every_mistake_of_a_file_comes_at_once(refuses: Refuses) -> None:
    defects = refuses(
        NET.replace("tanh", "tan_h"),
        "tittle: x\nparameters: V\n",
        "  - prompt: '[[Q]]'\n    solve: {gradient: W}\n  - promt: p\n",
    )
    assert len(defects) == 6 and [d.span.line for d in defects if d.span] == sorted(
        d.span.line for d in defects if d.span
    )


@pytest.mark.parametrize(
    ("space", "fits"), [("4cm", True), ("2.5 in", True), ("4", False), ("30cm", False), (r"4\cm", False)]
)
def test_room_for_an_answer_is_a_length_of_paper(tmp_path: Path, space: str, fits: bool) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"title: T\nparts:\n  - {{prompt: Why?, space: '{space}'}}\n", encoding="utf-8")
    if fits:
        assert read(file).problems[0].parts[0].space == space
    else:
        with pytest.raises(InputError, match="is not a length such as 4cm"):
            read(file)
