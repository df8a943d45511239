"""What is wrong with Phoenix alone: releases that its Elixir cannot make, and what is read when the image is built."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Related, Severity, Span
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.messages import Texts
from chuoigen.plan.connections import written_pools
from chuoigen.plan.naming import discovered_name
from chuoigen.recipes.phoenix import facts
from chuoigen.recipes.phoenix.language import PhoenixBuild
from chuoigen.recipes.phoenix.planning import PhoenixPlan
from chuoigen.yaml.document import KeyPath

_NAME = r'"([A-Za-z_][A-Za-z0-9_]*)"'
_READS = rf"System\.(?:get_env|fetch_env!?)\s*+(?:\(\s*+)?{_NAME}|{_NAME}\s*+\|>\s*+System\.(?:get_env|fetch_env)"
"""The calls of Elixir that read one variable: System.get_env, fetch_env and fetch_env!, piped or not."""
# What Mix.Release takes, and what the name of an Elixir application, which distillery uses, looks like.
_RELEASE_NAME = "[a-z][a-z0-9_]*"
_RUN_TIME_FILES = ("runtime.exs", "releases.exs")
"""Evaluated when the release starts: since Elixir 1.11, and in 1.9 and 1.10."""

_say = Texts(__name__)


def _run_time(subject: Subject, name: str) -> dict[str, KeyPath]:
    """Return the variables that a container gets when it starts, with the key that says each."""
    spec = subject.spec
    found: dict[str, KeyPath] = {
        pool.variable: ("backends", key, *path, "variable")
        for key, backend in spec.backends.items()
        for path, pool in written_pools(backend)
        if pool.container == name
    }
    for section in ("secrets", "environment"):
        found.update(
            {variable: ("containers", name, section, variable) for variable in getattr(spec.containers[name], section)}
        )
    return found


def _compile_time(subject: Subject) -> Iterator[Finding]:
    for name, _, _, build in of_recipe(subject, PhoenixBuild, PhoenixPlan):
        variables = _run_time(subject, name)
        stage = next(
            (arg.value for arg in build.arguments if arg.name == "MIX_ENV"), build.argument_defaults["MIX_ENV"]
        )
        places: dict[str, list[Related]] = {}
        for file, text in subject.project.texts.items():
            if _compiled(file, build.context, stage or ""):
                for variable, span in _reads(file, text):
                    note = _say("compile-time-variable.note", variable=variable)
                    places.setdefault(variable, []).append(Related(span, note))
        for variable, path in variables.items():
            if variable in places:
                file = places[variable][0].span.file
                words = _say("compile-time-variable", variable=variable, container=name, file=file)
                yield Finding(path, words, on_key=path[0] == "containers", elsewhere=tuple(places[variable]))


def _compiled(file: str, context: str, stage: str) -> bool:
    """Say whether a configuration file is evaluated by a build in this environment."""
    folder = posixpath.normpath(posixpath.join(context, "config"))
    name = posixpath.basename(file)
    if not file.startswith(f"{folder}/") or name in _RUN_TIME_FILES:
        return False
    environment = name.partition(".")[0]
    return environment not in {"dev", "test", "prod"} or environment == stage


def _reads(file: str, text: str) -> Iterator[tuple[str, Span]]:
    line, start, stop, comment = 0, 0, -1, -1  # of the line that is looked at: each is looked at once
    for found in re.finditer(_READS, text):
        if found.start() > stop:
            line += text.count("\n", start, found.start()) + (line == 0)
            start = text.rfind("\n", start, found.start()) + 1 or start
            stop = len(text) if (end := text.find("\n", found.start())) < 0 else end
            sign = re.compile(r"#(?!\{)").search(text, start, stop)
            comment = sign.start() if sign else stop
        if found.start() < comment:
            column = found.start() - start + 1
            width = min(found.end(), stop) - found.start()
            yield found[1] or found[2], Span(file, line, column, line, column + width)


def _unsupported_release(subject: Subject) -> Iterator[Finding]:
    for _, path, build, _ in of_recipe(subject, PhoenixBuild, PhoenixPlan):
        if facts.without_release(build):
            yield Finding((*path, "elixir"), _say("unsupported-release", version=build.elixir))


def _archived_distillery(subject: Subject) -> Iterator[Finding]:
    for _, path, build, _ in of_recipe(subject, PhoenixBuild, PhoenixPlan):
        if build.release == "distillery" and facts.numbers(build.elixir) >= facts.MIX_RELEASES_SINCE:
            yield Finding((*path, "release"), _say("archived-distillery", version=build.elixir))


def _release_name(subject: Subject) -> Iterator[Finding]:
    for name, path, build, plan in of_recipe(subject, PhoenixBuild, PhoenixPlan):
        if not re.fullmatch(_RELEASE_NAME, plan.release_name):
            form = "derived" if build.release_name is None else "written"
            words = _say(f"release-name-format.{form}", container=name, name=plan.release_name)
            yield Finding((*path, "release_name"), words)


def _web_app(subject: Subject) -> Iterator[Finding]:
    for name, path, build, plan in of_recipe(subject, PhoenixBuild, PhoenixPlan):
        known = tuple(posixpath.basename(folder) for folder in plan.applications)
        if build.web_app is not None and build.web_app not in known:
            form = "unknown" if known else "no-umbrella"
            words = _say(f"unknown-web-app.{form}", container=name, written=build.web_app, known=known)
            yield Finding((*path, "web_app"), words)


_COOKIE, _NODE = "RELEASE_COOKIE", "RELEASE_NODE"


def _clustered(subject: Subject) -> Iterator[tuple[str, KeyPath, PhoenixBuild, PhoenixPlan]]:
    for name, path, build, plan in of_recipe(subject, PhoenixBuild, PhoenixPlan):
        if build.cluster is not None:
            yield name, path, build, plan


def _cookie(subject: Subject) -> Iterator[Finding]:
    for name, path, _, _ in _clustered(subject):
        container = subject.spec.containers[name]
        if _COOKIE in container.environment:
            at = ("containers", name, "environment", _COOKIE)
            yield Finding(at, _say("cluster-cookie.plain", container=name))
        elif _COOKIE not in container.secrets:
            yield Finding((*path, "cluster"), _say("cluster-cookie.missing", container=name), on_key=True)


def _discovered(subject: Subject) -> Iterator[Finding]:
    written = subject.spec.discovery
    for name, path, _, _ in _clustered(subject):
        if written is None:
            yield Finding((*path, "cluster"), _say("cluster-discovery.missing", container=name), on_key=True)
        elif written.record != "a":
            yield Finding(("discovery", "record"), _say("cluster-discovery.srv"))
        elif discovered_name(subject.spec) is None and facts.CLUSTER_QUERY not in _run_time(subject, name):
            known = "namespace" if written.domain is None else "service"
            yield Finding(("discovery", known), _say(f"cluster-discovery.{known}", variable=facts.CLUSTER_QUERY))


def _cluster_release(subject: Subject) -> Iterator[Finding]:
    for _, path, build, plan in _clustered(subject):
        otp = facts.major_otp(plan.builder.image)
        if build.release != "mix":
            yield Finding((*path, "release"), _say("cluster-release.distillery"))
        elif 0 < otp < facts.CLUSTER_SINCE_OTP:
            key = "builder" if build.builder is not None else "elixir"
            yield Finding((*path, key), _say("cluster-release.otp", found=otp, since=facts.CLUSTER_SINCE_OTP))


def _cluster_port(subject: Subject) -> Iterator[Finding]:
    used: dict[int, KeyPath] = {
        port.container: ("containers", name, "ports", index)
        for name, container in subject.spec.containers.items()
        for index, port in enumerate(container.ports)
        if port.protocol == "tcp"
    }
    for _, path, _, plan in _clustered(subject):
        at = (*path, "cluster", "port")
        port = plan.cluster_port or 0
        if port in used:
            related = ((used[port], _say("cluster-port.note")),)
            yield Finding(at, _say("cluster-port", port=port), related=related)
        used.setdefault(port, at)


def _node(subject: Subject) -> Iterator[Finding]:
    for name, _, _, _ in _clustered(subject):
        if _NODE in subject.spec.containers[name].environment:
            yield Finding(("containers", name, "environment", _NODE), _say("cluster-node-name"))


RULES: tuple[Rule, ...] = (
    Rule("CG525", "cluster-cookie", Severity.ERROR, _cookie),
    Rule("CG526", "cluster-discovery", Severity.ERROR, _discovered),
    Rule("CG527", "cluster-release", Severity.ERROR, _cluster_release),
    Rule("CG528", "cluster-port", Severity.ERROR, _cluster_port),
    Rule("CG529", "cluster-node-name", Severity.ERROR, _node),
    Rule("CG630", "compile-time-variable", Severity.ERROR, _compile_time),
    Rule("CG631", "unsupported-release", Severity.ERROR, _unsupported_release),
    Rule("CG632", "archived-distillery", Severity.WARNING, _archived_distillery),
    Rule("CG699", "unknown-web-app", Severity.ERROR, _web_app),
    Rule("CG644", "release-name-format", Severity.ERROR, _release_name),
)
