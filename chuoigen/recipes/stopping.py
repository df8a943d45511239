"""Log shippers at the end of their task: how much can be sent, and how their entrypoint divides the stop timeout."""

from __future__ import annotations

from chuoigen.record import Record

UPLOAD_MIB_PER_SECOND = 4
"""What one task can be trusted to send to S3 while it stops: a quarter vCPU compressing, measured low on purpose."""
MARGIN_S = 10
"""What the end of a log shipper takes besides sending: reading the last lines, noticing that nothing is left."""
BUFFER_DEFAULT_MIB = 256
READING_S = 3
"""How long it goes on reading after SIGTERM: files are looked for each second, and their last lines are read."""


class Stop(Record):
    """How an entrypoint divides the stop timeout, in seconds.

    SIGTERM is passed on after `settle`, and not before `ready` after the start. While something is unsent the program
    runs again, for `again` at a time, until `limit` after SIGTERM; also when `full` KiB or more were unsent at SIGTERM,
    since then it may have stopped reading.
    """

    settle: int
    ready: int
    again: int
    limit: int
    full: int


def stop_of(stop_timeout: int, buffer: int, *, starts: int, again: int) -> Stop:
    """Divide a stop timeout; `buffer` has so many MiB, `starts` is how long it may take until the program reads."""
    return Stop(
        settle=min(READING_S, stop_timeout // 4),
        ready=min(starts, stop_timeout // 3),
        again=again,
        limit=max(1, stop_timeout - MARGIN_S),
        full=buffer * 1024 // 2,
    )


def buffer_for(stop_timeout: int) -> int:
    """Return the MiB that can be sent within the stop timeout, at most the usual size."""
    return min(BUFFER_DEFAULT_MIB, max(1, (stop_timeout - MARGIN_S) * UPLOAD_MIB_PER_SECOND))


def flush_seconds(buffer: int) -> int:
    """Return the seconds that the end takes with a full buffer of so many MiB."""
    return MARGIN_S + -(-buffer // UPLOAD_MIB_PER_SECOND)
