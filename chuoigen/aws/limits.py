"""The numbers that ECS, Elastic Load Balancing, IAM and their neighbours admit, checked 2026-11-23."""

from __future__ import annotations

from chuoigen.messages import Message, Texts
from chuoigen.record import Record

# The largest number that the API's 32-bit integers hold: a range up to here has no end that a person would
# meet.
UNBOUNDED = 2_147_483_647


_say = Texts(__name__)


class Limit(Record):
    """A closed range of whole numbers in one unit, with the document that says so.

    `unit` is an id in the catalogues of this module, or "" for a plain number.
    """

    low: int
    high: int
    unit: str
    source: str

    def admits(self, number: float) -> bool:
        """Say whether the number lies in the range, ends included."""
        return self.low <= number <= self.high

    @property
    def range(self) -> Message:
        """The range as a person would write it: `2 to 120 seconds`, `at least 100 percent`."""
        span = "at-least" if self.high == UNBOUNDED else "from-to"
        return _say(f"{span}.{self.unit}" if self.unit else span, low=self.low, high=self.high)


def _ecs(low: int, high: int, unit: str, member: str) -> Limit:
    return Limit(low, high, unit, f"botocore 1.44, ecs, {member}")


def _elb(low: int, high: int, unit: str, member: str) -> Limit:
    return Limit(low, high, unit, f"botocore 1.44, elbv2, {member}")


_QUOTAS = "AWS documentation, 'Amazon ECS endpoints and quotas'"
_SERVICE_PARAMETERS = "AWS documentation, 'Amazon ECS service definition parameters'"

# --- containers and tasks. botocore 1.44, ecs, the documentation of each member, checked 2026-11-23.
STOP_TIMEOUT_S = _ecs(2, 120, "seconds", "ContainerDefinition.stopTimeout")
START_TIMEOUT_S = _ecs(2, 120, "seconds", "ContainerDefinition.startTimeout")
DEFAULT_STOP_TIMEOUT_S = 30

HEALTH_INTERVAL_S = _ecs(5, 300, "seconds", "HealthCheck.interval")
HEALTH_TIMEOUT_S = _ecs(2, 60, "seconds", "HealthCheck.timeout")
HEALTH_RETRIES = _ecs(1, 10, "", "HealthCheck.retries")
HEALTH_START_PERIOD_S = _ecs(0, 300, "seconds", "HealthCheck.startPeriod")
DEFAULT_HEALTH_INTERVAL_S = 30
DEFAULT_HEALTH_TIMEOUT_S = 5
DEFAULT_HEALTH_RETRIES = 3
DEFAULT_HEALTH_START_PERIOD_S = 0

RESTART_PERIOD_S = _ecs(60, 1800, "seconds", "ContainerRestartPolicy.restartAttemptPeriod")
DEFAULT_RESTART_PERIOD_S = 300
RESTART_EXIT_CODES_MAX = 50
EXIT_CODE = Limit(0, 255, "", "POSIX.1-2024, wait: an exit status has eight bits")

# AWS documentation, "Amazon ECS endpoints and quotas", checked 2026-11-23; none of these can be raised.
CONTAINERS_MAX = 10
TASK_DEFINITION_BYTES_MAX = 64 * 1024
SUBNETS_MAX = 16
GROUPS_PER_INTERFACE_MAX = 5
TARGET_GROUPS_PER_SERVICE_MAX = 5
# botocore 1.44, ecs, ContainerDefinition.environmentFiles.
ENV_FILES_MAX = 10

PORT = Limit(1, 65_535, "", "RFC 9293, section 3.1: sixteen bits; 0 is reserved")
# botocore 1.44, ecs, PortMapping.containerPortRange: ranges in one container.
PORT_RANGES_MAX = 100

# AWS documentation, "Amazon ECS task definition differences for Fargate", checked 2026-11-23: nofile alone is
# Fargate's own, both the soft and the hard value; all others are the operating system's.
DEFAULT_NOFILE = 65_535
NOFILE = Limit(0, 1_048_576, "files", "AWS documentation, 'Amazon ECS task definition differences for Fargate'")
ULIMIT = _ecs(-1, UNBOUNDED, "", "Ulimit.softLimit, a 32-bit integer; -1 is unlimited")

# botocore 1.44, ecs, LogConfiguration.options: what a container that names no size gets, in non-blocking
# mode.
DEFAULT_MAX_BUFFER_SIZE = "10m"

