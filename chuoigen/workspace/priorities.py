"""Priorities of rules by all specs of a run: each listener has a priority once, whoever makes the rule."""

from collections.abc import Iterable, Iterator

from chuoigen.aws import arn
from chuoigen.compiler import Judged
from chuoigen.diagnostics import Diagnostic, Related, Span
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.rules.requests import SHARED_PRIORITY

_say = Texts(__name__)


class Claim(Record):
    """A priority that a spec wants. `balancer` is where: account, region and name of the load balancer.

    `listener` is the id of a listener that is there already; None is the one that the spec makes, of an id unknown yet.
    """

    spec: str
    balancer: tuple[str, str, str]
    listener: str | None
    priority: int
    span: Span

    def meets(self, other: "Claim") -> bool:
        """Say whether both want the same priority of what may be the same listener."""
        same = self.listener == other.listener or None in (self.listener, other.listener)
        return same and (self.balancer, self.priority) == (other.balancer, other.priority)


def claims(judged: Judged, file: str) -> Iterator[Claim]:
    """Yield the priorities that a spec wants. `file` is the spec as the user named it."""
    plan, document = judged.plan, judged.loaded.document
    if plan is None or document is None or judged.loaded.form or plan.load_balancer is None:
        return
    given = arn.listener(plan.given_listener.given) if plan.given_listener is not None else None
    place = (plan.account, plan.region, plan.load_balancer.name)
    for rule in plan.listener_rules:
        span = document.pointer(("load_balancer", "rules", rule.name, "priority"))
        yield Claim(file, place, given.id if given is not None else None, rule.priority, span)


def colliding(found: Iterable[Claim]) -> Iterator[Diagnostic]:
    """Yield a diagnostic at each priority that specs after it want, too."""
    rest = list(found)
    while rest:
        first, *rest = rest
        others = [other for other in rest if other.spec != first.spec and other.meets(first)]
        if others:
            specs = tuple(other.spec for other in others)
            words = _say("shared-priority", balancer=first.balancer[2], priority=first.priority, specs=specs)
            related = tuple(Related(other.span, _say("shared-priority.note", spec=other.spec)) for other in others)
            rule = SHARED_PRIORITY
            yield Diagnostic(rule.name, rule.code, rule.severity, first.span, words, related=related)
            rest = [other for other in rest if other not in others]
