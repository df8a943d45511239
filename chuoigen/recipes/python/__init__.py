"""A Python application: its virtual environment made in one stage, run by Gunicorn, Uvicorn or Celery in another."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.plan.volumes import APP_UID
from chuoigen.provenance import keyed
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.answers import BaseUse, Kept, Reading, Sources, UnknownVersion, VolumeUse, Words
from chuoigen.recipes.protocol import Recipe
from chuoigen.recipes.python import application, facts
from chuoigen.recipes.python.language import PythonBuild
from chuoigen.recipes.python.planning import PythonPlan, process_command, python_plan, workers

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

# The images have neither curl nor wget. urllib.request would follow a redirection, to HTTPS for example, which no
# server in the task speaks; a redirection is an answer, too.
_ASK = (
    "import http.client as h, sys, urllib.parse as u; a = u.urlsplit(sys.argv[1]); "
    "c = h.HTTPConnection(a.netloc, timeout=4); c.request('GET', u.urlunsplit(('', '', *a[2:4], '')) or '/'); "
    "sys.exit(c.getresponse().status >= 400)"
)


class Python(Recipe[PythonBuild, PythonPlan]):
    """An application with its virtual environment; several containers may run its one image."""

    name = "python"
    language = PythonBuild
    files = MappingProxyType({**dockerfiles.USUAL, "Dockerfile.dockerignore": dockerfiles.IGNORED})
    publishes = True
    digests = facts.DIGESTS
    reserved_arguments = (dockerfiles.GENERATED,)
    process_keys = frozenset(
        {"recipe", "image_of", "application", "server", "celery", "workers", "threads", "keep_alive"}
    )
    reading = Reading(texts=application.TEXTS, names=application.NAMES)

    def owner(self, build: PythonBuild) -> str:
        """Give the application's user."""
        return f"{APP_UID}:{APP_UID}"

    def image_of(self, build: PythonBuild) -> str | None:
        """Name the container whose image this one runs."""
        return build.image_of

    def command(self, container: Container, build: PythonBuild) -> tuple[str, ...]:
        """Give the process where the image is another container's, and thus starts another one."""
        return () if build.image_of is None else process_command(container, build)

    def keeps(self, asked: Asked[PythonBuild]) -> Kept | None:
        """Give what the server is told, by the recipe or by a command that replaces the recipe's."""
        build = asked.build
        if asked.container.command is not None or asked.container.entrypoint is not None:
            return super().keeps(asked)
        if build.celery is not None:
            return None
        return Kept(build.keep_alive, build.server, ("build", "keep_alive"), _say("keeps"))

    def volumes(self, container: Container, build: PythonBuild) -> Iterable[VolumeUse]:
        """Write the static files."""
        if container.publish is not None and container.publish.static is not None:
            yield VolumeUse(container.publish.static, ("publish", "static"), writes=True, what=_say("publishes"))

    def unknown_versions(self, build: PythonBuild) -> Iterable[UnknownVersion]:
        """Judge the version where no image is written."""
        if build.python is not None and facts.unpictured(build.python, build.base):
            yield UnknownVersion("python", "Python", build.python, ("base",), tuple(facts.RELEASES))

    def copied(self, build: PythonBuild) -> Iterable[tuple[KeyPath, str]]:
        """Give the folders of the application that are named."""
        yield ("root",), build.root
        yield ("static",), build.static

    def words(self, build: PythonBuild) -> Iterable[Words]:
        """Give the application, which stands behind `gunicorn`, and what stands behind `apt-get install`."""
        yield Words(("application",), build.application)
        for index, package in enumerate(build.build_packages):
            yield Words(("build_packages", index), package)

    def plan(self, asked: Asked[PythonBuild]) -> PythonPlan:
        return python_plan(asked)

    def environment(self, spec: Spec, build: PythonBuild, *, by_name: bool) -> Mapping[str, str]:
        """Say how many workers there are, which both servers read, and who does not publish the static files.

        Sources: gunicorn/config.py, Workers; uvicorn/main.py, --workers; checked 2026-11-27.
        """
        texts = {} if build.celery else {"WEB_CONCURRENCY": lambda: str(workers(spec, build))}
        owner = spec.containers.get(build.image_of) if build.image_of else None
        if owner is not None and owner.publish is not None:
            texts["PUBLISH_STATIC"] = lambda: "no"
        return keyed(texts, lambda name: texts[name]())

    def http_check(self, made: PythonPlan | None, url: str) -> tuple[str, ...]:
        """Use Python itself."""
        return ("CMD", "python", "-c", _ASK, url)

    def sources(self, made: PythonPlan) -> Sources:
        """Build from the whole repository, with what the Dockerfile copies by name."""
        return Sources(context=".", needed=tuple(application.below(made.context, name) for name in made.manifests))

    def bases(self, build: PythonBuild, made: PythonPlan) -> Iterable[BaseUse]:
        """Give the base of both stages."""
        own = build.base is not None
        if own or not facts.unpictured(build.python, build.base):
            key, newer = ("base", None) if own else ("python", _say("newer", version=facts.DEFAULT))
            pinned = facts.RELEASES[facts.DEFAULT].base.image
            yield BaseUse(key, facts.known(made.base.image), written=own, newer=newer, pinned=pinned)

    def scratch(self, container: Container, build: PythonBuild, made: PythonPlan) -> Mapping[str, Message]:
        """Write uploads while they arrive, and what programs keep in HOME."""
        return {"/tmp": _say("scratch")}  # noqa: S108  a path in a container

    def render(self, plan: Plan, container: ContainerPlan, made: PythonPlan) -> Mapping[str, str]:
        from chuoigen.recipes.python.writing import texts

        return texts(plan, container, made)

    def rules(self) -> tuple[Rule, ...]:
        from chuoigen.recipes.python.rules import RULES

        return RULES


RECIPE = Python()
