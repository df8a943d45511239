"""One spec after another upon an emulated AWS: what the old one made and the new one does not say is taken back."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from chuoigen.plan.naming import DEFINITION_TAG, SETTINGS_TAG
from tests.proof.builds import Build, build_of
from tests.proof.emulated_aws import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.needs("awscli", "moto")]

FULL = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: shop-execution, task_role: shop-task, tags: { team: web } }
volumes: { data: { ebs: { size: 10GiB, role: "arn:aws:iam::123456789012:role/volumes" } } }
containers:
  web:
    build: { dockerfile: Dockerfile }
    ports: [8080, 9090]
    mounts: { data: /data }
    environment: { A: "1" }
    secrets: { TOKEN: { ssm: /shop/token } }
  side: { image: "public.ecr.aws/nginx/nginx:1.29", ports: [8081], essential: false }
backends:
  redis: { host: redis.internal, port: 6379, security_group: sg-0f00000000000000f }
  sql: { host: sql.internal, port: 5432 }
network:
  vpc: vpc-0a00000000000000a
  subnets:
    private: [subnet-0a00000000000000a, subnet-0b00000000000000b]
    public: [subnet-0c00000000000000c, subnet-0d00000000000000d]
  allow:
    - { from: internet, to: alb, ports: [80, 443] }
    - { from: alb, to: web }
    - { from: web, to: redis }
    - { from: web, to: sql }
    - { from: 210987654321/sg-0e00000000000000e, to: web, ports: [9090] }
discovery: { namespace: shop.internal }
load_balancer:
  target: web
  healthcheck: { path: /up }
  certificate: arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000
service:
  cluster: shops
  capacity_provider_strategy: { fargate: 1, fargate_spot: 3 }
  enable_execute_command: true
  autoscaling: { min: 2, max: 8, cpu: 60, requests: 900 }
"""
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
GONE: Any = object()
# What the other spec says, by the path of each key; GONE for a key that it leaves out.
CHANGES: dict[str, dict[str, Any]] = {
    "less of a service": {
        "service.autoscaling": GONE,
        "service.capacity_provider_strategy": GONE,
        "service.enable_execute_command": GONE,
    },
    "other numbers": {
        "service.autoscaling": {"min": 1, "max": 4, "cpu": 50},
        "load_balancer.idle_timeout": 75,
        "load_balancer.deregistration_delay": 20,
        "load_balancer.healthcheck": {"path": "/", "interval": 15, "port": 9090},
        "logs": {"retention": 7},
        "task.tags": {"team": "api", "cost": "7"},
    },
    "other rights": {
        "permissions": {
            "queue": {"actions": "sqs:SendMessage", "resources": "arn:aws:sqs:eu-west-1:123456789012:mail"},
            "read": {
                "actions": ["s3:GetObject"],
                "resources": "arn:aws:s3:::mail/*",
                "conditions": {"StringEquals": {"s3:ExistingObjectTag/state": "published"}},
            },
        },
        "task.task_role": {"name": "shop-other", "path": "/services/"},
        "task.execution_role": {
            "name": "shop-execution",
            "managed_policies": ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"],
            "permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess",
        },
        "pipeline": {"role": {"permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess"}},
    },
    "alarms": {
        "alarms": {"cpu": 80, "kms_key": KEY, "without": ["memory"]},
        "load_balancer.healthcheck": {"path": "/", "interval": 15},
    },
    # Of names of their own: moto knows neither associate-kms-key nor its opposite.
    "keys of one's own": {
        "logs": {"group": "/keyed/{container}", "kms_key": KEY},
        "containers.web.build": {"dockerfile": "Dockerfile", "repository": {"name": "shop-keyed", "kms_key": KEY}},
    },
    "scaling by the clock": {
        "service.autoscaling": {"min": 2, "max": 8, "cpu": 60, "schedule": {"night": {"rate": "1 day", "min": 1}}},
    },
    # In a cluster of its own: moto does not know update-cluster-settings.
    "scaling by queue and clock": {
        "service.cluster": "queues",
        "service.autoscaling": {
            "min": 1,
            "max": 9,
            "queue": {"name": "jobs", "messages_per_task": 20},
            "metrics": {
                "busy": {"namespace": "Shop", "name": "Busy", "dimensions": {"Pool": "it's `$HOME`"}, "target": 5}
            },
            "cooldown": {"scale_out": 60, "scale_in": 600},
            "scale_in": False,
            "schedule": {
                "night": {"cron": "0 22 * * ? *", "timezone": "Asia/Tokyo", "min": 0, "max": 2},
                "once": {"at": "2027-01-31T08:00:00", "min": 4},
            },
        },
    },
    "less of a task": {
        "task.task_role": GONE,
        "service.enable_execute_command": GONE,
        "task.execution_role": "other-execution",
        "volumes": GONE,
        "containers.web.mounts": GONE,
        "containers.web.secrets": GONE,
        "containers.web.environment": {"B": "2"},
    },
    "fewer neighbours": {
        "containers.side": GONE,
        "containers.web.build": GONE,
        "containers.web.image": "public.ecr.aws/nginx/nginx:1.29",
        "backends.sql": GONE,
        "network.allow.3": GONE,
        "network.allow.0": {"from": "10.0.0.0/8", "to": "alb", "ports": [80, 443]},
    },
    "sources of others": {
        "network.allow.0": {"from": "pl-0a00000000000000a", "to": "alb", "ports": [80, 443]},
        "network.allow.4": {"from": "pl-0b00000000000000b", "to": "web", "ports": [9090]},
    },
    "no balancer": {
        "load_balancer": GONE,
        "network.allow": [{"from": "web", "to": "redis"}, {"from": "web", "to": "sql"}],
        "service.autoscaling": {"min": 2, "max": 8, "cpu": 60},
    },
    "no certificate": {
        "load_balancer.certificate": GONE,
        "network.allow.0": {"from": "internet", "to": "alb", "ports": [80]},
    },
    "no name": {"discovery": GONE},
    "other records": {"discovery.ttl": 30, "task.tags": {"team": "api"}},
    "another name": {
        "discovery": {"namespace": "shop.internal", "service": "api", "record": "srv", "container": "web", "port": 9090}
    },
    "a group more": {"network.security_groups": {"also": ["sg-0e00000000000000e"]}},
    "service connect": {
        "service_connect": {"namespace": "shop", "services": {"api": {"port": 80, "alias": "shop"}}},
        "containers.web.ports": [{"container": 8080, "name": "api", "app_protocol": "http"}, 9090],
    },
    "traffic that moves": {
        "service.deployment": {
            "strategy": "canary",
            "canary": {"percent": 10},
            "test_traffic": {"port": 8443},
            "hooks": {"check": {"function": "check", "stages": ["post_test_traffic_shift"]}},
        },
        "network.allow.0": {"from": "internet", "to": "alb", "ports": [80, 443, 8443]},
    },
    "another target": {"load_balancer.target": "side", "network.allow.1": {"from": "alb", "to": "side"}},
    "another port": {"load_balancer.port": 9090, "load_balancer.target_group": "shop-9090"},
    "several targets": {
        "load_balancer.targets": {
            "admin": {"container": "web", "port": 9090, "sticky": {"duration": "1h", "cookie": "session"}},
            "side": {"healthcheck": {"path": "/up", "matcher": "200-299"}, "slow_start": 60},
        },
        "load_balancer.sticky": "24h",
        "load_balancer.rules": {
            "admin": {"priority": 10, "path": ["/admin", "/admin/*"], "source_ip": "10.0.0.0/8", "forward": "admin"},
            "try": {
                "priority": 20,
                "host": "*.example.com",
                "header": {"X-Try": 'yes, it\'s "me"'},
                "query": {"try": "1", "": "b"},
                "forward": {"web": 9, "side": 1},
                "sticky": "1h",
            },
            "gone": {"priority": 30, "path": "/old/*", "redirect": {"host": "old.#{host}", "path": "/#{path}"}},
            "closed": {"priority": 40, "method": "TRACE", "respond": {"status": 405, "body": "no, \t'never'\n"}},
        },
        "network.allow.1": {"from": "alb", "to": "web", "ports": [8080, 9090]},
        "network.allow.3": {"from": "alb", "to": "side"},
    },
    "another balancer": {
        "load_balancer.name": "shop-inside",
        "load_balancer.target_group": "shop-inside",
        "load_balancer.internal": True,
    },
    "other names": {"service.name": "shop-again", "service.cluster": "shops-again", "task.family": "shop-family"},
}


