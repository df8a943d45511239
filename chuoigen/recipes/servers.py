"""Programs that answer requests, as commands start them: where they listen, how many they fork, how long they wait.

Each row has its source. What a configuration file or the program itself says is not known here.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import TYPE_CHECKING

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CHECKED = "2026-11-28"
LOOPBACK = "127.0.0.1"
KEEP_ALIVE_MARGIN_S = 15
"""How much longer than the load balancer a server of a recipe keeps a connection."""


class Server(Record):
    """A program, and what it does unless it is told.

    `idle` is for how many seconds it keeps a connection without a request (None: not known), in `idle_unit`s of which
    `idle_options` tell it; it keeps none unless one of `keeps_with` is said, where there are such. `host` and `port`
    are where it listens (empty: everywhere; None: not known), `binds`, `hosts` and `ports` the options that change it:
    address and port together, the address, the port. `forks` are the options for the number of its processes, and
    `variables` those of all that say the same. An option of `files` means that a file may say something else. It
    serves with one of `verbs` only, where there are such.
    """

    name: str
    source: str
    idle: int | None = None
    idle_options: tuple[str, ...] = ()
    idle_unit: float = 1
    keeps_with: tuple[str, ...] = ()
    host: str = ""
    port: int | None = None
    binds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    forks: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


SERVERS: dict[str, Server] = {
    "gunicorn": Server(
        "gunicorn",
        "gunicorn/config.py: Keepalive, Bind, Workers, Threads; the sync worker keeps no connection",
        idle=2,
        idle_options=("--keep-alive",),
        keeps_with=("--threads", "-k", "--worker-class"),
        host=LOOPBACK,
        port=8000,
        binds=("-b", "--bind"),
        forks=("-w", "--workers"),
        variables=("PORT", "GUNICORN_CMD_ARGS"),
        files=("-c", "--config"),
    ),
    "uvicorn": Server(
        "uvicorn",
        "uvicorn/main.py: --timeout-keep-alive, --host, --port, --workers",
        idle=5,
        idle_options=("--timeout-keep-alive",),
        host=LOOPBACK,
        port=8000,
        hosts=("--host",),
        ports=("--port",),
        forks=("--workers",),
        variables=("UVICORN_HOST", "UVICORN_PORT"),
        files=("--uds", "--fd"),
    ),
    "hypercorn": Server(
        "hypercorn",
        "hypercorn, docs/how_to_guides/configuring.rst: keep_alive_timeout, bind, workers",
        idle=5,
        idle_options=("--keep-alive",),
        host=LOOPBACK,
        port=8000,
        binds=("-b", "--bind"),
        forks=("-w", "--workers"),
        files=("-c", "--config"),
    ),
    "puma": Server(
        "Puma",
        "lib/puma/configuration.rb: persistent_timeout 65 s since 7.0 (puma/puma#3378), 20 s before",
        binds=("-b", "--bind"),
        ports=("-p", "--port"),
        forks=("-w", "--workers"),
    ),
    "flask": Server(
        "Flask",
        "src/flask/cli.py, run_command",
        verbs=("run",),
        host=LOOPBACK,
        port=5000,
        hosts=("-h", "--host"),
        ports=("-p", "--port"),
        variables=("FLASK_RUN_HOST", "FLASK_RUN_PORT"),
    ),
    "next": Server(
        "Next.js",
        "packages/next/src/bin/next.ts, start: --port, --hostname, --keepAliveTimeout in milliseconds",
        verbs=("start",),
        idle=5,
        idle_options=("--keepAliveTimeout",),
        idle_unit=1000,
        hosts=("-H", "--hostname"),
        ports=("-p", "--port"),
        variables=("KEEP_ALIVE_TIMEOUT", "PORT"),
    ),
    "vite": Server(
        "Vite",
        "vite.dev/config/preview-options: host localhost, port 4173",
        verbs=("preview", "dev", "serve"),
        host=LOOPBACK,
        hosts=("--host",),
        ports=("--port",),
        files=("-c", "--config"),
    ),
}
"""The programs by the name of the command."""

_LISTENS = ("--bind", "--listen", "--address", "--host", "--hostname", "--http-host", "--bind-address")
_PORTS = ("--port", "--http-port", "--server.port", "--listen-port")
_FORKS = ("--workers", "--processes")
_JAVA_HOST, _JAVA_PORT = "-Dserver.address", "-Dserver.port"


_EVERYWHERE = ("", "0.0.0.0", "::", "[::]", "*", "+")  # noqa: S104  what they stand for is the point


class Address(Record):
    """Where a process listens: host ("" for every address) and port (None: not said), and the words that say so.

    `at` is the index in the list of words, None where nothing says it and the program decides.
    """

    host: str | None
    port: int | None
    words: str
    at: int | None


class Started(Record):
    """The words of a command: the program, where it is a known one, its options, and where each word was written."""

    server: Server | None
    words: tuple[str, ...]
    origins: tuple[int, ...]

    def option(self, names: Sequence[str]) -> tuple[str, str, int] | None:
        """Return the last option of that name: name, value, index of the written word. `--n v`, `--n=v` and `-nv`."""
        found = None
        for at, word in enumerate(self.words):
            for name in names:
                if word == name and at + 1 < len(self.words):
                    found = name, self.words[at + 1], self.origins[at + 1]
                elif word.startswith(f"{name}="):
                    found = name, word[len(name) + 1 :], self.origins[at]
                elif len(name) == 2 and name[1] != "-" and word.startswith(name) and len(word) > 2:  # noqa: PLR2004
                    found = name, word[2:], self.origins[at]
        return found

    def says(self, names: Sequence[str]) -> bool:
        """Say whether an option of that name is there."""
        return any(word == name or word.startswith(f"{name}=") for word in self.words for name in names)


def started(words: Sequence[str]) -> Started:
    """Return what a list of words starts; the script of a shell is split as the shell does."""
    parts = [(part, at) for at, word in enumerate(words) for part in _parts(word)]
    names = [posixpath.basename(part) for part, _ in parts]
    first = next((at for at, name in enumerate(names) if name in SERVERS), None)
    rest = parts if first is None else parts[first + 1 :]
    server = SERVERS[names[first]] if first is not None else None
    if server is not None and server.verbs and not any(part in server.verbs for part, _ in rest):
        server = None
    return Started(server, tuple(part for part, _ in rest), tuple(at for _, at in rest))


def _parts(word: str) -> list[str]:
    if not re.search(r"\s", word):
        return [word]
    try:
        return shlex.split(word)
    except ValueError:
        return [word]


def idle_seconds(run: Started, variables: Mapping[str, str] | None = None) -> tuple[int, int | None] | None:
    """Return for how long a server keeps an idle connection, and the index of the word that says so, if one does."""
    server = run.server
    if server is None or run.says(server.files) or (server.keeps_with and not run.says(server.keeps_with)):
        return None
    said = run.option(server.idle_options)
    if said is not None:
        return (int(int(said[1]) / server.idle_unit), said[2]) if re.fullmatch(r"\d{1,9}", said[1]) else None
    told = any(name in (variables or {}) for name in server.variables if "PORT" not in name and "HOST" not in name)
    return None if server.idle is None or told else (server.idle, None)


def processes(run: Started) -> tuple[int, int] | None:
    """Return how many processes the options ask for, and the index of the word that says so."""
    said = run.option(run.server.forks if run.server else _FORKS)
    return (int(said[1]), said[2]) if said and re.fullmatch(r"\d{1,6}", said[1]) else None


def addresses(run: Started, variables: Mapping[str, str]) -> Iterator[Address]:
    """Yield where a process listens, as far as its words or its program say it."""
    server = run.server
    said = list(_said(run))
    yield from said
    if server is None or run.says(server.files) or any(name in variables for name in server.variables):
        return
    if server.host and not any(one.host is not None for one in said):
        yield Address(server.host, None, server.name, None)
    if server.port is not None and all(one.port is None for one in said):
        yield Address(None, server.port, server.name, None)


def _said(run: Started) -> Iterator[Address]:
    server = run.server
    binds = server.binds if server else ()
    hosts = server.hosts if server else _LISTENS
    ports = server.ports if server else _PORTS
    bound = run.option(binds)
    if bound is not None and (found := address(bound[1])) is not None:
        yield Address(found[0], found[1], f"{bound[0]} {bound[1]}", bound[2])
    host = run.option((*hosts, _JAVA_HOST))
    if host is not None and (found := address(host[1])) is not None:
        yield Address(found[0], found[1], f"{host[0]} {host[1]}", host[2])
        if server is None and not _is_local(found[0]):
            return  # an address to call: its port is another machine's
    port = run.option((*ports, _JAVA_PORT))
    if port is not None and re.fullmatch(r"\d{1,5}", port[1]):
        yield Address(None, int(port[1]), f"{port[0]} {port[1]}", port[2])


def _is_local(host: str) -> bool:
    return host in _EVERYWHERE or is_loopback(host)


def is_loopback(host: str) -> bool:
    """Say whether an address is only reachable from inside of a task."""
    return host.lower() in ("localhost", "::1", "[::1]") or re.fullmatch(r"127(?:\.\d{1,3}){3}", host) is not None


_ADDRESS = re.compile(r"(?:(?:tcp|https?)://)?(\[[0-9a-fA-F:]*\]|[^:/\s]*)(?::(\d{1,5}))?/?")


def address(text: str) -> tuple[str, int | None] | None:
    """Return host and port of an address to listen on, `0.0.0.0:8000`, `:8000`, `tcp://*:80`; None for no such text."""
    found = _ADDRESS.fullmatch(text)
    if found is None or not text:
        return None
    host, port = found[1], int(found[2]) if found[2] else None
    if re.fullmatch(r"\d{1,5}", host) and port is None:
        return "", int(host)
    return host, port


PORT_VARIABLES = (
    *("PORT", "SERVER_PORT", "HTTP_PORT", "LISTEN_PORT", "UVICORN_PORT", "FLASK_RUN_PORT", "NITRO_PORT"),
    "ASPNETCORE_HTTP_PORTS",
)
"""Variables with the port, or the ports, on which a process listens (spring.io, "Common application properties";
learn.microsoft.com, "Kestrel endpoints"; the programs above; nitro.build, "Node.js").
"""
ADDRESS_VARIABLES = (
    *("HOST", "HOSTNAME", "BIND", "BIND_ADDR", "BIND_ADDRESS", "LISTEN", "LISTEN_ADDR", "LISTEN_ADDRESS"),
    *("SERVER_ADDRESS", "UVICORN_HOST", "FLASK_RUN_HOST", "NITRO_HOST", "ASPNETCORE_URLS"),
)
"""Variables with the address on which a process listens."""
OPTION_VARIABLES = ("GUNICORN_CMD_ARGS", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CATALINA_OPTS")
"""Variables with options, as a command has them."""
_NAMES = re.compile(r"ALLOWED|ALLOWLIST|WHITELIST|TRUSTED|ORIGIN|CORS|REDIRECT|ISSUER|AUDIENCE|NO_PROXY|SERVER_NAME")
_PROGRAM_OF_OPTIONS = {"GUNICORN_CMD_ARGS": "gunicorn"}


def is_list_of_names(variable: str) -> bool:
    """Say whether a variable holds names to compare, such as ALLOWED_HOSTS, and none to call."""
    return _NAMES.search(variable.upper()) is not None


def addresses_of(variable: str, text: str) -> Iterator[Address]:
    """Yield where a process listens by one of its variables."""
    name = variable.upper()
    words = f"{variable}={text}"
    if name in PORT_VARIABLES:
        yield from (Address(None, int(port), words, None) for port in re.findall(r"\d{1,5}", text[:100]))
    elif name in ADDRESS_VARIABLES:
        found = filter(None, (address(part) for part in text.split(";") if part))
        # Another machine's address is one to call, or to be called by.
        yield from (Address(host, port, words, None) for host, port in found if _is_local(host))
    elif name in OPTION_VARIABLES:
        program = _PROGRAM_OF_OPTIONS.get(name)
        run = started([*([program] if program else []), text])
        yield from (one.replaced(words=f"{variable}: {one.words}", at=None) for one in _said(run))


_HEAP = re.compile(r"(?:^|\s)-Xmx(\d{1,9})([kKmMgGtT]?)(?=\s|$)|--max[-_]old[-_]space[-_]size[= ](\d{1,9})(?=\s|$)")
_PER_MIB = {"": 1 / (1 << 20), "k": 1 / 1024, "m": 1, "g": 1024, "t": 1 << 20}


def heap_mib(text: str) -> tuple[str, int] | None:
    """Return the option that bounds the heap of Java or Node.js in a text, and its MiB."""
    found = _HEAP.search(text)
    if found is None:
        return None
    number, unit, old = found.groups()
    return found[0].strip(), int(old) if old else int(int(number) * _PER_MIB[unit.lower()])
