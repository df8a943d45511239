"""What a listener does with requests: its rules with their priorities and conditions, and actions."""

import ipaddress
import re
from collections.abc import Iterator, Mapping

from chuoigen.aws import arn, limits, vocabulary
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts
from chuoigen.plan import targets
from chuoigen.plan.covering import covers
from chuoigen.plan.deployment import shifts
from chuoigen.plan.network import ALB, given_balancer_group
from chuoigen.resources.listeners import Action as Happening
from chuoigen.spec.balancer import Action, Balanced, ListenerRule, Redirect, Response
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_RULES: KeyPath = (*targets.BALANCER, "rules")
_NAME = r"[A-Za-z0-9_-]{1,64}"
_CHARACTERS = {
    "host": r"[A-Za-z0-9.*?-]+",
    "path": r"[/*?][A-Za-z0-9_.$/~\"'@:+&*?-]*",
    "method": r"[A-Z_-]{1,40}",
}
"""What a value of a condition consists of (botocore 1.44, elbv2, RuleCondition, checked 2026-11-28)."""


def _rules(subject: Subject) -> Iterator[tuple[KeyPath, str, ListenerRule]]:
    balancer = subject.spec.load_balancer
    for name, rule in balancer.rules.items() if balancer is not None else ():
        yield (*_RULES, name), name, rule


def _actions(subject: Subject) -> Iterator[tuple[KeyPath, Action]]:
    balancer = subject.spec.load_balancer
    if balancer is not None and balancer.default is not None:
        yield (*targets.BALANCER, "default"), balancer.default
    yield from ((path, rule) for path, _, rule in _rules(subject))


def _unknown(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    known = targets.names(balancer) if balancer is not None else ()
    for path, action in _actions(subject):
        for name in action.forward or ():
            if name not in known:
                yield Finding((*path, "forward", name), _say("unknown-forward", name=name, known=known), on_key=True)


@each(_actions)
def _several(path: KeyPath, action: Action) -> Iterator[Finding]:
    said = [key for key in ("forward", "redirect", "respond") if getattr(action, key) is not None]
    if len(said) > 1:
        yield Finding((*path, said[1]), _say("several-actions", first=said[0], second=said[1]), on_key=True)


def _priority(subject: Subject) -> Iterator[Finding]:
    taken: dict[int, str] = {}
    for path, name, rule in _rules(subject):
        at, other = (*path, "priority"), taken.setdefault(rule.priority, name)
        if not limits.RULE_PRIORITY.admits(rule.priority):
            words = _say("rule-priority.range", value=rule.priority, allowed=limits.RULE_PRIORITY.range)
            yield Finding(at, words)
        elif other != name:
            note = (((*_RULES, other, "priority"), _say("rule-priority.note")),)
            yield Finding(at, _say("rule-priority.taken", value=rule.priority, other=other), related=note)


def _shadowed(subject: Subject) -> Iterator[Finding]:
    found = sorted(_rules(subject), key=lambda one: one[2].priority)
    for index, (path, name, rule) in enumerate(found):
        first = next((one for one in found[:index] if one[2].priority < rule.priority and covers(one[2], rule)), None)
        if first is not None:
            note = (((*first[0], "priority"), _say("shadowed-rule.note")),)
            yield Finding((*path, "priority"), _say("shadowed-rule", name=name, first=first[1]), related=note)


def _values(rule: ListenerRule) -> Iterator[tuple[KeyPath, str]]:
    """Yield the values of all conditions with their paths below the rule."""
    for key in ("host", "path", "method", "source_ip"):
        yield from (((key, index), value) for index, value in enumerate(getattr(rule, key)))
    for key in ("header", "query"):
        for name, values in getattr(rule, key).items():
            yield from (((key, name, index), value) for index, value in enumerate(values))


@each(_rules)
def _conditions(path: KeyPath, name: str, rule: ListenerRule) -> Iterator[Finding]:
    values = tuple(_values(rule))
    wildcards = sum(len(re.findall(r"(?<!\\)[*?]", value)) for _, value in values)
    if not values:
        yield Finding(path, _say("rule-condition.none", name=name), on_key=True)
    elif len(values) > limits.CONDITION_VALUES_MAX:
        words = _say("rule-condition.many", name=name, count=len(values), most=limits.CONDITION_VALUES_MAX)
        yield Finding(path, words, on_key=True)
    elif wildcards > limits.CONDITION_WILDCARDS_MAX:
        words = _say("rule-condition.wildcards", name=name, count=wildcards, most=limits.CONDITION_WILDCARDS_MAX)
        yield Finding(path, words, on_key=True)
    for below, value in values:
        fault = _fault(str(below[0]), value)
        if fault is not None:
            yield Finding(
                (*path, *below), _say(f"rule-condition.{fault}", value=value, most=limits.CONDITION_LENGTH_MAX)
            )
    for header in rule.header:
        if header.lower() == "host":
            yield Finding((*path, "header", header), _say("rule-condition.host-header"), on_key=True)
        elif not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}", header):
            yield Finding((*path, "header", header), _say("rule-condition.header", header=header), on_key=True)


