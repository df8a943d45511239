"""The tests' own dockerd leaves nothing behind, however the process ends that uses it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.proof, pytest.mark.needs("dockerd", "unshare", "iptables", "busybox", "ps")]

USER = """\
import sys, time
from pathlib import Path
from tests.proof.dockerd import start
daemon = start(Path(sys.argv[1]))
daemon.docker("info")
print(daemon.folder, daemon.guard, flush=True)
time.sleep(60)
"""


@pytest.mark.usefixtures("daemon")
@pytest.mark.parametrize("victim", ["user", "guard"])
def test_a_killed_process_takes_the_daemon_with_it(tmp_path: Path, victim: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", USER, tmp_path], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as user:
        assert user.stdout is not None
        folder, guard = user.stdout.readline().split()
        before = {each for each in running() if folder in each}
        subprocess.run(["kill", "-KILL", str(user.pid) if victim == "user" else guard], check=True)
        until = time.monotonic() + 20
        while (Path(folder).exists() or Path(f"/proc/{guard}").exists()) and time.monotonic() < until:
            time.sleep(0.1)
        user.send_signal(signal.SIGKILL)
    assert len(before) >= 3  # guard, dockerd and containerd
    assert not [each for each in running() if folder in each]
    assert not Path(folder).exists()


def running() -> list[str]:
    """Return the command lines of all processes."""
    lines = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    return lines.splitlines()
