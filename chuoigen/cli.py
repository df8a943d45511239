"""The command line: options into plain values for a command. It and the options alone know typer."""

import functools
import os
import pathlib
from collections.abc import Callable, Sequence
from typing import Annotated, NoReturn

import typer

from chuoigen.inputs.files import Files as Source
from chuoigen.messages import LANGUAGES, Reader, asked_language
from chuoigen.options import (
    Against,
    As,
    AsFiles,
    Asked,
    Baseline,
    Compared,
    DataFormat,
    FailOn,
    FileOut,
    Files,
    Fix,
    Format,
    Ignore,
    Imported,
    ImportOut,
    Jobs,
    Lang,
    Language,
    OneFile,
    Out,
    PictureAgainst,
    Pictured,
    PictureForm,
    Preview,
    ReviewFormat,
    Select,
    Shard,
    SkipOthers,
    Stages,
    Stdin,
    TableFormat,
    Unsafe,
    WriteBaseline,
    part,
    rule_names,
)
from chuoigen.report.guard import guarded, prepare_streams
from chuoigen.report.layouts import layout
from chuoigen.report.outcome import Outcome, Status
from chuoigen.report.terminal import Terminal
from chuoigen.report.usage import given, usage_words
from chuoigen.workspace.choice import Run

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


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        _show(None, lambda: Outcome(text=f"chuoigen {version('chuoigen')}\n"))


