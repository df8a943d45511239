"""The pipeline: from the commit of a repository to images in a registry and what CodePipeline deploys."""

from __future__ import annotations

import json
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.proof import codebuild
from tests.proof.dockerd import locked
from tests.proof.project import SECRET, run
from tests.proof.registry import HOST

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.emulator import Aws
    from tests.proof.project import Project
    from tests.proof.registry import Registry

pytestmark = [
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.needs("dockerd", "docker-registry", "elixir", "nginx", "git", "moto_server", "aws"),
]


def environment(project: Project, aws: Aws, folder: Path) -> dict[str, str]:
    """Return what both CLIs need; a login is remembered in the folder."""
    own = project.daemon.environment
    return {
        **aws.environment,
        **own,
        "PATH": f"{own['PATH'].partition(':')[0]}:{aws.environment['PATH']}",
        "DOCKER_CONFIG": str(folder),
    }


def make_repositories(project: Project, aws: Aws) -> None:
    for container in project.plan.built:
        aws.client("ecr").create_repository(repositoryName=container.image.repository)


def containers_of(project: Project) -> list[str]:
    task = json.loads((project.out / "ecs" / "task-definition.json").read_text())
    return [container["name"] for container in task["containerDefinitions"]]


def commit_of(project: Project) -> str:
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project.root, capture_output=True, text=True, check=True)
    return found.stdout.strip()


