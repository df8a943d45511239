"""Every default, once: what a key of the language means when it is left out, with its source and date.

`defaults.STOP_TIMEOUT_S.value` is the value; models of the language, the plan, rules, pages and templates ask here.
`defaults.of(("containers", "app", "stop_timeout"))` finds the default of a key by its path, so that a report can say
"30, the default of ECS, source …, checked …": `value`, `why` (a message), `source`, `checked`.
"""

from __future__ import annotations

import functools
from typing import Generic, Literal, TypeVar

from chuoigen.aws.fact import fact
from chuoigen.messages import Message, Texts
from chuoigen.record import Record

T = TypeVar("T")

CHECKED = "2026-11-23"
_OWN = "chuoigen"
_say = Texts(__name__)


class Default(Record, Generic[T]):
    """The default of one key, or of several keys that mean the same.

    `keys` are paths in the language, with `*` for a name or an index. `reason` is an id in the catalogues of this
    module. `source` is `chuoigen` where the choice is ours.
    """

    keys: tuple[str, ...]
    value: T
    reason: str
    source: str
    checked: str = CHECKED

    @property
    def why(self) -> Message:
        """Why it is so, as the rest of a line that shows the value."""
        return _say(self.reason)

    @property
    def own(self) -> bool:
        """Whether chuoigen chose it; otherwise it is what AWS does."""
        return self.source == _OWN


def of(path: tuple[str | int, ...]) -> Default[object] | None:
    """Return the default of the key at a path; None where the key has no default."""
    known = _by_length().get(len(path), ())
    return next(
        (found for key, found in known if all(a in ("*", str(b)) for a, b in zip(key, path, strict=True))), None
    )


@functools.cache
def _by_length() -> dict[int, list[tuple[tuple[str, ...], Default[object]]]]:
    found: dict[int, list[tuple[tuple[str, ...], Default[object]]]] = {}
    for default in globals().values():
        for key in default.keys if isinstance(default, Default) else ():
            parts = tuple(key.split("."))
            found.setdefault(len(parts), []).append((parts, default))
    return found


def _ecs(key: str, value: T, member: str) -> Default[T]:
    return Default((key,), value, "ecs", f"botocore 1.44, ecs, {member}")


def _elb(key: str | tuple[str, ...], value: T, member: str) -> Default[T]:
    return Default(_keys(key), value, "elb", f"botocore 1.44, elbv2, {member}")


def _own(key: str | tuple[str, ...], value: T, reason: str) -> Default[T]:
    return Default(_keys(key), value, reason, _OWN)


