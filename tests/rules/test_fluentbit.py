"""The rules of the recipe fluentbit, and what the rules about log shippers say of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

    Reported = Callable[[str], list[str]]

S3 = "s3: { bucket: shop-logs }"


def shipper(
    build: str = "", *, s3: str = S3, pattern: str = "*.log", logs: str = "/logs", state: str = "/state", keys: str = ""
) -> str:
    return (
        "volumes: { logs: {}, state: {} }\n"
        "containers:\n"
        "  app: { image: shop/app:1.0, mounts: { logs: /logs }, depends_on: { log: start } }\n"
        "  log:\n"
        f"    build: {{ recipe: fluentbit, {build} tail: {{ logs: {json.dumps(pattern)} }}, state: state, {s3} }}\n"
        f"    mounts: {{ logs: {json.dumps(logs + ':ro')}, state: {json.dumps(state)} }}\n"
        f"    stop_timeout: 120s{keys}\n"
    )


def prefix(text: str) -> str:
    return shipper(s3=f"s3: {{ bucket: shop-logs, prefix: {json.dumps(text)} }}")


OPTIONS = "options: { config-file-type: file, config-file-value: /fluent-bit/etc/router.conf }"


def router(firelens: str = f"type: fluentbit, {OPTIONS}", *, build: str = f"state: state, {S3}", user: str = "") -> str:
    return (
        "volumes: { state: {} }\n"
        "containers:\n"
        "  app: { image: shop/app:1.0, logs: { driver: awsfirelens }, depends_on: { router: start } }\n"
        "  router:\n"
        f"    build: {{ recipe: fluentbit, {build} }}\n"
        f"    firelens: {{ {firelens} }}\n"
        f"    mounts: {{ state: /state }}\n    stop_timeout: 120s{user}\n"
    )


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (shipper(), []),
        (shipper('version: "5.1",'), []),
        (shipper("version: 5.1.3,"), []),
        (shipper('version: "5.0",'), []),
        (shipper('version: "1.9",'), ["unknown-version"]),
        (shipper('version: "1.9", base: shop/fluent-bit:1.9.10-debian-bookworm,'), []),
        (shipper("base: 'a b',"), ["image-reference"]),
        (prefix("a/b-c_d.e=f"), []),
        (prefix(""), []),
        (prefix("$TAG/"), ["object-name-prefix"]),
        (prefix("100%/"), ["object-name-prefix"]),
        (prefix("a*"), ["object-name-prefix"]),
        (prefix("a b"), ["object-name-prefix"]),
        (shipper(pattern="deep/*/a.log"), []),
        (shipper(pattern="*.log*"), ["copied-log-files"]),
        (shipper(pattern="a,b"), ["tailed-files"]),
        (shipper(pattern="../a"), ["tailed-files"]),
        (shipper(pattern="/logs/a"), ["tailed-files"]),
        (shipper(pattern="*.log "), ["tailed-files"]),
        (shipper(pattern="${A}.log"), ["tailed-files"]),
        (shipper(logs="/lo,gs"), ["tailed-files"]),
        (shipper(state="/st${A}"), ["tailed-files"]),
        (shipper(s3="s3: { bucket: shop-logs, object_size: 1 }"), []),
        (shipper(s3="s3: { bucket: shop-logs, object_size: 1 GB }"), []),
        (shipper(s3="s3: { bucket: shop-logs, object_size: 1025 }"), ["object-size"]),
        (shipper(s3="s3: { bucket: shop-logs, object_size: 0 }"), ["object-size"]),
        (shipper(s3="args: {}"), ["idle-log-shipper"]),
        (shipper(keys="\n    read_only: true"), []),  # it writes below its state alone
        (router(), []),
        (router(build="state: state"), []),  # its containers say where their lines go
        (router("type: fluentbit"), ["unread-router-file"]),
        (router(f"type: fluentd, {OPTIONS}"), ["unread-router-file"]),
        (router("type: fluentbit, options: { config-file-type: file, config-file-value: /a }"), ["unread-router-file"]),
        (router(user="\n    user: '10001'"), ["log-router-setting"]),
        (router(build="state: state, tail: { state: '*.log' }"), ["idle-log-shipper"]),
    ],
)
def test_what_the_recipe_takes(reported: Reported, example: str, expected: list[str]) -> None:
    assert reported(example) == expected


def test_without_log_files_it_must_be_a_router(reported: Reported) -> None:
    assert reported(shipper().replace('tail: { logs: "*.log" },', "")) == ["idle-log-shipper"]


def test_the_rules_about_log_shippers_know_it(
    reported: Reported, diagnose: Callable[[str], tuple[Diagnostic, ...]]
) -> None:
    assert reported(shipper("buffer: { total_limit: 1024 },")) == ["slow-flush"]
    assert reported(shipper().replace("depends_on: { log: start }", "essential: true")) == ["early-log-shipper"]
    without = shipper(keys="\n    read_only: true").replace("state: state, ", "")
    found = {one.rule: one.help for one in diagnose(without)}
    assert "log-state-without-volume" in found
    assert found["read-only-without-scratch"].startswith("write tmpfs: { /fluent-bit/state: 16 MiB }")
