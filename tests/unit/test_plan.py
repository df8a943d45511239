"""What is decided: names, permissions, groups and sums, worked out by hand from the specs and what Chuoi needs."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.show import leaves
from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.plan.origins import origin
from chuoigen.plan.surroundings import CapacityPlan, ListenerPlan, PolicyPlan, RulePlan, Statement
from chuoigen.recipes.fluentd.planning import FluentdPlan
from chuoigen.recipes.nginx.planning import NginxPlan
from chuoigen.recipes.phoenix.planning import PhoenixPlan
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
    assert (plan.task.platform, plan.task.architecture) == ("linux/amd64", "X86_64")
    assert plan.timezone == "Asia/Tokyo"


def test_without_a_stage_names_begin_with_the_name_alone() -> None:
    plan = small(ONE + NETWORK, stage="")
    assert (plan.prefix, plan.task.family) == ("shop", "shop")
    assert plan.service is not None
    assert (plan.service.cluster, plan.service.name) == ("shop", "shop")
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
        f'chuoigen: 1\nname: shop\naws: {{ account: "123456789012", region: {region} }}\ntask: {{ role: a/b }}\n{ONE}'
    )
    assert (plan.partition, plan.registry) == (partition, registry)
    assert plan.task.role is not None
    assert plan.task.role.arn == f"arn:{partition}:iam::123456789012:role/a/b"


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
    assert (app.cpu, app.memory, app.user, app.read_only, app.init) == (None, None, None, False, False)
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
    assert plan.task.execution_role is not None
    (statement,) = plan.task.execution_role.statements
    assert statement.resources == (secret.resource,)


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


def test_roles_of_chuoi_may_do_what_the_spec_calls_for_and_no_more() -> None:
    execution, task = chuoi("prod").task.execution_role, chuoi("prod").task.role
    assert execution is not None
    assert task is not None
    assert (execution.name, execution.made, execution.trusts) == (
        "ecs-task-execution-role",
        True,
        "ecs-tasks.amazonaws.com",
    )
    assert execution.arn == "arn:aws:iam::999999999999:role/ecs-task-execution-role"
    assert execution.managed == ("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",)
    assert execution.statements == (
        Statement(
            "ReadParameters",
            ("ssm:GetParameters",),
            ("arn:aws:ssm:ap-northeast-1:999999999999:parameter/chuoi/prod/secret-key-base",),
        ),
    )
    assert (task.name, task.managed, task.policy_name) == ("task-role", (), "chuoi-prod-task")
    assert task.statements == (
        Statement("WriteLogs", ("s3:PutObject",), ("arn:aws:s3:::hogehoge-log-bucket/chuoi-prod/*",)),
    )


def test_in_2018_the_build_read_the_secret_and_not_the_task() -> None:
    plan = chuoi("chuoi-2018")
    assert plan.task.execution_role is not None
    assert plan.task.execution_role.statements == ()
    assert plan.pipeline is not None
    assert plan.pipeline.parameters == (("SECRET_KEY_BASE", "/chuoi/qa/secret-key-base"),)
    assert plan.pipeline.role.statements[-1] == Statement(
        "ReadParameters",
        ("ssm:GetParameters",),
        ("arn:aws:ssm:ap-northeast-1:999999999999:parameter/chuoi/qa/secret-key-base",),
    )
    assert (plan.pipeline.tag, plan.pipeline.first_tag) == ("latest", "latest")


def test_codebuild_pushes_to_these_repositories_only() -> None:
    pipeline = chuoi("qa").pipeline
    assert pipeline is not None
    statements = {statement.sid: statement.resources for statement in pipeline.role.statements}
    repositories = "arn:aws:ecr:ap-northeast-1:999999999999:repository"
    logs = "arn:aws:logs:ap-northeast-1:999999999999:log-group:/aws/codebuild/chuoi-qa"
    assert statements == {
        "WriteBuildLog": (logs, f"{logs}:*"),
        "LogInToRegistry": ("*",),
        "PushImages": (f"{repositories}/chuoi-qa-app", f"{repositories}/chuoi-qa-web", f"{repositories}/chuoi-qa-log"),
        "ReadSource": ("arn:aws:s3:::chuoi-source/*",),
    }
    assert (pipeline.project, pipeline.tag, pipeline.first_tag) == ("chuoi-qa", None, "first")


def test_permissions_of_other_features() -> None:
    text = """\
volumes:
  files: { efs: { file_system: fs-1, iam: true } }
  more: { efs: { file_system: fs-2, iam: true } }
  open: { efs: { file_system: fs-3 } }
