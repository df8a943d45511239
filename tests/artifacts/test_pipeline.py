"""The pipeline's files: what CodeBuild is told, and the scripts run in real shells with a docker and an aws that note."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from chuoigen.artifacts import pipeline, scripts
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SPEC = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
containers:
  api:
    build:
      dockerfile: api/Dockerfile
      context: api
      target: final
      args: { GREETING: "it's $HOME", LICENSE: { ssm: /shop/license }, KEY: { secrets_manager: build-key } }
  web: { build: { recipe: nginx }, ports: [80] }
  side: { image: "busybox:1.37.0" }
pipeline: { image_tag: commit, source_bucket: shop-source }
"""
PHOENIX = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { platform: linux/arm64 }
containers:
  app:
    build:
      recipe: phoenix
      elixir: "1.18"
      assets: { sources: [ts, "*.config.js"] }
      args: { MIX_ENV: qa }
"""
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SHELLS = ["dash", "busybox"]
# Both stand for what is not ours: they note how they were called, one word to a line.
DOCKER = """#!/bin/sh
printf '%s\\n' docker "$@" . >>"$NOTES"
[ "$1" != build ] || printf 'LICENSE=%s\\n' "$LICENSE" >>"$NOTES.environment"
[ "$1" != login ] || cat >"$NOTES.password"
[ "$1" != version ] || echo "${MACHINE-}"
"""
AWS = """#!/bin/sh
printf '%s\\n' aws "$@" . >>"$NOTES"
case $2 in
    get-login-password) echo a-password ;;
    describe-images)
        [ -z "${ANSWER-}" ] && exit 0
        echo "An error occurred ($ANSWER) when calling the DescribeImages operation" >&2
        exit 254 ;;
    cp) cp "$3" "$NOTES.zip" ;;
esac
"""


def plan_files(text: str) -> dict[str, str]:
    """Files of the pipeline; api's paths are where a real project would have resolved them."""
    plan = plan_of(text)
    containers = dict(plan.containers)
    if "api" in containers:
        build = containers["api"].build
        assert build is not None
        containers["api"] = containers["api"].replaced(build=build.replaced(context="api"))
    files = pipeline.render(plan.replaced(containers=containers))
    assert all(file.executable == file.path.endswith(".sh") for file in files)
    return {file.path.removeprefix("pipeline/"): file.text for file in files}


class Workshop:
    """A source tree with the generated files in it, and the tools that note."""

    def __init__(self, root: Path, shell: list[str], text: str) -> None:
        self.root = root / "a source"
        self.shell = shell
        self.notes = root / "notes"
        self.tools = root / "tools"
        self.folder = self.root / "out" / "qa" / "pipeline"
        self.machine = "linux/arm64" if "linux/arm64" in text else "linux/amd64"
        self.folder.mkdir(parents=True)
        self.tools.mkdir()
        for path, content in plan_files(text).items():
            (self.folder / path).write_text(content, encoding="utf-8")
        for name, content in (("docker", DOCKER), ("aws", AWS)):
            (self.tools / name).write_text(content, encoding="utf-8")
            (self.tools / name).chmod(0o755)

    def put(self, *paths: str) -> None:
        for path in paths:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text("", encoding="utf-8")

    def commit(self) -> str:
        git = ["git", "-C", str(self.root), "-c", "user.name=a", "-c", "user.email=a@example.com"]
        for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=a", "--no-gpg-sign"]):
            subprocess.run([*git, *words], check=True, env=self.environment({}))
        return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        # Above the source there may be a repository that is not meant.
        fixed = {
            "MACHINE": self.machine,
            "NOTES": str(self.notes),
            "GIT_CEILING_DIRECTORIES": str(self.root.parent),
            "HOME": str(self.root),
        }
        return {"PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}", **fixed, **variables}

    def run(self, script: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [*self.shell, str(self.folder / script), *words]
        environment = self.environment(variables)
        return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)

    def calls(self, *beginning: str) -> list[list[str]]:
        """Return the calls that begin with these words, the words of each."""
        text = self.notes.read_text(encoding="utf-8") if self.notes.exists() else ""
        calls = [call.split("\n") for call in text.removesuffix("\n.\n").split("\n.\n")]
        return [call for call in calls if call[: len(beginning)] == list(beginning)]


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, needs: Callable[[str], str]) -> list[str]:
    found = needs(request.param)
    return [found, "sh"] if request.param == "busybox" else [found]


