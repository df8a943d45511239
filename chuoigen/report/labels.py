"""The words that a report puts before what it says: error, warning, note, help."""

from chuoigen.diagnostics import Diagnostic
from chuoigen.inputs.formats import words_of
from chuoigen.messages import Reader, Texts

_say = Texts(__name__)


def label(word: str, reader: Reader) -> str:
    """Return such a word in the reader's language."""
    return reader.text(_say(word))


def reading(diagnostic: Diagnostic, reader: Reader) -> Reader:
    """Return the reader of one diagnostic, who knows the words of the file that it is about."""
    return reader.replaced(words=words_of(diagnostic.form)) if diagnostic.form else reader


def advised(diagnostic: Diagnostic, reader: Reader) -> str:
    """Return what to do about a diagnostic, with the word that says so before it."""
    return f"{label('help', reader)}: {reader.help(diagnostic.words)}"
