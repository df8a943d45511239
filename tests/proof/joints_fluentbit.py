"""Joints between the plan of a fluent-bit, its Dockerfile and its configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.recipes.fluentbit.planning import FluentbitPlan
from tests.proof import dockerfiles, fluentbit_config
from tests.proof.joints_recipes import after, copies, declared, exactly, install, zone
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.definitions import ContainerPlan
    from tests.proof.builds import Build
    from tests.proof.dockerfiles import Instruction
    from tests.proof.fluentbit_config import Section


def fluentbit(build: Build) -> Iterator[str]:
    """The configuration is what fluent-bit's documentation knows, and says what the plan decided."""
    for container in build.plan.built:
        made = container.build
        if isinstance(made, FluentbitPlan):
            sections = read(build, container.name, made)
            yield from fluentbit_config.complaints(sections)
            values = [value for section in sections for value in section.values.values()]
            named = {name for value in values for name in re.findall(r"\$\{(\w+)\}", value)}
            yield from (f"{name} is not set in the task" for name in sorted(named - set(container.environment)))
            yield from _service(container, made, [one.values for one in sections if one.kind == "service"])
            yield from _inputs(made, [one.values for one in sections if one.kind == "inputs"])
            yield from _outputs(made, [one.values for one in sections if one.kind == "outputs"])


def read(build: Build, name: str, made: FluentbitPlan) -> list[Section]:
    """Return the sections of the file that is there for a shipper or for a log router."""
    if made.router:
        return fluentbit_config.classic(build.files[f"docker/{name}/router.conf"])
    return fluentbit_config.from_yaml(build.files[f"docker/{name}/fluent-bit.yaml"])


def _service(container: ContainerPlan, made: FluentbitPlan, found: list[dict[str, str]]) -> Iterator[str]:
    port = container.ports[0].number if container.ports else None
    server = {"http_server": "on", "http_listen": "127.0.0.1", "http_port": str(port), "health_check": "on"}
    wanted = {
        "flush": "1",
        "grace": str(container.stop_timeout // 4),
        "log_level": "info",
        **(server if port else {}),
        "storage.path": f"{made.state}/storage",
        "storage.max_chunks_up": "32",
        "storage.backlog.mem_limit": "16M",
        **({"storage.type": "filesystem", "storage.inherit": "on"} if made.router else {}),
    }
    yield from differ("service", found, [wanted])


def _inputs(made: FluentbitPlan, found: list[dict[str, str]]) -> Iterator[str]:
    yield from differ("inputs", len(found), len(made.tails))
    for one, tail in zip(found, made.tails, strict=False):
        wanted = {
            "name": "tail",
            "tag": tail.tag,
            "path": tail.path,
            "db": f"{made.state}/{tail.volume}.db",
            "db.locking": "on",
            "read_from_head": "on",
            "refresh_interval": "1",
            "buffer_chunk_size": "64k",
            "buffer_max_size": "1M",
            "skip_long_lines": "on",
            "storage.type": "filesystem",
            "storage.pause_on_chunks_overlimit": "on",
        }
        yield from differ("input", one, wanted)


def _outputs(made: FluentbitPlan, found: list[dict[str, str]]) -> Iterator[str]:
    output = made.output
    yield from differ("outputs", len(found), 0 if output is None else 1)
    if output is None or not found:
        return
    takes = {"match_regex": "^(?!firelens-healthcheck)"} if made.router else {"match": "*", "log_key": "log"}
    wanted = {
        "name": "s3",
        **takes,
        "bucket": "${S3_BUCKET}",
        "region": "${S3_REGION}",
        "s3_key_format": f"/{output.prefix}$TAG/%Y/%m/%d/%H/$UUID.gz",
        "use_put_object": "on",
        "total_file_size": f"{output.object_size}M",
        "upload_timeout": f"{output.flush_interval}s",
        "compression": "gzip",
        "store_dir": f"{made.state}/s3",
        "store_dir_limit_size": f"{output.total_limit}M",
        "retry_limit": "1000000",
    }
    yield from differ("output", found[0], wanted)


def image(container: ContainerPlan, made: FluentbitPlan, stages: list[list[Instruction]]) -> Iterator[str]:
    """Complain about a Dockerfile that takes another fluent-bit, runs elsewhere or starts something else."""
    last = stages[-1]
    froms = [words for stage in stages for words in dockerfiles.values(stage, "FROM")]
    yield from differ("FROM", froms, [(made.source, "AS", "fluentbit"), (made.base,)])
    program = "/fluent-bit/bin/fluent-bit"
    wanted = [
        *install("apt", made.packages),
        *declared(made),
        f"{program} --version",
        *zone(made),
        *after(made),
        "chmod 0755 /entrypoint.sh",
    ]
    yield from exactly("fluent-bit", last, wanted)
    name = "router.conf" if made.router else "fluent-bit.yaml"
    copied = [
        ("--from=fluentbit", "/fluent-bit", "/fluent-bit"),
        (name, f"/fluent-bit/etc/{name}"),
        ("entrypoint.sh", "/entrypoint.sh"),
    ]
    yield from differ("COPY", copies(last), copied)
    yield from differ("USER", dockerfiles.values(last, "USER"), [("0",), ("0" if made.router else "10001:10001",)])
    # FireLens mounts what it generates there, and includes the file of the image by the name that the task gives.
    config = "/fluent-bit/etc/fluent-bit.conf" if made.router else f"/fluent-bit/etc/{name}"
    yield from differ("CMD", dockerfiles.values(last, "CMD"), [(program, "-c", config)])
    if container.firelens is not None:
        options = {"config-file-type": "file", "config-file-value": f"/fluent-bit/etc/{name}"}
        yield from differ("what FireLens includes", dict(container.firelens.options), options)
