"""What recipes write into Dockerfiles: words that a program would read otherwise than meant, and what is missing."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.recipes.answers import Words
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

# Names, and what apk and apt take behind them: versions, architectures, releases. "!name" and "-x" are no names.
_PACKAGE = r"[A-Za-z0-9][A-Za-z0-9+._:=~<>@/-]*"
_SUGGESTED_MIB = 16


def _words(subject: Subject) -> Iterator[tuple[str, KeyPath, Words]]:
    """Yield what stands where a program looks for options, with the container and the path of its build."""
    for each in answering(subject):
        context = getattr(each.made, "context", "") if each.recipe.files else ""
        if context.startswith("--"):  # COPY's own options have two hyphens, and what is copied is below it
            yield each.name, each.path, Words(("context",), "context", context, "--")
        else:
            for key, source in each.recipe.copied(each.build):
                yield each.name, each.path, Words(key, "source", source, "--")
        for words in each.recipe.words(each.build):
            yield each.name, each.path, words


def _leading_hyphen(subject: Subject) -> Iterator[Finding]:
    for name, path, words in _words(subject):
        text = posixpath.normpath(words.text) if words.what == "source" else words.text
        if text.startswith(words.option):
            yield Finding(
                (*path, *words.path),
                f'{words.what} "{words.text}" of container "{name}" starts like an option, and would be read as one',
                f"choose a name for the {words.what} that does not start with a hyphen",
            )


def _outside_context(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for key, source in each.recipe.copied(each.build):
            outside = posixpath.normpath(source).split("/")[0] == ".."
            if not outside and not source.startswith("/"):
                continue
            yield Finding(
                (*each.path, *key),
                f'source "{source}" of container "{each.name}" '
                f"{'leaves the context' if outside else 'is an absolute path, and the build sees the context only'}",
                "name a file or folder below the context, relative to it",
            )


def _package(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for index, package in enumerate(getattr(each.build, "packages", ())):
            if not re.fullmatch(_PACKAGE, package):
                shown = " ".join(package.split())
                yield Finding(
                    (*each.path, "packages", index),
                    f'"{shown}" in packages of container "{each.name}" is not the name of one package',
                    "write each package as an item of its own: [imagemagick, libvips]",
                )


def _reserved_argument(subject: Subject) -> Iterator[Finding]:
    for each in answering(subject):
        for argument in each.recipe.reserved_arguments:
            if argument in each.build.args:
                yield Finding(
                    (*each.path, "args", argument),
                    f'build argument {argument} of container "{each.name}" is the recipe\'s own: it says where the '
                    "generated files are",
                    "give the argument another name",
                    on_key=True,
                )


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
            reasons = " and ".join(f"{why} in {path}" for path, why in missing.items())
            mounts = ", ".join(f"{path}: {_SUGGESTED_MIB} MiB" for path in missing)
            yield Finding(
                ("containers", each.name, "read_only"),
                f'container "{each.name}" cannot start with a read-only file system: {reasons}',
                f"write tmpfs: {{ {mounts} }} beside it, or mount a volume there",
            )


RULES: tuple[Rule, ...] = (
    Rule("CG642", "leading-hyphen", Severity.ERROR, _leading_hyphen),
    Rule("CG643", "source-outside-context", Severity.ERROR, _outside_context),
    Rule("CG645", "package-format", Severity.ERROR, _package),
    Rule("CG646", "reserved-build-argument", Severity.ERROR, _reserved_argument),
    Rule("CG647", "read-only-without-scratch", Severity.ERROR, _without_scratch),
)
