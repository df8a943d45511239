"""What something costs in calls and lines that are run: time would be another on each machine, and each time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def steps(make: Callable[[], Any]) -> int:
    """Count the calls of functions, and the lines of Python that are run: the same on every machine."""
    count = 0

    def call(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "c_call"

    def line(_frame: object, _event: str, _argument: object) -> Any:
        nonlocal count
        count += 1
        return line

    before = sys.getprofile(), sys.gettrace()
    sys.setprofile(call)
    sys.settrace(line)
    try:
        make()
    finally:
        sys.settrace(before[1])
        sys.setprofile(before[0])
    return count
