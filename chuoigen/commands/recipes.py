"""`chuoigen recipes`: what can be written as recipe, where each comes from, and the files that it generates."""

import json
from collections.abc import Sequence
from typing import Any

from chuoigen import recipes
from chuoigen.recipes.protocol import Recipe
from chuoigen.report.outcome import Outcome

Known = Sequence[Recipe[Any, Any]]


def listed(layout: str = "text") -> Outcome:
    """Return the installed recipes as `text` or `json`; what keeps one from being used is a failure beside them."""
    usable, broken = recipes.installed()
    return Outcome(text=_json(usable) if layout == "json" else _text(usable), failures=broken)


def _summary(recipe: Recipe[Any, Any]) -> str:
    """Return the first sentence about what the recipe builds."""
    return " ".join((recipe.language.__doc__ or "").split("\n\n")[0].split())


def _text(known: Known) -> str:
    parts = []
    for recipe in known:
        package = recipes.package(recipe.name)
        parts.append(f"{recipe.name}{f' (of {package})' if package else ''}: {_summary(recipe)}\n")
        width = max((len(name) for name in recipe.files), default=0)
        parts += [f"  {name:<{width}}  {why}\n" for name, why in recipe.files.items()]
    return "".join(parts)


def _json(known: Known) -> str:
    entries = [
        {
            "name": recipe.name,
            "package": recipes.package(recipe.name),
            "summary": _summary(recipe),
            "files": dict(recipe.files),
            "rules": [rule.name for rule in recipe.rules()],
        }
        for recipe in known
    ]
    return json.dumps({"version": 1, "recipes": entries}, indent=2, ensure_ascii=False) + "\n"
