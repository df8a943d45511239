"""Where decided values come from, recorded while they are decided: nothing here knows what a plan holds.

A plan is made of records, and each argument of a record's constructor decides one field. While `recorded` runs, the
spec is seen through views that notice every read, and a read belongs to the field whose argument is just being
computed: the call stack says which one that is, and the source text of its frames where the argument begins and ends.
A read outside of any argument, such as one that decides whether a record is made at all, belongs to everything that is
made around it; `decision`, `each` and `keyed` say how far that goes. A decided record is watched as the spec is, so
that what is decided from it inherits its sources. So nothing can be forgotten: where the stack says too little, a value
has too many sources, never too few.

Nothing is recorded, and nothing costs time, unless somebody asks: `lint` and `build` make the same plan without it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from chuoigen import record
from chuoigen.provenance.positions import field_at, made_at
from chuoigen.record import Record

if TYPE_CHECKING:
    from types import CodeType, FrameType

KeyPath = tuple[str | int, ...]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
K = TypeVar("K")

_PACKAGE = f"{__name__.partition('.')[0]}."


class Node:
    """A place of the computation: what was read there, and the place around it. `reads` has key paths and nodes."""

    __slots__ = ("reads", "within")

    def __init__(self, within: Node | None) -> None:
        self.within = within
        self.reads: dict[Any, None] = {}


class Trace(Record):
    """The sources of every value of a plan: of each record its fields, of each keyed mapping its entries."""

    fields: Mapping[tuple[int, object], Node]

    def knows(self, holder: object, name: object) -> bool:
        """Say whether an entry has sources of its own."""
        return (id(holder), name) in self.fields

    def own(self, holder: object, name: object) -> frozenset[KeyPath]:
        """Return the key paths that were read to compute a field or an entry itself."""
        node = self.fields.get((id(holder), name))
        return _paths([node], around=False) if node else frozenset()

    def all(self, holder: object, name: object) -> frozenset[KeyPath]:
        """Return the key paths behind a field or an entry, those that decided that it exists at all among them."""
        node = self.fields.get((id(holder), name))
        return _paths([node], around=True) if node else frozenset()

    def levels(self, holder: object, name: object) -> Iterator[frozenset[KeyPath]]:
        """Give the key paths behind a field or an entry by how near they were read: its own, then those around it."""
        start = self.fields.get((id(holder), name))
        near, seen = [start] if start else [], set[int]()
        while near:
            found, further = set[KeyPath](), []
            while near:
                node = near.pop()
                if id(node) in seen:
                    continue
                seen.add(id(node))
                near += [read for read in node.reads if isinstance(read, Node)]
                found |= {read for read in node.reads if not isinstance(read, Node)}
                if node.within is not None:
                    further.append(node.within)
            yield frozenset(found)
            near = further


def _paths(start: list[Node], *, around: bool) -> frozenset[KeyPath]:
    found: dict[KeyPath, None] = {}
    seen: set[int] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        for read in node.reads:
            if isinstance(read, Node):
                waiting.append(read)
            else:
                found[read] = None
        if node.within is not None and around:
            waiting.append(node.within)
    return frozenset(found)


class Recorder:
    """One run: the views, the places that are being computed, the records that were made."""

    def __init__(self) -> None:
        self.root = Node(None)
        self.open: dict[tuple[FrameType, object, str], Node] = {}
        self.fields: dict[tuple[int, object], Node] = {}
        self.kept: list[object] = []  # so that no id is used twice
        self.plain: list[tuple[Record, type]] = []

    def notice(self, read: KeyPath | Node) -> None:
        self.here(sys._getframe(2)).reads[read] = None  # noqa: SLF001

    def here(self, frame: FrameType | None) -> Node:
        """Return the innermost place that is being computed, seen from a frame."""
        while frame is not None:
            if frame.f_code is _RUN:
                scope = frame.f_locals["scope"]
                assert isinstance(scope, Node)  # noqa: S101
                return scope
            if frame.f_globals.get("__name__", "").startswith(_PACKAGE):
                places = field_at(frame)
                if places:
                    return self._place(frame, places)
            frame = frame.f_back
        return self.root

    def _place(self, frame: FrameType, places: Sequence[tuple[object, str]]) -> Node:
        key = (frame, *places[0])
        node = self.open.get(key)
        if node is None:
            outer = self._place(frame, places[1:]) if places[1:] else self.here(frame.f_back)
            node = self.open[key] = Node(outer)
        return node

    def run(self, scope: Node, make: Callable[..., Any], *values: Any, **named: Any) -> Any:  # noqa: ARG002
        """Make something within a scope, which is found on the stack by this function's frame."""
        result = make(*values, **named)
        return tuple(result) if isinstance(result, Iterator) else result

    def scoped(self, make: Callable[..., Any], *values: Any, **named: Any) -> tuple[Any, Node]:
        around = self.here(sys._getframe(2))  # noqa: SLF001
        scope = Node(around)
        result = self.run(scope, make, *values, **named)
        if not _carries(result):
            around.reads[scope] = None
        return result, scope

    def made(self, made: Record) -> None:
        """Take over what was read for the fields of a record that was just made, and watch it."""
        cls = _plain_classes.get(type(made), type(made))
        if cls.ATOM:
            return
        frame = sys._getframe(2)  # noqa: SLF001
        call = made_at(frame, cls)
        home = self.here(frame)
        for name in cls.FIELDS:
            node = self.open.pop((frame, call, name), None) if call is not None else None
            self.fields[id(made), name] = node or Node(home)
        self.kept.append(made)
        self.plain.append((made, cls))
        object.__setattr__(made, "__class__", _watched(cls))

    def end(self) -> None:
        for made, cls in self.plain:
            object.__setattr__(made, "__class__", cls)


