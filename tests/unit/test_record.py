"""Records: what frozen dataclasses would do."""

from __future__ import annotations

import pickle
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping


class Point(Record):
    x: int
    y: int
    name: str = "origin"


class Marked(Point):
    colour: str = "red"


def test_fields_are_the_annotations_in_their_order() -> None:
    assert Point.FIELDS == ("x", "y", "name")
    assert Marked.FIELDS == ("x", "y", "name", "colour")
    assert Record.FIELDS == ()


def test_values_are_taken_by_place_by_name_or_by_default() -> None:
    for point in (Point(1, 2, "p"), Point(1, y=2, name="p"), Point(name="p", y=2, x=1)):
        assert (point.x, point.y, point.name) == (1, 2, "p")
    assert Point(1, 2).name == "origin"
    assert Marked(1, 2).colour == "red"


@pytest.mark.parametrize(
    ("values", "named", "message"),
    [
        ((1,), {}, "Point lacks y"),
        ((), {}, "Point lacks x"),
        ((1, 2, "p", 4), {}, "Point takes x, y, name, each once"),
        ((1, 2), {"x": 1}, "Point takes x, y, name, each once"),
        ((1, 2), {"z": 1}, "Point takes x, y, name, each once"),
    ],
)
def test_wrong_values_are_refused(values: tuple[object, ...], named: dict[str, object], message: str) -> None:
    make: type = Point
    with pytest.raises(TypeError) as caught:
        make(*values, **named)
    assert str(caught.value) == message


def test_records_are_frozen() -> None:
    point = Point(1, 2)
    with pytest.raises(AttributeError, match="frozen"):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del point.x
    with pytest.raises(AttributeError, match="frozen"):
        setattr(point, "z", 3)  # noqa: B010  the type checker would not have it otherwise
    assert point.x == 1


def test_records_are_equal_by_class_and_values() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(1, 3)
    assert Point(1, 2) != Marked(1, 2)
    assert Point(1, 2) != (1, 2, "origin")
    assert len({Point(1, 2), Point(1, 2), Point(1, 3)}) == 2


def test_repr_is_how_it_is_written() -> None:
    assert repr(Point(1, 2, "p")) == "Point(x=1, y=2, name='p')"


def test_a_copy_with_changes() -> None:
    point = Point(1, 2, "p")
    assert point.replaced(y=3) == Point(1, 3, "p")
    assert point == Point(1, 2, "p")
    with pytest.raises(TypeError, match="takes"):
        point.replaced(z=3)


class Held(Record):
    names: Mapping[str, int] = MappingProxyType({})


def test_another_process_can_be_given_one_with_a_view_of_a_mapping() -> None:
    assert pickle.loads(pickle.dumps(Held())) == Held({})  # noqa: S301  made here
    assert pickle.loads(pickle.dumps(Held(MappingProxyType({"a": 1})))).names == {"a": 1}  # noqa: S301  made here
