"""The inputs in network/: groups in the self-referencing pattern, load balancer, target group and listeners."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from chuoigen.artifacts import network
from tests.artifacts.aws_inputs import complaints, inputs
from tests.artifacts.plans import plan_of

SPEC = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
containers: { web: { image: "nginx:1.29", ports: [8080] } }
backends:
  redis: { host: redis.example.com, port: 6379, security_group: sg-0123456789abcdef0 }
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0123456789abcdef0], public: [subnet-0123456789abcdef1, subnet-0123456789abcdef2] }
  allow:
    - { from: internet, to: alb, ports: [80, 443] }
    - { from: alb, to: web }
    - { from: web, to: redis }
load_balancer:
  target: web
  healthcheck: { path: /health, interval: 15s, timeout: 4s, healthy: 2, unhealthy: 4, matcher: "200-299" }
  certificate: arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000
  idle_timeout: 90s
  deregistration_delay: 20s
"""
OWNED = [{"Key": "chuoigen", "Value": "shop-qa"}]


def files_of(text: str) -> dict[str, Any]:
    return {file.path.removeprefix("network/"): json.loads(file.text) for file in network.render(plan_of(text))}


def test_a_worker_without_a_network_has_no_files() -> None:
    assert files_of(SPEC.partition("backends:")[0]) == {}


def test_the_files() -> None:
    assert set(files_of(SPEC)) == {
        "security-groups.json",
        "security-group-service.json",
        "security-group-service-ingress-8080.json",
        "security-group-alb.json",
        "security-group-alb-ingress-80.json",
        "security-group-alb-ingress-443.json",
        "load-balancer.json",
        "load-balancer-attributes.json",
        "target-group.json",
        "target-group-attributes.json",
        "listener-80.json",
        "listener-443.json",
    }


def test_the_overview_says_who_is_in_which_group() -> None:
    groups = files_of(SPEC)["security-groups.json"]
    assert [(group["key"], group["id"], group["members"]) for group in groups] == [
        ("service", None, ["alb", "task"]),
        ("alb", None, ["alb"]),
        ("redis", "sg-0123456789abcdef0", ["task", "redis"]),
    ]
    assert groups[1]["rules"][1] == {
        "source": "0.0.0.0/0",
        "protocol": "tcp",
        "port": 443,
        "why": "internet reaches the load balancer",
    }


def test_a_group_admits_itself() -> None:
    files = files_of(SPEC)
    assert files["security-group-service.json"] == {
        "Description": "shop qa: the task and its load balancer",
        "GroupName": "shop-qa-service",
        "VpcId": "vpc-0123456789abcdef0",
        "TagSpecifications": [{"ResourceType": "security-group", "Tags": OWNED}],
    }
    assert files["security-group-service-ingress-8080.json"] == {
        "GroupId": "@security-group:service@",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 8080,
                "ToPort": 8080,
                "UserIdGroupPairs": [
                    {"Description": "the load balancer reaches web", "GroupId": "@security-group:service@"}
                ],
            }
        ],
    }


