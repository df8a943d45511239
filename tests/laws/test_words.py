"""The law of words: what a library says in a sentence changes with its releases, so that nothing here reads it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.laws.test_layers import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where the libraries that the package imports keep their sentences: PyYAML's errors and pydantic's details of one.
SENTENCES = {"problem", "context", "note", "msg", "message_template"}
# ctx of pydantic holds what a model said itself, and numbers; this one is a list of values as a sentence.
PHRASES = {"expected"}


def read(source: str) -> Iterator[str]:
    """Say each place that reads a sentence: as an attribute, by getattr, or as a key."""
    tree = ast.parse(source)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if id(node) in called:
            continue  # a method of our own: a sentence of a library is a value
        match node:
            case ast.Attribute(attr=name) if name in SENTENCES - {"context"}:
                yield f"line {node.lineno}: .{name}"
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                if name in SENTENCES:
                    yield f"line {node.lineno}: getattr {name}"
            case ast.Subscript(slice=ast.Constant(value=str(name))) if name in SENTENCES - {"context"} | PHRASES:
                yield f"line {node.lineno}: [{name}]"
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
                yield from (f"line {node.lineno}: str()" for side in (left, right) if is_an_error_s_text(side))
            case _:
                pass


def is_an_error_s_text(node: ast.expr) -> bool:
    """str(error) where something is looked for in it."""
    match node:
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id="error" | "exception" | "caught")]):
            return True
    return False


@pytest.mark.parametrize("module", sources())
def test_no_module_reads_what_a_library_says(module: str) -> None:
    assert list(read(sources()[module])) == []


@pytest.mark.parametrize(
    ("source", "noticed"),
    [
        ("error.problem", True),
        ("getattr(error, 'context', None)", True),
        ("detail['msg']", True),
        ("detail['ctx']['expected']", True),
        ("if 'depth' in str(error): pass", True),
        ("error.problem_mark.index", False),
        ("getattr(error, 'context_mark', None)", False),
        ("detail['ctx']['ge']", False),
        ("raise ValueError(str(error))", False),
    ],
)
def test_a_sentence_that_is_read_is_noticed(source: str, noticed: bool) -> None:
    assert bool(list(read(source))) is noticed
