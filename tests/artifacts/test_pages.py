"""README.md of the output: every file with its reason, what must exist by its exact name, the order of the scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chuoigen import artifacts
from chuoigen.artifacts import pages
from chuoigen.inputs.load import load
from chuoigen.plan import Plan, plan
from tests.artifacts.plans import plan_of

ROOT = Path(__file__).parents[2]

SMALL = """
chuoigen: 1
name: small
aws: { account: "123456789012", region: eu-west-1 }
containers: { app: { image: "example/app:1" } }
"""

SHOP = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 0.5 vCPU, memory: 1 GiB, execution_role: "arn:aws:iam::123456789012:role/exec", platform: linux/arm64 }
volumes: { data: { efs: { file_system_id: fs-0123456789abcdef0, root_directory: /data } }, spool: {} }
containers:
  app:
    build: { dockerfile: Dockerfile }
    ports: [8080, 5353/udp]
    mounts: { data: /data, spool: "/spool:ro" }
    secrets: { KEY: { ssm: /shop/key }, TOKEN: { secrets_manager: shop/token } }
  side: { image: "example/side:1", essential: false, mounts: { spool: /spool }, secrets: { TOKEN: { ssm: /shop/other } } }
backends:
  postgres: { host: db.example.com, port: 5432, max_connections: 500, pool: { container: app, variable: P, size: 10 } }
  redis: { host: redis.example.com, port: 6379, security_group: sg-0123456789abcdef0 }
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0a], public: [subnet-0b, subnet-0c] }
  allow:
    - { from: internet, to: alb, ports: [80, 443] }
    - { from: alb, to: app, ports: [8080] }
    - { from: app, to: postgres }
    - { from: app, to: redis }
load_balancer: { target: app, certificate: "arn:aws:acm:eu-west-1:123456789012:certificate/1" }
service: { cluster: shops, desired_count: 2 }
pipeline: { source_bucket: shop-source }
"""


def readme(made: Plan, *paths: str) -> str:
    (page,) = pages.render(made, paths)
    assert page.path == "README.md"
    return page.text


def files(text: str) -> dict[str, str]:
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \|$", text.split("\n## Files\n")[1], re.MULTILINE)
    return dict(rows)


def plans() -> dict[str, Plan]:
    loaded = {name: load(str(ROOT / f"spec/{name}.yaml")) for name in ("qa", "prod", "chuoi-2018")}
    chuoi = {name: plan(each.spec, each.project) for name, each in loaded.items() if each.spec is not None}
    return {**chuoi, "small": plan_of(SMALL), "shop": plan_of(SHOP)}


@pytest.mark.parametrize("name", ["qa", "prod", "chuoi-2018", "small", "shop"])
def test_every_generated_file_is_listed_with_a_reason(name: str) -> None:
    tree = artifacts.render(plans()[name])
    listed = files(tree["README.md"].text)
    assert sorted(listed) == sorted([*tree, "manifest.json"])
    assert [path for path, why in listed.items() if not why] == []


@pytest.mark.parametrize("name", ["qa", "prod", "chuoi-2018", "small", "shop"])
def test_pages_link_to_what_is_there_and_tables_are_whole(name: str) -> None:
    tree = artifacts.render(plans()[name])
    for path in (path for path in tree if path.endswith(".md")):
        text = tree[path].text
        assert [link for link in re.findall(r"\]\(([^)]+)\)", text) if link not in tree] == []
        assert not re.search(r"\n\n\n", text), path
        for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table


def test_scripts_stand_in_the_order_of_their_numbers() -> None:
    text = readme(
        plan_of(SHOP),
        "scripts/08-cluster-and-service.sh",
        "scripts/00-preflight.sh",
        "scripts/lib.sh",
        "scripts/deploy.sh",
    )
    assert re.findall(r"^\| `sh (scripts/[^`]+)`", text, re.MULTILINE) == [
        "scripts/00-preflight.sh",
        "scripts/08-cluster-and-service.sh",
    ]
    assert "`sh scripts/deploy.sh [IMAGE_TAG]`" in text


