"""Where output goes, and the log groups that are written to."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

from chuoigen.aws import arn, defaults
from chuoigen.plan.definitions import ContainerPlan, LogPlan
from chuoigen.plan.naming import group_of, secret_plan, tags_of
from chuoigen.provenance import by_key, decision, each, keyed
from chuoigen.resources.account import LogGroup
from chuoigen.spec import Spec
from chuoigen.spec.runtime import Logs


@decision
def log_groups(
    spec: Spec, containers: Mapping[str, ContainerPlan], others: Mapping[str, LogPlan]
) -> dict[str, LogGroup]:
    """Return the groups, each once; the first that writes to one says how long it keeps its lines.

    `others` is what ECS adds to the task.
    """
    of_containers = each(containers, lambda name: _log_group(spec, containers[name].logs))
    found = (*of_containers, *each(others, lambda name: _log_group(spec, others[name])))
    return by_key(group for group in found if group is not None)


def _log_group(spec: Spec, logs: LogPlan) -> LogGroup | None:
    name = logs.group
    if name is None:
        return None
    return LogGroup(
        key=f"log-group:{name}",
        log_group_name=name,
        kms_key_id=logs.kms_key if logs.kms_key and not logs.given else None,
        tags=tags_of(spec),
        retention_in_days=logs.retention,
        arn=arn.log_group_arn(spec.aws.account, spec.aws.region, name),
        given=logs.given,
    )


def log_plan(spec: Spec, name: str, own: Logs | None) -> LogPlan:
    """Decide where the output of a container, or of what ECS adds to the task, goes."""
    shared = spec.logs
    extra = _both("options", own, shared)
    secret = _both("secret_options", own, shared)
    cloudwatch = _driver(own, shared) == "awslogs"

    def group() -> str:
        written = extra.get("awslogs-group")
        return written or group_of(spec, name, _own_or_shared("group", own, shared))

    def mode() -> str:
        return _own_or_shared("mode", own, shared) or defaults.LOG_MODE.value

    decided: dict[str, Callable[[], str]] = {
        "awslogs-group": group,
        "awslogs-region": lambda: spec.aws.region,
        "awslogs-stream-prefix": lambda: _own_or_shared("stream_prefix", own, shared) or spec.stage or spec.name,
        "mode": mode,
    }
    if cloudwatch and mode() == "non-blocking":
        decided["max-buffer-size"] = lambda: (
            _own_or_shared("max_buffer_size", own, shared) or defaults.LOG_BUFFER_SIZE.value
        )
    options = dict.fromkeys((*(decided if cloudwatch else ()), *extra))
    given = arn.log_group(_own_or_shared("group", own, shared) or "") is not None and "awslogs-group" not in extra
    return LogPlan(
        driver=_driver(own, shared),
        options=keyed(options, lambda key: extra[key] if key in extra else decided[key]()),
        secret_options=each(secret, lambda key: secret_plan(spec, key, secret[key])),
        group=group() if cloudwatch else None,
        retention=int(_own_or_shared("retention", own, shared) or defaults.LOG_RETENTION_DAYS.value)
        if cloudwatch and not given
        else None,
        given=given,
        kms_key=_own_or_shared("kms_key", own, shared),
    )


def _driver(own: Logs | None, shared: Logs | None) -> str:
    return _own_or_shared("driver", own, shared) or defaults.LOG_DRIVER.value


def _own_or_shared(key: str, own: Logs | None, shared: Logs | None) -> str | None:
    """Return what a container says of its log, else what the spec says for all."""
    for logs in (own, shared):
        value = getattr(logs, key) if logs is not None else None
        if value is not None:
            return str(value)
    return None


def _both(key: str, own: Logs | None, shared: Logs | None) -> ChainMap[str, Any]:
    """Return the options of both; a container's own goes before the shared one.

    An option belongs to its driver: a container with another one inherits none.
    """
    inherited = shared if _driver(own, shared) == _driver(shared, None) else None
    return ChainMap(*(getattr(logs, key) for logs in (own, inherited) if logs is not None))
