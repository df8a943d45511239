"""Turns the images of a plan into docker/: Dockerfiles, entrypoints, nginx.conf, fluent.conf and ignore files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.plan.recipes import FluentdPlan, NginxPlan, PhoenixPlan, PreparedDirectory
from chuoigen.record import Record
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuoigen.plan.model import ContainerPlan, Plan
    from chuoigen.plan.recipes import ArgumentPlan

SHUTDOWN_MARGIN_S = 5
"""How long before its stop timeout nginx closes what is still open, so that it exits by itself."""

# FROM and ARG take no quotes, so that only what needs none can stand there.
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_./:@%+=,*?-]+")
_GLOB = re.compile(r"[*?\[]")
_LINE_END = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SUPERUSER = {"0", "root", "0:0", "root:root"}


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the files of each image that a recipe builds; ValueError for text that such a file cannot hold."""
    return tuple(artifact for container in plan.built for artifact in _files(plan, container))


def _files(plan: Plan, container: ContainerPlan) -> list[Artifact]:
    build = container.build
    if isinstance(build, PhoenixPlan):
        texts = _phoenix(plan, container, build)
    elif isinstance(build, NginxPlan):
        texts = _nginx(plan, container, build)
    elif isinstance(build, FluentdPlan):
        texts = _fluentd(plan, container, build)
    else:
        return []
    return [
        Artifact(f"docker/{container.name}/{name}", _single_blank_lines(text), executable=name.endswith(".sh"))
        for name, text in texts.items()
    ]


def _single_blank_lines(text: str) -> str:
    """Close the gaps that parts leave which a plan does not ask for; no text of a user holds a line end."""
    return re.sub(r"\n{3,}", "\n\n", text)


