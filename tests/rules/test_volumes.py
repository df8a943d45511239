"""Volumes and mounts: declared, mounted, written, owned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


FS = "fs-0123456789abcdef0"
ROLE = "arn:aws:iam::123456789012:role/ecs-volumes"


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("{ host: {} }", []),
        ("{ host: { source_path: /data } }", ["host-volume"]),
        ("{ docker: { driver: local } }", ["unsupported-volume"]),
        ("{ fsx_windows: { file_system_id: fs-1 } }", ["unsupported-volume"]),
        (f"{{ efs: {{ file_system_id: {FS}, root_directory: /data }} }}", []),
        (f"{{ efs: {{ file_system_id: {FS}, transit_encryption: false }} }}", []),
        (f"{{ efs: {{ file_system_id: {FS}, authorization_config: {{ iam: true }} }} }}", []),
        (
            f"{{ efs: {{ file_system_id: {FS}, authorization_config: {{ iam: true }}, transit_encryption: false }} }}",
            ["unencrypted-efs"],
        ),
        (
            f"{{ efs: {{ file_system_id: {FS}, transit_encryption_port: 2999, transit_encryption: false }} }}",
            ["unencrypted-efs"],
        ),
        (
            f"{{ efs: {{ file_system_id: {FS}, authorization_config: {{ access_point_id: fsap-01234567 }}, root_directory: / }} }}",
            [],
        ),
        (
            f"{{ efs: {{ file_system_id: {FS}, authorization_config: {{ access_point_id: fsap-01234567 }}, root_directory: /a }} }}",
            ["access-point-directory"],
        ),
        (
            f"{{ efs: {{ file_system_id: {FS}, authorization_config: {{ access_point_id: ap-1 }} }} }}",
            ["efs-id-format"],
        ),
        (f"{{ efs: {{ file_system_id: {FS}, transit_encryption_port: 0 }} }}", ["efs-port-out-of-range"]),
        (f"{{ ebs: {{ size: 1, role: {ROLE} }} }}", []),
        (f"{{ ebs: {{ size: 16384, role: {ROLE} }} }}", []),
        (f"{{ ebs: {{ size: 16385, role: {ROLE} }} }}", ["ebs-setting"]),
        (f"{{ ebs: {{ snapshot: snap-1, role: {ROLE} }} }}", []),
        (f"{{ ebs: {{ role: {ROLE} }} }}", ["ebs-without-size"]),
        ("{ ebs: { size: 10, role: ecs-volumes } }", ["ebs-without-role"]),
        (f"{{ ebs: {{ size: 10, role: {ROLE}, type: standard }} }}", ["ebs-setting"]),
        (f"{{ ebs: {{ size: 10, role: {ROLE}, type: io2 }} }}", ["ebs-setting"]),
        (f"{{ ebs: {{ size: 10, role: {ROLE}, type: io2, iops: 100 }} }}", []),
        (f"{{ ebs: {{ size: 10, role: {ROLE}, iops: 2999 }} }}", ["ebs-setting"]),
        (f"{{ ebs: {{ size: 10, role: {ROLE}, iops: 3000, throughput: 1000 }} }}", []),
        (f"{{ ebs: {{ size: 10, role: {ROLE}, throughput: 1001 }} }}", ["ebs-setting"]),
        (f"{{ ebs: {{ size: 125, role: {ROLE}, type: st1, iops: 3000 }} }}", ["ebs-setting"]),
    ],
)
def test_kinds_of_volumes(reported: Callable[[str], list[str]], volume: str, expected: list[str]) -> None:
    app = "app: { image: nginx:1.28.0, mounts: { data: /srv/data } }"
    assert reported(f"volumes: {{ data: {volume} }}\ncontainers: {{ {app} }}") == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("mounts: { data: /srv/data, more: /srv/more }", []),
        ("mounts: { data: /srv/data/, more: /srv/more/ }", []),
        ("mounts: { data: /srv/data }", ["unused-volume"]),
        ("mounts: { data: /srv/data, mroe: /srv/more }", ["undeclared-volume"]),
        ("mounts: { data: /srv/data, more: /srv/more, other: /srv/other }", ["undeclared-volume"]),
        ("mounts: { data: /srv/data:ro, more: /srv/more }", ["volume-without-writer"]),
        ("mounts: { data: /srv/data, more: /srv/data }", ["mount-path-used-twice"]),
        ("mounts: { data: /srv/data, more: /srv/data/data }", []),
        ("mounts: { data: /srv/data, more: /srv/more }, tmpfs: { /srv/more: 8 }", ["mount-path-used-twice"]),
        ("mounts: { data: /srv/data, more: /srv/x/../more }", ["mount-path-format"]),
        ("mounts: { data: /srv/data, more: //srv/more }", ["mount-path-format"]),
        ("mounts: { data: /srv/data, more: ./more }", ["mount-path-format"]),
        ("mounts: { data: /srv/data, more: / }", ["mount-path-format"]),
        ("mounts: { data: /srv/data, more: '/srv/more:z' }", ["mount-path-format"]),
        ("mounts: { data: /srv/data, more: /srv/more }, tmpfs: { run: 8 }", ["mount-path-format"]),
        ("mounts: { data: /srv/data, more: /srv/more }, user: '0'", []),
        ("mounts: { data: /srv/data, more: /srv/more }, user: root", []),
        ("mounts: { data: /srv/data, more: /srv/more }, user: '0:1000'", []),
        ("mounts: { data: /srv/data, more: /srv/more }, user: app", ["root-owned-volume", "root-owned-volume"]),
    ],
)
def test_mounts(reported: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert (
        reported(f"volumes: {{ data: {{}}, more: {{}} }}\ncontainers: {{ app: {{ image: nginx:1.28.0, {keys} }} }}")
        == expected
    )


@pytest.mark.parametrize(
    ("app", "web", "expected"),
    [
        ("/srv/static", "/srv/static:ro", []),
        ("/srv/static", "/srv/static", []),
        ("/srv/static:ro", "/srv/static:ro", ["read-only-mount"]),
        ("", "/srv/static:ro", ["missing-mount"]),
        ("/srv/static", "", ["missing-mount"]),
    ],
)
def test_what_recipes_need(reported: Callable[[str], list[str]], app: str, web: str, expected: list[str]) -> None:
    mounts = [f"mounts: {{ static: '{path}' }}, " if path else "" for path in (app, web)]
    lines = [
        "volumes: { static: {} }",
        "containers:",
        f"  app: {{ {mounts[0]}publish: {{ static: static }}, build: {{ recipe: phoenix, elixir: '1.18' }}, ports: [4000] }}",
        f"  web: {{ {mounts[1]}build: {{ recipe: nginx, upstream: app, static: static }}, ports: [80] }}",
    ]
    assert reported("\n".join(lines)) == expected


def test_a_recipe_prepares_the_volume_for_the_user_that_is_asked_for(reported: Callable[[str], list[str]]) -> None:
    lines = [
        "volumes: { data: {} }",
        "containers:",
        "  app: { build: { recipe: phoenix, elixir: '1.18' }, user: '%s', mounts: { data: /srv/data } }",
        "  side: { image: busybox:1.37.0, user: '%s', mounts: { data: /srv/data } }",
    ]
    assert reported("\n".join(lines) % ("2000", "2000")) == []
    assert reported("\n".join(lines) % ("1000", "1000:1000")) == []
    assert reported("\n".join(lines) % ("1000", "1001")) == ["root-owned-volume"]


SHARED = """\
volumes: {{ static: {{}} }}
containers:
  app: {{ image: "example/app:1.0.0", mounts: {{ static: /public }}, {app} }}
  web: {{ image: "nginx:1.28.0", mounts: {{ static: "/html{mode}" }}, {web} }}
