"""The whole way on one screen: a loaded spec into diagnostics, a plan and a tree of files. No disk."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chuoigen import recipes, rules
from chuoigen.diagnostics import Diagnostic, Severity, Span
from chuoigen.fix import Fix, Uncomment
from chuoigen.inputs.load import Loaded
from chuoigen.lint.rule import Finding, Ignore, Rule, Subject, ignores, located, suppress
from chuoigen.messages import Message, Texts
from chuoigen.plan import Plan, plan
from chuoigen.record import Record
from chuoigen.rules.language import IGNORE_WITHOUT_REASON, PARTIAL_SPEC, UNUSED_IGNORE
from chuoigen.spec import Spec
from chuoigen.yaml.document import KeyPath

if TYPE_CHECKING:
    from chuoigen.tree import Tree

_say = Texts(__name__)


class Judged(Record):
    """A spec judged: what is reported, the plan when it has a valid shape, and the comments that suppress nothing.

    `unused` holds the unused comments of the files that it extends: another spec may need them.
    """

    loaded: Loaded
    diagnostics: tuple[Diagnostic, ...]
    plan: Plan | None
    unused: tuple[Ignore, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether an error keeps this spec from being built."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)


def judge(loaded: Loaded) -> Judged:
    """Run all rules over a loaded spec. A spec without a valid shape has only what its shape says against it."""
    return judge_all((loaded,))[0]


def judge_all(parts: Sequence[Loaded]) -> tuple[Judged, ...]:
    """Judge all that stands in one file; a comment in it is unused where it suppresses nothing in any part."""
    judged, spare = [], []
    for loaded in parts:
        decided, failed = _planned(loaded)
        # What a spec must have no comment does away with; what a translation says, it says in the place of rules.
        shape, translated = ((), loaded.diagnostics) if loaded.form else (loaded.diagnostics, ())
        stay, unused = suppress((*translated, *_found(loaded, decided)), _written(loaded))
        spare.append(set(unused) if decided is not None and not loaded.unknown else set[Ignore]())
        judged.append(Judged(loaded, _sorted((*shape, *failed, *stay)), decided))
    unused_everywhere = {one for one in set.intersection(*spare) if not _of_several(one)}
    return tuple(_rendered(one) for one in (_with_comments(judged[0], unused_everywhere), *judged[1:]))


def _of_several(ignore: Ignore) -> bool:
    """Say whether a comment may suppress what only the specs of a run together show."""
    return any(rule.several for name in ignore.rules if (rule := rules.by_name(name)) is not None)


def _planned(loaded: Loaded) -> tuple[Plan | None, list[Diagnostic]]:
    """Return what is decided, or what a recipe of another package fails at."""
    if loaded.spec is None:
        return None, []
    try:
        return plan(loaded.spec, loaded.project), []
    except recipes.RecipeError as error:
        return None, _failing(loaded, error)


def _found(loaded: Loaded, decided: Plan | None) -> list[Diagnostic]:
    if loaded.spec is None or loaded.document is None or decided is None:
        return []
    found = [
        located(rule, finding, loaded.document)
        for rule, finding in _certain(loaded, loaded.spec, decided)
        if not _is_below(finding.path, loaded.invalid_paths)
        and _can_be_said(finding, loaded)
        and not (rule.generated if loaded.form else rule.foreign)
    ]
    return [one.replaced(severity=Severity.INFO) for one in found] if loaded.advice else found


def _written(loaded: Loaded) -> list[Ignore]:
    judged = loaded.spec is not None or loaded.form
    return [ignore for file in loaded.files for ignore in ignores(file)] if judged else []


def _with_comments(judged: Judged, unused: set[Ignore]) -> Judged:
    """Return a judgement with what is wrong with the comments of its files."""
    file, written = judged.loaded.file, _written(judged.loaded)
    own = tuple(unused_ignore(ignore) for ignore in written if ignore in unused and ignore.span.file == file)
    void = tuple(_without_reason(ignore) for ignore in written if not ignore.reason)
    elsewhere = tuple(ignore for ignore in written if ignore in unused and ignore.span.file != file)
    return judged.replaced(diagnostics=_sorted((*judged.diagnostics, *own, *void)), unused=elsewhere)


def _rendered(judged: Judged) -> Judged:
    """Return the judgement with what a recipe of another package fails at when its files are made.

    No rule of chuoigen's knows what such a recipe cannot write, and what passes a lint must pass a build.
    """
    decided = judged.plan
    if judged.refused or decided is None or not any(map(recipes.package, {one.recipe for one in decided.built})):
        return judged
    try:
        render(decided)
    except recipes.RecipeError as error:
        failed = _failing(judged.loaded, error)
        return judged.replaced(diagnostics=_sorted((*judged.diagnostics, *failed)), plan=None)
    return judged


def _failing(loaded: Loaded, error: recipes.RecipeError) -> list[Diagnostic]:
    if loaded.spec is None or loaded.document is None:
        return []
    return [located(rule, finding, loaded.document) for rule, finding in rules.failing(loaded.spec, error)]


def _certain(loaded: Loaded, spec: Spec, decided: Plan) -> list[tuple[Rule, Finding]]:
    """Return what rules find; where values are unknown, what they find whatever these are, and nothing about them."""
    found = list(rules.check(Subject(spec, decided, loaded.project, loaded.refused)))
    if not loaded.unknown:
        return found
    found = [(rule, finding) for rule, finding in found if not _touches(finding, loaded.unknown)]
    for other in loaded.others:
        subject = Subject(other, plan(other, loaded.project), loaded.project, loaded.refused)
        again = {(rule.name, finding) for rule, finding in rules.check(subject)}
        found = [(rule, finding) for rule, finding in found if (rule.name, finding) in again]
    return found


def _can_be_said(finding: Finding, loaded: Loaded) -> bool:
    """Say whether a finding is about what the format of the file has, and what was written in it."""
    paths = (finding.path, *(path for path, _ in finding.related))
    return _is_below(finding.path, loaded.says) and not any(_is_below(path, loaded.unwritten) for path in paths)


def _touches(finding: Finding, unknown: Sequence[KeyPath]) -> bool:
    return any(_is_below(path, unknown) for path in (finding.path, *(path for path, _ in finding.related)))


def _is_below(path: KeyPath, above: Sequence[KeyPath]) -> bool:
    return any(path[: len(one)] == one for one in above)


def refuse_partial(judged: Judged) -> Judged:
    """Return the judgement of a build: a partial spec is only there to be extended."""
    if not judged.loaded.partial or judged.loaded.document is None:
        return judged
    span = judged.loaded.document.place(("partial",)).value
    refusal = _about(PARTIAL_SPEC, span, _say("partial-spec", file=judged.loaded.file))
    return Judged(judged.loaded, _sorted((*judged.diagnostics, refusal)), None)


def render(decided: Plan) -> "Tree":
    """Return every file that is generated from a plan."""
    from chuoigen import (
        artifacts,
    )  # here, because linting has no use for templates and jinja2 is slow to import

    return artifacts.render(decided)


def unused_ignore(ignore: Ignore) -> Diagnostic:
    """Return the diagnostic for a comment that suppresses nothing."""
    variant = "named" if ignore.rules else "unnamed"
    span = ignore.span
    fix = Fix((Uncomment(span.line, span.column),), file=span.file)
    return _about(UNUSED_IGNORE, span, _say(f"unused-ignore.{variant}", rules=ignore.rules), fix)


def _without_reason(ignore: Ignore) -> Diagnostic:
    words = _say("ignore-without-reason", rules=", ".join(ignore.rules) or "rule")
    return _about(IGNORE_WITHOUT_REASON, ignore.span, words)


def _about(rule: Rule, span: Span, words: Message, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(rule.name, rule.code, rule.severity, span, words, fix=fix)


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by place; what stands there twice, because two ways led to it, is said once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.sort_key))
