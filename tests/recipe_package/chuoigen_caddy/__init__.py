"""A recipe for Caddy: it passes requests on to another container."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from chuoigen.plan.recipes import BuildPlan
from chuoigen.plan.references import LOOPBACK, first_port
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse
from chuoigen.recipes.bases import Base, base_of
from chuoigen.recipes.protocol import Recipe
from chuoigen.spec.build import ImageBuild
from chuoigen.spec.scalars import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.lint.rule import Rule
    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.images import Asked
    from chuoigen.plan.model import Plan
    from chuoigen.spec import Spec
    from chuoigen.yaml.document import KeyPath

PINNED = Base("caddy:2.10.2-alpine", "alpine", "", "hub.docker.com/_/caddy", tools=("wget",))


class CaddyBuild(ImageBuild):
    """A Caddy that passes requests on to another container."""

    recipe: Literal["caddy"]
    upstream: Text
    """Container that answers."""
    compress: bool = True
    """Whether answers are compressed."""
    base: Text | None = None
    """Base image, in place of the pinned Caddy."""


class CaddyPlan(BuildPlan):
    """What is decided about a Caddy: its base image, and the ports on which it and the upstream listen."""

    base: str
    port: int
    upstream_port: int
    compress: bool


class Caddy(Recipe[CaddyBuild, CaddyPlan]):
    """The answers that differ from those of an image of which nothing is known."""

    name = "caddy"
    language = CaddyBuild
    files = MappingProxyType(
        {
            ".dockerignore": dockerfiles.IGNORED,
            "Caddyfile": "where requests go",
            "Dockerfile": dockerfiles.USUAL["Dockerfile"],
        }
    )
    icon = "proxy"
    needs_port = True

    def upstreams(self, build: CaddyBuild) -> Mapping[KeyPath, str]:
        return {("upstream",): build.upstream}

    def plan(self, asked: Asked[CaddyBuild]) -> CaddyPlan:
        upstream = asked.spec.containers.get(asked.build.upstream)
        return CaddyPlan(
            arguments=asked.arguments(),
            directories=asked.directories(),
            base=asked.build.base or PINNED.image,
            port=first_port(asked.container) or 80,
            upstream_port=(first_port(upstream) if upstream else None) or 80,
            compress=asked.build.compress,
        )

    def environment(self, spec: Spec, build: CaddyBuild, *, by_name: bool) -> Mapping[str, str]:
        return {"UPSTREAM": build.upstream if by_name else LOOPBACK}

    def http_check(self, made: CaddyPlan | None, url: str) -> tuple[str, ...]:
        return ("CMD", "wget", "-q", "-O", "/dev/null", url)

    def bases(self, build: CaddyBuild, made: CaddyPlan) -> Iterable[BaseUse]:
        written = build.base is not None
        yield BaseUse("base" if written else "recipe", base_of(made.base, (PINNED,)), written, pinned=PINNED.image)

    def render(self, plan: Plan, container: ContainerPlan, made: CaddyPlan) -> Mapping[str, str]:
        files = dockerfiles.Templates(Path(__file__).parent, plan, container, made)
        return {
            ".dockerignore": files.text("dockerignore.j2", sent=("Caddyfile",)),
            "Caddyfile": files.text("Caddyfile.j2"),
            "Dockerfile": files.text("Dockerfile.j2"),
        }

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen_caddy.rules import RULES

        return RULES


RECIPE = Caddy()
