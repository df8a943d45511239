"""Durations that depend on each other, so that what is not written fits what is.

An idle time-out, a delay or a period that the spec leaves out is derived here from those that it says; the rules of
rules/durations.py hold the written ones against the same sums.
"""

from collections.abc import Iterator
from typing import Any

from chuoigen import recipes
from chuoigen.aws import defaults, limits
from chuoigen.inputs.project import Project
from chuoigen.plan import targets
from chuoigen.plan.images import Asked
from chuoigen.recipes.answers import Kept
from chuoigen.record import Record
from chuoigen.resources import unique
from chuoigen.spec import Spec
from chuoigen.spec.balancer import Balanced, LoadBalancer, WrittenHealth
from chuoigen.yaml.document import KeyPath

_IDLE_MARGIN_S = 5
_IDLE_LEAST_S = 45
"""Below that the default of AWS stays, and the server is reported: the idle time-out also bounds an answer."""
IDLE_KEY: KeyPath = ("load_balancer", "idle_timeout")


class Term(Record):
    """A duration of a sum, `times` so many seconds, and the key that says or decides them."""

    seconds: int
    path: KeyPath
    times: int

    @property
    def total(self) -> int:
        """The seconds of all."""
        return self.seconds * self.times


def once(seconds: int, path: KeyPath) -> Term:
    """Return a duration that counts once."""
    return Term(seconds, path, 1)


def asked_idle(spec: Spec, name: str | None = None) -> int:
    """Return how long the load balancer is to keep an idle connection to a container; what AWS does for others."""
    balancer = spec.load_balancer
    if balancer is None or balancer.idle_timeout is None or not (name is None or any(targets.of_container(spec, name))):
        return defaults.IDLE_TIMEOUT_S.value
    return balancer.idle_timeout


def kept(spec: Spec, project: Project, name: str) -> Kept | None:
    """Return how long the server of a container keeps an idle connection; None where that is not known."""
    container = spec.containers.get(name)
    if container is None:
        return None
    build: Any = container.build
    found: Kept | None = recipes.of(build).keeps(Asked(spec, project, name, {}, build))
    return found


def idle_timeout(spec: Spec, project: Project) -> int:
    """Return the idle time-out of the load balancer.

    Where it is not written it is what AWS does, or a little less than the target keeps its connections.
    """
    balancer = spec.load_balancer
    if balancer is not None and balancer.idle_timeout is not None:
        return balancer.idle_timeout
    usual = defaults.IDLE_TIMEOUT_S.value
    if balancer is not None and balancer.listener is not None:
        return usual
    known = [kept(spec, project, name) for name in balanced(spec)]
    shorter = [one.seconds - _IDLE_MARGIN_S for one in known if one is not None]
    return min((seconds for seconds in shorter if _IDLE_LEAST_S <= seconds < usual), default=usual)


def balanced(spec: Spec) -> tuple[str, ...]:
    """Return the containers that get requests from the load balancer."""
    balancer = spec.load_balancer
    return unique(targets.container(balancer, name) for name in targets.names(balancer)) if balancer is not None else ()


def proxies(spec: Spec, name: str) -> Iterator[Term]:
    """Yield how long a container waits for an answer of what it passes requests on to, where that is written."""
    target = spec.containers.get(name)
    if target is None:
        return
    for key, seconds in recipes.of(target.build).request_timeouts(target.build).items():
        yield once(seconds, ("containers", name, "build", *key))


def longest_answer(spec: Spec, project: Project, name: str) -> Term:
    """Return how long a container's answer may stay without a byte in either direction before somebody ends it."""
    return min((once(idle_timeout(spec, project), IDLE_KEY), *proxies(spec, name)), key=lambda term: term.total)


def deregistration_delay(spec: Spec, project: Project, name: str) -> int:
    """Return how long a leaving task still gets the running requests of a target: as long as an answer may take."""
    balancer, most = spec.load_balancer, limits.DEREGISTRATION_DELAY_S.high
    if balancer is None:
        return most
    written = targets.written(balancer, name).deregistration_delay
    answer = longest_answer(spec, project, targets.container(balancer, name))
    return written if written is not None else min(answer.total, most)


def until_started(spec: Spec, name: str, above: tuple[str, ...] = ()) -> tuple[Term, ...]:
    """Return what must pass before a container starts: what it waits for starts first, and may have to be healthy."""
    container = spec.containers.get(name)
    if container is None or name in above or len(spec.containers) > limits.CONTAINERS_MAX:
        return ()
    ways: list[tuple[Term, ...]] = [()]
    for other, dependency in container.depends_on.items():
        before = until_started(spec, other, (*above, name))
        ready = _until_healthy(spec, other) if dependency.condition == "healthy" else ()
        ways.append((*before, *ready))
    return max(ways, key=_sum)


def _until_healthy(spec: Spec, name: str) -> tuple[Term, ...]:
    """Return the time that a container says it needs until its health check counts."""
    container = spec.containers.get(name)
    check = container.healthcheck if container is not None else None
    if check is None or not check.start_period:
        return ()
    return (once(check.start_period, ("containers", name, "healthcheck", "start_period")),)


def until_answering(spec: Spec, target: str) -> tuple[Term, ...]:
    """Return what must pass before a container answers: its own start, and that of whom it passes requests on to."""
    if target not in spec.containers:
        return ()
    ways = [(*until_started(spec, name), *_until_healthy(spec, name)) for name in _behind(spec, target)]
    return max(ways, key=_sum)


def _behind(spec: Spec, name: str) -> tuple[str, ...]:
    """Return a container and those that answer behind it."""
    found = [name]
    for one in found:
        build = spec.containers[one].build
        found += [
            other
            for other in recipes.of(build).upstreams(build).values()
            if other in spec.containers and other not in found
        ]
    return tuple(found)


def _sum(terms: tuple[Term, ...]) -> int:
    return sum(term.total for term in terms)


def grace_terms(spec: Spec) -> tuple[Term, ...]:
    """Return the durations for which ECS must not count failed checks of the load balancer.

    A target that passes its first check is healthy. One that answers only after `unhealthy` checks may have failed, the
    first at once, was called unhealthy meanwhile, and needs `healthy` good ones (AWS documentation, "Health checks for
    Application Load Balancer target groups", checked 2026-11-28). ECS replaces a task that is unhealthy when its grace
    period is over.
    """
    balancer = spec.load_balancer
    names = targets.names(balancer) if balancer is not None else ()
    return max((_grace_terms(spec, balancer, name) for name in names if balancer is not None), key=_sum, default=())


def _grace_terms(spec: Spec, balancer: LoadBalancer, name: str) -> tuple[Term, ...]:
    start = until_answering(spec, targets.container(balancer, name))
    check = target_check(targets.written(balancer, name))
    if _sum(start) <= (check.unhealthy - 1) * check.interval:
        return ()
    return (*start, Term(check.interval, (*targets.path(balancer, name), "healthcheck"), check.healthy))


def grace_period(spec: Spec) -> int:
    """Return for how long after the start of a task failed health checks do not count."""
    written = spec.service.health_check_grace_period if spec.service else None
    return written if written is not None else max(defaults.GRACE_PERIOD_S.value, _sum(grace_terms(spec)))


def target_check(target: Balanced) -> WrittenHealth:
    """Return the health check of a target, as written or as AWS has it."""
    return target.healthcheck or WrittenHealth.model_validate({"path": _usual_path(target)})


def _usual_path(target: Balanced) -> str:
    return defaults.GRPC_HEALTH_PATH if target.protocol == "grpc" else defaults.TARGET_HEALTH_PATH.value
