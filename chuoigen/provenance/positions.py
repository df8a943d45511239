"""Which field of a record a frame is just computing, from the position of its instruction in the source text."""

import ast
import functools
import inspect
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

from chuoigen.record import Record

_Position = tuple[int, int]  # a line, counted from 1, and a column in bytes


def field_at(frame: FrameType) -> tuple[tuple[_Position, str], ...]:
    """Return the fields whose arguments a frame is computing, innermost first: the end of the call, and the name."""
    return _fields(frame.f_code, frame.f_lasti)


def made_at(frame: FrameType, cls: type[Record]) -> _Position | None:
    """Return the end of the call by which a frame has made a record; None where it was made in another way."""
    span = _span(frame.f_code, frame.f_lasti)
    if span is None:
        return None
    return next((span[1] for call, made in _calls(frame.f_code) if _end(call) == span[1] and made is cls), None)


@functools.cache
def _fields(code: CodeType, instruction: int) -> tuple[tuple[_Position, str], ...]:
    span = _span(code, instruction)
    if span is None:
        return ()
    found: list[tuple[_Position, tuple[_Position, str]]] = []
    for call, cls in _calls(code):
        for name, value in _arguments(call, cls):
            if _start(value) <= span[0] and span[1] <= _end(value):
                found.append((_start(value), (_end(call), name)))
    return tuple(place for _, place in sorted(found, reverse=True))


def _arguments(call: ast.Call, cls: type[Record]) -> Iterator[tuple[str, ast.expr]]:
    if any(isinstance(value, ast.Starred) for value in call.args):
        return
    yield from zip(cls.FIELDS, call.args, strict=False)
    yield from ((keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None)


@functools.cache
def _calls(code: CodeType) -> tuple[tuple[ast.Call, type[Record]], ...]:
    """Return the calls in the text of a function (with those of the functions in it) that make records."""
    module = inspect.getmodule(code)
    if module is None:
        return ()
    first, last = code.co_firstlineno, max((line for _, _, line in code.co_lines() if line), default=0)
    return tuple(each for each in _calls_of(module) if first <= each[0].lineno <= last)


@functools.cache
def _calls_of(module: Any) -> tuple[tuple[ast.Call, type[Record]], ...]:
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError):  # only compiled modules are there
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            cls = _named(node.func, module)
            if isinstance(cls, type) and issubclass(cls, Record):
                found.append((node, cls))
    return tuple(found)


def _named(name: ast.expr, module: Any) -> Any:
    if isinstance(name, ast.Name):
        return getattr(module, name.id, None)
    return getattr(_named(name.value, module), name.attr, None) if isinstance(name, ast.Attribute) else None


def _span(code: CodeType, instruction: int) -> tuple[_Position, _Position] | None:
    """Return where the text of an instruction begins and ends; whole lines in an interpreter that keeps no columns."""
    for number, (line, end_line, column, end_column) in enumerate(code.co_positions()):
        if number == instruction // 2 and line is not None and end_line is not None:
            if column is None or end_column is None:
                return None
            return (line, column), (end_line, end_column)
    return None


def _start(node: ast.expr) -> _Position:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> _Position:
    return node.end_lineno or 0, node.end_col_offset or 0
