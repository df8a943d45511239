"""Joints between the plan and the page that says who reaches whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build
from tests.proof.joints_pages import NAMES, tables


def reachability(build: Build) -> Iterator[str]:
    """The page of who reaches whom lists the ways of the plan, and its matrix is made of the same."""
    path = "network/reachability.md"
    if path not in build.files:
        return
    found = tables(build.files[path])
    ways = [
        [NAMES.get(w.source, w.source), NAMES.get(w.target, w.target), f"{w.port}/{w.protocol}", f"`{w.via}`", w.why]
        for intended in (True, False)
        for w in build.plan.reach
        if w.intended is intended
    ]
    rows = [row for table in found for row in table if len(row) == 5 and row[2].endswith(("/tcp", "/udp"))]
    yield from differ("reachability.md: ways", rows, ways)
    heads = re.search(r"(?m)^\| from ↓ to → (.*)\|$", build.files[path])
    if heads is not None:
        targets = [cell.strip() for cell in heads[1].strip("| ").split("|")]
        cells = {
            (row[0], target): re.findall(r"\d+", cell)
            for row in found[0]
            for target, cell in zip(targets, row[1:], strict=True)
            if cell
        }
        wanted: dict[tuple[str, str], list[str]] = {}
        for way in build.plan.reach:
            ports = wanted.setdefault((NAMES.get(way.source, way.source), NAMES.get(way.target, way.target)), [])
            if str(way.port) not in ports:
                ports.append(str(way.port))
        yield from differ("reachability.md: matrix", cells, wanted)
        for (source, target), ports in wanted.items():
            intended = {
                str(w.port)
                for w in build.plan.reach
                if w.intended and (NAMES.get(w.source, w.source), NAMES.get(w.target, w.target)) == (source, target)
            }
            row = next((r for r in found[0] if r[0] == source), [])
            cell = row[1 + targets.index(target)] if row and target in targets else ""
            shown = set(re.findall(r"\*\*(\d+)", cell))
            yield from differ(f"reachability.md: {source} to {target}, of {ports}", shown, intended)
    yield from _groups(build)


def _groups(build: Build) -> Iterator[str]:
    text = build.files["network/reachability.md"]
    for group in build.plan.groups:
        section = re.search(rf"(?ms)^### {re.escape(group.name)}\n(.*?)(?=^### |^## |\Z)", text)
        if section is None:
            yield f"reachability.md: {group.name} has no section"
            continue
        rows = [row for table in tables(section[1]) for row in table]
        wanted = [
            ["the group itself" if r.source == "self" else f"`{r.source}`", f"{r.port}/{r.protocol}", r.why]
            for r in group.rules
        ]
        yield from differ(f"reachability.md: {group.name}", rows, wanted)
        members = re.search(r"Members: (.*)\.", section[1])
        names = ", ".join(f"`{NAMES.get(member, member)}`" for member in group.members)
        yield from differ(f"reachability.md: {group.name}", members[1] if members else "", names)
        if group.id is None and group.description not in section[1]:
            yield f"reachability.md: {group.name} is not described"
