"""What a service has in its account beside the network and ECS: log groups, repositories, the project that builds."""

from collections.abc import Mapping
from typing import Any, ClassVar

from chuoigen.resources.resource import Ref, Resource, Shape


class LogGroup(Resource):
    """A log group of CloudWatch; its retention in days is given to it in a second call. None: it keeps all lines."""

    APART: ClassVar = Resource.APART | {"retention_in_days", "arn", "given"}

    log_group_name: str
    kms_key_id: str | None
    tags: Mapping[str, str]
    retention_in_days: int | None
    arn: str
    given: bool

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN."""
        return self.given


class ImageScanning(Shape):
    """Whether ECR looks for known weaknesses in what is pushed."""

    scan_on_push: bool


class Encryption(Shape):
    """The key that encrypts images, by its ARN."""

    encryption_type: str
    kms_key: str


class Repository(Resource):
    """A repository of images.

    ECR drops images that no tag names after `untagged_days`; where a tag moves (None) all but the last
    `untagged_count`, since ECS starts tasks of a deployment by the digest that the tag had then.
    """

    PAIRS: ClassVar = {"tags": ("Key", "Value")}
    APART: ClassVar = Resource.APART | {"registry", "arn", "untagged_days", "untagged_count", "given"}

    repository_name: str
    tags: Mapping[str, str]
    image_tag_mutability: str
    image_scanning_configuration: ImageScanning
    encryption_configuration: Encryption | None
    registry: str
    arn: str
    untagged_days: int | None
    untagged_count: int
    given: bool

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN."""
        return self.given

    def lifecycle(self) -> dict[str, Any]:
        """Return the text of put-lifecycle-policy as data."""
        selection: dict[str, Any] = {"tagStatus": "untagged"}
        if self.untagged_days is None:
            selection |= {"countType": "imageCountMoreThan", "countNumber": self.untagged_count}
        else:
            selection |= {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": self.untagged_days}
        return {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}


class Source(Shape):
    """Where the project finds what it builds, and what it runs there."""

    type: str
    location: str | None
    buildspec: str


class BuildEnvironment(Shape):
    """The machine that builds; it runs Docker, and so it is privileged."""

    type: str
    image: str
    compute_type: str
    privileged_mode: bool


class BuildArtifacts(Shape):
    """What becomes of the project's output."""

    type: str


class BuildProject(Resource):
    """A project of CodeBuild."""

    PAIRS: ClassVar = {"tags": ("key", "value")}
    APART: ClassVar = Resource.APART | {"given"}

    name: str
    source: Source
    artifacts: BuildArtifacts
    environment: BuildEnvironment
    service_role: Ref
    encryption_key: str | None
    tags: Mapping[str, str]
    given: bool

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN."""
        return self.given
