"""What a spec may say about a Dockerfile of the user's own."""

from typing import Annotated

from pydantic import Field

from chuoigen.spec.build import FetchingBuild
from chuoigen.spec.scalars import SEVERAL_LINES, Text
from chuoigen.spec.values import BuildArgument


class DockerfileBuild(FetchingBuild):
    """The user's own Dockerfile; chuoigen builds and pushes it and writes nothing beside it."""

    dockerfile: Text
    """The Dockerfile, relative to this file."""
    args: Annotated[dict[str, BuildArgument], SEVERAL_LINES] = Field(default_factory=dict)
    """Build arguments by name. They stay in the image: never secrets."""
    target: Text | None = None
    """Stage of the Dockerfile to build."""
