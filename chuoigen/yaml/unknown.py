"""Values that a text leaves open: placeholders that something else fills in before the text is used."""

from typing import Self


class Unknown(str):
    """A scalar that holds a placeholder. As text it is what was written; what it will be, nobody knows yet.

    `hint` is the placeholder alone: the name between the brackets.
    """

    __slots__ = ("hint",)
    hint: str

    def __new__(cls, text: str, hint: str = "") -> Self:
        """Keep the text as written, and what it says about itself."""
        made = super().__new__(cls, text)
        made.hint = hint
        return made
