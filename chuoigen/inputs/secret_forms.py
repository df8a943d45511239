"""What a secret looks like: by the name that it has, and by its own form. All patterns are bounded."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Range = tuple[int, int]
"""Two indices of a text, the end exclusive."""

WORD = (
    "(?:secret|passw|passphrase|pass(?![a-z])|pwd|token|authorization|credential|signature|bearer"
    "|(?:api|access|account|auth|client|encryption|license|master|private|session|shared|signing|storage)[-_. ]?key)"
)
# Short words say it in names of variables: DB_PASS, CARD_PIN, HASH_SALT, STRIPE_KEY; or alone.
_SHORT = (
    r"(?<![A-Za-z])(?:PASS|PIN|SALT|OTP|COOKIE|AUTH)(?![A-Za-z])|(?<!PUBLIC)_KEY(?![A-Za-z0-9_])|^(?i:key|pin|salt)$"
)
NAME = re.compile(f"(?i:{WORD})|{_SHORT}")

_QUERY = "x-amz-(?:signature|security-token|credential)|sig|policy|key-pair-id|awsaccesskeyid|code|key"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"://[^/\s:@]{0,200}:(?P<value>[^/\s@]{1,400})@",
        r"(?P<value>\bA(?:KIA|SIA)[0-9A-Z]{16}\b)",
        r"\b(?i:bearer|basic)[ \t]{1,8}(?P<value>[^\s\"']{4,4000})",
        r"(?<!\S)(?:-u|--user|--proxy-user)[ =]?[\"']?[^\s:\"']{0,200}:(?P<value>[^\s\"']{1,400})",
        rf"[?&](?i:{_QUERY}|[\w-]{{0,40}}{WORD}[\w-]{{0,40}})=(?P<value>[^&\s\"'#]{{1,4000}})",
        r"\$\{\w{1,200}:?[-+=?](?P<value>[^}${]{1,400})\}",
        r"(?P<value>-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*)",
        r"\b(?P<value>(?:gh[oprsu]_|xox[abprs]-|[sr]k_live_|glpat-|npm_|AIza|SG\.)[\w.-]{10,400})",
        r"(?<![\w-])(?P<value>eyJ[\w-]{10,4000}\.[\w-]{10,4000}(?:\.[\w-]{0,4000})?)",
    )
)
_RANDOM = re.compile(r"(?<![\w+/=-])(?P<value>[A-Za-z0-9+/_-]{32,400}={0,2})(?![\w+/=-])")
_RANDOM_BITS = 4.0
"""Entropy of one character; words and host names stay below, random Base64 of 32 characters is above."""


def forms(text: str) -> Iterator[Range]:
    """Yield the stretches of any text that are a secret by their form."""
    for pattern in _FORMS:
        yield from (match.span("value") for match in pattern.finditer(text))
    for match in _RANDOM.finditer(text):
        if _looks_random(match["value"]):
            yield match.span("value")


def names_secret(name: str) -> bool:
    """Say whether what has this name may be a secret."""
    return NAME.search(name) is not None


def _looks_random(text: str) -> bool:
    if not all(re.search(kind, text) for kind in ("[A-Z]", "[a-z]", "[0-9]")):
        return False
    shares = [text.count(character) / len(text) for character in set(text)]
    return -sum(share * math.log2(share) for share in sorted(shares)) >= _RANDOM_BITS
