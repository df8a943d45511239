"""Turns a mapping with gaps into the members of a request: what says nothing is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan


def said(members: dict[str, Any]) -> dict[str, Any]:
    """Leave out None, empty text, lists and mappings; 0 and False say something."""
    return {key: value for key, value in members.items() if value is not None and value not in ("", [], {})}


def tags(plan: Plan) -> list[dict[str, str]]:
    """Return the tags as ECS spells them; by the first one the scripts know what they made."""
    return [{"key": key, "value": value} for key, value in plan.tags.items()]
