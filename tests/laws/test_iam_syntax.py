"""No text of a spec becomes a pattern of IAM unnoticed: a spec with one in it is refused, or the text is in no policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.resources.iam import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chuoigen.plan import Plan

PATTERNS = ("*", "?", "${aws:x}")
RESOURCES = 10

# A spec with an ARN in each place that takes one.
ARNS = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task:
  execution_role: "arn:aws:iam::123456789012:role/team/start"
  task_role: "arn:aws:iam::123456789012:role/team/app"
volumes:
  logs: {}
  shared: { efs: { file_system_id: fs-01234567, authorization_config: { access_point_id: fsap-0123456789abcdef0, iam: true } } }
  own: { ebs: { size: 10, role: "arn:aws:iam::123456789012:role/team/disk" } }
containers:
  app:
    image: registry.example.com/app:1.0
    repository_credentials: { secrets_manager: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:login-AbCdEf" }
    env_files: ["arn:aws:s3:::shop-config/qa.env"]
    mounts: { shared: /srv, own: /own, logs: /var/log/app }
    depends_on: { log: start }
    secrets:
      A: { ssm: "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/a" }
      B: { secrets_manager: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/b-AbCdEf:key::" }
      C: { secrets_manager: shop/c, key: k, version_stage: s }
      D: { ssm: /shop/d }
    logs: { driver: splunk, secret_options: { splunk-token: { ssm: /shop/token } }, options: { splunk-url: "https://x" } }
  log:
    build:
      recipe: fluentd
      tail: { logs: "*.log" }
      s3: { bucket: shop-logs, prefix: qa/ }
    mounts: { logs: "/var/log/app:ro" }
pipeline: { source_bucket: shop-source, project: shop-build }
"""


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(child, str):
            yield (*path, key)
        elif isinstance(child, dict | list):
            yield from leaves(child, (*path, key))


def altered(data: Any, path: tuple[str | int, ...], end: str) -> Any:
    if not path:
        return f"{data}{end}"
    kept: Any = dict(data) if isinstance(data, dict) else list(data)
    kept[path[0]] = altered(kept[path[0]], path[1:], end)
    return kept


def resources(plan: Plan) -> Iterator[str]:
    for role in plan.every(Role):
        yield role.arn
        for statement in plan.policy(role).policy_document.statement.values():
            yield from statement.resource


def escapes(folder: Path, data: Any, mark: str) -> list[str]:
    """Return the resources that hold the mark although nothing refuses the spec."""
    (folder / "spec.yaml").write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    judged = judge(load(folder / "spec.yaml"))
    if judged.plan is None or judged.refused:
        return []
    return [each for each in resources(judged.plan) if mark in each]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_refused_or_in_no_policy(tmp_path: Path, pattern: str) -> None:
    (tmp_path / ".git").mkdir()
    assert len(escapes(tmp_path, yaml.safe_load(ARNS), "arn:")) > RESOURCES  # nothing else refuses it
    data, mark = yaml.safe_load(ARNS), f"zq{pattern}"
    found = {path: escapes(tmp_path, altered(data, path, mark), mark) for path in leaves(data)}
    assert {path: each for path, each in found.items() if each} == {}
