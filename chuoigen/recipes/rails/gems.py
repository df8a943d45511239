"""What an application says of itself in its Gemfile, its Gemfile.lock and its .ruby-version."""

from __future__ import annotations

import posixpath
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.recipes.rails import facts
from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.inputs.project import Project

LOCK = "Gemfile.lock"
VERSION_FILE = ".ruby-version"
TEXTS = ("Gemfile", LOCK, VERSION_FILE, "config/puma.rb", "config/sidekiq.yml")
JAVASCRIPT_LOCKS = MappingProxyType({"yarn": "yarn.lock", "npm": "package-lock.json"})
"""The lock file beside package.json, by the package manager that installs it."""
NAMES = ("package.json", *JAVASCRIPT_LOCKS.values())

_GEM = re.compile(r"^ {4}([A-Za-z0-9_.-]+) \((\d[^)]*)\)$", re.MULTILINE)
_SECTION = re.compile(r"^([A-Z][A-Z ]*)\n((?:[ ].*\n?)*)", re.MULTILINE)
_RUBY = re.compile(r"^\s*ruby[\s(]+[\"'](\d[\d.]*)[\"']", re.MULTILINE)
_IDLE = re.compile(r"^\s*persistent_timeout[\s(]+(\d{1,6})", re.MULTILINE)
_RUBY_FILE = re.compile(r"^\s*ruby[\s(]+file:\s*[\"']\.ruby-version[\"']", re.MULTILINE)


class Application(Record):
    """The files of one application: `texts` and `present` by names relative to its context."""

    texts: Mapping[str, str]
    present: frozenset[str]

    @property
    def lock(self) -> str | None:
        """The text of Gemfile.lock; None where it cannot be read."""
        return self.texts.get(LOCK)

    @property
    def gems(self) -> Mapping[str, str]:
        """The gems that are locked, with their versions."""
        return dict(_GEM.findall(self.lock or ""))

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms for which gems are locked."""
        sections = dict(_SECTION.findall(self.lock or ""))
        return tuple(line.strip() for line in sections.get("PLATFORMS", "").splitlines() if line.strip())

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of the application that are gems themselves, such as engines."""
        found = [body for name, body in _SECTION.findall(self.lock or "") if name == "PATH"]
        remotes = (re.search(r"^ {2}remote: (.+)$", body, re.MULTILINE) for body in found)
        paths = {posixpath.normpath(remote[1].strip()) for remote in remotes if remote}
        return tuple(sorted(path for path in paths if path != "." and not path.startswith(("..", "/", "-"))))

    @property
    def reads_version_file(self) -> bool:
        """Whether the Gemfile takes the version of Ruby from .ruby-version."""
        return _RUBY_FILE.search(self.texts.get("Gemfile", "")) is not None

    @property
    def ruby(self) -> str | None:
        """The version in .ruby-version; None where there is none."""
        written = self.texts.get(VERSION_FILE, "").strip().removeprefix("ruby-")
        return written if facts.numbers(written) else None

    @property
    def ruby_minor(self) -> str | None:
        """The version in .ruby-version without its last number, for which there is one image."""
        return ".".join(self.ruby.split(".")[:2]) if self.ruby else None

    @property
    def required_ruby(self) -> str | None:
        """The version without which Bundler stops; where the Gemfile names none, that of .ruby-version to its minor."""
        pinned = _RUBY.search(self.texts.get("Gemfile", ""))
        if pinned:
            return pinned[1]
        if self.ruby is None or self.reads_version_file:
            return self.ruby
        return self.ruby_minor

    def has(self, *gems: str) -> bool:
        """Say whether one of these gems is locked; without a lock file it is taken for granted."""
        return self.lock is None or any(gem in self.gems for gem in gems)

    def version(self, gem: str) -> tuple[int, ...]:
        """Return the version of a gem, empty when it is not locked."""
        return facts.numbers(self.gems.get(gem, ""))


def persistent_timeout(project: Project, context: str) -> int | None:
    """Return the seconds for which the application's config/puma.rb keeps idle connections; None where it says none."""
    found = _IDLE.search(application(project, context).texts.get("config/puma.rb", ""))
    return int(found[1]) if found else None


def application(project: Project, context: str) -> Application:
    """Return what was read of the application in a folder of the project."""

    def below(name: str) -> str:
        return posixpath.normpath(posixpath.join(context, name))

    return Application(
        {name: project.texts[below(name)] for name in TEXTS if below(name) in project.texts},
        frozenset(name for name in NAMES if below(name) in project.present),
    )
