"""The jobs of a service upon an emulated AWS: before a deployment, by hand, by schedule, and gone again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.proof.emulated_aws import Emulator
from tests.proof.test_changes import APPLY, GONE, build_at, changed, refused_by_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.needs("awscli", "moto")]

SPEC = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
containers:
  app: { image: "public.ecr.aws/nginx/nginx:1.29", ports: [8080], depends_on: { cache: start } }
  cache: { image: "public.ecr.aws/nginx/nginx:1.29", essential: false }
  proxy: { image: "public.ecr.aws/nginx/nginx:1.29", ports: [80], depends_on: { app: start } }
network:
  vpc: vpc-0a00000000000000a
  subnets: { private: [subnet-0a00000000000000a, subnet-0b00000000000000b] }
jobs:
  migrate: { container: app, command: [bin/migrate], before: deploy }
  nightly: { container: app, command: [bin/nightly], schedule: "cron(0 3 * * ? *)" }
  hourly: { container: app, command: [bin/hourly], schedule: { expression: rate(1 hour), flexible_window: 10m } }
"""


class Standing:
    """A build that was applied, as the stage `applied` of its emulator."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.emulator = Emulator(build)
        (self.first,) = self.emulator.run("first", [APPLY], keep="applied")

    def then(self, *steps: tuple[str, ...], **change: Any) -> list[dict[str, Any]]:
        return self.emulator.run("applied", steps, **change)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    made = Standing(build_at(tmp_path_factory.mktemp("jobs"), yaml.safe_load(SPEC)))
    try:
        assert made.first["code"] == 0, made.first["said"]
        yield made
    finally:
        made.emulator.close()


def operations(result: dict[str, Any]) -> list[str]:
    return [call[1] for call in result["changes"]]


def test_the_first_service_is_made_after_its_migration(standing: Standing) -> None:
    made = operations(standing.first)
    assert made.index("run-task") < made.index("create-service")
    assert made.count("create-schedule") == 2
    assert refused_by_policy(standing.first["calls"], standing.build) == []
    (again,) = standing.then(APPLY)
    assert (again["code"], again["changes"]) == (0, [])


def test_a_migration_has_only_the_containers_that_it_needs(standing: Standing) -> None:
    definitions = [each[0] for each in standing.first["state"]["ecs"] if isinstance(each, list)]
    (migrate,) = [each for each in definitions if each["family"] == "shop-qa-migrate"]
    assert [each["name"] for each in migrate["containerDefinitions"]] == ["app", "cache"]
    assert [each["command"] for each in migrate["containerDefinitions"][:1]] == [["bin/migrate"]]


def test_a_deployment_runs_the_new_revision_of_the_migration_first(standing: Standing) -> None:
    (done,) = standing.then(("deploy.sh",))
    assert done["code"] == 0, done["said"]
    assert operations(done) == [
        "register-task-definition",
        "run-task",
        "register-task-definition",
        "update-service",
        "tag-resource",
        "register-task-definition",
        "register-task-definition",
    ]
    (run,) = [call for call in done["changes"] if call[1] == "run-task"]
    assert "--task-definition=arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-qa-migrate:2" in run
    assert refused_by_policy(done["calls"], standing.build) == []


def test_a_migration_that_fails_stops_the_deployment(standing: Standing) -> None:
    *_, done = standing.then((":exit", "3"), ("deploy.sh",))
    assert done["code"] == 1
    assert "migrate failed: app ended with 3" in done["said"]
    assert "the service was not changed" in done["said"]
    assert operations(done) == ["register-task-definition", "run-task"]
    *_, again = standing.then((":exit", "3"), ("deploy.sh",), (":exit", "0"), ("deploy.sh",))
    assert again["code"] == 0, again["said"]
    assert "update-service" in operations(again)


def test_a_task_that_ecs_does_not_start_stops_the_deployment(standing: Standing) -> None:
    # The first calls look for a task that runs already and for groups; the one that fails is run-task.
    (counted,) = standing.then(("deploy.sh",))
    number = [call[1] for call in counted["calls"]].index("run-task") + 1
    (done,) = standing.then(("deploy.sh", f"!{number}"))
    assert done["code"] == 1
    assert "ECS does not start migrate" in done["said"]
    assert "update-service" not in operations(done)


def test_a_job_is_run_by_hand(standing: Standing) -> None:
    done, unknown, none = standing.then(("run-job.sh", "nightly"), ("run-job.sh", "weekly"), ("run-job.sh",))
    assert (done["code"], operations(done)) == (0, ["run-task"])
    assert "nightly: STOPPED" in done["said"]
    assert (unknown["code"], unknown["changes"]) == (1, [])
    assert (none["code"], none["changes"]) == (2, [])
    planned, _ = standing.then(("run-job.sh", "nightly", "--plan"), ("run-job.sh", "nightly", "--dry-run"))
    assert (planned["code"], planned["changes"]) == (0, [])
    assert "aws ecs run-task" in planned["said"]


def test_a_schedule_is_changed_and_taken_back(standing: Standing, tmp_path: Any) -> None:
    change = {"jobs.nightly.schedule": "cron(30 4 * * ? *)", "jobs.hourly": GONE}
    other = build_at(tmp_path, changed(yaml.safe_load(SPEC), change))
    done, again = standing.then(APPLY, APPLY, changed=other.files)
    assert done["code"] == 0, done["said"]
    assert operations(done) == [
        "put-role-policy",
        "update-schedule",
        "delete-schedule",
        "deregister-task-definition",
    ]
    assert (again["code"], again["changes"]) == (0, [])
    assert refused_by_policy(done["calls"], other) == []


def test_a_schedule_that_somebody_changed_is_put_right(standing: Standing) -> None:
    _, done, again = standing.then((":drift",), ("08-schedules.sh",), ("08-schedules.sh",))
    assert done["code"] == 0, done["said"]
    assert operations(done) == ["update-schedule", "update-schedule"]
    assert (again["code"], again["changes"]) == (0, [])


def test_another_command_of_a_job_leaves_the_service_alone(standing: Standing, tmp_path: Any) -> None:
    other = build_at(tmp_path, changed(yaml.safe_load(SPEC), {"jobs.nightly.command": ["bin/other"]}))
    done, again = standing.then(APPLY, APPLY, changed=other.files)
    assert done["code"] == 0, done["said"]
    assert set(operations(done)) == {"register-task-definition"}
    assert (again["code"], again["changes"]) == (0, [])


def test_without_jobs_nothing_of_them_stays(standing: Standing, tmp_path: Any) -> None:
    other = build_at(tmp_path, changed(yaml.safe_load(SPEC), {"jobs": GONE}))
    (done,) = standing.then(APPLY, changed=other.files)
    assert done["code"] == 0, done["said"]
    assert {"delete-schedule-group", "delete-role", "deregister-task-definition"} <= set(operations(done))
    families = {each[0]["family"] for each in done["state"]["ecs"] if isinstance(each, list)}
    assert families == {"shop-qa"}
    assert "shop-qa-scheduler" not in {each[0] for each in done["state"]["iam"]}
    assert refused_by_policy(done["calls"], other) == []
    (gone,) = standing.then(("destroy.sh", "--yes", "--logs"))
    assert gone["code"] == 0, gone["said"]
    assert [each for each in gone["state"]["ecs"] if isinstance(each, list)] == []