_RUN: CodeType = Recorder.run.__code__
_recorder: Recorder | None = None


def recorded(make: Callable[[Any], R], spec: Any) -> tuple[R, Trace]:
    """Make something of a spec, and return it with the sources of all that it holds."""
    global _recorder  # noqa: PLW0603  the one run at a time, which constructors must know of
    _recorder = recorder = Recorder()
    record.made = recorder.made
    try:
        result = recorder.run(recorder.root, make, view(spec, ()))
    finally:
        _recorder, record.made = None, None
        recorder.end()
    return result, Trace(recorder.fields)


def decision(make: Callable[P, R]) -> Callable[P, R]:
    """Mark a function whose reads belong to what it returns, and to nothing else that its caller makes."""

    @functools.wraps(make)
    def decide(*values: P.args, **named: P.kwargs) -> R:
        if _recorder is None:
            return make(*values, **named)
        result: R = _recorder.scoped(make, *values, **named)[0]
        return result

    return decide


def each(items: Iterable[T], make: Callable[[T], R]) -> tuple[R, ...]:
    """Make something of each item; what is read for one belongs to what is made of it."""
    if _recorder is None:
        return tuple(make(item) for item in items)
    return tuple(_recorder.scoped(make, item)[0] for item in items)


def keyed(keys: Iterable[K], make: Callable[[K], R]) -> dict[K, R]:
    """Make a mapping with these keys; what is read for one value belongs to that value."""
    if _recorder is None:
        return {key: make(key) for key in keys}
    return _Keyed(_recorder, keys, make)


def by_key(records: Iterable[T]) -> dict[str, T]:
    """Return records by their keys, the first of each key: looking at a key decides nothing about other records."""
    found: dict[str, T] = {}
    for made in records:
        found.setdefault(object.__getattribute__(made, "key"), made)
    return found


def _carries(value: object) -> bool:
    """Say whether a value has its sources with it, so that they need not be those of whoever asked for it."""
    if isinstance(value, Record):
        return not type(value).ATOM
    if isinstance(value, _Keyed):
        return True
    if isinstance(value, Mapping):
        value = tuple(value.values())
    return isinstance(value, tuple | list) and bool(value) and all(_carries(child) for child in value)


