"""The keys of the language in ECS's own words, against botocore's model of ECS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import botocore.session
import pytest

from chuoigen.aws import words
from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.messages import ENGLISH, Reader
from chuoigen.spec.container import Container

if TYPE_CHECKING:
    from pathlib import Path

    from botocore.model import Shape

ECS = Reader(words=words.EcsWords())
# What the language has and ECS has not: how an image is built, what it publishes, lists in place of one member, patches.
OWN = {"build", "publish", "capabilities", "tmpfs", "overrides"}


def members(shape: Shape, seen: set[str]) -> set[str]:
    """Give the names of all members in and below a shape."""
    if shape.name in seen:
        return set()
    seen.add(shape.name)
    if shape.type_name == "list":
        return members(shape.member, seen)
    if shape.type_name != "structure":
        return set()
    return set(shape.members).union(*(members(child, seen) for child in shape.members.values()))


@pytest.fixture(scope="module")
def known() -> set[str]:
    model = botocore.session.get_session().get_service_model("ecs")
    requests = (model.shape_for(name) for name in ("RegisterTaskDefinitionRequest", "CreateServiceRequest"))
    return set().union(*(members(request, set()) for request in requests))


def test_every_word_of_the_table_is_a_member(known: set[str]) -> None:
    assert set(words._MEMBERS.values()) - known == set()  # noqa: SLF001  the table itself is what is checked


@pytest.mark.parametrize("key", sorted(set(Container.model_fields) - OWN))
def test_every_key_of_a_container_is_a_member(key: str, known: set[str]) -> None:
    assert ECS.words.word(("containers", "web", key)) in known


SPEC = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 512, execution_role: shop-execution }
containers:
  web: { image: nginx:1.28.0, stop_timeout: 121 }
"""


def test_the_same_finding_speaks_to_the_reader_of_a_spec_and_of_a_task_definition(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (found,) = judge(load(tmp_path / "spec.yaml")).diagnostics
    assert found.rule == "stop-timeout-out-of-range"
    assert ENGLISH.text(found.words).startswith("stop_timeout of container")
    assert ECS.text(found.words).startswith("stopTimeout of container")
