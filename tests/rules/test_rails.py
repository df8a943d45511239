"""The rules of the recipe rails where pages show only one case, and what is decided about an application by its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.recipes.rails import facts
from chuoigen.recipes.rails.gems import Application

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.recipes.rails.planning import RailsPlan

    Reported = Callable[[str], list[str]]

KEY = "secrets: { SECRET_KEY_BASE: { ssm: /key } }"
LOCK = "GEM\n  remote: https://rubygems.org/\n  specs:\n{gems}\nPLATFORMS\n  {platforms}\n\nDEPENDENCIES\n  rails\n"


def rails(keys: str = "", build: str = "", *, beside: str = "") -> str:
    return f"containers:\n  app: {{ build: {{ recipe: rails{build} }}, {KEY}{keys} }}\n{beside}"


def locked(platforms: str = "ruby", **gems: str) -> str:
    lines = "".join(f"    {name.replace('_', '-')} ({version})\n" for name, version in gems.items())
    return LOCK.format(gems=lines, platforms=platforms)


@pytest.fixture
def planned(tmp_path: Path) -> Callable[..., RailsPlan]:
    """Give what is decided about the one container of a spec beside the files of an application."""
    (tmp_path / ".git").mkdir(exist_ok=True)

    def run(spec: str, platform: str = "linux/amd64", **files: str) -> Any:
        for name, text in files.items():
            (tmp_path / name.replace("_lock", ".lock").replace("_json", ".json")).write_text(text)
        head = 'chuoigen: 1\nname: shop\naws: { account: "123456789012", region: eu-west-1 }\n'
        task = f"task: {{ cpu: 256, memory: 512, execution_role: shop, platform: {platform} }}\n"
        (tmp_path / "spec.yaml").write_text(head + task + spec)
        judged = judge(load(tmp_path / "spec.yaml"))
        assert judged.plan is not None, judged.diagnostics
        return judged.plan.containers["app"].build

    return run


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("command: [bundle, exec, rails, 'db:migrate:status']", ["rails-prepare-at-start"]),
        ("command: [bundle, exec, rails, 'db:version']", []),
        ("command: [bin/rails, dbconsole]", []),
        ("entrypoint: [sh, -c, 'bin/rails db:prepare; exec \"$@\"', sh]", ["rails-prepare-at-start"]),
        ("command: [sh, -c, 'rake db:schema:load && puma']", ["rails-prepare-at-start"]),
    ],
)
def test_a_start_that_changes_the_database(reported: Reported, keys: str, expected: list[str]) -> None:
    assert reported(rails(f", {keys}")) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("ports: [1024]", []),
        ("ports: [3000, 443]", ["privileged-port"]),
        ("ports: [80], user: '0'", []),
        ("ports: [80], user: root", []),
        ("ports: [80], user: '1000:0'", ["privileged-port"]),
        ("ports: [80], sysctls: { net.ipv4.ip_unprivileged_port_start: '0' }", []),
    ],
)
def test_ports_that_only_root_may_open(reported: Reported, keys: str, expected: list[str]) -> None:
    assert reported(rails(f", {keys}")) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", []),
        (", stop_timeout: 10s", []),
        (", stop_timeout: 6s", []),
        (", stop_timeout: 5s", ["rails-sidekiq-timeout"]),
        (", command: [bundle, exec, sidekiq]", []),  # 25 s of its own, and 4 s, within 30 s
        (", command: [bundle, exec, sidekiq], stop_timeout: 29s", ["rails-sidekiq-timeout"]),
        (", command: [bundle, exec, sidekiq, -t, '26']", ["rails-sidekiq-timeout"]),
        (", command: [bundle, exec, sidekiq, -t, '25']", []),
        (", command: [bundle, exec, sidekiq, -t26]", ["rails-sidekiq-timeout"]),
        (", command: [bundle, exec, sidekiq, --timeout=60], stop_timeout: 64s", ["rails-sidekiq-timeout"]),
        (", command: [bundle, exec, sidekiq, --timeout=60], stop_timeout: 65s", []),
        (", command: [sh, -c, 'exec bundle exec sidekiq -t 60']", ["rails-sidekiq-timeout"]),
        (", command: [bundle, exec, good_job, start, --timeout, '60']", []),
        (", command: ['an open \" quote']", ["unsplit-words"]),
    ],
)
def test_sidekiq_lets_go_of_its_jobs_in_time(reported: Reported, keys: str, expected: list[str]) -> None:
    assert reported(rails(keys, ", process: sidekiq")) == expected


def test_the_file_of_sidekiq_says_its_time_where_the_command_does_not(reported: Reported, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sidekiq.yml").write_text(":concurrency: 5\n:timeout: 40\n")
    command = ", command: [bundle, exec, sidekiq]"
    assert reported(rails(command, ", process: sidekiq")) == ["rails-sidekiq-timeout"]
    assert reported(rails(f"{command}, stop_timeout: 45s", ", process: sidekiq")) == []
    assert reported(rails("", ", process: sidekiq")) == []  # the recipe's own command says a time


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("image_of: app, process: sidekiq", []),
        ("image_of: nobody", ["shared-image"]),
        ("image_of: worker", ["shared-image"]),
        ("image_of: other", ["shared-image"]),
        ("image_of: third", ["shared-image"]),
        ("image_of: app, ruby: '3.4', packages: [git]", ["shared-image"] * 2),
    ],
)
def test_whose_image_a_container_may_run(reported: Reported, build: str, expected: list[str]) -> None:
    beside = (
        f"  worker: {{ build: {{ recipe: rails, {build} }}, {KEY} }}\n"
        "  other: { image: shop/other:1.0 }\n"
        f"  third: {{ build: {{ recipe: rails, image_of: app }}, {KEY} }}\n"
    )
    assert reported(rails(beside=beside)) == expected


@pytest.mark.parametrize(
    ("platforms", "architecture", "expected"),
    [
        ("ruby", "linux/amd64", []),
        ("x86_64-linux", "linux/amd64", []),
        ("x86_64-linux-gnu", "linux/amd64", []),
        ("x86_64-linux-musl", "linux/amd64", ["rails-missing-platform"]),
        ("aarch64-linux\n  arm64-darwin-23", "linux/amd64", ["rails-missing-platform"]),
        ("aarch64-linux\n  arm64-darwin-23", "linux/arm64", []),
    ],
)
def test_the_platforms_of_a_lock_file(
    reported: Reported, tmp_path: Path, platforms: str, architecture: str, expected: list[str]
) -> None:
    (tmp_path / "Gemfile.lock").write_text(locked(platforms, rails="8.1.2"))
    assert reported(f"task: {{ platform: {architecture} }}\n{rails()}") == expected


@pytest.mark.parametrize(
    ("build", "files", "expected"),
    [
        ("", {}, []),
        ("", {".ruby-version": "3.4.1\n"}, []),
        ("", {".ruby-version": "ruby-3.4.1\n", "Gemfile": 'ruby file: ".ruby-version"\n'}, ["rails-other-ruby"]),
        (", ruby: '3.3'", {".ruby-version": "3.4.1\n"}, ["rails-other-ruby"]),
        ("", {"Gemfile": "ruby '3.4.1'\n"}, ["rails-other-ruby"]),
        (", ruby: '3.4'", {"Gemfile": "ruby '3.4.1'\n"}, ["rails-other-ruby"]),
        (", ruby: '3.4', base: ruby:3.4.1-slim-trixie", {"Gemfile": "ruby '3.4.1'\n"}, []),
        (", ruby: '3.4'", {"Gemfile": "ruby '3.4.10'\n"}, []),
        (", ruby: '3.4'", {"Gemfile": "ruby '~> 3.3'\n"}, []),
        (", base: ruby-of-ours:3-bookworm", {"Gemfile": "ruby '3.4.1'\n"}, []),
        (", ruby: '2.7'", {"Gemfile": "ruby '2.7.8'\n"}, ["unknown-version"]),
    ],
)
def test_the_ruby_that_an_application_asks_for(
    reported: Reported, tmp_path: Path, build: str, files: dict[str, str], expected: list[str]
) -> None:
    for name, text in {"Gemfile.lock": locked(), **files}.items():
        (tmp_path / name).write_text(text)
    assert reported(rails(build=build)) == expected


@pytest.mark.parametrize(
    ("build", "files", "expected"),
    [
        ("", {"Gemfile": "gem 'rails'"}, ["rails-lock-file"]),
        ("", {"package.json": "{}"}, ["rails-lock-file"]),
        ("", {"package.json": "{}", "pnpm-lock.yaml": ""}, ["rails-lock-file"]),
        ("", {"package.json": "{}", "bun.lock": ""}, ["rails-lock-file"]),
        (", javascript: npm", {"package.json": "{}", "yarn.lock": ""}, ["rails-lock-file"]),
        (", javascript: none", {"package.json": "{}"}, []),
        ("", {"package.json": "{}", "package-lock.json": "{}"}, []),
        ("", {"package.json": "{}", "yarn.lock": ""}, []),
    ],
)
def test_lock_files(reported: Reported, tmp_path: Path, build: str, files: dict[str, str], expected: list[str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert reported(rails(build=build)) == expected


def test_the_gems_of_a_lock_file_from_windows(planned: Callable[..., RailsPlan]) -> None:
    text = locked(bootsnap="1.18.4", pg="1.5.9", propshaft="1.1.0", rails="8.0.1").replace("\n", "\r\n")
    made = planned(rails(), Gemfile_lock=f"\ufeff{text}")
    assert (made.bootsnap, made.assets, made.packages) == (True, True, ("tzdata", "libpq5"))


def test_a_ruby_without_fixes_is_reported(reported: Reported) -> None:
    assert reported(rails(build=", ruby: '3.2'")) == ["retired-base"]  # until 2026-03-31
    assert reported(rails(build=", ruby: '3.3'")) == []


@pytest.mark.parametrize("keys", ["environment: { RAILS_MASTER_KEY: x }", "env_files: ['arn:aws:s3:::shop/app.env']"])
def test_where_the_key_may_come_from(reported: Reported, keys: str) -> None:
    found = reported(f"containers:\n  app: {{ build: {{ recipe: rails }}, {keys} }}\n")
    assert "rails-without-key" not in found


def test_an_application_is_known_by_its_files(planned: Callable[..., RailsPlan]) -> None:
    made = planned(rails(), Gemfile_lock=locked(rails="7.0.8", pg="1.5.9", mini_magick="5.0.1"), package_json="{}")
    assert made.build_key == "SECRET_KEY_BASE=only-for-the-build"
    assert (made.bootsnap, made.assets, made.javascript) == (False, False, "yarn")
    assert made.build_packages[-1:] == ("libpq-dev",)
    assert made.packages == ("tzdata", "libpq5")


def test_an_application_without_a_lock_file_is_a_current_one(planned: Callable[..., RailsPlan]) -> None:
    made = planned(rails())
    assert (made.build_key, made.bootsnap, made.assets, made.node) == ("SECRET_KEY_BASE_DUMMY=1", True, True, None)
    assert made.command == ("bundle", "exec", "puma", "--config", "/puma.rb", "--bind", "tcp://0.0.0.0:3000")
    assert (made.ruby, made.preload, made.keepalive) == ("4.0.6", None, 75)


@pytest.mark.parametrize(
    ("build", "files", "expected"),
    [
        ("", {"package_json": "{}", "package-lock_json": "{}"}, "npm"),
        ("", {"package_json": "{}", "yarn_lock": "", "package-lock_json": "{}"}, "yarn"),
        ("", {"yarn_lock": ""}, None),
        (", javascript: none", {"package_json": "{}"}, None),
        (", javascript: npm", {}, "npm"),
    ],
)
def test_what_installs_the_packages_of_the_front_end(
    planned: Callable[..., RailsPlan], build: str, files: dict[str, str], expected: str | None
) -> None:
    made = planned(rails(build=build), **files)
    assert (made.javascript, made.node is not None) == (expected, expected is not None)


@pytest.mark.parametrize(("platform", "folder"), [("amd64", "x86_64-linux-gnu"), ("arm64", "aarch64-linux-gnu")])
def test_jemalloc_is_loaded_by_architecture(planned: Callable[..., RailsPlan], platform: str, folder: str) -> None:
    made = planned(rails(build=", jemalloc: true"), platform=f"linux/{platform}")
    assert made.preload == f"/usr/lib/{folder}/libjemalloc.so.2"
    assert "libjemalloc2" in made.packages


def test_gems_of_the_application_itself_are_folders_below_it() -> None:
    paths = "".join(
        f"PATH\n  remote: {path}\n  specs:\n    a (1.0)\n\n" for path in ("engines/b", ".", "../c", "/d", "./a")
    )
    assert Application({"Gemfile.lock": paths + locked()}, frozenset()).folders == ("a", "engines/b")


@pytest.mark.parametrize("version", ["3.4", "3.4.10", "4.0"])
def test_versions_with_an_image(version: str) -> None:
    found = facts.ruby(version)
    assert found is not None
    assert found.base.image == f"ruby:{found.version}-slim-trixie"
    assert (found.base.distribution, found.base.release, found.base.tools) == ("debian", "trixie", ())


@pytest.mark.parametrize("version", ["", "3", "2.7", "3.4.1", "latest"])
def test_versions_without_an_image(version: str) -> None:
    assert facts.ruby(version) is None
