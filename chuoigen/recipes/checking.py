"""Whether what another package offers is a recipe, so that a broken one is a message and not a traceback."""

import inspect
import re
from collections.abc import Iterator
from typing import get_args

from chuoigen.lint.rule import Rule
from chuoigen.recipes.protocol import Recipe
from chuoigen.spec.build import ImageBuild

_CODE = re.compile(r"(?!CG)[A-Z]{2,10}[0-9]{3}")
_QUESTIONS = {name for name in (*inspect.get_annotations(Recipe), *vars(Recipe)) if not name.startswith("_")}


def faults(name: str, recipe: object) -> tuple[str, ...]:
    """Say what keeps an object from being the recipe that an entry point calls `name`; nothing when it is one."""
    missing = sorted(question for question in _QUESTIONS if not hasattr(recipe, question))
    if missing:
        return (f"it does not answer {', '.join(missing)}",)
    return tuple(_faults(name, recipe))


def _faults(name: str, recipe: object) -> Iterator[str]:
    own, language = getattr(recipe, "name", None), getattr(recipe, "language", None)
    if own != name:
        yield f"it calls itself {own!r}"
    if not (inspect.isclass(language) and issubclass(language, ImageBuild)):
        yield "its language is not a model derived from ImageBuild"
    elif get_args(language.model_fields["recipe"].annotation if "recipe" in language.model_fields else None) != (name,):
        yield f'its language lacks recipe: Literal["{name}"]'
    rules = recipe.rules() if isinstance(recipe, Recipe) else ()
    for rule in rules:
        if not isinstance(rule, Rule) or not _CODE.fullmatch(rule.code):
            yield f"the code of its rule {getattr(rule, 'name', rule)!r} is not letters other than CG and three digits"
        elif not rule.name.startswith(f"{name}-"):
            yield f"its rule {rule.name!r} is not called {name}-…"
