"""The generated Dockerfiles, built by the generated script, with BuildKit and without."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.proof.project import SECRET, case

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.dockerd import Daemon
    from tests.proof.project import Project

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.needs("dockerd", "elixir", "nginx", "git")]

BUNDLE = [
    "yarn install --frozen-lockfile --production=false (NODE_ENV=)",
    "yarn run webpack --mode production (NODE_ENV=production)",
]


def today(stage: str) -> list[str]:
    return [
        "apk add --no-cache build-base git nodejs yarn",
        "apk add --no-cache libgcc libstdc++ ncurses-libs openssl tzdata",
        "gem environment gemdir",
        "gem install fluent-plugin-s3 --version 1.8.3 --no-document --conservative",
        f"mix deps.compile (MIX_ENV={stage})",
        f"mix deps.get --only {stage} (MIX_ENV={stage})",
        f"mix local.hex --force (MIX_ENV={stage})",
        f"mix local.rebar --force (MIX_ENV={stage})",
        f"mix phx.digest (MIX_ENV={stage})",
        f"mix release chuoi --path /release (MIX_ENV={stage})",
        *BUNDLE,
    ]


IN_2018 = [
    "apk add --no-cache --virtual .gem-build build-base ruby-dev",
    "apk add --no-cache bash openssl tzdata",
    "apk add --no-cache build-base git nodejs yarn",
    "apk add --no-cache curl tzdata",
    "apk add --no-cache tzdata",
    "apk del .gem-build",
    "gem environment gemdir",
    "gem install fluent-plugin-s3 --version 1.0.0 --no-document",
    "mix deps.compile (MIX_ENV=qa)",
    "mix deps.get --only qa (MIX_ENV=qa)",
    "mix local.hex --force (MIX_ENV=qa)",
    "mix local.rebar --force (MIX_ENV=qa)",
    "mix phx.digest (MIX_ENV=qa)",
    "mix release --name=chuoi --env=qa (MIX_ENV=qa)",
    *BUNDLE,
]


# qa and prod have the same Dockerfiles, so that prod is built in one way only.
@pytest.mark.parametrize(
    ("spec", "buildkit", "asked"),
    [
        ("qa", False, today("qa")),
        ("qa", True, today("qa")),
        ("prod", True, today("prod")),
        ("chuoi-2018", False, IN_2018),
        ("chuoi-2018", True, IN_2018),
    ],
)
def test_all_images_are_built_and_ask_for_what_they_need(
    projects: dict[str, Project], spec: str, buildkit: bool, asked: list[str]
) -> None:
    built = projects[spec].built(buildkit=buildkit)
    # Layers before the last COPY are made once, by whichever build comes first, of this test or another.
    own = [each for each in asked if each.startswith("mix release")]
    assert set(own) <= set(built.asked) <= set(asked)
    configurations = {name: configuration(projects[spec].daemon, image) for name, image in built.images.items()}
    old = spec == "chuoi-2018"
    assert configurations == {
        "app": {
            "user": "1000:1000",
            "command": ["/var/app/bin/chuoi", "foreground" if old else "start"],
            "ports": ["4000/tcp"],
            "volumes": ["/var/app/public", "/var/log/chuoi"],
            "stop": None,
        },
        "web": {
            "user": "",
            "command": ["nginx", "-c", "/tmp/nginx.conf"],  # noqa: S108
            "ports": ["80/tcp"],
            "volumes": ["/var/app/public"],
            "stop": "SIGQUIT",
        },
        "log": {
            "user": "0" if old else "fluent",
            "command": ["fluentd", "--config", "/fluentd/etc/fluent.conf"],
            "ports": [],
            "volumes": ["/fluentd/log", "/var/log/chuoi"],
            "stop": None,
        },
    }


def configuration(daemon: Daemon, image: str) -> dict[str, Any]:
    found = json.loads(daemon.docker("image", "inspect", image).stdout)[0]["Config"]
    assert found["Entrypoint"] == ["/entrypoint.sh"]
    assert "TZ=Asia/Tokyo" in found["Env"]
    return {
        "user": found["User"],
        "command": found["Cmd"],
        "ports": sorted(found.get("ExposedPorts") or {}),
        "volumes": sorted(found["Volumes"]),
        "stop": found.get("StopSignal"),
    }


LOOK = """\
id -u; stat -c '%u:%g' /var/app /var/app/public /var/log/chuoi; date +%Z
cd /web-static; find . -type f | sort; cat robots.txt
for file in $(find . -name '*.gz'); do gunzip -c $file | cmp - ${file%.gz}; done
"""


@pytest.mark.parametrize(("spec", "buildkit"), [("qa", True), ("chuoi-2018", False)])
def test_an_image_holds_digested_and_compressed_static_files(
    projects: dict[str, Project], spec: str, buildkit: bool
) -> None:
    image = projects[spec].built(buildkit=buildkit).images["app"]
    said = projects[spec].daemon.docker("run", "--rm", "--entrypoint", "sh", image, "-c", LOOK).stdout.splitlines()
    assert said[:5] == ["1000", "1000:1000", "1000:1000", "1000:1000", "JST"]
    assert [re.sub(r"[0-9a-f]{32}", "DIGEST", line) for line in said[5:]] == [
        "./cache_manifest.json",
        "./images/banana-DIGEST.svg",
        "./images/banana-DIGEST.svg.gz",
        "./images/banana.svg",
        "./images/banana.svg.gz",
        "./js/app-DIGEST.js",
        "./js/app-DIGEST.js.gz",
        "./js/app.js",
        "./js/app.js.gz",
        "./robots-DIGEST.txt",
        "./robots-DIGEST.txt.gz",
        "./robots.txt",
        "./robots.txt.gz",
        "User-agent: *",
        "Disallow: /system/",
    ]


@pytest.mark.parametrize("spec", ["qa", "chuoi-2018"])
def test_an_image_of_fluentd_keeps_neither_compilers_nor_downloads(projects: dict[str, Project], spec: str) -> None:
    image = projects[spec].built().images["log"]
    look = ("--entrypoint", "sh", image, "-c", "ls /usr/lib/gems /usr/lib/gems/cache; command -v cc || echo no cc")
    assert projects[spec].daemon.docker("run", "--rm", *look).stdout.split("\n") == [
        *("/usr/lib/gems:", "cache", "", "/usr/lib/gems/cache:", "no cc", "")
    ]


SOURCES = [
    *("mix.exs", "mix.lock", "config", "package.json", "yarn.lock", "ts", "webpack.config.js", "tsconfig.json"),
    *("priv/static", "out/qa/docker/app/Dockerfile", "out/qa/docker/web/Dockerfile"),
]


@pytest.mark.parametrize("source", SOURCES)
def test_what_the_dockerfiles_copy_is_looked_for_before_anything_is_built(
    projects: dict[str, Project], tmp_path: Path, source: str
) -> None:
    project = projects["qa"].copy(tmp_path)
    (project.root / source).rename(tmp_path / "elsewhere")
    result = project.build(buildkit=True)
    assert result.returncode == 2
    assert result.stdout == (
        f"build-docker-images.sh: {project.root}/{source} is missing (the source is taken from {project.root})\n"
    )


def test_a_missing_build_argument_ends_the_script_before_docker_and_docker_before_mix(
    projects: dict[str, Project],
) -> None:
    project = projects["chuoi-2018"]
    result = project.build(buildkit=False)
    assert result.returncode == 2
    assert result.stdout == (
        "build-docker-images.sh: SECRET_KEY_BASE is not set: the image of app is built"
        " with the value of /chuoi/qa/secret-key-base\n"
    )
    by_hand = build(project, "1", "--build-arg", "MIX_ENV=qa")
    assert by_hand.returncode != 0
    assert "SECRET_KEY_BASE: the build argument is missing or empty" in by_hand.stdout
    assert "asked: mix" not in by_hand.stdout


@pytest.mark.parametrize("buildkit", ["0", "1"])
def test_a_dockerfile_finds_the_generated_files_without_the_script(projects: dict[str, Project], buildkit: str) -> None:
    projects["qa"].built(buildkit=buildkit == "1")
    result = build(projects["qa"], buildkit, "--build-arg", "MIX_ENV=qa")
    assert result.returncode == 0, result.stdout


def build(project: Project, buildkit: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *("docker", "build", "--network", "none", "--file", str(project.out / "docker" / "app" / "Dockerfile")),
            *(*options, str(project.root)),
        ],
        env={**project.daemon.environment, "DOCKER_BUILDKIT": buildkit},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_secret_of_a_build_is_not_in_the_history_of_the_image(projects: dict[str, Project]) -> None:
    project = projects["chuoi-2018"]
    for buildkit in (False, True):
        image = project.built(buildkit=buildkit).images["app"]
        history = project.daemon.docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image).stdout
        assert "ENTRYPOINT" in history
        assert SECRET not in history
    assert SECRET not in project.built(buildkit=True).said


def test_secrets_and_leftovers_of_a_laptop_stay_out_of_the_builder(
    projects: dict[str, Project], tmp_path: Path
) -> None:
    project = projects["qa"].copy(tmp_path)
    projects["qa"].built(buildkit=True)
    unwanted = (
        *(".env", "config/.env.local", "config/prod.secret.exs", "priv/server.key", "priv/server.pem"),
        *("_build/qa/old", "deps/old", "node_modules/old", "ts/node_modules/old", "erl_crash.dump"),
    )
    for name in (*unwanted, "kept.txt"):
        file = project.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("written on a laptop\n")
    tag = ("--tag", "builder:test")
    result = build(project, "1", "--build-arg", "MIX_ENV=qa", "--target", "builder", *tag)
    assert result.returncode == 0, result.stdout
    names = ("kept.txt", "out/qa/docker/app/entrypoint.sh", ".git", "out/qa/compose.yaml", "spec/qa.yaml", *unwanted)
    script = f"for name in {' '.join(names)}; do [ ! -e $name ] || echo $name; done"
    said = project.daemon.docker("run", "--rm", "--workdir", "/src", "builder:test", "sh", "-c", script).stdout
    assert said.split() == ["kept.txt", "out/qa/docker/app/entrypoint.sh", "spec/qa.yaml"]


@pytest.mark.parametrize("buildkit", [False, True])
@pytest.mark.parametrize(
    ("name", "dockerfile", "images"),
    [("user-dockerfile", "app/Dockerfile", {"app", "web"}), ("worker", "Dockerfile", {"worker"})],
)
def test_an_own_dockerfile_is_built_where_the_spec_says(
    standins: Daemon, tmp_path: Path, name: str, dockerfile: str, images: set[str], buildkit: bool
) -> None:
    project = case(name, tmp_path, standins)
    assert set(project.built(buildkit=buildkit).images) == images
    (project.root / dockerfile).unlink()
    assert project.build(buildkit=buildkit).returncode == 2


@pytest.mark.needs("docker-compose")
def test_compose_builds_the_same_images(projects: dict[str, Project]) -> None:
    project = projects["qa"]
    images = project.built(buildkit=False).images
    for file in ("compose.yaml", "compose.fargate.yaml"):
        override = project.daemon.folder / f"names-of-{file}"
        names = {name: {"image": f"composed-{name}"} for name in images}
        override.write_text(json.dumps({"services": names}))
        subprocess.run(
            ["/usr/bin/docker-compose", "-f", project.out / file, "-f", override, "build"],
            env={**project.daemon.environment, "DOCKER_BUILDKIT": "0", "SECRET_KEY_BASE": "any"},
            check=True,
            capture_output=True,
        )
        assert {name: project.image(f"composed-{name}") for name in images} == images
