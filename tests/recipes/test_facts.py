"""What recipes know of images, against what their makers say; and when distributions get no more fixes."""

from pathlib import Path

import pytest

from chuoigen.recipes import bases
from chuoigen.recipes.bases import Base, base_of
from chuoigen.recipes.fluentd import facts as fluentd
from chuoigen.recipes.nginx import facts as nginx
from chuoigen.recipes.phoenix import facts as phoenix


def test_the_images_of_2018_are_chuois() -> None:
    old = phoenix.release("1.6.0")
    assert old is not None
    assert old.builder.image == "elixir:1.6.0-alpine"
    assert old.runtime.image == "alpine:3.7"
    assert old.releases == ("distillery",)
    assert "bash" in old.runtime_packages
    assert nginx.IMAGES["nginx:alpine"].packages == ("curl", "tzdata")
    log = fluentd.image("v1.2")
    assert log is not None
    assert log.base.image == "fluent/fluentd:v1.2"
    assert log.s3_plugin == "1.0.0"
    assert (log.base.user, log.user, log.uid) == ("root", "fluent", 100)


def test_the_images_of_today_are_pinned() -> None:
    new = phoenix.release("1.18")
    assert new is not None
    assert new.builder.image == "hexpm/elixir:1.18.4-erlang-27.3.4.16-alpine-3.22.5"
    assert new.runtime.image == "alpine:3.22.5"
    assert new.releases == ("mix",)
    web = nginx.IMAGES[nginx.DEFAULT].base
    assert (web.image, web.stop_signal, web.tools) == (
        "nginx:1.30.5-alpine3.24",
        "SIGQUIT",
        ("curl", "wget"),
    )
    log = fluentd.image()
    assert log is not None
    assert log.base.image == "fluent/fluentd:v1.19.3-debian-2.4"
    assert (log.base.user, log.uid, log.base.package_manager) == ("fluent", 999, "apt")


@pytest.mark.parametrize("version", ["1.6", "1.14", "1.15", "1.16", "1.17", "1.18", "1.19", "1.20"])
def test_builder_and_runtime_stand_on_one_release_of_one_distribution(version: str) -> None:
    entry = phoenix.release(version)
    assert entry is not None
    assert entry.elixir.startswith(f"{version}.")
    assert (entry.builder.distribution, entry.builder.release) == (
        entry.runtime.distribution,
        entry.runtime.release,
    )
    assert entry.builder.libc == entry.runtime.libc == "musl"
    assert entry.runtime.image == f"alpine:{entry.runtime.release}"


@pytest.mark.parametrize("version", ["1.18.3", "1.1", "2", "", "1.13", "1.18.4.1", "latest"])
def test_versions_that_are_not_known(version: str) -> None:
    assert phoenix.release(version) is None


def test_fluentd_versions() -> None:
    assert fluentd.image("1.19.3") == fluentd.image("1.19") == fluentd.image(None)
    assert fluentd.image("1.19.1") is None
    assert fluentd.image("0.12") is None


@pytest.mark.parametrize(
    ("image", "distribution", "release", "package_manager"),
    [
        ("alpine:3.7", "alpine", "3.7", "apk"),
        ("hexpm/elixir:1.18.3-erlang-27.3.1-alpine-3.21.3", "alpine", "3.21.3", "apk"),
        ("node:22-alpine3.22@sha256:abc", "alpine", "3.22", "apk"),
        ("ruby:3.4-alpine", "alpine", "", "apk"),
        ("debian:bookworm-20260713-slim", "debian", "bookworm", "apt"),
        ("hexpm/elixir:1.18.4-erlang-27.3.4-ubuntu-noble-20250529", "ubuntu", "noble", "apt"),
        ("debian:13-slim", "debian", "13", "apt"),
        ("example.com/alpine-tools/app:1.0", "", "", "apt"),
    ],
)
def test_the_name_of_an_image_says_its_distribution(
    image: str, distribution: str, release: str, package_manager: str
) -> None:
    base = base_of(image)
    assert (base.distribution, base.release, base.package_manager) == (distribution, release, package_manager)


def test_an_image_of_a_table_is_known_better_than_its_name_says() -> None:
    assert phoenix.known("elixir:1.6.0-alpine").release == "3.7"
    assert base_of("elixir:1.6.0-alpine").release == ""


@pytest.mark.parametrize(
    ("distribution", "release", "product_end", "retired"),
    [
        ("alpine", "3.21.4", None, True),  # alpinelinux.org: 2026-11-01
        ("alpine", "3.22.5", None, False),  # 2027-05-01
        ("alpine", "", None, False),
        ("debian", "bullseye", None, True),  # long-term support until 2026-08-31
        ("debian", "bookworm", None, False),
        ("debian", "bookworm", "2026-04-30", True),  # Node.js 20
        ("", "", "2026-11-23", False),  # its last day
    ],
)
def test_an_end_of_life_is_compared_with_the_day_of_the_facts(
    distribution: str, release: str, product_end: str | None, retired: bool
) -> None:
    assert Base("x", distribution, release, "a test", product_end=product_end).retired is retired


FACTS = sorted(Path(bases.__file__).parent.rglob("facts.py"))


@pytest.mark.parametrize("file", FACTS, ids=lambda file: file.parent.name)
def test_no_fact_comes_from_memory(file: Path) -> None:
    assert "memory" not in file.read_text(encoding="utf-8").replace("memory of the", "")
    assert "hecked 2026-" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("elixir", "ended", "day"),
    [
        ("1.14", "alpine 3.18.2", "2025-05-09"),
        ("1.15", "Erlang/OTP 26", "2026-05-26"),
        ("1.16", "Erlang/OTP 26", "2026-05-26"),
        ("1.17", "alpine 3.20.3", "2026-04-01"),
        ("1.20", "alpine 3.24.2", "2028-06-01"),
    ],
)
def test_an_image_ends_with_the_first_of_its_parts(elixir: str, ended: str, day: str) -> None:
    release = phoenix.release(elixir)
    assert release is not None
    assert (release.builder.ended, release.builder.end_of_life) == (ended, day)
