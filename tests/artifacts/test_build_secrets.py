"""Secrets for a build alone: where they are asked for, mounted and read, and that no argument and no layer has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from chuoigen.compiler import judge, render
from chuoigen.inputs.load import load

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 512, execution_role: shop-execution }
containers:
"""
SECRETS = (
    "secrets: { HEX_REPOS_KEY: { ssm: /shop/hex }, NPM_TOKEN: { secrets_manager: shop/npm, key: token } }, ssh: true"
)
BUILDS = {
    "phoenix": ("recipe: phoenix, elixir: '1.18'", "mix deps.get"),
    "node": ("recipe: node, node: '24', main: a.js", "npm ci --include=dev --ignore-scripts"),
    "python": ("recipe: python, application: 'a:b'", "pip --python"),
    "rails": ("recipe: rails", "bundle install"),
}


def files(folder: Path, build: str) -> dict[str, str]:
    (folder / ".git").mkdir()
    key = "secrets: { SECRET_KEY_BASE: { ssm: /k } }"
    (folder / "qa.yaml").write_text(
        f"{HEAD}  app: {{ build: {{ {build} }}, ports: [4000], {key} }}\n", encoding="utf-8"
    )
    judged = judge(load(folder / "qa.yaml"))
    assert judged.plan is not None, judged.diagnostics
    assert [one.rule for one in judged.diagnostics] == []
    return {artifact.path: artifact.text for artifact in render(judged.plan).values()}


@pytest.mark.parametrize("recipe", BUILDS)
def test_what_fetches_has_the_secrets_and_no_layer_keeps_them(tmp_path: Path, recipe: str) -> None:
    build, command = BUILDS[recipe]
    text = files(tmp_path, f"{build}, {SECRETS}")["docker/app/Dockerfile"]
    builder = text.rpartition("\nFROM ")[0]
    run = next(step for step in builder.split("\nRUN ")[1:] if command in step)
    assert run.startswith(
        "--mount=type=secret,id=HEX_REPOS_KEY,required=true --mount=type=secret,id=NPM_TOKEN,required=true --mount=type=ssh "
        'export HEX_REPOS_KEY="$(cat /run/secrets/HEX_REPOS_KEY)" && export NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)" && '
    )
    assert "openssh-client" in builder
    assert "ARG HEX_REPOS_KEY" not in text
    assert "ENV HEX_REPOS_KEY" not in text
    assert "HEX_REPOS_KEY" not in text.rpartition("\nFROM ")[2]


def test_everything_that_builds_asks_for_them(tmp_path: Path) -> None:
    made = files(tmp_path, f"{BUILDS['phoenix'][0]}, {SECRETS}")
    script = made["pipeline/build-docker-images.sh"]
    assert (
        "    --secret id=HEX_REPOS_KEY,env=HEX_REPOS_KEY \\\n    --secret id=NPM_TOKEN,env=NPM_TOKEN \\\n    --ssh default"
        in script
    )
    assert "--build-arg HEX_REPOS_KEY" not in script
    environment = yaml.safe_load(made["pipeline/buildspec.yml"])["env"]
    assert environment == {
        "parameter-store": {"HEX_REPOS_KEY": "/shop/hex"},
        "secrets-manager": {"NPM_TOKEN": "shop/npm:token"},
    }
    compose = yaml.safe_load(made["compose.yaml"])
    assert compose["services"]["app"]["build"]["secrets"] == ["HEX_REPOS_KEY", "NPM_TOKEN"]
    assert compose["services"]["app"]["build"]["ssh"] == ["default"]
    assert compose["secrets"] == {name: {"environment": name} for name in ("HEX_REPOS_KEY", "NPM_TOKEN")}
    policy = json.dumps(json.loads(made["iam/codebuild-policy.json"]))
    assert "parameter/shop/hex" in policy
    assert "secret:shop/npm-" in policy
    assert "HEX_REPOS_KEY" not in made["ecs/task-definition.json"]


def test_a_build_without_them_is_as_it_was(tmp_path: Path) -> None:
    made = files(tmp_path, BUILDS["phoenix"][0])
    assert "--mount" not in made["docker/app/Dockerfile"]
    assert "BUILDKIT=1\n" not in made["pipeline/build-docker-images.sh"].partition("platform=")[0]
    assert "secrets" not in yaml.safe_load(made["compose.yaml"])


def test_a_name_that_no_shell_has_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    build = "recipe: phoenix, elixir: '1.18', secrets: { 'a-b': { ssm: /a } }"
    (tmp_path / "qa.yaml").write_text(f"{HEAD}  app: {{ build: {{ {build} }} }}\n", encoding="utf-8")
    assert [one.rule for one in judge(load(tmp_path / "qa.yaml")).diagnostics] == ["variable-name-format"]
