"""The shape of a spec: what is said about values of the wrong kind, and what is still judged beside them."""

import pytest

from chuoigen.inputs.validation import Validated, validate
from chuoigen.yaml.document import parse

HEAD = 'chuoigen: 1\nname: shop\naws: { account: "123456789012", region: eu-west-1 }\n'


def judged(text: str) -> Validated:
    document, problems = parse(HEAD + text, "qa.yaml")
    assert document is not None, problems
    return validate(document, partial=False)


def container(text: str) -> Validated:
    return judged(f"containers:\n  app:\n    image: app:1\n    {text}\n")


@pytest.mark.parametrize(
    ("line", "rule", "message", "help_text"),
    [
        ("cpus: 1", "unknown-key", 'unknown key "cpus" in containers.app', 'did you mean "cpu"?'),
        ("mountPoints: []", "unknown-key", 'unknown key "mountPoints" in containers.app', 'did you mean "mounts"?'),
        (
            "logConfiguration: {}",
            "unknown-key",
            'unknown key "logConfiguration" in containers.app',
            'did you mean "logs"?',
        ),
        (
            "stopTimeout: 3",
            "unknown-key",
            'unknown key "stopTimeout" in containers.app',
            'did you mean "stop_timeout"?',
        ),
        ("enviroment: {}", "unknown-key", 'unknown key "enviroment" in containers.app', 'did you mean "environment"?'),
        ("essential: 1", "invalid-value", 'expected true or false, found "1"', "essential: Whether"),
        ("stop_timeout: true", "invalid-value", '"true" is not an amount', "write, for example, 30"),
        ("stop_timeout: 1.5 s", "invalid-value", '"1.5 s" is not a whole number', "write, for example, 30"),
        ("stop_timeout: 3 weeks", "invalid-value", '"3 weeks" is not a number with a unit', "write, for example, 30"),
        ("working_dir: 5", "invalid-value", "expected text, found 5", 'write "5"'),
        ('working_dir: ""', "invalid-value", "the text is empty", "working_dir: Working"),
        ("ports: {a: 1}", "invalid-value", "expected a list, found a mapping", "ports: Ports"),
        ("build: {recipe: django}", "invalid-value", 'unknown recipe "django"', "recipes are fluentbit, fluentd, "),
        (
            "build: {recipe: nginx, upstraem: app}",
            "unknown-key",
            'unknown key "upstraem" in containers.app.build',
            'did you mean "upstream"?',
        ),
        (
            "build: {recipe: fluentd, tail: {a: b}}",
            "missing-key",
            'the key "s3" is missing in containers.app.build',
            "s3: Where",
        ),
        (
            "depends_on: {db: ready}",
            "invalid-value",
            '"ready" is not a condition',
            "start, healthy, complete or success",
        ),
        (
            "environment: {A: on, B: yes, C: 22:22, D: 010, E: true}",
            "unquoted-value",
            "without quotes true is a boolean",
            'write "true"',
        ),
        ("environment: [A]", "invalid-value", '"A" in the list has no value', "NAME: value"),
        ("environment: [A=1, A=2]", "duplicate-variable", 'variable "A" is in the list twice', "keep one"),
        (
            "restart: unless-stopped",
            "compose-restart-policy",
            '"unless-stopped" is a restart policy of compose',
            "restart: {}",
        ),
        ("command: run it", "invalid-value", '"run it" is one text', "write a list"),
        (
            "version_consistency: yes",
            "invalid-value",
            'expected "enabled" or "disabled", found "yes"',
            "version_consistency: ",
        ),
        (
            'build: {recipe: phoenix, elixir: "1.18", assets: {tool: vite}}',
            "invalid-value",
            'expected "webpack", "esbuild" or "none", found "vite"',
            "tool: ",
        ),
        ("ulimits: {nofile: many}", "invalid-value", '"many" is not a limit', "write a number"),
    ],
)
def test_one_fault_gives_one_diagnostic(line: str, rule: str, message: str, help_text: str) -> None:
    found = container(line).diagnostics
    assert [one.rule for one in found] == [rule]
    assert message in found[0].message
    assert help_text in found[0].help
    assert found[0].span.line == 7


def test_a_number_outside_what_a_key_takes_is_told_with_what_it_takes() -> None:
    found = judged("backends: { db: { host: db.internal, port: 5432, max_connections: 0 } }\n").diagnostics
    assert '"0" is too small: at least 1' in [one.message for one in found]
    document, _ = parse(HEAD.replace("chuoigen: 1", "chuoigen: 2"), "qa.yaml")
    assert document is not None
    assert 'expected 1, found "2"' in [one.message for one in validate(document, partial=False).diagnostics]


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("secrets: { TOKEN: hunter2 }", "hunter2"),
        ("secrets: { TOKEN: { ssm: [hunter2] } }", "hunter2"),
        ("environment: { TOKEN: { value: { hunter2: x } } }", "hunter2"),
        ("build: { dockerfile: D, args: { TOKEN: [hunter2] } }", "hunter2"),
        ("repository_credentials: hunter2", "hunter2"),
    ],
)
def test_what_may_be_secret_is_never_repeated(line: str, secret: str) -> None:
    found = container(line).diagnostics
    assert found
    assert not any(secret in one.message + one.help for one in found)


