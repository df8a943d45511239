"""What the recipe fluentbit knows, decides and writes, where no rule and no proof looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuoigen.recipes import stopping
from chuoigen.recipes.fluentbit import facts
from chuoigen.recipes.fluentbit.planning import FluentbitPlan
from chuoigen.recipes.fluentbit.quoting import classic_value, yaml_value
from tests.artifacts.docker_specs import HEAD, texts
from tests.artifacts.plans import plan_of
from tests.proof.fluentbit_config import classic, from_yaml

SPEC = """\
volumes: { logs: {}, state: {} }
containers:
  log:
    build: { recipe: fluentbit, tail: { logs: "*.log" }, s3: { bucket: b, region: us-east-1 }BASE }
    mounts: { logs: "/var/log/a b:ro" }
"""


def test_versions_and_their_ends() -> None:
    assert facts.image("5.1.3") == facts.image("v5.1") == facts.image(None)
    assert facts.image("5.1.1") is None
    assert facts.image("4.2") is None
    old = facts.image("5.0")
    assert old is not None
    assert (old.source.end_of_life, old.source.retired) == ("2026-11-30", False)  # SECURITY.md of fluent-bit
    assert (facts.RUNTIME.distribution, facts.RUNTIME.release) == (old.source.distribution, old.source.release)


def test_an_image_of_ones_own_gets_no_packages() -> None:
    made = texts(plan_of(HEAD + SPEC.replace("BASE", ", base: shop/fluent-bit:1")))
    dockerfile = made["docker/log/Dockerfile"]
    assert dockerfile.count("FROM ") == 1
    assert "apt-get" not in dockerfile
    assert "--from" not in dockerfile


def test_a_short_stop_has_a_small_buffer_and_one_image_serves_every_stage() -> None:
    plan = plan_of(HEAD + SPEC.replace("BASE", ""))
    made = plan.containers["log"].build
    assert isinstance(made, FluentbitPlan)
    assert made.output is not None
    assert (made.output.total_limit, made.grace, made.flush_seconds) == (80, 7, 30)  # of 30 s, 10 are margin
    assert dict(plan.containers["log"].environment) == {"S3_BUCKET": "b", "S3_REGION": "us-east-1"}
    assert "us-east-1" not in texts(plan)["docker/log/fluent-bit.yaml"]
    assert "/var/log/a b/*.log" in texts(plan)["docker/log/fluent-bit.yaml"]


@pytest.mark.parametrize("seconds", [2, 30, 120])
def test_the_stop_timeout_is_divided(seconds: int) -> None:
    stop = stopping.stop_of(seconds, 64, starts=15, again=30)
    assert 0 <= stop.settle <= stop.ready <= seconds / 2
    assert 1 <= stop.limit < seconds
    assert stop.full == 32 * 1024


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)


@given(words)
def test_any_text_comes_back_from_yaml(text: str) -> None:
    if "${" in text:
        with pytest.raises(ValueError, match="variable"):
            yaml_value(text, own=True)
        return
    found = from_yaml(f"service:\n  key: {yaml_value(text, own=True)}\npipeline: {{}}\n")
    assert found[0].values == {"key": text}


@given(words)
def test_any_text_comes_back_from_the_classic_format_or_is_refused(text: str) -> None:
    if "${" in text or text != text.strip():
        with pytest.raises(ValueError, match=r"variable|blanks"):
            classic_value(text, own=True)
        return
    assert classic(f"[SERVICE]\n    key {classic_value(text, own=True)}\n")[0].values == {"key": text}


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\0b"])
def test_no_text_begins_a_line_of_its_own(text: str) -> None:
    for write in (yaml_value, classic_value):
        with pytest.raises(ValueError, match="cannot hold"):
            write(text, own=True)
