"""Images: what containers run, and those that are built here: versions, bases, the files that they need."""

import difflib
import re
from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.aws import arn, names
from chuoigen.aws.names import Kind
from chuoigen.aws.registries import PUBLIC_REGISTRIES, registry_of
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.messages import Key, Texts
from chuoigen.plan.references import image_references
from chuoigen.recipes.answers import BaseUse
from chuoigen.recipes.bases import CODENAMES, Base
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath
from chuoigen.yaml.unknown import OF_IMAGES, alone

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
        if container.image is not None and container.image.name is not None:
            yield ("containers", name, "image", "name"), container.image.name
        for key in ("base", "builder", "runtime"):
            image = getattr(container.build, key, None)
            if image is not None:
                yield ("containers", name, "build", key), image


@each(_images)
def _image_reference(path: KeyPath, image: str) -> Iterator[Finding]:
    violation = names.violation(Kind.IMAGE_REFERENCE, image)
    if violation and alone(image, OF_IMAGES) is None:
        yield Finding(path, _say("image-reference", image=image, violation=violation))


@each(containers)
def _mutable_tag(name: str, container: Container) -> Iterator[Finding]:
    image = container.image.name if container.image is not None else None
    if image is None or "@" in image or names.violation(Kind.IMAGE_REFERENCE, image):
        return
    _, colon, tag = image.rpartition("/")[2].partition(":")
    path = ("containers", name, "image", "name")
    if not colon:
        yield Finding(path, _say("mutable-image-tag.none", image=image, container=name))
    elif tag in _MOVING_TAGS:
        yield Finding(path, _say("mutable-image-tag", image=image, container=name, tag=tag))


def _unknown_version(subject: Subject) -> Iterator[Finding]:
    for asked in answering(subject):
        for unknown in asked.recipe.unknown_versions(asked.build):
            words = _say(
                "unknown-version",
                count=len(unknown.instead),
                product=unknown.product,
                version=unknown.version,
                keys=tuple(Key((key,)) for key in unknown.instead),
                known=unknown.known,
            )
            yield Finding((*asked.path, unknown.key), words)


def _bases(subject: Subject) -> Iterator[tuple[Answering, tuple[BaseUse, ...]]]:
    for asked in answering(subject):
        yield asked, tuple(asked.recipe.bases(asked.build, asked.made))


def _pinned(image: str) -> bool:
    tag = image.rpartition("/")[2].partition(":")[2]
    return "@sha256:" in image or bool(re.search(r"\d", tag)) or any(word in tag for word in CODENAMES)


def _floating(subject: Subject) -> Iterator[Finding]:
    for asked, uses in _bases(subject):
        for use in uses:
            image = use.base.image
            if use.written and not _pinned(image) and not names.violation(Kind.IMAGE_REFERENCE, image):
                tag = image.rpartition("/")[2].partition(":")[2]
                why = _say("floating-base.tag", tag=tag) if tag else _say("floating-base.without-tag")
                advice = "floating-base.pinned" if use.pinned else "floating-base.other"
                yield Finding((*asked.path, use.key), _say(advice, image=image, why=why, pinned=use.pinned))


def _retired(subject: Subject) -> Iterator[Finding]:
    for asked, uses in _bases(subject):
        by_key = {use.key: use for use in reversed(uses) if use.base.retired}
        for key, use in reversed(by_key.items()):
            words = _say(
                "retired-base",
                image=use.base.image,
                release=use.base.ended,
                day=use.base.end_of_life or "",
                newer=use.newer or _say("retired-base.newer"),
            )
            yield Finding((*asked.path, key), words)


def _mismatched(subject: Subject) -> Iterator[Finding]:
    for asked, uses in _bases(subject):
        stages = {use.stage: use for use in uses}
        builder, runtime = stages.get("builder"), stages.get("runtime")
        if builder is None or runtime is None or _agree(builder.base, runtime.base):
            continue
        if not (builder.written or runtime.written):
            continue
        chosen, other = (runtime, builder) if runtime.written else (builder, runtime)
        words = _say(
            "mismatched-bases",
            builder=f"{builder.base.distribution} {builder.base.release}".rstrip(),
            runtime=f"{runtime.base.distribution} {runtime.base.release}".rstrip(),
        )
        note = ((*asked.path, other.key), _say("mismatched-bases.note", key=Key((other.stage,))))
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
    for asked in answering(subject):
        written = asked.build.platform
        if written is not None and written != wanted:
            words = _say("foreign-build-platform", container=asked.name, written=written, wanted=wanted)
            note = (("task", "platform"), _say("foreign-build-platform.note"))
            yield Finding((*asked.path, "platform"), words, related=(note,))


