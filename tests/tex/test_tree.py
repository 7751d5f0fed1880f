"""The private tree: what is kept of packages, our own files, and that it is made whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from solgen.document.trial import trial_document
from solgen.errors import EngineError
from solgen.tex import apt, assemble, private_tree


def silent(stage: str, fraction: float) -> None:
    """Progress that nobody watches."""


def package(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """A package as dpkg-deb builds it."""
    root = folder / f"{name}-root"
    for path, data in {"DEBIAN/control": _control(name), **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    archive = folder / f"{name}.deb"
    subprocess.run(["dpkg-deb", "--build", "-Zgzip", str(root), str(archive)], check=True, capture_output=True)
    return archive


def _control(name: str) -> bytes:
    return f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: d\n".encode()


def test_all_that_tex_may_read_is_taken_from_wherever_a_release_has_it(tmp_path: Path) -> None:
    archive = package(
        tmp_path, "some",
        {
            "usr/bin/pdftex": b"program", "usr/bin/luatex": b"program",
            "usr/lib/x86_64-linux-gnu/libkpathsea.so.6.3": b"library",
            "usr/share/texlive/texmf-dist/tex/latex/moved-in-2024/pdflatex.ini": b"ini",
            "usr/share/texlive/texmf-dist/fonts/tfm/public/tex-gyre/ec-qplr.tfm": b"metrics",
            "usr/share/texmf/fonts/type1/public/lm/lmtt10.pfb": b"outlines",
            "usr/share/texmf/fonts/opentype/public/tex-gyre/texgyrepagella-bold.otf": b"no",
            "usr/share/texlive/texmf-dist/doc/latex/some.tex": b"no",
            "usr/share/doc/some/copyright": b"free",
            "usr/share/doc/some/manual.pdf": b"no",
        },
    )  # fmt: skip
    made = tmp_path / "tree"
    assemble.unpack((archive,), made, silent)
    assert files(made) == [
        "bin/pdftex", "lib/libkpathsea.so.6.3", "licences/some", "texmf/fonts/tfm/public/tex-gyre/ec-qplr.tfm",
        "texmf/fonts/type1/public/lm/lmtt10.pfb", "texmf/tex/latex/moved-in-2024/pdflatex.ini",
    ]  # fmt: skip
    assert not archive.exists()


def test_what_tex_loaded_is_kept_and_what_the_recipe_lists(tmp_path: Path) -> None:
    texmf = tmp_path / "texmf"
    for name in (
        "tex/latex/moved-in-2024/pdflatex.ini", "tex/latex/moved-in-2024/lualatex.ini", "tex/latex/beamer/beamer.cls",
        "tex/latex/amsmath/amsmath.sty", "fonts/tfm/public/tex-gyre/ec-qagr.tfm", "web2c/pdftex/pdflatex.fmt",
        "fonts/tfm/public/tex-gyre/ec-qplr.tfm",
    ):  # fmt: skip
        (texmf / name).parent.mkdir(parents=True, exist_ok=True)
        (texmf / name).touch()
    assemble.prune(tmp_path, frozenset({texmf / "tex/latex/moved-in-2024/pdflatex.ini"}))
    ours = ["fonts/map/pdftex/pdftex.map", "ls-R", "tex/generic/config/language.dat", "web2c/texmf.cnf"]
    assert files(texmf) == sorted([
        *ours, "fonts/tfm/public/tex-gyre/ec-qplr.tfm", "tex/latex/amsmath/amsmath.sty",
        "tex/latex/moved-in-2024/pdflatex.ini", "web2c/pdftex/pdflatex.fmt",
    ])  # fmt: skip
    assert not (texmf / "tex/latex/beamer").exists()
    assert "lualatex.ini" not in (texmf / "ls-R").read_text()


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_library_s_short_name_stays_in_its_folder(tmp_path: Path) -> None:
    link = tarfile.TarInfo("./usr/lib/x86_64-linux-gnu/libpng16.so.16")
    link.type, link.linkname = tarfile.SYMTYPE, "../../../../etc/libpng16.so.16.39.0"
    assemble._write(tmp_path / "lib" / "libpng16.so.16", link, None)
    assert os.readlink(tmp_path / "lib" / "libpng16.so.16") == "libpng16.so.16.39.0"


def test_the_font_map_has_only_glyph_files_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "type1").mkdir()
    (tmp_path / "type1" / "here.pfb").touch()
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "a.map").write_text(
        "% comment <here.pfb\none One <here.pfb\ntwo Two <missing.pfb\nthree Three <8r.enc <here.pfb\n"
    )
    (tmp_path / "map" / "b.map").write_text("one Other <<here.pfb\nfour Four <[enc.enc <here.pfb\n")
    lines = assemble._font_map(tmp_path).splitlines()
    assert lines == ["one One <here.pfb", "three Three <8r.enc <here.pfb", "four Four <[enc.enc <here.pfb"]


def test_the_database_lists_folders_as_kpathsea_reads_them(tmp_path: Path) -> None:
    (tmp_path / "tex" / "latex").mkdir(parents=True)
    (tmp_path / "tex" / "latex" / "a.sty").touch()
    head, *rest = assemble.database(tmp_path).splitlines()
    assert head.startswith("% ls-R")
    assert rest == ["./:", "", "./tex:", "", "./tex/latex:", "a.sty"]


def test_the_tree_that_was_made(private: Path) -> None:
    assert private_tree.is_complete(private)
    assert not (private / "texmf/web2c/pdftex/pdflatex.fmt").read_bytes().startswith(b"\x1f\x8b")
    assert not (private / "texmf/web2c/pdftex/pdflatex.fls").exists()
    assert (private / "licences" / "texlive-base").is_file()
    assert not [path for path in private.parent.iterdir() if path.name.startswith(".making-")]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(choices: object, folder: Path, progress: object) -> tuple[Path, ...]:
        (folder / "half.deb").write_bytes(b"half")
        raise EngineError("no network")

    monkeypatch.setattr(apt, "fetch", offline)
    with pytest.raises(EngineError, match="no network"):
        private_tree.make_tree(tmp_path, trial_document, silent)
    assert [path.name for path in (tmp_path / "tex").iterdir()] == ["lock"]
    assert not private_tree.is_complete(private_tree.tree_path(tmp_path))


def test_a_killed_maker_s_leftovers_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / "tex" / ".making-old" / "tree"
    left.mkdir(parents=True)
    monkeypatch.setattr(apt, "fetch", lambda *_: ())
    with pytest.raises(EngineError, match="does not work"):  # no packages, hence no program
        private_tree.make_tree(tmp_path, trial_document, silent)
    assert not left.exists()


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "tex").write_text("a file where a folder should be")
    with pytest.raises(EngineError, match="could not be made"):
        private_tree.make_tree(tmp_path, trial_document, silent)


def _hold(path: Path, held: object, free: object) -> None:
    with private_tree._lock(path, silent):
        held.set()  # type: ignore[attr-defined]
        free.wait(10)  # type: ignore[attr-defined]


def test_a_second_process_waits_for_the_first(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, free = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "lock", held, free))
    other.start()
    assert held.wait(10)
    said = []

    def watch(stage: str, fraction: float) -> None:
        said.append(stage)
        free.set()

    with private_tree._lock(tmp_path / "lock", watch):
        assert said[0] == "waiting for another solgen"
    other.join()


def test_unpacking_a_broken_archive(tmp_path: Path) -> None:
    broken = tmp_path / "broken.deb"
    broken.write_bytes(b"not a package")
    with pytest.raises(EngineError, match=r"broken\.deb"):
        list(apt.unpack(broken))


def test_members_are_streamed_with_their_bytes(tmp_path: Path) -> None:
    archive = package(tmp_path, "one", {"usr/share/data": b"bytes"})
    contents = {m.name: file.read() for m, file in apt.unpack(archive) if file}
    assert contents == {"./usr/share/data": b"bytes"}
