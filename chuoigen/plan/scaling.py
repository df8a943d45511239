"""What changes the count of tasks: policies that keep a measure at a value, and bounds by the clock."""

from chuoigen.aws import vocabulary
from chuoigen.plan.balancer import BALANCER
from chuoigen.plan.naming import prefix_of
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Ref, Resource
from chuoigen.resources.ecs import Cluster, Service
from chuoigen.resources.scaling import (
    CustomMetric,
    Metric,
    MetricName,
    MetricQuery,
    MetricStat,
    ScalableTarget,
    ScalingPolicy,
    ScheduledAction,
    TargetAction,
    Tracking,
)
from chuoigen.spec import Spec
from chuoigen.spec.scaling import Autoscaling, Cooldown, Queue, ScalingMetric, ScheduledCount

SCALING = "autoscaling"


@decision
def scaling_resources(spec: Spec, service: Service, cluster: Cluster) -> dict[str, Resource]:
    """Return what changes the count of tasks; nothing when it is fixed."""
    written = spec.service.autoscaling if spec.service else None
    if written is None:
        return {}
    target = ScalableTarget(
        key=SCALING,
        service_namespace=vocabulary.AUTOSCALING_NAMESPACE,
        resource_id=f"service/{cluster.cluster_name}/{service.service_name}",
        scalable_dimension=vocabulary.AUTOSCALING_DIMENSION,
        min_capacity=written.min,
        max_capacity=written.max,
    )
    measures = [measure for measure in vocabulary.AUTOSCALING_METRICS if getattr(written, measure) is not None]
    policies = each(measures, lambda measure: _predefined(spec, written, measure, target))
    if written.queue is not None:
        kept = _tracking(written, written.queue.messages_per_task, custom=_backlog(written.queue, service, cluster))
        policies = (*policies, _policy(spec, "queue", target, kept))
    policies = (*policies, *each(written.metrics, lambda name: _custom(spec, written, name, target)))
    actions = each(written.schedule, lambda name: _action(spec, name, written.schedule[name], target))
    return {SCALING: target, **by_key(policies), **by_key(actions)}


def _predefined(spec: Spec, written: Autoscaling, measure: str, target: ScalableTarget) -> ScalingPolicy:
    label = Ref(BALANCER, "resource_label") if measure == "requests" else None
    metric = Metric(vocabulary.AUTOSCALING_METRICS[measure], label)
    return _policy(spec, measure, target, _tracking(written, getattr(written, measure), metric))


def _custom(spec: Spec, written: Autoscaling, name: str, target: ScalableTarget) -> ScalingPolicy:
    metric = written.metrics[name]
    return _policy(spec, f"metric-{name}", target, _tracking(written, metric.target, custom=_measured(metric)))


def _policy(spec: Spec, measure: str, target: ScalableTarget, kept: Tracking) -> ScalingPolicy:
    return ScalingPolicy(
        key=f"scaling-policy:{measure}",
        policy_name=f"{prefix_of(spec)}-{measure}",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        policy_type="TargetTrackingScaling",
        target_tracking_scaling_policy_configuration=kept,
    )


def _tracking(
    written: Autoscaling, value: int, metric: Metric | None = None, custom: CustomMetric | None = None
) -> Tracking:
    cooldown = written.cooldown or Cooldown.model_validate({})
    return Tracking(
        target_value=value,
        predefined_metric_specification=metric,
        customized_metric_specification=custom,
        scale_out_cooldown=cooldown.scale_out,
        scale_in_cooldown=cooldown.scale_in,
        disable_scale_in=None if written.scale_in else True,
    )


def _measured(metric: ScalingMetric) -> CustomMetric:
    return CustomMetric(
        metric_name=metric.name,
        namespace=metric.namespace,
        dimensions=dict(metric.dimensions),
        statistic=metric.statistic,
        unit=metric.unit,
        metrics=(),
    )


def _backlog(queue: Queue, service: Service, cluster: Cluster) -> CustomMetric:
    """Return the messages of a queue for each running task.

    AWS documentation, "Create a target tracking scaling policy for Application Auto Scaling using metric math", checked
    2026-11-28. The count of tasks is a metric of Container Insights, and is missing while no task runs.
    """
    waiting = MetricName({"QueueName": queue.name}, "ApproximateNumberOfMessagesVisible", "AWS/SQS")
    within = {"ClusterName": cluster.cluster_name, "ServiceName": service.service_name}
    running = MetricName(within, "RunningTaskCount", "ECS/ContainerInsights")
    return CustomMetric(
        metric_name=None,
        namespace=None,
        dimensions={},
        statistic=None,
        unit=None,
        metrics=(
            MetricQuery(None, "waiting", MetricStat(waiting, "Sum"), return_data=False),
            MetricQuery(None, "running", MetricStat(running, "Average"), return_data=False),
            MetricQuery("waiting / running", "backlog", None, return_data=True),
        ),
    )


def _action(spec: Spec, name: str, written: ScheduledCount, target: ScalableTarget) -> ScheduledAction:
    kind = next((kind for kind in ("cron", "rate", "at") if getattr(written, kind) is not None), "cron")
    return ScheduledAction(
        key=f"scheduled-action:{name}",
        service_namespace=target.service_namespace,
        schedule=f"{kind}({getattr(written, kind) or ''})",
        timezone=None if kind == "rate" else written.timezone or spec.timezone,
        scheduled_action_name=f"{prefix_of(spec)}-{name}",
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        scalable_target_action=TargetAction(written.min, written.max),
    )
