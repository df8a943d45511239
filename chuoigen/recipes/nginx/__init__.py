"""nginx in front: static files from a volume, and the rest to the container behind."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.plan import durations
from chuoigen.plan.references import LOOPBACK
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse, Kept, VolumeUse
from chuoigen.recipes.nginx import facts
from chuoigen.recipes.nginx.language import NginxBuild
from chuoigen.recipes.nginx.planning import NginxPlan, nginx_plan
from chuoigen.recipes.protocol import Recipe
from chuoigen.recipes.servers import KEEP_ALIVE_MARGIN_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.lint.rule import Rule
    from chuoigen.messages import Message
    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.images import Asked
    from chuoigen.plan.model import Plan
    from chuoigen.spec import Spec
    from chuoigen.spec.container import Container
    from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


class Nginx(Recipe[NginxBuild, NginxPlan]):
    """An nginx of the official image. Its master opens the log files and the cache directories as root."""

    name = "nginx"
    language = NginxBuild
    files = MappingProxyType(
        {
            ".dockerignore": dockerfiles.IGNORED,
            **dockerfiles.USUAL,
            "nginx.conf": "static files and the way to the container behind",
        }
    )
    icon = "proxy"
    needs_port = True

    def volumes(self, container: Container, build: NginxBuild) -> Iterable[VolumeUse]:
        """Read the document root."""
        if build.static is not None:
            yield VolumeUse(build.static, ("build", "static"), writes=False, what=_say("serves"))

    def upstreams(self, build: NginxBuild) -> Mapping[KeyPath, str]:
        """Name the one upstream."""
        return {} if build.upstream is None else {("upstream",): build.upstream}

    def request_timeouts(self, build: NginxBuild) -> Mapping[KeyPath, int]:
        """Give the time that the upstream has for an answer."""
        return {} if build.upstream is None or build.timeout is None else {("timeout",): build.timeout}

    def upstream_idle(self, build: NginxBuild) -> Mapping[KeyPath, tuple[str, int]]:
        """Give what is written about the one upstream."""
        if build.upstream is None or build.upstream_keepalive is None:
            return {}
        return {("upstream_keepalive",): (build.upstream, build.upstream_keepalive)}

    def keeps(self, asked: Asked[NginxBuild]) -> Kept:
        """Give what the generated configuration says, which is longer than the load balancer does."""
        seconds = durations.asked_idle(asked.spec, asked.name) + KEEP_ALIVE_MARGIN_S
        return Kept(seconds, "nginx", ("build",), _say("keeps"))

    def plan(self, asked: Asked[NginxBuild]) -> NginxPlan:
        return nginx_plan(asked)

    def environment(self, spec: Spec, build: NginxBuild, *, by_name: bool) -> Mapping[str, str]:
        """Say where the upstream is; the entrypoint writes it into the configuration."""
        if build.upstream is None:
            return {}
        return {"APP_SERVER": build.upstream if by_name else LOOPBACK}

    def http_check(self, made: NginxPlan | None, url: str) -> tuple[str, ...]:
        """Use curl, which the image has or gets."""
        return ("CMD", "curl", "-fsS", "-o", "/dev/null", url)

    def bases(self, build: NginxBuild, made: NginxPlan) -> Iterable[BaseUse]:
        """Give the one base."""
        own = build.base is not None
        pinned = facts.DEFAULT if "nginx" in made.base.image else ""
        yield BaseUse("base" if own else "recipe", facts.known(made.base.image), written=own, pinned=pinned)

    def scratch(self, container: Container, build: NginxBuild, made: NginxPlan) -> Mapping[str, Message]:
        """Keep the process id and request bodies where no root is needed."""
        return {"/tmp": _say("scratch")}  # noqa: S108  a path in a container

    def render(self, plan: Plan, container: ContainerPlan, made: NginxPlan) -> Mapping[str, str]:
        from chuoigen.recipes.nginx.writing import texts

        return texts(plan, container, made)

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen.recipes.nginx.rules import RULES

        return RULES


RECIPE = Nginx()
