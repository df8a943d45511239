"""Joints between the plan and the picture: its boxes, its ways, and what is written in them."""

from __future__ import annotations

import collections
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from chuoigen.recipes.nginx.planning import NginxPlan
from tests.proof.joints_pages import composed, vocabulary
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.definitions import ContainerPlan
    from tests.proof.builds import Build

SVG = "{http://www.w3.org/2000/svg}"


def diagram(build: Build) -> Iterator[str]:
    """The picture has a box for everything and a way for each connection, and shows nothing else."""
    root = ET.fromstring(build.files["diagram.svg"])  # noqa: S314  made here
    if root.tag != f"{SVG}svg" or root.get("viewBox") != f"0 0 {root.get('width')} {root.get('height')}":
        yield "diagram.svg: the view is not the picture"
    yield from (f"diagram.svg: {line}" for line in _look(root))
    boxes = {each.get("data-box") or "": each for each in root.iter(f"{SVG}g") if each.get("data-box")}
    yield from (f"diagram.svg: {line}" for line in _boxes(build, boxes))
    yield from (f"diagram.svg: {line}" for line in _ways(build, root, boxes))
    for container in build.plan.containers.values():
        box = boxes.get(f"container:{container.name}")
        if box is not None:
            said = texts(box)
            yield from (
                f"diagram.svg: {container.name} lacks {line}" for line in _facts(build, container) if line not in said
            )
    yield from (f"diagram.svg: {line}" for line in _words(build, root))


def texts(box: ET.Element) -> str:
    """Return what is written in a box, its title left out, line by line."""
    return "\n".join("".join(each.itertext()) for each in box.iter(f"{SVG}text"))


def _look(root: ET.Element) -> Iterator[str]:
    """Say which classes and icons nothing defines (plain: as any text is), and what is drawn by half."""
    style = "".join(each.text or "" for each in root.iter(f"{SVG}style"))
    styled = set(re.findall(r"\.([a-z][a-z0-9-]*)", style)) | {"plain"}
    classes = {name for each in root.iter() for name in (each.get("class") or "").split()}
    yield from (f"nothing styles {name}" for name in sorted(classes - styled))
    ids = {each.get("id") for each in root.iter()}
    yield from (
        f"there is no {each.get('href')}" for each in root.iter(f"{SVG}use") if (each.get("href") or "#")[1:] not in ids
    )
    labels = (root.get("aria-labelledby") or "").split()
    yield from (f"there is no {name}" for name in labels if name not in ids)
    pointed = set()
    for wire in root.iter(f"{SVG}g"):
        kind, goal = wire.get("data-wire"), wire.get("data-to")
        paths = collections.Counter((each.get("class") or "") for each in wire.iter(f"{SVG}path"))
        if kind and paths[f"wire {kind}"] < 1:
            yield f"the way from {wire.get('data-from')} to {goal} is not drawn"
        # A way may end in another one to the same box, which has the head for both.
        if kind and kind != "logs" and paths[f"head {kind}"] != paths[f"wire {kind}"] and (kind, goal) not in pointed:
            yield f"the way from {wire.get('data-from')} to {goal} does not point"
        pointed.add((kind, goal))


def _kind(box: str) -> str:
    kinds = {"group": "band", "job": "task", "legend": "legend", "source": "source", "service": "service"}
    return kinds.get(box.split(":", maxsplit=1)[0], box.split(":", maxsplit=1)[0])


def _boxes(build: Build, boxes: dict[str, ET.Element]) -> Iterator[str]:
    plan = build.plan
    wanted = {"task", *(f"container:{n}" for n in plan.containers), *(f"volume:{n}" for n in plan.volumes)}
    wanted |= {f"backend:{name}" for name in plan.backends} | ({"balancer"} if plan.load_balancer else set())
    wanted |= {f"job:{name}" for name in plan.jobs}
    found = {
        name for name in boxes if name.split(":")[0] in ("task", "container", "volume", "backend", "balancer", "job")
    }
    yield from differ("boxes", sorted(found), sorted(wanted))
    for name, box in boxes.items():
        rects = [(each.get("class") or "") for each in box.findall(f"{SVG}rect")]
        title = box.find(f"{SVG}title")
        if not rects or rects[0] != _kind(name) or title is None or not (title.text or "").strip():
            yield f"{name} has no frame, or no title"
        own = name.split(":")[-1]
        if name.startswith(("container:", "volume:", "backend:", "job:")) and own not in texts(box):
            yield f"{name} does not say its name"
        letters = sum(1 for each in box.iter(f"{SVG}text") if "letter" in (each.get("class") or "").split())
        if rects.count("chip") != letters:
            yield f"{name} has {rects.count('chip')} chips for {letters} letters"
        if name == "task" and len(box.findall(f"{SVG}use")) != 1:
            yield f"{name} has no icon"
        if name.startswith("container:") and len(box.findall(f"{SVG}use")) != 1:
            yield f"{name} has no icon"
    yield from _volumes(build, boxes)
    yield from _bands(build, boxes)


def _volumes(build: Build, boxes: dict[str, ET.Element]) -> Iterator[str]:
    """Each volume says who writes and reads it, and the load balancer what it checks."""
    plan = build.plan
    for volume in plan.volumes.values():
        said = texts(boxes[f"volume:{volume.name}"]) if f"volume:{volume.name}" in boxes else ""
        yield from (f"{volume.name} lacks {name}" for name in (*volume.writers, *volume.readers) if name not in said)
        parts = [part for part, names in (("written by", volume.writers), ("read by", volume.readers)) if names]
        yield from (f"{volume.name} lacks {part}" for part in parts if part not in said)
    target = plan.target_group
    if target and f"checks {target.health_check_path}" not in texts(boxes["balancer"]):
        yield "the load balancer does not say what it checks"


