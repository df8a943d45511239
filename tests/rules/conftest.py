"""What the tests of rules share: an example laid over a small spec, and what is reported about it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.messages import LANGUAGES, Reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic

BELOW = """\
chuoigen: 1
partial: true
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 512, execution_role: shop-execution, task_role: shop-task }
"""


@pytest.fixture
def diagnose(tmp_path: Path) -> Callable[[str], tuple[Diagnostic, ...]]:
    """Give what is reported about an example, which has a text in every language; lines count from 2, behind `extends`."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "base.yaml").write_text(BELOW, encoding="utf-8")

    def run(example: str) -> tuple[Diagnostic, ...]:
        spec = tmp_path / "spec.yaml"
        spec.write_text(f"extends: base.yaml\n{example}", encoding="utf-8")
        found = judge(load(spec)).diagnostics
        for one, reader in itertools.product(found, map(Reader, LANGUAGES)):
            reader.help(one.words)  # a placeholder without an argument is a KeyError
            assert all(reader.text(words) for words in (one.words, *(related.words for related in one.related)))
        return found

    return run


@pytest.fixture
def reported(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> Callable[[str], list[str]]:
    """Give the names of the rules that are reported about an example, in the order of their places."""
    return lambda example: [found.rule for found in diagnose(example)]


@pytest.fixture
def about_app(reported: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """Give the names of the rules that are reported about one container that says just this."""
    return lambda keys: reported(f"containers:\n  app: {{ image: nginx:1.28.0, {keys} }}\n")
