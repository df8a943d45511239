"""Turns the roles into iam/: for each who may take it, and exactly what its inline policy allows."""

from collections.abc import Iterator

from chuoigen import templating
from chuoigen.plan.model import Plan
from chuoigen.resources.iam import Document, KeyPolicy, Role
from chuoigen.tree import Artifact


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the trust policies of the roles that are made, and the permissions of all roles that need some.

    A role that is given by its ARN is nobody's here to change: its permissions are written for comparison. So is what
    the policies of KMS keys must say.
    """
    keys = (Artifact(f"iam/{each.stem}-policy.json", _text(plan, each.document)) for each in plan.every(KeyPolicy))
    return (*(file for role in plan.every(Role) for file in _files(plan, role)), *keys)


def _files(plan: Plan, role: Role) -> Iterator[Artifact]:
    name, permissions = role.key.partition(":")[2], plan.policy(role).policy_document
    if role.made:
        yield Artifact(f"iam/{name}-trust.json", _text(plan, role.assume_role_policy_document))
    if permissions.statement:
        yield Artifact(f"iam/{name}-policy.json", _text(plan, permissions))


def _text(plan: Plan, document: Document) -> str:
    return templating.to_json(plan.request(document))
