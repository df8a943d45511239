"""The compose files: the same containers by name and in one network, and nothing that compose reads otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from chuoigen.artifacts import compose
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPEC = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { pid_mode: task }
volumes:
  static: {}
  files: { efs: { file_system_id: fs-0123456789abcdef0 } }
containers:
  app:
    build: { dockerfile: Dockerfile, target: final, args: { PRICE: "5$", LICENSE: { ssm: /shop/license } } }
    ports: [4000, "53/udp"]
    environment: { PRICE: "5$ ${X} $$", ON: "on", NUMBER: 5, LINES: "a\\nb" }
    secrets: { TOKEN: { ssm: /shop/token } }
    mounts: { static: /static, files: /files }
    command: [sh, -c, "echo $PRICE; exec serve"]
    entrypoint: [/bin/env]
    user: "0"
    working_dir: /srv
    read_only: true
    pseudo_terminal: true
    init: true
    stop_timeout: 90s
    cpu: 128
    memory: 64
    memory_reservation: 32
    ulimits: { nofile: { soft: 1000, hard: 2000 } }
    tmpfs: { /cache: { size: 64, options: [noexec] } }
    capabilities: { add: [SYS_PTRACE], drop: [NET_RAW] }
    sysctls: { net.core.somaxconn: "512", kernel.msgmax: "8192" }
    labels: { a.b: "1$" }
    restart: { ignored_exit_codes: [0] }
    healthcheck: { command: [CMD, test, "$X"], interval: 5s, timeout: 2s, retries: 2, start_period: 7s }
  web:
    build: { recipe: nginx, upstream: app, static: static }
    ports: [80]
    mounts: { static: "/static:ro" }
    depends_on: { app: healthy, init: complete, log: start }
  init: { image: busybox@sha256:0123, essential: false, secrets: { TOKEN: { ssm: /shop/other } } }
  log: { image: busybox@sha256:4567, restart: {} }
"""


def files_of(text: str) -> dict[str, str]:
    return {file.path: file.text for file in compose.render(plan_of(text))}


def services_of(text: str, name: str = "compose.yaml") -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(files_of(text)[name])["services"]
    return services


def test_a_container_says_in_compose_what_it_says_in_the_spec() -> None:
    app = services_of(SPEC)["app"]
    assert app == {
        "image": "shop-qa-app:local",
        "build": {
            "context": "${SOURCE_ROOT:-../..}",
            "dockerfile": "Dockerfile",
            "args": {"PRICE": "5$$", "LICENSE": "${LICENSE:?set it to the value of /shop/license}"},
            "target": "final",
        },
        "platform": "linux/amd64",
        "entrypoint": ["/bin/env"],
        "command": ["sh", "-c", "echo $$PRICE; exec serve"],
        "environment": {
            "PRICE": "5$$ $${X} $$$$",
            "ON": "on",
            "NUMBER": "5",
            "LINES": "a\nb",
            "TOKEN": "${APP_TOKEN:?set it to the value of /shop/token}",
        },
        "volumes": [
            {"type": "volume", "source": "static", "target": "/static"},
            {"type": "volume", "source": "files", "target": "/files"},
        ],
        "tmpfs": ["/cache:size=64m,noexec"],
        "healthcheck": {
            "test": ["CMD", "test", "$$X"],
            "interval": "5s",
            "timeout": "2s",
            "retries": 2,
            "start_period": "7s",
        },
        "stop_grace_period": "90s",
        "restart": "on-failure",
        "init": True,
        "user": "0",
        "working_dir": "/srv",
        "read_only": True,
        "tty": True,
        "cap_add": ["SYS_PTRACE"],
        "cap_drop": ["NET_RAW"],
        "ulimits": {"nofile": {"soft": 1000, "hard": 2000}},
        "cpu_shares": 128,
        "mem_limit": "64m",
        "mem_reservation": "32m",
        "labels": {"a.b": "1$$"},
        "sysctls": {"net.core.somaxconn": "512", "kernel.msgmax": "8192"},
        "ports": ["127.0.0.1:${APP_PORT_4000:-4000}:4000", "127.0.0.1:${APP_PORT_53:-8053}:53/udp"],
    }


