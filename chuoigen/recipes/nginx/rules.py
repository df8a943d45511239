"""What is wrong with an nginx alone: a port that it lacks, addresses that are none, text taken for a variable."""

import ipaddress
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.messages import Texts
from chuoigen.recipes.nginx.language import NginxBuild
from chuoigen.recipes.nginx.planning import NginxPlan
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?"


def _without_port(subject: Subject) -> Iterator[Finding]:
    for name, _, _, _ in of_recipe(subject, NginxBuild, NginxPlan):
        if not any(port.protocol == "tcp" for port in subject.spec.containers[name].ports):
            yield Finding(("containers", name), _say("nginx-without-port", container=name), on_key=True)


def _address(subject: Subject) -> Iterator[Finding]:
    for name, path, build, _ in of_recipe(subject, NginxBuild, NginxPlan):
        for index, written in enumerate(build.trusted):
            if not _is_range(written):
                words = _say("nginx-address-format.range", container=name, written=written)
                yield Finding((*path, "trusted", index), words)
        if build.check_host is not None and not re.fullmatch(_HOST, build.check_host):
            words = _say("nginx-address-format.host", container=name, written=build.check_host)
            yield Finding((*path, "check_host"), words)


def _is_range(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _texts(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the texts that nginx.conf takes over: path, the message about it, the text."""
    balancer = subject.spec.load_balancer
    for name, _, build, plan in of_recipe(subject, NginxBuild, NginxPlan):
        container = subject.spec.containers[name]
        if plan.root is not None and build.static in container.mounts:
            yield ("containers", name, "mounts", build.static, "path"), "variable-in-nginx.mount", plan.root
        if balancer is not None and balancer.target == name and balancer.healthcheck is not None:
            yield ("load_balancer", "healthcheck", "path"), "variable-in-nginx.check", balancer.healthcheck.path
        elif container.healthcheck is not None and container.healthcheck.http is not None:
            yield ("containers", name, "healthcheck", "http"), "variable-in-nginx.check", container.healthcheck.http


def _variable(subject: Subject) -> Iterator[Finding]:
    for path, form, text in _texts(subject):
        # A location is compared with the path alone.
        if "$" in (text.partition("?")[0] if form.endswith("check") else text):
            yield Finding(path, _say(form, text=text))


RULES: tuple[Rule, ...] = (
    Rule("CG309", "nginx-without-port", Severity.ERROR, _without_port),
    Rule("CG648", "variable-in-nginx", Severity.ERROR, _variable),
    Rule("CG698", "nginx-address-format", Severity.ERROR, _address),
)
