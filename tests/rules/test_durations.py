"""Durations of different layers, written or derived, against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.messages import ENGLISH
from chuoigen.resources.ecs import Service
from chuoigen.resources.network import LoadBalancer, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic
    from chuoigen.plan import Plan

SPEC = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 1 vCPU, memory: 2 GiB, execution_role: shop-execution }
containers:
%s
network:
  vpc: vpc-0123456789abcdef0
  subnets:
    private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    public: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
  allow:
    - { from: internet, to: alb, ports: [80] }
    - { from: alb, to: %s }
load_balancer: { target: %s, healthcheck: %s }
%s
"""
APP = 'app: { image: "shop:1.4.0", ports: [8080]%s }'
PHOENIX = (
    'app: { build: { recipe: phoenix, elixir: "1.18" }, ports: [4000], secrets: { SECRET_KEY_BASE: { ssm: /k } } }'
)
WEB = "web: { build: { recipe: nginx, upstream: app%s }, ports: [80], depends_on: { app: %s } }"


def spec(*containers: str, target: str = "app", check: str = "/health", balancer: str = "", rest: str = "") -> str:
    listed = "\n".join(f"  {one}" for one in containers)
    text = SPEC % (listed, target, target, check, rest)
    return text.replace(f"healthcheck: {check} }}", f"healthcheck: {check}{balancer} }}")


@pytest.fixture
def said(tmp_path: Path) -> Callable[[str], tuple[Diagnostic, ...]]:
    """Give what is reported about a spec."""
    (tmp_path / ".git").mkdir()

    def run(text: str) -> tuple[Diagnostic, ...]:
        (tmp_path / "qa.yaml").write_text(text, encoding="utf-8")
        return judge(load(tmp_path / "qa.yaml")).diagnostics

    return run


@pytest.fixture
def planned(tmp_path: Path) -> Callable[[str], Plan]:
    """Give what is decided about a spec."""
    (tmp_path / ".git").mkdir(exist_ok=True)

    def run(text: str) -> Plan:
        (tmp_path / "qa.yaml").write_text(text, encoding="utf-8")
        made = judge(load(tmp_path / "qa.yaml"))
        assert made.plan is not None, made.diagnostics
        return made.plan

    return run


def decided(plan: Plan) -> tuple[int, int, int | None]:
    """Return idle time-out, deregistration delay and grace period."""
    balancer, target, service = (plan.resources[key] for key in ("load-balancer", "target-group", "service"))
    assert isinstance(balancer, LoadBalancer)
    assert isinstance(target, TargetGroup)
    assert isinstance(service, Service)
    return balancer.idle_timeout, target.deregistration_delay, service.health_check_grace_period_seconds


SLOW = APP % ", healthcheck: { command: [CMD, /check], start_period: %ss }"
SERVICE = "service: {}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (spec(APP % "", rest=SERVICE), (60, 60, 60)),
        (spec(PHOENIX, rest=SERVICE), (55, 55, 60)),  # Phoenix closes after 60 s
        (spec(PHOENIX, WEB % ("", "start"), target="web", rest=SERVICE), (60, 60, 60)),
        (spec(APP % "", balancer=", idle_timeout: 300s", rest=SERVICE), (300, 300, 60)),
        (spec(APP % "", WEB % (", timeout: 20s", "start"), target="web", rest=SERVICE), (60, 20, 60)),
        (spec(APP % "", balancer=", idle_timeout: 4000s", rest=SERVICE), (4000, 3600, 60)),
        (spec(APP % ", command: [uvicorn, a, --host, 0.0.0.0, --port, '8080']", rest=SERVICE), (60, 60, 60)),
        # Healthy at the first check after 60 s at the latest; else three good checks after three bad ones.
        (spec(SLOW % 60, rest=SERVICE), (60, 60, 60)),
        (spec(SLOW % 61, rest=SERVICE), (60, 60, 151)),
        (spec(SLOW % 240, rest=SERVICE), (60, 60, 330)),
        (spec(SLOW % 240, check="{ path: /, interval: 10s, healthy: 2 }", rest=SERVICE), (60, 60, 260)),
        (spec(SLOW % 100, WEB % ("", "healthy"), target="web", rest=SERVICE), (60, 60, 190)),
        (spec(SLOW % 100, WEB % ("", "start"), target="web", rest=SERVICE), (60, 60, 190)),  # it asks the application
    ],
)
def test_what_is_not_written_follows_from_what_is(
    planned: Callable[[str], Plan], text: str, expected: tuple[int, int, int]
) -> None:
    assert decided(planned(text)) == expected


