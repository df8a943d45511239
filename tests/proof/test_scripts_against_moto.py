"""The generated scripts, run in order by the real AWS CLI against an AWS that moto answers for."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.artifacts import ecs, iam, network, pipeline, scripts
from chuoigen.inputs.load import load
from chuoigen.plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.proof.emulator import Aws

pytestmark = [pytest.mark.proof, pytest.mark.slow]

SPEC = """\
extends: base.yaml
stage: proof
containers:
  app:
    secrets:
      SECRET_KEY_BASE: {{ ssm: /chuoi/proof/secret-key-base }}
      API_KEY: {{ secrets_manager: chuoi/proof/api-key }}
backends: {{ redis: {{ security_group: {redis} }} }}
network:
  vpc: {vpc}
  subnets: {{ private: [{private}], public: [{public}] }}
load_balancer: {{ certificate: {certificate} }}
service: {{ autoscaling: {{ min: 1, max: 4, cpu: 60, requests: 1000 }} }}
"""
# Answers every command; "push" makes the image appear in ECR, as a registry would.
DOCKER = """\
#!/bin/sh
set -eu
printf '%s\\n' "$*" >>{calls}
[ "$1" = push ] || exit 0
repository=${{2#*/}}
aws ecr put-image --region ap-northeast-1 --repository-name "${{repository%:*}}" --image-tag "${{2##*:}}" --image-manifest \\
    "{{\\"schemaVersion\\":2,\\"mediaType\\":\\"application/vnd.oci.image.manifest.v1+json\\",\\"annotations\\":{{\\"made\\":\\"$2\\"}}}}"
"""
# The real AWS CLI, unless it is told to fail.
CLI = """\
#!/bin/sh
set -eu
if [ -n "${{STOP_AT:-}}" ]; then
    printf 'x\\n' >>{calls}
    [ "$(wc -l <{calls})" -lt "$STOP_AT" ] || exit 137
fi
case "$*" in
    "${{FAIL_AT:-nothing}}"*) exit 255 ;;
esac
exec {cli} "$@"
"""
STEPS = (
    "00-preflight.sh",
    "01-ecr.sh",
    "02-first-images.sh",
    "03-iam.sh",
    "04-logs-and-parameters.sh",
    "05-security-groups.sh",
    "06-load-balancer.sh",
    "07-task-definition.sh",
    "08-cluster-and-service.sh",
    "09-take-back.sh",
)


@dataclass
class Surroundings:
    """What stands in the account before chuoigen comes."""

    vpc: str
    subnets: list[str]
    redis: str
    certificate: str


@dataclass
class Stage:
    """A built stage: its folder, and its scripts as a person would call them."""

    out: Path
    environment: dict[str, str] = field(repr=False)
    calls: Path
    made: Surroundings = field(repr=False)

    def stopping(self, at: int) -> Stage:
        """Return the same stage with an AWS CLI that is killed at its call number `at`."""
        return self._with("STOP_AT", str(at))

    def failing(self, command: str) -> Stage:
        """Return the same stage with an AWS CLI that fails at one command."""
        return self._with("FAIL_AT", command)

    def _with(self, name: str, value: str) -> Stage:
        self.calls.with_name("aws-calls").unlink(missing_ok=True)
        return Stage(self.out, {**self.environment, name: value}, self.calls, self.made)

    def run(self, script: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(self.out / "scripts" / script), *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def succeed(self, script: str, *arguments: str, given: str = "") -> str:
        done = self.run(script, *arguments, given=given)
        assert done.returncode == 0, f"{script}: {done.stdout}{done.stderr}"
        return done.stderr


def surroundings(aws: Aws) -> Surroundings:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"ap-northeast-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for number, zone in enumerate("acac")
    ]
    redis = ec2.create_security_group(VpcId=vpc, GroupName="redis", Description="Redis")["GroupId"]
    for bucket in ("hogehoge-log-bucket", "chuoi-source"):
        if bucket not in names(aws.client("s3").list_buckets()["Buckets"], "Name"):
            place = {"LocationConstraint": "ap-northeast-1"}
            aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    certificate = aws.client("acm").request_certificate(DomainName="chuoi.example.com")["CertificateArn"]
    return Surroundings(vpc, subnets, redis, certificate)


def build(aws: Aws, folder: Path, made: Surroundings, stage: str = "proof") -> Stage:
    """Write a stage of Chuoi that lives in these surroundings, below a path with a space."""
    root = folder / "source tree"
    (root / ".git").mkdir(parents=True, exist_ok=True)
    (root / "spec").mkdir(exist_ok=True)
    shutil.copytree(Path(__file__).with_name("app"), root, dirs_exist_ok=True)
    shutil.copy(Path(__file__).parents[2] / "spec" / "base.yaml", root / "spec")
    text = SPEC.format(
        vpc=made.vpc,
        private=", ".join(made.subnets[:2]),
        public=", ".join(made.subnets[2:]),
        redis=made.redis,
        certificate=made.certificate,
    )
    spec = root / "spec" / f"{stage}.yaml"
    spec.write_text(text.replace("proof", stage))
    loaded = load(spec)
    assert loaded.spec is not None, loaded.diagnostics
    out = root / "out" / stage
    for family in (ecs, iam, network, pipeline, scripts):
        for artifact in family.render(plan(loaded.spec, loaded.project)):
            (out / artifact.path).parent.mkdir(parents=True, exist_ok=True)
            (out / artifact.path).write_bytes(artifact.data)
            (out / artifact.path).chmod(artifact.mode)
    for name in ("app", "web", "log"):
        (out / "docker" / name).mkdir(parents=True, exist_ok=True)
        (out / "docker" / name / "Dockerfile").touch()
    return Stage(out, *_tools(aws, folder), made)


def _tools(aws: Aws, folder: Path) -> tuple[dict[str, str], Path]:
    tools, calls = folder / "tools", folder / "docker-calls"
    tools.mkdir(exist_ok=True)
    (tools / "docker").write_text(DOCKER.format(calls=shlex.quote(str(calls))))
    (tools / "docker").chmod(0o755)
    cli = shutil.which("aws", path=aws.environment["PATH"])
    assert cli is not None
    (tools / "aws").write_text(CLI.format(cli=shlex.quote(cli), calls=shlex.quote(str(folder / "aws-calls"))))
    (tools / "aws").chmod(0o755)
    calls.touch()
    return {**aws.environment, "PATH": f"{tools}:{aws.environment['PATH']}"}, calls


def changes(said: Iterable[str]) -> list[str]:
    """Return the commands by which scripts say that they changed something."""
    return [line for text in said for line in text.splitlines() if line.startswith("+ ")]


def names(found: Iterable[dict[str, Any]], key: str) -> list[str]:
    return sorted(each[key] for each in found)


def check_registry_and_roles(aws: Aws, stage: Stage) -> None:
    repositories = aws.client("ecr").describe_repositories()["repositories"]
    assert names(repositories, "repositoryName") == ["chuoi-proof-app", "chuoi-proof-log", "chuoi-proof-web"]
    assert {each["imageTagMutability"] for each in repositories} == {"IMMUTABLE"}
    assert all(each["imageScanningConfiguration"]["scanOnPush"] for each in repositories)
    images = aws.client("ecr").describe_images(repositoryName="chuoi-proof-web")["imageDetails"]
    assert [image["imageTags"] for image in images] == [["first"]]
    assert sum(call.startswith("build ") for call in stage.calls.read_text().splitlines()) == 3

    client = aws.client("iam")
    assert names(client.list_roles()["Roles"], "RoleName") == [
        "chuoi-proof-codebuild",
        "ecs-task-execution-role",
        "task-role",
    ]
    for role, key in (
        ("ecs-task-execution-role", "execution"),
        ("task-role", "task"),
        ("chuoi-proof-codebuild", "codebuild"),
    ):
        assert client.list_role_policies(RoleName=role)["PolicyNames"] == [f"chuoi-proof-{key}"]
        policy = client.get_role_policy(RoleName=role, PolicyName=f"chuoi-proof-{key}")["PolicyDocument"]
        assert policy == json.loads((stage.out / f"iam/{key}-policy.json").read_text())
        trust = client.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        assert trust == json.loads((stage.out / f"iam/{key}-trust.json").read_text())
    attached = client.list_attached_role_policies(RoleName="ecs-task-execution-role")["AttachedPolicies"]
    assert names(attached, "PolicyName") == ["AmazonECSTaskExecutionRolePolicy"]


def check_logs_and_parameters(aws: Aws) -> None:
    groups = aws.client("logs").describe_log_groups()["logGroups"]
    assert {group["logGroupName"]: group["retentionInDays"] for group in groups} == {
        "/chuoi/ecs/tasks/app": 30,
        "/chuoi/ecs/tasks/log": 30,
        "/chuoi/ecs/tasks/web": 30,
    }
    parameter = aws.client("ssm").get_parameter(Name="/chuoi/proof/secret-key-base", WithDecryption=True)["Parameter"]
    assert (parameter["Type"], parameter["Value"]) == ("SecureString", "hunter2 ")


def inbound(group: dict[str, Any]) -> set[tuple[str, int, int, str]]:
    """Return protocol, ports and source of each rule; a group that admits itself has "self" for its source."""
    return {
        (rule["IpProtocol"], rule["FromPort"], rule["ToPort"], "self" if source == group["GroupId"] else source)
        for rule in group["IpPermissions"]
        for source in (
            *(each["CidrIp"] for each in rule["IpRanges"]),
            *(each["GroupId"] for each in rule["UserIdGroupPairs"]),
        )
    }


def check_network(aws: Aws, stage: Stage) -> dict[str, str]:
    groups = aws.client("ec2").describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [stage.made.vpc]}])
    found = {group["GroupName"]: group for group in groups["SecurityGroups"]}
    assert {name: inbound(group) for name, group in found.items()} == {
        "default": set(),
        "redis": set(),
        "chuoi-proof-service": {("tcp", 80, 80, "self")},
        "chuoi-proof-alb": {("tcp", 80, 80, "0.0.0.0/0"), ("tcp", 443, 443, "0.0.0.0/0")},
    }
    client = aws.client("elbv2")
    (balancer,) = client.describe_load_balancers()["LoadBalancers"]
    ids = {name: group["GroupId"] for name, group in found.items()}
    assert (balancer["LoadBalancerName"], balancer["Scheme"]) == ("chuoi-proof-alb", "internet-facing")
    assert set(balancer["SecurityGroups"]) == {ids["chuoi-proof-service"], ids["chuoi-proof-alb"]}
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == set(stage.made.subnets[2:])
    (target,) = client.describe_target_groups()["TargetGroups"]
    assert (target["TargetType"], target["Port"], target["VpcId"]) == ("ip", 80, stage.made.vpc)
    assert target["HealthCheckPath"] == "/system/healthcheck"
    listeners = client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert {(each["Port"], each["Protocol"], each["DefaultActions"][0]["Type"]) for each in listeners} == {
        (80, "HTTP", "redirect"),
        (443, "HTTPS", "forward"),
    }
    return ids


def check_service(aws: Aws, stage: Stage, groups: dict[str, str], revision: int, tag: str) -> None:
    client = aws.client("ecs")
    (service,) = client.describe_services(cluster="chuoi", services=["chuoi-proof"])["services"]
    assert (service["status"], service["desiredCount"]) == ("ACTIVE", 1)
    assert service["taskDefinition"].endswith(f"task-definition/chuoi-proof:{revision}")
    assert [(each["containerName"], each["containerPort"]) for each in service["loadBalancers"]] == [("web", 80)]
    network = service["networkConfiguration"]["awsvpcConfiguration"]
    assert network["subnets"] == stage.made.subnets[:2]
    assert set(network["securityGroups"]) == {groups["chuoi-proof-service"], groups["redis"]}
    assert network["assignPublicIp"] == "DISABLED"

    answer = client.describe_task_definition(taskDefinition=f"chuoi-proof:{revision}", include=["TAGS"])
    written = json.loads((stage.out / "ecs/task-definition.json").read_text())
    assert answer["tags"] == written.pop("tags")
    for container in written["containerDefinitions"]:
        if tag != "first" and container["image"].endswith(":first"):  # a deployment names the digest of a tag
            name, repository = container["image"].removesuffix(":first"), container["image"].split("/", 1)[1][:-6]
            (image,) = aws.client("ecr").describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])[
                "imageDetails"
            ]
            container["image"] = f"{name}@{image['imageDigest']}"
    registered = answer["taskDefinition"]
    assert {key: registered[key] for key in written if key != "containerDefinitions"} == {
        key: value for key, value in written.items() if key != "containerDefinitions"
    }
    for is_there, wanted in zip(registered["containerDefinitions"], written["containerDefinitions"], strict=True):
        assert {key: is_there[key] for key in wanted} == wanted


def check_scaling(aws: Aws) -> None:
    client = aws.client("application-autoscaling")
    (target,) = client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert (target["ResourceId"], target["MinCapacity"], target["MaxCapacity"]) == ("service/chuoi/chuoi-proof", 1, 4)
    policies = client.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    settings = [each["TargetTrackingScalingPolicyConfiguration"] for each in policies]
    assert sorted(each["TargetValue"] for each in settings) == [60, 1000]
    labels = [each["PredefinedMetricSpecification"].get("ResourceLabel", "") for each in settings]
    assert any(
        label.startswith("app/chuoi-proof-alb/") and "/targetgroup/chuoi-proof-web/" in label for label in labels
    )


# The scripts that are stopped at that call of the AWS CLI, and then run again.
STOPPED_AT = {"03-iam.sh": 5, "05-security-groups.sh": 4, "08-cluster-and-service.sh": 8}


def apply(stage: Stage) -> None:
    """Run all scripts in order; some of them are interrupted on the way."""
    for step in STEPS:
        if step in STOPPED_AT:
            assert stage.stopping(STOPPED_AT[step]).run(step).returncode != 0
        if step.startswith("04"):
            refused = stage.run(step)
            assert refused.returncode == 1
            assert "--name=/chuoi/proof/secret-key-base --type SecureString" in refused.stderr
            stage.succeed(step, "--ask", given="hunter2 \n")
        else:
            stage.succeed(step)


def test_from_nothing_to_a_service_and_back(aws: Aws, tmp_path: Path) -> None:
    stage = build(aws, tmp_path, surroundings(aws))
    aws.client("secretsmanager").create_secret(Name="chuoi/proof/api-key", SecretString="x")
    apply(stage)

    check_registry_and_roles(aws, stage)
    check_logs_and_parameters(aws)
    groups = check_network(aws, stage)
    check_service(aws, stage, groups, 1, "first")
    check_scaling(aws)

    before = aws.state()
    assert changes(stage.succeed(step) for step in STEPS) == []
    assert "Nothing has to be changed." in stage.succeed("apply.sh")
    assert aws.state() == before

    deploy(aws, stage, groups)
    destroy(aws, stage)


def deploy(aws: Aws, stage: Stage, groups: dict[str, str]) -> None:
    refused = stage.run("deploy.sh", "v2")
    assert (refused.returncode, "chuoi-proof-app has no image v2" in refused.stderr) == (1, True)
    subprocess.run(
        ["sh", stage.out / "pipeline/push-to-ecr.sh"], env={**stage.environment, "IMAGE_TAG": "v2"}, check=True
    )
    said = stage.succeed("deploy.sh", "v2")
    assert "Service chuoi-proof runs chuoi-proof:2 with the images v2." in said
    check_service(aws, stage, groups, 2, "v2")
    # What deploy.sh registered came from the same file, so that nothing is registered again.
    assert changes([stage.succeed("07-task-definition.sh")]) == []

    stop_a_task(aws, stage)
    failed = stage.failing("ecs wait services-stable").run("deploy.sh", "v2")
    assert failed.returncode == 1
    assert "Essential container in task exited" in failed.stderr
    assert (
        "What the containers printed: /chuoi/ecs/tasks/app, /chuoi/ecs/tasks/web, /chuoi/ecs/tasks/log" in failed.stderr
    )
    assert failed.stderr.endswith("did not become stable within 10 minutes\n")


def stop_a_task(aws: Aws, stage: Stage) -> None:
    """Leave a stopped task in the cluster: services of moto run none, and to it every task is every service's."""
    client = aws.client("ecs")
    # Without either moto 5.2 cannot start a task: a container's memory, host names in the VPC.
    container = {"name": "app", "image": "app", "memory": 128}
    aws.client("ec2").modify_vpc_attribute(VpcId=stage.made.vpc, EnableDnsHostnames={"Value": True})
    client.register_task_definition(family="other", networkMode="awsvpc", containerDefinitions=[container])
    started = client.run_task(
        cluster="chuoi",
        taskDefinition="other",
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": stage.made.subnets[:1], "securityGroups": [stage.made.redis]}
        },
    )
    client.stop_task(cluster="chuoi", task=started["tasks"][0]["taskArn"], reason="Essential container in task exited")
    client.deregister_task_definition(taskDefinition="other:1")


