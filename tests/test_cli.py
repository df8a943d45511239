"""The command line as a shell sees it: exit statuses, streams, help, terminals, pipes and Ctrl-C."""

from __future__ import annotations

import errno
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chuoigen import cli
from chuoigen.cli import run
from tests.repository import COMMAND, PARTIAL, ROOT, SMALL, WRONG, chuoigen, contents, environment, repository

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMANDS = (
    "build",
    "lint",
    "import",
    "diff",
    "show",
    "graph",
    "why",
    "report",
    "explain",
    "rules",
    "recipes",
    "schema",
    "init",
)
BUILD_OPTIONS = [
    "--out", "--check", "--force", "--shard", "--jobs", "--stdin-filename", "--skip-others", "--lang", "--help"
]  # fmt: skip
MISTAKE = "spec/qa.yaml:4:59: error[CG101] cpu-memory-pair: "


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with one clean spec, and work in it."""
    where = repository(tmp_path / "my repository", qa=SMALL)
    monkeypatch.chdir(where)
    return where


def spoil(at: Path) -> None:
    (at / "spec" / "qa.yaml").write_text(WRONG, encoding="utf-8")


# Exit statuses, in this process: what a command returns is what the shell gets.


@pytest.mark.parametrize(
    "line",
    [
        "lint",
        "lint spec/qa.yaml",
        "lint --format json",
        "lint --format sarif spec/qa.yaml",
        "lint --select CG1,CG2 --select cpu-memory-pair",
        "build",
        "build --out elsewhere spec/qa.yaml",
        "show spec/qa.yaml",
        "show --format json spec/qa.yaml",
        "graph spec/qa.yaml",
        "graph --format dot spec/qa.yaml spec/qa.yaml",
        "explain CG101",
        "rules",
        "rules --format markdown",
        "schema",
        "init --stage prod",
        "init elsewhere",
        "init --stage prod --recipe nginx",
        "recipes",
        "recipes --format json",
        "--help",
        "-h",
        *(f"{command} --help" for command in COMMANDS),
    ],
)
@pytest.mark.usefixtures("at")
def test_status_0_when_all_is_well(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert run(line.split()) == 0
    streams = capsys.readouterr()
    assert streams.out
    assert streams.err == ""


@pytest.mark.parametrize(
    "line",
    [
        "lint",
        "lint --format github",
        "build",
        "build --check",
        "diff",
        "show spec/qa.yaml",
        "graph spec/qa.yaml",
        "build spec/base.yaml",
    ],
)
def test_status_1_when_something_is_found(at: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    spoil(at)
    (at / "spec" / "base.yaml").write_text(PARTIAL, encoding="utf-8")
    assert run(line.split()) == 1
    streams = capsys.readouterr()
    assert "Traceback" not in streams.out + streams.err
    assert "cpu-memory-pair" in streams.out + streams.err or "partial-spec" in streams.err


@pytest.mark.usefixtures("at")
def test_status_1_when_out_is_not_current() -> None:
    assert run(["diff"]) == 1
    assert run(["build", "--check"]) == 1
    assert run(["build"]) == 0
    assert run(["build", "--check"]) == 0
    assert run(["diff"]) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lint none.yaml", "none.yaml does not exist"),
        ("lint /dev/null", "/dev/null is not a file"),
        ("build none.yaml spec/qa.yaml", "none.yaml does not exist"),
        ("diff none.yaml", "none.yaml does not exist"),
        ("show none.yaml", "none.yaml does not exist"),
        ("graph none.yaml", "none.yaml does not exist"),
        ("graph spec/qa.yaml --against nothing-like-it", "nothing-like-it"),
        ("graph spec/qa.yaml --format png", "--format"),
        ("show", "SPEC"),
        ("explain", "RULE"),
        ("explain no-such-rule", "there is no rule no-such-rule"),
        ("lint --select no-such-rule", "there is no rule no-such-rule"),
        ("lint --format xml", "--format"),
        ("lint --no-such-option", "--no-such-option"),
        ("build --out", "--out"),
        ("bild", "bild"),
        ("show spec/qa.yaml spec/qa.yaml", "spec/qa.yaml"),
        ("init --stage ../qa", '"../qa" cannot be a stage'),
        ("init --stage qa", "spec/qa.yaml exists already"),
        ("init --stage prod --recipe nothing", 'unknown recipe "nothing"'),
    ],
)
@pytest.mark.usefixtures("at")
def test_status_2_with_a_message_and_help(capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    assert run(line.split()) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("chuoigen: ")
    assert "\n  help: " in error
    assert "Traceback" not in error


def test_without_a_command_there_is_help_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    streams = capsys.readouterr()
    assert missing((*COMMANDS, cli.app.info.help), streams.out) == []
    assert streams.err == ""


def test_status_3_for_a_bug_whose_traceback_goes_to_a_file(at: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    program = "from chuoigen.commands import lint; lint.choose = None; from chuoigen.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "lint"],
        cwd=at,
        env=environment(TMPDIR=str(tmp_path / "kept")),
        capture_output=True,
        text=True,
        check=False,
    )
    (report,) = (tmp_path / "kept").iterdir()
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == (
        "chuoigen: this is a bug of chuoigen: TypeError\n"
        f"  help: please report it with {report}; check first that the file contains nothing secret\n"
    )
    assert report.read_text(encoding="utf-8").startswith("Traceback (most recent call last):\n")


# What is said where.


def test_findings_of_lint_are_output_and_those_of_build_are_beside_it(
    at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(at)
    run(["lint"])
    streams = capsys.readouterr()
    assert streams.out.startswith(MISTAKE)
    assert streams.out.endswith("\n1 spec checked: 1 error\n")
    assert streams.err == ""
    run(["build"])
    streams = capsys.readouterr()
    assert streams.out == "spec/qa.yaml: nothing built, because the spec has errors\n"
    assert streams.err.startswith(MISTAKE)


@pytest.mark.parametrize(
    ("arguments", "summary"),
    [
        (["spec/qa.yaml"], "1 spec checked: nothing to report"),
        (["spec/qa.yaml", "./spec/qa.yaml", "spec/wrong.yaml"], "2 specs checked: 1 error, 1 warning"),
        (["spec/none.yaml"], "0 specs checked: 1 file not read"),
    ],
)
def test_the_last_line_of_lint_sums_up(
    at: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], summary: str
) -> None:
    (at / "spec" / "wrong.yaml").write_text(WRONG.replace(":1.37.0", ":latest"), encoding="utf-8")
    run(["lint", *arguments])
    assert capsys.readouterr().out.splitlines()[-1] == summary


def test_json_is_whole_when_a_file_is_missing(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(at)
    assert run(["lint", "--format", "json", "none.yaml", "spec/qa.yaml"]) == 2
    streams = capsys.readouterr()
    assert [one["rule"] for one in json.loads(streams.out)["diagnostics"]] == ["cpu-memory-pair"]
    assert streams.err.startswith("chuoigen: none.yaml does not exist\n")


def test_build_without_arguments_takes_the_folder_and_passes_over_what_is_partial(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(PARTIAL, encoding="utf-8")
    (at / "spec" / "prod.yaml").write_text("extends: base.yaml\nstage: prod\n", encoding="utf-8")
    done = chuoigen("build", cwd=at)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["out/prod", "out/qa"]


def test_one_spec_that_fails_does_not_stop_the_others(at: Path) -> None:
    (at / "spec" / "a.yaml").write_text(WRONG, encoding="utf-8")
    (at / "spec" / "b.yaml").write_bytes(b"\xff\x00")
    done = chuoigen("build", cwd=at)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("out/qa: ")
    assert sorted(path.name for path in (at / "out").iterdir()) == ["qa"]


def test_two_specs_with_one_output_folder(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (at / "spec" / "qa.yml").write_text(SMALL, encoding="utf-8")
    assert run(["build"]) == 2
    assert capsys.readouterr().err == (
        "chuoigen: spec/qa.yaml and spec/qa.yml would both be built into out/qa\n  help: rename one of the files\n"
    )


def test_a_hand_edited_file_needs_force(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["build"])
    (at / "out" / "qa" / "README.md").write_text("mine\n", encoding="utf-8")
    assert run(["build", "--check"]) == 1
    assert "\n  README.md: edited by hand\n" in capsys.readouterr().out
    assert run(["build"]) == 2
    assert "edited afterwards: README.md\n" in capsys.readouterr().err
    assert (at / "out" / "qa" / "README.md").read_text(encoding="utf-8") == "mine\n"
    assert run(["build", "--force"]) == 0


# Files as they come.


def test_paths_with_spaces_and_windows_line_ends(tmp_path: Path) -> None:
    at = repository(tmp_path / "a repository")
    (at / "spec" / "the qa.yaml").write_bytes(WRONG.replace("\n", "\r\n").encode())
    done = chuoigen("lint", "spec/the qa.yaml", cwd=at)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("spec/the qa.yaml:4:59: error[CG101] cpu-memory-pair: ")
    assert lines[1] == "    4 | task: { execution_role: echo-execution, cpu: 256, memory: 4096 }"
    assert lines[2] == "      |" + " " * 59 + "^^^^"
    (at / "spec" / "the qa.yaml").write_bytes(SMALL.replace("\n", "\r\n").encode())
    assert chuoigen("build", "spec/the qa.yaml", cwd=at).returncode == 0
    for path, data in contents(at / "out" / "the qa").items():
        assert b"\r" not in data, path


def test_a_file_that_cannot_be_opened(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (at / "spec" / "loop.yaml").symlink_to("loop.yaml")
    assert run(["lint", "spec/loop.yaml"]) == 2
    assert "spec/loop.yaml cannot be read: " in capsys.readouterr().err


NOBODY = """\
import os, sys
from chuoigen import cli
from chuoigen.cli import run
for words in ("lint", "lint none.yaml", "build --out warm", "init warm", "init warm"):
    run(words.split())
