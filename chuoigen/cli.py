"""The command line: options into plain values for a command. The only module that knows typer."""

import os
import pathlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from chuoigen import console
from chuoigen.outcome import Outcome, Status

app = typer.Typer(
    name="chuoigen",
    help="Compile one spec of a service into everything that it needs on AWS Fargate.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Exit status: 0 clean, 1 findings or a difference, 2 wrong usage or unreadable input, 3 a bug, 130 interrupted."
    ),
)


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class TableFormat(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class DataFormat(StrEnum):
    """How the plan is printed."""

    TEXT = "text"
    JSON = "json"


Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="SPEC", help="Spec files. Default: all of the folder spec/.", show_default=False),
]
OneFile = Annotated[str, typer.Argument(metavar="SPEC", help="A spec file.")]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Where the output folders are. Default: out/ of the repository with the spec.",
        show_default=False,
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        raise typer.Exit(console.show(Outcome(text=f"chuoigen {version('chuoigen')}\n")))


@app.callback()
def chuoigen(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Compile one spec of a service into everything that it needs on AWS Fargate."""


@app.command()
def build(
    files: Files = None,
    out: Out = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say what is not current, with exit status 1.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited by hand.")] = False,
) -> None:
    """Build specs: write everything that they need into DIR/<the spec file's name>/."""
    raise typer.Exit(console.build(files or (), out=out, check=check, force=force))


@app.command()
def lint(
    files: Files = None,
    output: Annotated[Format, typer.Option("--format", help="How findings are printed.")] = Format.TEXT,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            metavar="RULE",
            help="Only these rules: names, codes, or how codes begin (CG3).",
            show_default=False,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULE", help="Not these rules.", show_default=False)
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Put right in the files what has one right answer, and check what is left.")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, write nothing; status 1 if there is any.")
    ] = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Fix also where what was meant is a guess, as the next task size.")
    ] = False,
) -> None:
    """Check specs: everything that Fargate would refuse or that is known to fail, at the line that causes it."""
    fixing = None
    if fix or preview or unsafe:
        from chuoigen.repair import Fixing

        fixing = Fixing(unsafe=unsafe, preview=preview)
    status = console.lint(files or (), output=output.value, select=_words(select), ignore=_words(ignore), fix=fixing)
    raise typer.Exit(status)


@app.command()
def diff(
    files: Files = None,
    out: Out = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="REV",
            help="Compare with what the specs gave at this revision of git, not with the output folders.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show what a build would change in the output folders, as a unified diff; with status 1 if there is any."""
    raise typer.Exit(console.diff(files or (), out=out, against=against))


@app.command()
def show(
    file: OneFile,
    output: Annotated[DataFormat, typer.Option("--format", help="How the plan is printed.")] = DataFormat.TEXT,
) -> None:
    """Show the plan: every default and every name decided, and where each came from."""
    from chuoigen.commands.show import show as command

    raise typer.Exit(console.show_plan(command(file, as_json=output is DataFormat.JSON)))


@app.command()
def explain(rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule's name or code.")]) -> None:
    """Print the manual page of a rule."""
    from chuoigen.commands.explain import explain as command

    raise typer.Exit(console.show(command(rule)))


@app.command()
def rules(
    output: Annotated[TableFormat, typer.Option("--format", help="How the table is printed.")] = TableFormat.TEXT,
) -> None:
    """List all rules."""
    from chuoigen.commands.rules import table

    raise typer.Exit(console.show(table(output.value)))


@app.command()
def recipes(
    output: Annotated[DataFormat, typer.Option("--format", help="How the list is printed.")] = DataFormat.TEXT,
) -> None:
    """List the recipes that are installed, with what each generates."""
    from chuoigen.commands.recipes import listed

    raise typer.Exit(console.show(listed(output.value)))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the language, for editors."""
    from chuoigen.commands.schema import schema as command

    raise typer.Exit(console.show(command()))


@app.command()
def init(
    folder: Annotated[pathlib.Path, typer.Argument(metavar="DIR", help="Where to start.")] = pathlib.Path(),
    stage: Annotated[str, typer.Option("--stage", metavar="NAME", help="Stage of the first spec.")] = "qa",
    recipe: Annotated[
        str | None, typer.Option("--recipe", metavar="RECIPE", help="Start with what this recipe builds.")
    ] = None,
) -> None:
    """Write a small, commented, clean spec to start from. Nothing is ever overwritten."""
    from chuoigen.commands.init import init as command

    raise typer.Exit(console.show(command(folder, stage, recipe)))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    return console.guarded(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int:
    if not arguments and "_CHUOIGEN_COMPLETE" not in os.environ:
        _run(["--help"])
        return Status.UNUSABLE
    try:
        status = app(args=list(arguments), prog_name="chuoigen", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort as stop:
        raise KeyboardInterrupt from stop
    except Exception as error:
        if not hasattr(error, "format_message"):  # what is wrong with the arguments, as their parser puts it, has one
            raise
        context = getattr(error, "ctx", None)
        console.complain(error.format_message(), f"{context.command_path if context else 'chuoigen'} --help")
        return Status.UNUSABLE
    if status == Status.INTERRUPTED:  # how later versions of typer put Abort
        raise KeyboardInterrupt
    return status if isinstance(status, int) else Status.CLEAN


def _words(options: list[str] | None) -> tuple[str, ...]:
    """Return the words of a repeatable option, which may also be separated by commas."""
    return tuple(word.strip() for option in options or () for word in option.split(",") if word.strip())
