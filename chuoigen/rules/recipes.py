"""What recipes write into Dockerfiles and configurations: words that a program would read otherwise than meant."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.plan.recipes import FluentdPlan, NginxPlan, PhoenixPlan
from chuoigen.spec.build import PhoenixBuild
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

# Names, and what apk and apt take behind them: versions, architectures, releases. "!name" and "-x" are no names.
_PACKAGE = r"[A-Za-z0-9][A-Za-z0-9+._:=~<>@/-]*"
# What Mix.Release takes, and what the name of an Elixir application, which distillery uses, looks like.
_RELEASE_NAME = "[a-z][a-z0-9_]*"
_GENERATED = "GENERATED"
_SCRATCH = "/tmp"  # noqa: S108  a path in a container
_SUGGESTED_MIB = 16


def _phoenix(subject: Subject) -> Iterator[tuple[str, KeyPath, PhoenixBuild, PhoenixPlan]]:
    for name, container in subject.plan.containers.items():
        written = subject.spec.containers[name].build
        if isinstance(written, PhoenixBuild) and isinstance(container.build, PhoenixPlan):
            yield name, ("containers", name, "build"), written, container.build


def _hyphens(path: KeyPath, build: PhoenixBuild, plan: PhoenixPlan) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield what stands where a program looks for options and looks like one: path, what it is, its text."""
    assets = build.assets
    if plan.context.startswith("--"):  # COPY's own options have two hyphens
        yield (*path, "context"), "context", plan.context
    else:
        for index, source in enumerate(assets.sources if assets else ()):
            if posixpath.normpath(source).startswith("--"):
                yield (*path, "assets", "sources", index), "source", source
    if assets is not None and assets.script is not None and assets.script.startswith("-"):
        yield (*path, "assets", "script"), "script", assets.script


def _leading_hyphen(subject: Subject) -> Iterator[Finding]:
    for name, path, build, plan in _phoenix(subject):
        for where, what, text in _hyphens(path, build, plan):
            yield Finding(
                where,
                f'{what} "{text}" of container "{name}" starts like an option, and would be read as one',
                f"choose a name for the {what} that does not start with a hyphen",
            )


def _outside_context(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in _phoenix(subject):
        for index, source in enumerate(build.assets.sources if build.assets else ()):
            outside = posixpath.normpath(source).split("/")[0] == ".."
            if not outside and not source.startswith("/"):
                continue
            yield Finding(
                (*path, "assets", "sources", index),
                f'source "{source}" of container "{name}" '
                f"{'leaves the context' if outside else 'is an absolute path, and the build sees the context only'}",
                "name a file or folder below the context, relative to it",
            )


def _release_name(subject: Subject) -> Iterator[Finding]:
    for name, path, build, plan in _phoenix(subject):
        if not re.fullmatch(_RELEASE_NAME, plan.release_name):
            called = "is" if build.release_name is not None else "would be"
            yield Finding(
                (*path, "release_name"),
                f'the release of container "{name}" {called} called "{plan.release_name}", which mix refuses',
                "write release_name: small letters, digits and underscores, a letter first",
            )


def _package(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in _phoenix(subject):
        for index, package in enumerate(build.packages):
            if not re.fullmatch(_PACKAGE, package):
                shown = " ".join(package.split())
                yield Finding(
                    (*path, "packages", index),
                    f'"{shown}" in packages of container "{name}" is not the name of one package',
                    "write each package as an item of its own: [imagemagick, libvips]",
                )


def _reserved_argument(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in _phoenix(subject):
        if _GENERATED in build.args:
            yield Finding(
                (*path, "args", _GENERATED),
                f'build argument {_GENERATED} of container "{name}" is the recipe\'s own: it says where the '
                "generated files are",
                "give the argument another name",
                on_key=True,
            )


def _nginx_texts(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the texts that nginx.conf takes over: path, what it is, the text."""
    balancer = subject.spec.load_balancer
    for name, container in subject.spec.containers.items():
        static, plan = getattr(container.build, "static", None), subject.plan.containers[name].build
        if not isinstance(plan, NginxPlan):
            continue
        if plan.root is not None and static in container.mounts:
            yield ("containers", name, "mounts", static, "path"), "mount path", plan.root
        if balancer is not None and balancer.target == name and balancer.health_check is not None:
            yield ("load_balancer", "health_check", "path"), "health check path", balancer.health_check.path
        elif container.healthcheck is not None and container.healthcheck.http is not None:
            yield ("containers", name, "healthcheck", "http"), "health check path", container.healthcheck.http


def _nginx_variable(subject: Subject) -> Iterator[Finding]:
    for path, what, text in _nginx_texts(subject):
        if "$" in (text.partition("?")[0] if what == "health check path" else text):
            yield Finding(
                path,
                f'nginx would take "$" in the {what} "{text}" for a variable, and has no escape for it',
                f"choose a {what} without $",
            )


def _written_at(container: Container, build: object) -> Mapping[str, str]:
    """Return what writes to the root file system before anything is served, by the directory that it needs."""
    if isinstance(build, NginxPlan):
        return {_SCRATCH: "nginx keeps its process id and request bodies"}
    if isinstance(build, FluentdPlan):
        unmounted = getattr(container.build, "state", None) is None
        state = {build.state: "fluentd keeps its buffer"} if unmounted else {}
        return {_SCRATCH: "fluentd makes its lock and compresses", **state}
    if isinstance(build, PhoenixPlan) and build.release == "mix":
        release = container.environment.get("RELEASE_TMP")
        return {(release.value if release else None) or _SCRATCH: "a release writes its configuration when it starts"}
    if isinstance(build, PhoenixPlan):
        mutable = container.environment.get("RELEASE_MUTABLE_DIR")
        folder = (mutable.value if mutable else None) or f"{build.root}/var"
        return {folder: "a release of distillery writes its configuration when it starts"}
    return {}


def _writable(container: Container, path: str) -> bool:
    """Say whether a path lies in a file system that can be written to although the root cannot."""
    places = [mount.path for mount in container.mounts.values() if not mount.read_only]
    places += [place for place, tmpfs in container.tmpfs.items() if "ro" not in tmpfs.options]
    return any(f"{path}/".startswith(f"{place.rstrip('/')}/") for place in places)


def _without_scratch(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        needed = _written_at(container, subject.plan.containers[name].build) if container.read_only else {}
        missing = {path: why for path, why in needed.items() if not _writable(container, path)}
        if missing:
            reasons = " and ".join(f"{why} in {path}" for path, why in missing.items())
            mounts = ", ".join(f"{path}: {_SUGGESTED_MIB} MiB" for path in missing)
            yield Finding(
                ("containers", name, "read_only"),
                f'container "{name}" cannot start with a read-only file system: {reasons}',
                f"write tmpfs: {{ {mounts} }} beside it, or mount a volume there",
            )


RULES: tuple[Rule, ...] = (
    Rule("CG642", "leading-hyphen", Severity.ERROR, _leading_hyphen),
    Rule("CG643", "source-outside-context", Severity.ERROR, _outside_context),
    Rule("CG644", "release-name-format", Severity.ERROR, _release_name),
    Rule("CG645", "package-format", Severity.ERROR, _package),
    Rule("CG646", "reserved-build-argument", Severity.ERROR, _reserved_argument),
    Rule("CG647", "read-only-without-scratch", Severity.ERROR, _without_scratch),
    Rule("CG648", "variable-in-nginx", Severity.ERROR, _nginx_variable),
)
