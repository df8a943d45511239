"""What stands in an account before the scripts, and what stands there after them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chuoigen.resources.network import IngressRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan import Plan

TIMES = {
    "createdAt",
    "registeredAt",
    "registeredBy",
    "events",
    "deployments",
    "taskDefinitionArn",
    "serviceArn",
    "roleArn",
}


def client(service: str, region: str) -> Any:
    import boto3

    return boto3.client(service, region_name=region)


def surroundings(plan: Plan) -> dict[str, str]:
    """Make what a spec takes for granted; return the ids that it gives, and those of the things made."""
    ec2 = client("ec2", plan.region)
    names: dict[str, str] = {}
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    if plan.vpc:
        names[plan.vpc] = vpc
    balancer = plan.load_balancer
    tasks = plan.service.network_configuration.awsvpc_configuration if plan.service else None
    subnets = [*(balancer.subnets if balancer else ()), *(tasks.subnets if tasks else ())]
    for number, subnet in enumerate(dict.fromkeys(subnets)):
        zone = f"{plan.region}{'ac'[number % 2]}"
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
        names[subnet] = made["Subnet"]["SubnetId"]
    for group in plan.groups:
        if group.id:
            made = ec2.create_security_group(VpcId=vpc, GroupName=f"given-{group.role}", Description="given")
            names[group.id] = made["GroupId"]
    for group_id in _groups_of_others(plan):
        made = ec2.create_security_group(VpcId=vpc, GroupName=f"of another account, {group_id}", Description="given")
        names[group_id] = made["GroupId"]
    if plan.namespace is not None and plan.namespace.id is not None:
        names[plan.namespace.id] = _namespace(plan, vpc)
    names |= _listener(plan, vpc)
    for bucket in plan.buckets:
        place = {"CreateBucketConfiguration": {"LocationConstraint": plan.region}} if plan.region != "us-east-1" else {}
        client("s3", plan.region).create_bucket(Bucket=bucket, **place)
    return names | _named(plan)


def _namespace(plan: Plan, vpc: str) -> str:
    names = client("servicediscovery", plan.region)
    names.create_private_dns_namespace(Name="given.internal", Vpc=vpc)
    return str(names.list_namespaces()["Namespaces"][0]["Id"])


def _listener(plan: Plan, vpc: str) -> dict[str, str]:
    """Make the listener of somebody else that a spec names, with a rule of theirs."""
    if plan.given_listener is None or plan.load_balancer is None:
        return {}
    ec2, elb = client("ec2", plan.region), client("elbv2", plan.region)
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{250 + number}.0/24", AvailabilityZone=f"{plan.region}{zone}")
        for number, zone in enumerate("ac")
    ]
    made = elb.create_load_balancer(
        Name=plan.load_balancer.name, Subnets=[each["Subnet"]["SubnetId"] for each in subnets], Scheme="internal"
    )
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
    closed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}]
    given = {"LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 80, "DefaultActions": closed}
    listener = elb.create_listener(**given)["Listeners"][0]["ListenerArn"]
    asked = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/theirs"]}}]
    elb.create_rule(ListenerArn=listener, Priority=5, Conditions=asked, Actions=closed)
    return {plan.given_listener.given: listener}


def _groups_of_others(plan: Plan) -> set[str]:
    """Return the groups that rules admit and the spec does not make; moto finds none in another account."""
    sources = {rule.source for rule in plan.every(IngressRule) if isinstance(rule.source, str)}
    return {source.rpartition("/")[2] for source in sources if "sg-" in source} - {group.id for group in plan.groups}


def _secrets(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every secret that a container or a build reads: its store and its name."""
    for container in plan.containers.values():
        yield from ((secret.service, secret.name or "") for secret in container.secrets)
    for argument in [a for c in plan.built if c.build for a in c.build.arguments if a.parameter]:
        yield argument.store or "ssm", argument.parameter or ""


