"""What the recipe fluentbit takes over into its configuration: files, names of objects, and what FireLens reads."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.messages import Texts
from chuoigen.recipes.fluentbit import facts
from chuoigen.recipes.fluentbit.language import FluentbitBuild
from chuoigen.recipes.fluentbit.planning import FluentbitPlan

_say = Texts(__name__)

# The key format has no escape for $ and %, IAM none that reads well for its wildcards.
_PREFIX = r"[A-Za-z0-9_./=+@:,-]*"
_OBJECT_MIB = (1, 1024)


def _prefix(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in of_recipe(subject, FluentbitBuild, FluentbitPlan):
        prefix = build.s3.prefix if build.s3 else None
        if prefix is not None and not re.fullmatch(_PREFIX, prefix):
            yield Finding((*path, "s3", "prefix"), _say("object-name-prefix", prefix=prefix, container=name))


def _fault(pattern: str) -> str:
    """Say how a pattern means other files than it seems to; "" for one that does not."""
    if pattern.startswith("/") or posixpath.normpath(pattern).split("/")[0] == "..":
        return "outside"
    if "," in pattern:
        return "comma"
    return "blank" if pattern != pattern.strip() else "variable" if "${" in pattern else ""


def _files(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in of_recipe(subject, FluentbitBuild, FluentbitPlan):
        for volume, pattern in build.tail.items():
            fault = _fault(pattern)
            if fault:
                words = _say(f"tailed-files.{fault}", pattern=pattern, volume=volume)
                yield Finding((*path, "tail", volume), words)
        for volume in (*build.tail, *([build.state] if build.state else [])):
            mount = subject.spec.containers[name].mounts.get(volume)
            if mount is not None and (re.search(r"[,*?\[]|\$\{", mount.path) or mount.path != mount.path.strip()):
                where = ("containers", name, "mounts", volume, "path")
                yield Finding(where, _say("tailed-files.mount", path=mount.path))


def _idle(subject: Subject) -> Iterator[Finding]:
    for name, path, build, made in of_recipe(subject, FluentbitBuild, FluentbitPlan):
        if not made.router and not build.tail:
            yield Finding(path, _say("idle-log-shipper.tail", container=name), on_key=True)
        if build.s3 is None and (build.tail or not made.router):
            yield Finding(path, _say("idle-log-shipper.s3", container=name), on_key=True)


def _router(subject: Subject) -> Iterator[Finding]:
    for name, _, _, _ in of_recipe(subject, FluentbitBuild, FluentbitPlan):
        firelens, path = subject.spec.containers[name].firelens, ("containers", name, "firelens")
        if firelens is None:
            continue
        if firelens.type != "fluentbit":
            yield Finding((*path, "type"), _say("unread-router-file.type", container=name, type=firelens.type))
        wanted = {"config-file-type": "file", "config-file-value": facts.EXTRA}
        wrong = [key for key, value in wanted.items() if firelens.options.get(key) != value]
        if wrong:
            written = next((key for key in wrong if key in firelens.options), None)
            place = path if written is None else (*path, "options", written)
            words = _say("unread-router-file", container=name, file=facts.EXTRA)
            yield Finding(place, words, on_key=written is None)


def _object_size(subject: Subject) -> Iterator[Finding]:
    for _, path, build, _ in of_recipe(subject, FluentbitBuild, FluentbitPlan):
        least, most = _OBJECT_MIB
        if build.s3 is not None and not least <= build.s3.object_size <= most:
            size = build.s3.object_size
            yield Finding((*path, "s3", "object_size"), _say("object-size", size=size, least=least, most=most))


RULES: tuple[Rule, ...] = (
    Rule("CG661", "object-name-prefix", Severity.ERROR, _prefix),
    Rule("CG662", "tailed-files", Severity.ERROR, _files),
    Rule("CG663", "idle-log-shipper", Severity.ERROR, _idle),
    Rule("CG664", "unread-router-file", Severity.ERROR, _router),
    Rule("CG665", "object-size", Severity.ERROR, _object_size),
)
