"""Images, commands, names and number of containers, and parameters: what Fargate refuses, and what asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx:1.28.0", []),
        (f"nginx@{DIGEST}", []),
        (f"nginx:latest@{DIGEST}", []),
        ("registry.example.com:5000/shop/app:1.0", []),
        ("registry.example.com:5000/shop/app", ["mutable-image-tag"]),
        ("nginx", ["mutable-image-tag"]),
        ("nginx:latest", ["mutable-image-tag"]),
        ("nginx:stable", ["mutable-image-tag"]),
        ("nginx:1.28-alpine", []),
        ("Nginx:1.28.0", ["image-reference"]),
        ("nginx@sha256:abc", ["image-reference"]),
        ("nginx:", ["image-reference"]),
        ("${IMAGE}", ["written-placeholder"]),
        ("a" * 256 + ":1", ["image-reference"]),
    ],
)
def test_images(reported: Callable[[str], list[str]], image: str, expected: list[str]) -> None:
    assert reported(f'containers:\n  app:\n    image: "{image}"\n') == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("env_files: [arn:aws:s3:::shop/qa/app.env]", []),
        ("env_files: [arn:aws-cn:s3:::shop/app.env]", []),
        ("env_files: [arn:aws:s3:::shop/app.conf]", ["env-file-format"]),
        ("env_files: [arn:aws:s3:::shop]", ["env-file-format"]),
        ("env_files: [app.env]", ["env-file-format"]),
        ("publish: {}", []),
    ],
)
def test_words_and_files(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, []), (10, []), (11, ["too-many-containers"]), (20, ["too-many-containers"])],
)
def test_the_number_of_containers(reported: Callable[[str], list[str]], count: int, expected: list[str]) -> None:
    lines = [f"  c{number}: {{ image: nginx:1.28.0 }}" for number in range(count)]
    assert reported("\n".join(["containers:", *lines])) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("app_1-a", []),
        ("a" * 255, []),
        ("a" * 256, ["container-name-format"]),
        ("app.1", ["container-name-format"]),
        ("my app", ["container-name-format"]),
        ("", ["container-name-format"]),
    ],
)
def test_names(reported: Callable[[str], list[str]], name: str, expected: list[str]) -> None:
    logs = "logs: { group: /shop/one }"
    assert reported(f'containers:\n  "{name}": {{ image: nginx:1.28.0, {logs} }}') == expected


@pytest.mark.parametrize(
    ("upstream", "ports", "expected"),
    [
        ("app", "[4000]", []),
        ("app", "[]", ["upstream-without-port"]),
        ("app", '["4000/udp"]', ["upstream-without-port"]),
        ("api", "[4000]", ["unknown-upstream"]),
        ("web", "[4000]", ["unknown-upstream"]),
    ],
)
def test_upstreams(reported: Callable[[str], list[str]], upstream: str, ports: str, expected: list[str]) -> None:
    app = f"  app: {{ image: nginx:1.28.0, ports: {ports} }}"
    web = f"  web: {{ build: {{ recipe: nginx, upstream: {upstream} }}, ports: [80] }}"
    assert reported(f"containers:\n{app}\n{web}") == expected


CASES = [
    ("privileged: false", []),
    ("privileged: true", ["privileged-container"]),
    ("privileged: 0", ["privileged-container"]),
    ("links: []", []),
    ("links: [db]", ["container-links"]),
    ("external_links: [db]", ["container-links"]),
    ("devices: []", []),
    ("device_cgroup_rules: ['c 1:3 mr']", ["host-device"]),
    ("network_mode: awsvpc", []),
    ("network_mode: host", ["network-mode"]),
    ("hostname: shop", ["unsupported-parameter"]),
    ("ipc: host", ["unsupported-parameter"]),
    ("pids_limit: 100", ["unsupported-parameter"]),
    ("extra_hosts: { db: 10.0.0.1 }, dns: [8.8.8.8]", ["unsupported-parameter", "unsupported-parameter"]),
    ("capabilities: { add: [SYS_PTRACE] }", []),
    ("capabilities: { add: [NET_ADMIN] }", ["added-capability"]),
    ("capabilities: { add: [ALL] }", ["added-capability"]),
    ("capabilities: { drop: [ALL] }", []),
    ("capabilities: { add: [net_admin] }", ["unknown-capability"]),
    ("capabilities: { drop: [CAP_CHOWN] }", ["unknown-capability"]),
    ("sysctls: { net.ipv4.tcp_keepalive_time: 60 }", []),
    ("sysctls: { fs.mqueue.msg_max: 10 }", []),
    ("sysctls: { kernel.shmmax: 68719476736 }", []),
    ("sysctls: { fs.file-max: 100000 }", ["kernel-parameter"]),
    ("sysctls: { kernel.pid_max: 100000 }", ["kernel-parameter"]),
    ("ulimits: { nofile: 1048576 }", []),
    ("ulimits: { nofile: 1048577 }", ["ulimit-out-of-range"]),
    ("ulimits: { nofile: -1 }", ["ulimit-out-of-range"]),
    ("ulimits: { nofile: { soft: 1024, hard: 1024 } }", []),
    ("ulimits: { nofile: { soft: 1025, hard: 1024 } }", ["soft-limit-above-hard"]),
    ("ulimits: { core: 0 }", ["ineffective-ulimit"]),
    ("ulimits: { memlock: -1 }", ["ineffective-ulimit"]),
    ("ulimits: { NOFILE: 1024 }", ["unknown-ulimit"]),
    ("tmpfs: { /run: { size: 8, options: [rw, nosuid, uid=0, mode=1777] } }", []),
    ("tmpfs: { /run: { size: 8, options: [mode] } }", ["tmpfs-option"]),
    ("tmpfs: { /run: { size: 8, options: [noexec=1] } }", ["tmpfs-option"]),
    ("tmpfs: { /run: { size: 8, options: [size=8m] } }", ["tmpfs-option"]),
    ("user: app", []),
    ("user: 0", []),
    ("user: 1000:app", []),
    ("user: app:1000", []),
    ("user: 2147483647", []),
    ("user: 2147483648", ["user-format"]),
    ("user: '1000:'", ["user-format"]),
    ("user: '1:2:3'", ["user-format"]),
    ("user: 'a b'", ["user-format"]),
    ("user: '\uff11'", ["user-format"]),
]


@pytest.mark.parametrize(("keys", "expected"), CASES)
def test_parameters(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("network_mode: awsvpc", []),
        ("network_mode: bridge", ["network-mode"]),
        ("requires_compatibilities: [FARGATE]", []),
        ("requires_compatibilities: [EC2]", ["unsupported-parameter"]),
        ("placement_constraints: [{ type: memberOf }]", ["unsupported-parameter"]),
        ("pid_mode: task", []),
        ("pid_mode: Task", ["pid-mode"]),
    ],
)
def test_parameters_of_the_task(reported: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert reported(f"task: {{ {keys} }}\ncontainers: {{ app: {{ image: nginx:1.28.0 }} }}") == expected
