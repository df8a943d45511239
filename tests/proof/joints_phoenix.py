"""Joints of an image with a Phoenix release: its two stages, their sources, and what is left out of the context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.proof import dockerfiles
from tests.proof.joints_ignored import UNWANTED, matches, refused
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.recipes.phoenix.planning import PhoenixPlan
    from tests.proof.builds import Build
    from tests.proof.dockerfiles import Instruction
from tests.proof.joints_recipes import after, copies, declared, exactly, install, zone


def phoenix(
    build: Build, container: ContainerPlan, recipe: PhoenixPlan, stages: list[list[Instruction]]
) -> Iterator[str]:
    if len(stages) != 2:
        yield f"there are {len(stages)} stages"
        return
    first, last = stages
    yield from differ("FROM", dockerfiles.values(first, "FROM"), [(recipe.builder.image, "AS", "builder")])
    yield from differ("FROM", dockerfiles.values(last, "FROM"), [(recipe.runtime.image,)])
    yield from differ("WORKDIR", dockerfiles.values(first, "WORKDIR"), [("/src",)])
    yield from differ("WORKDIR", dockerfiles.values(last, "WORKDIR"), [(recipe.root,)])
    packages = (*recipe.build_packages, *recipe.asset_packages)
    yield from exactly(
        "builder", first, [*install(recipe.builder.packager, packages), *declared(recipe), *_mix(recipe)]
    )
    yield from differ("COPY", sorted(copies(first)), sorted(_sources(recipe)))
    order = [words[-1] for words in copies(first)]
    if order[0] != "./" or order[-1] != ".":
        yield "the layers do not go from the lock file to everything"
    user = f"{recipe.uid}:{recipe.uid}"
    account = [
        f"addgroup -g {recipe.uid} {recipe.user}",
        f"adduser -D -H -u {recipe.uid} -G {recipe.user} -h {recipe.root} -s /sbin/nologin {recipe.user}",
        f"mkdir -p {recipe.root}",
        f"chown {user} {recipe.root}",
    ]
    static = [
        f"set -- lib/{recipe.release_name}-*/priv/static",
        'test "$#" -eq 1',
        'test -d "$1"',
        f'ln -s "$PWD/$1" {recipe.static_source}',
    ]
    wanted = install(recipe.runtime.packager, recipe.packages) + zone(recipe)
    wanted += (account if recipe.uid else []) + (static if recipe.static_mount else [])
    yield from exactly("runtime", last, [*wanted, *after(recipe), "chmod 0755 /entrypoint.sh"])
    owner = (f"--chown={user}",) if recipe.uid else ()
    release = ("--from=builder", *owner, "/release", "./")
    yield from differ("COPY", copies(last), [release, ("${GENERATED}/entrypoint.sh", "/entrypoint.sh")])
    yield from differ("USER", dockerfiles.values(last, "USER"), [(user,)] if recipe.uid else [])
    start = "start" if recipe.release == "mix" else "foreground"
    command = (f"{recipe.root}/bin/{recipe.release_name}", start)
    yield from differ("CMD", dockerfiles.values(last, "CMD"), [command])
    yield from _variables(recipe, first, last)
    ignore = build.files[f"docker/{container.name}/Dockerfile.dockerignore"].splitlines()
    yield from _ignored(recipe, [line for line in ignore if line and not line.startswith("#")])


def _mix(recipe: PhoenixPlan) -> list[str]:
    mix = recipe.release == "mix"
    fetch = ["mix local.hex --force", "mix local.rebar --force", 'mix deps.get --only "$MIX_ENV"', "mix deps.compile"]
    name = recipe.release_name
    release = (
        [f"mix release {name} --path /release"]
        if mix
        else [
            f'mix release --name={name} --env="$MIX_ENV"',
            "mkdir /release",
            f'tar -xzf "_build/$MIX_ENV/rel/"{name}/releases/*/{name}.tar.gz -C /release',
        ]
    )
    if recipe.asset_tool is None:
        return fetch + release
    install = {
        "yarn": "yarn install --frozen-lockfile --production=false",
        "npm": "npm ci --include=dev",
    }[recipe.package_manager or "yarn"]
    if mix or recipe.package_manager == "npm":
        runner = "yarn run" if recipe.package_manager == "yarn" else "npx"
    else:
        runner = "yarn run"
    return [*fetch, install, f"NODE_ENV=production {runner} webpack --mode production", "mix phx.digest", *release]


def _sources(recipe: PhoenixPlan) -> list[tuple[str, ...]]:
    folder = "" if recipe.context == "." else f"{recipe.context}/"
    lock = "package-lock.json" if recipe.package_manager == "npm" else "yarn.lock"
    found: list[tuple[str, ...]] = [(f"{folder}mix.exs", f"{folder}mix.lock", "./"), (f"{folder}config", "config")]
    if recipe.asset_tool is not None:
        found.append((f"{folder}package.json", f"{folder}{lock}", "./"))
        found += [(folder + source, source) for source in (*recipe.asset_sources, "priv/static")]
    return [*found, (folder or ".", ".")]


def _variables(recipe: PhoenixPlan, first: list[Instruction], last: list[Instruction]) -> Iterator[str]:
    variables = dict(word.split("=", 1) for words in dockerfiles.values(last, "ENV") for word in words)
    wanted = {"TZ": recipe.timezone, "APP_ROOT": recipe.root, "LOG_DIR": recipe.log_dir, "LANG": "C.UTF-8"}
    if recipe.release == "mix":
        wanted |= {"PHX_SERVER": "true", "RELEASE_DISTRIBUTION": "none", "RELEASE_TMP": "/tmp"}  # noqa: S108
        wanted |= {} if recipe.port is None else {"PORT": str(recipe.port)}
    yield from differ("ENV", variables, wanted)
    declared = [words[0] for stage in (first, last) for words in dockerfiles.values(stage, "ARG")]
    given = {word.split("=", 1)[0]: word.split("=", 1)[1] for word in declared if "=" in word}
    yield from differ("ARG", given, {**recipe.argument_defaults, "GENERATED": recipe.generated})
    yield from (f"ARG lacks {a.name}" for a in recipe.arguments if a.name not in [w.split("=")[0] for w in declared])
    names = [word.split("=", 1)[0] for word in declared]
    yield from differ(
        "ARG", sorted(names), sorted({*recipe.argument_defaults, "GENERATED", *(a.name for a in recipe.arguments)})
    )


SECRETS = "config/prod.secret.exs"
MADE = (
    "node_modules/a",
    "assets/node_modules/b",
    "_build/prod/a",
    "deps/a",
    "cover/a",
    ".elixir_ls/a",
    "erl_crash.dump",
)


def _ignored(recipe: PhoenixPlan, patterns: list[str]) -> Iterator[str]:
    folder = "" if recipe.context == "." else f"{recipe.context}/"
    for path in (
        *UNWANTED,
        SECRETS,
        *(folder + name for name in MADE),
        folder + "priv/static/cache_manifest.json",
        "out/x/README.md",
    ):
        if not refused(path, patterns):
            yield f"{path} would be sent to Docker"
    needed = ["mix.exs", "mix.lock", "config/config.exs", "lib/a.ex", "priv/static/a.css", *recipe.asset_sources]
    for path in [*(folder + name for name in needed), f"{recipe.generated}/entrypoint.sh"]:
        if refused(path, patterns):
            yield f"{path} would not be sent to Docker"
    yield from (f"{pattern} ignores nothing known" for pattern in patterns if not _useful(pattern, folder, recipe))


def _useful(pattern: str, folder: str, recipe: PhoenixPlan) -> bool:
    known = (
        *UNWANTED,
        SECRETS,
        *(folder + name for name in MADE),
        folder + "priv/static/cache_manifest.json",
        "out/x/README.md",
    )
    return any(matches(path, pattern.lstrip("!")) for path in (*known, f"{recipe.generated}/entrypoint.sh"))