def _bands(build: Build, boxes: dict[str, ET.Element]) -> Iterator[str]:
    """Each security group has a band with its name, its ports and a pill for each member."""
    plan = build.plan
    bands = [boxes[name] for name in boxes if name.startswith("group:")]
    yield from differ("groups", len(bands), len(plan.groups))
    for band, group in zip(bands, plan.groups, strict=False):
        said = texts(band)
        if group.name not in (band.findtext(f"{SVG}title") or "") or group.name not in said:
            yield f"the band of {group.name} does not say its name"
        pills = sum(1 for each in band.findall(f"{SVG}rect") if each.get("class") == "pill")
        yield from differ(f"members of {group.name}", pills, len(group.members))
        yield from (f"{group.name} lacks {rule.port}" for rule in plan.rules(group) if str(rule.port) not in said)


def _ways(build: Build, root: ET.Element, boxes: dict[str, ET.Element]) -> Iterator[str]:
    """Compare the ways of the picture with the mounts and the reachability of the plan."""
    drawn = [
        (each.get("data-wire") or "", each.get("data-from") or "", each.get("data-to") or "")
        for each in root.iter(f"{SVG}g")
        if each.get("data-wire")
    ]
    yield from (f"{end} is no box" for _, *ends in drawn for end in ends if end not in boxes)
    mounts = set()
    for container in build.plan.containers.values():
        for mount in container.mounts:
            ends = (f"container:{container.name}", f"volume:{mount.volume}")
            mounts.add(("read", *ends[::-1]) if mount.read_only else ("write", *ends))
    found = {way for way in drawn if way[0] in ("read", "write")}
    if found != mounts and {(k, *sorted(e)) for k, *e in found} != {(k, *sorted(e)) for k, *e in mounts}:
        yield f"mounts are drawn as {sorted(found ^ mounts)}"
    named = {**{n: f"container:{n}" for n in build.plan.containers}, **{n: f"backend:{n}" for n in build.plan.backends}}
    named["alb"] = "balancer"
    for flow in build.plan.flows.values():
        source, target = (party.name or party.kind for party in (flow.source, flow.target))
        either = {(named.get(source, f"source:{source}{to}"), named.get(target, "")) for to in ("", ":task")}
        if flow.intended and not either & {(one, other) for kind, one, other in drawn if kind == "traffic"}:
            yield f"the way from {source} to {target} is not drawn"
    kinds = {kind for kind, *_ in drawn}
    for kind in kinds:
        box = boxes.get(f"legend:{kind}")
        paths = [each.get("class") for each in box.iter(f"{SVG}path")] if box is not None else []
        if paths != [f"wire {kind}", f"head {kind}"] or box is None or not texts(box).strip():
            yield f"the legend of {kind} is not whole"
    legend = {name.removeprefix("legend:") for name in boxes if name.startswith("legend:")}
    yield from differ("legend", sorted(legend), sorted(kinds))


def _facts(build: Build, container: ContainerPlan) -> Iterator[str]:
    """Give what the box of a container has to say."""
    if container.ports:
        yield "port" if len(container.ports) == 1 else "ports"
    yield from (str(port.number) for port in container.ports)
    yield from (f"{'reads' if m.read_only else 'writes'} {m.path}" for m in container.mounts)
    yield "essential" if container.essential else ""
    if container.image.repository:
        yield f"{container.recipe if container.recipe != 'dockerfile' else ''}"
        yield f"{container.image.repository}:"
    if isinstance(container.build, NginxPlan) and container.build.upstream:
        yield f"to {container.build.upstream}:{container.build.upstream_port}"
    if "S3_BUCKET" in container.environment and container.recipe in ("fluentd", "fluentbit"):
        yield f"to S3 {container.environment['S3_BUCKET']}"
    if container.logs.group:
        yield f"logs {container.logs.group}"
    for backend in build.plan.backends.values():
        pooled = sum(pool.size * pool.processes for pool in backend.pools if pool.container == container.name)
        if pooled:
            yield f"pool of {pooled}"
    if container.healthcheck:
        yield f" every {container.healthcheck.interval} s"


def _words(build: Build, root: ET.Element) -> Iterator[str]:
    """Say which names and numbers of the picture are none of the plan."""
    known, numbers = vocabulary(build.name)
    words = {word for text in known for word in re.findall(r"[A-Za-z0-9_./@:-]+", text)}
    for span in root.iter(f"{SVG}tspan"):
        text, kinds = "".join(span.itertext()), (span.get("class") or "").split()
        if "mono" in kinds and "…" not in text:
            for word in re.findall(r"[A-Za-z0-9_./@:-]+", text):
                if (
                    not any(word in name for name in known)
                    and word.strip("/") not in words
                    and not composed(word, known, numbers)
                ):
                    yield f"{word} is no name of this service"
        for word in re.findall(r"[\w.-]+/[\w./-]+", text) if "…" not in text else []:
            if not any(name.startswith(word) for name in words) and not composed(word, known, numbers):
                yield f"{word} is no name of this service"
        for number in re.findall(r"(?<![\w./-])\d+(?:\.\d+)?(?![\w./-])", re.sub(r"\S*…\S*", "", text)):
            if number not in numbers:
                yield f"where does {number} come from?"
