"""Alter generated files one place at a time, and report how many of the mutants some check notices.

`python tools/mutate.py --write` writes docs/mutation.md from the run.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a script's own folder is there, and this one's modules are named from the root

from tests.proof.builds import SPECS, build_of  # noqa: E402
from tools.killing import Killer, describe  # noqa: E402
from tools.mutations import Mutant, mutants  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNT = 500
# An emulated AWS takes seconds to come up: the scripts of these builds hold every line that their templates can give.
WITH_SCRIPTS = ("qa", "prod", "chuoi-2018", "sidecars", "worker")


def sample(count: int, scripts: int | None = None, builds: Sequence[str] = WITH_SCRIPTS) -> list[Mutant]:
    """Return as many mutants, mixed over all files and kinds; at most `scripts` of scripts/, and these of `builds`."""
    found: list[Mutant] = []
    for name in SPECS:
        found += [each for each in mutants(build_of(name)) if name in builds or not each.path.startswith("scripts/")]
    found.sort(key=lambda mutant: mutant.order)
    if scripts is None:
        return found[:count]
    slow = [mutant for mutant in found if mutant.path.startswith("scripts/")][:scripts]
    return [*[mutant for mutant in found if not mutant.path.startswith("scripts/")][: count - len(slow)], *slow]


def run(chosen: Sequence[Mutant], *, loud: bool = False) -> dict[Mutant, str | None]:
    """Return what killed each mutant, None for survivors; two at a time."""
    killer = Killer()
    results: dict[Mutant, str | None] = {}
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for mutant, result in zip(chosen, pool.map(killer.killer_of, chosen), strict=True):
                results[mutant] = result
                if loud and result is None:
                    print(f"alive: {describe(mutant)}", flush=True)
    finally:
        killer.close()
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many mutants")
    parser.add_argument("--scripts", type=int, default=None, help="how many of them may be of scripts/")
    parser.add_argument("--only", default="", help="mutants of paths that hold this word")
    parser.add_argument("--write", action="store_true", help="write docs/mutation.md")
    arguments = parser.parse_args()
    chosen = sample(10**9, None) if arguments.only else sample(arguments.count, arguments.scripts)
    if arguments.only:
        chosen = [mutant for mutant in chosen if arguments.only in mutant.path][: arguments.count]
    results = run(chosen, loud=True)
    killed = sum(1 for result in results.values() if result is not None)
    print(f"{killed} of {len(results)} killed: {100 * killed / max(1, len(results)):.1f} %")
    if arguments.write:
        from tools.mutation_page import page

        (ROOT / "docs" / "mutation.md").write_text(page(results), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