def test_a_recipe_is_built_in_its_own_folder_and_finds_the_other_by_name() -> None:
    web = services_of(SPEC)["web"]
    assert web["build"] == {"context": "./docker/web"}
    assert web["environment"] == {"APP_SERVER": "app"}
    assert web["volumes"] == [{"type": "volume", "source": "static", "target": "/static", "read_only": True}]
    assert web["depends_on"] == {
        "app": {"condition": "service_healthy"},
        "init": {"condition": "service_completed_successfully"},
        "log": {"condition": "service_started"},
    }


def test_in_one_network_the_others_are_at_the_loopback_address() -> None:
    services = services_of(SPEC, "compose.fargate.yaml")
    assert list(services) == ["task", "app", "web", "init", "log"]
    assert services["web"]["environment"] == {"APP_SERVER": "127.0.0.1"}
    assert {services[name]["network_mode"] for name in ("app", "web", "init", "log")} == {"service:task"}
    assert {services[name]["pid"] for name in ("app", "web", "init", "log")} == {"service:task"}
    assert not any("ports" in services[name] for name in ("app", "web", "init", "log"))


def test_what_holds_the_network_opens_its_ports_and_ends_at_once() -> None:
    services = services_of(SPEC, "compose.fargate.yaml")
    assert services["task"] == {
        "image": "public.ecr.aws/docker/library/busybox:1.37.0",
        "command": ["sleep", "2147483647"],
        "init": True,
        "stop_grace_period": "2s",
        "sysctls": {"net.core.somaxconn": "512"},
        "ports": [
            "127.0.0.1:${APP_PORT_4000:-4000}:4000",
            "127.0.0.1:${APP_PORT_53:-8053}:53/udp",
            "127.0.0.1:${WEB_PORT:-8080}:80",
        ],
    }
    assert services["app"]["sysctls"] == {"kernel.msgmax": "8192"}


def test_otherwise_the_two_files_say_the_same() -> None:
    named, shared = services_of(SPEC), services_of(SPEC, "compose.fargate.yaml")
    own = {"ports", "sysctls", "network_mode", "pid", "environment"}
    for name, service in named.items():
        assert {key: value for key, value in service.items() if key not in own} == {
            key: value for key, value in shared[name].items() if key not in own
        }


def test_a_container_that_is_called_task_keeps_its_name() -> None:
    text = SPEC.replace("  init: {", "  task: { image: busybox }\n  init: {")
    services = services_of(text, "compose.fargate.yaml")
    assert services["task"]["image"] == "busybox"
    assert services["task"]["network_mode"] == "service:task-network"


def test_only_the_target_of_the_load_balancer_is_opened() -> None:
    network = """
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0123456789abcdef0], public: [subnet-0123456789abcdef1, subnet-0123456789abcdef2] }
  allow: [{ from: internet, to: alb }, { from: alb, to: web }]
load_balancer: { target: web, healthcheck: /health }
"""
    services = services_of(SPEC + network)
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "web": ["127.0.0.1:${WEB_PORT:-8080}:80"]
    }


def test_two_containers_never_take_the_same_port_of_the_machine() -> None:
    text = SPEC.replace("ports: [4000, ", "ports: [8080, ")
    assert services_of(text)["app"]["ports"][0] == "127.0.0.1:${APP_PORT_8080:-8080}:8080"
    assert services_of(text)["web"]["ports"] == ["127.0.0.1:${WEB_PORT:-8081}:80"]


def test_a_secret_keeps_its_name_unless_it_means_two_things() -> None:
    text = SPEC.replace(", secrets: { TOKEN: { ssm: /shop/other } }", "")
    assert services_of(text)["app"]["environment"]["TOKEN"] == "${TOKEN:?set it to the value of /shop/token}"


