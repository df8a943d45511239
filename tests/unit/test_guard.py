"""Whatever ends a command early."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import ENGLISH
from chuoigen.report.guard import INTERRUPT, guarded

if TYPE_CHECKING:
    import pytest


def test_an_error_that_a_library_makes_of_ctrl_c_is_no_bug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def action() -> int:
        try:
            INTERRUPT()
        except KeyboardInterrupt as error:
            message = "building a validator"
            raise ValueError(message) from error

    monkeypatch.setattr(INTERRUPT, "taken", False)
    assert guarded(action, ENGLISH) == 130
    assert capsys.readouterr().err == "\ninterrupted\n"
