"""Fresh systems in folders: a bare Debian release each, and commands run in it as an ordinary user.

A root has what the README asks for (python3 with pip, make, git, certificates) and nothing else. The network is the
machine's own: its resolver, its certificates, its proxies. Needs root, Linux and debootstrap.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NEEDED = "python3,python3-pip,make,git,ca-certificates"  # what the README asks for
USER = "student"
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
KEPT = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "PIP_INDEX_URL", "PIP_CERT")
ANSWERS = {
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
}


@dataclass(frozen=True, slots=True)
class System:
    """A kind of machine: a Debian release, with `packages` installed beyond what the README asks for.

    With `shared_memory` it has a /dev/shm that everybody may write, as machines have and some containers have not (the
    suite itself needs it: it shares locks between processes).  `commands` are tried there.
    """

    name: str
    release: str
    packages: tuple[str, ...] = ()
    shared_memory: bool = True
    commands: tuple[str, ...] = ("make pdf", "make test")


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended in a root: its exit code, its seconds, all that it printed."""

    code: int
    seconds: float
    output: str


class NoRoot(Exception):
    """No root can be made here: what this machine, or the server of its packages, refuses."""


def require_roots() -> None:
    """Raises NoRoot where this machine lets nobody make a system in a folder."""
    if platform.system() != "Linux" or os.geteuid() != 0:
        raise NoRoot("only root on Linux may make a system in a folder")
    if not shutil.which("debootstrap") and not _install_debootstrap():
        raise NoRoot("debootstrap is not installed, and apt-get could not install it")
    if not _may_mount():
        raise NoRoot("this machine lets nobody mount /proc in a folder")


def make_root(system: System, folder: Path) -> None:
    """Make the system in an empty folder, with a checkout of this project's last commit in the user's home.

    Raises NoRoot, with the last line of what the tool printed, where its packages cannot be had.
    """
    command = ["debootstrap", "--variant=minbase", f"--include={NEEDED}", system.release, str(folder)]
    _checked(_finished(command, time.monotonic()))
    for name in ("etc/resolv.conf", str(CERTIFICATES)):
        if Path("/", name).is_file():
            shutil.copyfile(Path("/", name), folder / name)
    _checked(run(system, folder, "root", f"useradd --create-home {USER}"))
    if system.packages:
        install = f"apt-get update -q && apt-get install -q -y --no-install-recommends {' '.join(system.packages)}"
        _checked(run(system, folder, "root", install))
    home = folder / "home" / USER
    checkout = Path(__file__).parents[2]
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(checkout), str(home / "solgen")], check=True)
    _checked(run(system, folder, "root", f"chown -R {USER}: /home/{USER}"))


def run(system: System, folder: Path, user: str, command: str) -> Run:
    """Run a shell command in the root as `user`, in the checkout where there is one, with none of our environment."""
    shared = "mkdir -p dev/shm && mount -t tmpfs -o mode=1777 none dev/shm && " if system.shared_memory else ""
    mounts = f'cd {folder} && mount -t proc none proc && {shared}exec chroot . "$@"'
    home = f"/home/{user}" if user != "root" else "/root"
    inside = f"cd {home}/solgen 2>/dev/null || cd {home}; {command}"
    started = time.monotonic()
    return _finished(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", mounts, "sh",
         "runuser", "-u", user, "--", "env", "-i", *_environment(home), "sh", "-c", inside],
        started,
    )  # fmt: skip


def _finished(command: Sequence[str], started: float) -> Run:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", check=False,
    )  # fmt: skip
    return Run(done.returncode, time.monotonic() - started, done.stdout)


def remove_root(folder: Path) -> None:
    """Remove a root; nothing of ours is mounted in it any more, mounts go with the process that made them."""
    shutil.rmtree(folder, ignore_errors=True)


def _environment(home: str) -> Sequence[str]:
    network = {name: os.environ[name] for name in KEPT if name in os.environ}
    return [f"{name}={value}" for name, value in {**ANSWERS, **network, "HOME": home}.items()]


def _checked(done: Run) -> None:
    if done.code:
        last = done.output.strip().splitlines()[-1:] or [f"exit code {done.code}"]
        raise NoRoot(f"a root could not be made: {last[0]}")


def _install_debootstrap() -> bool:
    if not shutil.which("apt-get"):
        return False
    steps = (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "debootstrap"])
    return all(subprocess.run(step, stdout=subprocess.DEVNULL, check=False).returncode == 0 for step in steps)


def _may_mount() -> bool:
    trial = ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "proc", "none", "/proc"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0
