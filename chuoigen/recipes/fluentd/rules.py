"""What the recipe fluentd takes over into its configuration: which files it tails, and what objects are called."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.recipes.fluentd.language import FluentdBuild
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

# out_s3 and IAM have no escape for their placeholders, IAM none that reads well for its wildcards.
_PREFIX_FAULTS = (
    (r"\$\{", 'fluentd and IAM would take "${" in it for a placeholder'),
    (r"%\{", 'fluentd would take "%{" in it for a placeholder'),
    (r"[*?]", '"*" and "?" in it would let the task role write elsewhere'),
)
# Dates in names are usual: in_tail formats these with the time (Ruby's strftime), and knows %% for the sign itself.
_STRAY_PERCENT = r"%(?![YCymdjHIMSGgVUWuwaAbBe])"
_GEM_VERSION = r"(?:(?:=|!=|>|<|>=|<=|~>) *)?\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?"


def _fluentds(subject: Subject) -> Iterator[tuple[str, Container, FluentdBuild]]:
    for name, container in subject.spec.containers.items():
        if isinstance(container.build, FluentdBuild):
            yield name, container, container.build


def _prefix(subject: Subject) -> Iterator[Finding]:
    for name, _, build in _fluentds(subject):
        prefix = build.s3.prefix or ""
        fault = next((words for expression, words in _PREFIX_FAULTS if re.search(expression, prefix)), None)
        if fault:
            yield Finding(
                ("containers", name, "build", "s3", "prefix"),
                f'the prefix "{prefix}" of container "{name}" would not stay as it is: {fault}',
                "write it out: letters, digits and slashes",
            )


def _pattern_faults(name: str, container: Container, build: FluentdBuild) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield path, fault and remedy of each pattern that means other files than it seems to, and of mounts that do."""
    for volume, pattern in build.tail.items():
        path: KeyPath = ("containers", name, "build", "tail", volume)
        remedy = "write one pattern of files in the volume, such as *.log"
        if pattern.startswith("/") or posixpath.normpath(pattern).split("/")[0] == "..":
            yield path, f'pattern "{pattern}" leaves the volume "{volume}"', remedy
        elif "," in pattern:
            yield path, f'fluentd splits pattern "{pattern}" at its comma, and looks for the rest elsewhere', remedy
        elif re.search(_STRAY_PERCENT, pattern.replace("%%", "")):
            yield path, f'fluentd formats pattern "{pattern}" with the time: a lone "%" does not stay', "write %%"
        mount = container.mounts.get(volume)
        if mount is not None and re.search("[,%*]", mount.path):
            where = ("containers", name, "mounts", volume, "path")
            message = f'fluentd would not read "{mount.path}" as it is: it splits at commas, formats % and expands *'
            yield where, message, "mount the volume at a path of letters, digits, hyphens and slashes"


def _pattern(subject: Subject) -> Iterator[Finding]:
    for name, container, build in _fluentds(subject):
        for path, fault, remedy in _pattern_faults(name, container, build):
            yield Finding(path, fault, remedy)


def _plugin_version(subject: Subject) -> Iterator[Finding]:
    for name, _, build in _fluentds(subject):
        if build.s3_plugin is not None and not re.fullmatch(_GEM_VERSION, build.s3_plugin):
            yield Finding(
                ("containers", name, "build", "s3_plugin"),
                f'"{build.s3_plugin}" is not a version of fluent-plugin-s3',
                'write a number, such as "1.8.3", or delete the key',
            )


RULES: tuple[Rule, ...] = (
    Rule("CG656", "object-prefix", Severity.ERROR, _prefix),
    Rule("CG657", "tail-pattern", Severity.WARNING, _pattern),
    Rule("CG658", "plugin-version-format", Severity.ERROR, _plugin_version),
)
