"""The alarms of a service: which there are, when they fire, and whom they tell."""

import json
from collections.abc import Mapping
from functools import partial

from chuoigen.aws import arn, monitoring
from chuoigen.plan.balancer import BALANCER, TARGET_GROUP
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Ref, Resource
from chuoigen.resources.alarms import Alarm, AlarmMetric, AlarmQuery, AlarmStat, EventRule, Topic
from chuoigen.resources.ecs import Cluster, Service
from chuoigen.resources.iam import Statement, document
from chuoigen.resources.resource import request
from chuoigen.spec import Spec
from chuoigen.spec.alarms import Alarms

TOPIC = "alarm-topic"
_MINUTE_S = 60


@decision
def alarm_resources(
    spec: Spec, service: Service, cluster: Cluster, made: Mapping[str, Resource]
) -> dict[str, Resource]:
    """Return the topic, the alarms and the rule about deployments; nothing where the spec wants none."""
    written = spec.alarms
    if written is None:
        return {}
    within = {"ClusterName": cluster.cluster_name, "ServiceName": service.service_name}
    kinds = {
        "cpu": partial(_used, spec, "cpu", "CPUUtilization", within),
        "memory": partial(_used, spec, "memory", "MemoryUtilization", within),
        "running_tasks": partial(_running, spec, within) if fewest_tasks(spec) else None,
        "unhealthy_targets": partial(_unhealthy, spec) if TARGET_GROUP in made else None,
        "errors": partial(_errors, spec) if TARGET_GROUP in made else None,
        "queue_age": partial(_queue_age, spec) if written.queue_age is not None and _queue(spec) else None,
    }
    alarms = each((kind for kind in kinds if kind not in written.without), lambda kind: _made(kinds[kind]))
    rule = {} if "deployments" in written.without else {"event-rule": _deployments(spec, service, cluster)}
    return {TOPIC: _topic(spec, written), **by_key(alarm for alarm in alarms if alarm is not None), **rule}


def _made(make: "partial[Alarm] | None") -> Alarm | None:
    return make() if make is not None else None


def fewest_tasks(spec: Spec) -> int:
    """Return how many tasks always run: fewer are a fault."""
    service = spec.service
    if service is None:
        return 1
    if service.autoscaling is None:
        return service.desired_count
    later = [action.min for action in service.autoscaling.schedule.values() if action.min is not None]
    return min(service.autoscaling.min, *later) if later else service.autoscaling.min


def _queue(spec: Spec) -> str | None:
    scaling = spec.service.autoscaling if spec.service is not None else None
    return scaling.queue.name if scaling is not None and scaling.queue is not None else None


def topic_arn(account: str, region: str, prefix: str) -> str:
    """Return the ARN of the topic that is made, whatever a spec says of alarms."""
    return str(arn.Arn(arn.partition(region), "sns", region, account, f"{prefix}-alarms"))


def _topic(spec: Spec, written: Alarms) -> Topic:
    account = spec.aws.account
    own = topic_arn(account, spec.aws.region, prefix_of(spec))
    key = {"KmsMasterKeyId": written.kms_key} if written.kms_key is not None else {}
    return Topic(
        key=TOPIC,
        name=arn.topic(written.topic or own) or "",
        attributes={**key, "Policy": _admitted(account, own)},
        tags=tags_of(spec),
        arn=written.topic or own,
        given=written.topic is not None,
    )


def _admitted(account: str, topic: str) -> str:
    """Return the policy of the topic: CloudWatch publishes for this account, and EventBridge.

    EventBridge documentation, 'Using resource-based policies': the statement for EventBridge takes no condition in the
    policy of a topic (2026-11-28).
    """

    def publish(sid: str, service: str, condition: Mapping[str, Mapping[str, str]]) -> Statement:
        return Statement(sid, "Allow", {"Service": service}, "sns:Publish", (topic,), condition)

    for_account = {"StringEquals": {"aws:SourceAccount": account}}
    statements = (
        publish("Alarms", monitoring.CLOUDWATCH_PRINCIPAL, for_account),
        publish("Deployments", monitoring.EVENTS_PRINCIPAL, {}),
    )
    return _text(request(document({one.sid: one for one in statements}), str, str))


def _text(data: object) -> str:
    return json.dumps(data, separators=(",", ":"))


