"""What stands in an account before the scripts, what stands there after them, and what may have changed meanwhile."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

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
    subnets = [*(balancer.subnets if balancer else ()), *(plan.service.subnets if plan.service else ())]
    for number, subnet in enumerate(dict.fromkeys(subnets)):
        zone = f"{plan.region}{'ac'[number % 2]}"
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
        names[subnet] = made["Subnet"]["SubnetId"]
    for group in plan.groups:
        if group.id:
            made = ec2.create_security_group(VpcId=vpc, GroupName=f"given-{group.key}", Description="given")
            names[group.id] = made["GroupId"]
    for container in plan.containers.values():
        if container.build is None and container.image.reference.startswith(plan.registry):
            names |= _image(plan, container.image.reference)
    for listener in balancer.listeners if balancer else ():
        if listener.certificate:
            made = client("acm", plan.region).request_certificate(DomainName="a.example.com")
            names[listener.certificate] = made["CertificateArn"]
    for service, name in _secrets(plan):
        _secret(plan, service, name)
    return names


def _secrets(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every secret that a container or a build reads: its store and its name."""
    for container in plan.containers.values():
        yield from ((secret.service, secret.name or "") for secret in container.secrets)
    for argument in [a for c in plan.built if c.build for a in c.build.arguments if a.parameter]:
        yield argument.store or "ssm", argument.parameter or ""


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
    }
    text = json.dumps(found, sort_keys=True, default=str)
    for given, made in names.items():
        text = text.replace(made, given)
    for group in client("ec2", region).describe_security_groups()["SecurityGroups"]:
        text = text.replace(group["GroupId"], f"group {group['GroupName']}")
    text = re.sub(r"(:(?:loadbalancer|targetgroup|listener)/[^\" ]*?)(?:/[0-9a-f]{16,17})+", r"\1", text)
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
        found.append([name, each["AssumeRolePolicyDocument"], attached, inline, tags])
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
        found += [_tags(elb, listener["ListenerArn"]) for listener in listeners]
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


def _scaling(scaling: Any) -> list[Any]:
    targets = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    policies = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    gone = {"CreationTime", "PolicyARN", "Alarms", "ScalableTargetARN"}
    return [{key: value for key, value in each.items() if key not in gone} for each in [*targets, *policies]]


def drift(plan: Plan) -> None:
    """Change what others could change meanwhile, so that the scripts have everything to put right."""
    _drift_images(plan)
    _drift_roles(plan)
    logs, ec2 = client("logs", plan.region), client("ec2", plan.region)
    for group in logs.describe_log_groups()["logGroups"]:
        logs.put_retention_policy(logGroupName=group["logGroupName"], retentionInDays=1)
    for made in ec2.describe_security_groups(Filters=[{"Name": "tag:chuoigen", "Values": ["*"]}])["SecurityGroups"]:
        if made["IpPermissions"]:
            ec2.revoke_security_group_ingress(GroupId=made["GroupId"], IpPermissions=made["IpPermissions"][:1])
        ec2.authorize_security_group_ingress(
            GroupId=made["GroupId"], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="192.0.2.0/24"
        )
    _drift_balancers(client("elbv2", plan.region))


def _drift_images(plan: Plan) -> None:
    ecr = client("ecr", plan.region)
    for each in ecr.describe_repositories()["repositories"]:
        name, other = each["repositoryName"], {"IMMUTABLE": "MUTABLE", "MUTABLE": "IMMUTABLE"}
        ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability=other[each["imageTagMutability"]])
        ecr.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration={"scanOnPush": False})
        ecr.delete_lifecycle_policy(repositoryName=name)


def _drift_roles(plan: Plan) -> None:
    iam = client("iam", plan.region)
    for role in iam.list_roles()["Roles"]:
        statement: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        trust = {**statement, "Principal": {"Service": "lambda.amazonaws.com"}}
        other = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]})
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        iam.update_assume_role_policy(RoleName=role["RoleName"], PolicyDocument=document)
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            iam.put_role_policy(RoleName=role["RoleName"], PolicyName=name, PolicyDocument=other)
        for policy in iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role["RoleName"], PolicyArn=policy["PolicyArn"])


