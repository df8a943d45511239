"""What the recipe fluentd takes over into its configuration: which files it tails, and what objects are called."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.spec.build import FluentdBuild
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


def _early_end(subject: Subject) -> Iterator[Finding]:
    """Report each writer of tailed files that does not wait for their shipper: ECS stops in the opposite order."""
    containers = subject.spec.containers
    for name, _, build in _fluentds(subject):
        for writer, container in containers.items():
            written = [volume for volume in build.tail if volume in container.mounts]
            writes = any(not container.mounts[volume].read_only for volume in written)
            if writer != name and writes and name not in _awaited(containers, writer):
                yield Finding(
                    ("containers", writer),
                    f'container "{name}" may stop before "{writer}", whose last lines it would not send',
                    f"write depends_on: {{ {name}: start }} here: ECS stops containers in the opposite order",
                    on_key=True,
                    related=((("containers", name), f'"{name}" tails what "{writer}" writes'),),
                )


def _awaited(containers: Mapping[str, Container], name: str) -> set[str]:
    """Return the containers that must start before one, directly or through others."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        waiting = containers.get(ahead.pop())
        fresh = [other for other in (waiting.depends_on if waiting else ()) if other not in found]
        found.update(fresh)
        ahead += fresh
    return found


RULES: tuple[Rule, ...] = (
    Rule("CG656", "object-prefix", Severity.ERROR, _prefix),
    Rule("CG657", "tail-pattern", Severity.WARNING, _pattern),
    Rule("CG658", "plugin-version-format", Severity.ERROR, _plugin_version),
    Rule("CG659", "early-log-shipper", Severity.WARNING, _early_end),
)
