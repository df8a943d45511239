"""Runs of a log shipper's entrypoint with a program that stands in for it, in a folder of ours."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(__file__).parent / "bin" / "log-shipper"
LIMIT = 20
SETTINGS = {"settle": 2, "ready": 3, "again": 5, "limit": LIMIT, "full": 60}
"""The times of the entrypoint in seconds, shorter than on Fargate so that a test does not last minutes; `full` in KiB."""


class Ended(NamedTuple):
    """How a run ended: its exit code, the seconds from SIGTERM to the end, and what it said."""

    code: int
    seconds: float
    said: str


class Run:
    """An entrypoint, started in a folder of its own; `folder` is where the image has its state."""

    def __init__(
        self, root: Path, kind: str, script: str, folder: str, held: str, *, shell: str = "sh", starts: float = 0.5
    ) -> None:
        """Start it. `held` is the part of the state that is unsent, relative to it; `starts` as for the program."""
        self.logs, self.s3, self.held = root / "logs", root / "s3", root / "state" / held
        for each in (self.logs, self.s3, root / "state"):
            each.mkdir(exist_ok=True)
        for name, value in SETTINGS.items():
            script, found = re.subn(rf"(?m)^{name}=\d+", f"{name}={value}", script)
            assert found == 1, name
        file = root / "entrypoint.sh"
        file.write_text(script.replace(folder, str(root / "state")))
        program = [sys.executable, str(PROGRAM), kind, str(self.logs), str(self.held), str(self.s3), str(starts)]
        self.process = subprocess.Popen(
            [*shell.split(), str(file), *program],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"PATH": "/usr/bin:/bin", "S3_BUCKET": "b", "S3_REGION": "r"},
        )

    def write(self, name: str, count: int) -> None:
        """Write lines into a log file."""
        with (self.logs / name).open("a") as file:
            file.write("".join(f"{name} {number}\n" for number in range(count)))

    def down(self, *, since: bool) -> None:
        """Let S3 refuse everything, or be well again."""
        (self.s3 / "down").touch() if since else (self.s3 / "down").unlink(missing_ok=True)

    def has_read(self, count: int) -> None:
        """Wait until so many lines are read."""
        for _ in range(1200):
            if self.held.is_dir() and len(list(self.held.iterdir())) >= count:
                return
            time.sleep(0.05)
        raise AssertionError("it does not read")

    @property
    def sent(self) -> list[str]:
        """The lines that arrived, in an order of their own."""
        file = self.s3 / "sent"
        return sorted(file.read_text().splitlines()) if file.exists() else []

    def stop(self, *, well_after: float | None = None) -> Ended:
        """Send SIGTERM and wait for the end; S3 is well again after so many seconds."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        if well_after is not None:
            time.sleep(well_after)
            self.down(since=False)
        said, _ = self.process.communicate(timeout=180)
        return Ended(self.process.returncode, time.monotonic() - began, said)


def lines(name: str, count: int) -> list[str]:
    """Return what `write` has written, as `sent` gives it."""
    return sorted(f"{name} {number}" for number in range(count))
