"""The table of foreign words: each leads to a key that its model has, and none is a key already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_TASK, REFUSED_VOLUME
from chuoigen.spec.foreign import LIKE, SAME, snake
from chuoigen.spec.model import Model

if TYPE_CHECKING:
    from pydantic import BaseModel


def models(above: type[BaseModel] = Model) -> dict[str, type[BaseModel]]:
    found = {model.__name__: model for model in above.__subclasses__()}
    return found | {name: model for one in found.values() for name, model in models(one).items()}


ENTRIES = [
    (name, word, ours) for table in (SAME, LIKE) for name, words in table.items() for word, ours in words.items()
]


@pytest.mark.parametrize(("name", "word", "ours"), ENTRIES)
def test_a_foreign_word_leads_to_a_key_of_its_model(name: str, word: str, ours: str) -> None:
    fields = models()[name].model_fields
    known = {field.alias or key for key, field in fields.items()}
    assert ours in known
    assert word not in known
    assert word == snake(word)
    refused = {"Container": REFUSED_CONTAINER, "Task": REFUSED_TASK, "WrittenVolume": REFUSED_VOLUME}.get(name, {})
    assert word not in refused  # which has an answer of its own


def test_a_word_has_one_meaning() -> None:
    assert len({(name, word) for name, word, _ in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("portMappings", "port_mappings"),
        ("PortMappings", "port_mappings"),
        ("stop-grace-period", "stop_grace_period"),
        ("efsVolumeConfiguration", "efs_volume_configuration"),
        ("Stop Timeout", "stop_timeout"),
        ("cpu", "cpu"),
    ],
)
def test_all_spellings_of_a_word_are_one(word: str, key: str) -> None:
    assert snake(word) == key
