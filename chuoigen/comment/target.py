"""The revision that a pull request is compared with, brought into a clone that has only the newest commit."""

import os
import subprocess

from chuoigen.comment.forges import TOKEN, Forge
from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts

_say = Texts(__name__)


def base_of(forge: Forge, asked: str) -> str:
    """Return the revision to compare with: the one that was asked for, or else what the request is merged into.

    Where it is not in the clone it is fetched alone, without its history. Raises ChuoigenError where git cannot.
    """
    base = asked or _merged_into(forge) or _forked_at(forge.base) or forge.base
    if _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{tree}}").returncode:
        fetched = _git("fetch", "--quiet", "--no-tags", "--depth=1", "--end-of-options", "origin", base)
        if fetched.returncode:
            reason = fetched.stderr.strip().rpartition("\n")[2]
            raise ChuoigenError(_say("not-there", revision=base, reason=reason))
        base = "FETCH_HEAD" if asked else base
    return base


def environment() -> dict[str, str]:
    """Return the environment of processes: without the token, and git reads a folder that is another user's.

    It is one in a job that runs in a container.
    """
    number = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    told = {f"GIT_CONFIG_KEY_{number}": "safe.directory", f"GIT_CONFIG_VALUE_{number}": "*"}
    kept = {name: value for name, value in os.environ.items() if name != TOKEN}
    return {**kept, **told, "GIT_CONFIG_COUNT": str(number + 1), "PYTHONIOENCODING": "utf-8"}


def _merged_into(forge: Forge) -> str:
    """Return the first parent of the forge's merge commit, which a clone of depth 1 names and does not have."""
    head = _git("rev-parse", "HEAD").stdout.strip()
    if not forge.merge or head != forge.merge:
        return ""
    headers = _git("cat-file", "commit", "HEAD").stdout.partition("\n\n")[0].splitlines()
    parents = [line.removeprefix("parent ") for line in headers if line.startswith("parent ")]
    return parents[0] if len(parents) > 1 else ""


def _forked_at(base: str) -> str:
    """Return where the branch that is built left the other one; "" where the clone has too little history to say."""
    return _git("merge-base", "--end-of-options", base, "HEAD").stdout.strip()


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    told = environment() | {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", *arguments]
    try:
        return subprocess.run(command, env=told, capture_output=True, check=False, encoding="utf-8", errors="replace")  # noqa: S603
    except OSError as error:
        raise ChuoigenError(_say("no-git", reason=error.strerror or str(error))) from error