def _phoenix(plan: Plan, container: ContainerPlan, build: PhoenixPlan) -> dict[str, str]:
    values = _values(plan, container, build, build.argument_defaults)
    node = _installs_node(build)
    dockerfile = templating.render(
        "docker/phoenix/Dockerfile.j2",
        **values,
        mix=build.release == "mix",
        node=node,
        packages=(*build.build_packages, *(build.asset_packages if node else ())),
        static=_makes_static(build),
        prepared=_with_log_directory(build),
        copy=lambda *names: _copy(build.context, names),
    )
    ignore = templating.render("docker/phoenix/Dockerfile.dockerignore.j2", **values, ignored=_ignored(build))
    return {
        "Dockerfile": dockerfile,
        "Dockerfile.dockerignore": ignore,
        "entrypoint.sh": templating.render("docker/phoenix/entrypoint.sh.j2", **values),
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
    if build.asset_script is not None:
        bundle = f"{'npm' if npm else _yarn(build)} run {templating.sh(build.asset_script)}"
    elif build.asset_tool == "webpack":
        bundle = f"{'npx --no-install' if npm else f'{_yarn(build)} run'} webpack --mode production"
    elif build.asset_tool == "esbuild":
        return ["mix assets.deploy"]  # Phoenix's alias for the bundler and phx.digest
    else:
        return ["mix phx.digest"] if build.static_mount is not None else []
    return [f"NODE_ENV=production {bundle}", "mix phx.digest"]


def _nginx(plan: Plan, container: ContainerPlan, build: NginxPlan) -> dict[str, str]:
    values = _values(plan, container, build)
    configuration = templating.render(
        "docker/nginx/nginx.conf.j2",
        **values,
        graceful=max(1, container.stop_timeout - SHUTDOWN_MARGIN_S),
        # A location is compared with the path alone.
        health=build.health_path.partition("?")[0] if build.health_path else None,
    )
    return {
        ".dockerignore": templating.render("docker/dockerignore.j2", **values, sent=("entrypoint.sh", "nginx.conf")),
        "Dockerfile": templating.render("docker/nginx/Dockerfile.j2", **values, prepared=build.directories),
        "entrypoint.sh": templating.render("docker/nginx/entrypoint.sh.j2", **values),
        "nginx.conf": configuration,
    }


def _fluentd(plan: Plan, container: ContainerPlan, build: FluentdPlan) -> dict[str, str]:
    values = _values(plan, container, build)
    superuser = build.user in _SUPERUSER
    folders = dict.fromkeys((build.buffer_path, *(posixpath.dirname(tail.position_file) for tail in build.tails)))
    dockerfile = templating.render(
        "docker/fluentd/Dockerfile.j2", **values, prepared=build.directories, superuser=superuser
    )
    return {
        ".dockerignore": templating.render("docker/dockerignore.j2", **values, sent=("entrypoint.sh", "fluent.conf")),
        "Dockerfile": dockerfile,
        "entrypoint.sh": templating.render("docker/fluentd/entrypoint.sh.j2", **values, folders=tuple(folders)),
        "fluent.conf": templating.render("docker/fluentd/fluent.conf.j2", **values, prefix=_literal(build.prefix)),
    }


def _values(
    plan: Plan,
    container: ContainerPlan,
    build: PhoenixPlan | NginxPlan | FluentdPlan,
    defaults: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what all templates of a container may name."""
    _refuse_line_ends(container.name, (plan.spec_file, build))
    return {
        "spec_file": plan.spec_file,
        "container": container,
        "build": build,
        "arguments": _arguments(build.arguments, defaults or {}),
        "ports": [f"{port.number}/udp" if port.protocol == "udp" else port.number for port in container.ports],
        "image": _image,
        "word": _word,
        "listed": _listed,
    }


def _refuse_line_ends(where: str, value: object) -> None:
    """Raise ValueError for text that would begin a line of its own in a Dockerfile; plans are looked through whole."""
    if isinstance(value, str):
        if _LINE_END.search(value):
            raise ValueError(f"the image of {where} cannot be described with {value!r}: it holds a control character")
    elif isinstance(value, Mapping):
        _refuse_line_ends(where, (*value.keys(), *value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            _refuse_line_ends(where, item)
    elif isinstance(value, Record):
        _refuse_line_ends(where, [getattr(value, name) for name in value.FIELDS])


def _arguments(arguments: Sequence[ArgumentPlan], defaults: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return name, default (None: there is none) and whether an empty value is a mistake, in a stable order."""
    given = {argument.name: argument for argument in arguments}
    listed = []
    for name in dict.fromkeys((*defaults, *given)):
        if not _VARIABLE.fullmatch(name):
            raise ValueError(f"a build argument cannot be called {name!r}")
        argument = given.get(name)
        default = defaults.get(name, argument.value if argument else None)
        kept = argument is not None and argument.parameter is not None
        listed.append({"name": name, "default": default, "required": kept})
    return listed


def _image(reference: str) -> str:
    if not _IMAGE.fullmatch(reference):
        raise ValueError(f"no image can be called {reference!r}")
    return reference


def _word(text: str) -> str:
    """Write a word for an instruction that takes the rest of its line."""
    return text if _PLAIN_WORD.fullmatch(text) else templating.dockerfile(text)


def _listed(words: Sequence[str]) -> str:
    """Write words as a JSON list for COPY and VOLUME, which expand variables and remove quotes even there."""
    return templating.dockerfile_json([re.sub(r"([\\$\"'])", r"\\\1", word) for word in words])


def _copy(context: str, names: Sequence[str]) -> str:
    """Write a COPY from the context: one file or folder to its own name, several files into the working directory."""
    sources = [posixpath.normpath(posixpath.join(context, name)) for name in names]
    target = posixpath.normpath(names[0])
    if _GLOB.search(target):
        target = f"{posixpath.dirname(target) or '.'}/"
    words = [*sources, target if len(names) == 1 else "./"]
    return f"COPY {' '.join(words) if all(map(_PLAIN_WORD.fullmatch, words)) else _listed(words)}"


def _with_log_directory(build: PhoenixPlan) -> tuple[PreparedDirectory, ...]:
    """Return the mounts, and the log directory where it is none: the application writes there in any case."""
    if any(directory.path == build.log_dir for directory in build.directories):
        return build.directories
    return (*build.directories, PreparedDirectory(build.log_dir, f"{build.uid}:{build.uid}"))


def _ignored(build: PhoenixPlan) -> list[str]:
    """Return the patterns of what stays out of the context, with the one exception at the end."""
    own = ("_build", "deps", "cover", ".elixir_ls", "erl_crash.dump", "priv/static/cache_manifest.json")
    patterns = [_pattern(posixpath.normpath(posixpath.join(build.context, name))) for name in own]
    output = build.generated.split("/")
    top = "/".join(output[:-3]) or output[0]
    return [*patterns, _pattern(top), f"!{_pattern(build.generated)}/entrypoint.sh"]


def _pattern(path: str) -> str:
    """Write a path as a pattern of .dockerignore that matches it alone."""
    return re.sub(r"([*?\[\\])", r"\\\1", path)


def _literal(prefix: str) -> str:
    """Write a prefix for out_s3, which formats times in it; ValueError for its placeholders, which have no escape."""
    if "${" in prefix or "%{" in prefix:
        raise ValueError(f"fluentd would replace a part of the prefix {prefix!r}")
    return prefix.replace("%", "%%")
