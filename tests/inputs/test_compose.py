"""Compose files are read as one task: what becomes of each key, what a task cannot be, and what compose refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen.commands.lint import lint
from chuoigen.compiler import Judged, judge
from chuoigen.diagnostics import Severity
from chuoigen.inputs.compose.keys import SERVICE, Fate
from chuoigen.inputs.compose.service import _CARRIED
from chuoigen.inputs.compose.values import mebibytes, parted, seconds, variable, words
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.formats import words_of
from chuoigen.inputs.load import Loader
from chuoigen.messages import Reader
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic
    from chuoigen.inputs.front import Uncarried

FILE = "/nowhere/compose.yaml"
READER = Reader(words=words_of("compose"))


def judged(text: str, name: str = FILE, others: Mapping[str, str] | None = None) -> Judged:
    texts = {name: text, **(others or {})}
    files = Overlay(Disk(), {path: content.encode() for path, content in texts.items()})
    return judge(Loader(files, foreign=True).load(name))


def in_service(text: str, name: str = FILE) -> Judged:
    """Judge a file with one service, `web`, that has these keys beside its image."""
    inner = "".join(f"    {line}\n" for line in text.splitlines())
    return judged(f"services:\n  web:\n    image: registry.example.com/web:1.2.3\n{inner}", name)


def container(result: Judged, name: str = "web") -> dict[str, Any]:
    assert result.loaded.document is not None
    found = result.loaded.document.data["containers"][name]
    assert isinstance(found, dict)
    return found


def errors(result: Judged) -> list[tuple[str, int, int]]:
    return [(one.rule, one.span.line, one.span.column) for one in result.diagnostics if one.severity is Severity.ERROR]


def said(result: Judged) -> list[tuple[str, int]]:
    return [(one.rule, one.span.line) for one in result.diagnostics]


def lost(result: Judged) -> list[str]:
    return [READER.text(one.words) for one in result.loaded.uncarried]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('command: sh -c "echo $$HOME"', "command", ["sh", "-c", "echo $HOME"]),
        ("command: [sh, -c, exit 0]", "command", ["sh", "-c", "exit 0"]),
        ("entrypoint: /bin/tini --", "entrypoint", ["/bin/tini", "--"]),
        ("environment: {A: 1, B: true, C: 'x'}", "environment", {"A": "1", "B": "true", "C": "x"}),
        ("environment: [A=1, B=x=y]", "environment", {"A": "1", "B": "x=y"}),
        ("labels: [a=1]", "labels", {"a": "1"}),
        ("sysctls: {net.core.somaxconn: 1024}", "sysctls", {"net.core.somaxconn": "1024"}),
        ("user: 1000", "user", "1000"),
        ("working_dir: /srv", "working_dir", "/srv"),
        ("read_only: true", "read_only", True),
        ("init: 'yes'", "init", True),
        ("tty: true", "pseudo_terminal", True),
        ("stop_grace_period: 1m30s", "stop_timeout", 90),
        ("mem_limit: 512m", "memory", 512),
        ("mem_limit: 1gb", "memory", 1024),
        ("mem_reservation: 268435456", "memory_reservation", 256),
        ("cpus: '0.5'", "cpu", 512),
        ("deploy: {resources: {limits: {cpus: '0.25', memory: 100M}}}", "cpu", 256),
        ("deploy: {resources: {reservations: {memory: 64M}}}", "memory_reservation", 64),
        ("cap_drop: [CAP_NET_RAW, all]", "capabilities", {"drop": ["NET_RAW", "ALL"]}),
        ("cap_add: [SYS_PTRACE]", "capabilities", {"add": ["SYS_PTRACE"]}),
        ("ulimits: {nofile: 1024}", "ulimits", {"nofile": {"soft": 1024, "hard": 1024}}),
        ("ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits", {"nofile": {"soft": 1, "hard": 2}}),
        ("tmpfs: /run:size=64m,mode=755", "tmpfs", {"/run": {"size": 64, "options": ["mode=755"]}}),
        ("ports: ['8080:80']", "ports", [{"container": 80}]),
        ("ports: ['127.0.0.1:8080:80/tcp', '8081:80']", "ports", [{"container": 80}]),
        ("ports: ['53/udp']", "ports", [{"container": 53, "protocol": "udp"}]),
        ("ports: ['9000-9001:3000-3001']", "ports", [{"container": 3000}, {"container": 3001}]),
        ("ports: ['${PORT:-8080}:80']", "ports", [{"container": 80}]),
        (
            "ports: [{target: 80, published: 8080, name: http, app_protocol: http}]",
            "ports",
            [{"container": 80, "name": "http", "app_protocol": "http"}],
        ),
        (
            "healthcheck: {test: curl -f http://127.0.0.1/}",
            "healthcheck",
            {"command": ["CMD-SHELL", "curl -f http://127.0.0.1/"], "interval": 30, "timeout": 30, "retries": 3},
        ),
        (
            "healthcheck: {test: [CMD, 'true'], interval: 1m30s, timeout: 5s, retries: 2, start_period: 10s}",
            "healthcheck",
            {"command": ["CMD", "true"], "interval": 90, "timeout": 5, "retries": 2, "start_period": 10},
        ),
        (
            "logging: {driver: awslogs, options: {awslogs-group: /a, awslogs-region: eu-west-1}}",
            "logs",
            {"driver": "awslogs", "group": "/a"},
        ),
    ],
)
def test_a_key_is_carried(text: str, key: str, value: object) -> None:
    result = in_service(text)
    assert container(result)[key] == value
    assert errors(result) == []


@pytest.mark.parametrize("text", ["healthcheck: {disable: true}", "healthcheck: {test: [NONE]}"])
def test_a_check_that_is_switched_off_is_none(text: str) -> None:
    assert "healthcheck" not in container(in_service(text))


def test_a_variable_is_unknown_and_named() -> None:
    environment = container(in_service("environment: {A: '${FROM_SHELL:-x}', B: $OTHER, C: , D: a$$b}"))["environment"]
    assert [(name, value.hint) for name, value in environment.items() if isinstance(value, Unknown)] == [
        ("A", "FROM_SHELL"), ("B", "OTHER"), ("C", "C"),
    ]  # fmt: skip
    assert environment["D"] == "a$b"


def test_anchors_merge_keys_and_extension_fields_are_compose() -> None:
    result = judged(
        "x-base: &base\n  image: registry.example.com/web:1.0.0\n  environment: &env {A: '1'}\n"
        "services:\n  web:\n    <<: *base\n    environment: {<<: *env, B: '2'}\n    x-note: {any: thing}\n"
    )
    assert container(result)["environment"] == {"B": "2", "A": "1"}
    assert result.diagnostics == ()


def test_tags_say_how_a_file_is_laid_over_another() -> None:
    result = in_service("ports: !override ['80:80']\ncommand: !reset null", "/nowhere/compose.override.yaml")
    assert container(result)["ports"] == [{"container": 80}]
    assert result.diagnostics == ()


@pytest.mark.parametrize("dockerfile", ["", "docker/web.Dockerfile"])
def test_the_dockerfile_of_a_build_lies_in_its_context(dockerfile: str) -> None:
    written = f", dockerfile: {dockerfile}" if dockerfile else ""
    built = container(in_service(f"build: {{context: ./app{written}, target: run, args: [A=1]}}"))
    assert built["build"] == {
        "context": "./app",
        "dockerfile": f"app/{dockerfile or 'Dockerfile'}",
        "target": "run",
        "args": {"A": "1"},
    }
    assert "image" not in built


def test_what_waits_for_an_end_makes_the_other_inessential() -> None:
    result = judged(
        "services:\n  web:\n    image: registry.example.com/web:1.0.0\n"
        "    depends_on:\n      migrate: {condition: service_completed_successfully}\n"
        "  migrate:\n    image: registry.example.com/web:1.0.0\n    depends_on: []\n"
    )
    assert container(result)["depends_on"] == {"migrate": {"condition": "success"}}
    assert container(result, "migrate")["essential"] is False


def test_a_service_is_laid_over_what_it_extends_also_from_another_file() -> None:
    result = judged(
        "services:\n  web:\n    extends: {file: common.yaml, service: base}\n    environment: {B: '2'}\n    command: [b]\n",
        others={
            "/nowhere/common.yaml": "services:\n  base:\n    image: registry.example.com/web:1.0.0\n"
            "    environment: {A: '1'}\n    command: [a, a]\n    privileged: true\n"
        },
    )
    assert container(result)["environment"] == {"A": "1", "B": "2"}
    assert container(result)["command"] == ["b"]
    privileged = next(one for one in result.diagnostics if one.rule == "privileged-container")
    assert (privileged.span.file, privileged.span.line) == ("/nowhere/common.yaml", 6)


def test_a_named_volume_is_one_of_the_task_and_its_end_is_told() -> None:
    result = judged(
        "services:\n  web:\n    image: registry.example.com/web:1.0.0\n"
        "    volumes: ['data:/srv/data:ro', {type: volume, source: more, target: /m}]\nvolumes: {data: , more: {}}\n"
    )
    assert result.loaded.document is not None
    assert result.loaded.document.data["volumes"] == {"data": {}, "more": {}}
    assert container(result)["mounts"] == {"data": {"path": "/srv/data", "read_only": True}, "more": {"path": "/m"}}
    assert any("lives as long as the task" in text for text in lost(result))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("privileged: true", "privileged-container"),
        ("network_mode: host", "network-mode"),
        ("restart: always", "compose-restart-policy"),
        ("volumes: ['./conf:/etc/conf:ro']", "unsupported-volume"),
        ("volumes: ['$PWD/x:/x']", "unsupported-volume"),
        ("volumes: [{type: bind, source: ., target: /x}]", "unsupported-volume"),
        ("volumes: ['/var/run/docker.sock:/var/run/docker.sock']", "unsupported-volume"),
        ("devices: ['/dev/kvm']", "host-device"),
        ("extra_hosts: ['a:10.0.0.1']", "unsupported-parameter"),
        ("cap_add: [NET_ADMIN]", "added-capability"),
        ("env_file: .env", "unsupported-parameter"),
        ("secrets: [token]", "unsupported-parameter"),
        ("logging: {driver: fluentd}", "unsupported-log-driver"),
        ("deploy: {replicas: 3}", "unsupported-parameter"),
        ("post_start: [{command: x}]", "unsupported-parameter"),
    ],
)
def test_what_a_task_cannot_be_is_said_at_its_line_and_is_no_fault_of_the_file(text: str, rule: str) -> None:
    assert [(one.rule, one.span.line, one.severity) for one in in_service(text).diagnostics] == [
        (rule, 4, Severity.INFO)
    ]


def test_a_database_belongs_elsewhere() -> None:
    result = judged("services:\n  db:\n    image: postgres:16.4\n")
    assert said(result) == [("database-in-task", 3)]
    assert "Amazon RDS" in READER.help(result.diagnostics[0].words)


def test_networks_are_said_once() -> None:
    text = (
        "services:\n  a: {image: 'a:1.0.0', networks: [x]}\n  b: {image: 'b:1.0.0', networks: [x]}\nnetworks: {x: }\n"
    )
    assert said(judged(text.replace("networks: {x: }", "networks: {x: {}}"))) == [("unsupported-parameter", 4)]


def test_messages_are_in_the_words_of_compose() -> None:
    (one,) = in_service("stop_grace_period: 10m").diagnostics
    assert "stop_grace_period" in READER.text(one.words) + READER.help(one.words)


def test_a_service_with_a_profile_is_not_part_of_the_task() -> None:
    result = judged(
        "services:\n  web:\n    image: registry.example.com/web:1.0.0\n  tools:\n    image: a:1.0.0\n    profiles: [debug]\n"
    )
    assert result.loaded.document is not None
    assert list(result.loaded.document.data["containers"]) == ["web"]
    assert any("profile" in text for text in lost(result))


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("services:\n  web:\n    image: a:1.0.0\n    enviroment: {}\n", "unknown-key", 4, 5),
        ("services:\n  web:\n    image: a:1.0.0\n    ports: [eighty]\n", "invalid-value", 4, 13),
        ("services:\n  web:\n    image: a:1.0.0\n    ports: 80\n", "invalid-value", 4, 12),
        ("services:\n  web:\n    image: a:1.0.0\n    stop_grace_period: soon\n", "invalid-value", 4, 24),
        ("services:\n  web:\n    image: a:1.0.0\n    mem_limit: lots\n", "invalid-value", 4, 16),
        ("services:\n  web:\n    image: a:1.0.0\n    depends_on: [db]\n", "unknown-dependency", 4, 18),
        ("services:\n  web:\n    image: a:1.0.0\n    volumes: [data:/d]\n", "undeclared-volume", 4, 15),
        ("services:\n  web:\n    command: x\n", "missing-image", 2, 3),
        ("services:\n  web: a:1\n", "invalid-value", 2, 3),
        ("services:\n  web:\n    image: a:1.0.0\n    command: 'a \"b'\n", "invalid-value", 4, 14),
        ("services:\n  web:\n    extends: web\n", "unusable-base", 3, 14),
        ("services: {}\n", "missing-key", 1, 1),
    ],
)
def test_what_compose_refuses_is_an_error_at_its_place(text: str, rule: str, line: int, column: int) -> None:
    assert (rule, line, column) in errors(judged(text))


def test_a_file_that_may_be_laid_over_another_is_not_judged_for_what_it_lacks() -> None:
    text = "services:\n  web:\n    volumes: [data:/d]\n    depends_on: [db]\n"
    assert errors(judged(text, "/nowhere/compose.prod.yaml")) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("privileged: true", "privileged-container"),
        ("volumes: ['./a:/a']", "unsupported-volume"),
        ("restart: always", "compose-restart-policy"),
        ("cap_add: [NET_ADMIN]", "added-capability"),
    ],
)
def test_a_comment_suppresses_whoever_says_it(text: str, rule: str) -> None:
    assert in_service(f"{text} # chuoigen: ignore[{rule}] only on this machine").diagnostics == ()


@pytest.mark.parametrize(
    ("name", "text", "counted"),
    [
        ("docker-compose.yml", "services: {web: {image: 'a:1.0.0'}}", (1, 0)),
        ("anything.yaml", "services: {web: {image: 'a:1.0.0'}}", (1, 0)),
        ("services.yaml", "services: {App\\Mailer: {class: App\\Mailer}}", (0, 1)),
    ],
)
def test_a_search_finds_it_by_what_stands_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, counted: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    (tmp_path / "spec.yaml").write_text("chuoigen: 1\n", encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    outcome = lint(["."])
    assert (outcome.checked - 1, outcome.others - 1) == counted


def test_every_key_that_is_carried_has_what_carries_it() -> None:
    assert {key for key, known in SERVICE.items() if known.fate is Fate.CARRIED} == set(_CARRIED)


@pytest.mark.parametrize(("text", "amount"), [("1m30s", 90), ("500ms", 0.5), ("2h", 7200), ("30", None), ("", None)])
def test_durations(text: str, amount: float | None) -> None:
    assert seconds(text) == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("512m", 512), ("1GiB", 1024), (1048576, 1), ("2k", 2 / 1024), ("m", None)]
)
def test_bytes(text: object, amount: float | None) -> None:
    assert mebibytes(text) == amount


def test_texts_are_split_outside_of_variables() -> None:
    assert parted(variable("${A:-b:c}:80:$D"), ":") == ["${A:-b:c}", "80", "$D"]
    assert [type(part) for part in parted(variable("${A:-b:c}:80:$D"), ":")] == [Unknown, str, Unknown]
    assert words(variable("run ${A:-b c} 'd e'")) == ["run", "${A:-b c}", "d e"]
    assert words("it's") is None


SCALARS = st.none() | st.booleans() | st.integers(-5, 70_000) | st.sampled_from(
    ["", "web", "80", "80:80/udp", "./a:/b", "data:/b:ro", "$X", "${Y:-z}:80", "1m30s", "512m", "A=b", "service_healthy", "a 'b"]
)  # fmt: skip
KEYS = st.sampled_from(
    [
        *SERVICE,
        "test",
        "interval",
        "retries",
        "condition",
        "target",
        "source",
        "type",
        "resources",
        "limits",
        "x-a",
        "<<",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(KEYS, VALUES, max_size=6), st.dictionaries(st.sampled_from(["volumes", "name", "services"]), VALUES)
)
def test_no_data_is_a_bug(service: dict[str, Any], root: dict[str, Any]) -> None:
    text = yaml.safe_dump({"services": {"web": service, "db": {"image": "postgres:16.4"}}, **root})
    result = judged(text)
    lines = text.splitlines()
    said: list[Diagnostic | Uncarried] = [*result.diagnostics, *result.loaded.uncarried]
    for one in said:
        assert one.span.file == FILE
        assert 1 <= one.span.line <= len(lines) + 1
        assert READER.text(one.words)


VARIABLES = """\
# a comment
A=1
export B="two # \\"quoted\\""
C=three # a comment
D='$literal'
E=${HOST}/x
DB_PASSWORD=hunter2hunter2
KEY_OF_API=sk_live_4eC39HqLyjWDarjtT1zdp7dc
EMPTY=
FROM_SHELL
MINE=theirs
LATER=first
LINES="a
b"
"""


def test_variables_of_files_are_in_the_environment_but_secrets_are_not() -> None:
    text = (
        "services:\n  web:\n    image: registry.example.com/web:1.2.3\n    environment: { MINE: mine }\n"
        "    env_file:\n      - .env\n      - { path: none.env, required: false }\n      - { path: b.env, format: raw }\n"
    )
    others = {"/nowhere/.env": VARIABLES, "/nowhere/b.env": "LATER='second' # raw\n"}
    result = judged(text, others=others)
    assert said(result) == []
    found = container(result)["environment"]
    known = {name: value for name, value in found.items() if not isinstance(value, Unknown)}
    assert known == {
        "MINE": "mine",
        "A": "1",
        "B": 'two # "quoted"',
        "C": "three",
        "D": "$literal",
        "EMPTY": "",
        "LATER": "'second' # raw",
    }
    assert {name: str(value) for name, value in found.items() if name not in known} == {
        "E": "${HOST}/x",
        **dict.fromkeys(("DB_PASSWORD", "KEY_OF_API", "FROM_SHELL", "LINES"), ""),
    }


def test_a_file_of_variables_that_is_not_there_is_said_where_it_is_named() -> None:
    result = in_service("env_file: [gone.env]")
    assert said(result) == [("unsupported-parameter", 4)]
    assert "gone.env cannot be read" in READER.text(result.diagnostics[0].words)


def test_included_files_are_of_the_same_task() -> None:
    text = (
        "include:\n  - sub/db.yaml\n  - { path: [more.yaml] }\n"
        "services:\n  web:\n    image: 'web:1.2.3'\n    depends_on: [db]\n    volumes: ['data:/data']\n"
    )
    others = {
        "/nowhere/sub/db.yaml": "include: [../more.yaml]\nservices:\n  db: { image: 'db:1.2.3', privileged: true }\n",
        "/nowhere/more.yaml": "services:\n  more: { image: 'more:1.2.3' }\nvolumes: { data: {} }\n",
    }
    result = judged(text, others=others)
    assert result.loaded.document is not None
    assert list(result.loaded.document.data["containers"]) == ["more", "db", "web"]
    assert container(result)["mounts"] == {"data": {"path": "/data"}}
    (one,) = result.diagnostics
    assert (one.rule, one.span.file, one.span.line) == ("privileged-container", "/nowhere/sub/db.yaml", 3)


def test_an_included_file_that_is_not_there_is_an_error() -> None:
    result = judged("include: [gone.yaml]\nservices:\n  web: { image: 'web:1.2.3' }\n")
    assert errors(result) == [("unusable-base", 1, 11)]


def test_a_search_judges_an_included_file_with_the_one_that_includes_it(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("include: [db.yaml]\nservices:\n  web: { image: 'web:1.2.3' }\n")
    (tmp_path / "db.yaml").write_text("services:\n  db: { image: 'db:1.2.3', privileged: true }\n")
    outcome = lint([str(tmp_path)])
    assert (outcome.checked, [one.rule for one in outcome.diagnostics]) == (1, ["privileged-container"])
