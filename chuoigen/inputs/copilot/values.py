"""Single values of Copilot's manifests: commands, variables, secrets, variables of the shell that runs Copilot."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from chuoigen.inputs.compose.values import seconds, whole
from chuoigen.inputs.translating import Absent, Raw
from chuoigen.messages import Texts
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.translating import Target
    from chuoigen.yaml.document import KeyPath

KINDS = ("dollar",)
"""The placeholders: `${NAME}`, from the shell that runs Copilot."""
_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET_PARTS = ("key", "version_stage", "version_id")
_say = Texts(__name__)


def settled(value: Any, known: dict[str, str]) -> Any:
    """Return data in which the variables that Copilot itself sets have their values."""
    if isinstance(value, Unknown):
        text = _NAME.sub(lambda match: known.get(match[1], match[0]), value)
        return Unknown(text, value.hint) if "${" in text else text
    if isinstance(value, dict):
        return {key: settled(child, known) for key, child in value.items()}
    return [settled(child, known) for child in value] if isinstance(value, list) else value


def text(value: Any) -> str:
    """Return a scalar as text: as it was typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(getattr(value, "written", value))


def duration(raw: Raw | Absent, path: KeyPath, target: Target, otherwise: int | None = None) -> None:
    """Put the seconds of a duration of Go, `1m30s`; `otherwise` is what Copilot takes without one."""
    if not isinstance(raw, Raw):
        if otherwise is not None:
            target.fill(path, Integer(otherwise))
        return
    exact = seconds(raw.value)
    if isinstance(raw.value, Unknown):
        target.put(path, raw, raw.value)
    elif exact is None:
        target.say(_say("invalid-value.duration", found=text(raw.value)), "CG013", raw)
    else:
        target.put(path, raw, whole(exact))


def number(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put a whole number, which may stand in quotes."""
    if not isinstance(raw, Raw):
        return
    written = str(raw.value)
    if isinstance(raw.value, str) and not isinstance(raw.value, Unknown) and re.fullmatch("[0-9]{1,9}", written):
        target.put(path, raw, Integer(int(written)))
    elif isinstance(raw.value, Unknown) or (isinstance(raw.value, int) and not isinstance(raw.value, bool)):
        target.put(path, raw, raw.value)
    else:
        target.say(_say("invalid-value.number"), "CG013", raw)


def command(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put a command: a list of words, or a line that is split as a shell does."""
    if not isinstance(raw, Raw):
        return
    if isinstance(raw.value, list):
        target.put(path, raw, [])
        for item in raw.items():
            if not isinstance(item.value, dict | list):
                target.put((*path, len(target.at(path))), item, text(item.value))
        return
    if not isinstance(raw.value, str) or isinstance(raw.value, Unknown):
        target.put(path, raw, Unknown(text(raw.value)))
        return
    try:
        words = shlex.split(raw.value)
    except ValueError:
        target.say(_say("invalid-value.quote"), "CG013", raw)
        return
    target.put(path, raw, [])
    for index, word in enumerate(words):
        target.put((*path, index), raw, word)


def variables(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put variables; one from another stack is unknown."""
    for name, value in raw.members() if isinstance(raw, Raw) else ():
        stack = value.get("from_cfn")
        if isinstance(stack, Raw):
            target.put((*path, name), stack, Unknown(text(stack.value), name))
        elif isinstance(value.value, dict | list):
            target.put((*path, name), value, Unknown("", name))  # an intrinsic of CloudFormation
        else:
            target.put((*path, name), value, text(value.value))


def labels(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put labels."""
    variables(raw, path, target)


def secrets(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put where secrets are kept: a parameter by name or ARN, a secret by ARN, or by name below `secretsmanager`."""
    for name, value in raw.members() if isinstance(raw, Raw) else ():
        at, stack, kept = (*path, name), value.get("from_cfn"), value.get("secretsmanager")
        if isinstance(stack, Raw):
            target.put(at, value, {})
            target.put((*at, "ssm"), stack, Unknown(text(stack.value), name))
        elif isinstance(kept, Raw):
            _kept(kept, text(kept.value), at, target)
        elif isinstance(value.value, str) and ":secretsmanager:" in value.value:
            _kept(value, value.value, at, target)
        elif not isinstance(value.value, dict | list):
            target.put(at, value, {})
            target.put((*at, "ssm"), value, text(value.value))


def _kept(raw: Raw, written: str, path: KeyPath, target: Target) -> None:
    """Put a secret: a name or an ARN, and behind it the key of its JSON and a version."""
    target.put(path, raw, {})
    if isinstance(written, Unknown):
        target.put((*path, "secrets_manager"), raw, written)
        return
    parts = written.split(":")
    length = 7 if written.startswith("arn:") else 1
    target.put((*path, "secrets_manager"), raw, ":".join(parts[:length]))
    for key, value in zip(_SECRET_PARTS, parts[length:], strict=False):
        if value:
            target.put((*path, key), raw, value)
