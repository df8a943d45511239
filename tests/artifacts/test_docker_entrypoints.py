"""Do the entrypoints do their work in the shells of Alpine and Debian, and do it again at a restart?"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.artifacts.docker_specs import MODERN, OLD, files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.needs("shellcheck")
def test_shellcheck_has_nothing_to_say(tmp_path: Path, needs: Callable[[str], str]) -> None:
    for number, (path, content) in enumerate((*files(MODERN).items(), *files(OLD).items())):
        if path.endswith(".sh"):
            script = tmp_path / f"{number}.sh"
            script.write_text(content)
            outcome = run([needs("shellcheck"), str(script)])
            assert (outcome.stdout, outcome.returncode) == ("", 0), path


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={"PATH": "/usr/bin:/bin:/usr/sbin", **environment},
    )


@pytest.fixture(params=["dash", "busybox"])
def shell(request: pytest.FixtureRequest, needs: Callable[[str], str]) -> list[str]:
    path = needs(request.param)
    return [path, "sh"] if request.param == "busybox" else [path]


def script_in(folder: Path, text: str, **places: Path) -> Path:
    """Write a script whose places in the image are folders of the test."""
    for inside, outside in places.items():
        text = text.replace(inside.replace("__", "-").replace("_", "/"), str(outside))
    script = folder / "entrypoint.sh"
    script.write_text(text)
    return script


def test_app_copies_static_files_at_each_start(shell: list[str], tmp_path: Path) -> None:
    source, target = tmp_path / "static", tmp_path / "public"
    (source / "js").mkdir(parents=True)
    (source / "js" / "app.js").write_text("new")
    target.mkdir()
    (target / "old-digest.js").write_text("old")
    script = script_in(tmp_path, files(MODERN)["docker/app/entrypoint.sh"], _web__static=source, _var_app_public=target)
    for _ in range(2):
        outcome = run([*shell, str(script), "echo", "started with", "$HOME"])
        assert (outcome.stdout, outcome.stderr, outcome.returncode) == ("started with $HOME\n", "", 0)
        assert sorted(str(path.relative_to(target)) for path in target.rglob("*")) == [
            "js",
            "js/app.js",
            "old-digest.js",
        ]
    assert (target / "js" / "app.js").read_text() == "new"


def test_app_starts_without_static_files_and_not_without_their_volume(shell: list[str], tmp_path: Path) -> None:
    text = files(MODERN)["docker/app/entrypoint.sh"]
    script = script_in(tmp_path, text, _web__static=tmp_path / "none", _var_app_public=tmp_path / "public")
    outcome = run([*shell, str(script), "echo", "on"])
    assert (outcome.stdout, outcome.returncode) == ("on\n", 0)
    (tmp_path / "none").mkdir()
    outcome = run([*shell, str(script), "echo", "on"])
    assert (outcome.stdout, outcome.returncode) == ("", 73)
    assert outcome.stderr.startswith(f"entrypoint: {tmp_path}/public is missing or not writable for user ")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "server 127.0.0.1:4000 max_fails=0; # APP_SERVER"),
        ({"APP_SERVER": ""}, "server 127.0.0.1:4000 max_fails=0; # APP_SERVER"),
        ({"APP_SERVER": "app"}, "server app:4000 max_fails=0; # APP_SERVER"),
        ({"APP_SERVER": "[fd00::7]"}, "server [fd00::7]:4000 max_fails=0; # APP_SERVER"),
        ({"APP_SERVER": "app;include /etc/passwd"}, None),
        ({"APP_SERVER": "a/b"}, None),
        ({"APP_SERVER": "&"}, None),
        ({"APP_SERVER": "a\nb"}, None),
        ({"APP_SERVER": "$host"}, None),
        ({"APP_SERVER": "[]"}, None),
        ({"APP_SERVER": "-x"}, None),
    ],
)
def test_web_puts_in_the_server_and_nothing_else(
    shell: list[str], tmp_path: Path, given: dict[str, str], line: str | None
) -> None:
    original, final = tmp_path / "original", tmp_path / "final"
    original.write_text(files(MODERN)["docker/web/nginx.conf"])
    text = files(MODERN)["docker/web/entrypoint.sh"]
    text = text.replace("/etc/nginx/nginx.conf", str(original)).replace("/tmp/nginx.conf", str(final))  # noqa: S108 - the place in the image
    (tmp_path / "entrypoint.sh").write_text(text)
    for _ in range(2):
        outcome = run([*shell, str(tmp_path / "entrypoint.sh"), "echo", "started"], **given)
        if line is None:
            assert (outcome.stdout, outcome.returncode) == ("", 64)
            assert outcome.stderr.startswith("entrypoint: APP_SERVER is ")
        else:
            assert (outcome.stdout, outcome.stderr, outcome.returncode) == ("started\n", "", 0)
            before, after = original.read_text().splitlines(), final.read_text().splitlines()
            changed = [now.strip() for was, now in zip(before, after, strict=True) if was != now]
            assert changed == ([] if "127.0.0.1" in line else [line])


def test_log_checks_what_it_needs(shell: list[str], tmp_path: Path) -> None:
    script = script_in(tmp_path, files(MODERN)["docker/log/entrypoint.sh"], _fluentd_state=tmp_path / "state")
    command = [*shell, str(script), "echo", "started"]
    assert "S3_BUCKET: is not set" in run(command, S3_REGION="eu-west-1").stderr
    outcome = run(command, S3_REGION="eu-west-1", S3_BUCKET="b")
    assert (outcome.stdout, outcome.returncode) == ("started\n", 0)
    assert (tmp_path / "state" / "buffer").is_dir()
    (tmp_path / "state" / "buffer").rmdir()
    (tmp_path / "state" / "buffer").write_text("in the way")
    outcome = run(command, S3_REGION="eu-west-1", S3_BUCKET="b")
    assert (outcome.stdout, outcome.returncode) == ("", 73)
