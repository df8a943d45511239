"""Manifests of Copilot are read as Copilot reads them: environments, defaults, and what it passes over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen.compiler import judge_all
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.importing.idiom import Asked
from chuoigen.importing.reading import read as imported
from chuoigen.inputs.copilot.environments import applied, names
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.formats import words_of
from chuoigen.inputs.load import Loaded, Loader
from chuoigen.messages import Reader
from chuoigen.yaml.document import parse
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.inputs.front import Uncarried

FILE = "/nowhere/copilot/web/manifest.yml"
READER = Reader(words=words_of("copilot"))
WEB = """\
name: web
type: Load Balanced Web Service
image: { location: registry.example.com/web:1.2.3, port: 8080 }
http: { path: / }
"""


def files(text: str, others: Mapping[str, str] | None = None) -> Overlay:
    return Overlay(Disk(), {path: one.encode() for path, one in {FILE: text, **(others or {})}.items()})


def parts(text: str, others: Mapping[str, str] | None = None) -> tuple[Loaded, ...]:
    return Loader(files(text, others), foreign=True).loads(FILE)


def data(text: str, number: int = 0) -> dict[str, Any]:
    document = parts(text)[number].document
    assert document is not None
    return document.data


def found(text: str) -> set[tuple[str, str, int]]:
    return {
        (one.severity.value, one.rule, one.span.line) for part in judge_all(parts(text)) for one in part.diagnostics
    }


def left(text: str, others: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give what is not carried, by the key at which it is said."""
    return {str(one.path[-1]): READER.text(one.words) for one in parts(text, others)[0].uncarried}


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def test_a_service_that_copilot_takes_has_nothing_against_it() -> None:
    assert found(WEB) == set()


def test_what_stands_in_front_of_it_is_carried() -> None:
    text = replaced(
        WEB,
        "http: { path: / }",
        "http:\n  path: /\n  healthcheck: { path: /up, interval: 15s, healthy_threshold: 4, success_codes: '200,301', "
        "grace_period: 2m }\n  deregistration_delay: 90s\n  allowed_source_ips: [10.0.0.0/8]",
    )
    assert data(text)["load_balancer"] == {
        "target": "web",
        "deregistration_delay": 90,
        "healthcheck": {"path": "/up", "interval": 15, "healthy": 4, "matcher": "200,301"},
    }
    assert data(text)["service"]["health_check_grace_period"] == 120
    assert data(text)["network"]["allow"] == [{"from": "10.0.0.0/8", "to": "alb"}, {"from": "alb", "to": "web"}]


def test_the_port_that_requests_go_to_is_that_of_the_container_that_has_it() -> None:
    text = replaced(
        WEB, "http: { path: / }", "http: { target_port: 8443 }\nsidecars: { proxy: { port: 8443, image: 'p:1.0.0' } }"
    )
    assert data(text)["load_balancer"]["target"] == "proxy"


@pytest.mark.parametrize(
    ("count", "service"),
    [
        ("3", {"desired_count": 3}),
        ("{spot: 2}", {"desired_count": 2, "capacity_provider_strategy": {"fargate": 0, "fargate_spot": 1}}),
        ("{range: 1-10, cpu_percentage: 70}", {"autoscaling": {"min": 1, "max": 10, "cpu": 70}}),
        (
            "{range: {min: 1, max: 10, spot_from: 3}, requests: {value: 100, cooldown: {in: 30s}}}",
            {
                "autoscaling": {"min": 1, "max": 10, "requests": 100},
                "capacity_provider_strategy": {"fargate": 0, "fargate_spot": 1, "base": 2},
            },
        ),
    ],
)
def test_how_many_tasks_there_are(count: str, service: dict[str, Any]) -> None:
    carried = data(f"{WEB}count: {count}\n")["service"]
    assert {key: carried[key] for key in service} == service


