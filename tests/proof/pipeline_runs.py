"""The scripts of pipeline/, run with a docker and an aws that write down what they are asked."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.recipes.dockerfile import DockerfilePlan
from chuoigen.recipes.node.planning import NodePlan
from chuoigen.recipes.phoenix.planning import PhoenixPlan
from chuoigen.recipes.python.planning import PythonPlan
from chuoigen.recipes.rails.planning import RailsPlan
from tests.proof import dockerfiles
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

COMMIT = "0123456789abcdef0123456789abcdef01234567"
# Each call is one line of its words, parted by tabs. What ECR holds already stands in a file of the world.
STUB = """\
#!/bin/sh
line=${0##*/}
for word in "$@"; do line="$line	$word"; done
printf '%s\\n' "$line" >>"$WORLD/calls"
case "${0##*/} $*" in
    'docker version '*) echo 28 ;;
    'docker login '*) [ "$(cat)" = password ] ;;
    'docker build '*) [ ! -e "$WORLD/broken" ] ;;
    'aws ecr get-login-password '*) [ ! -e "$WORLD/locked" ] && echo password ;;
    'aws ecr describe-images '*)
        [ -e "$WORLD/there" ] || { echo 'An error occurred (ImageNotFoundException): none' >&2; exit 254; }
        ;;
    'aws s3 cp '*) cp "$3" "$WORLD/uploaded" ;;
esac
"""


def write_sources(build: Build, root: Path) -> None:
    """Write what the builds of the images take from a repository; the files are empty."""
    for container in build.plan.built:
        if isinstance(container.build, DockerfilePlan):
            files = [container.build.dockerfile]
        elif isinstance(container.build, PhoenixPlan) and not container.build.applications:
            names = ["mix.exs", "mix.lock", "config", "priv/static", "package.json", "yarn.lock", "package-lock.json"]
            names += container.build.asset_sources
            files = [str(Path(container.build.context) / name) for name in names]
        elif isinstance(container.build, PhoenixPlan | RailsPlan | NodePlan | PythonPlan):
            files = _copied(build, container.name)
        else:
            continue
        for file in sorted(files, key=lambda one: -one.count("/")):
            if (root / file).exists():  # a folder that holds another one of them
                continue
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text("")


def _copied(build: Build, name: str) -> list[str]:
    """Return what the Dockerfile of an application copies by name, and what node's manifests are found by."""
    stages = dockerfiles.parse(build.files[f"docker/{name}/Dockerfile"])
    own = [i for stage in stages for i in stage if i.keyword == "COPY" and "from" not in i.flags]
    recipe = build.plan.containers[name].build
    manifests = []
    if isinstance(recipe, NodePlan):
        folders = (".", recipe.folder, *recipe.needs)
        manifests = [recipe.lock, *(os.path.normpath(f"{folder}/package.json") for folder in folders)]
    return manifests + [word for i in own for word in i.words[:-1] if word != "." and "GENERATED" not in word]


