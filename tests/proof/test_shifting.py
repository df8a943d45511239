"""Deployments that move traffic, upon an emulated AWS: who owns the weights, what is waited for, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.proof.emulated_aws import Emulator
from tests.proof.test_changes import APPLY, FULL, Applied, build_at, changed, refused_by_policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.needs("awscli", "moto")]

DEPLOYMENT = {
    "strategy": "blue_green",
    "test_traffic": {"port": 8443},
    "alarms": ["shop-errors"],
    "hooks": {
        "check": {"function": "check", "stages": ["post_test_traffic_shift"]},
        "ask": {"stages": ["pre_production_traffic_shift"]},
    },
}
MOVES = {
    "service.deployment": DEPLOYMENT,
    "network.allow.0": {"from": "internet", "to": "alb", "ports": [80, 443, 8443]},
}
FIRST, OTHER = "shop-qa-web", "shop-qa-web-alt"


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    """Give a blue/green service that was applied to nothing as the stage `applied`."""
    built = build_at(tmp_path_factory.mktemp("moving"), changed(yaml.safe_load(FULL), MOVES))
    emulator = Emulator(built)
    try:
        (done,) = emulator.run("first", [APPLY], keep="applied")
        assert done["code"] == 0, done["said"]
        yield Applied(built, emulator, done["state"])
    finally:
        emulator.close()


def weights(state: dict[str, Any], port: int) -> dict[str, int]:
    """Return the weights of the target groups of a listener, by their names."""
    (balancer,) = [each for each in state["elbv2"] if isinstance(each[0], str)]
    (listener,) = [each for each in balancer[6] if each["Port"] == port]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    return {each["TargetGroupArn"].split("/")[1]: each["Weight"] for each in groups}


def test_the_first_target_group_serves_at_first(moving: Applied) -> None:
    for port in (443, 8443):
        found = weights(moving.state, port)
        assert (found[FIRST] > 0, found[OTHER]) == (True, 0)


def test_no_script_sets_the_weights_that_ecs_has_moved(moving: Applied, tmp_path: Path) -> None:
    (deployed,) = moving.emulator.run("applied", [("deploy.sh", "--running-images")], keep="moved")
    assert deployed["code"] == 0, deployed["said"]
    swapped = {FIRST: 0, OTHER: 100}
    assert [weights(deployed["state"], port) for port in (443, 8443)] == [swapped, swapped]
    again, balancer, taken = moving.emulator.run(
        "moved", [APPLY, ("06-load-balancer.sh",), ("09-take-back.sh", "--yes")]
    )
    for done in (again, balancer, taken):
        assert (done["code"], done["changes"]) == (0, []), done["said"]
    other = build_at(
        tmp_path,
        changed(yaml.safe_load(FULL), MOVES | {"load_balancer.ssl_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}),
    )
    (changed_policy,) = moving.emulator.run("moved", [("06-load-balancer.sh",)], changed=other.files)
    assert changed_policy["code"] == 0, changed_policy["said"]
    assert ["elbv2", "modify-listener"] in [call[:2] for call in changed_policy["changes"]]
    assert weights(changed_policy["state"], 443) == swapped
    assert changed_policy["lost"] == []


def test_each_deployment_moves_the_traffic_once(moving: Applied) -> None:
    first, second = moving.emulator.run(
        "applied", [("deploy.sh", "--running-images"), ("deploy.sh", "--running-images")]
    )
    assert [weights(done["state"], 443)[OTHER] for done in (first, second)] == [100, 0]
    assert [len([call for call in done["changes"] if call[1] == "update-service"]) for done in (first, second)] == [
        1,
        1,
    ]
    assert refused_by_policy(first["calls"], moving.build) == []


def test_a_deployment_that_fails_or_waits_says_so(moving: Applied) -> None:
    waits = moving.emulator.run("applied", [(":pause", "ecs-pause-1"), ("deploy.sh", "--running-images")])[1]
    assert waits["code"] == 0
    assert "aws ecs continue-service-deployment" in waits["said"]
    assert "--hook-id ecs-pause-1 --action CONTINUE" in waits["said"]
    fails = moving.emulator.run("applied", [(":end", "ROLLBACK_SUCCESSFUL"), ("deploy.sh", "--running-images")])[1]
    assert fails["code"] == 1
    assert "the deployment failed, or was rolled back" in fails["said"]
