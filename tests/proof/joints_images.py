"""Joints between the plan, the Dockerfiles, their contexts and the files that are copied into the images."""

from __future__ import annotations

import posixpath
import shlex
from typing import TYPE_CHECKING, Any

from chuoigen.recipes.dockerfile import DockerfilePlan
from chuoigen.recipes.fluentbit.planning import FluentbitPlan
from chuoigen.recipes.fluentd.planning import FluentdPlan
from chuoigen.recipes.nginx.planning import NginxPlan
from chuoigen.recipes.node.planning import NodePlan
from chuoigen.recipes.phoenix.planning import PhoenixPlan
from chuoigen.recipes.python.planning import PythonPlan
from chuoigen.recipes.rails.planning import RailsPlan
from tests.proof import dockerfiles, joints_fluentbit
from tests.proof.joints_applications import application
from tests.proof.joints_phoenix import phoenix
from tests.proof.joints_recipes import Prepared, after, copies, declared, exactly, install, position, zone
from tests.proof.joints_task import differ, present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.definitions import ContainerPlan
    from tests.proof.builds import Build
    from tests.proof.dockerfiles import Instruction


def compose_build(build: Build, container: ContainerPlan) -> dict[str, Any]:
    """Return what compose has to say about the build of an image."""
    recipe, root = container.build, f"${{SOURCE_ROOT:-{build.plan.up}}}"
    if recipe is None:
        return {}
    if isinstance(recipe, DockerfilePlan):
        context = root if recipe.context == "." else f"{root}/{recipe.context}"
        name = posixpath.relpath(recipe.dockerfile, recipe.context)
        return present(context=context, dockerfile=name, args=_arguments(container), target=recipe.target)
    if not hasattr(recipe, "context"):
        return present(context=f"./docker/{container.name}", args=_arguments(container))
    folder = f"${{GENERATED_ROOT:-{build.plan.output}}}/docker/{container.name}"
    return {
        "context": root,
        "dockerfile": f"{folder}/Dockerfile",
        "args": {"GENERATED": folder, **_arguments(container)},
    }


def _arguments(container: ContainerPlan) -> dict[str, str]:
    arguments = container.build.arguments if container.build else ()
    return {
        argument.name: argument.value
        if argument.value is not None
        else f"${{{argument.name}:?set it to the value of {argument.parameter}}}"
        for argument in arguments
    }


def images(build: Build) -> Iterator[str]:
    """Each generated Dockerfile does what the plan says, and copies only what is there."""
    for container in build.plan.built:
        path = f"docker/{container.name}/Dockerfile"
        if isinstance(container.build, DockerfilePlan):
            if any(name.startswith(f"docker/{container.name}/") for name in build.files):
                yield f"{path} is generated beside the user's own"
            continue
        stages = dockerfiles.parse(build.files[path])
        yield from (f"{path}: {line}" for line in _everywhere(build, container, stages))
        match container.build:
            case RailsPlan() | NodePlan() | PythonPlan() as made:
                yield from (f"{path}: {line}" for line in application(build, container, made, stages))
            case PhoenixPlan():
                yield from (f"{path}: {line}" for line in phoenix(build, container, container.build, stages))
            case NginxPlan():
                yield from (f"{path}: {line}" for line in _nginx(build, container, container.build, stages))
            case FluentdPlan():
                yield from (f"{path}: {line}" for line in _fluentd(build, container, container.build, stages))
            case FluentbitPlan():
                yield from (f"{path}: {line}" for line in joints_fluentbit.image(container, container.build, stages))
                yield from (f"{path}: {line}" for line in _self_contained(build, container, stages))


