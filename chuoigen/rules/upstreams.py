"""What recipes expect of the containers beside them: an upstream that listens, files that are published."""

from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.messages import Texts
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


@each(containers)
def _publish(name: str, container: Container) -> Iterator[Finding]:
    publishes = container.publish is not None and container.publish.static is not None
    if publishes and not recipes.of(container.build).publishes:
        able = tuple(sorted(recipe.name for recipe in recipes.built_in() if recipe.publishes))
        words = _say("recipe-without-publish", container=name, count=len(able), recipes=able)
        yield Finding(("containers", name, "publish"), words, on_key=True)


def _upstreams(subject: Subject) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the containers that proxy, each with the path of the key that names an upstream, and its name."""
    for one in answering(subject):
        for key, upstream in one.recipe.upstreams(one.build).items():
            yield one.name, (*one.path, *key), upstream


def _unknown_upstream(subject: Subject) -> Iterator[Finding]:
    known = subject.spec.containers
    for name, path, upstream in _upstreams(subject):
        if (upstream in known and upstream != name) or upstream == "localhost":  # which has a rule of its own
            continue
        others = tuple(other for other in list(known)[: limits.CONTAINERS_MAX] if other != name)
        fault = "itself" if upstream == name else "unknown"
        alone = "" if others else ".alone"
        words = _say(f"unknown-upstream.{fault}{alone}", upstream=upstream, container=name, others=others)
        yield Finding(path, words)


def _upstream_without_port(subject: Subject) -> Iterator[Finding]:
    for name, path, upstream in _upstreams(subject):
        target = subject.spec.containers.get(upstream)
        if target is not None and upstream != name and not any(port.protocol == "tcp" for port in target.ports):
            words = _say("upstream-without-port", upstream=upstream, container=name)
            note = (("containers", upstream), _say("upstream-without-port.note"))
            yield Finding(path, words, related=(note,))


RULES: tuple[Rule, ...] = (
    Rule("CG230", "recipe-without-publish", Severity.ERROR, _publish),
    Rule("CG231", "unknown-upstream", Severity.ERROR, _unknown_upstream),
    Rule("CG232", "upstream-without-port", Severity.ERROR, _upstream_without_port),
)
