"""A Dockerfile of the user's own, read as far as it says what the image has: stages, variables, ports, packages.

Docker's documentation, 'Dockerfile reference', checked 2026-11-28. Nothing is run: what a script does is not known, and
what is not known is left out.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from chuoigen.recipes.inside import CURL, READ_VARIABLES, SHELL, WGET, ZONES, Inside, public

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PORTS_MAX = 100
_HEREDOC = re.compile(r"<<-?([\"']?)([A-Za-z_]\w*)\1")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^{}]*))?\})")
_MANAGERS = ("apt-get", "apt", "apk", "yum", "dnf", "microdnf", "tdnf")
_REMOVE = re.compile(r"\b(?:purge|remove|autoremove|del)\b")
_BROUGHT = (CURL, WGET, ZONES)
"""What a package of that name brings."""


class _Stage:
    """One stage while it is read; it begins as what it stands on."""

    def __init__(self, base: Inside, given: Mapping[str, str], common: Mapping[str, str | None]) -> None:
        self.base = base
        self.given = given
        self.common = common
        self.has = dict(base.has)
        self.environment = dict(base.environment)
        self.ports = None if base.ports is None else set(base.ports)
        self.own_check = base.own_check
        self.user = base.user
        self.arguments: dict[str, str | None] = {}

    def inside(self) -> Inside:
        """Return what is known of the image that it makes."""
        ports = None if self.ports is None else tuple(sorted(self.ports))
        kept = {name: value for name, value in self.environment.items() if name in READ_VARIABLES}
        return Inside(self.base.image, self.has, self.base.check, kept, ports, self.own_check, self.user)

    def take(self, word: str, rest: str) -> None:
        """Take an instruction into account."""
        if word == "ARG":
            self.arguments.update(_declared(rest, self.given, self.common))
        elif word == "ENV":
            self.environment.update(_variables(self._filled(rest) or ""))
        elif word == "EXPOSE":
            self._expose(self._filled(rest))
        elif word == "USER":
            self.user = self._filled(rest) or ""
        elif word == "HEALTHCHECK":
            self.own_check = rest.split()[:1] != ["NONE"]
        elif word == "RUN":
            self._run(rest)
        elif word in ("COPY", "ADD"):
            self._copy(rest)

    def _filled(self, text: str) -> str | None:
        return _filled(text, {**self.arguments, **self.environment})

    def _expose(self, text: str | None) -> None:
        found = [re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(\w+))?", word) for word in (text or "?").split()]
        for port in found:
            if port is None or int(port[2] or port[1]) - int(port[1]) > _PORTS_MAX:
                self.ports = None
            elif self.ports is not None and (port[3] or "tcp").lower() == "tcp":
                self.ports.update(range(int(port[1]), int(port[2] or port[1]) + 1))

    def _run(self, script: str) -> None:
        packages = set(_packages(script))
        for thing in _BROUGHT:
            if thing in packages and not _REMOVE.search(script):
                self.has[thing] = True
            elif re.search(rf"\b{thing}\b", script) and self.has.get(thing) is not True:
                self._forget(thing)  # it is used, or comes and goes

    def _copy(self, files: str) -> None:
        words = files.split()
        if words[-1:] == ["/"] and (words[-2:-1] == ["/"] or re.search(r"\.tar\b|\.t[gx]z\b", files)):
            self._forget(SHELL, *_BROUGHT)
        mentioned = {SHELL: r"busybox|/(?:ba|da|a)?sh\b", CURL: r"\bcurl", WGET: r"busybox|\bwget", ZONES: "zoneinfo"}
        self._forget(*(thing for thing, pattern in mentioned.items() if re.search(pattern, files)))

    def _forget(self, *things: str) -> None:
        for thing in things:
            self.has.pop(thing, None)


def read(text: str, arguments: Mapping[str, str], target: str | None) -> Inside | None:
    """Return what is known of the image that a Dockerfile makes; None where it has no such stage.

    `arguments` are the build arguments whose values are known, `target` the stage that is built: None for the last.
    """
    common: dict[str, str | None] = {}
    made: dict[str, _Stage] = {}
    stage: _Stage | None = None
    count = 0
    for word, rest in _instructions(text):
        if word == "FROM":
            image, name = _from(rest)
            known = _filled(image, common)
            before = made.get((known or "").lower())
            stage = _Stage(before.inside() if before else public(known) if known else Inside(), arguments, common)
            made[str(count)] = made[name or str(count)] = stage
            count += 1
        elif stage is not None:
            stage.take(word, rest)
        elif word == "ARG":
            common.update(_declared(rest, arguments, {}))
    wanted = stage if target is None else made.get(target.lower())
    bases = tuple(dict.fromkeys(one.base.image for one in made.values() if one.base.image not in ("", "scratch")))
    return wanted.inside().replaced(bases=bases) if wanted is not None else None


def _packages(script: str) -> Iterator[str]:
    """Yield the packages that a script installs, without their versions."""
    for command in re.split(r"[;&|\n]", script):
        words = command.split()
        manager = next((index for index, word in enumerate(words) if word in _MANAGERS), len(words))
        verb = next((index for index in range(manager, len(words)) if words[index] in ("install", "add")), len(words))
        yield from (re.split("[=<>~]", word)[0] for word in words[verb + 1 :])


def _from(rest: str) -> tuple[str, str]:
    """Return the image of FROM, and the name that the stage gets."""
    words = [word for word in rest.split() if not word.startswith("--")]
    named = len(words) > 2 and words[1].lower() == "as"  # noqa: PLR2004  image, as, name
    return (words[0] if words else "", words[2].lower() if named else "")


def _declared(
    rest: str, given: Mapping[str, str], common: Mapping[str, str | None]
) -> Iterator[tuple[str, str | None]]:
    """Yield the arguments of ARG: a value that was given, else its default, else that of the ARG before all stages."""
    for name, equals, default in (word.partition("=") for word in _split(rest)):
        yield name, given.get(name, (_filled(default, common) if equals else common.get(name)))


def _variables(rest: str) -> Iterator[tuple[str, str]]:
    """Yield the variables of ENV, in its form with equals signs and in the old one."""
    if not re.match(r"[^\s=]+=", rest):
        name, _, value = rest.partition(" ")
        yield name, value.strip()
        return
    for name, equals, value in (word.partition("=") for word in _split(rest)):
        if equals:
            yield name, value


def _split(rest: str) -> list[str]:
    try:
        return shlex.split(rest)
    except ValueError:
        return []


def _filled(text: str, known: Mapping[str, str | None]) -> str | None:
    """Put variables into a text; None where one has no known value."""
    lost = False

    def value(match: re.Match[str]) -> str:
        nonlocal lost
        plain, braced, operator, other = match.groups()
        found = known.get(plain or braced)
        if operator and operator.endswith("-"):
            return found or other or ""
        if operator:
            return other or "" if found else ""
        lost = lost or found is None
        return found or ""

    filled = _VARIABLE.sub(value, text)
    return None if lost else filled


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the instructions in upper case, each with what follows it; continued lines and documents are joined."""
    lines = iter(text.splitlines())
    escape = "`" if re.match(r"#\s*escape\s*=\s*`", text, re.IGNORECASE) else "\\"
    for line in lines:
        parts = [line.strip()]
        if not parts[0] or parts[0].startswith("#"):
            continue
        while parts[-1].endswith(escape):
            parts[-1] = parts[-1][:-1]
            # A comment between continued lines is none of them.
            parts.append(next((more.strip() for more in lines if not more.strip().startswith("#")), ""))
        word, _, rest = " ".join(parts).partition(" ")
        ends = [found[2] for found in _HEREDOC.finditer(rest)] if word.upper() in ("RUN", "COPY", "ADD") else []
        documents = [line for end in ends for line in _until(end, lines)]
        yield word.upper(), "\n".join((rest, *documents)).strip()


def _until(end: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines of a here-document, and take its end."""
    for line in lines:
        if line.strip() == end:
            return
        yield line
