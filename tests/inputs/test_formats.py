"""Which format a file has, and that nobody pays for a format that there is no file of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.cli import run
from chuoigen.commands.lint import lint
from chuoigen.inputs.files import Disk
from chuoigen.inputs.formats import FORMATS, KINDS
from chuoigen.inputs.load import Loader
from chuoigen.messages import ENGLISH
from chuoigen.options import Kind

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_every_format_can_be_asked_for_by_its_name() -> None:
    assert sorted(Kind) == sorted(FORMATS)


def test_every_format_has_a_name_for_sentences_and_words() -> None:
    for kind in KINDS:
        assert ENGLISH.text(kind.title) != ""
        assert kind.front_end().words.word(("containers",)) != ""


TASK = "family: {0}\nrequiresCompatibilities: [FARGATE]\nnetworkMode: awsvpc\ncpu: '256'\nmemory: '512'\n"
CONTAINER = (
    "containerDefinitions: [{{ name: a, image: 'a:1.2.3',"
    " environment: [{{ name: PASSWORD, value: {2} }}], stopTimeout: {1} }}]\n"
)


def test_each_document_of_a_file_is_judged_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tasks.yaml"
    of_both = (("first", 120, "hunter2hunter2"), ("second", 121, "correcthorse9"))
    texts = ((TASK + CONTAINER).format(name, stop, secret) for name, stop, secret in of_both)
    file.write_text("# two\n---\n" + "--- # a document\n".join(texts) + "---\n# nothing\n---\nkind: Other\n")
    found = [(one.rule, one.span.line) for one in lint([str(file)]).diagnostics]
    assert found == [("possible-secret", 8), ("possible-secret", 15), ("stop-timeout-out-of-range", 15)]
    assert run(["lint", str(file)]) == 1
    shown = capsys.readouterr().out
    assert "   15 | " in shown
    assert "horse" not in shown
    assert [one.name for one in Loader(Disk(), foreign=True).loads(file)] == ["first", "second"]


def test_a_document_of_compose_is_laid_over_those_before(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(
        "services:\n  web: { image: 'web:1.2.3', read_only: true }\n---\n"
        "services:\n  web: { privileged: true } # chuoigen: ignore[privileged-container] a test\n"
        "  db: { image: 'db:1.2.3' }\n"
    )
    (loaded,) = Loader(Disk(), foreign=True).loads(file)
    assert loaded.document is not None
    containers = {"web": {"image": "web:1.2.3", "read_only": True}, "db": {"image": "db:1.2.3"}}
    assert loaded.document.data["containers"] == containers
    assert lint([str(file)]).diagnostics == ()
