"""The grammar of schedules, of EventBridge Scheduler; Application Auto Scaling has the same forms.

Sources: EventBridge Scheduler user guide, "Schedule types in EventBridge Scheduler"; botocore 1.44, scheduler,
CreateScheduleInput.ScheduleExpression, and application-autoscaling, PutScheduledActionRequest.Schedule (2026-11-28).
"""

import re
from datetime import datetime

from chuoigen.record import Record

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# Of each field its name, its lowest and highest number, and its words, which stand for the numbers from the lowest on.
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day-of-month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day-of-week", 1, 7, _DAYS),
    ("year", 1970, 2199, ()),
)
_DAY, _WEEKDAY = 2, 4


class Fault(Record):
    """What is wrong: `kind` is a variant of the rule's message, `field` the field of a cron expression or ""."""

    kind: str
    found: str
    field: str = ""


def fault_of(expression: str) -> Fault | None:
    """Return what EventBridge Scheduler refuses about an expression; None where it takes it."""
    found = re.fullmatch(r"(cron|rate|at)\((.*)\)", expression)
    if found is None:
        return Fault("form", expression)
    return {"cron": _cron, "rate": _rate, "at": _at}[found[1]](found[2])


def _rate(text: str) -> Fault | None:
    found = re.fullmatch(r"([1-9][0-9]*) (minute|hour|day)(s?)", text)
    return None if found is not None and (found[1] == "1") == (not found[3]) else Fault("rate", text)


def _at(text: str) -> Fault | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", text):
        return Fault("at", text)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return Fault("at", text)
    return None


def _cron(text: str) -> Fault | None:
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return Fault("fields", text)
    for index, field in enumerate(fields):
        if not _admits(index, field):
            return Fault("field", field, _FIELDS[index][0])
    if (fields[_DAY] == "?") == (fields[_WEEKDAY] == "?"):
        return Fault("days", text)
    return None


def _admits(index: int, field: str) -> bool:
    if index in (_DAY, _WEEKDAY) and field == "?":
        return True
    if index == _DAY and re.fullmatch(r"L|LW|(?:[1-9]|[12][0-9]|3[01])W", field):
        return True
    if index == _WEEKDAY and (field == "L" or _nth(field)):
        return True
    return all(_part(index, part) for part in field.split(","))


def _nth(field: str) -> bool:
    """Say whether a day of the week is the last or the n-th of its month: 5L, TUE#2."""
    found = re.fullmatch(r"(\w+?)(?:L|#([1-5]))", field)
    return found is not None and _number(_WEEKDAY, found[1]) is not None


def _part(index: int, part: str) -> bool:
    """Judge one of several values: `*`, a value, a range, each also with a step."""
    span, slash, step = part.partition("/")
    if slash and not re.fullmatch(r"[1-9][0-9]*", step):
        return False
    if span == "*":
        return True
    first, dash, last = span.partition("-")
    low, high = _number(index, first), _number(index, last) if dash else None
    if low is None or (dash and high is None):
        return False
    return high is None or low <= high


def _number(index: int, text: str) -> int | None:
    _, low, high, words = _FIELDS[index]
    if text.upper() in words:
        return low + words.index(text.upper())
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) and low <= int(text) <= high else None
