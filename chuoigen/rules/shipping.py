"""Log shippers: what they keep when they stop, and whether they outlive those whose lines they send."""

from collections.abc import Iterator, Mapping

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.recipes.answers import Shipper
from chuoigen.spec.container import Container


def _shippers(subject: Subject) -> Iterator[tuple[Answering, Shipper]]:
    for each in answering(subject):
        shipper = each.recipe.shipper(each.build, each.made)
        if shipper is not None:
            yield each, shipper


def _no_state(subject: Subject) -> Iterator[Finding]:
    for each, shipper in _shippers(subject):
        if shipper.state is None:
            yield Finding(
                (*each.path, "state"),
                f'buffer and position files of "{each.name}" are on no volume: '
                "after a restart lines are lost or sent twice",
                "declare a volume, mount it, and write its name under state",
            )


def _no_flush(subject: Subject) -> Iterator[Finding]:
    for each, shipper in _shippers(subject):
        if not shipper.flushes:
            yield Finding(
                (*each.path, "flush_at_shutdown"),
                f'"{each.name}" does not send its buffer when the task stops: its lines are lost at each deployment',
                "delete the key",
            )


def _slow_flush(subject: Subject) -> Iterator[Finding]:
    for each, shipper in _shippers(subject):
        stop, path = each.plan.stop_timeout, ("containers", each.name, "stop_timeout")
        if shipper.flushes and shipper.flush_seconds > stop and limits.STOP_TIMEOUT_S.admits(stop):
            sized = shipper.buffer_key
            yield Finding(
                (*each.path, *sized) if sized else path,
                f'"{each.name}" may need {shipper.flush_seconds} s to send its buffer of {shipper.buffer} MiB, '
                f"and is killed after {stop} s",
                "raise stop_timeout (to 120 s at most), or write a smaller total_limit under buffer",
                related=((path, f"it is killed after {stop} s"),) if sized else (),
            )


def _unwatched(subject: Subject) -> Iterator[Finding]:
    for each, _ in _shippers(subject):
        if not each.container.essential and each.container.restart is None:
            yield Finding(
                ("containers", each.name, "essential"),
                f'"{each.name}" is not essential and is not restarted: once it has stopped, no line is sent any more',
                "write restart: {} beside it, or delete essential",
            )


def _early_end(subject: Subject) -> Iterator[Finding]:
    """Report each writer of tailed files that does not wait for their shipper: ECS stops in the opposite order."""
    containers = subject.spec.containers
    for each in answering(subject):
        name, tailed = each.name, each.recipe.tails(each.build)
        for writer, container in containers.items():
            written = [volume for volume in tailed if volume in container.mounts]
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
    Rule("CG652", "log-state-without-volume", Severity.WARNING, _no_state),
    Rule("CG653", "no-flush-at-shutdown", Severity.WARNING, _no_flush),
    Rule("CG654", "slow-flush", Severity.WARNING, _slow_flush),
    Rule("CG655", "unwatched-log-shipper", Severity.WARNING, _unwatched),
    Rule("CG659", "early-log-shipper", Severity.WARNING, _early_end),
)
