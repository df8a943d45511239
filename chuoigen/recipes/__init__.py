"""Recipes: how images come to be, one folder for each. Which there are, and where each is found when it is asked for.

Nothing below this package is imported here: a spec pays for the recipes that it names, and only a name that is not
built in makes Python look through what else is installed.
"""

from __future__ import annotations

import difflib
import functools
import importlib
from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Argument, Message, Texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

    from chuoigen.recipes.protocol import Recipe

BUILT_IN = ("phoenix", "rails", "node", "python", "nginx", "fluentd", "fluentbit")
"""The recipes that come with chuoigen: names of folders below this one."""
DOCKERFILE = "dockerfile"
IMAGE = "image"
"""What stands for the user's own Dockerfile and for an image that is not built here: no spec names them."""
GROUP = "chuoigen.recipes"
"""The group of entry points by which an installed package offers recipes; the entry's name is the recipe's."""


_say = Texts(__name__)
_LOADED: dict[str, Recipe[Any, Any]] = {}


class RecipeError(ChuoigenError):
    """A recipe is not known, or the package that offers it cannot be used, or fails when it is asked."""

    @property
    def recipe(self) -> str:
        """The recipe, as specs call it."""
        return str(self.words.named["recipe"])


def find(name: str) -> Recipe[Any, Any]:
    """Return the recipe that a spec calls `name`. Raises RecipeError when there is none, or when it is broken."""
    recipe = _own(name) if name in BUILT_IN else _from_elsewhere(name)
    _LOADED[name] = recipe
    return recipe


def of(build: object) -> Recipe[Any, Any]:
    """Return the recipe behind what a spec says as `build`, None included."""
    return named(IMAGE if build is None else getattr(build, "recipe", DOCKERFILE))


def named(name: str) -> Recipe[Any, Any]:
    """Return the recipe that a plan calls `name`, the two that no spec names included."""
    return _own(name) if name in (DOCKERFILE, IMAGE) else find(name)


def loaded() -> tuple[Recipe[Any, Any], ...]:
    """Return the recipes that this run has asked for: others have found nothing."""
    return tuple(_LOADED.values())


def built_in() -> tuple[Recipe[Any, Any], ...]:
    """Return the recipes that come with chuoigen."""
    return tuple(find(name) for name in BUILT_IN)


def installed() -> tuple[tuple[Recipe[Any, Any], ...], tuple[RecipeError, ...]]:
    """Return all recipes that can be used, the built-in ones first, and what keeps the others from it."""
    usable, broken = list(built_in()), []
    for name in sorted(_offers()):
        try:
            usable.append(_from_elsewhere(name))
        except RecipeError as error:
            broken.append(error)
    return tuple(usable), tuple(broken)


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return, by name, the packages and versions of those recipes that do not come with chuoigen; "" for a lost one."""
    elsewhere = sorted(set(names) - {*BUILT_IN, DOCKERFILE, IMAGE})
    packages = ((name, [entry.dist for entry in _offers().get(name, ()) if entry.dist]) for name in elsewhere)
    return {name: " ".join(f"{one.name} {one.version}" for one in found) for name, found in packages}


def package(name: str) -> str | None:
    """Return the package that brings a recipe, None for one that comes with chuoigen."""
    offer = None if name in BUILT_IN else next(iter(_offers().get(name, ())), None)
    return offer.dist.name if offer is not None and offer.dist is not None else None


@functools.cache
def _own(name: str) -> Recipe[Any, Any]:
    recipe: Recipe[Any, Any] = importlib.import_module(f"{__name__}.{name}").RECIPE
    return recipe


@functools.cache
def _offers() -> Mapping[str, tuple[EntryPoint, ...]]:
    """Return what installed packages offer, by name."""
    from importlib.metadata import entry_points  # 20 ms, for which only recipes from elsewhere are worth it

    found: dict[str, tuple[EntryPoint, ...]] = {}
    for entry in entry_points(group=GROUP):
        found[entry.name] = (*found.get(entry.name, ()), entry)
    return found


@functools.cache
def _from_elsewhere(name: str) -> Recipe[Any, Any]:
    offers = _offers().get(name, ())
    if not offers:
        raise RecipeError(_unknown(name))
    packages = tuple(sorted(entry.dist.name if entry.dist else entry.value for entry in offers))
    if len(offers) > 1:
        raise RecipeError(_say("invalid-value.offered-twice", recipe=name, packages=packages))
    if name in (*BUILT_IN, DOCKERFILE, IMAGE):
        raise RecipeError(_say("invalid-value.own-name", recipe=name, packages=packages))
    try:
        offered = offers[0].load()
        from chuoigen.recipes.checking import Stranger, faults  # the protocol, to which only strangers are held

        wrong = faults(name, offered)
        recipe: Recipe[Any, Any] = Stranger(name, offered)
    except (Exception, SystemExit) as error:
        raise _broken("unloadable", name, reason=_reason(error)) from error
    if wrong:
        raise _broken("faulty", name, faults=wrong)
    return recipe


def failure(name: str, question: str, error: BaseException) -> RecipeError:
    """Return what to say when the code of another package raises, asked a question of the protocol."""
    return _broken("failed", name, question=question, reason=_reason(error))


def unfit(name: str, question: str, wanted: str) -> RecipeError:
    """Return what to say of an answer that is not what the protocol promises: `wanted`, in the words of Python."""
    return _broken("unfit", name, question=question, wanted=wanted)


def _broken(variant: str, name: str, **arguments: Argument) -> RecipeError:
    packages = tuple(sorted(entry.dist.name if entry.dist else entry.value for entry in _offers().get(name, ())))
    return RecipeError(_say(f"invalid-value.broken.{variant}", recipe=name, packages=packages, **arguments))


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _unknown(name: str) -> Message:
    usable = tuple(sorted({*BUILT_IN, *_offers()}))
    close = difflib.get_close_matches(name, usable, n=1)
    variant = "close" if close else "far"
    return _say(f"invalid-value.unknown.{variant}", recipe=name, close=close[0] if close else "", recipes=usable)
