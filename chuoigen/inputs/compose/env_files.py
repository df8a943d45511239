"""Files of variables that a compose service names (`env_file`), into its environment.

compose-spec, 05-services.md, env_file and "Env_file format", checked 2026-11-28. Such a file is often in no repository,
for what is secret in it: values of secret names are left to be written, and no value is shown as an excerpt, since
every variable stands where the file is named.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.compose.composition import switched
from chuoigen.inputs.compose.values import piece
from chuoigen.inputs.secret_forms import forms, names_secret
from chuoigen.inputs.translating import Raw
from chuoigen.messages import Texts
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.inputs.compose.composition import Composition
    from chuoigen.yaml.document import KeyPath

_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?([^\s=#'\"]{1,255})[ \t]*(?:=[ \t]*(.*))?")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_LONGEST = 4096
"""Characters of a value; a longer one is left to be written."""
_say = Texts(__name__)


def env_file(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the variables of all files, a later one over an earlier; `environment` stands above them."""
    found: dict[str, tuple[Raw, str]] = {}
    for item in raw.items() if isinstance(raw.value, list) else (raw,):
        found.update({name: (item, value) for name, value in _read(item, target)})
    at = (*path, "environment")
    if found and target.at(at) is None:
        target.put(at, raw, {})
    for name, (item, value) in found.items():
        if target.at((*at, name)) is None:
            target.put((*at, name), item, value)


def _read(item: Raw, target: Composition) -> Iterator[tuple[str, str]]:
    """Yield the variables of a file; one that cannot be read is said, unless it need not be there."""
    long = isinstance(item.value, dict)
    named = item.get("path") if long else item
    if not isinstance(named, Raw) or not isinstance(named.value, str):
        target.invalid(item, "text")
        return
    if isinstance(named.value, Unknown):
        target.leave(item, _say("unknown"))
        return
    file = os.path.normpath(os.path.join(os.path.dirname(item.document.file), named.value))  # noqa: PTH118, PTH120  the user's spelling
    try:
        text = target.files.read(file).decode("utf-8-sig", "replace")
    except ChuoigenError:
        required = item.get("required")
        if not isinstance(required, Raw) or switched(required) is not False:
            target.cannot(item, _say("unsupported-parameter.env-file", file=named.value), "CG204")
        return
    plain = item.get("format").value == "raw"
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            yield match[1], _value(match[1], match[2], plain=plain)


def _value(name: str, written: str | None, *, plain: bool) -> str:
    """Return the value of a variable; unknown where it may be secret, comes from elsewhere, or goes on below."""
    if written is None:
        return Unknown("", name)
    value = written if plain else _unquoted(written)
    if value is None or len(value) > _LONGEST or names_secret(name) or any(forms(value)):
        return Unknown("", name)
    return value


def _unquoted(written: str) -> str | None:
    """Return a value without quotes and what stands behind it; None where its quote is not closed on the line."""
    quote = written[:1]
    if quote not in ("'", '"') or not written:
        return piece(re.split(r"[ \t]#", written, maxsplit=1)[0].strip())
    inside = re.match(r"'([^']*)'" if quote == "'" else r'"((?:[^"\\]|\\.)*)"', written)
    if inside is None:
        return None
    if quote == "'":
        return inside[1]
    return piece(re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), inside[1]))
