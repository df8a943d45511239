"""What the processes of the task may do in AWS: statements of IAM, as a person writes them."""

from typing import Annotated, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.scalars import Text, TypedText, as_list

_one = ShortForm(as_list, {"type": "string"})
_Texts = Annotated[list[Text], Field(min_length=1), _one]
_Values = Annotated[
    list[TypedText], Field(min_length=1), ShortForm(as_list, {"anyOf": [{"type": "integer"}, {"type": "string"}]})
]


class Permission(Model):
    """One statement of the task role's policy. ECS gives all containers of a task the same role."""

    effect: Literal["allow", "deny"] = defaults.EFFECT.value
    """allow or deny."""
    actions: _Texts
    """Actions, for example s3:GetObject: one or a list."""
    resources: _Texts
    """ARNs that the actions apply to: one or a list."""
    conditions: dict[str, dict[str, _Values]] = Field(default_factory=dict)
    """Conditions as IAM has them: operator, key, and one value or a list."""
