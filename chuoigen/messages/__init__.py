"""What chuoigen says, as data: an id with named arguments. The text is made at the end, in the reader's language."""

from chuoigen.messages.message import Argument, InLanguages, Key, Message, Texts, verbatim
from chuoigen.messages.reader import ENGLISH, LANGUAGES, SPEC_WORDS, Reader, Words, asked_language, catalogue

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "SPEC_WORDS",
    "Argument",
    "InLanguages",
    "Key",
    "Message",
    "Reader",
    "Texts",
    "Words",
    "asked_language",
    "catalogue",
    "verbatim",
]
