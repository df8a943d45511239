"""Log shippers: what they keep when they stop, and whether they outlive those whose lines they send."""

import functools
from collections.abc import Iterator, Mapping

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.messages import Texts
from chuoigen.recipes.answers import Shipper
from chuoigen.spec.container import Container

_say = Texts(__name__)


def _shippers(subject: Subject) -> Iterator[tuple[Answering, Shipper]]:
    for one in answering(subject):
        shipper = one.recipe.shipper(one.build, one.made)
        if shipper is not None:
            yield one, shipper


@each(_shippers)
def _no_state(one: Answering, shipper: Shipper) -> Iterator[Finding]:
    if shipper.state is None:
        yield Finding((*one.path, "state"), _say("log-state-without-volume", container=one.name))


@each(_shippers)
def _no_flush(one: Answering, shipper: Shipper) -> Iterator[Finding]:
    if not shipper.flushes:
        yield Finding((*one.path, "flush_at_shutdown"), _say("no-flush-at-shutdown", container=one.name))


@each(_shippers)
def _slow_flush(one: Answering, shipper: Shipper) -> Iterator[Finding]:
    stop, path = one.plan.stop_timeout, ("containers", one.name, "stop_timeout")
    if shipper.flushes and shipper.flush_seconds > stop and limits.STOP_TIMEOUT_S.admits(stop):
        words = _say("slow-flush", container=one.name, seconds=shipper.flush_seconds, buffer=shipper.buffer, stop=stop)
        if shipper.buffer_key is None:
            yield Finding(path, words)
        else:
            note = (path, _say("slow-flush.note", stop=stop))
            yield Finding((*one.path, *shipper.buffer_key), words, related=(note,))


@each(_shippers)
def _unwatched(one: Answering, _: Shipper) -> Iterator[Finding]:
    if not one.container.essential and one.container.restart is None:
        yield Finding(("containers", one.name, "essential"), _say("unwatched-log-shipper", container=one.name))


def _early_end(subject: Subject) -> Iterator[Finding]:
    """Report each writer of tailed files that does not wait for their shipper: ECS stops in the opposite order."""
    containers = subject.spec.containers
    writers: dict[str, list[str]] = {}
    for name, container in containers.items():
        for volume, mount in container.mounts.items():
            if not mount.read_only:
                writers.setdefault(volume, []).append(name)
    awaited = functools.cache(functools.partial(_awaited, containers))
    for one in answering(subject, built=False):
        name, tailed, built = one.name, _tailed(subject, one), one.container.build is not None
        for writer in dict.fromkeys(writer for volume in tailed for writer in writers.get(volume, ())):
            likely = built or containers[writer].ports  # a server, whose lines come until its end
            if likely and writer != name and name not in awaited(writer):
                words = _say("early-log-shipper", shipper=name, writer=writer)
                note = (("containers", name), _say("early-log-shipper.note", shipper=name, writer=writer))
                yield Finding(("containers", writer), words, on_key=True, related=(note,))


def _tailed(subject: Subject, one: Answering) -> tuple[str, ...]:
    """Return the volumes whose files a container sends.

    Of an image that is not built here nobody knows: it is taken for a shipper when it only reads what lives as long as
    the task, serves nothing, and runs as long as the task.
    """
    if one.container.build is not None:
        return tuple(one.recipe.tails(one.build))
    if one.container.ports or not one.container.essential:
        return ()
    kept = {name for name, volume in subject.spec.volumes.items() if volume.efs is not None or volume.ebs is not None}
    return tuple(volume for volume, mount in one.container.mounts.items() if mount.read_only and volume not in kept)


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


def _copies(subject: Subject) -> Iterator[Finding]:
    """Report patterns that go on behind the name of the live file, and so match what rotation makes of it."""
    for one in answering(subject):
        for volume, pattern in one.recipe.tails(one.build).items():
            if pattern.endswith("*"):
                words = _say("copied-log-files", pattern=pattern, shipper=one.name)
                yield Finding((*one.path, "tail", volume), words)


RULES: tuple[Rule, ...] = (
    Rule("CG652", "log-state-without-volume", Severity.WARNING, _no_state),
    Rule("CG653", "no-flush-at-shutdown", Severity.WARNING, _no_flush),
    Rule("CG654", "slow-flush", Severity.WARNING, _slow_flush),
    Rule("CG655", "unwatched-log-shipper", Severity.WARNING, _unwatched),
    Rule("CG659", "early-log-shipper", Severity.WARNING, _early_end),
    Rule("CG660", "copied-log-files", Severity.WARNING, _copies),
)
