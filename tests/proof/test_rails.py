"""The recipe rails: its image is built, serves behind nginx in one network, runs Sidekiq too, and stops by itself."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import require
from tests.proof.project import SECRET, Project, case, commit
from tests.proof.running_task import Task, running
from tests.proof.standins import BIN, Root, alpine, import_all, is_common, needed, packages

if TYPE_CHECKING:
    from tests.proof.dockerd import Daemon

pytestmark = [
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.needs("dockerd", "docker-compose", "ruby", "puma", "nginx", "git"),
]

APPLICATION = Path(__file__).with_name("rails")
RUBY = "/usr/bin/ruby3.1"
LIBRARIES = Path("/usr/lib/x86_64-linux-gnu")
GEMS = ("bootsnap", "puma", "rails", "sidekiq")


def debian() -> Root:
    """Return Ruby as its slim image has it: the interpreter and Bundler, and no gems."""
    wanted = {name: Root() for name in ("build-essential", "git", "libyaml-dev", "pkg-config", "libpq-dev", "libpq5")}
    wanted |= {name: Root() for name in ("libjemalloc2", "imagemagick")}
    wanted |= {name: root for name, root in packages().items() if name in ("curl", "tzdata")}
    wanted["build-essential"].copy(BIN / "marker", "/usr/bin/cc")
    # Any library can be loaded before the others; that it is there is what counts.
    wanted["libjemalloc2"].copy(next(Path("/lib/x86_64-linux-gnu").glob("libm.so.*")), f"{LIBRARIES}/libjemalloc.so.2")
    root = alpine(wanted)
    root.folder("/home")
    root.copy(Path(RUBY).resolve(), RUBY)
    root.copy("/usr/bin/puma")
    for folder in (Path("/usr/lib/ruby"), LIBRARIES / "ruby", LIBRARIES / "rubygems-integration"):
        root.copy(folder)
    root.copy("/usr/share/rubygems-integration")
    for program in (RUBY, *LIBRARIES.glob("ruby/**/*.so"), *LIBRARIES.glob("rubygems-integration/**/*.so")):
        for library in needed(str(program)):
            if not is_common(library) or "libcrypt" in library or "libz" in library:
                root.copy(library)
    for name in ("apt-get", "bundle", "groupadd", "useradd"):
        root.copy(BIN / "rails" / name, f"/usr/bin/{name}")
    for name in GEMS:
        root.copy(BIN / "rails" / name, f"/.gems/{name}")
    return root


def node() -> Root:
    root = alpine()
    root.copy(BIN / "marker", "/usr/local/bin/node")
    root.copy(BIN / "rails" / "yarn", "/opt/yarn-v1.22.22/bin/yarn")
    return root


IMAGES = {
    "ruby:4.0.6-slim-trixie": (debian, ("ENV LANG=C.UTF-8",)),
    "node:24.19.0-trixie-slim": (node, ()),
}


@pytest.fixture(scope="module")
def project(standins: Daemon) -> Project:
    """Give the repository of the case, with the application."""
    require("ruby")
    standins.once("rails-standins", lambda: import_all(standins, IMAGES))
    folder = standins.folder / "projects"
    standins.once("rails-project", lambda: _make(case("rails", folder, standins).root))
    return Project(folder / "rails", "spec", "spec.yaml", standins)


def _make(root: Path) -> str:
    shutil.copytree(APPLICATION, root, dirs_exist_ok=True)
    (root / "config" / "master.key").write_text("a real key\n")
    commit(root)
    return ""


ASKED = {
    "apt-get update",
    "apt-get install --yes --no-install-recommends build-essential git libyaml-dev pkg-config libpq-dev",
    "apt-get install --yes --no-install-recommends curl libjemalloc2 tzdata libpq5 imagemagick",
    "bundle install",
    "bootsnap precompile -j 1 --gemfile",
    "bootsnap precompile -j 1 app/ lib/",
    "rails assets:precompile (SECRET_KEY_BASE_DUMMY=1)",
    "yarn install --frozen-lockfile --production=false",
}

LOOK = """\
id -u; stat -c '%u %n' /rails/config.ru /rails/tmp /rails/storage /var/app/public /usr/local/bundle; date +%Z
cd /rails; ls -A; find public -type f | sort; ls /usr/local/bundle/ruby/4.0.0
for name in node yarn cc; do command -v $name || echo no $name; done
"""


@pytest.mark.parametrize("buildkit", [False, True])
def test_one_image_is_built_for_both_without_a_key(project: Project, buildkit: bool) -> None:
    built = project.built(buildkit=buildkit)
    assert set(built.images) == {"app", "web"}
    # Layers that do not depend on the project's own files are made once, by whichever build comes first.
    own = {each for each in ASKED if "apt-get" not in each}
    assert (own if not buildkit else set()) <= {each for each in built.asked if "apk" not in each} <= ASKED
    daemon = project.daemon
    said = daemon.docker("run", "--rm", "--entrypoint", "sh", built.images["app"], "-c", LOOK).stdout.splitlines()
    assert said[:7] == [
        *("1000", "0 /rails/config.ru", "1000 /rails/tmp", "1000 /rails/storage", "1000 /var/app/public"),
        *("0 /usr/local/bundle", "CET"),
    ]
    listed = [re.sub("-[0-9a-f]{8}", "-DIGEST", line) for line in said[7:]]
    assert listed[-3:] == ["no node", "no yarn", "no cc"]
    assert {"Gemfile.lock", "config.ru", "app", "lib"} < set(listed)
    assert not {"node_modules", "cache"} & set(listed)
    assert [line for line in listed if line.startswith("public/")] == [
        "public/assets/.manifest.json",
        "public/assets/.manifest.json.gz",
        "public/assets/application-DIGEST.js",
        "public/assets/application-DIGEST.js.gz",
        "public/robots.txt",
        "public/robots.txt.gz",
    ]
    if buildkit:  # only BuildKit reads what one Dockerfile ignores
        assert ".git" not in listed
        assert daemon.docker("run", "--rm", "--entrypoint", "ls", built.images["app"], "config").stdout == "puma.rb\n"


def test_the_task_serves_works_and_stops(project: Project) -> None:
    with running(project, "compose.fargate.yaml", buildkit=False) as task:
        _serves(task)
        _works(task)
        _stops(task)


def _serves(task: Task) -> None:
    names = task.execute("web", "ls", "/var/app/public/assets").stdout.split()
    digested = next(name for name in names if re.fullmatch(r"application-[0-9a-f]{8}\.js", name))
    asset = task.get(f"/assets/{digested}", Accept_Encoding="gzip")
    assert (asset.status, asset.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert gzip.decompress(asset.body) == b'// bundled\nconsole.log("shop")\n'
    assert "x-answered-by" not in asset.headers
    robots = task.get("/robots.txt")
    assert (robots.headers["cache-control"], robots.body) == ("no-cache", b"User-agent: *\nDisallow: /system/\n")
    assert (task.get("/up").body, task.get("/nowhere").status) == (b"up", 404)
    assert task.get("/environment").body.decode().splitlines() == [
        *("RAILS_ENV", "production", "SECRET_KEY_BASE", SECRET)
    ]
    assert b"HTTP_X_FORWARDED_PROTO=https" in task.get("/headers", X_Forwarded_Proto="https").body
    check = task.project.plan.containers["app"].healthcheck
    assert check is not None
    task.execute("app", *check.command[1:])


def _works(task: Task) -> None:
    """Sidekiq runs in the image of the application, as its user, and publishes nothing."""
    names = ("app", "worker")
    app, worker = (json.loads(task.daemon.docker("inspect", task.container(name)).stdout)[0] for name in names)
    assert worker["Config"]["Cmd"] == ["bundle", "exec", "sidekiq", "--timeout", "55"]
    assert task.output("worker") == ["jobs may take 55 s"]
    assert task.execute("worker", "id", "-u").stdout == "1000\n"
    assert task.execute("worker", "ls", "/var/app/public").stdout == ""
    task.execute("worker", "touch", "/rails/storage/made-by-a-job")
    task.execute("app", "test", "-e", "/rails/storage/made-by-a-job")
    assert task.execute("app", "touch", "/rails/config.ru", check=False).returncode != 0
    assert app["Image"] == worker["Image"]


def _stops(task: Task) -> None:
    since = time.time()
    with ThreadPoolExecutor(4, initializer=task.daemon.enter) as pool:
        waiting = [pool.submit(task.get_here, "/slow") for _ in range(3)]
        time.sleep(1)
        task.compose("stop")
        assert [(each.result().status, each.result().body) for each in waiting] == [(200, b"up")] * 3
    for name in ("app", "worker", "web"):
        state = task.state(name)
        assert (state["Status"], state["ExitCode"], state["OOMKilled"]) == ("exited", 0, False), name
        finished = datetime.fromisoformat(state["FinishedAt"][:19] + "+00:00").timestamp()
        assert finished - since < task.project.plan.containers[name].stop_timeout
    assert task.output("worker")[-1] == "pushed back: one job"
    assert "- Goodbye!" in task.output("app")
