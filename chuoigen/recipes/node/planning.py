"""What is decided about a Node.js application."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chuoigen.plan.recipes import Base, FetchingPlan
from chuoigen.plan.references import first_port
from chuoigen.recipes.node import application, facts

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes import bases
    from chuoigen.recipes.node.language import NodeBuild

ROOT = "/app"
HEAP_PERCENT = 75
"""The part of a container's memory that the heap may take; buffers, code and stacks lie outside of it."""


class NodePlan(FetchingPlan):
    """A Node.js application. Paths are relative to the context unless said otherwise.

    `context` is relative to the project's root, which docker is sent; `generated` is the folder of the generated files
    there. `manager` is npm, yarn, berry or pnpm, `tool` what is installed for it (None: it is in the image).
    `folder` is that of the application ("." without workspaces), `scripts` which script builds each folder, in order.
    `kept` are files and folders of the application for the image (None: all of it). `static_mount` is where `static` is
    copied at each start (None: nowhere). `options` is NODE_OPTIONS, `folder_in_image` the absolute working directory.
    """

    context: str
    generated: str
    builder: Base
    runtime: Base
    manager: str
    tool: str | None
    lock: str
    folder: str
    needs: tuple[str, ...]
    scripts: Mapping[str, str]
    kept: tuple[str, ...] | None
    main: str
    static: str
    static_mount: str | None
    options: str
    folder_in_image: str
    build_packages: tuple[str, ...]
    packages: tuple[str, ...]
    uid: int
    port: int | None
    timezone: str


def node_plan(asked: Asked[NodeBuild]) -> NodePlan:
    """Decide on which images it is built and run, with which commands, and what the image keeps."""
    build, container = asked.build, asked.container
    entry = facts.release(build.node) or facts.RELEASES[facts.DEFAULT]
    context = asked.path("context", ".")
    read = application.application(asked.project, context)
    folder = posixpath.normpath(build.workspace or ".")
    needs = tuple(posixpath.normpath(need) for need in build.needs)
    static_mount = asked.mount_of(container.publish.static) if container.publish else None
    return NodePlan(
        context=context,
        generated=asked.generated,
        builder=_base(build.builder, entry.base),
        runtime=_base(build.runtime, entry.base),
        manager=read.manager,
        tool=_tool(read),
        lock=(*read.locks, _usual_lock(read.manager))[0],
        folder=folder,
        needs=needs,
        scripts=_scripts(asked, context, folder, needs),
        kept=_kept(build, static_mount),
        main=build.main,
        static=posixpath.normpath(build.static),
        static_mount=static_mount,
        options=_options(asked),
        folder_in_image=posixpath.normpath(posixpath.join(ROOT, folder)),
        arguments=asked.arguments(),
        build_packages=(*(("g++", "make", "python3") if build.native else ()), *asked.tools),
        packages=("tzdata", *build.packages),
        uid=facts.UID,
        port=first_port(container),
        directories=asked.directories(),
        secrets=asked.secrets(),
        ssh=build.ssh,
        timezone=asked.spec.timezone,
    )


def _base(written: str | None, pinned: bases.Base) -> Base:
    base = facts.known(written) if written else pinned
    return Base(base.image, base.package_manager)


def _tool(read: application.Application) -> str | None:
    if read.manager not in facts.MANAGERS:
        return None
    package, version = facts.MANAGERS[read.manager]
    return f"{package}@{read.version or version}"


def _usual_lock(manager: str) -> str:
    owner = "yarn" if manager == "berry" else manager
    return next(name for name, whose in application.LOCKS.items() if whose == owner)


def _scripts(asked: Asked[NodeBuild], context: str, folder: str, needs: tuple[str, ...]) -> dict[str, str]:
    """Return which script builds each folder; a package without one called build is not built."""
    found = {}
    for each in (*needs, folder):
        package = application.package(asked.project, application.below(context, each))
        if each == folder and asked.build.script is not None:
            found[each] = asked.build.script
        elif "build" in package.scripts:
            found[each] = "build"
    return found


def _kept(build: NodeBuild, static_mount: str | None) -> tuple[str, ...] | None:
    if not build.files:
        return None
    static = [build.static] if static_mount is not None else []
    return tuple(dict.fromkeys(posixpath.normpath(name) for name in ("package.json", *build.files, *static)))


def _options(asked: Asked[NodeBuild]) -> str:
    """Return NODE_OPTIONS: the heap's limit where it is known how much memory the container has."""
    alone = len(asked.spec.containers) == 1
    memory = asked.container.memory or (asked.spec.task.memory if alone else None)
    heap = [f"--max-old-space-size={memory * HEAP_PERCENT // 100}"] if memory else []
    return " ".join([*heap, *(["--enable-source-maps"] if asked.build.source_maps else [])])
