"""Turns the plan of a Phoenix release into its Dockerfile, what the build ignores, and its entrypoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen import templating
from chuoigen.plan.recipes import PreparedDirectory
from chuoigen.recipes import dockerfiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.recipes.phoenix.planning import PhoenixPlan


def texts(plan: Plan, container: ContainerPlan, made: PhoenixPlan) -> Mapping[str, str]:
    """Return the texts of the files by name."""
    files = dockerfiles.Templates(Path(__file__).parent, plan, container, made, defaults=made.argument_defaults)
    node = _installs_node(made)
    cluster = {"env.sh": files.text("env.sh.j2")} if made.cluster_port is not None else {}
    return {
        **cluster,
        "Dockerfile": files.text(
            "Dockerfile.j2",
            mix=made.release == "mix",
            node=node,
            packages=(*made.build_packages, *(made.asset_packages if node else ())),
            static=_makes_static(made),
            prepared=_with_log_directory(made),
            copy=lambda *names: dockerfiles.copy(made.context, names),
        ),
        "Dockerfile.dockerignore": files.text("Dockerfile.dockerignore.j2", ignored=_ignored(made)),
        "entrypoint.sh": files.text("entrypoint.sh.j2"),
    }


def _yarn(build: PhoenixPlan) -> str:
    """Name the program: Debian had a yarn before, so that there this one is yarnpkg."""
    return "yarn" if build.builder.packager == "apk" else "yarnpkg"


def _installs_node(build: PhoenixPlan) -> str | None:
    """Return the command that installs the bundler, development dependencies included; None when none is needed.

    Phoenix's own esbuild is a dependency of mix and needs no Node.js, unless package.json has a script for it.
    """
    if build.asset_tool != "webpack" and build.asset_script is None:
        return None
    if build.package_manager == "npm":
        return "npm ci --include=dev"
    return f"{_yarn(build)} install --frozen-lockfile --production=false"


def _makes_static(build: PhoenixPlan) -> list[str]:
    """Return the commands that leave the digested, compressed files; none when there are no static files."""
    npm = build.package_manager == "npm"
    here = f"cd {templating.sh(_web_folder(build))} && " if build.applications else ""
    if build.asset_script is not None:
        bundle = f"{'npm' if npm else _yarn(build)} run {templating.sh(build.asset_script)}"
    elif build.asset_tool == "webpack":
        bundle = f"{'npx --no-install' if npm else f'{_yarn(build)} run'} webpack --mode production"
    elif build.asset_tool == "esbuild":
        return ["mix compile", _in(here, "mix assets.deploy")]  # Phoenix's alias for the bundler and phx.digest
    else:
        return [_in(here, "mix phx.digest")] if build.static_mount is not None else []
    return [f"NODE_ENV=production {bundle}", _in(here, "mix phx.digest")]


def _in(folder: str, command: str) -> str:
    return f"({folder}{command})" if folder else command


def _web_folder(build: PhoenixPlan) -> str:
    return next((one for one in build.applications if one.endswith(f"/{build.web_app}")), build.applications[0])


def _with_log_directory(build: PhoenixPlan) -> tuple[PreparedDirectory, ...]:
    """Return the mounts, and the log directory where it is none: the application writes there in any case."""
    if any(directory.path == build.log_dir for directory in build.directories):
        return build.directories
    return (*build.directories, PreparedDirectory(build.log_dir, f"{build.uid}:{build.uid}"))


def _ignored(build: PhoenixPlan) -> list[str]:
    manifest = "priv/static/cache_manifest.json"
    manifest = f"{_web_folder(build)}/{manifest}" if build.applications else manifest
    own = ("_build", "deps", "cover", ".elixir_ls", "erl_crash.dump", manifest)
    return dockerfiles.ignored(build.context, own, build.generated)
