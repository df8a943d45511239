"""The service: how many tasks there are, how they are replaced, what they run on."""

import math
from collections.abc import Iterator

from chuoigen.aws import limits, vocabulary
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.spec.service import Autoscaling, Service
from chuoigen.yaml.document import KeyPath

_ALL = 100
_SCALING: KeyPath = ("service", "autoscaling")
_DEPLOYMENT: KeyPath = ("service", "deployment")


def _service(subject: Subject) -> Service | None:
    return subject.spec.service


def _autoscaling(subject: Subject) -> Autoscaling | None:
    return subject.spec.service.autoscaling if subject.spec.service else None


def _no_network(subject: Subject) -> Iterator[Finding]:
    if subject.spec.network is not None:
        return
    written = [key for key in ("load_balancer", "service") if getattr(subject.spec, key) is not None]
    if written:
        yield Finding(
            (written[0],),
            f"{written[0]} is written, and there is no network for it: nothing is made",
            "write network: { vpc: …, subnets: { private: […] } }, or delete the key",
            on_key=True,
            related=tuple(((key,), "and this") for key in written[1:]),
        )


def _desired_count(subject: Subject) -> Iterator[Finding]:
    service = _service(subject)
    if service is not None and not limits.DESIRED_COUNT.admits(service.desired_count):
        message = f"a service cannot keep {service.desired_count} tasks"
        yield Finding(("service", "desired_count"), message, f"write {ENGLISH.text(limits.DESIRED_COUNT.range)}")


def _percent_faults(service: Service) -> Iterator[tuple[str, int, limits.Limit]]:
    for key, limit in (("min_percent", limits.MIN_PERCENT), ("max_percent", limits.MAX_PERCENT)):
        value = getattr(service.deployment, key)
        if not limit.admits(value):
            yield key, value, limit


def _percent(subject: Subject) -> Iterator[Finding]:
    service = _service(subject)
    for key, value, limit in _percent_faults(service) if service else ():
        yield Finding(
            (*_DEPLOYMENT, key), f"{key} is {value}, and ECS refuses it", f"write {ENGLISH.text(limit.range)}"
        )


def _stuck(subject: Subject) -> Iterator[Finding]:
    """Report percentages between which no task can be replaced; ECS rounds the lower up and the upper down."""
    service = _service(subject)
    if service is None or service.desired_count < 1 or any(_percent_faults(service)):
        return
    low, high, count = service.deployment.min_percent, service.deployment.max_percent, service.desired_count
    most, fewest = math.floor(count * high / _ALL), math.ceil(count * low / _ALL)
    if fewest < count or most > count:
        return
    why = "" if high == _ALL else f": {low} % of {count} is rounded up to {fewest}, {high} % down to {most}"
    key = "max_percent" if "max_percent" in service.deployment.model_fields_set else "min_percent"
    yield Finding(
        (*_DEPLOYMENT, key), f"no task could ever be replaced{why}", "write max_percent: 200, or a smaller min_percent"
    )


