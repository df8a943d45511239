"""Where processes listen and what they take, against the ports, the memory and who must reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

    Diagnose = Callable[[str], tuple[Diagnostic, ...]]

NETWORK = """\
network:
  vpc: vpc-0123456789abcdef0
  subnets:
    private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    public: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
  allow:
    - { from: internet, to: alb, ports: [80] }
    - { from: alb, to: app }
load_balancer: { target: app, healthcheck: /health }
"""
APP = "containers:\n  app: {{ image: 'shop:1.4.0', {} }}\n"


def found(said: tuple[Diagnostic, ...], *rules: str) -> list[tuple[str, str]]:
    """Return rule and path below the container of what is reported by some rules."""
    return [(one.rule, ".".join(map(str, one.path[2:]))) for one in said if one.rule in rules]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("environment: { PORT: '3002' }", "environment.PORT"),
        ("environment: { PORT: '8080' }", None),
        ("environment: { PORT: { ref: containers.app.port } }", None),
        ("environment: { SERVER_PORT: '9000' }", "environment.SERVER_PORT"),
        ("environment: { ASPNETCORE_URLS: 'http://+:5000;https://+:5001' }", "environment.ASPNETCORE_URLS"),
        ("environment: { ASPNETCORE_URLS: 'http://+:8080' }", None),
        ("environment: { ASPNETCORE_HTTP_PORTS: '80;8080' }", None),
        ("environment: { JAVA_TOOL_OPTIONS: '-Xmx64m -Dserver.port=9090' }", "environment.JAVA_TOOL_OPTIONS"),
        ("environment: { GUNICORN_CMD_ARGS: '--bind 0.0.0.0:9090' }", "environment.GUNICORN_CMD_ARGS"),
        ("environment: { HOST: 'shop.example.com:443' }", None),  # who it is, and not where it listens
        ("environment: { REDIS_PORT: '6379' }", None),
        ("command: [serve, --port, '3002']", "command.2"),
        ("command: [serve, --port=3002]", "command.1"),
        ("command: [serve, --host, db.internal, --port, '5432']", None),  # an address to call
        ("command: [gunicorn, -b, ':3002', shop]", "command.2"),
        ("command: [gunicorn, --bind=0.0.0.0:8080, shop]", None),
        ("command: [gunicorn, shop]", "command"),  # 8000
        ("command: [gunicorn, -c, conf.py, shop]", None),
        ("command: [gunicorn, shop], environment: { PORT: '8080' }", None),
        ("command: [sh, -c, 'exec uvicorn shop:app --host 0.0.0.0 --port 3002']", "command.2"),
        ("command: [bundle, exec, puma, -p, '3002']", "command.4"),
        ("command: [bundle, exec, puma, -b, 'tcp://0.0.0.0:8080']", None),
        ("command: [java, -Dserver.port=3002, -jar, a.jar]", "command.1"),
        ("command: [flask, db, upgrade]", None),
        ("entrypoint: [next], command: [start, -p, '3002']", "command.2"),
        ("command: [redis-cli, -p, '6379']", None),
    ],
)
def test_one_port_in_two_places(diagnose: Diagnose, keys: str, place: str | None) -> None:
    said = diagnose(APP.format(f"ports: [8080], {keys}"))
    expected = [] if place is None else [("listening-port-differs", place)]
    assert found(said, "listening-port-differs") == expected


@pytest.mark.parametrize(
    ("build", "reported"),
    [
        ("recipe: phoenix, elixir: '1.18'", True),
        ("recipe: node, node: '24', main: a.js", True),
        ("recipe: python, application: 'a:b'", False),  # its command says where
        ("recipe: nginx", False),
    ],
)
def test_a_recipe_is_told_by_its_own_variables(diagnose: Diagnose, build: str, reported: bool) -> None:
    text = f"containers:\n  app: {{ build: {{ {build} }}, ports: [4000], environment: {{ PORT: '3002' }} }}\n"
    said = found(diagnose(text), "listening-port-differs")
    assert said == ([("listening-port-differs", "environment.PORT")] if reported else [])


@pytest.mark.parametrize(
    ("container", "rule"),
    [
        ("build: { recipe: phoenix, elixir: '1.18' }", "unreached-port"),
        ("build: { recipe: node, node: '24', main: a.js }", "unreached-port"),
        ("image: 'shop:1.4.0'", "listening-port-differs"),  # perhaps it does not look at the variable
    ],
)
@pytest.mark.parametrize("way", ["balancer", "upstream", "allow"])
def test_a_port_that_is_known_and_needed_is_an_error(diagnose: Diagnose, container: str, rule: str, way: str) -> None:
    app = f"  app: {{ {container}, ports: [4000], environment: {{ PORT: '3002' }} }}\n"
    web = "  web: { build: { recipe: nginx, upstream: app }, ports: [80], depends_on: { app: start } }\n"
    allow = NETWORK.partition("    - {")[0] + "    - { from: sg-0123456789abcdef0, to: app }\n"
    to_web = NETWORK.replace("to: app", "to: web").replace("target: app", "target: web")
    rest = {"balancer": NETWORK, "upstream": web + to_web, "allow": allow}[way]
    said = diagnose(f"containers:\n{app}{rest}")
    assert found(said, "unreached-port", "listening-port-differs") == [(rule, "environment.PORT")]
    (one,) = (one for one in said if one.rule == rule)
    assert one.severity is (Severity.ERROR if rule == "unreached-port" else Severity.WARNING)
    where = {"balancer": "load balancer", "upstream": 'container "web"', "allow": "sg-0123456789abcdef0"}[way]
    assert (f"{where} reaches it on 4000" in one.message) is (rule == "unreached-port")


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("command: [gunicorn, --bind, '127.0.0.1:8080', shop]", "command.2"),
        ("command: [gunicorn, --bind, 'localhost:8080', shop]", "command.2"),
        ("command: [uvicorn, 'a:b', --port, '8080']", "command"),
        ("command: [uvicorn, 'a:b', --host, 0.0.0.0, --port, '8080']", None),
        ("command: [uvicorn, 'a:b', --port, '8080'], environment: { UVICORN_HOST: 0.0.0.0 }", None),
        ("command: [serve, --host, localhost, --port, '8080']", "command.2"),
        ("environment: { HOST: localhost }", "environment.HOST"),
        ("environment: { HOST: 0.0.0.0 }", None),
        ("environment: { BIND_ADDR: '127.0.0.1:8080' }", "environment.BIND_ADDR"),
        ("environment: { ASPNETCORE_URLS: 'http://localhost:8080' }", "environment.ASPNETCORE_URLS"),
        ("environment: { DB_HOST: 127.0.0.1 }", None),
    ],
)
def test_who_listens_inside_is_not_reached_from_outside(diagnose: Diagnose, keys: str, place: str | None) -> None:
    text = APP.format(f"ports: [8080], {keys}")
    expected = [] if place is None else [("loopback-listener", place)]
    assert found(diagnose(text + NETWORK), "loopback-listener", "localhost-address") == expected


def test_a_server_that_only_its_task_calls_may_listen_inside(diagnose: Diagnose) -> None:
    app = "  app: { image: 'shop:1.4.0', command: [gunicorn, --bind, '127.0.0.1:8080', shop], ports: [8080] }\n"
    web = "  web: { build: { recipe: nginx, upstream: app }, ports: [80], depends_on: { app: start } }\n"
    text = f"containers:\n{app}{web}" + NETWORK.replace("to: app", "to: web").replace("target: app", "target: web")
    assert found(diagnose(text), "loopback-listener") == []


@pytest.mark.parametrize(
    ("variable", "text", "reported"),
    [
        ("ALLOWED_HOSTS", "localhost,shop.example.com", False),
        ("CORS_ORIGINS", "http://localhost:3000", False),
        ("OAUTH_REDIRECT_URI", "http://localhost/callback", False),
        ("NO_PROXY", "localhost,169.254.170.2", False),
        ("HOST", "localhost", False),  # where it listens
        ("REDIS_URL", "redis://localhost:6379", True),
        ("ES_HOSTS", "localhost:9200", True),
        ("DB_HOST", "localhost", True),
    ],
)
def test_a_name_to_compare_is_no_address_to_call(diagnose: Diagnose, variable: str, text: str, reported: bool) -> None:
    said = diagnose(APP.format(f"environment: {{ {variable}: '{text}' }}"))
    assert bool(found(said, "localhost-address")) is reported


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("command: [java, -Xmx512m, -jar, a.jar]", ("heap-above-memory", "command.1")),
        ("command: [java, -Xmx511m, -jar, a.jar]", None),
        ("command: [java, -Xmx1G, -jar, a.jar], memory: 2048", None),
        ("environment: { JAVA_OPTS: '-Xms64m -Xmx2g' }", ("heap-above-memory", "environment.JAVA_OPTS")),
        ("environment: { NODE_OPTIONS: --max-old-space-size=512 }", ("heap-above-memory", "environment.NODE_OPTIONS")),
        ("environment: { NODE_OPTIONS: --max-old-space-size=384 }", None),
        ("environment: { WEB_CONCURRENCY: '10' }", None),
        ("environment: { WEB_CONCURRENCY: '11' }", ("processes-above-memory", "environment.WEB_CONCURRENCY")),
        ("command: [gunicorn, -w, '16', shop]", ("processes-above-memory", "command.2")),
        ("command: [serve, --workers=16]", ("processes-above-memory", "command.1")),
        ("command: [gunicorn, -w, '2', shop], environment: { WEB_CONCURRENCY: '16' }", None),  # the option wins
    ],
)
def test_what_a_process_takes_has_room(diagnose: Diagnose, keys: str, place: tuple[str, str] | None) -> None:
    said = found(diagnose(APP.format(keys)), "heap-above-memory", "processes-above-memory")
    assert said == ([place] if place else [])