CHAIN = (
    "db: { image: 'a:1', healthcheck: { command: [CMD, /c], start_period: 50s } }",
    "mid: { image: 'b:1', healthcheck: { command: [CMD, /c], start_period: 40s }, depends_on: { db: healthy } }",
    (
        "app: { image: 'c:1', ports: [8080], depends_on: { mid: healthy }, "
        "healthcheck: { command: [CMD, /c], start_period: 30s } }"
    ),
)


@pytest.mark.parametrize(
    ("text", "rule", "place", "part"),
    [
        (
            spec(SLOW % 240, rest="service: { health_check_grace_period: 329s }"),
            "short-grace-period",
            "service.health_check_grace_period",
            "may need 330 s (240 + 3 x 30) until it is healthy, and after 329 s",
        ),
        (
            spec(*CHAIN, rest="service: { health_check_grace_period: 100s }"),
            "short-grace-period",
            "service.health_check_grace_period",
            "210 s (50 + 40 + 30 + 3 x 30)",
        ),
        (
            spec(PHOENIX, balancer=", idle_timeout: 60s"),
            "short-keep-alive",
            "containers.app.build",
            'Phoenix of container "app" closes a connection that was idle for 60 s',
        ),
        (
            spec(APP % ", command: [uvicorn, 'a:b', --host, 0.0.0.0, --port, '8080', --timeout-keep-alive, '30']"),
            "short-keep-alive",
            "containers.app.command.7",
            "idle for 30 s",
        ),
        (
            spec(APP % "", WEB % (", timeout: 300s", "start"), target="web"),
            "short-idle-timeout",
            "load_balancer.idle_timeout",
            "after 60 s without a byte, and timeout lets an answer take 300 s",
        ),
        (
            spec(PHOENIX, WEB % (", upstream_keepalive: 60s", "start"), target="web"),
            "short-upstream-keep-alive",
            "containers.app.build",
            '"web" uses it for up to 60 s',
        ),
        (
            spec(APP % "", rest="service: { capacity_provider_strategy: { fargate: 1, fargate_spot: 1 } }"),
            "short-stop-on-spot",
            "containers.app.stop_timeout",
            "is killed 30 s later",
        ),
        (
            spec(APP % "", balancer=", deregistration_delay: 59s"),
            "short-deregistration",
            "load_balancer.deregistration_delay",
            "idle_timeout lets them take 60 s",
        ),
    ],
)
def test_the_shorter_one_is_reported_with_the_sum(
    said: Callable[[str], tuple[Diagnostic, ...]], text: str, rule: str, place: str, part: str
) -> None:
    (found,) = said(text)
    assert (found.rule, ".".join(map(str, found.path))) == (rule, place)
    assert part in found.message
    assert found.related
    assert ENGLISH.help(found.words)


@pytest.mark.parametrize(
    "text",
    [
        spec(SLOW % 240, rest="service: { health_check_grace_period: 330s }"),
        spec(SLOW % 60, rest="service: { health_check_grace_period: 0s }"),  # healthy before it is called unhealthy
        spec(*CHAIN),
        spec(PHOENIX),
        spec(PHOENIX, balancer=", idle_timeout: 59s"),
        spec(PHOENIX, WEB % (", upstream_keepalive: 59s", "start"), target="web"),
        spec(PHOENIX, WEB % (", upstream_keepalive: 0s", "start"), target="web"),
        spec(APP % "", WEB % (", timeout: 300s", "start"), target="web", balancer=", idle_timeout: 300s"),
        spec(APP % "", balancer=", deregistration_delay: 300s"),
        spec(APP % ", stop_timeout: 60s", rest="service: { capacity_provider_strategy: { fargate_spot: 1, base: 1 } }"),
    ],
)
def test_what_fits_is_not_reported(said: Callable[[str], tuple[Diagnostic, ...]], text: str) -> None:
    assert [one.rule for one in said(text)] == []


@pytest.mark.parametrize(
    ("config", "seconds"),
    [
        ("http: [protocol_options: [idle_timeout: 75_000]]", 75),
        ("http: [thousand_island_options: [read_timeout: 20_000]]", 20),
        ("http: [protocol_options: [idle_timeout: :infinity]]", None),
    ],
)
def test_the_configuration_of_phoenix_says_how_long(
    said: Callable[[str], tuple[Diagnostic, ...]], tmp_path: Path, config: str, seconds: int | None
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "runtime.exs").write_text(f"config :shop, Shop.Endpoint, {config}\n", encoding="utf-8")
    found = said(spec(PHOENIX, balancer=", idle_timeout: 65s"))
    assert [one.rule for one in found] == (["short-keep-alive"] if seconds == 20 else [])
