"""What a build was made from, and whether the same would be made again; a spec that is unchanged costs its digests."""

import os
import pathlib

from chuoigen import recipes
from chuoigen.compiler import Judged
from chuoigen.diagnostics import Severity
from chuoigen.inputs.project import find_root, path_in
from chuoigen.inputs.recorded import Answers, same
from chuoigen.plan import Plan
from chuoigen.tree import MANIFEST, Built, Unchanged, unchanged
from chuoigen.workspace.identity import VERSION, code
from chuoigen.workspace.loop import Opened


def built(opened: Opened, judged: Judged, plan: Plan) -> Built:
    """Return what is built from: all that was read for a spec, which was just loaded."""
    root = find_root(pathlib.Path(opened.spec.file))
    answers = opened.answers(str(root))
    return Built(
        version=VERSION,
        spec=judged.loaded.project.spec_file,
        inputs={"read": answers.read, "there": answers.there, "listed": answers.listed},
        recipes=recipes.versions(container.recipe for container in plan.containers.values()),
        warnings=sum(1 for one in judged.diagnostics if one.severity is Severity.WARNING),
        code=code(),
    )


def still(opened: Opened, folder: pathlib.Path) -> Unchanged | None:
    """Return the build in a folder when it is of this spec, and the same files and chuoigen would make it again."""
    path = pathlib.Path(opened.spec.file)
    if not os.path.isfile(folder / MANIFEST):  # noqa: PTH113  Path.is_file raises where a name is too long
        return None
    root = find_root(path)
    there = unchanged(folder, code())
    if there is None or there.built.version != VERSION or there.built.spec != path_in(root, path):
        return None
    if recipes.versions(there.built.recipes) != there.built.recipes:
        return None
    inputs = there.built.inputs
    answers = Answers(read=inputs["read"], there=inputs["there"], listed=inputs["listed"])
    return there if same(answers, str(root), opened.files) else None