def changed(document: Any, change: dict[str, Any]) -> Any:
    """Return a document with other values at some paths."""
    document = copy.deepcopy(document)
    for path, value in change.items():
        *above, last = path.split(".")
        node = document
        for key in above:
            node = node[int(key)] if isinstance(node, list) else node[key]
        place: Any = int(last) if isinstance(node, list) else last
        if value is GONE:
            del node[place]
        else:
            node[place] = value
    return document


APPLY = ("apply.sh", "--yes")


@dataclass
class Applied:
    """A build that was applied to nothing, with the emulator that has it as its stage `applied`, and what stands there."""

    build: Build
    emulator: Emulator
    state: dict[str, Any]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    built = build_at(tmp_path_factory.mktemp("changes"), yaml.safe_load(FULL))
    emulator = Emulator(built)
    try:
        (done,) = emulator.run("first", [APPLY], keep="applied")
        assert done["code"] == 0, done["said"]
        yield Applied(built, emulator, done["state"])
    finally:
        emulator.close()


def build_at(folder: Path, document: Any) -> Build:
    """Build a spec in a repository of its own."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    (folder / "Dockerfile").write_text("FROM public.ecr.aws/docker/library/alpine:3.22\n")
    (folder / "qa.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return build_of(str(folder / "qa.yaml"))


@pytest.mark.parametrize("name", CHANGES)
def test_a_spec_after_another_leaves_what_it_leaves_alone(full: Applied, tmp_path: Path, name: str) -> None:
    other = build_at(tmp_path, changed(yaml.safe_load(FULL), CHANGES[name]))
    (alone,) = full.emulator.run("first", [APPLY], changed=other.files, keep=f"only {name}")
    assert alone["code"] == 0, alone["said"]
    for stage, second, wanted in (("applied", other, alone["state"]), (f"only {name}", full.build, full.state)):
        # The load balancer that another one has replaced stays until somebody has moved DNS.
        steps = [APPLY, ("09-take-back.sh", "--yes")] if name == "another balancer" else [APPLY]
        *before, after = full.emulator.run(stage, steps, changed=second.files, keep=f"{stage}, changed for {name}")
        assert ["delete-load-balancer" in each["said"] for each in before] == [False for each in before]
        assert [each["lost"] for each in before] == [[] for each in before]
        assert after["code"] == 0, after["said"]
        assert after["lost"] == [] or (second.plan.load_balancer is None and after["lost"])
        assert refused_by_policy(after["calls"], second) == []
        assert list(differing("", compared(after["state"], second), compared(wanted, second))) == []
    (again,) = full.emulator.run(f"only {name}, changed for {name}", [APPLY])
    assert (again["code"], again["changes"]) == (0, [])


# What AWS cannot change, or only with requests that fail: the change, the script that refuses it, and what it says.
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "inside": (
        {"load_balancer.internal": True},
        "06-load-balancer.sh",
        "load balancer shop-qa-alb is internet-facing application vpc",
    ),
    "port": ({"load_balancer.port": 9090}, "06-load-balancer.sh", "target group shop-qa-web has 8080 HTTP vpc"),
    "target that is gone": (
        {"load_balancer.port": 9090, "load_balancer.target_group": "shop-9090", "containers.web.ports": [9090]},
        "deploy.sh",
        "requests go to web on port 8080, which the task definition does not have any more",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_fail_requests_is_refused(full: Applied, tmp_path: Path, name: str) -> None:
    change, script, said = REFUSED[name]
    other = build_at(tmp_path, changed(yaml.safe_load(FULL), change))
    (done,) = full.emulator.run("applied", [APPLY], changed=other.files)
    assert done["code"] == 1
    assert f"{script}: {said}" in done["said"]
    assert done["lost"] == []


def test_a_plan_changes_nothing_and_names_what_apply_does(full: Applied, tmp_path: Path) -> None:
    other = build_at(tmp_path, changed(yaml.safe_load(FULL), CHANGES["other numbers"]))
    (planned, again) = full.emulator.run("applied", [("apply.sh", "--plan"), ("apply.sh", "<no")], changed=other.files)
    (done,) = full.emulator.run("applied", [APPLY], changed=other.files)
    assert (planned["code"], planned["changes"]) == (0, [])
    named = [line.split()[1:3] for line in planned["said"].splitlines() if line.startswith("aws ")]
    assert named == [call[:2] for call in done["changes"]]
    assert (again["code"], again["changes"]) == (1, [])
    assert "nothing was changed" in again["said"]


EXISTING = """
chuoigen: 1
name: orders
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
containers: { api: { image: "public.ecr.aws/nginx/nginx:1.29", ports: [8080, 9090] } }
network:
  vpc: vpc-0a00000000000000a
  subnets: { private: [subnet-0a00000000000000a, subnet-0b00000000000000b] }
  security_groups: { alb: sg-0f00000000000000f }
  allow: [{ from: alb, to: api }]