@pytest.fixture
def workshop(tmp_path: Path, shell: list[str]) -> Workshop:
    made = Workshop(tmp_path, shell, SPEC)
    made.put("api/Dockerfile", "out/qa/docker/web/Dockerfile")
    return made


SECRETS = {"LICENSE": "sesame", "KEY": "key"}


def test_without_an_image_to_build_there_is_no_pipeline() -> None:
    images = SPEC.partition("containers:")[0] + "containers: { side: { image: busybox } }\n"
    assert plan_files(images) == {}


def test_the_archive_script_is_there_when_there_is_a_bucket() -> None:
    assert list(plan_files(SPEC)) == [
        "buildspec.yml",
        "build-docker-images.sh",
        "push-to-ecr.sh",
        "archive-and-upload-src.sh",
    ]
    assert "archive-and-upload-src.sh" not in plan_files(PHOENIX)


def test_the_buildspec() -> None:
    text = plan_files(SPEC)["buildspec.yml"]
    assert text.startswith("# Generated by chuoigen from spec/qa.yaml; change that file instead.\n")
    assert yaml.safe_load(text) == {
        "version": 0.2,
        "env": {"parameter-store": {"LICENSE": "/shop/license"}, "secrets-manager": {"KEY": "build-key"}},
        "phases": {
            "pre_build": {
                "commands": [
                    f"aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin {REGISTRY}"
                ]
            },
            "build": {
                "commands": [
                    "sh out/qa/pipeline/build-docker-images.sh",
                    "sh out/qa/pipeline/push-to-ecr.sh --imagedefinitions imagedefinitions.json",
                ]
            },
            "post_build": {
                "commands": ['if [ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ]; then cat imagedefinitions.json; fi']
            },
        },
    }


def test_artifacts_go_where_the_role_may_write() -> None:
    text = SPEC.replace("source_bucket:", "artifact_bucket: shop-pipeline, source_bucket:")
    assert yaml.safe_load(plan_files(text)["buildspec.yml"])["artifacts"] == {"files": ["imagedefinitions.json"]}
    decided = plan_of(text)
    assert decided.project is not None
    assert (decided.project.source.type, decided.project.artifacts.type) == ("CODEPIPELINE", "CODEPIPELINE")
    role = decided.role("codebuild")
    assert role is not None
    passed = decided.policy(role).policy_document.statement["PassArtifacts"]
    assert passed.resource == ("arn:aws:s3:::shop-pipeline/*",)
    assert "s3:PutObject" in passed.action
    without = plan_of(SPEC)
    assert without.project is not None
    assert without.project.artifacts.type == "NO_ARTIFACTS"


def test_a_build_without_secrets_has_no_env() -> None:
    assert "env" not in yaml.safe_load(plan_files(PHOENIX)["buildspec.yml"])


