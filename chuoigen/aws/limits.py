"""The numbers that ECS, Elastic Load Balancing, IAM and their neighbours admit, each with its source and date."""

from __future__ import annotations

from chuoigen.aws.fact import fact
from chuoigen.messages import Message, Texts
from chuoigen.record import Record

# The largest number that the API's 32-bit integers hold: a range up to here has no end that a person would meet.
_UNBOUNDED = 2_147_483_647
_CHECKED = "2026-11-23"
_say = Texts(__name__)


class Limit(Record):
    """A closed range of whole numbers in one unit, with the document that says so.

    `unit` is an id in the catalogues of this module, or "" for a plain number.
    """

    low: int
    high: int
    unit: str
    source: str
    checked: str = _CHECKED

    def admits(self, number: float) -> bool:
        """Say whether the number lies in the range, ends included."""
        return self.low <= number <= self.high

    @property
    def range(self) -> Message:
        """The range as a person would write it: `2 to 120 seconds`, `at least 100 percent`."""
        span = "at-least" if self.high == _UNBOUNDED else "from-to"
        return _say(f"{span}.{self.unit}" if self.unit else span, low=self.low, high=self.high)


def _ecs(low: int, high: int, unit: str, member: str) -> Limit:
    return Limit(low, high, unit, f"botocore 1.44, ecs, {member}")


def _elb(low: int, high: int, unit: str, member: str) -> Limit:
    return Limit(low, high, unit, f"botocore 1.44, elbv2, {member}")


def _docs(value: int, page: str) -> int:
    return fact(value, f"AWS documentation, '{page}'", _CHECKED)


def _model(value: int, member: str) -> int:
    return fact(value, f"botocore 1.44, {member}", _CHECKED)


_QUOTAS = "AWS documentation, 'Amazon ECS endpoints and quotas'"
_SERVICE_PARAMETERS = "AWS documentation, 'Amazon ECS service definition parameters'"

# --- containers and tasks.
STOP_TIMEOUT_S = _ecs(2, 120, "seconds", "ContainerDefinition.stopTimeout")
START_TIMEOUT_S = _ecs(2, 120, "seconds", "ContainerDefinition.startTimeout")

HEALTH_INTERVAL_S = _ecs(5, 300, "seconds", "HealthCheck.interval")
HEALTH_TIMEOUT_S = _ecs(2, 60, "seconds", "HealthCheck.timeout")
HEALTH_RETRIES = _ecs(1, 10, "", "HealthCheck.retries")
HEALTH_START_PERIOD_S = _ecs(0, 300, "seconds", "HealthCheck.startPeriod")

RESTART_PERIOD_S = _ecs(60, 1800, "seconds", "ContainerRestartPolicy.restartAttemptPeriod")
RESTART_EXIT_CODES_MAX = _model(50, "ecs, ContainerRestartPolicy.ignoredExitCodes")
EXIT_CODE = Limit(0, 255, "", "POSIX.1-2024, wait: an exit status has eight bits")

# None of these quotas can be raised.
CONTAINERS_MAX = _docs(10, "Amazon ECS endpoints and quotas")
TASK_DEFINITION_BYTES_MAX = _docs(64 * 1024, "Amazon ECS endpoints and quotas")
SUBNETS_MAX = _docs(16, "Amazon ECS endpoints and quotas")
GROUPS_PER_INTERFACE_MAX = _docs(5, "Amazon ECS endpoints and quotas")
CLIENT_TOKEN_MAX = _model(36, "ecs, CreateServiceRequest.clientToken")
TARGET_GROUPS_MAX = _docs(5, "Registering multiple target groups with an Amazon ECS service")
ENV_FILES_MAX = _model(10, "ecs, ContainerDefinition.environmentFiles")

PORT = Limit(1, 65_535, "", "RFC 9293, section 3.1: sixteen bits; 0 is reserved")
FIRST_UNPRIVILEGED_PORT = fact(1024, "aws/containers-roadmap#1721: below it only root listens on Fargate", "2026-11-28")
HTTP_PORT = fact(80, "RFC 9110, section 4.2.1", _CHECKED)
HTTPS_PORT = fact(443, "RFC 9110, section 4.2.2", _CHECKED)

