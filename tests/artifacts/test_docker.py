"""Are Dockerfiles and ignore files what Docker takes, and does an image hold what it needs?"""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from chuoigen.artifacts import docker
from chuoigen.recipes import dockerfiles
from chuoigen.recipes.phoenix.planning import PhoenixPlan
from tests.artifacts.docker_specs import HEAD, HOSTILE, MODERN, OLD, files, texts
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.plan import Plan


def below(folder: str, plan: Plan) -> Plan:
    """Move the application of a plan into a folder of the repository."""
    app = plan.containers["app"]
    assert isinstance(app.build, PhoenixPlan)
    moved = app.replaced(build=app.build.replaced(context=folder))
    return plan.replaced(containers={**plan.containers, "app": moved})


def instructions(dockerfile: str) -> list[str]:
    """Give the instructions on one line each, without comments."""
    lines = [line for line in dockerfile.splitlines() if not line.startswith("#")]
    return [line for line in re.sub(r" \\\n\s*", " ", "\n".join(lines)).splitlines() if line]


def test_every_recipe_has_its_files_and_scripts_are_programs() -> None:
    made = docker.render(plan_of(HEAD + MODERN))
    assert sorted(artifact.path for artifact in made) == [
        "docker/app/Dockerfile",
        "docker/app/Dockerfile.dockerignore",
        "docker/app/entrypoint.sh",
        "docker/log/.dockerignore",
        "docker/log/Dockerfile",
        "docker/log/entrypoint.sh",
        "docker/log/fluent.conf",
        "docker/web/.dockerignore",
        "docker/web/Dockerfile",
        "docker/web/entrypoint.sh",
        "docker/web/nginx.conf",
    ]
    assert all(artifact.executable == artifact.path.endswith(".sh") for artifact in made)


def test_own_dockerfiles_and_finished_images_get_no_files() -> None:
    own = "containers:\n  a: { build: { dockerfile: Dockerfile } }\n  b: { image: redis:8 }\n"
    assert files(own) == {}


def test_phoenix_builds_what_changes_rarely_first() -> None:
    steps = instructions(files(MODERN)["docker/app/Dockerfile"])
    builder = steps[: next(index for index, step in enumerate(steps[1:], 1) if step.startswith("FROM "))]
    assert builder == [
        "FROM hexpm/elixir:1.18.4-erlang-27.3.4.16-alpine-3.22.5 AS builder",
        "RUN apk add --no-cache build-base git nodejs yarn",
        "WORKDIR /src",
        'ENV ERL_FLAGS="+JMsingle true"',
        'ARG MIX_ENV="prod"',
        'ARG LOG_DIR="/var/log/shop"',
        "COPY mix.exs mix.lock ./",
        'RUN mix local.hex --force && mix local.rebar --force && mix deps.get --only "$MIX_ENV"',
        "COPY config config",
        "RUN mix deps.compile",
        "COPY package.json yarn.lock ./",
        "RUN yarn install --frozen-lockfile --production=false",
        "COPY ts ts",
        "COPY webpack.config.js webpack.config.js",
        "COPY priv/static priv/static",
        "RUN NODE_ENV=production yarn run webpack --mode production && mix phx.digest",
        "COPY . .",
        "RUN mix release shop --path /release",
    ]


def test_the_phoenix_image_runs_as_a_user_that_owns_what_it_writes() -> None:
    steps = instructions(files(MODERN)["docker/app/Dockerfile"])
    assert steps.index("FROM alpine:3.22.5") < steps.index("USER 1000:1000")
    assert (
        "RUN mkdir -p /var/app/public /var/log/shop "
        "&& chown 1000:1000 /var/app/public && chown 1000:1000 /var/log/shop" in steps
    )
    assert steps[-6:] == [
        "EXPOSE 4000",
        "USER 1000:1000",
        'VOLUME ["/var/app/public"]',
        'VOLUME ["/var/log/shop"]',
        'ENTRYPOINT ["/entrypoint.sh"]',
        'CMD ["/var/app/bin/shop", "start"]',
    ]
    environment = next(step for step in steps if step.startswith("ENV PHX_SERVER"))
    assert environment == 'ENV PHX_SERVER="true" RELEASE_DISTRIBUTION="none" RELEASE_TMP="/tmp" PORT="4000"'


