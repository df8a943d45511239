"""Nothing grows faster than its input: ten times as much of anything costs about ten times as many calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from tests.counting import steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
"""
TASK = "task: { execution_role: start, task_role: app }\n"
APP = "containers:\n  app:\n    image: nginx:1.28.0\n    ports: [80]\n"
NETWORK = """\
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0123456789abcdef0], public: [subnet-0123456789abcdef1, subnet-0123456789abcdef2] }
"""
FLUENTD = """\
  log:
    build:
      recipe: fluentd
      s3: { bucket: shop-logs }
"""


def rows(text: str) -> Callable[[int], str]:
    """Return what writes one line n times; # stands for the number."""
    return lambda count: "".join(text.replace("#", str(number)) + "\n" for number in range(count))


def mapped(head: str, text: str) -> Callable[[int], str]:
    return lambda count: head + rows(text)(count)


CONTAINER = HEAD + TASK + APP
GENERATORS: dict[str, Callable[[int], str]] = {
    "containers": mapped(HEAD + TASK + "containers:\n", "  c#: { image: 'redis:8.2.0', ports: [80#] }"),
    "containers, one port": mapped(HEAD + TASK + "containers:\n", "  c#: { image: 'redis:8.2.0', ports: [80] }"),
    "built containers": mapped(HEAD + TASK + "containers:\n", "  c#: { build: { dockerfile: Dockerfile } }"),
    "a chain of dependencies": lambda count: (
        CONTAINER
        + "".join(
            f"  c{number}: {{ image: 'redis:8.2.0', depends_on: {{ c{number - 1}: start, app: start }} }}\n"
            for number in range(count)
        )
    ),
    "log shippers": lambda count: (
        HEAD
        + TASK
        + "containers:\n"
        + rows(
            "  c#: { build: { recipe: fluentd, tail: { v#: '*.log' }, s3: { bucket: shop-logs } }, mounts: { v#: /l } }"
        )(count)
        + "volumes:\n"
        + rows("  v#: {}")(count)
    ),
    "Phoenix containers": mapped(
        HEAD + TASK + "containers:\n", "  c#: { build: { recipe: phoenix, elixir: '1.18' }, ports: [4#] }"
    ),
    "nginx containers": mapped(
        HEAD + TASK + "containers:\n", "  c#: { build: { recipe: nginx, upstream: c0 }, ports: [8#] }"
    ),
    "ignore comments": mapped(CONTAINER + "    environment:\n", "      V#: x # chuoigen: ignore[secret-format] why"),
    "ports": lambda count: HEAD + TASK + APP.replace("[80]", str([80, *range(1000, 1000 + count)])),
    "environment": mapped(CONTAINER + "    environment:\n", "      V#: value number #"),
    "secrets": mapped(CONTAINER + "    secrets:\n", "      V#: { ssm: /shop/v# }"),
    "labels": mapped(CONTAINER + "    labels:\n", "      l#: x"),
    "tmpfs": mapped(CONTAINER + "    tmpfs:\n", "      /t#: 16"),
    "ulimits": mapped(CONTAINER + "    ulimits:\n", "      u#: 5"),
    "sysctls": mapped(CONTAINER + "    sysctls:\n", "      net.x#: '1'"),
    "env_files": mapped(CONTAINER + "    env_files:\n", '      - "arn:aws:s3:::b/f#.env"'),
    "command": mapped(CONTAINER + "    command:\n", "      - word#"),
    "capabilities": mapped(CONTAINER + "    capabilities:\n      drop:\n", "        - CHOWN#"),
    "exit codes": mapped(CONTAINER + "    restart:\n      ignored_exit_codes:\n", "        - #"),
    "options of a log": mapped(CONTAINER + "    logs:\n      options:\n", "        o#: x"),
    "tags": mapped(HEAD + APP + "task:\n  execution_role: start\n  tags:\n", "    t#: x"),
    "volumes": lambda count: (
        CONTAINER + "    mounts:\n" + rows("      v#: /srv/v#")(count) + "volumes:\n" + rows("  v#: {}")(count)
    ),
    "backends": mapped(CONTAINER + "backends:\n", "  b#: { host: h#.example.com, port: 5432 }"),
    "backends that are reached": lambda count: (
        CONTAINER
        + "backends:\n"
        + rows("  b#: { host: h#.example.com, port: 5432 }")(count)
        + NETWORK
        + "  allow:\n"
        + rows("    - { from: app, to: b# }")(count)
    ),
    "pools": mapped(
        CONTAINER + "backends:\n",
        "  b#: { host: h, port: 5432, max_connections: 9, pool: { container: app, variable: P#, size: 3 } }",
    ),
    "allow": mapped(CONTAINER + NETWORK + "  allow:\n", "    - { from: 10.0.#.0/24, to: app }"),
    "allow by port": lambda count: (
        CONTAINER + NETWORK + f"  allow: [{{ from: internet, to: app, ports: {[*range(1000, 1000 + count)]} }}]\n"
    ),
    "allow to each port": lambda count: (
        HEAD
        + TASK
        + APP.replace("[80]", str([80, *range(1000, 1000 + count)]))
        + NETWORK
        + "  allow: [{ from: internet, to: app }]\n"
    ),
    "subnets": lambda count: (
        CONTAINER
        + NETWORK.replace("private: [", "private: [" + "".join(f"subnet-{number:017x}, " for number in range(count)))
    ),
    "build arguments": mapped(
        HEAD + TASK + "containers:\n  app:\n    build:\n      dockerfile: Dockerfile\n      args:\n", "        A#: x"
    ),
    "tails": lambda count: (
        CONTAINER
        + FLUENTD
        + "      tail:\n"
        + rows("        v#: '*.log'")(count)
        + "    mounts:\n"
        + rows("      v#: /var/log/v#")(count)
        + "volumes:\n"
        + rows("  v#: {}")(count)
    ),
    "unknown keys": mapped(CONTAINER, "    nonsense#: 1"),
    "unknown backends in variables": mapped(CONTAINER + "    environment:\n", "      V#: { ref: backends.b#.host }"),
    "one long text": lambda count: CONTAINER + f"    environment: {{ V: '{'ab-' * count}' }}\n",
    "one long name": lambda count: HEAD.replace("shop", "s" * count) + TASK + APP,
    "long lines": lambda count: CONTAINER + f"    command: [{', '.join(['word'] * count)}]\n",
}
SIZES = (2, 20, 200)
FACTOR = 1.8
"""How much faster than the input calls may grow: tables and sorted lists cost a little more than their length."""


def calls(folder: Path, text: str) -> int:
    spec = folder / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    judge(load(spec))  # what is kept for the next run is made here
    return steps(lambda: judge(load(spec)))


def growth(folder: Path, generator: Callable[[int], str]) -> float:
    return faster([calls(folder, generator(count)) for count in SIZES])


def faster(costs: list[int]) -> float:
    """Say how much faster than the input the costs of three sizes grow: 1 is as fast, 11 is quadratic."""
    small, middle, large = SIZES
    return (costs[2] - costs[0]) / (costs[1] - costs[0] + 1) * (middle - small) / (large - small)


@pytest.mark.parametrize("name", GENERATORS)
def test_lint_grows_with_its_input(tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.28.0\n", encoding="utf-8")
    assert growth(tmp_path, GENERATORS[name]) < FACTOR


def test_what_grows_faster_is_noticed() -> None:
    def pairs(count: int) -> int:
        return steps(lambda: [max(first, second) for first in range(count) for second in range(count)])

    def singles(count: int) -> int:
        return steps(lambda: [max(first, 0) for first in range(count)])

    assert faster([pairs(count) for count in SIZES]) > FACTOR
    assert faster([singles(count) for count in SIZES]) < FACTOR
