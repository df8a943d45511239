"""Outputs of log routers that write into AWS: which option names the place, and what the task role must allow.

Fluent Bit's manual, outputs 'Amazon S3', 'Amazon Kinesis Data Firehose', 'Amazon Kinesis Data Streams', 'Amazon
CloudWatch', section 'Permissions'; README of fluent-plugin-s3, -kinesis and -cloudwatch-logs.
"""

from __future__ import annotations

from chuoigen.aws.fact import fact
from chuoigen.record import Record


class LogOutput(Record):
    """One output: the service of its ARNs, the option that names the place, the resource of an ARN, the actions."""

    service: str
    option: str
    resource: str
    actions: tuple[str, ...]


_FIREHOSE = ("firehose:PutRecordBatch",)
_STREAMS = ("kinesis:PutRecords",)
_CLOUDWATCH = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
_SOURCE = "docs.fluentbit.io, data pipeline, outputs; READMEs of fluentd's plug-ins"

LOG_OUTPUTS: dict[str, LogOutput] = fact(
    {
        "s3": LogOutput("s3", "bucket", "{name}/*", ("s3:PutObject",)),
        "firehose": LogOutput("firehose", "delivery_stream", "deliverystream/{name}", _FIREHOSE),
        "kinesis_firehose": LogOutput("firehose", "delivery_stream", "deliverystream/{name}", _FIREHOSE),
        "kinesis": LogOutput("kinesis", "stream", "stream/{name}", _STREAMS),
        "kinesis_streams": LogOutput("kinesis", "stream", "stream/{name}", _STREAMS),
        "cloudwatch": LogOutput("logs", "log_group_name", "log-group:{name}:*", _CLOUDWATCH),
        "cloudwatch_logs": LogOutput("logs", "log_group_name", "log-group:{name}:*", _CLOUDWATCH),
    },
    _SOURCE,
    "2026-11-28",
)
"""By what `Name` (Fluent Bit) or `@type` (fluentd) says."""

PLUGIN_OPTIONS = fact(
    {"bucket": "s3_bucket", "delivery_stream": "delivery_stream_name", "stream": "stream_name"}, _SOURCE, "2026-11-28"
)
"""What fluentd's plug-ins call an option of Fluent Bit."""

CREATING_OPTIONS = fact(
    {
        "auto_create_group": "logs:CreateLogGroup",
        "auto_create_stream": "logs:CreateLogGroup",
        "log_retention_days": "logs:PutRetentionPolicy",
        "retention_in_days": "logs:PutRetentionPolicy",
    },
    _SOURCE,
    "2026-11-28",
)
"""Options of CloudWatch outputs that need another action."""
