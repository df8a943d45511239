"""What the recipe python decides: by which files, for which process, and what its Dockerfile says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.compiler import judge, render
from chuoigen.inputs.load import load
from chuoigen.recipes.python import facts

if TYPE_CHECKING:
    from pathlib import Path

    from chuoigen.plan.model import Plan

ABOVE = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
"""


def planned(folder: Path, containers: str, task: str = "cpu: 1024, memory: 2048") -> Plan:
    (folder / ".git").mkdir(exist_ok=True)
    spec = folder / "spec.yaml"
    spec.write_text(f"{ABOVE}task: {{ {task}, execution_role: shop }}\n{containers}", encoding="utf-8")
    plan = judge(load(spec)).plan
    assert plan is not None
    return plan


def dockerfile(folder: Path, build: str = "", keys: str = "ports: [8000]", above: str = "") -> str:
    container = f'{{ build: {{ recipe: python, application: "shop.wsgi:app", {build} }}, {keys} }}'
    tree = render(planned(folder, f"{above}containers:\n  app: {container}\n"))
    return tree["docker/app/Dockerfile"].text.replace(" \\\n    ", " ")


def test_pip_gets_the_files_that_requirements_name(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements.txt").write_text("-r requirements/web.txt\n--constraint=pins.txt\n-r ../outside.txt\n")
    (tmp_path / "requirements" / "web.txt").write_text("-r base.txt # shared\ngunicorn==27.0.1\n-r web.txt\n")
    said = dockerfile(tmp_path)
    copied = [line for line in said.splitlines() if line.startswith("COPY ") and ".txt" in line]
    assert copied == [
        "COPY requirements.txt requirements.txt",
        "COPY requirements/web.txt requirements/web.txt",
        "COPY requirements/base.txt requirements/base.txt",
        "COPY pins.txt pins.txt",
    ]
    assert "pip --python /venv/bin/python install --no-cache-dir --requirement requirements.txt" in said


@pytest.mark.parametrize(
    ("lock", "tool", "command"),
    [
        ("uv.lock", "uv==0.13.9", "/opt/tool/bin/uv sync --locked --no-dev --no-install-project --no-cache"),
        ("poetry.lock", "poetry==2.5.1", "/opt/tool/bin/poetry install --only main --no-root --compile --no-cache"),
    ],
)
def test_uv_and_poetry_install_what_is_locked(tmp_path: Path, lock: str, tool: str, command: str) -> None:
    for name in ("pyproject.toml", lock):
        (tmp_path / name).write_text("# read by others\n")
    said = dockerfile(tmp_path)
    assert f"COPY pyproject.toml pyproject.toml\nCOPY {lock} {lock}\n" in said
    assert f"python3 -m venv /opt/tool && /opt/tool/bin/pip install --no-cache-dir {tool} &&" in said
    assert command in said
    assert said.index(command) < said.index("COPY . .")


@pytest.mark.parametrize(
    ("file", "written", "image"),
    [
        (None, "", "python:3.14.8-slim-trixie"),
        ("3.12\n", "", "python:3.12.14-slim-trixie"),
        ("3.11.9\n", "", "python:3.11.16-slim-trixie"),
        ("pypy3.10\n", "", "python:3.14.8-slim-trixie"),
        ("3.12\n", 'python: "3.13"', "python:3.13.15-slim-trixie"),
        ("3.12\n", "base: 'example.com/python:1'", "example.com/python:1"),
    ],
)
def test_both_stages_stand_on_the_same_image(tmp_path: Path, file: str | None, written: str, image: str) -> None:
    if file is not None:
        (tmp_path / ".python-version").write_text(file)
    bases = [line for line in dockerfile(tmp_path, written).splitlines() if line.startswith("FROM ")]
    assert bases == [f"FROM {image} AS builder", f"FROM {image}"]


def test_collectstatic_gets_dummies_and_the_settings_of_the_container(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("")
    assert "collectstatic" in dockerfile(tmp_path)
    assert "collectstatic" not in dockerfile(tmp_path, "collectstatic: false")
    keys = (
        "environment: { DJANGO_SETTINGS_MODULE: shop.prod, OTHER: x }, "
        "secrets: { DJANGO_SECRET_KEY: { ssm: /a }, DATABASE_URL: { ssm: /b } }"
    )
    said = dockerfile(tmp_path, "collectstatic_environment: { DATABASE_URL: 'sqlite://:memory:' }", keys)
    line = next(line for line in said.splitlines() if "collectstatic --noinput" in line)
    variables = dict(word.split("=", 1) for word in line.split(" python ")[0].removeprefix("RUN ").split())
    assert variables == {
        "SECRET_KEY": "only-while-the-image-is-built",
        "DJANGO_SECRET_KEY": "only-while-the-image-is-built",
        "DJANGO_SETTINGS_MODULE": "shop.prod",
        "DATABASE_URL": "sqlite://:memory:",
    }
    assert "ENV SECRET_KEY" not in said


@pytest.mark.parametrize(
    ("build", "keys", "command"),
    [
        (
            "",
            "ports: [9000], stop_timeout: 60s",
            (
                "gunicorn shop.wsgi:app --bind 0.0.0.0:9000 --threads 4 --worker-tmp-dir /dev/shm --keep-alive 75"
                " --graceful-timeout 55 --access-logfile -"
            ),
        ),
        (
            "server: uvicorn, keep_alive: 100s",
            "ports: [80]",
            "uvicorn shop.wsgi:app --host 0.0.0.0 --port 80 --timeout-keep-alive 100 --timeout-graceful-shutdown 25",
        ),
        ("celery: worker", "cpu: 256", "celery --app shop.wsgi:app worker --loglevel INFO"),
        ("celery: worker, workers: 3", "cpu: 256", "celery --app shop.wsgi:app worker --loglevel INFO --concurrency 3"),
        (
            "celery: beat",
            "cpu: 256",
            "celery --app shop.wsgi:app beat --loglevel INFO --schedule /tmp/celerybeat-schedule",
        ),
    ],
)
def test_what_a_container_runs(tmp_path: Path, build: str, keys: str, command: str) -> None:
    listed = ", ".join(f'"{word}"' for word in command.split())
    assert dockerfile(tmp_path, build, keys).splitlines()[-1] == f"CMD [{listed}]"


@pytest.mark.parametrize(
    ("task", "build", "workers"),
    [
        ("cpu: 256, memory: 512", "", "2"),
        ("cpu: 1024, memory: 2048", "", "3"),
        ("cpu: 2048, memory: 4096", "", "5"),
        ("cpu: 4096, memory: 8192", "server: uvicorn", "4"),
        ("cpu: 256, memory: 512", "server: uvicorn", "1"),
        ("cpu: 256, memory: 512", "workers: 7", "7"),
        ("cpu: 1024, memory: 2048", "celery: worker", None),
    ],
)
def test_how_many_workers_there_are(tmp_path: Path, task: str, build: str, workers: str | None) -> None:
    text = f"containers:\n  app: {{ build: {{ recipe: python, application: 'a:b', {build} }} }}\n"
    assert planned(tmp_path, text, task).containers["app"].environment.get("WEB_CONCURRENCY") == workers


def test_nginx_gives_up_a_connection_first(tmp_path: Path) -> None:
    text = (
        "containers:\n"
        "  app: { build: { recipe: python, application: 'a:b', keep_alive: 20s }, ports: [8000] }\n"
        "  web: { build: { recipe: nginx, upstream: app }, ports: [80] }\n"
    )
    assert "        keepalive_timeout 19s;\n" in render(planned(tmp_path, text))["docker/web/nginx.conf"].text


def test_the_ends_of_life_are_those_of_the_devguide() -> None:
    ends = {version: entry.base.product_end for version, entry in facts.RELEASES.items()}
    assert ends == {f"3.{minor}": f"{2016 + minor}-10-31" for minor in range(10, 15)}
    assert [version for version, entry in facts.RELEASES.items() if entry.base.retired] == ["3.10"]
