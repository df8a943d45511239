"""The service: how many tasks there are, how they are replaced and scaled, what they run on."""

import math
from collections.abc import Iterator

from chuoigen.aws import limits, vocabulary
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.spec.scaling import Autoscaling
from chuoigen.spec.service import Capacity
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_ALL = 100
_COUNT: KeyPath = ("service", "desired_count")
_SCALING: KeyPath = ("service", "autoscaling")
_DEPLOYMENT: KeyPath = ("service", "deployment")
_CAPACITY: KeyPath = ("service", "capacity_provider_strategy")
_PERCENT = {"minimum_healthy_percent": limits.MIN_PERCENT, "maximum_percent": limits.MAX_PERCENT}
_WEIGHTS = {"fargate": limits.CAPACITY_WEIGHT, "fargate_spot": limits.CAPACITY_WEIGHT, "base": limits.CAPACITY_BASE}
_TARGETS = {"cpu": limits.AUTOSCALING_UTILIZATION, "memory": limits.AUTOSCALING_UTILIZATION}


def _autoscaling(subject: Subject) -> Autoscaling | None:
    return subject.spec.service.autoscaling if subject.spec.service else None


def _capacity(subject: Subject) -> Capacity | None:
    return subject.spec.service.capacity_provider_strategy if subject.spec.service else None


def _outside(path: KeyPath, written: object, allowed: dict[str, limits.Limit], name: str) -> Iterator[Finding]:
    """Yield a finding for each number of `written` that its limit does not admit."""
    for key, limit in allowed.items():
        value = getattr(written, key)
        if value is not None and not limit.admits(value):
            message = _say(name, key=Key((*path, key)), value=value, allowed=limit.range)
            yield Finding((*path, key), message)


def _no_network(subject: Subject) -> Iterator[Finding]:
    if subject.spec.network is not None:
        return
    written = [key for key in ("load_balancer", "service") if getattr(subject.spec, key) is not None]
    if written:
        related = tuple(((key,), _say("service-without-network.note")) for key in written[1:])
        message = _say("service-without-network", key=Key((written[0],)))
        yield Finding((written[0],), message, on_key=True, related=related)


def _desired_count(subject: Subject) -> Iterator[Finding]:
    if subject.spec.service is not None:
        allowed = {"desired_count": limits.DESIRED_COUNT}
        yield from _outside(("service",), subject.spec.service, allowed, "desired-count-out-of-range")


def _percent(subject: Subject) -> Iterator[Finding]:
    if subject.spec.service is not None:
        yield from _outside(_DEPLOYMENT, subject.spec.service.deployment, _PERCENT, "deployment-percent-out-of-range")


def _counts(subject: Subject) -> Iterator[tuple[int, KeyPath]]:
    """Yield the least that a service may run, with its key: what the spec says, what autoscaling may go down to."""
    service, scaling = subject.spec.service, _autoscaling(subject)
    if service is not None and service.desired_count > 0:
        yield service.desired_count, _COUNT
    if scaling is not None and scaling.max > 0:
        yield max(1, scaling.min), (*_SCALING, "min")


def _stuck(subject: Subject) -> Iterator[Finding]:
    """Report percentages between which no task can be replaced; ECS rounds the lower up and the upper down.

    That is so for small counts: the smallest that autoscaling, or the spec, may lead to decides.
    """
    service = subject.spec.service
    if service is None or any(_percent(subject)):
        return
    low, high = service.deployment.minimum_healthy_percent, service.deployment.maximum_percent
    count, where = min(_counts(subject), default=(0, _COUNT))
    most, fewest = math.floor(count * high / _ALL), math.ceil(count * low / _ALL)
    if count == 0 or fewest < count or most > count:
        return
    key = "maximum_percent" if "maximum_percent" in service.deployment.model_fields_set else "minimum_healthy_percent"
    variant = "exact" if high == _ALL else "rounded"
    message = _say(f"stuck-deployment.{variant}", low=low, high=high, count=count, fewest=fewest, most=most)
    note = (where, _say("stuck-deployment.note", count=count))
    yield Finding((*_DEPLOYMENT, key), message, related=(note,) if where != _COUNT else ())


