"""How images are built and kept: the project of CodeBuild, its role, the repositories."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from chuoigen import recipes
from chuoigen.aws import arn, defaults, vocabulary
from chuoigen.aws.registries import registry_of
from chuoigen.plan import permissions
from chuoigen.plan.containers import FIRST_TAG, moving_tag
from chuoigen.plan.definitions import ContainerPlan, SecretPlan
from chuoigen.plan.naming import prefix_of, secret_plan, tags_of
from chuoigen.provenance import by_key, decision, each, keyed
from chuoigen.record import Record
from chuoigen.resources import Ref, Resource, unique
from chuoigen.resources.account import (
    BuildArtifacts,
    BuildEnvironment,
    BuildProject,
    Encryption,
    ImageScanning,
    Repository,
    Source,
)
from chuoigen.spec import Spec
from chuoigen.spec.build import WrittenRepository
from chuoigen.spec.values import WrittenSecret

if TYPE_CHECKING:
    from chuoigen.plan.recipes import BuildPlan
    from chuoigen.recipes.answers import BaseUse
    from chuoigen.spec.values import WrittenArgument

PROJECT = "build-project"


class RegistryLogin(Record):
    """A registry to which the machine that builds logs in: one of ECR by its `region`, another by a secret.

    `username` and `password` are the variables of the build that hold what the secret says.
    """

    host: str
    region: str | None
    username: SecretPlan | None
    password: SecretPlan | None


class PipelinePlan(Record):
    """How images are built. `tag` is None when each build takes the commit; `first_tag` is that of the first images.

    `parameters` and `secrets` are what CodeBuild reads from Systems Manager and Secrets Manager, by variable; `logins`
    are the registries of base images, beside the one of the account's own images.
    """

    source_bucket: str | None
    artifact_bucket: str | None
    tag: str | None
    first_tag: str
    parameters: Mapping[str, str]
    secrets: Mapping[str, SecretPlan]
    logins: tuple[RegistryLogin, ...]


@decision
def pipeline_plan(spec: Spec, containers: Mapping[str, ContainerPlan]) -> PipelinePlan | None:
    """Decide how images are built; None when none is."""
    if not any(container.build is not None for container in containers.values()):
        return None
    secrets = build_secrets(spec)
    return PipelinePlan(
        source_bucket=_bucket(spec),
        artifact_bucket=_artifacts(spec),
        tag=moving_tag(spec),
        first_tag=moving_tag(spec) or FIRST_TAG,
        parameters={name: _name(secret) for name, secret in secrets.items() if secret.service == "ssm"},
        secrets={name: secret for name, secret in secrets.items() if secret.service != "ssm"},
        logins=(*_of_ecr(spec, containers), *_of_others(spec)),
    )


def base_images(spec: Spec, containers: Mapping[str, ContainerPlan]) -> tuple[str, ...]:
    """Return the images on which the builds stand, each once."""
    built = {name: container.build for name, container in containers.items() if container.build is not None}
    uses = (use for name, made in built.items() for use in _bases(spec, name, made))
    return unique(use.base.image for use in uses)


def _bases(spec: Spec, name: str, made: "BuildPlan") -> Iterable["BaseUse"]:
    build = spec.containers[name].build
    return recipes.of(build).bases(build, made)


def _of_ecr(spec: Spec, containers: Mapping[str, ContainerPlan]) -> Iterator[RegistryLogin]:
    """Yield the registries of ECR that builds pull from, except for the account's own, where images are pushed."""
    own = arn.ecr_registry(spec.aws.account, spec.aws.region)
    images = {registry_of(image): arn.parse_ecr(image) for image in base_images(spec, containers)}
    for host, image in images.items():
        if image is not None and host != own:
            yield RegistryLogin(host, image.region, None, None)


def _of_others(spec: Spec) -> Iterator[RegistryLogin]:
    for host, login in (spec.pipeline.logins if spec.pipeline else {}).items():
        stem = re.sub("[^A-Z0-9]", "_", host.upper())
        username, password = (
            secret_plan(
                spec,
                f"{stem}_{key.upper()}",
                WrittenSecret(secrets_manager=login.secrets_manager, key=key, kms_key=login.kms_key),
            )
            for key in ("username", "password")
        )
        yield RegistryLogin(host, None, username, password)


def _name(secret: SecretPlan) -> str:
    return secret.name or secret.value_from