@app.callback()
def chuoigen(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Compile one spec of a service into everything that it needs on AWS Fargate."""


@app.command(short_help="Build specs: write everything that they need.")
def build(
    files: Files = None,
    out: Out = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say what is not current, with exit status 1.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that were edited by hand, or are another spec's.")
    ] = False,
    shard: Shard = "",
    jobs: Jobs = 0,
    stdin_filename: Stdin = "",
    skip_others: SkipOthers = False,
    lang: Lang = None,
) -> None:
    """Build specs: write everything that they need into DIR/<the spec file's name>/."""
    from chuoigen.commands.build import build as command

    def action(terminal: Terminal) -> Outcome:
        how = Run(stdin_filename, skip_others=skip_others, shard=part(shard), jobs=jobs, tell=terminal.tell)
        return command(files or (), out=out, check=check, force=force, run=how)

    _run(lang, action)


@app.command(short_help="Check specs: what Fargate refuses, and what is known to fail.")
def lint(
    files: Files = None,
    output: Annotated[Format, typer.Option("--format", help="How findings are printed.")] = Format.TEXT,
    select: Select = None,
    ignore: Ignore = None,
    fix: Fix = False,
    preview: Preview = False,
    unsafe: Unsafe = False,
    form: As = None,
    baseline: Baseline = "",
    write_baseline: WriteBaseline = "",
    shard: Shard = "",
    jobs: Jobs = 0,
    stdin_filename: Stdin = "",
    skip_others: SkipOthers = False,
    lang: Lang = None,
) -> None:
    """Check specs, task definitions, services, templates: what Fargate refuses or is known to fail, at its line."""
    from chuoigen.commands.lint import Accepted
    from chuoigen.commands.lint import lint as judge

    def action(terminal: Terminal) -> Outcome:
        piece, kind = part(shard), form.value if form else ""
        how = Run(stdin_filename, skip_others=skip_others, shard=piece, jobs=jobs, tell=terminal.tell, form=kind)
        command = functools.partial(
            judge, select=_words(select), ignore=_words(ignore), accepted=Accepted(baseline, write_baseline)
        )
        if not fixing:
            return command(files or (), run=how)
        from chuoigen.workspace.repair import Fixing, repair

        def once(source: Source) -> Outcome:
            return command(files or (), run=how.replaced(files=source, tell=None))

        outcome = repair(once, Fixing(tuple(files or ()), unsafe=unsafe, preview=preview))
        terminal.tell(outcome, 1, 1)
        return outcome

    fixing = fix or preview or unsafe
    machine = "" if output is Format.TEXT or preview else output.value
    _run(lang, action, summed=not preview, form=machine)


@app.command("import", short_help="Write a spec from what is there already.")
def import_(
    files: Imported,
    stage: Stages = None,
    out: ImportOut = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Write nothing; say whether a build of the spec is what the files say, with status 1 if not.",
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
    form: As = None,
    lang: Lang = None,
) -> None:
    """Write a spec from task definitions and other files: as a person would have written it, with what is left to do.

    Several files are stages of one service: what they share goes into base.yaml, which each stage extends.
    """
    from chuoigen.commands import importing

    asking = importing.Asking(tuple(stage or ()), out, force, form.value if form else "")
    command = importing.check if check else importing.import_
    _show(lang, lambda: command(files, asking, _reader(lang)))


@app.command(short_help="Show what a change does: what opens, restarts, gets lost, and what it costs.")
def diff(
    files: Compared = None,
    out: Out = None,
    against: Against = None,
    as_files: AsFiles = False,
    output: Annotated[ReviewFormat, typer.Option("--format", help="How changes are printed.")] = ReviewFormat.TEXT,
    fail_on: FailOn = None,
    jobs: Jobs = 0,
    stdin_filename: Stdin = "",
    lang: Lang = None,
) -> None:
    """Show what a build would change in what AWS holds: what opens, restarts or gets lost, and what it costs."""
    from chuoigen.report.review_forms import FILES, shown

    def compared() -> Outcome:
        if against is not None:
            from chuoigen.commands.against import against as compare

            return compare(files or (), against)
        from chuoigen.commands.between import are_two, between

        if files is not None and are_two(files):
            return between(*files)
        from chuoigen.commands.diff import diff as command

        return command(files or (), out=out, run=Run(stdin_filename, jobs=jobs))

    form = FILES if as_files else output.value
    _show(lang, lambda: shown(compared(), form, _reader(lang), _words(fail_on)))


@app.command(short_help="Show every value that is decided, and where it comes from.")
def show(
    file: OneFile,
    output: Annotated[DataFormat, typer.Option("--format", help="How the plan is printed.")] = DataFormat.TEXT,
    lang: Lang = None,
) -> None:
    """Show the plan: every default and every name decided, and where each came from."""
    from chuoigen.commands.show import show as command

    _show(lang, lambda: command(file, as_json=output is DataFormat.JSON, reader=_reader(lang)))


@app.command(short_help="Draw a service, or what differs between two.")
def graph(
    file: OneFile,
    other: Pictured = None,
    output: PictureForm = None,
    against: PictureAgainst = None,
    out: FileOut = None,
    lang: Lang = None,
) -> None:
    """Draw a service, or the difference of two: what is added, removed or changed has a sign and a line of its own.

    Task definitions and other files that lint reads are drawn, too. The exit status is 0 for a difference as well.
    """
    from chuoigen.commands.graph import graph as command

    form = output.value if output else None
    _show(lang, lambda: command(file, other, form=form, against=against, out=out))


@app.command(short_help="Say which lines of a spec made a generated line, and what a line makes.")
def why(
    target: Asked,
    output: Annotated[DataFormat, typer.Option("--format", help="How the answer is printed.")] = DataFormat.TEXT,
    lang: Lang = None,
) -> None:
    """Say which lines of a spec and which defaults made a generated line, or what a line of a spec makes.

    The spec is changed in memory, key by key, and built again: a key that is named changes the line, others do not.
    """
    from chuoigen.commands.why import why as command

    _show(lang, lambda: command(target, as_json=output is DataFormat.JSON, reader=_reader(lang)))


@app.command(short_help="Make one HTML page about specs, for those who do not read YAML.")
def report(files: Files = None, out: FileOut = None, lang: Lang = None) -> None:
    """Make one HTML page about specs, for those who do not read YAML: their stages side by side, differences marked.

    It needs no network and no script. Nothing is written where a spec has an error.
    """
    from chuoigen.commands.report import report as command

    _show(lang, lambda: command(files or (), out=out, reader=_reader(lang)))


@app.command()
def explain(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE", help="A rule's name or code, or how codes begin (CG3).", autocompletion=rule_names
        ),
    ],
    lang: Lang = None,
) -> None:
    """Print the manual page of a rule, or list a group of rules. The pages are in English."""
    from chuoigen.commands.explain import explain as command

    _show(lang, lambda: command(rule, reader=_reader(lang)))


