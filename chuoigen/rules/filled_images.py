"""Images that are known when they are deployed: their placeholders, and where such an image comes from."""

import re
from collections.abc import Iterator

from chuoigen.aws import names
from chuoigen.aws.names import Kind
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.spec.container import WrittenImage
from chuoigen.yaml.document import KeyPath
from chuoigen.yaml.unknown import OF_IMAGES, alone

_say = Texts(__name__)
_PLACEHOLDER = r"[A-Za-z0-9_]{1,100}"


def _images(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenImage]]:
    for name, container in subject.spec.containers.items():
        if container.image is not None:
            yield ("containers", name, "image"), name, container.image


def _holes(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenImage]]:
    return (found for found in _images(subject) if found[2].filled_by is not None)


@each(_images)
def _written_hole(path: KeyPath, name: str, image: WrittenImage) -> Iterator[Finding]:
    found = alone(image.name, OF_IMAGES) if image.name is not None else None
    if found is None:
        return
    hint = found.hint if re.fullmatch(_PLACEHOLDER, found.hint) else ""
    variant = "written-placeholder.named" if hint else "written-placeholder.other"
    yield Finding((*path, "name"), _say(variant, container=name, image=found.text, placeholder=hint))


def _placeholders(subject: Subject) -> Iterator[Finding]:
    for path, name, image in _images(subject):
        for key in ("repository", "placeholder"):
            if image.filled_by is None and getattr(image, key) is not None:
                words = _say("image-placeholder.unfilled", container=name, key=Key((key,)))
                yield Finding((*path, key), words, on_key=True)
        if image.placeholder is not None and not re.fullmatch(_PLACEHOLDER, image.placeholder):
            words = _say("image-placeholder.letters", container=name, found=image.placeholder)
            yield Finding((*path, "placeholder"), words)
    yield from _shared(subject)


def _shared(subject: Subject) -> Iterator[Finding]:
    """Report one placeholder for images of two places: a pipeline fills both with the same image."""
    seen: dict[str, tuple[str, str | None]] = {}
    for path, name, _ in _holes(subject):
        image = subject.plan.containers[name].image
        first, filled = seen.setdefault(image.reference, (name, image.filled))
        if filled != image.filled:
            note = ((("containers", first, "image"), _say("image-placeholder.note")),)
            words = _say("image-placeholder.twice", containers=(first, name), placeholder=image.reference)
            yield Finding(path, words, related=note)


@each(_holes)
def _repository(path: KeyPath, name: str, image: WrittenImage) -> Iterator[Finding]:
    written = image.repository
    violation = names.violation(Kind.IMAGE_REFERENCE, written) if written is not None else None
    if written is None:
        return
    if violation is not None:
        yield Finding((*path, "repository"), _say("image-repository.name", found=written, violation=violation))
    elif "@" in written or ":" in written.rpartition("/")[2]:
        yield Finding((*path, "repository"), _say("image-repository.tag", container=name, found=written))


@each(_holes)
def _source(path: KeyPath, name: str, image: WrittenImage) -> Iterator[Finding]:
    if image.repository is None:
        yield Finding((*path, "filled_by"), _say("image-source", container=name))


RULES: tuple[Rule, ...] = (
    Rule("CG931", "written-placeholder", Severity.ERROR, _written_hole, generated=True),
    Rule("CG932", "image-placeholder", Severity.ERROR, _placeholders, generated=True),
    Rule("CG933", "image-repository", Severity.ERROR, _repository, generated=True),
    Rule("CG934", "image-source", Severity.INFO, _source, generated=True),
)
