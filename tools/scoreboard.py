"""chuoigen lint beside cfn-lint, checkov and botocore's validator: what each says of the same task definitions.

The pairs are the examples of the rule pages, built: a bad task definition and a good one that differ in what the rule
is about. Each tool gets them in the form that it reads: JSON of ECS, or a template of CloudFormation with the same
members. What counts as caught, and at which line, stands below the table. Tools come from a scratch environment.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import botocore
import botocore.session
from botocore.validate import ParamValidator

from chuoigen import rules
from chuoigen.artifacts.ecs.task import task_definition
from chuoigen.commands.explain import page
from chuoigen.compiler import judge
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import load
from chuoigen.resources import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "scoreboard.md"
SPEC, BELOW = "spec.yaml", "below.yaml"
SHARED = """\
chuoigen: 1
partial: true
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 512, execution_role: shop-execution }
"""
"""What the examples of pages are laid over."""
Said = set[tuple[str, str, int]]
"""What a tool says: of which file, by which of its rules, at which line."""


class Pair(NamedTuple):
    """The task definitions of a rule's bad and good example."""

    rule: str
    bad: dict[str, Any]
    good: dict[str, Any]


def pairs() -> Iterator[Pair]:
    """Yield the examples whose task definitions differ, but for those about how an image is built."""
    for rule in rules.ALL:
        bad, good = (re.search(rf"## {word}\n.*?```yaml\n(.*?)```", page(rule), re.DOTALL) for word in ("Bad", "Good"))
        built = [built_from(example[1]) for example in (bad, good) if example]
        about_build = any("build:" in example[1] for example in (bad, good) if example)
        if not about_build and len(built) == 2 and None not in built and built[0] != built[1]:  # noqa: PLR2004  a bad and a good one
            yield Pair(rule.name, *(definition for definition in built if definition is not None))


def built_from(text: str) -> dict[str, Any] | None:
    """Return the task definition of a spec without what chuoigen adds to know it again; None for a spec of no shape."""
    extending = text if "chuoigen: 1" in text else f"extends: {BELOW}\n{text}"
    judged = judge(load(SPEC, Overlay(Disk(), {SPEC: extending.encode(), BELOW: SHARED.encode()})))
    if judged.plan is None or not judged.plan.containers or judged.loaded.refused:
        return None
    found = task_definition(judged.plan)
    found["tags"] = [tag for tag in found["tags"] if not tag["key"].startswith("chuoigen")]

    return said(found)


