"""Turns the plan of a Python application into its Dockerfile, what the build ignores, and its entrypoint."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen import templating
from chuoigen.recipes import dockerfiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.recipes.python.planning import PythonPlan

_TOOL = "/opt/tool"
_COMPRESSED = ("css", "html", "js", "json", "map", "svg", "txt", "xml")
# --without-pip: a running application needs no installer. pip installs into it from outside, uv and poetry as well.
_INSTALL = {
    "pip": "pip --python {venv}/bin/python install --no-cache-dir --requirement requirements.txt",
    "uv": (
        "UV_PROJECT_ENVIRONMENT={venv} UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never"
        ' {tool}/bin/uv sync --locked --no-dev --no-install-project --no-cache --python "$(command -v python3)"'
    ),
    "poetry": (
        "VIRTUAL_ENV={venv} POETRY_VIRTUALENVS_CREATE=false"
        " {tool}/bin/poetry install --only main --no-root --compile --no-cache --no-interaction"
    ),
}


def texts(plan: Plan, container: ContainerPlan, made: PythonPlan) -> Mapping[str, str]:
    """Return the texts of the files by name."""
    files = dockerfiles.Templates(Path(__file__).parent, plan, container, made)
    left = (made.static,) if made.collect is not None else ()
    return {
        "Dockerfile": files.text(
            "Dockerfile.j2",
            install=_install(made),
            compiled=_compiled(made),
            account=_account(made),
            copy=lambda *names: dockerfiles.copy(made.context, names),
        ),
        "Dockerfile.dockerignore": files.text(
            "Dockerfile.dockerignore.j2",
            ignored=dockerfiles.ignored(made.context, (".venv", "venv", *left), made.generated),
        ),
        "entrypoint.sh": files.text("entrypoint.sh.j2"),
    }


def _install(made: PythonPlan) -> list[str]:
    """Return the commands that install what the lock file says, without what only development needs."""
    tool = [f"python3 -m venv {_TOOL}", f"{_TOOL}/bin/pip install --no-cache-dir {made.tool}"] if made.tool else []
    venv = f"python3 -m venv --without-pip {made.environment}"
    return [*tool, venv, _INSTALL[made.manager].format(venv=made.environment, tool=_TOOL)]


def _compiled(made: PythonPlan) -> list[str]:
    """Return the commands that prepare what a start needs: static files, and bytecode, which it may not write."""
    commands = []
    if made.collect is not None:
        variables = " ".join(f"{name}={templating.sh(value)}" for name, value in made.collect.items())
        commands.append(f"{variables} python manage.py collectstatic --noinput")
    if made.static_mount is not None:
        names = " -o ".join(f"-name '*.{suffix}'" for suffix in _COMPRESSED)
        folder = templating.sh(posixpath.join(made.root, made.static))
        commands.append(f"find {folder} -type f -size +1k \\( {names} \\) -exec gzip --best --force --keep {{}} +")
    # Its times do not matter then: copied files have others. A file that is no Python is no reason to stop.
    return [*commands, "{ python -m compileall -q --invalidation-mode unchecked-hash . || true; }"]


def _account(made: PythonPlan) -> list[str]:
    """Return the commands that make the application's user, in the words of the distribution."""
    user, home = templating.sh(made.user), templating.sh(made.root)
    if made.base.packager == "apk":
        return [
            f"addgroup -g {made.uid} {user}",
            f"adduser -D -H -u {made.uid} -G {user} -h {home} -s /sbin/nologin {user}",
        ]
    options = f"--gid {made.uid} --home-dir {home} --shell /usr/sbin/nologin"
    return [f"groupadd --gid {made.uid} {user}", f"useradd --no-create-home --uid {made.uid} {options} {user}"]
