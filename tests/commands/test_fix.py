"""What `lint --fix` writes: the one right answer and nothing else; what it shows; what it leaves alone."""

from __future__ import annotations

import copy
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen import cli
from chuoigen.commands.lint import lint
from chuoigen.diagnostics import ChuoigenError
from chuoigen.workspace.choice import Run
from chuoigen.workspace.repair import Fixing, repair, repaired
from tests.counting import steps
from tests.laws.mutations import sound
from tests.repository import SMALL, contents, repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.inputs.files import Files
    from chuoigen.report.outcome import Outcome


def linted(*files: str, **options: Any) -> Callable[[Files], Outcome]:
    return lambda source: lint(files, run=Run(files=source), **options)


def fixed(folder: Path, text: str, *, unsafe: bool = False) -> str:
    """Return what stands in a spec after it was fixed; fixing it again must change nothing."""
    root = repository(folder / "repository", qa=text)
    path = root / "spec" / "qa.yaml"
    outcome = repair(linted(str(path)), Fixing(unsafe=unsafe))
    assert not [one for one in outcome.diagnostics if one.fix is not None and (unsafe or one.fix.safe)]
    once = path.read_bytes()
    assert repair(linted(str(path)), Fixing(unsafe=unsafe)).fixed == 0
    assert path.read_bytes() == once
    return once.decode()


@pytest.mark.parametrize(
    ("line", "right"),
    [
        # pairs of ports
        ('ports: ["8080:80"] # why', "ports: [80] # why"),
        ('ports: ["8080:80/udp", 90]', 'ports: ["80/udp", 90]'),
        ("ports: [{ container: 80, host: 8080 }]", "ports: [{ container: 80 }]"),
        ("ports:\n      - 8080:80 # http\n      - 81", "ports:\n      - 80 # http\n      - 81"),
        # quotes
        ("environment: { A: true, B: 1.10, C: , D: false }", 'environment: { A: "true", B: "1.10", C: "" , D: "false" }'),
        ("environment:\n      A: # why\n      B: 1", 'environment:\n      A: "" # why\n      B: 1'),
        ("working_dir: 5", 'working_dir: "5"'),
        ('essential: "false"', "essential: false"),
        ("essential: 'Yes'", "essential: true"),
        # units
        ("memory: 512Mi", "memory: 512 MiB"),
        ("stop_timeout: 1m30s", "stop_timeout: 90"),
        ("stop_timeout: '1 hour'", "stop_timeout: '1h'"),
        # words of others, and misspelt ones
        ("portMappings: [{ containerPort: 80, hostPort: 80 }]", "ports: [{ container: 80, host: 80 }]"),
        ("stop_grace_period: 30s", "stop_timeout: 30s"),
        ("logConfiguration: { logDriver: awslogs }", "logs: { driver: awslogs }"),
        ("healthCheck: { test: [CMD, 'true'], startPeriod: 5 }", "healthcheck: { command: [CMD, 'true'], start_period: 5 }"),
        ('"readonlyRootFilesystem": true', '"read_only": true'),
        ("enviroment: { A: b }", "environment: { A: b }"),
        ("ulimits: { nofile: '65536' }", "ulimits: { nofile: 65536 }"),
        # addresses to call
        ("environment: { URL: 'http://localhost:80/a' }", "environment: { URL: 'http://127.0.0.1:80/a' }"),
        ("environment: { URL: { value: http://localhost/ } }", "environment: { URL: { value: http://127.0.0.1/ } }"),
        ("healthcheck: { command: curl -f http://localhost/ }", "healthcheck: { command: curl -f http://127.0.0.1/ }"),
        ("healthcheck: { command: [curl, 'http://localhost/'] }", "healthcheck: { command: [curl, 'http://127.0.0.1/'] }"),
        # said twice
        ("ports: [80, 81, 80] # why", "ports: [80, 81] # why"),
        ("environment:\n      - A=1\n      - B=2\n      - A=1", "environment:\n      - A=1\n      - B=2"),
        # a comment that silences nothing
        ("init: true # chuoigen: ignore[unknown-cpu] once", "init: true"),
        ("# chuoigen: ignore[unknown-cpu] once\n    init: true", "init: true"),
    ],
)  # fmt: skip
def test_what_has_one_right_answer_is_written(tmp_path: Path, line: str, right: str) -> None:
    assert fixed(tmp_path, f"{SMALL}    {line}\n") == f"{SMALL}    {right}\n"


