"""Keys of KMS and things that exist: in requests and scripts, and in what the policies of the keys must say."""

from __future__ import annotations

import json

from chuoigen.artifacts import iam, pages, scripts
from tests.artifacts.plans import plan_of

KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
SPEC = f"""
chuoigen: 1
name: shop
aws: {{ account: "123456789012", region: eu-west-1, permissions_boundary: "arn:aws:iam::123456789012:policy/edge" }}
task:
  execution_role: {{ name: shop-execution, permissions_boundary: "arn:aws:iam::123456789012:policy/own" }}
containers:
  app:
    build: {{ dockerfile: Dockerfile, repository: {{ kms_key: "{KEY}" }} }}
  side:
    build: {{ dockerfile: Dockerfile, repository: "arn:aws:ecr:eu-west-1:123456789012:repository/shared/side" }}
    logs: {{ group: /plain }}
logs: {{ kms_key: "{KEY}" }}
pipeline:
  project: arn:aws:codebuild:eu-west-1:123456789012:project/shared
  artifact_bucket: shop-artifacts
  kms_key: {KEY}
  role: {{ path: /ci/, managed_policies: ["arn:aws:iam::123456789012:policy/extra"] }}
"""


def files(text: str) -> dict[str, str]:
    return {file.path.rpartition("/")[2]: file.text for file in scripts.render(plan_of(text))}


def test_the_policy_of_a_key_admits_cloudwatch_logs_for_the_groups_alone() -> None:
    made = {file.path: json.loads(file.text) for file in iam.render(plan_of(SPEC))}
    (statement,) = made["iam/kms-key-11111111-2222-3333-4444-555555555555-policy.json"]["Statement"]
    assert statement["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": [
                "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/shop/app",
                "arn:aws:logs:eu-west-1:123456789012:log-group:/plain",
            ]
        }
    }
    page = pages.render(plan_of(SPEC), tuple(made))[0].text
    assert "iam/kms-key-11111111-2222-3333-4444-555555555555-policy.json" in page


def test_groups_and_repositories_are_made_with_their_keys() -> None:
    made = files(SPEC)
    assert f"log_group /ecs/shop/app 30 {KEY}\n" in made["04-logs-and-parameters.sh"]
    assert f"repository shop-app IMMUTABLE {KEY}\n" in made["01-ecr.sh"]
    assert "associate-kms-key" in made["04-logs-and-parameters.sh"]
    assert "disassociate-kms-key" not in made["09-take-back.sh"]
    plain = files(SPEC.replace(f'logs: {{ kms_key: "{KEY}" }}', ""))
    assert "kms" not in plain["04-logs-and-parameters.sh"]
    assert "plain /plain arn:aws:logs:eu-west-1:123456789012:log-group:/plain\n" in plain["09-take-back.sh"]


def test_a_repository_that_exists_is_pushed_to_and_never_made_nor_removed() -> None:
    plan, made = plan_of(SPEC), files(SPEC)
    assert plan.containers["side"].image.reference.endswith("/shared/side:first")
    assert "repository shared/side\n" in made["00-preflight.sh"]
    assert "image_there shared/side " in made["02-first-images.sh"]
    assert "shared/side" not in made["01-ecr.sh"] + made["destroy.sh"]
    assert "01-ecr.sh" not in files(SPEC.replace(f'repository: {{ kms_key: "{KEY}" }}', "repository: " + EXISTING))


EXISTING = '"arn:aws:ecr:eu-west-1:123456789012:repository/shared/app"'


def test_the_role_of_codebuild_is_written_as_any_other() -> None:
    plan = plan_of(SPEC)
    role, started = plan.role("codebuild"), plan.role("execution")
    assert role is not None
    assert (role.role_name, role.arn) == ("shop-codebuild", "arn:aws:iam::123456789012:role/ci/shop-codebuild")
    assert role.permissions_boundary == "arn:aws:iam::123456789012:policy/edge"
    assert role.managed == ("arn:aws:iam::123456789012:policy/extra",)
    assert started is not None
    assert started.permissions_boundary == "arn:aws:iam::123456789012:policy/own"
    assert plan.project is not None
    assert (plan.project.name, plan.project.existing, plan.project.encryption_key) == ("shared", True, KEY)