os.chmod(sys.argv[2], int(sys.argv[3], 8))
if os.geteuid() == 0:
    os.seteuid(65534)
os.write(2, b"----\\n")
sys.exit(run(sys.argv[1].split()))
"""
"""What a user without rights sees: everything is loaded before root, if it is root, becomes nobody."""


@pytest.mark.parametrize(
    ("line", "path", "mode", "said"),
    [
        ("lint", "spec/qa.yaml", "0", "spec/qa.yaml cannot be read: {denied}"),
        ("build", "out", "555", "cannot write {at}/out/qa: {denied}"),
        ("lint spec/qa.yaml", "spec", "0", "spec/qa.yaml cannot be read: {denied}"),
        ("init --stage prod", "spec", "555", "spec/prod.yaml cannot be written: {denied}"),
    ],
)
def test_what_may_not_be_read_or_written(line: str, path: str, mode: str, said: str) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        os.chmod(name, 0o755)  # noqa: PTH101, S103
        at = repository(Path(name) / "repository", qa=SMALL)
        (at / "out").mkdir()
        done = subprocess.run(
            [sys.executable, "-c", NOBODY, line, path, mode],
            cwd=at,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        (at / path).chmod(0o755)
        assert done.returncode == 2
        assert done.stderr.partition("----\n")[2].startswith(
            f"chuoigen: {said.format(at=at, denied=os.strerror(errno.EACCES))}"
        )
        assert "\n  help: " in done.stderr
        assert not (at / "out" / "qa").exists()


@pytest.mark.parametrize("verb", ["lint", "build", "diff", "show"])
@pytest.mark.parametrize("name", ["a" * 5000, "a/" * 3000 + "qa.yaml", "", "a\0b"])
@pytest.mark.usefixtures("at")
def test_a_path_that_no_system_takes(capsys: pytest.CaptureFixture[str], verb: str, name: str) -> None:
    assert run([verb, name]) == 2
    assert capsys.readouterr().err.startswith("chuoigen: ")


def test_an_output_folder_that_cannot_be_made(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (at / "out").write_text("mine\n", encoding="utf-8")
    assert run(["build"]) == 2
    assert capsys.readouterr().err.startswith(f"chuoigen: {at}/out is not a folder")
    assert (at / "out").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_an_encoding_that_lacks_a_character_is_no_bug(at: Path, encoding: str) -> None:
    (at / "spec" / "日本.yaml").write_text(SMALL.replace("name: echo", "name: 日本"), encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "lint", "spec/日本.yaml", "spec/無.yaml"],
        cwd=at,
        env=environment(PYTHONIOENCODING=encoding),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    expected = "spec/日本.yaml" if encoding == "utf-8" else r"spec/\u65e5\u672c.yaml"
    assert done.stdout.decode(encoding).startswith(expected)


def test_a_name_that_is_not_text_is_no_bug(at: Path) -> None:
    name = os.fsencode(at / "spec") + b"/\xff.yaml"
    with open(name, "wb") as file:  # noqa: PTH123  a path as bytes
        file.write(SMALL.encode())
    assert chuoigen("lint", cwd=at).returncode == 0
    done = chuoigen("build", cwd=at)
    assert done.returncode == 2
    assert done.stderr.startswith(r"chuoigen: spec/\udcff.yaml cannot be built: ")
    assert (at / "out" / "qa" / "README.md").is_file()


# Streams that end.


def full(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    with open("/dev/full", "w", encoding="utf-8") as stream:  # noqa: PTH123
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=cwd,
            env=environment(),
            stdout=stream,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
@pytest.mark.parametrize("line", ["lint", "rules", "schema", "--help"])
def test_a_full_disk_behind_the_output_is_said_once(at: Path, line: str) -> None:
    done = full(at, *line.split())
    assert done.returncode == 2
    assert done.stderr == (
        f"chuoigen: the output cannot be written: {os.strerror(errno.ENOSPC)}\n"
        "  help: free some disk space, or write the output elsewhere\n"
    )


@pytest.mark.parametrize("line", ["lint", "rules", "show spec/qa.yaml", "lint none.yaml", "schema", "diff"])
@pytest.mark.parametrize("closing", ["| head -n 1", "2>&1 | head -n 1", "2>&1 | true", ">&-", "2>&-", ">&- 2>&-"])
def test_a_reader_that_leaves_and_streams_that_are_closed(at: Path, line: str, closing: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m chuoigen {line} {closing}', sys.executable],
        cwd=at,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    for word in ("Traceback", "Exception ignored", "BrokenPipe", "bug of chuoigen"):
        assert word not in said


def test_python_dash_m_and_the_installed_command_are_one(at: Path) -> None:
    program = "import sys; sys.argv[0] = 'chuoigen'; from chuoigen.__main__ import main; main()"
    installed = subprocess.run(
        [sys.executable, "-c", program, "build", "--help"], cwd=at, env=environment(), capture_output=True, check=False
    )
    assert installed.stdout.decode() == chuoigen("build", "--help", cwd=at).stdout


# Help and completion.


def missing(words: Iterable[object], text: str) -> list[object]:
    """Return which of our own words are not in a help text, wherever its parser puts them and breaks lines."""
    flat = " ".join(text.split())
    return [word for word in words if str(word) not in flat]


def test_help_lists_every_command_and_the_exit_statuses() -> None:
    text = chuoigen("--help", cwd=ROOT).stdout
    statuses = (
        "Exit status: 0 clean, 1 findings or a difference, 2 wrong usage or unreadable input, 3 a bug, 130 interrupted."
    )
    assert missing((*COMMANDS, statuses), text) == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("build", ["SPEC", "--out", "DIR", "--check", "--force", "Write nothing; say what is not current"]),
        (
            "lint",
            [
                "SPEC",
                "--format",
                "text",
                "json",
                "github",
                "gitlab",
                "sarif",
                "--select",
                "RULE",
                "--ignore",
                "Not these",
            ],
        ),
        ("diff", ["SPEC", "--out", "DIR", "as a unified diff"]),
        ("show", ["SPEC", "--format", "text", "json", "where each came from"]),
        ("explain", ["RULE", "A rule's name or code, or how codes begin (CG3)."]),
        ("rules", ["--format", "text", "json", "markdown"]),
        ("recipes", ["--format", "text", "json", "what each generates"]),
        ("schema", ["JSON Schema of the language"]),
        ("init", ["DIR", "--stage", "NAME", "qa", "--recipe", "Nothing is ever overwritten."]),
    ],
)
def test_help_of_each_command(capsys: pytest.CaptureFixture[str], command: str, words: list[str]) -> None:
    assert run([command, "--help"]) == 0
    assert missing((command, *words), capsys.readouterr().out) == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_whole_at_80_columns(command: str) -> None:
    text = chuoigen(*command.split(), "--help", cwd=ROOT, COLUMNS="80").stdout
    assert [line for line in text.splitlines() if len(line) > 80] == []
    cut = [line for line in text.splitlines() if line.rstrip().endswith("...") and not line.startswith("Usage:")]
    assert cut == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_of_each_shell_is_printed(at: Path, shell: str) -> None:
    done = chuoigen(
        "--show-completion", shell, cwd=at, SHELL=f"/bin/{shell}", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"
    )
    assert done.returncode == 0, done.stderr
    assert "_CHUOIGEN_COMPLETE" in done.stdout
    if shell == "bash":
        assert subprocess.run(["bash", "-n", "-c", done.stdout], check=False).returncode == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("chuoigen ", list(COMMANDS)),
        ("chuoigen li", ["lint"]),
        ("chuoigen lint --f", ["--format", "--fix"]),
        ("chuoigen lint --fo", ["--format"]),
        ("chuoigen lint --select cpu-m", ["cpu-memory-pair"]),
        ("chuoigen lint --ignore CG101", ["CG101"]),
        ("chuoigen explain host-port-d", ["host-port-differs"]),
        ("chuoigen lint --format s", ["sarif"]),
        ("chuoigen build --", BUILD_OPTIONS),
    ],
)
@pytest.mark.parametrize("arguments", [(), ("lint",)])
def test_the_shell_is_answered(at: Path, words: str, expected: list[str], arguments: tuple[str, ...]) -> None:
    done = chuoigen(
        *arguments,
        cwd=at,
        _CHUOIGEN_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == expected


# A terminal.


def on_terminal(cwd: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    """Run with a terminal for all three streams; return the status and what the terminal got."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**{"TERM": "xterm", **changes}),
        stdin=there,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    received = b""
    while True:
        if here not in select.select([here], [], [], 30)[0]:
            process.kill()
            break
        try:
            data = os.read(here, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not data:
            break
        received += data
    os.close(here)
    return process.wait(), received.decode()


def test_a_terminal_gets_colours_and_a_pipe_does_not(at: Path) -> None:
    spoil(at)
    status, text = on_terminal(at, "lint")
    assert status == 1
    assert "\x1b[" in text
    assert "\x1b[" not in chuoigen("lint", cwd=at).stdout
    assert "\x1b[" in on_terminal(at, "build")[1]


@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("line", ["lint", "lint --select CG1", "diff", "build"])
def test_no_color_and_dumb_terminals_are_respected(at: Path, changes: dict[str, str], line: str) -> None:
    spoil(at)
    _, text = on_terminal(at, *line.split(), **changes)
    assert "cpu-memory-pair" in text
    assert "\x1b[" not in text


def test_a_diff_is_coloured_on_a_terminal(at: Path) -> None:
    assert chuoigen("build", cwd=at).returncode == 0
    (at / "spec" / "qa.yaml").write_text(SMALL.replace("sleep 60", "sleep 61"), encoding="utf-8")
    status, text = on_terminal(at, "diff", "--files")
    assert status == 1
    assert "\x1b[31m-" in text
    assert "\x1b[32m+" in text
    assert "\x1b" not in chuoigen("diff", "--files", cwd=at).stdout


def test_many_specs_show_how_far_they_are_on_a_terminal_only(at: Path) -> None:
    for name in ("a", "b"):
        (at / "spec" / f"{name}.yaml").write_text(SMALL, encoding="utf-8")
    for verb in ("lint", "build"):
        status, text = on_terminal(at, verb)
        assert status == 0
        assert "[1/3] spec/a.yaml" in text
        assert "[3/3] spec/qa.yaml" in text
        lines = text.replace("\r\n", "\n").split("\r\x1b[K")
        assert lines[-1] == ("3 specs checked: nothing to report\n" if verb == "lint" else "")
        assert "[3/3]" not in chuoigen(verb, cwd=at).stderr
    assert "[1/1]" not in on_terminal(at, "lint", "spec/a.yaml")[1]


# Ctrl-C.


@pytest.mark.slow
@pytest.mark.parametrize(("jobs", "group"), [("1", False), ("2", False), ("2", True)])
def test_ctrl_c_ends_with_130_and_leaves_nothing_half_written(tmp_path: Path, jobs: str, group: bool) -> None:
    at = repository(tmp_path / "repository", **{f"s{number:03}": SMALL for number in range(200)})
    whole = repository(tmp_path / "whole", s000=SMALL)
    assert chuoigen("build", cwd=whole).returncode == 0
    files = set(contents(whole / "out" / "s000"))
    process = subprocess.Popen(
        [*COMMAND, "build", "--jobs", jobs],
        cwd=at,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while len(list((at / "out").glob("*/manifest.json"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    (os.killpg if group else os.kill)(process.pid, signal.SIGINT)  # a terminal sends it to all processes of a command
    _, err = process.communicate(timeout=30)  # which ends when nobody has these streams any more
    assert (process.returncode, err) == (130, "\ninterrupted\n")
    built = sorted((at / "out").iterdir())
    assert 3 <= len(built) < 200
    for folder in built:
        assert set(contents(folder)) == files
    assert chuoigen("build", cwd=at).returncode == 0
    assert all(set(contents(folder)) == files for folder in (at / "out").iterdir())


@pytest.mark.parametrize("delay", [0.02, 0.05, 0.08, 0.12, 0.2])
def test_ctrl_c_while_starting_shows_no_traceback(at: Path, delay: float) -> None:
    program = "import os, sys; from chuoigen.__main__ import main; os.write(1, b'.'); main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "build"],
        cwd=at,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert os.read(process.stdout.fileno(), 1) == b"."
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert "Traceback" not in err


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"chuoigen {version('chuoigen')}\n"
