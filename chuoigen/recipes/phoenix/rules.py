"""What is wrong with Phoenix alone: releases that its Elixir cannot make, and what is read when the image is built."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Related, Severity, Span
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.messages import Texts
from chuoigen.plan.connections import written_pools
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


RULES: tuple[Rule, ...] = (
    Rule("CG630", "compile-time-variable", Severity.ERROR, _compile_time),
    Rule("CG631", "unsupported-release", Severity.ERROR, _unsupported_release),
    Rule("CG632", "archived-distillery", Severity.WARNING, _archived_distillery),
    Rule("CG699", "unknown-web-app", Severity.ERROR, _web_app),
    Rule("CG644", "release-name-format", Severity.ERROR, _release_name),
)
