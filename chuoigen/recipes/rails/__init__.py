"""A Rails application: gems, assets and code built in one stage, run by Puma or Sidekiq in another."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.plan.images import image_owner
from chuoigen.plan.volumes import APP_UID
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse, Kept, Reading, Sources, UnknownVersion, VolumeUse, Words
from chuoigen.recipes.protocol import Recipe
from chuoigen.recipes.rails import facts, gems
from chuoigen.recipes.rails.language import RailsBuild
from chuoigen.recipes.rails.planning import ROOT, RailsPlan, below, generated_keepalive, process_command, rails_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.lint.rule import Rule
    from chuoigen.messages import Message
    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.images import Asked
    from chuoigen.plan.model import Plan
    from chuoigen.spec import Spec
    from chuoigen.spec.container import Container

_say = Texts(__name__)


class Rails(Recipe[RailsBuild, RailsPlan]):
    """An application of Ruby on Rails; several containers may run its one image."""

    name = "rails"
    language = RailsBuild
    files = MappingProxyType(
        {
            **dockerfiles.USUAL,
            "Dockerfile.dockerignore": dockerfiles.IGNORED,
            "puma.rb": "what Puma is told before the application's own config/puma.rb",
        }
    )
    publishes = True
    digests = facts.DIGESTS
    reserved_arguments = (dockerfiles.GENERATED,)
    process_keys = frozenset({"recipe", "image_of", "process"})
    reading = Reading(texts=gems.TEXTS, names=gems.NAMES)

    def owner(self, build: RailsBuild) -> str:
        """Give the application's user."""
        return f"{APP_UID}:{APP_UID}"

    def image_of(self, build: RailsBuild) -> str | None:
        """Name the container whose image this one runs."""
        return build.image_of

    def command(self, container: Container, build: RailsBuild) -> tuple[str, ...]:
        """Give the process where the image is another container's, and thus starts another one."""
        return () if build.image_of is None else process_command(container, build)

    def keeps(self, asked: Asked[RailsBuild]) -> Kept | None:
        """Give what the application's own config/puma.rb says, else the generated configuration, which it overrules."""
        if asked.container.command is not None or asked.build.process != "puma":
            return super().keeps(asked)
        owner = asked.of(image_owner(asked.spec, asked.name))
        written = gems.persistent_timeout(asked.project, owner.path("context", "."))
        seconds = written if written is not None else generated_keepalive(asked)
        return Kept(seconds, "Puma", ("build",), _say("keeps"))

    def volumes(self, container: Container, build: RailsBuild) -> Iterable[VolumeUse]:
        """Write the static files."""
        if container.publish is not None and container.publish.static is not None:
            yield VolumeUse(container.publish.static, ("publish", "static"), writes=True, what=_say("publishes"))

    def unknown_versions(self, build: RailsBuild) -> Iterable[UnknownVersion]:
        """Judge the version where no image is written."""
        if build.ruby is not None and facts.unpictured(build):
            yield UnknownVersion("ruby", "Ruby", build.ruby, ("base",), tuple(facts.RUBIES))

    def words(self, build: RailsBuild) -> Iterable[Words]:
        """Give the packages for the build, which stand behind `apt-get install`."""
        for index, package in enumerate(build.build_packages):
            yield Words(("build_packages", index), package)

    def plan(self, asked: Asked[RailsBuild]) -> RailsPlan:
        return rails_plan(asked)

    def environment(self, spec: Spec, build: RailsBuild, *, by_name: bool) -> Mapping[str, str]:
        """Keep a container that runs another's image from copying static files that the other one copies."""
        owner = spec.containers.get(build.image_of) if build.image_of else None
        return {"PUBLISH_STATIC": "no"} if owner is not None and owner.publish is not None else {}

    def http_check(self, made: RailsPlan | None, url: str) -> tuple[str, ...]:
        """Use curl, which is added for it."""
        return ("CMD", "curl", "-fsS", "-o", "/dev/null", url)

    def sources(self, made: RailsPlan) -> Sources:
        """Build from the whole repository, with what the Dockerfile copies by name."""
        lock = gems.JAVASCRIPT_LOCKS.get(made.javascript or "")
        needed = (*made.gem_sources, *(("package.json", lock) if lock else ()))
        return Sources(context=".", needed=below(made.context, *needed))

    def bases(self, build: RailsBuild, made: RailsPlan) -> Iterable[BaseUse]:
        """Give the base of both stages, and where Node.js comes from."""
        own = build.base is not None
        if own or not facts.unpictured(build):
            key, newer = ("base", None) if own else ("ruby", _say("newer", version=facts.DEFAULT_RUBY))
            pinned = facts.RUBIES[facts.DEFAULT_RUBY].base.image
            yield BaseUse(key, facts.known(made.base.image), written=own, newer=newer, pinned=pinned)
        if made.node is not None:
            yield BaseUse("javascript", facts.known(made.node), written=False)

    def scratch(self, container: Container, build: RailsBuild, made: RailsPlan) -> Mapping[str, Message]:
        """Write caches, and uploads while they arrive."""
        return {f"{ROOT}/tmp": _say("scratch"), "/tmp": _say("scratch")}  # noqa: S108  a path in a container

    def render(self, plan: Plan, container: ContainerPlan, made: RailsPlan) -> Mapping[str, str]:
        from chuoigen.recipes.rails.writing import texts

        return texts(plan, container, made)

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen.recipes.rails.rules import RULES

        return RULES


RECIPE = Rails()
