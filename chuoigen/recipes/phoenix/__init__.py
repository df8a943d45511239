"""A Phoenix release: built with its assets in one stage, run in another, its static files published at each start."""

from __future__ import annotations

import posixpath
from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.plan.naming import discovered_name
from chuoigen.plan.volumes import APP_UID
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse, Kept, Reading, Sources, UnknownVersion, VolumeUse, Words
from chuoigen.recipes.phoenix import facts
from chuoigen.recipes.phoenix.language import PhoenixBuild
from chuoigen.recipes.phoenix.planning import PhoenixPlan, phoenix_plan
from chuoigen.recipes.protocol import Recipe

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


class Phoenix(Recipe[PhoenixBuild, PhoenixPlan]):
    """A release of Elixir in an image with nothing else in it."""

    name = "phoenix"
    language = PhoenixBuild
    files = MappingProxyType(
        {
            **dockerfiles.USUAL,
            "Dockerfile.dockerignore": dockerfiles.IGNORED,
            "env.sh": "what each command of the release is told about the cluster",
        }
    )
    publishes = True
    port_variables = ("PORT",)
    reserved_arguments = (dockerfiles.GENERATED,)
    # What stands below config is evaluated when the image is built; mix.exs says whether this is an umbrella.
    reading = Reading(texts=("config/**/*.exs", "mix.exs", "apps/**/*mix.exs"))

    def owner(self, build: PhoenixBuild) -> str:
        """Give the application's user."""
        return f"{APP_UID}:{APP_UID}"

    def keeps(self, asked: Asked[PhoenixBuild]) -> Kept | None:
        """Give what Cowboy and Bandit do by themselves, or what the configuration says."""
        if asked.container.command is not None:
            return super().keeps(asked)
        folder = posixpath.normpath(posixpath.join(asked.path("context", "."), "config"))
        texts = asked.project.texts
        seconds = facts.keep_alive(text for file, text in texts.items() if file.startswith(f"{folder}/"))
        return Kept(seconds, "Phoenix", ("build",), _say("keeps")) if seconds is not None else None

    def volumes(self, container: Container, build: PhoenixBuild) -> Iterable[VolumeUse]:
        """Write the static files."""
        if container.publish is not None and container.publish.static is not None:
            yield VolumeUse(container.publish.static, ("publish", "static"), writes=True, what=_say("publishes"))

    def unknown_versions(self, build: PhoenixBuild) -> Iterable[UnknownVersion]:
        """Judge the version where not both images are written; one without releases has a rule of its own."""
        if facts.unpictured(build) and not facts.without_release(build):
            yield UnknownVersion("elixir", "Elixir", build.elixir, ("builder", "runtime"), tuple(facts.RELEASES))

    def copied(self, build: PhoenixBuild) -> Iterable[tuple[KeyPath, str]]:
        """Give the sources of the assets."""
        for index, source in enumerate(build.assets.sources if build.assets else ()):
            yield ("assets", "sources", index), source

    def words(self, build: PhoenixBuild) -> Iterable[Words]:
        """Give the script, which stands behind `npm run`."""
        if build.assets is not None and build.assets.script is not None:
            yield Words(("assets", "script"), build.assets.script)

    def peer_port(self, build: PhoenixBuild) -> int | None:
        """Give the port of the distribution."""
        return build.cluster.port if build.cluster is not None else None

    def environment(self, spec: Spec, build: PhoenixBuild, *, by_name: bool) -> Mapping[str, str]:
        """Say under which name the other nodes are found; on one machine there are none."""
        name = discovered_name(spec) if build.cluster is not None and not by_name else None
        return {facts.CLUSTER_QUERY: name} if name is not None else {}

    def plan(self, asked: Asked[PhoenixBuild]) -> PhoenixPlan:
        return phoenix_plan(asked)

    def http_check(self, made: PhoenixPlan | None, url: str) -> tuple[str, ...]:
        """Use BusyBox's wget in Alpine, and in Debian curl, which is added for it."""
        if made is not None and made.runtime.packager == "apt":
            return ("CMD", "curl", "-fsS", "-o", "/dev/null", url)
        return ("CMD", "wget", "-q", "-O", "/dev/null", url)

    def sources(self, made: PhoenixPlan) -> Sources:
        """Build from the whole repository, with what the Dockerfile copies by name; docker matches the patterns."""
        sources = ["mix.exs", "mix.lock"]
        if made.asset_tool == "webpack" or made.asset_script is not None:
            sources += ["package.json", "package-lock.json" if made.package_manager == "npm" else "yarn.lock"]
        sources += [source for source in made.asset_sources if not set(source) & set("*?[")]
        has_static = made.asset_tool is not None or made.static_mount is not None
        if made.release == "mix" or has_static:
            sources.append("config")
        if has_static and made.copies_static:
            sources.append("priv/static")
        sources += [f"{folder}/mix.exs" for folder in made.applications]
        needed = tuple(posixpath.normpath(posixpath.join(made.context, source)) for source in sources)
        return Sources(context=".", needed=needed)

    def bases(self, build: PhoenixBuild, made: PhoenixPlan) -> Iterable[BaseUse]:
        """Give both stages."""
        newer = _say("newer", version=facts.DEFAULT_ELIXIR)
        for key, written, base in (
            ("builder", build.builder, made.builder),
            ("runtime", build.runtime, made.runtime),
        ):
            if written is not None:
                yield BaseUse(key, facts.known(base.image), written=True, stage=key)
            elif not facts.unpictured(build):
                yield BaseUse("elixir", facts.known(base.image), written=False, stage=key, newer=newer)

    def scratch(self, container: Container, build: PhoenixBuild, made: PhoenixPlan) -> Mapping[str, Message]:
        """Write the configuration of the release at its start, where its variable says or where it usually is."""
        if made.release == "mix":
            release = container.environment.get("RELEASE_TMP")
            folder = (release.value if release else None) or "/tmp"  # noqa: S108  a path in a container
            return {folder: _say("scratch")}
        mutable = container.environment.get("RELEASE_MUTABLE_DIR")
        folder = (mutable.value if mutable else None) or f"{made.root}/var"
        return {folder: _say("scratch-distillery")}

    def render(self, plan: Plan, container: ContainerPlan, made: PhoenixPlan) -> Mapping[str, str]:
        from chuoigen.recipes.phoenix.writing import texts

        return texts(plan, container, made)

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen.recipes.phoenix.rules import RULES

        return RULES


RECIPE = Phoenix()
