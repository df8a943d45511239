"""The tools that generated files are run in, as fixtures."""

from tests.proof.dockerd import daemon
from tests.proof.emulator import aws, aws_cli, aws_server
from tests.proof.project import projects
from tests.proof.registry import registry
from tests.proof.standins import standins

__all__ = ["aws", "aws_cli", "aws_server", "daemon", "projects", "registry", "standins"]
