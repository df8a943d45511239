"""What is named by its ARN is there already: looked for by the preflight, and made, changed or removed by no script."""

from __future__ import annotations

import json

from chuoigen.artifacts import scripts
from tests.artifacts.plans import plan_of

SPEC = """
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task:
  execution_role: arn:aws:iam::123456789012:role/starter
containers: { app: { image: "nginx:1.28.0" } }
logs: { group: "arn:aws:logs:eu-west-1:123456789012:log-group:/shared/{container}:*" }
network: { vpc: vpc-0a00000000000000a, subnets: { private: [subnet-0a00000000000000a] } }
service:
  cluster: arn:aws:ecs:eu-west-1:123456789012:cluster/shared
  capacity_provider_strategy: { fargate: 1, fargate_spot: 1 }
"""


def test_what_exists_is_used_under_its_name() -> None:
    plan = plan_of(SPEC)
    assert plan.cluster is not None
    assert plan.cluster.cluster_name == "shared"
    assert [group.log_group_name for group in plan.log_groups] == ["/shared/app"]
    assert {resource.key for resource in plan.resources.values() if resource.existing} == {
        "cluster",
        "log-group:/shared/app",
        "role:execution",
    }


def test_no_script_makes_changes_or_removes_it() -> None:
    files = {file.path.rpartition("/")[2]: file.text for file in scripts.render(plan_of(SPEC))}
    own = [text for name, text in files.items() if name[0].isdigit() or name == "destroy.sh"]
    for call in ("create-cluster", "put-cluster-capacity-providers", "create-log-group", "retention-policy"):
        assert not any(f" {call} " in text for text in own), call
    assert "04-logs-and-parameters.sh" not in files
    assert "03-iam.sh" not in files
    assert "delete-cluster" not in files["destroy.sh"]
    preflight = files["00-preflight.sh"]
    assert "log_group /shared/app\n" in preflight
    assert "aws ecs describe-clusters" in preflight
    allowed = json.loads(files["deployer-policy.json"])["Statement"]
    actions = {action for statement in allowed for action in statement["Action"]}
    assert not actions & {"ecs:CreateCluster", "logs:CreateLogGroup", "logs:PutRetentionPolicy"}
