"""Turns the plan of a fluentd into its Dockerfile, its entrypoint and fluent.conf."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.recipes import dockerfiles
from chuoigen.recipes.fluentd.quoting import fluentd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.recipes.fluentd.planning import FluentdPlan

_SUPERUSER = {"0", "root", "0:0", "root:root"}


def texts(plan: Plan, container: ContainerPlan, made: FluentdPlan) -> Mapping[str, str]:
    """Return the texts of the files by name; ValueError for a prefix that fluentd would not leave as it is."""
    files = dockerfiles.Templates(Path(__file__).parent, plan, container, made, filters={"fluentd": fluentd})
    folders = dict.fromkeys((made.buffer_path, *(posixpath.dirname(tail.position_file) for tail in made.tails)))
    superuser = made.user in _SUPERUSER
    return {
        ".dockerignore": files.text("dockerignore.j2", sent=("entrypoint.sh", "fluent.conf")),
        "Dockerfile": files.text("Dockerfile.j2", prepared=made.directories, superuser=superuser),
        "entrypoint.sh": files.text("entrypoint.sh.j2", folders=tuple(folders)),
        "fluent.conf": files.text("fluent.conf.j2", prefix=_literal(made.prefix)),
    }


def _literal(prefix: str) -> str:
    """Write a prefix for out_s3, which formats times in it; ValueError for its placeholders, which have no escape."""
    if "${" in prefix or "%{" in prefix:
        raise ValueError(f"fluentd would replace a part of the prefix {prefix!r}")
    return prefix.replace("%", "%%")
