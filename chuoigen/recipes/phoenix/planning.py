"""What is decided about a Phoenix release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chuoigen.plan.recipes import Base, BuildPlan
from chuoigen.plan.references import first_port
from chuoigen.plan.volumes import APP_UID, APP_USER
from chuoigen.recipes.phoenix import facts

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes import bases
    from chuoigen.recipes.phoenix.language import PhoenixBuild


class PhoenixPlan(BuildPlan):
    """A Phoenix release. Paths are absolute in the image; `context` is relative to the project's root.

    The build's context is the project's root, so that the generated entrypoint is below it; `context` is the
    application's folder in it ("." for the root itself) and goes before each COPY source. `generated` is the folder of
    the generated files relative to the root, for the usual output folder. `static_mount` is where the static files are
    copied at each start (None: nowhere). `asset_packages` are the distribution's packages that the bundler needs.
    """

    context: str
    generated: str
    builder: Base
    runtime: Base
    elixir: str
    release: str
    release_name: str
    asset_tool: str | None
    package_manager: str | None
    asset_sources: tuple[str, ...]
    asset_script: str | None
    argument_defaults: Mapping[str, str]
    build_packages: tuple[str, ...]
    asset_packages: tuple[str, ...]
    packages: tuple[str, ...]
    root: str
    user: str
    uid: int
    port: int | None
    log_dir: str
    static_source: str
    static_mount: str | None
    timezone: str


def phoenix_plan(asked: Asked[PhoenixBuild]) -> PhoenixPlan:
    """Decide on which images it is built and run, with which packages, and where its files are."""
    build, container = asked.build, asked.container
    entry = facts.release(build.elixir) or facts.RELEASES[facts.DEFAULT_ELIXIR]
    builder, runtime = _base(build.builder, entry.builder), _base(build.runtime, entry.runtime)
    log_dir = asked.log_directory()
    assets = build.assets if build.assets is not None and build.assets.tool != "none" else None
    old = build.release == "distillery"
    defaults = {"MIX_ENV": "dev" if old else "prod", "LOG_DIR": log_dir}
    if old:
        defaults["SECRET_KEY_BASE"] = ""
    extra = ("curl",) if runtime.packager == "apt" and container.healthcheck else ()
    return PhoenixPlan(
        context=asked.path("context", "."),
        generated=asked.generated,
        builder=builder,
        runtime=runtime,
        elixir=build.elixir,
        release=build.release,
        release_name=build.release_name or re.sub(r"[^a-z0-9]+", "_", asked.spec.name.lower()).strip("_") or "app",
        asset_tool=assets.tool if assets else None,
        package_manager=assets.package_manager if assets else None,
        asset_sources=tuple(assets.sources) if assets else (),
        asset_script=assets.script if assets else None,
        arguments=asked.arguments(),
        argument_defaults=defaults,
        build_packages=entry.build_packages if builder.packager == "apk" else ("build-essential", "git"),
        asset_packages=_asset_packages(entry, builder, assets.package_manager) if assets else (),
        packages=(*_runtime_packages(entry, runtime), *extra, *build.packages),
        root="/var/app",
        user=APP_USER,
        uid=APP_UID,
        port=first_port(container),
        log_dir=log_dir,
        static_source="/web-static",
        static_mount=asked.mount_of(container.publish.static) if container.publish else None,
        directories=asked.directories(),
        timezone=asked.spec.timezone,
    )


def _base(written: str | None, pinned: bases.Base) -> Base:
    base = facts.known(written) if written else pinned
    return Base(base.image, base.package_manager)


def _asset_packages(entry: facts.Release, builder: Base, manager: str) -> tuple[str, ...]:
    """Return what the bundler needs, in the words of the builder's distribution; Debian calls yarn yarnpkg."""
    if builder.packager == "apk":
        return entry.asset_packages[manager]
    return ("nodejs", "yarnpkg" if manager == "yarn" else manager)


def _runtime_packages(entry: facts.Release, runtime: Base) -> tuple[str, ...]:
    """Return what a release needs at run time, in the words of the runtime's distribution."""
    if runtime.packager == "apk":
        return entry.runtime_packages
    return ("libncurses6", "libstdc++6", "locales", "openssl", "tzdata")
