"""What is wrong with the arguments of a command line, as messages: their parser has it in English only."""

import enum
import itertools
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from chuoigen.messages import InLanguages, Message, Texts

_say = Texts(__name__)


def usage_words(error: Any, arguments: Sequence[str]) -> Message:
    """Return what is said about an error of typer's parser, known by the name of its class and by its attributes."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    command = context.command_path if context else "chuoigen"
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return _say("unknown-option", option=error.option_name, command=command)
    if kind == "BadOptionUsage":
        given = any(one.startswith(f"{error.option_name}=") for one in arguments)
        return _say("with-value" if given else "without-value", option=error.option_name, command=command)
    if kind == "MissingParameter":
        return _say("missing", parameter=_name(parameter), command=command)
    if parameter is not None:
        return _bad_value(error, arguments, command)
    commands = tuple(getattr(context.command, "commands", ())) if context else ()
    if not commands:
        return _say("superfluous", found=_superfluous(context, arguments), command=command)
    named = [one for one in arguments if not one.startswith("-")]
    variant = "unknown-command" if named else "missing-command"
    return _say(variant, name="".join(named[:1]), commands=commands)


def _superfluous(context: Any, arguments: Sequence[str]) -> str:
    """Return the first argument that no parameter of the command took; the last of all where that cannot be told."""
    left = [one for one in arguments if not one.startswith("-") and one not in context.command_path.split()]
    for value in context.params.values():
        for taken in value if isinstance(value, (list, tuple)) else (value,):
            text = str(taken.value if isinstance(taken, enum.Enum) else taken)
            if text in left:
                left.remove(text)
    return next(iter(left), arguments[-1])


def _bad_value(error: Any, arguments: Sequence[str], command: str) -> Message:
    """Return what is said about a value: what is allowed, where our own types of the option say that."""
    allowed = tuple(_types(typing.get_type_hints(error.ctx.command.callback).get(error.param.name)))
    choices = tuple(str(one.value) for kind in allowed if issubclass(kind, enum.Enum) for one in kind)
    name = _name(error.param)
    if choices:
        return _say("choice", value=given(arguments, name), parameter=name, choices=choices, command=command)
    if int in allowed:
        return _say("number", value=given(arguments, name), parameter=name, command=command)
    return _say("value", parameter=name, reason=InLanguages((("en", f": {error.message}"),)), command=command)


def _types(hint: Any) -> Iterator[type]:
    """Give the classes of which a type is put together."""
    if isinstance(hint, type):
        yield hint
    for part in typing.get_args(hint):
        yield from _types(part)


def given(arguments: Sequence[str], option: str) -> str:
    """Return the last value of an option among arguments that could not be parsed; "" without one."""
    values = [value for before, value in itertools.pairwise(arguments) if before == option]
    values += [one.partition("=")[2] for one in arguments if one.startswith(f"{option}=")]
    return values[-1] if values else ""


def _name(parameter: Any) -> str:
    options = [name for name in parameter.opts if name.startswith("--")]
    return str(options[0] if options else parameter.metavar or parameter.name)
