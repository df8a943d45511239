"""Any string that the language admits comes back unchanged from the real parser of each file in which it lands."""

from __future__ import annotations

import json
import posixpath
import re
import subprocess
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from chuoigen.compiler import judge, render
from chuoigen.inputs.load import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.tree import Tree

HOSTILE = (
    "it's", 'say "hi"', "$(reboot) `reboot`", "${HOME} $HOME $$ $", "back\\slash \\n \\", "{{ 7 * 7 }}{% x %}{# y #}", "a;b|c&d>e<f*g?[h]~!",
    "#{`x`} # x", "-n", "--build-arg", " leading", "trailing ", "tab\there", "日本 🍌", "\u2028\x85\ufeff", "<b>&amp;", "null", "1e3", "0x1f", "on", "~", "? x", "- x",
    "a: b", "%{time} %Y", "@json", "!tag", "*alias", "&anchor", "'", '"', "\\", "x" * 2000,
)  # fmt: skip
words = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
lines = st.lists(words, min_size=1, max_size=4).map("\n".join)


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of a spec in a repository with an application."""
    folder = tmp_path_factory.mktemp("strings")
    (folder / ".git").mkdir()
    (folder / "app").mkdir()
    (folder / "app" / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    return folder / "qa.yaml"


def service(**app: Any) -> dict[str, Any]:
    return {
        "chuoigen": 1,
        "name": "shop",
        "stage": "qa",
        "aws": {"account": "123456789012", "region": "eu-west-1"},
        "task": {"execution_role": "shop-execution"},
        "containers": {
            "app": {"build": {"context": "app", "dockerfile": "app/Dockerfile"}, "ports": [8000], **app},
            "web": {"build": {"recipe": "nginx", "upstream": "app"}, "ports": [80]},
        },
    }


def built(spec: Path, data: dict[str, Any]) -> Tree:
    """Build what the language admits; what lint refuses is no example."""
    spec.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    found = judge(load(spec))
    assume(not found.refused)
    assert found.plan is not None
    return render(found.plan)


def container(tree: Tree, name: str = "app") -> dict[str, Any]:
    definitions = json.loads(tree["ecs/task-definition.json"].text)["containerDefinitions"]
    return next(each for each in definitions if each["name"] == name)


def composed(tree: Tree, file: str = "compose.yaml", name: str = "app") -> dict[str, Any]:
    """Return a service as docker compose has it, once it has read `$$` as a dollar sign."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(child) for key, child in value.items()}
        if isinstance(value, list):
            return [plain(child) for child in value]
        return value.replace("$$", "$") if isinstance(value, str) else value

    found: dict[str, Any] = plain(yaml.safe_load(tree[file].text)["services"][name])
    return found


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\x85" not in text])
def test_hostile_texts_are_admitted_as_values(spec: Path, text: str) -> None:
    data = service(environment={"TEXT": text}, command=["run", text], labels={"text": text})
    spec.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert [found.message for found in judge(load(spec)).diagnostics if found.severity == "error"] == []


@settings(max_examples=50)
@given(text=lines)
@example(text="")
@example(text="a\nb\n")
def test_variables(spec: Path, text: str) -> None:
    tree = built(spec, service(environment={"TEXT": text}))
    assert {"name": "TEXT", "value": text} in container(tree)["environment"]
    for file in ("compose.yaml", "compose.fargate.yaml"):
        assert composed(tree, file)["environment"]["TEXT"] == text


@settings(max_examples=50)
@given(first=words, second=lines)
def test_commands_labels_and_checks(spec: Path, first: str, second: str) -> None:
    command = ["run", first, second]
    check = {"command": ["CMD", "test", first]}
    tree = built(
        spec, service(command=command, entrypoint=["/bin/env", second], labels={"a.b": first}, healthcheck=check)
    )
    definition, local = container(tree), composed(tree)
    assert definition["command"] == local["command"] == command
    assert definition["entryPoint"] == local["entrypoint"] == ["/bin/env", second]
    assert definition["dockerLabels"] == {"a.b": first}
    assert local["labels"]["a.b"] == first
    assert definition["healthCheck"]["command"] == local["healthcheck"]["test"] == ["CMD", "test", first]


