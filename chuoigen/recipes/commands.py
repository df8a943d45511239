"""What the command of a container says about the server that it starts; each answer with the key that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.recipes.answers import Kept
from chuoigen.recipes.servers import Started, idle_seconds, started

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.spec.container import Container
    from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


def words_of(container: Container) -> list[tuple[KeyPath, str]]:
    """Return the words that a container starts, each with its path below the container."""
    keys = (("entrypoint", container.entrypoint), ("command", container.command))
    return [((key, index), word) for key, words in keys for index, word in enumerate(words or ())]


def run_of(container: Container) -> Started:
    """Return what the words of a container start."""
    return started([word for _, word in words_of(container)])


def texts_of(container: Container) -> Mapping[str, str]:
    """Return the variables of a container whose text is written, and those that come from elsewhere as empty ones."""
    given = {name: variable.value or "" for name, variable in container.environment.items()}
    return {**dict.fromkeys(container.secrets, ""), **given}


def kept_by(container: Container) -> Kept | None:
    """Return how long the server of a command keeps an idle connection; None for a server that is not known."""
    run = run_of(container)
    found = idle_seconds(run, texts_of(container))
    if found is None or run.server is None:
        return None
    seconds, at = found
    path = words_of(container)[at][0] if at is not None else ("command",)
    return Kept(seconds, run.server.name, path, _say("option", option=run.server.idle_options[0]))
