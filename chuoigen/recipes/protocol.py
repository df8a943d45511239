"""What a recipe answers: everything that the rest of chuoigen asks about an image without knowing who builds it.

A recipe derives from `Recipe` and answers what is different with it; the answers here are those of an image of which
nothing is known. The types of the answers come from every layer, and are named for the type checker only, so that
reading a spec does not import what plans and writes.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from chuoigen.recipes.answers import Reading, Sources
from chuoigen.recipes.commands import kept_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.aws.names import Kind
    from chuoigen.lint.rule import Rule
    from chuoigen.messages import Message
    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.images import Asked
    from chuoigen.plan.model import Plan
    from chuoigen.plan.recipes import BuildPlan
    from chuoigen.recipes.answers import BaseUse, Digests, Kept, Permission, Shipper, UnknownVersion, VolumeUse, Words
    from chuoigen.recipes.inside import Inside
    from chuoigen.spec import Spec
    from chuoigen.spec.build import ImageBuild
    from chuoigen.spec.container import Container
    from chuoigen.yaml.document import KeyPath

Written = TypeVar("Written", bound="ImageBuild")
Made = TypeVar("Made", bound="BuildPlan")


@runtime_checkable
class Recipe(Protocol[Written, Made]):
    """One way in which an image comes to be. Nothing here looks at a disk or a clock: same question, same answer."""

    name: str
    """What a spec says as `recipe`."""
    language: type[Written]
    """The model that judges `build`; its docstring says in a sentence what the recipe builds."""
    files: Mapping[str, str] = MappingProxyType({})
    """What is generated into docker/<container>/: names, and in a line what each is for."""
    icon: str = "cube"
    """How the diagram draws it: cube, proxy or lines."""
    publishes: bool = False
    """Whether it copies static files into the volume of `publish` at each start."""
    digests: Digests | None = None
    """Which of these files have a name that changes with their content; None where that is not known."""
    needs_port: bool = False
    """Whether a container without a TCP port is reported by a rule of the recipe's own."""
    reserved_arguments: tuple[str, ...] = ()
    """Build arguments that the generated files set themselves."""
    port_variables: tuple[str, ...] | None = ()
    """Variables by which its process is told the port; None where the usual ones may do that, as far as is known."""
    process_keys: frozenset[str] = frozenset()
    """Keys of build about the process, which count where another container's image is run; the others are its own."""
    reading: Reading = Reading()
    """Which files of the application it looks at."""

    # What is asked about a spec, before anything is planned.

    def owner(self, build: Written) -> str | None:
        """Return "uid:gid" of the process unless the spec says user; None for root, or where it cannot be known."""
        return None

    def image_of(self, build: Written) -> str | None:
        """Return the container whose image this one runs, with another command; None for an image of its own."""
        return None

    def command(self, container: Container, build: Written) -> tuple[str, ...]:
        """Return the command where the spec writes none; empty for the image's own."""
        return ()

    def volumes(self, container: Container, build: Written) -> Iterable[VolumeUse]:
        """Yield the volumes that it works with, whether they are mounted or not."""
        return ()

    def tails(self, build: Written) -> Mapping[str, str]:
        """Return the volumes whose log files it reads, with the patterns of their names."""
        return {}

    def upstreams(self, build: Written) -> Mapping[KeyPath, str]:
        """Return the containers to which it passes requests, by the key below build that names each."""
        return {}

    def keeps(self, asked: Asked[Written]) -> Kept | None:
        """Return how long its server keeps an idle connection before it closes it; None where that is not known."""
        return kept_by(asked.container)

    def peer_port(self, build: Written) -> int | None:
        """Return the TCP port on which its process in one task connects to that in another; None where it does not."""
        return None

    def request_timeouts(self, build: Written) -> Mapping[KeyPath, int]:
        """Return the seconds after which it gives up a request that it passes on, by the key below build."""
        return {}

    def upstream_idle(self, build: Written) -> Mapping[KeyPath, tuple[str, int]]:
        """Return the containers behind, and for how long it keeps idle connections to them, by the key that says so."""
        return {}

    def names(self, build: Written) -> Iterable[tuple[Kind, str, KeyPath]]:
        """Yield names of AWS that are written below build: the kind, the name, its key."""
        return ()

    def unknown_versions(self, build: Written) -> Iterable[UnknownVersion]:
        """Yield the versions for which it knows no image and none is written."""
        return ()

    def copied(self, build: Written) -> Iterable[tuple[KeyPath, str]]:
        """Yield the files and folders of the context that the spec names to be copied, by their keys below build."""
        return ()

    def words(self, build: Written) -> Iterable[Words]:
        """Yield other texts of the spec that stand where a program looks for options."""
        return ()

    # What it decides.

    def plan(self, asked: Asked[Written]) -> Made | None:
        """Decide about the image; None when it is not built here."""
        return None

    def environment(self, spec: Spec, build: Written, *, by_name: bool) -> Mapping[str, str]:
        """Return the variables that its process reads; `by_name` where containers have names, as under compose."""
        return {}

    def http_check(self, made: Made | None, url: str) -> tuple[str, ...] | None:
        """Return the command that asks for `url` with a tool that the image has; None where that is not known."""
        return None

    # What is asked about the plan.

    def sources(self, made: Made) -> Sources:
        """Say from what docker builds the image."""
        return Sources()

    def bases(self, build: Written, made: Made) -> Iterable[BaseUse]:
        """Yield the base images: of several stages the builder first."""
        return ()

    def scratch(self, container: Container, build: Written, made: Made) -> Mapping[str, Message]:
        """Return the directories to which its process writes besides its volumes, each with what it does there."""
        return {}

    def inside(self, container: ContainerPlan, made: Made | None) -> Inside | None:
        """Say what is known of the inside of an image that its recipe does not write; None for one that it writes."""
        return None

    def shipper(self, build: Written, made: Made) -> Shipper | None:
        """Say what it keeps when it stops; None when it ships no logs."""
        return None

    def buckets(self, container: ContainerPlan) -> tuple[str, ...]:
        """Return the S3 buckets to which it writes."""
        return ()

    def permissions(self, region: str, container: ContainerPlan, build: Written, made: Made) -> Iterable[Permission]:
        """Yield what the task role must allow."""
        return ()

    # What it brings. Imported when it is asked for: linting needs no templates, and building no pages.

    def render(self, plan: Plan, container: ContainerPlan, made: Made) -> Mapping[str, str]:
        """Return the texts of the generated files by name; those of `files`, or fewer.

        Raises ValueError for text that such a file cannot hold and that no rule has reported.
        """
        return {}

    def rules(self) -> tuple[Rule, ...]:
        """Return its own rules. Each has a page, pages/<name>.md, in the folder of the module that defines it."""
        return ()

    def starter(self) -> str:
        """Return the spec that `init` writes for it, with the names starter-name and starter-stage.

        It is starter.yaml in the folder of the recipe. Raises FileNotFoundError when there is none.
        """
        return Path(inspect.getfile(type(self))).with_name("starter.yaml").read_text(encoding="utf-8")
