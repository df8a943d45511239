"""The pictures for Graphviz in Graphviz itself: whatever a name holds, it is read back as it was."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from chuoigen import templating
from chuoigen.artifacts import diagram
from chuoigen.artifacts.diagram.sketch import sketched
from tests.artifacts.plans import plan_of
from tests.artifacts.test_diagram import SPEC
from tests.laws.test_strings import HOSTILE

pytestmark = [pytest.mark.proof, pytest.mark.needs("dot")]


def laid_out(text: str) -> dict[str, Any]:
    done = subprocess.run(["dot", "-Tjson"], input=text, check=True, capture_output=True, encoding="utf-8", timeout=60)
    assert done.stderr == ""
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def written(thing: dict[str, Any]) -> list[str]:
    """Return the lines of text that Graphviz draws for a node, an edge or a cluster."""
    return [each["text"] for each in thing["_ldraw_"] if each["op"] == "T"]


def test_every_hostile_line_is_drawn_as_it_was_written() -> None:
    lines = [line for line in HOSTILE if "\t" not in line]
    nodes = "".join(f'n{number} [label="{templating.dot(line)}\\l"]\n' for number, line in enumerate(lines))
    drawn = laid_out(f"digraph g {{\n{nodes}}}\n")
    assert [written(node) for node in drawn["objects"]] == [[line] for line in lines]


@pytest.mark.parametrize("marked", [False, True])
def test_it_draws_every_box_and_every_arrow(marked: bool) -> None:
    picture = diagram.pictured(plan_of(SPEC))
    hostile = picture.reworded(lambda text: f'{text}"];&lt;\\N')
    if marked:
        hostile = diagram.difference(picture, hostile)
    drawn = laid_out(diagram.FORMS["dot"](hostile))
    sketch = sketched(hostile)
    boxes = {each["name"].removeprefix("cluster_"): written(each) for each in drawn["objects"]}
    for box in (sketch.task, *sketch.within, *sketch.around, *sketch.groups):
        assert boxes[box.id] == list(box.lines)
    named = [each["name"] for each in drawn["objects"]]
    ends = {(named[each["tail"]], named[each["head"]]) for each in drawn["edges"]}
    assert ends == {(arrow.source, arrow.target) for arrow in sketch.arrows}
    assert ("legend" in boxes) == marked
