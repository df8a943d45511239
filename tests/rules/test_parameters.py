"""What Fargate refuses, and what asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


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
