"""What is decided: names, permissions, groups and sums, worked out by hand from the specs and what Chuoi needs."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.messages import ENGLISH
from chuoigen.recipes.fluentd.planning import FluentdPlan
from chuoigen.recipes.nginx.planning import NginxPlan
from chuoigen.recipes.phoenix.planning import PhoenixPlan
from chuoigen.resources import Ref
from chuoigen.resources.ecs import CapacityProvider
from chuoigen.resources.listeners import Action, Redirect
from chuoigen.resources.network import IngressRule
from tests.artifacts.plans import plan_of
from tests.repository import ROOT

if TYPE_CHECKING:
    from chuoigen.plan import Plan

ACCOUNT = "999999999999"
REGION = "ap-northeast-1"
REGISTRY = "999999999999.dkr.ecr.ap-northeast-1.amazonaws.com"
CERTIFICATE = "arn:aws:acm:ap-northeast-1:999999999999:certificate/00000000-0000-4000-8000-000000000000"


@functools.cache
def chuoi(stage: str) -> Plan:
    plan = judge(load(ROOT / "spec" / f"{stage}.yaml")).plan
    assert plan is not None
    return plan


def small(text: str = "", *, stage: str = "stage: qa", task: str = "") -> Plan:
    """Plan a service called shop with more keys behind it."""
    return plan_of(
        f"chuoigen: 1\nname: shop\n{stage}\n"
        'aws: { account: "123456789012", region: eu-west-1 }\n'
        f"task: {{ execution_role: shop-execution, {task} }}\n{text}"
    )


NETWORK = """\
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-1, subnet-2], public: [subnet-3, subnet-4] }
"""
ONE = "containers:\n  app: { image: nginx:1.28.0, ports: [8000] }\n"


# Names and sizes.


@pytest.mark.parametrize(
    ("stage", "prefix", "family", "cpu", "memory"),
    [
        ("qa", "chuoi-qa", "chuoi-qa", 256, 512),
        ("prod", "chuoi-prod", "chuoi-prod", 1024, 2048),
        ("chuoi-2018", "chuoi-qa", "chuoi", 256, 512),
    ],
)
def test_the_task_of_chuoi(stage: str, prefix: str, family: str, cpu: int, memory: int) -> None:
    plan = chuoi(stage)
    assert (plan.prefix, plan.output, plan.spec_file) == (prefix, f"out/{stage}", f"spec/{stage}.yaml")
    assert (plan.account, plan.region, plan.partition, plan.registry) == (ACCOUNT, REGION, "aws", REGISTRY)
    assert (plan.task.family, plan.task.cpu, plan.task.memory) == (family, cpu, memory)
    assert (plan.task.platform, plan.task.runtime_platform.cpu_architecture) == ("linux/amd64", "X86_64")
    assert plan.timezone == "Asia/Tokyo"


def test_without_a_stage_names_begin_with_the_name_alone() -> None:
    plan = small(ONE + NETWORK, stage="")
    assert (plan.prefix, plan.task.family) == ("shop", "shop")
    assert plan.service is not None
    assert (plan.at(plan.service.cluster), plan.service.service_name) == ("shop", "shop")
    assert plan.containers["app"].logs.group == "/ecs/shop/app"
    assert plan.containers["app"].logs.options["awslogs-stream-prefix"] == "shop"


@pytest.mark.parametrize(
    ("stage", "app", "tag", "immutable"),
    [
        ("qa", f"{REGISTRY}/chuoi-qa-app:first", "first", True),
        ("prod", f"{REGISTRY}/chuoi-prod-app:first", "first", True),
        ("chuoi-2018", f"{REGISTRY}/app:latest", "latest", False),
    ],
)
def test_images_that_are_built_here(stage: str, app: str, tag: str, immutable: bool) -> None:
    image = chuoi(stage).containers["app"].image
    assert (image.reference, image.tag, image.immutable) == (app, tag, immutable)
    assert [container.name for container in chuoi(stage).built] == ["app", "web", "log"]


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("nginx:1.28.0", "docker.io"),
        ("library/nginx", "docker.io"),
        ("public.ecr.aws/nginx/nginx:1", "public.ecr.aws"),
        ("localhost:5000/a", "localhost:5000"),
    ],
)
def test_images_from_elsewhere(image: str, registry: str) -> None:
    plan = small(f'containers: {{ app: {{ image: "{image}" }} }}\n').containers["app"].image
    assert (plan.reference, plan.registry, plan.repository, plan.local) == (image, registry, None, image)


@pytest.mark.parametrize(
    ("region", "partition", "registry"),
    [
        ("eu-west-1", "aws", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
        ("cn-north-1", "aws-cn", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com"),
    ],
)
def test_partitions(region: str, partition: str, registry: str) -> None:
    plan = plan_of(
        f'chuoigen: 1\nname: shop\naws: {{ account: "123456789012", region: {region} }}\ntask: {{ task_role: a/b }}\n{ONE}'
    )
    assert (plan.partition, plan.registry) == (partition, registry)
    role = plan.role("task")
    assert role is not None
    assert role.arn == f"arn:{partition}:iam::123456789012:role/a/b"


def test_no_written_tag_takes_the_place_of_the_own_one() -> None:
    plan = small(ONE, task='tags: { team: shop, chuoigen: mine, "CHUOIGEN:x": y }')
    assert list(plan.tags.items()) == [("chuoigen", "shop-qa"), ("team", "shop")]


# Containers.


def test_defaults_of_a_container() -> None:
    app = small(ONE).containers["app"]
    assert (app.recipe, app.build, app.essential, app.stop_timeout, app.start_timeout) == (
        "image",
        None,
        True,
        30,
        None,
    )
    assert (app.cpu, app.memory, app.user, app.read_only, app.pseudo_terminal) == (None, None, None, False, None)
    assert (app.command, app.environment, app.secrets, app.mounts, app.healthcheck) == ((), {}, (), (), None)
    assert app.logs.options == {
        "awslogs-group": "/ecs/shop-qa/app",
        "awslogs-region": "eu-west-1",
        "awslogs-stream-prefix": "qa",
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    }
    assert app.logs.retention == 30


def test_environment_of_chuoi_on_fargate_and_under_compose() -> None:
    plan = chuoi("qa")
    redis = {
        "REDIS_HOST": "redis.xxxxxx.ng.0001.apne1.cache.amazonaws.com",
        "REDIS_PORT": "6379",
        "REDIS_CONNECTION_SIZE": "1000",
    }
    s3 = {"S3_BUCKET": "hogehoge-log-bucket", "S3_REGION": "ap-northeast-1"}
    assert {name: container.environment for name, container in plan.containers.items()} == {
        "app": redis,
        "web": {"APP_SERVER": "127.0.0.1"},
        "log": s3,
    }
    assert {name: container.compose_environment for name, container in plan.containers.items()} == {
        "app": redis,
        "web": {"APP_SERVER": "app"},
        "log": s3,
    }


def test_what_is_written_goes_before_what_a_recipe_or_a_pool_adds() -> None:
    text = """\
