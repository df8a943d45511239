"""What is decided about every image that is built here, whichever recipe builds it."""

from chuoigen.record import Record


class ArgumentPlan(Record):
    """A build argument: a value, or the variable of the build's own environment that a secret store fills.

    `parameter` is the Systems Manager parameter (or Secrets Manager id) behind it, `store` ssm or secretsmanager.
    """

    name: str
    value: str | None
    parameter: str | None
    store: str | None


class PreparedDirectory(Record):
    """A directory that the image makes, gives to `owner` ("uid:gid") and declares as VOLUME.

    Without that Fargate mounts an empty volume that belongs to root (bind mounts take ownership and content only from
    a VOLUME at the same path; AWS documentation, "Bind mounts", checked 2026-11-23).
    """

    path: str
    owner: str


class Base(Record):
    """A base image and what its distribution needs: `packager` is apk or apt."""

    image: str
    packager: str


class BuildSecret(Record):
    """A secret for the build alone: the variable that holds it, and the parameter or secret behind it."""

    name: str
    parameter: str


class BuildPlan(Record):
    """An image that is built here; each recipe decides more. `directories` are those that the image prepares."""

    arguments: tuple[ArgumentPlan, ...]
    directories: tuple[PreparedDirectory, ...]


class FetchingPlan(BuildPlan):
    """An image whose build fetches dependencies: with `secrets` by their variables, with `ssh` by an agent's keys."""

    secrets: tuple[BuildSecret, ...]
    ssh: bool