def test_the_container_has_what_is_written_and_copilot_s_defaults() -> None:
    text = replaced(WEB, "port: 8080 }", "port: 8080, healthcheck: {command: [CMD, 'true']}, depends_on: {nginx: START}, credentials: arn:x }") + (
        "command: run --fast 'a b'\nvariables: {A: 1, B: yes, C: {from_cfn: Stack-Out}}\n"
        "secrets: {P: /p, S: {secretsmanager: 'shop/db:password::'}}\nstorage: {readonly_fs: true, volumes: {v: {path: /v}}}\n"
        "sidecars: {nginx: {image: 'n:1.0.0', port: 2000/udp, mount_points: [{source_volume: v, path: /w, read_only: false}]}}\n"
    )  # fmt: skip
    containers = data(text)["containers"]
    web, nginx = containers["web"], containers["nginx"]
    assert web["command"] == ["run", "--fast", "a b"]
    assert web["healthcheck"] == {
        "command": ["CMD", "true"],
        "interval": 10,
        "timeout": 5,
        "start_period": 0,
        "retries": 2,
    }
    assert web["depends_on"] == {"nginx": {"condition": "start"}}
    assert web["secrets"] == {"P": {"ssm": "/p"}, "S": {"secrets_manager": "shop/db", "key": "password"}}
    assert (web["environment"]["A"], web["environment"]["B"]) == ("1", "yes")
    assert isinstance(web["environment"]["C"], Unknown)
    assert web["mounts"] == {"v": {"path": "/v", "read_only": True}}
    assert nginx["ports"] == [{"container": 2000, "protocol": "udp"}]
    assert nginx["mounts"] == {"v": {"path": "/w", "read_only": False}}
    assert web["repository_credentials"] == {"secrets_manager": "arn:x"}


@pytest.mark.parametrize(
    ("build", "context", "dockerfile"),
    [
        ("app/Dockerfile", "../../app", "../../app/Dockerfile"),
        ("Dockerfile", "../..", "../../Dockerfile"),
        ("{context: app}", "../../app", "../../app/Dockerfile"),
        ("{dockerfile: d/web.Dockerfile, context: app}", "../../app", "../../d/web.Dockerfile"),
    ],
)
def test_a_build_is_relative_to_the_workspace_and_its_context_is_the_dockerfile_s_folder(
    build: str, context: str, dockerfile: str
) -> None:
    text = replaced(WEB, "location: registry.example.com/web:1.2.3", f"build: {build}")
    assert data(text)["containers"]["web"]["build"] == {"context": context, "dockerfile": dockerfile}


def test_a_log_router_is_a_container() -> None:
    text = WEB + "logging:\n  destination: {Name: cloudwatch}\n  configFilePath: /extra.conf\n  retention: 7\n"
    carried = data(text)
    router = carried["containers"]["firelens_log_router"]
    assert router["firelens"] == {
        "type": "fluentbit",
        "options": {
            "enable-ecs-log-metadata": "true",
            "config-file-type": "file",
            "config-file-value": "/extra.conf",
        },
    }
    assert carried["containers"]["web"]["logs"] == {"driver": "awsfirelens", "options": {"Name": "cloudwatch"}}
    assert carried["logs"]["retention"] == 7


def test_each_environment_is_a_part_with_its_own_values() -> None:
    text = WEB + "count: {spot: 2}\nvariables: {A: one, E: '${COPILOT_ENVIRONMENT_NAME}'}\n" + (
        "environments:\n  test: {variables: {B: two}}\n  prod: {count: {range: 2-4}, image: {build: Dockerfile}}\n"
    )  # fmt: skip
    read = parts(text)
    assert [(one.name, one.when) for one in read] == [("web", "test"), ("web", "prod")]
    test, prod = data(text, 0), data(text, 1)
    assert test["containers"]["web"]["environment"] == {"A": "one", "E": "test", "B": "two"}
    assert prod["containers"]["web"]["environment"] == {"A": "one", "E": "prod"}
    assert "image" not in prod["containers"]["web"]
    assert "capacity_provider_strategy" not in prod["service"]
    assert prod["service"]["autoscaling"] == {"min": 2, "max": 4}


def test_a_caret_stands_in_the_environment_that_says_it() -> None:
    text = WEB + "environments:\n  prod:\n    count: {range: 5-2}\n"
    assert ("error", "autoscaling-bounds", 7) in found(text)