@app.command()
def rules(
    output: Annotated[TableFormat, typer.Option("--format", help="How the table is printed.")] = TableFormat.TEXT,
    lang: Lang = None,
) -> None:
    """List all rules."""
    from chuoigen.commands.rules import table

    _show(lang, lambda: table(output.value, reader=_reader(lang)))


@app.command()
def recipes(
    output: Annotated[DataFormat, typer.Option("--format", help="How the list is printed.")] = DataFormat.TEXT,
    lang: Lang = None,
) -> None:
    """List the recipes that are installed, with what each generates."""
    from chuoigen.commands.recipes import listed

    _show(lang, lambda: listed(output.value))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the language, for editors."""
    from chuoigen.commands.schema import schema as command

    _show(None, command)


@app.command(short_help="Write a small spec to start from.")
def init(
    folder: Annotated[
        pathlib.Path, typer.Argument(metavar="DIR", help="Where to start; or the spec itself, such as spec/qa.yaml.")
    ] = pathlib.Path(),
    stage: Annotated[
        str | None,
        typer.Option("--stage", metavar="NAME", help="Stage of the first spec. Default: qa.", show_default=False),
    ] = None,
    recipe: Annotated[
        str | None, typer.Option("--recipe", metavar="RECIPE", help="Start with what this recipe builds.")
    ] = None,
    from_nothing: Annotated[
        bool, typer.Option("--from-nothing", help="Write a spec although there are files from which one can be made.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Write a small, commented, clean spec to start from, or say how to import what is there.

    Nothing is ever overwritten.
    """
    from chuoigen.commands.init import init as command

    _show(lang, lambda: command(folder, stage, recipe, from_nothing=from_nothing))


def _reader(language: Language | None) -> Reader:
    return Reader(language.value if language else asked_language(os.environ))


def _run(
    language: Language | None, action: Callable[[Terminal], Outcome], *, summed: bool = False, form: str = ""
) -> NoReturn:
    """Print what a command over many specs comes to, as it comes, and leave with its status."""
    reader = _reader(language)

    def shown() -> int:
        terminal = Terminal(reader, summed=summed, layout=layout(form, reader) if form else None)
        return terminal.end(action(terminal))

    raise typer.Exit(guarded(shown, reader))


def _show(language: Language | None, action: Callable[[], Outcome]) -> NoReturn:
    """Print what a command comes to, and leave with its status."""
    reader = _reader(language)
    raise typer.Exit(guarded(lambda: Terminal(reader).show(action()), reader))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    prepare_streams()
    return guarded(lambda: _parsed(arguments), _asked(arguments))


def _asked(arguments: Sequence[str]) -> Reader:
    """Return the reader of what is wrong with arguments, whose language need not be known yet."""
    language = given(arguments, "--lang")
    return Reader(language) if language in LANGUAGES else _reader(None)


def _parsed(arguments: Sequence[str]) -> int:
    if not arguments and "_CHUOIGEN_COMPLETE" not in os.environ:
        _parsed(["--help"])
        return Status.UNUSABLE
    try:
        status = app(args=list(arguments), prog_name="chuoigen", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return Status.INTERRUPTED
    except Exception as error:
        if not hasattr(error, "format_message"):  # what is wrong with the arguments, as their parser puts it, has one
            raise
        Terminal(_asked(arguments)).complain(usage_words(error, arguments))
        return Status.UNUSABLE
    return status if isinstance(status, int) else Status.CLEAN


def _words(options: list[str] | None) -> tuple[str, ...]:
    """Return the words of a repeatable option, which may also be separated by commas."""
    return tuple(word.strip() for option in options or () for word in option.split(",") if word.strip())