def destroy(aws: Aws, stage: Stage) -> None:
    kept = stage.run("destroy.sh", given="chuoi\n")
    assert (kept.returncode, changes([kept.stderr])) == (1, [])
    said = stage.succeed("destroy.sh", given="chuoi-proof\n")
    assert "Stays without --images: repository chuoi-proof-app" in said
    assert len(aws.client("logs").describe_log_groups()["logGroups"]) == 3
    # Once more, with what was spared: nothing else is left to remove.
    rest = changes([stage.succeed("destroy.sh", "--yes", "--images", "--logs")])
    assert [line.split()[2:4] for line in rest] == [["logs", "delete-log-group"]] * 3 + [
        ["ecr", "delete-repository"]
    ] * 3

    assert aws.client("ecr").describe_repositories()["repositories"] == []
    assert aws.client("logs").describe_log_groups()["logGroups"] == []
    assert aws.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert aws.client("elbv2").describe_target_groups()["TargetGroups"] == []
    groups = aws.client("ec2").describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [stage.made.vpc]}])
    assert names(groups["SecurityGroups"], "GroupName") == ["default", "redis"]
    assert aws.client("iam").list_roles()["Roles"] == []
    (service,) = aws.client("ecs").describe_services(cluster="chuoi", services=["chuoi-proof"])["services"]
    assert service["status"] == "INACTIVE"
    (cluster,) = aws.client("ecs").describe_clusters(clusters=["chuoi"])["clusters"]
    assert cluster["status"] == "INACTIVE"
    assert aws.client("ecs").list_task_definitions()["taskDefinitionArns"] == []
    assert (
        aws.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []
    )
    # Values are a person's, and stay.
    assert aws.client("ssm").get_parameter(Name="/chuoi/proof/secret-key-base")["Parameter"]["Version"] == 1


