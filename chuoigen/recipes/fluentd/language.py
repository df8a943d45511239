"""What a spec may say about a fluentd."""

from typing import Literal

from pydantic import Field

from chuoigen.spec.build import ImageBuild
from chuoigen.spec.model import Model
from chuoigen.spec.scalars import Memory, Seconds, Text


class S3Output(Model):
    """Where fluentd puts the log files."""

    bucket: Text
    """Name of the bucket (S3_BUCKET in the container's environment)."""
    region: Text | None = None
    """Region of the bucket (S3_REGION). Default: the spec's region."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the bucket."""
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


class FluentdBuild(ImageBuild):
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