@pytest.mark.parametrize(
    "line",
    [
        'ports: ["80:80"]',
        "envrmnt: { A: b }",
        "cap_add: [SYS_PTRACE]",
        "cpus: 0.5",
        "volumes: [a:/b]",
        "environment: [A=1, A=2]",
        "stop_timeout: 3 fortnights",
        "ports: [80/tcp, 80/udp]",
        "environment: { A: true } # chuoigen: ignore[unquoted-value] never silenced",
        "healthcheck: { command: [localhost] }\n    healthcheck: {}",
    ],
)
def test_what_has_more_than_one_answer_is_left(tmp_path: Path, line: str) -> None:
    root = repository(tmp_path / "repository", qa=f"{SMALL}    {line}\n")
    path = root / "spec" / "qa.yaml"
    before = path.read_text(encoding="utf-8")
    found = repaired(linted(str(path)), unsafe=False)
    kept = found.after[str(path)].text if found.after else before
    assert line.partition(":")[0] in kept
    assert set(yaml.safe_load(kept)["containers"]["echo"]) >= {line.partition(":")[0]}


def test_another_size_is_a_guess_that_must_be_asked_for(tmp_path: Path) -> None:
    text = SMALL.replace("echo-execution }", "echo-execution, cpu: 256, memory: 3000 MiB } # big")
    assert fixed(tmp_path / "safe", text) == text
    assert fixed(tmp_path / "unsafe", text, unsafe=True) in (
        text.replace("3000 MiB", "2048"),
        text.replace("cpu: 256, memory: 3000 MiB", "cpu: 512, memory: 3072"),
    )


def test_line_ends_the_mark_and_the_mode_stay(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", qa=SMALL)
    path = root / "spec" / "qa.yaml"
    text = "\ufeff" + (SMALL + "    essential: 'true'   # é\n").replace("\n", "\r\n")
    path.write_bytes(text.encode())
    path.chmod(0o640)
    assert repair(linted(str(path)), Fixing()).fixed == 1
    assert path.read_bytes() == text.replace("'true'", "true").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["qa.yaml"]


def test_a_value_is_fixed_in_the_file_in_which_it_stands(tmp_path: Path) -> None:
    base = SMALL + "    essential: 'true'\npartial: true\n"
    stage = "extends: base.yaml\ncontainers: { echo: { init: 'true' } }\n"
    root = repository(tmp_path / "repository", base=base, qa=stage, prod=stage)
    files = [str(root / "spec" / f"{name}.yaml") for name in ("qa", "prod")]
    assert repair(linted(*files), Fixing()).fixed == 3
    assert {name: text.decode() for name, text in contents(root / "spec").items()} == {
        "base.yaml": base.replace("'true'", "true"),
        "prod.yaml": stage.replace("'true'", "true"),
        "qa.yaml": stage.replace("'true'", "true"),
    }


def test_a_link_stays_one_and_what_lies_outside_is_left(tmp_path: Path) -> None:
    text = SMALL + "    essential: 'true'\n"
    root = repository(tmp_path / "repository", real=text)
    (root / "spec" / "qa.yaml").symlink_to("real.yaml")
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(text, encoding="utf-8")
    (root / "spec" / "out.yaml").symlink_to(elsewhere)
    files = [str(root / "spec" / f"{name}.yaml") for name in ("qa", "out")]
    assert repair(linted(*files), Fixing()).fixed == 1
    assert (root / "spec" / "qa.yaml").is_symlink()
    assert (root / "spec" / "real.yaml").read_text(encoding="utf-8") == text.replace("'true'", "true")
    assert elsewhere.read_text(encoding="utf-8") == text


def test_only_what_is_selected_is_fixed(tmp_path: Path) -> None:
    text = SMALL + "    essential: 'true'\n    stop_grace_period: 3\n"
    root = repository(tmp_path / "repository", qa=text)
    path = root / "spec" / "qa.yaml"
    repair(linted(str(path), select=("unknown-key",)), Fixing())
    assert path.read_text(encoding="utf-8") == text.replace("stop_grace_period", "stop_timeout")


def test_a_file_that_changes_meanwhile_is_left(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", qa=SMALL + "    essential: 'true'\n")
    path = root / "spec" / "qa.yaml"
    result = repaired(linted(str(path)), unsafe=False)
    path.write_text("another: text\n", encoding="utf-8")
    with pytest.raises(ChuoigenError, match="was changed by something else"):
        result.write()
    assert path.read_text(encoding="utf-8") == "another: text\n"


@pytest.mark.parametrize("option", ["--fix", "--diff", "--unsafe-fixes"])
def test_standard_input_has_no_file_to_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    root = repository(tmp_path / "repository", qa=SMALL)
    monkeypatch.chdir(root)
    before = contents(root)
    assert cli.run(["lint", option, "--stdin-filename", "spec/qa.yaml", "-"]) == 2
    assert capsys.readouterr().err.startswith("chuoigen: standard input (-) has no file to be fixed\n  help: ")
    assert contents(root) == before


def test_the_difference_is_shown_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SMALL + "    environment: { DB_PASSWORD: 1.10, A: true }\n"
    root = repository(tmp_path / "repository", qa=text)
    monkeypatch.chdir(root)
    assert cli.run(["lint", "--diff", "spec/qa.yaml"]) == 1
    output = capsys.readouterr().out
    assert output.startswith("--- a/spec/qa.yaml\n+++ b/spec/qa.yaml\n@@ ")
    assert "1.10" not in output
    assert "-    environment: { DB_PASSWORD: •••, A: true }\n" in output
    assert (root / "spec" / "qa.yaml").read_text(encoding="utf-8") == text
    assert cli.run(["lint", "--fix", "spec/qa.yaml"]) == 1  # the password is left
    assert "1 warning, 2 fixed" in capsys.readouterr().out
    assert cli.run(["lint", "--diff", "spec/qa.yaml"]) == 0
    assert capsys.readouterr().out == ""


def test_machines_get_the_fixes_as_text_for_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SMALL + "    essential: 'true'\n    environment: { DB_PASSWORD: 1.10 }\n"
    monkeypatch.chdir(repository(tmp_path / "repository", qa=text))
    assert cli.run(["lint", "--format", "json", "spec/qa.yaml"]) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    place = {"file": "spec/qa.yaml", "line": 9, "column": 16, "end_line": 9, "end_column": 22}
    assert [one["fixes"] for one in found] == [[{"safe": True, "edits": [{**place, "text": "true"}]}], []]
    assert cli.run(["lint", "--format", "sarif", "spec/qa.yaml"]) == 1
    first, second = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert "fixes" not in second  # it would say what may be a password
    assert first["fixes"] == [
        {
            "description": {"text": "what was meant is clear"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "spec/qa.yaml"},
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 9, "startColumn": 16, "endLine": 9, "endColumn": 22},
                            "insertedContent": {"text": "true"},
                        }
                    ],
                }
            ],
        }
    ]


