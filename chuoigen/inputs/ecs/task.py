"""A task definition of Amazon ECS into the task, the volumes and the containers of the language.

What `register-task-definition` takes and what `describe-task-definition` prints; null and [] mean absent, as they do
there. Whoever keeps it, in JSON, in a template of CloudFormation or elsewhere, makes ECS's own JSON of it first.
"""

from __future__ import annotations

from chuoigen.inputs.ecs import windows
from chuoigen.inputs.ecs.container import container, names_of
from chuoigen.inputs.ecs.rest import lay_over
from chuoigen.inputs.translating import Absent, Raw, Target, known_texts
from chuoigen.messages import Key, Texts
from chuoigen.yaml.document import KeyPath, Place
from chuoigen.yaml.unknown import Unknown

SAYS: tuple[KeyPath, ...] = (("task",), ("containers",), ("volumes",))
"""The parts of the language that a task definition can say."""

_LISTED = {
    "cpu": "cpu",
    "memory": "memory",
    "family": "family",
    "executionRoleArn": "execution_role",
    "taskRoleArn": "task_role",
    "pidMode": "pid_mode",
    "ipcMode": "ipc_mode",
    "placementConstraints": "placement_constraints",
    "inferenceAccelerators": "inference_accelerators",
    "proxyConfiguration": "proxy_configuration",
    "enableFaultInjection": "enable_fault_injection",
}
_S3_FILES = {
    "fileSystemArn": "file_system_arn",
    "rootDirectory": "root_directory",
    "accessPointArn": "access_point_arn",
    "transitEncryptionPort": "transit_encryption_port",
}
_VOLUME_KINDS = (
    "host",
    "dockerVolumeConfiguration",
    "efsVolumeConfiguration",
    "s3filesVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "configuredAtLaunch",
)
DESCRIBED = frozenset(
    {"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt"}
    | {"deregisteredAt", "deleteRequestedAt", "registeredBy", "$schema", "$comment"}
)
"""Members that say how a task definition came to be: nobody wants them in a spec."""
_PLATFORMS = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}
_say = Texts(__name__)


def put_task(root: Raw, target: Target, tags: Raw | None = None) -> None:
    """Put a task definition together; what ECS refuses on Fargate and the language cannot say is reported.

    `tags` stand beside it in what describing prints.
    """
    _required(root, target)
    _size_and_roles(root, target)
    _tags(root.get("tags") or tags or Absent(), target)
    _volumes(root, target)
    _containers(root, target)
    lay_over(root, target, DESCRIBED)
    target.data.setdefault("containers", {})


def is_for_fargate(root: Raw) -> bool:
    """Say whether the task definition may be for Fargate.

    Without compatibilities it is, as far as anybody can tell, when it has all that Fargate requires.
    """
    wanted = root.get("requiresCompatibilities") or root.get("compatibilities")
    if isinstance(wanted, Raw):
        return isinstance(wanted.value, Unknown) or any(
            one.value == "FARGATE" or isinstance(one.value, Unknown) for one in wanted.items()
        )
    mode = root.get("networkMode")
    sized = all(root.get(key) or root.is_unusable(key) for key in ("cpu", "memory"))
    return sized and bool(mode) and (mode.value == "awsvpc" or isinstance(mode.value, Unknown))


def _required(root: Raw, target: Target) -> None:
    """Say what ECS requires for Fargate and the schema of the call does not."""
    mode = root.get("networkMode")
    target.note(mode, root.get("requiresCompatibilities"), *root.get("requiresCompatibilities").items())
    if not mode:
        if not root.is_unusable("networkMode"):
            target.say(
                _say("network-mode.absent", key=Key(("networkMode",))), "CG205", root, key="requiresCompatibilities"
            )
    elif mode.value != "awsvpc" and not isinstance(mode.value, Unknown):
        target.say(_say("network-mode", mode=mode.value, key=Key(("networkMode",))), "CG205", mode)
    missing = tuple(key for key in ("cpu", "memory") if not root.get(key) and not root.is_unusable(key))
    for key in missing:
        target.say(_say("missing-key", key=Key((key,))), "CG012", root, key="requiresCompatibilities")
    if missing:
        target.void(("task", "cpu"), ("task", "memory"))


