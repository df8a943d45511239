"""Every member that something is created with can be changed later, or the scripts compare it and say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import botocore.session
import pytest

from chuoigen.resources.account import LogGroup, Repository
from chuoigen.resources.discovery import DiscoveryService, HttpNamespace, Namespace
from chuoigen.resources.ecs import Cluster, Service
from chuoigen.resources.iam import Role
from chuoigen.resources.listeners import Listener, ListenerRule
from chuoigen.resources.network import LoadBalancer, SecurityGroup, TargetGroup
from chuoigen.resources.scaling import ScalableTarget, ScalingPolicy, ScheduledAction
from tests.artifacts.plans import plan_of
from tests.artifacts.test_scripts import WEB, WORKER, texts

if TYPE_CHECKING:
    from chuoigen.resources import Resource

# The calls that create, with those by which the scripts change the same thing later.
CALLS: dict[type[Resource], tuple[str, str, tuple[str, ...]]] = {
    Repository: ("ecr", "CreateRepository", ("PutImageTagMutability", "PutImageScanningConfiguration")),
    Role: ("iam", "CreateRole", ("PutRolePermissionsBoundary",)),
    LogGroup: ("logs", "CreateLogGroup", ()),
    SecurityGroup: ("ec2", "CreateSecurityGroup", ()),
    LoadBalancer: ("elbv2", "CreateLoadBalancer", ("SetSubnets", "SetSecurityGroups", "SetIpAddressType")),
    TargetGroup: ("elbv2", "CreateTargetGroup", ("ModifyTargetGroup",)),
    Listener: ("elbv2", "CreateListener", ("ModifyListener",)),
    ListenerRule: ("elbv2", "CreateRule", ("ModifyRule",)),
    Cluster: ("ecs", "CreateCluster", ("PutClusterCapacityProviders", "UpdateClusterSettings")),
    Service: ("ecs", "CreateService", ("UpdateService",)),
    Namespace: ("servicediscovery", "CreatePrivateDnsNamespace", ()),
    HttpNamespace: ("servicediscovery", "CreateHttpNamespace", ()),
    DiscoveryService: ("servicediscovery", "CreateService", ()),
    ScalableTarget: ("application-autoscaling", "RegisterScalableTarget", ("RegisterScalableTarget",)),
    ScalingPolicy: ("application-autoscaling", "PutScalingPolicy", ("PutScalingPolicy",)),
    ScheduledAction: ("application-autoscaling", "PutScheduledAction", ("PutScheduledAction",)),
}
# Members that none of these takes: what the scripts do instead. A name that is another makes another thing.
NAME, TAGS = "another name: another one is made, and 09 takes this one back", "03 or 09 changes them"
REFUSED = "06 compares it, and refuses with what to write"
OTHERWISE: dict[type[Resource], dict[str, str]] = {
    Repository: {"tags": TAGS},
    Role: {"AssumeRolePolicyDocument": "update-assume-role-policy takes it as PolicyDocument", "Tags": TAGS},
    LogGroup: {"logGroupName": NAME, "tags": TAGS},
    SecurityGroup: {
        "GroupName": NAME,
        "Description": "AWS never changes it: it stays",
        "VpcId": "groups are looked for in the VPC of the spec, and made there",
        "TagSpecifications": TAGS,
    },
    LoadBalancer: {"Name": NAME, "Scheme": REFUSED, "Type": REFUSED, "Tags": TAGS},
    TargetGroup: {
        "Name": NAME,
        "Protocol": REFUSED,
        "ProtocolVersion": REFUSED,
        "Port": REFUSED,
        "VpcId": REFUSED,
        "TargetType": REFUSED,
        "Tags": TAGS,
    },
    ListenerRule: {
        "ListenerArn": "its rules are asked of the listener",
        "Priority": "another one makes another rule, and 09 takes this one back",
        "Tags": TAGS,
    },
    Listener: {"LoadBalancerArn": "its listeners are asked of the balancer", "Tags": TAGS},
    Cluster: {"clusterName": NAME, "tags": TAGS},
    Service: {
        "serviceName": NAME,
        "launchType": "it follows from the capacity, which an update takes",
        "schedulingStrategy": "it is REPLICA in every spec",
        "tags": TAGS,
    },
    Namespace: {
        "Name": NAME,
        "Description": "by it the scripts know theirs",
        "Vpc": "in another VPC another one is made",
        "Properties": "the same for every spec",
        "Tags": TAGS,
    },
    HttpNamespace: {"Name": NAME, "Description": "it says who made it", "Tags": TAGS},
    DiscoveryService: {
        "Name": NAME,
        "NamespaceId": "in another namespace another one is made",
        "Description": "by it the scripts know theirs",
        "DnsConfig": "06 compares it: update-service takes another TTL within Service, another type is refused",
        "HealthCheckCustomConfig": "the same for every spec",
        "Tags": TAGS,
    },
    ScalableTarget: {},
    ScalingPolicy: {},
    ScheduledAction: {},
}


CLOCK = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
containers: { app: { image: nginx:1.28.0 } }
network: { vpc: vpc-0123456789abcdef0, subnets: { private: [subnet-0123456789abcdef0] } }
discovery: { namespace: shop.internal }
service_connect: { namespace: shop }
service:
  autoscaling:
    min: 1
    max: 4
    queue: { name: jobs, messages_per_task: 20 }
    schedule: { night: { rate: 1 day, timezone: UTC, max: 2 } }
"""
GRPC = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
containers: { app: { image: nginx:1.28.0, ports: [80] } }
network: { vpc: vpc-0123456789abcdef0, subnets: { private: [subnet-0123456789abcdef0] } }
load_balancer:
  target: app
  protocol: grpc
  certificate: arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000
  rules: { closed: { priority: 1, path: /closed, respond: 503 } }
"""


@pytest.mark.needs("botocore")
@pytest.mark.parametrize("kind", CALLS)
def test_what_no_update_takes_is_looked_after(kind: type[Resource]) -> None:
    service, create, updates = CALLS[kind]
    model = botocore.session.get_session().get_service_model(service)
    plans = [plan_of(text) for text in (WEB, WORKER, CLOCK, GRPC)]
    sent = {member for plan in plans for each in plan.every(kind) for member in plan.request(each)}
    # A role is given where this spec has one by its ARN, and roles are sent by options.
    sent &= set(model.operation_model(create).input_shape.members)
    assert sent
    taken = {member for update in updates for member in model.operation_model(update).input_shape.members}
    named = {"repositoryName", "RoleName", "logGroupName"} - set(OTHERWISE[kind])
    assert sent - taken - named == set(OTHERWISE[kind])


@pytest.mark.parametrize("kind", [LoadBalancer, TargetGroup])
def test_what_is_refused_is_asked_for(kind: type[Resource]) -> None:
    script = texts(WEB)["06-load-balancer.sh"]
    asked = [line for line in script.splitlines() if "--query" in line]
    for member in (name for name, why in OTHERWISE[kind].items() if why is REFUSED):
        assert any(member in line for line in asked), member
    assert "which cannot be changed to" in script