def script(project: Project, environment: dict[str, str], name: str, *arguments: str) -> str:
    result = subprocess.run(
        ["sh", project.out / "pipeline" / name, *arguments],
        env=environment,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def test_images_are_pushed_under_the_commit_and_never_twice(
    projects: dict[str, Project], registry: Registry, aws: Aws, tmp_path: Path
) -> None:
    project = projects["qa"]
    images = project.built().images
    make_repositories(project, aws)
    tag = commit_of(project)[:12]
    tools = environment(project, aws, tmp_path)
    definitions = tmp_path / "imagedefinitions.json"
    stranger = project.daemon.docker("push", f"{HOST}/chuoi-qa-web:{tag}", check=False)
    assert stranger.returncode != 0
    with locked(project.daemon.folder / "build.lock"):
        for name, image in images.items():
            project.daemon.docker("tag", image, f"chuoi-qa-{name}:local")
        script(project, tools, "push-to-ecr.sh", "--imagedefinitions", str(definitions))
    # That the registry has them shows that the login was one: it refused the stranger above.
    found = json.loads(definitions.read_text())
    assert found == [{"name": name, "imageUri": f"{HOST}/chuoi-qa-{name}:{tag}"} for name in ("app", "web", "log")]
    assert [each["name"] for each in found] == containers_of(project)
    for name, image in images.items():
        manifest = registry.manifest(f"chuoi-qa-{name}", tag)
        assert manifest["config"]["digest"] == image
        record_in_ecr(aws, f"chuoi-qa-{name}", tag, manifest)
    again = script(project, tools, "push-to-ecr.sh", "--imagedefinitions", str(definitions))
    assert again.count("is in ECR already, and its tag never moves: not pushed again") == 3
    assert "Pushed" not in again
    assert json.loads(definitions.read_text()) == found


def record_in_ecr(aws: Aws, repository: str, tag: str, manifest: dict[str, Any]) -> None:
    """Tell moto what ECR would know, since the images are in the registry beside it."""
    aws.client("ecr").put_image(repositoryName=repository, imageTag=tag, imageManifest=json.dumps(manifest))


def test_what_was_pushed_can_be_pulled_by_a_task(
    projects: dict[str, Project], registry: Registry, aws: Aws, tmp_path: Path
) -> None:
    project = projects["qa"]
    image = project.built().images["log"]
    make_repositories(project, aws)
    tools = environment(project, aws, tmp_path)
    with locked(project.daemon.folder / "build.lock"):
        for name, each in project.built().images.items():
            project.daemon.docker("tag", each, f"chuoi-qa-{name}:local")
        script(project, {**tools, "IMAGE_TAG": "by-hand"}, "push-to-ecr.sh")
    assert "by-hand" in registry.tags("chuoi-qa-log")
    reference = f"{HOST}/chuoi-qa-log:by-hand"
    project.daemon.docker("image", "rm", reference)
    pulled = subprocess.run(["docker", "pull", reference], env=tools, capture_output=True, text=True, check=False)
    assert pulled.returncode == 0, pulled.stderr
    assert project.image(reference) == image


@pytest.mark.parametrize("spec", ["qa", "chuoi-2018"])
def test_codebuild_makes_images_of_an_uploaded_archive(
    projects: dict[str, Project], registry: Registry, aws: Aws, tmp_path: Path, spec: str
) -> None:
    project = projects[spec]
    make_repositories(project, aws)
    aws.client("ssm").put_parameter(Name="/chuoi/qa/secret-key-base", Value=SECRET, Type="SecureString")
    tools = environment(project, aws, tmp_path)
    source = uploaded(project, aws, tools, tmp_path)
    with locked(project.daemon.folder / "build.lock"):
        outcome = codebuild.run(buildspec_of(source, spec), source, tools, lambda key: parameter(aws, key))
    assert outcome.phases == {"pre_build": True, "build": True, "post_build": True}, outcome.said
    tag = commit_of(project)[:12] if spec == "qa" else "latest"
    repositories = {name: f"chuoi-qa-{name}" if spec == "qa" else name for name in ("app", "web", "log")}
    assert outcome.artifacts == {}  # no bucket for them is written in this spec
    assert json.loads((source / "imagedefinitions.json").read_text()) == [
        {"name": name, "imageUri": f"{HOST}/{repository}:{tag}"} for name, repository in repositories.items()
    ]
    assert list(repositories) == containers_of(project)
    for repository in repositories.values():
        assert tag in registry.tags(repository)
    assert SECRET not in outcome.said


def test_a_failed_build_pushes_nothing_and_delivers_nothing(
    projects: dict[str, Project], registry: Registry, aws: Aws, tmp_path: Path
) -> None:
    project = projects["qa"].copy(tmp_path)
    (project.root / "lib" / "chuoi" / "listener.ex").write_text("defmodule Broken do\n")
    run(
        "git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-qam", "Break", folder=project.root
    )
    make_repositories(project, aws)
    tools = environment(project, aws, tmp_path)
    source = uploaded(project, aws, tools, tmp_path)
    with locked(project.daemon.folder / "build.lock"):
        outcome = codebuild.run(buildspec_of(source, "qa"), source, tools, lambda key: parameter(aws, key))
    assert outcome.phases == {"pre_build": True, "build": False, "post_build": True}
    assert "listener.ex" in outcome.said
    assert outcome.artifacts == {}
    assert not (source / "imagedefinitions.json").exists()
    assert commit_of(project)[:12] not in registry.tags("chuoi-qa-app")


def test_a_refused_login_ends_the_build_before_it_begins(
    projects: dict[str, Project], registry: Registry, aws: Aws, tmp_path: Path
) -> None:
    project = projects["qa"]
    assert registry.daemon is project.daemon
    tools = environment(project, aws, tmp_path)
    aws_cli = tmp_path / "aws"
    aws_cli.write_text("#!/bin/sh\necho a-password-of-yesterday\n")
    aws_cli.chmod(0o755)
    tools["PATH"] = f"{tmp_path}:{tools['PATH']}"
    outcome = codebuild.run(buildspec_of(project.root, "qa"), project.root, tools, str)
    assert outcome.phases == {"pre_build": False}
    assert "401" in outcome.said  # the status of HTTP, whatever docker says around it


def uploaded(project: Project, aws: Aws, tools: dict[str, str], folder: Path) -> Path:
    """Upload the source with the generated script, and unpack it as CodeBuild does."""
    aws.client("s3").create_bucket(
        Bucket="chuoi-source", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
    )
    script(project, tools, "archive-and-upload-src.sh")
    archive = folder / "source.zip"
    aws.client("s3").download_file("chuoi-source", "chuoi-qa.zip", str(archive))
    with zipfile.ZipFile(archive) as files:
        files.extractall(folder / "src")
    return folder / "src"


def buildspec_of(source: Path, spec: str) -> Any:
    return yaml.safe_load((source / "out" / spec / "pipeline" / "buildspec.yml").read_text())


def parameter(aws: Aws, key: str) -> str:
    value: str = aws.client("ssm").get_parameter(Name=key, WithDecryption=True)["Parameter"]["Value"]
    return value