# nofile alone is Fargate's own, both the soft and the hard value; all others are the operating system's.
NOFILE = Limit(0, 1_048_576, "files", "AWS documentation, 'Amazon ECS task definition differences for Fargate'")
ULIMIT = _ecs(-1, _UNBOUNDED, "", "Ulimit.softLimit, a 32-bit integer; -1 is unlimited")

# --- services. Both percentages at 100 are refused, since no task could then be replaced.
DESIRED_COUNT = Limit(0, 5000, "tasks", _QUOTAS)
MIN_PERCENT = Limit(0, 100, "percent", _SERVICE_PARAMETERS)
MAX_PERCENT = Limit(100, _UNBOUNDED, "percent", _SERVICE_PARAMETERS)
EARLY_SUCCESS_PERCENT = Limit(
    0, 100, "percent", "botocore 1.44, ecs, DeploymentEarlySuccessCriteria.healthyPercent", "2026-11-28"
)
# Failed tasks at which a circuit breaker opens: half of the desired count, within these bounds.
BREAKER_FAILURES = Limit(3, 200, "tasks", "botocore 1.44, ecs, ServiceDeploymentCircuitBreaker.threshold", "2026-11-28")
BREAKER_PERCENT = _model(50, "ecs, ThresholdConfiguration.value")
BAKE_TIME_S = Limit(
    0,
    86_400,
    "seconds",
    "botocore 1.44, ecs, LinearConfiguration.stepBakeTimeInMinutes: 0 to 1440 minutes",
    "2026-11-28",
)
HOOK_TIMEOUT_S = Limit(
    60,
    1_209_600,
    "seconds",
    "botocore 1.44, ecs, DeploymentLifecycleHookTimeoutConfiguration.timeoutInMinutes: 1 to 20160 minutes",
    "2026-11-28",
)
LINEAR_TENTHS = Limit(
    30, 1000, "", "botocore 1.44, ecs, LinearConfiguration.stepPercent: multiples of 0.1", "2026-11-28"
)
CANARY_TENTHS = Limit(
    1, 1000, "", "botocore 1.44, ecs, CanaryConfiguration.canaryPercent: multiples of 0.1", "2026-11-28"
)
HOOKS_MAX = fact(10, "AWS documentation, 'Pause hooks for Amazon ECS service deployments'", "2026-11-28")
ALARM_NAME_LENGTH = Limit(1, 255, "", "botocore 1.44, cloudwatch, AlarmName", "2026-11-28")
CAPACITY_BASE = _ecs(0, 100_000, "tasks", "CapacityProviderStrategyItemBase")
CAPACITY_WEIGHT = _ecs(0, 1000, "", "CapacityProviderStrategyItemWeight")

# --- volumes.
EBS_SIZES_GIB: dict[str, Limit] = {
    "gp2": _ecs(1, 16_384, "gib", "ServiceManagedEBSVolumeConfiguration.sizeInGiB"),
    "gp3": _ecs(1, 16_384, "gib", "ServiceManagedEBSVolumeConfiguration.sizeInGiB"),
    "io1": _ecs(4, 16_384, "gib", "ServiceManagedEBSVolumeConfiguration.sizeInGiB"),
    "io2": _ecs(4, 16_384, "gib", "ServiceManagedEBSVolumeConfiguration.sizeInGiB"),
    "st1": _ecs(125, 16_384, "gib", "ServiceManagedEBSVolumeConfiguration.sizeInGiB"),
    "sc1": _ecs(125, 16_384, "gib", "ServiceManagedEBSVolumeConfiguration.sizeInGiB"),
}
# The types that are not named here take no iops; io1 and io2 need the number.
EBS_IOPS: dict[str, Limit] = {
    "gp3": _ecs(3000, 16_000, "iops", "ServiceManagedEBSVolumeConfiguration.iops"),
    "io1": _ecs(100, 64_000, "iops", "ServiceManagedEBSVolumeConfiguration.iops"),
    "io2": _ecs(100, 256_000, "iops", "ServiceManagedEBSVolumeConfiguration.iops"),
}
# gp3 alone; the lower end is the baseline of EC2's CreateVolume.
EBS_THROUGHPUT_MIB_S = _ecs(125, 1000, "mib-s", "ServiceManagedEBSVolumeConfiguration.throughput; ec2, CreateVolume")
# Volumes in one task definition.
LAUNCH_VOLUMES_MAX = _docs(1, "Use Amazon EBS volumes with Amazon ECS")
# The port that the mount target listens on.
EFS_PORT = _docs(2049, "Mounting EFS file systems")

