"""What may happen to an account between two scripts: others change, take over, share or still use what was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.proof.aws_state import client

if TYPE_CHECKING:
    from chuoigen.plan import Plan


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
    _drift_schedules(client("scheduler", plan.region))


def _drift_images(plan: Plan) -> None:
    ecr = client("ecr", plan.region)
    names = [container.image.repository for container in plan.built]
    for each in ecr.describe_repositories(repositoryNames=names)["repositories"] if names else ():
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


def _drift_schedules(scheduler: Any) -> None:
    """Let every other schedule start at another time, and disable the rest."""
    for number, each in enumerate(scheduler.list_schedules()["Schedules"]):
        known = scheduler.get_schedule(GroupName=each["GroupName"], Name=each["Name"])
        taken = ("Name", "GroupName", "Description", "ScheduleExpression", "FlexibleTimeWindow", "Target", "State")
        kept = {name: known[name] for name in taken}
        other = {"State": "DISABLED"} if number % 2 else {"ScheduleExpression": "rate(7 days)"}
        scheduler.update_schedule(**kept | other)


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
    for container in plan.containers.values():
        registry, _, repository = (container.image.filled or "").partition("/")
        if registry == plan.registry:
            about = {"of": f"{container.name}{tag}"}
            manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "annotations": about})
            ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)


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


def exits(_: Plan, code: str) -> None:
    """Let the containers of tasks end with a code from now on."""
    from moto.ecs.models import Container

    ends = property(lambda _: int(code), lambda _, __: None)
    setattr(Container, "exitCode", ends)  # noqa: B010  a property where moto has a number
