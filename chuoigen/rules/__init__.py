"""All rules: what is wrong with a spec that has a valid shape, one module for each subject."""

import functools
from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.rules import (
    alarms,
    arns,
    balancer,
    building,
    commands,
    connect,
    connections,
    containers,
    deployments,
    discovery,
    durations,
    environment,
    existing,
    filled_images,
    images,
    inside,
    jobs,
    language,
    lifecycle,
    listening,
    logs,
    naming,
    network,
    overrides,
    permissions,
    ports,
    proxy,
    regions,
    requests,
    scaling,
    service,
    service_members,
    shifting,
    shipping,
    task,
    upstreams,
    volumes,
)
from chuoigen.spec import Spec

MODULES = (
    language,
    task,
    containers,
    commands,
    upstreams,
    ports,
    volumes,
    lifecycle,
    listening,
    environment,
    arns,
    images,
    filled_images,
    inside,
    building,
    proxy,
    shipping,
    network,
    balancer,
    requests,
    durations,
    service,
    deployments,
    shifting,
    discovery,
    connect,
    service_members,
    scaling,
    alarms,
    naming,
    regions,
    logs,
    connections,
    permissions,
    existing,
    jobs,
    overrides,
)
"""Every module of rules."""

GENERAL: tuple[Rule, ...] = tuple(rule for module in MODULES for rule in module.RULES)
"""Every rule that asks recipes what it does not know."""


@functools.cache
def everything(*, elsewhere: bool = False) -> tuple[Rule, ...]:
    """Return every rule sorted by code, those of all built-in recipes included; `elsewhere` adds other packages'."""
    known = recipes.installed()[0] if elsewhere else recipes.built_in()
    return tuple(sorted((*GENERAL, *(rule for recipe in known for rule in recipe.rules())), key=lambda rule: rule.code))


def __getattr__(name: str) -> tuple[Rule, ...]:
    """Make ALL when it is asked for: a spec is judged by the rules of its own recipes, and the others stay unread."""
    if name == "ALL":
        return everything()
    raise AttributeError(f"module {__name__} has no attribute {name}")


def secret() -> frozenset[str]:
    """Return the names of the rules whose findings point at a secret: no report shows the line."""
    own = (rule for recipe in recipes.loaded() for rule in recipe.rules())
    return frozenset(rule.name for rule in (*GENERAL, *own) if rule.secret)


def by_name(name_or_code: str) -> Rule | None:
    """Return the rule of that name or code, None where there is none."""
    return next(
        (
            rule
            for elsewhere in (False, True)
            for rule in everything(elsewhere=elsewhere)
            if name_or_code in (rule.name, rule.code)
        ),
        None,
    )


def check(subject: Subject) -> Iterator[tuple[Rule, Finding]]:
    """Yield every finding about `subject`, with the rule that found it."""
    used = dict.fromkeys(container.recipe for container in subject.plan.containers.values())
    applied = (*GENERAL, *(rule for name in used for rule in recipes.named(name).rules()))
    taken = set()
    for rule in sorted(applied, key=lambda rule: rule.fallback):
        for found, finding in _found(rule, subject):
            place = finding.path, finding.on_key
            if found.fallback and place in taken:
                continue
            if found.severity is Severity.ERROR:
                taken.add(place)
            yield found, finding


def _found(rule: Rule, subject: Subject) -> Iterator[tuple[Rule, Finding]]:
    """Yield what a rule finds, and where a recipe of another package fails that it asked, or whose rule it is."""
    try:
        yield from ((rule, finding) for finding in (rule.check(subject) if rule.check is not None else ()))
    except recipes.RecipeError as error:
        yield from failing(subject.spec, error)


def failing(spec: Spec, error: recipes.RecipeError) -> Iterator[tuple[Rule, Finding]]:
    """Yield a finding at each build whose recipe failed when it was asked."""
    for name, container in spec.containers.items():
        if getattr(container.build, "recipe", None) == error.recipe:
            yield language.INVALID_VALUE, Finding(("containers", name, "build", "recipe"), error.words)
