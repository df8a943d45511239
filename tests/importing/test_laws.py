"""The laws of an import, over random task definitions: nothing is lost or invented, and it comes back the same."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen.importing.comparison import differences
from chuoigen.importing.normal import Normal
from chuoigen.importing.proof import rebuilt, respecified
from chuoigen.importing.stages import split
from chuoigen.importing.writing import spec_text
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import load
from chuoigen.messages import ENGLISH
from chuoigen.yaml.document import parse
from tests.importing.definitions import task_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
NORMAL = Normal("210987654321", "eu-west-1")


def specified(definition: dict[str, Any]) -> dict[str, Any]:
    spec = respecified(definition, Disk())
    assert spec is not None
    return spec


@SLOW
@given(task_definitions())
def test_a_build_of_the_import_is_the_task_definition(definition: dict[str, Any]) -> None:
    spec = specified(definition)
    built = rebuilt(spec, Disk())
    normal = Normal(spec["aws"]["account"], spec["aws"]["region"])
    assert list(differences(normal.form(definition), normal.form(built))) == []
    assert specified(built) == spec


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from leaves(child, (*path, key))
    if path and not isinstance(value, dict | list):
        yield path


def changed(definition: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Give the definition with another value at a path, of the same type."""
    found = copy.deepcopy(definition)
    holder: Any = found
    for part in path[:-1]:
        holder = holder[part]
    old = holder[path[-1]]
    holder[path[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
    return found


WORDS = frozenset(
    {
        "networkMode",
        "requiresCompatibilities",
        "cpu",
        "memory",
        "type",
        "protocol",
        "logDriver",
        "condition",
        "mode",
        "iam",
    }
    | {"transitEncryption", "versionConsistency", "cpuArchitecture", "operatingSystemFamily", "appProtocol", "pidMode"}
)
"""Members that take a few words only."""


@SLOW
@given(task_definitions(), st.data())
def test_each_value_of_the_file_is_seen_by_the_comparison_and_by_the_import(
    definition: dict[str, Any], data: st.DataObject
) -> None:
    places = [path for path in leaves(definition) if WORDS.isdisjoint(path)]
    path = data.draw(st.sampled_from(places))
    other = changed(definition, path)
    one, two = NORMAL.form(definition), NORMAL.form(other)
    # A port of the host is the container's own, and a buffer that nothing blocks for, or a policy that is off, is none.
    if path[-1] not in ("hostPort", "max-buffer-size", "restartAttemptPeriod") and "ignoredExitCodes" not in path:
        assert one != two
    if one != two:
        assert specified(definition) != specified(other)


@SLOW
@given(task_definitions(), task_definitions())
def test_stages_laid_over_their_base_are_what_each_was(one: dict[str, Any], other: dict[str, Any]) -> None:
    specs = {"qa": {**specified(one), "stage": "qa"}, "prod": {**specified(other), "stage": "prod"}}
    parts = split(specs)
    texts = {"base.yaml": spec_text(parts.base, (), ENGLISH)}
    texts |= {f"{stage}.yaml": spec_text(data, (), ENGLISH) for stage, data in parts.stages.items()}
    files = Overlay(Disk(), {name: text.encode() for name, text in texts.items()})
    for stage, data in specs.items():
        alone, _ = parse(spec_text(data, (), ENGLISH), "alone.yaml")
        together = load(f"{stage}.yaml", files).document
        assert alone is not None
        assert together is not None
        assert {key: value for key, value in together.data.items() if key != "extends"} == alone.data


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")) | st.sampled_from("\n\t #:-'"), max_size=8)
"""What a file can hold: JSON for ECS may not have control characters either."""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS.filter(bool), inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES)
def test_what_is_laid_out_is_read_as_what_it_was(value: Any) -> None:
    text = spec_text({"name": "shop", "task": {"overrides": {"member": value}}}, (), ENGLISH)
    document, found = parse(text, "spec.yaml")
    assert found == ()
    assert document is not None
    assert document.data["task"]["overrides"]["member"] == value
