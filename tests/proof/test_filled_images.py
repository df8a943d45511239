"""Images that are known when they are deployed, upon an emulated AWS: filled in, kept, locked, and gone back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.proof.emulated_aws import Emulator
from tests.proof.test_changes import APPLY, build_at, refused_by_policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.proof.builds import Build

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.needs("awscli", "moto")]

SPEC = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
containers:
  app: { build: { dockerfile: Dockerfile }, ports: [8080] }
  worker: { image: { filled_by: pipeline, repository: shop-worker } }
  side: { image: { filled_by: pipeline, placeholder: IMAGE1_NAME } }
network:
  vpc: vpc-0a00000000000000a
  subnets: { private: [subnet-0a00000000000000a, subnet-0b00000000000000b] }
jobs:
  migrate: { container: worker, command: [bin/migrate], before: deploy }
"""
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
SIDE = "public.ecr.aws/nginx/nginx:1.29"
NAMED = ("worker=v1", f"side={SIDE}")


class Standing:
    """A build that was applied, as the stage `applied` of its emulator; the lock is a file outside of it."""

    def __init__(self, build: Build, folder: Path) -> None:
        self.build, self.lock = build, folder / "lock"
        self.emulator = Emulator(build)
        self.first = self.emulator.run("first", [APPLY, (":push", "v1"), (*APPLY, *NAMED)], keep="applied")

    def then(self, *steps: tuple[str, ...]) -> list[dict[str, Any]]:
        lock = f"@IMAGES_LOCK={self.lock}"
        given = [step if step[0].startswith(":") else (step[0], lock, *step[1:]) for step in steps]
        return self.emulator.run("applied", given)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    folder = tmp_path_factory.mktemp("filled")
    made = Standing(build_at(folder, yaml.safe_load(SPEC)), folder)
    try:
        yield made
    finally:
        made.emulator.close()


def images(result: dict[str, Any], family: str = "shop-qa") -> dict[str, str]:
    """Return the images of the newest revision of a family."""
    found = [each[0] for each in result["state"]["ecs"] if isinstance(each, list)]
    newest = [each for each in found if each["family"] == family][-1]
    return {each["name"]: each["image"] for each in newest["containerDefinitions"]}


def test_nothing_is_registered_before_its_images_are_known(standing: Standing) -> None:
    refused, _, _ = standing.first
    assert refused["code"] == 1
    assert "07-task-definition.sh: no image of worker is known: say worker=IMAGE" in refused["said"]
    assert "register-task-definition" not in [call[1] for call in refused["changes"]]


def test_the_first_task_gets_the_images_that_are_named(standing: Standing) -> None:
    *_, made = standing.first
    assert made["code"] == 0, made["said"]
    found = images(made)
    assert found["app"] == f"{REGISTRY}/shop-qa-app:first"
    assert found["worker"].startswith(f"{REGISTRY}/shop-worker@sha256:")
    assert found["side"] == SIDE
    assert images(made, "shop-qa-migrate") == {"worker": found["worker"]}
    assert refused_by_policy(made["calls"], standing.build) == []
    (again,) = standing.then(APPLY)
    assert (again["code"], again["changes"]) == (0, [])


def test_a_deployment_of_the_shape_keeps_what_the_pipeline_put_there(standing: Standing) -> None:
    before = images(standing.first[-1])
    _, done = standing.then((":push", "v2"), ("deploy.sh", "v2"))
    assert done["code"] == 0, done["said"]
    after = images(done)
    assert {name: after[name] for name in ("worker", "side")} == {name: before[name] for name in ("worker", "side")}
    assert after["app"].startswith(f"{REGISTRY}/shop-qa-app@sha256:")
    assert refused_by_policy(done["calls"], standing.build) == []


def test_an_old_lock_brings_the_old_images_back(standing: Standing) -> None:
    standing.lock.unlink(missing_ok=True)
    standing.then((":push", "v2"), ("deploy.sh", "v2", "worker=v2"))
    old = standing.lock.read_text()
    _, _, second, back = standing.then(
        (":push", "v2"), (":push", "v3"), ("deploy.sh", "v3", f"side={SIDE}-alpine", "@IMAGES_LOCK=/dev/null"),
        ("deploy.sh", "--locked"),
    )  # fmt: skip
    assert (second["code"], back["code"]) == (0, 0), back["said"]
    lines = dict(line.split(" ", 1) for line in old.splitlines() if not line.startswith("#"))
    assert list(lines) == ["app", "worker", "side"]
    assert lines["app"].startswith(f"{REGISTRY}/shop-qa-app:v2@sha256:")
    assert images(second) != images(back)
    assert images(back) == {name: image.replace(":v2@", "@") for name, image in lines.items()}


def test_a_lock_that_lacks_an_image_or_names_one_that_is_gone_stops_the_deployment(standing: Standing) -> None:
    standing.lock.write_text(f"app {REGISTRY}/shop-qa-app@sha256:{'0' * 64}\n")
    (gone,) = standing.then(("deploy.sh", "--locked"))
    assert (gone["code"], gone["changes"]) == (1, [])
    assert f"shop-qa-app has no image sha256:{'0' * 64}" in gone["said"]
    standing.lock.write_text("# nothing\n")
    (none,) = standing.then(("deploy.sh", "--locked"))
    assert (none["code"], none["changes"]) == (1, [])
    assert "there is no image of app in" in none["said"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("other=v1",), 1, "no image of other is filled in"),
        (("v1", "side=1.29"), 1, "the repository of the image of side is not known"),
        (("v1", "worker=v9"), 1, "shop-worker has no image v9"),
        (("v1", "worker=:a|b"), 1, "this is not an image"),
        (("v1", "--locked"), 1, "give a tag, --running-images or --locked: one of them"),
    ],
)
def test_what_is_no_image_is_refused(standing: Standing, words: tuple[str, ...], code: int, said: str) -> None:
    (done,) = standing.then(("deploy.sh", *words))
    assert (done["code"], done["changes"]) == (code, [])
    assert said in done["said"]


def test_a_plan_and_a_dry_run_change_nothing(standing: Standing) -> None:
    standing.lock.unlink(missing_ok=True)
    planned, dry = standing.then(("deploy.sh", "v1", "--plan"), ("deploy.sh", "v1", "--dry-run"))
    assert (planned["code"], planned["changes"]) == (0, [])
    assert (dry["code"], dry["calls"]) == (0, [])
    assert not standing.lock.exists()