def template(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a template of CloudFormation with a task definition."""
    resource = {"Type": "AWS::ECS::TaskDefinition", "Properties": pascal(definition)}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Task": resource}}


FREE = frozenset({"options", "dockerLabels"})
"""Members whose keys are the user's own words."""
SPELT = {"efsVolumeConfiguration": "EFSVolumeConfiguration", "iam": "IAM", "fileSystemId": "FilesystemId"}


def pascal(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            SPELT.get(key, key[0].upper() + key[1:]): child if key in FREE else pascal(child)
            for key, child in value.items()
        }
    return [pascal(item) for item in value] if isinstance(value, list) else value


def meant_lines(bad: str, good: str) -> set[int]:
    """Return the lines of the bad text that are not in the good one, and those around them; all where lines lack."""
    lines, others = bad.splitlines(), set(good.splitlines())
    differ = {number for number, line in enumerate(lines, start=1) if line not in others}
    return {around for number in differ for around in (number - 1, number, number + 1)}


def chuoigen(folder: Path) -> Said:
    shown = json.loads(ran([sys.executable, "-m", "chuoigen", "lint", "--format", "json", str(folder)]))
    return {(Path(one["file"]).name, one["rule"], one["line"]) for one in shown["diagnostics"]}


def botocore_says(folder: Path) -> Said:
    shape = (
        botocore.session.get_session().get_service_model("ecs").operation_model("RegisterTaskDefinition").input_shape
    )
    found = ((path.name, ParamValidator().validate(json.loads(path.read_text()), shape)) for path in folder.iterdir())
    return {(name, str(kind), 0) for name, report in found for kind, *_ in report._errors}  # noqa: SLF001  it has no lines


def cfn_lint(folder: Path) -> Said:
    files = sorted(map(str, folder.iterdir()))
    found = json.loads(
        ran([str(TOOLS / "cfn-lint"), "--format", "json", "--regions", "eu-west-1", "--", *files]) or "[]"
    )
    return {(Path(one["Filename"]).name, one["Rule"]["Id"], one["Location"]["Start"]["LineNumber"]) for one in found}


def checkov(folder: Path) -> Said:
    command = [
        str(TOOLS / "checkov"),
        "-d",
        str(folder),
        "-o",
        "json",
        "--compact",
        "--quiet",
        "--framework",
        "cloudformation",
    ]
    shown = json.loads(ran(command) or "{}")
    failed = shown.get("results", {}).get("failed_checks", ()) if isinstance(shown, dict) else ()
    return {(Path(one["file_path"]).name, one["check_id"], one["file_line_range"][0]) for one in failed}


def ran(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout


TOOLS = Path()
JUDGES: dict[str, tuple[Callable[[Path], Said], bool]] = {
    "chuoigen lint": (chuoigen, False),
    "cfn-lint": (cfn_lint, True),
    "checkov": (checkov, True),
    "botocore": (botocore_says, False),
}
"""Each tool, and whether it reads templates of CloudFormation."""


class Score(NamedTuple):
    """How a tool did: rules whose bad example it caught, on which line, good ones it complained of, seconds."""

    caught: int
    lines: int
    alarms: int
    seconds: float


def score(name: str, examples: list[Pair], folder: Path) -> Score:
    judge_of, is_template = JUDGES[name]
    texts: dict[str, str] = {}
    folder.mkdir()
    for pair in examples:
        for word, definition in (("bad", pair.bad), ("good", pair.good)):
            file = f"{pair.rule}-{word}-task-definition.json"
            texts[file] = json.dumps(template(definition) if is_template else definition, indent=2)
            (folder / file).write_text(texts[file], encoding="utf-8")
    start = time.monotonic()
    found = judge_of(folder)
    seconds = time.monotonic() - start
    caught = lines = alarms = 0
    for pair in examples:
        bad, good = (f"{pair.rule}-{word}-task-definition.json" for word in ("bad", "good"))
        told = {rule for file, rule, _ in found if file == good}
        fresh = {line for file, rule, line in found if file == bad and rule not in told}
        caught += bool(fresh)
        lines += not fresh.isdisjoint(meant_lines(texts[bad], texts[good]))
        alarms += bool(told)
    return Score(caught, lines, alarms, seconds)


def version(name: str) -> str:
    if name == "botocore":
        return str(botocore.__version__)
    if name == "chuoigen lint":
        return "this one"
    return ran([str(TOOLS / name), "--version"]).split()[-1]


def written(examples: list[Pair], scores: dict[str, Score], day: str) -> str:
    rows = "".join(
        f"| {name} | {version(name)} | {one.caught} | {one.lines} | {one.alarms} | {one.seconds:.1f} |\n"
        for name, one in scores.items()
    )
    return PROSE.format(day=day, count=len(examples), rows=rows)


PROSE = """\
# Scoreboard

`make scoreboard` on {day}: the {count} pairs of a bad and a good task definition that the rule pages have, in one run
of four tools. The pairs are chuoigen's own examples, so that it catches most of them says little; that the others do
not says what they are not for.

| tool | version | caught | at the right line | good ones complained of | seconds for all |
|---|---|---|---|---|---|
{rows}
`caught`: it says something of the bad one that it does not say of the good one. `at the right line`: that stands on a
line that differs between the two, or beside one; botocore has no lines, and checkov names the line on which the
resource starts. checkov judges by policies of its own, which a good example need not follow. cfn-lint and checkov read
the same members as a template of CloudFormation. What an example says only of an image that is built here, of a
service or of another file is in no task definition: nobody can catch it there.
"""


if __name__ == "__main__":
    TOOLS = Path(sys.argv[1])
    found = list(pairs())
    with tempfile.TemporaryDirectory() as folder:
        results = {name: score(name, found, Path(folder) / name.partition(" ")[0]) for name in JUDGES}
    PAGE.write_text(written(found, results, time.strftime("%Y-%m-%d")), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))
