"""What a fluent-bit is told: the sections of its configuration, before they are written in one of its two formats.

From docs.fluentbit.io ("Service", "Buffering", "Tail", "Amazon S3", "Monitoring"), checked 2026-11-27.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.recipes.fluentbit.planning import FluentbitPlan, OutputPlan, TailPlan

STORAGE = "storage"
OUTGOING = "s3"
"""Folders below the state: chunks on their way to an output, and what S3 has not taken yet."""
_RETRIES = 1_000_000
"""Never give up: a chunk whose tries are used up is put aside and not sent any more."""


class Entry(Record):
    """A key with its value; `why` becomes the comment above it. `own`: text of the spec, to be taken literally."""

    key: str
    value: str | int
    why: str = ""
    own: bool = False


def service(made: FluentbitPlan) -> Iterator[Entry]:
    """Yield what concerns the whole process."""
    yield Entry("flush", 1)
    yield Entry("grace", made.grace, "A part of the stop timeout: what is unsent then goes to S3 before the end.")
    yield Entry("log_level", "info")
    if made.port is not None:
        yield Entry("http_server", "on", "For the health check, which asks from inside the container.")
        yield Entry("http_listen", "127.0.0.1")
        yield Entry("http_port", made.port)
        yield Entry("health_check", "on")
    yield Entry(
        "storage.path", posixpath.join(made.state, STORAGE), "Beside the positions: both outlive a restart.", own=True
    )
    yield Entry("storage.max_chunks_up", 32, "Chunks of 2 MB in memory; what is more waits on the volume.")
    yield Entry("storage.backlog.mem_limit", "16M")
    if made.router:
        yield Entry("storage.type", "filesystem", "The inputs that ECS generates say nothing of their buffer.")
        yield Entry("storage.inherit", "on")


def tail(one: TailPlan) -> Iterator[Entry]:
    """Yield an input that tails files."""
    yield Entry("name", "tail")
    yield Entry("tag", one.tag, own=True)
    yield Entry("path", one.path, own=True)
    yield Entry(
        "db", one.database, "On the volume of the buffer: after a restart it goes on where it stopped.", own=True
    )
    yield Entry("db.locking", "on")
    yield Entry("read_from_head", "on", "Lines that were written before fluent-bit found the file count, too.")
    yield Entry("refresh_interval", 1, "A file that is made shortly before the end is still found.")
    yield Entry("buffer_chunk_size", "64k")
    yield Entry("buffer_max_size", "1M", "The longest line; without skip_long_lines the whole file would be given up.")
    yield Entry("skip_long_lines", "on")
    yield Entry("storage.type", "filesystem")
    yield Entry(
        "storage.pause_on_chunks_overlimit", "on", "A full buffer stops the reading; lines wait in their files."
    )


def s3(made: FluentbitPlan, output: OutputPlan) -> Iterator[Entry]:
    """Yield the output to S3."""
    yield Entry("name", "s3")
    if made.router:
        yield Entry(
            "match_regex", "^(?!firelens-healthcheck)", "Everything but what ECS sends to see whether it is alive."
        )
    else:
        yield Entry("match", "*")
    yield Entry("bucket", "${S3_BUCKET}", "No keys: the task role gives the credentials.")
    yield Entry("region", "${S3_REGION}")
    key = f"/{output.prefix.removeprefix('/')}$TAG/%Y/%m/%d/%H/$UUID.gz"
    yield Entry(
        "s3_key_format", key, "The hour in UTC of the first line; a random name, so that nothing is replaced.", own=True
    )
    yield Entry("use_put_object", "on", "Whole objects: parts of one that is never completed would stay unseen.")
    yield Entry("total_file_size", f"{output.object_size}M")
    yield Entry("upload_timeout", f"{output.flush_interval}s")
    yield Entry("compression", "gzip")
    if not made.router:
        yield Entry("log_key", "log", "The line as it was, and not a JSON object around it.")
    yield Entry(
        "store_dir",
        posixpath.join(made.state, OUTGOING),
        "On the volume, too: it sends at its start what is left there.",
        own=True,
    )
    yield Entry("store_dir_limit_size", f"{output.total_limit}M")
    yield Entry("retry_limit", _RETRIES, "What is given up is put aside and not sent; what waits fills the buffer.")
