"""A baseline: the findings that a project has and lives with, so that only new ones are reported.

A finding is known again by its file, its rule, the path of its value and a digest of what stands there, not by its
line. Of what may be a secret there is no digest, which short values could be guessed from.
"""

import hashlib
import json
import os
import pathlib
from collections import Counter
from collections.abc import Iterable, Mapping

from chuoigen.diagnostics import ChuoigenError, Diagnostic, Span
from chuoigen.inputs.load import Source
from chuoigen.inputs.secret_values import secrets
from chuoigen.messages import Texts
from chuoigen.tree import replace_file

VERSION = 1
_DIGITS = 16
Known = tuple[str, str, str, str]
"""File, rule, path and digest."""
_say = Texts(__name__)


def known(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], quiet: frozenset[str]) -> list[Known]:
    """Return what each diagnostic is known again by; `quiet` are the rules whose findings point at a secret."""
    hidden: dict[str, tuple[tuple[int, int], ...]] = {}
    found: list[Known] = []
    for one in diagnostics:
        source = sources.get(one.span.file)
        digest = ""
        if source is not None and one.rule not in quiet:
            if source.file not in hidden:
                hidden[source.file] = secrets(source).ranges
            digest = _digest(source.text, one.span, hidden[source.file])
        path = json.dumps(one.path, ensure_ascii=False)
        found.append((one.span.file, one.rule, path, digest))
    return found


def _digest(text: str, span: Span, hidden: tuple[tuple[int, int], ...]) -> str:
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    if span.end_line >= len(starts):
        return ""
    start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
    if any(low < end and start < high for low, high in hidden):
        return ""
    return hashlib.sha256(text[start:end].encode(errors="replace")).hexdigest()[:_DIGITS]


def read(file: str) -> Counter[Known]:
    """Return the findings of a baseline. Raises ChuoigenError where it cannot be read or is none."""
    try:
        data = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
        entries = [
            (one["file"], one["rule"], json.dumps(one["path"], ensure_ascii=False), one["value"])
            for one in data["findings"]
        ]
        version = data["version"]
    except OSError as error:
        raise ChuoigenError(_say("unreadable", file=file, reason=error.strerror or "")) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ChuoigenError(_say("no-baseline", file=file)) from error
    if version != VERSION or not all(isinstance(part, str) for entry in entries for part in entry):
        raise ChuoigenError(_say("no-baseline", file=file))
    folder = pathlib.Path(file).parent
    return Counter((os.path.normpath(folder / entry[0]), *entry[1:]) for entry in entries)


def write(file: str, found: Iterable[Known]) -> int:
    """Write a baseline, whole or not at all, and return how many findings it holds. Files are named from its folder."""
    folder = pathlib.Path(file).parent
    entries = sorted((_from(folder, one[0]), *one[1:]) for one in found)
    listed = [
        {"file": name, "rule": rule, "path": json.loads(path), "value": value} for name, rule, path, value in entries
    ]
    text = json.dumps({"version": VERSION, "findings": listed}, indent=2, ensure_ascii=False) + "\n"
    try:
        replace_file(pathlib.Path(file), text.encode(errors="surrogateescape"))
    except OSError as error:
        raise ChuoigenError(_say("unwritable", file=file, reason=error.strerror or "")) from error
    return len(listed)


def fresh(
    diagnostics: Iterable[Diagnostic], names: Iterable[Known], accepted: Counter[Known]
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics that a baseline does not have; each of its findings stands for one."""
    left = Counter(accepted)
    stay = []
    for one, name in zip(diagnostics, names, strict=True):
        here = (os.path.normpath(name[0]), *name[1:])
        if left[here] > 0:
            left[here] -= 1
        else:
            stay.append(one)
    return tuple(stay)


def _from(folder: pathlib.Path, file: str) -> str:
    return pathlib.Path(os.path.relpath(file, folder)).as_posix()
