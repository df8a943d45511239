"""Jsonnet into ECS's own JSON, through rjsonnet, which comes with the extra `ecspresso`.

What is evaluated has no places: each finding in it points at the beginning of the file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import ChuoigenError, Span
from chuoigen.inputs.ecs import written
from chuoigen.messages import Message, Texts
from chuoigen.yaml.document import Document, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chuoigen.diagnostics import Diagnostic
    from chuoigen.inputs.files import Files

_ENDING = ".jsonnet"
_FUNCTIONS = {
    "env": ("name", "default"),
    "must_env": ("name",),
    "ssm": ("name",),
    "secretsmanager_arn": ("name",),
    "tfstate": ("address",),
    "cfn_output": ("stack", "output"),
    "cfn_export": ("name",),
    "caller_identity": (),
}
"""ecspresso's own functions that Jsonnet can call by std.native, and their parameters (kayac/ecspresso, pull request
702, "Add Jsonnet native functions", checked 2026-11-28).
"""
_say = Texts(__name__)


class NotEvaluatedError(Exception):
    """A file cannot be evaluated here. `words` say why."""

    def __init__(self, words: Message) -> None:
        """Take what to say about it."""
        super().__init__(words.id)
        self.words = words


def is_jsonnet(path: str) -> bool:
    """Say whether a file is Jsonnet, by its name, as ecspresso does."""
    return path.endswith(_ENDING)


def parsed(
    content: bytes, name: str, form: str, files: Files, prefixes: Sequence[str]
) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Evaluate a file and parse what it gives; `prefixes` stand before the functions of plug-ins.

    Raises NotEvaluatedError where that fails, and where rjsonnet is not installed.
    """
    try:
        import rjsonnet  # an extra
    except ImportError:
        raise NotEvaluatedError(_say("not-installed", file=name)) from None
    text = content.decode(errors="replace")
    try:
        # The library takes what it raises from the language's own runtime, without a class of its own.
        evaluated = rjsonnet.evaluate_snippet(
            name, text, import_callback=_importing(name, files), native_callbacks=_native(prefixes), preserve_order=True
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise NotEvaluatedError(_say("not-evaluated", file=name, reason=str(error).partition("\n")[0])) from error
    document, found = written.parsed(evaluated.encode(), name, form)
    if document is None:
        return None, tuple(one.replaced(span=_start(name)) for one in found)
    places = {path: Place(place.key and _start(name), _start(name)) for path, place in document.places.items()}
    return document.replaced(places=places, text=text), tuple(one.replaced(span=_start(name)) for one in found)


def _start(name: str) -> Span:
    return Span(name, 1, 1, 1, 2)


def _importing(name: str, files: Files) -> Callable[[str, str], tuple[str, str]]:
    """Return what reads an imported file: from where it is imported, or from the folder of the first file."""

    def read(folder: str, imported: str) -> tuple[str, str]:
        paths = [os.path.join(base, imported) for base in (folder, os.path.dirname(name))]  # noqa: PTH118, PTH120  as the files spell it
        path = next((path for path in paths if files.is_file(path)), paths[0])
        try:
            return path, files.read(path).decode(errors="replace")
        except ChuoigenError as error:
            raise RuntimeError(imported) from error

    return read


def _native(prefixes: Sequence[str]) -> dict[str, Any]:
    """Return functions whose results are the placeholders that stand for them in a template."""

    def placeholder(function: str) -> Callable[..., str]:
        return lambda *arguments: f"{{{{ {' '.join((function, *(str(one) for one in arguments[:1])))} }}}}"

    return {
        prefix + name: (parameters, placeholder(prefix + name))
        for prefix in ("", *prefixes)
        for name, parameters in _FUNCTIONS.items()
    }
