"""What a spec may say about a Phoenix application."""

from typing import Annotated, Literal

from pydantic import Field

from chuoigen.spec.build import FetchingBuild
from chuoigen.spec.model import Model
from chuoigen.spec.scalars import Text


class Assets(Model):
    """How the front-end assets of a Phoenix application are built."""

    tool: Literal["webpack", "esbuild", "none"] = "webpack"
    """The bundler."""
    package_manager: Literal["yarn", "npm"] = "yarn"
    """What installs the bundler: yarn with yarn.lock, npm with package-lock.json."""
    sources: list[Text] = Field(default_factory=list)
    """Files and folders that the bundler reads, besides priv/static and config, relative to the context. With esbuild
    assets, lib and priv are read in any case.
    """
    script: Text | None = None
    """The package.json script that builds the assets. Default: the bundler itself is run in production mode."""


class Cluster(Model):
    """A cluster of Erlang nodes, one a task. The secret RELEASE_COOKIE is their cookie; `discovery` has their name."""

    port: Annotated[int, Field(ge=1024, le=65535)] = 4370
    """Port on which nodes connect to each other; the default is the one after that of epmd."""


class PhoenixBuild(FetchingBuild):
    """An Elixir/Phoenix release, built in one stage and run in another of the same distribution."""

    recipe: Literal["phoenix"]
    elixir: Text
    """Elixir version, quoted: "1.18"."""
    release: Literal["mix", "distillery"] = "mix"
    """What makes the release: `mix release`, or distillery as before Elixir 1.9."""
    release_name: Text | None = None
    """Name of the release. Default: the spec's name, with `-` as `_`."""
    web_app: Text | None = None
    """Application with the static files, in an umbrella. Default: the one whose name ends in _web."""
    assets: Assets | None = None
    """Front-end assets; without it no bundler runs."""
    cluster: Cluster | None = None
    """Whether the tasks are one cluster of Erlang nodes; without it they know nothing of each other."""
    builder: Text | None = None
    """Image of the builder stage, in place of the one chosen for the Elixir version."""
    runtime: Text | None = None
    """Image of the runtime stage; same distribution and libc as the builder."""
    packages: list[Text] = Field(default_factory=list)
    """Further packages of the distribution in the runtime image."""