@pytest.mark.parametrize(
    ("base", "own", "merged"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": None}, {"a": 1}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": 2}),
        ({"image": {"location": "x", "port": 1}}, {"image": {"build": "y"}}, {"image": {"build": "y", "port": 1}}),
        ({"count": {"spot": 1}}, {"count": {"range": "1-2"}}, {"count": {"range": "1-2"}}),
        ({"secrets": {"A": {"secretsmanager": "x"}}}, {"secrets": {"A": {"from_cfn": "y"}}}, {"secrets": {"A": {"from_cfn": "y"}}}),
    ],
)  # fmt: skip
def test_an_environment_is_laid_over_the_rest(
    base: dict[str, Any], own: dict[str, Any], merged: dict[str, Any]
) -> None:
    document, _ = parse(yaml.safe_dump({**base, "environments": {"prod": own}}), "manifest.yml")
    assert document is not None
    assert names(document) == ("prod",)
    result = applied(document, "prod")
    assert result.data == merged
    assert result.places.keys() >= {(key,) for key in merged}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("environment: {A: 1}\n", 5),
        ("count:\n  spot_from: 2\n", 6),
        ("environments:\n  prod:\n    varaibles: {}\n", 7),
        ("sidecars:\n  nginx:\n    image: 'n:1.0.0'\n    ports: [80]\n", 8),
    ],
)
def test_a_key_that_copilot_ignores_is_said(text: str, line: int) -> None:
    assert ("warning", "unknown-key", line) in found(WEB + text)


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("cpu: 256\nmemory: 4096\n", "cpu-memory-pair", 6),
        ("storage: {ephemeral: 500}\n", "ephemeral-storage-out-of-range", 5),
        ("deployment: {rolling: fast}\n", "invalid-value", 5),
        ("command: it's\n", "invalid-value", 5),
        ("sidecars: {nginx: {image: 'n:1.0.0', port: http}}\n", "invalid-value", 5),
    ],
)
def test_what_is_wrong_is_an_error_at_its_value(text: str, rule: str, line: int) -> None:
    assert ("error", rule, line) in found(WEB + text)


def test_a_comment_suppresses() -> None:
    text = WEB + "storage: { ephemeral: 500 } # chuoigen: ignore[ephemeral-storage-out-of-range] it is only a test\n"
    assert found(text) == set()


def test_a_comment_suppresses_what_copilot_ignores() -> None:
    assert found(WEB + "environment: {A: 1} # chuoigen: ignore[unknown-key] for another tool\n") == set()


def test_what_is_not_carried_is_listed_with_its_reason() -> None:
    text = WEB + "publish: {topics: [{name: a}]}\nnlb: {port: 80}\nnetwork: {connect: true}\nenv_file: web.env\n"
    others = {
        "/nowhere/copilot/.workspace": "application: shop\n",
        "/nowhere/copilot/web/addons/db.yml": "Resources: {}\n",
    }
    listed = left(text, others)
    assert listed.keys() >= {"publish", "nlb", "env_file", "network"}
    reasons = [READER.text(one.words) for one in parts(text, others)[0].uncarried]
    assert any("COPILOT_SNS_TOPIC_ARNS" in reason for reason in reasons)
    assert any("addons/db.yml" in reason for reason in reasons)
    assert any("service_connect" in reason for reason in reasons)


def test_the_application_is_known_from_the_workspace() -> None:
    text = WEB + "environments: {prod: {}}\n"
    document = parts(text, {"/nowhere/copilot/.workspace": "application: shop\n"})[0].document
    assert document is not None
    assert document.data["logs"]["group"] == "/copilot/shop-prod-web"


@pytest.mark.parametrize("kind", ["Request-Driven Web Service", "Static Site"])
def test_what_is_no_task_is_said_to_be_none(kind: str) -> None:
    (only,) = parts(f"name: web\ntype: {kind}\nimage: {{build: Dockerfile}}\n")
    assert only.remark is not None
    assert kind in READER.text(only.remark)


def test_what_is_no_task_is_not_imported_and_the_reason_is_said() -> None:
    text = "name: web\ntype: Static Site\nfiles: []\n"
    with pytest.raises(ChuoigenError, match="manifest of Copilot for a Static Site"):
        imported(FILE, Asked(), files(text))


@pytest.mark.parametrize("kind", ["Worker Service", "Scheduled Job", "Backend Service"])
def test_every_type_of_task_is_judged(kind: str) -> None:
    text = f"name: work\ntype: {kind}\nimage: {{location: registry.example.com/work:1.2.3}}\n"
    assert found(text) == set()
    assert found(text + "cpu: 256\nmemory: 4096\n") == {("error", "cpu-memory-pair", 5)}


JOB = """\
name: report
type: Scheduled Job
image: { location: registry.example.com/report:1.2.3 }
"""


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("@hourly", "cron(0 * * * ? *)"),
        ("@daily", "cron(0 0 * * ? *)"),
        ("@weekly", "cron(0 0 ? * 1 *)"),
        ("@monthly", "cron(0 0 1 * ? *)"),
        ("@annually", "cron(0 0 1 1 ? *)"),
        ("@every 1m", "rate(1 minute)"),
        ("@every 1h30m", "rate(90 minutes)"),
        ("0 9 * * 1-5", "cron(0 9 ? * 2-6 *)"),
        ("0 9 * * SUN", "cron(0 9 ? * SUN *)"),
        ("0 9 1 * *", "cron(0 9 1 * ? *)"),
        ("*/5 * * * *", "cron(*/5 * * * ? *)"),
        ("cron(0 9 ? * 2-6 *)", "cron(0 9 ? * 2-6 *)"),
        ("rate(5 minutes)", "rate(5 minutes)"),
    ],
)
def test_a_schedule_is_what_copilot_makes_of_it(schedule: str, expected: str) -> None:
    text = f'{JOB}on: {{ schedule: "{schedule}" }}\n'
    assert data(text)["jobs"] == {"run": {"container": "report", "schedule": expected}}
    assert found(text) == set()


