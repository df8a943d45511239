"""The requests of the service: members that are there only when a spec writes them, and what is laid over them."""

from __future__ import annotations

import json
from typing import Any

from chuoigen.artifacts import render
from tests.artifacts.plans import plan_of

SPEC = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
volumes: { disk: { ebs: { size: 10 } } }
containers: { app: { image: nginx:1.28.0, mounts: { disk: /disk } } }
network: { vpc: vpc-0123456789abcdef0, subnets: { private: [subnet-0123456789abcdef0] } }
"""


def requests(service: str, ebs: str = "size: 10") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the requests that create and update the service of a spec."""
    tree = render(plan_of(SPEC.replace("size: 10", ebs) + f"service: {{ {service} }}\n"))
    return json.loads(tree["ecs/service.json"].text), json.loads(tree["ecs/service-update.json"].text)


def test_settings_of_the_service_are_created_and_updated() -> None:
    settings = (
        "availability_zone_rebalancing: false, propagate_tags: service, enable_ecs_managed_tags: false,"
        " metric_resolution: { cpu: 20, memory: 60 }"
    )
    for request in requests(settings):
        assert request["availabilityZoneRebalancing"] == "DISABLED"
        assert request["propagateTags"] == "SERVICE"
        assert request["enableECSManagedTags"] is False
        assert request["monitoring"]["metricConfigurations"] == [
            {"metricNames": ["CPUUtilization"], "resolutionSeconds": 20},
            {"metricNames": ["MemoryUtilization"], "resolutionSeconds": 60},
        ]


def test_without_them_the_requests_are_as_before() -> None:
    for request in requests("desired_count: 1"):
        assert (request["availabilityZoneRebalancing"], request["propagateTags"]) == ("ENABLED", "TASK_DEFINITION")
        assert request["enableECSManagedTags"] is True
        assert "monitoring" not in request
        assert "tagSpecifications" not in request["volumeConfigurations"][0]["managedEBSVolume"]


def test_each_volume_has_tags() -> None:
    create, _ = requests("desired_count: 1", "size: 10, tags: { team: shop }, propagate_tags: task_definition")
    assert create["volumeConfigurations"][0]["managedEBSVolume"]["tagSpecifications"] == [
        {
            "resourceType": "volume",
            "tags": [{"key": "team", "value": "shop"}],
            "propagateTags": "TASK_DEFINITION",
        }
    ]


def test_overrides_are_laid_over_both_requests() -> None:
    given = "overrides: { monitoring: { metricConfigurations: [] }, platformVersion: null, clientName: x }"
    create, update = requests(given)
    assert create["monitoring"] == update["monitoring"] == {"metricConfigurations": []}
    assert "platformVersion" not in create
    assert "platformVersion" not in update
    assert create["tags"][0]["key"] == "chuoigen"


def test_an_override_that_update_service_takes_is_in_its_request() -> None:
    _, update = requests("overrides: { gatewayConnectors: [{ portName: web }] }")
    assert update["gatewayConnectors"] == [{"portName": "web"}]