def _keys(key: str | tuple[str, ...]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


def _target(key: str) -> tuple[str, str]:
    return f"load_balancer.{key}", f"load_balancer.targets.*.{key}"


def _logs(key: str) -> tuple[str, str]:
    return f"containers.*.logs.{key}", f"logs.{key}"


TIMEZONE = _own("timezone", "UTC", "timezone")

# --- the task. The smallest size that Fargate has.
CPU = _own("task.cpu", 256, "smallest-size")
MEMORY_MIB = _own("task.memory", 512, "smallest-size")
PLATFORM = _own("task.platform", "linux/amd64", "platform")
EPHEMERAL_STORAGE_GIB = Default(
    ("task.ephemeral_storage",), 20, "fargate", "AWS documentation, 'Fargate task ephemeral storage'"
)

# --- containers.
ESSENTIAL = _ecs("containers.*.essential", True, "ContainerDefinition.essential")  # noqa: FBT003  a value
STOP_TIMEOUT_S = _ecs("containers.*.stop_timeout", 30, "ContainerDefinition.stopTimeout")
HEALTH_INTERVAL_S = _ecs("containers.*.healthcheck.interval", 30, "HealthCheck.interval")
HEALTH_TIMEOUT_S = _ecs("containers.*.healthcheck.timeout", 5, "HealthCheck.timeout")
HEALTH_RETRIES = _ecs("containers.*.healthcheck.retries", 3, "HealthCheck.retries")
HEALTH_START_PERIOD_S = _ecs("containers.*.healthcheck.start_period", 0, "HealthCheck.startPeriod")
RESTART_PERIOD_S = _ecs("containers.*.restart.attempt_period", 300, "ContainerRestartPolicy.restartAttemptPeriod")
PROTOCOL = _ecs("containers.*.ports.*.protocol", "tcp", "PortMapping.protocol")
VERSION_CONSISTENCY = _ecs("containers.*.version_consistency", "enabled", "ContainerDefinition.versionConsistency")
# Fargate's own for nofile, soft and hard; the other limits are the operating system's.
NOFILE = Default(
    ("containers.*.ulimits.nofile",),
    65_535,
    "fargate",
    "AWS documentation, 'Amazon ECS task definition differences for Fargate'",
)

# --- logging. The mode is ECS's own since 2025-06-25, unless the account setting defaultLogDriverMode says otherwise.
LOG_DRIVER = Default(_logs("driver"), "awslogs", "log-driver", _OWN)
LOG_MODE = Default(_logs("mode"), "non-blocking", "log-mode", "botocore 1.44, ecs, LogConfiguration.options, mode")
LOG_BUFFER_SIZE = Default(_logs("max_buffer_size"), "25m", "log-buffer", _OWN)
# What a task definition without max-buffer-size has; ours is larger.
AWS_LOG_BUFFER_SIZE = fact("10m", "botocore 1.44, ecs, LogConfiguration.options, max-buffer-size", "2026-11-28")
LOG_RETENTION_DAYS = Default(_logs("retention"), 30, "log-retention", _OWN)

# --- permissions.
EFFECT: Default[Literal["allow", "deny"]] = Default(("permissions.*.effect",), "allow", "effect", _OWN)

# --- volumes.
EFS_ROOT = _ecs("volumes.*.efs.root_directory", "/", "EFSVolumeConfiguration.rootDirectory")
EFS_ENCRYPTED = _own("volumes.*.efs.transit_encryption", True, "encrypted")  # noqa: FBT003  a value
EBS_TYPE = _own("volumes.*.ebs.type", "gp3", "ebs-type")
EBS_FILE_SYSTEM: Default[Literal["ext3", "ext4", "xfs"]] = _ecs(
    "volumes.*.ebs.filesystem_type", "xfs", "ServiceManagedEBSVolumeConfiguration.filesystemType"
)
EBS_ENCRYPTED = _own("volumes.*.ebs.encrypted", True, "encrypted")  # noqa: FBT003  a value

# --- the service.
DESIRED_COUNT = _own("service.desired_count", 1, "one-task")
MIN_PERCENT = _ecs("service.deployment.minimum_healthy_percent", 100, "DeploymentConfiguration.minimumHealthyPercent")
MAX_PERCENT = _ecs("service.deployment.maximum_percent", 200, "DeploymentConfiguration.maximumPercent")
CIRCUIT_BREAKER = Default(
    tuple(f"service.deployment.circuit_breaker{key}" for key in ("", ".enabled", ".rollback")),
    True,  # noqa: FBT003  a value
    "circuit-breaker",
    _OWN,
)
BREAKER_BOUNDED = _ecs("service.deployment.circuit_breaker.threshold.bounded", True, "ThresholdConfiguration.type")  # noqa: FBT003
STRATEGY: Default[Literal["rolling", "blue_green", "linear", "canary"]] = _ecs(
    "service.deployment.strategy", "rolling", "DeploymentConfiguration.strategy"
)
BAKE_TIME_S = _own("service.deployment.bake_time", 300, "bake-time")
LINEAR_PERCENT = _ecs("service.deployment.linear.step_percent", 10.0, "LinearConfiguration.stepPercent")
LINEAR_BAKE_TIME_S = _ecs("service.deployment.linear.step_bake_time", 360, "LinearConfiguration.stepBakeTimeInMinutes")
CANARY_PERCENT = _ecs("service.deployment.canary.percent", 5.0, "CanaryConfiguration.canaryPercent")
CANARY_BAKE_TIME_S = _ecs("service.deployment.canary.bake_time", 600, "CanaryConfiguration.canaryBakeTimeInMinutes")
EARLY_CLEANUP: Default[Literal["blocking", "deferred"]] = _own(
    "service.deployment.early_success.cleanup", "blocking", "early-cleanup"
)
GRACE_PERIOD_S = _own("service.health_check_grace_period", 60, "grace-period")
FARGATE_WEIGHT = _ecs("service.capacity_provider_strategy.fargate", 0, "CapacityProviderStrategyItem.weight")
SPOT_WEIGHT = _ecs("service.capacity_provider_strategy.fargate_spot", 0, "CapacityProviderStrategyItem.weight")
CAPACITY_BASE = _ecs("service.capacity_provider_strategy.base", 0, "CapacityProviderStrategyItem.base")
SCALE_IN = _own("service.autoscaling.scale_in", True, "scale-in")  # noqa: FBT003  a value
SCALING_STATISTIC: Default[Literal["Average", "Minimum", "Maximum", "SampleCount", "Sum"]] = _own(
    "service.autoscaling.metrics.*.statistic", "Average", "statistic"
)
ALARM_CPU = _own("alarms.cpu", 90, "alarm-cpu")
ALARM_MEMORY = _own("alarms.memory", 90, "alarm-memory")
ALARM_ERRORS = _own("alarms.errors", 5, "alarm-errors")
ALARM_MINUTES = _own("alarms.minutes", 5, "alarm-minutes")
PROPAGATE_TAGS: Default[Literal["none", "service", "task_definition"]] = _own(
    "service.propagate_tags", "task_definition", "propagate-tags"
)
MANAGED_TAGS = _own("service.enable_ecs_managed_tags", True, "managed-tags")  # noqa: FBT003  a value
PLATFORM_VERSION = _own("service.platform_version", "1.4.0", "platform-version")

# --- the load balancer.
IDLE_TIMEOUT_S = _elb("load_balancer.idle_timeout", 60, "LoadBalancerAttribute.Key, idle_timeout.timeout_seconds")
TARGET_HEALTH_PATH = _elb("load_balancer.healthcheck", "/", "CreateTargetGroupInput.HealthCheckPath")
TARGET_HEALTH_INTERVAL_S = _elb(
    _target("healthcheck.interval"), 30, "CreateTargetGroupInput.HealthCheckIntervalSeconds"
)
TARGET_HEALTH_TIMEOUT_S = _own(_target("healthcheck.timeout"), 5, "target-timeout")
TARGET_HEALTHY = _own(_target("healthcheck.healthy"), 3, "target-thresholds")
TARGET_UNHEALTHY = _own(_target("healthcheck.unhealthy"), 3, "target-thresholds")
TARGET_HEALTH_PORT = _elb("load_balancer.healthcheck.port", "traffic-port", "CreateTargetGroupInput.HealthCheckPort")
TARGET_MATCHER = _elb("load_balancer.healthcheck.matcher", "200", "Matcher.HttpCode")
GRPC_HEALTH_PATH = fact(
    "/AWS.ALB/healthcheck", "botocore 1.44, elbv2, CreateTargetGroupInput.HealthCheckPath", "2026-11-28"
)
GRPC_MATCHER = fact(
    "12", "botocore 1.44, elbv2, Matcher.GrpcCode: what a method that is not there answers", "2026-11-28"
)
TARGET_PROTOCOL: Default[Literal["http1", "http2", "grpc"]] = _elb(
    _target("protocol"), "http1", "CreateTargetGroupInput.ProtocolVersion"
)
STICKY_DURATION_S = _elb(
    _target("sticky.duration"), 86_400, "TargetGroupAttribute.Key, stickiness.lb_cookie.duration_seconds"
)
REDIRECT_STATUS = _own(
    ("load_balancer.rules.*.redirect.status", "load_balancer.default.redirect.status"), 301, "redirect-status"
)
# AWS documentation, "Security policies for your Application Load Balancer", checked 2026-11-23: what the console
# proposes and AWS recommends, TLS 1.3 and 1.2 with post-quantum key exchange. A listener made through the API without a
# policy gets the one of 2016, which still speaks TLS 1.0.
SSL_POLICY = _own("load_balancer.ssl_policy", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ssl-policy")

# --- discovery. A task that has gone is asked for as long as a resolver keeps its address.
DISCOVERY_RECORD: Default[Literal["a", "srv"]] = _own("discovery.record", "a", "discovery-record")
DISCOVERY_TTL_S = _own("discovery.ttl", 10, "discovery-ttl")

PROXY_LOG_LEVEL: Default[Literal["info", "debug"]] = _ecs(
    "service_connect.log_level", "info", "ServiceConnectContainerConfiguration.logLevel"
)

# --- jobs.
JOB_TIMEOUT_S = _own("jobs.*.timeout", 1800, "job-timeout")
JOB_RETRIES = _own("jobs.*.schedule.retries", 3, "job-retries")
JOB_MAX_AGE_S = _own("jobs.*.schedule.max_age", 3600, "job-max-age")

# --- the pipeline.
IMAGE_TAG = _own("pipeline.image_tag", "commit", "image-tag")

# --- connections. A pool is counted once unless the spec says how many processes have one.
POOL_PROCESSES = Default((), 1, "processes", _OWN)

# --- the registry. After so many days ECR drops an image that no tag names.
UNTAGGED_DAYS = Default((), 30, "untagged", _OWN)
# Where a tag moves, running tasks are pinned to images that it has left: so many of them stay.
UNTAGGED_COUNT = Default((), 100, "untagged-count", _OWN)
