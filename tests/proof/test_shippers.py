"""No line is lost at the stop while there is time: entrypoints of log shippers, with a program that behaves like one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.proof.builds import build_of
from tests.proof.shipper_runs import LIMIT, PROGRAM, Run, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Start = Callable[..., Run]

pytestmark = pytest.mark.proof

# The build and its container, where the image has its state, and what of it is unsent.
KINDS = {
    "fluentd": ("qa", "/fluentd/log", "buffer"),
    "fluentbit": ("fluentbit", "/fluent-bit/state", "s3"),
}


@pytest.fixture(params=[*((kind, "dash") for kind in KINDS), ("fluentd", "busybox sh")], ids="-".join)
def start(request: pytest.FixtureRequest, tmp_path: Path, needs: Callable[[str], str]) -> Iterator[Start]:
    kind, shell = request.param
    needs(shell.split()[0])
    build, folder, held = KINDS[kind]
    started: list[Run] = []

    def run(**options: float) -> Run:
        script = build_of(build).files["docker/log/entrypoint.sh"]
        started.append(Run(tmp_path, kind, script, folder, held, shell=shell, **options))
        return started[-1]

    yield run
    for one in started:
        one.process.kill()
        one.process.communicate()


def test_all_is_well(start: Start) -> None:
    run = start()
    run.write("a.log", 9)
    run.has_read(9)
    ended = run.stop()
    assert (ended.code, run.sent, ended.said) == (0, lines("a.log", 9), "")
    assert ended.seconds < 6


def test_s3_fails_at_the_signal_and_is_well_again(start: Start) -> None:
    run = start()
    run.down(since=True)
    run.write("a.log", 9)
    run.has_read(9)
    ended = run.stop(well_after=4)
    assert (ended.code, run.sent) == (0, lines("a.log", 9))
    assert "there is time" in ended.said
    assert ended.seconds < LIMIT + 3


def test_the_signal_comes_while_it_starts(start: Start) -> None:
    run = start(starts=1.5)
    run.write("a.log", 9)
    time.sleep(0.3)
    assert (run.stop().code, run.sent) == (0, lines("a.log", 9))


def test_a_file_is_made_shortly_before_the_signal(start: Start) -> None:
    run = start()
    run.write("a.log", 3)
    run.has_read(3)
    run.write("b.log", 3)
    assert (run.stop().code, run.sent) == (0, [*lines("a.log", 3), *lines("b.log", 3)])


def test_the_buffer_is_full(start: Start) -> None:
    run = start()
    run.down(since=True)
    run.write("a.log", 50)
    run.has_read(20)
    # Each line at least once: on a busy machine a try that was given up has arrived after all.
    assert (run.stop(well_after=1).code, sorted(set(run.sent))) == (0, lines("a.log", 50))


def test_s3_stays_down(start: Start) -> None:
    run = start()
    run.down(since=True)
    run.write("a.log", 3)
    run.has_read(3)
    ended = run.stop()
    assert (ended.code, run.sent) == (75, [])
    assert LIMIT - 1 < ended.seconds < LIMIT + 3
    assert "not everything is sent" in ended.said


def test_it_ends_by_itself_as_its_program_does(start: Start) -> None:
    run = start()
    run.write("a.log", 1)
    run.has_read(1)
    subprocess.run(["pkill", "-KILL", "-P", str(run.process.pid)], check=True)
    run.process.communicate(timeout=10)
    assert run.process.returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize("well", [True, False])
def test_alone_a_fluentd_with_a_retry_pending_sends_nothing(tmp_path: Path, well: bool) -> None:
    """What the entrypoint cures is what the stand-in does."""
    for name in ("logs", "s3"):
        (tmp_path / name).mkdir()
    (tmp_path / "s3" / "down").touch()
    (tmp_path / "logs" / "a.log").write_text("a\n")
    command = [sys.executable, str(PROGRAM), "fluentd", *(str(tmp_path / name) for name in ("logs", "held", "s3")), "0"]
    with subprocess.Popen(command, env={"FLUSH_INTERVAL": "0.2s"}) as process:
        time.sleep(1)
        if well:
            (tmp_path / "s3" / "down").unlink()
        process.terminate()
    assert not (tmp_path / "s3" / "sent").exists()
    assert len(list((tmp_path / "held").iterdir())) == 1
