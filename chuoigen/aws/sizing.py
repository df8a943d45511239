"""The sizes of a Fargate task: CPU units and the MiB of memory that go with each, checked 2026-11-23."""

from __future__ import annotations

from chuoigen.aws.limits import Limit

GIB = 1024

# AWS documentation, "Amazon ECS task definition parameters for Fargate", section "Task size", checked
# 2026-11-23. The rows up to 16 vCPU also stand in botocore 1.44 (ecs,
# RegisterTaskDefinitionRequest.memory). 32 vCPU came in June 2026 and takes exactly three sizes, the last
# of them 244 GiB. 8 vCPU and more need Linux and platform 1.4.0.
SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1 * GIB, 2 * GIB),
    512: (1 * GIB, 2 * GIB, 3 * GIB, 4 * GIB),
    1024: tuple(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: tuple(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: tuple(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: tuple(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: tuple(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
    32768: (60 * GIB, 120 * GIB, 244 * GIB),
}

# Same page, section "Fargate task storage": 20 GiB come with each task, and writing 20 is refused.
EPHEMERAL_STORAGE_GIB = Limit(21, 200, "gib", "AWS documentation, 'Fargate task ephemeral storage'")
DEFAULT_EPHEMERAL_STORAGE_GIB = 20

# botocore 1.44, ecs, ContainerDefinition.memory: Docker 20.10 and later refuse less than 6 MiB.
CONTAINER_MEMORY_MIN_MIB = 6

CPU_UNITS_PER_VCPU = 1024


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
    return 32768, 244 * GIB


def cpus(memory: int) -> tuple[int, ...]:
    """Return the CPU units that go with `memory` MiB, smallest first."""
    return tuple(units for units, offered in SIZES.items() if memory in offered)
