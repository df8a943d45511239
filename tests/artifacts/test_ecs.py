"""The inputs in ecs/: what each value of a plan becomes, and what AWS's own models say about the whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chuoigen.artifacts import ecs
from chuoigen.aws import sizing
from tests.artifacts.aws_inputs import complaints, inputs
from tests.artifacts.plans import plan_of

SCHEMA = json.loads((Path(__file__).with_name("fargate-task-definition.schema.json")).read_text("utf-8"))

HEAD = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
"""
ONE = HEAD + "containers: { web: { image: nginx@sha256:0123 } }\n"
NETWORK = """
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0123456789abcdef0], public: [subnet-0123456789abcdef1, subnet-0123456789abcdef2] }
  allow: [{ from: internet, to: alb }, { from: alb, to: web }]
"""
BALANCER = "load_balancer: { target: web, healthcheck: /health }\n"
PORT = "containers: { web: { image: nginx@sha256:0123, ports: [80] } }\n"
FULL = (
    HEAD
    + """
task:
  cpu: 1024
  memory: 2048
  execution_role: shop-execution
  task_role: arn:aws:iam::123456789012:role/given
  platform: linux/arm64
  ephemeral_storage: 50
  pid_mode: task
  tags: { team: payments }
volumes:
  scratch: {}
  files: { efs: { file_system_id: fs-0123456789abcdef0, root_directory: /data } }
  point: { efs: { file_system_id: fs-0123456789abcdef0, authorization_config: { access_point_id: fsap-0123456789abcdef0, iam: true }, transit_encryption_port: 2999 } }
  disk: { ebs: { size: 20, iops: 3000, throughput: 125, role: arn:aws:iam::123456789012:role/ecsInfrastructure } }
containers:
  web:
    image: registry.example.com/web:1
    repository_credentials: { secrets_manager: arn:aws:secretsmanager:eu-west-1:123456789012:secret:login-abcdef }
    cpu: 512
    memory: 1024
    memory_reservation: 256
    command: [serve, "--port", "80"]
    entrypoint: [/bin/app]
    user: "1000:1000"
    working_dir: /srv
    read_only: true
    pseudo_terminal: true
    ports: [{ container: 80, name: http, app_protocol: http }, "9000/udp"]
    environment: { ZONE: b, EMPTY: "", ALPHA: a }
    secrets: { TOKEN: { ssm: /shop/token } }
    env_files: ["arn:aws:s3:::settings/web.env"]
    mounts: { scratch: /tmp/work, files: "/files:ro", point: /point, disk: /disk }
    depends_on: { init: success, log: healthy }
    healthcheck: { command: [CMD-SHELL, "exit 0"], interval: 10s, timeout: 3s, retries: 2, start_period: 5s }
    stop_timeout: 60s
    start_timeout: 90s
    ulimits: { nofile: { soft: 1000, hard: 2000 } }
    restart: { ignored_exit_codes: [0, 3], attempt_period: 60s }
    init: true
    labels: { com.example.team: payments }
    capabilities: { add: [SYS_PTRACE], drop: [NET_RAW] }
    tmpfs: { /cache: { size: 64, options: [noexec] } }
    sysctls: { net.core.somaxconn: "512" }
    version_consistency: disabled
  init: { image: nginx@sha256:0123, essential: false }
  log:
    image: nginx@sha256:0123
    firelens: { type: fluentbit, options: { enable-ecs-log-metadata: "true" } }
    healthcheck: { command: ["true"] }
    logs: { driver: splunk, options: { splunk-url: "https://example.com" }, secret_options: { splunk-token: { ssm: /shop/splunk } } }
service:
  cluster: main
  desired_count: 3
  deployment: { minimum_healthy_percent: 50, maximum_percent: 100, circuit_breaker: false }
  autoscaling: { min: 2, max: 8, cpu: 60, memory: 70, requests: 500 }
  capacity_provider_strategy: { fargate: 1, fargate_spot: 3, base: 1 }
  enable_execute_command: true
  assign_public_ip: true
"""
    + NETWORK
    + BALANCER
)
SPECS = {
    "one": ONE,
    "full": FULL,
    "worker": ONE + NETWORK.replace("{ from: internet, to: alb }, { from: alb, to: web }", ""),
}


def files_of(text: str) -> dict[str, Any]:
    return {file.path: json.loads(file.text) for file in ecs.render(plan_of(text))}


def web_of(text: str) -> dict[str, Any]:
    definition: dict[str, Any] = files_of(text)["ecs/task-definition.json"]["containerDefinitions"][0]
    return definition