def _everywhere(build: Build, container: ContainerPlan, stages: list[list[Instruction]]) -> Iterator[str]:
    """Say what every image needs: time zone, prepared directories as volumes, ports, an entrypoint that can be run."""
    recipe, last = container.build, stages[-1]
    assert isinstance(recipe, Prepared)
    zone = f"/usr/share/zoneinfo/{recipe.timezone}"
    wanted = [f"test -f {zone}", f"ln -snf {zone} /etc/localtime", "chmod 0755 /entrypoint.sh"]
    if recipe.directories:
        wanted.append("mkdir -p " + " ".join(shlex.quote(directory.path) for directory in recipe.directories))
        wanted += [f"chown {d.owner} {shlex.quote(d.path)}" for d in recipe.directories]
    said = dockerfiles.commands(last)
    yield from (f"RUN lacks: {command}" for command in wanted if command not in said)
    variables = [word for words in dockerfiles.values(last, "ENV") for word in words]
    if f"TZ={recipe.timezone}" not in variables:
        yield "TZ is not the time zone"
    volumes = [path for words in dockerfiles.values(last, "VOLUME") for path in words]
    yield from differ("VOLUME", volumes, [directory.path for directory in recipe.directories])
    running = [each for each in build.plan.containers.values() if each.image.local == container.image.local]
    mounted = {mount.path for each in running for mount in each.mounts}
    yield from differ("mounts", sorted(volumes), sorted(mounted))
    exposed = [word for words in dockerfiles.values(last, "EXPOSE") for word in words]
    ports = [str(p.number) + ("/udp" if p.protocol == "udp" else "") for p in container.ports]
    yield from differ("EXPOSE", exposed, ports)
    yield from differ("ENTRYPOINT", dockerfiles.values(last, "ENTRYPOINT"), [("/entrypoint.sh",)])
    order = [instruction.keyword for instruction in last]
    if order.index("ENTRYPOINT") < len(order) - 1 - order[::-1].index("RUN") or "ADD" in order:
        yield "what runs stands after what is run"
    chown = said.index(wanted[-1]) if wanted[-1] in said else 0
    if recipe.directories and chown > position(last, "VOLUME", said):
        yield "a directory is given away after it is a VOLUME, which undoes it"


def _self_contained(build: Build, container: ContainerPlan, stages: list[list[Instruction]]) -> Iterator[str]:
    """A context of generated files holds what is copied, and its .dockerignore lets it in."""
    folder = f"docker/{container.name}"
    ignore = build.files[f"{folder}/.dockerignore"].splitlines()
    patterns = [line for line in ignore if line and not line.startswith("#")]
    copied = [i.words[0] for stage in stages for i in stage if i.keyword == "COPY" and "from" not in i.flags]
    yield from differ(".dockerignore", sorted(patterns), sorted(["*", *(f"!{name}" for name in copied)]))
    if patterns[:1] != ["*"]:
        yield ".dockerignore does not begin with everything"
    yield from (f"COPY takes {name}, which is not there" for name in copied if f"{folder}/{name}" not in build.files)


def _nginx(build: Build, container: ContainerPlan, recipe: NginxPlan, stages: list[list[Instruction]]) -> Iterator[str]:
    last = stages[-1]
    yield from differ("FROM", dockerfiles.values(last, "FROM"), [(recipe.base.image,)])
    packages = install(recipe.base.packager, recipe.packages)
    check = [*packages, *declared(recipe), *zone(recipe), *after(recipe), "chmod 0755 /entrypoint.sh"]
    yield from exactly("nginx", last, check)
    yield from differ(
        "COPY",
        copies(last),
        [("nginx.conf", "/etc/nginx/nginx.conf"), ("entrypoint.sh", "/entrypoint.sh")],
    )
    # The entrypoint writes its own copy when there is an upstream's address to put in.
    config = "/tmp/nginx.conf" if recipe.upstream else "/etc/nginx/nginx.conf"  # noqa: S108
    yield from differ("CMD", dockerfiles.values(last, "CMD"), [("nginx", "-c", config)])
    yield from differ("STOPSIGNAL", dockerfiles.values(last, "STOPSIGNAL"), [("SIGQUIT",)])
    yield from _self_contained(build, container, stages)


def _fluentd(
    build: Build, container: ContainerPlan, recipe: FluentdPlan, stages: list[list[Instruction]]
) -> Iterator[str]:
    last = stages[-1]
    yield from differ("FROM", dockerfiles.values(last, "FROM"), [(recipe.base.image,)])
    gem = ["gem install fluent-plugin-s3", f"--version {recipe.s3_plugin}", *recipe.gem_options]
    build_packages = [f"apk add --no-cache --virtual .gem-build {' '.join(recipe.build_packages)}"]
    compilers = bool(recipe.build_packages) and recipe.base.packager == "apk"
    wanted = [
        *install(recipe.base.packager, recipe.packages),
        *declared(recipe),
        *(build_packages if compilers else []),
        " ".join(gem),
        *(["apk del .gem-build"] if compilers else []),
        'rm -rf "$(gem environment gemdir)"/cache/*.gem',
        *zone(recipe),
        *after(recipe),
        "chmod 0755 /entrypoint.sh",
    ]
    yield from exactly("fluentd", last, wanted)
    copied = [("fluent.conf", "/fluentd/etc/fluent.conf"), ("entrypoint.sh", "/entrypoint.sh")]
    yield from differ("COPY", copies(last), copied)
    user = "0" if recipe.user in ("0", "root") else recipe.user
    yield from differ("USER", dockerfiles.values(last, "USER"), [("0",), (user,)])
    yield from differ("CMD", dockerfiles.values(last, "CMD"), [("fluentd", "--config", "/fluentd/etc/fluent.conf")])
    yield from _self_contained(build, container, stages)
