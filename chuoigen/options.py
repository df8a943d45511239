"""The options of the command line: their names, their values, and what the help says of each."""

from enum import StrEnum
from typing import Annotated

import typer

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts

_say = Texts(__name__)


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"


class Language(StrEnum):
    """A language of messages."""

    EN = "en"
    JA = "ja"


class TableFormat(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class DataFormat(StrEnum):
    """How the plan is printed."""

    TEXT = "text"
    JSON = "json"


class Kind(StrEnum):
    """What a file is."""

    SPEC = "spec"
    CLOUDFORMATION = "cloudformation"
    DOCKERRUN = "dockerrun"
    ECSPRESSO = "ecspresso"
    SERVICE_DEFINITION = "service-definition"
    TASK_DEFINITION = "task-definition"
    COMPOSE = "compose"
    COPILOT = "copilot"
    TERRAFORM = "terraform"


class ReviewFormat(StrEnum):
    """How changes are printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class PictureFormat(StrEnum):
    """How a picture is written."""

    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"


Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SPEC",
        help="Spec files, folders that are searched for them, - for standard input. Default: the folder spec/.",
        show_default=False,
    ),
]
Compared = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SPEC",
        help="Specs, or folders with specs; two files are compared with each other. Default: the folder spec/.",
        show_default=False,
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="REV",
        help="Compare with what the specs gave at this revision of git, not with the output folders.",
        show_default=False,
    ),
]
AsFiles = Annotated[bool, typer.Option("--files", help="Show the generated files instead, as a unified diff.")]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="CLASS",
        help="Exit with 1 only for changes of these classes: exposure,permission,data.",
        show_default=False,
    ),
]
Pictured = Annotated[
    str | None, typer.Argument(metavar="SPEC2", help="Another one: what differs is marked.", show_default=False)
]
PictureForm = Annotated[
    PictureFormat | None,
    typer.Option("--format", help="How the picture is written. Default: by the ending of FILE, else svg."),
]
FileOut = Annotated[
    str | None,
    typer.Option(
        "-o", "--out", metavar="FILE", help="Where to write it. Default: standard output.", show_default=False
    ),
]
PictureAgainst = Annotated[
    str | None,
    typer.Option("--against", metavar="REV", help="Mark what differs from this revision of git.", show_default=False),
]
OneFile = Annotated[str, typer.Argument(metavar="SPEC", help="A spec file.")]
Asked = Annotated[
    str,
    typer.Argument(
        metavar="PLACE",
        help="FILE:LINE of a generated file or a spec, FILE:/json/pointer of a generated file, or SPEC:key.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Where the output folders are. Default: out/ beside the folder spec/ that holds the spec.",
        show_default=False,
    ),
]
Lang = Annotated[
    Language | None,
    typer.Option("--lang", help="Language of messages. Default: that of the locale, else en.", show_default=False),
]


As = Annotated[
    Kind | None,
    typer.Option(
        "--as",
        metavar="KIND",
        help=f"What the files are: {', '.join(Kind)}. Default: recognised by what stands in each.",
        show_default=False,
    ),
]
Baseline = Annotated[
    str, typer.Option("--baseline", metavar="FILE", help="Report only what is not in FILE.", show_default=False)
]
WriteBaseline = Annotated[
    str,
    typer.Option(
        "--write-baseline", metavar="FILE", help="Write all findings to FILE, for --baseline.", show_default=False
    ),
]
Imported = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Files of other formats: recognised by what stands in each, or by --as."),
]
Stages = Annotated[
    list[str] | None,
    typer.Option(
        "--stage",
        metavar="NAME",
        help="Stage of the file; with several files once for each, in their order. Default: from their names.",
        show_default=False,
    ),
]
ImportOut = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--out",
        metavar="PATH",
        help="The spec to write, or the folder for several. Default: standard output.",
        show_default=False,
    ),
]
Stdin = Annotated[
    str,
    typer.Option(
        "--stdin-filename", metavar="FILE", help="The spec that - (standard input) stands for.", show_default=False
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", metavar="N", min=0, help="Processes at most. Default: all processors.", show_default=False
    ),
]
SkipOthers = Annotated[
    bool, typer.Option("--skip-others", help="Skip a named file that is no spec, as in a folder that is searched.")
]


def rule_names(incomplete: str) -> list[str]:
    """Return the names and codes of rules that begin so, for the completion of a shell."""
    from chuoigen.rules import everything

    words = (word for rule in everything(elsewhere=True) for word in (rule.name, rule.code))
    return sorted(word for word in words if word.startswith(incomplete))


Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="RULE",
        help="Only these rules: names, codes, or how codes begin (CG3).",
        autocompletion=rule_names,
        show_default=False,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULE", help="Not these rules.", autocompletion=rule_names, show_default=False),
]
Fix = Annotated[
    bool, typer.Option("--fix", help="Put right in the files what has one right answer, and check what is left.")
]
Preview = Annotated[
    bool, typer.Option("--diff", help="Show what --fix would change, write nothing; status 1 if there is any.")
]
Unsafe = Annotated[
    bool, typer.Option("--unsafe-fixes", help="Fix also where what was meant is a guess, as the next task size.")
]


def part(text: str) -> tuple[int, int]:
    """Return which part of how many: `2/5` is (2, 5), and nothing is all. Raises ChuoigenError for another text."""
    number, slash, count = (text or "1/1").partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise ChuoigenError(_say("part", text=text))
    return int(number), int(count)


def _seen(text: str) -> str:
    part(text)
    return text


Shard = Annotated[
    str,
    typer.Option(
        "--shard", metavar="I/N", callback=_seen, help="Only the I-th of N parts of the specs.", show_default=False
    ),
]
