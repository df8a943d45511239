"""Text as nginx.conf can hold it."""

import re

from chuoigen.templating import double_quoted, one_line

_WORD = re.compile(r"[A-Za-z0-9_./:-]+")


def nginx(value: object) -> str:
    """Write one parameter for nginx; ValueError for line ends, and for "$", which nginx cannot escape."""
    text = one_line(value, "a parameter in nginx.conf")
    if "$" in text:
        raise ValueError(f'nginx.conf has no way to write a literal "$": {text!r}')
    return text if _WORD.fullmatch(text) else double_quoted(text, '\\"')
