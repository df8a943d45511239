"""What is wrong with a Caddy alone."""

from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.messages import Texts
from chuoigen_caddy import CaddyBuild, CaddyPlan

_say = Texts(__name__)


def _without_port(subject: Subject) -> Iterator[Finding]:
    for name, _, _, _ in of_recipe(subject, CaddyBuild, CaddyPlan):
        if not subject.spec.containers[name].ports:
            yield Finding(("containers", name), _say("caddy-without-port", container=name), on_key=True)


RULES: tuple[Rule, ...] = (Rule("CADDY001", "caddy-without-port", Severity.ERROR, _without_port),)
