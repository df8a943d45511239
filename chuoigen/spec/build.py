"""How an image comes to be: what every recipe's part of the language has, and which recipe judges what is written."""

from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails
from pydantic_core.core_schema import no_info_plain_validator_function

from chuoigen import recipes
from chuoigen.spec.model import JsonSchema, Model, ShortForm, wrong
from chuoigen.spec.scalars import Text
from chuoigen.spec.values import BuildArgument, SecretReference

ANY_BUILD: JsonSchema = {"oneOf": []}
"""What stands in the bare JSON Schema for the models of all recipes, which `json_schema` puts there."""


class WrittenRepository(Model):
    """A repository of ECR: a name to create, or the ARN of one that is there. Only one that is created takes a key."""

    name: Text | None = None
    """Name of a repository to create, or the ARN of one that is there (the short form says just this).
    Default: `<name>-<stage>-<container>`.
    """
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the images. ECR never changes it. Default: a key of S3's."""


Repository = Annotated[
    WrittenRepository, ShortForm(lambda value: {"name": value} if isinstance(value, str) else value, {"type": "string"})
]


class ImageBuild(Model):
    """What every recipe understands: the ground of its part of the language."""

    context: Text | None = None
    """Folder whose files the build may copy, relative to this file. Default: the root of the repository that
    holds the spec.
    """
    args: dict[str, BuildArgument] = Field(default_factory=dict)
    """Build arguments by name. They stay in the image: never secrets."""
    repository: Repository | None = None
    """ECR repository: a name to create, an ARN, or the long form. Default: `<name>-<stage>-<container>`."""
    platform: Text | None = None
    """Platform to build for. Default: the task's platform, and it must be the same."""


class FetchingBuild(ImageBuild):
    """What recipes understand besides whose build fetches dependencies, some of them from where a key is asked for."""

    secrets: dict[str, SecretReference] = Field(default_factory=dict)
    """Secrets for the build alone, by variable: tokens for private packages. They are in no layer and in no history of
    the image. They need BuildKit.
    """
    ssh: bool = False
    """Whether dependencies are fetched with the keys of the SSH agent of who builds. It needs BuildKit."""


def judged_by(value: Any) -> type[ImageBuild]:
    """Return the model that judges what was written as `build`. Raises RecipeError for an unknown or broken recipe."""
    recipe = value.get("recipe") if isinstance(value, dict) else None
    found = recipes.named(recipes.DOCKERFILE) if recipe is None else recipes.find(str(recipe))
    model: type[ImageBuild] = found.language
    return model


def _judge(value: Any) -> ImageBuild:
    try:
        return _validated(judged_by(value), value)
    except recipes.RecipeError as error:
        fault = InitErrorDetails(type=wrong(error.words), loc=("recipe",), input=value["recipe"])
        raise ValidationError.from_exception_data("Build", [fault]) from error


def _validated(model: type[ImageBuild], value: Any) -> ImageBuild:
    """Return what is written as build. Raises RecipeError when the validators of another package fail."""
    try:
        return model.model_validate(value)
    except ValidationError:
        raise
    except (Exception, SystemExit) as error:
        name = str(value.get("recipe")) if isinstance(value, dict) else ""
        if recipes.package(name) is None:
            raise
        raise recipes.failure(name, "language", error) from error


def _bare_path(value: Any) -> Any:
    """Understand compose's short form, `build: ./folder`: the Dockerfile of that folder."""
    if isinstance(value, str):
        folder = value.rstrip("/") or "/"
        return {"context": folder, "dockerfile": f"{folder}/Dockerfile"}
    return value


class _ByRecipe:
    """Annotation: the recipe that is named judges the mapping. Only those that a spec names are loaded."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(_judge)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return ANY_BUILD


Build = Annotated[ImageBuild, _ByRecipe(), ShortForm(_bare_path, {"type": "string"})]
