"""Copilot's manifest of a workload: each environment that it speaks of is one spec."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING, Any

from chuoigen.aws import defaults
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.inputs.cloudformation.intrinsics import TAGS
from chuoigen.inputs.copilot import container, environments, job, keys, service, values
from chuoigen.inputs.copilot.words import CopilotWords
from chuoigen.inputs.front import FrontEnd, Part, Reading, Uncarried, source
from chuoigen.inputs.translating import Raw, Target
from chuoigen.messages import Texts
from chuoigen.yaml.document import Document, KeyPath, parse
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.inputs.files import Files

FORM = "copilot"
SAYS: tuple[KeyPath, ...] = (
    ("task",),
    ("containers",),
    ("volumes",),
    ("service",),
    ("load_balancer",),
    ("logs",),
    ("jobs",),
)
"""The parts of the language that a manifest can say."""
_INJECTED = ("COPILOT_APPLICATION_NAME", "COPILOT_ENVIRONMENT_NAME", "COPILOT_SERVICE_NAME")
_DISCOVERY, _BALANCER = "COPILOT_SERVICE_DISCOVERY_ENDPOINT", "COPILOT_LB_DNS"
_QUEUE, _TOPICS, _MOUNTS = "COPILOT_QUEUE_URI", "COPILOT_SNS_TOPIC_ARNS", "COPILOT_MOUNT_POINTS"
_RETENTION_DAYS = 30
_ADDONS = "addons"
_NEAR = 0.7
_LEFT = {
    "nlb": "nlb",
    "publish": "topics",
    "subscribe": "queue",
    "retries": "retries",
    "timeout": "timeout",
    "taskdef_overrides": "overrides",
    "observability": "tracing",
}
"""Keys at the root that the language has no word for, and why."""
_LEFT_INSIDE = {
    "alias": "alias",
    "hosted_zone": "alias",
    "additional_rules": "routing",
    "path": "routing",
    "stickiness": "stickiness",
    "version": "version",
    "alb": "balancer",
    "redirect_to_https": "https",
    "connect": "connect",
    "security_groups": "groups",
    "subnets": "subnets",
    "placement": "subnets",
    "cooldown": "cooldown",
    "response_time": "metric",
    "queue_delay": "metric",
    "rollback_alarms": "alarms",
    "cache_from": "cache",
}
"""Keys below others, and why they are left."""
_say = Texts(__name__)


def read(content: bytes, name: str, files: Files, *, certain: bool) -> Reading:
    """Read a manifest with its environments."""
    written, found = parse(content, name, values.KINDS, TAGS, merges=True)
    document = written.replaced(form=FORM) if written is not None else None
    sources = (source(content, name, document, FORM),)
    if document is None:
        return Reading(sources, found)
    kind = document.data.get("type")
    if kind in keys.OTHER_TYPES:
        return Reading(sources, found, (Part(document, remark=_say("other-type", file=name, type=str(kind))),))
    if kind not in keys.TYPES:
        wrong = (_no_type(document),) if certain else ()
        return Reading(sources, (*found, *wrong) if certain else ())
    ignored = tuple(_ignored(document, document.data, keys.of_type(str(kind)), ()))
    workspace = _application(name, files)
    parts = tuple(_part(document, str(kind), one, workspace, files) for one in environments.names(document))
    return Reading(sources, (*found, *ignored), parts)


def _no_type(document: Document) -> Diagnostic:
    words = _say("invalid-value.type", known=keys.TYPES)
    span = document.pointer(("type",))
    return Diagnostic("invalid-value", "CG013", Severity.ERROR, span, words, path=("type",), form=FORM)


def _ignored(document: Document, data: Any, known: Any, path: KeyPath) -> list[Diagnostic]:
    """Return a warning for each key that Copilot passes over in silence."""
    found: list[Diagnostic] = []
    for key in data if isinstance(data, dict) and isinstance(known, dict) else ():
        at = (*path, key)
        try:
            below = keys.below(known, key)
        except KeyError:
            near = difflib.get_close_matches(str(key), known, n=1, cutoff=_NEAR)
            words = _say("unknown-key.meant" if near else "unknown-key", key=str(key), meant=near[0] if near else "")
            span = document.pointer(at, on_key=True)
            found.append(Diagnostic("unknown-key", "CG011", Severity.WARNING, span, words, path=at, form=FORM))
        else:
            found += _ignored(document, data[key], below, at)
    return found


def _application(name: str, files: Files) -> str:
    """Return the application's name, from copilot/.workspace; "" where that cannot be read."""
    workspace = os.path.join(os.path.dirname(name), os.pardir, ".workspace")  # noqa: PTH118, PTH120  the user's spelling
    try:
        read_, _ = parse(files.read(os.path.normpath(workspace)), workspace)
    except ChuoigenError:
        return ""
    found = read_.data.get("application") if read_ else None
    return found if isinstance(found, str) else ""


