"""Single values as people write them, with their units, turned into the one form that ECS takes."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from chuoigen.messages import Texts
from chuoigen.spec.model import UNFIXED, shown, wrong

_say = Texts(__name__)

_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*([A-Za-z]*)")
_LONGEST = 40
"""Characters of an amount. A number of 309 digits is infinite as a float."""
_SECONDS = {
    "": 1,
    "s": 1,
    "sec": 1,
    "second": 1,
    "seconds": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "minutes": 60,
    "h": 3600,
}
_DAYS = {"": 1, "d": 1, "day": 1, "days": 1, "week": 7, "weeks": 7}
_MIB = {
    "": 1,
    "m": 1,
    "mb": 1,
    "mib": 1,
    "g": 1024,
    "gb": 1024,
    "gib": 1024,
}  # ECS itself reads 1 GB as 1024 MiB
_GIB = {"": 1, "g": 1, "gb": 1, "gib": 1}
_CPU = {"": 1, "vcpu": 1024}
_SPELLINGS = {
    "secs": "s",
    "mins": "m",
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("mi", "mibs", "mbs", "megabyte", "megabytes", "mebibyte", "mebibytes"), " MiB"),
    **dict.fromkeys(("gi", "gibs", "gbs", "gigabyte", "gigabytes", "gibibyte", "gibibytes"), " GiB"),
    **dict.fromkeys(("vcpus", "cpu", "cpus", "core", "cores"), " vCPU"),
}
"""Units as Kubernetes (512Mi) and people write them, by ours."""


def _quantity(value: Any, units: dict[str, int], examples: tuple[str, ...]) -> int:
    """Return a whole number of the smallest unit; a plain number is ECS's own unit."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong(_say("invalid-value.no-amount", value=shown(value), examples=examples))
    text = str(getattr(value, "written", value)).strip()
    match = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    factor = units.get(match[2].lower()) if match else None
    if match is None or factor is None:
        words = _say("invalid-value.unknown-amount", value=shown(value), examples=examples)
        raise wrong(words, right=_meant(text, units))
    amount = float(match[1]) * factor
    if amount != int(amount):
        raise wrong(_say("invalid-value.not-whole", value=shown(value), examples=examples))
    return int(amount)


def _meant(text: str, units: dict[str, int]) -> Any:
    """Return an amount in our spelling of its unit, where what was written means one and only that."""
    if len(text) > _LONGEST:
        return UNFIXED
    parts = re.findall(r"(?<![0-9.])([0-9]++(?:\.[0-9]++)?)\s*+([a-z]++)", text.lower())
    if not parts or "".join(map("".join, parts)) != re.sub(r"\s", "", text.lower()):
        return UNFIXED
    if len(parts) == 1:
        unit = _SPELLINGS.get(parts[0][1], "")
        return f"{parts[0][0]}{unit}" if unit and unit.strip().lower() in units else UNFIXED
    known = units is _SECONDS and all(unit in units for _, unit in parts)
    return sum(int(float(amount) * units[unit]) for amount, unit in parts) if known else UNFIXED


def _amount(units: dict[str, int], *examples: str) -> Any:
    return BeforeValidator(lambda value: _quantity(value, units, examples))


def as_list(value: Any) -> Any:
    """Return one value as a list; a list, a mapping and nothing stay what they are."""
    return value if isinstance(value, list | dict) or value is None else [value]


def _as_typed(value: Any) -> Any:
    """Take an unquoted whole number as the text that was typed; anything else is judged as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(getattr(value, "written", value))
    return value


def environment_text(value: Any) -> str:
    """Return the text of an environment value as it was typed.

    Raises the language's error where YAML would have changed it on the way: booleans, empty values and numbers whose
    text is not their only spelling must be quoted.
    """
    if isinstance(value, str):
        return value
    written = getattr(value, "written", None)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(written if written is not None else value)
    if isinstance(value, float):
        text = str(written if written is not None else value)
        if repr(float(value)) == text:
            return text
        raise wrong(_say("unquoted-value.number", text=text, otherwise=repr(float(value))), right=text)
    if isinstance(value, bool):
        text = "true" if value else "false"
        raise wrong(_say("unquoted-value.truth", text=text), right=text)
    if value is None:
        raise wrong(_say("unquoted-value.empty"), right="")
    raise wrong(_say("invalid-value.no-text", value=shown(value)))


_ONE_OR_OTHER = {"anyOf": [{"type": "integer"}, {"type": "string"}]}

Cpu = Annotated[int, _amount(_CPU, "256", "0.25 vCPU"), WithJsonSchema(_ONE_OR_OTHER)]
"""CPU units; 1024 are one vCPU."""
Memory = Annotated[int, _amount(_MIB, "512", "512 MiB", "0.5 GB"), WithJsonSchema(_ONE_OR_OTHER)]
"""Mebibytes."""
Seconds = Annotated[int, _amount(_SECONDS, "30", "30s", "2m"), WithJsonSchema(_ONE_OR_OTHER)]
"""Seconds."""
Days = Annotated[int, _amount(_DAYS, "30", "30 days"), WithJsonSchema(_ONE_OR_OTHER)]
"""Days."""
Storage = Annotated[int, _amount(_GIB, "21", "21 GiB"), WithJsonSchema(_ONE_OR_OTHER)]
"""Gibibytes."""
TypedText = Annotated[str, BeforeValidator(_as_typed), WithJsonSchema(_ONE_OR_OTHER)]
"""Text, or a whole number taken as the text that was typed."""
EnvironmentText = Annotated[str, BeforeValidator(environment_text), WithJsonSchema({"type": ["string", "number"]})]
"""Text of an environment variable."""
Text = Annotated[str, Field(min_length=1)]
"""Text that is not empty."""

SEVERAL_LINES = "several lines"
"""Annotation of a field whose values, but not the names of them, may have several lines and tabs: what carries them in
the generated files can hold any text. Every other text of a spec is one line."""
