"""What a pull request changes, as its one comment, which each run of CI writes anew.

The action for GitHub and the component for GitLab run it as `python -m chuoigen.comment`. What else it must know it
takes from the variables that the runner sets; the token is in CHUOIGEN_TOKEN.
"""

import argparse
import os
import subprocess
import sys

from chuoigen.comment.forges import forge
from chuoigen.comment.posting import post
from chuoigen.comment.target import base_of, environment
from chuoigen.messages import Reader, Texts, asked_language
from chuoigen.report.guard import guarded, prepare_streams
from chuoigen.report.outcome import Outcome, Status
from chuoigen.report.terminal import Terminal

_say = Texts(__name__)


def main() -> int:
    """Run and return the exit status: 1 where a change has a class of --fail-on, 2 where anything did not work."""
    parser = argparse.ArgumentParser(prog="python -m chuoigen.comment", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("specs", nargs="*", metavar="SPEC", help="what is compared, as for chuoigen diff")
    parser.add_argument("--against", default="", metavar="REV", help="default: what the pull request is merged into")
    parser.add_argument("--fail-on", default="", metavar="CLASS", help="as for chuoigen diff")
    given = parser.parse_args()
    prepare_streams()
    reader = Reader(asked_language(os.environ))
    return guarded(lambda: _run(given.specs, given.against, given.fail_on, Terminal(reader)), reader)


def _run(specs: list[str], against: str, fail_on: str, terminal: Terminal) -> int:
    place = forge(os.environ)
    if place is None:
        terminal.show(Outcome(said=(_say("none"),)))
        return Status.CLEAN
    base = base_of(place, against)
    compared = _diff(specs, base, "--format", "markdown")
    if compared.returncode not in {Status.CLEAN, Status.FOUND}:
        return compared.returncode
    terminal.show(post(place, compared.stdout, anew=compared.returncode == Status.FOUND))
    if not fail_on:
        return Status.CLEAN
    feared = _diff(specs, base, f"--fail-on={fail_on}")
    terminal.show(Outcome(text=feared.stdout))
    return feared.returncode


def _diff(specs: list[str], base: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `chuoigen diff`, whose notes and findings go to the log of the job."""
    command = [sys.executable, "-m", "chuoigen", "diff", f"--against={base}", *options, "--", *specs]
    return subprocess.run(command, env=environment(), stdout=subprocess.PIPE, check=False, encoding="utf-8")  # noqa: S603
