"""What CloudWatch and EventBridge call what a service tells of itself."""

from chuoigen.aws.fact import fact

_CHECKED = "2026-11-28"

ECS_METRICS = fact("AWS/ECS", "Amazon ECS documentation, 'Monitor Amazon ECS using CloudWatch'", _CHECKED)
BALANCER_METRICS = fact(
    "AWS/ApplicationELB", "Elastic Load Balancing, 'CloudWatch metrics for your Application Load Balancer'", _CHECKED
)
QUEUE_METRICS = fact("AWS/SQS", "Amazon SQS documentation, 'Available CloudWatch metrics for Amazon SQS'", _CHECKED)
CLOUDWATCH_PRINCIPAL = fact(
    "cloudwatch.amazonaws.com", "AWS re:Post knowledge center, 'SNS notification for a CloudWatch alarm'", _CHECKED
)
EVENTS_PRINCIPAL = fact(
    "events.amazonaws.com",
    "EventBridge, 'Using resource-based policies for Amazon EventBridge'",
    _CHECKED,
)
EVENT_TYPES = fact(
    ("ECS Deployment State Change", "ECS Service Action"),
    "Amazon ECS documentation, 'service deployment state change events' and 'service action events'",
    _CHECKED,
)
FAILURES = fact(
    ("SERVICE_DEPLOYMENT_FAILED", "SERVICE_TASK_START_IMPAIRED"),
    "Amazon ECS documentation, 'service deployment state change events' and 'service action events'",
    _CHECKED,
)
"""The first is only sent with the circuit breaker; the second says that tasks cannot be started again and again."""