def _named(plan: Plan) -> dict[str, str]:
    """Make the images, certificates, parameters and secrets that a spec names."""
    names: dict[str, str] = {}
    for container in plan.containers.values():
        image = container.image
        if container.build is None and (image.filled or image.reference).startswith(plan.registry):
            names |= _image(plan, image.filled or image.reference)
    for listener in plan.listeners:
        if listener.certificate:
            made = client("acm", plan.region).request_certificate(DomainName="a.example.com")
            names[listener.certificate] = made["CertificateArn"]
    for service, name in _secrets(plan):
        _secret(plan, service, name)
    return names


def _image(plan: Plan, reference: str) -> dict[str, str]:
    """Put an image that is built elsewhere into ECR; return the digest that the spec gives, and that of the image."""
    ecr, name = client("ecr", plan.region), reference.removeprefix(f"{plan.registry}/")
    repository, tag, digest = re.fullmatch(r"([^:@]+)(?::([^@]+))?(?:@(.+))?", name).groups()  # type: ignore[union-attr]
    ecr.create_repository(repositoryName=repository)
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "annotations": {"of": repository}})
    made = ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag or "any")
    return {digest: made["image"]["imageId"]["imageDigest"]} if digest else {}


def _secret(plan: Plan, service: str, name: str) -> None:
    if service == "ssm":
        client("ssm", plan.region).put_parameter(Name=name, Value="a", Type="SecureString", Overwrite=True)
    else:
        client("secretsmanager", plan.region).create_secret(Name=name, SecretString="a")


def told(plan: Plan, names: dict[str, str]) -> dict[str, Any]:
    """Return everything that the scripts could have made, without times and with names in place of ids."""
    region = plan.region
    found = {
        "ecr": _repositories(client("ecr", region)),
        "iam": _roles(client("iam", region)),
        "logs": _log_groups(client("logs", region)),
        "ec2": _groups(client("ec2", region)),
        "elbv2": _balancers(client("elbv2", region)),
        "ecs": _cluster(client("ecs", region)),
        "scaling": _scaling(client("application-autoscaling", region)),
        "alarms": _alarms(region),
        "names": _names(client("servicediscovery", region)),
    }
    text = json.dumps(found, sort_keys=True, default=str)
    for given, made in names.items():
        text = text.replace(made, given)
    for group in client("ec2", region).describe_security_groups()["SecurityGroups"]:
        text = text.replace(group["GroupId"], f"group {group['GroupName']}")
    names_of = client("servicediscovery", region)
    for each in (*names_of.list_namespaces()["Namespaces"], *names_of.list_services()["Services"]):
        text = text.replace(each["Id"], f"name {each['Name']}")
    text = re.sub(r"(:(?:loadbalancer|targetgroup|listener|listener-rule)/[^\" ]*?)(?:/[0-9a-f]{16,17})+", r"\1", text)
    result: dict[str, Any] = json.loads(re.sub(r"sgr-[0-9a-f]+", "rule", text))
    return result


def _repositories(ecr: Any) -> list[Any]:
    found = []
    for each in ecr.describe_repositories()["repositories"]:
        name = each["repositoryName"]
        try:
            policy = ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]
        except ecr.exceptions.LifecyclePolicyNotFoundException:
            policy = None
        tags = ecr.list_tags_for_resource(resourceArn=each["repositoryArn"])["tags"]
        images = [image.get("imageTag") for image in ecr.list_images(repositoryName=name)["imageIds"]]
        found.append([name, each["imageTagMutability"], each["imageScanningConfiguration"], policy, tags, images])
    return found


def _roles(iam: Any) -> list[Any]:
    found = []
    for each in iam.list_roles()["Roles"]:
        name = each["RoleName"]
        attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        inline = {
            policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        }
        tags = iam.list_role_tags(RoleName=name)["Tags"]
        boundary = iam.get_role(RoleName=name)["Role"].get("PermissionsBoundary")
        found.append([name, each["AssumeRolePolicyDocument"], attached, inline, boundary, tags])
    return found


def _log_groups(logs: Any) -> list[Any]:
    return [
        [
            each["logGroupName"],
            each.get("retentionInDays"),
            logs.list_tags_log_group(logGroupName=each["logGroupName"])["tags"],
        ]
        for each in logs.describe_log_groups()["logGroups"]
    ]


