"""The borders of task and container sizes, and the roles of the task."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.lint import lint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic


@pytest.mark.parametrize(
    ("cpu", "memory", "expected"),
    [
        ("256", "512", []),
        ("256", "2048", []),
        ("256", "3072", ["cpu-memory-pair"]),
        ("512", "512", ["cpu-memory-pair"]),
        ("512", "1536", ["cpu-memory-pair"]),
        ("1024", "8192", []),
        ("1024", "9216", ["cpu-memory-pair"]),
        ("4096", "30720", []),
        ("4096", "31744", ["cpu-memory-pair"]),
        ("8192", "16384", []),
        ("8192", "18432", ["cpu-memory-pair"]),
        ("8192", "61440", []),
        ("16384", "32768", []),
        ("16384", "36864", ["cpu-memory-pair"]),
        ("16384", "122880", []),
        ("32768", "61440", []),
        ("32768", "65536", ["cpu-memory-pair"]),
        ("32768", "249856", []),
        ("32 vCPU", "120 GB", []),
        ("0.25 vCPU", "0.5 GB", []),
        ("300", "512", ["unknown-task-cpu"]),
        ("65536", "249856", ["unknown-task-cpu"]),
        ("0", "512", ["unknown-task-cpu"]),
    ],
)
def test_task_sizes(reported: Callable[[str], list[str]], cpu: str, memory: str, expected: list[str]) -> None:
    example = f"task: {{ cpu: {cpu}, memory: {memory} }}\ncontainers: {{ app: {{ image: nginx:1.28.0 }} }}"
    assert reported(example) == expected


def test_the_nearest_size_is_named(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    found = diagnose("task: { cpu: 1 vCPU, memory: 12 GB }\ncontainers: { app: { image: nginx:1.28.0 } }")[0]
    assert found.message == "a task with cpu 1024 (1 vCPU) cannot have 12288 MiB of memory"
    assert found.help == (
        "the nearest size is cpu: 2048, memory: 12288; with cpu 1024 the memory is 2048 to 8192 MiB in steps of 1024"
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("memory: 512", []),
        ("memory: 513", ["container-memory-above-task"]),
        ("memory: 6", []),
        ("memory: 5", ["container-memory-too-small"]),
        ("memory_reservation: 5", ["container-memory-too-small"]),
        ("memory_reservation: 512", []),
        ("memory_reservation: 513", ["memory-reservations-above-task"]),
        ("memory: 128, memory_reservation: 128", []),
        ("memory: 128, memory_reservation: 129", ["reservation-above-memory"]),
        ("cpu: 256", []),
        ("cpu: 257", ["container-cpu-above-task"]),
        ("tmpfs: { /tmp: 511 }", []),
        ("tmpfs: { /tmp: 256, /run: 256 }", ["tmpfs-above-memory"]),
        ("memory: 64, tmpfs: { /tmp: 64 }", ["tmpfs-above-memory"]),
    ],
)
def test_container_sizes(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("ephemeral_storage: 20", ["ephemeral-storage-out-of-range"]),
        ("ephemeral_storage: 21", []),
        ("ephemeral_storage: 200 GiB", []),
        ("ephemeral_storage: 201", ["ephemeral-storage-out-of-range"]),
        ("platform: linux/arm64", []),
        ("platform: windows/amd64", ["unknown-platform"]),
        ("platform: arm64", ["unknown-platform"]),
    ],
)
def test_disk_and_platform(reported: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert reported(f"task: {{ {keys} }}\ncontainers: {{ app: {{ image: nginx:1.28.0 }} }}") == expected


def test_a_sum_is_reported_once_at_the_container_that_goes_over(
    diagnose: Callable[[str], tuple[Diagnostic, ...]],
) -> None:
    lines = [f"  {name}: {{ image: nginx:1.28.0, cpu: 100, memory: 200 }}" for name in "abcd"]
    found = diagnose("\n".join(["containers:", *lines]))
    assert {(one.rule, one.span.line) for one in found} == {
        ("memory-reservations-above-task", 5),
        ("container-cpu-above-task", 5),
    }
    assert len(found) == 2


def found_in(folder: Path, **container: object) -> list[Diagnostic]:
    """Give what is reported about a task definition without roles whose one container says this."""
    whole = {"name": "app", "image": "nginx:1.28.0", **container}
    task = {
        "family": "shop", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256",
        "memory": "512", "containerDefinitions": [whole],
    }  # fmt: skip
    (folder / "task-definition.json").write_text(json.dumps(task), encoding="utf-8")
    found = lint([str(folder / "task-definition.json")]).diagnostics
    return [one for one in found if one.rule == "missing-execution-role"]


def test_all_reasons_for_an_execution_role_are_one_finding(tmp_path: Path) -> None:
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
    options = {"awslogs-group": "/a", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "a"}
    secrets = [{"name": "X", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/a"}]
    (found,) = found_in(
        tmp_path, image=image, secrets=secrets, logConfiguration={"logDriver": "awslogs", "options": options}
    )
    assert [related.message for related in found.related] == [
        'ECS pulls the image of "app" from ECR',
        'ECS reads the secrets of "app"',
        'ECS writes the output of "app" to CloudWatch Logs',
    ]


def test_a_task_that_only_runs_a_public_image_without_awslogs_needs_no_execution_role(tmp_path: Path) -> None:
    splunk = {"logDriver": "splunk", "options": {"splunk-url": "u", "splunk-token": "t"}}
    assert found_in(tmp_path, logConfiguration=splunk) == []


def test_a_spec_has_a_default_for_its_execution_role(reported: Callable[[str], list[str]]) -> None:
    assert reported("task: { execution_role: null }\ncontainers:\n  app: { image: nginx:1.28.0 }\n") == []


def test_the_same_role_by_name_and_by_arn_is_shared(reported: Callable[[str], list[str]]) -> None:
    task = "task: { execution_role: shop, task_role: 'arn:aws:iam::123456789012:role/shop' }"
    assert reported(f"{task}\ncontainers:\n  app: {{ image: nginx:1.28.0 }}\n") == ["shared-role"]
