"""An umbrella of two applications: the real mix builds its release, and the image finds the static files of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.proof.project import case, generate

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


def test_a_secret_of_the_build_is_there_for_it_and_nowhere_else(standins: Daemon, tmp_path: Path) -> None:
    project = case("umbrella", tmp_path, standins)
    spec = project.root / "spec.yaml"
    build = "release_name: shop, secrets: { HEX_REPOS_KEY: { ssm: /shop/hex } }"
    spec.write_text(spec.read_text().replace("release_name: shop", build))
    generate(project)
    without = project.build(buildkit=True)
    assert (without.returncode, "HEX_REPOS_KEY is not set" in without.stdout) == (2, True)
    key = "the key of the tests"
    result = project.build(buildkit=True, HEX_REPOS_KEY=key)
    assert result.returncode == 0, result.stdout
    assert key not in result.stdout
    image = project.image(project.plan.containers["app"].image.local)
    history = standins.docker("history", "--no-trunc", image).stdout + standins.docker("image", "inspect", image).stdout
    assert key not in history