def test_the_preflight_names_every_fault(aws: Aws, tmp_path: Path) -> None:
    made = surroundings(aws)
    other = aws.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    certificate = f"{made.certificate[:-1]}x"
    stage = build(
        aws,
        tmp_path,
        Surroundings(other, [*made.subnets[:3], "subnet-0123456789abcdef0"], "sg-0123456789abcdef0", certificate),
    )
    said = stage.run("00-preflight.sh")
    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        f"- subnet {made.subnets[2]} is in {made.vpc}, not in {other}",
        "- there is no subnet subnet-0123456789abcdef0 in ap-northeast-1",
        f"- subnet {made.subnets[0]} is in {made.vpc}, not in {other}",
        f"- subnet {made.subnets[1]} is in {made.vpc}, not in {other}",
        "- the load balancer needs subnets in two availability zones",
        "- there is no security group sg-0123456789abcdef0 in ap-northeast-1",
        f"- certificate {certificate} is not there; the listener needs one that is ISSUED",
        "00-preflight.sh: 7 to put right before the next script",
    ]
    stage.environment["AWS_DEFAULT_REGION"] = "eu-west-1"
    assert "- this shell works in eu-west-1, the spec is for ap-northeast-1" in stage.run("00-preflight.sh").stderr


def test_groups_get_exactly_the_rules_of_the_spec(aws: Aws, tmp_path: Path) -> None:
    stage = build(aws, tmp_path, surroundings(aws))
    stage.succeed("05-security-groups.sh")
    client = aws.client("ec2")
    (group,) = client.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["chuoi-proof-service"]}])[
        "SecurityGroups"
    ]
    client.authorize_security_group_ingress(
        GroupId=group["GroupId"], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    assert changes([stage.succeed("05-security-groups.sh")]) == []
    done = stage.run("09-take-back.sh", "--plan")
    (changed,) = [line for line in done.stdout.splitlines() if line.startswith("aws ec2 revoke")]
    assert changed.startswith(
        f"aws ec2 revoke-security-group-ingress --region ap-northeast-1 --group-id {group['GroupId']}"
    )
    # Nothing is taken from a service that is not there yet, or has other settings.
    refused = stage.run("09-take-back.sh", "--yes")
    assert (refused.returncode, "does not have the settings of the spec yet" in refused.stderr) == (1, True)
    for step in (
        "06-load-balancer.sh",
        "01-ecr.sh",
        "02-first-images.sh",
        "07-task-definition.sh",
        "08-cluster-and-service.sh",
    ):
        stage.succeed(step)
    assert len(changes([stage.succeed("09-take-back.sh", "--yes")])) == 1
    check = client.describe_security_groups(GroupIds=[group["GroupId"]])["SecurityGroups"][0]
    assert inbound(check) == {("tcp", 80, 80, "self")}

    client.delete_tags(Resources=[group["GroupId"]], Tags=[{"Key": "chuoigen"}])
    refused = stage.run("05-security-groups.sh")
    assert refused.returncode == 1
    assert "security group chuoi-proof-service is another's" in refused.stderr


def test_stages_share_a_role(aws: Aws, tmp_path: Path) -> None:
    made = surroundings(aws)
    first, second = build(aws, tmp_path, made), build(aws, tmp_path, made, "other")
    first.succeed("03-iam.sh")
    second.succeed("03-iam.sh")
    client = aws.client("iam")
    assert sorted(client.list_role_policies(RoleName="task-role")["PolicyNames"]) == [
        "chuoi-other-task",
        "chuoi-proof-task",
    ]
    assert changes([second.succeed("03-iam.sh")]) == []

    said = first.succeed("destroy.sh", "--yes")
    assert "Stays: role task-role (others use it)" in said
    assert client.list_role_policies(RoleName="task-role")["PolicyNames"] == ["chuoi-other-task"]
    assert sorted(tag["Key"] for tag in client.list_role_tags(RoleName="task-role")["Tags"]) == [
        "chuoigen",
        "chuoigen:chuoi-other",
    ]
