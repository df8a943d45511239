"""The compiler for scripts and notebooks: load → lint → plan → render, each taking what the one before gave.

>>> from chuoigen.api import load, lint, plan, render
>>> spec = load("spec/qa.yaml")
>>> [diagnostic.message for diagnostic in lint(spec)]
[]
>>> render(plan(spec))["ecs/task-definition.json"].text
'{...'
"""

import os

from chuoigen import compiler
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity, Span
from chuoigen.inputs import load as loading
from chuoigen.inputs.load import Loaded
from chuoigen.messages import Texts
from chuoigen.plan import Plan
from chuoigen.tree import Artifact, Tree

__all__ = [
    "Artifact",
    "ChuoigenError",
    "Diagnostic",
    "Loaded",
    "Plan",
    "Severity",
    "Span",
    "Tree",
    "lint",
    "load",
    "plan",
    "render",
]


_say = Texts(__name__)


def load(file: str | os.PathLike[str]) -> Loaded:
    """Read a spec and all that it extends. Raises ChuoigenError when the file cannot be read."""
    return loading.load(file)


def lint(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """Return everything that stands against a loaded spec, sorted by place."""
    return compiler.judge(loaded).diagnostics


def plan(loaded: Loaded) -> Plan:
    """Return everything that is decided about a service. Raises ChuoigenError when the spec has errors."""
    judged = compiler.refuse_partial(compiler.judge(loaded))
    if judged.refused or judged.plan is None:
        count = sum(1 for diagnostic in judged.diagnostics if diagnostic.severity is Severity.ERROR)
        raise ChuoigenError(_say("errors", file=loaded.file, count=count))
    return judged.plan


def render(decided: Plan) -> Tree:
    """Return every generated file of a plan, by its path in the output folder."""
    return compiler.render(decided)
