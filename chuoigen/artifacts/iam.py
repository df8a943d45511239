"""Turns the roles into iam/: for each who may take it, and exactly what its inline policy allows."""

from collections.abc import Iterator

from chuoigen import templating
from chuoigen.plan.model import Plan
from chuoigen.resources.iam import Role
from chuoigen.tree import Artifact


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the trust policies of the roles that are made, and the permissions of all roles that need some.

    A role that is given by its ARN is nobody's here to change: its permissions are written for comparison.
    """
    return tuple(file for role in plan.every(Role) for file in _files(plan, role))


def _files(plan: Plan, role: Role) -> Iterator[Artifact]:
    name, permissions = role.key.partition(":")[2], plan.policy(role).policy_document
    if role.made:
        trusted = plan.request(role.assume_role_policy_document)
        yield Artifact(f"iam/{name}-trust.json", templating.to_json(trusted))
    if permissions.statement:
        yield Artifact(f"iam/{name}-policy.json", templating.to_json(plan.request(permissions)))