def test_distillery_keeps_the_order_of_2018_and_unpacks_one_archive() -> None:
    steps = instructions(files(OLD)["docker/app/Dockerfile"])
    assert steps.index("RUN mix deps.compile") < steps.index("COPY config config") < steps.index("COPY . .")
    assert (
        'RUN mix release --name=shop --env="$MIX_ENV" && mkdir /release '
        '&& tar -xzf "_build/$MIX_ENV/rel/"shop/releases/*/shop.tar.gz -C /release' in steps
    )
    assert "RUN apk add --no-cache bash openssl tzdata" in steps
    assert steps[-1] == 'CMD ["/var/app/bin/shop", "foreground"]'
    assert not any("PHX_SERVER" in step for step in steps)


def test_a_missing_build_argument_stops_the_build_before_its_first_download() -> None:
    steps = instructions(files(OLD)["docker/app/Dockerfile"])
    # Single quotes: BuildKit prints commands with the values of variables in them.
    check = """RUN eval ': "${SECRET_KEY_BASE:?the build argument is missing or empty}"'"""
    assert steps.index('ARG SECRET_KEY_BASE=""') < steps.index(check) < steps.index("COPY mix.exs mix.lock ./")


def test_the_runtime_stage_holds_no_build_argument_of_the_builder() -> None:
    text = files(OLD)["docker/app/Dockerfile"]
    assert "SECRET_KEY_BASE" not in text[text.index("FROM alpine:3.7") :]


def test_npm_scripts_and_phoenix_own_esbuild_take_the_place_of_the_bundler() -> None:
    def steps(assets: str) -> list[str]:
        app = f"containers:\n  app: {{ build: {{ recipe: phoenix, elixir: '1.18', assets: {assets} }} }}\n"
        return instructions(files(app)["docker/app/Dockerfile"])

    npm = steps("{ package_manager: npm, script: build }")
    assert "RUN npm ci --include=dev" in npm
    assert "RUN NODE_ENV=production npm run build && mix phx.digest" in npm
    esbuild = steps("{ tool: esbuild, sources: [assets, lib] }")
    # lib before, since Tailwind reads it, and compiled, since colocated hooks are made by that.
    before = esbuild[: esbuild.index("RUN mix compile && mix assets.deploy")]
    assert before[-3:] == ["COPY assets assets", "COPY lib lib", "COPY priv priv"]
    unsaid = steps("{ tool: esbuild }")
    before = unsaid[: unsaid.index("RUN mix compile && mix assets.deploy")]
    assert before[-3:] == ["COPY priv priv", "COPY assets assets", "COPY lib lib"]
    assert not any("package.json" in step for step in esbuild)


@pytest.mark.parametrize(
    ("assets", "packages", "install"),
    [
        ("yarn", "nodejs yarnpkg", "yarnpkg install --frozen-lockfile --production=false"),
        ("npm", "nodejs npm", "npm ci --include=dev"),
    ],
)
def test_a_builder_of_debian_installs_the_bundler_under_debians_names(assets: str, packages: str, install: str) -> None:
    app = (
        "containers:\n  app: { build: { recipe: phoenix, elixir: '1.18',"
        " builder: 'hexpm/elixir:1.18.4-erlang-27.3.4-debian-bookworm-20250428-slim', runtime: 'debian:bookworm-slim',"
        f" assets: {{ tool: webpack, package_manager: {assets}, sources: [ts] }} }} }}\n"
    )
    steps = instructions(files(app)["docker/app/Dockerfile"])
    apt = "apt-get install --yes --no-install-recommends"
    assert any(f"{apt} build-essential git {packages} " in step for step in steps)
    assert f"RUN {install}" in steps


@pytest.mark.parametrize(
    ("build", "flags"),
    [
        ("elixir: '1.18'", 'ENV ERL_FLAGS="+JMsingle true"'),
        ("elixir: '1.14'", 'ENV ERL_FLAGS="+JPperf true"'),
        ("elixir: '1.6', release: distillery", None),  # no JIT, and no such flag
        (
            "elixir: '1.18', builder: 'hexpm/elixir:1.18.4-erlang-25.3-alpine-3.20.3', runtime: 'alpine:3.20.3'",
            "JPperf",
        ),
        ("elixir: '1.18', builder: 'elixir:1.18-alpine', runtime: 'alpine:3.20.3'", None),  # which OTP nobody knows
    ],
)
def test_erlang_can_be_emulated_while_an_image_is_built(build: str, flags: str | None) -> None:
    steps = instructions(
        files(f"containers:\n  app: {{ build: {{ recipe: phoenix, {build} }} }}\n")["docker/app/Dockerfile"]
    )
    runtime = next(at for at, step in enumerate(steps) if at and step.startswith("FROM"))
    found = [at for at, step in enumerate(steps) if step.startswith("ENV ERL_FLAGS")]
    assert [flags in steps[at] for at in found if flags] == ([True] if flags else [])
    assert not found or (flags and found[0] < runtime)