def _fault(key: str, value: str) -> str | None:
    """Say what is wrong with a value of a condition, as the end of an id; None when nothing is."""
    if key == "source_ip":
        return None if _is_block(value) else "source-ip"
    if not 1 <= len(value) <= limits.CONDITION_LENGTH_MAX:
        return "length"
    if key in _CHARACTERS and not re.fullmatch(_CHARACTERS[key], value):
        return key
    return "host" if key == "host" and not re.search(r"\.[A-Za-z*?-]+$", value) else None


def _is_block(value: str) -> bool:
    try:
        return "/" in value and bool(ipaddress.ip_network(value))
    except ValueError:
        return False


def _redirects(subject: Subject) -> Iterator[tuple[KeyPath, Redirect, bool]]:
    balancer = subject.spec.load_balancer
    for path, action in _actions(subject):
        if action.redirect is not None and balancer is not None:
            yield (*path, "redirect"), action.redirect, balancer.certificate is not None


@each(_redirects)
def _redirect(path: KeyPath, redirect: Redirect, secure: bool) -> Iterator[Finding]:  # noqa: FBT001  a thing of each
    changed = [key for key in ("protocol", "host", "port", "path") if getattr(redirect, key) is not None]
    if redirect.status not in vocabulary.REDIRECT_STATUS:
        yield Finding((*path, "status"), _say("redirect.status", status=redirect.status))
    if not changed:
        yield Finding(path, _say("redirect.loop"), on_key=True)
    if secure and redirect.protocol == "HTTP":
        yield Finding((*path, "protocol"), _say("redirect.downgrade"))
    if redirect.path is not None and not redirect.path.startswith("/"):
        yield Finding((*path, "path"), _say("redirect.path", path=redirect.path))
    if redirect.port is not None and not limits.PORT.admits(redirect.port):
        yield Finding((*path, "port"), _say("redirect.port", port=redirect.port, allowed=limits.PORT.range))


def _responses(subject: Subject) -> Iterator[tuple[KeyPath, Response]]:
    for path, action in _actions(subject):
        if action.respond is not None:
            yield (*path, "respond"), action.respond


@each(_responses)
def _response(path: KeyPath, response: Response) -> Iterator[Finding]:
    size = len((response.body or "").encode())
    if not re.fullmatch(r"[245]\d\d", str(response.status)):
        yield Finding((*path, "status"), _say("fixed-response.status", status=response.status))
    if response.type is not None and response.type not in vocabulary.RESPONSE_TYPES:
        words = _say("fixed-response.type", type=response.type, known=vocabulary.RESPONSE_TYPES)
        yield Finding((*path, "type"), words)
    if size > limits.RESPONSE_BODY_MAX:
        yield Finding((*path, "body"), _say("fixed-response.body", size=size, most=limits.RESPONSE_BODY_MAX))


@each(_actions)
def _weights(path: KeyPath, action: Action) -> Iterator[Finding]:
    shares: Mapping[str, int] = action.forward or {}
    at = (*path, "forward")
    for name, weight in shares.items():
        if not limits.FORWARD_WEIGHT.admits(weight):
            words = _say("forward-weight.range", name=name, value=weight, allowed=limits.FORWARD_WEIGHT.range)
            yield Finding((*at, name), words)
    if shares and not any(shares.values()):
        yield Finding(at, _say("forward-weight.none"), on_key=True)
    if len(shares) > limits.ACTION_TARGETS_MAX:
        words = _say("forward-weight.many", count=len(shares), most=limits.ACTION_TARGETS_MAX)
        yield Finding(at, words, on_key=True)
    if action.sticky is not None and len(shares) < 2:  # noqa: PLR2004  several
        yield Finding((*path, "sticky"), _say("forward-weight.sticky"), on_key=True)
    elif action.sticky is not None and not limits.STICKY_DURATION_S.admits(action.sticky):
        words = _say("forward-weight.duration", value=action.sticky, allowed=limits.STICKY_DURATION_S.range)
        yield Finding((*path, "sticky"), words)


