"""network/reachability.md: the matrix, the ways behind it, the groups, and what a missing network leaves."""

from __future__ import annotations

from chuoigen.artifacts import reachability
from tests.artifacts.plans import plan_of

SPEC = """
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
containers:
  app: { image: "example/app:1", ports: [4000, 4001/udp] }
  web: { build: { recipe: nginx, upstream: app }, ports: [80] }
backends:
  redis: { host: redis.example.com, port: 6379, security_group: sg-0123456789abcdef0 }
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0a], public: [subnet-0b, subnet-0c] }
  allow:
    - { from: internet, to: alb, ports: [80, 443] }
    - { from: alb, to: web }
    - { from: app, to: redis }
load_balancer: { target: web }
"""

ALONE = """
chuoigen: 1
name: alone
aws: { account: "123456789012", region: eu-west-1 }
containers: { app: { image: "example/app:1", ports: [4000] } }
"""


def page(text: str = SPEC) -> str:
    (made,) = reachability.render(plan_of(text))
    assert made.path == "network/reachability.md"
    return made.text


def section(text: str, title: str) -> list[str]:
    """Return the rows of the table below a heading."""
    below = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [line for line in below.splitlines() if line.startswith("| ")][1:]


def test_the_matrix_marks_what_nobody_asked_for() -> None:
    matrix = page().split("|---|")[0].splitlines()[-1], *page().split("|---|\n")[1].split("\n\n")[0].splitlines()
    assert matrix == (
        "| from ↓ to → | load balancer | app | web | redis |",
        "| internet | **80**, **443** |  |  |  |",
        "| load balancer |  |  | **80** |  |",
        "| app |  |  | (80) | **6379** |",
        "| web |  | **4000**, (4001/udp) |  | (6379) |",
        "| another task of the service |  |  | (80) |  |",
        "| every container | (80) |  |  |  |",
    )


def test_each_way_says_through_what_and_why() -> None:
    text = page()
    assert "| app | redis | 6379/tcp | `sg-0123456789abcdef0` | app may reach redis |" in section(text, "Intended")
    assert section(text, "Incidental") == [
        "| another task of the service | web | 80/tcp | `shop-service` | the group admits each of its members, and all tasks are members |",
        "| every container | load balancer | 80/tcp | `shop-service` | the load balancer is a member of the group as well and listens on this port |",
        "| web | redis | 6379/tcp | `sg-0123456789abcdef0` | a task has one set of groups for all its containers |",
        "| app | web | 80/tcp | `127.0.0.1` | all containers of a task share one network |",
        "| web | app | 4001/udp | `127.0.0.1` | all containers of a task share one network |",
    ]


def test_every_way_of_the_plan_stands_in_one_of_the_lists() -> None:
    plan, text = plan_of(SPEC), page()
    assert len(section(text, "Intended")) + len(section(text, "Incidental")) == len(plan.flows) == 10


def test_tasks_of_a_service_reach_each_other_where_that_is_allowed() -> None:
    text = SPEC.replace("allow:\n", "allow:\n    - { from: app, to: app }\n", 1)
    plan = plan_of(text)
    assert "security-group:service:ingress:4000" in plan.resources
    rows = section("".join(file.text for file in reachability.render(plan)), "Intended")
    assert any(row.startswith("| another task of the service | app | 4000/tcp |") for row in rows)


def test_a_file_system_is_where_tasks_must_get_to() -> None:
    text = SPEC.replace(
        "containers:\n", "volumes: { f: { efs: { file_system_id: fs-0123456789abcdef0 } } }\ncontainers:\n", 1
    )
    page_text = "".join(file.text for file in reachability.render(plan_of(text)))
    assert "port 2049 to the file system `fs-0123456789abcdef0`." in page_text


