"""Values that point elsewhere: at another value of the spec, or at a secret that only AWS knows."""

from typing import Annotated, Any

from chuoigen.messages import Texts
from chuoigen.spec.model import Model, ShortForm, wrong
from chuoigen.spec.scalars import EnvironmentText, Text, environment_text

_say = Texts(__name__)
_TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number"]}


def _text_as_value(value: Any) -> Any:
    return value if isinstance(value, dict) else {"value": environment_text(value)}


def _no_plain_secret(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    raise wrong(_say("plain-secret"))


class _Value(Model):
    value: EnvironmentText | None = None
    """The text itself (the short form says just this)."""
    ref: Text | None = None
    """Another value of the spec: `backends.<name>.host`, `backends.<name>.port`, `containers.<name>.host`
    (127.0.0.1 on Fargate, the name under compose), `containers.<name>.port`, `address` in place of both (host:port),
    `name`, `stage`, `aws.region`, `aws.account`.
    """
    text: EnvironmentText | None = None
    """Text with such values in it, each in braces: `redis://{backends.redis.host}:{backends.redis.port}/0`. A brace of
    its own is written twice: {{ and }}.
    """


class _Secret(Model):
    ssm: Text | None = None
    """Name (or ARN) of a Systems Manager parameter."""
    secrets_manager: Text | None = None
    """Name or ARN of a Secrets Manager secret."""
    key: Text | None = None
    """The key inside a JSON secret (Secrets Manager only)."""
    version_stage: Text | None = None
    """Staging label of the version, for example AWSCURRENT."""
    version_id: Text | None = None
    """Id of the version; not together with version_stage."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts it: whoever reads it may then decrypt with it."""


class WrittenSecret(_Secret):
    """Where a secret is kept; its value never stands in a spec."""


class WrittenValue(_Value):
    """A value of an environment variable: text, a reference to another value of the spec, or text with such values."""


class WrittenArgument(_Value, _Secret):
    """A build argument: text, a reference, or (reported, since it stays in the image) where a secret is kept."""


SecretReference = Annotated[WrittenSecret, ShortForm(_no_plain_secret, {"not": {}})]
EnvironmentValue = Annotated[WrittenValue, ShortForm(_text_as_value, _TEXT_SCHEMA)]
BuildArgument = Annotated[WrittenArgument, ShortForm(_text_as_value, _TEXT_SCHEMA)]
