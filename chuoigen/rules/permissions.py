"""What the spec says that the processes may do: forms that IAM refuses, what never matches, and more than is needed."""

import json
import re
from collections.abc import Iterator

from chuoigen.aws import arn, policy_language
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each, fields, written_roles
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.resources.iam import Role
from chuoigen.spec.permissions import Permission
from chuoigen.spec.service import WrittenRole
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


def _permissions(subject: Subject) -> Iterator[tuple[KeyPath, Permission]]:
    for name, permission in subject.spec.permissions.items():
        yield ("permissions", name), permission


def _actions(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    for path, permission in _permissions(subject):
        for index, action in enumerate(permission.actions):
            yield (*path, "actions", index), action


@each(_actions)
def _action_form(path: KeyPath, action: str) -> Iterator[Finding]:
    prefix, colon, name = action.partition(":")
    meant = policy_language.WRONG_PREFIXES.get(prefix)
    if action == "*":
        return
    if meant is not None and colon:
        yield Finding(path, _say("action-format.prefix", prefix=prefix, right=f"{meant}:{name}"))
    elif not re.fullmatch(policy_language.ACTION, action):
        yield Finding(path, _say("action-format.form", action=action))


def _resource_form(subject: Subject) -> Iterator[Finding]:
    partition = subject.plan.partition
    for path, permission in _permissions(subject):
        for index, written in enumerate(permission.resources):
            parsed, place = arn.parse(written), (*path, "resources", index)
            if written == "*":
                continue
            if parsed is None:
                yield Finding(place, _say("resource-format.no-arn", resource=written))
            elif parsed.partition not in (partition, "*"):
                yield Finding(place, _say("resource-format.partition", partition=parsed.partition, right=partition))
            elif parsed.service == "s3" and (parsed.region or parsed.account) and ":" not in parsed.resource:
                yield from _of_s3(place, parsed)


def _of_s3(place: KeyPath, parsed: arn.Arn) -> Iterator[Finding]:
    """Say that the ARN of a bucket has no region and no account; access points have both."""
    if not parsed.resource.startswith("accesspoint/"):
        yield Finding(place, _say("resource-format.bucket", right=str(parsed.replaced(region="", account=""))))


@each(_permissions)
def _condition_form(path: KeyPath, permission: Permission) -> Iterator[Finding]:
    for operator, keys in permission.conditions.items():
        place = (*path, "conditions", operator)
        bare = operator
        for prefix in policy_language.SETS:
            bare = bare.removeprefix(prefix)
        known = {name.lower(): name for name in policy_language.OPERATORS}
        plain = bare.removesuffix("IfExists")
        known.pop("null" if plain != bare else "", None)
        if plain.lower() not in known:
            yield Finding(place, _say("condition-format.operator", operator=operator), on_key=True)
        for key in keys:
            if not re.fullmatch(policy_language.CONDITION_KEY, key):
                yield Finding((*place, key), _say("condition-format.key", key=key), on_key=True)


@each(_permissions)
def _broad(path: KeyPath, permission: Permission) -> Iterator[Finding]:
    if permission.effect == "deny":
        return
    for index, action in enumerate(permission.actions):
        if action == "*" or action.endswith(":*"):
            yield Finding((*path, "actions", index), _say("broad-permission.actions", action=action))
    narrow = tuple(action for action in permission.actions if not _takes_no_resource(action))
    for index, resource in enumerate(permission.resources):
        if _names_all(resource) and narrow and not permission.conditions:
            words = _say("broad-permission.resources", action=narrow[0], resource=resource)
            yield Finding((*path, "resources", index), words)


def _takes_no_resource(action: str) -> bool:
    name = action.partition(":")[2]
    return action in policy_language.WITHOUT_RESOURCE or name.startswith(("Describe", "List"))


def _names_all(resource: str) -> bool:
    parsed = arn.parse(resource)
    if parsed is None:
        return resource == "*"
    kind = r"(?:\*/)?" if parsed.service == "s3" else r"(?:[a-z-]+[/:])?"
    return re.fullmatch(rf"{kind}\*", parsed.resource) is not None


@each(_permissions)
def _bucket_or_object(path: KeyPath, permission: Permission) -> Iterator[Finding]:
    """Say where no resource of a statement can match an action of S3: those of buckets and objects differ."""
    found = tuple(filter(None, map(arn.parse, permission.resources)))
    if len(found) < len(permission.resources) or any(each_found.service != "s3" for each_found in found):
        return
    of_objects = any("/" in each_found.resource or each_found.resource.endswith("*") for each_found in found)
    of_buckets = any("/" not in each_found.resource for each_found in found)
    name = found[0].resource.partition("/")[0]
    for index, action in enumerate(permission.actions):
        place = (*path, "actions", index)
        if action in policy_language.OF_BUCKETS and not of_buckets:
            yield Finding(place, _say("bucket-or-object.bucket", action=action, right=_named(found[0], name)))
        elif action in policy_language.OF_OBJECTS and not of_objects:
            yield Finding(place, _say("bucket-or-object.objects", action=action, right=_named(found[0], f"{name}/*")))


def _named(other: arn.Arn, resource: str) -> str:
    return str(other.replaced(resource=resource))


def _too_long(subject: Subject) -> Iterator[Finding]:
    most = policy_language.INLINE_POLICIES_MAX
    places: dict[str, KeyPath] = {"role:task": ("permissions",), "role:execution": ("task", "execution_role")}
    for role in subject.plan.every(Role):
        length = _length(subject.plan.request(subject.plan.policy(role).policy_document))
        if length > most:
            words = _say("policy-too-long", role=role.role_name, length=length, most=most)
            yield Finding(places.get(role.key, ("pipeline",)), words)


def _length(document: object) -> int:
    """Return the characters of a document of JSON without white space, as IAM counts them."""
    return len(re.sub(r"\s", "", json.dumps(document, ensure_ascii=False)))


@each(written_roles)
def _of_given_role(_: str, path: KeyPath, role: WrittenRole) -> Iterator[Finding]:
    """Say which keys have no effect: a role that is there already is never changed."""
    for key in ("path", "managed_policies", "permissions_boundary"):
        if role.given and getattr(role, key):
            yield Finding((*path, key), _say("option-of-existing-role", key=Key((*path, key))), on_key=True)


def _policies(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield what names a managed policy: one that is attached, or one that bounds a role."""
    for _, path, role in written_roles(subject):
        yield from (((*path, "managed_policies", index), policy) for index, policy in enumerate(role.managed_policies))
    for path, written in fields(subject.spec, "permissions_boundary"):
        if isinstance(written, str):
            yield path, written


def _policy_arn(subject: Subject) -> Iterator[Finding]:
    for place, written in _policies(subject):
        parsed = arn.parse(written)
        policy = parsed is not None and parsed.service == "iam" and parsed.resource.startswith("policy/")
        if parsed is None or not policy or re.search(arn.PATTERN, written):
            yield Finding(place, _say("policy-arn-format", written=written))


@each(written_roles)
def _builder_name(name: str, path: KeyPath, role: WrittenRole) -> Iterator[Finding]:
    if name == "codebuild" and role.name is not None and not role.given:
        yield Finding((*path, "name"), _say("builder-role-name", name=role.name))


@each(written_roles)
def _role_path(_: str, path: KeyPath, role: WrittenRole) -> Iterator[Finding]:
    if role.path is not None and not re.fullmatch(policy_language.ROLE_PATH, role.path):
        yield Finding((*path, "path"), _say("role-path-format", path=role.path))


def _too_many_policies(subject: Subject) -> Iterator[Finding]:
    most = policy_language.MANAGED_POLICIES_MAX
    for name, path, _ in written_roles(subject):
        role = subject.plan.role(name)
        if role is not None and len(role.managed) > most:
            words = _say("too-many-managed-policies", role=role.role_name, count=len(role.managed), most=most)
            yield Finding((*path, "managed_policies"), words, on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG864", "action-format", Severity.ERROR, _action_form),
    Rule("CG865", "resource-format", Severity.ERROR, _resource_form),
    Rule("CG866", "condition-format", Severity.ERROR, _condition_form),
    Rule("CG867", "broad-permission", Severity.WARNING, _broad),
    Rule("CG868", "bucket-or-object", Severity.ERROR, _bucket_or_object),
    Rule("CG869", "policy-too-long", Severity.ERROR, _too_long),
    Rule("CG870", "option-of-existing-role", Severity.ERROR, _of_given_role),
    Rule("CG871", "policy-arn-format", Severity.ERROR, _policy_arn),
    Rule("CG878", "builder-role-name", Severity.ERROR, _builder_name),
    Rule("CG872", "role-path-format", Severity.ERROR, _role_path),
    Rule("CG873", "too-many-managed-policies", Severity.WARNING, _too_many_policies),
)