def test_a_group_that_exists_is_joined_and_not_made() -> None:
    files = files_of(SPEC)
    assert not any("redis" in path for path in files)
    made = SPEC.replace(", security_group: sg-0123456789abcdef0", "")
    ingress = files_of(made)["security-group-redis-ingress-6379.json"]
    assert ingress["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == "@security-group:redis@"


def test_each_rule_has_its_own_file_and_each_source_its_own_member() -> None:
    sources = ("internet", '"2001:DB8::/32"', "sg-0123456789abcdef1", "10.0.0.9/8")
    allow = "".join(f"    - {{ from: {source}, to: alb }}\n" for source in sources)
    files = files_of(SPEC.replace("    - { from: internet, to: alb, ports: [80, 443] }\n", allow))
    found = {path: data["IpPermissions"][0] for path, data in files.items() if "alb-ingress-" in path}
    start = "security-group-alb-ingress-80"
    members = {path: set(permission) - {"IpProtocol", "FromPort", "ToPort"} for path, permission in found.items()}
    assert members == {
        f"{start}.json": {"IpRanges"},
        f"{start}-2001-db8-32.json": {"Ipv6Ranges"},
        f"{start}-sg-0123456789abcdef1.json": {"UserIdGroupPairs"},
        f"{start}-10.0.0.0-8.json": {"IpRanges"},
    }
    assert found[f"{start}-sg-0123456789abcdef1.json"]["UserIdGroupPairs"][0]["GroupId"] == "sg-0123456789abcdef1"
    assert found[f"{start}-2001-db8-32.json"]["Ipv6Ranges"][0]["CidrIpv6"] == "2001:DB8::/32"


def test_the_load_balancer() -> None:
    files = files_of(SPEC)
    assert files["load-balancer.json"] == {
        "Name": "shop-qa-alb",
        "Subnets": ["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
        "SecurityGroups": ["@security-group:service@", "@security-group:alb@"],
        "Scheme": "internet-facing",
        "Tags": OWNED,
        "Type": "application",
        "IpAddressType": "ipv4",
    }
    assert files["load-balancer-attributes.json"] == {
        "LoadBalancerArn": "@load-balancer@",
        "Attributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "90"}],
    }


def test_the_target_group_holds_addresses() -> None:
    files = files_of(SPEC)
    assert files["target-group.json"] == {
        "Name": "shop-qa-web",
        "Protocol": "HTTP",
        "Port": 8080,
        "VpcId": "vpc-0123456789abcdef0",
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": True,
        "HealthCheckPath": "/health",
        "HealthCheckIntervalSeconds": 15,
        "HealthCheckTimeoutSeconds": 4,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 4,
        "Matcher": {"HttpCode": "200-299"},
        "TargetType": "ip",
        "Tags": OWNED,
    }
    assert files["target-group-attributes.json"] == {
        "TargetGroupArn": "@target-group@",
        "Attributes": [
            {"Key": "deregistration_delay.timeout_seconds", "Value": "20"},
            {"Key": "slow_start.duration_seconds", "Value": "0"},
            {"Key": "stickiness.enabled", "Value": "false"},
        ],
    }


def test_with_a_certificate_http_is_sent_to_https() -> None:
    files = files_of(SPEC)
    assert files["listener-80.json"] == {
        "LoadBalancerArn": "@load-balancer@",
        "Protocol": "HTTP",
        "Port": 80,
        "DefaultActions": [
            {
                "Type": "redirect",
                "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
            }
        ],
        "Tags": OWNED,
    }
    secure = files["listener-443.json"]
    assert secure["Protocol"] == "HTTPS"
    assert secure["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-")
    assert secure["Certificates"] == [
        {"CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"}
    ]
    assert secure["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": "@target-group@"}]


def test_without_a_certificate_http_is_forwarded() -> None:
    files = files_of(re.sub(r"  certificate: .*\n", "", SPEC))
    assert "listener-443.json" not in files
    assert files["listener-80.json"]["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": "@target-group@"}]
    assert "Certificates" not in files["listener-80.json"]


def test_tags_of_the_spec_stand_behind_our_own() -> None:
    files = files_of(SPEC + "task: { tags: { team: payments } }\n")
    tags = [*OWNED, {"Key": "team", "Value": "payments"}]
    assert files["listener-80.json"]["Tags"] == tags
    assert files["security-group-alb.json"]["TagSpecifications"][0]["Tags"] == tags


# EC2 takes these characters in a description (AWS documentation, "Security group rules", checked 2026-11-23).
DESCRIPTION = re.compile(r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}")


def test_descriptions_are_what_ec2_takes() -> None:
    groups = files_of(SPEC)["security-groups.json"]
    texts = [text for group in groups for text in (group["description"], *(rule["why"] for rule in group["rules"]))]
    assert [text for text in texts if not DESCRIPTION.fullmatch(text)] == []


@pytest.mark.needs("botocore")
@pytest.mark.parametrize("changed", ["", "task: { tags: { team: payments } }\n"])
def test_aws_own_models_take_every_input(changed: str) -> None:
    files = {f"network/{path}": data for path, data in files_of(SPEC + changed).items()}
    found = inputs(files)
    assert len(found) == 11
    assert [line for item in found for line in complaints(*item)] == []
