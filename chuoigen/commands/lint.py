"""`chuoigen lint`: what stands against each spec, found before anything is built."""

from collections.abc import Callable, Sequence

from chuoigen.compiler import Judged, judge, unused_ignore
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.inputs.files import Disk, Files
from chuoigen.inputs.load import Loader
from chuoigen.lint.rule import Ignore
from chuoigen.outcome import Outcome, sources_of
from chuoigen.rules import by_name, everything

Progress = Callable[[int, int, str], None]


def lint(
    files: Sequence[str],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    progress: Progress | None = None,
    source: Files | None = None,
) -> Outcome:
    """Judge specs. `select` and `ignore` are names or codes of rules; a code's beginning, such as CG3, means all of it.

    `source` is where files come from: the disk, unless something else is given.
    Errors and warnings count as found; what is only information does not. Raises ChuoigenError for an unknown rule.
    """
    for word in (*select, *ignore):
        _known(word)
    found: list[Diagnostic] = []
    failures: list[ChuoigenError] = []
    judged: list[Judged] = []
    loader = Loader(source or Disk())
    for number, file in enumerate(files, start=1):
        if progress:
            progress(number, len(files), file)
        try:
            judged.append(judge(loader.load(file)))
        except ChuoigenError as error:
            failures.append(error)
            continue
        found += judged[-1].diagnostics
    found += (unused_ignore(comment) for comment in _unused_everywhere(judged))
    wanted = tuple(
        diagnostic
        for diagnostic in sorted(dict.fromkeys(found), key=lambda diagnostic: diagnostic.sort_key)
        if _wanted(diagnostic, select, ignore)
    )
    matters = any(diagnostic.severity is not Severity.INFO for diagnostic in wanted)
    sources = sources_of(one.loaded for one in judged if one.diagnostics or one.unused)
    return Outcome(diagnostics=wanted, found=matters, failures=tuple(failures), checked=len(judged), sources=sources)


def _unused_everywhere(judged: Sequence[Judged]) -> tuple[Ignore, ...]:
    """Return the comments of extended files that no spec of this run needs."""
    users: dict[Ignore, int] = {}
    for one in judged:
        for ignore in one.unused:
            users[ignore] = users.get(ignore, 0) + 1
    extending = {
        ignore: sum(1 for one in judged if any(file.file == ignore.span.file for file in one.loaded.files[1:]))
        for ignore in users
    }
    return tuple(ignore for ignore, count in users.items() if count == extending[ignore])


def _known(word: str) -> None:
    if by_name(word) is None and not (
        word.startswith("CG") and any(rule.code.startswith(word) for rule in everything(elsewhere=True))
    ):
        raise ChuoigenError(f"there is no rule {word}", "chuoigen rules lists them all")


def _wanted(diagnostic: Diagnostic, select: Sequence[str], ignore: Sequence[str]) -> bool:
    def named(words: Sequence[str]) -> bool:
        return any(diagnostic.rule == word or diagnostic.code.startswith(word) for word in words)

    return (not select or named(select)) and not named(ignore)
