"""A spec as nodes: short forms spelled out, defaults filled in, the items of lists by what tells them apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chuoigen.spec import Spec
    from chuoigen.yaml.document import KeyPath


class Node:
    """A value of a spec at its key: a scalar or a list of scalars, or the nodes below by what tells them apart."""

    __slots__ = ("children", "path", "value")

    def __init__(self, path: KeyPath, value: Any = None, children: dict[Any, Node] | None = None) -> None:
        self.path = path
        self.value = value
        self.children = children


def tree(spec: Spec) -> Node:
    """Return a spec as nodes; what is not said is left out."""
    return _node(spec, ()) or Node((), children={})


def _node(value: Any, path: KeyPath) -> Node | None:
    fields = getattr(type(value), "model_fields", None)
    if fields is not None:
        named = {field.alias or name: getattr(value, name) for name, field in fields.items()}
        return _holder({key: _node(child, (*path, key)) for key, child in named.items()}, path)
    if isinstance(value, Mapping):
        return _holder({key: _node(child, (*path, key)) for key, child in value.items()}, path, keep=True)
    if isinstance(value, list) and any(hasattr(type(item), "model_fields") for item in value):
        items: dict[Any, Node | None] = {}
        for index, item in enumerate(value):
            identity = _identity(item)
            count = sum(1 for known in items if known[0] == identity)
            items[identity, count] = _node(item, (*path, index))
        return _holder(items, path)
    if value is None or value == []:
        return None
    return Node(path, tuple(value) if isinstance(value, list) else value)


def _holder(children: dict[Any, Node | None], path: KeyPath, *, keep: bool = False) -> Node | None:
    """Return a node with children; a mapping of the spec counts, also an empty one, where its entries are names."""
    there = {key: child for key, child in children.items() if child is not None}
    return Node(path, children=there) if there or (keep and len(path) > 1) or not keep else None


def _identity(item: Any) -> tuple[Any, ...]:
    """Return what an item of a list is known by: the fields that must be written."""
    fields = type(item).model_fields
    return tuple(getattr(item, name) for name, field in fields.items() if field.is_required())


def scalars(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Give the single values below a node, each by its keys from there."""
    if node.children is None:
        yield path, node.value
        return
    if not node.children:
        yield path, ()
    for key, child in node.children.items():
        yield from scalars(child, (*path, key))