# --- services. Both percentages at 100 are refused, since no task could then be replaced.
DESIRED_COUNT = Limit(0, 5000, "tasks", _QUOTAS)
MIN_PERCENT = Limit(0, 100, "percent", _SERVICE_PARAMETERS)
MAX_PERCENT = Limit(100, UNBOUNDED, "percent", _SERVICE_PARAMETERS)
DEFAULT_MIN_PERCENT = 100
DEFAULT_MAX_PERCENT = 200
HEALTH_CHECK_GRACE_PERIOD_S = Limit(0, UNBOUNDED, "seconds", _SERVICE_PARAMETERS)
DEFAULT_HEALTH_CHECK_GRACE_PERIOD_S = 0
CAPACITY_BASE = _ecs(0, 100_000, "tasks", "CapacityProviderStrategyItemBase")
CAPACITY_WEIGHT = _ecs(0, 1000, "", "CapacityProviderStrategyItemWeight")
DEFAULT_CAPACITY_WEIGHT = 0

# --- volumes. botocore 1.44, ecs, ServiceManagedEBSVolumeConfiguration, checked 2026-11-23.
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
EBS_THROUGHPUT_MIB_S = _ecs(125, 1000, "mib-s", "ServiceManagedEBSVolumeConfiguration.throughput")
# AWS documentation, "Use Amazon EBS volumes with Amazon ECS", checked 2026-11-23: volumes in one task
# definition.
LAUNCH_VOLUMES_MAX = 1
# AWS documentation, "Mounting EFS file systems", checked 2026-11-23: the port that the mount target listens
# on.
EFS_PORT = 2049

# --- load balancer. botocore 1.44, elbv2, checked 2026-11-23; the defaults are those of HTTP and addresses.
ALB_IDLE_TIMEOUT_S = _elb(1, 4000, "seconds", "LoadBalancerAttribute.Key")
DEFAULT_ALB_IDLE_TIMEOUT_S = 60
DEREGISTRATION_DELAY_S = _elb(0, 3600, "seconds", "TargetGroupAttribute.Key")
DEFAULT_DEREGISTRATION_DELAY_S = 300
TARGET_HEALTH_INTERVAL_S = _elb(5, 300, "seconds", "HealthCheckIntervalSeconds")
TARGET_HEALTH_TIMEOUT_S = _elb(2, 120, "seconds", "HealthCheckTimeoutSeconds")
TARGET_HEALTH_THRESHOLD = _elb(2, 10, "", "HealthCheckThresholdCount")
DEFAULT_TARGET_HEALTH_INTERVAL_S = 30
DEFAULT_TARGET_HEALTH_TIMEOUT_S = 6
DEFAULT_TARGET_HEALTHY_THRESHOLD = 5
DEFAULT_TARGET_UNHEALTHY_THRESHOLD = 2
MATCHER_CODE = _elb(200, 499, "", "Matcher.HttpCode")
DEFAULT_MATCHER = "200"
# AWS documentation, "Subnets for your load balancer", checked 2026-11-23: zones, with one subnet in each.
ALB_SUBNETS_MIN = 2

# --- auto scaling. AWS documentation, "Automatically scale your Amazon ECS service", checked 2026-11-23.
AUTOSCALING_CAPACITY = Limit(0, 5000, "tasks", _QUOTAS)
# A utilisation is a share of the task's own size; a target above 100 would never be reached.
AUTOSCALING_UTILIZATION = Limit(1, 100, "percent", "AWS documentation, 'Target tracking scaling policies'")

# --- Redis. AWS documentation, "Redis OSS specific parameters", maxclients, checked 2026-11-23: a node of
# ElastiCache admits this many and the number cannot be changed; the micro nodes of t2, t3 and t4g admit 20
# 000.
REDIS_MAX_CLIENTS = 65_000

# --- IAM. AWS documentation, "IAM and AWS STS quotas", checked 2026-11-23; characters, white space not
# counted.
TRUST_POLICY_CHARACTERS_MAX = 2048
INLINE_POLICY_CHARACTERS_MAX = 10_240
MANAGED_POLICY_CHARACTERS_MAX = 6144

# --- security groups. AWS documentation, "Amazon VPC quotas", checked 2026-11-23; rules in each direction.
RULES_PER_GROUP_MAX = 60

# --- tags. botocore 1.44, ecs, Tags, TagKey and TagValue.
TAGS_MAX = 50
TAG_KEY_CHARACTERS_MAX = 128
TAG_VALUE_CHARACTERS_MAX = 256

# --- pipeline. AWS documentation, "Managing parameter tiers" (standard tier) and "Image definitions file
# reference", checked 2026-11-23.
PARAMETER_VALUE_CHARACTERS_MAX = 4096
IMAGE_DEFINITIONS_BYTES_MAX = 100 * 1024
BUILD_TIMEOUT_MINUTES = Limit(5, 2160, "minutes", "botocore 1.44, codebuild, BuildTimeOut")
