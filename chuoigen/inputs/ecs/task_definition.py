"""A task definition of Amazon ECS into the data of the language, with the places of the JSON that was written.

What `register-task-definition` takes and what `describe-task-definition` prints; null and [] mean absent, as they do
there. The shape, the plan and the rules then do not know which input it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws import arn, sizing
from chuoigen.aws.words import EcsWords
from chuoigen.diagnostics import Diagnostic, Severity
from chuoigen.inputs.ecs.container import container, names_of
from chuoigen.inputs.ecs.rest import rest
from chuoigen.inputs.ecs.shape import violations
from chuoigen.inputs.front import FrontEnd, Part, Reading, source
from chuoigen.inputs.translating import Absent, Raw, Target, known_texts
from chuoigen.messages import Texts
from chuoigen.yaml import relaxed_json
from chuoigen.yaml.document import Document, KeyPath, Place, parse
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.files import Files

FORM = "task-definition"
KINDS = ("double-brace", "dollar", "angle", "person")
"""The placeholders that people have in such files."""

SAYS: tuple[KeyPath, ...] = (("task",), ("containers",), ("volumes",))
"""The parts of the language that a task definition can say."""

_WRAPPER = "taskDefinition"
_MARKS = {"containerDefinitions", _WRAPPER}
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
_KNOWN = frozenset(
    {"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt"}
    | {"registeredBy", "deregisteredAt", "deleteRequestedAt", *("$schema", "$comment")}
)
"""Members that are no part of what is registered: what the describe calls print, and words to editors."""
_PLATFORMS = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}
_say = Texts(__name__)


def read(content: bytes, name: str, _files: Files, *, certain: bool) -> Reading:
    """Read a task definition, in JSON or in YAML, in the words of the file."""
    written, found = parsed(content, name, FORM)
    sources = (source(content, name, written, FORM),)
    if written is None or not (certain or _MARKS & written.data.keys()):
        return Reading(sources, found if written is None else ())
    return Reading(sources, found, (translate(written),))


def parsed(content: bytes, name: str, form: str) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Parse JSON or YAML for Amazon ECS, in which people leave placeholders."""
    if relaxed_json.is_json(content):
        document, found = relaxed_json.parse(content, name, KINDS, form)
    else:
        document, found = parse(content, name, KINDS)
    # Who sends the file to AWS takes the last of two equal members.
    found = tuple(one.replaced(severity=Severity.WARNING) if one.rule == "duplicate-key" else one for one in found)
    return document.replaced(form=form) if document else None, found


def translate(written: Document, *, for_fargate: bool = False) -> Part:
    """Return the task definition in `written` as the data of the language, with what is wrong with its shape.

    One for EC2 alone is not translated, unless it is to run on Fargate: then all that keeps it from it is found.
    """
    body = unwrapped(written)
    found, unusable = violations(body)
    root = Raw(body, (), body.data, frozenset(unusable))
    target = Target(body)
    if not for_fargate and not _is_for_fargate(root):
        remark = _say("not-for-fargate", file=written.file)
        return Part(written, tuple(dict.fromkeys(found)), remark=remark, definition=body)
    _required(root, target)
    _task(root, target)
    _volumes(root, target)
    _containers(root, target)
    rest(root, target, _KNOWN)
    family = target.data.get("task", {}).get("family")
    target.fill(("chuoigen",), 1)
    target.fill(("name",), family or Unknown(""))
    registered = arn.parse(str(root.get("taskDefinitionArn").value)) or arn.Arn("", "", "", "", "")
    account, region = (part or Unknown("") for part in (registered.account, registered.region))
    target.fill(("aws",), {"account": account, "region": region})
    target.data.setdefault("containers", {})
    wrapped = () if body is written else (_WRAPPER,)
    origins = {path: (*wrapped, *origin) for path, origin in target.origins.items()}
    document = written.replaced(data=target.data, places=target.places, origins=origins)
    said = tuple(dict.fromkeys((*found, *target.found)))
    return Part(document, said, SAYS, tuple(target.unwritten), tuple(target.uncarried), definition=body)


def unwrapped(written: Document) -> Document:
    """Return the document of what stands in the wrapper that describe-task-definition prints, if there is one."""
    inner = written.data.get(_WRAPPER)
    if not isinstance(inner, dict):
        return written
    places = {path[1:]: place for path, place in written.places.items() if path[:1] == (_WRAPPER,)}
    return written.replaced(data=inner, places=places)


def _is_for_fargate(root: Raw) -> bool:
    """Say whether the task definition may be for Fargate. Without a launch type, its network mode tells."""
    wanted = root.get("requiresCompatibilities") or root.get("compatibilities")
    if isinstance(wanted, Raw):
        return isinstance(wanted.value, Unknown) or any(
            one.value == "FARGATE" or isinstance(one.value, Unknown) for one in wanted.items()
        )
    mode = root.get("networkMode")
    return bool(mode) and (mode.value == "awsvpc" or isinstance(mode.value, Unknown))