def _size_and_roles(root: Raw, target: Target) -> None:
    first = root.span("requiresCompatibilities")
    target.places["task",] = Place(first, first)
    for member, key in _LISTED.items():
        target.copy(root.get(member), ("task", key))
    platform = root.get("runtimePlatform")
    target.note(root.get("ephemeralStorage"))
    architecture, system = platform.get("cpuArchitecture"), platform.get("operatingSystemFamily")
    if system.value == "LINUX":
        target.note(platform, system)
    elif system:
        target.fill(("task", "platform"), Unknown(str(system.value)))
        target.note(*(one for one in (architecture,) if one.value == "X86_64"))
        if not isinstance(system.value, Unknown):
            windows.report(root, target)
    if architecture and target.at(("task", "platform")) is None:
        value = architecture.value
        target.put(("task", "platform"), architecture, _PLATFORMS.get(value, Unknown(str(value))))
    target.copy(root.get("ephemeralStorage").get("sizeInGiB"), ("task", "ephemeral_storage"))


def _tags(listed: Raw | Absent, target: Target) -> None:
    for tag, name in target.named(listed, "key"):
        value = tag.get("value")
        if name.partition(":")[0] == "chuoigen":
            target.void(("task", "tags", name))  # of a task definition that a build registered
        target.put(("task", "tags", name), value or tag, value.value if value else "", key=tag.get("key"))


def _volumes(root: Raw, target: Target) -> None:
    for volume, name in target.named(root.get("volumes"), "name"):
        path: KeyPath = ("volumes", name)
        target.put(path, volume, {}, key=volume.get("name"))
        source = volume.get("host").get("sourcePath")
        if source and source.value:
            target.put((*path, "host"), volume.get("host"), {"sourcePath": source.value})
            target.note(source)
        target.copy(volume.get("dockerVolumeConfiguration"), (*path, "docker"))
        target.copy(volume.get("fsxWindowsFileServerVolumeConfiguration"), (*path, "fsx_windows"))
        kinds = tuple(Key((member,)) for member in _VOLUME_KINDS if volume.get(member))
        if len(kinds) > 1:
            target.say(_say("volume-of-two-kinds", volume=name, kinds=kinds), "CG404", volume.get("name"))
        files = volume.get("s3filesVolumeConfiguration")
        target.put((*path, "s3_files"), files, {})
        for member, key in _S3_FILES.items():
            target.copy(files.get(member), (*path, "s3_files", key))
        launched = volume.get("configuredAtLaunch")
        target.note(launched)
        if launched and launched.value is not False:
            target.put((*path, "ebs"), launched, {})
            for key in ("size", "role"):  # the service says which
                target.fill((*path, "ebs", key), Unknown(""))
        if volume.get("efsVolumeConfiguration"):
            _efs(volume.get("efsVolumeConfiguration"), (*path, "efs"), target)


def _efs(efs: Raw | Absent, path: KeyPath, target: Target) -> None:
    target.put(path, efs, {})
    if not efs.get("fileSystemId"):
        target.fill((*path, "file_system_id"), Unknown(""))
    for member, key in {
        "fileSystemId": "file_system_id",
        "rootDirectory": "root_directory",
        "transitEncryptionPort": "transit_encryption_port",
    }.items():
        target.copy(efs.get(member), (*path, key))
    encrypted, config = efs.get("transitEncryption"), efs.get("authorizationConfig")
    target.switch(encrypted, (*path, "transit_encryption"), on="ENABLED")
    if not encrypted:
        target.put((*path, "transit_encryption"), efs, False)  # noqa: FBT003  the value that ECS takes without one
    if config:
        target.put((*path, "authorization_config"), config, {})
        target.copy(config.get("accessPointId"), (*path, "authorization_config", "access_point_id"))
        target.switch(config.get("iam"), (*path, "authorization_config", "iam"), on="ENABLED")


def _containers(root: Raw, target: Target) -> None:
    listed = root.get("containerDefinitions")
    if not listed and not root.is_unusable("containerDefinitions"):
        target.say(_say("missing-key.containers"), "CG012", root)
        target.void(("containers",))
    if isinstance(listed.value, Unknown):
        target.void(("containers",))
    target.put(("containers",), listed, {})
    known = names_of(listed), known_texts(root.get("volumes"), "name")
    system = root.get("runtimePlatform").get("operatingSystemFamily").value
    for one, name in target.named(listed, "name", numbered="container"):
        container(one, name, target, known)
        if system not in (None, "LINUX"):  # paths and users of Windows are others
            target.void(*(("containers", name, key) for key in ("mounts", "user", "working_dir")))
        given = one.get("name")
        if isinstance(given, Raw) and isinstance(given.value, Unknown):
            target.leave(given, _say("made-up-name", name=name))