def test_a_phoenix_without_assets_and_ports_copies_no_static_files() -> None:
    made = files("containers:\n  worker: { build: { recipe: phoenix, elixir: '1.18' } }\n")
    dockerfile, script = made["docker/worker/Dockerfile"], made["docker/worker/entrypoint.sh"]
    assert not re.search(r"static|EXPOSE|VOLUME|PORT|digest", "\n".join(instructions(dockerfile)))
    assert "web-static" not in script
    assert script.endswith('\nexec "$@"\n')


def test_what_the_context_keeps_out_and_lets_in() -> None:
    ignored = files(MODERN)["docker/app/Dockerfile.dockerignore"].splitlines()
    assert {".git", "**/.env", "**/*.secret.exs", "**/node_modules", "_build", "deps"} <= set(ignored)
    assert ignored[-2:] == ["out", "!out/qa/docker/app/entrypoint.sh"]
    assert files(MODERN)["docker/web/.dockerignore"].splitlines()[2:] == ["*", "!entrypoint.sh", "!nginx.conf"]


def test_fluentd_1_2_keeps_root_and_compiles_in_one_layer() -> None:
    steps = instructions(files(OLD)["docker/log/Dockerfile"])
    assert (
        "RUN apk add --no-cache --virtual .gem-build build-base ruby-dev "
        "&& gem install fluent-plugin-s3 --version 1.0.0 --no-document && apk del .gem-build "
        '&& rm -rf "$(gem environment gemdir)"/cache/*.gem' in steps
    )
    assert steps[-5] == "USER 0"
    assert steps[-1] == 'CMD ["fluentd", "--config", "/fluentd/etc/fluent.conf"]'


def test_hostile_words_stay_words_in_dockerfiles() -> None:
    made = texts(below("my app", plan_of(HEAD + HOSTILE)))
    steps = instructions(made["docker/app/Dockerfile"])
    assert r'COPY ["my app/mix.exs", "my app/mix.lock", "./"]' in steps
    assert r'COPY ["my app/assets/*.js", "assets/"]' in steps
    assert r'COPY ["my app/q\\\"\\$HOME", "q\\\"\\$HOME"]' in steps
    assert r'ARG GREETING="say \"\$HOME\" \\"' in steps
    assert "RUN NODE_ENV=production npm run 'b; rm -rf $HOME' && mix phx.digest" in steps
    assert 'VOLUME ["/srv/o\\\\\'g \\\\\\"\\\\$x\\\\\\""]' in steps
    assert any(step.endswith("'it'\"'\"'s' '$(id)'") for step in steps)
    assert 'COPY ["my app", "."]' in steps
    assert "EXPOSE 53/udp" in steps
    assert "my app/deps" in made["docker/app/Dockerfile.dockerignore"].splitlines()


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("#a/deps", "[#]a/deps"),
        ("!a/deps", "[!]a/deps"),
        (" a/b ", "[ ]a/b[ ]"),
        ("a#/b!c d", "a#/b!c d"),
        ("a*[b]?\\", r"a\*\[b]\?\\"),
    ],
)
def test_a_path_is_one_pattern_that_stays_out(path: str, pattern: str) -> None:
    assert dockerfiles.ignored(".", [path], "out/qa/docker/app")[0] == pattern


@pytest.mark.parametrize(
    "build",
    [
        "{ recipe: nginx, base: 'nginx AS x' }",
        "{ recipe: nginx, args: { 'A B': '1' } }",
        '{ recipe: nginx, args: { A: "1\\nRUN id" } }',
        "{ recipe: fluentd, tail: {}, s3: { bucket: b, prefix: '${tag}/' } }",
    ],
)
def test_what_no_file_can_hold_is_refused(build: str) -> None:
    with pytest.raises(ValueError, match=r"image|argument|control|prefix"):
        docker.render(plan_of(HEAD + f"containers:\n  a: {{ build: {build} }}\n"))


@pytest.mark.needs("hadolint")
@pytest.mark.parametrize("text", [MODERN, OLD])
def test_hadolint_has_nothing_to_say(text: str, tmp_path: Path, needs: Callable[[str], str]) -> None:
    for path, content in files(text).items():
        if path.endswith("/Dockerfile"):
            (tmp_path / "Dockerfile").write_text(content)
            outcome = subprocess.run(
                [needs("hadolint"), "--no-color", str(tmp_path / "Dockerfile")],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert (outcome.stdout, outcome.returncode) == ("", 0), path
