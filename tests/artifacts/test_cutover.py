"""cutover.md: the six steps with their numbers, and commands that fit the plan."""

# ruff: noqa: RUF001 - the page writes products with a real multiplication sign
from __future__ import annotations

from chuoigen.artifacts import cutover
from chuoigen.rules import by_name
from tests.artifacts.plans import plan_of

SPEC = """
chuoigen: 1
name: shop
stage: prod
aws: { account: "123456789012", region: eu-west-1 }
containers:
  app: { build: { dockerfile: Dockerfile }, ports: [8080] }
backends:
  redis: { host: redis.example.com, port: 6379, max_connections: 3000, pool: { container: app, variable: POOL, size: 200 } }
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0a], public: [subnet-0b, subnet-0c] }
  allow: [{ from: internet, to: alb }, { from: alb, to: app }, { from: app, to: redis }]
load_balancer: { target: app, healthcheck: /up }
service: { cluster: shops, desired_count: 3 }
cutover: { from: { name: old-shop, instances: 4, pool: 300 } }
"""


def page(text: str = SPEC) -> str:
    (made,) = cutover.render(plan_of(text, name="prod"))
    assert made.path == "cutover.md"
    return made.text


def test_a_spec_without_cutover_has_no_page() -> None:
    assert cutover.render(plan_of(SPEC.replace(SPEC.splitlines()[-1], ""))) == ()


def test_the_table_holds_each_step_with_its_sums_and_what_is_left() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert rows == [
        "| 1. Halve the pool of old-shop | 4 × 150 | none | 600 | 1200 | 1800 |",
        "| 2. Prepare Fargate with a halved pool | 4 × 150 | none | 600 | 600 | 2400 |",
        "| 3. Create the service | 4 × 150 | 3 × 100 | 900 | 900 | 2100 |",
        "| 4. Move the alias to the new load balancer | 4 × 150 | 3 × 100 | 900 | 900 | 2100 |",
        "| 5. Shrink old-shop | 1 × 150 | 3 × 100 | 450 | 900 | 2100 |",
        "| 6. Grow Fargate to its full pool | 1 × 150 | 3 × 200 | 750 | 1050 (6 tasks) | 1950 |",
    ]


def test_the_limit_and_the_highest_sum_are_said() -> None:
    assert "which admits 3000. In this order their sum is never more than 1200." in page()


def test_without_a_limit_no_column_says_what_is_left() -> None:
    text = page(SPEC.replace("max_connections: 3000, ", ""))
    assert "the spec does not say how many it admits" in text
    assert "| 2. Prepare Fargate with a halved pool | 4 × 150 | none | 600 | 600 |\n" in text
    assert "left" not in text.split("## Before", maxsplit=1)[0].replace("left of", "")


def test_every_step_says_what_to_do_to_check_and_how_to_go_back() -> None:
    sections = page().split("\n## ")[2:8]
    assert [section.splitlines()[0][:2] for section in sections] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert all(section.count(f"\n**{word}** ") == 1 for section in sections for word in ("Do.", "Check.", "Back."))


def test_the_halved_pool_is_written_where_it_comes_before_the_pools_size() -> None:
    lines = page().partition("```yaml\n")[2].partition("```")[0]
    assert lines == (
        "containers:\n"
        "  app:\n"
        "    environment:\n"
        '      POOL: "100" # chuoigen: ignore[pool-size-differs] halved until the move is done\n'
    )
    written = lines.splitlines()[-1].strip()
    overridden = SPEC.replace("containers:\n  app: {", f"containers:\n  app: {{ environment: {{\n{written}\n}},")
    assert plan_of(overridden).containers["app"].environment["POOL"] == "100"
    assert page(overridden) == page()


def test_the_comment_on_the_halved_pool_suppresses_a_rule_that_exists() -> None:
    suppressed = page().partition("ignore[")[2].partition("]")[0]
    assert by_name(suppressed) is not None


def test_commands_fit_the_plan() -> None:
    text = page()
    assert "(cd ../.. && chuoigen build spec/prod.yaml)\nfor script in scripts/0[0-7]-*.sh" in text
    assert "--names shop-prod-alb" in text
    assert 'curl --fail --show-error --connect-to "::$name:" http://www.example.com/up' in text
    assert "aws ecs delete-service --region eu-west-1 --cluster shops --service shop-prod --force" in text
    assert "sh scripts/deploy.sh first\n" in text


def test_autoscaling_is_a_warning_with_its_own_sum() -> None:
    text = page(SPEC.replace("desired_count: 3", "desired_count: 3, autoscaling: { min: 3, max: 7, cpu: 60 }"))
    assert "Autoscaling may start up to 7; with the full pool\n  these hold 1400 connections, 2800 during" in text
    assert "Autoscaling" not in page()


def test_notes_name_the_quiet_hour_the_record_and_jobs_that_run_once() -> None:
    before = page().split("## Before")[1].split("\n## ")[0]
    assert all(word in before for word in ("quiet hour", "TTL", "run once"))
