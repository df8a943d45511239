"""Durations of different layers that must fit each other: one table of inequalities over the whole plan.

Each row yields what must not be shorter, what it must hold, and the rule reports it where the shorter one is written.
What the spec leaves out is derived from the same sums, in plan/durations.
"""

from collections.abc import Callable, Iterator

from chuoigen import recipes
from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Argument, Key, Texts
from chuoigen.plan import durations, targets
from chuoigen.plan.durations import IDLE_KEY, Term, once
from chuoigen.record import Record
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_GRACE: KeyPath = ("service", "health_check_grace_period")
_ENOUGH_S = 5
"""What is proposed beyond the least that holds."""


class Inequality(Record):
    """A duration that must hold a sum; with `longer` it must exceed it. `said` is what the message needs besides."""

    short: Term
    needs: tuple[Term, ...]
    said: tuple[tuple[str, Argument], ...] = ()
    longer: bool = False

    @property
    def needed(self) -> int:
        """The seconds of the sum."""
        return sum(term.total for term in self.needs)

    @property
    def holds(self) -> bool:
        """Whether the duration holds the sum."""
        return self.short.total > self.needed or (self.short.total == self.needed and not self.longer)


Row = Callable[[Subject], Iterator[Inequality]]


def _keep_alive(subject: Subject) -> Iterator[Inequality]:
    """Compare how long the target keeps a connection with how long the load balancer may send a request on it."""
    for name in durations.balanced(subject.spec):
        kept = durations.kept(subject.spec, subject.project, name)
        if kept is not None:
            idle = once(durations.idle_timeout(subject.spec, subject.project), IDLE_KEY)
            said: tuple[tuple[str, Argument], ...] = (
                ("container", name),
                ("server", kept.server),
                ("setting", kept.setting),
            )
            yield Inequality(once(kept.seconds, ("containers", name, *kept.path)), (idle,), said, longer=True)


def _upstream_keep_alive(subject: Subject) -> Iterator[Inequality]:
    """Compare how long an application keeps a connection with how long the proxy in front may send a request on it."""
    for name, container in subject.spec.containers.items():
        for key, (upstream, seconds) in recipes.of(container.build).upstream_idle(container.build).items():
            kept = durations.kept(subject.spec, subject.project, upstream)
            if kept is not None and seconds > 0:
                used = once(seconds, ("containers", name, "build", *key))
                said = ("container", upstream), ("server", kept.server), ("proxy", name), ("setting", kept.setting)
                yield Inequality(once(kept.seconds, ("containers", upstream, *kept.path)), (used,), said, longer=True)


def _answers(subject: Subject) -> Iterator[Inequality]:
    """Compare how long the load balancer waits for an answer with how long a proxy behind it does."""
    for name in durations.balanced(subject.spec):
        idle = once(durations.idle_timeout(subject.spec, subject.project), IDLE_KEY)
        for proxy in durations.proxies(subject.spec, name):
            yield Inequality(idle, (proxy,), (("key", Key(proxy.path)),))


def _deregistration(subject: Subject) -> Iterator[Inequality]:
    """Compare how long a leaving task keeps its running requests with how long they may take.

    ECS deregisters the target first and waits for the delay; only then is the task told to stop. The stop timeout is
    thus no bound of the delay. A request without a byte in either direction ends with the idle timeout of the load
    balancer, or before with the timeout of a proxy that is the target.
    """
    balancer = subject.spec.load_balancer
    for name in targets.names(balancer) if balancer is not None else ():
        assert balancer is not None  # noqa: S101  its targets are gone through
        delay, container = targets.written(balancer, name).deregistration_delay, targets.container(balancer, name)
        # There is no longer delay than the highest.
        if delay is None or delay >= limits.DEREGISTRATION_DELAY_S.high or container not in subject.spec.containers:
            continue
        longest = durations.longest_answer(subject.spec, subject.project, container)
        path = (*targets.path(balancer, name), "deregistration_delay")
        yield Inequality(once(delay, path), (longest,), (("key", Key(longest.path)),))


def _spot(subject: Subject) -> Iterator[Inequality]:
    """Compare the stop timeout with how long a request may take: on Fargate Spot SIGTERM comes while they run."""
    service, most = subject.spec.service, limits.STOP_TIMEOUT_S.high
    capacity = service.capacity_provider_strategy if service is not None else None
    if capacity is None or capacity.fargate_spot <= 0:
        return
    for name in durations.balanced(subject.spec):
        target = subject.plan.containers.get(name)
        if target is not None:
            longest = durations.longest_answer(subject.spec, subject.project, name)
            needed = longest if longest.total <= most else longest.replaced(seconds=most)
            said = ("container", name), ("key", Key(longest.path))
            yield Inequality(once(target.stop_timeout, ("containers", name, "stop_timeout")), (needed,), said)


def _grace(subject: Subject) -> Iterator[Inequality]:
    """Compare for how long ECS counts no failed checks with how long the target may take to start."""
    service, balancer = subject.spec.service, subject.spec.load_balancer
    written = service.health_check_grace_period if service is not None else None
    if written is None or balancer is None:
        return
    terms = durations.grace_terms(subject.spec)
    if terms:
        yield Inequality(once(written, _GRACE), terms, (("container", balancer.target),))


def _checked(name: str, row: Row) -> Callable[[Subject], Iterator[Finding]]:
    def check(subject: Subject) -> Iterator[Finding]:
        for one in row(subject):
            if not one.holds:
                enough = one.needed + (_ENOUGH_S if one.longer else 0)
                given: dict[str, Argument] = {"given": one.short.total, "needed": one.needed, "enough": enough}
                said = {**given, "sum": _sum(one.needs), **dict(one.said)}
                notes = ((term.path, _say(f"{name}.note", seconds=term.seconds)) for term in one.needs)
                yield Finding(one.short.path, _say(name, **said), related=tuple(notes))

    return check


def _sum(terms: tuple[Term, ...]) -> str:
    return " + ".join(f"{term.times} x {term.seconds}" if term.times > 1 else str(term.seconds) for term in terms)


TABLE: dict[tuple[str, str], Row] = {
    ("CG731", "short-deregistration"): _deregistration,
    ("CG733", "short-keep-alive"): _keep_alive,
    ("CG734", "short-upstream-keep-alive"): _upstream_keep_alive,
    ("CG735", "short-idle-timeout"): _answers,
    ("CG736", "short-stop-on-spot"): _spot,
    ("CG737", "short-grace-period"): _grace,
}
"""The rules by code and name, each with the durations that it compares."""

RULES: tuple[Rule, ...] = tuple(
    Rule(code, name, Severity.WARNING, _checked(name, row)) for (code, name), row in TABLE.items()
)
