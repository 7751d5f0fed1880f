"""Typesetting for real: pages, references, determinism, formats, and documents that mean harm."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

import pytest

from solgen.errors import EngineError
from solgen.tex import Engine, TexFailure, landlock, run, typeset

BODY = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath,mathpazo,tgpagella,xcolor,bm,microtype}
\usepackage[skins,breakable]{tcolorbox}
\usepackage{lastpage,hyperref}
\begin{document}
\begin{tcolorbox}[enhanced,breakable,borderline west={1pt}{0pt}{blue}]
See \eqref{eq:one} and page \pageref{LastPage}; \textcolor{red}{red}.
\begin{equation}\label{eq:one}\bm{W}^\top\bm{x}\end{equation}
\end{tcolorbox}
\newpage Ende.
\end{document}
"""


def simple(content: str) -> str:
    return f"\\documentclass{{article}}\n\\begin{{document}}\nHello.\n{content}\n\\end{{document}}\n"


def test_pages_come_out_and_references_settle(engine: Engine) -> None:
    made = typeset(engine, BODY, {})
    assert made.pdf.startswith(b"%PDF-")
    assert made.passes == 2
    assert made.log.defects() == ()


def test_a_document_without_references_takes_one_pass(engine: Engine) -> None:
    assert typeset(engine, simple(""), {}).passes == 1


def test_the_same_input_gives_the_same_bytes_with_and_without_a_format(engine: Engine, tmp_path: Path) -> None:
    plain = typeset(engine, BODY, {}, source_date_epoch=1_700_000_000)
    time.sleep(1.1)  # a clock that leaked into the file would show
    first = typeset(engine, BODY, {}, source_date_epoch=1_700_000_000, cache=tmp_path)
    second = typeset(engine, BODY, {}, source_date_epoch=1_700_000_000, cache=tmp_path)
    assert plain.pdf == first.pdf == second.pdf
    assert len(list(tmp_path.glob("preambles/*.fmt"))) == 1


def test_another_date_gives_other_bytes(engine: Engine) -> None:
    assert typeset(engine, BODY, {}, source_date_epoch=1).pdf != typeset(engine, BODY, {}).pdf


def test_a_preamble_that_a_format_would_change_is_refused(engine: Engine, tmp_path: Path) -> None:
    """An object made in the preamble lives in the output, and a dump loses it."""
    lost = r"\immediate\pdfobj{<< /A 1 >>}\edef\made{\the\pdflastobj}"
    tex = BODY.replace(r"\begin{document}", lost + "\n\\begin{document}\\pdfrefobj\\made ")
    plain, cached = typeset(engine, tex, {}), typeset(engine, tex, {}, cache=tmp_path)
    assert plain.pdf == cached.pdf
    assert list(tmp_path.glob("preambles/*.fmt")) == []
    assert len(list(tmp_path.glob("preambles/*.refused"))) == 1


def test_line_numbers_are_those_of_the_whole_document(engine: Engine, tmp_path: Path) -> None:
    wrong = BODY.replace("See ", "See \\nonsense ")
    typeset(engine, BODY, {}, cache=tmp_path)
    for cache in (None, tmp_path):
        with pytest.raises(TexFailure, match="Undefined control sequence") as caught:
            typeset(engine, wrong, {}, cache=cache)
        assert caught.value.defect.line == 8
        assert "nonsense" in caught.value.defect.context


def test_defects_are_in_the_log(engine: Engine) -> None:
    content = r"\ref{nowhere}\hbox to 9cm{a}\par\hbox to 1cm{sticks out far}\par\fontfamily{xyz}\selectfont a"
    kinds = {defect.kind for defect in typeset(engine, simple(content), {}).log.defects()}
    assert kinds == {"undefined-reference", "overfull", "font-substitution"}


def test_references_that_never_settle_are_said_to(engine: Engine) -> None:
    restless = r"\makeatletter\@ifundefined{r}{\gdef\r{0}}{}\immediate\write\@auxout{\gdef\string\r{\r x}}"
    made = typeset(engine, simple(restless), {})
    assert made.passes == run.MAX_PASSES
    assert [defect.kind for defect in made.log.defects()] == ["unstable"]


def test_assets_are_beside_the_document(engine: Engine) -> None:
    made = typeset(engine, simple(r"\input{parts/more}"), {"parts/more.tex": b"\\typeout{MORE}more"})
    assert "MORE" in made.log.text


@pytest.mark.parametrize("name", ["../up.tex", "/abs.tex", "a b", "x;y", "-flag", ""])
def test_names_that_could_leave_the_folder_are_refused(engine: Engine, name: str) -> None:
    with pytest.raises(EngineError, match="file names"):
        typeset(engine, simple(""), {name: b""})


def test_a_document_without_pages(engine: Engine) -> None:
    with pytest.raises(TexFailure, match="no pages"):
        typeset(engine, "\\documentclass{article}\n\\begin{document}\n\\end{document}\n", {})


