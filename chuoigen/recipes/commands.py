"""What the command of a container says about the server that it starts; each answer with the key that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.recipes.answers import Kept
from chuoigen.recipes.servers import Address, Started, addresses, addresses_of, idle_seconds, started

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


def listens(container: Container, variables: Mapping[str, str]) -> list[tuple[KeyPath, Address]]:
    """Return where the process of a container listens, each with the path below the container that says it.

    `variables` are those of the spec, references resolved.
    """
    written = words_of(container)
    said = addresses(run_of(container), {**texts_of(container), **variables})
    found: list[tuple[KeyPath, Address]] = [
        (written[one.at][0] if one.at is not None else ("command",), one) for one in said
    ]
    for name, text in variables.items():
        found += [(("environment", name), one) for one in addresses_of(name, text)]
    return found


def kept_by(container: Container) -> Kept | None:
    """Return how long the server of a command keeps an idle connection; None for a server that is not known."""
    run = run_of(container)
    found = idle_seconds(run, texts_of(container))
    if found is None or run.server is None:
        return None
    seconds, at = found
    path = words_of(container)[at][0] if at is not None else ("command",)
    return Kept(seconds, run.server.name, path, _say("option", option=run.server.idle_options[0]))
