"""A docker daemon of the tests' own, in namespaces of its own: it goes with the last process that uses it.

Test processes share one daemon. Each holds a connection to its guard, process 1 of the daemon's PID namespace: when
the last connection closes, in whatever way its process ended, the guard ends and the kernel ends everything else.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import pytest

from tests.conftest import IN_CI, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")

DOCKER = "/usr/bin/docker"  # Debian's: another client may come first on PATH
CLONE_NEWNET = 0x40000000


@dataclass(frozen=True)
class Daemon:
    """The daemon: its folder, what a docker client needs in its environment, and the guard's process id."""

    folder: Path
    shared: Path
    connection: socket.socket = field(repr=False)
    guard: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.folder / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder / "home"),
            "LC_ALL": "C.UTF-8",
            "DOCKER_HOST": f"unix://{self.folder}/docker.sock",
            "DOCKER_CONFIG": str(self.folder / "home"),
        }

    def docker(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [DOCKER, *arguments], env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert not check or result.returncode == 0, f"docker {' '.join(arguments)}: {result.stdout}{result.stderr}"
        return result

    def inside(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in the daemon's network, where its containers' ports are published."""
        with ThreadPoolExecutor(1, initializer=self.enter) as pool:
            return pool.submit(function, *args, **kwargs).result()

    def enter(self) -> None:
        """Move the calling thread into the daemon's network."""
        with Path(f"/proc/{self.guard}/ns/net").open() as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")

    def once(self, name: str, action: Callable[[], str]) -> str:
        """Return the text of an action that one test process does for all."""
        done = self.folder / f"{name}.done"
        with locked(self.folder / f"{name}.lock"):
            if not done.exists():
                text = action()
                done.write_text(text)
            return done.read_text()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Give the daemon that all test processes share."""
    for tool in ("dockerd", "unshare", "iptables", "busybox"):
        require(tool)
    if os.geteuid() != 0:
        (pytest.fail if IN_CI else pytest.skip)("a docker daemon of the tests' own needs root")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with locked(shared / "dockerd.lock"):
        daemon = _join(shared) or start(shared)
    yield daemon
    with daemon.connection as connection:
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)  # returns when another process still uses the daemon, or everything has ended


def _join(shared: Path) -> Daemon | None:
    address = shared / "dockerd.folder"
    if not address.exists():
        return None
    folder = Path(address.read_text())
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(folder / "guard.sock"))
    except OSError:
        connection.close()
        return None
    peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return Daemon(folder, shared, connection, struct.unpack("3i", peer)[0])


def start(shared: Path) -> Daemon:
    # A socket's path holds 107 characters at most, which pytest's folders exceed.
    folder = Path(tempfile.mkdtemp(prefix="chuoigen-docker-"))
    (folder / "bin").mkdir()
    (folder / "home").mkdir()
    (folder / "bin" / "docker").symlink_to(DOCKER)
    namespaces = "unshare --mount --net --pid --fork --kill-child --mount-proc"
    command = f'{namespaces} "$1" -SI "$2" "$3"; rm -rf "$3"'
    guard = Path(__file__).with_name("dockerd_guard.py")
    with (folder / "log").open("w") as log:
        subprocess.run(
            ["setsid", "--fork", "sh", "-c", command, "sh", sys.executable, guard, folder],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    (shared / "dockerd.folder").write_text(str(folder))
    for _ in range(200):
        daemon = _join(shared)
        if daemon is not None:
            return daemon
        time.sleep(0.05)
    pytest.fail(f"dockerd does not start: {(folder / 'log').read_text()[-2000:]}")
