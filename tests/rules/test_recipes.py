"""Rules about what recipes write into Dockerfiles and configurations, where pages show only one case."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

    Reported = Callable[[str], list[str]]
    Diagnose = Callable[[str], tuple[Diagnostic, ...]]


def phoenix(keys: str, *, beside: str = "") -> str:
    return f'containers:\n  app: {{ ports: [4000], build: {{ recipe: phoenix, elixir: "1.18", {keys} }}{beside} }}\n'


def nginx(keys: str, *, build: str = "") -> str:
    return f"containers:\n  web: {{ ports: [80], build: {{ recipe: nginx{build} }}, {keys} }}\n"


def fluentd(
    *, build: str = "", prefix: str = "shop/", pattern: str = "*.log", logs: str = "/logs", keys: str = ""
) -> str:
    return (
        "volumes: { logs: {}, state: {} }\n"
        "containers:\n"
        f"  app: {{ image: shop/app:1.0, mounts: {{ logs: /logs }}, depends_on: {{ log: start }} }}\n"
        "  log:\n"
        f"    build: {{ recipe: fluentd, {build} tail: {{ logs: {json.dumps(pattern)} }}, state: state,"
        f" s3: {{ bucket: shop-logs, prefix: {json.dumps(prefix)} }} }}\n"
        f"    mounts: {{ logs: {json.dumps(logs + ':ro')}, state: /state }}\n"
        f"    stop_timeout: 120s{keys}\n"
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("assets: { script: build:prod }", []),
        ("assets: { script: --prod }", ["leading-hyphen"]),
        ("assets: { sources: [ts, ./ts, 'a b', '*.js', -x, ..ts, a/../b] }", []),
        ("assets: { sources: [--from=x] }", ["leading-hyphen"]),
        ("assets: { sources: [./--from=x] }", ["leading-hyphen"]),
        ("assets: { sources: [.., a/../../b, /etc] }", ["source-outside-context"] * 3),
        ("context: --from=x, assets: { sources: [--y] }", ["leading-hyphen"]),
        ("context: app", []),
        ("release_name: shop_2", []),
        ("release_name: 2shop", ["release-name-format"]),
        ("release_name: ../shop", ["release-name-format"]),
        ("packages: [g++, libstdc++6, so:libssl.so.3, curl=8.9-r0, 'curl~=8', 'a@edge', 'libc6:arm64']", []),
        ("packages: ['a b', -y, '!a', '$(id)', \"a\\n\"]", ["package-format"] * 5),
        ("args: { GENERATED: x }", ["reserved-build-argument"]),
        ("args: { GENERATED_AT: x }", []),
        ("builder: 'hexpm/elixir:1.18.4 x'", ["image-reference"]),
        ("runtime: Alpine", ["image-reference"]),
    ],
)
def test_what_the_recipe_phoenix_takes(reported: Reported, keys: str, expected: list[str]) -> None:
    assert reported(phoenix(keys)) == expected


def test_a_release_is_called_like_the_service(diagnose: Diagnose) -> None:
    found = diagnose("name: 2shop\ncontainers:\n  app: { ports: [4000], build: { recipe: phoenix, elixir: '1.18' } }\n")
    assert [(one.rule, one.span.line) for one in found] == [("release-name-format", 4)]
    assert 'would be called "2shop"' in found[0].message


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (nginx("read_only: true"), ["read-only-without-scratch"]),
        (nginx("read_only: false"), []),
        (nginx("read_only: true, tmpfs: { /tmp: 16 MiB }"), []),
        (nginx("read_only: true, tmpfs: { /tmp/: 16 MiB }"), []),
        (nginx("read_only: true, tmpfs: { /tmp/nginx: 16 MiB }"), ["read-only-without-scratch"]),
        (nginx("read_only: true, tmpfs: { /tmpx: 16 MiB }"), ["read-only-without-scratch"]),
        (
            nginx("read_only: true, tmpfs: { /tmp: { size: 16, options: [ro] } }"),
            ["read-only-without-scratch"],
        ),
        ("volumes: { scratch: {} }\n" + nginx("read_only: true, mounts: { scratch: /tmp }"), []),
        (phoenix("", beside=", read_only: true"), ["read-only-without-scratch"]),
        (phoenix("", beside=", read_only: true, tmpfs: { /tmp: 16 MiB }"), []),
        (phoenix("", beside=", read_only: true, tmpfs: { /run: 9 }, environment: { RELEASE_TMP: /run }"), []),
        (
            phoenix("", beside=", read_only: true, tmpfs: { /tmp: 9 }, environment: { RELEASE_TMP: /run }"),
            ["read-only-without-scratch"],
        ),
        (fluentd(keys="\n    read_only: true"), ["read-only-without-scratch"]),
        (fluentd(keys="\n    read_only: true\n    tmpfs: { /tmp: 16 MiB }"), []),
        ("containers:\n  app: { image: nginx:1.28.0, read_only: true }\n", []),
        ("containers:\n  app: { build: { dockerfile: base.yaml }, read_only: true }\n", []),
    ],
)
def test_a_read_only_container_has_somewhere_to_write(reported: Reported, example: str, expected: list[str]) -> None:
    assert reported(example) == expected


def test_a_release_of_distillery_writes_below_its_own_folder(reported: Reported) -> None:
    build = 'build: { recipe: phoenix, elixir: "1.6.0", release: distillery }'
    example = f"containers:\n  app: {{ ports: [4000], read_only: true, {build}, tmpfs: {{ /var/app/var: 16 }} }}\n"
    assert "read-only-without-scratch" not in reported(example)
    assert "read-only-without-scratch" in reported(example.replace("/var/app/var", "/tmp"))  # noqa: S108


def test_a_fluentd_without_state_needs_its_folder_too(diagnose: Diagnose) -> None:
    example = fluentd(keys="\n    read_only: true\n    tmpfs: { /tmp: 16 MiB }").replace(", state: state,", ",")
    found = [one for one in diagnose(example) if one.rule == "read-only-without-scratch"]
    assert [one.help for one in found] == ["write tmpfs: { /fluentd/state: 16 MiB } beside it, or mount a volume there"]


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (nginx("healthcheck: { http: '/up?a=$b' }"), []),
        (nginx("healthcheck: { http: /up$ }"), ["variable-in-nginx"]),
        ("containers:\n  app: { image: nginx:1.28.0, ports: [80], healthcheck: { http: /up$ } }\n", []),
        (
            "volumes: { s: {} }\n"
            + nginx("mounts: { s: /$s:ro }", build=", static: s")
            + "  a: { image: shop/a:1, mounts: { s: /s } }\n",
            ["variable-in-nginx"],
        ),
    ],
)
def test_a_dollar_is_a_variable_of_nginx(reported: Reported, example: str, expected: list[str]) -> None:
    assert reported(example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (fluentd(prefix="100%/#{1}/$/"), []),
        (fluentd(prefix=""), []),
        (fluentd(prefix="${tag}"), ["object-prefix"]),
        (fluentd(prefix="%{path}"), ["object-prefix"]),
        (fluentd(prefix="a*"), ["object-prefix"]),
        (fluentd(pattern="app.%Y%m%d.log"), []),
        (fluentd(pattern="deep/*/a.log"), []),
        (fluentd(pattern="100%%.log"), []),
        (fluentd(pattern="100%.log"), ["tail-pattern"]),
        (fluentd(pattern="a,b"), ["tail-pattern"]),
        (fluentd(pattern="../a"), ["tail-pattern"]),
        (fluentd(pattern="/logs/a"), ["tail-pattern"]),
        (fluentd(logs="/lo,gs"), ["tail-pattern"]),
        (fluentd(logs="/%Y"), ["tail-pattern"]),
        (fluentd(build="s3_plugin: 1.8.3,"), []),
        (fluentd(build="s3_plugin: '~> 1.8',"), []),
        (fluentd(build="s3_plugin: 1.0.0.rc1,"), []),
        (fluentd(build="s3_plugin: -x,"), ["plugin-version-format"]),
        (fluentd(build='s3_plugin: "1.8\\n",'), ["plugin-version-format"]),
        (fluentd(build="base: 'fluent/fluentd:v1.19 x',"), ["image-reference"]),
    ],
)
def test_what_the_recipe_fluentd_takes(reported: Reported, example: str, expected: list[str]) -> None:
    assert reported(example) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("redis", []),
        ("my_redis.cache-2", []),
        ("a" * 64, []),
        ("a" * 65, ["backend-name-format"]),
        ("my redis", ["backend-name-format"]),
        ("a/b", ["backend-name-format"]),
        (".a", ["backend-name-format"]),
        ("$(id)", ["backend-name-format"]),
        ("db-ingress-5432", ["backend-name-format"]),
        ("a\nb", ["backend-name-format"]),
    ],
)
def test_names_of_backends_are_names_of_files(reported: Reported, name: str, expected: list[str]) -> None:
    backends = f"backends: {{ {json.dumps(name)}: {{ host: a.example.com, port: 1 }} }}\n"
    assert reported(f"containers:\n  app: {{ image: shop/app:1.0 }}\n{backends}") == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("Web: { ports: [81], build: { recipe: nginx, repository: b } }", ["names-alike"]),
        ("Web: { image: nginx:1.28.0 }", []),
        ("Web: { build: { dockerfile: base.yaml, repository: bb } }", []),
    ],
)
def test_only_folders_of_recipes_can_be_alike(reported: Reported, second: str, expected: list[str]) -> None:
    first = "web: { ports: [80], build: { recipe: nginx, repository: aa } }"
    second = second.replace("repository: b }", "repository: bb }")
    assert reported(f"containers:\n  {first}\n  {second}\n") == expected


def test_groups_of_backends_cannot_be_alike(diagnose: Diagnose) -> None:
    found = diagnose(
        "containers:\n  app: { image: shop/app:1.0, ports: [1] }\n"
        "backends:\n  db: { host: a.example.com, port: 2 }\n  DB: { host: b.example.com, port: 3 }\n"
        "network:\n  vpc: vpc-0123456789abcdef0\n  subnets: { private: [subnet-0123456789abcdef0] }\n"
        "  allow: [{ from: app, to: db }, { from: app, to: DB }]\n"
    )
    assert [(one.rule, one.span.line) for one in found] == [("names-alike", 6)]


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        ("depends_on: { log: start }", []),
        ("depends_on: { between: start }", []),
        ("essential: true", ["early-log-shipper"]),
        ("depends_on: { prepare: start }", ["early-log-shipper"]),
    ],
)
def test_a_log_shipper_stops_after_whoever_writes(
    reported: Callable[[str], list[str]], app: str, expected: list[str]
) -> None:
    others = "  between: { image: shop/b:1.0, depends_on: { log: start } }\n  prepare: { image: shop/p:1.0 }\n"
    spec = fluentd().replace("depends_on: { log: start }", app)
    assert reported(f"task: {{ task_role: shop-task }}\n{spec}{others}") == expected
