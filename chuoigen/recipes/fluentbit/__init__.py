"""fluent-bit beside an application: log files from a volume, or what FireLens hands it, through a buffer into S3."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.aws import arn, names, vocabulary
from chuoigen.messages import Texts
from chuoigen.provenance import keyed
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse, Permission, Shipper, UnknownVersion, VolumeUse
from chuoigen.recipes.fluentbit import facts
from chuoigen.recipes.fluentbit.language import FluentbitBuild
from chuoigen.recipes.fluentbit.planning import FluentbitPlan, fluentbit_plan
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


class Fluentbit(Recipe[FluentbitBuild, FluentbitPlan]):
    """A fluent-bit of the official image, on a Debian with a shell."""

    name = "fluentbit"
    language = FluentbitBuild
    files = MappingProxyType(
        {
            ".dockerignore": dockerfiles.IGNORED,
            **dockerfiles.USUAL,
            "fluent-bit.yaml": "which log files are read, where they are buffered, where they go",
            "router.conf": "what a log router adds to the configuration that FireLens generates",
        }
    )
    icon = "lines"

    def owner(self, build: FluentbitBuild) -> str:
        return facts.USER

    def volumes(self, container: Container, build: FluentbitBuild) -> Iterable[VolumeUse]:
        """Read the tailed volumes, and write the state."""
        for volume in build.tail:
            yield VolumeUse(volume, ("build", "tail", volume), writes=False, what=_say("tails"))
        if build.state is not None:
            yield VolumeUse(build.state, ("build", "state"), writes=True, what=_say("state"))

    def tails(self, build: FluentbitBuild) -> Mapping[str, str]:
        return build.tail

    def names(self, build: FluentbitBuild) -> Iterable[tuple[names.Kind, str, KeyPath]]:
        """Name the bucket and its region."""
        if build.s3 is not None:
            yield names.Kind.S3_BUCKET, build.s3.bucket, ("s3", "bucket")
            if build.s3.region is not None:
                yield names.Kind.REGION, build.s3.region, ("s3", "region")

    def unknown_versions(self, build: FluentbitBuild) -> Iterable[UnknownVersion]:
        """Judge the version where no base is written."""
        if build.version and facts.image(build.version) is None and not build.base:
            yield UnknownVersion("version", "fluent-bit", build.version, ("base",), tuple(facts.IMAGES))

    def plan(self, asked: Asked[FluentbitBuild]) -> FluentbitPlan:
        return fluentbit_plan(asked)

    def environment(self, spec: Spec, build: FluentbitBuild, *, by_name: bool) -> Mapping[str, str]:
        """Say where the lines go, so that one image serves every stage."""
        s3 = build.s3
        if s3 is None:
            return {}
        texts = {"S3_BUCKET": lambda: s3.bucket, "S3_REGION": lambda: s3.region or spec.aws.region}
        return keyed(texts, lambda name: texts[name]())

    def http_check(self, made: FluentbitPlan | None, url: str) -> tuple[str, ...] | None:
        """Ask with curl, which the image gets for it."""
        return ("CMD", "curl", "-fsS", "-o", "/dev/null", url) if made is not None and made.source else None

    def bases(self, build: FluentbitBuild, made: FluentbitPlan) -> Iterable[BaseUse]:
        """Give the image of fluent-bit and the one on which it runs."""
        if build.base is not None:
            yield BaseUse("base", facts.known(made.base), written=True)
            return
        newer = _say("newer", version=facts.DEFAULT)
        yield BaseUse("version", facts.known(made.source), written=False, stage="builder", newer=newer)
        yield BaseUse("version", facts.known(made.base), written=False, stage="runtime")

    def scratch(self, container: Container, build: FluentbitBuild, made: FluentbitPlan) -> Mapping[str, Message]:
        """Keep the buffer in the image's own file system where no volume is named."""
        return {made.state: _say("buffer")} if build.state is None else {}

    def shipper(self, build: FluentbitBuild, made: FluentbitPlan) -> Shipper | None:
        """Say how long the buffer takes to be sent."""
        if made.output is None:
            return None
        sized = build.buffer.total_limit is not None
        return Shipper(
            state=build.state,
            flushes=True,
            flush_seconds=made.flush_seconds,
            buffer=made.output.total_limit,
            buffer_key=("buffer", "total_limit") if sized else None,
        )

    def buckets(self, container: ContainerPlan) -> tuple[str, ...]:
        """Give the bucket as the process is told of it."""
        bucket = container.environment.get("S3_BUCKET")
        return (bucket,) if bucket else ()

    def permissions(
        self, region: str, container: ContainerPlan, build: FluentbitBuild, made: FluentbitPlan
    ) -> Iterable[Permission]:
        """Write objects below the prefix, and nothing else."""
        if build.s3 is not None and made.output is not None:
            bucket = container.environment.get("S3_BUCKET", "")
            objects = arn.bucket_arn(region, bucket, f"{made.output.prefix}*")
            why = _say("writes", bucket=build.s3.bucket)
            yield Permission("WriteLogs", ("s3:PutObject",), (objects,), ("s3",), why)
            if build.s3.kms_key is not None:
                yield Permission("EncryptLogs", vocabulary.KMS_WRITE, (build.s3.kms_key,), ("s3", "kms_key"), why)

    def render(self, plan: Plan, container: ContainerPlan, made: FluentbitPlan) -> Mapping[str, str]:
        from chuoigen.recipes.fluentbit.writing import texts

        return texts(plan, container, made)

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen.recipes.fluentbit.rules import RULES

        return RULES


RECIPE = Fluentbit()
