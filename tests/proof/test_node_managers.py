"""The recipe node with yarn, yarn since version 2 and pnpm: each builds what its own lock file says, and it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.recipes.node import facts
from tests.proof import node_managers
from tests.proof.node_standins import import_all
from tests.proof.test_node import said, serves_and_stops

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.dockerd import Daemon
    from tests.proof.project import Project

pytestmark = [
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.needs("dockerd", "node", "npm", "nsenter", "git"),
    pytest.mark.parametrize("manager", facts.MANAGERS),
]
# yarn 1 cannot leave out what another workspace needs.
STAYS = {"yarn": {"banner"}}
STALE = {
    "yarn": "Your lockfile needs to be updated",
    "berry": "The lockfile would have been modified by this install",
    "pnpm": "ERR_PNPM_OUTDATED_LOCKFILE",
}


@pytest.fixture(scope="session")
def images(standins: Daemon) -> Daemon:
    standins.once("node-standins", lambda: import_all(standins))
    standins.once("npm-registry", lambda: node_managers.start(standins))
    return standins


@pytest.fixture
def shop(images: Daemon, tmp_path: Path, manager: str) -> Project:
    return node_managers.application("shop", manager, tmp_path, images)


@pytest.fixture
def monorepo(images: Daemon, tmp_path: Path, manager: str) -> Project:
    return node_managers.application("monorepo", manager, tmp_path, images)


def packages(project: Project, image: str) -> set[str]:
    """Return the names of all packages in an image: those of its dependencies, of workspaces, and its own."""
    look = "find /app -name package.json -exec node -p 'require(process.argv[1]).name' {} \\;"
    return set(said(project, image, look))


def files(project: Project, image: str) -> set[str]:
    return set(said(project, image, "cd /app; find . -name node_modules -prune -o ! -type d -print"))


def test_an_image_holds_what_runs_and_nothing_else(shop: Project) -> None:
    image = shop.built(buildkit=True).images["app"]
    assert packages(shop, image) == {"shop", "greeting", "counter"}
    assert files(shop, image) == {
        "./dist/server.js",
        "./package.json",
        "./packages/greeting/index.js",
        "./packages/greeting/package.json",
        "./public/app.js",
        "./public/app.js.gz",
        "./public/robots.txt",
    }
    ask = "node -e \"console.log(require('counter')(), require('greeting')('you'))\"; head -n 1 public/app.js"
    assert said(shop, image, ask) == ["1 hello, you", "// built with NODE_ENV=production"]


def test_what_is_downloaded_does_not_depend_on_the_program(shop: Project) -> None:
    assert shop.built(buildkit=True).images
    with (shop.root / "src" / "server.js").open("a") as file:
        file.write("// changed\n")
    again = shop.build(buildkit=True).stdout
    downloads = next(line for line in again.splitlines() if "npm install --global --force" in line)
    assert f"{downloads.split(' ')[0]} CACHED" in again


def test_a_stale_lock_file_stops_the_build(shop: Project, manager: str) -> None:
    package = shop.root / "package.json"
    package.write_text(package.read_text().replace('"counter": "^1.0.0"', '"counter": "^1.0.0", "banner": "^1.0.0"'))
    result = shop.build(buildkit=False)
    assert result.returncode != 0
    assert STALE[manager] in result.stdout


def test_a_workspace_has_what_it_needs_and_no_other(monorepo: Project, manager: str) -> None:
    image = monorepo.built().images["api"]
    assert packages(monorepo, image) == {"shop", "@shop/api", "@shop/prices", "counter"} | STAYS.get(manager, set())
    assert files(monorepo, image) == {
        "./apps/api/dist/server.js",
        "./apps/api/package.json",
        "./apps/api/src/server.js",
        "./package.json",
        "./packages/prices/dist/prices.js",
        "./packages/prices/package.json",
        "./packages/prices/src/prices.js",
    }
    assert said(monorepo, image, "node -p \"require('counter')()\"") == ["1"]
    serves_and_stops(monorepo, image)
