"""Plain data into YAML on one line, read back as what it is by readers of YAML 1.1 as well."""

import json
import re
from typing import Any

from chuoigen.yaml.scalars import read_plain
from chuoigen.yaml.unknown import HOLE, Unknown

# Fewer texts than YAML lets stand without quotes: what another reader takes for a number, a date or a truth value is
# quoted (https://yaml.org/type/bool.html, https://yaml.org/type/int.html; checked 2026-11-27).
_PLAIN = re.compile(r"[\w/.][\w/.@+=-]*(?:(?: |:+)[\w/.@+=-]+)*")
_READ_OTHERWISE = re.compile(r"(?i:y|n|yes|no|on|off)|[-+]?[0-9][0-9_:.-]*|[.]{3}|=|<<")
_ESCAPED = re.compile("[^\\x20-\\x7e\\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def written(value: Any, style: str = "") -> str:
    """Return data as YAML that fits behind a key and into brackets; `style` is the quote that text stood in before.

    Text stands without quotes where none stood before and none are needed. Raises TypeError for what YAML has not.
    """
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return str(getattr(value, "written", value))
    if isinstance(value, Unknown):
        return f"{HOLE} {_text(value, '')}" if value else HOLE
    if isinstance(value, str):
        return _text(value, style)
    if isinstance(value, dict):
        return (
            f"{{ {', '.join(f'{written(key)}: {written(child)}' for key, child in value.items())} }}" if value else "{}"
        )
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    raise TypeError(f"YAML has no {type(value).__name__}")


def _text(value: str, style: str) -> str:
    if _ESCAPED.search(value):
        return '"' + "".join(_escaped(character) for character in value) + '"'
    plain = _PLAIN.fullmatch(value) and isinstance(read_plain(value), str) and not _READ_OTHERWISE.fullmatch(value)
    if plain and style not in ("'", '"'):
        return value
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(character: str) -> str:
    if character in '\\"':
        return f"\\{character}"
    if not _ESCAPED.match(character):
        return character
    code = ord(character)
    return _SHORT.get(character) or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")  # noqa: PLR2004  16 bits
