"""The normal form of a task definition: what means the same to ECS is equal in it, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from chuoigen.importing.comparison import differences
from chuoigen.importing.normal import Normal

NORMAL = Normal("210987654321", "eu-west-1")


def of_container(**members: Any) -> dict[str, Any]:
    return {"family": "shop", "containerDefinitions": [{"name": "app", "image": "shop:1", **members}]}


def found(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [difference.dotted for difference in differences(NORMAL.form(one), NORMAL.form(other))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"cpu": "1 vCPU", "memory": "2 GB"}, {"cpu": "1024", "memory": "2048"}),
        ({"executionRoleArn": "shop"}, {"executionRoleArn": "arn:aws:iam::210987654321:role/shop"}),
        ({"requiresCompatibilities": ["EC2", "FARGATE"]}, {"requiresCompatibilities": ["FARGATE"]}),
        ({"networkMode": "awsvpc"}, {"networkMode": ""}),
        ({"taskDefinition": {"family": "x", "revision": 7, "status": "ACTIVE"}}, {"family": "x"}),
        ({"volumes": [{"name": "a", "host": {}}, {"name": "b"}]}, {"volumes": [{"name": "b"}, {"name": "a"}]}),
        ({"tags": [{"key": "chuoigen", "value": "shop"}, {"key": "a", "value": "b"}]}, {"tags": [{"key": "a", "value": "b"}]}),
        (of_container(portMappings=[{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]), of_container(portMappings=[{"containerPort": 80}])),
        (of_container(environment=[{"name": "A", "value": "1"}, {"name": "B", "value": ""}]), of_container(environment=[{"name": "B"}, {"name": "A", "value": "1"}])),
        (of_container(secrets=[{"name": "A", "valueFrom": "/a/b"}]), of_container(secrets=[{"name": "A", "valueFrom": "arn:aws:ssm:eu-west-1:210987654321:parameter/a/b"}])),
        (of_container(healthCheck={"command": ["CMD", "a"], "interval": 30, "retries": 3}), of_container(healthCheck={"command": ["CMD", "a"], "timeout": 5})),
        (of_container(linuxParameters={"initProcessEnabled": False, "capabilities": {"drop": ["B", "A"]}}), of_container(linuxParameters={"capabilities": {"drop": ["A", "B"]}})),
        (of_container(restartPolicy={"enabled": False}), of_container()),
        (of_container(essential=True, cpu=0, stopTimeout=30, mountPoints=[], command=None), of_container()),
    ],
)  # fmt: skip
def test_what_means_the_same_is_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert found(one, other) == []
    assert found(other, one) == []


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        (of_container(command=["a", "b"]), of_container(command=["b", "a"]), "containerDefinitions.app.command"),
        (of_container(essential=False), of_container(), "containerDefinitions.app.essential"),
        (of_container(stopTimeout=31), of_container(), "containerDefinitions.app.stopTimeout"),
        (of_container(environment=[{"name": "A", "value": ""}]), of_container(), "containerDefinitions.app.environment"),
        (of_container(portMappings=[{"containerPort": 80, "protocol": "udp"}]), of_container(portMappings=[{"containerPort": 80}]), "containerDefinitions.app.portMappings.80/udp"),
        (of_container(environmentFiles=[{"value": "a", "type": "s3"}, {"value": "b", "type": "s3"}]), of_container(environmentFiles=[{"value": "b", "type": "s3"}, {"value": "a", "type": "s3"}]), "containerDefinitions.app.environmentFiles"),
        (of_container(image="shop:2"), of_container(), "containerDefinitions.app.image"),
        ({"executionRoleArn": "shop"}, {"executionRoleArn": "arn:aws:iam::111122223333:role/shop"}, "executionRoleArn"),
        ({"volumes": [{"name": "a"}]}, {}, "volumes"),
        ({"requiresCompatibilities": ["EC2"]}, {}, "requiresCompatibilities"),
    ],
)  # fmt: skip
def test_what_means_something_else_is_not(one: dict[str, Any], other: dict[str, Any], path: str) -> None:
    assert path in found(one, other)
    assert path in found(other, one)
