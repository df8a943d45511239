"""The recipe node: what the files of an application decide, what package managers are told, and its rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.compiler import judge, render
from chuoigen.inputs.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 1024, execution_role: shop-execution }
containers:
"""
NPM = {"package.json": {"name": "shop"}, "package-lock.json": {}}


class Made:
    """What a spec with one application gives: its findings, its Dockerfile, its container in the task definition."""

    def __init__(self, folder: Path, build: str, files: Mapping[str, object], keys: str = "init: true") -> None:
        self.folder = folder
        self.write("spec.yaml", f"{HEAD}  app: {{ build: {{ recipe: node, {build} }}, ports: [3000], {keys} }}\n")
        for name, content in files.items():
            self.write(name, content if isinstance(content, str) else json.dumps(content))
        (folder / ".git").mkdir(exist_ok=True)
        self.judged = judge(load(folder / "spec.yaml"))

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    @property
    def found(self) -> list[str]:
        return [one.rule for one in self.judged.diagnostics]

    @property
    def files(self) -> dict[str, str]:
        assert self.judged.plan is not None
        return {artifact.path: artifact.text for artifact in render(self.judged.plan).values()}

    @property
    def commands(self) -> list[str]:
        """Every command of the builder, comments left out."""
        builder = self.files["docker/app/Dockerfile"].partition(" AS builder")[2].partition("\nFROM ")[0]
        lines = [line.strip().removesuffix(" \\") for line in builder.splitlines()]
        return [line.removeprefix("RUN ").removeprefix("&& ") for line in lines if line[:3] in ("RUN", "&& ")]

    @property
    def variables(self) -> dict[str, str]:
        definition = json.loads(self.files["ecs/task-definition.json"])
        (container,) = definition["containerDefinitions"]
        return {one["name"]: one["value"] for one in container["environment"]}


def made(folder: Path, files: Mapping[str, object], build: str = 'node: "24", main: server.js') -> Made:
    return Made(folder, build, files)


CLEAN = "find . -name node_modules -prune -exec rm -rf {} +"


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        (
            {"package-lock.json": {}},
            [
                "npm ci --include=dev --ignore-scripts",
                CLEAN,
                "npm ci --include=dev --prefer-offline",
                "NODE_ENV=production npm run build",
                "npm prune --omit=dev",
            ],
        ),
        (
            {"yarn.lock": ""},
            [
                "npm install --global --force yarn@1.22.22",
                "yarn install --frozen-lockfile --production=false --ignore-scripts",
                CLEAN,
                "yarn install --frozen-lockfile --production=false --prefer-offline",
                "NODE_ENV=production yarn run build",
                "yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline",
            ],
        ),
        (
            {"yarn.lock": "", ".yarnrc.yml": "enableTelemetry: false\n"},
            [
                "npm install --global --force @yarnpkg/cli-dist@4.18.1",
                "yarn install --no-immutable --mode=skip-build",
                CLEAN,
                "yarn install --immutable",
                "NODE_ENV=production yarn run build",
                "yarn workspaces focus --production",
            ],
        ),
        (
            {"pnpm-lock.yaml": ""},
            [
                "npm install --global --force pnpm@10.34.8",
                "CI=true pnpm fetch --ignore-scripts",
                CLEAN,
                "CI=true pnpm install --frozen-lockfile --prod=false --prefer-offline",
                "NODE_ENV=production pnpm run build",
                "CI=true pnpm prune --prod --ignore-scripts",
            ],
        ),
    ],
)
def test_the_lock_file_decides_which_package_manager_builds(
    tmp_path: Path, files: Mapping[str, object], commands: list[str]
) -> None:
    package = {"scripts": {"build": "tsc"}}
    assert made(tmp_path, {"package.json": package, **files}).commands == commands


@pytest.mark.parametrize(
    ("manager", "lock", "installed"),
    [
        ("pnpm@9.12.3+sha512.cce0f9de", "pnpm-lock.yaml", "pnpm@9.12.3"),
        ("yarn@4.5.0", "yarn.lock", "@yarnpkg/cli-dist@4.5.0"),
        ("yarn@1.22.19", "yarn.lock", "yarn@1.22.19"),
        ("pnpm@9.12.3", "yarn.lock", "yarn@1.22.22"),
        ("yarn@^1.22.19", "yarn.lock", "yarn@1.22.22"),
        ("pnpm@9.12.3; rm -rf /", "pnpm-lock.yaml", "pnpm@10.34.8"),
    ],
)
def test_package_json_names_the_version_of_its_package_manager(
    tmp_path: Path, manager: str, lock: str, installed: str
) -> None:
    files = {"package.json": {"packageManager": manager}, lock: ""}
    assert made(tmp_path, files).commands[0] == f"npm install --global --force {installed}"