def _groups(ec2: Any) -> list[Any]:
    keys = ("GroupName", "Description", "VpcId", "Tags", "IpPermissions", "IpPermissionsEgress")
    found = ec2.describe_security_groups()["SecurityGroups"]
    return sorted(([group.get(key) for key in keys] for group in found), key=json.dumps)


def _balancers(elb: Any) -> list[Any]:
    found: list[Any] = []
    for each in elb.describe_load_balancers()["LoadBalancers"]:
        arn = each["LoadBalancerArn"]
        attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        listeners = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
        zones = sorted(zone["SubnetId"] for zone in each["AvailabilityZones"])
        described = [each["LoadBalancerName"], each["Scheme"], sorted(each["SecurityGroups"]), zones, each["Type"]]
        found.append([*described, attributes, listeners, _tags(elb, arn)])
        for listener in listeners:
            found.append(_tags(elb, listener["ListenerArn"]))
            rules = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            found += [[rule, _tags(elb, rule["RuleArn"])] for rule in rules if not rule["IsDefault"]]
    for each in elb.describe_target_groups()["TargetGroups"]:
        arn = each["TargetGroupArn"]
        found.append([each, elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"], _tags(elb, arn)])
    return found


def _tags(elb: Any, arn: str) -> Any:
    return elb.describe_tags(ResourceArns=[arn])["TagDescriptions"]


def _plain(described: Any) -> dict[str, Any]:
    return {key: value for key, value in described.items() if key not in TIMES or key == "roleArn"}


def _cluster(ecs: Any) -> list[Any]:
    found: list[Any] = []
    for cluster in ecs.list_clusters()["clusterArns"]:
        found += ecs.describe_clusters(clusters=[cluster], include=["TAGS"])["clusters"]
        services = ecs.list_services(cluster=cluster)["serviceArns"]
        if services:
            described = ecs.describe_services(cluster=cluster, services=services, include=["TAGS"])["services"]
            found += [{**_plain(each), "runs": each["taskDefinition"].rsplit(":", 1)[0]} for each in described]
    for arn in ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]:
        described = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        found.append([_plain(described["taskDefinition"]), described.get("tags")])
    return found


def _names(names: Any) -> list[Any]:
    keys = ("Id", "Name", "Type", "Description", "DnsConfig", "HealthCheckCustomConfig")
    found = (*names.list_namespaces()["Namespaces"], *names.list_services()["Services"])
    return [
        [*(each.get(key) for key in keys), names.list_tags_for_resource(ResourceARN=each["Arn"])["Tags"]]
        for each in found
    ]


def _scaling(scaling: Any) -> list[Any]:
    targets = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    policies = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    actions = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    # AWS deletes them with their target, and moto does not.
    standing = {each["ResourceId"] for each in targets}
    actions = [each for each in actions if each["ResourceId"] in standing]
    gone = {"CreationTime", "PolicyARN", "Alarms", "ScalableTargetARN", "ScheduledActionARN"}
    return [{key: value for key, value in each.items() if key not in gone} for each in [*targets, *policies, *actions]]


def _alarms(region: str) -> list[Any]:
    """Return the alarms, rules and topics with their tags; digests differ with names that moto makes up."""
    cloudwatch, events, sns = (client(name, region) for name in ("cloudwatch", "events", "sns"))
    times = {"AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp"}
    found: list[Any] = []
    for each in cloudwatch.describe_alarms()["MetricAlarms"]:
        if each["AlarmName"].startswith("TargetTracking-"):  # of a scaling policy, which makes and removes it
            continue
        tags = cloudwatch.list_tags_for_resource(ResourceARN=each["AlarmArn"])["Tags"]
        found.append([{key: value for key, value in each.items() if key not in times}, tags])
    for each in events.list_rules()["Rules"]:
        targets = events.list_targets_by_rule(Rule=each["Name"])["Targets"]
        found.append([each, targets, events.list_tags_for_resource(ResourceARN=each["Arn"])["Tags"]])
    for each in sns.list_topics()["Topics"]:
        attributes = sns.get_topic_attributes(TopicArn=each["TopicArn"])["Attributes"]
        tags = sns.list_tags_for_resource(ResourceArn=each["TopicArn"])["Tags"]
        found.append([attributes.get("Policy"), attributes.get("KmsMasterKeyId"), each, tags])
    return found
