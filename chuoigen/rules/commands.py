"""Lists of words that are run without a shell: commands, entry points, health checks."""

import itertools
import re
from collections.abc import Iterator, Sequence

from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.record import Record
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*)")
_OPERATOR = re.compile(r"&&|\|\|?|;|&|<|\d?>>?(?:&\d|/\S*)?|&>\S*")
# Within a word: "a && b". A word behind an option, or behind what takes a program as its argument, may be a program.
_INNER_OPERATOR = re.compile(r"\s(?:&&|\|\|)\s")
_TAKES_CODE = ("eval", "rpc", "runner")
_SHELLS = ("sh", "ash", "bash", "dash", "zsh")
_RUNS_SHELL = (*_SHELLS, "busybox", "env")
_SCRIPT_OPTION = re.compile(r"-[A-Za-z]*c[A-Za-z]*")
_POSITIONAL = re.compile(r"\$(?:[0-9@*#]|\{[0-9@*#])|\bshift\b|\bgetopts\b")


class _Words(Record):
    """A list of words: its path, its container, and the index of the program, None where another list has it."""

    path: KeyPath
    container: str
    words: tuple[str, ...]
    program: int | None

    @property
    def key(self) -> Key:
        """The key of the list, below its container."""
        return Key(self.path[2:])

    @property
    def kind(self) -> str:
        """The variant of a message about it."""
        return "check" if "healthcheck" in self.path else "command"


def _lists(subject: Subject) -> Iterator[_Words]:
    """Yield every list of words that is written, except for a script behind CMD-SHELL."""
    for name, container in subject.spec.containers.items():
        path: KeyPath = ("containers", name)
        entrypoint, command = tuple(container.entrypoint or ()), tuple(container.command or ())
        if entrypoint:
            yield _Words((*path, "entrypoint"), name, entrypoint, 0)
        if command:
            yield _Words((*path, "command"), name, command, None if entrypoint else 0)
        check = tuple((container.healthcheck.command if container.healthcheck else None) or ())
        if check and check[0] != "CMD-SHELL":
            first = 1 if check[0] == "CMD" else 0
            yield _Words((*path, "healthcheck", "command"), name, check, first if len(check) > first else None)


def _shell_runs(words: Sequence[str]) -> bool:
    return bool(words) and words[0].rpartition("/")[2] in _RUNS_SHELL


def _unread(subject: Subject) -> Iterator[tuple[_Words]]:
    """Yield the lists of which no shell reads a word."""
    shells = {name for name, one in subject.spec.containers.items() if _shell_runs(one.entrypoint or ())}
    for listed in _lists(subject):
        behind = listed.path[2] != "healthcheck" and listed.container in shells
        if not behind and not _shell_runs(listed.words[listed.program or 0 :]):
            yield (listed,)


@each(_unread)
def _unexpanded(listed: _Words) -> Iterator[Finding]:
    for index, word in enumerate(listed.words):
        if _OPERATOR.fullmatch(word) or _VARIABLE.search(word):
            if not _is_line(listed, index):
                words = _say("unexpanded-variable", word=word, key=listed.key, container=listed.container)
                yield Finding((*listed.path, index), words)
            return


def _is_line(listed: _Words, index: int) -> bool:
    """Say whether a word holds a whole command line, or several."""
    word = listed.words[index].strip()
    if index == listed.program:
        return len(word.split()) > 1 and not word.startswith("-")
    before = listed.words[index - 1] if index else ""
    return bool(_INNER_OPERATOR.search(word)) and not before.startswith("-") and before not in _TAKES_CODE


@each(_unread)
def _unsplit(listed: _Words) -> Iterator[Finding]:
    for index, word in enumerate(listed.words):
        if _is_line(listed, index):
            variant = listed.kind if index == listed.program else "operator"
            start = word.split()[0]
            words = _say(f"unsplit-words.{variant}", start=start, key=listed.key, container=listed.container)
            yield Finding((*listed.path, index), words)


def _programs(subject: Subject) -> Iterator[tuple[str, tuple[tuple[KeyPath, str], ...]]]:
    """Yield what is run, as ECS puts it together: container, and each word with its path."""
    for name, listed in itertools.groupby(_lists(subject), key=lambda listed: (listed.container, listed.kind)):
        placed = ((one.path, enumerate(one.words)) for one in listed)
        yield name[0], tuple(((*path, index), word) for path, words in placed for index, word in words)


@each(_programs)
def _behind_script(container: str, words: tuple[tuple[KeyPath, str], ...]) -> Iterator[Finding]:
    script = _script([word for _, word in words])
    if script is not None and script + 1 < len(words) and not _POSITIONAL.search(words[script][1]):
        path, word = words[script + 1]
        yield Finding(path, _say("word-behind-script", word=word, key=Key(path[2:-1]), container=container))


def _script(words: Sequence[str]) -> int | None:
    """Return where the script of `sh -c SCRIPT` stands; None where the words run no script of a shell."""
    shell = next((index for index, word in enumerate(words) if word.rpartition("/")[2] in _SHELLS), len(words))
    for index in range(shell + 1, len(words)):
        if _SCRIPT_OPTION.fullmatch(words[index]):
            return index + 1 if index + 1 < len(words) else None
        if not words[index].startswith(("-", "+")) and not words[index - 1].endswith("o"):
            return None
    return None


RULES: tuple[Rule, ...] = (
    Rule("CG229", "unexpanded-variable", Severity.WARNING, _unexpanded),
    Rule("CG236", "unsplit-words", Severity.WARNING, _unsplit),
    Rule("CG237", "word-behind-script", Severity.WARNING, _behind_script),
)
