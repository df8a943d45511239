"""What a spec may say about a Rails application."""

from typing import Literal

from pydantic import Field

from chuoigen.spec.build import FetchingBuild
from chuoigen.spec.scalars import Text


class RailsBuild(FetchingBuild):
    """A Rails application and its gems, run by Puma or Sidekiq; built in one stage and run in another."""

    recipe: Literal["rails"]
    ruby: Text | None = None
    """Ruby version, quoted: "3.4". Default: that of .ruby-version, else the newest that chuoigen knows."""
    process: Literal["puma", "sidekiq"] = "puma"
    """What the container runs."""
    image_of: Text | None = None
    """Container whose image this one runs; it is built and pushed once. Nothing else of `build` is written then."""
    javascript: Literal["yarn", "npm", "none"] | None = None
    """What installs the packages of package.json for the build. Default: what the lock file beside it belongs to."""
    jemalloc: bool = False
    """Whether memory comes from jemalloc, which several threads of Ruby fragment less."""
    base: Text | None = None
    """Base image of both stages, in place of the one chosen for the Ruby version; of Debian or Ubuntu."""
    packages: list[Text] = Field(default_factory=list)
    """Further packages of the distribution in the image."""
    build_packages: list[Text] = Field(default_factory=list)
    """Further packages of the distribution where gems are compiled."""
