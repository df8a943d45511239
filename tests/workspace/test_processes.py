"""Work in several processes: the order, what goes wrong in one of them, and that none of them stays."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from chuoigen.diagnostics import ChuoigenError
from chuoigen.workspace.processes import in_order
from tests.repository import SMALL, chuoigen, repository

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def slow_if_even(number: int) -> tuple[int, int]:
    time.sleep(0.01 if number % 2 == 0 else 0)
    return number, os.getpid()


@pytest.mark.parametrize("jobs", [1, 2, 3, 50])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    results = list(in_order(slow_if_even, range(20), jobs))
    assert [number for number, _ in results] == list(range(20))
    assert len({process for _, process in results}) == (1 if jobs == 1 else min(jobs, 20) + (jobs < 20))
    assert multiprocessing.active_children() == []


def test_a_few_items_are_not_worth_a_process() -> None:
    assert {process for _, process in in_order(slow_if_even, range(15), 0)} == {os.getpid()}


def big(number: int) -> bytes:
    return bytes([number]) * 1_000_000


def test_results_larger_than_a_pipe_wait_for_their_turn() -> None:
    assert [len(result) for result in in_order(big, range(9), 3)] == [1_000_000] * 9


def broken(number: int) -> int:
    if number == 7:
        raise ValueError("seven")
    return number


def test_what_is_raised_in_a_process_is_raised_here() -> None:
    results = in_order(broken, range(20), 3)
    with pytest.raises(ValueError, match="seven"):
        list(results)
    assert multiprocessing.active_children() == []


def dying(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_process_that_dies_is_said() -> None:
    with pytest.raises(ChuoigenError, match="a worker process ended before its work was done") as caught:
        list(in_order(dying, range(20), 2))
    assert "--jobs 1" in caught.value.help
    assert multiprocessing.active_children() == []


DEAF = multiprocessing.Event()


def deaf(number: int) -> int:
    if number == 1:
        DEAF.wait(60)
    elif number == 3:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        DEAF.set()
        time.sleep(60)
    return number


def test_nobody_stays_when_the_reader_leaves() -> None:
    results = in_order(deaf, range(20), 4)
    assert (next(results), next(results)) == (0, 1)
    workers = multiprocessing.active_children()
    results.close()
    assert multiprocessing.active_children() == []
    # One sleeps and hears no SIGTERM: nobody waited until it had slept.
    assert [worker.exitcode for worker in workers].count(-signal.SIGKILL) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="many files")
def test_output_is_the_same_with_any_number_of_processes(tmp_path: Path) -> None:
    at = repository(tmp_path / "repository", **{f"s{number:02}": SMALL for number in range(40)})
    for number in (3, 17, 18):
        (at / "spec" / f"s{number:02}.yaml").write_text(SMALL.replace(":1.37.0", ":latest"), encoding="utf-8")
    (at / "spec" / "s05.yaml").write_text("extends: gone.yaml\n", encoding="utf-8")
    for line in ("lint", "lint --format json", "lint --format sarif", "build --check"):
        runs = [chuoigen(*line.split(), "--jobs", jobs, cwd=at) for jobs in ("1", "2", "5")]
        assert {(run.returncode, run.stdout, run.stderr) for run in runs} == {
            (runs[0].returncode, runs[0].stdout, runs[0].stderr)
        }
    assert runs[0].returncode == 1