def _outside(subject: Subject) -> Iterator[Finding]:
    for path, resolved in subject.project.paths.items():
        if resolved is None and _exists(subject, path):
            yield Finding(path, _say("file-outside-repository", key=Key((str(path[-1]),)), container=path[1]))


def _exists(subject: Subject, path: KeyPath) -> bool:
    container = subject.spec.containers.get(str(path[1]))
    return container is not None and container.build is not None


def _absent(subject: Subject) -> Iterator[Finding]:
    for name in subject.spec.containers:
        path = ("containers", name, "build", "dockerfile")
        resolved = subject.project.paths.get(path)
        if resolved is not None and resolved in subject.project.absent:
            yield Finding(path, _say("missing-dockerfile", file=resolved, container=name))


def _shared_repository(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for container in subject.plan.built:
        repository = container.image.repository or ""
        first = seen.setdefault(repository, container.name)
        if first != container.name:
            words = _say("shared-repository", containers=(first, container.name), first=first, repository=repository)
            note = (("containers", first, "build", "repository"), _say("shared-repository.note"))
            yield Finding(("containers", container.name, "build", "repository"), words, related=(note,))


@each(containers)
def _ambiguous_image(name: str, container: Container) -> Iterator[Finding]:
    image = container.image
    if image is not None and sum(one is not None for one in (image.name, image.ref, image.filled_by)) != 1:
        yield Finding(("containers", name, "image"), _say("ambiguous-image", container=name))


def _unknown_image(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        reference = container.image.ref if container.image is not None else None
        known = tuple(image_references(subject.spec, name))
        if reference is not None and reference not in known:
            choice = tuple(difflib.get_close_matches(reference, known, 1)) or known
            words = _say("unknown-image-reference", container=name, reference=reference, choice=choice)
            yield Finding(("containers", name, "image", "ref"), words)


def _own_repository(subject: Subject) -> Iterator[Finding]:
    """Report an image that is named by the repository into which this spec pushes another container's."""
    built = {f"{each.image.registry}/{each.image.repository}": each.name for each in subject.plan.built}
    for name, container in subject.spec.containers.items():
        written, decided = container.image, subject.plan.containers[name].image
        if written is None or written.ref is not None:
            continue
        head, slash, last = (written.name or decided.filled or "").partition("@")[0].rpartition("/")
        owner = built.get(f"{head}{slash}{last.partition(':')[0]}")
        if owner is not None and (written.name or decided.hole):
            reference = f"containers.{owner}.image"
            path = "containers", name, "image", "name" if written.name else "repository"
            words = _say("image-of-this-spec", container=name, owner=owner, reference=reference)
            yield Finding(path, words)


def _shared_image(subject: Subject) -> Iterator[Finding]:
    """Report who runs the image of a container that has none to share, or says something about it."""
    for one in answering(subject, built=False):
        name = one.recipe.image_of(one.build)
        if name is None:
            continue
        owner = subject.spec.containers.get(name)
        if owner is None or not _shares(one, owner):
            words = _say("shared-image.no-image", container=one.name, owner=name, recipe=one.recipe.name)
            note = (("containers", name, "build", "recipe"), _say("shared-image.note"))
            related = (note,) if owner is not None and owner.build is not None else ()
            yield Finding((*one.path, "image_of"), words, related=related)
            continue
        for key in sorted(one.build.model_fields_set - one.recipe.process_keys):
            words = _say("shared-image.own-key", container=one.name, owner=name, key=Key((key,)))
            yield Finding((*one.path, key), words, on_key=True)


def _shares(each: Answering, owner: Container) -> bool:
    """Say whether a container builds an image by the recipe of another one, for itself."""
    recipe = recipes.of(owner.build)
    return recipe.name == each.recipe.name and recipe.image_of(owner.build) is None


def _private_base(subject: Subject) -> Iterator[Finding]:
    pipeline = subject.spec.pipeline
    logins = pipeline.logins if pipeline is not None else {}
    for asked, uses in _bases(subject):
        for use in uses:
            host = registry_of(use.base.image)
            if host not in (*PUBLIC_REGISTRIES, *logins) and arn.parse_ecr(use.base.image) is None:
                words = _say("private-base", container=asked.name, image=use.base.image, host=host)
                yield Finding((*asked.path, use.key), words)


RULES: tuple[Rule, ...] = (
    Rule("CG669", "shared-image", Severity.ERROR, _shared_image),
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
    Rule("CG238", "ambiguous-image", Severity.ERROR, _ambiguous_image),
    Rule("CG239", "unknown-image-reference", Severity.ERROR, _unknown_image),
    Rule("CG240", "image-of-this-spec", Severity.ERROR, _own_repository),
    Rule("CG649", "private-base", Severity.INFO, _private_base),
    Rule("CG640", "shared-repository", Severity.ERROR, _shared_repository),
)
