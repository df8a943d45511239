"""Joints between the plan and fluent.conf."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen.recipes.fluentd.planning import FluentdPlan
from tests.proof import fluentd_config, fluentd_parameters
from tests.proof.fluentd_config import convert, usual
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

MIB = 1 << 20


def fluentd(build: Build) -> Iterator[str]:
    """fluent.conf is what fluentd's documentation knows, and says what the plan decided."""
    for container in build.plan.built:
        recipe = container.build
        if isinstance(recipe, FluentdPlan):
            root = fluentd_config.parse(build.files[f"docker/{container.name}/fluent.conf"])
            version = (1, 2) if recipe.legacy else (1, 19)
            yield from fluentd_parameters.complaints(root, version)
            environment = set(container.environment)
            yield from (f"{name} is not set in the task" for name in sorted(_variables(root) - environment))
            yield from _sources(recipe, root)
            yield from _output(recipe, root, container.stop_timeout)


def _variables(section: fluentd_config.Section) -> set[str]:
    found = {
        name for p in section.parameters for code in p.ruby for name in re.findall(r"ENV\['(\w+)'\](?! \|\|)", code)
    }
    return found.union(*(_variables(part) for part in section.sections))


def _values(section: fluentd_config.Section) -> dict[str, str]:
    return {parameter.name: parameter.value for parameter in section.parameters}


def _sources(recipe: FluentdPlan, root: fluentd_config.Section) -> Iterator[str]:
    yield from differ("system", [_values(part) for part in root.named("system")], [{"log_level": "info"}])
    found = [_values(source) for source in root.named("source")]
    # Without follow_inodes (since 1.12) a rotated file that still matches would be read twice.
    newer = {} if recipe.legacy else {"follow_inodes": "true"}
    wanted = [
        {
            "@type": "tail",
            "@label": "@s3",
            "path": tail.path,
            "tag": tail.tag,
            "pos_file": tail.position_file,
            "read_from_head": "true",
            "refresh_interval": "1s",
            **newer,
        }
        for tail in recipe.tails
    ]
    yield from differ("sources", len(found), len(wanted))
    for one, other in zip(found, wanted, strict=False):
        yield from differ("source", one, other)
    parsers = [_values(parse) for source in root.named("source") for parse in source.named("parse")]
    yield from differ("parse", parsers, [{"@type": "none"}] * len(wanted))


def _output(recipe: FluentdPlan, root: fluentd_config.Section, stop: int) -> Iterator[str]:
    label = root.named("label")[0]
    match = label.named("match")[0]
    if (label.argument, match.argument, len(root.named("label")), len(label.sections)) != ("@s3", "**", 1, 1):
        yield "not every line goes the one way"
    # A name of its own for each object, since none is looked for before it is written.
    unique = "%{hex_random}" if recipe.legacy else "${chunk_id}"
    wanted = {
        "@type": "s3",
        "s3_bucket": "#{ENV['S3_BUCKET']}",
        "s3_region": "#{ENV['S3_REGION']}",
        "path": f"{recipe.prefix}${{tag}}/%Y/%m/%d/%H/",
        "s3_object_key_format": f"%{{path}}#{{Socket.gethostname}}_{unique}.%{{file_extension}}",
        "store_as": "gzip",
        "check_apikey_on_start": "false",
        "check_bucket": "false",
        "check_object": "false",
        **({"hex_random_length": "16"} if recipe.legacy else {}),
    }
    yield from differ("match", _values(match), wanted)
    yield from differ("format", _values(match.named("format")[0]), {"@type": "single_value"})
    yield from _buffer(recipe, match.named("buffer")[0], stop)


def _buffer(recipe: FluentdPlan, buffer: fluentd_config.Section, stop: int) -> Iterator[str]:
    table = fluentd_parameters.BUFFER_FILE.parameters
    values = _values(buffer)
    found: dict[str, Any] = {
        name: convert(usual(value), table[name].type, table[name].allowed) for name, value in values.items()
    }
    for name in ("flush_interval", "retry_max_interval"):
        if f"ENV['{name.upper()}']" not in values[name]:
            yield f"the entrypoint cannot set {name}"
    if "retry_timeout" in found and not found["retry_timeout"] >= found["retry_max_interval"]:
        yield "it gives up before it tries again"
    found.pop("retry_timeout", None)
    found.pop("retry_forever", None)
    # Between two chunks fluentd sleeps this long: at a shutdown all pauses together must not count.
    pauses = found.pop("flush_thread_burst_interval") * recipe.total_limit / recipe.chunk_limit / recipe.flush_threads
    if recipe.flush_seconds + pauses > stop:
        yield f"a worst-case flush with its pauses takes {recipe.flush_seconds + pauses} s of {stop}"
    yield from differ("buffer keys", buffer.argument, "tag,time")
    wanted = {
        "@type": "file",
        "path": recipe.buffer_path,
        "timekey": 3600,
        "flush_mode": "interval",
        "flush_interval": recipe.flush_interval,
        "flush_at_shutdown": recipe.flush_at_shutdown,
        "flush_thread_count": recipe.flush_threads,
        "chunk_limit_size": recipe.chunk_limit * MIB,
        "total_limit_size": recipe.total_limit * MIB,
        "overflow_action": "block",
        "retry_type": "exponential_backoff",
        "retry_wait": 1,
        "retry_max_interval": recipe.retry_max_interval,
    }
    yield from differ("buffer", found, wanted)
