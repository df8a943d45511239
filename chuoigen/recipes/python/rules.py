"""What is wrong with a Python application alone: how it is installed, started, kept open and stopped."""

import posixpath
import re
import shlex
from collections.abc import Iterator

from chuoigen.aws import defaults
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering, of_recipe
from chuoigen.messages import Texts
from chuoigen.recipes.python import facts
from chuoigen.recipes.python.application import LOCKS, application
from chuoigen.recipes.python.language import PythonBuild
from chuoigen.recipes.python.planning import PythonPlan

_say = Texts(__name__)

# Django, Alembic, Flask-Migrate.
_MIGRATES = re.compile(r"\bmanage\.py migrate\b|\bdjango-admin migrate\b|\balembic upgrade\b|\bflask db upgrade\b")
_NAME = r"[^\W\d]\w{0,99}"
_MODULE = rf"{_NAME}(?:\.{_NAME}){{0,20}}"
# Gunicorn takes a call of a factory, and the variable "application" unasked; Uvicorn needs a variable.
_FORMS = {
    "gunicorn": re.compile(rf"{_MODULE}(?::{_NAME}(?:\.{_NAME}){{0,20}}(?:\(.*\))?)?"),
    "uvicorn": re.compile(rf"{_MODULE}:{_NAME}(?:\.{_NAME}){{0,20}}"),
    "celery": re.compile(rf"{_MODULE}(?::{_NAME})?"),
}


def _python(subject: Subject) -> Iterator[tuple[Answering, PythonBuild]]:
    """Yield the containers of this recipe, those that run another's image among them."""
    for each in answering(subject, built=False):
        if isinstance(each.build, PythonBuild):
            yield each, each.build


def _command(each: Answering) -> list[str]:
    """Return the words that a container's own command starts, those of a shell's script among them."""
    words = [*(each.container.entrypoint or ()), *(each.container.command or ())]
    try:
        return [part for word in words for part in (shlex.split(word) if " " in word else [word])]
    except ValueError:
        return words


def _lock_file(subject: Subject) -> Iterator[Finding]:
    for name, path, _, made in of_recipe(subject, PythonBuild, PythonPlan):
        read = application(subject.project, made.context)
        if read.found and not read.locks:
            yield Finding((*path, "context"), _say("python-lock-file.none", container=name, known=tuple(LOCKS)))
        elif len(read.locks) > 1:
            words = _say("python-lock-file.several", container=name, found=read.locks, used=read.locks[0])
            yield Finding((*path, "context"), words)


def _migrates(subject: Subject) -> Iterator[Finding]:
    for each, _ in _python(subject):
        for key in ("entrypoint", "command"):
            found = _MIGRATES.search(" ".join(getattr(each.container, key) or ()))
            if found:
                words = _say("python-migrate-at-start", container=each.name, command=found[0])
                yield Finding(("containers", each.name, key), words)


def _form(subject: Subject) -> Iterator[Finding]:
    for each, build in _python(subject):
        program = build.server if build.celery is None else "celery"
        if each.container.command is None and not _FORMS[program].fullmatch(build.application):
            words = _say(f"python-application-format.{program}", container=each.name, written=build.application)
            yield Finding((*each.path, "application"), words)


def _is(each: Answering, build: PythonBuild, process: str) -> bool:
    """Say whether a container runs a process of Celery, by the recipe or by its own command."""
    words = _command(each)
    if not words:
        return build.celery == process
    return any(posixpath.basename(word) == "celery" for word in words) and process in words


def _has_beat(each: Answering, build: PythonBuild) -> bool:
    """Say whether a container runs beat: alone, or inside of a worker (-B)."""
    words = _command(each)
    return _is(each, build, "beat") or (_is(each, build, "worker") and bool({"-B", "--beat"} & set(words)))


def _several_beats(subject: Subject) -> Iterator[Finding]:
    service = subject.spec.service
    beats = [each for each, build in _python(subject) if _has_beat(each, build)]
    for each in beats[1:]:
        words = _say("python-several-beats.containers", container=each.name, other=beats[0].name)
        yield Finding(("containers", each.name), words, on_key=True)
    if not beats or service is None:
        return
    if service.autoscaling is not None and service.autoscaling.max > 1:
        words = _say("python-several-beats.scaling", container=beats[0].name, tasks=service.autoscaling.max)
        yield Finding(("service", "autoscaling", "max"), words)
    elif service.desired_count > 1:
        words = _say("python-several-beats.count", container=beats[0].name, tasks=service.desired_count)
        yield Finding(("service", "desired_count"), words)


def _beat_overlap(subject: Subject) -> Iterator[Finding]:
    service = subject.spec.service
    for each, build in _python(subject):
        if service is not None and _has_beat(each, build) and service.deployment.maximum_percent > 100:  # noqa: PLR2004
            words = _say("python-beat-overlap", container=each.name, most=service.deployment.maximum_percent)
            yield Finding(("service", "deployment", "maximum_percent"), words)


def _celery_stop(subject: Subject) -> Iterator[Finding]:
    for each, build in _python(subject):
        if _is(each, build, "worker") and each.container.stop_timeout is None:
            words = _say(
                "python-celery-timeout",
                container=each.name,
                seconds=defaults.STOP_TIMEOUT_S.value,
                most=facts.CELERY_STOP_S,
            )
            yield Finding(("containers", each.name), words, on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG690", "python-lock-file", Severity.ERROR, _lock_file),
    Rule("CG691", "python-migrate-at-start", Severity.WARNING, _migrates),
    Rule("CG692", "python-application-format", Severity.ERROR, _form),
    Rule("CG694", "python-several-beats", Severity.ERROR, _several_beats),
    Rule("CG695", "python-beat-overlap", Severity.WARNING, _beat_overlap),
    Rule("CG696", "python-celery-timeout", Severity.WARNING, _celery_stop),
)
