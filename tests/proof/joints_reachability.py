"""Joints between the plan and the page that says who reaches whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.messages import ENGLISH
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.flows import Party
    from tests.proof.builds import Build
from tests.proof.joints_pages import NAMES, tables


def called(party: Party) -> str:
    """Return what the page calls a party of which there is one, or its name."""
    single = {
        "internet": "internet",
        "balancer": "load balancer",
        "other-task": "another task of the service",
        "every-container": "every container",
    }
    return f"job {party.name}" if party.kind == "job" else single.get(party.kind, party.name)


def reachability(build: Build) -> Iterator[str]:
    """The page of who reaches whom lists the flows of the plan, and its matrix is made of the same."""
    path = "network/reachability.md"
    if path not in build.files:
        return
    found = tables(build.files[path])
    flows = [
        [called(w.source), called(w.target), f"{w.port}/{w.protocol}", f"`{w.via}`", ENGLISH.text(w.why)]
        for intended in (True, False)
        for w in build.plan.open_flows
        if w.intended is intended
    ]
    rows = [row for table in found for row in table if len(row) == 5 and row[2].endswith(("/tcp", "/udp"))]
    yield from differ("reachability.md: flows", rows, flows)
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
        for flow in build.plan.open_flows:
            ports = wanted.setdefault((called(flow.source), called(flow.target)), [])
            if str(flow.port) not in ports:
                ports.append(str(flow.port))
        yield from differ("reachability.md: matrix", cells, wanted)
        for (source, target), ports in wanted.items():
            intended = {
                str(w.port)
                for w in build.plan.open_flows
                if w.intended and (called(w.source), called(w.target)) == (source, target)
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
            [
                f"`{rule.source}`" if isinstance(rule.source, str) else "the group itself",
                f"{rule.port}/{rule.protocol}",
                ENGLISH.text(rule.why),
            ]
            for rule in build.plan.rules(group)
        ]
        yield from differ(f"reachability.md: {group.name}", rows, wanted)
        members = re.search(r"Members: (.*)\.", section[1])
        jobs = [f"job {name}" for name in build.plan.jobs if "task" in group.members]
        names = ", ".join(f"`{name}`" for name in (*(NAMES.get(one, one) for one in group.members), *jobs))
        yield from differ(f"reachability.md: {group.name}", members[1] if members else "", names)
        if group.id is None and ENGLISH.text(group.description) not in section[1]:
            yield f"reachability.md: {group.name} is not described"
