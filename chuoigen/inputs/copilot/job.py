"""A Scheduled Job of Copilot: a task that a schedule starts, beside a service without tasks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.inputs.compose.values import seconds
from chuoigen.inputs.copilot import service, values
from chuoigen.inputs.translating import Raw
from chuoigen.messages import Texts
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.translating import Target
    from chuoigen.yaml.document import KeyPath

NAME = "run"
"""What the job is called: the container has the name of the workload."""
# copilot-cli v1.33, internal/pkg/deploy/cloudformation/stack/scheduled_job.go, checked 2026-11-28.
_PRESETS = {
    "@hourly": "cron(0 * * * ? *)",
    **dict.fromkeys(("@daily", "@midnight"), "cron(0 0 * * ? *)"),
    "@weekly": "cron(0 0 ? * 1 *)",
    "@monthly": "cron(0 0 1 * ? *)",
    **dict.fromkeys(("@yearly", "@annually"), "cron(0 0 1 1 ? *)"),
}
_NEVER = "none"
_FIELDS = 5
_MINUTE_S = 60
_say = Texts(__name__)


def job(root: Raw, name: str, target: Target) -> None:
    """Put the job and its schedule, and a service that keeps no task."""
    path: KeyPath = ("jobs", NAME)
    about = root.get("on") or root.get("type")
    target.put(("service",), root.get("type"), {})
    target.fill(("service", "desired_count"), Integer(0))
    service.placement(root.get("network").get("vpc").get("placement"), ("service",), target)
    target.put(("jobs",), about, {})
    target.put(path, about, {"container": name})
    values.duration(root.get("timeout"), (*path, "timeout"), target)
    written = root.get("on").get("schedule")
    if not isinstance(written, Raw) or written.value == _NEVER:
        target.note(written)
        return
    if isinstance(written.value, Unknown):
        target.put((*path, "schedule"), written, written.value)
        return
    expression = converted(str(written.value))
    if expression is None:
        target.say(_say("invalid-value.schedule", found=values.text(written.value)), "CG013", written)
    else:
        target.put((*path, "schedule"), written, expression)


def converted(schedule: str) -> str | None:
    """Return what Copilot makes of a schedule for AWS: presets, `@every 1h30m`, and cron with five fields.

    A form of AWS stays as it is; None for what Copilot refuses.
    """
    if schedule.startswith(("cron(", "rate(")):
        return schedule
    if schedule.startswith("@every "):
        exact = seconds(schedule.removeprefix("@every ").strip())
        minutes, rest = divmod(exact, _MINUTE_S) if exact else (0, 1)
        return f"rate({int(minutes)} minute{'' if minutes == 1 else 's'})" if minutes and not rest else None
    if schedule.startswith("@"):
        return _PRESETS.get(schedule)
    fields = schedule.split()
    return _cron(*fields) if len(fields) == _FIELDS else None


def _cron(minute: str, hour: str, day: str, month: str, weekday: str) -> str | None:
    """Return cron of six fields: one of the two days is `?`, and Sunday is 1 rather than 0."""
    by_day, by_weekday = (not re.search(r"[*?]", field) for field in (day, weekday))
    if by_day and by_weekday:
        return None
    day = day if by_day else "?" if by_weekday else "*"
    weekday = re.sub(r"[0-9]", lambda found: str(int(found[0]) + 1), weekday) if by_weekday else "?"
    return f"cron({minute} {hour} {day} {month} {weekday} *)"