def test_all_faults_of_a_spec_are_found_in_one_run() -> None:
    found = judged(
        "task: { cpu: many, memory: much }\ncontainers:\n  a: { portz: [1] }\n  b: { stop_timeout: x }\n"
    ).diagnostics
    assert sorted((one.rule, one.span.line) for one in found) == [
        ("invalid-value", 4),
        ("invalid-value", 4),
        ("invalid-value", 7),
        ("unknown-key", 6),
    ]


def test_a_fault_on_which_nothing_hangs_leaves_the_rest_to_be_judged() -> None:
    outcome = container("stop_timeout: soon\n    privileged: true\n    colour: red")
    assert [one.rule for one in outcome.diagnostics] == ["invalid-value", "unknown-key"]
    assert outcome.spec is not None
    assert outcome.spec.containers["app"].stop_timeout is None
    assert outcome.invalid_paths == (("containers", "app", "stop_timeout"), ("containers", "app", "colour"))
    assert outcome.refused == {("containers", "app", "privileged"): True}


def test_a_fault_on_which_others_hang_ends_the_judgement() -> None:
    assert container("ports: [http]").spec is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [("256", 256), ("0.25 vCPU", 256), (".5 vCPU", 512), ('"512"', 512), ("2 vcpu", 2048), ("0.3 vCPU", None)],
)
def test_cpu_as_people_write_it(written: str, meant: int | None) -> None:
    outcome = judged(f"task: {{ cpu: {written} }}\ncontainers: {{ a: {{ image: a:1 }} }}\n")
    assert (outcome.spec.task.cpu if outcome.spec else None) == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("512", 512), ("512 MiB", 512), ("0.5 GB", 512), ("2 GiB", 2048), ("512 KB", None)]
)
def test_memory_as_people_write_it(written: str, meant: int | None) -> None:
    outcome = judged(f"task: {{ memory: {written} }}\ncontainers: {{ a: {{ image: a:1 }} }}\n")
    assert (outcome.spec.task.memory if outcome.spec else None) == meant


@pytest.mark.parametrize(("written", "meant"), [("30", 30), ("30s", 30), ("2m", 120), ("1h", 3600), ("2 weeks", None)])
def test_durations_as_people_write_them(written: str, meant: int | None) -> None:
    outcome = container(f"stop_timeout: {written}")
    assert outcome.spec is not None
    assert outcome.spec.containers["app"].stop_timeout == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("80", (80, None, "tcp")),
        ('"80/udp"', (80, None, "udp")),
        ('"8080:80"', (80, 8080, "tcp")),
        ("8080:80", (80, 8080, "tcp")),
        ("22:22", (22, 22, "tcp")),
        ("{ container: 80, protocol: udp }", (80, None, "udp")),
    ],
)
def test_ports_as_people_write_them(written: str, meant: tuple[int, int | None, str]) -> None:
    outcome = container(f"ports: [{written}]")
    assert outcome.spec is not None
    port = outcome.spec.containers["app"].ports[0]
    assert (port.container, port.host, port.protocol) == meant


def test_environment_values_are_written_as_they_were_typed() -> None:
    outcome = container('environment: { A: 6379, B: 010, C: 0x1F, D: 0.5, E: on, F: 22:22, G: "1.10", H: "" }')
    assert outcome.spec is not None
    values = {name: value.value for name, value in outcome.spec.containers["app"].environment.items()}
    assert values == {"A": "6379", "B": "010", "C": "0x1F", "D": "0.5", "E": "on", "F": "22:22", "G": "1.10", "H": ""}


def test_conditions_of_compose_are_understood() -> None:
    outcome = container("depends_on: { a: { condition: service_healthy }, b: success, c: service_started }")
    assert outcome.spec is not None
    conditions = {name: one.condition for name, one in outcome.spec.containers["app"].depends_on.items()}
    assert conditions == {"a": "healthy", "b": "success", "c": "start"}
    listed = container("depends_on: [a]")
    assert listed.spec is not None
    assert listed.spec.containers["app"].depends_on["a"].condition == "start"


def test_what_a_misspelt_key_should_have_said_is_not_missing() -> None:
    assert [one.rule for one in judged("contaners: { app: { image: app:1 } }\n").diagnostics] == ["unknown-key"]
    outcome = judged("containers: { app: { image: app:1, enviroment: { A: b } } }\n")
    assert ("containers", "app", "environment") in outcome.invalid_paths


def test_what_a_misspelt_key_says_is_there_for_what_refers_to_it() -> None:
    outcome = judged(
        "chuoigen: 1\nname: shop\naws: { account: '123456789012', region: eu-west-1 }\n"
        "task: { cpu: 256, memory: 512 }\ncontainers: { app: { image: app:1 } }\n"
        "backend: { db: { host: db.example.com, port: 5432 } }\n"
    )
    assert [one.rule for one in outcome.diagnostics] == ["unknown-key"]
    assert outcome.spec is not None
    assert list(outcome.spec.backends) == ["db"]
    assert ("backends",) in outcome.invalid_paths


def test_what_a_misspelt_key_says_is_left_out_where_it_is_wrong_itself() -> None:
    outcome = judged(
        "chuoigen: 1\nname: shop\naws: { account: '123456789012', region: eu-west-1 }\n"
        "task: { cpu: 256, memory: 512 }\ncontainers: { app: { image: app:1 } }\nbackend: [db]\n"
    )
    assert [one.rule for one in outcome.diagnostics] == ["unknown-key"]
    assert outcome.spec is not None
    assert outcome.spec.backends == {}