def _part(document: Document, kind: str, environment: str, application: str, files: Files) -> Part:
    own = environments.applied(document, environment)
    known = {"COPILOT_ENVIRONMENT_NAME": environment, "COPILOT_APPLICATION_NAME": application}
    own = own.replaced(data=values.settled(own.data, {key: value for key, value in known.items() if value}))
    root, target = Raw(own, (), own.data, frozenset()), Target(own)
    name = root.get("name")
    known_name = isinstance(name.value, str) and not isinstance(name.value, Unknown)
    called = str(name.value) if known_name else "main"
    service.task(root, target)
    _filled(root, environment, application, called if known_name else Unknown("", "name"), target)
    service.volumes(root, target)
    target.put(("containers",), root.get("image") or root.get("type"), {})
    container.main(root, called, target)
    container.mounts(root, called, target)
    sidecars = root.get("sidecars")
    for one, raw in sidecars.members() if isinstance(sidecars, Raw) else ():
        container.sidecar(raw, one, target)
    container.logging(root, called, target)
    if kind == keys.JOB:
        job.job(root, called, target)
    else:
        service.service(root, target)
        service.balancer(root, kind, called, target)
        service.further_ports(root, called, target)
    _left(root, kind, target, files)
    put = own.replaced(data=target.data, places=target.places, origins=None)
    found, left = tuple(dict.fromkeys(target.found)), tuple(dict.fromkeys(target.uncarried))
    return Part(put, found, SAYS, tuple(target.unwritten), left, None, called, environment)


def _filled(root: Raw, environment: str, application: str, name: str, target: Target) -> None:
    """Put what every spec has, and what Copilot decides without a word in the manifest."""
    target.fill(("chuoigen",), 1)
    target.put(("name",), root.get("name"), name) if root.get("name") else target.fill(("name",), name)
    target.fill(("stage",), environment or Unknown("", "environment"))
    target.fill(("aws",), {"account": Unknown("", "account"), "region": Unknown("", "region")})
    target.fill(("network",), {"vpc": Unknown("", "vpc"), "subnets": Unknown("", "subnets")})
    retention = root.get("logging").get("retention")
    known = bool(application and environment)
    family = f"{application}-{environment}-{name}"
    if known and not isinstance(name, Unknown):
        target.fill(("task", "family"), family)
    group = f"/copilot/{family}" if known else Unknown("", "group")
    buffer = {"max_buffer_size": defaults.AWS_LOG_BUFFER_SIZE}
    target.fill(("logs",), {"group": group, "stream_prefix": "copilot", **buffer})
    if retention:
        values.number(retention, ("logs", "retention"), target)
    else:
        target.fill(("logs", "retention"), _RETENTION_DAYS)
    target.note(root.get("type"), root.get("name"))


def _left(root: Raw, kind: str, target: Target, files: Files) -> None:
    """List what the language cannot say, what Copilot adds by itself, and the addons."""
    for key, why in _LEFT.items():
        one = root.get(key)
        if isinstance(one, Raw):
            target.leave(one, _say(f"left.{why}"))
    for key, child in root.members():
        if key not in _LEFT:
            target.leave_rest(child, _say("left"))
    target.uncarried = [_explained(one, root.value) for one in target.uncarried]
    about = root.get("type")
    assert isinstance(about, Raw)  # noqa: S101  it was asked for before
    injected = [*_INJECTED, _DISCOVERY]
    injected += [_BALANCER] * bool(target.at(("load_balancer",))) + [_QUEUE] * (kind == keys.WORKER)
    injected += [_TOPICS] * bool(root.get("publish")) + [_MOUNTS] * bool(root.get("storage").get("volumes"))
    target.leave(about, _say("injected", names=tuple(injected)))
    folder = os.path.join(os.path.dirname(root.document.file), _ADDONS)  # noqa: PTH118, PTH120  the user's spelling
    addons = tuple(sorted((*files.below(folder, ".yml"), *files.below(folder, ".yaml"))))
    if addons:
        target.leave(about, _say("addons", files=addons))


def _explained(one: Uncarried, data: Any) -> Uncarried:
    """Return what is left with the reason that its key has, or one above or below it, where there is one."""
    for part in one.path:
        data = data[part] if isinstance(data, dict) and part in data else None
    found = next((str(key) for key in (*one.path, *_keys(data)) if str(key) in _LEFT_INSIDE), None)
    return one.replaced(words=_say(f"left.{_LEFT_INSIDE[found]}")) if found and one.words.id == "left" else one


def _keys(data: Any) -> Iterator[Any]:
    for key in data if isinstance(data, dict) else ():
        yield key
        yield from _keys(data[key])


FRONT_END = FrontEnd(read, CopilotWords())
