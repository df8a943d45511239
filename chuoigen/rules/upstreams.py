"""What recipes expect of the containers beside them: an upstream that listens, files that are published."""

from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.yaml.document import KeyPath


def _publish(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        publishes = container.publish is not None and container.publish.static is not None
        if publishes and not recipes.of(container.build).publishes:
            able = sorted(recipe.name for recipe in recipes.built_in() if recipe.publishes)
            who = f"recipe {able[0]} does" if len(able) == 1 else f"recipes {', '.join(able)} do"
            yield Finding(
                ("containers", name, "publish"),
                f'container "{name}" publishes static files, which only the {who}',
                "delete publish and copy the files in the image's own entry point",
                on_key=True,
            )


def _upstreams(subject: Subject) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the containers that proxy, each with the name of an upstream and the path of the key that says it."""
    for each in answering(subject):
        for key, upstream in each.recipe.upstreams(each.build).items():
            yield each.name, (*each.path, *key), upstream


def _unknown_upstream(subject: Subject) -> Iterator[Finding]:
    containers = subject.spec.containers
    for name, path, upstream in _upstreams(subject):
        if (upstream in containers and upstream != name) or upstream == "localhost":  # which has a rule of its own
            continue
        others = [other for other in list(containers)[: limits.CONTAINERS_MAX] if other != name]
        what = "is that container itself" if upstream == name else "is not a container"
        yield Finding(
            path,
            f'upstream "{upstream}" of container "{name}" {what}',
            f"write the name of another container: {', '.join(others)}" if others else "delete upstream",
        )


def _upstream_without_port(subject: Subject) -> Iterator[Finding]:
    for name, path, upstream in _upstreams(subject):
        target = subject.spec.containers.get(upstream)
        if target is not None and upstream != name and not any(port.protocol == "tcp" for port in target.ports):
            yield Finding(
                path,
                f'upstream "{upstream}" of container "{name}" declares no tcp port that could answer',
                f'write the port on which "{upstream}" listens: ports: [4000]',
                related=((("containers", upstream), "the upstream is here"),),
            )


RULES: tuple[Rule, ...] = (
    Rule("CG230", "publish-without-phoenix", Severity.ERROR, _publish),
    Rule("CG231", "unknown-upstream", Severity.ERROR, _unknown_upstream),
    Rule("CG232", "upstream-without-port", Severity.ERROR, _upstream_without_port),
)
