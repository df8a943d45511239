"""What holds for every spec: text is data or a diagnostic, a build is the same everywhere, and a kill breaks nothing."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chuoigen.commands.build import build
from chuoigen.commands.diff import diff
from chuoigen.compiler import Judged, judge, render
from chuoigen.inputs.load import load
from chuoigen.report import as_github, as_gitlab, as_json, as_sarif, as_text
from chuoigen.report.outcome import Status, sources_of
from chuoigen.report.view import View
from chuoigen.rules import ALL
from chuoigen.yaml.nodes import MAX_DEPTH
from tests.laws.mutations import mutated, nearly_sound, sound
from tests.repository import COMMAND, ROOT, SMALL, chuoigen, contents, environment, repository

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of a spec in a repository with the files that the specs of tests/cases name."""
    folder = tmp_path_factory.mktemp("laws")
    for path in (".git", "app"):
        (folder / path).mkdir()
    for path in ("Dockerfile", "app/Dockerfile"):
        (folder / path).write_text("FROM scratch\n", encoding="utf-8")
    return folder / "qa.yaml"


def judged(spec: Path, data: bytes | dict[str, Any]) -> Judged:
    """Write a spec, judge it, and look at all that is said of it: nothing of that may fail."""
    spec.write_bytes(data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode())
    found = judge(load(spec))
    lines = spec.read_bytes().decode("utf-8", "replace").splitlines() or [""]
    for one in found.diagnostics:
        assert one.message
        assert 1 <= one.span.line <= one.span.end_line <= len(lines) + 1
        assert one.span.column >= 1
    view = View(sources_of([found.loaded]))
    as_text.render(found.diagnostics, view=view, colour=False)
    json.loads(as_json.render(found.diagnostics, view=view))
    json.loads(as_sarif.render(found.diagnostics, ALL, view=view))
    as_github.render(found.diagnostics, view=view).encode()
    as_gitlab.render(found.diagnostics, view=view).encode()
    return found


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(data=b"\xff\xfe")
@example(data=b"a: &x [*x]")
@example(data=b"a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]")
@example(data=b"[" * (MAX_DEPTH + 1))
@example(data=b'extends: "\\0"\n')
@example(data=b"extends: " + b"a/" * 4000)
@example(data=b"extends: .\n")
@example(data=b"chuoigen: 1\nname: " + b"9" * 100)
def test_any_bytes_are_data_or_a_diagnostic(spec: Path, data: bytes) -> None:
    found = judged(spec, data)
    assert found.diagnostics or found.plan is not None


def test_a_wrong_item_of_a_list_does_not_keep_the_rest_from_being_judged(spec: Path) -> None:
    text = SMALL.replace("command:", "privileged: true\n    restart: { ignored_exit_codes: [sh] }\n    command:")
    found = judged(spec, text.encode())
    assert [(one.rule, one.span.line) for one in found.diagnostics] == [
        ("privileged-container", 8),
        ("invalid-value", 9),
    ]


@settings(max_examples=300)
@given(data=mutated())
def test_any_mixture_of_specs_is_judged(spec: Path, data: dict[str, Any]) -> None:
    found = judged(spec, data)
    assert found.diagnostics or found.plan is not None


@settings(max_examples=250)
@given(data=nearly_sound())
def test_what_lint_lets_through_can_be_built(spec: Path, data: dict[str, Any]) -> None:
    found = judged(spec, data)
    if not found.refused:
        assert found.plan is not None
        tree = render(found.plan)
        assert all(artifact.text.endswith("\n") and "\r" not in artifact.text for artifact in tree.values())


@pytest.mark.parametrize("data", sound(), ids=lambda data: f"{data['name']}-{data.get('stage')}")
def test_the_specs_that_are_changed_a_little_can_be_built_as_they_are(spec: Path, data: dict[str, Any]) -> None:
    assert not judged(spec, data).refused


def test_the_diff_of_a_build_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository"))
    files = ["spec/qa.yaml", "spec/prod.yaml", "spec/chuoi-2018.yaml"]
    assert build(files).status == Status.CLEAN
    again = diff(files)
    assert (again.text, again.found) == ("", False)
    assert build(files, check=True).status == Status.CLEAN


def test_a_build_is_the_same_whatever_is_around_it(tmp_path: Path) -> None:
    here = repository(tmp_path / "here")
    there = repository(tmp_path / "over there" / "日本")
    arguments = ("build", "spec/qa.yaml", "spec/prod.yaml", "spec/chuoi-2018.yaml")
    first = chuoigen(*arguments, cwd=here, PYTHONHASHSEED="0", LC_ALL="C", TZ="UTC")
    surroundings = {
        "PYTHONHASHSEED": "4711",
        "LC_ALL": "C.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Pacific/Kiritimati",
        "PYTHONUTF8": "0",
    }
    others = (f"../spec/{name.rpartition('/')[2]}" for name in arguments[1:])
    (there / "deep").mkdir()
    second = chuoigen("build", *others, cwd=there / "deep", **surroundings, COLUMNS="20", USER="x", HOSTNAME="y")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert contents(here / "out") == contents(there / "out")
    modes = [
        {path.relative_to(where / "out").as_posix(): path.stat().st_mode for path in (where / "out").rglob("*")}
        for where in (here, there)
    ]
    assert modes[0] == modes[1]


def test_what_is_said_is_the_same_whatever_is_around_it() -> None:
    files = [
        "spec/qa.yaml",
        "spec/chuoi-2018.yaml",
        *sorted(str(path) for path in Path("tests/cases").glob("bad-*/spec.yaml")),
    ]
    said = {
        chuoigen("lint", "--format", "json", *files, cwd=ROOT, PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone).stdout
        for seed, locale, zone in (
            ("0", "C", "UTC"),
            ("1", "C.UTF-8", "Asia/Tokyo"),
            ("2", "POSIX", "America/New_York"),
        )
    }
    assert len(said) == 1


def versions() -> Iterator[str]:
    """Yield two specs in turn whose builds differ in nearly every file."""
    while True:
        yield (ROOT / "spec" / "qa.yaml").read_text(encoding="utf-8")
        yield SMALL


@pytest.mark.slow
def test_a_build_that_is_killed_leaves_each_file_old_or_new(tmp_path: Path) -> None:
    at = repository(tmp_path / "repository")
    qa, out = at / "spec" / "qa.yaml", at / "out" / "qa"
    texts = versions()
    whole = []
    for _ in range(2):
        qa.write_text(next(texts), encoding="utf-8")
        started = time.monotonic()
        assert chuoigen("build", "spec/qa.yaml", cwd=at).returncode == 0
        duration = time.monotonic() - started
        whole.append(contents(out))
    chance = random.Random(20181123)  # noqa: S311
    interrupted = 0
    for _ in range(10):
        qa.write_text(next(texts), encoding="utf-8")
        process = subprocess.Popen(
            [*COMMAND, "build", "spec/qa.yaml"], cwd=at, env=environment(), stdout=subprocess.DEVNULL
        )
        time.sleep(duration * chance.uniform(0.5, 1.05))
        process.send_signal(signal.SIGKILL)
        interrupted += process.wait() == -signal.SIGKILL
        for path, data in contents(out).items():
            if not path.startswith(".chuoigen-"):
                assert data in (whole[0].get(path), whole[1].get(path)), path
    assert interrupted
    for expected in whole:
        qa.write_text(next(texts), encoding="utf-8")
        done = chuoigen("build", "spec/qa.yaml", cwd=at)
        assert (done.returncode, done.stderr) == (0, "")
        assert contents(out) == expected
