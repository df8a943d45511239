"""The command line's own declarations into its reference: every command with its arguments and options."""

from __future__ import annotations

import enum
import inspect
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.models import ArgumentInfo, OptionInfo

from chuoigen.cli import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROSE = Path(__file__).with_name("cli.md")


def reference() -> str:
    """Return docs/cli.md."""
    parts = [general(app.registered_callback.callback)] if app.registered_callback else []
    parts += [command(info.name, info.callback) for info in app.registered_commands if not info.hidden]
    return PROSE.read_text(encoding="utf-8").replace("<!-- commands -->\n", "\n".join(parts) + "\n")


def general(callback: Callable[..., Any] | None) -> str:
    """Return the section of the options that stand before the command."""
    rows = list(options(callback)) if callback else []
    return table("## chuoigen\n\n```\nchuoigen [OPTIONS] COMMAND …\n```\n", "option", rows) if rows else ""


def command(name: str | None, callback: Callable[..., Any] | None) -> str:
    """Return the section of one command."""
    if callback is None:
        message = "every command is a function"
        raise ValueError(message)
    shown = name or callback.__name__.rstrip("_").replace("_", "-")
    taken = list(arguments(callback))
    chosen = list(options(callback))
    usage = " ".join(["chuoigen", shown, *(["[OPTIONS]"] if chosen else []), *(row[0] for row in taken)])
    text = inspect.cleandoc(callback.__doc__ or "").replace("<", "&lt;")
    head = f"## chuoigen {shown}\n\n{text}\n\n```\n{usage}\n```\n"
    return (
        "\n".join([head, *([table("", "argument", taken)] if taken else []), table("", "option", chosen)]).rstrip()
        + "\n"
    )


Row = tuple[str, str]


def table(head: str, kind: str, rows: list[Row]) -> str:
    """Return a table, or nothing where there are no rows."""
    if not rows:
        return ""
    lines = [f"| `{name}` | {text} |".replace("[SPEC]...", "[SPEC]…") for name, text in rows]
    return "\n".join([*([head] if head else []), f"| {kind} | |", "|---|---|", *lines]) + "\n"


def arguments(callback: Callable[..., Any]) -> Iterator[Row]:
    """Yield what stands behind a command without a dash."""
    for name, kind, info, default in parameters(callback):
        if isinstance(info, ArgumentInfo):
            word = info.metavar or name.upper()
            optional = default is not None or "None" in str(kind)
            yield f"{f'[{word}]' if optional else word}{'...' if 'list' in str(kind) else ''}", info.help or ""


def options(callback: Callable[..., Any]) -> Iterator[Row]:
    """Yield the options with what they take, and their default where it says something."""
    for name, kind, info, default in parameters(callback):
        if isinstance(info, OptionInfo):
            flags = names(name, info)
            choices = choices_of(kind)
            value = "" if kind is bool else f" {info.metavar or '|'.join(choices) or kind.__name__.upper()}"
            said = f" Default: {getattr(default, 'value', default)}." if shown(info, default) else ""
            yield f"{', '.join(flags)}{value}".replace("|", "\\|"), f"{info.help or ''}{said}"


def choices_of(kind: Any) -> list[str]:
    """Return the words that an option takes, where there are some that it takes alone."""
    kinds = [each for each in (kind, *typing.get_args(kind)) if isinstance(each, enum.EnumMeta)]
    return [str(member.value) for each in kinds for member in each]  # type: ignore[var-annotated]


def names(parameter: str, info: OptionInfo) -> list[str]:
    """Return an option's names; in an annotation typer takes the first of them for a default."""
    declared = [flag for flag in (info.default, *(info.param_decls or ())) if isinstance(flag, str)]
    return [flag for flag in declared if flag.startswith("-")] or [f"--{parameter.replace('_', '-')}"]


def shown(info: OptionInfo, default: Any) -> bool:
    return bool(info.show_default) and default is not None and default is not False


def parameters(callback: Callable[..., Any]) -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield name, type, declaration and default of each parameter of a command."""
    hints = typing.get_type_hints(callback, include_extras=True)
    for name, parameter in inspect.signature(callback).parameters.items():
        kind, *declared = typing.get_args(hints[name])
        default = None if parameter.default is inspect.Parameter.empty else parameter.default
        for info in declared:
            yield name, kind, info, default