@pytest.mark.parametrize(
    ("package", "files", "installed"),
    [
        ({}, {"yarn.lock": "# yarn lockfile v1\n"}, "yarn@1.22.22"),
        ({}, {"yarn.lock": "# generated\n\n__metadata:\n  version: 8\n"}, "@yarnpkg/cli-dist@4.18.1"),
        ({}, {"yarn.lock": "__metadata:\r\n  version: 8\r\n"}, "@yarnpkg/cli-dist@4.18.1"),
        ({"packageManager": "yarn@1.22.19"}, {"yarn.lock": "", ".yarnrc.yml": "x: 1"}, "yarn@1.22.19"),
    ],
)
def test_a_lock_file_of_yarn_says_which_yarn_wrote_it(
    tmp_path: Path, package: Mapping[str, object], files: Mapping[str, object], installed: str
) -> None:
    commands = made(tmp_path, {"package.json": package, **files}).commands
    assert commands[0] == f"npm install --global --force {installed}"


def test_npm_of_the_image_is_used_as_it_is(tmp_path: Path) -> None:
    package = {"packageManager": "npm@10.9.2"}
    assert made(tmp_path, {**NPM, "package.json": package}).commands[0] == "npm ci --include=dev --ignore-scripts"


MONOREPO = {
    "package.json": {"private": True},
    "apps/api/package.json": {"name": "@shop/api", "scripts": {"build": "tsc"}},
    "packages/prices/package.json": {"name": "@shop/prices", "scripts": {"build": "tsc"}},
    "packages/names/package.json": {"name": "@shop/names"},
}
FOLDERS = ". packages/names packages/prices apps/api"
CHOSEN = "--filter=./packages/names --filter=./packages/prices --filter=./apps/api"
WORKSPACE = 'node: "24", main: server.js, workspace: apps/api, needs: [packages/names, packages/prices]'


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        (
            {"package-lock.json": {}},
            [
                "NODE_ENV=production npm run --workspace=packages/prices build",
                "NODE_ENV=production npm run --workspace=apps/api build",
                "npm pkg delete scripts.prepare --workspaces --include-workspace-root",
                f"npm ci --omit=dev --prefer-offline {CHOSEN.replace('./', '').replace('filter', 'workspace')}",
            ],
        ),
        (
            {"yarn.lock": ""},
            [
                "NODE_ENV=production yarn --cwd packages/prices run build",
                "NODE_ENV=production yarn --cwd apps/api run build",
                "yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline",
            ],
        ),
        (
            {"yarn.lock": "", ".yarnrc.yml": ""},
            [
                "NODE_ENV=production yarn --cwd packages/prices run build",
                "NODE_ENV=production yarn --cwd apps/api run build",
                "yarn --cwd apps/api workspaces focus --production",
            ],
        ),
        (
            {"pnpm-lock.yaml": ""},
            [
                "NODE_ENV=production pnpm --dir packages/prices run build",
                "NODE_ENV=production pnpm --dir apps/api run build",
                CLEAN,
                f'for folder in {FOLDERS}; do (cd "$folder" && npm pkg delete scripts.prepare) || exit 1; done',
                f"CI=true pnpm install --prod --frozen-lockfile --offline {CHOSEN}",
            ],
        ),
    ],
)
def test_a_workspace_is_built_behind_what_it_needs(
    tmp_path: Path, files: Mapping[str, object], commands: list[str]
) -> None:
    said = made(tmp_path, {**MONOREPO, **files}, WORKSPACE).commands
    first = next(number for number, command in enumerate(said) if "NODE_ENV" in command)
    kept = [
        "mkdir /app",
        "cp -a --parents -- package.json packages/names packages/prices apps/api /app",
        "{ test ! -d node_modules || cp -a --parents -- node_modules /app; }",
        "find /app -type l ! -exec test -e {} \\; -delete",
    ]
    assert said[first:] == [*commands, *kept]


