"""Who reaches whom, and what each role may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Message, Texts, verbatim
from chuoigen.resources.iam import Role
from chuoigen.review.effects import party
from chuoigen.review.facts import conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.overview.rows import Facts
    from chuoigen.plan import Plan
    from chuoigen.resources.iam import Statement

_say = Texts(__name__)
_KINDS = frozenset({"execution", "task", "codebuild", "scheduler"})
"""Roles with a name of their own in every language."""


def reach(plan: Plan) -> Facts:
    """Say for each pair of parties on which ports the one reaches the other, on purpose or by the way."""
    ports: dict[Message, list[Message]] = {}
    for flow in plan.open_flows:
        source, target = party(flow.source.kind, flow.source.name), party(flow.target.kind, flow.target.name)
        port = _say("intended" if flow.intended else "incidental", port=f"{flow.port}/{flow.protocol}")
        ports.setdefault(_say("from-to", source=source, target=target), []).append(port)
    yield from ((pair, tuple(dict.fromkeys(found))) for pair, found in ports.items())


def roles(plan: Plan) -> Facts:
    """Say what each role may do, by the statements of its policy."""
    for role in plan.every(Role):
        kind = _kind(role.key.partition(":")[2])
        yield kind, tuple(_known(role))
        for name, statement in plan.policy(role).policy_document.statement.items():
            yield _say("statement", role=kind, name=name), tuple(_granted(statement))


def _kind(name: str) -> Message:
    return _say(f"kind.{name}") if name in _KINDS else _say("role", name=name)


def _known(role: Role) -> Iterator[Message]:
    yield verbatim(role.role_name) if role.made else _say("given", arn=role.arn)
    yield from (_say("managed", arn=arn) for arn in role.managed)


def _granted(statement: Statement) -> Iterator[Message]:
    actions = (statement.action,) if isinstance(statement.action, str) else statement.action
    if statement.effect != "Allow":
        yield _say("denied")
    yield verbatim(", ".join(actions))
    yield from (_say("on", resource=resource) for resource in statement.resource)
    yield from (_say("if", condition=one) for one in conditions(statement.condition))
