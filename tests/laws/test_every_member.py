"""Every member of RegisterTaskDefinition and of CreateService is written by some spec, refused by name, or open.

What the installed model has and none of these knows is listed when the test fails: AWS has added it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import botocore
import botocore.session
import pytest

from chuoigen.artifacts import render
from chuoigen.aws import refused
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from botocore.model import Shape

WIDE = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task:
  execution_role: shop-execution
  task_role: shop-task
  pid_mode: task
  ephemeral_storage: 30 GiB
  enable_fault_injection: true
volumes:
  scratch: {}
  shared: { efs: { file_system_id: fs-0123456789abcdef0, root_directory: /shared } }
  files:
    efs:
      file_system_id: fs-0123456789abcdef0
      root_directory: /
      authorization_config: { access_point_id: fsap-0123456789abcdef0, iam: true }
      transit_encryption_port: 2049
  archive:
    s3_files:
      file_system_arn: arn:aws:s3files:eu-west-1:123456789012:file-system/fs-0123456789abcdef0
      root_directory: /
      access_point_arn: arn:aws:s3files:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0
      transit_encryption_port: 2050
  disk:
    ebs:
      size: 10
      iops: 3000
      throughput: 125
      snapshot: snap-0123456789abcdef0
      initialization_rate: 200
      kms_key: arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555
      role: arn:aws:iam::123456789012:role/volumes
      tags: { team: shop }
      propagate_tags: service
containers:
  router:
    image: nginx:1.28.0
    firelens: { type: fluentbit, options: { enable-ecs-log-metadata: "true" } }
  web:
    image: registry.example.com/web:1
    cpu: 64
    memory: 128
    memory_reservation: 64
    repository_credentials: { secrets_manager: registry }
    ports: [{ container: 8080, host: 8080, protocol: tcp, name: web, app_protocol: http }]
    restart: { enabled: true, ignored_exit_codes: [0], attempt_period: 60 }
    entrypoint: [/entry]
    command: [serve]
    environment: { A: b }
    env_files: ["arn:aws:s3:::shop/web.env"]
    mounts: { scratch: { path: /scratch, read_only: true }, disk: /disk, files: /files, archive: /archive }
    volumes_from: [{ container: router, read_only: true }]
    capabilities: { add: [SYS_PTRACE], drop: [ALL] }
    init: true
    tmpfs: { /tmp: { size: 64 MiB, options: [noexec] } }
    credential_specs: ["credentialspecdomainless:arn:aws:s3:::shop/spec.json"]
    secrets: { KEY: { secrets_manager: shop/key } }
    depends_on: { router: start }
    start_timeout: 60
    stop_timeout: 60
    version_consistency: disabled
    user: "1000"
    working_dir: /srv
    read_only: true
    interactive: true
    pseudo_terminal: true
    labels: { a: b }
    ulimits: { nofile: { soft: 1024, hard: 2048 } }
    sysctls: { net.core.somaxconn: "1024" }
    logs:
      driver: splunk
      options: { splunk-url: "https://logs.example.com" }
      secret_options: { splunk-token: { secrets_manager: splunk } }
    healthcheck: { command: [CMD, curl], interval: 10, timeout: 5, retries: 3, start_period: 10 }
load_balancer: { target: web }
discovery: { namespace: shop.internal, record: srv, container: web }
service_connect:
  namespace: shop
  services:
    web:
      name: shop
      alias: shop
      port: 80
      ingress_port: 8081
      idle_timeout: 60
      request_timeout: 10
      test_header: { name: x-test, value: "1" }
      tls:
        authority: arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555
        kms_key: arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555
        role: arn:aws:iam::123456789012:role/connect
  logs:
    driver: splunk
    options: { splunk-url: "https://logs.example.com" }
    secret_options: { splunk-token: { secrets_manager: splunk } }
  access_log: { format: json, query_parameters: true }
  log_level: debug
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0123456789abcdef0], public: [subnet-0123456789abcdef1, subnet-0123456789abcdef2] }
  allow: [{ from: internet, to: alb }, { from: alb, to: web }]
service:
  health_check_grace_period: 60
  capacity_provider_strategy: { fargate: 1, base: 1 }
  metric_resolution: { cpu: 20 }
  deployment:
    alarms: [shop-errors]
    circuit_breaker: { threshold: { count: 5 }, reset_on_healthy_task: false }
    early_success: { healthy_percent: 100, cleanup: deferred }
"""
FIXED = WIDE.replace("  capacity_provider_strategy: { fargate: 1, base: 1 }\n", "").replace(
    "    early_success: { healthy_percent: 100, cleanup: deferred }\n",
    """\
    strategy: canary
    test_traffic: { port: 8443 }
    hooks:
      check: { function: check, stages: [pre_scale_up], timeout: 1h, on_timeout: continue, details: { a: b } }
""",
)
"""The same service with the launch type in place of providers, and with another strategy."""
LINEAR = FIXED.replace("canary", "linear")
_LATER = "no key yet: service.overrides writes it, checked against the model"
OPEN: dict[str, dict[str, str]] = {
    "RegisterTaskDefinition": {
        "containerDefinitions[].portMappings[].containerPortRange": "no key: overrides of the container write it",
        "volumes[].host": "an empty host is what a volume without one is; a path in it is refused",
    },
    "CreateService": {
        "clientToken": "the scripts ask whether the service is there before they create it",
        "deploymentController": "ECS, which is what there is without it: the rule deployment-controller refuses others",
        "loadBalancers[].loadBalancerName": "a Classic Load Balancer, which Fargate refuses: a spec has no key for one",
        "serviceRegistries[].port": "containerName with containerPort says it, and ECS takes one or the other",
        "vpcLatticeConfigurations": _LATER,
        "gatewayConnectors": _LATER,
    },
}
"""Members that no key writes, with why; what is below one goes with it."""
FILES = {"RegisterTaskDefinition": "ecs/task-definition.json", "CreateService": "ecs/service.json"}
REFUSED = [
    refusal.ecs_parameter
    for table in (refused.REFUSED_CONTAINER, refused.REFUSED_TASK, refused.REFUSED_VOLUME, refused.REFUSED_SERVICE)
    for refusal in table.values()
    if refusal.ecs_parameter
]