@pytest.mark.parametrize("text", [SPEC, SPEC.replace("commit", "latest"), PHOENIX])
def test_shellcheck_finds_nothing(text: str, tmp_path: Path, needs: Callable[[str], str]) -> None:
    scripts = []
    for name, content in plan_files(text).items():
        if name.endswith(".sh"):
            scripts.append(tmp_path / name)
            scripts[-1].write_text(content, encoding="utf-8")
    command = [needs("shellcheck"), *map(str, scripts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_build_for_another_machine_says_so_and_ends_in_codebuild(workshop: Workshop) -> None:
    done = workshop.run("build-docker-images.sh", MACHINE="linux/arm64", **SECRETS)
    assert done.returncode == 0
    assert "note: the images are for linux/amd64, and docker runs on linux/arm64" in done.stderr
    done = workshop.run("build-docker-images.sh", MACHINE="linux/arm64", CODEBUILD_BUILD_ID="shop:1", **SECRETS)
    assert done.returncode == 2
    assert "its environment must be of type LINUX_CONTAINER" in done.stderr


def test_base_images_of_private_registries_get_a_login_and_the_right_to_pull() -> None:
    elsewhere = "999999999999.dkr.ecr.us-east-1.amazonaws.com"
    text = f"""
chuoigen: 1
name: shop
aws: {{ account: "123456789012", region: eu-west-1 }}
containers:
  a: {{ build: {{ recipe: nginx, base: "{elsewhere}/base/nginx:1.28" }}, ports: [80] }}
  b: {{ build: {{ recipe: nginx, base: "{REGISTRY}/own/nginx:1.28" }}, ports: [81] }}
pipeline:
  logins:
    registry.example.com:
      secrets_manager: shop/registry
      kms_key: arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555
"""
    buildspec = yaml.safe_load(plan_files(text)["buildspec.yml"])
    assert buildspec["env"] == {
        "secrets-manager": {
            "REGISTRY_EXAMPLE_COM_USERNAME": "shop/registry:username",
            "REGISTRY_EXAMPLE_COM_PASSWORD": "shop/registry:password",
        }
    }
    pull = "docker login --username AWS --password-stdin"
    assert buildspec["phases"]["pre_build"]["commands"][1:] == [
        f"aws ecr get-login-password --region us-east-1 | {pull} {elsewhere}",
        (
            "printf '%s' \"$REGISTRY_EXAMPLE_COM_PASSWORD\" | docker login"
            ' --username "$REGISTRY_EXAMPLE_COM_USERNAME" --password-stdin registry.example.com'
        ),
    ]
    plan = plan_of(text)
    role = plan.role("codebuild")
    assert role is not None
    granted = {sid: one.resource for sid, one in plan.policy(role).policy_document.statement.items()}
    assert granted["PullBaseImages"] == (
        "arn:aws:ecr:us-east-1:999999999999:repository/base/nginx",
        "arn:aws:ecr:eu-west-1:123456789012:repository/own/nginx",
    )
    assert granted["ReadSecrets"] == ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/registry-??????",)
    assert granted["DecryptSecrets"] == ("arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555",)


def test_images_that_a_moving_tag_leaves_are_kept_by_count() -> None:
    (moved, *_), (kept, *_) = (plan_of(text).repositories for text in (SPEC.replace("commit", "latest"), SPEC))
    assert moved.lifecycle()["rules"][0]["selection"] == {
        "tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 100,
    }  # fmt: skip
    assert kept.lifecycle()["rules"][0]["selection"]["countUnit"] == "days"


def test_images_are_built_with_what_the_spec_says(workshop: Workshop) -> None:
    done = workshop.run("build-docker-images.sh", "--", "--network", "none", **SECRETS)
    assert (done.returncode, done.stderr) == (0, "")
    root = str(workshop.root)
    assert workshop.calls("docker", "build") == [
        [
            *("docker", "build", "--platform", "linux/amd64", "--tag", "shop-qa-api:local"),
            *("--file", f"{root}/api/Dockerfile", "--target", "final"),
            *("--build-arg", "GREETING=it's $HOME", "--build-arg", "LICENSE", "--build-arg", "KEY"),
            *("--network", "none", f"{root}/api"),
        ],
        [
            *("docker", "build", "--platform", "linux/amd64", "--tag", "shop-qa-web:local"),
            *("--file", f"{root}/out/qa/docker/web/Dockerfile"),
            *("--network", "none", f"{root}/out/qa/docker/web"),
        ],
    ]


def test_a_secret_reaches_docker_by_the_environment_alone(workshop: Workshop) -> None:
    workshop.run("build-docker-images.sh", **SECRETS)
    assert "sesame" not in workshop.notes.read_text(encoding="utf-8")
    assert "LICENSE=sesame" in workshop.notes.with_name("notes.environment").read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", ["LICENSE", "KEY"])
def test_nothing_is_built_when_a_secret_is_missing(workshop: Workshop, missing: str) -> None:
    done = workshop.run("build-docker-images.sh", **{**SECRETS, missing: ""})
    assert done.returncode == 2
    assert f"{missing} is not set: the image of api is built with the value of " in done.stderr
    assert workshop.calls("docker", "build") == []


def test_nothing_is_built_when_a_dockerfile_is_missing(workshop: Workshop) -> None:
    (workshop.root / "out/qa/docker/web/Dockerfile").unlink()
    done = workshop.run("build-docker-images.sh", **SECRETS)
    assert done.returncode == 2
    assert "out/qa/docker/web/Dockerfile is missing" in done.stderr
    assert workshop.calls("docker", "build") == []


def test_a_dry_run_of_the_build_calls_nothing(workshop: Workshop) -> None:
    done = workshop.run("build-docker-images.sh", "--dry-run", LICENSE="sesame")
    assert done.returncode == 0
    assert workshop.calls("docker") == []
    assert "note: KEY is not set" in done.stderr
    first = done.stdout.splitlines()[0]
    words = subprocess.run(["sh", "-c", f"printf '%s\\n' {first}"], capture_output=True, text=True, check=True).stdout
    assert words.splitlines() == [
        *("docker", "build", "--platform", "linux/amd64", "--tag", "shop-qa-api:local"),
        *("--file", f"{workshop.root}/api/Dockerfile", "--target", "final"),
        *("--build-arg", "GREETING=it's $HOME", "--build-arg", "LICENSE", "--build-arg", "KEY"),
        f"{workshop.root}/api",
    ]


@pytest.mark.parametrize("script", ["build-docker-images.sh", "push-to-ecr.sh", "archive-and-upload-src.sh"])
def test_an_unknown_word_is_answered_with_the_usage(workshop: Workshop, script: str) -> None:
    done = workshop.run(script, "--help-me")
    assert done.returncode == 2
    assert done.stderr.startswith(f"usage: {script} [--dry-run]")
    assert workshop.calls() == [[""]]


PHOENIX_SOURCE = (
    *("mix.exs", "mix.lock", "package.json", "yarn.lock", "ts/a.ts", "config/config.exs", "priv/static/robots.txt"),
    "out/qa/docker/app/Dockerfile",
)


def test_a_release_is_built_from_the_root_with_the_generated_files_in_it(tmp_path: Path, shell: list[str]) -> None:
    workshop = Workshop(tmp_path, shell, PHOENIX)
    workshop.put(*PHOENIX_SOURCE)
    done = workshop.run("build-docker-images.sh", DOCKER_BUILDKIT="1")
    assert (done.returncode, done.stderr) == (0, "")
    root = str(workshop.root)
    assert workshop.calls("docker", "build") == [
        [
            *("docker", "build", "--platform", "linux/arm64", "--tag", "shop-qa-app:local"),
            *("--file", f"{root}/out/qa/docker/app/Dockerfile"),
            *("--build-arg", "GENERATED=out/qa/docker/app", "--build-arg", "MIX_ENV=qa"),
            root,
        ]
    ]


@pytest.mark.parametrize(
    "path",
    ["mix.exs", "mix.lock", "package.json", "yarn.lock", "ts/a.ts", "config/config.exs", "priv/static/robots.txt"],
)
def test_a_release_needs_its_source(tmp_path: Path, path: str) -> None:
    workshop = Workshop(tmp_path, ["sh"], PHOENIX)
    workshop.put(*(each for each in PHOENIX_SOURCE if each != path))
    done = workshop.run("build-docker-images.sh", DOCKER_BUILDKIT="1")
    assert done.returncode == 2
    copied = path.rpartition("/")[0] or path
    assert f"{copied} is missing (the source is taken from {workshop.root})" in done.stderr


def test_generated_files_outside_of_the_source_are_noticed(tmp_path: Path, shell: list[str]) -> None:
    workshop = Workshop(tmp_path, shell, PHOENIX)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = workshop.run("build-docker-images.sh", SOURCE_ROOT=str(elsewhere))
    assert done.returncode == 2
    assert f"{workshop.root}/out/qa is not below the source {elsewhere}" in done.stderr


def test_without_buildkit_a_release_needs_an_ignore_file_of_its_own(tmp_path: Path, shell: list[str]) -> None:
    workshop = Workshop(tmp_path, shell, PHOENIX)
    workshop.put(*PHOENIX_SOURCE)
    warned = workshop.run("build-docker-images.sh", DOCKER_BUILDKIT="0")
    assert warned.returncode == 0
    assert warned.stderr.startswith("warning: without BuildKit, docker reads no docker/app/Dockerfile.dockerignore:")
    workshop.put(".dockerignore")
    assert workshop.run("build-docker-images.sh", DOCKER_BUILDKIT="0").stderr == ""


ABSENT = "ImageNotFoundException"


def test_images_are_pushed_under_one_tag_and_listed(workshop: Workshop, tmp_path: Path) -> None:
    listed = tmp_path / "imagedefinitions.json"
    done = workshop.run("push-to-ecr.sh", "--imagedefinitions", str(listed), IMAGE_TAG="v1", ANSWER=ABSENT)
    assert (done.returncode, done.stderr) == (0, "")
    assert workshop.calls("docker") == [
        ["docker", "login", "--username", "AWS", "--password-stdin", REGISTRY],
        ["docker", "tag", "shop-qa-api:local", f"{REGISTRY}/shop-qa-api:v1"],
        ["docker", "push", f"{REGISTRY}/shop-qa-api:v1"],
        ["docker", "tag", "shop-qa-web:local", f"{REGISTRY}/shop-qa-web:v1"],
        ["docker", "push", f"{REGISTRY}/shop-qa-web:v1"],
    ]
    assert json.loads(listed.read_text(encoding="utf-8")) == [
        {"name": "api", "imageUri": f"{REGISTRY}/shop-qa-api:v1"},
        {"name": "web", "imageUri": f"{REGISTRY}/shop-qa-web:v1"},
    ]


def test_the_password_is_read_and_never_an_argument(workshop: Workshop) -> None:
    workshop.run("push-to-ecr.sh", IMAGE_TAG="v1", ANSWER=ABSENT)
    assert workshop.notes.with_name("notes.password").read_text(encoding="utf-8") == "a-password\n"
    assert "a-password" not in workshop.notes.read_text(encoding="utf-8")


def test_what_is_in_an_immutable_repository_is_left(workshop: Workshop) -> None:
    done = workshop.run("push-to-ecr.sh", IMAGE_TAG="v1")
    assert done.returncode == 0
    assert workshop.calls("docker", "push") == []
    assert f"{REGISTRY}/shop-qa-api:v1 is in ECR already, and its tag never moves: not pushed again" in done.stdout


def test_another_answer_of_ecr_ends_the_push(workshop: Workshop) -> None:
    done = workshop.run("push-to-ecr.sh", IMAGE_TAG="v1", ANSWER="RepositoryNotFoundException")
    assert done.returncode == 1
    assert "RepositoryNotFoundException" in done.stderr
    assert workshop.calls("docker", "push") == []


def test_a_tag_that_moves_is_pushed_each_time(tmp_path: Path, shell: list[str]) -> None:
    workshop = Workshop(tmp_path, shell, SPEC.replace("commit", "latest"))
    assert workshop.run("push-to-ecr.sh").returncode == 0
    assert [call[2] for call in workshop.calls("docker", "push")] == [
        f"{REGISTRY}/shop-qa-api:latest",
        f"{REGISTRY}/shop-qa-web:latest",
    ]
    assert workshop.calls("aws", "ecr", "describe-images") == []


def test_a_dry_run_of_the_push_calls_nothing(workshop: Workshop, tmp_path: Path) -> None:
    listed = tmp_path / "imagedefinitions.json"
    done = workshop.run("push-to-ecr.sh", "--dry-run", "--imagedefinitions", str(listed), IMAGE_TAG="v1")
    assert done.returncode == 0
    assert workshop.calls() == [[""]]
    assert not listed.exists()
    assert done.stdout.splitlines() == [
        "aws ecr get-login-password --region eu-west-1 |",
        f"    docker login --username AWS --password-stdin {REGISTRY}",
        f"docker tag shop-qa-api:local {REGISTRY}/shop-qa-api:v1",
        f"docker push {REGISTRY}/shop-qa-api:v1",
        f"docker tag shop-qa-web:local {REGISTRY}/shop-qa-web:v1",
        f"docker push {REGISTRY}/shop-qa-web:v1",
    ]


def pushed_tag(workshop: Workshop, **variables: str) -> str:
    done = workshop.run("push-to-ecr.sh", ANSWER=ABSENT, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return workshop.calls("docker", "push")[0][2].rpartition(":")[2]


def test_the_tag_is_the_commit_of_the_source(workshop: Workshop) -> None:
    commit = workshop.commit()
    assert pushed_tag(workshop) == commit[:12]


def test_the_tag_of_an_archive_is_the_commit_it_was_made_of(workshop: Workshop) -> None:
    (workshop.root / ".source-commit").write_text(f"{COMMIT}\n", encoding="utf-8")
    workshop.commit()
    assert pushed_tag(workshop, CODEBUILD_RESOLVED_SOURCE_VERSION="f" * 40) == "0123456789ab"


def test_codebuild_says_the_commit_where_there_is_no_git(workshop: Workshop) -> None:
    assert pushed_tag(workshop, CODEBUILD_RESOLVED_SOURCE_VERSION=COMMIT) == "0123456789ab"


@pytest.mark.parametrize("version", ["", "arn:aws:s3:::shop-source/shop-qa.zip", "L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY"])
def test_without_a_commit_there_is_no_push(workshop: Workshop, version: str) -> None:
    done = workshop.run("push-to-ecr.sh", CODEBUILD_RESOLVED_SOURCE_VERSION=version)
    assert done.returncode == 2
    assert "the commit of the source is not known: set IMAGE_TAG" in done.stderr
    assert workshop.calls() == [[""]]


def test_changed_files_have_no_commit(workshop: Workshop) -> None:
    commit = workshop.commit()
    (workshop.root / "api/Dockerfile").write_text("changed", encoding="utf-8")
    done = workshop.run("push-to-ecr.sh")
    assert done.returncode == 2
    assert f"the source differs from commit {commit}" in done.stderr
    assert pushed_tag(workshop, IMAGE_TAG="mine") == "mine"


@pytest.mark.parametrize("tag", [".a", "-a", "a b", "a;b", "a/b"])
def test_what_is_no_tag_is_refused(workshop: Workshop, tag: str) -> None:
    done = workshop.run("push-to-ecr.sh", IMAGE_TAG=tag)
    assert done.returncode == 2
    assert "IMAGE_TAG is not a tag of an image" in done.stderr


def test_the_archive_holds_the_commit_and_its_name(workshop: Workshop) -> None:
    commit = workshop.commit()
    workshop.put("untracked")
    done = workshop.run("archive-and-upload-src.sh")
    assert (done.returncode, done.stderr) == (0, "")
    (call,) = workshop.calls("aws")
    assert call[:3] == ["aws", "s3", "cp"]
    assert call[4:] == ["s3://shop-source/shop-qa.zip", "--region", "eu-west-1"]
    with zipfile.ZipFile(workshop.notes.with_name("notes.zip")) as archive:
        assert archive.read(".source-commit").decode().strip() == commit
        assert "api/Dockerfile" in archive.namelist()
        assert "untracked" not in archive.namelist()
    assert not Path(call[3]).parent.exists()


def test_an_archive_of_changed_files_is_refused(workshop: Workshop) -> None:
    workshop.commit()
    (workshop.root / "api/Dockerfile").write_text("changed", encoding="utf-8")
    done = workshop.run("archive-and-upload-src.sh")
    assert done.returncode == 2
    assert "commit them first" in done.stderr
    assert workshop.calls("aws") == []


def test_a_dry_run_of_the_upload_calls_nothing(workshop: Workshop) -> None:
    workshop.commit()
    done = workshop.run("archive-and-upload-src.sh", "--dry-run")
    assert done.returncode == 0
    assert workshop.calls() == [[""]]
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["git", "aws"]


def test_a_name_that_no_shell_can_hold_is_an_error() -> None:
    text = SPEC.replace("LICENSE: {", '"a}$(b)": {')
    with pytest.raises(ValueError, match="cannot read"):
        plan_files(text)


def test_a_secret_of_a_build_keeps_its_key_and_version_and_is_known_by_its_name() -> None:
    text = """
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
containers:
  app:
    build:
      dockerfile: Dockerfile
      secrets:
        KEYED: { secrets_manager: shop/db, key: password, version_stage: AWSPREVIOUS }
        STAGED: { secrets_manager: shop/token, version_stage: AWSPREVIOUS }
        PLAIN: { secrets_manager: shop/plain }
"""
    plan = plan_of(text)
    spec = yaml.safe_load({file.path: file.text for file in pipeline.render(plan)}["pipeline/buildspec.yml"])
    assert spec["env"]["secrets-manager"] == {
        "KEYED": "shop/db:password:AWSPREVIOUS",
        "STAGED": "shop/token::AWSPREVIOUS",
        "PLAIN": "shop/plain",
    }
    asked = next(file.text for file in scripts.render(plan) if file.path.endswith("04-logs-and-parameters.sh"))
    lines = [line for line in asked.splitlines() if line.startswith("secret ")]
    assert lines == ["secret shop/db password", "secret shop/token", "secret shop/plain"]
