"""A registry behind the host name of ECR, with a certificate that dockerd checks and the password that moto gives."""

from __future__ import annotations

import base64
import datetime as dt
import json
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import require
from tests.proof.dockerd_guard import REGISTRY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.dockerd import Daemon

HOST = "999999999999.dkr.ecr.ap-northeast-1.amazonaws.com"
PASSWORD = "999999999999-auth-token"  # of moto: account and "-auth-token"
CONFIGURATION = """\
version: 0.1
log: { level: warn }
storage: { filesystem: { rootdirectory: FOLDER/registry } }
http: { addr: "ADDRESS:443", tls: { certificate: FOLDER/ca.pem, key: FOLDER/key.pem } }
auth: { htpasswd: { realm: test, path: FOLDER/htpasswd } }
"""


@dataclass(frozen=True)
class Registry:
    """What stands where ECR is."""

    daemon: Daemon

    def manifest(self, repository: str, tag: str) -> dict[str, Any]:
        return self.daemon.inside(self._manifest, repository, tag)

    def tags(self, repository: str) -> list[str]:
        try:
            found: list[str] = self.daemon.inside(self._get, f"{repository}/tags/list", "application/json")["tags"]
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != 404:
                raise
            return []
        return sorted(found)

    def _manifest(self, repository: str, tag: str) -> dict[str, Any]:
        return self._get(f"{repository}/manifests/{tag}", "application/vnd.docker.distribution.manifest.v2+json")

    def _get(self, path: str, kind: str) -> dict[str, Any]:
        secret = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            f"https://{REGISTRY}/v2/{path}", headers={"Authorization": f"Basic {secret}", "Accept": kind}
        )
        context = ssl.create_default_context(cafile=self.daemon.folder / "ca.pem")
        context.check_hostname = False  # this process has no name for the address
        with urllib.request.urlopen(request, context=context, timeout=10) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return found


@pytest.fixture(scope="session")
def registry(daemon: Daemon) -> Registry:
    """Give the registry, which runs beside the daemon and ends with it."""
    for tool in ("docker-registry", "nsenter", "perl", "cryptography"):
        require(tool)
    daemon.once("registry", lambda: start(daemon))
    return Registry(daemon)


def start(daemon: Daemon) -> str:
    folder = daemon.folder
    write_certificate(folder)
    # bcrypt comes with the C library's crypt(3), which Perl has and Python has no more.
    perl = ("perl", "-e", "print crypt($ARGV[0], '$2b$05$abcdefghijklmnopqrstuu')", PASSWORD)
    hashed = subprocess.run(perl, capture_output=True, text=True, check=True).stdout
    (folder / "htpasswd").write_text(f"AWS:{hashed}\n")
    configuration = CONFIGURATION.replace("FOLDER", str(folder)).replace("ADDRESS", REGISTRY)
    (folder / "registry.yml").write_text(configuration)
    inside = ("nsenter", "--target", str(daemon.guard), "--net", "--pid", "--mount", "setsid", "--fork")
    with (folder / "registry.log").open("w") as log:
        subprocess.run(
            [*inside, "docker-registry", "serve", folder / "registry.yml"],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    daemon.inside(wait)
    return ""


def wait() -> None:
    for _ in range(100):
        with socket.socket() as connection:
            if connection.connect_ex((REGISTRY, 443)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("docker-registry does not answer")


def write_certificate(folder: Path) -> None:
    """Write a certificate for the host of ECR that vouches for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "registry of the tests")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
