"""Text as fluent.conf can hold it."""

from chuoigen.templating import scalar

_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f", "\b": r"\b"}


def fluentd(value: object) -> str:
    """Write a fluentd string literal in which no Ruby runs; ValueError for NUL, which old versions lack.

    Placeholders of a plugin (${tag}, %Y) are not part of the literal's syntax and keep their meaning.
    """
    text = scalar(value)
    if "\0" in text:
        raise ValueError(f"a fluentd string cannot hold NUL: {text!r}")
    quoted = "".join(_ESCAPES.get(character, character) for character in text)
    return '"' + quoted.replace("#{", r"\#{") + '"'
