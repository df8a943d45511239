"""Work on many items in several processes, the results in the order of the items, a few in memory at a time.

Of n processes each has every n-th item, and a pipe for what comes out. The results are taken from the pipes in turn,
and a full pipe makes its process wait, so that a long run needs no more memory than a short one.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")

_WORTH_A_PROCESS = 16
"""Specs for which starting a process pays: each takes some 10 ms, a process 30."""
_PATIENCE_S = 2.0
"""How long a process may take to end when it is asked to: a build has some files to rename."""

_say = Texts(__name__)


def in_order(work: Callable[[T], R], items: Sequence[T], jobs: int) -> Generator[R]:
    """Yield work(item) for all items, in their order.

    `jobs` are the processes at most; 0 stands for as many as there are processors, where there is enough to do. What
    `work` raises is raised here. All processes have ended when the iterator is closed. Raises ChuoigenError when one
    ends before its work is done.
    """
    processes = min(jobs, len(items)) if jobs else min(_processors(), len(items) // _WORTH_A_PROCESS)
    if processes <= 1:
        yield from map(work, items)
        return
    yield work(items[0])  # loads here, once, what all processes need
    with _started(work, items[1:], processes) as workers:
        for number in range(len(items) - 1):
            yield workers[number % processes].next()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    def __init__(self, process: "BaseProcess", results: "Connection[Any, Any]") -> None:
        self.process = process
        self.results = results

    def next(self) -> Any:
        try:
            result, error = self.results.recv()
        except EOFError:
            self.process.join()
            raise ChuoigenError(_say("ended", code=self.process.exitcode or 0)) from None
        if error is not None:
            raise error
        return result


@contextlib.contextmanager
def _started(work: Callable[[T], R], items: Sequence[T], processes: int) -> Iterator[list[_Worker]]:
    """Give that many workers, which end with the block."""
    import multiprocessing

    # A fork shares all that is loaded; where it is not safe (macOS) or not there (Windows), Python's own way is taken.
    forks = sys.platform == "linux"
    context: Any = multiprocessing.get_context("fork" if forks else None)
    workers: list[_Worker] = []
    try:
        for number in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            inherited = [*(worker.results for worker in workers), receiver] if forks else []
            arguments = (work, items[number::processes], sender, inherited)
            process = context.Process(target=_run, args=arguments, daemon=True)
            process.start()
            sender.close()
            workers.append(_Worker(process, receiver))
        yield workers
    finally:
        _end(workers)


def _end(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        worker.process.terminate()
    for worker in workers:
        worker.process.join(_PATIENCE_S)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.results.close()


def _run(work: Callable[[T], R], items: Sequence[T], results: "Connection[Any, Any]", inherited: Sequence[Any]) -> None:
    """Work on the items of one process. Ctrl-C is the first process's to answer, which then ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    for other in inherited:  # while one is open here, the process that writes to it cannot see that the reader has left
        other.close()
    with contextlib.suppress(BrokenPipeError):
        for item in items:
            try:
                results.send((work(item), None))
            except BrokenPipeError:
                raise
            except Exception as error:  # noqa: BLE001  handed on: the first process says what there is to say
                results.send((None, error))


def _stop(*_: object) -> None:
    sys.exit(1)