def test_one_container_and_nothing_else() -> None:
    files = files_of(ONE)
    tags = files["ecs/task-definition.json"].pop("tags")
    assert files == {
        "ecs/task-definition.json": {
            "family": "shop-qa",
            "executionRoleArn": "arn:aws:iam::123456789012:role/shop-qa-execution",
            "networkMode": "awsvpc",
            "containerDefinitions": [
                {
                    "name": "web",
                    "image": "nginx@sha256:0123",
                    "essential": True,
                    "stopTimeout": 30,
                    "readonlyRootFilesystem": False,
                    "logConfiguration": {
                        "logDriver": "awslogs",
                        "options": {
                            "awslogs-group": "/ecs/shop-qa/web",
                            "awslogs-region": "eu-west-1",
                            "awslogs-stream-prefix": "qa",
                            "mode": "non-blocking",
                            "max-buffer-size": "25m",
                        },
                    },
                }
            ],
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        }
    }
    assert [tag["key"] for tag in tags] == ["chuoigen", "chuoigen:definition"]
    assert tags[0]["value"] == "shop-qa"


def test_the_task_says_what_the_spec_says() -> None:
    definition = files_of(FULL)["ecs/task-definition.json"]
    assert definition["taskRoleArn"] == "arn:aws:iam::123456789012:role/given"
    assert definition["executionRoleArn"] == "arn:aws:iam::123456789012:role/shop-execution"
    assert (definition["cpu"], definition["memory"]) == ("1024", "2048")
    assert definition["pidMode"] == "task"
    assert definition["ephemeralStorage"] == {"sizeInGiB": 50}
    assert definition["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    assert definition["tags"][:2] == [{"key": "chuoigen", "value": "shop-qa"}, {"key": "team", "value": "payments"}]


def test_volumes_never_lie_on_a_host() -> None:
    encrypted = {"fileSystemId": "fs-0123456789abcdef0", "transitEncryption": "ENABLED"}
    assert files_of(FULL)["ecs/task-definition.json"]["volumes"] == [
        {"name": "scratch"},
        {"name": "files", "efsVolumeConfiguration": {**encrypted, "rootDirectory": "/data"}},
        {
            "name": "point",
            "efsVolumeConfiguration": {
                **encrypted,
                "transitEncryptionPort": 2999,
                "authorizationConfig": {"accessPointId": "fsap-0123456789abcdef0", "iam": "ENABLED"},
            },
        },
        {"name": "disk", "configuredAtLaunch": True},
    ]


HARDENED = {
    "linuxParameters": {
        "capabilities": {"add": ["SYS_PTRACE"], "drop": ["NET_RAW"]},
        "initProcessEnabled": True,
        "tmpfs": [{"containerPath": "/cache", "size": 64, "mountOptions": ["noexec"]}],
    },
    "user": "1000:1000",
    "workingDirectory": "/srv",
    "readonlyRootFilesystem": True,
    "pseudoTerminal": True,
    "ulimits": [{"name": "nofile", "softLimit": 1000, "hardLimit": 2000}],
    "systemControls": [{"namespace": "net.core.somaxconn", "value": "512"}],
}


def test_a_container_runs_as_the_spec_says() -> None:
    web = web_of(FULL)
    assert {member: web[member] for member in HARDENED} == HARDENED


def test_a_container_says_what_the_spec_says() -> None:
    web = web_of(FULL)
    logs = web.pop("logConfiguration")
    assert logs["logDriver"] == "awslogs"
    assert {member: value for member, value in web.items() if member not in HARDENED} == {
        "name": "web",
        "image": "registry.example.com/web:1",
        "repositoryCredentials": {
            "credentialsParameter": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:login-abcdef"
        },
        "cpu": 512,
        "memory": 1024,
        "memoryReservation": 256,
        "portMappings": [
            {"containerPort": 80, "hostPort": 80, "protocol": "tcp", "name": "http", "appProtocol": "http"},
            {"containerPort": 9000, "hostPort": 9000, "protocol": "udp"},
        ],
        "essential": True,
        "restartPolicy": {"enabled": True, "ignoredExitCodes": [0, 3], "restartAttemptPeriod": 60},
        "entryPoint": ["/bin/app"],
        "command": ["serve", "--port", "80"],
        "environment": [
            {"name": "ZONE", "value": "b"},
            {"name": "EMPTY", "value": ""},
            {"name": "ALPHA", "value": "a"},
        ],
        "environmentFiles": [{"value": "arn:aws:s3:::settings/web.env", "type": "s3"}],
        "mountPoints": [
            {"sourceVolume": "scratch", "containerPath": "/tmp/work", "readOnly": False},  # noqa: S108
            {"sourceVolume": "files", "containerPath": "/files", "readOnly": True},
            {"sourceVolume": "point", "containerPath": "/point", "readOnly": False},
            {"sourceVolume": "disk", "containerPath": "/disk", "readOnly": False},
        ],
        "secrets": [
            {"name": "TOKEN", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/token"},
        ],
        "dependsOn": [
            {"containerName": "init", "condition": "SUCCESS"},
            {"containerName": "log", "condition": "HEALTHY"},
        ],
        "startTimeout": 90,
        "stopTimeout": 60,
        "versionConsistency": "disabled",
        "dockerLabels": {"com.example.team": "payments"},
        "healthCheck": {
            "command": ["CMD-SHELL", "exit 0"],
            "interval": 10,
            "timeout": 3,
            "retries": 2,
            "startPeriod": 5,
        },
    }


def test_a_log_router_and_another_driver() -> None:
    router = files_of(FULL)["ecs/task-definition.json"]["containerDefinitions"][2]
    assert router["firelensConfiguration"] == {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}}
    assert router["healthCheck"]["command"] == ["CMD", "true"]
    assert router["logConfiguration"] == {
        "logDriver": "splunk",
        "options": {"splunk-url": "https://example.com"},
        "secretOptions": [
            {"name": "splunk-token", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/splunk"}
        ],
    }


BUILT = HEAD + "containers: { web: { build: { dockerfile: Dockerfile } } }\npipeline: { image_tag: %s }\n"


def definition_tag(text: str) -> str:
    tags = files_of(text)["ecs/task-definition.json"]["tags"]
    return next(str(tag["value"]) for tag in tags if tag["key"] == "chuoigen:definition")


def test_a_definition_is_recognised_whatever_the_tag_of_its_images() -> None:
    first, second = (BUILT % tag for tag in ("one", "two"))
    assert web_of(first)["image"] != web_of(second)["image"]
    assert definition_tag(first) == definition_tag(second)
    assert len(definition_tag(first)) == 16
    assert int(definition_tag(first), 16) >= 0


@pytest.mark.parametrize(
    "changed",
    [
        ONE.replace("0123", "4567"),
        ONE.replace("sha256:0123 }", "sha256:0123, environment: { A: b } }"),
        ONE + "task: { cpu: 512, memory: 1024 }\n",
        ONE + "task: { tags: { a: b } }\n",
        ONE.replace("eu-west-1", "eu-west-2"),
    ],
)
def test_any_other_change_is_another_definition(changed: str) -> None:
    assert definition_tag(changed) != definition_tag(ONE)


def test_a_service_behind_a_load_balancer() -> None:
    service = files_of(HEAD + PORT + NETWORK + BALANCER)["ecs/service.json"]
    settings = service["tags"].pop()
    assert settings["key"] == "chuoigen:settings"
    assert re.fullmatch(r"[0-9a-f]{16}", settings["value"])
    assert service == {
        "cluster": "shop-qa",
        "serviceName": "shop-qa",
        "taskDefinition": "shop-qa",
        "availabilityZoneRebalancing": "ENABLED",
        "loadBalancers": [{"targetGroupArn": "@target-group@", "containerName": "web", "containerPort": 80}],
        "desiredCount": 1,
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
        },
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-0123456789abcdef0"],
                "securityGroups": ["@security-group:service@"],
                "assignPublicIp": "DISABLED",
            }
        },
        "healthCheckGracePeriodSeconds": 60,
        "schedulingStrategy": "REPLICA",
        "tags": [{"key": "chuoigen", "value": "shop-qa"}],
        "enableECSManagedTags": True,
        "propagateTags": "TASK_DEFINITION",
        "enableExecuteCommand": False,
    }


