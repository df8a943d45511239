"""How an image comes to be: by a recipe of chuoigen or by the user's own Dockerfile."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.scalars import SEVERAL_LINES, Memory, Seconds, Text
from chuoigen.spec.values import BuildArgument


class _Build(Model):
    context: Text | None = None
    """Folder whose files the build may copy, relative to this file. Default: the root of the repository that
    holds the spec.
    """
    args: dict[str, BuildArgument] = Field(default_factory=dict)
    """Build arguments by name. They stay in the image: never secrets."""
    repository: Text | None = None
    """Name of the ECR repository. Default: `<name>-<stage>-<container>`."""
    platform: Text | None = None
    """Platform to build for. Default: the task's platform, and it must be the same."""


class Assets(Model):
    """How the front-end assets of a Phoenix application are built."""

    tool: Literal["webpack", "esbuild", "none"] = "webpack"
    """The bundler."""
    package_manager: Literal["yarn", "npm"] = "yarn"
    """What installs the bundler: yarn with yarn.lock, npm with package-lock.json."""
    sources: list[Text] = Field(default_factory=list)
    """Files and folders that the bundler reads, besides priv/static and config, relative to the context."""
    script: Text | None = None
    """The package.json script that builds the assets. Default: the bundler itself is run in production mode."""


class PhoenixBuild(_Build):
    """An Elixir/Phoenix release, built in one stage and run in another of the same distribution."""

    recipe: Literal["phoenix"]
    elixir: Text
    """Elixir version, quoted: "1.18"."""
    release: Literal["mix", "distillery"] = "mix"
    """What makes the release: `mix release`, or distillery as before Elixir 1.9."""
    release_name: Text | None = None
    """Name of the release. Default: the spec's name, with `-` as `_`."""
    assets: Assets | None = None
    """Front-end assets; without it no bundler runs."""
    builder: Text | None = None
    """Image of the builder stage, in place of the one chosen for the Elixir version."""
    runtime: Text | None = None
    """Image of the runtime stage; same distribution and libc as the builder."""
    packages: list[Text] = Field(default_factory=list)
    """Further packages of the distribution in the runtime image."""


class NginxBuild(_Build):
    """An nginx that serves static files from a volume and passes the rest to another container."""

    recipe: Literal["nginx"]
    upstream: Text | None = None
    """Container that answers what is not a static file; 127.0.0.1 on Fargate, its name under compose."""
    static: Text | None = None
    """Volume with the static files: the document root, served with gzip_static."""
    base: Text | None = None
    """Base image, in place of the pinned nginx."""
    max_body: Memory = 16
    """Largest request body that is passed on, in MiB."""
    timeout: Seconds = 60
    """How long an answer of the upstream may take."""


class S3Output(Model):
    """Where fluentd puts the log files."""

    bucket: Text
    """Name of the bucket (S3_BUCKET in the container's environment)."""
    region: Text | None = None
    """Region of the bucket (S3_REGION). Default: the spec's region."""
    prefix: str | None = None
    """What the names of the objects start with. Default: `<name>-<stage>/`."""
    flush_interval: Seconds = 60
    """How long lines are collected before they are sent."""


class Buffer(Model):
    """How much fluentd collects; what it holds must be sent within the stop timeout."""

    chunk_limit: Memory = 8
    """Size of one chunk, in MiB: one object in S3."""
    total_limit: Memory | None = None
    """Size of all chunks together, in MiB; reading stops when it is full. Default: what can be sent within the
    stop timeout, at most 256.
    """


class FluentdBuild(_Build):
    """A fluentd that tails log files from a volume and sends them to S3."""

    recipe: Literal["fluentd"]
    version: Text | None = None
    """fluentd version, quoted: "1.19"."""
    s3_plugin: Text | None = None
    """Version of fluent-plugin-s3."""
    base: Text | None = None
    """Base image, in place of the one chosen for the version."""
    tail: dict[str, Text]
    """Volume with log files, and the pattern of their names: `app-log: "*.log"`."""
    state: Text | None = None
    """Volume for buffer and position files; without it lines are lost or sent twice after a restart."""
    s3: S3Output
    """Where the lines go."""
    buffer: Buffer = Field(default_factory=dict, validate_default=True)
    """How much is collected."""
    flush_at_shutdown: bool = True
    """Whether the buffer is sent when the task stops. Switching it off loses lines at each deployment."""


class DockerfileBuild(_Build):
    """The user's own Dockerfile; chuoigen builds and pushes it and writes nothing beside it."""

    dockerfile: Text
    """The Dockerfile, relative to this file."""
    args: Annotated[dict[str, BuildArgument], SEVERAL_LINES] = Field(default_factory=dict)
    """Build arguments by name. They stay in the image: never secrets."""
    target: Text | None = None
    """Stage of the Dockerfile to build."""


def _kind(value: Any) -> str:
    """Say which kind of build was written; the tags hold a colon so that no key of a build can equal one."""
    recipe = value.get("recipe") if isinstance(value, dict) else getattr(value, "recipe", None)
    return f"recipe:{recipe}" if recipe is not None else "recipe:none"


def _bare_path(value: Any) -> Any:
    """Understand compose's short form, `build: ./folder`: the Dockerfile of that folder."""
    if isinstance(value, str):
        folder = value.rstrip("/") or "/"
        return {"context": folder, "dockerfile": f"{folder}/Dockerfile"}
    return value


Build = Annotated[
    Annotated[PhoenixBuild, Tag("recipe:phoenix")]
    | Annotated[NginxBuild, Tag("recipe:nginx")]
    | Annotated[FluentdBuild, Tag("recipe:fluentd")]
    | Annotated[DockerfileBuild, Tag("recipe:none")],
    Discriminator(_kind),
    ShortForm(_bare_path, {"type": "string"}),
]
