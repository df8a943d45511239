"""What Fargate refuses in a task definition for Windows and takes for Linux."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws import sizing, vocabulary
from chuoigen.messages import Key, Texts

if TYPE_CHECKING:
    from chuoigen.inputs.translating import Absent, Raw, Target

_EFS = "efsVolumeConfiguration"
_say = Texts(__name__)


def report(root: Raw, target: Target) -> None:
    """Report all of it; the task definition names an operating system that is not Linux."""
    _size(root.get("cpu"), target)
    architecture = root.get("runtimePlatform").get("cpuArchitecture")
    if architecture.value == "ARM64":
        target.say(_say("invalid-value.architecture"), "CG013", architecture)
    target.say(_say("unsupported-parameter.task", key=Key(("pidMode",))), "CG204", root.get("pidMode"), key="pidMode")
    for container in root.get("containerDefinitions").items():
        for member in vocabulary.REFUSED_FOR_WINDOWS:
            if container.get(member) and container.get(member).value is not False:
                target.say(_say("unsupported-parameter", key=Key((member,))), "CG204", container, key=member)
    for volume in root.get("volumes").items():
        target.say(_say("unsupported-volume"), "CG402", volume.get(_EFS), key="fileSystemId")


def _size(cpu: Raw | Absent, target: Target) -> None:
    """Report a CPU that Fargate has for Linux alone."""
    if str(cpu.value) in {str(units) for units in sizing.SIZES} and int(cpu.value) not in sizing.WINDOWS_CPUS:
        target.say(_say("unknown-task-cpu", cpu=cpu.value, sizes=sizing.WINDOWS_CPUS), "CG102", cpu)
