"""Releases of Elixir with the generated env.sh: nodes that find each other by a name, with no epmd and one cookie."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.proof.builds import build_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.needs("mix", "erl")]

SPEC = """\
chuoigen: 1
name: chat
aws: {{ account: "123456789012", region: eu-west-1 }}
containers:
  app:
    build: {{ recipe: phoenix, elixir: "1.18", cluster: {{ port: {port} }} }}
    ports: [4000]
    secrets: {{ RELEASE_COOKIE: {{ ssm: /chat/cookie }} }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0] }}
discovery: {{ namespace: chat.internal, service: nodes }}
"""
MIX = """\
defmodule Chat.MixProject do
  use Mix.Project
  def project, do: [app: :chat, version: "0.1.0", releases: [chat: []]]
  def application, do: [extra_applications: [:logger]]
end
"""
ADDRESSES = ("127.0.0.1", "127.0.0.2")
# What dns_cluster does: it asks for the addresses and connects to its own base name at each.
JOIN = """
[base, own] = String.split(to_string(node()), "@")
{:ok, found} = :inet.getaddrs(String.to_charlist(System.fetch_env!("DNS_CLUSTER_QUERY")), :inet)
for address <- found, address = to_string(:inet.ntoa(address)), address != own, do: Node.connect(:"#{base}@#{address}")
IO.puts(inspect(Node.list()))
"""


class Release:
    """A release of an application that does nothing, with env.sh as the generated Dockerfile leaves it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / ".git").mkdir()
        (folder / "mix.exs").write_text(MIX)
        (folder / "spec.yaml").write_text(SPEC.format(port=self.port))
        build = build_of(str(folder / "spec.yaml"))
        self.variables = build.plan.containers["app"].environment
        self.root = folder / "release"
        environment = {**os.environ, "MIX_ENV": "prod"}
        command = ["mix", "release", "chat", "--path", str(self.root)]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=300)
        (self.root / "releases" / "COOKIE").unlink()
        with (self.root / "releases" / "0.1.0" / "env.sh").open("a") as file:
            file.write(build.files["docker/app/env.sh"])
        # The stand-in for DNS: Erlang's own resolver with the answer that Cloud Map would give.
        hosts = "".join(f'{{host, {{{each.replace(".", ",")}}}, ["nodes.chat.internal"]}}.\n' for each in ADDRESSES)
        (folder / "inetrc").write_text("{lookup, [file]}.\n" + hosts)
        self.resolver = folder / "inetrc"

    def environment(self, address: str, cookie: str) -> dict[str, str]:
        interface = address.replace(".", ",")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("RELEASE_", "ERL_"))},
            **self.variables,
            # One machine has several nodes: each has the address that hostname -i would say, and listens there alone.
            "RELEASE_NODE": f"chat@{address}",
            "ELIXIR_ERL_OPTIONS": f"-kernel inet_dist_use_interface {{{interface}}}",
            "RELEASE_COOKIE": cookie,
            "RELEASE_TMP": str(self.root),
            "ERL_INETRC": str(self.resolver),
            # Where an epmd would be looked for, were there one.
            "ERL_EPMD_PORT": "1",
        }

    def start(self, address: str, cookie: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(self.root / "bin" / "chat"), "start"],
            env=self.environment(address, cookie),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, address: str, code: str, cookie: str = "one") -> str:
        """Return what a node prints, asked by a remote command, as soon as it answers."""
        command = [str(self.root / "bin" / "chat"), "rpc", code]
        for _ in range(60):
            done = subprocess.run(
                command, env=self.environment(address, cookie), capture_output=True, text=True, timeout=60, check=False
            )
            if done.returncode == 0:
                return done.stdout.strip()
            time.sleep(0.5)
        raise AssertionError(done.stderr + done.stdout)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Release(tmp_path_factory.mktemp("cluster"))


@pytest.fixture
def running(release: Release, request: pytest.FixtureRequest) -> Iterator[Release]:
    nodes = [release.start(address, cookie) for address, cookie in zip(ADDRESSES, request.param, strict=True)]
    yield release
    for node in nodes:
        node.kill()
        node.wait(timeout=60)


@pytest.mark.parametrize("running", [("one", "one")], indirect=True)
def test_nodes_find_each_other_by_the_name(running: Release) -> None:
    assert running.ask(ADDRESSES[1], "IO.puts(node())") == "chat@127.0.0.2"
    assert running.ask(ADDRESSES[0], JOIN) == '[:"chat@127.0.0.2"]'
    assert running.ask(ADDRESSES[1], "IO.puts(inspect(Node.list()))") == '[:"chat@127.0.0.1"]'
    for address in ADDRESSES:
        with socket.create_connection((address, running.port), timeout=10):
            pass


@pytest.mark.parametrize("running", [("one", "another")], indirect=True)
def test_a_node_with_another_cookie_stays_outside(running: Release) -> None:
    assert running.ask(ADDRESSES[1], "IO.puts(node())", cookie="another") == "chat@127.0.0.2"
    assert running.ask(ADDRESSES[0], JOIN) == "[]"


def test_a_node_without_a_cookie_does_not_start(release: Release) -> None:
    environment = release.environment(ADDRESSES[0], "")
    command = [str(release.root / "bin" / "chat"), "start"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 78
    assert "RELEASE_COOKIE is empty" in done.stderr


def test_a_node_is_called_after_the_address_of_its_task(release: Release, tmp_path: Path) -> None:
    (tmp_path / "hostname").write_text("#!/bin/sh\necho fd00::7 10.0.1.23 172.17.0.2\n")
    (tmp_path / "hostname").chmod(0o755)
    environment = release.environment("0.0.0.0", "one") | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}  # noqa: S104
    del environment["RELEASE_NODE"]
    script = (
        f'RELEASE_COMMAND=start; . {release.root}/releases/0.1.0/env.sh; echo "$RELEASE_NODE $RELEASE_DISTRIBUTION"'
    )
    done = subprocess.run(["sh", "-eu", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "chat@10.0.1.23 name\n"
