"""Where `chuoigen` and `python -m chuoigen` start, as quickly as they can: a hook calls them at each commit.

What is done here for the sake of time was measured on 2026-11-23 with Python 3.11 and pydantic 2.14, against 115 ms for
importing typer, PyYAML and pydantic's BaseModel.
"""

import gc
import importlib
import os
import signal
import sys
import types
from collections.abc import Sequence

_GARBAGE_THRESHOLD = 100_000


def main() -> None:
    """Run the command line and leave with its status."""
    gc.set_threshold(_GARBAGE_THRESHOLD)  # importing makes many objects and no garbage: looking for it takes 17 ms
    _do_without_plugins()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    status = run(sys.argv[1:])
    from chuoigen import console

    console.leave(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status.

    `chuoigen lint FILE…`, what a commit hook calls all day, has nothing to parse and starts without the parser, which
    would take a third of its time.
    """
    if arguments[:1] == ["lint"] and not any(word.startswith("-") for word in arguments) and not _completing():
        from chuoigen import console

        _listen()
        return console.guarded(lambda: console.lint(arguments[1:]))
    from chuoigen import cli

    _listen()
    return cli.run(arguments)


def _leave(*_: object) -> None:
    """Take Ctrl-C while modules are imported. PyYAML would make an error of its own of a KeyboardInterrupt."""
    os._exit(130)


def _listen() -> None:
    """Leave Ctrl-C to the command line from here on."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _completing() -> bool:
    """Say whether a shell asks for completions: then the parser answers, whatever the words are."""
    return "_CHUOIGEN_COMPLETE" in os.environ


def _do_without_plugins() -> None:
    """Keep pydantic from looking for plugins, which have no business in the models of the language.

    The variable is pydantic's own way to say so; but the module that reads it imports 40 others first, 17 ms. In its
    place stands one that has no plugins, and that steps aside if pydantic wants anything else of it.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    stand_in = types.ModuleType("pydantic.plugin._loader")

    def anything_else(name: str) -> object:
        if sys.modules.get(stand_in.__name__) is stand_in:
            del sys.modules[stand_in.__name__]
        return getattr(importlib.import_module("pydantic.plugin._loader"), name)

    stand_in.__dict__.update(get_plugins=tuple, __getattr__=anything_else)
    sys.modules[stand_in.__name__] = stand_in


if __name__ == "__main__":
    main()
