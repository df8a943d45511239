"""What stands against going back to the old revision: what it needs is not there any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Message, Texts
from chuoigen.review.classes import kind_of, name_before, replacement
from chuoigen.review.facts import MAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuoigen.review.changes import Change
    from chuoigen.review.classes import Both
    from chuoigen.review.moves import Move

_say = Texts(__name__)
_ANOTHER = ("target-group", "load-balancer")
"""Kinds of which the service names the new one; a service, cluster or family under another name leaves the old one."""


def way_back(changes: Sequence[Change], both: Both) -> tuple[Message, ...]:
    """Return the reasons, each once; none where the old revision can run as it did."""
    return tuple(dict.fromkeys(reason for change in changes for reason in _reasons(change, both)))


def _reasons(change: Change, both: Both) -> Iterator[Message]:
    for move in change.moved:
        if _reads_no_more(move):
            yield _say("secret", resource=move.path[-1])
        elif kind_of(move.path) == "volumes" and _storage_goes(move):
            yield _say("volume", name=move.path[1])
        elif kind_of(move.path) in _ANOTHER and replacement(move, both):
            yield _say(f"another.{kind_of(move.path)}", before=name_before(move, both))


def _reads_no_more(move: Move) -> bool:
    reads = ("ssm:GetParameters", "secretsmanager:GetSecretValue", "s3:GetObject")
    return move.new is None and move.path[:2] == (MAY, "execution") and move.path[3] in reads


def _storage_goes(move: Move) -> bool:
    kept = (("efs", "file_system_id"), ("efs", "root_directory"), ("ebs", "snapshot"))
    return move.old is not None and move.path[2:] in kept
