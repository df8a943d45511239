"""Resources: their requests are those of AWS's own models, they point at what is there, and a key is all their identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.artifacts import render
from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.record import Record
from chuoigen.resources import Ref, Resource
from chuoigen.resources.account import BuildProject, LogGroup, Repository
from chuoigen.resources.discovery import DiscoveryService, HttpNamespace, Namespace
from chuoigen.resources.ecs import Cluster, Service
from chuoigen.resources.iam import Role
from chuoigen.resources.jobs import Schedule, ScheduleGroup
from chuoigen.resources.listeners import Listener, ListenerRule
from chuoigen.resources.network import IngressRule, LoadBalancer, SecurityGroup, TargetGroup
from chuoigen.resources.scaling import ScalableTarget, ScalingPolicy, ScheduledAction
from tests.artifacts.aws_inputs import complaints
from tests.artifacts.plans import plan_of
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.model import Plan

SPECS = [*sorted((ROOT / "spec").glob("*.yaml")), *sorted((ROOT / "tests" / "cases").glob("*/spec.yaml"))]
CREATED_BY: dict[type[Resource], tuple[str, str]] = {
    BuildProject: ("codebuild", "CreateProject"),
    Cluster: ("ecs", "CreateCluster"),
    DiscoveryService: ("servicediscovery", "CreateService"),
    HttpNamespace: ("servicediscovery", "CreateHttpNamespace"),
    IngressRule: ("ec2", "AuthorizeSecurityGroupIngress"),
    Listener: ("elbv2", "CreateListener"),
    ListenerRule: ("elbv2", "CreateRule"),
    LoadBalancer: ("elbv2", "CreateLoadBalancer"),
    LogGroup: ("logs", "CreateLogGroup"),
    Namespace: ("servicediscovery", "CreatePrivateDnsNamespace"),
    Repository: ("ecr", "CreateRepository"),
    Schedule: ("scheduler", "CreateSchedule"),
    ScheduleGroup: ("scheduler", "CreateScheduleGroup"),
    ScalableTarget: ("application-autoscaling", "RegisterScalableTarget"),
    ScalingPolicy: ("application-autoscaling", "PutScalingPolicy"),
    ScheduledAction: ("application-autoscaling", "PutScheduledAction"),
    SecurityGroup: ("ec2", "CreateSecurityGroup"),
    Service: ("ecs", "CreateService"),
    TargetGroup: ("elbv2", "CreateTargetGroup"),
}


def plans() -> Iterator[Plan]:
    for file in SPECS:
        judged = judge(load(file))
        if judged.plan is not None and not judged.refused:
            yield judged.plan


def test_every_request_has_the_members_of_aws_in_their_order() -> None:
    seen = set()
    for plan in plans():
        for resource in plan.resources.values():
            if type(resource) in CREATED_BY:
                seen.add(type(resource))
                service, operation = CREATED_BY[type(resource)]
                assert complaints(service, operation, plan.request(resource)) == [], resource.key
    assert seen == set(CREATED_BY)


def references(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Record):
        for name in value.FIELDS:
            yield from references(getattr(value, name))
    elif isinstance(value, dict | tuple):
        for child in value.values() if isinstance(value, dict) else value:
            yield from references(child)


def test_every_reference_points_at_a_resource_and_every_key_is_its_own() -> None:
    for plan in plans():
        for key, resource in plan.resources.items():
            assert resource.key == key
            for reference in references(resource):
                assert reference.key in plan.resources


def test_a_role_is_created_with_its_trust_in_the_language_of_iam() -> None:
    roles = [role for plan in plans() for role in plan.every(Role)]
    known = ("execution", "task", "codebuild", "scheduler", "infrastructure", "hooks")
    assert {role.key for role in roles} == {f"role:{name}" for name in known}


SPEC = """\
chuoigen: 1
name: shop
stage: qa
aws: {{ account: "123456789012", region: eu-west-1 }}
containers: {{ web: {{ image: nginx:1.28.0, ports: [8080] }} }}
load_balancer: {{ target: web }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0], public: [subnet-0123456789abcdef1, subnet-0123456789abcdef2] }}
  allow: [{}{{ from: 192.0.2.0/24, to: alb }}, {{ from: internet, to: alb }}, {{ from: alb, to: web }}]
"""


def files(plan: Plan) -> dict[str, str]:
    tree = render(plan)
    return {path: tree[path].text for path in tree if path != "manifest.json"}


@pytest.mark.parametrize("source", ["198.51.100.0/24", "sg-0123456789abcdef0", "2001:db8::/32"])
def test_a_line_put_first_in_allow_adds_one_file_and_changes_no_other_input(source: str) -> None:
    before = files(plan_of(SPEC.format("")))
    after = files(plan_of(SPEC.format(f'{{ from: "{source}", to: alb }}, ')))
    slug = source.replace("/", "-").replace("::", "-").replace(":", "-").replace("--", "-")
    assert after.keys() - before.keys() == {f"network/security-group-alb-ingress-80-{slug}.json"}
    assert before.keys() - after.keys() == set()
    # What lists the rules, or all files, has one entry more; nothing else is another.
    assert {path for path in before if before[path] != after[path]} == {
        "README.md",
        "diagram.svg",
        "network/reachability.md",
        "network/security-groups.json",
        "scripts/05-security-groups.sh",
        "scripts/09-take-back.sh",
    }
    for path in ("README.md", "network/reachability.md", "scripts/05-security-groups.sh"):
        lost = set(before[path].splitlines()) - set(after[path].splitlines())
        assert not any("ingress" in line for line in lost), path
