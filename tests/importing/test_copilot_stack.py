"""A manifest of Copilot as a spec beside the stack that Copilot makes of it: the same task, but for what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.importing.comparison import differences
from chuoigen.importing.concrete import concrete
from chuoigen.importing.idiom import Asked
from chuoigen.importing.normal import Normal
from chuoigen.importing.proof import rebuilt
from chuoigen.importing.reading import read
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.messages import ENGLISH
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.importing.reading import Imported

INJECTED = ("APPLICATION_NAME", "ENVIRONMENT_NAME", "SERVICE_NAME")
ACCOUNT, REGION = "123456789012", "eu-west-1"
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
FILLED = {
    "execution_role": "execution",
    "task_role": "task",
    "vpc": "vpc-0123456789abcdef0",
    "subnets": {"private": SUBNETS, "public": SUBNETS},
}
MANIFEST = """\
name: web
type: Load Balanced Web Service
image:
  location: registry.example.com/web:1.2.3
  port: 8080
  healthcheck: { command: [CMD, /bin/check], interval: 15s }
http: { path: / }
cpu: 512
memory: 1024
count: 2
exec: true
variables: { LOG_LEVEL: info }
secrets: { TOKEN: /shop/token }
storage: { readonly_fs: true, volumes: { scratch: { path: /scratch, read_only: false } } }
sidecars:
  proxy: { image: registry.example.com/proxy:4.5.6, port: 9000, essential: false, depends_on: { web: healthy } }
environments: { test: { variables: { LOG_LEVEL: debug } } }
"""
# As `copilot svc package` prints it, of which this is the task definition (v1.33, templates/workloads/partials/cf).
STACK = """\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  TaskDefinition:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Sub "${AppName}-${EnvName}-web"
      NetworkMode: awsvpc
      RequiresCompatibilities: [FARGATE]
      Cpu: "512"
      Memory: "1024"
      ExecutionRoleArn: !GetAtt ExecutionRole.Arn
      TaskRoleArn: !GetAtt TaskRole.Arn
      ContainerDefinitions:
        - Name: web
          Image: registry.example.com/web:1.2.3
          PortMappings: [{ ContainerPort: 8080, Protocol: tcp, Name: target }]
          Environment:
            - { Name: COPILOT_APPLICATION_NAME, Value: shop }
            - { Name: COPILOT_ENVIRONMENT_NAME, Value: test }
            - { Name: COPILOT_SERVICE_NAME, Value: web }
            - { Name: LOG_LEVEL, Value: debug }
          Secrets: [{ Name: TOKEN, ValueFrom: /shop/token }]
          LogConfiguration: &logs
            LogDriver: awslogs
            Options: { awslogs-region: eu-west-1, awslogs-group: /copilot/shop-test-web, awslogs-stream-prefix: copilot }
          ReadonlyRootFilesystem: true
          HealthCheck: { Command: [CMD, /bin/check], Interval: 15, Retries: 2, StartPeriod: 0, Timeout: 5 }
          MountPoints: [{ SourceVolume: scratch, ContainerPath: /scratch, ReadOnly: false }]
        - Name: proxy
          Image: registry.example.com/proxy:4.5.6
          Essential: false
          PortMappings: [{ ContainerPort: 9000, Protocol: tcp }]
          DependsOn: [{ Condition: HEALTHY, ContainerName: web }]
          Environment:
            - { Name: COPILOT_APPLICATION_NAME, Value: shop }
            - { Name: COPILOT_ENVIRONMENT_NAME, Value: test }
            - { Name: COPILOT_SERVICE_NAME, Value: web }
          LogConfiguration: *logs
      Volumes: [{ Name: scratch }]
"""


def imported(file: str, texts: dict[str, str]) -> Imported:
    files = Overlay(Disk(), {name: text.encode() for name, text in texts.items()})
    reading = read(file, Asked(account=ACCOUNT, region=REGION), files)
    assert reading.diagnostics == ()
    return reading.parts[0]


def filled(value: Any) -> Any:
    """Return the data of a spec in which somebody filled the holes."""
    if isinstance(value, dict):
        return {key: FILLED.get(key) if isinstance(one, Unknown) else filled(one) for key, one in value.items()}
    return [filled(one) for one in value] if isinstance(value, list) else value


def test_the_task_of_a_manifest_is_that_of_its_stack_but_for_what_is_said() -> None:
    folder = "/nowhere/copilot"
    texts = {f"{folder}/web/manifest.yml": MANIFEST, f"{folder}/.workspace": "application: shop\n"}
    manifest = imported(f"{folder}/web/manifest.yml", texts)
    stack = imported("stack.yml", {"stack.yml": STACK})
    assert stack.definition is not None
    normal = Normal(ACCOUNT, REGION)
    assert (manifest.data["name"], manifest.data["stage"]) == ("web", "test")
    original = concrete({**stack.definition, "family": "shop-test-web"})
    found = differences(normal.form(original), normal.form(rebuilt(filled(manifest.data), Disk())))
    assert {one.dotted for one in found} == {
        "executionRoleArn",  # of the stack's own, which only AWS knows
        "taskRoleArn",
        "containerDefinitions.web.portMappings.8080/tcp.name",  # Service Connect asks for it
        *(f"containerDefinitions.web.environment.COPILOT_{name}" for name in INJECTED),
        "containerDefinitions.proxy.environment",
    }
    said = " ".join(ENGLISH.text(one.words) for one in manifest.left)
    assert all(f"COPILOT_{name}" in said for name in INJECTED)
