"""Random task definitions that have the shape of AWS's schema and say nothing that Fargate refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schema" / "task-definition.schema.json").read_text(encoding="utf-8"))
REFUSED = frozenset(
    {
        "links", "hostname", "dnsServers", "dnsSearchDomains", "extraHosts", "dockerSecurityOptions", "resourceRequirements",
        "devices", "sharedMemorySize", "maxSwap", "swappiness", "dockerVolumeConfiguration",
        "fsxWindowsFileServerVolumeConfiguration", "placementConstraints", "ipcMode", "proxyConfiguration", "inferenceAccelerators",
        "trustedExecutionConfiguration", "privileged", "disableNetworking", "host",
    }
)  # fmt: skip
"""Members that Fargate refuses: /docs/rules has a page for each."""
NAMES = st.from_regex(r"\A[a-z][a-z0-9]{0,5}(?:-[a-z0-9]{1,4}){0,2}\Z")
TEXT = st.one_of(
    NAMES,
    st.sampled_from(
        ["on", "no", "010", "1.10", "22:22", "null", "~", "0", "8080", "a: b", "# x", "it's", '"', "\\", "two\nlines\n", "é 日本", "a,b"]
    ),
)  # fmt: skip
ROLES = st.sampled_from(
    ["arn:aws:iam::210987654321:role/shop", "arn:aws:iam::210987654321:role/path/shop", "shop-role"]
)
SECRETS = st.sampled_from(
    [
        "/shop/token",
        "token",
        "arn:aws:ssm:eu-west-1:210987654321:parameter/shop/token",
        "arn:aws:ssm:us-west-2:111122223333:parameter/token",
        "arn:aws:secretsmanager:eu-west-1:210987654321:secret:shop-AbCdEf",
        "arn:aws:secretsmanager:eu-west-1:210987654321:secret:shop-AbCdEf:key::",
        "arn:aws:secretsmanager:eu-west-1:210987654321:secret:shop-AbCdEf:key:AWSCURRENT:",
        "arn:aws:secretsmanager:eu-west-1:210987654321:secret:shop-AbCdEf:::1234",
    ]
)
PATHS = st.from_regex(r"\A(?:/[a-z]{1,4}){1,3}\Z")
AWSLOGS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {
        "logDriver": st.just("awslogs"),
        "options": st.fixed_dictionaries(
            {
                "awslogs-group": st.sampled_from(["/ecs/shop", "/ecs/a", "/ecs/b"]),
                "awslogs-region": st.sampled_from(["eu-west-1", "eu-west-1", "us-west-2"]),
                "awslogs-stream-prefix": NAMES,
            },
            optional={
                "mode": st.sampled_from(["blocking", "non-blocking"]),
                "max-buffer-size": st.sampled_from(["10m", "25m", "4m"]),
                "awslogs-create-group": st.sampled_from(["true", "false"]),
            },
        ),
    }
)
OTHER_LOGS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"logDriver": st.sampled_from(["splunk", "awsfirelens"])},
    optional={
        "options": st.dictionaries(NAMES, NAMES, max_size=2),
        "secretOptions": st.lists(st.fixed_dictionaries({"name": NAMES, "valueFrom": SECRETS}), max_size=2, unique_by=lambda one: one["name"]),
    },
)  # fmt: skip
PORTS = st.lists(
    st.integers(1, 65_535).flatmap(
        lambda number: st.fixed_dictionaries(
            {"containerPort": st.just(number)},
            optional={
                "hostPort": st.sampled_from([0, number]),
                "protocol": st.sampled_from(["tcp", "udp"]),
                "name": NAMES,
                "appProtocol": st.sampled_from(["http", "http2", "grpc"]),
            },
        )
    )
    | st.fixed_dictionaries({"containerPortRange": st.sampled_from(["9000-9010", "9100-9110"])}),
    max_size=3,
    unique_by=lambda port: (port.get("containerPort"), port.get("containerPortRange"), port.get("protocol", "tcp")),
)
CHECKS = st.fixed_dictionaries(
    {
        "command": st.builds(lambda line: ["CMD-SHELL", line], TEXT)
        | st.builds(lambda words: ["CMD", *words], st.lists(TEXT, min_size=1, max_size=3))
    },
    optional={
        "interval": st.integers(5, 300),
        "timeout": st.integers(2, 60),
        "retries": st.integers(1, 10),
        "startPeriod": st.integers(0, 300),
    },
)
SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "family": NAMES | st.sampled_from(["Shop_1", "shop-qa"]),
    "taskRoleArn": ROLES,
    "executionRoleArn": ROLES,
    "networkMode": st.just("awsvpc"),
    "requiresCompatibilities": st.sampled_from([["FARGATE"], ["EC2", "FARGATE"]]),
    "pidMode": st.just("task"),
    "valueFrom": SECRETS,
    "credentialsParameter": st.sampled_from(["login", "arn:aws:secretsmanager:eu-west-1:210987654321:secret:login-AbCdEf"]),
    "logConfiguration": AWSLOGS | OTHER_LOGS,
    "portMappings": PORTS,
    "healthCheck": CHECKS,
    "containerPath": PATHS,
    "namespace": st.sampled_from(["net.core.somaxconn", "net.ipv4.tcp_keepalive_time"]),
    "runtimePlatform": st.sampled_from(
        [
            {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
            {"cpuArchitecture": "X86_64"},
            {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "X86_64"},
        ]
    ),
    "ephemeralStorage": st.fixed_dictionaries({"sizeInGiB": st.integers(21, 200)}),
    "environmentFiles": st.lists(
        st.fixed_dictionaries({"type": st.just("s3"), "value": st.sampled_from(["arn:aws:s3:::b/a.env", "arn:aws:s3:::b/b.env"])}),
        max_size=2,
        unique_by=lambda one: one["value"],
    ),
    "restartPolicy": st.fixed_dictionaries(
        {"enabled": st.booleans()},
        optional={"ignoredExitCodes": st.lists(st.integers(0, 255), max_size=3, unique=True), "restartAttemptPeriod": st.integers(60, 1800)},
    ),
    "volumes": st.lists(
        st.fixed_dictionaries(
            {"name": NAMES},
            optional={
                "efsVolumeConfiguration": st.fixed_dictionaries(
                    {"fileSystemId": st.just("fs-0123456789abcdef0")},
                    optional={
                        "rootDirectory": st.just("/") | PATHS,
                        "transitEncryption": st.sampled_from(["ENABLED", "DISABLED"]),
                        "transitEncryptionPort": st.integers(1024, 65_535),
                    },
                )
            },
        )
        | st.fixed_dictionaries(
            {"name": NAMES, "s3filesVolumeConfiguration": st.fixed_dictionaries({"fileSystemArn": NAMES}, optional={"rootDirectory": PATHS})}
        )
        | st.fixed_dictionaries({"name": NAMES, "configuredAtLaunch": st.just(value=True)}),
        max_size=3,
        unique_by=lambda one: one["name"],
    ),
    "tags": st.lists(st.fixed_dictionaries({"key": NAMES, "value": TEXT}), max_size=3, unique_by=lambda one: one["key"]),
    "dependsOn": st.just([]),
    "mountPoints": st.just([]),
    "volumesFrom": st.just([]),
}  # fmt: skip
"""Members whose words are not all words that their type takes."""
KEYED = {
    "environment": "name", "secrets": "name", "ulimits": "name", "systemControls": "namespace", "tmpfs": "containerPath",
}  # fmt: skip


def of(schema: dict[str, Any], member: str = "") -> st.SearchStrategy[Any]:
    """Give what a schema takes."""
    if member in SPECIAL:
        return SPECIAL[member]
    if "$ref" in schema:
        return of(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], member)
    kinds = schema.get("type", "object")
    if "enum" in schema:
        return st.sampled_from([word for word in schema["enum"] if word is not None])
    if "object" in kinds and "properties" in schema:
        known = {name: of(inner, name) for name, inner in schema["properties"].items() if name not in REFUSED}
        required = {
            name: known.pop(name) for name in list(known) if name in NEEDED.get(member, schema.get("required", ()))
        }
        return st.fixed_dictionaries(required, optional=known)
    if "object" in kinds:
        return st.dictionaries(NAMES, TEXT, max_size=3)
    if "array" in kinds:
        key = KEYED.get(member)
        return st.lists(
            of(schema["items"], member), max_size=3, unique_by=(lambda one: one.get(key, "")) if key else None
        )
    return {"string": TEXT, "integer": st.integers(1, 900), "boolean": st.booleans()}[kinds[0]]


NEEDED = {
    "environment": ("name", "value"), "secrets": ("name", "valueFrom"), "ulimits": ("name", "softLimit", "hardLimit"),
    "systemControls": ("namespace", "value"), "tmpfs": ("containerPath", "size"), "containerDefinitions": ("name", "image"),
    "repositoryCredentials": ("credentialsParameter",), "firelensConfiguration": ("type",),
}  # fmt: skip


def _needs_role(container: dict[str, Any]) -> bool:
    """Say whether ECS registers the container on Fargate only in a task that has an execution role."""
    logs = container.get("logConfiguration", {})
    parts = (container.get(member) for member in ("repositoryCredentials", "secrets", "environmentFiles"))
    registry = ".dkr.ecr." in container["image"]
    return registry or any(parts) or bool(logs.get("secretOptions")) or logs.get("logDriver") == "awslogs"


@st.composite
def task_definitions(draw: Any) -> dict[str, Any]:
    """Give a whole task definition: containers with names of their own, which mount volumes and wait for each other."""
    members = {
        name: of(inner, name)
        for name, inner in SCHEMA["properties"].items()
        if name not in REFUSED and not inner.get("readOnly")
    }
    del members["containerDefinitions"]
    container = of({"$ref": "#/$defs/ContainerDefinition"}, "containerDefinitions")
    whole: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {"family": members.pop("family"), "cpu": st.sampled_from(["256", "1024", "1 vCPU"]), "memory": st.sampled_from(["2048", "2 GB"])},
            optional={name: inner for name, inner in members.items() if name not in ("cpu", "memory")},
        )
    )  # fmt: skip
    whole["networkMode"] = "awsvpc"
    whole["containerDefinitions"] = draw(st.lists(container, min_size=1, max_size=3, unique_by=lambda one: one["name"]))
    if any(_needs_role(one) for one in whole["containerDefinitions"]):
        whole.setdefault("executionRoleArn", "arn:aws:iam::210987654321:role/shop-execution")
    names = [one["name"] for one in whole["containerDefinitions"]]
    volumes = [one["name"] for one in whole.get("volumes", ())]
    for one in whole["containerDefinitions"]:
        mounts = st.lists(
            st.fixed_dictionaries(
                {"sourceVolume": st.sampled_from(volumes), "containerPath": PATHS}, optional={"readOnly": st.booleans()}
            ),
            max_size=3,
            unique_by=lambda mount: mount["containerPath"],
        )
        one["mountPoints"] = draw(mounts) if volumes else []
        others = [name for name in names if name != one["name"]]
        if others and draw(st.booleans()):
            condition = st.sampled_from(["START", "HEALTHY", "COMPLETE", "SUCCESS"])
            one["dependsOn"] = [{"containerName": draw(st.sampled_from(others)), "condition": draw(condition)}]
            one["volumesFrom"] = [{"sourceContainer": draw(st.sampled_from(others)), "readOnly": draw(st.booleans())}]
    return whole