def _bucket(spec: Spec) -> str | None:
    return spec.pipeline.source_bucket if spec.pipeline else None


def _artifacts(spec: Spec) -> str | None:
    return spec.pipeline.artifact_bucket if spec.pipeline else None


def build_secrets(spec: Spec) -> dict[str, SecretPlan]:
    """Return the secrets that builds read, each variable once: containers that share a name share the value."""
    found: dict[str, WrittenArgument | WrittenSecret] = {}
    for container in spec.containers.values():
        for name, argument in (container.build.args if container.build else {}).items():
            if argument.ssm is not None or argument.secrets_manager is not None:
                found.setdefault(name, argument)
        for name, secret in getattr(container.build, "secrets", {}).items():
            found.setdefault(name, secret)
    return keyed(found, lambda name: secret_plan(spec, name, found[name]))


@decision
def pipeline_resources(spec: Spec, containers: Mapping[str, ContainerPlan], output: str) -> dict[str, Resource]:
    """Return the repositories of the images, and the project that builds them with its role; nothing is built: none."""
    built = [container for container in containers.values() if container.build is not None]
    owners = {container.image.repository or "": container.name for container in reversed(built)}
    names = unique(container.image.repository for container in built)
    if not names:
        return {}
    project = (spec.pipeline.project if spec.pipeline else None) or prefix_of(spec)
    project = arn.project(project) or project
    logins = tuple(secret for login in _of_others(spec) for secret in (login.username, login.password) if secret)
    read = (*build_secrets(spec).values(), *logins)
    role = permissions.codebuild_role(spec, project, names, base_images(spec, containers), read)
    return {
        **by_key(each(names, lambda name: _repository(spec, name, owners[name]))),
        **role,
        PROJECT: _project(spec, project, output),
    }


def _repository(spec: Spec, name: str, container: str) -> Repository:
    """Return a repository; the first container whose image is kept there says what it is."""
    build = spec.containers[container].build
    written = (build.repository if build is not None else None) or WrittenRepository.model_validate({})
    given = arn.repository(written.name or "") is not None
    return Repository(
        key=f"repository:{name}",
        repository_name=name,
        tags=tags_of(spec),
        image_tag_mutability="IMMUTABLE" if moving_tag(spec) is None else "MUTABLE",
        image_scanning_configuration=ImageScanning(scan_on_push=True),
        encryption_configuration=Encryption("KMS", written.kms_key) if written.kms_key and not given else None,
        registry=arn.ecr_registry(spec.aws.account, spec.aws.region),
        arn=arn.repository_arn(spec.aws.account, spec.aws.region, name),
        untagged_days=defaults.UNTAGGED_DAYS.value if moving_tag(spec) is None else None,
        untagged_count=defaults.UNTAGGED_COUNT.value,
        given=given,
    )


def _project(spec: Spec, name: str, output: str) -> BuildProject:
    image, machine = vocabulary.CODEBUILD_ENVIRONMENTS.get(
        spec.task.platform, vocabulary.CODEBUILD_ENVIRONMENTS[defaults.PLATFORM.value]
    )
    buildspec = f"{output}/pipeline/buildspec.yml"
    return BuildProject(
        key=PROJECT,
        name=name,
        source=_source(spec, buildspec),
        # Source and artifacts are both CodePipeline's or neither is (botocore, codebuild, ProjectSource.type).
        artifacts=BuildArtifacts("CODEPIPELINE" if _artifacts(spec) else "NO_ARTIFACTS"),
        environment=BuildEnvironment(
            type=machine,
            image=image,
            compute_type=vocabulary.CODEBUILD_COMPUTE_TYPE,
            privileged_mode=True,
        ),
        service_role=Ref("role:codebuild", "arn"),
        encryption_key=spec.pipeline.kms_key if spec.pipeline and _artifacts(spec) else None,
        tags=tags_of(spec),
        given=arn.project((spec.pipeline.project if spec.pipeline else None) or "") is not None,
    )


def _source(spec: Spec, buildspec: str) -> Source:
    if _artifacts(spec):
        return Source("CODEPIPELINE", None, buildspec)
    if bucket := _bucket(spec):
        return Source("S3", f"{bucket}/{source_key(prefix_of(spec))}", buildspec)
    return Source("NO_SOURCE", None, buildspec)


def source_key(prefix: str) -> str:
    """Return the key of the source archive in its bucket: one for each service and stage."""
    return f"{prefix}.zip"
