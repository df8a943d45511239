"""All rules: what is wrong with a spec that has a valid shape, one module for each subject."""

from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.rules import (
    balancer,
    configuration,
    connections,
    containers,
    environment,
    filenames,
    health,
    images,
    language,
    lifecycle,
    listeners,
    logging,
    mountpaths,
    mounts,
    naming,
    network,
    ports,
    proxy,
    recipes,
    service,
    shipping,
    subnets,
    task,
    upstreams,
    volumes,
)

MODULES = (
    language,
    task,
    containers,
    upstreams,
    ports,
    volumes,
    mounts,
    mountpaths,
    lifecycle,
    health,
    environment,
    images,
    configuration,
    recipes,
    proxy,
    shipping,
    network,
    subnets,
    balancer,
    listeners,
    service,
    naming,
    filenames,
    logging,
    connections,
)
"""Every module of rules."""

ALL: tuple[Rule, ...] = tuple(sorted((rule for module in MODULES for rule in module.RULES), key=lambda rule: rule.code))
"""Every rule, sorted by code."""

SECRET = frozenset(rule.name for rule in ALL if rule.secret)
"""Names of the rules whose findings point at a secret: no report shows the line."""


def by_name(name_or_code: str) -> Rule | None:
    """Return the rule of that name or code, None where there is none."""
    return next((rule for rule in ALL if name_or_code in (rule.name, rule.code)), None)


def check(subject: Subject) -> Iterator[tuple[Rule, Finding]]:
    """Yield every finding about `subject`, with the rule that found it."""
    taken = set()
    for rule in sorted(ALL, key=lambda rule: rule.fallback):
        for finding in rule.check(subject) if rule.check is not None else ():
            place = finding.path, finding.on_key
            if rule.fallback and place in taken:
                continue
            if rule.severity is Severity.ERROR:
                taken.add(place)
            yield rule, finding
