"""How an image comes to be: by a recipe of chuoigen or by the user's own Dockerfile."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.scalars import Memory, Seconds, Text
from chuoigen.spec.values import BuildArgument


class _Build(Model):
    context: Annotated[
        Text | None,
        Field(
            default=None,
            description=(
                "Folder whose files the build may copy, relative to this file. Default: the root of the repository that"
                " holds the spec."
            ),
        ),
    ]
    args: Annotated[
        dict[str, BuildArgument],
        Field(
            default_factory=dict,
            description="Build arguments by name. They stay in the image: never secrets.",
        ),
    ]
    repository: Annotated[
        Text | None,
        Field(default=None, description="Name of the ECR repository. Default: `<name>-<stage>-<container>`."),
    ]
    platform: Annotated[
        Text | None,
        Field(
            default=None,
            description="Platform to build for. Default: the task's platform, and it must be the same.",
        ),
    ]


class Assets(Model):
    """How the front-end assets of a Phoenix application are built."""

    tool: Annotated[Literal["webpack", "esbuild", "none"], Field(default="webpack", description="The bundler.")]
    package_manager: Annotated[
        Literal["yarn", "npm"],
        Field(
            default="yarn",
            description="What installs the bundler: yarn with yarn.lock, npm with package-lock.json.",
        ),
    ]
    sources: Annotated[
        list[Text],
        Field(
            default_factory=list,
            description=(
                "Files and folders that the bundler reads, besides priv/static and config, relative to the context."
            ),
        ),
    ]
    script: Annotated[
        Text | None,
        Field(
            default=None,
            description=(
                "The package.json script that builds the assets. Default: the bundler itself is run in production mode."
            ),
        ),
    ]


class PhoenixBuild(_Build):
    """An Elixir/Phoenix release, built in one stage and run in another of the same distribution."""

    recipe: Literal["phoenix"]
    elixir: Annotated[Text, Field(description='Elixir version, quoted: "1.18".')]
    release: Annotated[
        Literal["mix", "distillery"],
        Field(
            default="mix",
            description="What makes the release: `mix release`, or distillery as before Elixir 1.9.",
        ),
    ]
    release_name: Annotated[
        Text | None,
        Field(default=None, description="Name of the release. Default: the spec's name, with `-` as `_`."),
    ]
    assets: Annotated[Assets | None, Field(default=None, description="Front-end assets; without it no bundler runs.")]
    builder: Annotated[
        Text | None,
        Field(
            default=None,
            description="Image of the builder stage, in place of the one chosen for the Elixir version.",
        ),
    ]
    runtime: Annotated[
        Text | None,
        Field(default=None, description="Image of the runtime stage; same distribution and libc as the builder."),
    ]
    packages: Annotated[
        list[Text],
        Field(default_factory=list, description="Further packages of the distribution in the runtime image."),
    ]


class NginxBuild(_Build):
    """An nginx that serves static files from a volume and passes the rest to another container."""

    recipe: Literal["nginx"]
    upstream: Annotated[
        Text | None,
        Field(
            default=None,
            description=(
                "Container that answers what is not a static file; 127.0.0.1 on Fargate, its name under compose."
            ),
        ),
    ]
    static: Annotated[
        Text | None,
        Field(
            default=None,
            description="Volume with the static files: the document root, served with gzip_static.",
        ),
    ]
    base: Annotated[Text | None, Field(default=None, description="Base image, in place of the pinned nginx.")]
    max_body: Annotated[Memory, Field(default=16, description="Largest request body that is passed on, in MiB.")]
    timeout: Annotated[Seconds, Field(default=60, description="How long an answer of the upstream may take.")]


class S3Output(Model):
    """Where fluentd puts the log files."""

    bucket: Annotated[Text, Field(description="Name of the bucket (S3_BUCKET in the container's environment).")]
    region: Annotated[
        Text | None,
        Field(default=None, description="Region of the bucket (S3_REGION). Default: the spec's region."),
    ]
    prefix: Annotated[
        str | None,
        Field(default=None, description="What the names of the objects start with. Default: `<name>-<stage>/`."),
    ]
    flush_interval: Annotated[
        Seconds, Field(default=60, description="How long lines are collected before they are sent.")
    ]


class Buffer(Model):
    """How much fluentd collects; what it holds must be sent within the stop timeout."""

    chunk_limit: Annotated[Memory, Field(default=8, description="Size of one chunk, in MiB: one object in S3.")]
    total_limit: Annotated[
        Memory | None,
        Field(
            default=None,
            description=(
                "Size of all chunks together, in MiB; reading stops when it is full. Default: what can be sent within"
                " the stop timeout, at most 256."
            ),
        ),
    ]


class FluentdBuild(_Build):
    """A fluentd that tails log files from a volume and sends them to S3."""

    recipe: Literal["fluentd"]
    version: Annotated[Text | None, Field(default=None, description='fluentd version, quoted: "1.19".')]
    s3_plugin: Annotated[Text | None, Field(default=None, description="Version of fluent-plugin-s3.")]
    base: Annotated[
        Text | None,
        Field(default=None, description="Base image, in place of the one chosen for the version."),
    ]
    tail: Annotated[
        dict[str, Text],
        Field(description='Volume with log files, and the pattern of their names: `app-log: "*.log"`.'),
    ]
    state: Annotated[
        Text | None,
        Field(
            default=None,
            description=(
                "Volume for buffer and position files; without it lines are lost or sent twice after a restart."
            ),
        ),
    ]
    s3: Annotated[S3Output, Field(description="Where the lines go.")]
    buffer: Annotated[Buffer, Field(default_factory=dict, validate_default=True, description="How much is collected.")]
    flush_at_shutdown: Annotated[
        bool,
        Field(
            default=True,
            description=(
                "Whether the buffer is sent when the task stops. Switching it off loses lines at each deployment."
            ),
        ),
    ]


class DockerfileBuild(_Build):
    """The user's own Dockerfile; chuoigen builds and pushes it and writes nothing beside it."""

    dockerfile: Annotated[Text, Field(description="The Dockerfile, relative to this file.")]
    target: Annotated[Text | None, Field(default=None, description="Stage of the Dockerfile to build.")]


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
