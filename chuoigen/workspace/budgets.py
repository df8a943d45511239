"""Connections to one backend by all specs of a run: each may be within the limit, and all together beyond it."""

from collections.abc import Iterable, Iterator

from chuoigen.compiler import Judged
from chuoigen.diagnostics import Diagnostic, Related, Span
from chuoigen.messages import Texts
from chuoigen.plan.connections import written_pools
from chuoigen.record import Record
from chuoigen.rules.connections import SHARED_BUDGET

_say = Texts(__name__)


class Share(Record):
    """What one spec opens to a backend, in full size and while it is deployed, and the limit that it writes."""

    spec: str
    host: str
    port: int
    steady: int
    rolling: int
    limit: int | None
    span: Span


def shares(judged: Judged, file: str) -> Iterator[Share]:
    """Yield the shares of a spec. `file` is the spec as the user named it."""
    spec, document = judged.loaded.spec, judged.loaded.document
    if judged.plan is None or spec is None or document is None or judged.loaded.form:
        return
    for name, budget in judged.plan.budgets.items():
        backend = spec.backends[name]
        key = ("max_connections",) if backend.max_connections is not None else written_pools(backend)[0][0]
        span = document.pointer(("backends", name, *key))
        host = backend.host.rstrip(".").lower()
        yield Share(file, host, backend.port, budget.steady, budget.peak, backend.max_connections, span)


def over(found: Iterable[Share]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each backend of which several specs together ask too much, at the first of them.

    All are counted in full size, and one of them, the one with the most, while it is deployed.
    """
    by_backend: dict[tuple[str, int], list[Share]] = {}
    for share in found:
        by_backend.setdefault((share.host, share.port), []).append(share)
    for (host, port), sharing in by_backend.items():
        limit = min((share.limit for share in sharing if share.limit is not None), default=None)
        total = sum(share.steady for share in sharing) + max(share.rolling - share.steady for share in sharing)
        alone = any(share.rolling > (limit or 0) for share in sharing)
        if limit is not None and total > limit and len(sharing) > 1 and not alone:
            first, *others = sharing
            specs = tuple(one.spec for one in sharing)
            words = _say("shared-budget", backend=f"{host}:{port}", total=total, max=limit, specs=specs)
            related = tuple(
                Related(one.span, _say("shared-budget.note", spec=one.spec, rolling=one.rolling)) for one in others
            )
            rule = SHARED_BUDGET
            yield Diagnostic(rule.name, rule.code, rule.severity, first.span, words, related=related)
