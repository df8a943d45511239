"""The pages about other inputs: what is written by hand, and tables of their keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.inputs.compose import keys
from chuoigen.inputs.compose.keys import Fate, Key
from chuoigen.inputs.formats import words_of
from chuoigen.messages import Reader, Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: dict[str, Mapping[str, Key]] = {
    "Keys of a service": keys.SERVICE,
    "Keys of a build": keys.BUILD,
    "Keys of a health check": keys.HEALTHCHECK,
    "Keys of deploy": keys.DEPLOY,
    "Keys of the file": keys.ROOT,
}
_say = Texts("chuoigen.inputs.compose.composition")


def compose() -> str:
    """Return docs/inputs/compose.md."""
    written = Path(__file__).with_name("compose.md").read_text(encoding="utf-8")
    parts = [f"## {title}\n\n{table(known)}" for title, known in TABLES.items()]
    return "\n".join([written, *parts])


def table(known: Mapping[str, Key]) -> str:
    lines = ["| key | what becomes of it |", "|---|---|"]
    lines += [f"| `{key}` | {fate(key, one)} |" for key, one in known.items()]
    return "\n".join(lines) + "\n"


def fate(key: str, one: Key) -> str:
    """Say in a sentence what becomes of a key."""
    if one.fate is Fate.CARRIED:
        return "carried"
    if one.fate is Fate.REFUSED:
        return "not carried: Fargate has none, and a rule says so"
    message = _say(f"{'unsupported-parameter' if one.fate is Fate.SAID else 'idle'}.{one.why}", key=f"`{key}`")
    return f"not carried: {Reader(words=words_of('compose')).text(message)}"
