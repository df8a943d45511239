"""What the policies of KMS keys must say, so that services of AWS can use them: nobody here owns a key."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from chuoigen.aws import arn, monitoring, vocabulary
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Resource, unique
from chuoigen.resources.account import LogGroup
from chuoigen.resources.alarms import Topic
from chuoigen.resources.iam import KeyPolicy, Statement, document
from chuoigen.spec import Spec

_Use = tuple[str, Callable[[], Statement]]
"""A key, and the statement that a use of it asks for."""
_Principal = str | tuple[str, ...]
_Condition = Mapping[str, Mapping[str, tuple[str, ...] | str]]


@decision
def key_policies(spec: Spec, resources: Iterable[Resource]) -> dict[str, Resource]:
    """Return what the policy of each key must allow, where an AWS service uses the key in its own name.

    What a role does with a key stands in the policy of the role.
    """
    if not _written(spec):  # asked of the spec, so that nothing else depends on what the resources depend on
        return {}
    uses = tuple(_uses(spec, tuple(resources)))
    return by_key(each(unique(key for key, _ in uses), lambda key: _policy(key, uses)))


def _written(spec: Spec) -> bool:
    logs = [spec.logs, *(container.logs for container in spec.containers.values())]
    return any(each is not None and each.kms_key is not None for each in (*logs, spec.alarms))


def _policy(key: str, uses: tuple[_Use, ...]) -> KeyPolicy:
    made = [statement() for used, statement in uses if used == key]
    return KeyPolicy(
        key=f"kms-key:{key.rpartition('/')[2]}", arn=key, document=document({each.sid: each for each in made})
    )


def _uses(spec: Spec, resources: tuple[Resource, ...]) -> Iterator[_Use]:
    groups: dict[str, list[LogGroup]] = {}
    for resource in resources:
        if isinstance(resource, LogGroup) and resource.kms_key_id is not None:
            groups.setdefault(resource.kms_key_id, []).append(resource)
        elif isinstance(resource, Topic) and not resource.given and "KmsMasterKeyId" in resource.attributes:
            yield resource.attributes["KmsMasterKeyId"], _for_topic
    yield from ((key, partial(_for_logs, spec, encrypted)) for key, encrypted in groups.items())


def _for_logs(spec: Spec, groups: list[LogGroup]) -> Statement:
    """Admit CloudWatch Logs for these groups alone.

    Source: Amazon CloudWatch Logs, 'Encrypt log data in CloudWatch Logs using AWS Key Management Service' (2026-11-28).
    """
    region = spec.aws.region
    encrypted = {"kms:EncryptionContext:aws:logs:arn": tuple(group.arn for group in groups)}
    principal = f"logs.{region}.{arn.dns_suffix(region)}"
    return _admit("EncryptLogs", principal, vocabulary.KMS_LOGS, {"ArnEquals": encrypted})


def _for_topic() -> Statement:
    """Admit what publishes to the topic of the alarms.

    Source: Amazon SNS, 'Enable compatibility between event sources from AWS services and encrypted topics'
    (2026-11-28); EventBridge sends no account of its own to hold it to.
    """
    services = (monitoring.CLOUDWATCH_PRINCIPAL, monitoring.EVENTS_PRINCIPAL)
    return _admit("PublishAlarms", services, vocabulary.KMS_TOPIC, {})


def _admit(sid: str, service: _Principal, actions: tuple[str, ...], condition: _Condition) -> Statement:
    return Statement(sid, "Allow", {"Service": service}, actions, ("*",), condition)
