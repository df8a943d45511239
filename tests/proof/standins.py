"""Base images made of the host's own programs, since none can be pulled: they have what the real ones have, no more.

What a Dockerfile installs lies in /.packages of an image until its `apk` is asked for it. Programs that come from the
network stand in tests/proof/bin; each prints what it was asked. Musl is glibc here, and a release is Elixir 1.14's.
"""

from __future__ import annotations

import functools
import io
import re
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import require
from tests.proof.dockerd import DOCKER

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proof.dockerd import Daemon

BIN = Path(__file__).with_name("bin")
C_LIBRARY = re.compile(r"/(ld-linux[^/]*|lib(c|m|dl|rt|pthread|resolv|util|nss_\w+|anl|z))\.so")
"""What each image has: in Alpine that is musl, and zlib, which apk itself needs."""
USERS = {"root": (0, 0), "nobody": (65534, 65533), "nginx": (101, 101)}
GROUPS = {"root": 0, "nogroup": 65533, "nginx": 101}


class Root:
    """The files of an image to be."""

    def __init__(self) -> None:
        self.files: dict[str, tarfile.TarInfo] = {}
        self.contents: dict[str, bytes] = {}

    def text(self, path: str, text: str | bytes, mode: int = 0o644) -> None:
        self._add(path, text.encode() if isinstance(text, str) else text, mode)

    def link(self, path: str, target: str) -> None:
        info = tarfile.TarInfo(path.lstrip("/"))
        info.type, info.linkname = tarfile.SYMTYPE, target
        self.files[info.name] = info

    def folder(self, path: str, mode: int = 0o755) -> None:
        info = tarfile.TarInfo(path.lstrip("/"))
        info.type, info.mode = tarfile.DIRTYPE, mode
        self.files[info.name] = info

    def copy(self, source: str | Path, path: str = "") -> None:
        """Copy a program, a library or a folder of the host, without the libraries it needs."""
        for each in sorted(Path(source).rglob("*")) if Path(source).is_dir() else [Path(source)]:
            target = f"{path or source}{str(each).removeprefix(str(source))}"
            if each.is_file():
                self._add(target, each.read_bytes(), 0o755 if each.stat().st_mode & 0o100 else 0o644)

    def program(self, source: str, *, libraries: Callable[[str], bool] = lambda _: True) -> None:
        """Copy a program and those libraries it needs that the image's own do not include."""
        self.copy(Path(source).resolve(), source)
        for library in needed(source):
            if libraries(library):
                self.copy(library)

    def add(self, other: Root) -> None:
        self.files |= other.files
        self.contents |= other.contents

    def tar(self) -> bytes:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for name in sorted(self.files):
                archive.addfile(self.files[name], io.BytesIO(self.contents.get(name, b"")))
        return buffer.getvalue()

    def _add(self, path: str, content: bytes, mode: int) -> None:
        info = tarfile.TarInfo(path.lstrip("/"))
        info.size, info.mode = len(content), mode
        self.files[info.name], self.contents[info.name] = info, content


@functools.cache
def needed(program: str) -> tuple[str, ...]:
    """Return the libraries that the dynamic linker loads for a program."""
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return tuple(re.findall(r"(/\S+) \(0x", listing))


def is_common(library: str) -> bool:
    return C_LIBRARY.search(library) is not None


def alpine(packages: dict[str, Root] | None = None, users: dict[str, tuple[int, int]] | None = None) -> Root:
    """Return BusyBox with a C library, and the packages that may be asked for."""
    root = Root()
    root.copy(Path(require("busybox")).resolve(), "/bin/busybox")
    for applet in subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=True).stdout.split():
        if applet != "busybox":
            root.link(f"/bin/{applet}", "busybox")
    root.link("/usr/bin/env", "../../bin/env")
    for library in needed(beam()):
        if is_common(library):
            root.copy(library)
    known = USERS | (users or {})
    root.text("/etc/passwd", "".join(f"{name}:x:{uid}:{gid}::/:/bin/sh\n" for name, (uid, gid) in known.items()))
    root.text("/etc/group", "".join(f"{name}:x:{gid}:\n" for name, gid in GROUPS.items()))
    root.folder("/tmp", 0o1777)  # noqa: S108
    root.folder("/proc")
    for name in ("apk", "addgroup", "adduser"):
        root.copy(BIN / name, f"/sbin/{name}")
    for name, package in (packages or {}).items():
        root.text(f"/.packages/{name}.tar", package.tar())
    return root


def beam() -> str:
    return str(next(Path("/usr/lib/erlang").glob("erts-*/bin/beam.smp")))