def _drift_balancers(elb: Any) -> None:
    for each in elb.describe_load_balancers()["LoadBalancers"]:
        arn = each["LoadBalancerArn"]
        idle = [{"Key": "idle_timeout.timeout_seconds", "Value": "7"}]
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=idle)
        elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=each["SecurityGroups"][:1])
        for listener in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
            action = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
            elb.modify_listener(ListenerArn=listener["ListenerArn"], Protocol="HTTP", DefaultActions=[action])
    for each in elb.describe_target_groups()["TargetGroups"]:
        arn = each["TargetGroupArn"]
        delay = [{"Key": "deregistration_delay.timeout_seconds", "Value": "7"}]
        elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=delay)
        elb.modify_target_group(TargetGroupArn=arn, HealthCheckPath="/drift", HealthCheckIntervalSeconds=77)


def push(plan: Plan, tag: str) -> None:
    """Put an image of each repository into ECR, as the pipeline would."""
    ecr = client("ecr", plan.region)
    kind = "application/vnd.oci.image.manifest.v1+json"
    for container in plan.built:
        manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "annotations": {"of": f"{container.name}{tag}"}})
        ecr.put_image(repositoryName=container.image.repository, imageManifest=manifest, imageTag=tag)


def forget(plan: Plan) -> None:
    """Remove the parameters and secrets that a spec takes for granted."""
    ssm, secrets = client("ssm", plan.region), client("secretsmanager", plan.region)
    for each in ssm.describe_parameters()["Parameters"]:
        ssm.delete_parameter(Name=each["Name"])
    for each in secrets.list_secrets()["SecretList"]:
        secrets.delete_secret(SecretId=each["Name"], ForceDeleteWithoutRecovery=True)


def foreign(plan: Plan) -> None:
    """Give everything that is there to another service, by its tag."""
    tag = [{"Key": "chuoigen", "Value": "another"}]
    low = [{"key": "chuoigen", "value": "another"}]
    ecr, iam, ec2 = client("ecr", plan.region), client("iam", plan.region), client("ec2", plan.region)
    for repository in ecr.describe_repositories()["repositories"]:
        ecr.tag_resource(resourceArn=repository["repositoryArn"], tags=tag)
    for role in iam.list_roles()["Roles"]:
        iam.tag_role(RoleName=role["RoleName"], Tags=tag)
    for group in ec2.describe_security_groups(Filters=[{"Name": "tag:chuoigen", "Values": ["*"]}])["SecurityGroups"]:
        ec2.create_tags(Resources=[group["GroupId"]], Tags=tag)
    elb, logs, ecs = client("elbv2", plan.region), client("logs", plan.region), client("ecs", plan.region)
    arns = [each["LoadBalancerArn"] for each in elb.describe_load_balancers()["LoadBalancers"]]
    arns += [each["TargetGroupArn"] for each in elb.describe_target_groups()["TargetGroups"]]
    for arn in arns:
        elb.add_tags(ResourceArns=[arn], Tags=tag)
    for log in logs.describe_log_groups()["logGroups"]:
        logs.tag_log_group(logGroupName=log["logGroupName"], tags={"chuoigen": "another"})
    for cluster in ecs.list_clusters()["clusterArns"]:
        for arn in [cluster, *ecs.list_services(cluster=cluster)["serviceArns"]]:
            ecs.tag_resource(resourceArn=arn, tags=low)
    for arn in ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]:
        ecs.tag_resource(resourceArn=arn, tags=low)


def share(plan: Plan) -> None:
    """Let another stage use the roles, too."""
    iam = client("iam", plan.region)
    for role in iam.list_roles()["Roles"]:
        iam.tag_role(RoleName=role["RoleName"], Tags=[{"Key": "chuoigen:another", "Value": "used"}])


def busy(plan: Plan) -> None:
    """Leave a network interface in each group that was made, as tasks and load balancers do for some minutes."""
    ec2 = client("ec2", plan.region)
    for group in ec2.describe_security_groups(Filters=[{"Name": "tag:chuoigen", "Values": ["*"]}])["SecurityGroups"]:
        subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [group["VpcId"]]}])["Subnets"]
        ec2.create_network_interface(SubnetId=subnets[0]["SubnetId"], Groups=[group["GroupId"]])