load_balancer:
  listener: arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2
  target: api
  port: 8080
  targets: { admin: { container: api, port: 9090 } }
  rules:
    api: { priority: 10, host: api.example.com, forward: api }
    admin: { priority: 20, path: /admin/*, forward: admin }
"""


def test_a_listener_of_somebody_else_keeps_what_is_not_ours(tmp_path: Path) -> None:
    document = yaml.safe_load(EXISTING)
    built = build_at(tmp_path / "first", document)
    less = changed(document, {"load_balancer.targets": GONE, "load_balancer.rules.admin": GONE})
    less = changed(less, {"load_balancer.rules.api.priority": 30})
    other = build_at(tmp_path / "second", less)
    taken = build_at(tmp_path / "third", changed(document, {"load_balancer.rules.api.priority": 5}))
    emulator = Emulator(built)
    try:
        (done,) = emulator.run("first", [APPLY], keep="applied")
        assert done["code"] == 0, done["said"]
        assert _priorities(done) == ["10", "20", "5"]
        (again,) = emulator.run("applied", [APPLY])
        assert (again["code"], again["changes"]) == (0, [])
        (changing,) = emulator.run("applied", [APPLY], changed=other.files, keep="changed")
        assert changing["code"] == 0, changing["said"]
        assert (_priorities(changing), changing["lost"]) == (["30", "5"], [])
        assert refused_by_policy(changing["calls"], other) == []
        (refused,) = emulator.run("applied", [APPLY], changed=taken.files)
        assert refused["code"] == 1
        assert "rule 5 of the listener is not this service's" in refused["said"]
        (gone,) = emulator.run("changed", [("destroy.sh", "--yes", "--logs")], changed=other.files)
        assert gone["code"] == 0, gone["said"]
        assert _priorities(gone) == ["5"]
    finally:
        emulator.close()


def _priorities(done: dict[str, Any]) -> list[str]:
    """Return the priorities of all rules that stand, and see to it that the balancer and its default do."""
    standing = done["state"]["elbv2"]
    assert [each[6][0]["DefaultActions"][0]["Type"] for each in standing if each[0] == "shared"] == ["fixed-response"]
    return sorted(each[0]["Priority"] for each in standing if isinstance(each[0], dict) and "Priority" in each[0])


def refused_by_policy(calls: list[list[str]], build: Build) -> list[str]:
    """Return the calls that iam/deployer-policy.json does not allow, by the names that botocore's models have."""
    import botocore.session

    session = botocore.session.get_session()
    statements = json.loads(build.files["iam/deployer-policy.json"])["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    refused = []
    for service, operation, *words in calls:
        if service in ("sts", "configure") or operation == "wait" or "--generate-cli-skeleton" in words:
            continue
        model = session.get_service_model("s3" if service == "s3api" else service)
        asked = {"get-login-password": "get-authorization-token"}.get(operation, operation)
        name = next(each for each in model.operation_names if botocore.xform_name(each, "-") == asked)
        prefix = {"tagging": "tag", "monitoring": "cloudwatch"}.get(model.endpoint_prefix, model.endpoint_prefix)
        # ListBucket is S3's name for the right to ask about a bucket.
        action = f"{prefix.removeprefix('api.')}:{name}".replace("s3:HeadBucket", "s3:ListBucket")
        if action not in allowed:
            refused.append(action)
    return refused


def differing(where: str, found: Any, wanted: Any) -> Iterator[str]:
    """Say what differs, down to the members; lists that are of one length are compared in their order."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in {**found, **wanted}:
            yield from differing(f"{where}.{key}", found.get(key) or None, wanted.get(key) or None)
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from differing(f"{where}[{number}]", one, other)
    elif found != wanted:
        yield f"{where}: is {found!r}, wanted {wanted!r}"


def compared(state: dict[str, Any], build: Build) -> dict[str, Any]:
    """Return what must be the same; left out is what stays by design, and what 09-take-back.sh says that it keeps."""
    plan = build.plan
    logs = {group.log_group_name for group in plan.log_groups}
    repositories = {each.repository_name for each in plan.repositories}
    standing = [each for each in state["ecs"] if isinstance(each, dict) and each["status"] == "ACTIVE"]
    definitions = [each for each in state["ecs"] if isinstance(each, list)]
    found = {
        "ecr": [each[:3] for each in state["ecr"] if each[0] in repositories],
        "logs": [each[:2] for each in state["logs"] if each[0] in logs],
        **{key: state[key] for key in ("iam", "scaling", "alarms", "names")},
        # All but the description, which AWS never changes.
        "ec2": [[group[0], *group[2:]] for group in state["ec2"]],
        # moto's tagging API does not know listeners.
        "elbv2": [
            each
            for each in state["elbv2"]
            if not (isinstance(each[0], dict) and ":listener/" in str(each[0].get("ResourceArn")))
        ],
        "clusters": [_without(each, _OF_CLUSTER) for each in standing if "serviceName" not in each],
        "services": [_without(_watched(each), _of_service(build)) for each in standing if "serviceName" in each],
        "families": sorted({each[0]["family"] for each in definitions}),
        "definition": [_without(definitions[-1][0], {"revision"}), definitions[-1][1]],
    }
    # What AWS puts at the end of names, also within those of a metric.
    # A deployment names the digest of an image, and what makes a service its tag.
    text = re.sub(r"@sha256:[0-9a-f]{64}", ":first", json.dumps(found))
    text = re.sub(r"/(?:[0-9a-f]{16}|[0-9]{15})", "", text)
    if plan.service is not None and plan.service.deployment_configuration.shifts:
        text = re.sub(r'"Weight": \d+', '"Weight": 1', text)  # weights are those of the last deployment
    return cast("dict[str, Any]", _ordered(_only(json.loads(text), {*plan.tags, DEFINITION_TAG, SETTINGS_TAG})))


# Capacity providers stay; counts are those of tasks that autoscaling has chosen.
_OF_CLUSTER = {"capacityProviders", "defaultCapacityProviderStrategy", "runningTasksCount"}


def _of_service(build: Build) -> set[str]:
    """Return what is not compared: the revision, what follows from the capacity, and a time that counts with a balancer."""
    scaled = {"desiredCount", "runningCount"} if build.plan.autoscaling is not None else set()
    unused = {"healthCheckGracePeriodSeconds"} if build.plan.load_balancer is None else set()
    return {"taskDefinition", "launchType", *scaled, *unused}


def _watched(service: dict[str, Any]) -> dict[str, Any]:
    """Leave out alarms of a deployment that are none: an update says so, and a service that was just made does not."""
    none = {"alarmNames": [], "enable": False, "rollback": False}
    kept = {name: value for name, value in service["deploymentConfiguration"].items() if value != none}
    found = {name: value for name, value in service.items() if value != {"enabled": False}}
    return {**found, "deploymentConfiguration": kept}


def _without(members: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key not in names}


def _only(value: Any, tags: set[str]) -> Any:
    """Leave out tags that a spec does not name: nobody can tell who set them."""
    if isinstance(value, list):
        return [_only(each, tags) for each in value if _tag(each) in (None, *tags)]
    if isinstance(value, dict):
        return {key: _only(each, tags) for key, each in value.items()}
    return value


def _tag(value: Any) -> str | None:
    """Return the key of a tag; None for anything else."""
    pair = {key.lower(): each for key, each in value.items()} if isinstance(value, dict) else {}
    return cast("str", pair["key"]) if set(pair) == {"key", "value"} else None


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted((_ordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value
