"""Alarms as requests and in scripts: which there are, from which number on, and what is not there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chuoigen.artifacts import ecs, iam, scripts
from tests.artifacts.aws_inputs import complaints
from tests.artifacts.plans import plan_of

KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
WORKER = """
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
containers: { app: { image: "nginx:1.28.0", ports: [80] } }
network:
  vpc: vpc-0a00000000000000a
  subnets: { private: [subnet-0a00000000000000a], public: [subnet-0c00000000000000c, subnet-0d00000000000000d] }
  allow: [{ from: internet, to: alb }, { from: alb, to: app }]
service:
  desired_count: 3
alarms: {}
"""
WEB = WORKER.replace("service:", "load_balancer: { target: app }\nservice:")


def alarms(text: str) -> dict[str, dict[str, Any]]:
    files = {file.path: json.loads(file.text) for file in ecs.render(plan_of(text))}
    return {path[10:-5]: data for path, data in files.items() if path.startswith("ecs/alarm-") and "AlarmName" in data}


@pytest.mark.needs("botocore")
def test_the_requests_are_those_of_cloudwatch_sns_and_eventbridge() -> None:
    for name, alarm in alarms(WEB).items():
        assert complaints("cloudwatch", "PutMetricAlarm", alarm) == [], name
    files = {file.path: json.loads(file.text) for file in ecs.render(plan_of(WEB))}
    assert complaints("sns", "CreateTopic", files["ecs/alarm-topic.json"]) == []
    assert complaints("events", "PutRule", files["ecs/event-rule.json"]) == []


def test_there_are_alarms_for_what_the_service_has() -> None:
    assert list(alarms(WORKER)) == ["cpu", "memory", "running-tasks"]
    assert list(alarms(WEB)) == ["cpu", "memory", "running-tasks", "unhealthy-targets", "errors"]
    queue = "autoscaling: { min: 0, max: 9, queue: { name: jobs, messages_per_task: 5 } }"
    scaled = WORKER.replace("desired_count: 3", queue)
    assert list(alarms(scaled)) == ["cpu", "memory"]
    old = alarms(scaled.replace("alarms: {}", "alarms: { queue_age: 10m }"))["queue-age"]
    assert (old["Dimensions"], old["Threshold"]) == ([{"Name": "QueueName", "Value": "jobs"}], 600)
    assert list(alarms(WEB.replace("alarms: {}", "alarms: { without: [cpu, errors, running_tasks] }"))) == [
        "memory",
        "unhealthy-targets",
    ]


@pytest.mark.parametrize(
    ("service", "threshold"),
    [
        ("desired_count: 3", 3),
        ("metric_resolution: { cpu: 20 }", 3),
        ("autoscaling: { min: 2, max: 8, cpu: 60 }", 2),
        ("autoscaling: { min: 4, max: 8, cpu: 60, schedule: { night: { rate: 1 day, min: 1 } } }", 1),
    ],
)
def test_tasks_are_counted_by_the_values_that_they_send(service: str, threshold: int) -> None:
    alarm = alarms(WORKER.replace("desired_count: 3", service))["running-tasks"]
    assert (alarm["Threshold"], alarm["Statistic"], alarm["TreatMissingData"]) == (
        threshold,
        "SampleCount",
        "breaching",
    )


def test_a_topic_that_exists_is_told_and_neither_made_nor_removed() -> None:
    text = WORKER.replace("alarms: {}", 'alarms: { topic: "arn:aws:sns:eu-west-1:123456789012:on-call" }')
    files = {file.path: file.text for file in scripts.render(plan_of(text))}
    assert "create-topic" not in files["scripts/08-alarms.sh"]
    assert "TOPIC=arn:aws:sns:eu-west-1:123456789012:on-call\n" in files["scripts/08-alarms.sh"]
    # The topic that another spec may have made goes.
    assert (
        "remove_alarms 'shop-cpu shop-memory shop-running-tasks shop-deployments' ''"
        in files["scripts/09-take-back.sh"]
    )
    assert alarms(text)["cpu"]["AlarmActions"] == ["arn:aws:sns:eu-west-1:123456789012:on-call"]


def test_the_key_of_the_topic_admits_what_publishes_there() -> None:
    made = {
        file.path: json.loads(file.text)
        for file in iam.render(plan_of(WORKER.replace("{}", f'{{ kms_key: "{KEY}" }}')))
    }
    (statement,) = made["iam/kms-key-11111111-2222-3333-4444-555555555555-policy.json"]["Statement"]
    assert statement["Principal"] == {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]}
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
