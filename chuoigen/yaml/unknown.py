"""Values that a text leaves open: placeholders that something else fills in before the text is used.

Which kinds there are depends on the format of the text. A spec has none: `${NAME}` in it is text like any other. What
a spec leaves open has the tag HOLE: `account: !fill twelve digits`.
"""

import re
from collections.abc import Iterable
from typing import Self

from chuoigen.record import Record

KINDS = {
    "double-brace": r"\{\{[^{}\r\n]{0,400}\}\}",
    "dollar": r"\$\{[^{}\r\n]{0,400}\}",
    "compose": r"(?<!\$)(?:\$\$)*\$(?:[A-Za-z_][A-Za-z0-9_]*|\{(?:[^{}\r\n]|\$\{[^{}\r\n]*\})*\})",
    "angle": r"<[A-Z][A-Z0-9_-]{0,200}>",
    "person": (
        r"(?<=[\":/=@])<[A-Za-z][A-Za-z0-9 _.-]{0,200}>|\[[Yy](?i:our)[ _-][^\[\]\r\n]{0,200}\]"
        r"|\b(?:[A-Z0-9_]{1,60}_)?PLACE_?HOLDER(?:_[A-Z0-9_]{1,60})?\b|\b(?:YOUR|REPLACED?|CHANGE)_[A-Z0-9_]{1,60}\b"
        r"|\b(?:AWS_)?ACCOUNT(?:_?ID)?(?=[.:])"
        r"|\baws_account_id(?=[.:])|(?<=:)[Xx]{4,}(?=:)|\b[Xx]{4,}(?=\.dkr)|(?<=\.dkr\.ecr\.)REGION\b"
    ),
}
"""Placeholders by kind: `{{ name }}` of templates, `${name}` of shells and Terraform, `<NAME>` of CodePipeline.

`compose`: `$NAME` and `${NAME:-default}` of docker compose, where `$$` is a dollar sign.

`person`: what people write for a value that somebody else fills in, `<your account>`, `[your image]`,
`IMAGE_PLACEHOLDER`.
"""

OF_IMAGES = ("angle", "dollar", "double-brace")
"""The kinds that people write as the image of a container, for a pipeline to replace."""

HOLE = "!fill"
"""The tag of a value that a person has yet to write: it stands before what was there, or what belongs there."""

# What the parser sees in place of a placeholder: a character that is text in YAML and means nothing.
_HIDDEN = "\ue000"


class Unknown(str):
    """A scalar that holds a placeholder. As text it is what was written; what it will be, nobody knows yet.

    `hint` is what stands in the first placeholder: most often a name.
    """

    __slots__ = ("hint",)
    hint: str

    def __new__(cls, text: str, hint: str = "") -> Self:
        """Keep the text as written, and what it says about itself."""
        made = super().__new__(cls, text)
        made.hint = hint
        return made


class Placeholder(Record):
    """A placeholder between two indices of a text."""

    start: int
    end: int
    text: str

    @property
    def hint(self) -> str:
        """What stands between its brackets."""
        return self.text.strip("${}<> ")


def placeholders(text: str, kinds: Iterable[str]) -> tuple[Placeholder, ...]:
    """Return the placeholders of some kinds in a text, in order and apart. Raises KeyError for another kind."""
    pattern = "|".join(KINDS[kind] for kind in kinds)
    return tuple(Placeholder(*match.span(), match[0]) for match in re.finditer(pattern, text)) if pattern else ()


def alone(text: str, kinds: Iterable[str]) -> Placeholder | None:
    """Return the placeholder that a text is, whole; None where it holds anything else."""
    found = placeholders(text, kinds)
    return found[0] if len(found) == 1 and found[0].text == text else None


def hidden(text: str, found: Iterable[Placeholder]) -> str:
    """Return a text of the same length in which a placeholder is nothing but text."""
    parts: list[str] = []
    last = 0
    for one in found:
        parts += (text[last : one.start], _HIDDEN * (one.end - one.start))
        last = one.end
    return "".join((*parts, text[last:]))


def restored(value: str, found: Iterable[Placeholder]) -> str:
    """Return a scalar's text with its placeholders, of which `found` are all in it, as they were written."""
    for one in found:
        value = value.replace(_HIDDEN * (one.end - one.start), one.text, 1)
    return value
