"""The parameters of fluentd's sections and plugins as documented, and what a configuration has wrong by them.

Two generations are told apart: v1.2 of 2018 with fluent-plugin-s3 1.0, and v1.19 with fluent-plugin-s3 1.8. `since` is
the version that the documentation gives for a parameter. Every table names its page; all were read on 2026-11-23.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.proof.fluentd_config import Section, convert, usual

LEVELS = ("fatal", "error", "warn", "info", "debug", "trace")
Version = tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """A parameter: its type, whether it must be there, the values of an enum, the first version that has it."""

    type: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    since: Version = (0, 14)


@dataclass(frozen=True)
class Table:
    """What a section may hold, by the page that says so; `sections` maps names to whether they must be there."""

    source: str
    parameters: dict[str, Known]
    sections: dict[str, bool]


def _of(type_: str, names: str, since: Version = (0, 14)) -> dict[str, Known]:
    return {name: Known(type_, since=since) for name in names.split()}


# https://docs.fluentd.org/configuration/plugin-common-parameters
COMMON = {"@type": Known("string", required=True), "@id": Known("string"), "@log_level": Known("enum", allowed=LEVELS)}

SYSTEM = Table(
    "https://docs.fluentd.org/deployment/system-config",
    {
        "log_level": Known("enum", allowed=LEVELS),
        **_of("integer", "workers"),
        **_of("string", "root_dir rpc_endpoint process_name file_permission dir_permission"),
        **_of(
            "bool", "suppress_repeated_stacktrace suppress_config_dump log_event_verbose without_source enable_get_dump"
        ),
        **_of("time", "emit_error_log_interval"),
        **_of("bool", "strict_config_value", (1, 8)),
        **_of("bool", "enable_msgpack_time_support", (1, 9)),
        **_of("time", "ignore_repeated_log_interval", (1, 10, 2)),
        **_of("time", "ignore_same_log_interval", (1, 11, 3)),
        **_of("bool", "disable_shared_socket", (1, 12, 1)),
        **_of("bool", "enable_input_metrics enable_size_metrics", (1, 14)),
    },
    {"log": False},
)
SYSTEM_LOG = Table(
    SYSTEM.source,
    {
        "format": Known("enum", allowed=("text", "json")),
        **_of("string", "time_format"),
        **_of("size", "rotate_size", (1, 13)),
        **_of("string", "rotate_age", (1, 13)),
    },
    {},
)
TAIL = Table(
    "https://docs.fluentd.org/input/tail",
    {
        **COMMON,
        "@label": Known("string"),
        "tag": Known("string", required=True),
        "path": Known("string", required=True),
        # "highly recommended" there; here the lines of a restart would be lost or doubled without it.
        "pos_file": Known("string", required=True),
        **_of("string", "encoding from_encoding path_key"),
        **_of("array", "exclude_path"),
        **_of("time", "refresh_interval limit_recently_modified multiline_flush_interval rotate_wait"),
        **_of("bool", "read_from_head enable_watch_timer ignore_repeated_permission_error skip_refresh_on_startup"),
        **_of("bool", "open_on_every_update emit_unmatched_lines"),
        **_of("integer", "read_lines_limit"),
        **_of("bool", "enable_stat_watcher", (1, 0, 1)),
        **_of("string", "path_timezone", (1, 8, 1)),
        **_of("time", "pos_file_compaction_interval", (1, 9, 2)),
        **_of("bool", "follow_inodes", (1, 12)),
        **_of("size", "read_bytes_limit_per_second", (1, 13)),
        **_of("size", "max_line_size", (1, 14, 4)),
    },
    {"parse": True, "group": False},
)
# https://docs.fluentd.org/configuration/parse-section lists the common ones, parser/none the last.
PARSE_NONE = Table(
    "https://docs.fluentd.org/parser/none",
    {
        **COMMON,
        **_of("string", "time_key null_value_pattern message_key"),
        **_of("bool", "null_empty_string estimate_current_event keep_time_key"),
        **_of("hash", "types"),
        **_of("time", "timeout", (1, 0)),
    },
    {},
)
FORMAT_SINGLE_VALUE = Table(
    "https://docs.fluentd.org/formatter/single_value",
    {
        **COMMON,
        **_of("bool", "add_newline"),
        **_of("string", "message_key"),
        "newline": Known("enum", allowed=("lf", "crlf"), since=(1, 11, 5)),
    },
    {},
)
# https://docs.fluentd.org/configuration/buffer-section for all buffers, buffer/file for path.
BUFFER_FILE = Table(
    "https://docs.fluentd.org/buffer/file",
    {
        **COMMON,
        "path": Known("string", required=True),
        **_of("string", "path_suffix", (1, 6, 3)),
        **_of("time", "timekey timekey_wait flush_interval delayed_commit_timeout"),
        **_of("time", "retry_timeout retry_wait retry_max_interval"),
        **_of("bool", "timekey_use_utc flush_at_shutdown retry_forever retry_randomize"),
        **_of("string", "timekey_zone"),
        **_of("size", "chunk_limit_size total_limit_size"),
        **_of("integer", "chunk_limit_records flush_thread_count retry_max_times"),
        **_of("integer", "queued_chunks_limit_size", (1, 1, 3)),
        **_of("float", "chunk_full_threshold flush_thread_interval flush_thread_burst_interval"),
        **_of("float", "retry_secondary_threshold retry_exponential_backoff_base"),
        **_of("bool", "disable_chunk_backup", (1, 2, 6)),
        "flush_mode": Known("enum", allowed=("default", "lazy", "interval", "immediate")),
        "overflow_action": Known("enum", allowed=("throw_exception", "block", "drop_oldest_chunk")),
        "retry_type": Known("enum", allowed=("exponential_backoff", "periodic")),
        "compress": Known("enum", allowed=("text", "gzip")),
    },
    {},
)
# The plugin's ChangeLog gives the versions: its 1.0 goes with fluentd 1.2 here, its 1.8 with 1.19.
S3 = Table(
    "https://github.com/fluent/fluent-plugin-s3/blob/master/docs/output.md",
    {
        **COMMON,
        "@label": Known("string"),
        "s3_bucket": Known("string", required=True),
        "store_as": Known("enum", allowed=("gzip", "json", "text", "lzo", "lzma2", "gzip_command")),
        "storage_class": Known("enum", allowed=("STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA")),
        **_of("string", "aws_key_id aws_sec_key s3_region s3_endpoint s3_object_key_format path proxy_uri acl"),
        **_of("string", "index_format use_server_side_encryption ssekms_key_id signature_version time_slice_format"),
        **_of("string", "sse_customer_algorithm sse_customer_key sse_customer_key_md5"),
        **_of("string", "grant_full_control grant_read grant_read_acp grant_write_acp", (1, 3)),
        **_of("bool", "check_apikey_on_start check_bucket check_object auto_create_bucket overwrite utc"),
        **_of("bool", "ssl_verify_peer compute_checksums force_path_style enable_transfer_acceleration"),
        **_of("bool", "use_bundled_cert enable_dual_stack", (1, 3)),
        **_of("integer", "hex_random_length"),
        **_of("time", "warn_for_delay"),
    },
    {"buffer": True, "format": True, "inject": False, "instance_profile_credentials": False},
)
TABLES = {
    ("system", None): SYSTEM,
    ("log", None): SYSTEM_LOG,
    ("source", "tail"): TAIL,
    ("parse", "none"): PARSE_NONE,
    ("match", "s3"): S3,
    ("format", "single_value"): FORMAT_SINGLE_VALUE,
    ("buffer", "file"): BUFFER_FILE,
}
ROOT = {"system", "source", "match", "filter", "label"}


def complaints(root: Section, version: Version) -> list[str]:
    """Return all that the documentation does not know of: sections, parameters, types, values; and what is missing."""
    found = [f"{part.line}: <{part.name}> has no place here" for part in root.sections if part.name not in ROOT]
    found += [f"{parameter.line}: {parameter.name} stands in no section" for parameter in root.parameters]
    labels = {part.argument for part in root.named("label")}
    for part in root.sections:
        inner = part.sections if part.name == "label" else (part,)
        for section in inner:
            found += _section(section, version)
            wanted = section.get("@label")
            if wanted is not None and wanted not in labels:
                found.append(f"{section.line}: there is no label {wanted}")
            if section.name == "match" and not section.argument:
                found.append(f"{section.line}: <match> has no pattern")
        if part.name == "label" and (part.parameters or not part.argument.startswith("@")):
            found.append(f"{part.line}: a label has a name that begins with @, and no parameters")
    return found


def _section(section: Section, version: Version) -> list[str]:
    table = TABLES.get((section.name, section.type))
    if table is None:
        return [f"{section.line}: <{section.name}> with @type {section.type} is not known"]
    found = []
    for parameter in section.parameters:
        known = table.parameters.get(parameter.name)
        if known is None or known.since > version:
            found.append(f"{parameter.line}: {parameter.name} is not in {table.source} for {version}")
            continue
        try:
            convert(usual(parameter.value), known.type, known.allowed)
        except ValueError as error:
            found.append(f"{parameter.line}: {parameter.name}: {error}")
    names = {parameter.name for parameter in section.parameters}
    needed = {name for name, known in table.parameters.items() if known.required} - names
    found += [f"{section.line}: <{section.name}> needs {name} by {table.source}" for name in sorted(needed)]
    inner = [part.name for part in section.sections]
    found += [f"{section.line}: <{name}> is not in {table.source}" for name in inner if name not in table.sections]
    found += [f"{section.line}: <{name}> stands there twice" for name in set(inner) if inner.count(name) > 1]
    needed = {name for name, required in table.sections.items() if required} - set(inner)
    found += [f"{section.line}: <{section.name}> needs <{name}>" for name in sorted(needed)]
    return found + [line for part in section.sections for line in _section(part, version)]
