"""Images that a file leaves open into images that are known when they are deployed."""

from __future__ import annotations

import re
from typing import Any

from chuoigen.aws import arn
from chuoigen.yaml.unknown import KINDS, OF_IMAGES, Unknown, alone, placeholders

_PLACEHOLDER = re.compile(r"[A-Za-z0-9_]{1,100}")


def filled(image: Any, aws: dict[str, Any]) -> Any:
    """Return the long form of an image that is a placeholder, has one for a tag, or is not there.

    Any other is returned as it is: one that is known, and one of which a person must write a part.
    """
    if not isinstance(image, Unknown):
        return image
    whole = alone(image, (*OF_IMAGES, "person"))
    if whole is not None or not image:
        named = whole is not None and _PLACEHOLDER.fullmatch(whole.hint)
        return {"filled_by": "pipeline", **({"placeholder": whole.hint} if whole is not None and named else {})}
    repository, _, tag = image.rpartition(":")
    if repository and "/" not in tag and not placeholders(repository, KINDS):
        registry = arn.ecr_registry(str(aws["account"]), str(aws["region"]))
        return {"filled_by": "pipeline", "repository": repository.removeprefix(f"{registry}/")}
    return image
