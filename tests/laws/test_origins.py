"""The law of `chuoigen why`: a line that another value of a key takes away is one that `why` puts down to that key.

The other values are those of the law of perturbation, not those that `why` tries itself.
"""

from __future__ import annotations

import hashlib
import itertools
from typing import TYPE_CHECKING

import pytest

from chuoigen import artifacts
from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.plan import plan
from chuoigen.workspace import origins
from chuoigen.workspace.origins import Rebuild
from tests.laws.test_perturbation import altered, changed, documents, scalars, shaped
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chuoigen.yaml.document import Document, KeyPath

TASK = "ecs/task-definition.json"
LINES = 3
"""How many pairs of a key and a line of some file that goes with it are asked about, for each spec."""


def rebuild(file: Path, path: str = "") -> Rebuild | None:
    judged = judge(load(file))
    return None if judged.plan is None or judged.refused else Rebuild(judged.loaded, judged.plan, path)


def order(thing: object) -> str:
    """Order by chance, the same on each machine."""
    return hashlib.sha256(repr(thing).encode()).hexdigest()


def going(file: Path, document: Document, texts: dict[str, str]) -> Iterator[tuple[KeyPath, str, int]]:
    """Give keys, each with a line of a file, of words that no other has, that another value of the key takes away."""
    for path, value in sorted(scalars(document.data), key=order):
        others = (shaped(file, altered(document, path, other), path) for other in changed(value, {}))
        valid = next((one for one in others if one is not None), None)
        after = artifacts.render(plan(*valid)) if valid is not None else None
        lines = [
            (name, number)
            for name, text in texts.items()
            for number, line in enumerate(text.splitlines(), 1)
            if after is not None and text.splitlines().count(line) == 1
            if name in after and line not in after[name].text.splitlines()
        ]
        if lines:
            yield path, *min(lines, key=order)


def unnamed(file: Path, made: Rebuild) -> Iterator[str]:
    """Complain of each line that goes with a key that is not among its origins."""
    for path, name, number in itertools.islice(going(file, made.document, made.texts), LINES):
        found = rebuild(file, name)
        assert found is not None
        said = {origin.path for origin in found.origins(name, range(number, number + 1))}
        if path not in said:
            yield f"{name}:{number} goes with {path} and is put down to {sorted(map(str, said))}"


@pytest.mark.parametrize("file", documents(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_line_of_any_file_that_goes_with_a_key_is_put_down_to_it(file: Path) -> None:
    made = rebuild(file)
    if made is not None:
        assert list(unnamed(file, made)) == []


def test_the_law_notices_a_key_that_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    made = rebuild(ROOT / "spec" / "qa.yaml")
    assert made is not None
    monkeypatch.setattr(origins, "_edits", lambda *_: iter(()))
    assert list(unnamed(ROOT / "spec" / "qa.yaml", made))


def test_what_several_edits_hide_from_each_other_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is changed in all its places in the same way moves little: each is changed to another one."""
    name, line = TASK, '"sourceVolume": "app-log"'
    made = rebuild(ROOT / "spec" / "qa.yaml", name)
    assert made is not None
    number = next(number for number, text in enumerate(made.texts[name].splitlines(), 1) if line in text)
    several = {origin.path for origin in made.origins(name, range(number, number + 1))}
    monkeypatch.setattr(origins, "_TOGETHER", 1)
    assert {origin.path for origin in made.origins(name, range(number, number + 1))} == several
    assert ("containers", "app", "mounts", "app-log") in several
