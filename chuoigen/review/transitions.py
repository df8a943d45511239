"""Transitions that a reviewer knows by one word: one difference of the specs that others only follow from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.review.written import Unit
    from chuoigen.yaml.document import KeyPath

_DEPLOYMENT: KeyPath = ("service", "deployment")
_PARTS = frozenset({
    "bake_time", "linear", "canary", "test_traffic", "hooks", "alternate_target_group", "infrastructure_role",
    "hook_role", "early_success",
})  # fmt: skip
"""What a strategy of deployments brings with it, or leaves behind."""


def followed(units: Iterable[Unit]) -> Mapping[Unit, Unit]:
    """Return, for each difference that only follows from another one, that other: the parts of a new strategy."""
    units = tuple(units)
    strategy = next((unit for unit in units if _path(unit) == (*_DEPLOYMENT, "strategy")), None)
    if strategy is None:
        return {}
    parts = (unit for unit in units if _path(unit)[:2] == _DEPLOYMENT and len(_path(unit)) > len(_DEPLOYMENT))
    return {unit: strategy for unit in parts if _path(unit)[2] in _PARTS and unit.kind in ("new", "gone")}


def _path(unit: Unit) -> KeyPath:
    return (unit.after if unit.after is not None else unit.before) or ()
