"""Images that are built here: their versions, their base images, the files that they need."""

import re
from collections.abc import Iterator

from chuoigen.aws import images as known
from chuoigen.aws import names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.plan.recipes import FluentdPlan, NginxPlan, PhoenixPlan
from chuoigen.spec.build import DockerfileBuild, FluentdBuild, PhoenixBuild
from chuoigen.yaml.document import KeyPath

_MIX_RELEASES_SINCE = (1, 9)
_NEWER = {
    "elixir": f'write a newer Elixir, such as "{known.DEFAULT_ELIXIR}"',
    "version": f'write a newer fluentd, such as "{known.DEFAULT_FLUENTD}"',
}
_CODENAMES = ("bookworm", "trixie", "bullseye", "buster", "noble", "jammy", "focal", "resolute")


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, empty for text that does not begin with one."""
    found = re.match(r"v?(\d{1,6}(?:\.\d{1,6})*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _phoenix(subject: Subject) -> Iterator[tuple[KeyPath, PhoenixBuild]]:
    for name, container in subject.spec.containers.items():
        if isinstance(container.build, PhoenixBuild):
            yield ("containers", name, "build"), container.build


def _without_release(build: PhoenixBuild) -> bool:
    return build.release == "mix" and () < _numbers(build.elixir) < _MIX_RELEASES_SINCE


def _unsupported_release(subject: Subject) -> Iterator[Finding]:
    for path, build in _phoenix(subject):
        if _without_release(build):
            yield Finding(
                (*path, "elixir"),
                f"Elixir {build.elixir} has no `mix release`, which came with 1.9",
                "write release: distillery, or a newer Elixir",
            )


def _archived_distillery(subject: Subject) -> Iterator[Finding]:
    for path, build in _phoenix(subject):
        if build.release == "distillery" and _numbers(build.elixir) >= _MIX_RELEASES_SINCE:
            yield Finding(
                (*path, "release"),
                f"distillery is archived, and Elixir {build.elixir} makes releases by itself",
                "write release: mix, and move the run-time configuration to config/runtime.exs",
            )


def _unpictured(build: PhoenixBuild) -> bool:
    """Say whether an image is neither known nor written."""
    return known.phoenix(build.elixir) is None and not (build.builder and build.runtime)


def _unknown_version(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        build, path = container.build, ("containers", name, "build")
        if isinstance(build, PhoenixBuild) and _unpictured(build) and not _without_release(build):
            yield Finding(
                (*path, "elixir"),
                f"no pinned images are known for Elixir {build.elixir}",
                f"write builder and runtime, or one of {', '.join(known.PHOENIX)}",
            )
        if (
            isinstance(build, FluentdBuild)
            and build.version
            and known.fluentd(build.version) is None
            and not build.base
        ):
            yield Finding(
                (*path, "version"),
                f"no pinned image is known for fluentd {build.version}",
                f"write base, or one of {', '.join(known.FLUENTD)}",
            )


def _bases(subject: Subject) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield the base images of recipes: the key that chose each, the image, whether it was written out."""
    for name, container in subject.plan.containers.items():
        path, build = ("containers", name, "build"), container.build
        written = subject.spec.containers[name].build
        if isinstance(build, PhoenixPlan):
            for key, base in (("builder", build.builder), ("runtime", build.runtime)):
                own = getattr(written, key) is not None
                yield (*path, key if own else "elixir"), base.image, own
        elif isinstance(build, NginxPlan | FluentdPlan):
            own = getattr(written, "base", None) is not None
            yield (
                (*path, "base" if own else "version" if isinstance(build, FluentdPlan) else "recipe"),
                build.base.image,
                own,
            )


def _pinned(image: str) -> bool:
    tag = image.rpartition("/")[2].partition(":")[2]
    return "@sha256:" in image or bool(re.search(r"\d", tag)) or any(word in tag for word in _CODENAMES)


def _floating(subject: Subject) -> Iterator[Finding]:
    for path, image, own in _bases(subject):
        if own and not _pinned(image) and not names.complaint("image reference", image):
            tag = image.rpartition("/")[2].partition(":")[2]
            words = f'tag "{tag}" says no version' if tag else "it has no tag"
            yield Finding(
                path,
                f'base image "{image}" changes without notice: {words}',
                f"pin a version, such as {known.DEFAULT_NGINX}" if "nginx" in image else "pin a version or a digest",
            )


