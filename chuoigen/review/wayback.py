"""What stands against going back to the old revision: what it needs is not there any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Message, Texts
from chuoigen.review.classes import Class, kind_of
from chuoigen.review.facts import MAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuoigen.review.changes import Change
    from chuoigen.review.moves import Move

_say = Texts(__name__)
_ANOTHER = ("target-group", "load-balancer", "service", "cluster", "task")
"""Kinds of which the old revision, or the service that ran it, names the old one."""


def way_back(changes: Sequence[Change]) -> tuple[Message, ...]:
    """Return the reasons, each once; none where the old revision can run as it did."""
    return tuple(dict.fromkeys(reason for change in changes for reason in _reasons(change)))


def _reasons(change: Change) -> Iterator[Message]:
    for move in change.moved:
        if _reads_no_more(move):
            yield _say("secret", resource=move.path[-1])
        elif kind_of(move.path) == "volumes" and _storage_goes(move):
            yield _say("volume", name=move.path[1])
        elif kind_of(move.path) in _ANOTHER and _is_another(move, change):
            yield _say(f"another.{kind_of(move.path)}", before=str(move.old.value) if move.old else "")


def _reads_no_more(move: Move) -> bool:
    reads = ("ssm:GetParameters", "secretsmanager:GetSecretValue", "s3:GetObject")
    return move.new is None and move.path[:2] == (MAY, "execution") and move.path[3] in reads


def _storage_goes(move: Move) -> bool:
    kept = (("efs", "file_system_id"), ("efs", "root_directory"), ("ebs", "snapshot"))
    return move.old is not None and move.path[2:] in kept


def _is_another(move: Move, change: Change) -> bool:
    names = ("name", "cluster_name", "service_name", "family", "port", "scheme")
    return Class.REPLACEMENT in change.classes and move.path[1] in names and move.old is not None
