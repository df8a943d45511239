"""Turns the plan into iam/: for each role who may take it, and exactly what its inline policy allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.aws import vocabulary
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import RolePlan, Statement


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the trust policies of the roles that are made, and the permissions of all roles that need some.

    A role that is given by its ARN is nobody's here to change: its permissions are written for comparison.
    """
    return tuple(file for role in roles(plan) for file in _files(role))


def roles(plan: Plan) -> tuple[RolePlan, ...]:
    """Return the roles of the plan, those of the task first."""
    codebuild = plan.pipeline.role if plan.pipeline is not None else None
    return tuple(role for role in (plan.task.execution_role, plan.task.role, codebuild) if role is not None)


def _files(role: RolePlan) -> Iterator[Artifact]:
    if role.made:
        yield Artifact(f"iam/{role.key}-trust.json", templating.to_json(trust_policy(role)))
    if role.statements:
        yield Artifact(f"iam/{role.key}-policy.json", templating.to_json(policy(role)))


def trust_policy(role: RolePlan) -> dict[str, Any]:
    """Return who may take the role: one AWS service."""
    statement = {"Effect": "Allow", "Principal": {"Service": role.trusts}, "Action": "sts:AssumeRole"}
    return {"Version": vocabulary.POLICY_LANGUAGE_VERSION, "Statement": [statement]}


def policy(role: RolePlan) -> dict[str, Any]:
    """Return the inline policy of the role."""
    statements = [_statement(statement) for statement in role.statements]
    return {"Version": vocabulary.POLICY_LANGUAGE_VERSION, "Statement": statements}


def _statement(statement: Statement) -> dict[str, Any]:
    written: dict[str, Any] = {
        "Sid": statement.sid,
        "Effect": "Allow",
        "Action": list(statement.actions),
        "Resource": list(statement.resources),
    }
    if statement.conditions:
        written["Condition"] = _conditions(statement)
    return written


def _conditions(statement: Statement) -> dict[str, dict[str, str | list[str]]]:
    """Group the conditions by operator and key; several values of one key are alternatives."""
    values: dict[str, dict[str, list[str]]] = {}
    for operator, key, value in statement.conditions:
        values.setdefault(operator, {}).setdefault(key, []).append(value)
    return {
        operator: {key: found[0] if len(found) == 1 else found for key, found in keys.items()}
        for operator, keys in values.items()
    }
