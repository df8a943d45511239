"""What every test may use: hypothesis profiles, the --update option, and `needs` for tools that may be missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

# Messages are those of an English reader, whatever the machine's locale is; processes that tests start inherit this.
os.environ.update(LC_ALL="C.UTF-8", LANG="C.UTF-8")

IN_CI = os.environ.get("CI") == "true"

# Two busy cores make any deadline flaky. In CI the same examples run each time, so that a red run is the change's fault.
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("laptop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if IN_CI else "laptop")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what is generated now into tests/cases")


def pytest_configure(config: pytest.Config) -> None:
    if IN_CI and config.getoption("--update"):
        message = "--update rewrites what the tests expect, so it never runs in CI (CI=true)"
        raise pytest.UsageError(message)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for tool in marker.args:
            require(tool)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be rewritten rather than compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """Give the path of a command, or of a Python module, that the test runs: ``needs("nginx")``."""
    return require


def require(tool: str) -> str:
    """Return where the command or module is; when it is missing, fail in CI and skip elsewhere."""
    found = find(tool)
    if found is not None:
        return found
    if IN_CI:
        pytest.fail(f"{tool} is missing, and in CI it must not be", pytrace=False)
    pytest.skip(f"{tool} is not installed")


def find(tool: str) -> str | None:
    """Look in the environment of this Python first, then on PATH and where Debian keeps servers, then for a module."""
    folders = [
        str(Path(sys.executable).parent),
        os.environ.get("PATH", ""),
        "/usr/local/sbin",
        "/usr/sbin",
        "/sbin",
    ]
    command = shutil.which(tool, path=os.pathsep.join(folders))
    if command is not None:
        return command
    module = importlib.util.find_spec(tool) if tool.isidentifier() else None
    return module.origin if module is not None else None
