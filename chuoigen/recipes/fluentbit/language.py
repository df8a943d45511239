"""What a spec may say about a fluent-bit."""

from typing import Literal

from pydantic import Field

from chuoigen.spec.build import ImageBuild
from chuoigen.spec.model import Model
from chuoigen.spec.scalars import Memory, Seconds, Text


class S3Output(Model):
    """Where fluent-bit puts the lines."""

    bucket: Text
    """Name of the bucket (S3_BUCKET in the container's environment)."""
    region: Text | None = None
    """Region of the bucket (S3_REGION). Default: the spec's region."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the bucket."""
    prefix: str | None = None
    """What the names of the objects start with; the tag, the hour in UTC and a random name follow. Default:
    `<name>-<stage>/`.
    """
    flush_interval: Seconds = 60
    """How long lines are collected before they are sent."""
    object_size: Memory = 16
    """Size at which an object is sent before that time, in MiB. It is compressed in memory."""


class Buffer(Model):
    """How much fluent-bit collects; what it holds must be sent within the stop timeout."""

    total_limit: Memory | None = None
    """Size of everything that is not yet sent, in MiB; reading stops when it is full. Default: what can be sent
    within the stop timeout, at most 256.
    """


class FluentbitBuild(ImageBuild):
    """A fluent-bit that tails log files from a volume and sends them to S3, or is the log router of the task."""

    recipe: Literal["fluentbit"]
    version: Text | None = None
    """fluent-bit version, quoted: "5.1"."""
    base: Text | None = None
    """Image with a shell and with /fluent-bit/bin/fluent-bit, in place of the one that is put together for the
    version.
    """
    tail: dict[str, Text] = Field(default_factory=dict)
    """Volume with log files, and the pattern of their names: `app-log: "*.log"`."""
    state: Text | None = None
    """Volume for buffers and positions; without it lines are lost or sent twice after a restart."""
    s3: S3Output | None = None
    """Where the lines go. Only a log router can do without: what its containers write under `logs.options` counts
    then.
    """
    buffer: Buffer = Field(default_factory=dict, validate_default=True)
    """How much is collected."""
