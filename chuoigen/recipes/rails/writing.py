"""Turns the plan of a Rails application into its Dockerfile, what the build ignores, and its entrypoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen import templating
from chuoigen.plan.recipes import PreparedDirectory
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.rails.gems import JAVASCRIPT_LOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.recipes.rails.planning import RailsPlan

_WRITTEN = ("db", "log", "storage", "tmp/cache", "tmp/pids")
"""Folders of Rails' own to which the application may write; its code it may not."""
_COMPRESSED = ("css", "js", "json", "map", "svg", "txt")
_IGNORED = (".bundle", "coverage", "log", "public/assets", "storage", "tmp", "vendor/bundle")
_INSTALL = {
    "yarn": "yarn install --frozen-lockfile --production=false",
    "npm": "npm ci --include=dev",
}


def texts(plan: Plan, container: ContainerPlan, made: RailsPlan) -> Mapping[str, str]:
    """Return the texts of the files by name."""
    files = dockerfiles.Templates(Path(__file__).parent, plan, container, made)
    manager = made.javascript or ""
    return {
        "Dockerfile": files.text(
            "Dockerfile.j2",
            environment=[f"{name}={templating.dockerfile(value)}" for name, value in _environment(made).items()],
            gems=_gems(made),
            compiled=_compiled(made),
            account=_account(made),
            lock=JAVASCRIPT_LOCKS.get(manager, ""),
            install_packages=_INSTALL.get(manager, ""),
            owned=(*(PreparedDirectory(f"{made.root}/{name}", f"{made.uid}:{made.uid}") for name in _WRITTEN),),
            copy=lambda *names: dockerfiles.copy(made.context, names),
        ),
        "Dockerfile.dockerignore": files.text(
            "Dockerfile.dockerignore.j2", ignored=dockerfiles.ignored(made.context, _IGNORED, made.generated)
        ),
        "entrypoint.sh": files.text("entrypoint.sh.j2"),
        "puma.rb": files.text("puma.rb.j2"),
    }


def _gems(build: RailsPlan) -> list[str]:
    """Return the commands that install the gems and keep neither downloads nor history of them."""
    leftovers = '~/.bundle "$BUNDLE_PATH"/ruby/*/cache "$BUNDLE_PATH"/ruby/*/bundler/gems/*/.git'
    found = ["bundle install", f"rm -rf {leftovers}"]
    return [*found, "bundle exec bootsnap precompile -j 1 --gemfile"] if build.bootsnap else found


def _compiled(build: RailsPlan) -> list[str]:
    """Return the commands that make of the code what a start needs."""
    texts = " -o ".join(f"-name '*.{suffix}'" for suffix in _COMPRESSED)
    commands = (
        ("bundle exec bootsnap precompile -j 1 app/ lib/", build.bootsnap),
        (f"{build.build_key} bundle exec rails assets:precompile", build.assets),
        (f"find public -type f \\( {texts} \\) -exec gzip -9 -f -k -n {{}} +", build.public is not None),
        ("rm -rf node_modules", build.node is not None),
    )
    return [command for command, wanted in commands if wanted]


def _account(build: RailsPlan) -> list[str]:
    """Return the commands that make the application's user, and the check of what it is to load."""
    user, ids = templating.sh(build.user), f"--gid {build.uid}"
    home = f"--home-dir {templating.sh(f'/home/{build.user}')} --shell /usr/sbin/nologin"
    made = [f"groupadd {ids} {user}", f"useradd --create-home --uid {build.uid} {ids} {home} {user}"]
    return [*made, f"test -f {templating.sh(build.preload)}"] if build.preload is not None else made


def _environment(build: RailsPlan) -> dict[str, str]:
    """Return what the application and its server read: Rails before 7.1 logs and serves files only when it is told."""
    found = {"RAILS_LOG_TO_STDOUT": "true"}
    if build.public is None:
        found["RAILS_SERVE_STATIC_FILES"] = "true"
    if build.port is not None:
        found["PORT"] = str(build.port)
    if build.preload is not None:
        found["LD_PRELOAD"] = build.preload
    return found