def _required(root: Raw, target: Target) -> None:
    """Say what ECS requires for Fargate and the schema of the call does not."""
    mode = root.get("networkMode")
    if not mode:
        if not root.is_unusable("networkMode"):
            target.say(_say("network-mode.absent"), "CG205", root.key_path("requiresCompatibilities"), on_key=True)
    elif mode.value != "awsvpc" and not isinstance(mode.value, Unknown):
        target.say(_say("network-mode", mode=mode.value), "CG205", mode.path)
    missing = tuple(key for key in ("cpu", "memory") if not root.get(key) and not root.is_unusable(key))
    for key in missing:
        target.say(_say("missing-key", key=key), "CG012", root.key_path("requiresCompatibilities"), on_key=True)
    if missing:
        target.void(("task", "cpu"), ("task", "memory"))


def _task(root: Raw, target: Target) -> None:
    first = root.document.pointer(root.key_path("requiresCompatibilities"), on_key=True)
    target.places["task",] = Place(first, first)
    for member, key in _LISTED.items():
        target.copy(root.get(member), ("task", key))
    platform = root.get("runtimePlatform")
    architecture, system = platform.get("cpuArchitecture"), platform.get("operatingSystemFamily")
    if system.value == "LINUX":
        target.carry(system)
    elif system:
        target.fill(("task", "platform"), Unknown(str(system.value)))
        if architecture.value == "X86_64":
            target.carry(architecture)
        _windows_size(root.get("cpu"), target)
    if architecture and not isinstance(target.at(("task", "platform")), Unknown):
        value = architecture.value
        target.put(("task", "platform"), architecture, _PLATFORMS.get(value, Unknown(str(value))))
    mode, wanted = root.get("networkMode"), root.get("requiresCompatibilities")
    target.carry(mode)
    if wanted and not _is_for_fargate(root):
        target.copy(wanted, ("task", "requires_compatibilities"))
    target.carry(wanted)
    target.copy(root.get("enableFaultInjection"), ("task", "enable_fault_injection"))
    target.copy(root.get("ephemeralStorage").get("sizeInGiB"), ("task", "ephemeral_storage"))
    for tag, name in target.named(root.get("tags"), "key"):
        value = tag.get("value")
        if name.partition(":")[0] == "chuoigen":
            target.void(("task", "tags", name))  # of a task definition that a build registered
        target.put(("task", "tags", name), value or tag, value.value if value else "", key=tag.get("key"))


def _windows_size(cpu: Raw | Absent, target: Target) -> None:
    """Report a CPU that Fargate has for Linux alone."""
    if str(cpu.value) in {str(units) for units in sizing.SIZES} and int(cpu.value) not in sizing.WINDOWS_CPUS:
        target.say(_say("unknown-task-cpu", cpu=cpu.value, sizes=sizing.WINDOWS_CPUS), "CG102", cpu.path)


def _volumes(root: Raw, target: Target) -> None:
    for volume, name in target.named(root.get("volumes"), "name"):
        path: KeyPath = ("volumes", name)
        target.put(path, volume, {}, key=volume.get("name"))
        source = volume.get("host").get("sourcePath")
        if source and source.value:
            target.put((*path, "host"), volume.get("host"), {"sourcePath": source.value})
            target.carry(source)
        target.copy(volume.get("dockerVolumeConfiguration"), (*path, "docker"))
        target.copy(volume.get("fsxWindowsFileServerVolumeConfiguration"), (*path, "fsx_windows"))
        kinds = tuple(member for member in _VOLUME_KINDS if volume.get(member))
        if len(kinds) > 1:
            target.say(_say("volume-of-two-kinds", volume=name, kinds=kinds), "CG404", volume.get("name").path)
        files = volume.get("s3filesVolumeConfiguration")
        if files:
            target.put((*path, "s3_files"), files, {})
        for member, key in _S3_FILES.items():
            target.copy(files.get(member), (*path, "s3_files", key))
        launched = volume.get("configuredAtLaunch")
        target.carry(launched)
        if launched and launched.value is not False:
            target.fill((*path, "ebs"), {})  # the service says which
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
        target.say(_say("missing-key.containers"), "CG012", ())
        target.void(("containers",))
    if isinstance(listed.value, Unknown):
        target.void(("containers",))
    target.put(("containers",), listed, {})
    known = names_of(listed), known_texts(root.get("volumes"), "name")
    for one, name in target.named(listed, "name", numbered="container"):
        container(one, name, target, known)
        given = one.get("name")
        if isinstance(given, Raw) and isinstance(given.value, Unknown):
            target.leave(given, _say("made-up-name", name=name))


FRONT_END = FrontEnd(read, EcsWords())