def test_a_worker_has_no_grace_period_and_no_target() -> None:
    service = files_of(SPECS["worker"])["ecs/service.json"]
    assert {"loadBalancers", "healthCheckGracePeriodSeconds"} & set(service) == set()


def test_a_service_with_everything() -> None:
    service = files_of(FULL)["ecs/service.json"]
    assert service["capacityProviderStrategy"] == [
        {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3, "base": 0},
    ]
    assert "launchType" not in service
    assert service["availabilityZoneRebalancing"] == "DISABLED"  # refused where at most 100 percent may run
    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": False, "rollback": False}
    assert service["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "ENABLED"
    assert service["desiredCount"] == 3
    assert service["enableExecuteCommand"] is True
    assert service["volumeConfigurations"] == [
        {
            "name": "disk",
            "managedEBSVolume": {
                "encrypted": True,
                "volumeType": "gp3",
                "sizeInGiB": 20,
                "iops": 3000,
                "throughput": 125,
                "roleArn": "arn:aws:iam::123456789012:role/ecsInfrastructure",
                "filesystemType": "xfs",
            },
        }
    ]


def test_an_update_says_the_settings_of_the_creation_and_no_revision() -> None:
    created, updated = (files_of(FULL)[f"ecs/{name}.json"] for name in ("service", "service-update"))
    assert updated["service"] == created["serviceName"]
    assert "taskDefinition" not in updated
    assert updated["forceNewDeployment"] is True
    del updated["deploymentConfiguration"]["alarms"]  # sent empty, to remove those of before
    shared = set(updated) & set(created)
    assert {name: updated[name] for name in shared} == {name: created[name] for name in shared}
    assert "desiredCount" not in updated  # auto scaling has chosen another since


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("", "", True),
        ("desired_count: 3", "desired_count: 4", True),
        ("maximum_percent: 100", "maximum_percent: 200", False),
        ("autoscaling: { min: 2, max: 8, cpu: 60, memory: 70, requests: 500 }", "", False),
        ("cpu: 60", "cpu: 61", True),
        ("load_balancer: { ", "load_balancer: { target_group: another, ", False),
    ],
)
def test_a_service_is_recognised_by_the_settings_that_an_update_changes(old: str, new: str, same: bool) -> None:
    before, after = (files_of(text)["ecs/service.json"]["tags"][-1] for text in (FULL, FULL.replace(old, new)))
    assert old in FULL
    assert (before == after) is same


