"""A message before it is text: which module says it, the id of what it says, and named arguments."""

from __future__ import annotations

from typing import ClassVar

from chuoigen.record import Record

KeyPath = tuple[str | int, ...]


class Key(Record):
    """A key of the language, by its path. The reader sees it in the words of the file that was read."""

    path: KeyPath


class Message(Record):
    """What is said: `id` names a text in the catalogues of `module`, which stand beside that module.

    Ids are unique within a module; those of a rule's findings begin with the name of the rule. `arguments` are named;
    a text uses those it needs, in its own order.
    """

    ATOM: ClassVar[bool] = True

    module: str
    id: str
    arguments: tuple[tuple[str, Argument], ...] = ()

    @property
    def named(self) -> dict[str, Argument]:
        """The arguments by name."""
        return dict(self.arguments)


Argument = str | int | float | Key | Message | tuple["Argument", ...]


class Texts:
    """Makes the messages of one module: `say = Texts(__name__)`, then `say("unknown-port", port=80)`."""

    def __init__(self, module: str) -> None:
        """Take the dotted name of the module; its catalogues are `messages/<language>/<module>.yaml` beside it."""
        self.module = module

    def __call__(self, name: str, /, **arguments: Argument) -> Message:
        """Return the message of this id."""
        return Message(self.module, name, tuple(arguments.items()))


def verbatim(text: str, advice: str = "") -> Message:
    """Return a message that is the same text in every language, with what to do about it."""
    return Message("", text, (("help", advice),))
