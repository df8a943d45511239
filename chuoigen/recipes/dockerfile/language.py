"""What a spec may say about a Dockerfile of the user's own."""

from chuoigen.spec.build import ImageBuild
from chuoigen.spec.scalars import Text


class DockerfileBuild(ImageBuild):
    """The user's own Dockerfile; chuoigen builds and pushes it and writes nothing beside it."""

    dockerfile: Text
    """The Dockerfile, relative to this file."""
    target: Text | None = None
    """Stage of the Dockerfile to build."""
