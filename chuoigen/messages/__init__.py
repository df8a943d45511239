"""What chuoigen says, as data: an id with named arguments. The text is made at the end, in the reader's language."""

from chuoigen.messages.message import Argument, Key, Message, Texts, verbatim
from chuoigen.messages.reader import ENGLISH, LANGUAGES, SPEC_WORDS, Reader, Words, asked_language

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "SPEC_WORDS",
    "Argument",
    "Key",
    "Message",
    "Reader",
    "Texts",
    "Words",
    "asked_language",
    "verbatim",
]
