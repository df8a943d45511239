"""An AWS of one's own, answered by moto, with the real AWS CLI in front."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.proof.aws_cli import write_client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCOUNT = "999999999999"
REGION = "ap-northeast-1"
KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI"


@dataclass(frozen=True)
class Aws:
    """A moto server, and what a process needs in its environment so that its AWS CLI talks to it."""

    endpoint: str
    environment: dict[str, str] = field(repr=False)

    def client(self, service: str) -> Any:
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    def state(self) -> dict[str, Any]:
        """Return everything that the server remembers: service, kind, and each thing of it once.

        moto lists copies that it made for its answers, too.
        """
        with urllib.request.urlopen(f"{self.endpoint}/moto-api/data.json", timeout=30) as answer:  # noqa: S310
            services = json.load(answer)
        return {
            service: {
                kind: sorted({json.dumps(each, sort_keys=True) for each in found}) for kind, found in kinds.items()
            }
            for service, kinds in services.items()
        }

    def answers(self) -> bool:
        try:
            self.state()
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    def reset(self) -> None:
        request = urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")  # noqa: S310
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310


@pytest.fixture(scope="session")
def aws_cli(needs: Callable[[str], str]) -> Iterator[Path]:
    """Give the folder of an AWS CLI that does not start anew for each command, where this Python has the CLI."""
    command = Path(needs("aws"))
    if importlib.util.find_spec("awscli") is None:
        yield command.parent
        return
    # Not pytest's own folder: the path of a socket has room for about a hundred characters.
    with tempfile.TemporaryDirectory() as folder:
        address = f"{folder}/socket"
        server = subprocess.Popen([sys.executable, Path(__file__).with_name("aws_cli.py"), address])
        try:
            _wait(Path(address).exists, "the AWS CLI does not start")
            write_client(Path(folder, "aws"), address)
            yield Path(folder)
        finally:
            server.kill()
            server.wait(timeout=10)


@pytest.fixture(scope="session")
def aws_server(needs: Callable[[str], str], aws_cli: Path) -> Iterator[Aws]:
    """Start one server a test process; it forgets everything between tests."""
    command = needs("moto_server")
    needs("boto3")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": f"{aws_cli}:{os.environ['PATH']}",
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    settings = {
        "MOTO_ACCOUNT_ID": ACCOUNT,
        "MOTO_ACM_VALIDATION_WAIT": "0",
        "MOTO_ECS_SERVICE_RUNNING": "1",
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    }
    server = subprocess.Popen(
        [command, "-H", "127.0.0.1", "-p", str(port)],
        env={**environment, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    aws = Aws(environment["AWS_ENDPOINT_URL"], environment)
    try:
        _wait(aws.answers, "moto_server does not answer")
        yield aws
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture
def aws(aws_server: Aws) -> Aws:
    """Give an empty AWS."""
    aws_server.reset()
    return aws_server


def _wait(ready: Callable[[], bool], otherwise: str) -> None:
    for _ in range(300):
        if ready():
            return
        time.sleep(0.1)
    pytest.fail(otherwise)
