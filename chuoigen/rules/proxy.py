"""How the containers of one task find each other."""

import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.yaml.document import KeyPath

_LOCALHOST = re.compile(r"(?<![\w.-])localhost(?![\w-]|\.\w)", re.IGNORECASE)
_ADDRESS_WORDS = re.compile(r"(?:^|_)(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|UPSTREAM|URL|URI|ENDPOINT)$")


def _texts(subject: Subject) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Yield every text in which an address may stand: its path, what it is, its name, the text."""
    for name, container in subject.spec.containers.items():
        path: KeyPath = ("containers", name)
        for variable, value in container.environment.items():
            if value.value is not None:
                yield (*path, "environment", variable), f'variable "{variable}"', variable, value.value
        for argument, written in (container.build.args if container.build else {}).items():
            if written.value is not None:
                yield (*path, "build", "args", argument), f'build argument "{argument}"', argument, written.value
        check = container.healthcheck
        for key, words in (
            ("command", container.command),
            ("entrypoint", container.entrypoint),
            ("healthcheck", check.command if check else None),
        ):
            where = (*path, "healthcheck", "command") if key == "healthcheck" else (*path, key)
            what = f'the health check of "{name}"' if key == "healthcheck" else f'{key} of "{name}"'
            for index, word in enumerate(words or ()):
                yield (*where, index), what, "", word


def _localhost(subject: Subject) -> Iterator[Finding]:
    help_text = "write 127.0.0.1, or { ref: containers.<name>.host }, which is the container's name under compose"
    why = "also means ::1, where nothing in a task listens"
    for path, what, _, text in _texts(subject):
        if _LOCALHOST.search(text):
            remedy = help_text if "environment" in path[2:3] else "write 127.0.0.1"
            yield Finding(path, f"{what} says localhost, which {why}", remedy)
    for each in answering(subject):
        for key, upstream in each.recipe.upstreams(each.build).items():
            if upstream == "localhost":
                remedy = "write the name of the container that answers; its address is 127.0.0.1"
                yield Finding((*each.path, *key), f'{key[-1]} of "{each.name}" is localhost, which {why}', remedy)
    for name, backend in subject.spec.backends.items():
        if _LOCALHOST.fullmatch(backend.host):
            remedy = "write the address of the backend; a container of the same task is 127.0.0.1"
            yield Finding(("backends", name, "host"), f'host of backend "{name}" is localhost, which {why}', remedy)


def _container_host(subject: Subject) -> Iterator[Finding]:
    names = [name for name in subject.spec.containers if name != "localhost"]
    for path, what, variable, text in _texts(subject):
        named = next((name for name in names if _names(variable, text, name)), None)
        if named:
            refers = "environment" in path[2:3] or "args" in path[3:4]
            yield Finding(
                path,
                f'{what} reaches for container "{named}" by its name, which no one in a task on Fargate resolves',
                f"write {{ ref: containers.{named}.host }}, or 127.0.0.1" if refers else "write 127.0.0.1",
            )
    for key, backend in subject.spec.backends.items():
        if backend.host in names:
            message = f'host of backend "{key}" is container "{backend.host}", a name that no one in a task resolves'
            yield Finding(
                ("backends", key, "host"),
                message,
                "a container is no backend: reach it at 127.0.0.1, and delete this one",
            )


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