def _retired(subject: Subject) -> Iterator[Finding]:
    seen = set()
    for path, image, _ in _bases(subject):
        base = known.base_of(image)
        if base.retired and path not in seen:
            seen.add(path)
            release = f"{base.distribution} {base.release}".strip()
            message = f'base image "{image}" stands on {release}, which gets no more fixes'
            yield Finding(path, message, _NEWER.get(str(path[-1]), "write an image on a newer release"))


def _mismatched(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.plan.containers.items():
        written, build = subject.spec.containers[name].build, container.build
        if not isinstance(build, PhoenixPlan) or not isinstance(written, PhoenixBuild):
            continue
        first, second = known.base_of(build.builder.image), known.base_of(build.runtime.image)
        if not (written.builder or written.runtime) or _unpictured(written) or _agree(first, second):
            continue
        key, other = ("runtime", "builder") if written.runtime else ("builder", "runtime")
        path: KeyPath = ("containers", name, "build")
        yield Finding(
            (*path, key),
            f"the release is built on {first.distribution} {first.release}".rstrip()
            + f" and runs on {second.distribution} {second.release}".rstrip(),
            "write builder and runtime of one distribution and release: native code finds its libraries only there",
            related=(((*path, other), f"the {other} is chosen here"),) if getattr(written, other) else (),
        )


def _agree(first: known.Base, second: known.Base) -> bool:
    """Say whether two bases are of one distribution and release, as far as their names say."""
    if not first.distribution or not second.distribution:
        return True
    if first.distribution != second.distribution:
        return False
    short, long = sorted((first.release.split("."), second.release.split(".")), key=len)
    return not first.release or not second.release or long[: len(short)] == short


def _platform(subject: Subject) -> Iterator[Finding]:
    wanted = subject.spec.task.platform
    for name, container in subject.spec.containers.items():
        written = container.build.platform if container.build else None
        if written is not None and written != wanted:
            yield Finding(
                ("containers", name, "build", "platform"),
                f'image of "{name}" is built for {written}, the task runs on {wanted}',
                f"delete the key, or write {wanted}",
                related=((("task", "platform"), "the task's platform"),),
            )


def _outside(subject: Subject) -> Iterator[Finding]:
    for path, resolved in subject.project.paths.items():
        if resolved is None and _exists(subject, path):
            yield Finding(
                path,
                f'{path[-1]} of container "{path[1]}" lies outside the repository of the spec',
                "name a path below the root of the repository: the pipeline has no other files",
            )


def _exists(subject: Subject, path: KeyPath) -> bool:
    container = subject.spec.containers.get(str(path[1]))
    return container is not None and container.build is not None


def _absent(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        path = ("containers", name, "build", "dockerfile")
        resolved = subject.project.paths.get(path)
        if isinstance(container.build, DockerfileBuild) and resolved is not None and resolved in subject.project.absent:
            yield Finding(
                path,
                f'Dockerfile "{resolved}" of container "{name}" does not exist',
                "the path is relative to the spec's file",
            )


def _shared_repository(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for container in subject.plan.built:
        repository = container.image.repository or ""
        first = seen.setdefault(repository, container.name)
        if first != container.name:
            yield Finding(
                ("containers", container.name, "build", "repository"),
                f'containers "{first}" and "{container.name}" push to one repository, "{repository}", under one tag',
                "give each container its own repository",
                related=((("containers", first, "build", "repository"), "the other is here"),),
            )


RULES: tuple[Rule, ...] = (
    Rule("CG631", "unsupported-release", Severity.ERROR, _unsupported_release),
    Rule("CG632", "archived-distillery", Severity.WARNING, _archived_distillery),
    Rule("CG633", "unknown-version", Severity.ERROR, _unknown_version),
    Rule("CG634", "mismatched-bases", Severity.ERROR, _mismatched),
    Rule("CG635", "floating-base", Severity.WARNING, _floating),
    Rule("CG636", "retired-base", Severity.INFO, _retired),
    Rule("CG637", "foreign-build-platform", Severity.ERROR, _platform),
    Rule("CG638", "file-outside-repository", Severity.ERROR, _outside),
    Rule("CG639", "missing-dockerfile", Severity.ERROR, _absent),
    Rule("CG640", "shared-repository", Severity.ERROR, _shared_repository),
)