def _alarm(spec: Spec, kind: str, metric: AlarmMetric | None, statistic: str | None, threshold: int) -> Alarm:
    """Return an alarm for what grows: without values there is none."""
    assert spec.alarms is not None  # noqa: S101  the caller has looked
    return Alarm(
        key=f"alarm:{kind.replace('_', '-')}",
        alarm_name=f"{prefix_of(spec)}-{kind.replace('_', '-')}",
        ok_actions=(Ref(TOPIC, "arn"),),
        alarm_actions=(Ref(TOPIC, "arn"),),
        metric_name=metric.metric_name if metric is not None else None,
        namespace=metric.namespace if metric is not None else None,
        statistic=statistic,
        dimensions=metric.dimensions if metric is not None else {},
        period=_MINUTE_S if metric is not None else None,
        evaluation_periods=spec.alarms.minutes,
        threshold=threshold,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
        metrics=(),
        tags=tags_of(spec),
    )


def _used(spec: Spec, kind: str, name: str, within: Mapping[str, str]) -> Alarm:
    metric = AlarmMetric(monitoring.ECS_METRICS, name, within)
    return _alarm(spec, kind, metric, "Average", getattr(spec.alarms, kind))


def _running(spec: Spec, within: Mapping[str, str]) -> Alarm:
    """Count the running tasks by the values that they send: one of each in a minute, or in each shorter interval.

    Amazon ECS documentation, 'Amazon ECS service utilization metrics', service RUNNING task count (2026-11-28). So it
    costs nothing, and Container Insights is not needed.
    """
    resolution = spec.service.metric_resolution if spec.service is not None else None
    values = _MINUTE_S // ((resolution.cpu if resolution is not None else None) or _MINUTE_S)
    metric = AlarmMetric(monitoring.ECS_METRICS, "CPUUtilization", within)
    threshold = fewest_tasks(spec) * values
    counted = _alarm(spec, "running_tasks", metric, "SampleCount", threshold)
    return counted.replaced(comparison_operator="LessThanThreshold", treat_missing_data="breaching")


def _behind_balancer() -> dict[str, str | Ref]:
    return {"LoadBalancer": Ref(BALANCER, "balancer_label"), "TargetGroup": Ref(TARGET_GROUP, "target_label")}


def _unhealthy(spec: Spec) -> Alarm:
    metric = AlarmMetric(monitoring.BALANCER_METRICS, "UnHealthyHostCount", _behind_balancer())
    return _alarm(spec, "unhealthy_targets", metric, "Maximum", 1)


def _errors(spec: Spec) -> Alarm:
    """Return the share of requests that the target answers with 5xx; a minute without requests is no alarm."""

    def count(key: str, name: str) -> AlarmQuery:
        metric = AlarmMetric(monitoring.BALANCER_METRICS, name, _behind_balancer())
        return AlarmQuery(key, AlarmStat(metric, _MINUTE_S, "Sum"), None, return_data=False)

    queries = (
        count("failed", "HTTPCode_Target_5XX_Count"),
        count("requests", "RequestCount"),
        AlarmQuery("errors", None, "100 * FILL(failed, 0) / requests", return_data=True),
    )
    assert spec.alarms is not None  # noqa: S101  the caller has looked
    return _alarm(spec, "errors", None, None, spec.alarms.errors).replaced(metrics=queries)


def _queue_age(spec: Spec) -> Alarm:
    assert spec.alarms is not None  # noqa: S101  the caller has looked
    metric = AlarmMetric(monitoring.QUEUE_METRICS, "ApproximateAgeOfOldestMessage", {"QueueName": _queue(spec) or ""})
    return _alarm(spec, "queue_age", metric, "Maximum", spec.alarms.queue_age or 0)


def _deployments(spec: Spec, service: Service, cluster: Cluster) -> EventRule:
    """Return the rule about deployments that fail and tasks that cannot be started, of this service alone."""
    region = spec.aws.region
    name = f"service/{cluster.cluster_name}/{service.service_name}"
    pattern = {
        "source": ["aws.ecs"],
        "detail-type": list(monitoring.EVENT_TYPES),
        "resources": [str(arn.Arn(arn.partition(region), "ecs", region, spec.aws.account, name))],
        "detail": {"eventName": list(monitoring.FAILURES)},
    }
    return EventRule(
        key="event-rule",
        name=f"{prefix_of(spec)}-deployments",
        event_pattern=_text(pattern),
        tags=tags_of(spec),
        target=Ref(TOPIC, "arn"),
    )
