"""Rules about Python applications, where pages show only one case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic

    Reported = Callable[[str], list[str]]
    Diagnose = Callable[[str], tuple[Diagnostic, ...]]

NETWORK = """\
network:
  vpc: vpc-0123456789abcdef0
  subnets:
    private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    public: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
  allow:
    - { from: internet, to: alb, ports: [80] }
    - { from: alb, to: app }
"""


def python(build: str = "", keys: str = "ports: [8000]") -> str:
    return f'containers:\n  app: {{ build: {{ recipe: python, application: "shop.wsgi", {build} }}, {keys} }}\n'


def balanced(build: str = "", command: str = "", idle: str = "") -> str:
    target = f"load_balancer: {{ target: app, healthcheck: /health{idle} }}\n"
    return python(build, f"ports: [8000]{command}") + NETWORK + target


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((), []),
        (("README.md",), []),
        (("pyproject.toml",), ["python-lock-file"]),
        (("manage.py",), ["python-lock-file"]),
        (("Pipfile",), ["python-lock-file"]),
        (("requirements.txt",), []),
        (("pyproject.toml", "uv.lock"), []),
        (("pyproject.toml", "poetry.lock"), []),
        (("poetry.lock", "requirements.txt"), ["python-lock-file"]),
        (("uv.lock", "poetry.lock", "requirements.txt"), ["python-lock-file"]),
    ],
)
def test_one_lock_file(reported: Reported, tmp_path: Path, files: tuple[str, ...], expected: list[str]) -> None:
    for name in files:
        (tmp_path / name).write_text("# empty\n")
    assert reported(python()) == expected


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("[python, manage.py, migrate]", "manage.py migrate"),
        ('[sh, -c, "alembic upgrade head && exec gunicorn shop.wsgi"]', "alembic upgrade"),
        ("[flask, db, upgrade]", "flask db upgrade"),
        ("[python, manage.py, check]", None),
        ("[python, manage.py, migrate_customers]", None),
    ],
)
def test_migrations_are_not_run_by_each_task(diagnose: Diagnose, command: str, found: str | None) -> None:
    said = diagnose(python(keys=f"ports: [8000], command: {command}"))
    assert [each.rule for each in said] == (["python-migrate-at-start"] if found else [])
    assert all(f"`{found}`" in str(each.message) for each in said)


@pytest.mark.parametrize(
    ("build", "fits"),
    [
        ("application: shop.wsgi", True),
        ("application: 'shop.wsgi:application'", True),
        ("application: 'shop:create_app(\"prod\")'", True),
        ("application: shop/wsgi.py", False),
        ("application: 'shop.wsgi:'", False),
        ("server: uvicorn, application: 'shop.asgi:app'", True),
        ("server: uvicorn, application: shop.asgi", False),
        ("celery: worker, application: shop", True),
        ("celery: worker, application: 'shop.celery:app'", True),
        ("celery: worker, application: shop worker", False),
    ],
)
def test_the_application_is_written_as_its_program_reads_it(reported: Reported, build: str, fits: bool) -> None:
    text = f"containers:\n  app: {{ build: {{ recipe: python, {build} }}, stop_timeout: 60s }}\n"
    assert reported(text) == ([] if fits else ["python-application-format"])


def test_an_application_is_no_option(reported: Reported) -> None:
    text = "containers:\n  app: { build: { recipe: python, application: --help }, command: [gunicorn, shop] }\n"
    assert reported(text) == ["leading-hyphen"]


@pytest.mark.parametrize(
    ("build", "command", "idle", "kept"),
    [
        ("", "", "", None),
        ("keep_alive: 60s", "", ", idle_timeout: 60s", 60),
        ("keep_alive: 61s", "", ", idle_timeout: 60s", None),
        ("keep_alive: 60s", "", "", None),  # the load balancer then keeps them for 55 s
        ("keep_alive: 40s", "", "", 40),
        ("", "", ", idle_timeout: 120s", 75),
        ("keep_alive: 130s", "", ", idle_timeout: 120s", None),
        ("", ", command: [gunicorn, shop.wsgi]", "", None),  # its sync worker keeps none
        ("", ", command: [gunicorn, --threads, '4', shop.wsgi]", "", 2),
        ("", ', command: [sh, -c, "exec gunicorn shop.wsgi -k gevent --keep-alive 5"]', "", 5),
        ("", ", command: [gunicorn, --threads=2, --keep-alive=70, shop.wsgi]", "", None),
        ("", ", command: [gunicorn, -c, gunicorn.conf.py, shop.wsgi]", "", None),
        ("", ', command: [/venv/bin/uvicorn, "shop:app"]', "", 5),
        ("", ', command: [uvicorn, "shop:app", --timeout-keep-alive, "90"]', "", None),
        ("", ", command: [hypercorn, shop]", "", 5),
        ("", ", command: [daphne, shop]", "", None),
    ],
)
def test_the_server_keeps_connections_longer_than_the_load_balancer(
    diagnose: Diagnose, build: str, command: str, idle: str, kept: int | None
) -> None:
    said = [each for each in diagnose(balanced(build, command, idle)) if each.rule != "loopback-listener"]
    assert [each.rule for each in said] == ([] if kept is None else ["short-keep-alive"])
    assert all(f"idle for {kept} s" in str(each.message) for each in said)


def beat(service: str, *, other: str = "", build: str = "celery: beat") -> str:
    network = NETWORK.partition("  allow")[0]
    text = (
        f"containers:\n  app: {{ build: {{ recipe: python, application: shop, {build} }}, stop_timeout: 60s }}\n{other}"
    )
    return f"{text}{network}service: {{ {service} }}\n"


ONE_AFTER_THE_OTHER = "deployment: { minimum_healthy_percent: 0, maximum_percent: 100 }"
SCALED = "autoscaling: { min: 1, max: 3, cpu: 70 }"
SECOND = "  second: { build: { recipe: python, image_of: app, application: shop, celery: beat } }\n"
IN_A_WORKER = "  second: { build: { recipe: python, image_of: app, application: shop }, command: [celery, worker, -B], stop_timeout: 60s }\n"


@pytest.mark.parametrize(
    ("service", "other", "expected"),
    [
        (f"desired_count: 1, {ONE_AFTER_THE_OTHER}", "", []),
        ("desired_count: 1", "", ["python-beat-overlap"]),
        (f"desired_count: 2, {ONE_AFTER_THE_OTHER}", "", ["python-several-beats"]),
        (f"desired_count: 1, {SCALED}, {ONE_AFTER_THE_OTHER}", "", ["python-several-beats"]),
        (f"desired_count: 1, {ONE_AFTER_THE_OTHER}", SECOND, ["python-several-beats"]),
        (f"desired_count: 1, {ONE_AFTER_THE_OTHER}", IN_A_WORKER, ["python-several-beats"]),
    ],
)
def test_one_beat(reported: Reported, service: str, other: str, expected: list[str]) -> None:
    assert reported(beat(service, other=other)) == expected


def test_other_processes_of_the_recipe_may_run_often(reported: Reported) -> None:
    for build in ("celery: worker", "server: gunicorn"):
        assert reported(beat("desired_count: 3", build=build)) == []


@pytest.mark.parametrize(
    ("build", "keys", "expected"),
    [
        ("celery: worker", "stop_timeout: 30s", []),
        ("celery: worker", "cpu: 256", ["python-celery-timeout"]),
        ("", "command: [celery, --app, shop, worker]", ["python-celery-timeout"]),
        ("", "command: [celery, --app, shop, beat]", []),
        ("celery: worker", "command: [gunicorn, shop]", []),
    ],
)
def test_a_worker_says_how_long_its_tasks_take(reported: Reported, build: str, keys: str, expected: list[str]) -> None:
    assert (
        reported(f"containers:\n  app: {{ build: {{ recipe: python, application: shop, {build} }}, {keys} }}\n")
        == expected
    )


@pytest.mark.parametrize(
    ("owner", "own", "expected"),
    [
        ("app", "celery: beat, workers: 2, threads: 8, keep_alive: 90s", []),
        ("app", "packages: [curl]", ["shared-image"]),
        ("app", 'python: "3.13", root: src', ["shared-image"] * 2),
        ("nobody", "celery: beat", ["shared-image"]),
        ("second", "celery: beat", ["shared-image"]),
        ("web", "celery: beat", ["shared-image"]),
    ],
)
def test_an_image_is_shared_with_whom_has_one(reported: Reported, owner: str, own: str, expected: list[str]) -> None:
    text = python() + (
        "  web: { image: nginx:1.28.0 }\n"
        f"  second: {{ build: {{ recipe: python, application: shop, image_of: {owner}, {own} }} }}\n"
    )
    assert reported(text) == expected


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ('python: "3.14"', []),
        ('python: "3.14.8"', []),
        ('python: "3.10"', ["retired-base"]),
        ('python: "3.9"', ["unknown-version"]),
        ("base: 'python:latest'", ["floating-base"]),
        ("root: ../other", ["source-outside-context"]),
        ("args: { GENERATED: x }", ["reserved-build-argument"]),
    ],
)
def test_what_the_answers_of_the_recipe_give(reported: Reported, build: str, expected: list[str]) -> None:
    assert reported(python(build)) == expected
