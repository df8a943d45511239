"""The laws of an import, over random task definitions: nothing is lost or invented, and it comes back the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from chuoigen.importing.comparison import differences
from chuoigen.importing.normal import Normal
from chuoigen.importing.proof import rebuilt, respecified
from chuoigen.inputs.files import Disk
from tests.importing.definitions import task_definitions

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(task_definitions())
def test_a_build_of_the_import_is_the_task_definition(definition: dict[str, Any]) -> None:
    spec = respecified(definition, Disk())
    assert spec is not None
    built = rebuilt(spec, Disk())
    normal = Normal(spec["aws"]["account"], spec["aws"]["region"])
    found = list(differences(normal.form(definition), normal.form(built)))
    assert found == [], json.dumps(spec, indent=1, default=str)
    assert respecified(built, Disk()) == spec