@settings(max_examples=50)
@given(text=words)
def test_paths_of_mounts_and_working_directories(spec: Path, text: str) -> None:
    path = f"/srv/{text.replace('/', '_')}"
    assume(posixpath.normpath(path) == path)
    data = service(mounts={"files": path}, working_dir=path)
    data["volumes"] = {"files": {}}
    data["containers"]["web"]["mounts"] = {"files": f"{path}:ro"}
    tree = built(spec, data)
    assert container(tree)["workingDirectory"] == composed(tree)["working_dir"] == path
    (point,) = container(tree)["mountPoints"]
    assert point["containerPath"] == path
    (volume,) = composed(tree)["volumes"]
    assert (volume["target"] if isinstance(volume, dict) else volume.split(":")[1]) == path
    line = next(line for line in tree["docker/web/Dockerfile"].text.splitlines() if line.startswith("VOLUME "))
    (word,) = json.loads(line.removeprefix("VOLUME "))
    assert re.sub(r"\\(.)", r"\1", word) == path  # docker reads quotes and dollar signs even in the JSON form


@settings(max_examples=25)
@given(text=words)
def test_options_of_logs(spec: Path, text: str) -> None:
    tree = built(spec, service(logs={"options": {"awslogs-datetime-format": text}}))
    assert container(tree)["logConfiguration"]["options"]["awslogs-datetime-format"] == text


@settings(max_examples=50)
@given(text=words)
def test_the_health_check_path_in_nginx(spec: Path, text: str, needs: Callable[[str], str]) -> None:
    needs("crossplane")
    import crossplane

    path = f"/{text}"
    data = service()
    data["containers"]["web"]["healthcheck"] = {"http": path}
    tree = built(spec, data)
    assert container(tree, "web")["healthCheck"]["command"][-1] == f"http://127.0.0.1:80{path}"
    file = spec.parent / "nginx.conf"
    file.write_text(tree["docker/web/nginx.conf"].text.replace("include ", "#include "), encoding="utf-8")
    parsed = crossplane.parse(str(file), single=True)
    assert parsed["errors"] == []

    def directives(block: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [each for one in block for each in (one, *directives(one.get("block", [])))]

    places = [
        [re.sub(r"\\(.)", r"\1", word) for word in one["args"]]
        for one in directives(parsed["config"][0]["parsed"])
        if one["directive"] == "location"
    ]
    assert ["=", path.partition("?")[0]] in places  # a location is compared with the path alone


DOCKER = '#!/bin/sh\nprintf \'%s\\0\' "$@" >>"$NOTES"\n'


@settings(max_examples=20)
@given(text=lines)
@example(text="-n")
@example(text='it\'s $(reboot) `x` "y" \\')
def test_build_arguments_in_a_shell(spec: Path, text: str) -> None:
    data = service()
    data["containers"]["app"]["build"]["args"] = {"TEXT": text}
    data["containers"].pop("web")
    tree = built(spec, data)
    folder = spec.parent
    for path, content in (
        ("pipeline/build-docker-images.sh", tree["pipeline/build-docker-images.sh"].text),
        ("docker", DOCKER),
    ):
        (folder / "out" / "qa" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "out" / "qa" / path).write_text(content, encoding="utf-8")
        (folder / "out" / "qa" / path).chmod(0o755)
    notes = folder / "notes"
    notes.unlink(missing_ok=True)
    environment = {"PATH": f"{folder / 'out' / 'qa'}:/usr/bin:/bin", "NOTES": str(notes), "DOCKER_BUILDKIT": "1"}
    script = folder / "out" / "qa" / "pipeline" / "build-docker-images.sh"
    subprocess.run(["sh", str(script)], env=environment, check=True, capture_output=True)
    assert f"TEXT={text}" in notes.read_text(encoding="utf-8").split("\0")
    composed_arguments = composed(tree)["build"]["args"]
    assert composed_arguments["TEXT"] == text


@settings(max_examples=25)
@given(prefix=words)
def test_permissions_name_what_the_spec_names(spec: Path, prefix: str) -> None:
    data = service()
    data["task"]["task_role"] = "shop-task"
    data["volumes"] = {"files": {}, "state": {}}
    data["containers"]["app"]["mounts"] = {"files": "/logs"}
    data["containers"]["log"] = {
        "build": {
            "recipe": "fluentd",
            "tail": {"files": "*.log"},
            "state": "state",
            "s3": {"bucket": "shop-logs", "prefix": prefix},
        },
        "mounts": {"files": "/logs:ro", "state": "/state"},
    }
    tree = built(spec, data)
    (statement,) = json.loads(tree["iam/task-policy.json"].text)["Statement"]
    resource = statement["Resource"]
    assert resource in (
        f"arn:aws:s3:::shop-logs/{prefix.removeprefix('/')}*",
        [f"arn:aws:s3:::shop-logs/{prefix.removeprefix('/')}*"],
    )


@settings(max_examples=25)
@given(text=words)
def test_the_drawing_stays_a_drawing(spec: Path, text: str) -> None:
    tree = built(spec, service(environment={"TEXT": text}, command=[text], labels={"a": text}, working_dir=f"/{text}"))
    assert ET.fromstring(tree["diagram.svg"].text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  our own text
