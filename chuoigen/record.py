"""Frozen records, as dataclasses are, whose classes cost nothing to make: a plan has forty, and every lint makes them.

A dataclass compiles its methods when it is defined, 0.7 ms a class; together that was a fifth of a cold `chuoigen lint`
(measured 2026-11-23). A Record has the same constructor, equality, hash and repr, written once.
"""

import inspect
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable

made: "Callable[[Record], None] | None" = None
"""Who is told of each record that is made; see provenance/."""


@dataclass_transform(frozen_default=True)
class Record:
    """A frozen record: annotations are its fields, in their order; a value in the class body is a default."""

    FIELDS: ClassVar[tuple[str, ...]] = ()
    _NAMES: ClassVar[frozenset[str]] = frozenset()
    ATOM: ClassVar[bool] = False
    """Whether a record is one value, such as a message, rather than a holder of values."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.FIELDS = (*cls.FIELDS, *(name for name in inspect.get_annotations(cls) if not name.isupper()))
        cls._NAMES = frozenset(cls.FIELDS)

    def __init__(self, *values: Any, **named: Any) -> None:
        """Take the fields by place or by name. Raises TypeError when one is missing, unknown or said twice."""
        fields = self.FIELDS
        if not named and len(values) == len(fields):
            self.__dict__.update(zip(fields, values, strict=False))
        elif not values and named.keys() == self._NAMES:
            self.__dict__.update(named)
        else:
            self.__dict__.update(self._completed(values, named))
        if made is not None:
            made(self)

    @classmethod
    def _completed(cls, values: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        given = dict(zip(cls.FIELDS, values, strict=False))
        if len(values) > len(cls.FIELDS) or given.keys() & named.keys() or not named.keys() <= set(cls.FIELDS):
            raise TypeError(f"{cls.__name__} takes {', '.join(cls.FIELDS)}, each once")
        given.update(named)
        for name in cls.FIELDS:
            if name not in given:
                if not hasattr(cls, name):
                    raise TypeError(f"{cls.__name__} lacks {name}")
                given[name] = getattr(cls, name)
        return given

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields as another process can be given them, which takes no view of a mapping."""
        return {
            name: dict(value) if isinstance(value, MappingProxyType) else value for name, value in vars(self).items()
        }

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self.FIELDS)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={self.__dict__[name]!r}' for name in self.FIELDS)})"

    def replaced(self, **changes: Any) -> Self:
        """Return a copy with some fields changed. Raises TypeError for an unknown one."""
        return type(self)(**{name: getattr(self, name) for name in self.FIELDS} | changes)