# --- any spec -------------------------------------------------------------------------------------------------------

# How others write a key of a container, and what they write for a value that means the same.
KEYS = {
    "ports": ("portMappings", "port_mappings"),
    "environment": ("enviroment", "Environment"),
    "healthcheck": ("healthCheck", "health_check"),
    "depends_on": ("dependsOn", "depend_on", "depends-on"),
    "logs": ("logConfiguration", "logging"),
    "mounts": ("mount",),
    "ulimits": ("ulimit",),
    "stop_timeout": ("stopTimeout", "stop_grace_period"),
    "read_only": ("readonlyRootFilesystem", "readOnly"),
    "entrypoint": ("entryPoint",),
    "command": ("Command",),
    "essential": ("esential",),
}


@st.composite
def foreign(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw a clean spec, and the same as somebody writes it who comes from compose or from ECS."""
    right = copy.deepcopy(draw(st.sampled_from(sound())))
    wrong = copy.deepcopy(right)
    for name, container in right["containers"].items():
        other = wrong["containers"][name]
        for index, port in enumerate(container.get("ports", ())):
            if isinstance(port, int) and draw(st.booleans()):
                other["ports"][index] = draw(st.sampled_from([f"{port + 1}:{port}", {"container": port, "host": 9}]))
                container["ports"][index] = port if isinstance(other["ports"][index], str) else {"container": port}
        for variable, value in container.get("environment", {}).items():
            if isinstance(value, str) and value in ("true", "false", ""):
                other["environment"][variable] = {"true": True, "false": False, "": None}[value]
        if isinstance(container.get("essential"), bool) and draw(st.booleans()):
            other["essential"] = str(container["essential"]).lower()
        entries = [(draw(st.sampled_from((key, *KEYS.get(key, ())))), value) for key, value in other.items()]
        wrong["containers"][name] = dict(entries)
    return right, wrong


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(specs=foreign(), layout=st.sampled_from(["block", "flow", "json"]))
def test_a_spec_of_others_becomes_ours(
    tmp_path: Path, specs: tuple[dict[str, Any], dict[str, Any]], layout: str
) -> None:
    right, wrong = specs
    text = (
        json.dumps(wrong)
        if layout == "json"
        else yaml.safe_dump(wrong, default_flow_style=layout == "flow", sort_keys=False)
    )
    path = tmp_path / "qa.yaml"
    path.write_text(text, encoding="utf-8")
    outcome = repair(linted(str(path)), Fixing())
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == right
    assert not [one for one in outcome.diagnostics if one.fix is not None and one.fix.safe]
    again = path.read_bytes()
    assert repair(linted(str(path)), Fixing()).fixed == 0
    assert path.read_bytes() == again
    assert os.listdir(tmp_path) == ["qa.yaml"]  # noqa: PTH208  nothing is left behind


def test_many_fixes_take_no_more_steps_each(tmp_path: Path) -> None:
    path = tmp_path / "qa.yaml"

    def fixed(count: int) -> int:
        path.write_text(SMALL.replace("command: [", f"command: [{'5, ' * count}"), encoding="utf-8")
        return repair(linted(str(path)), Fixing()).fixed

    assert fixed(1000) == 1000
    assert steps(lambda: fixed(1000)) < 11 * steps(lambda: fixed(100))  # 100 if each took as many as all before it
