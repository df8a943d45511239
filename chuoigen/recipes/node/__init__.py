"""A Node.js application: built with its package manager in one stage, run by node itself in another."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.provenance import keyed
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse, Kept, Reading, Sources, UnknownVersion, VolumeUse, Words
from chuoigen.recipes.node import application, facts
from chuoigen.recipes.node.language import NodeBuild
from chuoigen.recipes.node.planning import NodePlan, node_plan
from chuoigen.recipes.protocol import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.lint.rule import Rule
    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.images import Asked
    from chuoigen.plan.model import Plan
    from chuoigen.spec import Spec
    from chuoigen.spec.container import Container
    from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

# The images have neither curl nor wget. A redirection is an answer, too, and is not followed.
_ASK = (
    'fetch(process.argv[1], { redirect: "manual" })'
    ".then((answer) => process.exit(answer.status < 400 ? 0 : 1), () => process.exit(1))"
)


class Node(Recipe[NodeBuild, NodePlan]):
    """An application that is process 1 of its container, without the package manager that built it."""

    name = "node"
    language = NodeBuild
    files = MappingProxyType(
        {
            **dockerfiles.USUAL,
            "Dockerfile.dockerignore": dockerfiles.IGNORED,
        }
    )
    publishes = True
    port_variables = ("PORT",)
    reserved_arguments = (dockerfiles.GENERATED,)
    reading = Reading(
        texts=(
            *("package.json", "{workspace}/package.json", "{needs}/package.json", "{main}", "{workspace}/{main}"),
            application.YARN_LOCK,
            *(f"{folder}src/**/*{ending}" for folder in ("", "{workspace}/") for ending in (".ts", ".js", ".mjs")),
        ),
        names=(*application.LOCKS, application.YARN_CONFIG),
    )

    def owner(self, build: NodeBuild) -> str:
        """Give the user `node` of the images."""
        return f"{facts.UID}:{facts.UID}"

    def keeps(self, asked: Asked[NodeBuild]) -> Kept | None:
        """Give server.keepAliveTimeout."""
        if asked.container.command is not None:
            return super().keeps(asked)
        return Kept(facts.keep_alive(asked.build), "Node.js", ("build", "keep_alive"), _say("keeps"))

    def volumes(self, container: Container, build: NodeBuild) -> Iterable[VolumeUse]:
        """Write the static files."""
        if container.publish is not None and container.publish.static is not None:
            yield VolumeUse(container.publish.static, ("publish", "static"), writes=True, what=_say("publishes"))

    def unknown_versions(self, build: NodeBuild) -> Iterable[UnknownVersion]:
        """Judge the version where not both images are written."""
        if facts.unpictured(build):
            yield UnknownVersion("node", "Node.js", build.node, ("builder", "runtime"), tuple(facts.RELEASES))

    def copied(self, build: NodeBuild) -> Iterable[tuple[KeyPath, str]]:
        """Give all files and folders of the application that are named."""
        yield ("main",), build.main
        yield ("static",), build.static
        if build.workspace is not None:
            yield ("workspace",), build.workspace
        for key, names in (("files", build.files), ("needs", build.needs)):
            for index, name in enumerate(names):
                yield (key, index), name

    def words(self, build: NodeBuild) -> Iterable[Words]:
        """Give the script, which stands behind `npm run`."""
        if build.script is not None:
            yield Words(("script",), build.script)

    def plan(self, asked: Asked[NodeBuild]) -> NodePlan:
        return node_plan(asked)

    def environment(self, spec: Spec, build: NodeBuild, *, by_name: bool) -> Mapping[str, str]:
        """Say where to listen, and for how long to keep connections.

        Fargate sets HOSTNAME to the task's own name, over the one of an image; servers that listen on it (Next.js's
        standalone server) then listen on one address only, not on 127.0.0.1. What the task definition says stays
        (github.com/vercel/next.js, issue 58657, checked 2026-11-27). Next.js reads KEEP_ALIVE_TIMEOUT by itself.
        """
        texts = {"HOSTNAME": lambda: "0.0.0.0"}  # noqa: S104  in a container
        if build.keep_alive is not None:
            texts["KEEP_ALIVE_TIMEOUT"] = lambda: str(facts.keep_alive(build) * 1000)
        return keyed(texts, lambda name: texts[name]())

    def http_check(self, made: NodePlan | None, url: str) -> tuple[str, ...]:
        """Use node itself: fetch is there since Node.js 18."""
        return ("CMD", "node", "-e", _ASK, url)

    def sources(self, made: NodePlan) -> Sources:
        """Build from the whole repository."""
        names = ["package.json", made.lock, *(f"{each}/package.json" for each in (*made.needs, made.folder))]
        needed = dict.fromkeys(application.below(made.context, name) for name in names)
        return Sources(context=".", needed=tuple(needed))

    def bases(self, build: NodeBuild, made: NodePlan) -> Iterable[BaseUse]:
        """Give both stages."""
        newer = _say("newer", version=facts.DEFAULT)
        for key, written, base in (
            ("builder", build.builder, made.builder),
            ("runtime", build.runtime, made.runtime),
        ):
            if written is not None:
                yield BaseUse(key, facts.known(base.image), written=True, stage=key)
            elif not facts.unpictured(build):
                yield BaseUse("node", facts.known(base.image), written=False, stage=key, newer=newer)

    def render(self, plan: Plan, container: ContainerPlan, made: NodePlan) -> Mapping[str, str]:
        from chuoigen.recipes.node.writing import texts

        return texts(plan, container, made)

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen.recipes.node.rules import RULES

        return RULES


RECIPE = Node()
