"""What is decided about a Python application."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chuoigen.aws import defaults
from chuoigen.aws.sizing import CPU_UNITS_PER_VCPU
from chuoigen.plan.recipes import Base, FetchingPlan
from chuoigen.plan.references import first_port
from chuoigen.plan.volumes import APP_UID, APP_USER
from chuoigen.recipes.python import facts
from chuoigen.recipes.python.application import application

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes.python.language import PythonBuild
    from chuoigen.spec import Spec
    from chuoigen.spec.container import Container

ROOT = "/app"
ENVIRONMENT = "/venv"
"""The virtual environment: the same path in both stages, since its programs name it."""
STOP_MARGIN_S = 5
"""How long before its stop timeout a server gives up the requests that still run."""
DUMMY = "only-while-the-image-is-built"


class PythonPlan(FetchingPlan):
    """A Python application. Paths are absolute in the image, `manifests` and `static` relative to the application.

    The build's context is the project's root; `context` is the application's folder in it, `generated` that of the
    generated files. `manager` is pip, uv or poetry, `tool` what is installed for it (None: it is in the image).
    `module_path` is where modules are looked for. `collect` are the variables of collectstatic (None: it does not run).
    `static_mount` is the directory into which the static files are copied at each start (None: nowhere), and `volume`
    that of the mount around it.
    """

    context: str
    generated: str
    base: Base
    manager: str
    tool: str | None
    manifests: tuple[str, ...]
    module_path: str
    collect: Mapping[str, str] | None
    static: str
    volume: str | None
    static_mount: str | None
    build_packages: tuple[str, ...]
    packages: tuple[str, ...]
    root: str
    environment: str
    user: str
    uid: int
    command: tuple[str, ...]
    timezone: str


def python_plan(asked: Asked[PythonBuild]) -> PythonPlan:
    """Decide on which image it is built and run, with which commands, and what it publishes."""
    build, container = asked.build, asked.container
    context = asked.path("context", ".")
    app = application(asked.project, context)
    version = build.python or facts.minor(app.version or "") or facts.DEFAULT
    entry = facts.release(version) or facts.RELEASES[facts.DEFAULT]
    base = facts.known(build.base or entry.base.image)
    volume = asked.mount_of(container.publish.static) if container.publish else None
    collected = app.django if build.collectstatic is None else build.collectstatic
    return PythonPlan(
        context=context,
        generated=asked.generated,
        base=Base(base.image, base.package_manager),
        manager=app.manager,
        tool=facts.TOOLS.get(app.manager),
        manifests=app.manifests,
        module_path=posixpath.normpath(posixpath.join(ROOT, build.root)),
        collect=_collect(asked) if collected else None,
        static=posixpath.normpath(build.static),
        volume=volume,
        static_mount=posixpath.normpath(f"{volume}/{build.static_path}") if volume is not None else None,
        arguments=asked.arguments(),
        build_packages=tuple(dict.fromkeys((*asked.tools, *build.build_packages))),
        packages=("tzdata", *build.packages),
        root=ROOT,
        environment=ENVIRONMENT,
        user=APP_USER,
        uid=APP_UID,
        command=process_command(container, build),
        directories=asked.directories(),
        secrets=asked.secrets(),
        ssh=build.ssh,
        timezone=asked.spec.timezone,
    )


def process_command(container: Container, build: PythonBuild) -> tuple[str, ...]:
    """Return what the container runs: a process of Celery, or the server on the container's first port."""
    if build.celery == "beat":
        # The folder of the code belongs to root; what beat keeps there may be lost with the task.
        schedule = ("--schedule", "/tmp/celerybeat-schedule")  # noqa: S108  a path in a container
        return ("celery", "--app", build.application, "beat", "--loglevel", "INFO", *schedule)
    if build.celery == "worker":
        processes = () if build.workers is None else ("--concurrency", str(build.workers))
        return ("celery", "--app", build.application, "worker", "--loglevel", "INFO", *processes)
    written = container.stop_timeout
    stop = written if written is not None else defaults.STOP_TIMEOUT_S.value
    graceful, port = str(max(1, stop - STOP_MARGIN_S)), first_port(container) or facts.PORT
    kept = (facts.KEEP_ALIVE_OPTIONS[build.server], str(build.keep_alive))
    if build.server == "uvicorn":
        listen = ("--host", "0.0.0.0", "--port", str(port))  # noqa: S104  in a container
        return ("uvicorn", build.application, *listen, *kept, "--timeout-graceful-shutdown", graceful)
    threads = ("--threads", str(build.threads), "--worker-tmp-dir", facts.HEARTBEATS)
    ends = ("--graceful-timeout", graceful, "--access-logfile", "-")
    return ("gunicorn", build.application, "--bind", f"0.0.0.0:{port}", *threads, *kept, *ends)


def workers(spec: Spec, build: PythonBuild) -> int:
    """Return how many worker processes a server starts, by the CPU and the memory of the task unless it is written.

    Gunicorn's design document recommends two for each CPU and one more; an event loop of Uvicorn fills a CPU alone.
    """
    if build.workers is not None:
        return build.workers
    cpus = spec.task.cpu // CPU_UNITS_PER_VCPU
    wanted = max(1, cpus) if build.server == "uvicorn" else max(2, 2 * cpus + 1)
    return max(1, min(wanted, spec.task.memory // facts.WORKER_MIB))


def _collect(asked: Asked[PythonBuild]) -> dict[str, str]:
    """Return the variables of collectstatic: dummies of the keys that settings demand, and which settings these are."""
    found = {"SECRET_KEY": DUMMY}
    for container in asked.running():
        found.update({name: DUMMY for name in container.secrets if name.endswith("SECRET_KEY")})
        settings = container.environment.get("DJANGO_SETTINGS_MODULE")
        if settings is not None and settings.value is not None:
            found["DJANGO_SETTINGS_MODULE"] = settings.value
    return found | asked.build.collectstatic_environment
