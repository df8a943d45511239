"""The picture of the layers in docs/architecture.md shows what is imported: boxes by layer, and arrows."""

from __future__ import annotations

import re

import pytest

from tests.laws.test_layers import LAYERS, PACKAGE, ROOT, imported, sources, unit

Picture = tuple[dict[str, int], set[tuple[str, str]]]
"""Boxes with their layers, and arrows between boxes."""

ENTRANCES = {"", "__main__"}
"""What only starts the command line."""


def drawn(text: str) -> Picture:
    """Read the flowchart of a page."""
    found = re.search(r"^```mermaid\nflowchart TD\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    boxes, names, arrows = {}, {}, set()
    layer = -1
    for line in found[1].splitlines():
        if opened := re.fullmatch(r' +subgraph layer(\d+) \["\1"\]', line):
            layer = int(opened[1])
        elif box := re.fullmatch(r' +(\w+)\["([\w.*]+)"\]', line):
            names[box[1]], boxes[box[2]] = box[2], layer
        elif arrow := re.fullmatch(r" +(\w+) --> ([\w &]+)", line):
            arrows |= {(names[arrow[1]], names[end]) for end in arrow[2].split(" & ")}
        else:
            assert line.strip() == "end", line
    return boxes, arrows


def shortest(imports: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the imports that no others lead to as well."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [*imports[start]]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += imports[name]
        return found

    return {
        (name, other)
        for name, others in imports.items()
        for other in others
        if not any(other in reached(between) for between in others - {other})
    }


def imports() -> dict[str, set[str]]:
    modules = sources()
    found: dict[str, set[str]] = {name: set() for name in LAYERS.keys() - ENTRANCES}
    for module, source in modules.items():
        others = (unit(name) for name in imported(module, source, set(modules)) if name.startswith(f"{PACKAGE}."))
        if unit(module) in found:
            found[unit(module)] |= set(others) - {unit(module)}
    return found


def test_the_picture_shows_the_layers_and_the_imports() -> None:
    boxes, arrows = drawn((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert boxes == {name: layer for name, layer in LAYERS.items() if name not in ENTRANCES}
    assert arrows == shortest(imports())
    assert all(boxes[name] >= boxes[other] for name, other in arrows)


def test_the_table_below_it_has_the_same_layers() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(rf"^\| (\d+) \| `{PACKAGE}/([\w/<>.]+?)(?:\.py|/)` \|", page, re.MULTILINE)
    table = {name.replace("/<name>", ".*"): int(layer) for layer, name in rows}
    below = {"recipes.dockerfiles", "recipes.checking"}  # which stand in the row of recipes/
    assert table == {name: layer for name, layer in LAYERS.items() if name not in ENTRANCES | below}


def test_a_picture_is_read_and_a_long_way_is_left_out() -> None:
    page = '```mermaid\nflowchart TD\n    subgraph layer1 ["1"]\n        x["a.*"]\n        b["b"]\n    end\n    x --> b\n```\n'
    assert drawn(page) == ({"a.*": 1, "b": 1}, {("a.*", "b")})
    assert shortest({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {("a", "b"), ("b", "c")}
    with pytest.raises(AssertionError):
        drawn(page.replace("-->", "---"))