def packages() -> dict[str, Root]:
    """Return the packages of the runtime: a release lacks what its Dockerfile does not name."""
    found = {name: Root() for name in ("libgcc", "libstdc++", "ncurses-libs", "openssl", "tzdata", "bash", "curl")}
    for zone in ("Asia/Tokyo", "Europe/Berlin"):
        found["tzdata"].copy(f"/usr/share/zoneinfo/{zone}")
    for library in needed(beam()):
        for name, part in (("libgcc", "libgcc"), ("libstdc++", "libstdc++"), ("ncurses-libs", "libtinfo")):
            if part in library:
                found[name].copy(library)
    crypto = next(Path("/usr/lib/erlang/lib").glob("crypto-*/priv/lib/crypto.so"))
    for library in needed(str(crypto)):
        if "libcrypto" in library:
            found["openssl"].copy(library)
    found["bash"].program("/bin/bash", libraries=lambda library: not is_common(library))
    found["curl"].program("/usr/bin/curl")
    return found


def alpine_of_2018() -> Root:
    """Return the runtime of a time when bash brought ncurses and Erlang was written in C alone."""
    available = packages()
    root = alpine({name: available[name] for name in ("bash", "openssl", "tzdata")})
    for name in ("libgcc", "libstdc++", "ncurses-libs"):
        root.add(available[name])
    return root


def builder(*, old: bool) -> Root:
    tools = {name: Root() for name in ("build-base", "git", "nodejs", "yarn", "ruby-dev")}
    for name, program in (("build-base", "cc"), ("git", "git"), ("nodejs", "node")):
        tools[name].copy(BIN / "marker", f"/usr/bin/{program}")
    tools["yarn"].copy(BIN / "yarn", "/usr/bin/yarn")
    root = alpine(tools)
    root.copy("/usr/lib/erlang")
    root.copy("/usr/lib/elixir")
    for library in (
        *needed(beam()),
        *needed(str(next(Path("/usr/lib/erlang/lib").glob("crypto-*/priv/lib/crypto.so")))),
    ):
        root.copy(library)
    for name in ("erl", "erlc", "escript"):
        root.link(f"/usr/bin/{name}", f"../lib/erlang/bin/{name}")
    root.link("/usr/bin/elixir", "../lib/elixir/bin/elixir")
    root.copy(BIN / "digest.exs", "/.digest.exs")
    root.copy(BIN / "mix", "/usr/bin/mix-today" if old else "/usr/bin/mix")
    if old:
        root.copy(BIN / "mix-2018", "/usr/bin/mix")
    return root


def nginx(*, complete: bool) -> Root:
    """Return an image of nginx: since 2021 with curl and time zones."""
    available = packages()
    root = alpine({} if complete else {name: available[name] for name in ("curl", "tzdata")})
    root.program("/usr/sbin/nginx")
    root.copy("/etc/nginx/mime.types")
    root.folder("/var/lib/nginx")
    if complete:
        for name in ("curl", "tzdata"):
            root.add(available[name])
    return root


def fluentd(*, old: bool) -> Root:
    tools = {"build-base": Root(), "ruby-dev": Root(), "tzdata": packages()["tzdata"]}
    tools["build-base"].copy(BIN / "marker", "/usr/bin/cc")
    root = alpine(tools if old else {}, {"fluent": (100, 65533) if old else (999, 999)})
    root.copy(BIN / "gem", "/usr/bin/gem")
    root.copy(BIN / "fluentd", "/usr/bin/fluentd")
    if old:
        root.text("/.gem-needs-compiler", "")
    else:
        root.copy("/usr/share/zoneinfo/Asia/Tokyo")
    return root


def images() -> dict[str, tuple[Callable[[], Root], tuple[str, ...]]]:
    """Return how each image that the specs stand on is made, and the changes to its configuration."""
    language = ("ENV LANG=C.UTF-8",)
    return {
        "hexpm/elixir:1.18.4-erlang-27.3.4.16-alpine-3.22.5": (lambda: builder(old=False), language),
        "elixir:1.6.0-alpine": (lambda: builder(old=True), language),
        "alpine:3.22.5": (lambda: alpine(packages()), ()),
        "alpine:3.7": (alpine_of_2018, ()),
        "nginx:1.30.5-alpine3.24": (lambda: nginx(complete=True), ()),
        "nginx:alpine": (lambda: nginx(complete=False), ()),
        "fluent/fluentd:v1.19.3-debian-2.4": (lambda: fluentd(old=False), ("USER fluent",)),
        "fluent/fluentd:v1.2": (lambda: fluentd(old=True), ()),
        "public.ecr.aws/docker/library/busybox:1.37.0": (alpine, ()),
        "public.ecr.aws/docker/library/python:3.13.1-slim": (alpine, ()),
        "public.ecr.aws/docker/library/ruby:3.4.2-slim": (alpine, ()),
    }


@pytest.fixture(scope="session")
def standins(daemon: Daemon) -> Daemon:
    """Give a daemon that has the base images."""
    for tool in ("nginx", "elixir", "erl", "curl", "bash"):
        require(tool)
    daemon.once("standins", lambda: import_all(daemon, images()))
    return daemon


def import_all(daemon: Daemon, made: dict[str, tuple[Callable[[], Root], tuple[str, ...]]]) -> str:
    for name, (make, changes) in made.items():
        options = [word for change in changes for word in ("--change", change)]
        subprocess.run(
            [DOCKER, "import", *options, "-", name],
            env=daemon.environment,
            input=make().tar(),
            check=True,
            capture_output=True,
        )
    return ""
