"""A strict reader of fluent-bit's two configuration formats, and the parameters that its documentation knows.

Written from docs.fluentbit.io ("Format and schema", "YAML configuration", "Unit sizes", and the page of each section,
checked 2026-11-27). Stricter than fluent-bit, which takes the last of two equal keys and many words for true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_SECTIONS = {"SERVICE": "service", "INPUT": "inputs", "OUTPUT": "outputs"}


class FluentbitSyntaxError(ValueError):
    """What fluent-bit would refuse, or understand as something else than it looks like."""


@dataclass(frozen=True)
class Section:
    """A section: service, inputs or outputs, with its keys in lower case and their values as text."""

    kind: str
    values: dict[str, str]


def classic(text: str) -> list[Section]:
    """Read the classic format. Raises FluentbitSyntaxError, which names the line."""
    found: list[Section] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        header = re.fullmatch(r"\[([A-Z]+)\]", line)
        entry = re.fullmatch(r" {4}([A-Za-z][A-Za-z0-9_.]*) (\S(?:.*\S)?)", line)
        if header and header[1] in _SECTIONS:
            found.append(Section(_SECTIONS[header[1]], {}))
        elif entry and found:
            _put(found[-1].values, entry[1], entry[2], number)
        else:
            raise FluentbitSyntaxError(f"line {number}: {line!r} is neither a section nor an entry of one")
    return found


def _put(values: dict[str, str], key: str, value: str, number: int) -> None:
    if key.lower() in values:
        raise FluentbitSyntaxError(f"line {number}: {key} is given twice")
    values[key.lower()] = value


class _Loader(yaml.BaseLoader):  # scalars stay text, as for fluent-bit
    """Refuses keys that stand twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.value:
        if key.value.lower() in values:
            raise FluentbitSyntaxError(f"line {key.start_mark.line + 1}: {key.value} is given twice")
        values[key.value.lower()] = loader.construct_object(value, deep=True)
    return values


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def from_yaml(text: str) -> list[Section]:
    """Read the YAML format. Raises FluentbitSyntaxError."""
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  a BaseLoader makes nothing but text
    except yaml.YAMLError as error:
        raise FluentbitSyntaxError(str(error)) from error
    if not isinstance(data, dict) or set(data) != {"service", "pipeline"} or not isinstance(data["pipeline"], dict):
        raise FluentbitSyntaxError("the top is not service and pipeline")
    found = [("service", data["service"])]
    for kind, parts in data["pipeline"].items():
        if kind not in _SECTIONS.values() or not isinstance(parts, list):
            raise FluentbitSyntaxError(f"{kind} is no list of the pipeline")
        found += [(kind, part) for part in parts]
    for kind, part in found:
        if not isinstance(part, dict) or not all(isinstance(value, str) for value in part.values()):
            raise FluentbitSyntaxError(f"a section of {kind} holds something else than keys and text")
    return [Section(kind, part) for kind, part in found]


SIZE, TIME, TRUTH, NUMBER, TEXT = r"\d+[KkMmGg]?", r"\d+[smhd]?", r"on|off|true|false", r"\d+", r".+"

# Page by page: the keys that it lists and the type of each. Needed ones carry a "!".
_SERVICE = {
    NUMBER: "flush grace http_port hc_errors_count hc_period hc_retry_failure_count storage.max_chunks_up scheduler.cap",
    TRUTH: "daemon health_check hot_reload http_server storage.checksum storage.inherit storage.metrics",
    SIZE: "storage.backlog.mem_limit",
    TEXT: "http_listen storage.path parsers_file plugins_file log_file",
    "off|error|warn|info|debug|trace": "log_level",
    "normal|full": "storage.sync",
    "memory|filesystem|memrb": "storage.type",
}
_TAIL = {
    SIZE: "buffer_chunk_size buffer_max_size mem_buf_limit static_batch_size event_batch_size",
    TRUTH: "db.locking db.compare_filename read_from_head skip_long_lines skip_empty_lines inotify_watcher "
    "storage.pause_on_chunks_overlimit exit_on_eof docker_mode threaded truncate_long_lines",
    NUMBER: "refresh_interval rotate_wait",
    TEXT: "tag! path! db exclude_path key parser path_key offset_key tag_regex",
    "extra|full|normal|off": "db.sync",
    "memory|filesystem|memrb": "storage.type",
    "tail": "name!",
}
_S3 = {
    SIZE: "total_file_size upload_chunk_size store_dir_limit_size",
    TIME: "upload_timeout",
    TRUTH: "use_put_object preserve_data_ordering send_content_md5 static_file_path auto_retry_requests tls",
    NUMBER: "retry_limit port workers",
    TEXT: "bucket! region! match match_regex s3_key_format store_dir log_key json_date_key role_arn endpoint canned_acl "
    "storage_class s3_key_format_tag_delimiters content_type external_id sts_endpoint profile alias",
    "gzip|zstd|snappy|arrow": "compression",
    "delete|quarantine": "retry_exhausted_action",
    "double|epoch|epoch_ms|iso8601": "json_date_format",
    "s3": "name!",
}
PAGES = {
    "service": ("administration/configuring-fluent-bit/yaml/service-section", _SERVICE),
    "inputs tail": ("data-pipeline/inputs/tail", _TAIL),
    "outputs s3": ("data-pipeline/outputs/s3", _S3),
}


def complaints(sections: list[Section]) -> list[str]:
    """Return all that the documentation does not know of: sections, keys, types; and what is missing."""
    found = []
    for section in sections:
        kind = section.kind if section.kind == "service" else f"{section.kind} {section.values.get('name')}"
        if kind not in PAGES:
            found.append(f"{kind} is not known")
            continue
        page, table = PAGES[kind]
        types = {key.rstrip("!"): pattern for pattern, keys in table.items() for key in keys.split()}
        needed = {key[:-1] for keys in table.values() for key in keys.split() if key.endswith("!")}
        found += [f"{kind} needs {key} by {page}" for key in sorted(needed - set(section.values))]
        for key, value in section.values.items():
            if key not in types:
                found.append(f"{key} is not in {page}")
            elif not re.fullmatch(types[key], value):
                found.append(f"{key}: {value!r} is not of its type")
    outputs = [section for section in sections if section.kind == "outputs"]
    found += ["an output says not what it takes" for one in outputs if not {"match", "match_regex"} & set(one.values)]
    return found
