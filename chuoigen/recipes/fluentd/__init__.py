"""fluentd beside an application: log files from a volume, buffered on another, into S3."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.aws import arn, names, vocabulary
from chuoigen.messages import Texts
from chuoigen.provenance import keyed
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse, Permission, Shipper, UnknownVersion, VolumeUse
from chuoigen.recipes.fluentd import facts
from chuoigen.recipes.fluentd.language import FluentdBuild
from chuoigen.recipes.fluentd.planning import FluentdPlan, fluentd_plan
from chuoigen.recipes.protocol import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.lint.rule import Rule
    from chuoigen.messages import Message
    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.images import Asked
    from chuoigen.plan.model import Plan
    from chuoigen.spec import Spec
    from chuoigen.spec.container import Container
    from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


class Fluentd(Recipe[FluentdBuild, FluentdPlan]):
    """A fluentd of the official image with the plug-in for S3."""

    name = "fluentd"
    language = FluentdBuild
    files = MappingProxyType(
        {
            ".dockerignore": dockerfiles.IGNORED,
            **dockerfiles.USUAL,
            "fluent.conf": "which log files are read, where they are buffered, where they go",
        }
    )
    icon = "lines"

    def owner(self, build: FluentdBuild) -> str | None:
        """Give the image's own user, unless the image drops root by itself."""
        known = facts.image(build.version) if build.base is None else None
        return f"{known.uid}:{known.gid}" if known and not known.drops_user_by else None

    def volumes(self, container: Container, build: FluentdBuild) -> Iterable[VolumeUse]:
        """Read the tailed volumes, and write the state."""
        for volume in build.tail:
            yield VolumeUse(volume, ("build", "tail", volume), writes=False, what=_say("tails"))
        if build.state is not None:
            yield VolumeUse(build.state, ("build", "state"), writes=True, what=_say("state"))

    def tails(self, build: FluentdBuild) -> Mapping[str, str]:
        return build.tail

    def names(self, build: FluentdBuild) -> Iterable[tuple[names.Kind, str, KeyPath]]:
        """Name the bucket and its region."""
        yield names.Kind.S3_BUCKET, build.s3.bucket, ("s3", "bucket")
        if build.s3.region is not None:
            yield names.Kind.REGION, build.s3.region, ("s3", "region")

    def unknown_versions(self, build: FluentdBuild) -> Iterable[UnknownVersion]:
        """Judge the version where no base is written."""
        if build.version and facts.image(build.version) is None and not build.base:
            yield UnknownVersion("version", "fluentd", build.version, ("base",), tuple(facts.IMAGES))

    def plan(self, asked: Asked[FluentdBuild]) -> FluentdPlan:
        return fluentd_plan(asked)

    def environment(self, spec: Spec, build: FluentdBuild, *, by_name: bool) -> Mapping[str, str]:
        """Say where the lines go, so that one image serves every stage."""
        texts = {"S3_BUCKET": lambda: build.s3.bucket, "S3_REGION": lambda: build.s3.region or spec.aws.region}
        return keyed(texts, lambda name: texts[name]())

    def bases(self, build: FluentdBuild, made: FluentdPlan) -> Iterable[BaseUse]:
        """Give the one base."""
        own = build.base is not None
        newer = None if own else _say("newer", version=facts.DEFAULT)
        yield BaseUse("base" if own else "version", facts.known(made.base.image), written=own, newer=newer)

    def scratch(self, container: Container, build: FluentdBuild, made: FluentdPlan) -> Mapping[str, Message]:
        """Lock and compress in /tmp; keep the buffer beside it where no volume is named."""
        state = {made.state: _say("buffer")} if build.state is None else {}
        return {"/tmp": _say("scratch"), **state}  # noqa: S108  a path in a container

    def shipper(self, build: FluentdBuild, made: FluentdPlan) -> Shipper:
        """Say how long the buffer takes to be sent."""
        sized = build.buffer.total_limit is not None
        return Shipper(
            state=build.state,
            flushes=build.flush_at_shutdown,
            flush_seconds=made.flush_seconds,
            buffer=made.total_limit,
            buffer_key=("buffer", "total_limit") if sized else None,
        )

    def buckets(self, container: ContainerPlan) -> tuple[str, ...]:
        """Give the bucket as the process is told of it."""
        return (container.environment.get("S3_BUCKET", ""),)

    def permissions(
        self, region: str, container: ContainerPlan, build: FluentdBuild, made: FluentdPlan
    ) -> Iterable[Permission]:
        """Write objects below the prefix, and nothing else."""
        objects = arn.bucket_arn(region, container.environment.get("S3_BUCKET", ""), f"{made.prefix}*")
        why = _say("writes", bucket=build.s3.bucket)
        yield Permission("WriteLogs", ("s3:PutObject",), (objects,), ("s3",), why)
        if build.s3.kms_key is not None:
            yield Permission("EncryptLogs", vocabulary.KMS_WRITE, (build.s3.kms_key,), ("s3", "kms_key"), why)

    def render(self, plan: Plan, container: ContainerPlan, made: FluentdPlan) -> Mapping[str, str]:
        from chuoigen.recipes.fluentd.writing import texts

        return texts(plan, container, made)

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen.recipes.fluentd.rules import RULES

        return RULES


RECIPE = Fluentd()
