"""A part of the mutation run of docs/mutation.md: the checks notice no fewer altered places than that page says."""

from __future__ import annotations

import re

import pytest

from tests.proof.builds import ROOT
from tools.killing import describe
from tools.mutate import run, sample

pytestmark = [pytest.mark.proof, pytest.mark.slow]

COUNT = 220
SCRIPTS = 6
# What chance may take from a part of this size: two of its standard deviations at 95 %.
MARGIN = 3.0


def recorded() -> float:
    found = re.search(r"\*\*(\d+\.\d) %\*\* of \d+ mutants", (ROOT / "docs/mutation.md").read_text(encoding="utf-8"))
    assert found is not None
    return float(found[1])


@pytest.mark.needs("awscli", "moto", "shellcheck", "hadolint", "nginx", "crossplane")
def test_no_fewer_mutants_are_noticed_than_the_page_says() -> None:
    results = run(sample(COUNT, SCRIPTS, builds=("qa",)))
    alive = [describe(mutant) for mutant, killer in results.items() if killer is None]
    share = 100 * (1 - len(alive) / len(results))
    assert len(results) >= 200
    assert share >= recorded() - MARGIN, "\n".join(alive)


def test_the_sample_holds_every_kind_and_family() -> None:
    chosen = sample(COUNT, SCRIPTS, builds=("qa",))
    assert {mutant.kind for mutant in chosen} >= {"number", "switched", "dropped", "renamed", "path"}
    assert {mutant.path.split("/")[0] for mutant in chosen} >= {
        "docker",
        "ecs",
        "iam",
        "network",
        "pipeline",
        "scripts",
    }
    assert chosen == sample(COUNT, SCRIPTS, builds=("qa",))