"""
CHECKED = 'healthcheck: { command: ["CMD", "/app/healthy"] }'


@pytest.mark.parametrize(
    ("app", "web", "mode", "expected"),
    [
        (CHECKED, "ports: [80], depends_on: { app: start }", ":ro", ["early-reader"]),
        (CHECKED, "ports: [80], depends_on: { app: healthy }", ":ro", []),
        (CHECKED, "ports: [80]", ":ro", []),
        (CHECKED, "ports: [80], depends_on: { app: start }", "", []),
        ("user: root", "ports: [80], depends_on: { app: start }", ":ro", []),
        (CHECKED, "user: root, depends_on: { app: start }", ":ro", []),
    ],
)
def test_a_server_waits_until_its_volume_is_filled(
    reported: Callable[[str], list[str]], app: str, web: str, mode: str, expected: list[str]
) -> None:
    assert reported(SHARED.format(app=app, web=web, mode=mode)) == expected


@pytest.mark.parametrize(
    ("app", "log", "expected"),
    [
        ("ports: [8000]", "user: root", ["early-log-shipper"]),
        ("ports: [8000], depends_on: { web: start }", "user: root", []),
        ("user: root", "user: root", []),
        ("ports: [8000]", "ports: [80]", []),
        ("ports: [8000]", "essential: false", []),
    ],
)
def test_an_image_that_only_reads_stops_behind_the_server_that_writes(
    reported: Callable[[str], list[str]], app: str, log: str, expected: list[str]
) -> None:
    assert reported(SHARED.format(app=app, web=log, mode=":ro")) == expected