containers:
  app: { image: nginx:1.28.0, ports: [8000], environment: { POOL: 7 } }
  other: { image: nginx:1.28.0, secrets: { SIZE: { ssm: /size } } }
  web: { build: { recipe: nginx, upstream: app }, ports: [80], environment: { APP_SERVER: app.internal } }
backends:
  a: { host: a.internal, port: 1, pool: { container: app, variable: POOL, size: 5 } }
  b: { host: b.internal, port: 2, pool: { container: other, variable: SIZE, size: 5 } }
"""
    containers = small(text).containers
    assert containers["app"].environment == {"POOL": "7"}
    assert containers["other"].environment == {}
    assert containers["web"].environment == {"APP_SERVER": "app.internal"}


def test_references() -> None:
    names = {
        "HOST": ("containers.app.host", "127.0.0.1", "app"),
        "PORT": ("containers.app.port", "8000", "8000"),
        "BACKEND": ("backends.db.host", "db.internal", "db.internal"),
        "BACKEND_PORT": ("backends.db.port", "5432", "5432"),
        "NAME": ("name", "shop", "shop"),
        "STAGE": ("stage", "qa", "qa"),
        "ACCOUNT": ("aws.account", "123456789012", "123456789012"),
        "REGION": ("aws.region", "eu-west-1", "eu-west-1"),
        "NOWHERE": ("backends.nowhere.host", "", ""),
    }
    written = ", ".join(f"{name}: {{ ref: {said[0]} }}" for name, said in names.items())
    text = f"{ONE}  web: {{ image: nginx:1.28.0, environment: {{ {written} }} }}\nbackends: {{ db: {{ host: db.internal, port: 5432 }} }}\n"
    web = small(text).containers["web"]
    assert web.environment == {name: said[1] for name, said in names.items()}
    assert web.compose_environment == {name: said[2] for name, said in names.items()}


@pytest.mark.parametrize(
    ("written", "value_from", "resource", "service", "name"),
    [
        ("ssm: /a/b", "arn:aws:ssm:eu-west-1:123456789012:parameter/a/b", None, "ssm", "/a/b"),
        ("ssm: a", "arn:aws:ssm:eu-west-1:123456789012:parameter/a", None, "ssm", "a"),
        ("ssm: arn:aws:ssm:us-east-1:1:parameter/a", "arn:aws:ssm:us-east-1:1:parameter/a", None, "ssm", None),
        (
            "secrets_manager: a/b",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b-??????",
            "secretsmanager",
            "a/b",
        ),
        (
            "secrets_manager: a, key: url",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a:url::",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-??????",
            "secretsmanager",
            "a",
        ),
        (
            "secrets_manager: a, version_stage: AWSPREVIOUS",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a::AWSPREVIOUS:",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-??????",
            "secretsmanager",
            "a",
        ),
        (
            "secrets_manager: 'arn:aws:secretsmanager:eu-west-1:1:secret:a-x1Y2z3', key: url",
            "arn:aws:secretsmanager:eu-west-1:1:secret:a-x1Y2z3:url::",
            "arn:aws:secretsmanager:eu-west-1:1:secret:a-x1Y2z3",
            "secretsmanager",
            None,
        ),
    ],
)
def test_secrets(written: str, value_from: str, resource: str | None, service: str, name: str | None) -> None:
    plan = small(f"containers: {{ app: {{ image: nginx:1.28.0, secrets: {{ X: {{ {written} }} }} }} }}\n")
    (secret,) = plan.containers["app"].secrets
    assert (secret.variable, secret.value_from, secret.service, secret.name) == ("X", value_from, service, name)
    assert secret.resource == (resource or value_from)
    ((_, _, resources),) = allowed(plan, "execution")
    assert resources == (secret.resource,)


@pytest.mark.parametrize(
    ("container", "command"),
    [
        ("image: a:1, ports: [8000], healthcheck: { command: [test, -f, x] }", ("CMD", "test", "-f", "x")),
        ('image: a:1, healthcheck: { command: [CMD-SHELL, "a || b"] }', ("CMD-SHELL", "a || b")),
        (
            "build: { recipe: nginx }, ports: [8080], healthcheck: { http: /up }",
            ("CMD", "curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/up"),
        ),
        (
            'build: { recipe: phoenix, elixir: "1.18" }, ports: [4000], healthcheck: { http: /up }',
            ("CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:4000/up"),
        ),
        (
            "image: a:1, ports: [8000], healthcheck: { http: /it's }",
            (
                "CMD-SHELL",
                "{} || {} || exit 1".format(
                    "curl -fsS -o /dev/null 'http://127.0.0.1:8000/it'\\''s'",
                    "wget -q -O /dev/null 'http://127.0.0.1:8000/it'\\''s'",
                ),
            ),
        ),
    ],
)
def test_health_checks_ask_with_what_the_image_has(container: str, command: tuple[str, ...]) -> None:
    check = small(f"containers: {{ app: {{ {container} }} }}\n").containers["app"].healthcheck
    assert check is not None
    assert (check.command, check.interval, check.timeout, check.retries, check.start_period) == (
        command,
        30,
        5,
        3,
        None,
    )


# Volumes and images.


def test_volumes_of_chuoi_belong_to_who_writes() -> None:
    volumes = chuoi("qa").volumes
    assert {name: (volume.writers, volume.readers, volume.owner) for name, volume in volumes.items()} == {
        "app-log": (("app",), ("log",), "1000:1000"),
        "app-static": (("app",), ("web",), "1000:1000"),
        "log-tmp": (("log",), (), "999:999"),
    }
    assert chuoi("chuoi-2018").volumes["log-tmp"].owner == "0:0"


@pytest.mark.parametrize(
    ("user", "owner"),
    [("1001", "1001:1001"), ("1001:2002", "1001:2002"), ("0", "0:0"), ("nobody", "0:0"), ("app", "1000:1000")],
)
def test_the_owner_of_a_volume_is_the_first_writers_user(user: str, owner: str) -> None:
    text = f"""\
