"""What the recipe fluentd takes over into its configuration: which files it tails, and what objects are called."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.messages import Texts
from chuoigen.recipes.fluentd.language import FluentdBuild
from chuoigen.recipes.fluentd.planning import FluentdPlan

_say = Texts(__name__)

# out_s3 and IAM have no escape for their placeholders, IAM none that reads well for its wildcards.
_PREFIX_FAULTS = {"placeholder": r"\$\{", "expression": r"%\{", "wildcard": r"[*?]"}
# Dates in names are usual: in_tail formats these with the time (Ruby's strftime), and knows %% for the sign itself.
_STRAY_PERCENT = r"%(?![YCymdjHIMSGgVUWuwaAbBe])"
_GEM_VERSION = r"(?:(?:=|!=|>|<|>=|<=|~>) *)?\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?"


def _prefix(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in of_recipe(subject, FluentdBuild, FluentdPlan):
        prefix = build.s3.prefix or ""
        fault = next((fault for fault, expression in _PREFIX_FAULTS.items() if re.search(expression, prefix)), None)
        if fault:
            why = _say(f"object-prefix.{fault}")
            yield Finding((*path, "s3", "prefix"), _say("object-prefix", prefix=prefix, container=name, why=why))


def _fault(pattern: str) -> str:
    """Say how a pattern means other files than it seems to; "" for one that does not."""
    if pattern.startswith("/") or posixpath.normpath(pattern).split("/")[0] == "..":
        return "outside"
    if "," in pattern:
        return "comma"
    return "percent" if re.search(_STRAY_PERCENT, pattern.replace("%%", "")) else ""


def _pattern(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in of_recipe(subject, FluentdBuild, FluentdPlan):
        for volume, pattern in build.tail.items():
            fault = _fault(pattern)
            if fault:
                words = _say(f"tail-pattern.{fault}", pattern=pattern, volume=volume)
                yield Finding((*path, "tail", volume), words)
            mount = subject.spec.containers[name].mounts.get(volume)
            if mount is not None and re.search("[,%*]", mount.path):
                where = ("containers", name, "mounts", volume, "path")
                yield Finding(where, _say("tail-pattern.mount", path=mount.path))


def _plugin_version(subject: Subject) -> Iterator[Finding]:
    for _, path, build, _ in of_recipe(subject, FluentdBuild, FluentdPlan):
        if build.s3_plugin is not None and not re.fullmatch(_GEM_VERSION, build.s3_plugin):
            yield Finding((*path, "s3_plugin"), _say("plugin-version-format", version=build.s3_plugin))


RULES: tuple[Rule, ...] = (
    Rule("CG656", "object-prefix", Severity.ERROR, _prefix),
    Rule("CG657", "tail-pattern", Severity.WARNING, _pattern),
    Rule("CG658", "plugin-version-format", Severity.ERROR, _plugin_version),
)
