"""What a spec may say about a Python application."""

from typing import Annotated, Literal

from pydantic import Field

from chuoigen.recipes.python.facts import KEEP_ALIVE_S, THREADS
from chuoigen.spec.build import FetchingBuild
from chuoigen.spec.scalars import Seconds, Text


class PythonBuild(FetchingBuild):
    """A Python application and its virtual environment, run by Gunicorn, Uvicorn or Celery."""

    recipe: Literal["python"]
    application: Text
    """What the process loads: module and variable of the WSGI or ASGI application, `shop.wsgi:application`; with Celery
    the module of its application, `shop`.
    """
    server: Literal["gunicorn", "uvicorn"] = "gunicorn"
    """The server that the container runs: Gunicorn for WSGI, Uvicorn for ASGI."""
    celery: Literal["worker", "beat"] | None = None
    """The process of Celery that the container runs instead of a server."""
    image_of: Text | None = None
    """Container whose image this one runs; it is built and pushed once. What is said about the image is said there."""
    python: Text | None = None
    """Python version, quoted: "3.14". Default: that of .python-version, else the newest that chuoigen knows."""
    root: Text = "."
    """Folder of the modules, relative to the context: src."""
    workers: Annotated[int, Field(ge=1)] | None = None
    """Worker processes. Default: by the CPU and the memory of the task; with Celery one for each CPU."""
    threads: Annotated[int, Field(ge=2)] = THREADS
    """Threads of each Gunicorn worker. With one alone Gunicorn would keep no connection open."""
    keep_alive: Seconds = KEEP_ALIVE_S
    """How long the server keeps an idle connection; longer than the load balancer does."""
    collectstatic: bool | None = None
    """Whether Django's collectstatic runs when the image is built. Default: where there is a manage.py."""
    collectstatic_environment: dict[str, Text] = Field(default_factory=dict)
    """Variables of collectstatic alone; they are in no layer's environment. Dummies, never secrets. SECRET_KEY has
    one already, and DJANGO_SETTINGS_MODULE is that of the container.
    """
    static: Text = "staticfiles"
    """Folder of the static files that are published, relative to the application: Django's STATIC_ROOT."""
    static_path: Text = "static"
    """Path of the URL below which they are published: Django's STATIC_URL."""
    base: Text | None = None
    """Base image of both stages, in place of the one chosen for the Python version."""
    packages: list[Text] = Field(default_factory=list)
    """Further packages of the distribution in the image."""
    build_packages: list[Text] = Field(default_factory=list)
    """Further packages of the distribution where dependencies are compiled: gcc, libpq-dev."""
