"""Images that are built here: their versions, their base images, the files that they need."""

import re
from collections.abc import Iterator

from chuoigen.aws import names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.messages import Key, Texts
from chuoigen.recipes.answers import BaseUse
from chuoigen.recipes.bases import CODENAMES, Base
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


def _unknown_version(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for unknown in each.recipe.unknown_versions(each.build):
            words = _say(
                "unknown-version",
                count=len(unknown.instead),
                product=unknown.product,
                version=unknown.version,
                keys=tuple(Key((key,)) for key in unknown.instead),
                known=unknown.known,
            )
            yield Finding((*each.path, unknown.key), words)


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
                why = _say("floating-base.tag", tag=tag) if tag else _say("floating-base.without-tag")
                advice = "floating-base.pinned" if use.pinned else "floating-base.other"
                yield Finding((*each.path, use.key), _say(advice, image=image, why=why, pinned=use.pinned))


def _retired(subject: Subject) -> Iterator[Finding]:
    for each, uses in _bases(subject):
        by_key = {use.key: use for use in reversed(uses) if use.base.retired}
        for key, use in reversed(by_key.items()):
            words = _say(
                "retired-base",
                image=use.base.image,
                release=f"{use.base.distribution} {use.base.release}".strip(),
                day=use.base.end_of_life or "",
                newer=use.newer or _say("retired-base.newer"),
            )
            yield Finding((*each.path, key), words)


def _mismatched(subject: Subject) -> Iterator[Finding]:
    for each, uses in _bases(subject):
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
        note = ((*each.path, other.key), _say("mismatched-bases.note", key=Key((other.stage,))))
        yield Finding((*each.path, chosen.key), words, related=(note,) if other.written else ())


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
    for each in answering(subject):
        written = each.build.platform
        if written is not None and written != wanted:
            words = _say("foreign-build-platform", container=each.name, written=written, wanted=wanted)
            note = (("task", "platform"), _say("foreign-build-platform.note"))
            yield Finding((*each.path, "platform"), words, related=(note,))


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
            words = _say("shared-repository", containers=(first, container.name), repository=repository)
            note = (("containers", first, "build", "repository"), _say("shared-repository.note"))
            yield Finding(("containers", container.name, "build", "repository"), words, related=(note,))


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