def test_the_private_fonts_are_not_bitmaps(engine: Engine) -> None:
    assert b"/Type3" not in typeset(engine, BODY, {}).pdf


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (r"\input{/etc/passwd}", "tried to read /etc/passwd"),
        (r"\newread\r\openin\r=/etc/passwd\read\r to\l\l", "tried to read /etc/passwd"),
        (r"\input{%setc/passwd}" % ("../" * 12), "tried to read"),
        (r"\immediate\pdfximage{/etc/passwd}", "tried to read /etc/passwd"),
        (r"\immediate\write18{touch /tmp/solgen-evil}", "tried to run a command"),
        (r"\input{|id}", "not found|t find file|run a command"),
        (r"\newwrite\w\immediate\openout\w=/tmp/solgen-evil", "tried to write /tmp/solgen-evil"),
        (r"\newwrite\w\immediate\openout\w=../solgen-evil", "tried to write"),
    ],
)
def test_files_and_commands_are_out_of_reach(engine: Engine, content: str, message: str) -> None:
    with pytest.raises(TexFailure, match=message):
        typeset(engine, simple(content), {}, timeout=10)
    assert not Path("/tmp/solgen-evil").exists()


@pytest.mark.parametrize("confined", [True, False])
@pytest.mark.parametrize(
    "content",
    [
        r"\immediate\pdfobj stream file {%s}",
        r"\batchmode\immediate\pdfobj stream file {%s}",
        r"\pdfmapline{=cmr10 CMR10 <%s}",
    ],
)
def test_what_pdftex_does_not_guard_is_stopped_by_the_kernel_or_by_the_audit(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, confined: bool
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the house")
    if not confined:
        monkeypatch.setattr(landlock, "confine_thread", lambda readable, writable: False)
    with pytest.raises(TexFailure, match=r"tried to read .*secret\.txt") as caught:
        typeset(engine, simple(content % secret), {}, timeout=10)
    assert "the secret" not in str(caught.value)


@pytest.mark.parametrize("confined", [True, False])
def test_a_file_that_is_dumped_is_refused_or_empty(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, confined: bool
) -> None:
    """TeX of 2022 and 2024 refuses it; that of 2026 no longer does: then the kernel does, silently, or the audit."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the house")
    if not confined:
        monkeypatch.setattr(landlock, "confine_thread", lambda readable, writable: False)
    dump = rf"\pdfcompresslevel0 \pdffiledump offset 0 length 9 {{{secret}}}"
    try:
        pdf = typeset(engine, simple(dump), {}, timeout=10).pdf
    except TexFailure as failure:
        assert "tried to read" in str(failure)
    else:
        assert confined and landlock.is_supported()
        assert b"the secret".hex().upper().encode()[:18] not in pdf.upper()


def test_the_kernel_alone_stops_it_where_it_can(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the house")
    monkeypatch.setattr(run, "_foreign_file", lambda job, stored: None)  # no audit
    command = rf"\pdfcompresslevel0 \immediate\pdfobj stream file {{{secret}}}\pdfrefobj\pdflastobj"
    try:
        leaked = b"the secret" in typeset(engine, simple(command), {}, timeout=10).pdf
    except TexFailure:
        leaked = False
    assert leaked is not landlock.is_supported()


@pytest.mark.parametrize("content", [r"\newpage\csname @@end\endcsname", r"\stop", r"\let\x\end\x{document}"])
def test_a_document_that_is_cut_short_is_refused(engine: Engine, content: str) -> None:
    with pytest.raises(TexFailure, match="ended before its end"):
        typeset(engine, simple(content), {})


def test_a_document_that_never_ends_is_ended_long_before_the_limit_of_all_passes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("seal", "run"):
        monkeypatch.setattr(f"solgen.tex.{room}.BUSY", 1)
    with pytest.raises(TexFailure, match="did not finish within 1 s"):
        typeset(engine, simple(r"\def\x{\x}\x"), {}, timeout=120)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (r"\def\x{\x}\x", "did not finish within 1 s"),
        (r"\loop\iftrue\repeat", "did not finish within 1 s"),
        (r"\batchmode\def\y{\relax\y}\y", "did not finish within 1 s"),
        (r"\def\x{a\x}\x", "capacity exceeded|did not finish"),
        (r"\def\x#1{\x{#1#1}}\x{aaaa}", "capacity exceeded|did not finish"),
        (r"\def\x{{\x}}\x", "capacity exceeded"),
        (
            r"\newwrite\w\immediate\openout\w=big\def\x{\immediate\write\w{\romannumeral900000}\x}\x",
            "wrote|did not finish",
        ),
        (r"\newcount\n\loop\advance\n1 \hbox{\kern\n sp}\newpage\ifnum\n<9999999\repeat", "finish|capacity"),
    ],
)  # fmt: skip
def test_what_never_ends_is_ended(engine: Engine, content: str, message: str) -> None:
    with pytest.raises(TexFailure, match=message):
        typeset(engine, simple(content), {}, timeout=1)


def test_the_identifier_depends_on_the_assets(engine: Engine) -> None:
    one, two = (typeset(engine, simple(""), {"a.dat": data}).pdf for data in (b"1", b"2"))
    assert one != two
    assert zlib.crc32(one) != zlib.crc32(two)
