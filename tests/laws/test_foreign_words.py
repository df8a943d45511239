"""The law of foreign words: whoever has a task definition or a template is told nothing in the words of a spec."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from chuoigen import rules
from chuoigen.messages import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.lint.rule import Rule

# Rules about keys that only a spec has: how an image is built, how ports are allowed, backends, pipelines, autoscaling.
MODULES_OF_SPECS = {"building", "connections", "inside", "language", "upstreams"}
OF_SPECS = {
    *("unreachable-target", "https-without-certificate", "closed-balancer", "too-few-balancer-subnets", "image-and-build"),
    *("no-container", "unknown-reference", "ambiguous-value", "ambiguous-secret", "secret-in-build-argument", "private-base"),
    *("unclear-health-check", "health-check-without-port", "unknown-endpoint", "undeclared-port", "allow-without-balancer"),
    *("unreachable-backend", "backend-address", "unused-group", "public-ip-in-private-subnets", "no-way-out"),
    *("service-without-network", "autoscaling-without-metric", "requests-without-balancer", "missing-mount", "name-format"),
    *("floating-base", "mismatched-bases", "file-outside-repository", "missing-dockerfile", "shared-repository"),
    *("ambiguous-image", "unknown-image-reference", "image-of-this-spec"),
    *("duplicate-subnet", "foreign-log-region", "unwatched-log-shipper", "unserved-port", "open-to-world", "foreign-build-platform", "account-format"),
}  # fmt: skip
PLACEHOLDER = re.compile(r"\{[a-z_][\w.]*(?:!k)?(?::[^{}]*)?\}")
# A key in snake case, a piece of YAML, the name of the thing itself; `log_router`-like words stand in placeholders.
SPEC_WORDS = re.compile(r"\b[a-z]+_[a-z_]+\b|\{ |\b(?:this|a|the) spec\b|: \{\}|:ro\b|\bunder [a-z_]+\.")


def said(entry: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of an entry, and of those below it, that the reader of another format sees."""
    if isinstance(entry, str):
        yield name, entry
    elif isinstance(entry, dict):
        shown = {"message": entry.get("message", ""), "help": entry.get("foreign", entry.get("help", ""))}
        yield from ((f"{name}.{part}", text) for part, text in shown.items())
        below = {key: child for key, child in entry.items() if key not in ("message", "help", "foreign", "summary")}
        for key, child in below.items():
            yield from said(child, f"{name}.{key}")


JUDGED = [
    rule
    for rule in rules.ALL
    if rule.check is not None
    and rule.check.__module__.startswith("chuoigen.rules.")
    and rule.check.__module__.rpartition(".")[2] not in MODULES_OF_SPECS
    and rule.name not in OF_SPECS
    and not rule.generated
]


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.name)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_word_of_a_spec_is_said_to_who_has_none(rule: Rule, language: str) -> None:
    texts = said(catalogue(rule.title.module, language).get(rule.name, {}), rule.name)
    found = {name: SPEC_WORDS.findall(PLACEHOLDER.sub("@", text)) for name, text in texts}
    assert {name: words for name, words in found.items() if words} == {}


def test_a_word_of_a_spec_is_noticed() -> None:
    for text in ("delete stop_timeout", "write { ref: … }", "declare it: volumes: { {volume}: {} }", "a spec has none"):
        assert SPEC_WORDS.search(PLACEHOLDER.sub("@", text)) is not None
