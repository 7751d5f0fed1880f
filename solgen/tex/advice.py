"""Where no private tree can be made: the one command that installs a sufficient TeX, by platform."""

from __future__ import annotations

import platform
import sys


def install_command() -> str:
    """The one command that installs a sufficient TeX on this platform."""
    packages = "collection-latexrecommended collection-fontsrecommended collection-pictures tcolorbox"
    extra = "enumitem lastpage needspace tex-gyre accsupp mathpazo titlesec tikzfill pdfcol"
    if sys.platform == "darwin":
        return f"brew install --cask basictex && sudo tlmgr install {packages} {extra}"
    if sys.platform == "win32":
        return "winget install MiKTeX.MiKTeX"
    return _LINUX_COMMANDS.get(_distribution(), "install TeX Live (https://tug.org/texlive/quickinstall.html)")


_LINUX_COMMANDS = {
    "fedora": "sudo dnf install texlive-scheme-medium texlive-tcolorbox texlive-tex-gyre texlive-tikzfill",
    "arch": "sudo pacman -S texlive-latexextra texlive-fontsrecommended texlive-pictures",
    "suse": "sudo zypper install texlive-scheme-medium texlive-tcolorbox texlive-tex-gyre",
    "alpine": "sudo apk add texmf-dist-latexextra texmf-dist-fontsrecommended texmf-dist-pictures texlive",
    "debian": "sudo apt install texlive-latex-extra texlive-fonts-recommended tex-gyre lmodern",
}  # fmt: skip


def _distribution() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    words = f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".replace("opensuse", "suse").split()
    return next((word for word in words if word in _LINUX_COMMANDS), "")
