"""The law of locks: what tests run on is written down to the byte, all of it, and for whoever clones."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("runtime", "tests")
ENTRY = re.compile(r"(?P<requirement>[^\s#-].*?)(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)")


def entries(lock: str) -> list[str]:
    """Return what a lock installs, one entry a line, without comments and empty lines."""
    text = (ROOT / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    joined = re.sub(r" \\\n\s*", " ", text).splitlines()
    return [line for line in joined if line and not line.startswith("#")]


def locked(lock: str) -> dict[str, list[Requirement]]:
    """Return the entries of a lock by name; a library that is another version on some Python has several."""
    found: dict[str, list[Requirement]] = {}
    for line in entries(lock):
        entry = ENTRY.fullmatch(line)
        assert entry, f"{line[:60]} has no hash, or is no requirement"
        requirement = Requirement(entry["requirement"])
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def declared(lock: str) -> list[Requirement]:
    """Return what pyproject.toml asks for: what chuoigen runs on and is built with, and for tests all extras."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, names = written["project"], [*written["build-system"]["requires"]]
    names += project["dependencies"]
    if lock == "tests":
        names += [name for extra in project["optional-dependencies"].values() for name in extra]
    return [Requirement(name) for name in names]


def version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_version_with_hashes_and_names_no_place(lock: str) -> None:
    found = locked(lock)
    assert all(version(requirement) for requirements in found.values() for requirement in requirements)
    assert [name for name, requirements in found.items() if any(one.url for one in requirements)] == []
    # An index, a folder or a host is that of the machine that wrote the lock.
    assert not re.search(r"(?m)^-|://|\bindex\b|\bfind-links\b", (ROOT / "locks" / f"{lock}.txt").read_text("utf-8"))


@pytest.mark.parametrize("lock", LOCKS)
def test_all_that_is_declared_is_locked_at_a_version_that_is_admitted(lock: str) -> None:
    found = locked(lock)
    missing = [wanted.name for wanted in declared(lock) if canonicalize_name(wanted.name) not in found]
    refused = [
        f"{wanted} and {one}"
        for wanted in declared(lock)
        for one in found.get(canonicalize_name(wanted.name), ())
        if not wanted.specifier.contains(version(one), prereleases=True)
    ]
    assert (missing, refused) == ([], []), "make lock"


def test_what_is_built_without_tests_is_what_is_tested() -> None:
    tested = {name: {version(one) for one in requirements} for name, requirements in locked("tests").items()}
    for name, requirements in locked("runtime").items():
        assert {version(one) for one in requirements} <= tested[name], name


@pytest.mark.parametrize("lock", LOCKS)
def test_each_python_gets_one_version_of_everything_that_is_declared(lock: str) -> None:
    """With markers evaluated for each Python on Linux, every name that is declared has one version."""
    for python in ("3.11", "3.12", "3.13", "3.14"):
        environment = {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
            "extra": "",
        }
        installed = {
            name: [one for one in requirements if one.marker is None or one.marker.evaluate(environment)]
            for name, requirements in locked(lock).items()
        }
        assert [name for name, ones in installed.items() if len(ones) > 1] == []
        assert [w.name for w in declared(lock) if len(installed[canonicalize_name(w.name)]) != 1] == []


def test_each_library_has_a_lower_bound() -> None:
    """Without one, "the lowest version that is admitted" is some day of ten years ago."""
    bare = [str(one) for one in declared("tests") if not any(part.operator == ">=" for part in one.specifier)]
    assert bare == []