def _bounds(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is None:
        return
    allowed = {"min": limits.AUTOSCALING_CAPACITY, "max": limits.AUTOSCALING_CAPACITY}
    wrong = tuple(_outside(_SCALING, scaling, allowed, "autoscaling-bounds.range"))
    yield from wrong
    if not wrong and scaling.min > scaling.max:
        related = (((*_SCALING, "max"), _say("autoscaling-bounds.note")),)
        message = _say("autoscaling-bounds.swapped", min=scaling.min, max=scaling.max)
        yield Finding((*_SCALING, "min"), message, related=related)


def _no_metric(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is None or scaling.queue is not None or scaling.metrics or scaling.schedule:
        return
    if scaling.cpu is None and scaling.memory is None and scaling.requests is None:
        yield Finding(_SCALING, _say("autoscaling-without-metric"), on_key=True)


def _to_zero(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is not None and scaling.min == 0 and scaling.max > 0:
        yield Finding((*_SCALING, "min"), _say("autoscaling-to-zero"))


def _target(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is None:
        return
    yield from _outside(_SCALING, scaling, _TARGETS, "autoscaling-target.share")
    if scaling.requests is not None and scaling.requests < 1:
        yield Finding((*_SCALING, "requests"), _say("autoscaling-target.requests", value=scaling.requests))


def _count_outside(subject: Subject) -> Iterator[Finding]:
    service, scaling = subject.spec.service, _autoscaling(subject)
    if service is None or scaling is None or scaling.min > scaling.max or _COUNT[-1] not in service.model_fields_set:
        return
    count = service.desired_count
    if limits.DESIRED_COUNT.admits(count) and not scaling.min <= count <= scaling.max:
        message = _say("count-outside-autoscaling", count=count, min=scaling.min, max=scaling.max)
        yield Finding(_COUNT, message, related=((_SCALING, _say("count-outside-autoscaling.note")),))


def _requests(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is not None and scaling.requests is not None and subject.spec.load_balancer is None:
        yield Finding((*_SCALING, "requests"), _say("requests-without-balancer"), on_key=True)


def _weights(subject: Subject) -> Iterator[Finding]:
    capacity = _capacity(subject)
    if capacity is None:
        return
    if capacity.fargate == 0 and capacity.fargate_spot == 0:
        yield Finding(_CAPACITY, _say("capacity-weight.none"), on_key=True)
    yield from _outside(_CAPACITY, capacity, _WEIGHTS, "capacity-weight.range")


def _spot_only(subject: Subject) -> Iterator[Finding]:
    capacity = _capacity(subject)
    if capacity is None or subject.spec.load_balancer is None:
        return
    if capacity.fargate_spot > 0 and capacity.fargate == 0 and capacity.base == 0:
        yield Finding((*_CAPACITY, "fargate_spot"), _say("spot-only"), on_key=True)


def _platform(subject: Subject) -> Iterator[Finding]:
    service, known = subject.spec.service, vocabulary.PLATFORM_VERSIONS
    if service is not None and service.platform_version not in known:
        version = service.platform_version
        variant = "retired" if version in vocabulary.RETIRED_PLATFORM_VERSIONS else "unknown"
        message = _say(f"unknown-platform-version.{variant}", version=version, known=known)
        yield Finding(("service", "platform_version"), message)


def _grace(subject: Subject) -> Iterator[Finding]:
    service = subject.spec.service
    if service is None or service.health_check_grace_period is None or subject.spec.load_balancer is not None:
        return
    if not any(container.healthcheck for container in subject.spec.containers.values()):
        yield Finding(("service", "health_check_grace_period"), _say("idle-grace-period"), on_key=True)


def _unusable_exec(subject: Subject) -> Iterator[Finding]:
    service, spec = subject.spec.service, subject.spec
    if service is None or not service.enable_execute_command:
        return
    related = ((("service", "enable_execute_command"), _say("unusable-exec.note")),)
    if spec.task.pid_mode == "task" and len(spec.containers) > 1:
        yield Finding(("task", "pid_mode"), _say("unusable-exec.pid-mode"), related=related)
    for name, container in spec.containers.items():
        path = ("containers", name)
        if container.read_only:
            yield Finding((*path, "read_only"), _say("unusable-exec.read-only", container=name), related=related)
        for section in ("environment", "secrets"):
            key = next((key for key in vocabulary.OWN_CREDENTIALS if key in getattr(container, section)), None)
            if key is not None:
                words = _say("unusable-exec.credentials", container=name, variable=key)
                yield Finding((*path, section, key), words, on_key=True, related=related)


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
    Rule("CG811", "capacity-weight", Severity.ERROR, _weights),
    Rule("CG812", "spot-only", Severity.WARNING, _spot_only),
    Rule("CG813", "unknown-platform-version", Severity.ERROR, _platform),
    Rule("CG814", "idle-grace-period", Severity.WARNING, _grace),
    Rule("CG815", "unusable-exec", Severity.WARNING, _unusable_exec),
    # A spec cannot say these: chuoigen/inputs/ecs/service_faults.py reports them about a service of ECS.
    Rule("CG816", "deployment-controller", Severity.ERROR, module=__name__),
    Rule("CG817", "service-connect", Severity.ERROR, module=__name__),
    Rule("CG818", "unpropagated-tags", Severity.WARNING, module=__name__),
    Rule("CG819", "service-registry", Severity.ERROR, module=__name__),
)