def test_of_a_workspace_only_the_named_files_are_kept(tmp_path: Path) -> None:
    said = made(tmp_path, {**MONOREPO, "package-lock.json": {}}, f"{WORKSPACE}, files: [dist]").commands
    assert (
        "cp -a --parents -- package.json packages/names packages/prices apps/api/package.json apps/api/dist /app"
        in said
    )
    assert "{ test ! -d apps/api/node_modules || cp -a --parents -- apps/api/node_modules /app; }" in said


def test_a_script_is_chosen_by_name(tmp_path: Path) -> None:
    package = {"scripts": {"build": "tsc", "build:server": "tsc -p server"}}
    said = made(tmp_path, {**NPM, "package.json": package}, 'node: "24", main: s.js, script: build:server').commands
    assert "NODE_ENV=production npm run build:server" in said


def test_what_the_process_is_told(tmp_path: Path) -> None:
    both = made(tmp_path / "a", NPM, 'node: "24", main: server.js, keep_alive: 75s, source_maps: true')
    assert both.variables == {"HOSTNAME": "0.0.0.0", "KEEP_ALIVE_TIMEOUT": "75000"}  # noqa: S104
    # A task of one container: the heap takes three quarters of 1024 MiB.
    assert 'NODE_OPTIONS="--max-old-space-size=768 --enable-source-maps"' in both.files["docker/app/Dockerfile"]
    own = Made(tmp_path / "b", 'node: "24", main: server.js', NPM, "init: true, environment: { HOSTNAME: '::' }")
    assert own.variables == {"HOSTNAME": "::"}


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ("20", ["retired-base"]),  # until 2026-04-30
        ("22", []),
        ("24.19.0", []),
        ("26", []),
        ("24.1", ["unknown-version"]),
        ("21", ["unknown-version"]),
        ("latest", ["unknown-version"]),
    ],
)
def test_versions_are_compared_with_the_day_of_the_facts(tmp_path: Path, node: str, found: list[str]) -> None:
    said = made(tmp_path, NPM, f'node: "{node}", main: server.js')
    assert said.found == found
    if found == ["retired-base"]:
        assert "is based on Node.js 20, which has had no fixes since 2026-04-30" in said.judged.diagnostics[0].message


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, []),  # nothing is there yet
        ({"package.json": {}}, ["node-lock-file"]),
        ({"package.json": "{ broken", "package-lock.json": {}}, ["node-unreadable-package"]),
        ({"package.json": "[1]"}, ["node-unreadable-package"]),
        ({"package.json": "\ufeff{}", "package-lock.json": {}}, []),
        ({"package.json": {}, "yarn.lock": "", "package-lock.json": {}}, ["node-lock-file"]),
        ({"package.json": {}, "yarn.lock": ""}, ["node-package-manager-version"]),
        ({"package.json": {"packageManager": "yarn@1.22.22"}, "yarn.lock": ""}, []),
        ({"package.json": {}, "npm-shrinkwrap.json": {}}, []),
        ({"package.json": {}, "bun.lock": ""}, ["node-lock-file"]),
    ],
)
def test_lock_files(tmp_path: Path, files: Mapping[str, object], found: list[str]) -> None:
    assert made(tmp_path, files).found == found


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("command: [npm, start]", True),
        ("command: [/usr/local/bin/yarn, start]", True),
        ("command: [sh, -c, 'exec pnpm start']", True),
        ("command: [sh, -c, npx prisma migrate deploy]", True),
        ("entrypoint: [npm]", True),
        ("command: [node, worker.js]", False),
        ("command: [sh, -c, exec node npm.js]", False),
        ("command: [sh]", False),
        ("command: []", False),
    ],
)
def test_a_package_manager_is_not_process_1(tmp_path: Path, keys: str, found: bool) -> None:
    rules = Made(tmp_path, 'node: "24", main: server.js', NPM, f"init: true, {keys}").found
    assert ("node-behind-package-manager" in rules) is found


LISTENS = "require('http').createServer().listen(3000);\n"


@pytest.mark.parametrize(
    ("keys", "files", "found"),
    [
        ("memory: 512", {"server.js": LISTENS}, True),
        ("init: true", {"server.js": LISTENS}, False),
        ("memory: 512", {"server.js": f"{LISTENS}process.once('SIGTERM', stop);"}, False),
        ("memory: 512", {"server.js": LISTENS, "src/app.ts": "app.enableShutdownHooks();"}, False),
        ("memory: 512", {"server.js": LISTENS, "package.json": {"dependencies": {"next": "15.1.0"}}}, False),
        ("memory: 512", {}, False),  # server.js is made by the build, and there is nothing to look at
        ("command: [node, worker.js]", {"server.js": LISTENS}, False),
    ],
)
def test_process_1_handles_sigterm(tmp_path: Path, keys: str, files: Mapping[str, object], found: bool) -> None:
    rules = Made(tmp_path, 'node: "24", main: server.js', {**NPM, **files}, keys).found
    assert ("node-signal-handler" in rules) is found


