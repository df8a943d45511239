"""Roles and their inline policies, in the language of IAM."""

from collections.abc import Mapping
from typing import ClassVar

from chuoigen.aws import vocabulary
from chuoigen.resources.resource import Ref, Resource, Shape


class Statement(Shape):
    """One statement of a policy; `principal` only where it says who may take on a role."""

    PASCAL: ClassVar = True

    sid: str
    effect: str
    principal: Mapping[str, str | tuple[str, ...]]
    action: tuple[str, ...] | str
    resource: tuple[str, ...]
    condition: Mapping[str, Mapping[str, tuple[str, ...] | str]]


class Document(Shape):
    """A policy, with its statements by their ids."""

    PASCAL: ClassVar = True

    version: str
    statement: Mapping[str, Statement]


class Role(Resource):
    """A role. `made` is False for one that is given by its ARN; `managed` are the ARNs of policies attached to it."""

    PASCAL: ClassVar = True
    PAIRS: ClassVar = {"tags": ("Key", "Value")}
    APART: ClassVar = Resource.APART | {"arn", "made", "managed"}

    path: str | None
    role_name: str
    assume_role_policy_document: Document
    permissions_boundary: str | None
    tags: Mapping[str, str]
    arn: str
    made: bool
    managed: tuple[str, ...]

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN."""
        return not self.made


class Policy(Resource):
    """The inline policy of a role. Without statements there is none, and one that stands under its name is removed."""

    PASCAL: ClassVar = True

    role_name: Ref
    policy_name: str
    policy_document: Document


class KeyPolicy(Resource):
    """What the policy of a KMS key must say. The key is another's: whoever owns it adds these statements."""

    arn: str
    document: Document

    @property
    def existing(self) -> bool:
        """A key is always there already."""
        return True


def allow(sid: str, actions: tuple[str, ...], resources: tuple[str, ...]) -> Statement:
    """Return a statement that allows actions on resources."""
    return Statement(sid, "Allow", {}, actions, resources, {})


def document(statements: Mapping[str, Statement]) -> Document:
    """Return a policy of these statements."""
    return Document(vocabulary.POLICY_LANGUAGE_VERSION, statements)


def trust(service: str, account: str) -> Document:
    """Return the policy by which one AWS service may take on a role, on behalf of this account alone.

    Source: AWS documentation, 'Amazon ECS task IAM role' and 'Cross-service confused deputy prevention' of CodeBuild.
    """
    for_account = {"StringEquals": {"aws:SourceAccount": account}}
    return document({"trust": Statement("", "Allow", {"Service": service}, "sts:AssumeRole", (), for_account)})
