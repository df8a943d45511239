"""The scripts of a build upon an emulated AWS: what they make, that they make it once, and that they put it right."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.proof.emulated_aws import Emulator
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

Step = tuple[str, ...]
DEPLOY: tuple[Step, ...] = (
    ("deploy.sh", "v2"),
    ("deploy.sh", "v2", "--no-wait"),
    ("deploy.sh", "v3"),
    ("deploy.sh", "v 2"),
    ("deploy.sh",),
)
REPAIRED = ("01", "03", "04", "05", "06")


class ScriptRuns:
    """The untouched scripts run once, stage by stage; then altered ones, each from the stage that it is for."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.aws = Emulator(build)
        self.known: dict[tuple[str, Step], dict[str, Any]] = {}
        images = ("--images",) if build.plan.pipeline else ()
        everything = ("destroy.sh", "--yes", *images, "--logs")
        self.destroy: tuple[Step, ...] = (everything, ("destroy.sh", "--yes"), ("destroy.sh",), ("destroy.sh", "<y"))
        names = sorted(path.removeprefix("scripts/") for path in build.files if path.startswith("scripts/"))
        self.numbered = [name for name in names if name[:1] == "0"]
        self.before: dict[str, str] = {}
        stage = "first"
        for name in self.numbered:
            self.before[name] = stage
            self.known[stage, (name,)] = self.aws.run(stage, [(name,)], keep=name)[0]
            stage = name
        self.aws.run(stage, [(":push", "v2")], keep="final")
        self.aws.run("final", [(":drift",)], keep="drifted")
        self.aws.run("final", [(":foreign",)], keep="foreign")
        self.aws.run("final", [(":busy",)], keep="busy")
        self.aws.run("final", [(":share",)], keep="shared")

    def wanted(self, stage: str, step: Step) -> dict[str, Any]:
        """Return what the untouched script does."""
        if (stage, step) not in self.known:
            self.known[stage, step] = self.aws.run(stage, [step])[0]
        return self.known[stage, step]

    def baseline(self) -> Iterator[str]:
        """Say what is wrong with the untouched scripts."""
        for name in self.numbered:
            code = self.wanted(self.before[name], (name,))["code"]
            if code:
                yield f"{name}: ended with {code}"
            again = self.wanted("final", (name,))
            if again["changes"] or again["code"]:
                yield f"{name}: a second run ends with {again['code']} and changes {again['changes']}"
            if name[:2] in REPAIRED:
                yield from self._repaired(name)

    def _repaired(self, name: str) -> Iterator[str]:
        keys = {"01": "ecr", "03": "iam", "04": "logs", "05": "ec2", "06": "elbv2"}
        key = keys[name[:2]]
        # Rules that others added are taken back at the end.
        steps = [(name,), ("09-take-back.sh", "--yes")] if key == "ec2" else [(name,)]
        found = self.aws.run("drifted", steps)[-1]["state"][key]
        wanted = self.wanted("final", (name,))["state"][key]
        yield from differ(f"{name} repairs {key}", _sorted(found), _sorted(wanted))

    def complaints(self, path: str, text: str) -> Iterator[str]:
        """Say how an altered script behaves otherwise; stops at the first difference of each kind."""
        name = path.removeprefix("scripts/")
        for stage, step in self._trials(name):
            wanted = self.wanted(stage, step)
            found = self.aws.run(stage, [step], changed={path: text})[0]
            for key in ("code", "state"):
                if found[key] != wanted[key]:
                    yield f"{' '.join(step)} upon {stage}: {key}"
            if _operations(found) != _operations(wanted):
                yield f"{' '.join(step)} upon {stage}: changes"
            if "--dry-run" in step and _printed(found) != _printed(wanted):
                yield f"{' '.join(step)} upon {stage}: what it would do"
            if step[-1] in ("--help", "--unknown") and bool(found["said"]) != bool(wanted["said"]):
                yield f"{' '.join(step)}: says nothing"
            if len(re.findall(r"(?m)^- ", found["said"])) != len(re.findall(r"(?m)^- ", wanted["said"])):
                yield f"{' '.join(step)} upon {stage}: other faults"

    def _trials(self, name: str) -> Iterator[tuple[str, Step]]:
        if name == "lib.sh":
            yield from ((self.before[each], (each,)) for each in self.numbered)
            yield from (("final", (each,)) for each in self.numbered if each[:2] in REPAIRED)
            yield from (
                ("final", step) for step in (*DEPLOY[:3], *self.destroy[:2]) if f"scripts/{step[0]}" in self.build.files
            )
            yield from (
                (self.before[each], (each, f"!{n}")) for each in self.numbered if each[:2] in REPAIRED for n in (1, 2)
            )
            name = self.numbered[-1]
        elif name in self.numbered:
            yield self.before[name], (name,)
            yield "final", (name,)
            yield "drifted", (name,)
            yield "bare", (name,)
            yield "foreign", (name,)
            yield from ((self.before[name], (name, f"!{number}")) for number in (1, 2, 3))
            if name.startswith("00"):
                yield "first", (name, "@AWS_REGION=eu-south-9")
                yield "first", (name, f"@AWS_DEFAULT_REGION={self.build.plan.region}")
        else:
            yield from (("final", step) for step in (DEPLOY if name == "deploy.sh" else self.destroy))
            if name == "destroy.sh":
                yield "final", (name, f"<{self.build.plan.prefix}")
                yield from ((stage, self.destroy[0]) for stage in ("foreign", "first", "busy", "shared"))
            yield from (("final", (name, "--yes" if name == "destroy.sh" else "v2", f"!{n}")) for n in (1, 3, 5))
        yield "final", (name, "--dry-run")
        yield "final", (name, "--help")
        yield "final", (name, "--unknown")

    def close(self) -> None:
        self.aws.close()


def _sorted(value: Any) -> Any:
    """Return a value with all its lists in one order: AWS gives no order to what these hold."""
    if isinstance(value, dict):
        return {key: _sorted(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value


def _operations(result: dict[str, Any]) -> list[list[str]]:
    return [call[:2] for call in result["changes"]]


def _printed(result: dict[str, Any]) -> list[str]:
    """Return the commands of a dry run, with its temporary folder left out."""
    lines = [line for line in result["said"].splitlines() if line.startswith(("aws ", "sh ", "env "))]
    return [re.sub(r"/tmp/[^ '\"]*?/(?=out/|[a-z-]+\.json)", "", line) for line in lines]  # noqa: S108
