"""Images that are built here: their versions, their base images, the files that they need."""

import re
from collections.abc import Iterator

from chuoigen.aws import names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.recipes.answers import BaseUse
from chuoigen.recipes.bases import CODENAMES, Base
from chuoigen.yaml.document import KeyPath


def _unknown_version(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for unknown in each.recipe.unknown_versions(each.build):
            what = "image is" if len(unknown.instead) == 1 else "images are"
            yield Finding(
                (*each.path, unknown.key),
                f"no pinned {what} known for {unknown.product} {unknown.version}",
                f"write {' and '.join(unknown.instead)}, or one of {', '.join(unknown.known)}",
            )


def _bases(subject: Subject) -> Iterator[tuple[Answering, tuple[BaseUse, ...]]]:
    for each in answering(subject):
        yield each, tuple(each.recipe.bases(each.build, each.made))


def _pinned(image: str) -> bool:
    tag = image.rpartition("/")[2].partition(":")[2]
    return "@sha256:" in image or bool(re.search(r"\d", tag)) or any(word in tag for word in CODENAMES)


def _floating(subject: Subject) -> Iterator[Finding]:
    for each, uses in _bases(subject):
        for use in uses:
            image = use.base.image
            if use.written and not _pinned(image) and not names.violation(names.Kind.IMAGE_REFERENCE, image):
                tag = image.rpartition("/")[2].partition(":")[2]
                words = f'tag "{tag}" says no version' if tag else "it has no tag"
                yield Finding(
                    (*each.path, use.key),
                    f'base image "{image}" changes without notice: {words}',
                    f"pin a version, such as {use.pinned}" if use.pinned else "pin a version or a digest",
                )


def _retired(subject: Subject) -> Iterator[Finding]:
    for each, uses in _bases(subject):
        by_key = {use.key: use for use in reversed(uses) if use.base.retired}
        for key, use in reversed(by_key.items()):
            release = f"{use.base.distribution} {use.base.release}".strip()
            message = f'base image "{use.base.image}" stands on {release}, which gets no more fixes'
            yield Finding((*each.path, key), message, use.newer or "write an image on a newer release")


def _mismatched(subject: Subject) -> Iterator[Finding]:
    for each, uses in _bases(subject):
        stages = {use.stage: use for use in uses}
        builder, runtime = stages.get("builder"), stages.get("runtime")
        if builder is None or runtime is None or _agree(builder.base, runtime.base):
            continue
        if not (builder.written or runtime.written):
            continue
        chosen, other = (runtime, builder) if runtime.written else (builder, runtime)
        yield Finding(
            (*each.path, chosen.key),
            f"the release is built on {builder.base.distribution} {builder.base.release}".rstrip()
            + f" and runs on {runtime.base.distribution} {runtime.base.release}".rstrip(),
            "write builder and runtime of one distribution and release: native code finds its libraries only there",
            related=(((*each.path, other.key), f"the {other.stage} is chosen here"),) if other.written else (),
        )


def _agree(first: Base, second: Base) -> bool:
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
    for name in subject.spec.containers:
        path = ("containers", name, "build", "dockerfile")
        resolved = subject.project.paths.get(path)
        if resolved is not None and resolved in subject.project.absent:
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
    Rule("CG633", "unknown-version", Severity.ERROR, _unknown_version),
    Rule("CG634", "mismatched-bases", Severity.ERROR, _mismatched),
    Rule("CG635", "floating-base", Severity.WARNING, _floating),
    Rule("CG636", "retired-base", Severity.INFO, _retired),
    Rule("CG637", "foreign-build-platform", Severity.ERROR, _platform),
    Rule("CG638", "file-outside-repository", Severity.ERROR, _outside),
    Rule("CG639", "missing-dockerfile", Severity.ERROR, _absent),
    Rule("CG640", "shared-repository", Severity.ERROR, _shared_repository),
)
