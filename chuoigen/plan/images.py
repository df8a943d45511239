"""Images: what recipes look at to decide about one, and whose recipe decides."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chuoigen import recipes
from chuoigen.inputs.project import Project
from chuoigen.plan.definitions import VolumePlan
from chuoigen.plan.recipes import ArgumentPlan, BuildPlan, BuildSecret, PreparedDirectory
from chuoigen.plan.references import image_references, value_of
from chuoigen.plan.volumes import mount_plan, mounts_of
from chuoigen.spec import Spec
from chuoigen.spec.build import ImageBuild
from chuoigen.spec.container import Container

if TYPE_CHECKING:
    from chuoigen.spec.values import WrittenSecret

Written = TypeVar("Written", bound=ImageBuild)


def image_owner(spec: Spec, name: str) -> str:
    """Return the container whose image a container runs: itself, unless it or its recipe names another.

    What a recipe names that has no image of its own to share is the recipe's own rule to report.
    """
    build, image = spec.containers[name].build, spec.containers[name].image
    if build is None and image is not None and image.ref is not None:
        shared = image_references(spec, name).get(image.ref, name)
        return image_owner(spec, shared) if shared != name else name
    other = recipes.of(build).image_of(build)
    owner = spec.containers[other].build if other in spec.containers else None
    return other if other is not None and owner is not None and recipes.of(owner).image_of(owner) is None else name


class Asked(Generic[Written]):
    """What recipes look at to decide about one container's image, and what all of them decide alike."""

    def __init__(
        self, spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan], build: Written
    ) -> None:
        """Keep the spec, the files around it, the container's name, the volumes already decided, what is written."""
        self.spec = spec
        self.project = project
        self.name = name
        self.volumes = volumes
        self.container = spec.containers[name]
        self.build = build

    def of(self, name: str) -> "Asked[Any]":
        """Return the same about another container."""
        return Asked(self.spec, self.project, name, self.volumes, self.spec.containers[name].build)

    @property
    def generated(self) -> str:
        """The folder of the generated files relative to the project's root, for the usual output folder."""
        return f"{self.project.output}/docker/{self.name}"

    def path(self, key: str, default: str) -> str:
        """Return a path that is written below build, relative to the project's root."""
        if getattr(self.build, key, None) is None:
            return default
        return self.project.paths.get(("containers", self.name, "build", key)) or default

    def mount_of(self, volume: str | None) -> str | None:
        """Return where the container mounts a volume, None where it does not."""
        mount = self.container.mounts.get(volume or "")
        return mount_plan(volume or "", mount).path if mount else None

    def arguments(self) -> tuple[ArgumentPlan, ...]:
        """Return the build arguments, references resolved."""
        arguments = []
        for name, argument in self.build.args.items():
            store = (
                "ssm"
                if argument.ssm is not None
                else "secretsmanager"
                if argument.secrets_manager is not None
                else None
            )
            text = None if store else value_of(self.spec, argument)
            arguments.append(ArgumentPlan(name, text, argument.ssm or argument.secrets_manager, store))
        return tuple(arguments)

    def secrets(self) -> tuple[BuildSecret, ...]:
        """Return the secrets for the build alone."""
        written: Mapping[str, WrittenSecret] = getattr(self.build, "secrets", {})
        return tuple(BuildSecret(name, written[name].ssm or written[name].secrets_manager or "") for name in written)

    @property
    def tools(self) -> tuple[str, ...]:
        """The packages that fetch by SSH, where that is asked for: named alike by all distributions."""
        return ("git", "openssh-client") if getattr(self.build, "ssh", False) else ()

    def directories(self) -> tuple[PreparedDirectory, ...]:
        """Return the mounts that live as long as the task, of all containers that run this image, each path once."""
        mounts = {
            mount.path: PreparedDirectory(mount.path, volume.owner)
            for container in self.running()
            for mount in mounts_of(container)
            if (volume := self.volumes.get(mount.volume)) is not None and not (volume.efs or volume.ebs)
        }
        return tuple(mounts.values())

    def running(self) -> tuple[Container, ...]:
        """Return the containers that run this image: this one, and those whose recipe names it."""
        others = (name for name in self.spec.containers if name != self.name)
        return (
            self.container,
            *(self.spec.containers[name] for name in others if image_owner(self.spec, name) == self.name),
        )

    def log_directory(self) -> str:
        """Return where an application writes its logs: the mount that a log shipper tails, or a usual place."""
        mounts = mounts_of(self.container)
        builds = [other.build for other in self.spec.containers.values() if mounts]
        tailed = {volume for build in builds for volume in recipes.of(build).tails(build)}
        return next((mount.path for mount in mounts if mount.volume in tailed), f"/var/log/{self.spec.name}")


def build_plan(spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> BuildPlan | None:
    """Return the plan of a container's image; None for one that is not built here, or that is another container's."""
    build = spec.containers[name].build
    if build is None or image_owner(spec, name) != name:
        return None
    plan: BuildPlan | None = recipes.of(build).plan(Asked(spec, project, name, volumes, build))
    return plan
