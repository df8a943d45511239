"""The law of `chuoigen why`: a line that another value of a key takes away is one that `why` puts down to that key.

The other values are those of the law of perturbation, not those that `why` tries itself.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from chuoigen import artifacts
from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.plan import plan
from chuoigen.workspace import origins
from chuoigen.workspace.origins import Rebuild
from tests.laws.test_perturbation import altered, changed, scalars, shaped
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TASK = "ecs/task-definition.json"
SPECS = (ROOT / "spec" / "qa.yaml", *sorted((ROOT / "tests" / "cases").glob("*/spec.yaml"))[::6])
VALUES = 2
"""How many other values of each key are tried."""


def rebuild(file: Path) -> Rebuild | None:
    judged = judge(load(file))
    return None if judged.plan is None or judged.refused else Rebuild(judged.loaded, judged.plan, TASK)


def unnamed(file: Path, made: Rebuild) -> Iterator[str]:
    """Complain of each line that goes with another value of a key and that the key is not named for."""
    lines = made.texts[TASK].splitlines()
    for path, value in scalars(made.document.data):
        others = [shaped(file, altered(made.document, path, other), path) for other in changed(value, {})]
        valid = [one for one in others if one is not None][:VALUES]
        if not valid:
            continue
        named = {number for moved in made.moved(path) for number in moved.get(TASK, ())}
        for one in valid:
            after = Counter(artifacts.render(plan(*one))[TASK].text.splitlines())
            for line in Counter(lines) - after:
                if not any(lines[number - 1] == line for number in named):
                    yield f"{line.strip()} goes with {'.'.join(map(str, path))} and is not put down to it"


@pytest.mark.parametrize("file", SPECS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_line_that_goes_with_a_key_is_put_down_to_it(file: Path) -> None:
    made = rebuild(file)
    if made is not None:
        assert sorted(unnamed(file, made)) == []


def test_the_law_notices_a_key_that_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    file = ROOT / "spec" / "qa.yaml"
    made = rebuild(file)
    assert made is not None
    monkeypatch.setattr(origins, "_others", lambda *_: iter(()))
    assert any('"cpu"' in line for line in unnamed(file, made))
