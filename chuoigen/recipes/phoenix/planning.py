"""What is decided about a Phoenix release."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chuoigen.plan.recipes import Base, FetchingPlan
from chuoigen.plan.references import first_port
from chuoigen.plan.volumes import APP_UID, APP_USER
from chuoigen.recipes.phoenix import facts

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes import bases
    from chuoigen.recipes.phoenix.language import PhoenixBuild


_UMBRELLA = re.compile(r"^[ \t]*apps_path:[ \t]*\"([\w./-]{1,100})\"", re.MULTILINE)


class PhoenixPlan(FetchingPlan):
    """A Phoenix release. Paths are absolute in the image; `context` is relative to the project's root.

    The build's context is the project's root, so that the generated entrypoint is below it; `context` is the
    application's folder in it ("." for the root itself) and goes before each COPY source. `generated` is the folder of
    the generated files relative to the root, for the usual output folder. `static_mount` is where the static files are
    copied at each start (None: nowhere). `asset_sources` are copied before the assets are built. `applications` are the
    folders of those in an umbrella (empty: it is none), `web_app` the one with the static files. `emulation_flags` are
    for Erlang while the image is built. `asset_packages` are the distribution's packages that the bundler needs.
    `cluster_port` is where nodes connect to each other (None: they do not).
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
    applications: tuple[str, ...]
    web_app: str
    emulation_flags: str | None
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
    cluster_port: int | None

    @property
    def copies_static(self) -> bool:
        """Whether priv/static is copied by itself before the assets are built, and not with what is around it."""
        return not self.applications and "priv" not in self.asset_sources


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
    release_name = build.release_name or re.sub(r"[^a-z0-9]+", "_", asked.spec.name.lower()).strip("_") or "app"
    applications = _applications(asked)
    extra = ("curl",) if runtime.packager == "apt" and container.healthcheck else ()
    return PhoenixPlan(
        context=asked.path("context", "."),
        generated=asked.generated,
        builder=builder,
        runtime=runtime,
        elixir=build.elixir,
        release=build.release,
        release_name=release_name,
        asset_tool=assets.tool if assets else None,
        package_manager=assets.package_manager if assets else None,
        asset_sources=_asset_sources(asked, applications),
        applications=applications,
        web_app=_web_app(build, applications, release_name),
        emulation_flags=facts.emulation_flags(builder.image, "" if build.builder else entry.otp),
        asset_script=assets.script if assets else None,
        arguments=asked.arguments(),
        argument_defaults=defaults,
        build_packages=_build_packages(asked, entry, builder),
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
        secrets=asked.secrets(),
        ssh=build.ssh,
        timezone=asked.spec.timezone,
        cluster_port=build.cluster.port if build.cluster is not None else None,
    )


def _applications(asked: Asked[PhoenixBuild]) -> tuple[str, ...]:
    """Return the folders of the applications of an umbrella, whose mix.exs says where they are."""
    context, texts = asked.path("context", "."), asked.project.texts
    found = _UMBRELLA.search(texts.get(posixpath.normpath(posixpath.join(context, "mix.exs")), ""))
    if found is None:
        return ()
    folder = posixpath.normpath(found[1])
    below = posixpath.normpath(posixpath.join(context, folder))
    names = [file.removeprefix(f"{below}/").removesuffix("/mix.exs") for file in texts if file.startswith(f"{below}/")]
    return tuple(f"{folder}/{name}" for name in sorted(names) if "/" not in name and name.isidentifier())


def _web_app(build: PhoenixBuild, applications: tuple[str, ...], release_name: str) -> str:
    if build.web_app is not None or not applications:
        return build.web_app or release_name
    names = [posixpath.basename(folder) for folder in applications]
    return next((name for name in names if name.endswith("_web")), names[0])


def _asset_sources(asked: Asked[PhoenixBuild], applications: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is copied before the assets are built.

    Phoenix's own alias compiles nothing by itself, and Tailwind and colocated hooks read lib and what is compiled of it
    (phoenix, priv/templates/phx.gen.release/Dockerfile.eex, and issue 6750; checked 2026-11-28).
    """
    assets = asked.build.assets
    written = tuple(assets.sources) if assets is not None and assets.tool != "none" else ()
    if applications:
        return (*written, posixpath.dirname(applications[0]))
    if assets is not None and assets.tool == "esbuild" and assets.script is None:
        return tuple(dict.fromkeys((*written, "priv", "assets", "lib")))
    return written


def _base(written: str | None, pinned: bases.Base) -> Base:
    base = facts.known(written) if written else pinned
    return Base(base.image, base.package_manager)


def _asset_packages(entry: facts.Release, builder: Base, manager: str) -> tuple[str, ...]:
    """Return what the bundler needs, in the words of the builder's distribution; Debian calls yarn yarnpkg."""
    if builder.packager == "apk":
        return entry.asset_packages[manager]
    return ("nodejs", "yarnpkg" if manager == "yarn" else manager)


def _build_packages(asked: Asked[PhoenixBuild], entry: facts.Release, builder: Base) -> tuple[str, ...]:
    usual = entry.build_packages if builder.packager == "apk" else ("build-essential", "git")
    return tuple(dict.fromkeys((*usual, *asked.tools)))


def _runtime_packages(entry: facts.Release, runtime: Base) -> tuple[str, ...]:
    """Return what a release needs at run time, in the words of the runtime's distribution."""
    if runtime.packager == "apk":
        return entry.runtime_packages
    return ("libncurses6", "libstdc++6", "locales", "openssl", "tzdata")