def test_what_a_service_had_and_has_no_more_is_sent_empty() -> None:
    updated = files_of(SPECS["worker"])["ecs/service-update.json"]
    assert [name for name, value in updated.items() if value == []] == [
        "capacityProviderStrategy",
        "loadBalancers",
        "serviceRegistries",
        "volumeConfigurations",
    ]


def test_without_scaling_an_update_brings_the_count_back() -> None:
    assert files_of(SPECS["worker"])["ecs/service-update.json"]["desiredCount"] == 1


def test_scaling_is_one_target_and_a_policy_for_each_metric() -> None:
    files = files_of(FULL)
    scaled = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/main/shop-qa",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    assert files["ecs/autoscaling.json"] == {**scaled, "MinCapacity": 2, "MaxCapacity": 8}
    policies = {path: data for path, data in files.items() if "policy" in path}
    assert list(policies) == [f"ecs/scaling-policy-{metric}.json" for metric in ("cpu", "memory", "requests")]
    assert policies["ecs/scaling-policy-requests.json"] == {
        "PolicyName": "shop-qa-requests",
        **scaled,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 500,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ALBRequestCountPerTarget",
                "ResourceLabel": "@resource-label@",
            },
        },
    }
    assert "@resource-label@" not in json.dumps(policies["ecs/scaling-policy-cpu.json"])


@pytest.mark.needs("botocore")
@pytest.mark.parametrize("name", SPECS)
def test_aws_own_models_take_every_input(name: str) -> None:
    found = inputs(files_of(SPECS[name]))
    assert found
    assert [line for item in found for line in complaints(*item)] == []


def schema_complaints(definition: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(definition)]


@pytest.mark.parametrize("name", SPECS)
def test_the_schema_takes_what_is_generated(name: str) -> None:
    assert schema_complaints(files_of(SPECS[name])["ecs/task-definition.json"]) == []


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_the_sizes_of_fargate() -> None:
    definition = files_of(ONE)["ecs/task-definition.json"]
    memories = sorted({memory for offered in sizing.SIZES.values() for memory in offered})
    for cpu, offered in sizing.SIZES.items():
        taken = [mib for mib in memories if not schema_complaints({**definition, "cpu": str(cpu), "memory": str(mib)})]
        assert taken == list(offered)


ROUTER = {"logDriver": "awslogs", "options": {"awslogs-group": "a", "awslogs-region": "eu-west-1"}}


