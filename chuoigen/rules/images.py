"""Images: what containers run, and those that are built here: versions, bases, the files that they need."""

import re
from collections.abc import Iterator

from chuoigen.aws import names
from chuoigen.aws.names import Kind
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.messages import Key, Texts
from chuoigen.recipes.answers import BaseUse, UnknownVersion
from chuoigen.recipes.bases import CODENAMES, Base
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

_MOVING_TAGS = ("latest", "edge", "main", "master", "nightly", "stable")
_say = Texts(__name__)


@each(containers)
def _missing_image(name: str, container: Container) -> Iterator[Finding]:
    if container.image is None and container.build is None:
        yield Finding(("containers", name), _say("missing-image", container=name), on_key=True)


@each(containers)
def _image_and_build(name: str, container: Container) -> Iterator[Finding]:
    if container.image is not None and container.build is not None:
        path = ("containers", name)
        note = (*path, "build"), _say("image-and-build.note")
        words = _say("image-and-build", container=name)
        yield Finding((*path, "image"), words, on_key=True, related=(note,))


def _images(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield the images that containers name: what they run, and what a recipe starts from."""
    for name, container in subject.spec.containers.items():
        if container.image is not None:
            yield ("containers", name, "image"), container.image
        for key in ("base", "builder", "runtime"):
            image = getattr(container.build, key, None)
            if image is not None:
                yield ("containers", name, "build", key), image


@each(_images)
def _image_reference(path: KeyPath, image: str) -> Iterator[Finding]:
    violation = names.violation(Kind.IMAGE_REFERENCE, image)
    if violation:
        yield Finding(path, _say("image-reference", image=image, violation=violation))


@each(containers)
def _mutable_tag(name: str, container: Container) -> Iterator[Finding]:
    image = container.image
    if image is None or "@" in image or names.violation(Kind.IMAGE_REFERENCE, image):
        return
    _, colon, tag = image.rpartition("/")[2].partition(":")
    path = ("containers", name, "image")
    if not colon:
        yield Finding(path, _say("mutable-image-tag.none", image=image, container=name))
    elif tag in _MOVING_TAGS:
        yield Finding(path, _say("mutable-image-tag", image=image, container=name, tag=tag))


def _versions(subject: Subject) -> Iterator[tuple[KeyPath, UnknownVersion]]:
    for asked in answering(subject):
        for unknown in asked.recipe.unknown_versions(asked.build):
            yield (*asked.path, unknown.key), unknown


@each(_versions)
def _unknown_version(path: KeyPath, unknown: UnknownVersion) -> Iterator[Finding]:
    yield Finding(
        path,
        _say(
            "unknown-version",
            product=unknown.product,
            version=unknown.version,
            keys=tuple(Key(("build", key)) for key in unknown.instead),
            versions=tuple(unknown.known),
        ),
    )


def _bases(subject: Subject) -> Iterator[tuple[Answering, tuple[BaseUse, ...]]]:
    for asked in answering(subject):
        yield asked, tuple(asked.recipe.bases(asked.build, asked.made))


def _tag(image: str) -> str:
    return image.rpartition("/")[2].partition(":")[2]


def _pinned(image: str) -> bool:
    tag = _tag(image)
    return "@sha256:" in image or bool(re.search(r"\d", tag)) or any(word in tag for word in CODENAMES)


@each(_bases)
def _floating(asked: Answering, uses: tuple[BaseUse, ...]) -> Iterator[Finding]:
    for use in uses:
        image = use.base.image
        if not use.written or _pinned(image) or names.violation(Kind.IMAGE_REFERENCE, image):
            continue
        why = _say("reason.tag", tag=_tag(image)) if _tag(image) else _say("reason.no-tag")
        words = (
            _say("floating-base.such-as", image=image, why=why, pinned=use.pinned)
            if use.pinned
            else _say("floating-base", image=image, why=why)
        )
        yield Finding((*asked.path, use.key), words)


def _release(base: Base) -> str:
    return f"{base.distribution} {base.release}".strip()


@each(_bases)
def _retired(asked: Answering, uses: tuple[BaseUse, ...]) -> Iterator[Finding]:
    by_key = {use.key: use for use in reversed(uses) if use.base.retired}
    for key, use in reversed(by_key.items()):
        image, release = use.base.image, _release(use.base)
        words = (
            _say("retired-base.newer", image=image, release=release, newer=use.newer)
            if use.newer
            else _say("retired-base", image=image, release=release)
        )
        yield Finding((*asked.path, key), words)


@each(_bases)
def _mismatched(asked: Answering, uses: tuple[BaseUse, ...]) -> Iterator[Finding]:
    stages = {use.stage: use for use in uses}
    builder, runtime = stages.get("builder"), stages.get("runtime")
    if builder is None or runtime is None or _agree(builder.base, runtime.base):
        return
    if builder.written or runtime.written:
        chosen, other = (runtime, builder) if runtime.written else (builder, runtime)
        words = _say("mismatched-bases", builder=_release(builder.base), runtime=_release(runtime.base))
        note = (*asked.path, other.key), _say("mismatched-bases.note")
        yield Finding((*asked.path, chosen.key), words, related=(note,) if other.written else ())


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
            words = _say("foreign-build-platform", container=name, written=written, wanted=wanted)
            note = ("task", "platform"), _say("foreign-build-platform.note")
            yield Finding(("containers", name, "build", "platform"), words, related=(note,))


def _outside(subject: Subject) -> Iterator[Finding]:
    for path, resolved in subject.project.paths.items():
        container = subject.spec.containers.get(str(path[1]))
        if resolved is None and container is not None and container.build is not None:
            yield Finding(path, _say("file-outside-repository", key=Key(path[2:]), container=str(path[1])))


def _absent(subject: Subject) -> Iterator[Finding]:
    for name in subject.spec.containers:
        path = ("containers", name, "build", "dockerfile")
        resolved = subject.project.paths.get(path)
        if resolved is not None and resolved in subject.project.absent:
            yield Finding(path, _say("missing-dockerfile", file=resolved, container=name))


def _shared_repository(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for container in subject.plan.built:
        repository, name = container.image.repository or "", container.name
        first = seen.setdefault(repository, name)
        if first != name:
            words = _say("shared-repository", containers=(first, name), repository=repository)
            note = ("containers", first, "build", "repository"), _say("shared-repository.note")
            yield Finding(("containers", name, "build", "repository"), words, related=(note,))


RULES: tuple[Rule, ...] = (
    Rule("CG223", "missing-image", Severity.ERROR, _missing_image),
    Rule("CG224", "image-and-build", Severity.ERROR, _image_and_build),
    Rule("CG227", "image-reference", Severity.ERROR, _image_reference),
    Rule("CG228", "mutable-image-tag", Severity.WARNING, _mutable_tag),
    Rule("CG633", "unknown-version", Severity.ERROR, _unknown_version),
    Rule("CG634", "mismatched-bases", Severity.ERROR, _mismatched),
    Rule("CG635", "floating-base", Severity.WARNING, _floating),
    Rule("CG636", "retired-base", Severity.INFO, _retired),
    Rule("CG637", "foreign-build-platform", Severity.ERROR, _platform),
    Rule("CG638", "file-outside-repository", Severity.ERROR, _outside),
    Rule("CG639", "missing-dockerfile", Severity.ERROR, _absent),
    Rule("CG640", "shared-repository", Severity.ERROR, _shared_repository),
)
