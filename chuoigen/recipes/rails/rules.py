"""What is wrong with a Rails application alone: what a task must not do at its start, and what Bundler refuses."""

import posixpath
import re
import shlex
from collections.abc import Iterator

from chuoigen.aws import defaults
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering, of_recipe
from chuoigen.messages import Texts
from chuoigen.recipes.rails import facts
from chuoigen.recipes.rails.gems import JAVASCRIPT_LOCKS, Application, application
from chuoigen.recipes.rails.language import RailsBuild
from chuoigen.recipes.rails.planning import STOP_MARGIN_S, RailsPlan, process_command

_PREPARES = re.compile(r"\bdb:(?:prepare|migrate|setup|create|reset|seed|schema:load)\b")
_KEYS = ("SECRET_KEY_BASE", "RAILS_MASTER_KEY")
_JOB_TIME = re.compile(r"^:?timeout:\s*(\d{1,6})\s*$", re.MULTILINE)

_say = Texts(__name__)


def _rails(subject: Subject) -> Iterator[tuple[Answering, RailsBuild]]:
    """Yield the containers of this recipe, those that run another's image among them."""
    for each in answering(subject, built=False):
        if isinstance(each.build, RailsBuild):
            yield each, each.build


def _application(subject: Subject, each: Answering) -> Application:
    """Return the files of the application whose image a container runs."""
    made = subject.plan.containers.get(each.build.image_of or "", each.plan).build
    return application(subject.project, made.context if isinstance(made, RailsPlan) else ".")


def _prepares(subject: Subject) -> Iterator[Finding]:
    for each, _ in _rails(subject):
        for key in ("entrypoint", "command"):
            for index, word in enumerate(getattr(each.container, key) or ()):
                found = _PREPARES.search(word)
                if found:
                    words = _say("rails-prepare-at-start", container=each.name, task=found[0])
                    yield Finding(("containers", each.name, key, index), words)


def _job_time(each: Answering, app: Application) -> tuple[str, int] | None:
    """Return the key that says how long Sidekiq lets jobs run when it stops, and the seconds; None: not Sidekiq."""
    written = [part for word in each.container.command or () for part in _parts(word)]
    if written and not any(posixpath.basename(part) == "sidekiq" for part in written):
        return None
    if not written and each.build.process != "sidekiq":
        return None
    command = written or process_command(each.container, each.build)
    given = re.search(r"(?:^| )(?:-t|--timeout)[ =]?(\d{1,6})(?: |$)", " ".join(command))
    if given:
        return ("command" if written else "stop_timeout"), int(given[1])
    in_file = _JOB_TIME.search(app.texts.get("config/sidekiq.yml", ""))
    return "command", int(in_file[1]) if in_file else facts.SIDEKIQ_TIMEOUT_S


def _parts(word: str) -> list[str]:
    """Return the words of one that a shell would read, as in `sh -c`; where it is no such text, itself."""
    try:
        return shlex.split(word)
    except ValueError:
        return [word]


def _sidekiq_timeout(subject: Subject) -> Iterator[Finding]:
    for each, _ in _rails(subject):
        found = _job_time(each, _application(subject, each))
        stop = each.plan.stop_timeout
        if found is not None and found[1] + facts.SIDEKIQ_CLEANUP_S >= stop:
            key, seconds = found
            words = _say(
                f"rails-sidekiq-timeout.{key}",
                container=each.name,
                seconds=seconds,
                stop=stop,
                wanted=max(1, stop - STOP_MARGIN_S),
                default=defaults.STOP_TIMEOUT_S.value,
            )
            yield Finding(("containers", each.name, key), words)


def _lock_file(subject: Subject) -> Iterator[Finding]:
    for name, path, _, made in of_recipe(subject, RailsBuild, RailsPlan):
        read = application(subject.project, made.context)
        if "Gemfile" in read.texts and read.lock is None:
            yield Finding((*path, "context"), _say("rails-lock-file.gems", container=name))
        manager = made.javascript
        if manager is not None and "package.json" in read.present and JAVASCRIPT_LOCKS[manager] not in read.present:
            lock = JAVASCRIPT_LOCKS[manager]
            words = _say("rails-lock-file.javascript", container=name, lock=lock, manager=manager)
            yield Finding((*path, "javascript"), words)


def _platform(subject: Subject) -> Iterator[Finding]:
    wanted = facts.LOCK_PLATFORMS.get(subject.spec.task.platform)
    for name, path, _, plan in of_recipe(subject, RailsBuild, RailsPlan):
        locked = application(subject.project, plan.context).platforms
        if wanted and locked and not any(_serves(each, wanted) for each in locked):
            words = _say("rails-missing-platform", container=name, platform=wanted, locked=locked)
            yield Finding(path, words)


def _serves(locked: str, wanted: str) -> bool:
    """Say whether a locked platform can be installed in the image, whose C library is glibc."""
    return locked == "ruby" or locked in (wanted, f"{wanted}-gnu")


def _other_ruby(subject: Subject) -> Iterator[Finding]:
    for name, path, build, plan in of_recipe(subject, RailsBuild, RailsPlan):
        required = application(subject.project, plan.context).required_ruby
        has = plan.ruby if build.base is None else _tagged(build.base)
        if required and has and not facts.unpictured(build) and not f"{has}.".startswith(f"{required}."):
            yield Finding(
                (*path, "base" if build.base else "ruby"),
                _say("rails-other-ruby", container=name, required=required, has=has),
            )


def _tagged(image: str) -> str | None:
    """Return the Ruby version that the name of an image says, None where it says none in full."""
    found = re.search(r"(?:^|/)ruby:(\d+\.\d+\.\d+)", image)
    return found[1] if found else None


def _without_key(subject: Subject) -> Iterator[Finding]:
    for each, _ in _rails(subject):
        given = {*each.container.secrets, *each.container.environment}
        if given.isdisjoint(_KEYS) and not each.container.env_files:
            words = _say("rails-without-key", container=each.name)
            yield Finding(("containers", each.name), words, on_key=True)


def _distribution(subject: Subject) -> Iterator[Finding]:
    for name, path, build, plan in of_recipe(subject, RailsBuild, RailsPlan):
        if build.base is not None and plan.base.packager != "apt":
            yield Finding((*path, "base"), _say("rails-base-without-apt", container=name, image=build.base))


RULES: tuple[Rule, ...] = (
    Rule("CG680", "rails-prepare-at-start", Severity.WARNING, _prepares),
    Rule("CG681", "rails-lock-file", Severity.ERROR, _lock_file),
    Rule("CG683", "rails-sidekiq-timeout", Severity.WARNING, _sidekiq_timeout),
    Rule("CG685", "rails-missing-platform", Severity.ERROR, _platform),
    Rule("CG686", "rails-other-ruby", Severity.ERROR, _other_ruby),
    Rule("CG687", "rails-without-key", Severity.ERROR, _without_key),
    Rule("CG688", "rails-base-without-apt", Severity.ERROR, _distribution),
)
