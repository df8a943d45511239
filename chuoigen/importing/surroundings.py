"""What a file of another format says only in passing: the account, the region, and what the service is called."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from chuoigen.aws import arn
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_REGION = r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+"
_ROLES = (("task", "execution_role"), ("task", "task_role"))
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def texts(value: Any) -> Iterator[str]:
    """Yield all known texts in a value, in their order."""
    if isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from texts(child)
    elif isinstance(value, str) and not isinstance(value, Unknown):
        yield value


def account_of(data: dict[str, Any]) -> str | None:
    """Return the account of the task's roles, else the one that ARNs and images name most.

    None where no text names one.
    """
    own = (_at(data, path) for path in _ROLES)
    accounts = [found for role in own for found, _ in _named(role) if found]
    accounts = accounts or [found for text in texts(data) for found, _ in _named(text) if found]
    return _commonest(accounts)


def region_of(data: dict[str, Any]) -> str | Unknown | None:
    """Return the region that the file speaks of: that of its log groups, else the one that ARNs and images name most.

    None where no text names one, and unknown where the log groups' is.
    """
    listed = data.get("containers")
    containers = listed.values() if isinstance(listed, dict) else ()
    logs = [_at(one, ("logs", "options", "awslogs-region")) for one in containers if isinstance(one, dict)]
    said = [region for region in logs if isinstance(region, str) and region]
    known = [region for region in said if not isinstance(region, Unknown) and re.fullmatch(_REGION, region)]
    known = known or [found for text in texts(data) for _, found in _named(text) if re.fullmatch(_REGION, found)]
    return _commonest(known) or next((Unknown(region) for region in said), None)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _named(text: Any) -> Iterator[tuple[str, str]]:
    """Yield the account and the region of an ARN or an image, "" for what it does not name."""
    if not isinstance(text, str) or isinstance(text, Unknown):
        return
    parsed, image = arn.parse(text), arn.parse_ecr(text)
    if parsed is not None:
        yield parsed.account if re.fullmatch("[0-9]{12}", parsed.account) else "", parsed.region
    if image is not None:
        yield image.account, image.region


def _commonest(found: list[str]) -> str | None:
    return Counter(found).most_common(1)[0][0] if found else None


def called(family: Any, stage: str | None, fallback: str) -> tuple[str, Any]:
    """Return the name of the service, and its family where name and stage do not give it."""
    if not isinstance(family, str) or isinstance(family, Unknown) or not family:
        return _slug(fallback), family or None
    if stage and family.endswith(f"-{stage}-{fallback}"):
        return _slug(fallback), family
    name = family.removesuffix(f"-{stage}") if stage else family
    name = name if _NAME.fullmatch(name) else _slug(name)
    prefix = f"{name}-{stage}" if stage else name
    return name, None if prefix == family else family


def _slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()).strip("-0123456789")
    return words or "service"
