"""A recipe of another package as the rest of chuoigen asks it: what goes wrong in it is said of it alone.

Each answer is made here and now, generators included, and is held against what the protocol promises. So a recipe that
raises, or that answers with something else, is a RecipeError that names it, and never a traceback from a module that
trusted it.
"""

import functools
import inspect
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chuoigen.aws.names import Kind
from chuoigen.diagnostics import Span
from chuoigen.fix import Fix
from chuoigen.lint.rule import Finding, Rule
from chuoigen.messages import Message, Texts
from chuoigen.plan.recipes import BuildPlan
from chuoigen.recipes import answers, failure, unfit
from chuoigen.recipes.bases import Base
from chuoigen.recipes.fitting import fits
from chuoigen.recipes.inside import Inside
from chuoigen.recipes.protocol import Made, Recipe, Written
from chuoigen.spec.build import ImageBuild
from chuoigen.spec.schema import unusable
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)
_CODE = re.compile(r"(?!CG)[A-Z]{2,10}[0-9]{3}")
_TYPES: dict[str, Any] = {
    **vars(answers),
    **{one.__name__: one for one in (Base, BuildPlan, Fix, ImageBuild, Inside, Kind, Message, Rule, Span)},
    "Iterable": Iterable,
    "Mapping": Mapping,
    "KeyPath": KeyPath,
    "Made": Made,
    "Written": Written,
}
"""What the annotations of answers name; most are imported for the type checker only where they stand."""
_MISSING_FILES: dict[str, type[Exception]] = {"starter": FileNotFoundError}
"""What a question may raise by the protocol."""


def _promised(question: str) -> tuple[str, Any]:
    """Return what the protocol says about the answer to a question: the words of the annotation, and the type."""
    asked = vars(Recipe).get(question)
    written = asked.__annotations__["return"] if callable(asked) else inspect.get_annotations(Recipe)[question]
    return written, eval(written, _TYPES)  # noqa: S307  an annotation of our own protocol


_QUESTIONS = tuple(name for name, value in vars(Recipe).items() if inspect.isfunction(value) and name[0] != "_")
"""What is asked with arguments."""
_ATTRIBUTES = tuple(inspect.get_annotations(Recipe))
"""What is asked without."""


class Stranger:
    """A recipe of another package; it answers what the one behind it answers. Raises RecipeError for each failure."""

    def __init__(self, name: str, recipe: object) -> None:
        """Take the recipe that an entry point calls `name`."""
        self._name = name
        self._recipe = recipe

    def __getattr__(self, question: str) -> Any:
        """Return an answer, or the method that gives it."""
        asked = getattr(self._recipe, question)
        answer = functools.partial(self._asked, question, asked) if question in _QUESTIONS else asked
        setattr(self, question, answer)
        return answer

    def _asked(self, question: str, ask: Callable[..., Any], *values: Any, **named: Any) -> Any:
        wanted, promised = _promised(question)
        answer = self._made(question, ask, promised, values, named)
        if not self._holds(question, answer, promised):
            raise unfit(self._name, question, wanted)
        if question == "render" and not answer.keys() <= self.files.keys():
            raise unfit(self._name, question, "files")
        return tuple(map(self._guarded, answer)) if question == "rules" else answer

    def _made(self, question: str, ask: Callable[..., Any], promised: Any, values: Any, named: Any) -> Any:
        """Return an answer, a generator's as a tuple."""
        try:
            answer = ask(*values, **named)
            return tuple(answer) if typing.get_origin(promised) is Iterable else answer
        except _MISSING_FILES.get(question, ()):
            raise
        except (Exception, SystemExit) as error:
            raise failure(self._name, question, error) from error

    def _holds(self, question: str, answer: Any, promised: Any) -> bool:
        try:
            return fits(answer, promised, _TYPES)
        except Exception as error:  # a text that no catalogue has
            raise failure(self._name, question, error) from error

    def _guarded(self, rule: Rule) -> Rule:
        """Return a rule whose findings are made, and can be said, when it is asked for them."""
        check = rule.check
        if check is None:
            return rule

        @functools.wraps(check)  # a rule's texts and page are found by the module of its check
        def asked(subject: Any) -> Any:
            found = self._made(rule.name, check, Iterable[Finding], (subject,), {})
            if not self._holds(rule.name, found, tuple[Finding, ...]):
                raise unfit(self._name, rule.name, "Iterator[Finding]")
            return iter(found)

        return rule.replaced(check=asked)


def faults(name: str, recipe: object) -> tuple[Message, ...]:
    """Say what keeps an object from being the recipe that an entry point calls `name`; nothing when it is one."""
    missing = sorted(question for question in (*_ATTRIBUTES, *_QUESTIONS) if not hasattr(recipe, question))
    if missing:
        return (_say("unanswered", questions=tuple(missing)),)
    return tuple(_faults(name, recipe))


def _faults(name: str, recipe: Any) -> Iterator[Message]:
    own, language = getattr(recipe, "name", None), getattr(recipe, "language", None)
    if own != name:
        yield _say("other-name", name=str(own))
    if not (inspect.isclass(language) and issubclass(language, ImageBuild)):
        yield _say("no-model")
    elif _literal(language) != (name,):
        yield _say("no-literal", recipe=name)
    elif reason := unusable(language):
        yield _say("no-schema", reason=reason)
    for attribute in _misfits(recipe):
        yield _say("misfit", attribute=attribute)
    for rule in recipe.rules():
        yield from _wrong_rule(name, rule)


def _wrong_rule(name: str, rule: object) -> Iterator[Message]:
    if not isinstance(rule, Rule) or not _CODE.fullmatch(rule.code):
        yield _say("rule-code", rule=str(getattr(rule, "name", rule)))
    elif not rule.name.startswith(f"{name}-"):
        yield _say("rule-name", rule=rule.name, recipe=name)
    elif not rule.summary:
        yield _say("rule-summary", rule=rule.name)


def _misfits(recipe: object) -> tuple[str, ...]:
    """Return the attributes of a recipe that are not what the protocol says."""
    return tuple(name for name in _ATTRIBUTES if not fits(getattr(recipe, name), _promised(name)[1], _TYPES))


def _literal(language: type[ImageBuild]) -> tuple[Any, ...]:
    field = language.model_fields.get("recipe")
    return typing.get_args(field.annotation) if field else ()
