"""What is wrong with the arguments of a command line, as messages: their parser has it in English only."""

import itertools
from collections.abc import Sequence
from typing import Any

from chuoigen.messages import InLanguages, Message, Texts

_say = Texts(__name__)


def usage_words(error: Any) -> Message:
    """Return what is said about an error of typer's parser, known by the name of its class and by its attributes."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    kind = type(error).__name__
    command = context.command_path if context else "chuoigen"
    if kind == "NoSuchOption":
        return _say("unknown-option", option=error.option_name, command=command)
    if kind == "BadOptionUsage":
        return _say("without-value", option=error.option_name, command=command)
    reason = InLanguages((("en", f": {error.message}"),))
    if parameter is None:
        return _say("unusable", reason=reason, command=command)
    name = _name(parameter)
    if kind == "MissingParameter":
        return _say("missing", parameter=name, command=command)
    return _say("value", parameter=name, reason=reason, command=command)


def asked_by(arguments: Sequence[str]) -> str:
    """Return the value of the last `--lang` among arguments that could not be parsed; "" without one."""
    asked = [value for option, value in itertools.pairwise(arguments) if option == "--lang"]
    asked += [one.partition("=")[2] for one in arguments if one.startswith("--lang=")]
    return asked[-1] if asked else ""


def _name(parameter: Any) -> str:
    options = [name for name in parameter.opts if name.startswith("--")]
    return str(options[0] if options else parameter.metavar or parameter.name)
