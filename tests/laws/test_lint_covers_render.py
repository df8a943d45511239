"""Does lint refuse each text that a generated file could not hold, and is all that it lets through held as text?"""

from __future__ import annotations

import copy
import functools
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chuoigen.compiler import judge, render
from chuoigen.diagnostics import Severity
from chuoigen.inputs.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chuoigen.compiler import Judged

    Path_ = tuple[str | int, ...]

RECIPES = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
timezone: Europe/Berlin
task: { family: shop, cpu: 512, memory: 1024, execution_role: start, task_role: run, tags: { team: shop } }
volumes: { static: {}, logs: {}, state: {} }
containers:
  app:
    build:
      recipe: phoenix
      elixir: "1.18"
      context: apps/web
      builder: hexpm/elixir:1.18.4-erlang-27.3.4.16-alpine-3.22.5
      runtime: alpine:3.22.5
      release_name: shop
      repository: shop-app
      packages: [imagemagick]
      assets: { tool: webpack, package_manager: npm, sources: [ts, webpack.config.js], script: build }
      args: { MIX_ENV: prod, VERSION: { ref: name }, HEX: { ssm: /shop/hex } } # chuoigen: ignore[secret-in-build-argument] a test
    publish: { static: static }
    ports: [{ container: 4000, name: http, app_protocol: http }]
    environment: { REDIS_HOST: { ref: backends.redis.host }, MODE: fast }
    secrets: { KEY: { ssm: /shop/key } }
    mounts: { static: /var/app/public, logs: /var/log/shop }
    tmpfs: { /run/shop: { size: 16, options: [noexec] } }
    healthcheck: { http: /up }
    working_dir: /var/app
    depends_on: { log: start }
    labels: { made.by: hand }
  web:
    build: { recipe: nginx, upstream: app, static: static, base: "nginx:1.30.5-alpine3.24" }
    ports: [80]
    mounts: { static: "/var/app/public:ro" }
    depends_on: { app: start }
  log:
    build:
      recipe: fluentd
      version: "1.19"
      s3_plugin: 1.8.3
      tail: { logs: "*.log" }
      state: state
      s3: { bucket: shop-logs, region: eu-west-1, prefix: shop/qa/ }
    mounts: { logs: "/var/log/shop:ro", state: /fluentd/state }
    user: "0"
    stop_timeout: 120s
backends:
  redis: { host: redis.example.com, port: 6379, max_connections: 65000, pool: { container: app, variable: POOL, size: 100 } }
network:
  vpc: vpc-0123456789abcdef0
  subnets:
    private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    public: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
  security_groups: { service: shop-task, alb: shop-front }
  allow:
    - { from: internet, to: alb, ports: [80] }
    - { from: alb, to: web }
    - { from: 10.0.0.0/8, to: app }
    - { from: app, to: redis }
load_balancer: { target: web, healthcheck: { path: /up, matcher: "200-299" }, name: shop, target_group: shop-web }
service: { cluster: shop, name: shop }
logs: { group: "/shop/{container}", stream_prefix: shop }
pipeline: { source_bucket: shop-source, image_tag: commit, project: shop }
cutover: { from: { name: the old one, instances: 4, pool: 100 } }
"""
OWN = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: "arn:aws:iam::123456789012:role/start" }
volumes: { data: { efs: { file_system_id: fs-0123456789abcdef0, root_directory: /shop } } }
containers:
  app:
    build: { dockerfile: Dockerfile, context: ., target: run, args: { VERSION: "1" } }
    command: [run, --fast]
    entrypoint: [/entry]
    environment: { TEXT: text }
    secrets: { KEY: { secrets_manager: shop/key, key: password, version_stage: AWSCURRENT } }
    healthcheck: { command: [CMD, "true"] }
    labels: { made.by: hand }
    mounts: { data: /data }
    user: "1000"
backends: { database: { host: database.example.com, port: 5432 } }
"""
IMAGE = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: start }
volumes: { spool: {} }
containers:
  app:
    image: redis:8.2.0
    depends_on: { router: start }
    repository_credentials: { secrets_manager: login }
    env_files: ["arn:aws:s3:::shop/app.env"]
    ports: [6379]
    healthcheck: { http: /up }
    mounts: { spool: /spool }
    logs: { driver: awsfirelens, options: { Name: s3 }, secret_options: { token: { ssm: /shop/token } } }
  router:
    image: fluent/fluent-bit:4.1.0
    mounts: { spool: "/spool:ro" }
    firelens: { type: fluentbit, options: { enable-ecs-log-metadata: "true" } }