volumes: {{ data: {{}} }}
containers:
  reader: {{ image: a:1, user: "5", mounts: {{ data: "/data:ro" }} }}
  app: {{ image: a:1, user: "{user}", mounts: {{ data: /data/ }} }}
  late: {{ image: a:1, user: "6", mounts: {{ data: /data }} }}
"""
    plan = small(text)
    volume = plan.volumes["data"]
    assert (volume.writers, volume.readers, volume.owner) == (("app", "late"), ("reader",), owner)
    assert [mount.path for mount in plan.containers["app"].mounts] == ["/data"]


def test_the_recipe_of_each_container_of_chuoi() -> None:
    app, web, log = (container.build for container in chuoi("qa").containers.values())
    assert isinstance(app, PhoenixPlan)
    assert isinstance(web, NginxPlan)
    assert isinstance(log, FluentdPlan)
    assert (app.context, app.generated, app.release, app.release_name) == (".", "out/qa/docker/app", "mix", "chuoi")
    assert (app.log_dir, app.static_mount, app.port, app.user, app.uid) == (
        "/var/log/chuoi",
        "/var/app/public",
        4000,
        "app",
        1000,
    )
    assert (web.upstream, web.upstream_port, web.root, web.port) == ("app", 4000, "/var/app/public", 80)
    # One worker for a quarter vCPU; eight connections for each of 512 MiB; 15 s more than the load balancer's 60.
    assert (web.workers, web.connections, web.nofile, web.keepalive) == (1, 4096, 65536, 75)
    assert (web.health_path, web.timeout, web.max_body_mib) == ("/system/healthcheck", 60, 16)
    assert (log.state, log.buffer_path, log.prefix) == ("/fluentd/log", "/fluentd/log/buffer", "chuoi-qa/")
    assert [(tail.path, tail.position_file, tail.tag) for tail in log.tails] == [
        ("/var/log/chuoi/*.log", "/fluentd/log/app-log.pos", "chuoi-qa.app-log")
    ]
    # 256 MiB at 4 MiB a second take 64 s, and 10 s to spare: less than the 120 s until the kill.
    assert (log.total_limit, log.flush_seconds, log.flush_at_shutdown) == (256, 74, True)


def test_the_buffer_of_fluentd_fits_into_a_short_stop() -> None:
    text = """\
