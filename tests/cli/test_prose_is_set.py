"""What prose may use is set by TeX without a fault: ordinary prose, every letter, sign and command of the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.written.prose.allowed import COMMANDS
from solgen.written.prose.glyphs import COMMANDS as SIGNS
from solgen.written.prose.glyphs import SET_IN_TEXT

ORDINARY = Path(__file__).parent.parent / "written" / "prose" / "ordinary.txt"
ALONE = ("items", "rules", "brackets of", "limits", "no number", "a mark", "words between", "type and size")


def _prompts() -> list[str]:
    letters = sorted(c for c in SET_IN_TEXT if c > "~" and c != "\u00a0")
    texts = [" ".join(letters[k : k + 50]) for k in range(0, len(letters), 50)]
    texts.append(" ".join(f"$x{sign}y$" for sign in SIGNS))
    for group in COMMANDS:
        if not group.check and not group.what.startswith(ALONE):
            mark = "$" if group.where == "mathematics" else ""
            arguments = "{A}" * group.arguments or ("" if mark else "{}")
            texts.append(r" \par ".join(f"{mark}a\\{name}{arguments} b{mark}" for name in group.names))
    return ORDINARY.read_text(encoding="utf-8").rstrip("\n").split("\n") + texts


def test_what_prose_may_use_is_set(solgen, with_tex: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    prompts = "".join(f"  - prompt: |\n      {text}\n" for text in _prompts())
    (tmp_path / "all.yaml").write_text(f"title: Ñandú, Σ × α\nparts:\n{prompts}", encoding="utf-8")
    ran = solgen("build", str(tmp_path / "all.yaml"))
    assert ran.code == 0, ran.err