def test_groups_say_who_made_them_what_they_admit_and_who_is_in_them() -> None:
    groups = page().split("\n### ")[1:]
    assert [group.splitlines()[0] for group in groups] == ["shop-service", "shop-alb", "sg-0123456789abcdef0"]
    assert "Made by `scripts/05-security-groups.sh`." in groups[0]
    assert "| the group itself | 80/tcp | the load balancer reaches web |\n" in groups[0]
    assert "Members: `load balancer`, `task`." in groups[0]
    assert "| `0.0.0.0/0` | 443/tcp | internet reaches the load balancer |\n" in groups[1]
    assert "Exists already" in groups[2]
    assert "Members: `task`, `redis`." in groups[2]


def test_what_may_leave_names_what_the_task_needs() -> None:
    assert "port 443 to the registries of the images, CloudWatch Logs, port 6379 to redis." in page()


def test_a_group_without_rules_admits_nobody() -> None:
    worker = ALONE + "network: { vpc: vpc-0123456789abcdef0, subnets: { private: [subnet-0a] } }\n"
    assert "It admits nobody." in page(worker)


def test_a_single_container_without_network_has_no_page() -> None:
    assert reachability.render(plan_of(ALONE)) == ()


def test_containers_without_network_still_reach_each_other() -> None:
    text = page(ALONE.replace("app:", 'other: { image: "example/other:1" }, app:', 1))
    assert "| other | (4000) |" in text
    assert "## Security groups" not in text


def test_the_endpoints_that_tasks_need_are_listed() -> None:
    said = "Subnets without a way out need VPC endpoints in its place: `ecr.api`, `ecr.dkr`, `logs`, `s3`."
    assert said in page()
    assert "No endpoint leads to `docker.io`" in page()
    secret = SPEC.replace(
        'image: "example/app:1"',
        'image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1", secrets: { A: { ssm: /a } }',
    )
    shell = f"{secret}service: {{ enable_execute_command: true }}\n"
    assert "`ecr.api`, `ecr.dkr`, `logs`, `ssm`, `ssmmessages`, `s3`." in page(shell)
    assert "No endpoint leads" not in page(shell)


JOBS = (
    SPEC.replace("app: { image", "app: { depends_on: { agent: start }, image")
    .replace("containers:\n", 'containers:\n  agent: { image: "example/agent:1", ports: [9000], essential: false }\n')
    .replace("    - { from: app, to: redis }", "    - { from: app, to: redis }\n    - { from: 10.0.0.0/8, to: agent }")
    + """
jobs:
  migrate: { container: app, before: deploy }
  warm: { container: web }
"""
)


def test_a_job_reaches_what_the_groups_of_the_service_reach() -> None:
    text = page(JOBS)
    intended, incidental = section(text, "Intended"), section(text, "Incidental")
    assert [row for row in intended if row.startswith("| job ")] == [
        "| job migrate | redis | 6379/tcp | `sg-0123456789abcdef0` | app may reach redis |"
    ]
    assert [row.split(" | ")[:3] for row in incidental if row.startswith("| job ")] == [
        ["| job migrate", "web", "80/tcp"],
        ["| job migrate", "load balancer", "80/tcp"],
        ["| job warm", "web", "80/tcp"],
        ["| job warm", "load balancer", "80/tcp"],
        ["| job warm", "redis", "6379/tcp"],
    ]


def test_nothing_reaches_a_job_but_what_stands_beside_its_container() -> None:
    text = page(JOBS)
    to_jobs = [row.split(" | ")[:3] for row in section(text, "Incidental") if row.split(" | ")[1].startswith("job ")]
    assert to_jobs == [["| 10\\.0.0.0/8", "job migrate", "9000/tcp"]]
    assert not [row for row in section(text, "Intended") if row.split(" | ")[1].startswith("job ")]
    assert "- migrate starts `agent` beside its own container; the groups admit on port 9000 there" in text
    assert "- warm" not in text


def test_the_groups_of_the_task_have_the_jobs_as_members() -> None:
    assert "Members: `load balancer`, `task`, `job migrate`, `job warm`.\n" in page(JOBS)
    assert "Members: `load balancer`.\n" in page(JOBS)


def test_a_spec_without_jobs_says_nothing_of_them() -> None:
    assert "job" not in page().lower()