containers:
  app:
    image: private.example.com/app:1
    mounts: { files: /files, more: "/more:ro", open: /open }
    env_files: ["arn:aws:s3:::shop-env/qa.env"]
    registry_credentials: { secrets_manager: registry }
    secrets: { A: { ssm: /a }, B: { ssm: /a }, C: { secrets_manager: c } }
service: { exec: true }
"""
    task = small(text, task="role: arn:aws:iam::123456789012:role/x/shop").task
    assert task.role is not None
    assert (task.role.name, task.role.arn, task.role.made) == ("shop", "arn:aws:iam::123456789012:role/x/shop", False)
    assert [(statement.sid, statement.actions, statement.resources) for statement in task.role.statements] == [
        (
            "MountFileSystem",
            ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
            ("arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1",),
        ),
        (
            "MountMore",
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
    assert task.execution_role is not None
    assert [(statement.sid, statement.resources) for statement in task.execution_role.statements] == [
        ("ReadParameters", ("arn:aws:ssm:eu-west-1:123456789012:parameter/a",)),
        ("ReadSecrets", ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:c-??????",)),
        ("ReadRegistryLogins", ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-??????",)),
        ("ReadEnvironmentFiles", ("arn:aws:s3:::shop-env/qa.env",)),
        ("LocateEnvironmentFiles", ("arn:aws:s3:::shop-env",)),
    ]


def test_a_role_that_is_not_written_is_not_planned() -> None:
    assert small(ONE).task.role is None


# Groups, and who can reach whom.


def test_groups_of_chuoi_admit_only_themselves() -> None:
    service, alb, redis = chuoi("qa").groups
    assert (service.key, service.name, service.id, service.members) == (
        "service",
        "chuoi-qa-service",
        None,
        ("alb", "task"),
    )
    assert service.rules == (RulePlan("self", 80, "tcp", "the load balancer reaches web"),)
    assert (alb.name, alb.members) == ("chuoi-qa-alb", ("alb",))
    assert [(rule.source, rule.port) for rule in alb.rules] == [("0.0.0.0/0", 80), ("0.0.0.0/0", 443)]
    assert (redis.id, redis.reference, redis.members) == (
        "sg-0f00000000000000f",
        "sg-0f00000000000000f",
        ("task", "redis"),
    )
    assert [group.name for group in chuoi("chuoi-2018").groups] == ["ecs-service", "ecs-alb", "sg-0f00000000000000f"]


def test_the_service_and_the_load_balancer_are_in_their_groups() -> None:
    plan = chuoi("qa")
    assert plan.service is not None
    assert plan.load_balancer is not None
    assert plan.service.groups == ("@security-group:service@", "sg-0f00000000000000f")
    assert plan.load_balancer.groups == ("@security-group:service@", "@security-group:alb@")


def test_who_can_reach_whom_in_chuoi() -> None:
    ways = {(reach.source, reach.target, reach.port): reach.intended for reach in chuoi("qa").reach}
    assert ways == {
        ("internet", "alb", 80): True,
        ("internet", "alb", 443): True,
        ("alb", "web", 80): True,
        ("app", "redis", 6379): True,
        ("web", "app", 4000): True,
        # Nobody asked for these; the groups and the one network of a task let them through all the same.
        ("another task of the service", "web", 80): False,
        ("every container", "alb", 80): False,
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
    assert [(rule.source, rule.port) for rule in group.rules] == [("10.0.0.0/8", 8000), ("0.0.0.0/0", 8000)]
    assert [(reach.source, reach.target, reach.port) for reach in plan.reach] == [
        ("10.0.0.0/8", "app", 8000),
        ("internet", "app", 8000),
    ]


def test_without_a_network_there_are_no_groups_and_no_service() -> None:
    plan = small(ONE)
    assert (plan.groups, plan.reach, plan.service, plan.load_balancer, plan.autoscaling) == ((), (), None, None, None)
    assert (plan.pipeline, plan.budgets, plan.cutover, plan.vpc) == (None, (), None, None)


# Load balancer, service, scaling.


def test_the_load_balancer_of_chuoi() -> None:
    balancer = chuoi("prod").load_balancer
    assert balancer is not None
    assert (balancer.name, balancer.target_group, balancer.scheme) == (
        "chuoi-prod-alb",
        "chuoi-prod-web",
        "internet-facing",
    )
    assert (balancer.container, balancer.port, balancer.path) == ("web", 80, "/system/healthcheck")
    assert (balancer.interval, balancer.timeout, balancer.healthy, balancer.unhealthy) == (30, 5, 3, 3)
    assert balancer.subnets == ("subnet-0c00000000000000c", "subnet-0d00000000000000d")
    assert (balancer.idle_timeout, balancer.deregistration_delay) == (60, 30)
    http, https = balancer.listeners
    assert http == ListenerPlan(80, "HTTP", "redirect", None, None)
    assert (https.port, https.protocol, https.action, https.certificate) == (443, "HTTPS", "forward", CERTIFICATE)


def test_an_internal_load_balancer_without_a_certificate() -> None:
    text = (
        f"{ONE.replace('ports', 'stop_timeout: 90s, ports')}{NETWORK}load_balancer: {{ target: app, internal: true }}\n"
    )
    balancer = small(text).load_balancer
    assert balancer is not None
    assert (balancer.scheme, balancer.subnets) == ("internal", ("subnet-1", "subnet-2"))
    assert balancer.listeners == (ListenerPlan(80, "HTTP", "forward", None, None),)
    assert (balancer.port, balancer.path, balancer.matcher, balancer.deregistration_delay) == (8000, "/", "200", 90)


def test_the_service_of_chuoi() -> None:
    service = chuoi("prod").service
    assert service is not None
    assert (service.cluster, service.name, service.desired_count) == ("chuoi", "chuoi-prod", 4)
    assert (service.min_percent, service.max_percent, service.circuit_breaker) == (100, 200, True)
    assert (service.grace_period, service.platform_version, service.public_ip) == (60, "1.4.0", False)
    assert service.subnets == ("subnet-0a00000000000000a", "subnet-0b00000000000000b")
    scaling = chuoi("prod").autoscaling
    assert scaling is not None
    assert (scaling.resource, scaling.minimum, scaling.maximum) == ("service/chuoi/chuoi-prod", 4, 16)
    assert scaling.policies == (PolicyPlan("chuoi-prod-cpu", "ECSServiceAverageCPUUtilization", 60),)
    assert chuoi("qa").autoscaling is None


def test_a_network_alone_gives_one_task_in_private_subnets() -> None:
    service = small(ONE + NETWORK).service
    assert service is not None
    assert (service.desired_count, service.grace_period, service.groups) == (1, None, ("@security-group:service@",))
    assert service.subnets == ("subnet-1", "subnet-2")
    public = small(f"{ONE}{NETWORK}service: {{ public_ip: true, capacity: {{ spot: 3, base: 1 }} }}\n").service
    assert public is not None
    assert public.subnets == ("subnet-3", "subnet-4")
    assert CapacityPlan("FARGATE_SPOT", 3, 0) in public.capacity


# Connections and the cutover.


@pytest.mark.parametrize(
    ("stage", "tasks", "rolling_tasks", "steady", "rolling"),
    # prod: at most 16 tasks, and during a deployment of 200 % twice as many, each with a pool of 1000
    [("qa", 1, 2, 1000, 2000), ("prod", 16, 32, 16000, 32000), ("chuoi-2018", 1, 2, 1000, 2000)],
)
def test_connections_of_chuoi(stage: str, tasks: int, rolling_tasks: int, steady: int, rolling: int) -> None:
    (budget,) = chuoi(stage).budgets
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
        ("desired_count: 3, deployment: { max_percent: 150 }", 3, 4),
        ("desired_count: 3, deployment: { min_percent: 0, max_percent: 100 }", 3, 3),
        ("desired_count: 10, autoscaling: { min: 1, max: 5, cpu: 50 }", 10, 20),
        ("desired_count: 1, autoscaling: { min: 1, max: 5, cpu: 50 }", 5, 10),
    ],
)
def test_the_most_tasks_that_run_at_a_time(service: str, tasks: int, rolling: int) -> None:
    backend = "backends: { db: { host: db, port: 1, pool: { container: app, variable: POOL, size: 10 } } }\n"
    (budget,) = small(f"{ONE}{NETWORK}{backend}service: {{ {service} }}\n").budgets
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
        for step in cutover.steps
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
    assert [(step.old_pool, step.task_pool, step.total) for step in cutover.steps] == [
        (1, 0, 1),
        (1, 1, 1),
        (1, 1, 2),
        (1, 1, 2),
        (1, 1, 2),
        (1, 1, 2),
    ]


# Where everything comes from.

SPECS = [
    *(f"spec/{path.name}" for path in sorted((ROOT / "spec").glob("*.yaml"))),
    *(f"tests/cases/{path.parent.name}/spec.yaml" for path in sorted((ROOT / "tests" / "cases").glob("*/spec.yaml"))),
]


@pytest.mark.parametrize("file", SPECS)
def test_every_value_of_every_plan_has_an_origin(file: str) -> None:
    plan = judge(load(ROOT / file)).plan
    for path, _ in leaves(plan) if plan else ():
        found = origin(path)
        assert found.keys or found.why


def test_a_path_that_no_plan_has_is_an_error() -> None:
    with pytest.raises(KeyError, match="colour"):
        origin(("colour",))
    with pytest.raises(KeyError, match=r"task\.colour"):
        origin(("task", "colour"))
