"""How the containers of one task find each other."""

import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.fix import Fix, Replace
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.messages import Key, Message, Texts
from chuoigen.recipes.commands import listens
from chuoigen.recipes.servers import is_list_of_names
from chuoigen.yaml.document import KeyPath

_LOCALHOST = re.compile(r"(?<![\w.-])localhost(?![\w-]|\.\w)", re.IGNORECASE)
_ADDRESS_WORDS = re.compile(r"(?:^|_)(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|UPSTREAM|URL|URI|ENDPOINT)$")


_say = Texts(__name__)


def _texts(subject: Subject) -> Iterator[tuple[KeyPath, Message, str, str]]:
    """Yield every text in which an address may stand: its path, what it is, its name, the text."""
    for name, container in subject.spec.containers.items():
        path: KeyPath = ("containers", name)
        for variable, value in container.environment.items():
            text = value.value if value.text is None else value.text
            if text is not None:
                what = _say("place.variable", name=variable)
                yield (*path, "environment", variable), what, variable, text
        for argument, written in (container.build.args if container.build else {}).items():
            if written.value is not None:
                what = _say("place.argument", name=argument)
                yield (*path, "build", "args", argument), what, argument, written.value
        check = container.healthcheck
        for where, words in (
            (("command",), container.command),
            (("entrypoint",), container.entrypoint),
            (("healthcheck", "command"), check.command if check else None),
        ):
            what = _say("place.check", container=name)
            if len(where) == 1:
                what = _say("place.words", key=Key(where), container=name)
            for index, word in enumerate(words or ()):
                yield (*path, *where, index), what, "", word


def _localhost(subject: Subject) -> Iterator[Finding]:
    listened = _listened(subject)
    for path, what, variable, text in _texts(subject):
        if _LOCALHOST.search(text) and path not in listened and not is_list_of_names(variable):
            form = "variable" if "environment" in path[2:3] else "text"
            address = _LOCALHOST.sub("127.0.0.1", text)
            fixes = tuple(Fix((Replace(place, address),)) for place in _written_at(path))
            yield Finding(path, _say(f"localhost-address.{form}", place=what), fixes=fixes)
    for one in answering(subject):
        for key, upstream in one.recipe.upstreams(one.build).items():
            if upstream == "localhost":
                words = _say("localhost-address.upstream", key=Key((str(key[-1]),)), container=one.name)
                yield Finding((*one.path, *key), words)
    for name, backend in subject.spec.backends.items():
        if _LOCALHOST.fullmatch(backend.host):
            path = ("backends", name, "host")
            fixes = (Fix((Replace(path, "127.0.0.1"),)),)
            yield Finding(path, _say("localhost-address.backend", backend=name), fixes=fixes)


def _listened(subject: Subject) -> set[KeyPath]:
    """Return the paths of addresses on which processes listen: no address to call, which other rules judge."""
    return {
        (*one.path[:2], *path)
        for one in answering(subject, built=False)
        for path, _ in listens(one.container, one.plan.environment)
    }


def _written_at(path: KeyPath) -> tuple[KeyPath, ...]:
    """Return where a text may be written: as the long form of a variable, as itself, or as a check of one text."""
    check = (path[:-1],) if path[2:3] == ("healthcheck",) else ()
    return ((*path, "value"), path, *check)


def _container_host(subject: Subject) -> Iterator[Finding]:
    names = [name for name in subject.spec.containers if name != "localhost"]
    for path, what, variable, text in _texts(subject):
        named = next((name for name in names if _names(variable, text, name)), None)
        if named:
            refers = "environment" in path[2:3] or "args" in path[3:4]
            form = "reference" if refers else "text"
            yield Finding(path, _say(f"container-name-as-host.{form}", place=what, named=named))
    for key, backend in subject.spec.backends.items():
        if backend.host in names:
            words = _say("container-name-as-host.backend", backend=key, host=backend.host)
            yield Finding(("backends", key, "host"), words)


def _names(variable: str, text: str, container: str) -> bool:
    """Say whether a text is, or has in it, an address with the container's name as the host."""
    if container not in text:
        return False
    host = re.escape(container)
    if re.search(rf"//(?:[^\s/@]*@)?{host}(?::\d{{1,5}})?(?:[/?#\s'\"]|$)", text):
        return True
    if not variable:
        return False
    whole = re.fullmatch(rf"{host}(?P<port>:\d{{1,5}})?", text)
    return whole is not None and (whole["port"] is not None or _ADDRESS_WORDS.search(variable.upper()) is not None)


RULES: tuple[Rule, ...] = (
    Rule("CG650", "localhost-address", Severity.WARNING, _localhost),
    Rule("CG651", "container-name-as-host", Severity.WARNING, _container_host),
)
