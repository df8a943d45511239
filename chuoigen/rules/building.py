"""What recipes write into Dockerfiles: words that a program would read otherwise than meant, and what is missing."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.messages import Key, Texts
from chuoigen.recipes.answers import Words
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

# Names, and what apk and apt take behind them: versions, architectures, releases. "!name" and "-x" are no names.
_PACKAGE = r"[A-Za-z0-9][A-Za-z0-9+._:=~<>@/-]*"
_SUGGESTED_MIB = 16
_say = Texts(__name__)


def _words(subject: Subject) -> Iterator[tuple[str, KeyPath, Words]]:
    """Yield what stands where a program looks for options, with the container and the path of its build."""
    for each in answering(subject):
        context = (subject.project.paths.get((*each.path, "context")) or "") if each.recipe.files else ""
        if context.startswith("--"):  # COPY's own options have two hyphens, and what is copied is below it
            yield each.name, each.path, Words(("context",), context, "--")
        else:
            for key, source in each.recipe.copied(each.build):
                yield each.name, each.path, Words(key, posixpath.normpath(source), "--")
        for words in each.recipe.words(each.build):
            yield each.name, each.path, words


def _leading_hyphen(subject: Subject) -> Iterator[Finding]:
    for name, path, words in _words(subject):
        if words.text.startswith(words.option):
            key = Key(tuple(part for part in words.path if isinstance(part, str)))
            yield Finding((*path, *words.path), _say("leading-hyphen", key=key, text=words.text, container=name))


def _outside_context(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for key, source in each.recipe.copied(each.build):
            outside = posixpath.normpath(source).split("/")[0] == ".."
            if outside or source.startswith("/"):
                fault = "outside" if outside else "absolute"
                words = _say(f"source-outside-context.{fault}", source=source, container=each.name)
                yield Finding((*each.path, *key), words)


def _package(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for index, package in enumerate(getattr(each.build, "packages", ())):
            if not re.fullmatch(_PACKAGE, package):
                words = _say("package-format", package=" ".join(package.split()), container=each.name)
                yield Finding((*each.path, "packages", index), words)


def _reserved_argument(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for argument in each.recipe.reserved_arguments:
            if argument in each.build.args:
                words = _say("reserved-build-argument", argument=argument, container=each.name)
                yield Finding((*each.path, "args", argument), words, on_key=True)


def _writable(container: Container, path: str) -> bool:
    """Say whether a path lies in a file system that can be written to although the root cannot."""
    places = [mount.path for mount in container.mounts.values() if not mount.read_only]
    places += [place for place, tmpfs in container.tmpfs.items() if "ro" not in tmpfs.options]
    return any(f"{path}/".startswith(f"{place.rstrip('/')}/") for place in places)


def _without_scratch(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        needed = each.recipe.scratch(each.container, each.build, each.made) if each.container.read_only else {}
        missing = {path: why for path, why in needed.items() if not _writable(each.container, path)}
        if missing:
            words = _say(
                "read-only-without-scratch",
                container=each.name,
                reasons=tuple(_say("reason", why=why, path=path) for path, why in missing.items()),
                mounts=tuple(f"{path}: {_SUGGESTED_MIB} MiB" for path in missing),
            )
            yield Finding(("containers", each.name, "read_only"), words)


RULES: tuple[Rule, ...] = (
    Rule("CG642", "leading-hyphen", Severity.ERROR, _leading_hyphen, generated=True),
    Rule("CG643", "source-outside-context", Severity.ERROR, _outside_context),
    Rule("CG645", "package-format", Severity.ERROR, _package),
    Rule("CG646", "reserved-build-argument", Severity.ERROR, _reserved_argument),
    Rule("CG647", "read-only-without-scratch", Severity.ERROR, _without_scratch),
)
