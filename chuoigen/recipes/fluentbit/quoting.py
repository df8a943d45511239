"""Text as the two formats of fluent-bit's configuration can hold it."""

import json
import re

from chuoigen.templating import scalar

_PLAIN = r"[A-Za-z0-9/][A-Za-z0-9_./:-]*"


def _literal(value: object, where: str) -> str:
    """Return text in which fluent-bit puts in no variable; ValueError where it would, since there is no escape."""
    text = scalar(value)
    if "${" in text:
        raise ValueError(f"{where} would put a variable into {text!r}")
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError(f"{where} cannot hold {text!r}")
    return text


def yaml_value(value: object, *, own: bool = False) -> str:
    """Write a scalar for fluent-bit.yaml; `own` text is taken literally. Raises ValueError for what it cannot hold."""
    text = _literal(value, "fluent-bit.yaml") if own else scalar(value)
    return text if re.fullmatch(_PLAIN, text) else json.dumps(text, ensure_ascii=False)


def classic_value(value: object, *, own: bool = False) -> str:
    """Write the rest of a line of router.conf, which knows no quotes; ValueError for what would not stay as it is."""
    text = _literal(value, "router.conf") if own else scalar(value)
    if text != text.strip() or not text:
        raise ValueError(f"router.conf would cut the blanks of {text!r}")
    return text
