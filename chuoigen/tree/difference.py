"""Shows what a build would change in a folder as a unified diff."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from chuoigen.record import Record
from chuoigen.tree.artifact import MANIFEST, Artifact, Tree
from chuoigen.tree.survey import explained, look, survey

_LARGEST = 1024 * 1024
_NO_NEWLINE = "\n\\ No newline at end of file\n"


def unified_diff(tree: Tree, folder: Path, *, prefix: str = "") -> str:
    """Return what `git apply` would need to do what a build does; `prefix` (out/qa/) stands before each path.

    The manifest follows from the other files: it is shown only when nothing else differs.
    """
    generated = tree.with_manifest()
    with explained("read", folder):
        comparison, _ = survey(tree, generated, folder)
        paths = {*comparison.missing, *comparison.changed, *comparison.stale, *comparison.modes}
        shown = sorted(paths - {MANIFEST} or paths)
        sides = ((path, _on_disk(folder, path), generated.get(path)) for path in shown)
        return "".join(line for path, before, after in sides for line in _file(prefix + path, before, after))


def tree_diff(before: Tree, after: Tree, *, prefix: str = "") -> str:
    """Return the same for two trees in memory; one without files stands for what is not there. No manifest."""
    paths = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return "".join(line for path in paths for line in _file(prefix + path, before.get(path), after.get(path)))


class _Side(Record):
    """What a file on disk has of an Artifact."""

    data: bytes
    executable: bool


def _on_disk(folder: Path, path: str) -> _Side | None:
    found = look(folder, path)
    return _Side((folder / path).read_bytes(), found.executable) if found else None


def _file(name: str, before: _Side | Artifact | None, after: Artifact | None) -> Iterator[str]:
    """Write one file's part, with git's header lines for what is new, removed or of another mode."""
    yield f"diff --git a/{name} b/{name}\n"
    old_mode, new_mode = ("100755" if one and one.executable else "100644" for one in (before, after))
    if before is None:
        yield f"new file mode {new_mode}\n"
    elif after is None:
        yield f"deleted file mode {old_mode}\n"
    elif old_mode != new_mode and os.name == "posix":
        yield f"old mode {old_mode}\nnew mode {new_mode}\n"
    tab = "\t" if " " in name else ""  # as git writes it: the name ends at the tab
    labels = (f"a/{name}{tab}" if before else "/dev/null", f"b/{name}{tab}" if after else "/dev/null")
    yield from _lines(before.data if before else b"", after.text if after else "", labels)


def _lines(old: bytes, new: str, labels: tuple[str, str]) -> Iterator[str]:
    """Compare as text; what is no text, or more than a person would read (1 MiB), only differs."""
    import difflib  # only diff needs it, and a build must start quickly

    try:
        text = old.decode() if len(old) <= _LARGEST else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        yield f"Binary files {labels[0].rstrip()} and {labels[1].rstrip()} differ\n"
        return
    for line in difflib.unified_diff(_split(text), _split(new), *labels):
        yield line if line.endswith("\n") else line + _NO_NEWLINE


def _split(text: str) -> list[str]:
    """Split at line feeds only; str.splitlines would also split at form feeds and at U+2028."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)
