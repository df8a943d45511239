"""Where each decided value comes from: the key of the spec that says it, and what decides when no key does."""

from chuoigen.record import Record
from chuoigen.yaml.document import KeyPath

_NAMES = "names are <name>-<stage>-<role>, so that two stages can share an account"
_C = "containers.*"


def _own_or_shared(key: str) -> str:
    """Return the two keys that say something about a container's log, its own first."""
    return f"{_C}.logs.{key}|logs.{key}"


_LOG_GROUP = f"{_own_or_shared('options.awslogs-group')}|{_own_or_shared('group')}"


class Origin(Record):
    """Where a value comes from: the first of `keys` that the spec has, and `why` it is so when it has none of them.

    There are no keys where none can say it. `rest` is what the value's own path adds to a key, where the plan has the
    spec's own form.
    """

    keys: tuple[KeyPath, ...]
    rest: KeyPath
    why: str
    each: bool
    """Whether a key says each value below it by its own key."""


# Path in the plan → key in the spec (* stands for the same names as on the left) → what decides when it is not written.
# The longest path that begins a value's own path speaks for it. A key that ends in .? says each of its children itself:
# a child that is not written there is decided. Keys with | between them are looked for one after the other.
_TABLE: tuple[tuple[str, str, str], ...] = (
    ("name", "name", ""),
    ("stage", "stage", "no stage"),
    ("prefix", "", "name and stage"),
    ("output", "", "the spec file's name"),
    ("spec_file", "", "the spec's path in the repository"),
    ("account", "aws.account", ""),
    ("region", "aws.region", ""),
    ("partition", "aws.region", "the region's partition"),
    ("registry", "aws.account", "the account's registry in the region"),
    ("timezone", "timezone", "UTC unless said"),
    ("tags", "task.tags", "by its tag what was made is known again"),
    ("task.family", "task.family", _NAMES),
    ("task.cpu", "task.cpu", "the smallest size of Fargate"),
    ("task.memory", "task.memory", "the smallest size of Fargate"),
    ("task.architecture", "task.platform", "linux/amd64 unless said"),
    ("task.platform", "task.platform", "linux/amd64 unless said"),
    ("task.ephemeral_storage", "task.ephemeral_storage", "the 20 GiB that come with a task"),
    ("task.pid_mode", "task.pid_mode", "each container sees its own processes"),
    ("task.tags", "task.tags", "no tags"),
    ("task.execution_role", "task.execution_role", "no role"),
    ("task.execution_role.statements", "", "exactly the secrets and files that the spec names"),
    ("task.execution_role.managed", "", "AWS's own policy for pulling images and writing logs"),
    ("task.execution_role.policy_name", "", _NAMES),
    ("task.role", "task.role", "no role"),
    ("task.role.statements", "", "exactly what the features of the spec need"),
    ("task.role.managed", "", "none is needed"),
    ("task.role.policy_name", "", _NAMES),
    ("volumes", "volumes", "no volumes"),
    ("volumes.*", "volumes.*", ""),
    ("volumes.*.ebs.role_arn", "volumes.*.ebs.role", "no role"),
    ("volumes.*.writers", "", "the containers that mount it to write"),
    ("volumes.*.readers", "", "the containers that mount it to read"),
    ("volumes.*.owner", "", "the user of the first container that writes"),
    ("containers", "containers", "no containers"),
    (_C, _C, ""),
    (f"{_C}.recipe", f"{_C}.build.recipe", "no recipe"),
    (f"{_C}.image", f"{_C}.image", "built here: the account's registry, the repository, the first tag"),
    (f"{_C}.image.repository", f"{_C}.build.repository", _NAMES),
    (
        f"{_C}.image.tag",
        "pipeline.image_tag",
        "commit: first images are tagged first, later ones with their commit",
    ),
    (f"{_C}.image.immutable", "pipeline.image_tag", "commit: a tag never moves"),
    (f"{_C}.build", f"{_C}.build", "not built here"),
    (f"{_C}.build.arguments", f"{_C}.build.args", "no arguments"),
    (f"{_C}.build.base", f"{_C}.build.base", "pinned by chuoigen for the recipe's version"),
    (f"{_C}.build.asset_tool", f"{_C}.build.assets.tool", "no assets"),
    (f"{_C}.build.package_manager", f"{_C}.build.assets.package_manager", "no assets"),
    (f"{_C}.build.asset_sources", f"{_C}.build.assets.sources", "no assets"),
    (f"{_C}.build.asset_script", f"{_C}.build.assets.script", "no script of the package's own"),
    (f"{_C}.build.tails", f"{_C}.build.tail", "nothing is tailed"),
    (f"{_C}.build.upstream_port", "", "the upstream's first port"),
    (f"{_C}.build.builder", f"{_C}.build.builder", "pinned by chuoigen for the Elixir version"),
    (f"{_C}.build.runtime", f"{_C}.build.runtime", "the builder's own distribution and release"),
    (f"{_C}.build.packages", f"{_C}.build.packages", "what the recipe needs of the distribution"),
    (f"{_C}.build.build_packages", "", "what compiling needs of the distribution"),
    (
        f"{_C}.build.asset_packages",
        f"{_C}.build.assets.package_manager",
        "what the bundler needs of the distribution",
    ),
    (f"{_C}.build.argument_defaults", "", "what the recipe's Dockerfile declares"),
    (f"{_C}.build.release", f"{_C}.build.release", "mix, as Elixir does since 1.9"),
    (f"{_C}.build.release_name", f"{_C}.build.release_name", "the spec's name as Elixir writes it"),
    (f"{_C}.build.context", f"{_C}.build.context", "the root of the repository that holds the spec"),
    (f"{_C}.build.generated", "", "where the generated files of this spec usually are"),
    (f"{_C}.build.root", f"{_C}.build.static", "the recipe's own place"),
    (f"{_C}.build.user", f"{_C}.user", "a user of the recipe's own, not root where it can be"),
    (f"{_C}.build.uid", "", "the first that a distribution gives to a person"),
    (f"{_C}.build.port", f"{_C}.ports", "the recipe's usual port"),
    (f"{_C}.build.log_dir", f"{_C}.mounts", "a usual place"),
    (f"{_C}.build.static_source", "", "the recipe's own place"),
    (f"{_C}.build.static_mount", f"{_C}.publish.static", "nothing is published"),
    (f"{_C}.build.health_path", "load_balancer.health_check", "the container's own health check"),
    (f"{_C}.build.nofile", f"{_C}.ulimits.nofile", "Fargate's own: 65535"),
    (f"{_C}.build.timeout", f"{_C}.build.timeout", "60 s unless said"),
    (f"{_C}.build.max_body_mib", f"{_C}.build.max_body", "16 MiB unless said"),
    (f"{_C}.build.version", f"{_C}.build.version", "the current one"),
    (f"{_C}.build.s3_plugin", f"{_C}.build.s3_plugin", "the current one"),
    (f"{_C}.build.legacy", f"{_C}.build.version", "a current image"),
    (f"{_C}.build.state", f"{_C}.build.state", "no volume: lost with the container"),
    (f"{_C}.build.buffer_path", f"{_C}.build.state", "no volume: lost with the container"),
    (f"{_C}.build.prefix", f"{_C}.build.s3.prefix", "<name>-<stage>/"),
    (f"{_C}.build.flush_interval", f"{_C}.build.s3.flush_interval", "60 s unless said"),
    (
        f"{_C}.build.flush_at_shutdown",
        f"{_C}.build.flush_at_shutdown",
        "always, since the buffer goes with the task",
    ),
    (f"{_C}.build.flush_threads", "", "two uploads at once"),
    (f"{_C}.build.chunk_limit", f"{_C}.build.buffer.chunk_limit", "8 MiB unless said"),
    (f"{_C}.build.total_limit", f"{_C}.build.buffer.total_limit", "what can be sent within the stop timeout"),
    (f"{_C}.build.retry_max_interval", f"{_C}.stop_timeout", "a quarter of the stop timeout"),
    (f"{_C}.build.upload_mib_per_second", "", "what a task is trusted to send"),
    (f"{_C}.build.gem_options", "", "what installing the plugin needs"),
    (f"{_C}.build.workers", "task.cpu", "one worker for each whole vCPU"),
    (f"{_C}.build.connections", "task.memory", "eight for each MiB of the task, at most half of nofile"),
    (f"{_C}.build.keepalive", "load_balancer.idle_timeout", "15 s more than the load balancer's 60 s"),
    (f"{_C}.build.flush_seconds", "", "what the full buffer takes at 4 MiB a second, and 10 s"),
    (f"{_C}.build.timezone", "timezone", "UTC unless said"),
    (f"{_C}.build.directories", f"{_C}.mounts", "no mounts"),
    (f"{_C}.essential", f"{_C}.essential", "the task stops when it stops, unless said"),
    (f"{_C}.cpu", f"{_C}.cpu", "a share of the task's"),
    (f"{_C}.memory", f"{_C}.memory", "up to the task's"),
    (f"{_C}.memory_reservation", f"{_C}.memory_reservation", "nothing reserved"),
    (f"{_C}.command", f"{_C}.command", "the recipe's, or the image's own"),
    (f"{_C}.entrypoint", f"{_C}.entrypoint", "the image's own"),
    (f"{_C}.working_dir", f"{_C}.working_dir", "the image's own"),
    (f"{_C}.user", f"{_C}.user", "the image's own"),
    (f"{_C}.read_only", f"{_C}.read_only", "writable unless said"),
    (f"{_C}.ports", f"{_C}.ports", "no ports"),
    (f"{_C}.environment", f"{_C}.environment.?", "what the recipe or a backend's pool is told"),
    (f"{_C}.compose_environment", f"{_C}.environment.?", "what the recipe or a backend's pool is told"),
    (f"{_C}.secrets", f"{_C}.secrets", "no secrets"),
    (f"{_C}.env_files", f"{_C}.env_files", "no files"),
    (f"{_C}.mounts", f"{_C}.mounts", "no mounts"),
    (f"{_C}.depends_on", f"{_C}.depends_on", "waits for nothing"),
    (f"{_C}.healthcheck", f"{_C}.healthcheck", "not checked"),
    (f"{_C}.healthcheck.interval", f"{_C}.healthcheck.interval", "ECS's own default"),
    (f"{_C}.healthcheck.timeout", f"{_C}.healthcheck.timeout", "ECS's own default"),
    (f"{_C}.healthcheck.retries", f"{_C}.healthcheck.retries", "ECS's own default"),
    (f"{_C}.healthcheck.start_period", f"{_C}.healthcheck.start_period", "ECS's own default: none"),
    (f"{_C}.stop_timeout", f"{_C}.stop_timeout", "ECS's own default"),
    (f"{_C}.start_timeout", f"{_C}.start_timeout", "ECS's own default"),
    (f"{_C}.ulimits", f"{_C}.ulimits", "Fargate's own: nofile 65535"),
    (f"{_C}.restart", f"{_C}.restart", "a stopped container is not restarted alone"),
    (f"{_C}.init", f"{_C}.init", "no init process"),
    (f"{_C}.labels", f"{_C}.labels", "no labels"),
    (f"{_C}.capabilities_add", f"{_C}.capabilities.add", "Fargate's own"),
    (f"{_C}.capabilities_drop", f"{_C}.capabilities.drop", "Fargate's own"),
    (f"{_C}.tmpfs", f"{_C}.tmpfs", "none"),
    (f"{_C}.sysctls", f"{_C}.sysctls", "none"),
    (f"{_C}.logs", f"{_C}.logs", "CloudWatch"),
    (f"{_C}.logs.driver", _own_or_shared("driver"), "CloudWatch"),
    (f"{_C}.logs.group", _LOG_GROUP, "/ecs/<name>-<stage>/<container>"),
    (f"{_C}.logs.options", _own_or_shared("options.?"), "no options"),
    (f"{_C}.logs.options.awslogs-group", _LOG_GROUP, "/ecs/<name>-<stage>/<container>"),
    (f"{_C}.logs.options.awslogs-region", f"{_own_or_shared('options.awslogs-region')}|aws.region", ""),
    (
        f"{_C}.logs.options.awslogs-stream-prefix",
        f"{_own_or_shared('options.awslogs-stream-prefix')}|{_own_or_shared('stream_prefix')}",
        "the stage, or the name where there is none",
    ),
    (
        f"{_C}.logs.options.mode",
        f"{_own_or_shared('options.mode')}|{_own_or_shared('mode')}",
        "a container never waits for its log",
    ),
    (
        f"{_C}.logs.options.max-buffer-size",
        f"{_own_or_shared('options.max-buffer-size')}|{_own_or_shared('max_buffer_size')}",
        "a burst of lines at a start fits",
    ),
    (f"{_C}.logs.secret_options", _own_or_shared("secret_options"), "no options"),
    (f"{_C}.logs.retention", _own_or_shared("retention"), "30 days unless said"),
    (f"{_C}.firelens_type", f"{_C}.firelens.type", "not a log router"),
    (f"{_C}.firelens_options", f"{_C}.firelens.options", "not a log router"),
    (f"{_C}.version_consistency", f"{_C}.version_consistency", "ECS's own default"),
    (f"{_C}.registry_credentials", f"{_C}.registry_credentials", "no login"),
    ("backends", "backends", "no backends"),
    ("backends.*", "backends.*", ""),
    ("backends.*.max_connections", "backends.*.max_connections", "nobody said what it admits"),
    ("backends.*.pool_container", "backends.*.pool.container", "no pool"),
    ("backends.*.pool_variable", "backends.*.pool.variable", "no pool"),
    ("backends.*.pool_size", "backends.*.pool.size", "no pool"),
    ("vpc", "network.vpc", "no network"),
    ("groups", "network.allow", "derived from who may talk to whom"),
    ("reach", "network.allow", "what the groups and the task's one network let through"),
    ("load_balancer", "load_balancer", "no load balancer"),
    ("load_balancer.name", "load_balancer.name", _NAMES),
    ("load_balancer.target_group", "load_balancer.target_group", _NAMES),
    ("load_balancer.scheme", "load_balancer.internal", "reachable from the internet unless internal"),
    ("load_balancer.subnets", "network.subnets", "public ones, or private ones when internal"),
    ("load_balancer.groups", "network.allow", "derived from who may talk to whom"),
    ("load_balancer.container", "load_balancer.target", ""),
    ("load_balancer.port", "load_balancer.port", "the target's first port"),
    ("load_balancer.path", "load_balancer.health_check", "/ unless said"),
    ("load_balancer.interval", "load_balancer.health_check.interval", "30 s unless said"),
    ("load_balancer.timeout", "load_balancer.health_check.timeout", "5 s unless said"),
    ("load_balancer.healthy", "load_balancer.health_check.healthy", "three answers unless said"),
    ("load_balancer.unhealthy", "load_balancer.health_check.unhealthy", "three failures unless said"),
    ("load_balancer.matcher", "load_balancer.health_check.matcher", "200 unless said"),
    ("load_balancer.listeners", "load_balancer.certificate", "HTTP on 80, since there is no certificate"),
    ("load_balancer.idle_timeout", "load_balancer.idle_timeout", "AWS's own default"),
    ("load_balancer.deregistration_delay", "load_balancer.deregistration_delay", "the target's stop timeout"),
    ("service", "service", "one task, since there is a network"),
    ("service.cluster", "service.cluster", _NAMES),
    ("service.name", "service.name", _NAMES),
    ("service.desired_count", "service.desired_count", "one task unless said"),
    ("service.min_percent", "service.deployment.min_percent", "no task less during a deployment"),
    ("service.max_percent", "service.deployment.max_percent", "old and new side by side"),
    ("service.circuit_breaker", "service.deployment.circuit_breaker", "a failed deployment is rolled back"),
    ("service.grace_period", "service.health_check_grace_period", "60 s behind a load balancer"),
    ("service.capacity", "service.capacity", "Fargate only"),
    ("service.platform_version", "service.platform_version", "the current one, said explicitly"),
    ("service.public_ip", "service.public_ip", "private unless said"),
    ("service.exec", "service.exec", "off unless said"),
    ("service.subnets", "network.subnets", "private ones, or public ones with a public address"),
    ("service.groups", "network.allow", "derived from who may talk to whom"),
    ("autoscaling", "service.autoscaling", "the count of tasks is fixed"),
    ("pipeline", "pipeline", "only where images are built here"),
    ("pipeline.project", "pipeline.project", _NAMES),
    ("pipeline.role", "", "exactly what building and pushing these images needs"),
    ("pipeline.source_bucket", "pipeline.source_bucket", "no source is uploaded"),
    ("pipeline.tag", "pipeline.image_tag", "commit"),
    ("pipeline.first_tag", "pipeline.image_tag", "the first images exist before any commit is deployed"),
    ("pipeline.parameters", "containers", "the build arguments that are kept in Systems Manager"),
    ("pipeline.secrets", "containers", "the build arguments that are kept in Secrets Manager"),
    ("budgets", "backends", "tasks at most, times the pool of each"),
    ("cutover", "cutover", "no cutover"),
)
_ROWS = {
    tuple(left.split(".")): ([tuple(key.split(".")) for key in right.split("|") if key], why)
    for left, right, why in _TABLE
}


def origin(path: KeyPath) -> Origin:
    """Return where the value at `path` of a plan comes from. Raises KeyError for a path that the table forgot."""
    for length in range(len(path), 0, -1):
        pattern = _pattern(path[:length])
        if pattern in _ROWS:
            written, why = _ROWS[pattern]
            each = any(key[-1] == "?" for key in written)
            name = path[1] if len(path) > 1 else ""
            keys = tuple(tuple(name if part == "*" else part for part in key if part != "?") for key in written)
            rest = path[length:] if each or pattern in written else ()
            return Origin(keys, rest, why, each)
    raise KeyError(".".join(str(part) for part in path))


def _pattern(path: KeyPath) -> tuple[str, ...]:
    named = path[0] in ("volumes", "containers", "backends")
    return tuple("*" if named and index == 1 else str(part) for index, part in enumerate(path))
