"""What is wrong with an nginx alone: a port that it lacks, and text that it would take for a variable."""

from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.recipes.nginx.language import NginxBuild
from chuoigen.recipes.nginx.planning import NginxPlan
from chuoigen.yaml.document import KeyPath


def _without_port(subject: Subject) -> Iterator[Finding]:
    for name, _, _, _ in of_recipe(subject, NginxBuild, NginxPlan):
        if not any(port.protocol == "tcp" for port in subject.spec.containers[name].ports):
            yield Finding(
                ("containers", name),
                f'container "{name}" is an nginx and declares no tcp port on which it could listen',
                "write ports: [80]",
                on_key=True,
            )


def _texts(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the texts that nginx.conf takes over: path, what it is, the text."""
    balancer = subject.spec.load_balancer
    for name, _, build, plan in of_recipe(subject, NginxBuild, NginxPlan):
        container = subject.spec.containers[name]
        if plan.root is not None and build.static in container.mounts:
            yield ("containers", name, "mounts", build.static, "path"), "mount path", plan.root
        if balancer is not None and balancer.target == name and balancer.health_check is not None:
            yield ("load_balancer", "health_check", "path"), "health check path", balancer.health_check.path
        elif container.healthcheck is not None and container.healthcheck.http is not None:
            yield ("containers", name, "healthcheck", "http"), "health check path", container.healthcheck.http


def _variable(subject: Subject) -> Iterator[Finding]:
    for path, what, text in _texts(subject):
        if "$" in (text.partition("?")[0] if what == "health check path" else text):
            yield Finding(
                path,
                f'nginx would take "$" in the {what} "{text}" for a variable, and has no escape for it',
                f"choose a {what} without $",
            )


RULES: tuple[Rule, ...] = (
    Rule("CG309", "nginx-without-port", Severity.ERROR, _without_port),
    Rule("CG648", "variable-in-nginx", Severity.ERROR, _variable),
)
