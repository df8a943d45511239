"""Configuration of an application that is evaluated while its image is built, before run-time variables exist."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Related, Severity, Span
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import verbatim
from chuoigen.plan.recipes import PhoenixPlan
from chuoigen.yaml.document import KeyPath

_NAME = r'"([A-Za-z_][A-Za-z0-9_]*)"'
_READS = rf"System\.(?:get_env|fetch_env!?)\s*\(?\s*{_NAME}|{_NAME}\s*\|>\s*System\.(?:get_env|fetch_env)"
"""The calls of Elixir that read one variable: System.get_env, fetch_env and fetch_env!, piped or not."""
_RUN_TIME_FILES = ("runtime.exs", "releases.exs")
"""Evaluated when the release starts: since Elixir 1.11, and in 1.9 and 1.10."""


def _run_time(subject: Subject, name: str) -> dict[str, KeyPath]:
    """Return the variables that a container gets when it starts, with the key that says each."""
    spec = subject.spec
    found: dict[str, KeyPath] = {
        backend.pool.variable: ("backends", key, "pool", "variable")
        for key, backend in spec.backends.items()
        if backend.pool is not None and backend.pool.container == name
    }
    for section in ("secrets", "environment"):
        found.update(
            {variable: ("containers", name, section, variable) for variable in getattr(spec.containers[name], section)}
        )
    return found


def _compile_time(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.plan.containers.items():
        if not isinstance(container.build, PhoenixPlan):
            continue
        variables, build = _run_time(subject, name), container.build
        stage = next(
            (arg.value for arg in build.arguments if arg.name == "MIX_ENV"), build.argument_defaults["MIX_ENV"]
        )
        places: dict[str, list[Related]] = {}
        for file, text in subject.project.texts.items():
            if _compiled(file, build.context, stage or ""):
                for variable, span in _reads(file, text):
                    message = f"{variable} is read here, when the image is built"
                    places.setdefault(variable, []).append(Related(span, verbatim(message)))
        for variable, path in variables.items():
            if variable in places:
                yield Finding(
                    path,
                    f'"{variable}" is set when container "{name}" starts, '
                    f"and {places[variable][0].span.file} has read it when the image was built",
                    "read it in config/runtime.exs, which is evaluated at each start",
                    on_key=path[0] == "containers",
                    elsewhere=tuple(places[variable]),
                )


def _compiled(file: str, context: str, stage: str) -> bool:
    """Say whether a configuration file is evaluated by a build in this environment."""
    folder = posixpath.normpath(posixpath.join(context, "config"))
    name = posixpath.basename(file)
    if not file.startswith(f"{folder}/") or name in _RUN_TIME_FILES:
        return False
    environment = name.partition(".")[0]
    return environment not in {"dev", "test", "prod"} or environment == stage


def _reads(file: str, text: str) -> Iterator[tuple[str, Span]]:
    for found in re.finditer(_READS, text):
        start = text.rfind("\n", 0, found.start()) + 1
        if re.search(r"#(?!\{)", text[start : found.start()]):
            continue
        group = 1 if found[1] is not None else 2
        line = text.count("\n", 0, found.start()) + 1
        end = min(found.end(), *(place for place in (text.find("\n", found.start()),) if place >= 0), len(text))
        column = found.start() - start + 1
        yield found[group], Span(file, line, column, line, column + end - found.start())


RULES: tuple[Rule, ...] = (Rule("CG630", "compile-time-variable", Severity.ERROR, _compile_time),)
