"""Images that a file leaves open into images that are known when they are deployed."""

from __future__ import annotations

import re
from typing import Any

from chuoigen.aws import arn
from chuoigen.yaml.unknown import KINDS, OF_IMAGES, Unknown, alone, placeholders

_PLACEHOLDER = re.compile(r"[A-Za-z0-9_]{1,100}")


def filled(image: Any, aws: dict[str, Any]) -> Any:
    """Return the long form of an image that is a placeholder, or has one for a tag.

    Any other is returned as it is: one that is known, and one of which a person must write a part, or all.
    """
    if not isinstance(image, Unknown):
        return image
    whole = alone(image, (*OF_IMAGES, "person"))
    if whole is not None:
        return {"filled_by": "pipeline", **({"placeholder": whole.hint} if _PLACEHOLDER.fullmatch(whole.hint) else {})}
    repository, _, tag = image.rpartition(":")
    if repository and alone(tag, OF_IMAGES) and not placeholders(repository, KINDS):
        registry = arn.ecr_registry(str(aws["account"]), str(aws["region"]))
        return {"filled_by": "pipeline", "repository": repository.removeprefix(f"{registry}/")}
    return image