def test_what_must_be_there_is_named_exactly() -> None:
    wanted = (
        readme(plan_of(SHOP), "scripts/04-logs-and-parameters.sh")
        .split("## What must be there first")[1]
        .split("\n## ")[0]
    )
    assert [line for line in wanted.splitlines() if line.startswith("- ")] == [
        "- the AWS CLI, version 2, with credentials for account `123456789012`, and Docker, and Git",
        "- the VPC `vpc-0123456789abcdef0` with the subnets `subnet-0a`, `subnet-0b`, `subnet-0c`",
        "- the security group `sg-0123456789abcdef0`, which `redis` is in",
        "- the certificate `arn:aws:acm:eu-west-1:123456789012:certificate/1`, issued",
        "- the roles `arn:aws:iam::123456789012:role/exec`; whoever owns `exec` must attach `iam/execution-policy.json` to it",
        "- for the first cluster of an account: the right `iam:CreateServiceLinkedRole`, by which AWS makes its own role",
        "- the S3 buckets `shop-source`",
        "- the file systems `fs-0123456789abcdef0`, with a mount target in each subnet's zone that admits the task on 2049",
        "- the images `example/side:1`, which are not built here",
        "- the parameter `/shop/key`, read by app as KEY (`scripts/04-logs-and-parameters.sh --ask` makes it)",
        "- the secret `shop/token`, read by app as TOKEN (`scripts/04-logs-and-parameters.sh --ask` makes it)",
        "- the parameter `/shop/other`, read by side as TOKEN (`scripts/04-logs-and-parameters.sh --ask` makes it)",
    ]


def test_tables_describe_the_service() -> None:
    text = readme(plan_of(SHOP))
    assert "| task | `shop-qa`: 0.5 vCPU, 1 GiB, `linux/arm64` |\n" in text
    assert "| service | `shop-qa` in cluster `shops`, 2 tasks |\n" in text
    assert "| 8080/tcp, 5353/udp | `data` | `spool` | the task stops |\n" in text
    assert "| `side` | image: `example/side:1` |  | `spool` |  | the others go on |\n" in text
    assert "| `data` | EFS `fs-0123456789abcdef0`, `/data` | `app` |  |\n" in text
    assert "| `postgres` | `db.example.com:5432` | `shop-qa-postgres` |\n" in text
    assert "| `postgres` | 10 | 20 (2 tasks) | 40 (4 tasks) | 500 |\n" in text


def test_a_backend_that_must_join_a_new_group_is_not_forgotten() -> None:
    text = readme(plan_of(SHOP), "scripts/05-security-groups.sh")
    assert "put `postgres` into the group `shop-qa-postgres`" in text
    assert "put `redis`" not in text


def test_local_runs_ask_only_for_variables_with_one_meaning() -> None:
    assert re.findall(r"^export (\w+)=", readme(plan_of(SHOP)), re.MULTILINE) == ["KEY"]


def test_a_move_is_announced_before_the_service_is_made() -> None:
    moving = SHOP + "cutover: { from: { name: old-shop, instances: 2, pool: 20 } }\n"
    assert "read [cutover.md](cutover.md) before `scripts/08-cluster-and-service.sh`" in readme(
        plan_of(moving), "cutover.md"
    )
    assert "cutover.md" not in readme(plan_of(SHOP))


def test_a_task_without_anything_around_it_has_a_short_page() -> None:
    text = readme(plan_of(SMALL), "compose.yaml")
    assert "load balancer" not in text
    assert "CodeBuild" not in text
    assert "deploy.sh" not in text
    assert files(text) == {
        "README.md": "this page",
        "compose.yaml": "the containers on one machine, reaching each other by name",
        "manifest.json": "every generated file with its digest: what the next build may replace or remove",
    }


def test_the_page_names_its_spec() -> None:
    assert (
        readme(plan_of(SMALL)).splitlines()[0]
        == "<!-- Generated by chuoigen from spec/qa.yaml; change that file instead. -->"
    )
    assert "`chuoigen build spec/qa.yaml`" in readme(plan_of(SMALL))
