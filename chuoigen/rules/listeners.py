"""The ways through the load balancer: who may reach it, over HTTPS or not, and whether it may reach its target."""

import re
from collections.abc import Iterator

from chuoigen.aws import arn, limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.plan.network import ALB, INTERNET, ports_of

_HTTPS = 443


def _joined(subject: Subject, role: str) -> bool:
    """Say whether a group exists already: its rules are then not this spec's."""
    groups = subject.spec.network.security_groups if subject.spec.network else None
    return (getattr(groups, role, None) or "").startswith("sg-")


def _misspelt(subject: Subject) -> bool:
    """Say whether a way has an end that is nobody: it may be the one that seems to be missing."""
    targets = {ALB, *subject.spec.containers, *subject.spec.backends}
    sources = {INTERNET, ALB, *subject.spec.containers}
    return any(
        allow.target not in targets or not (allow.source in sources or re.search(r"^sg-|/|^[\d.]+$|:", allow.source))
        for allow in (subject.spec.network.allow if subject.spec.network else ())
    )


def _unreachable_target(subject: Subject) -> Iterator[Finding]:
    balancer, network, plan = subject.spec.load_balancer, subject.spec.network, subject.plan.load_balancer
    target = subject.spec.containers.get(balancer.target) if balancer else None
    if balancer is None or network is None or plan is None or target is None or _joined(subject, "service"):
        return
    listening = {port.container for port in target.ports if port.protocol == "tcp"}
    ways = [allow for allow in network.allow if allow.source == ALB and allow.target == balancer.target]
    if (
        plan.port in listening
        and not _misspelt(subject)
        and not any(plan.port in ports_of(subject.spec, allow) for allow in ways)
    ):
        yield Finding(
            ("load_balancer", "target"),
            f'the load balancer may not reach its target "{balancer.target}" on port {plan.port}',
            f"write under network.allow: {{ from: alb, to: {balancer.target} }}",
            related=((("network", "allow"), "the intended ways are here"),),
        )


def _https(subject: Subject) -> Iterator[Finding]:
    balancer, network = subject.spec.load_balancer, subject.spec.network
    if balancer is None or network is None or balancer.certificate is not None:
        return
    for index, allow in enumerate(network.allow):
        if allow.target == ALB and _HTTPS in (allow.ports or ()):
            yield Finding(
                ("network", "allow", index, "ports", (allow.ports or []).index(_HTTPS)),
                "the load balancer has no certificate, and does not listen on port 443",
                "write certificate under load_balancer: the ARN of one in ACM",
                related=((("load_balancer",), "the load balancer is here"),),
            )


def _closed(subject: Subject) -> Iterator[Finding]:
    """Report ways into the load balancer that are missing: all of them, or HTTPS."""
    balancer, network = subject.spec.load_balancer, subject.spec.network
    if balancer is None or network is None or _joined(subject, "alb") or _misspelt(subject):
        return
    ports = {port for allow in network.allow if allow.target == ALB for port in ports_of(subject.spec, allow)}
    wanted = "[80, 443]" if balancer.certificate else "[80]"
    way = f"write under network.allow: {{ from: internet, to: alb, ports: {wanted} }}"
    if not ports:
        yield Finding(("load_balancer",), "nobody may reach the load balancer", way, on_key=True)
    elif balancer.certificate is not None and _HTTPS not in ports:
        message = "the load balancer redirects to HTTPS, and nobody may reach port 443"
        yield Finding(("load_balancer", "certificate"), message, way, on_key=True)


def _certificate(subject: Subject) -> Iterator[Finding]:
    balancer, aws = subject.spec.load_balancer, subject.spec.aws
    if balancer is None or balancer.certificate is None:
        return
    path, written = ("load_balancer", "certificate"), balancer.certificate
    complaint, parsed = names.violation(names.Kind.ACM_CERTIFICATE_ARN, written), arn.parse(written)
    if complaint is not None:
        yield Finding(path, f'certificate "{written}" {ENGLISH.text(complaint)}', "copy the ARN from ACM")
    elif parsed is None:
        return
    elif parsed.region != aws.region and not names.violation(names.Kind.REGION, aws.region):
        message = f"the certificate is in {parsed.region}, the load balancer in {aws.region}"
        yield Finding(path, message, f"request the certificate in {aws.region}: us-east-1 is for CloudFront")
    elif parsed.account != aws.account and not names.violation(names.Kind.ACCOUNT_ID, aws.account):
        message = f"the certificate belongs to account {parsed.account}, the load balancer to {aws.account}"
        yield Finding(path, message, f"request the certificate in account {aws.account}")


def _subnets(subject: Subject) -> Iterator[Finding]:
    balancer, network, service = subject.spec.load_balancer, subject.spec.network, subject.spec.service
    if balancer is None or network is None:
        return
    kind = "private" if balancer.internal else "public"
    count = len(getattr(network.subnets, kind))
    tasks_too = count == 0 and (service is not None and service.public_ip) == (kind == "public")
    if count < limits.ALB_SUBNETS_MIN and not tasks_too:
        reach = "an internal load balancer" if balancer.internal else "a load balancer that faces the internet"
        yield Finding(
            ("network", "subnets", kind),
            f"{reach} needs {kind} subnets in {limits.ALB_SUBNETS_MIN} zones, and {count or 'none'} is written",
            f"write {kind}: [subnet-…, subnet-…]"
            + ("" if balancer.internal else ", or internal: true under load_balancer"),
            on_key=True,
            related=((("load_balancer",), "the load balancer is here"),),
        )


RULES: tuple[Rule, ...] = (
    Rule("CG722", "unreachable-target", Severity.ERROR, _unreachable_target),
    Rule("CG723", "https-without-certificate", Severity.ERROR, _https),
    Rule("CG724", "closed-balancer", Severity.ERROR, _closed),
    Rule("CG725", "unusable-certificate", Severity.ERROR, _certificate),
    Rule("CG726", "too-few-balancer-subnets", Severity.ERROR, _subnets),
)