def paths(shape: Shape, above: str = "") -> Iterator[str]:
    """Give the path of each member at any depth, an item of a list as `list[]`."""
    if shape.type_name == "list":
        yield from paths(shape.member, f"{above}[]")
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            path = f"{above}.{name}" if above else name
            yield path
            yield from paths(member, path)


def said(value: Any, above: str = "") -> Iterator[str]:
    """Give the path of each member of a request in the same form."""
    if isinstance(value, list):
        for item in value:
            yield from said(item, f"{above}[]")
    elif isinstance(value, dict):
        for name, below in value.items():
            path = f"{above}.{name}" if above else name
            yield path
            yield from said(below, path)


def within(path: str, members: Iterable[str]) -> bool:
    return any(path == member or path.startswith((f"{member}.", f"{member}[")) for member in members)


def written(operation: str) -> set[str]:
    trees = [render(plan_of(text)) for text in (WIDE, FIXED, LINEAR)]
    return {path for tree in trees for path in said(json.loads(tree[FILES[operation]].text))}


def modelled(operation: str) -> list[str]:
    model = botocore.session.get_session().get_service_model("ecs")
    return list(paths(model.operation_model(operation).input_shape))


def missing(operation: str, model: Iterable[str], open_members: Iterable[str]) -> list[str]:
    """Return the members that nothing knows, each with a path that can be looked up in AWS's documentation."""
    known, parts = written(operation), [*REFUSED, *open_members]
    return [path for path in model if path not in known and not within(path, parts)]


@pytest.mark.needs("botocore")
@pytest.mark.parametrize("operation", FILES)
def test_every_member_is_written_or_refused_or_open(operation: str) -> None:
    lacking = missing(operation, modelled(operation), OPEN[operation])
    assert not lacking, f"{operation} of botocore {botocore.__version__} has members that nothing knows:\n" + "\n".join(
        f"  {path}" for path in lacking
    )


@pytest.mark.needs("botocore")
@pytest.mark.parametrize("operation", FILES)
def test_what_is_open_is_in_the_model_and_is_not_written(operation: str) -> None:
    stale = {path for path in OPEN[operation] if path in written(operation) or path not in modelled(operation)}
    assert stale == set()


def test_a_member_that_aws_adds_is_listed() -> None:
    added = ["cpu", "weight", "containerDefinitions[].isolation", "volumes[].host.sourcePath"]
    assert missing("RegisterTaskDefinition", added, OPEN["RegisterTaskDefinition"]) == [
        "weight",
        "containerDefinitions[].isolation",
    ]