volumes: { lines: {} }
containers:
  log: { build: { recipe: fluentd, tail: { lines: "*" }, s3: { bucket: b } }, stop_timeout: 20s, mounts: { lines: /l } }
"""
    log = small(text).containers["log"].build
    assert isinstance(log, FluentdPlan)
    assert (log.total_limit, log.flush_seconds, log.chunk_limit) == (40, 20, 8)


def test_connections_of_nginx_grow_with_the_task_and_end_at_half_of_nofile() -> None:
    text = "containers: { web: { build: { recipe: nginx }, ports: [80], ulimits: { nofile: 10000 } } }\n"
    web = small(text, task="cpu: 4 vCPU, memory: 8 GiB").containers["web"].build
    assert isinstance(web, NginxPlan)
    assert (web.workers, web.connections, web.nofile) == (4, 5000, 10000)


# Roles.


def allowed(plan: Plan, name: str) -> list[tuple[str, object, tuple[str, ...]]]:
    """Give the statements of a role's inline policy: id, actions, resources."""
    role = plan.role(name)
    assert role is not None
    statements = plan.policy(role).policy_document.statement.values()
    return [(statement.sid, statement.action, statement.resource) for statement in statements]


def test_roles_of_chuoi_may_do_what_the_spec_calls_for_and_no_more() -> None:
    plan = chuoi("prod")
    execution, task = plan.role("execution"), plan.role("task")
    assert execution is not None
    assert task is not None
    assert (execution.role_name, execution.made) == ("ecs-task-execution-role", True)
    (trusted,) = execution.assume_role_policy_document.statement.values()
    assert (trusted.principal, trusted.action) == ({"Service": "ecs-tasks.amazonaws.com"}, "sts:AssumeRole")
    assert execution.arn == "arn:aws:iam::999999999999:role/ecs-task-execution-role"
    assert execution.managed == ("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",)
    assert allowed(plan, "execution") == [
        (
            "ReadParameters",
            ("ssm:GetParameters",),
            ("arn:aws:ssm:ap-northeast-1:999999999999:parameter/chuoi/prod/secret-key-base",),
        )
    ]
    assert (task.role_name, task.managed, plan.policy(task).policy_name) == ("task-role", (), "chuoi-prod-task")
    assert allowed(plan, "task") == [
        ("WriteLogs", ("s3:PutObject",), ("arn:aws:s3:::hogehoge-log-bucket/chuoi-prod/*",))
    ]


def test_in_2018_the_build_read_the_secret_and_not_the_task() -> None:
    plan = chuoi("chuoi-2018")
    assert allowed(plan, "execution") == []
    assert plan.pipeline is not None
    assert plan.pipeline.parameters == {"SECRET_KEY_BASE": "/chuoi/qa/secret-key-base"}
    assert allowed(plan, "codebuild")[-1] == (
        "ReadParameters",
        ("ssm:GetParameters",),
        ("arn:aws:ssm:ap-northeast-1:999999999999:parameter/chuoi/qa/secret-key-base",),
    )
    assert (plan.pipeline.tag, plan.pipeline.first_tag) == ("latest", "latest")


