"""What is decided about a Rails application."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from chuoigen.aws import defaults
from chuoigen.plan import durations
from chuoigen.plan.recipes import Base, BuildPlan
from chuoigen.plan.references import first_port
from chuoigen.plan.volumes import APP_UID, APP_USER
from chuoigen.recipes.rails import facts
from chuoigen.recipes.rails.gems import LOCK, VERSION_FILE, Application, application
from chuoigen.recipes.servers import KEEP_ALIVE_MARGIN_S

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes.rails.language import RailsBuild
    from chuoigen.spec.container import Container

ROOT = "/rails"
PUMA_FILE = "/puma.rb"
STOP_MARGIN_S = 5
"""How long before its stop timeout Sidekiq lets go of its jobs: what it needs itself, and a second."""


class RailsPlan(BuildPlan):
    """A Rails application. Paths are absolute in the image; `context` is relative to the project's root.

    The build's context is the project's root; `context` is the application's folder in it and goes before each COPY
    source. `gem_sources` are the files from which Bundler knows the gems. `node` is the image with Node.js (None: no
    package.json). `build_key` is what assets:precompile gets in place of the real key. `public` is where the static
    files are copied at each start (None: nowhere); `preload` the library of jemalloc; `keepalive` the seconds for which
    Puma keeps an idle connection, unless the application says another: longer than the load balancer does.
    """

    context: str
    generated: str
    base: Base
    ruby: str
    node: str | None
    javascript: str | None
    gem_sources: tuple[str, ...]
    bootsnap: bool
    assets: bool
    build_key: str
    build_packages: tuple[str, ...]
    packages: tuple[str, ...]
    root: str
    user: str
    uid: int
    port: int | None
    command: tuple[str, ...]
    public: str | None
    preload: str | None
    keepalive: int
    timezone: str


def rails_plan(asked: Asked[RailsBuild]) -> RailsPlan:
    """Decide on which images it is built and run, with which packages, and what it is told."""
    build, container = asked.build, asked.container
    context = asked.path("context", ".")
    app = application(asked.project, context)
    entry = facts.ruby(build.ruby or app.ruby_minor or "") or facts.RUBIES[facts.DEFAULT_RUBY]
    base = facts.known(build.base or entry.base.image)
    javascript = _javascript(build, app)
    headers, libraries = _gem_packages(app)
    return RailsPlan(
        context=context,
        generated=asked.generated,
        base=Base(base.image, base.package_manager),
        ruby=entry.version,
        node=facts.NODE.image if javascript else None,
        javascript=javascript,
        gem_sources=("Gemfile", LOCK, *((VERSION_FILE,) if app.reads_version_file else ()), *app.folders),
        bootsnap=app.has("bootsnap"),
        assets=app.has(*facts.ASSET_GEMS),
        build_key="SECRET_KEY_BASE_DUMMY=1" if _takes_dummy(app) else "SECRET_KEY_BASE=only-for-the-build",
        arguments=asked.arguments(),
        build_packages=(*facts.BUILD_PACKAGES, *headers, *build.build_packages),
        packages=(*_runtime_packages(asked), *libraries, *build.packages),
        root=ROOT,
        user=APP_USER,
        uid=APP_UID,
        port=(first_port(container) or facts.PUMA_PORT) if build.process == "puma" else None,
        command=process_command(container, build),
        public=asked.mount_of(container.publish.static) if container.publish else None,
        preload=facts.JEMALLOC_FILES.get(asked.spec.task.platform) if build.jemalloc else None,
        keepalive=generated_keepalive(asked),
        directories=asked.directories(),
        timezone=asked.spec.timezone,
    )


def generated_keepalive(asked: Asked[RailsBuild]) -> int:
    """Return for how long Puma keeps an idle connection, unless the application says another: longer than who asks."""
    return max(defaults.IDLE_TIMEOUT_S.value, durations.asked_idle(asked.spec)) + KEEP_ALIVE_MARGIN_S


def process_command(container: Container, build: RailsBuild) -> tuple[str, ...]:
    """Return what the container runs: Puma on its port, or Sidekiq with the time that its jobs have to end."""
    if build.process == "puma":
        # Puma itself, since `rails server` refuses to start beside the pid file of a process that was killed.
        address = f"tcp://0.0.0.0:{first_port(container) or facts.PUMA_PORT}"
        return ("bundle", "exec", "puma", "--config", PUMA_FILE, "--bind", address)
    written = container.stop_timeout
    stop = written if written is not None else defaults.STOP_TIMEOUT_S.value
    return ("bundle", "exec", "sidekiq", "--timeout", str(max(1, stop - STOP_MARGIN_S)))


def _javascript(build: RailsBuild, app: Application) -> str | None:
    if build.javascript is not None:
        return None if build.javascript == "none" else build.javascript
    if "package.json" not in app.present:
        return None
    return "npm" if "package-lock.json" in app.present and "yarn.lock" not in app.present else "yarn"


def _gem_packages(app: Application) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the headers and the libraries that the locked gems need."""
    needed = [facts.GEM_PACKAGES[gem] for gem in app.gems if gem in facts.GEM_PACKAGES]
    return (
        tuple(name for packages in needed for name in packages.build),
        tuple(name for packages in needed for name in packages.runtime),
    )


def _takes_dummy(app: Application) -> bool:
    """Say whether this Rails knows SECRET_KEY_BASE_DUMMY; one that cannot be read is a current one."""
    version = app.version("rails") or app.version("railties")
    return not version or version >= facts.DUMMY_KEY_SINCE


def _runtime_packages(asked: Asked[RailsBuild]) -> tuple[str, ...]:
    checked = any(container.healthcheck for container in asked.running())
    wanted = (("curl", checked), (facts.JEMALLOC, asked.build.jemalloc), ("tzdata", True))
    return tuple(name for name, needed in wanted if needed)


def below(context: str, *names: str) -> tuple[str, ...]:
    """Return files of the application relative to the project's root."""
    return tuple(posixpath.normpath(posixpath.join(context, name)) for name in names)