class _Keyed(dict[K, R]):
    """A mapping whose entries have sources of their own. Who looks at its keys depends on all of them."""

    def __init__(self, recorder: Recorder, keys: Iterable[K], make: Callable[[K], R]) -> None:
        super().__init__()
        self._recorder: Recorder | None = recorder
        recorder.kept.append(self)
        self._scopes: dict[K, Node] = {}
        whole = recorder.fields[id(self), None] = Node(recorder.here(sys._getframe(2)))  # noqa: SLF001
        if isinstance(keys, _Mapping):
            whole.reads[keys.path] = None
        for key in keys:
            scope = Node(recorder.here(sys._getframe(2)))  # noqa: SLF001
            value = recorder.run(scope, make, key)
            super().__setitem__(key, value)
            self._scopes[key] = recorder.fields[id(self), key] = scope

    def _looked_at(self, *keys: K) -> None:
        if _recorder is not None:
            for key in keys or self._scopes:
                if key in self._scopes:
                    _recorder.here(sys._getframe(2)).reads[self._scopes[key]] = None  # noqa: SLF001

    def __getitem__(self, key: K) -> R:
        self._looked_at(key)
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self._looked_at(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._looked_at(key)  # type: ignore[arg-type]
        return super().__contains__(key)

    def __iter__(self) -> Iterator[K]:
        self._looked_at()
        return super().__iter__()

    def __len__(self) -> int:
        self._looked_at()
        return super().__len__()

    def keys(self) -> Any:
        self._looked_at()
        return super().keys()

    def values(self) -> Any:
        self._looked_at()
        return super().values()

    def items(self) -> Any:
        self._looked_at()
        return super().items()


_plain_classes: dict[type[Record], type[Record]] = {}
_watched_classes: dict[type[Record], type[Record]] = {}


def _watched(cls: type[Record]) -> type[Record]:
    """Return a class like `cls` whose fields are noticed when they are read."""
    if cls in _watched_classes:
        return _watched_classes[cls]
    names = frozenset(cls.FIELDS)

    def get(self: Record, name: str) -> Any:
        if name in names and _recorder is not None:
            _recorder.notice(_recorder.fields[id(self), name])
        return object.__getattribute__(self, name)

    made: type[Record] = type(cls.__name__, (cls,), {"__getattribute__": get})
    _watched_classes[cls], _plain_classes[made] = made, cls
    return made


def view(value: Any, path: KeyPath) -> Any:
    """Return a model, mapping or list of the spec in a form that notices what is read of it; a scalar is itself."""
    if hasattr(type(value), "model_fields"):
        return _Model(value, path)
    if isinstance(value, Mapping):
        return _Mapping(value, path)
    return _List(value, path) if isinstance(value, list | tuple) else value


class _Model:
    """A model of the spec; `isinstance` takes it for the model itself."""

    def __init__(self, model: Any, path: KeyPath) -> None:
        self._model = model
        self._path = path

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._model)

    def __getattr__(self, name: str) -> Any:
        fields = type(self._model).model_fields
        value = getattr(self._model, name)
        if name not in fields:
            return value
        path = (*self._path, fields[name].alias or name)
        if _recorder is not None:
            _recorder.notice(path)
        return view(value, path)


class _Mapping(Mapping[Any, Any]):
    def __init__(self, data: Mapping[Any, Any], path: KeyPath) -> None:
        self._data = data
        self.path = path

    def __getitem__(self, key: Any) -> Any:
        value = self._data[key]
        if _recorder is not None:
            _recorder.notice((*self.path, key))
        return view(value, (*self.path, key))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __contains__(self, key: object) -> bool:
        return key in self._data


class _List(Sequence[Any]):
    def __init__(self, data: Sequence[Any], path: KeyPath) -> None:
        self._data = data
        self._path = path

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self._data))))
        if _recorder is not None:
            _recorder.notice((*self._path, range(len(self._data))[index]))
        return view(self._data[index], (*self._path, index))

    def __len__(self) -> int:
        return len(self._data)