def _bounds(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is None:
        return
    wrong = [key for key in ("min", "max") if not limits.AUTOSCALING_CAPACITY.admits(getattr(scaling, key))]
    for key in wrong:
        message = f"{key} of autoscaling is {getattr(scaling, key)}, and a service cannot have that many tasks"
        yield Finding((*_SCALING, key), message, f"write {ENGLISH.text(limits.AUTOSCALING_CAPACITY.range)}")
    if not wrong and scaling.min > scaling.max:
        message = f"autoscaling has a min of {scaling.min} above its max of {scaling.max}"
        yield Finding((*_SCALING, "min"), message, "swap them", related=(((*_SCALING, "max"), "the max is here"),))


def _no_metric(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is not None and scaling.cpu is None and scaling.memory is None and scaling.requests is None:
        message = "autoscaling has no measure by which the count of tasks would change"
        yield Finding(_SCALING, message, "write cpu: 60, memory: 70 or requests: 1000", on_key=True)


def _to_zero(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is not None and scaling.min == 0 and scaling.max > 0:
        message = "autoscaling may end at no task at all, and no measure of nothing brings one back"
        yield Finding((*_SCALING, "min"), message, "write min: 1 or more")


def _target(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    for key in ("cpu", "memory", "requests") if scaling else ():
        value = getattr(scaling, key)
        limit = limits.AUTOSCALING_UTILIZATION
        if value is None or (limit.admits(value) if key != "requests" else value >= 1):
            continue
        wanted = (
            f"write {ENGLISH.text(limit.range)}" if key != "requests" else "write at least 1 request a minute and task"
        )
        yield Finding((*_SCALING, key), f"autoscaling cannot keep {key} at {value}", wanted)


def _count_outside(subject: Subject) -> Iterator[Finding]:
    service, scaling = _service(subject), _autoscaling(subject)
    if (
        service is None
        or scaling is None
        or scaling.min > scaling.max
        or "desired_count" not in service.model_fields_set
    ):
        return
    if limits.DESIRED_COUNT.admits(service.desired_count) and not scaling.min <= service.desired_count <= scaling.max:
        yield Finding(
            ("service", "desired_count"),
            f"desired_count is {service.desired_count}, and autoscaling keeps {scaling.min} to {scaling.max} tasks",
            f"write a number from {scaling.min} to {scaling.max}",
            related=((_SCALING, "autoscaling is here"),),
        )


def _requests(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is not None and scaling.requests is not None and subject.spec.load_balancer is None:
        message = "autoscaling counts requests, which only a load balancer does"
        yield Finding((*_SCALING, "requests"), message, "write cpu or memory instead, or a load_balancer", on_key=True)


def _capacity(subject: Subject) -> Iterator[Finding]:
    capacity = subject.spec.service.capacity if subject.spec.service else None
    if capacity is None:
        return
    path: KeyPath = ("service", "capacity")
    if capacity.fargate == 0 and capacity.spot == 0:
        yield Finding(
            path,
            "neither Fargate nor Fargate Spot has a weight: no task could be placed",
            "write fargate: 1",
            on_key=True,
        )
    for key, limit in (
        ("fargate", limits.CAPACITY_WEIGHT),
        ("spot", limits.CAPACITY_WEIGHT),
        ("base", limits.CAPACITY_BASE),
    ):
        value = getattr(capacity, key)
        if not limit.admits(value):
            yield Finding(
                (*path, key), f"{key} of capacity is {value}, and ECS refuses it", f"write {ENGLISH.text(limit.range)}"
            )


def _spot_only(subject: Subject) -> Iterator[Finding]:
    capacity = subject.spec.service.capacity if subject.spec.service else None
    if capacity is None or subject.spec.load_balancer is None:
        return
    if capacity.spot > 0 and capacity.fargate == 0 and capacity.base == 0:
        message = "all tasks behind the load balancer run on Fargate Spot, and may be taken away at once"
        yield Finding(("service", "capacity", "spot"), message, "write base: 1, or a weight for fargate", on_key=True)


def _platform(subject: Subject) -> Iterator[Finding]:
    service = _service(subject)
    if service is None or service.platform_version in vocabulary.PLATFORM_VERSIONS:
        return
    version = service.platform_version
    why = "is retired" if version in vocabulary.RETIRED_PLATFORM_VERSIONS else "does not exist"
    message = f'Fargate platform version "{version}" {why}'
    yield Finding(("service", "platform_version"), message, f"write {' or '.join(vocabulary.PLATFORM_VERSIONS)}")


def _grace(subject: Subject) -> Iterator[Finding]:
    service = _service(subject)
    if service is None or service.health_check_grace_period is None or subject.spec.load_balancer is not None:
        return
    if not any(container.healthcheck for container in subject.spec.containers.values()):
        message = "health_check_grace_period waits for health checks, and there are none"
        yield Finding(("service", "health_check_grace_period"), message, "delete the key", on_key=True)


def _read_only(subject: Subject) -> Iterator[Finding]:
    service = _service(subject)
    if service is None or not service.exec:
        return
    for name, container in subject.spec.containers.items():
        if container.read_only:
            yield Finding(
                ("containers", name, "read_only"),
                f'`aws ecs execute-command` cannot enter "{name}", whose file system is read-only',
                "delete read_only, or exec under service",
                related=((("service", "exec"), "it is asked for here"),),
            )


RULES: tuple[Rule, ...] = (
    Rule("CG801", "service-without-network", Severity.ERROR, _no_network),
    Rule("CG802", "desired-count-out-of-range", Severity.ERROR, _desired_count),
    Rule("CG803", "deployment-percent-out-of-range", Severity.ERROR, _percent),
    Rule("CG804", "stuck-deployment", Severity.ERROR, _stuck),
    Rule("CG805", "autoscaling-bounds", Severity.ERROR, _bounds),
    Rule("CG806", "autoscaling-without-metric", Severity.ERROR, _no_metric),
    Rule("CG807", "autoscaling-to-zero", Severity.WARNING, _to_zero),
    Rule("CG808", "autoscaling-target", Severity.ERROR, _target),
    Rule("CG809", "count-outside-autoscaling", Severity.WARNING, _count_outside),
    Rule("CG810", "requests-without-balancer", Severity.ERROR, _requests),
    Rule("CG811", "capacity-weight", Severity.ERROR, _capacity),
    Rule("CG812", "spot-only", Severity.WARNING, _spot_only),
    Rule("CG813", "unknown-platform-version", Severity.ERROR, _platform),
    Rule("CG814", "idle-grace-period", Severity.WARNING, _grace),
    Rule("CG815", "exec-with-read-only", Severity.WARNING, _read_only),
)