@pytest.mark.parametrize("schedule", ["@fortnightly", "@every 30s", "@every soon", "0 9 1 * 1", "0 9 * *", "daily"])
def test_a_schedule_that_copilot_refuses(schedule: str) -> None:
    assert found(f'{JOB}on: {{ schedule: "{schedule}" }}\n') == {("error", "invalid-value", 4)}


def test_a_job_runs_beside_a_service_without_tasks() -> None:
    read = data(JOB + "timeout: 1h30m\nretries: 3\nnetwork: { vpc: { placement: private } }\n")
    assert read["service"] == {"desired_count": 0, "assign_public_ip": False}
    assert read["jobs"] == {"run": {"container": "report", "timeout": 5400}}
    assert data(JOB + "on: { schedule: none }\n")["jobs"] == {"run": {"container": "report"}}
    assert {"retries", "timeout"} <= set(left(JOB + "timeout: 1h30m\nretries: 3\n"))


SCALARS = st.none() | st.booleans() | st.integers(-5, 9999) | st.sampled_from(
    ["", "web", "1-3", "10s", "${X}", "${COPILOT_ENVIRONMENT_NAME}", "a 'b", "linux/arm64", "public", "8080/udp"]
)  # fmt: skip
KEYS = st.sampled_from(
    [
        "image", "build", "location", "port", "healthcheck", "command", "http", "path", "target_port", "count", "range", "spot", "min",
        "storage", "volumes", "efs", "id", "sidecars", "variables", "from_cfn", "secrets", "secretsmanager", "logging", "destination",
        "environments", "prod", "platform", "exec", "network", "vpc", "placement", "deployment", "rolling", "depends_on", "mount_points", "on", "schedule", "retries",
        "source_volume", "taskdef_overrides", "cpu", "allowed_source_ips", "nlb", "labels", "env_file",
    ]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["Load Balanced Web Service", "Backend Service", "Worker Service", "Scheduled Job"]),
    st.dictionaries(KEYS, VALUES, max_size=7),
)
def test_no_data_is_a_bug(kind: str, manifest: dict[str, Any]) -> None:
    text = yaml.safe_dump({"name": "web", "type": kind, **manifest})
    lines = len(text.splitlines())
    for part in judge_all(parts(text)):
        said: list[Diagnostic | Uncarried] = [*part.diagnostics, *part.loaded.uncarried]
        for one in said:
            assert one.span.file == FILE
            assert 1 <= one.span.line <= lines + 1
            assert READER.text(one.words)


def test_no_error_is_hidden_in_information() -> None:
    assert {severity for severity, _, _ in found(WEB + "cpu: 3\n")} == {Severity.ERROR.value}


def test_a_check_of_another_port_subnets_by_their_ids_and_alarms_that_are_there_are_carried() -> None:
    text = replaced(
        WEB,
        "http: { path: / }",
        "http:\n  path: /\n  healthcheck: { path: /up, port: 9090 }\n"
        "deployment: { rollback_alarms: [errors] }\n"
        "network: { vpc: { placement: { subnets: [subnet-0123456789abcdef0] } } }",
    )
    carried = data(text)
    assert carried["load_balancer"]["healthcheck"] == {"path": "/up", "port": 9090}
    assert [port["container"] for port in carried["containers"]["web"]["ports"]] == [8080, 9090]
    assert carried["service"]["deployment"] == {"alarms": ["errors"]}
    assert carried["service"]["assign_public_ip"] is False
    assert carried["network"]["subnets"] == {"private": ["subnet-0123456789abcdef0"]}
    assert found(text) == set()
    assert set(left(text)) == {"type"}
    of_sidecar = f"{text}sidecars: {{ proxy: {{ port: 9090, image: 'proxy:1.2.3' }} }}\n"
    assert [port["container"] for port in data(of_sidecar)["containers"]["web"]["ports"]] == [8080]


def test_alarms_that_copilot_makes_of_thresholds_are_left() -> None:
    said = left(f"{WEB}deployment: {{ rollback_alarms: {{ cpu_utilization: 70 }} }}\n")
    assert "the names of alarms that are there" in said["deployment"]
