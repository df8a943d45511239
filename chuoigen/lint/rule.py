"""What a rule is, what it finds, and which findings a comment suppresses."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from chuoigen import recipes
from chuoigen.diagnostics import Diagnostic, Related, Severity, Span
from chuoigen.fix import Fix, Insert, Remove, Uncomment
from chuoigen.inputs.project import Project
from chuoigen.messages import ENGLISH, Message
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.plan.model import Plan
from chuoigen.plan.recipes import BuildPlan
from chuoigen.recipes.protocol import Recipe
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.spec.build import ImageBuild
from chuoigen.spec.container import Container
from chuoigen.yaml.document import Document, KeyPath

Written = TypeVar("Written", bound=ImageBuild)
Made = TypeVar("Made", bound=BuildPlan)

_IGNORE = r"chuoigen:\s*ignore\b\s*(?:\[([^\]]*)\])?\s*(.*)"


class Subject(Record):
    """What rules look at: the spec as written, the plan made from it, and the files around it.

    `refused` holds, by path, the keys that are understood but that Fargate does not take; they are not in the spec.
    """

    spec: Spec
    plan: Plan
    project: Project
    refused: Mapping[KeyPath, Any] = MappingProxyType({})


class Finding(Record):
    """One fault at one path. Lines are found later: a rule never sees one.

    `on_key` points to the key rather than its value; `related` are other places of the spec, `elsewhere` places in
    other files. `fixes` are ways to put it right, for the different forms in which the values may be written: the first
    whose paths all stand in one file is taken.
    """

    path: KeyPath
    message: Message
    on_key: bool = False
    related: tuple[tuple[KeyPath, Message], ...] = ()
    elsewhere: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()


class Answering(Record):
    """A container as rules ask its recipe about it: what was written as build, what was made of it, whom to ask.

    `path` is that of its build. The recipe of an image that is not built here has the protocol's own answers.
    """

    name: str
    container: Container
    build: Any
    plan: ContainerPlan
    made: Any
    recipe: Recipe[Any, Any]

    @property
    def path(self) -> KeyPath:
        """The path of build."""
        return ("containers", self.name, "build")


def answering(subject: Subject, *, built: bool = True) -> Iterator[Answering]:
    """Yield the containers whose images are built here, or with `built` false all of them."""
    for name, plan in subject.plan.containers.items():
        container = subject.spec.containers[name]
        if plan.build is not None or not built:
            yield Answering(name, container, container.build, plan, plan.build, recipes.named(plan.recipe))


def of_recipe(
    subject: Subject, written: type[Written], made: type[Made]
) -> Iterator[tuple[str, KeyPath, Written, Made]]:
    """Yield the containers that a recipe builds, for its own rules: name, path of build, what is written and made."""
    for each in answering(subject):
        if isinstance(each.build, written) and isinstance(each.made, made):
            yield each.name, each.path, each.build, each.made


class Rule(Record):
    """A rule. `check` is None where the loader itself reports it.

    `module` is the one with its texts: that of `check`, unless another is named. The entry of the rule's name in its
    catalogues has a summary, one sentence for the table of rules. `secret`: its findings point at a secret, so that no
    report shows the line. `fallback`: it has nothing to say about a place where another rule reports an error.
    `generated`: it is about what chuoigen makes of a spec, and has nothing to say about a file of another format;
    `foreign`: it is about what chuoigen decides by itself, and has nothing to say about a spec. `several`: it is about
    the specs of a run together, so that one of them alone cannot tell whether a comment suppresses it.
    """

    code: str
    name: str
    severity: Severity
    check: Callable[[Subject], Iterator[Finding]] | None = None
    module: str = ""
    secret: bool = False
    fallback: bool = False
    generated: bool = False
    foreign: bool = False
    several: bool = False

    @property
    def title(self) -> Message:
        """What the rule reports, in one sentence: the part `summary` of this message."""
        return Message(self.module or self.check.__module__ if self.check else self.module, self.name)

    @property
    def summary(self) -> str:
        """What the rule reports, in one sentence, in English."""
        return ENGLISH.text(self.title, "summary")


class Ignore(Record):
    """A comment that suppresses rules on the line at which it points."""

    rules: tuple[str, ...]
    reason: str
    span: Span
    line: int


def located(rule: Rule, finding: Finding, document: Document) -> Diagnostic:
    """Turn a finding into a diagnostic: its paths into spans, a defaulted value into its nearest written ancestor."""
    related = tuple(Related(document.pointer(path, on_key=True), words) for path, words in finding.related)
    return Diagnostic(
        rule=rule.name,
        code=rule.code,
        severity=rule.severity,
        span=document.pointer(finding.path, on_key=finding.on_key),
        words=finding.message,
        related=related + finding.elsewhere,
        fix=next(filter(None, (_placed(fix, document) for fix in finding.fixes)), None),
        path=finding.path,
        form=document.form,
    )


def _placed(fix: Fix, document: Document) -> Fix | None:
    """Return a fix with its file; None where a path is not written, or two files would have to change together."""
    if document.form:
        return _in_origin(fix, document)
    paths = [
        edit.path[:-1] if isinstance(edit, Insert) else edit.path
        for edit in fix.edits
        if not isinstance(edit, Uncomment)
    ]
    if not all(path in document.places for path in paths):
        return None
    files = {document.places[path].value.file for path in paths}
    return fix.replaced(file=files.pop()) if len(files) == 1 else None


def _in_origin(fix: Fix, document: Document) -> Fix | None:
    """Return a fix with the paths of a file of another format: what is only taken away is right in any of them."""
    known = document.origins or {}
    origins = [known.get(edit.path) if isinstance(edit, Remove) else None for edit in fix.edits]
    edits = tuple(Remove(origin) for origin in origins if origin is not None)
    files = {document.place(edit.path).value.file for edit in fix.edits if isinstance(edit, Remove)}
    return fix.replaced(edits=edits, file=files.pop()) if len(edits) == len(fix.edits) and len(files) == 1 else None


def ignores(document: Document) -> tuple[Ignore, ...]:
    """Return the ignore comments of one file. A comment on a line of its own speaks of the next line."""
    found = []
    targets: dict[int, int] = {}
    for comment in reversed(document.comments):
        # Where several stand below each other, all speak of the line behind the last.
        line = targets.get(comment.line + 1, comment.line + 1) if comment.own_line else comment.line
        if comment.own_line:
            targets[comment.line] = line
        match = re.match(_IGNORE, comment.text)
        if match:
            names = tuple(name.strip() for name in (match[1] or "").split(",") if name.strip())
            span = Span(document.file, comment.line, comment.column, comment.line, comment.end_column)
            found.append(Ignore(names, match[2].strip(), span, line))
    return tuple(reversed(found))


def suppress(
    diagnostics: Sequence[Diagnostic], written: Sequence[Ignore]
) -> tuple[tuple[Diagnostic, ...], tuple[Ignore, ...]]:
    """Return the diagnostics that stay and the comments that suppressed nothing. A comment without a reason is void."""
    valid = [ignore for ignore in written if ignore.reason]
    suppressed = {place for ignore in valid for place in _places(ignore)}
    used: set[tuple[str, int, str]] = set()
    stay = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        by = {(span.file, span.line, name) for name in (diagnostic.rule, diagnostic.code)} & suppressed
        used |= by
        if not by:
            stay.append(diagnostic)
    return tuple(stay), tuple(ignore for ignore in valid if used.isdisjoint(_places(ignore)))


def _places(ignore: Ignore) -> list[tuple[str, int, str]]:
    return [(ignore.span.file, ignore.line, name) for name in ignore.rules]
