"""A regular expression run step by step, as Python's engine does, so that its steps can be counted.

A step is one character that is looked at, or one alternative that is tried. The engine's shortcuts (a literal that must
be there) save steps by a factor, not by a power: what takes steps in proportion to the text here, does so there.
"""

from __future__ import annotations

import functools
import re
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Then = Callable[[int], bool]
    Node = Callable[[int, Then], bool]

CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
PLACES = {
    op.AT_BEGINNING: "^",
    op.AT_BEGINNING_STRING: r"\A",
    op.AT_END: "$",
    op.AT_END_STRING: r"\Z",
    op.AT_BOUNDARY: r"\b",
    op.AT_NON_BOUNDARY: r"\B",
}
SINGLE = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
WHOLE = {"match", "fullmatch"}


class TooManyStepsError(Exception):
    """More steps than were allowed."""


class Expression:
    """An expression, ready to be run on texts; `steps` of the last run."""

    def __init__(self, expression: str, flags: int = 0) -> None:
        tree = parser.parse(expression, flags)
        self.flags = tree.state.flags
        self.groups: dict[int | None, tuple[int, int]] = {}
        self.text = ""
        self.steps = self.most = 0
        self.run = self._sequence(tree)

    def ends(self, text: str, how: str, most: int) -> list[int]:
        """Return where each match ends that a method finds. Raises TooManyStepsError."""
        self.text, self.steps, self.most, self.groups = text, 0, most, {}
        found: list[int] = []

        def last(index: int) -> bool:
            if how == "fullmatch" and index < len(text):
                return False
            found.append(index)
            return True

        start = 0
        while start <= len(text):
            self._step()
            matched = self.run(start, last)
            if how in WHOLE or (matched and how == "search"):
                break
            start = max(start + 1, found[-1]) if matched else start + 1
        return found

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManyStepsError

    def _sequence(self, tree: Any) -> Node:
        nodes = [self._node(kind, value) for kind, value in tree]

        def joined(first: Node, rest: Node) -> Node:
            return lambda index, then: first(index, lambda reached: rest(reached, then))

        return functools.reduce(lambda rest, node: joined(node, rest), reversed(nodes), lambda index, then: then(index))

    def _node(self, kind: Any, value: Any) -> Node:
        if kind in SINGLE:
            return self._single(kind, value)
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self._repeat(kind, *value)
        if kind is op.BRANCH:
            return self._branch([self._sequence(branch) for branch in value[1]])
        if kind is op.SUBPATTERN:
            return self._group(*value)
        if kind is op.ATOMIC_GROUP:
            return self._atomic(self._sequence(value))
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return self._around(value[0], value[1], wanted=kind is op.ASSERT)
        if kind is op.AT:
            place = re.compile(PLACES[value], self.flags & ~re.VERBOSE)
            return lambda index, then: place.match(self.text, index) is not None and then(index)
        if kind is op.GROUPREF:
            return lambda index, then: self._same(self.groups.get(value), index, then)
        raise NotImplementedError(kind)

    def _fits(self, kind: Any, value: Any) -> Callable[[str], bool]:
        """Say which characters a part takes."""
        if kind is op.LITERAL:
            pattern = re.escape(chr(value))
        elif kind is op.NOT_LITERAL:
            pattern = f"[^{re.escape(chr(value))}]"
        elif kind is op.ANY:
            pattern = "."
        else:
            pattern = f"[{''.join(map(member, value))}]"
        compiled = re.compile(pattern, self.flags & ~re.VERBOSE)
        return functools.cache(lambda character: compiled.fullmatch(character) is not None)

    def _single(self, kind: Any, value: Any) -> Node:
        fits = self._fits(kind, value)

        def node(index: int, then: Then) -> bool:
            self._step()
            return index < len(self.text) and fits(self.text[index]) and then(index + 1)

        return node

    def _repeat(self, kind: Any, least: int, most: int, tree: Any) -> Node:
        if len(tree) == 1 and tree[0][0] in SINGLE and kind is not op.MIN_REPEAT:
            return self._run(self._fits(*tree[0]), least, most, possessive=kind is op.POSSESSIVE_REPEAT)
        once = self._sequence(tree)

        def node(index: int, then: Then, count: int = 0) -> bool:
            def more() -> bool:
                return count < most and once(
                    index, lambda reached: (reached > index or count < least) and node(reached, then, count + 1)
                )

            self._step()
            if count < least:
                return more()
            return then(index) or more() if kind is op.MIN_REPEAT else more() or then(index)

        return self._atomic(node) if kind is op.POSSESSIVE_REPEAT else node

    def _run(self, fits: Callable[[str], bool], least: int, most: int, *, possessive: bool) -> Node:
        def node(index: int, then: Then) -> bool:
            end = index
            while end < len(self.text) and end - index < most and fits(self.text[end]):
                self._step()
                end += 1
            if possessive:
                return end - index >= least and then(end)
            while end - index >= least:
                self._step()
                if then(end):
                    return True
                end -= 1
            return False

        return node

    def _branch(self, branches: list[Node]) -> Node:
        def node(index: int, then: Then) -> bool:
            for branch in branches:
                self._step()
                if branch(index, then):
                    return True
            return False

        return node

    def _group(self, number: int | None, added: int, removed: int, tree: Any) -> Node:
        outside, self.flags = self.flags, self.flags & ~removed | added
        inner, self.flags = self._sequence(tree), outside

        def node(index: int, then: Then) -> bool:
            def closed(reached: int) -> bool:
                before = self.groups.get(number)
                self.groups[number] = (index, reached)
                if then(reached):
                    return True
                self.groups.pop(number) if before is None else self.groups.update({number: before})
                return False

            return inner(index, closed)

        if number is None:
            return inner
        return node

    def _atomic(self, inner: Node) -> Node:
        def node(index: int, then: Then) -> bool:
            reached: list[int] = []
            return inner(index, lambda end: not reached.append(end)) and then(reached[-1])  # type: ignore[func-returns-value]

        return node

    def _around(self, direction: int, tree: Any, *, wanted: bool) -> Node:
        inner, width = self._sequence(tree), parser.SubPattern.getwidth(tree)[0]

        def node(index: int, then: Then) -> bool:
            start = index - width if direction < 0 else index
            found = start >= 0 and inner(start, lambda _: True)
            return found is wanted and then(index)

        return node

    def _same(self, span: tuple[int, int] | None, index: int, then: Then) -> bool:
        self._step()
        text = None if span is None else self.text[slice(*span)]
        return text is not None and self.text.startswith(text, index) and then(index + len(text))


def member(item: tuple[Any, Any]) -> str:
    """Return a member of a class of characters as it is written."""
    kind, value = item
    if kind is op.NEGATE:
        return "^"
    if kind is op.LITERAL:
        return re.escape(chr(value))
    if kind is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return CATEGORIES[value]
