"""A moment of a deployment."""

from collections.abc import Mapping

from chuoigen.messages import Message
from chuoigen.record import Record


class Moment(Record):
    """What runs from a moment on: tasks of the old and of the new revision, connections by backend."""

    at: int
    what: Message
    old: int
    new: int
    connections: Mapping[str, int]
