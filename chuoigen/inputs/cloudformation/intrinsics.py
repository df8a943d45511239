"""Intrinsic functions into their values, where the template itself has them, and into unknown values elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuoigen.inputs.cloudformation.conditions import World

TAGS: Mapping[str, str] = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue", "Join"),
            *("Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"),
        )
    },
}
"""The short forms of YAML, and the functions that they mean."""
_VARIABLE = re.compile(r"\$\{(!?)([^{}]*)\}")
_NO_VALUE = "AWS::NoValue"


class Nothing:
    """What stands for `AWS::NoValue`: the property is not there."""


NOTHING = Nothing()


def is_function(value: Any) -> bool:
    """Say whether a value is a call of an intrinsic function."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    name = str(*value)
    return name == "Ref" or name.startswith("Fn::")


def named(value: Any) -> str:
    """Return what a value refers to, as Ref or by an attribute, also alone in a Sub; "" for none."""
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    ((function, what),) = value.items()
    if function == "Fn::Sub" and isinstance(what, str):
        alone = re.fullmatch(r"\$\{([^{}.!]+)(?:\.[^{}]*)?\}", what)
        return alone[1].strip() if alone else ""
    if function == "Fn::GetAtt":
        what = what[0] if isinstance(what, list) and what else str(what).partition(".")[0]
    return what if function in ("Ref", "Fn::GetAtt") and isinstance(what, str) else ""


class Values:
    """The values of a template in one world."""

    def __init__(self, template: Mapping[str, Any], world: World) -> None:
        """Take the template and the world."""
        mappings = template.get("Mappings")
        self._mappings: Mapping[str, Any] = mappings if isinstance(mappings, dict) else {}
        self._world = world

    def branch(self, arguments: Any) -> int | None:
        """Return which argument of Fn::If counts in this world; None where nobody knows."""
        if not (_has(arguments, 3) and isinstance(arguments[0], str)):
            return None
        holds = self._world.get(arguments[0])
        return None if holds is None else 1 if holds else 2

    def value(self, written: Any) -> Any:
        """Return the value of a function or of anything else: unknown unless the template has all that it needs."""
        if not is_function(written):
            return written
        ((name, arguments),) = written.items()
        if name == "Ref":
            return NOTHING if arguments == _NO_VALUE else _unknown(str(arguments))
        if name == "Fn::If":
            branch = self.branch(arguments)
            return _unknown(name) if branch is None else self.value(arguments[branch])
        functions: dict[str, Callable[[Any], Any]] = {
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::FindInMap": self._in_map,
        }
        return functions[name](arguments) if name in functions else _unknown(named(written) or name)

    def _sub(self, arguments: Any) -> Any:
        text, own = (arguments[0], arguments[1]) if _has(arguments, 2) else (arguments, {})
        if not isinstance(text, str) or not isinstance(own, dict):
            return _unknown("Fn::Sub")
        known = {name: self.value(value) for name, value in own.items()}
        names = (name for literal, name in _VARIABLE.findall(text) if not literal)
        open_names = [name for name in names if not _is_known(known.get(name))]
        if open_names:
            return Unknown(text, open_names[0].strip())
        return _VARIABLE.sub(lambda match: f"${{{match[2]}}}" if match[1] else _text(known[match[2]]), text)

    def _join(self, arguments: Any) -> Any:
        if not _has(arguments, 2):
            return _unknown("Fn::Join")
        between, parts = arguments[0], self._listed(arguments[1])
        if parts is None or not all(_is_known(part) for part in parts) or not isinstance(between, str):
            hints = [part.hint for part in parts or () if isinstance(part, Unknown)]
            return _unknown(next(iter(hints), "Fn::Join"))
        return between.join(_text(part) for part in parts)

    def _select(self, arguments: Any) -> Any:
        parts = self._listed(arguments[1]) if _has(arguments, 2) else None
        index = str(self.value(arguments[0])) if parts is not None else ""
        if parts is None or not index.isdecimal() or int(index) >= len(parts):
            return _unknown("Fn::Select")
        return parts[int(index)]

    def _split(self, arguments: Any) -> Any:
        if not _has(arguments, 2):
            return _unknown("Fn::Split")
        between, text = arguments[0], self.value(arguments[1])
        if not (isinstance(between, str) and between and isinstance(text, str)) or isinstance(text, Unknown):
            return _unknown(getattr(text, "hint", "Fn::Split"))
        return text.split(between)

    def _in_map(self, arguments: Any) -> Any:
        found: Any = self._mappings
        for key in arguments if isinstance(arguments, list) else ():
            name = self.value(key)
            if not _is_known(name) or not isinstance(found, dict) or _text(name) not in found:
                return _unknown(getattr(name, "hint", "") or "Fn::FindInMap")
            found = found[_text(name)]
        return _unknown("Fn::FindInMap") if isinstance(found, dict) else found

    def _listed(self, written: Any) -> list[Any] | None:
        value = self.value(written)
        return [self.value(part) for part in value] if isinstance(value, list) else None


def _has(arguments: Any, count: int) -> bool:
    return isinstance(arguments, list) and len(arguments) == count


def _unknown(hint: str) -> Unknown:
    return Unknown(hint, hint)


def _is_known(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, Unknown)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(getattr(value, "written", value))