class World:
    """A repository with a build in its usual place, and the tools in front of everybody's."""

    def __init__(self, build: Build, folder: Path) -> None:
        self.build, self.folder = build, folder
        self.root = folder / "repo sitory"
        self.out = self.root / build.plan.output
        build.write(self.out)
        write_sources(build, self.root)
        (self.root / ".source-commit").write_text(COMMIT + "\n")
        tools = folder / "tools"
        tools.mkdir()
        for name in ("docker", "aws"):
            (tools / name).write_text(STUB)
            (tools / name).chmod(0o755)
        self.environment = {"PATH": f"{tools}:{os.environ['PATH']}", "WORLD": str(folder), "HOME": str(folder)}

    def run(self, name: str, *arguments: str, **environment: str) -> tuple[int, str, list[list[str]]]:
        """Return exit code, standard output, and the calls of the tools."""
        calls = self.folder / "calls"
        calls.write_text("")
        result = subprocess.run(
            ["sh", str(self.out / "pipeline" / name), *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
            env={**self.environment, **environment},
        )
        return result.returncode, result.stdout, [line.split("\t") for line in calls.read_text().splitlines()]


def pipeline_runs(build: Build, names: frozenset[str] | None = None) -> Iterator[str]:
    """Build and push what the plan says, write imagedefinitions.json, upload the source, refuse what is not there."""
    trials = {"build-docker-images.sh": _build, "push-to-ecr.sh": _push, "archive-and-upload-src.sh": _archive}
    for name, trial in trials.items():
        if f"pipeline/{name}" in build.files and (names is None or name in names):
            with tempfile.TemporaryDirectory() as folder:
                yield from (f"{name}: {line}" for line in trial(World(build, Path(folder))))
                yield from (f"{name}: {line}" for line in _refusals(build, name))


def _refusals(build: Build, name: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(build, Path(folder))
        code, said, calls = world.run(name, "--unknown")
        if code != 2 or said or calls:
            yield "an unknown option is not refused"
        code, said, calls = world.run(name, "--dry-run", **_secrets(build))
        if [call for call in calls if call[1] != "version"]:
            yield "a dry run calls something"
        # The archive needs a repository of git even to say what it would do.
        if name != "archive-and-upload-src.sh" and (code or not said):
            yield "a dry run says nothing"


def _secrets(build: Build) -> dict[str, str]:
    return {a.name: "secret" for c in build.plan.built if c.build for a in c.build.arguments if a.value is None}


def _builds(world: World) -> list[list[str]]:
    """Return the calls of docker build that the plan asks for."""
    plan = world.build.plan
    platform = "linux/arm64" if plan.task.runtime_platform.cpu_architecture == "ARM64" else "linux/amd64"
    found = []
    for container in plan.built:
        recipe, folder = container.build, world.out / "docker" / container.name
        assert recipe is not None
        file, context, arguments = folder / "Dockerfile", folder, []
        if hasattr(recipe, "generated"):
            context = world.root
            arguments = ["--build-arg", f"GENERATED={plan.output}/docker/{container.name}"]
        target: list[str] = []
        if isinstance(recipe, DockerfilePlan):
            file, context = world.root / recipe.dockerfile, world.root / recipe.context
            target = ["--target", recipe.target] if recipe.target else []
        for argument in recipe.arguments:
            value = argument.name if argument.value is None else f"{argument.name}={argument.value}"
            arguments += ["--build-arg", value]
        head = ["docker", "build", "--platform", platform, "--tag", container.image.local, "--file", str(file)]
        found.append([*head, *target, *arguments, str(context)])
    return found


def _same(call: list[str]) -> list[str]:
    """Write a call in one order of its options, with its paths in one form."""
    words = [os.path.normpath(word) if word.startswith("/") else word for word in call]
    pairs, rest, at = [], [], 2
    while at < len(words):
        if words[at].startswith("--") and at + 1 < len(words):
            pairs.append(f"{words[at]} {words[at + 1]}")
            at += 2
        else:
            rest.append(words[at])
            at += 1
    return [*words[:2], *sorted(pairs), *rest]


def _build(world: World) -> Iterator[str]:
    secrets = _secrets(world.build)
    code, _, calls = world.run("build-docker-images.sh", **secrets)
    builds = [_same(call) for call in calls if call[:2] == ["docker", "build"]]
    yield from differ("docker build", (code, builds), (0, [_same(call) for call in _builds(world)]))
    code, _, calls = world.run("build-docker-images.sh", "--", "--network", "none", **secrets)
    if code or not all("none" in call for call in calls if call[1] == "build"):
        yield "options after -- do not reach docker build"
    for name in secrets:
        code, _, calls = world.run("build-docker-images.sh", **{k: v for k, v in secrets.items() if k != name})
        if code != 2 or any(call[1] == "build" for call in calls):
            yield f"it builds without {name}"
    code, _, calls = world.run("build-docker-images.sh", SOURCE_ROOT=str(world.folder), **secrets)
    if any(hasattr(c.build, "context") for c in world.build.plan.built) and (code != 2 or calls):
        yield "it builds from a folder without the source"
    (world.folder / "broken").write_text("")
    code, _, calls = world.run("build-docker-images.sh", **secrets)
    if code == 0 or len([call for call in calls if call[1] == "build"]) != 1:
        yield "a build that fails does not end it"
    (world.folder / "broken").unlink()
    needed = [path for path in world.root.rglob("*") if path.is_file() and _is_needed(world, path)]
    for path in needed:
        text = path.read_text()
        path.unlink()
        code, _, calls = world.run("build-docker-images.sh", **secrets)
        if code != 2 or any(call[1] == "build" for call in calls):
            yield f"it builds without {path.name}"
        path.write_text(text)


def _is_needed(world: World, path: Path) -> bool:
    for container in world.build.plan.built:
        recipe = container.build
        if isinstance(recipe, PhoenixPlan):
            other = "yarn.lock" if recipe.package_manager == "npm" else "package-lock.json"
            if path.name == other:
                return False
        if path.name == ".source-commit":
            return False
        if path.name == "Dockerfile" and path.parent.name == container.name:
            return True
    return world.out not in path.parents


def _push(world: World) -> Iterator[str]:
    plan = world.build.plan
    for tag, environment in _tags(world.build):
        code, _, calls = world.run("push-to-ecr.sh", "--imagedefinitions", str(world.folder / "i.json"), **environment)
        wanted = [
            ["aws", "ecr", "get-login-password", "--region", plan.region],
            ["docker", "login", "--username", "AWS", "--password-stdin", plan.registry],
        ]
        for container in plan.built:
            image = f"{plan.registry}/{container.image.repository}:{tag}"
            wanted.append(["docker", "tag", container.image.local, image])
            wanted.append(["docker", "push", image])
        done = [call for call in calls if call[1:3] != ["ecr", "describe-images"]]
        yield from differ(f"calls for {tag}", (code, done), (0, wanted))
        asked = [call for call in calls if call[1:3] == ["ecr", "describe-images"]]
        yield from _asked(world.build, asked, tag)
        definitions = world.folder / "i.json"
        found = json.loads(definitions.read_text()) if definitions.exists() else None
        made = [(c.name, c.image.repository) for c in plan.containers.values() if c.image.repository]
        images = [{"name": name, "imageUri": f"{plan.registry}/{repository}:{tag}"} for name, repository in made]
        yield from differ("imagedefinitions.json", found, images)
    yield from _push_refuses(world)


def _tags(build: Build) -> list[tuple[str, dict[str, str]]]:
    fixed = build.plan.pipeline.tag if build.plan.pipeline else None
    return [(fixed or COMMIT[:12], {}), ("v1.2_3-4", {"IMAGE_TAG": "v1.2_3-4"})]


def _asked(build: Build, asked: list[list[str]], tag: str) -> Iterator[str]:
    """Ask ECR before a push only where a tag never moves, and about each image of ours once."""
    wanted = [
        f"aws ecr describe-images --region {build.plan.region} --repository-name {c.image.repository}"
        f" --image-ids imageTag={tag} --output json".split()
        for c in build.plan.built
        if c.image.immutable
    ]
    yield from differ("describe-images", asked, wanted)


def _push_refuses(world: World) -> Iterator[str]:
    for tag in ("a b", ".a", "-a", "a:b", "a/b"):
        code, _, calls = world.run("push-to-ecr.sh", IMAGE_TAG=tag)
        if code != 2 or calls:
            yield f"the tag {tag} is not refused"
    for arguments in (["--imagedefinitions"], ["word"]):
        code, _, calls = world.run("push-to-ecr.sh", *arguments)
        if code != 2 or calls:
            yield f"{arguments} is not refused"
    if any(container.image.immutable for container in world.build.plan.built):
        (world.folder / "there").write_text("")
        code, _, calls = world.run("push-to-ecr.sh", IMAGE_TAG="v1")
        if code or any(call[1] in ("tag", "push") for call in calls):
            yield "an image that is there is pushed again"
    yield from _push_stops(world)


def _push_stops(world: World) -> Iterator[str]:
    """Stop without a password, and where the commit is not known."""
    (world.folder / "locked").write_text("")
    code, _, calls = world.run("push-to-ecr.sh", IMAGE_TAG="v1")
    if code == 0 or any(call[0] == "docker" for call in calls):
        yield "it goes on without a password"
    if world.build.plan.pipeline and world.build.plan.pipeline.tag is None:
        (world.root / ".source-commit").unlink()
        code, _, calls = world.run("push-to-ecr.sh", GIT_CEILING_DIRECTORIES=str(world.folder))
        if code != 2 or calls:
            yield "it pushes without knowing the commit"
        code, said, _ = world.run("push-to-ecr.sh", "--dry-run", CODEBUILD_RESOLVED_SOURCE_VERSION=COMMIT)
        if code or f":{COMMIT[:12]}" not in said:
            yield "CodeBuild's commit is not taken"


def _archive(world: World) -> Iterator[str]:
    pipeline = world.build.plan.pipeline
    assert pipeline is not None
    (world.root / ".source-commit").unlink()
    git = ["git", "-C", str(world.root), "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "mix.exs"], ["commit", "-q", "-m", "a"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    code, _, calls = world.run("archive-and-upload-src.sh")
    uploads = [[*call[:3], *call[4:]] for call in calls]
    target = f"s3://{pipeline.source_bucket}/{world.build.plan.prefix}.zip"
    yield from differ(
        "upload", (code, uploads), (0, [["aws", "s3", "cp", target, "--region", world.build.plan.region]])
    )
    yield from _archived(world)
    (world.root / "mix.exs").write_text("changed")
    code, _, calls = world.run("archive-and-upload-src.sh")
    if code != 2 or calls:
        yield "changes that are no commit are not refused"


def _archived(world: World) -> Iterator[str]:
    import zipfile

    head = subprocess.run(
        ["git", "-C", str(world.root), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout
    with zipfile.ZipFile(world.folder / "uploaded") as archive:
        yield from differ("archive", sorted(archive.namelist()), [".source-commit", "mix.exs"])
        yield from differ("commit", archive.read(".source-commit").decode(), head)
