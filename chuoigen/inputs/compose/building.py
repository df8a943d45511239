"""The build of a compose service into the build of a container from the user's own Dockerfile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.inputs.compose.composition import members
from chuoigen.inputs.compose.keys import BUILD
from chuoigen.inputs.compose.variables import variables
from chuoigen.messages import Texts
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.compose.composition import Composition
    from chuoigen.inputs.translating import Raw
    from chuoigen.yaml.document import KeyPath

_REMOTE = re.compile(r"[a-z+]+://|git@|github\.com/")
_DOCKERFILE = "Dockerfile"
"""What compose builds without the key `dockerfile`."""
_say = Texts(__name__)


def build(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put a build together. Its Dockerfile is looked for in the context, where ours is relative to the file."""
    at = (*path, "build")
    if isinstance(raw.value, str):
        _folder(raw, raw.value, "", raw, at, target)
        return
    given = dict(members(raw, BUILD, target, at))
    context, dockerfile = given.get("context"), given.get("dockerfile")
    folder = context.value if context else "."
    if not isinstance(folder, str) or (dockerfile and not isinstance(dockerfile.value, str)):
        return
    if not _folder(context or raw, folder, dockerfile.value if dockerfile else "", dockerfile or raw, at, target):
        return
    if "target" in given:
        target.copy(given["target"], (*at, "target"))
    if "args" in given:
        variables(given["args"], (*at, "args"), target)


def _folder(context: Raw, folder: str, file: str, written: Raw, path: KeyPath, target: Composition) -> bool:
    if not isinstance(folder, Unknown) and _REMOTE.match(folder):
        target.leave(context, _say("remote", context=folder))
        return False
    if target.at(path) is None:
        target.put(path, context, {})
    target.put((*path, "context"), context, folder)
    target.put((*path, "dockerfile"), written, _joined(folder, file or _DOCKERFILE))
    return True


def _joined(folder: str, file: str) -> str:
    if isinstance(folder, Unknown) or isinstance(file, Unknown):
        return Unknown(f"{folder}/{file}")
    short = folder.rstrip("/").removeprefix("./") or "."
    return file if file.startswith("/") or short == "." else f"{short}/{file.removeprefix('./')}"
