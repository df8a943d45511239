"""An umbrella of two applications: the real mix builds its release, and the image finds the static files of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.proof.project import case

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.dockerd import Daemon

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.needs("dockerd", "docker-compose", "elixir", "git")]

LOOK = "ls lib | sed 's/-[0-9.]*$//'; ls /web-static/ | sed 's/-[0-9a-f]\\{32\\}/-DIGEST/'; id -u"


def test_a_release_of_two_applications_publishes_the_files_of_one(standins: Daemon, tmp_path: Path) -> None:
    project = case("umbrella", tmp_path, standins)
    built = project.built()
    said = standins.docker("run", "--rm", "--entrypoint", "sh", built.images["app"], "-c", LOOK).stdout.split()
    assert {"shop", "shop_web"} < set(said)
    assert {"robots.txt", "robots.txt.gz", "robots-DIGEST.txt", "robots-DIGEST.txt.gz"} < set(said)
    assert said[-1] == "1000"
