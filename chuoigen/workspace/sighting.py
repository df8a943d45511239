"""A folder into the files in it from which a spec can be made: what a service is described by until now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import Disk
from chuoigen.inputs.formats import KINDS, kind_of, recognised
from chuoigen.record import Record
from chuoigen.workspace.choice import Run, choose

if TYPE_CHECKING:
    from chuoigen.messages import Message

_ALONE_NOTHING = frozenset({"service-definition"})
"""Formats of files that say nothing of containers."""
_LAST = ("compose",)
"""Formats that a repository has beside the one it deploys from."""


class Sighted(Record):
    """Files of one format, by their paths from the folder that was searched."""

    title: Message
    files: tuple[str, ...]


def sighted(folder: str) -> Sighted | None:
    """Return the files from which a service is deployed, of the format that says most; None where there are none."""
    try:
        chosen = choose([folder], Run(skip_others=True, foreign=True))
    except ChuoigenError:
        return None
    found: dict[str, list[str]] = {}
    for spec in chosen.specs:
        try:
            form = recognised(Disk().read(spec.file), spec.file)
        except ChuoigenError:
            continue  # a link that leads nowhere
        if kind_of(form) is not None and form not in _ALONE_NOTHING:
            found.setdefault(form, []).append(os.path.relpath(spec.file, folder))
    order = [kind.name for kind in KINDS if kind.name not in _LAST] + list(_LAST)
    form = next((name for name in order if name in found), "")
    kind = kind_of(form)
    return Sighted(kind.title, tuple(found[form])) if kind else None
