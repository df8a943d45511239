"""Which format a file has, and that nobody pays for a format that there is no file of."""

from __future__ import annotations

from chuoigen.inputs.formats import FORMATS, KINDS
from chuoigen.messages import ENGLISH
from chuoigen.options import Kind


def test_every_format_can_be_asked_for_by_its_name() -> None:
    assert sorted(Kind) == sorted(FORMATS)


def test_every_format_has_a_name_for_sentences_and_words() -> None:
    for kind in KINDS:
        assert ENGLISH.text(kind.title) != ""
        assert kind.front_end().words.word(("containers",)) != ""
