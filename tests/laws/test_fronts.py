"""The law of front-ends: whatever becomes of a file of another format, linting it is no bug and points into a file.

Each format has an example below; a new format without one fails here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen.compiler import judge_all
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.formats import KINDS, recognised, words_of
from chuoigen.inputs.load import Loader
from chuoigen.inputs.secret_values import secrets
from chuoigen.messages import ENGLISH
from tests.inputs import test_cloudformation, test_ecspresso, test_service_definition, test_task_definition

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "/nowhere"
COMPOSE = """\
services:
  web:
    image: nginx:1.28.0
    ports: ["80:80"]
    environment: { MODE: live }
    depends_on: { db: { condition: service_healthy } }
  db:
    image: postgres:16.4
    volumes: [data:/var/lib/postgresql]
    healthcheck: { test: [CMD, pg_isready], interval: 10s }
volumes: { data: {} }
"""
COPILOT = """\
name: shop
type: Load Balanced Web Service
http: { path: / }
image: { location: "nginx:1.28.0", port: 80 }
cpu: 256
memory: 512
count: { range: 1-4, cpu_percentage: 60 }
variables: { MODE: live }
secrets: { KEY: /shop/key }
environments:
  prod: { cpu: 512, memory: 1024 }
"""
TERRAFORM = """\
resource "aws_ecs_task_definition" "shop" {
  family                   = "shop"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = var.memory
  container_definitions    = jsonencode([{ name = "web", image = "nginx:1.28.0", essential = true }])
}
"""
EXAMPLES: dict[str, dict[str, str]] = {
    "task-definition": {"task-definition.json": json.dumps(test_task_definition.PRINTED, indent=1)},
    "service-definition": {
        "service.json": json.dumps(test_service_definition.DESCRIBED, indent=1),
        "task-definition.json": json.dumps(test_task_definition.GOOD, indent=1),
    },
    "cloudformation": {"stack.yaml": test_cloudformation.GOOD},
    "ecspresso": {
        "ecspresso.yml": test_ecspresso.CONFIG,
        "deploy/service.json": test_ecspresso.written(),
        "deploy/task.yaml": test_ecspresso.TASK_YAML,
    },
    "dockerrun": {
        "Dockerrun.aws.json": json.dumps(
            {"AWSEBDockerrunVersion": 2, "containerDefinitions": test_task_definition.GOOD["containerDefinitions"]},
            indent=1,
        )
    },
    "compose": {"compose.yaml": COMPOSE},
    "copilot": {"copilot/shop/manifest.yml": COPILOT},
    "terraform": {"main.tf": TERRAFORM},
}
"""The files of a project of each format, the one that is linted first."""
PIECES = st.sampled_from(
    [
        *("", "{", "}", "[", "]", '"', "'", ",", ":", ": ", "- ", "\n", "\t", "null", "true", "-1", "99999", "{{ x }}", "${x}", "<X>"),
        *('"name": ', "!Ref x", "!If [", "&a ", "*a", "<<: ", "#", "//", "/*", "\r", "\u00e9", "|", ">", "\ufeff", "\\u0000", "..", "/"),
    ]
)  # fmt: skip


def linted(form: str, texts: Mapping[str, str]) -> None:
    """Lint the first of the files, in the format that it was; fail where a finding lies outside of what was read."""
    files = Overlay(Disk(), {f"{FOLDER}/{name}": text.encode() for name, text in texts.items()})
    first = f"{FOLDER}/{next(iter(texts))}"
    parts = judge_all(Loader(files, foreign=True, form=form).loads(first))
    sources = {source.file: source for part in parts for source in part.loaded.sources}
    for source in sources.values():
        secrets(source)
    for part in parts:
        spans = [one.span for one in part.loaded.uncarried]
        for one in part.diagnostics:
            spans += [one.span, *(related.span for related in one.related)]
            reader = ENGLISH.replaced(words=words_of(one.form or form))
            assert reader.text(one.words)
            reader.help(one.words)
        for span in spans:
            lines = re.split("\r\n|\r|\n", sources[span.file].text)
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert (span.line, span.column) <= (span.end_line, span.end_column)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_format_has_an_example_that_is_recognised(kind: str) -> None:
    name, text = next(iter(EXAMPLES[kind].items()))
    assert recognised(text.encode(), name) == kind
    linted(kind, EXAMPLES[kind])


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_change_of_a_file_is_a_bug(kind: str, data: st.DataObject) -> None:
    texts = dict(EXAMPLES[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(texts)))
        at = data.draw(st.integers(0, len(texts[name])))
        cut = data.draw(st.integers(0, 30))
        texts[name] = texts[name][:at] + data.draw(PIECES) + texts[name][at + cut :]
    linted(kind, texts)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=80))
def test_no_text_is_a_bug(kind: str, text: str) -> None:
    linted(kind, {next(iter(EXAMPLES[kind])): text.encode("utf-8", "replace").decode()})