def test_a_name_that_no_shell_can_hold_is_changed() -> None:
    text = SPEC.replace("secrets: { TOKEN: { ssm: /shop/token } }", 'secrets: { "1.b": { ssm: "/a}$b" } }')
    assert services_of(text)["app"]["environment"]["1.b"] == "${_1_b:?set it to the value of /ab}"


def test_volumes_say_what_they_are_on_fargate() -> None:
    text = files_of(SPEC)["compose.yaml"]
    assert yaml.safe_load(text)["volumes"] == {"static": {}, "files": {}}
    assert "# files is EFS on Fargate; here it is a volume of this machine.\nvolumes:\n" in text


def test_a_phoenix_is_built_from_the_source_with_the_generated_files_in_it() -> None:
    text = SPEC.partition("volumes:")[0] + "containers: { app: { build: { recipe: phoenix, elixir: '1.18' } } }\n"
    build = services_of(text)["app"]["build"]
    assert build["context"] == "${SOURCE_ROOT:-../..}"
    assert build["dockerfile"] == "${GENERATED_ROOT:-out/qa}/docker/app/Dockerfile"
    assert build["args"]["GENERATED"] == "${GENERATED_ROOT:-out/qa}/docker/app"


def test_nothing_generated_needs_a_variable_that_nobody_mentions() -> None:
    text = files_of(SPEC)["compose.yaml"]
    header = text.partition("services:")[0].splitlines()
    assert header[0] == "# Generated by chuoigen from spec/qa.yaml; change that file instead."
    assert any(line.startswith("# SOURCE_ROOT: ") for line in header)
    bare = SPEC.partition("volumes:")[0] + "containers: { init: { image: busybox } }\n"
    assert "SOURCE_ROOT" not in files_of(bare)["compose.yaml"]


@pytest.mark.parametrize("name", ["compose.yaml", "compose.fargate.yaml"])
def test_the_compose_specification_takes_it(name: str, tmp_path: Path, needs: Callable[[str], str]) -> None:
    file = tmp_path / name
    file.write_text(files_of(SPEC)[name], encoding="utf-8")
    command = [needs("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done")


VALUES = {"LICENSE": "l$i", "APP_TOKEN": "t$1", "INIT_TOKEN": "other"}


def read_by_compose(tmp_path: Path, name: str, values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    # No daemon is asked, and the tool is large: whoever has it gets the test.
    tool = shutil.which("docker-compose")
    if tool is None:
        pytest.skip("docker-compose is not installed")
    (tmp_path / "docker" / "web").mkdir(parents=True)
    file = tmp_path / name
    file.write_text(files_of(SPEC)[name], encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "SOURCE_ROOT": str(tmp_path), **values}
    command = [tool, "--file", str(file), "config"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.proof
@pytest.mark.parametrize("name", ["compose.yaml", "compose.fargate.yaml"])
def test_compose_reads_the_values_as_the_spec_has_them(name: str, tmp_path: Path) -> None:
    done = read_by_compose(tmp_path, name, VALUES)
    assert done.returncode == 0, done.stderr
    # What compose prints is a compose file again: "$" is doubled in it.
    app = yaml.safe_load(done.stdout.replace("$$", "$"))["services"]["app"]
    variables = app["environment"]
    assert variables["PRICE"] == "5$ ${X} $$"
    assert variables["ON"] == "on"
    assert variables["LINES"] == "a\nb"
    assert variables["TOKEN"] == "t$1"
    assert app["command"] == ["sh", "-c", "echo $PRICE; exec serve"]
    assert app["build"]["args"] == {"PRICE": "5$", "LICENSE": "l$i"}


@pytest.mark.proof
def test_compose_says_which_secret_is_missing(tmp_path: Path) -> None:
    done = read_by_compose(tmp_path, "compose.yaml", {"LICENSE": "l", "INIT_TOKEN": "other"})
    assert done.returncode != 0
    assert "set it to the value of /shop/token" in done.stderr
