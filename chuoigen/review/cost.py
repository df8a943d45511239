"""What a service costs in a month, and which size would do: by dated prices, with what is assumed and not counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws import defaults, prices, sizing
from chuoigen.aws.prices import HOURS, Prices
from chuoigen.messages import Message, Texts
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.plan import Plan

_say = Texts(__name__)
_MIB = 1024
LOG_GB = 1
"""GB of output that each container of a running task is taken to send to CloudWatch in a month."""
_SPOT = "FARGATE_SPOT"


class Cost(Record):
    """USD a month at the minimum, desired and maximum count of tasks."""

    minimum: float
    desired: float
    maximum: float


class Bill(Record):
    """What a service costs before and after a change; None where there is no service, or no price is known.

    `region` is that of the prices, `known` whether there are any. `notes` say what is assumed, not counted, and what
    would be cheaper.
    """

    region: str
    known: bool
    before: Cost | None
    after: Cost | None
    notes: tuple[Message, ...] = ()


def bill(before: Plan | None, after: Plan | None, *, alone: bool = False) -> Bill | None:
    """Return the bill of a change; None where there is no service on either side. `alone`: of one task that runs."""
    plan = after or before
    if plan is None or not (alone or any(one is not None and one.service is not None for one in (before, after))):
        return None
    old, new = (None if one is None else _of_one(one) if alone else cost(one) for one in (before, after))
    if old is None and new is None:
        return Bill(plan.region, known=False, before=None, after=None)
    return Bill(plan.region, known=True, before=old, after=new, notes=_notes(plan))


def cost(plan: Plan) -> Cost | None:
    """Return what a plan costs; None without a service, and where no price of its region is known."""
    known = prices.BY_REGION.get(plan.region)
    if known is None or plan.service is None:
        return None
    desired = plan.service.desired_count
    scaling = plan.autoscaling
    fewest, most = (scaling.min_capacity, scaling.max_capacity) if scaling else (desired, desired)
    fixed = _balancer(plan, known)
    counts = (fewest, min(max(desired, fewest), most), most)
    return Cost(*(fixed + _tasks(plan, known, count) for count in counts))


def _of_one(plan: Plan) -> Cost | None:
    known = prices.BY_REGION.get(plan.region)
    amount = None if known is None else _tasks(plan, known, 1)
    return None if amount is None else Cost(amount, amount, amount)


def _balancer(plan: Plan, known: Prices) -> float:
    """Return what the load balancer costs: its hours, and an address in each subnet where it is public."""
    balancer = plan.made_balancer
    if balancer is None:
        return 0.0
    addresses = len(balancer.subnets) if balancer.scheme == "internet-facing" else 0
    return HOURS * (known.balancer + addresses * known.address)


def _tasks(plan: Plan, known: Prices, count: int) -> float:
    spot = count * _spot_share(plan, count)
    numerator, denominator = prices.SPOT_SHARE
    paid = count - spot + spot * numerator / denominator
    network = plan.service.network_configuration.awsvpc_configuration if plan.service else None
    address = HOURS * known.address if network and network.assign_public_ip == "ENABLED" else 0.0
    written = sum(1 for container in plan.containers.values() if container.logs.driver == "awslogs")
    return paid * HOURS * compute(plan, known, plan.task.cpu, plan.task.memory) + count * (
        address + written * LOG_GB * known.logs
    )


def compute(plan: Plan, known: Prices, cpu: int, memory: int) -> float:
    """Return what one task of that size costs in an hour: CPU units, MiB, and disk above what comes with it."""
    arm = plan.task.runtime_platform.cpu_architecture == "ARM64"
    of_cpu, of_memory = (known.arm_cpu, known.arm_memory) if arm else (known.cpu, known.memory)
    free = defaults.EPHEMERAL_STORAGE_GIB.value
    disk = plan.task.ephemeral_storage.size_in_gib - free if plan.task.ephemeral_storage else 0
    return cpu / sizing.CPU_UNITS_PER_VCPU * of_cpu + memory / _MIB * of_memory + max(0, disk) * known.storage


def _spot_share(plan: Plan, count: int) -> float:
    """Return the share of tasks that run on Spot: those behind the base, by weight."""
    strategy = plan.service.capacity_provider_strategy if plan.service else {}
    weights = {name: part.weight for name, part in strategy.items()}
    base = sum(part.base for part in strategy.values())
    if not count or not sum(weights.values()):
        return 0.0
    behind = max(0, count - base)
    return behind * weights.get(_SPOT, 0) / sum(weights.values()) / count


def _notes(plan: Plan) -> tuple[Message, ...]:
    spot = plan.service is not None and _SPOT in plan.service.capacity_provider_strategy
    disks = any(volume.ebs or volume.efs for volume in plan.volumes.values())
    return tuple(
        filter(
            None,
            (
                _say("prices", region=plan.region, date=prices.AS_OF),
                _say("logs", gigabytes=LOG_GB),
                _say("spot") if spot else None,
                _say("not-counted.disks" if disks else "not-counted.usual"),
                smaller(plan),
            ),
        )
    )


def smaller(plan: Plan) -> Message | None:
    """Return the cheapest size that holds what all containers reserve; None where it is not known, or no cheaper.

    Where no container reserves CPU the CPU stays: nobody has said how little would do.
    """
    known = prices.BY_REGION.get(plan.region)
    reserved = [one.memory or one.memory_reservation for one in plan.containers.values()]
    if known is None or not all(reserved):
        return None
    memory = sum(one or 0 for one in reserved)
    cpu = sum(one.cpu or 0 for one in plan.containers.values()) or plan.task.cpu
    sizes = [
        (units, mib) for units, offered in sizing.SIZES.items() for mib in offered if units >= cpu and mib >= memory
    ]
    now = compute(plan, known, plan.task.cpu, plan.task.memory)
    best = min(sizes, key=lambda size: compute(plan, known, *size), default=None)
    if best is None or compute(plan, known, *best) >= now:
        return None
    saved = HOURS * (now - compute(plan, known, *best))
    vcpu, gib = best[0] / sizing.CPU_UNITS_PER_VCPU, best[1] / _MIB
    return _say("smaller", cpu=f"{vcpu:g}", memory=f"{gib:g}", saved=f"{saved:.2f}")
