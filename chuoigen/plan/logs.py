"""The log groups that containers write to."""

from collections.abc import Mapping

from chuoigen.aws import arn
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.plan.naming import tags_of
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources.account import LogGroup
from chuoigen.spec import Spec


@decision
def log_groups(spec: Spec, containers: Mapping[str, ContainerPlan]) -> dict[str, LogGroup]:
    """Return the groups, each once; the first container that writes to one says how long it keeps its lines."""
    found = each(containers, lambda name: _log_group(spec, containers[name]))
    return by_key(group for group in found if group is not None)


def _log_group(spec: Spec, container: ContainerPlan) -> LogGroup | None:
    name = container.logs.group
    if name is None:
        return None
    return LogGroup(
        key=f"log-group:{name}",
        log_group_name=name,
        kms_key_id=container.logs.kms_key if container.logs.kms_key and not container.logs.given else None,
        tags=tags_of(spec),
        retention_in_days=container.logs.retention,
        arn=arn.log_group_arn(spec.aws.account, spec.aws.region, name),
        given=container.logs.given,
    )
