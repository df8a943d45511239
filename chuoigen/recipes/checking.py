"""Whether what another package offers is a recipe, so that a broken one is a message and not a traceback."""

import inspect
import re
from collections.abc import Iterator
from typing import get_args

from chuoigen.lint.rule import Rule
from chuoigen.messages import Message, Texts
from chuoigen.recipes.protocol import Recipe
from chuoigen.spec.build import ImageBuild

_say = Texts(__name__)
_CODE = re.compile(r"(?!CG)[A-Z]{2,10}[0-9]{3}")
_QUESTIONS = {name for name in (*inspect.get_annotations(Recipe), *vars(Recipe)) if not name.startswith("_")}


def faults(name: str, recipe: object) -> tuple[Message, ...]:
    """Say what keeps an object from being the recipe that an entry point calls `name`; nothing when it is one."""
    missing = sorted(question for question in _QUESTIONS if not hasattr(recipe, question))
    if missing:
        return (_say("unanswered", questions=tuple(missing)),)
    return tuple(_faults(name, recipe))


def _faults(name: str, recipe: object) -> Iterator[Message]:
    own, language = getattr(recipe, "name", None), getattr(recipe, "language", None)
    if own != name:
        yield _say("other-name", name=str(own))
    if not (inspect.isclass(language) and issubclass(language, ImageBuild)):
        yield _say("no-model")
    elif get_args(language.model_fields["recipe"].annotation if "recipe" in language.model_fields else None) != (name,):
        yield _say("no-literal", recipe=name)
    rules = recipe.rules() if isinstance(recipe, Recipe) else ()
    for rule in rules:
        if not isinstance(rule, Rule) or not _CODE.fullmatch(rule.code):
            yield _say("rule-code", rule=str(getattr(rule, "name", rule)))
        elif not rule.name.startswith(f"{name}-"):
            yield _say("rule-name", rule=rule.name, recipe=name)