def _idle(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    if balancer is None or subject.plan.load_balancer is None:
        return
    used = {share for action in _all_actions(subject) for share in action.shares}
    for name in targets.names(balancer):
        if targets.group_key(balancer, name) not in used:
            path = targets.container_path(balancer, name)
            yield Finding(path, _say("idle-target", name=name), on_key=path[-1] not in ("target", "container"))


def _all_actions(subject: Subject) -> Iterator[Happening]:
    yield from (listener.action for listener in subject.plan.listeners)
    yield from (rule.action for rule in subject.plan.listener_rules)


def _too_many(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    count = len(targets.names(balancer)) if balancer is not None else 0
    if count > limits.TARGET_GROUPS_MAX:
        words = _say("too-many-targets", count=count, most=limits.TARGET_GROUPS_MAX)
        yield Finding((*targets.BALANCER, "targets"), words, on_key=True)


def _named(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    balancer = subject.spec.load_balancer
    if balancer is not None:
        yield from (((*targets.BALANCER, "targets", name), name) for name in balancer.targets)
        yield from (((*_RULES, name), name) for name in balancer.rules)


def _names(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    for path, name in _named(subject):
        if not re.fullmatch(_NAME, name):
            yield Finding(path, _say("balancer-name.letters", name=name), on_key=True)
        elif balancer is not None and path[-2] == "targets" and name == balancer.target:
            note = (((*targets.BALANCER, "target"), _say("balancer-name.note")),)
            yield Finding(path, _say("balancer-name.taken", name=name), on_key=True, related=note)


def _protocols(subject: Subject) -> Iterator[tuple[KeyPath, Balanced]]:
    balancer = subject.spec.load_balancer
    if balancer is not None and balancer.certificate is None and balancer.listener is None:
        for name in targets.names(balancer):
            yield targets.path(balancer, name), targets.written(balancer, name)


@each(_protocols)
def _secure(path: KeyPath, target: Balanced) -> Iterator[Finding]:
    if target.protocol != "http1":
        yield Finding((*path, "protocol"), _say("protocol-without-https", protocol=target.protocol))


def _existing(subject: Subject) -> Iterator[Finding]:
    """Report a listener that cannot be used, and keys of what is not made then."""
    balancer, aws = subject.spec.load_balancer, subject.spec.aws
    if balancer is None or balancer.listener is None:
        return
    path, parsed = (*targets.BALANCER, "listener"), arn.parse(balancer.listener)
    if arn.listener(balancer.listener) is None or parsed is None:
        yield Finding(path, _say("existing-listener.format", listener=balancer.listener))
    elif (parsed.region, parsed.account) != (aws.region, aws.account):
        words = _say("existing-listener.elsewhere", region=parsed.region, account=parsed.account)
        notes = ((("aws", key), _say("existing-listener.here")) for key in ("region", "account"))
        yield Finding(path, words, related=tuple(notes))
    deployment = subject.spec.service.deployment if subject.spec.service is not None else None
    if deployment is not None and shifts(deployment):
        note = ((path, _say("existing-listener.note")),)
        where = ("service", "deployment", "strategy")
        yield Finding(where, _say("existing-listener.shifts", strategy=deployment.strategy), related=note)
    for key in ("name", "certificate", "ssl_policy", "internal", "default"):
        if getattr(balancer, key):
            yield Finding((*targets.BALANCER, key), _say("existing-listener.key", key=key), on_key=True)


def _group(subject: Subject) -> Iterator[Finding]:
    """Report that the load balancer is allowed to reach a target, and nobody says by which group."""
    balancer, network = subject.spec.load_balancer, subject.spec.network
    if balancer is None or balancer.listener is None or network is None or given_balancer_group(subject.spec):
        return
    for index, allow in enumerate(network.allow):
        if allow.source == ALB:
            note = (((*targets.BALANCER, "listener"), _say("existing-balancer-group.note")),)
            yield Finding(("network", "allow", index), _say("existing-balancer-group"), related=note)
            return


SHARED_PRIORITY = Rule("CG754", "shared-priority", Severity.ERROR, module="chuoigen.workspace.priorities", several=True)
"""Reported over all specs of a run, in chuoigen/workspace/priorities.py."""

RULES: tuple[Rule, ...] = (
    Rule("CG742", "unknown-forward", Severity.ERROR, _unknown),
    Rule("CG743", "several-actions", Severity.ERROR, _several),
    Rule("CG744", "rule-priority", Severity.ERROR, _priority),
    Rule("CG745", "shadowed-rule", Severity.WARNING, _shadowed),
    Rule("CG746", "rule-condition", Severity.ERROR, _conditions),
    Rule("CG747", "redirect", Severity.ERROR, _redirect),
    Rule("CG748", "fixed-response", Severity.ERROR, _response),
    Rule("CG749", "forward-weight", Severity.ERROR, _weights),
    Rule("CG750", "idle-target", Severity.ERROR, _idle),
    Rule("CG751", "too-many-targets", Severity.ERROR, _too_many),
    Rule("CG752", "protocol-without-https", Severity.ERROR, _secure),
    Rule("CG753", "balancer-name", Severity.ERROR, _names),
    SHARED_PRIORITY,
    Rule("CG755", "existing-listener", Severity.ERROR, _existing),
    Rule("CG756", "existing-balancer-group", Severity.ERROR, _group),
)
