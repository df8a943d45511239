"""`chuoigen build`: specs into folders of files; a spec with an error writes nothing and does not stop the others."""

from collections.abc import Callable, Sequence

from chuoigen import workspace
from chuoigen.compiler import Judged, judge, refuse_partial, render
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import Loader, Source
from chuoigen.outcome import Outcome, sources_of
from chuoigen.tree import Comparison, compare, write

Progress = Callable[[int, int, str], None]


def build(
    files: Sequence[str],
    *,
    out: str | None = None,
    check: bool = False,
    force: bool = False,
    skip_partial: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Build specs below `out`, or with `check` only say what is not current.

    `skip_partial` passes over files that are only to be extended, as it is meant when no file was named. Raises
    ChuoigenError when two specs have one output folder.
    """
    workspace.refuse_clash(files, out)
    lines: list[str] = []
    diagnostics: list[Diagnostic] = []
    failures: list[ChuoigenError] = []
    found = False
    built = 0
    loader = Loader(Disk())
    sources: dict[str, Source] = {}
    for number, file in enumerate(files, start=1):
        if progress:
            progress(number, len(files), file)
        try:
            judged = judge(loader.load(file))
            if skip_partial and judged.loaded.partial and not judged.refused:
                continue
            judged = refuse_partial(judged)
            built += 1
            diagnostics += (one for one in judged.diagnostics if one.severity is not Severity.INFO)
            sources |= sources_of([judged.loaded] if judged.diagnostics else [])
            if judged.refused:
                found = True
                lines.append(f"{file}: nothing built, since the spec has errors")
                continue
            line, stale = _check(judged, file, out) if check else (_write(judged, file, out, force=force), False)
        except ChuoigenError as error:
            failures.append(error)
            continue
        found = found or stale
        lines.append(line)
    ordered = tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.sort_key))
    text = "".join(f"{line}\n" for line in lines)
    return Outcome(text, ordered, found, tuple(failures), built, sources=sources)


def _write(judged: Judged, file: str, out: str | None, *, force: bool) -> str:
    assert judged.plan is not None  # noqa: S101  a spec that is not refused has a plan
    folder = workspace.output_folder(file, out)
    written = write(render(judged.plan), folder, force=force)
    counts = (
        (len(written.written), "written"),
        (len(written.unchanged), "unchanged"),
        (len(written.removed), "removed"),
    )
    return f"{workspace.shown(folder)}: {', '.join(f'{count} {word}' for count, word in counts if count)}"


def _check(judged: Judged, file: str, out: str | None) -> tuple[str, bool]:
    """Return what to say of an output folder, and whether it is stale."""
    assert judged.plan is not None  # noqa: S101  a spec that is not refused has a plan
    folder = workspace.output_folder(file, out)
    comparison = compare(render(judged.plan), folder)
    if comparison.current:
        return f"{workspace.shown(folder)}: current", False
    details = "".join(f"\n  {path}: {what}" for path, what in _differences(comparison))
    return f"{workspace.shown(folder)}: not what {file} gives; run: chuoigen build {file}{details}", True


def _differences(comparison: Comparison) -> list[tuple[str, str]]:
    """Return each path that differs with the one thing that matters most about it, sorted."""
    said: dict[str, str] = {}
    for paths, what in (
        (comparison.edited, "edited by hand"),
        (comparison.missing, "missing"),
        (comparison.stale, "no longer generated"),
        (comparison.changed, "differs"),
        (comparison.modes, "has another mode"),
    ):
        for path in paths:
            said.setdefault(path, what)
    return sorted(said.items())
