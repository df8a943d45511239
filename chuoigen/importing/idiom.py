"""The language's data of one file of another format into the data of a spec as a person would have written it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.aws import arn
from chuoigen.importing.images import filled
from chuoigen.importing.logs import shared_logs
from chuoigen.importing.references import with_references
from chuoigen.importing.surroundings import account_of, called, region_of
from chuoigen.messages import ENGLISH, Reader, Texts
from chuoigen.plan.naming import is_own_tag
from chuoigen.record import Record
from chuoigen.spec.forms import as_written
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.yaml.document import KeyPath

_ROLES = ("execution_role", "task_role")
_say = Texts(__name__)


class Asked(Record):
    """What an import is told: the stage, a name for a service whose family is not known, the reader of comments.

    `account` and `region` are those of a file that does not say which; without them it has holes there.
    """

    stage: str | None = None
    fallback: str = "service"
    reader: Reader = ENGLISH
    account: str = ""
    region: str = ""
    by_name: bool = False
    """Whether containers reach each other by their names, as under compose."""


def idiomatic(data: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Return the data of a spec.

    What nobody knows is an Unknown with a text that says what belongs there: what stood there, or what the language
    says of the key.
    """
    containers = {name: dict(one) if isinstance(one, dict) else one for name, one in data["containers"].items()}
    task = dict(data.get("task", {}))
    aws = _aws(data, asked)
    stage = data.get("stage") or asked.stage
    name, family = called(task.pop("family", None), stage, data.get("name") or asked.fallback)
    tags = {key: value for key, value in task.pop("tags", {}).items() if not is_own_tag(key)}
    if tags:
        task["tags"] = tags
    for role in _ROLES:
        if role in task:
            task[role] = _role(task[role], aws)
    if family is not None:
        task["family"] = family
    if asked.by_name and "execution_role" not in task:
        task["execution_role"] = f"{name}-{stage}-execution" if stage else f"{name}-execution"
    if "runtimePlatform" in task.get("overrides", {}):
        task.pop("platform", None)  # the language has words for Linux alone
    told = {
        **data,
        **({"volumes": _volumes(data["volumes"])} if data.get("volumes") else {}),
        "name": name,
        **({"stage": stage} if stage else {}),
        "aws": aws,
        "task": task,
        "containers": {key: _container(one, aws) for key, one in containers.items()},
    }
    written = as_written(shared_logs(with_references(told, by_name=asked.by_name)))
    return {key: _named_holes(value, (key,), asked.reader) for key, value in written.items()}


def _aws(data: dict[str, Any], asked: Asked) -> dict[str, Any]:
    written = data.get("aws", {})
    account, region = written.get("account"), written.get("region")
    if not account:
        account = account_of(data) or asked.account or Unknown(asked.reader.text(_say("account")))
    if not region:
        region = region_of(data) or asked.region or Unknown(asked.reader.text(_say("region")))
    return {**written, "account": account, "region": region}


def _role(role: Any, aws: dict[str, Any]) -> Any:
    """Return a role that is there already, and so its ARN: a name would be made."""
    if not isinstance(role, str) or isinstance(role, Unknown) or role.startswith("arn:"):
        return role
    if isinstance(aws["account"], Unknown):
        return Unknown(f"arn:aws:iam::<account>:role/{role.removeprefix('/')}")
    return arn.role_arn(aws["account"], str(aws["region"]), role)


def _volumes(volumes: Any) -> Any:
    """Return volumes in which a volume that the service configures has holes for what the service says."""
    if not isinstance(volumes, dict):
        return volumes
    ours = {"ebs": {"size": Unknown(""), "role": Unknown("")}}
    return {
        name: {**one, **ours} if isinstance(one, dict) and one.get("ebs") == {} else one
        for name, one in volumes.items()
    }


def _container(one: Any, aws: dict[str, Any]) -> Any:
    if not isinstance(one, dict):
        return one
    told = dict(one)
    if isinstance(told.get("secrets"), dict):
        told["secrets"] = {name: _secret(secret, aws) for name, secret in told["secrets"].items()}
    logs = told.get("logs")
    if isinstance(logs, dict) and isinstance(logs.get("secret_options"), dict):
        options = {name: _secret(secret, aws) for name, secret in logs["secret_options"].items()}
        told["logs"] = {**logs, "secret_options": options}
    if "image" in told:
        told["image"] = filled(told["image"], aws)
    return {**told, **_login(told, aws)}


def _login(container: dict[str, Any], aws: dict[str, Any]) -> dict[str, Any]:
    """Return the login of a registry by its secret's name, where the ARN ends without the characters that AWS adds."""
    login = container.get("repository_credentials")
    written = login.get("secrets_manager") if isinstance(login, dict) else None
    parsed = arn.parse_secret(written) if isinstance(written, str) and not isinstance(written, Unknown) else None
    name = parsed.arn.rpartition(":secret:")[2] if parsed is not None and not parsed.complete else ""
    here = name and arn.secret_arn(str(aws["account"]), str(aws["region"]), name) == written
    return {"repository_credentials": {"secrets_manager": name}} if here else {}


def _secret(secret: Any, aws: dict[str, Any]) -> Any:
    """Return a secret by its name, where the ARN says nothing else than account and region of the spec."""
    written = secret.get("ssm") if isinstance(secret, dict) else None
    if not isinstance(written, str) or isinstance(written, Unknown):
        return secret
    parsed = arn.parse(written)
    if parsed is None or parsed.service != "ssm" or not parsed.resource.startswith("parameter/"):
        return secret
    path = parsed.resource.removeprefix("parameter")
    name = path if path.count("/") > 1 else path.removeprefix("/")
    here = isinstance(aws["account"], str) and arn.parameter_arn(str(aws["account"]), str(aws["region"]), name)
    return {**secret, "ssm": name} if here == written else secret


def _named_holes(value: Any, path: KeyPath, reader: Reader) -> Any:
    """Return a value in which each hole says what belongs there."""
    if isinstance(value, Unknown):
        return value or Unknown(reader.text(_say(_HOLES.get(str(path[-1]), "value"), key=str(path[-1]))))
    if isinstance(value, dict):
        return {key: _named_holes(child, (*path, key), reader) for key, child in value.items()}
    if isinstance(value, list):
        return [_named_holes(child, (*path, index), reader) for index, child in enumerate(value)]
    return value


_HOLES = {
    "execution_role": "roles",
    "task_role": "roles",
    "vpc": "vpc",
    "subnets": "subnets",
    "group": "log-group",
    "cpu": "cpu",
    "memory": "memory",
    "image": "image",
    "file_system_id": "file-system",
    "type": "router",
    "driver": "log-driver",
    "size": "size",
    "role": "infrastructure-role",
}
"""What belongs into a hole, by its key."""
