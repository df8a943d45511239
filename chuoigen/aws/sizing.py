"""The sizes of a Fargate task: CPU units and the MiB of memory that go with each."""

from __future__ import annotations

from chuoigen.aws.fact import fact
from chuoigen.aws.limits import Limit

_CHECKED = "2026-11-23"
_GIB = 1024

# The rows up to 16 vCPU also stand in botocore 1.44 (ecs,
# RegisterTaskDefinitionRequest.memory). 32 vCPU came in June 2026 and takes exactly three sizes, the last
# of them 244 GiB. 8 vCPU and more need Linux and platform 1.4.0.
SIZES: dict[int, tuple[int, ...]] = fact(
    {
        256: (512, 1 * _GIB, 2 * _GIB),
        512: (1 * _GIB, 2 * _GIB, 3 * _GIB, 4 * _GIB),
        1024: tuple(range(2 * _GIB, 8 * _GIB + 1, _GIB)),
        2048: tuple(range(4 * _GIB, 16 * _GIB + 1, _GIB)),
        4096: tuple(range(8 * _GIB, 30 * _GIB + 1, _GIB)),
        8192: tuple(range(16 * _GIB, 60 * _GIB + 1, 4 * _GIB)),
        16384: tuple(range(32 * _GIB, 120 * _GIB + 1, 8 * _GIB)),
        32768: (60 * _GIB, 120 * _GIB, 244 * _GIB),
    },
    "AWS documentation, 'Amazon ECS task definition parameters for Fargate', task size",
    _CHECKED,
)

WINDOWS_CPUS: tuple[int, ...] = fact(
    (1024, 2048, 4096),
    "AWS documentation, 'Amazon ECS task definition parameters for Fargate', task size, operating systems supported",
    "2026-11-27",
)

# 20 GiB come with each task, and writing 20 is refused.
EPHEMERAL_STORAGE_GIB = Limit(21, 200, "gib", "AWS documentation, 'Fargate task ephemeral storage'")

# Docker 20.10 and later refuse less.
CONTAINER_MEMORY_MIN_MIB = fact(6, "botocore 1.44, ecs, ContainerDefinition.memory", _CHECKED)

CPU_UNITS_PER_VCPU = fact(1024, "botocore 1.44, ecs, RegisterTaskDefinitionRequest.cpu", _CHECKED)


def memories(cpu: int) -> tuple[int, ...]:
    """Return the MiB that a task of `cpu` units may have, smallest first; empty when there is no such cpu."""
    return SIZES.get(cpu, ())


def admits(cpu: int, memory: int) -> bool:
    """Say whether Fargate has a task of `cpu` units and `memory` MiB."""
    return memory in memories(cpu)


def nearest(cpu: int, memory: int) -> tuple[int, int]:
    """Return the smallest size, as (CPU units, MiB), with at least both; the largest when none suffices."""
    for units, offered in SIZES.items():
        if units < cpu:
            continue
        for mib in offered:
            if mib >= memory:
                return units, mib
    return 32768, 244 * _GIB
