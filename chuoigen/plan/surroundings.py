"""What is decided about everything around the task: roles, groups, load balancer, service, pipeline, cutover."""

from chuoigen.record import Record


class Statement(Record):
    """One statement of a policy."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, str], ...] = ()
    """Operator, key, value: ("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com")."""


class RolePlan(Record):
    """A role. `key` names its files (execution, task, codebuild); `made` is False for a role given by its ARN.

    `policy_name` is the inline policy that holds exactly `statements`; there is none when `statements` is empty.
    """

    key: str
    name: str
    arn: str
    made: bool
    trusts: str
    managed: tuple[str, ...]
    policy_name: str
    statements: tuple[Statement, ...]


class RulePlan(Record):
    """An inbound rule: `source` is "self", a CIDR block or a group id; ports are one number."""

    source: str
    port: int
    protocol: str
    why: str


class GroupPlan(Record):
    """A security group. `id` is given when it exists already and is only joined; else it is made under `name`.

    `key` is service, alb or the backend's name; `members` are "task", "alb" and names of backends.
    """

    key: str
    name: str
    id: str | None
    description: str
    rules: tuple[RulePlan, ...]
    members: tuple[str, ...]

    @property
    def reference(self) -> str:
        """The id, or the placeholder that the scripts replace with the id once the group exists."""
        return self.id or f"@security-group:{self.key}@"


class Reach(Record):
    """Who can reach whom on which port. `via` says through what; incidental ways have `intended` False."""

    source: str
    target: str
    port: int
    protocol: str
    via: str
    intended: bool
    why: str


class BackendPlan(Record):
    """A backend of the service; `group` is the key of its security group."""

    name: str
    host: str
    port: int
    group: str
    max_connections: int | None
    pool_container: str | None
    pool_variable: str | None
    pool_size: int | None


class ListenerPlan(Record):
    """A listener; `action` is forward or redirect (to HTTPS on 443)."""

    port: int
    protocol: str
    action: str
    certificate: str | None
    ssl_policy: str | None


class LoadBalancerPlan(Record):
    """An Application Load Balancer with one target group of type ip. Times in seconds."""

    name: str
    target_group: str
    scheme: str
    subnets: tuple[str, ...]
    groups: tuple[str, ...]
    container: str
    port: int
    path: str
    interval: int
    timeout: int
    healthy: int
    unhealthy: int
    matcher: str
    listeners: tuple[ListenerPlan, ...]
    idle_timeout: int
    deregistration_delay: int


class CapacityPlan(Record):
    """One part of a capacity provider strategy."""

    provider: str
    weight: int
    base: int


class ServicePlan(Record):
    """The ECS service. `groups` are references (ids or placeholders of the scripts)."""

    cluster: str
    name: str
    desired_count: int
    min_percent: int
    max_percent: int
    circuit_breaker: bool
    grace_period: int | None
    capacity: tuple[CapacityPlan, ...]
    platform_version: str
    public_ip: bool
    exec: bool
    subnets: tuple[str, ...]
    groups: tuple[str, ...]


class PolicyPlan(Record):
    """A target-tracking policy: the metric's predefined name and the value that is kept."""

    name: str
    metric: str
    target: int


class AutoscalingPlan(Record):
    """How many tasks there are; `resource` is service/<cluster>/<service>."""

    resource: str
    minimum: int
    maximum: int
    policies: tuple[PolicyPlan, ...]


class PipelinePlan(Record):
    """How images are built. `tag` is None when each build takes the commit; `first_tag` is that of the first images.

    `parameters` and `secrets` are (variable, name) pairs that CodeBuild reads from Systems Manager and Secrets Manager.
    """

    project: str
    role: RolePlan
    source_bucket: str | None
    tag: str | None
    first_tag: str
    parameters: tuple[tuple[str, str], ...]
    secrets: tuple[tuple[str, str], ...]


class BudgetPlan(Record):
    """Connections to one backend: what one task holds, and the sums, against what the backend admits."""

    backend: str
    per_task: int
    tasks: int
    rolling_tasks: int
    steady: int
    rolling: int
    limit: int | None


class StepPlan(Record):
    """One step of a cutover with the counts and pools after it (`peak` counts what runs at once during it)."""

    number: int
    title: str
    text: str
    old_instances: int
    old_pool: int
    tasks: int
    peak_tasks: int
    task_pool: int
    total: int
    peak: int


class CutoverPlan(Record):
    """Moving traffic from `predecessor`, step by step, under the connections that the backend admits."""

    predecessor: str
    backend: str
    variable: str
    limit: int
    steps: tuple[StepPlan, ...]
