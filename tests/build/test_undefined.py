"""A symbol that nothing on a page defines stops check, build and show; every document defines those that it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.verbs import rewrite
from solgen.document import key, pages, telling

CASES = Path(__file__).parents[1] / "cases/print"
SIGMOID = (
    "title: P\nstatement: '[[model]]'\nmodel: |\n  x: R[n]\n  h = sigmoid(x)\n  L = norm2sq(h)\n"
    "parts:\n  - prompt: G\n    solve: {gradients: x}\n"
)


@pytest.fixture
def problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(SIGMOID)
    return "p.yaml"


@pytest.mark.parametrize("command", [("check",), ("show",), ("show", "--markdown")])
def test_a_sign_without_its_sentence(solgen, problem: str, command: tuple[str, ...], monkeypatch) -> None:
    assert solgen(*command, problem).code == 0
    monkeypatch.setenv("SOLGEN_CACHE", str(Path("cache").absolute()))
    monkeypatch.setattr(pages, "definitions", lambda places: ())
    monkeypatch.setattr(telling, "definitions", lambda places: ())
    ran = solgen(*command, problem)
    assert ran.code == 1 and "error[undefined]" in ran.err and "shows σ, which nothing on its pages defines" in ran.err


def test_the_handout_and_the_key_define_what_they_show(solgen, problem: str, monkeypatch) -> None:
    monkeypatch.setattr(pages.ToldSet, "_places", lambda self, shown, rules, general: ())
    ran = solgen("check", problem)
    assert all(f"the {product} shows σ" in ran.err for product in ("solutions", "problems"))


def test_a_name_of_ours_without_its_equation(solgen, tmp_path: Path, monkeypatch) -> None:
    case = str(CASES / "rewrite-invents-names.yaml")
    ran = solgen("show", case)
    assert ran.code == 0 and "w = (Xᵀ X)⁻¹ Xᵀ y" in ran.out
    monkeypatch.setenv("SOLGEN_CACHE", str(tmp_path))
    monkeypatch.setattr(rewrite, "in_given_names", lambda prepared: prepared)
    ran = solgen("show", case)
    assert ran.code == 1 and "shows `U`, which no equation on its pages explains" in ran.err


def test_the_key_explains_the_names_in_its_answers(solgen, tmp_path: Path, monkeypatch) -> None:
    case = str(CASES / "minus-a-half.yaml")
    assert solgen("check", case).code == 0
    monkeypatch.setenv("SOLGEN_CACHE", str(tmp_path))
    monkeypatch.setattr(pages, "explain_names", lambda found, blocks: key.NOTHING)
    assert "the answer key shows `u`, which no equation on its pages explains" in solgen("check", case).err


@pytest.mark.parametrize(
    ("case", "shows", "lacks"),
    [
        ("letter-bound-twice", "Σᵢ₌₁ᵐ aᵢ(Σⱼ₌₁ᵐ aⱼ xⱼ)ᵀ xᵢ", "(Σᵢ₌₁ᵐ aᵢ xᵢ)"),
        ("minus-a-half", "L = −½λ xᵀ x", "½(−λ)"),
        ("fraction-in-the-terminal", "x/(2(v + 1))", "x/2(v"),
        ("columns-in-the-terminal", "⎛ 3 ⎞ ⊙ ⎛ 1 − ⎛ 1 ⎞ ⎞ ⊙ ⎛ 2 + ⎛ 1 ⎞ ⎞", "⊙ (1 −  ⎛"),
        ("letters-that-are-names", "basisₗ", "eₗ"),
        ("max-along-an-axis", "2𝟙[P = max_rows P] + 𝟙[P = max_cols P]", "max(P)"),
        ("accents-in-the-figure", "∂L/∂coût = s ñ Größe = ñ Größe poidsᵀ x", "u x"),
        ("digits-that-cancel", "≈ 0.9999999586(1 − 0.9999999586)", "(1 − 1.0000)"),
        ("foreign-name", "∂q/∂x = A x + Aᵀ x = (A + Aᵀ) x", "h + Aᵀ"),
        ("slices-put-back", "∂L/∂x = [𝟎₂; 2w] + [w; 𝟎₂]", "pad"),
    ],
)
def test_the_cases(solgen, case: str, shows: str, lacks: str) -> None:
    ran = solgen("show", str(CASES / f"{case}.yaml"))
    assert ran.code == 0 and shows in ran.out and lacks not in ran.out


def test_a_name_of_another_meaning_is_said_anew(solgen) -> None:
    out = solgen("show", str(CASES / "same-name-two-parts.yaml")).out
    assert out.count("for an intermediate value:") == 2 and "Write r and u for intermediate values:" in out


def test_one_result_is_framed_once(solgen) -> None:
    out = solgen("show", str(CASES / "boxed-twice.yaml")).out
    assert out.count("│ ∂J/∂t = eₐ − p") == 1


@pytest.mark.parametrize(
    ("model", "shows"),
    [
        ("X: R[m, n]\nW: R[3, 2]\nL = sum(X[1:4, 0:2] * W)", "[𝟎_(1×n); [W, 𝟎_(3×(n−2))]; 𝟎_((m−4)×n)]"),
        ("X: R[n]\nv: R[n]\nL = X[0:2] @ v[2:4]", "[v[3:4]; 𝟎₍ₙ₋₂₎]"),
        ("X: R[m, n]\nc = max(X)\nL = c * sum(max(X, axis=0))", "𝟙[X = max X]"),
        ("X: R[n]\nL = max(X)", "𝟙[X = max X]"),
    ],
)
def test_siblings_say_where_blocks_stand_and_along_what_a_maximum_runs(
    solgen, tmp_path, model: str, shows: str
) -> None:
    lines = "".join(f"  {line}\n" for line in model.splitlines())
    sizes = "sizes: [n > 5, m > 5]\n" if "m, n" in model else "sizes: [n > 5]\n"
    (tmp_path / "p.yaml").write_text(
        f"title: P\n{sizes}model: |\n{lines}parts:\n  - prompt: G\n    solve: {{gradients: X}}\n"
    )
    ran = solgen("show", str(tmp_path / "p.yaml"))
    assert ran.code == 0 and shows in ran.out


@pytest.mark.parametrize(
    ("model", "shows"),
    [
        ("X: R[n]\nñandú: R\nL = ñandú ** 2 * norm2sq(X)", "∂L/∂X = 2 ñandú² X"),
        ("X: R[n]\nÉlan: R[m, n]\nL = sum(Élan @ X)", "∂L/∂X = Élanᵀ 𝟏"),
        ("X: R[n]\né: R\nö: R\nL = é * ö * sum(X)", "∂L/∂X = é ö 𝟏"),
        ("X: R[n]\nã: R[n]\nstraße_i: R\nL = straße_i * dot(ã, X)", "∂L/∂X = straßeᵢ ã"),
        ("X: R[n]\nλ: R\nμ: R\nL = λ * μ * sum(X)", "∂L/∂X = λ μ 𝟏"),
    ],
)
def test_a_name_with_accents_is_shown_and_read_in_a_terminal(solgen, tmp_path, model: str, shows: str) -> None:
    lines = "".join(f"  {line}\n" for line in model.splitlines())
    (tmp_path / "p.yaml").write_text(f"title: P\nmodel: |\n{lines}parts:\n  - prompt: G\n    solve: {{gradients: X}}\n")
    ran = solgen("show", str(tmp_path / "p.yaml"))
    assert ran.code == 0 and shows in ran.out


def test_a_stage_of_a_rewrite_gives_no_reason_that_did_nothing(solgen, tmp_path) -> None:
    (tmp_path / "p.yaml").write_text(
        "title: P\nmodel: |\n  k: Index[p]\n  v[k]: R[d]\n  c[k]: R\n  m = mean(c[k] * v[k], k)\n"
        "  L = sum(c[k] * dot(m, v[k]), k)\nparts:\n  - prompt: R\n    solve: {rewrite: L}\n"
    )
    ran = solgen("show", str(tmp_path / "p.yaml"))
    assert ran.code == 0 and "(1/p) Σₖ₌₁ᵖ cₖ(Σⱼ₌₁ᵖ cⱼ vⱼ)ᵀ vₖ   m written out" in ran.out
    assert "logarithm" not in ran.out