@pytest.mark.parametrize(
    ("members", "container"),
    [
        ({"cpu": "300"}, {}),
        ({"cpu": "256", "memory": "4096"}, {}),
        ({"cpu": 256}, {}),
        ({"networkMode": "bridge"}, {}),
        ({"requiresCompatibilities": ["EC2"]}, {}),
        ({"ephemeralStorage": {"sizeInGiB": 20}}, {}),
        ({"pidMode": "host"}, {}),
        ({"ipcMode": "host"}, {}),
        ({"placementConstraints": []}, {}),
        ({"containerDefinitions": []}, {}),
        ({"volumes": [{"name": "a", "host": {"sourcePath": "/data"}}]}, {}),
        ({"volumes": [{"name": "a", "dockerVolumeConfiguration": {}}]}, {}),
        (
            {
                "volumes": [
                    {"name": "a", "configuredAtLaunch": True, "efsVolumeConfiguration": {"fileSystemId": "fs-01234567"}}
                ]
            },
            {},
        ),
        (
            {
                "volumes": [
                    {
                        "name": "a",
                        "efsVolumeConfiguration": {
                            "fileSystemId": "fs-01234567",
                            "authorizationConfig": {"iam": "ENABLED"},
                        },
                    }
                ]
            },
            {},
        ),
        ({"tags": [{"key": "aws:team", "value": "a"}]}, {}),
        ({}, {"privileged": True}),
        ({}, {"links": ["a"]}),
        ({}, {"hostname": "a"}),
        ({}, {"essential": False}),
        ({}, {"stopTimeout": 500}),
        ({}, {"startTimeout": 1}),
        ({}, {"memory": 4}),
        ({}, {"portMappings": [{"containerPort": 80, "hostPort": "80"}]}),
        ({}, {"portMappings": [{"containerPort": 70000}]}),
        ({}, {"portMappings": [{"hostPort": 80}]}),
        ({}, {"logConfiguration": ROUTER}),
        ({}, {"logConfiguration": {"logDriver": "json-file"}}),
        ({}, {"logConfiguration": {"logDriver": "awslogs"}}),
        ({}, {"environment": [{"name": "A", "value": 1}]}),
        ({}, {"environmentFiles": [{"value": "arn:aws:s3:::a/b.txt", "type": "s3"}]}),
        ({}, {"healthCheck": {"command": ["curl", "x"]}}),
        ({}, {"healthCheck": {"command": ["CMD", "x"], "interval": 1}}),
        ({}, {"dependsOn": [{"containerName": "a", "condition": "healthy"}]}),
        ({}, {"linuxParameters": {"devices": []}}),
        ({}, {"linuxParameters": {"sharedMemorySize": 64}}),
        ({}, {"linuxParameters": {"capabilities": {"add": ["NET_ADMIN"]}}}),
        ({}, {"ulimits": [{"name": "files", "softLimit": 1, "hardLimit": 1}]}),
        ({}, {"restartPolicy": {"enabled": True, "restartAttemptPeriod": 5}}),
        ({}, {"systemControls": [{"namespace": "vm.swappiness", "value": "1"}]}),
        ({}, {"mountPoints": [{"sourceVolume": "a", "containerPath": "relative"}]}),
        ({}, {"command": "serve"}),
        ({}, {"depends_on": []}),
    ],
)
def test_the_schema_refuses_what_fargate_refuses(members: dict[str, Any], container: dict[str, Any]) -> None:
    definition = files_of(ONE)["ecs/task-definition.json"]
    definition["containerDefinitions"][0] |= container
    assert schema_complaints(definition | members) != []


def test_alarms_roll_a_deployment_back_and_an_update_without_any_removes_those_of_before() -> None:
    written = SPECS["worker"]
    none = files_of(written)
    assert "alarms" not in none["ecs/service.json"]["deploymentConfiguration"]
    removed = none["ecs/service-update.json"]["deploymentConfiguration"]["alarms"]
    assert removed == {"alarmNames": [], "rollback": False, "enable": False}
    alarmed = written + "service: { deployment: { alarms: [shop-errors, shop-latency] } }\n"
    for name in ("service", "service-update"):
        alarms = files_of(alarmed)[f"ecs/{name}.json"]["deploymentConfiguration"]["alarms"]
        assert alarms == {"alarmNames": ["shop-errors", "shop-latency"], "rollback": True, "enable": True}


def test_a_circuit_breaker_with_a_threshold_and_an_early_success_are_sent_as_ecs_has_them() -> None:
    deployment = (
        "circuit_breaker: { rollback: false, threshold: { percent: 25, bounded: false } }, "
        "early_success: { healthy_percent: 100 }"
    )
    written = SPECS["worker"] + f"service: {{ deployment: {{ {deployment} }} }}\n"
    for name in ("service", "service-update"):
        rollout = files_of(written)[f"ecs/{name}.json"]["deploymentConfiguration"]
        assert rollout["deploymentCircuitBreaker"] == {
            "enable": True,
            "rollback": False,
            "thresholdConfiguration": {"type": "UNBOUNDED_PERCENT", "value": 25},
        }
        assert rollout["earlySuccessCriteria"] == {
            "enable": True,
            "healthyPercent": 100,
            "sourceServiceRevisionCleanup": "BLOCKING",
        }
