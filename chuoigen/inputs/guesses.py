"""Data with unknown values into data without, several times: what all of them have in common is certain.

A value that nobody knows must not be reported, and neither must anything that would be otherwise with another value.
So the rules judge several guesses, and only what they say of every one of them counts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chuoigen.inputs.violations import choices, written_path
from chuoigen.spec import Spec
from chuoigen.yaml.document import KeyPath
from chuoigen.yaml.unknown import Unknown

_NUMBERS = (1, 80, 256, 443, 512, 1024, 4096, 65_535)
_WORDS = (
    *("guess", "internet", "alb", "linux/amd64", "linux/arm64", "1.4.0", "/guess", "guess.example.com", "sh"),
    "sg-0123456789abcdef0",
    *("awslogs", "awsfirelens", "splunk"),
)
_NAMES_MOST = 12
"""How many of the spec's own names are tried."""
_KINDS = 7
_DECIDED: dict[KeyPath, tuple[str, ...]] = {("build", "recipe"): ("build", "publish")}
"""Keys that say what a container may hold: where such a one is unknown, these keys of the container are."""


def holes(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Unknown]]:
    """Yield all values that are unknown, with their paths."""
    if isinstance(data, Unknown):
        yield path, data
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        yield from holes(child, (*path, key))


def unknown_paths(data: Any) -> Iterator[KeyPath]:
    """Yield the paths of all that is unknown: of an unknown value, and what only it decides."""
    for path, _ in holes(data):
        decided = _DECIDED.get(path[-2:], ())
        yield from ((*path[:-2], key) for key in decided) if decided else (path,)


def guesses(data: dict[str, Any], unknown: tuple[KeyPath, ...]) -> Iterator[dict[str, Any]]:
    """Yield data with a guess in each unknown place, of the kind that the language takes there.

    Where no guess fits, the value is left out. What is wrong elsewhere is wrong in each of them.
    """
    numbers = (*dict.fromkeys(_ports(data)), *_NUMBERS)
    for index, word in enumerate(_words(data)):
        yield _guess(data, unknown, word, numbers[index % len(numbers)], index)


def _ports(data: Any, *, named: bool = False) -> Iterator[int]:
    """Yield the ports that the spec names, which an unknown one may be."""
    if isinstance(data, int) and named:
        yield data
    for key, child in data.items() if isinstance(data, dict) else ():
        yield from _ports(child, named=key in ("port", "ports"))
    for child in data if isinstance(data, list) else ():
        yield from _ports(child, named=named)


def _words(data: dict[str, Any]) -> list[str]:
    """Return texts that may be meant: the names that the spec itself gives, and a few that the language knows."""
    balancer = data.get("load_balancer")
    sections = [data.get(section) for section in ("containers", "volumes", "backends")]
    sections.append(balancer.get("targets") if isinstance(balancer, dict) else None)
    named = [str(name) for section in sections if isinstance(section, dict) for name in section]
    return [_WORDS[0], *named[:_NAMES_MOST], *_WORDS[1:]]


def _guess(data: dict[str, Any], unknown: tuple[KeyPath, ...], word: str, number: int, index: int) -> dict[str, Any]:
    kind = dict.fromkeys(unknown, 0)
    listed: dict[KeyPath, Any] = {}
    while True:
        values: dict[KeyPath, Any] = {
            path: listed.get(path, _value(kind[path], word, number, index)) for path in unknown if kind[path] < _KINDS
        }
        guess: dict[str, Any] = _filled(data, (), values, unknown)
        wrong = {path: detail for detail in _errors(guess) for path in _concerned(guess, detail, tuple(values))}
        if not wrong:
            return guess
        for path, detail in wrong.items():
            taken = choices(guess, detail["loc"]) if detail["type"] == "literal_error" else ()
            if taken and path not in listed:
                listed[path] = taken[index % len(taken)]
            else:
                listed.pop(path, None)
                kind[path] += 1


def _value(kind: int, word: str, number: int, index: int) -> Any:
    """Return a guess of a kind: each kind of value that the language has, the commonest first."""
    values: tuple[Any, ...]
    values = (word, number, index % 2 == 0, {}, [], f"GUESS={word}", str(index))
    return values[kind]


def _errors(data: dict[str, Any]) -> list[ErrorDetails]:
    try:
        Spec.model_validate(data)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _concerned(data: dict[str, Any], detail: ErrorDetails, unknown: tuple[KeyPath, ...]) -> Iterator[KeyPath]:
    """Yield the unknown values that an error is about: at it, in it, or, where a whole form is wrong, above it."""
    path = written_path(data, detail["loc"])
    for one in unknown:
        above = detail["type"] == "chuoigen" and one[: len(path)] == path
        if path[: len(one)] == one or above:
            yield one


def _filled(value: Any, path: KeyPath, values: Mapping[KeyPath, Any], unknown: tuple[KeyPath, ...]) -> Any:
    """Return a copy with values in place of what is unknown; what has none is left out."""
    if path in values:
        return values[path]
    if isinstance(value, dict):
        kept = [key for key in value if (*path, key) in values or (*path, key) not in unknown]
        return {key: _filled(value[key], (*path, key), values, unknown) for key in kept}
    if isinstance(value, list):
        kept_items = [index for index in range(len(value)) if (*path, index) in values or (*path, index) not in unknown]
        return [_filled(value[index], (*path, index), values, unknown) for index in kept_items]
    return value
