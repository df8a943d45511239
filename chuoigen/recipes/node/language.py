"""What a spec may say about a Node.js application."""

from typing import Literal

from pydantic import Field

from chuoigen.spec.build import FetchingBuild
from chuoigen.spec.scalars import Seconds, Text


class NodeBuild(FetchingBuild):
    """A Node.js application, built with npm, yarn or pnpm, and run without its development dependencies."""

    recipe: Literal["node"]
    node: Text
    """Node.js version, quoted: "24"."""
    main: Text
    """File that node runs, relative to the application: dist/server.js."""
    script: Text | None = None
    """The package.json script that builds the application. Default: build, where package.json has it."""
    files: list[Text] = Field(default_factory=list)
    """Files and folders of the application that the image keeps, besides package.json and the dependencies. Default:
    all that is there after the build.
    """
    static: Text = "public"
    """Folder of the static files that are published, relative to the application."""
    workspace: Text | None = None
    """Folder of the workspace that is built and run, in a monorepo: apps/api. Lock file and package.json of the
    monorepo are in the context.
    """
    needs: list[Text] = Field(default_factory=list)
    """Folders of the other workspaces that it needs, in the order in which they are built."""
    keep_alive: Seconds | None = None
    """How long the application keeps an idle connection; it gets KEEP_ALIVE_TIMEOUT in milliseconds. Default: what
    Node.js does: 65 s since 26, 5 s before.
    """
    source_maps: bool = False
    """Whether stack traces name the lines of the sources (--enable-source-maps)."""
    native: bool = False
    """Whether dependencies are compiled: adds Python, make and a C++ compiler to the builder."""
    builder: Text | None = None
    """Image of the builder stage, in place of the one chosen for the Node.js version."""
    runtime: Text | None = None
    """Image of the runtime stage; same distribution and libc as the builder."""
    packages: list[Text] = Field(default_factory=list)
    """Further packages of the distribution in the runtime image."""