# --- load balancer.
ALB_IDLE_TIMEOUT_S = _elb(1, 4000, "seconds", "LoadBalancerAttribute.Key")
DEREGISTRATION_DELAY_S = _elb(0, 3600, "seconds", "TargetGroupAttribute.Key")
TARGET_HEALTH_INTERVAL_S = _elb(5, 300, "seconds", "HealthCheckIntervalSeconds")
TARGET_HEALTH_TIMEOUT_S = _elb(2, 120, "seconds", "HealthCheckTimeoutSeconds")
TARGET_HEALTH_THRESHOLD = _elb(2, 10, "", "HealthCheckThresholdCount")
MATCHER_CODE = _elb(200, 499, "", "Matcher.HttpCode")
GRPC_CODE = Limit(0, 99, "", "botocore 1.44, elbv2, Matcher.GrpcCode", "2026-11-28")
SLOW_START_S = Limit(30, 900, "seconds", "botocore 1.44, elbv2, TargetGroupAttribute.Key; 0 is none", "2026-11-28")
STICKY_DURATION_S = Limit(1, 604_800, "seconds", "botocore 1.44, elbv2, TargetGroupAttribute.Key", "2026-11-28")
RULE_PRIORITY = Limit(1, 50_000, "", "botocore 1.44, elbv2, RulePriority", "2026-11-28")
FORWARD_WEIGHT = Limit(0, 999, "", "botocore 1.44, elbv2, TargetGroupTuple.Weight", "2026-11-28")
# None of these quotas can be raised.
CONDITION_VALUES_MAX = _docs(5, "Quotas for your Application Load Balancers")
CONDITION_WILDCARDS_MAX = _docs(6, "Quotas for your Application Load Balancers")
ACTION_TARGETS_MAX = _docs(5, "Quotas for your Application Load Balancers")
CONDITION_LENGTH_MAX = _model(128, "elbv2, RuleCondition")
RESPONSE_BODY_MAX = _model(1024, "elbv2, FixedResponseActionMessage")
# Zones, with one subnet in each.
ALB_SUBNETS_MIN = _docs(2, "Subnets for your load balancer")

# --- auto scaling.
EBS_INITIALIZATION_RATE = Limit(100, 300, "mib-s", "botocore 1.44, ec2, CreateVolumeRequest.VolumeInitializationRate")
AUTOSCALING_CAPACITY = Limit(0, 5000, "tasks", _QUOTAS)
# A utilisation is a share of the task's own size; a target above 100 would never be reached.
AUTOSCALING_UTILIZATION = Limit(1, 100, "percent", "AWS documentation, 'Target tracking scaling policies'")

# --- Linux. The first user id that a distribution gives to a person.
FIRST_UID = fact(1000, "shadow-utils, login.defs(5), UID_MIN", _CHECKED)

# --- Redis. A node of ElastiCache admits this many and the number cannot be changed; the micro nodes of t2, t3 and t4g
# admit 20 000.
REDIS_MAX_CLIENTS = _docs(65_000, "Redis OSS specific parameters, maxclients")

# --- tags.
TAGS_MAX = _model(50, "ecs, Tags")

# --- schedules of jobs.
RETRIES = Limit(0, 185, "", "botocore 1.44, scheduler, RetryPolicy.MaximumRetryAttempts")
EVENT_AGE_S = Limit(60, 86_400, "seconds", "botocore 1.44, scheduler, RetryPolicy.MaximumEventAgeInSeconds")
FLEXIBLE_WINDOW_S = Limit(
    60, 86_400, "seconds", "botocore 1.44, scheduler, FlexibleTimeWindow.MaximumWindowInMinutes: 1 to 1440 minutes"
)

# --- Service Connect. What its proxy takes of the task, in CPU units and MiB.
PROXY_CPU = fact(256, "AWS documentation, 'Amazon ECS Service Connect components', proxy", "2026-11-28")
PROXY_MEMORY_MIB = fact(64, "AWS documentation, 'Amazon ECS Service Connect components', proxy", "2026-11-28")