def test_codebuild_pushes_to_these_repositories_only() -> None:
    plan = chuoi("qa")
    assert plan.pipeline is not None
    assert plan.project is not None
    statements = {sid: resources for sid, _, resources in allowed(plan, "codebuild")}
    repositories = "arn:aws:ecr:ap-northeast-1:999999999999:repository"
    logs = "arn:aws:logs:ap-northeast-1:999999999999:log-group:/aws/codebuild/chuoi-qa"
    assert statements == {
        "WriteBuildLog": (logs, f"{logs}:*"),
        "LogInToRegistry": ("*",),
        "PushImages": (f"{repositories}/chuoi-qa-app", f"{repositories}/chuoi-qa-web", f"{repositories}/chuoi-qa-log"),
        "ReadSource": ("arn:aws:s3:::chuoi-source/*",),
    }
    assert (plan.project.name, plan.pipeline.tag, plan.pipeline.first_tag) == ("chuoi-qa", None, "first")


def test_permissions_of_other_features() -> None:
    text = """\
volumes:
  files: { efs: { file_system_id: fs-1, authorization_config: { iam: true } } }
  more: { efs: { file_system_id: fs-2, authorization_config: { iam: true } } }
  open: { efs: { file_system_id: fs-3 } }
containers:
  app:
    image: private.example.com/app:1
    mounts: { files: /files, more: "/more:ro", open: /open }
    env_files: ["arn:aws:s3:::shop-env/qa.env"]
    repository_credentials: { secrets_manager: registry }
    secrets: { A: { ssm: /a }, B: { ssm: /a }, C: { secrets_manager: c } }
service: { enable_execute_command: true }
"""
    plan = small(text, task="task_role: arn:aws:iam::123456789012:role/x/shop")
    role = plan.role("task")
    assert role is not None
    assert (role.role_name, role.arn, role.made) == ("shop", "arn:aws:iam::123456789012:role/x/shop", False)
    assert allowed(plan, "task") == [
        (
            "MountFs1",
            ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
            ("arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1",),
        ),
        (
            "MountFs2",
            ("elasticfilesystem:ClientMount",),
            ("arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-2",),
        ),
        (
            "ExecuteCommand",
            (
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ),
            ("*",),
        ),
    ]
    assert [(sid, resources) for sid, _, resources in allowed(plan, "execution")] == [
        ("ReadParameters", ("arn:aws:ssm:eu-west-1:123456789012:parameter/a",)),
        ("ReadSecrets", ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:c-??????",)),
        ("ReadRegistryLogins", ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-??????",)),
        ("ReadEnvironmentFiles", ("arn:aws:s3:::shop-env/qa.env",)),
        ("LocateEnvironmentFiles", ("arn:aws:s3:::shop-env",)),
    ]


def test_a_role_that_is_not_written_is_not_planned() -> None:
    assert small(ONE).role("task") is None


# Groups, and who can reach whom.


def admitted(plan: Plan, role: str) -> list[tuple[object, int, str]]:
    """Give the rules of a group: source, port, and what they are for in words."""
    rules = [rule for group in plan.groups if group.role == role for rule in plan.rules(group)]
    return [(rule.source, rule.port, ENGLISH.text(rule.why)) for rule in rules]


def test_groups_of_chuoi_admit_only_themselves() -> None:
    plan = chuoi("qa")
    service, alb, redis = plan.groups
    assert (service.role, service.name, service.id, service.members) == (
        "service",
        "chuoi-qa-service",
        None,
        ("alb", "task"),
    )
    assert admitted(plan, "service") == [(Ref("security-group:service"), 80, "the load balancer reaches web")]
    assert (alb.name, alb.members) == ("chuoi-qa-alb", ("alb",))
    why = "internet reaches the load balancer"
    assert admitted(plan, "alb") == [("0.0.0.0/0", 80, why), ("0.0.0.0/0", 443, why)]
    assert (redis.id, redis.members) == ("sg-0f00000000000000f", ("task", "redis"))
    assert [group.name for group in chuoi("chuoi-2018").groups] == ["ecs-service", "ecs-alb", "sg-0f00000000000000f"]


def test_the_service_and_the_load_balancer_are_in_their_groups() -> None:
    plan = chuoi("qa")
    assert plan.service is not None
    assert plan.load_balancer is not None
    joined = plan.service.network_configuration.awsvpc_configuration.security_groups
    assert joined == (Ref("security-group:service"), Ref("security-group:redis"))
    assert plan.at(joined[0]) is None
    assert plan.at(joined[1]) == "sg-0f00000000000000f"
    assert plan.load_balancer.security_groups == (Ref("security-group:service"), Ref("security-group:alb"))


def intentions(plan: Plan) -> dict[tuple[str, str, int], bool]:
    return {
        (flow.source.name or flow.source.kind, flow.target.name or flow.target.kind, flow.port): flow.intended
        for flow in plan.flows.values()
    }


def test_who_can_reach_whom_in_chuoi() -> None:
    assert intentions(chuoi("qa")) == {
        ("internet", "alb", 80): True,
        ("internet", "alb", 443): True,
        ("alb", "web", 80): True,
        ("app", "redis", 6379): True,
        ("web", "app", 4000): True,
        # Nobody asked for these; the groups and the one network of a task let them through all the same.
        ("other-task", "web", 80): False,
        ("every-container", "alb", 80): False,
        ("web", "redis", 6379): False,
        ("log", "redis", 6379): False,
        ("app", "web", 80): False,
        ("log", "web", 80): False,
        ("log", "app", 4000): False,
    }


def test_a_service_without_a_load_balancer_is_reached_directly() -> None:
    plan = small(
        f"{ONE}{NETWORK}  allow: [{{ from: 10.0.0.0/8, to: app }}, {{ from: internet, to: app, ports: [8000] }}]\n"
    )
    (group,) = plan.groups
    assert (group.name, group.members) == ("shop-qa-service", ("task",))
    assert [(source, port) for source, port, _ in admitted(plan, "service")] == [
        ("10.0.0.0/8", 8000),
        ("0.0.0.0/0", 8000),
    ]
    assert list(intentions(plan)) == [("10.0.0.0/8", "app", 8000), ("internet", "app", 8000)]


def test_two_lines_that_ask_for_one_rule_make_one() -> None:
    allow = "{ from: 10.0.0.5/8, to: app }, { from: 10.0.0.0/8, to: app, ports: [8000] }"
    rules = admitted(small(f"{ONE}{NETWORK}  allow: [{allow}]\n"), "service")
    assert rules == [("10.0.0.5/8", 8000, "10.0.0.5/8 reaches app")]


@pytest.mark.parametrize(
    ("source", "member", "entry", "party"),
    [
        ("10.0.0.0/8", "IpRanges", {"CidrIp": "10.0.0.0/8"}, "addresses"),
        ("sg-0123456789abcdef0", "UserIdGroupPairs", {"GroupId": "sg-0123456789abcdef0"}, "group"),
        (
            "210987654321/sg-0123456789abcdef0",
            "UserIdGroupPairs",
            {"UserId": "210987654321", "GroupId": "sg-0123456789abcdef0"},
            "group",
        ),
        ("pl-63a5400a", "PrefixListIds", {"PrefixListId": "pl-63a5400a"}, "prefix-list"),
    ],
)
def test_a_source_has_the_member_of_its_kind(source: str, member: str, entry: dict[str, str], party: str) -> None:
    plan = small(f"{ONE}{NETWORK}  allow: [{{ from: {source}, to: app, ports: [8000] }}]\n")
    (rule,) = plan.every(IngressRule)
    (permission,) = plan.request(rule)["IpPermissions"]
    assert permission == {
        "IpProtocol": "tcp",
        "FromPort": 8000,
        "ToPort": 8000,
        member: [{"Description": f"{source} reaches app", **entry}],
    }
    assert [(flow.source.kind, flow.source.name) for flow in plan.flows.values() if flow.intended] == [(party, source)]


def test_a_line_put_first_changes_one_resource_and_nothing_else() -> None:
    allow = "{ from: 192.0.2.0/24, to: app }, { from: internet, to: app }, { from: sg-0123456789abcdef0, to: app }"
    before = small(f"{ONE}{NETWORK}  allow: [{allow}]\n")
    after = small(f"{ONE}{NETWORK}  allow: [{{ from: 198.51.100.0/24, to: app }}, {allow}]\n")
    added = after.resources.keys() - before.resources.keys()
    assert added == {"security-group:service:ingress:8000-198.51.100.0-24"}
    assert {key: after.resources[key] for key in before.resources} == dict(before.resources)
    assert {key: flow for key, flow in after.flows.items() if "198.51.100.0/24" not in key} == dict(before.flows)
    assert after.replaced(resources={}, flows={}) == before.replaced(resources={}, flows={})


def test_without_a_network_there_are_no_groups_and_no_service() -> None:
    plan = small(ONE)
    assert (plan.groups, plan.flows, plan.service, plan.load_balancer, plan.autoscaling) == ((), {}, None, None, None)
    assert (plan.pipeline, plan.budgets, plan.cutover, plan.vpc) == (None, {}, None, None)


# Load balancer, service, scaling.


def test_the_load_balancer_of_chuoi() -> None:
    plan = chuoi("prod")
    balancer, target = plan.load_balancer, plan.target_group
    assert balancer is not None
    assert target is not None
    assert (balancer.name, target.name, balancer.scheme) == ("chuoi-prod-alb", "chuoi-prod-web", "internet-facing")
    assert (target.container, target.port, target.health_check_path) == ("web", 80, "/system/healthcheck")
    assert (target.health_check_interval_seconds, target.health_check_timeout_seconds) == (30, 5)
    assert (target.healthy_threshold_count, target.unhealthy_threshold_count) == (3, 3)
    assert balancer.subnets == ("subnet-0c00000000000000c", "subnet-0d00000000000000d")
    assert (balancer.idle_timeout, target.deregistration_delay) == (60, 60)
    http, https = plan.listeners
    assert (http.port, http.protocol, http.certificate, http.ssl_policy) == (80, "HTTP", None, None)
    assert http.action == Action("redirect", None, Redirect("HTTPS", "443", None, None, None, "HTTP_301"))
    assert (https.port, https.protocol, https.certificate) == (443, "HTTPS", CERTIFICATE)
    assert https.action == Action("forward", Ref("target-group"))


def test_an_internal_load_balancer_without_a_certificate() -> None:
    text = (
        f"{ONE.replace('ports', 'stop_timeout: 90s, ports')}{NETWORK}load_balancer: {{ target: app, internal: true }}\n"
    )
    plan = small(text)
    balancer, target = plan.load_balancer, plan.target_group
    assert balancer is not None
    assert target is not None
    assert (balancer.scheme, balancer.subnets) == ("internal", ("subnet-1", "subnet-2"))
    (http,) = plan.listeners
    assert (http.port, http.protocol, http.action.type) == (80, "HTTP", "forward")
    assert (target.port, target.health_check_path, target.matcher.http_code) == (8000, "/", "200")
    assert target.deregistration_delay == 60  # as long as an answer may take, whatever the stop timeout is


def test_the_service_of_chuoi() -> None:
    plan = chuoi("prod")
    service = plan.service
    assert service is not None
    assert (plan.at(service.cluster), service.service_name, service.desired_count) == ("chuoi", "chuoi-prod", 4)
    rollout = service.deployment_configuration
    assert (rollout.minimum_healthy_percent, rollout.maximum_percent) == (100, 200)
    assert (rollout.deployment_circuit_breaker.enable, rollout.deployment_circuit_breaker.rollback) == (True, True)
    assert (service.health_check_grace_period_seconds, service.platform_version) == (60, "1.4.0")
    network = service.network_configuration.awsvpc_configuration
    assert network.subnets == ("subnet-0a00000000000000a", "subnet-0b00000000000000b")
    assert network.assign_public_ip == "DISABLED"
    scaling = plan.autoscaling
    assert scaling is not None
    assert (scaling.resource_id, scaling.min_capacity, scaling.max_capacity) == ("service/chuoi/chuoi-prod", 4, 16)
    (policy,) = plan.scaling_policies
    kept = policy.target_tracking_scaling_policy_configuration
    assert (policy.policy_name, kept.target_value) == ("chuoi-prod-cpu", 60)
    assert kept.predefined_metric_specification is not None
    assert kept.predefined_metric_specification.predefined_metric_type == "ECSServiceAverageCPUUtilization"
    assert chuoi("qa").autoscaling is None


def test_a_network_alone_gives_one_task_in_private_subnets() -> None:
    service = small(ONE + NETWORK).service
    assert service is not None
    assert (service.desired_count, service.health_check_grace_period_seconds) == (1, None)
    network = service.network_configuration.awsvpc_configuration
    assert (network.subnets, network.security_groups) == (("subnet-1", "subnet-2"), (Ref("security-group:service"),))
    public = small(
        f"{ONE}{NETWORK}service: {{ assign_public_ip: true, capacity_provider_strategy: {{ fargate_spot: 3, base: 1 }} }}\n"
    ).service
    assert public is not None
    assert public.network_configuration.awsvpc_configuration.subnets == ("subnet-3", "subnet-4")
    assert public.capacity_provider_strategy["FARGATE_SPOT"] == CapacityProvider("FARGATE_SPOT", 3, 0)


@pytest.mark.parametrize(("percent", "expected"), [(100, "DISABLED"), (150, "ENABLED")])
def test_ecs_moves_tasks_between_zones_where_more_than_the_desired_ones_may_run(percent: int, expected: str) -> None:
    deployment = f"service: {{ deployment: {{ minimum_healthy_percent: 0, maximum_percent: {percent} }} }}\n"
    service = small(ONE + NETWORK + deployment).service
    assert service is not None
    assert service.availability_zone_rebalancing == expected


# Connections and the cutover.


@pytest.mark.parametrize(
    ("stage", "tasks", "rolling_tasks", "steady", "rolling"),
    # prod: at most 16 tasks, and during a deployment of 200 % twice as many, each with a pool of 1000
    [("qa", 1, 2, 1000, 2000), ("prod", 16, 32, 16000, 32000), ("chuoi-2018", 1, 2, 1000, 2000)],
)
def test_connections_of_chuoi(stage: str, tasks: int, rolling_tasks: int, steady: int, rolling: int) -> None:
    (budget,) = chuoi(stage).budgets.values()
    assert (budget.backend, budget.per_task, budget.limit) == ("redis", 1000, 65000)
    assert (budget.tasks, budget.rolling_tasks, budget.steady, budget.rolling) == (
        tasks,
        rolling_tasks,
        steady,
        rolling,
    )


@pytest.mark.parametrize(
    ("service", "tasks", "rolling"),
    [
        ("desired_count: 3, deployment: { maximum_percent: 150 }", 3, 4),
        ("desired_count: 3, deployment: { minimum_healthy_percent: 0, maximum_percent: 100 }", 3, 3),
        ("desired_count: 10, autoscaling: { min: 1, max: 5, cpu: 50 }", 10, 20),
        ("desired_count: 1, autoscaling: { min: 1, max: 5, cpu: 50 }", 5, 10),
    ],
)
def test_the_most_tasks_that_run_at_a_time(service: str, tasks: int, rolling: int) -> None:
    backend = "backends: { db: { host: db, port: 1, pool: { container: app, variable: POOL, size: 10 } } }\n"
    (budget,) = small(f"{ONE}{NETWORK}{backend}service: {{ {service} }}\n").budgets.values()
    assert (budget.tasks, budget.rolling_tasks) == (tasks, rolling)
    assert (budget.steady, budget.rolling, budget.limit) == (tasks * 10, rolling * 10, None)


def test_the_cutover_of_chuoi_step_by_step() -> None:
    cutover = chuoi("prod").cutover
    assert cutover is not None
    assert (cutover.predecessor, cutover.backend, cutover.variable, cutover.limit) == (
        "elastic-beanstalk",
        "redis",
        "REDIS_CONNECTION_SIZE",
        65000,
    )
    # old instances, their pool, tasks, their pool → connections after the step, and at most during it
    assert [
        (step.number, step.old_instances, step.old_pool, step.tasks, step.task_pool, step.total, step.peak)
        for step in cutover.steps.values()
    ] == [
        (1, 6, 500, 0, 0, 3000, 6000),  # 6 x 500; before it was 6 x 1000
        (2, 6, 500, 0, 500, 3000, 3000),  # nothing runs yet
        (3, 6, 500, 4, 500, 5000, 5000),  # 3000 + 4 x 500
        (4, 6, 500, 4, 500, 5000, 5000),  # only traffic moves
        (5, 1, 500, 4, 500, 2500, 5000),  # 500 + 4 x 500
        (6, 1, 500, 4, 1000, 4500, 6500),  # 500 + 4 x 1000, and the 4 old tasks x 500 while they are replaced
    ]
    assert chuoi("qa").cutover is None


def test_a_pool_of_one_is_not_halved_to_nothing() -> None:
    text = f"""\
{ONE}{NETWORK}
backends: {{ db: {{ host: db, port: 1, max_connections: 9, pool: {{ container: app, variable: POOL, size: 1 }} }} }}
cutover: {{ from: {{ name: old, instances: 1, pool: 1 }} }}
"""
    cutover = small(text).cutover
    assert cutover is not None
    assert [(step.old_pool, step.task_pool, step.total) for step in cutover.steps.values()] == [
        (1, 0, 1),
        (1, 1, 1),
        (1, 1, 2),
        (1, 1, 2),
        (1, 1, 2),
        (1, 1, 2),
    ]
