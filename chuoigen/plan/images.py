"""Images: what recipes look at to decide about one, and whose recipe decides."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from chuoigen import recipes
from chuoigen.inputs.project import Project
from chuoigen.plan.definitions import VolumePlan
from chuoigen.plan.recipes import ArgumentPlan, BuildPlan, PreparedDirectory
from chuoigen.plan.references import resolve
from chuoigen.plan.volumes import mount_plan, mounts_of
from chuoigen.spec import Spec
from chuoigen.spec.build import ImageBuild

Written = TypeVar("Written", bound=ImageBuild)


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
            value = resolve(self.spec, argument.ref) if argument.ref is not None else argument.value
            text = None if store else value or ""
            arguments.append(ArgumentPlan(name, text, argument.ssm or argument.secrets_manager, store))
        return tuple(arguments)

    def directories(self) -> tuple[PreparedDirectory, ...]:
        """Return the mounts that live as long as the task: every image that has one prepares it alike."""
        return tuple(
            PreparedDirectory(mount.path, self.volumes[mount.volume].owner)
            for mount in mounts_of(self.container)
            if mount.volume in self.volumes and not (self.volumes[mount.volume].efs or self.volumes[mount.volume].ebs)
        )

    def log_directory(self) -> str:
        """Return where an application writes its logs: the mount that a log shipper tails, or a usual place."""
        mounts = mounts_of(self.container)
        builds = [other.build for other in self.spec.containers.values() if mounts]
        tailed = {volume for build in builds for volume in recipes.of(build).tails(build)}
        return next((mount.path for mount in mounts if mount.volume in tailed), f"/var/log/{self.spec.name}")


def build_plan(spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> BuildPlan | None:
    """Return the plan of a container's image, None for an image that is not built here."""
    build = spec.containers[name].build
    plan: BuildPlan | None = recipes.of(build).plan(Asked(spec, project, name, volumes, build)) if build else None
    return plan