NETWORK = """\
network:
  vpc: vpc-0123456789abcdef0
  subnets:
    private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    public: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
  allow:
    - { from: internet, to: alb, ports: [80] }
    - { from: alb, to: TARGET }
load_balancer: { target: TARGET, healthcheck: /, idle_timeout: IDLE }
"""


def behind(folder: Path, build: str, target: str, idle: str) -> Made:
    """Return an application as a target, or behind an nginx that is the target."""
    made = Made(folder, build, NPM)
    web = "  web: { build: { recipe: nginx, upstream: app }, ports: [80], depends_on: { app: start } }\n"
    network = NETWORK.replace("TARGET", target).replace("IDLE", idle)
    made.write("spec.yaml", (folder / "spec.yaml").read_text() + (web if target == "web" else "") + network)
    made.judged = judge(load(folder / "spec.yaml"))
    return made


@pytest.mark.parametrize(
    ("build", "target", "idle", "found"),
    [
        ('node: "24"', "app", "60s", True),  # 5 s
        ('node: "26"', "app", "60s", False),  # 65 s
        ('node: "26"', "app", "120s", True),
        ('node: "24", keep_alive: 60s', "app", "60s", True),
        ('node: "24", keep_alive: 61s', "app", "60s", False),
        ('node: "24"', "web", "60s", False),
    ],
)
def test_a_server_outlasts_the_connections_of_the_load_balancer(
    tmp_path: Path, build: str, target: str, idle: str, found: bool
) -> None:
    assert ("short-keep-alive" in behind(tmp_path, f"{build}, main: server.js", target, idle).found) is found


@pytest.mark.parametrize(
    ("build", "seconds"), [('node: "24"', 4), ('node: "26"', 30), ('node: "24", keep_alive: 20s', 19)]
)
def test_nginx_gives_its_connections_up_before_the_server_does(tmp_path: Path, build: str, seconds: int) -> None:
    conf = behind(tmp_path, f"{build}, main: server.js", "web", "60s").files["docker/web/nginx.conf"]
    assert f"keepalive_timeout {seconds}s;" in conf.partition("upstream app_server {")[2].partition("}")[0]


def test_a_time_that_nobody_reads_is_noticed(tmp_path: Path) -> None:
    made = behind(tmp_path, 'node: "24", keep_alive: 65s, main: server.js', "app", "60s")
    assert made.found == []
    made.write("server.js", LISTENS)
    unread = judge(load(tmp_path / "spec.yaml")).diagnostics
    assert [one.rule for one in unread] == ["node-unread-keep-alive"]
    made.write("server.js", f"{LISTENS}server.keepAliveTimeout = 65000;")
    assert judge(load(tmp_path / "spec.yaml")).diagnostics == ()


def api(**dependencies: str) -> dict[str, Any]:
    names = {f"@shop/{name}": version for name, version in dependencies.items()}
    return {"name": "@shop/api", "dependencies": names}


@pytest.mark.parametrize(
    ("package", "found"),
    [
        (api(prices="workspace:*"), []),
        (api(prices="workspace:*", names="workspace:^"), []),
        (api(prices="1.0.0"), []),
        (api(users="workspace:*"), ["node-workspace"]),
        ("", ["node-workspace"]),
    ],
)
def test_a_workspace_names_what_it_needs(tmp_path: Path, package: object, found: list[str]) -> None:
    files = {**MONOREPO, "package-lock.json": {}, "apps/api/package.json": package}
    assert made(tmp_path, files, WORKSPACE).found == found


@pytest.mark.parametrize(
    "build",
    [
        'node: "24", main: ../server.js',
        'node: "24", main: server.js, files: [/etc]',
        'node: "24", main: server.js, workspace: ../api',
        'node: "24", main: server.js, needs: [../prices]',
        'node: "24", main: server.js, static: ../public',
    ],
)
def test_what_lies_outside_of_the_context_is_reported(tmp_path: Path, build: str) -> None:
    assert "source-outside-context" in made(tmp_path, {}, build).found