"""
SPECS = {"recipes": RECIPES, "own": OWN, "image": IMAGE}

COMMAND = "$(id)"
# What ends a line, a quote or a word somewhere, starts a comment, an expansion or an option, or cannot be encoded.
PIECES = (
    *("\n", "\r", "\t", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\ud800", "\uffff"),
    *('"', "'", "`", "\\", "$", COMMAND, "${HOME}", "#{1}", "%{x}", "{{ 1 }}", "%", "{", "}", ";", "&", "|", ">"),
    *("-", "--", "/", "..", "../..", ",", ":", "=", "#", " ", "*", "?", "[", "]", "<<END", "-->", "\n- ", ": "),
    *("é", "\u6771", "\u202e", "A", "-ingress-", "localhost", "arn:aws:ssm:eu-west-1:123456789012:parameter/x"),
)
SINGLE = ("\n", f"'\"{COMMAND} ${{x}} %{{x}} #{{1}}\\")


def texts(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, bool]]:
    """Give the place of every text below the root, and whether it is the key of what stands there."""
    if isinstance(value, str):
        yield path, False
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), True
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))


def changed(data: Any, place: tuple[Path_, bool], text: str, how: str) -> Any:
    """Return the data with the text in place of the one that is there, or before or behind it."""
    path, is_key = place
    made = copy.deepcopy(data)
    parent = functools.reduce(lambda inner, key: inner[key], path[:-1], made)
    old = str(path[-1]) if is_key else parent[path[-1]]
    new = {"instead": text, "before": f"{text}{old}", "behind": f"{old}{text}"}[how]
    if is_key:
        items = [(new if key == path[-1] else key, item) for key, item in parent.items()]
        parent.clear()
        parent.update(items)
    else:
        parent[path[-1]] = new
    return made


def instructions(dockerfile: str) -> list[str]:
    """Give the first words of the instructions of a Dockerfile: comments go first, then continued lines are joined."""
    lines = [line for line in dockerfile.split("\n") if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\[ \t]*\n", "", "\n".join(lines))
    return [line.split()[0] for line in joined.split("\n") if line.strip()]


def unquoted(script: str) -> str:
    """Give what a shell reads of a script outside of comments and single quotes."""
    token = r"(?P<text>(?:^|(?<=[\s;&|(]))#[^\n]*|'[^']*')|\\.|\"(?:\\.|[^\"\\])*\""
    return re.sub(token, lambda found: "" if found["text"] else found[0], script, flags=re.DOTALL | re.MULTILINE)


def check(files: Mapping[str, str], usual: Mapping[str, str]) -> None:
    """Parse every file, and compare what no text may change with the file of the spec as it was."""
    for path, text in files.items():
        name, before = path.rpartition("/")[2], usual.get(path)
        text.encode()
        if name == "Dockerfile" and before is not None:
            assert instructions(text) == instructions(before)
        elif name.endswith(".json"):
            json.loads(text)
        elif name.endswith((".yaml", ".yml")):
            yaml.safe_load(text)
        elif name.endswith(".svg"):
            ET.fromstring(text)  # noqa: S314  written by this project
        elif name.endswith((".conf", "ignore")) and before is not None:
            assert text.count("\n") == before.count("\n")
        elif name.endswith(".sh"):
            assert COMMAND not in unquoted(text), path


def runs_through_shell(folder: Path, files: Mapping[str, str]) -> None:
    """Have a shell read every script, without running any."""
    for path, text in files.items():
        if path.endswith(".sh"):
            script = folder / "script.sh"
            script.write_text(text, encoding="utf-8")
            done = subprocess.run(["sh", "-n", script], check=False, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, ""), path


class Project:
    """A repository with one spec, which is replaced again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / ".git").mkdir()
        (folder / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
        self.usual = {name: self.files(self.judged(yaml.safe_load(text))) for name, text in SPECS.items()}

    def judged(self, data: Any) -> Judged:
        file = self.folder / "qa.yaml"
        # JSON is YAML, and has an escape for each character.
        text = json.dumps(data).replace('"HEX": {"ssm"', '\n  # chuoigen: ignore[CG613] a test\n  "HEX": {"ssm"')
        file.write_text(text, encoding="utf-8")
        return judge(load(file))

    def files(self, judged: Judged) -> dict[str, str]:
        """Render what was judged to be without an error."""
        assert judged.plan is not None
        assert not judged.refused, judged.diagnostics
        return {path: artifact.text for path, artifact in render(judged.plan).items()}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize("name", SPECS)
def test_the_specs_themselves_have_no_error(project: Project, name: str) -> None:
    found = project.judged(yaml.safe_load(SPECS[name])).diagnostics
    assert [one.rule for one in found if one.severity is not Severity.INFO] == []
    runs_through_shell(project.folder, project.usual[name])


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("text", SINGLE, ids=range(len(SINGLE)))
def test_each_text_of_a_spec_is_refused_or_stays_text(project: Project, name: str, text: str) -> None:
    data = yaml.safe_load(SPECS[name])
    for number, place in enumerate(texts(data)):
        judged = project.judged(changed(data, place, text, "behind"))
        if not judged.refused:
            files = project.files(judged)
            check(files, project.usual[name])
            if number % 4 == 0:
                runs_through_shell(project.folder, files)


@pytest.mark.parametrize("name", SPECS)
@settings(max_examples=60)
@given(st.data())
def test_what_lint_lets_through_can_be_rendered(project: Project, name: str, data: st.DataObject) -> None:
    spec = yaml.safe_load(SPECS[name])
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.sampled_from(sorted(texts(spec), key=str)))
        text = "".join(data.draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3)))
        spec = changed(spec, place, text, data.draw(st.sampled_from(("instead", "before", "behind"))))
    judged = project.judged(spec)
    if not judged.refused and all(one.severity is not Severity.ERROR for one in judged.diagnostics):
        check(project.files(judged), project.usual[name])


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a '$(id)' b\n", "a  b\n"),
        ("a # it's $(id)\nb\n", "a \nb\n"),
        ('a "it\'s $(id)"', 'a "it\'s $(id)"'),
        ("'a'\"'\"'$(id)'", '"\'"'),
        ("a${b#c}$#", "a${b#c}$#"),
        (r"\'$(id)", r"\'$(id)"),
    ],
)
def test_what_a_shell_would_expand_is_seen(script: str, expected: str) -> None:
    assert unquoted(script) == expected


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("# a\nFROM a\nRUN b \\\n    && c\n", ["FROM", "RUN"]),
        ("RUN a \\\n# b\n  c\nENV D=e\\\nUSER f", ["RUN", "ENV"]),
    ],
)
def test_instructions_are_counted_as_docker_counts_them(dockerfile: str, expected: list[str]) -> None:
    assert instructions(dockerfile) == expected
